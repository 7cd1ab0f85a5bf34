"""What a model is, in 64 hex digits: two fits on the same rows have the same, files differ.

Two files of one model differ in the time they were written and in addresses of memory, so files
are never compared; parameters and arrays are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from inspect import isroutine
from typing import Any

import numpy as np


def digest_of(model: Any) -> str:
    """The SHA-256 of all parameters and arrays of a model, floats to their last bit.

    Takes what models are made of: texts, numbers, dates, lists, mappings in any order of keys,
    numpy arrays, dataclasses, and scikit-learn's estimators with what they hold.

    >>> digest_of({"a": 1.5, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1.5})
    True
    >>> digest_of({"a": 0.1 + 0.2}) == digest_of({"a": 0.3})
    False

    Raises:
        TypeError: something is in it that has no state to be told.
    """
    digest = hashlib.sha256()
    for place, kind, content in leaves(model):
        digest.update(f"{place}\0{kind}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def leaves(thing: Any, place: str = "") -> Iterator[tuple[str, str, bytes]]:
    """Everything a model holds, one leaf at a time: where it is, of which kind, and its bytes."""
    match thing:
        case None | bool() | int() | str() | bytes() | Decimal() | date():
            yield place, type(thing).__name__, repr(thing).encode()
        case np.generic() | np.ndarray():
            yield from _of_array(np.asarray(thing), place)
        case float():
            yield place, "float", thing.hex().encode()
        case type() | np.dtype():
            yield place, "type", _name(thing).encode()
        case Mapping():
            yield place, f"mapping of {len(thing)}", b""
            for key in sorted(thing, key=repr):
                yield from leaves(thing[key], f"{place}/{key!r}")
        case list() | tuple():
            yield place, f"{type(thing).__name__} of {len(thing)}", b""
            for number, item in enumerate(thing):
                yield from leaves(item, f"{place}/{number}")
        case np.random.Generator():
            yield from leaves(thing.bit_generator.state, f"{place}/state")
        case np.random.RandomState():
            yield from leaves(thing.get_state(legacy=False), f"{place}/state")
        case _:
            yield place, "object", _name(type(thing)).encode()
            yield from leaves(_state(thing, place), f"{place}/state")


def _of_array(array: np.ndarray[Any, Any], place: str) -> Iterator[tuple[str, str, bytes]]:
    shape = f"{array.dtype.str} {array.shape}"
    if array.dtype.names:  # between its fields may be bytes that nobody wrote
        yield place, f"array {shape}", b""
        for name in array.dtype.names:
            yield from _of_array(array[name], f"{place}/{name}")
    elif array.dtype == object:
        yield place, f"array {shape}", b""
        yield from leaves(array.ravel().tolist(), place)
    else:
        yield place, f"array {shape}", np.ascontiguousarray(array).tobytes()


def _state(thing: Any, place: str) -> Any:
    if is_dataclass(thing):
        return {field.name: getattr(thing, field.name) for field in fields(thing)}
    if hasattr(thing, "__dict__") and not isroutine(thing):
        return thing.__getstate__() or {}
    # What scikit-learn compiles has its state in what it is made anew from.
    if type(thing).__module__.startswith("sklearn.") and not isroutine(thing):
        maker, *given = thing.__reduce__()
        if maker is type(thing):
            return given
    raise TypeError(f"{place or 'the model'}: a {_name(type(thing))} has no state to be told")


def _name(thing: Any) -> str:
    if isinstance(thing, np.dtype):
        return thing.str
    return f"{thing.__module__}.{thing.__qualname__}"
