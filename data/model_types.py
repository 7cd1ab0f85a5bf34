"""Which types may be in a model file, and which are in one, told without making any of them.

A skops file describes how each object in it is made. It is read here as the JSON it is, before
skops sees it: what is not on the list is never imported. The list is ours alone; what skops would
trust besides is not trusted.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a file may raise that was not written by ``model_shelf``, or not to its end."""

TRUSTED = frozenset(
    {
        "builtins.bool",
        "builtins.dict",
        "builtins.float",
        "builtins.int",
        "builtins.list",
        "builtins.str",
        "builtins.tuple",
        "numpy.bool",
        "numpy.float32",
        "numpy.float64",
        "numpy.int32",
        "numpy.int64",
        "numpy.ndarray",
        "numpy.random._generator.Generator",
        "numpy.uint32",
        "numpy.uint64",
        "numpy.uint8",
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss._loss.CyHalfSquaredError",
        "sklearn._loss.link.IdentityLink",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn._loss.loss.HalfSquaredError",
        "sklearn.cluster._kmeans.KMeans",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingRegressor",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.impute._base.SimpleImputer",
        "sklearn.isotonic.IsotonicRegression",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.pipeline.Pipeline",
        "sklearn.preprocessing._data.QuantileTransformer",
        "sklearn.preprocessing._data.RobustScaler",
        "sklearn.preprocessing._data.StandardScaler",
        "sklearn.preprocessing._label.LabelEncoder",
    }
)
"""By their full names. Nothing of it holds a function; add to it what a model of ours needs."""

_LOADERS = frozenset(
    {
        "CachedNode",
        "DictNode",
        "JsonNode",
        "ListNode",
        "LossNode",
        "NdArrayNode",
        "ObjectNode",
        "RandomGeneratorNode",
        "TupleNode",
        "TypeNode",
    }
)
"""How skops makes them. Those that call a function, a method or an operator are not among it."""


def foreign_types(content: bytes) -> list[str]:
    """The types in the bytes of a model file that are not ``TRUSTED``, by their full names.

    Raises:
        One of UNREADABLE: the bytes are no such file.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        schema = json.loads(archive.read("schema.json"))
    return sorted({name for name in _foreign(schema) if name})


def _foreign(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "__loader__" in node or "__class__" in node:
            name, loader = f"{node['__module__']}.{node['__class__']}", node.get("__loader__")
            if name not in TRUSTED:
                yield name
            if loader not in _LOADERS:
                yield f"{name} by {loader}"
        for child in node.values():
            yield from _foreign(child)
    elif isinstance(node, list):
        for child in node:
            yield from _foreign(child)
