"""What is the same model and what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from regulars.data.model_digest import digest_of


@dataclass(frozen=True)
class Fit:
    centre: Any
    days: int


DICE = np.random.default_rng(0)
FEATURES = DICE.normal(size=(400, 3))
LABELS = (FEATURES[:, 0] > 0).astype(int)
FITS: dict[str, Callable[[], Any]] = {
    "boosting": lambda: HistGradientBoostingClassifier(max_iter=5, random_state=0).fit(
        FEATURES, LABELS
    ),
    "logistic": lambda: LogisticRegression().fit(FEATURES, LABELS),
    "isotonic": lambda: IsotonicRegression(out_of_bounds="clip").fit(FEATURES[:, 0], LABELS),
    "means": lambda: KMeans(3, random_state=0, n_init=1).fit(FEATURES),
    "scaler": lambda: StandardScaler().fit(FEATURES),
    "ours": lambda: Fit(FEATURES[0].copy(), 3),
}


@pytest.mark.parametrize("name", FITS)
def test_two_fits_on_the_same_rows_are_the_same(name: str) -> None:
    assert digest_of(FITS[name]()) == digest_of(FITS[name]())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.3, 0.1 + 0.2),
        (1, 1.0),
        (1, True),
        (1, "1"),
        (None, "None"),
        ([1, 2], [2, 1]),
        ([1, 2], (1, 2)),
        ([[1], 2], [[1, 2]]),
        ({"a": 1}, {"b": 1}),
        ({"a": {"b": 1}}, {"a": 1, "b": 1}),
        (np.zeros(4), np.zeros((2, 2))),
        (np.zeros(2), np.zeros(2, dtype=np.float32)),
        (np.array([0.3]), np.array([0.1 + 0.2])),
        (np.array(["a", None], dtype=object), np.array(["a", "b"], dtype=object)),
        (Fit(1, 2), Fit(2, 1)),
        (date(2024, 1, 1), "2024-01-01"),
        (Decimal("1.0"), Decimal("1.00")),
        (KMeans(3), KMeans(4)),
        (np.random.default_rng(1), np.random.default_rng(2)),
        (np.random.RandomState(1), np.random.RandomState(2)),
        (float, int),
        (np.dtype("f8"), np.dtype("f4")),
    ],
)
def test_what_differs_has_another_digest(one: object, other: object) -> None:
    assert digest_of(one) == digest_of(one)
    assert digest_of(one) != digest_of(other)


def test_neither_the_order_of_keys_nor_the_lie_of_an_array_matters() -> None:
    array = np.arange(6.0).reshape(2, 3)
    assert digest_of({"a": 1, "b": array}) == digest_of({"b": np.asfortranarray(array), "a": 1})


def test_bytes_between_the_fields_of_a_record_do_not_matter() -> None:
    record = np.dtype({"names": ["a", "b"], "formats": ["u1", "f8"], "offsets": [0, 8]})
    one, other = np.zeros(2, dtype=record), np.full(32, 255, dtype=np.uint8).view(record)
    other["a"], other["b"] = 0, 0
    assert one.tobytes() != other.tobytes()
    assert digest_of(one) == digest_of(other)


@pytest.mark.parametrize(
    "thing",
    [object(), lambda: 1, {1, 2}, iter([])],
    ids=["object", "function", "set", "iterator"],
)
def test_what_has_no_state_to_be_told_is_named(thing: object) -> None:
    with pytest.raises(TypeError, match=r"/'a': a .* has no state to be told"):
        digest_of({"a": thing})
