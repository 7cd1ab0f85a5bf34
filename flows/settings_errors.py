"""What is wrong with a ``regulars.toml``: which line, which key, and what it takes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from regulars.expectations.errors import SettingsError


def explained(
    file: str, text: str, error: ValidationError, model: type[BaseModel]
) -> SettingsError:
    """The first thing that pydantic found wrong with a file of this model, in the user's words."""
    # A misspelt key is missing too: what stands there says more than what does not.
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    place = tuple(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        return unknown(file, text, place, _known_keys(place[:-1], model))
    if first["type"] == "missing" and not place[-1].isdigit():
        return wrong(file, _line_of(text, place[:-1]), f"a key {_spelled(place)}", "none")
    found = "not enough of them" if first["type"] == "missing" else repr(first["input"])
    key = next(step for step in reversed(place) if not step.isdigit())
    own = None if first["type"] == "value_error" else FORMS.get(key)
    expected = own or _plain_words(first["type"], first.get("ctx", {}), first["msg"])
    return wrong(file, _line_of(text, place), f"{_spelled(place)}: {expected}", found)


_FOUR_CUTS = "four numbers, none below the one before"
FORMS = {
    "recency_cuts": _FOUR_CUTS,
    "frequency_cuts": _FOUR_CUTS,
    "spend_cuts": _FOUR_CUTS,
    "memory": "a size such as '3GB' or '500MB'",
    "code": "lower-case letters, digits and _, such as 'top_1'",
    "r": "the first and the last R score, such as [4, 5]",
    "f": "the first and the last F score, such as [1, 5]",
    "dates": "a day's form with %Y, %m and %d, such as '%d-%m-%Y' or '%d.%m.%Y %H:%M'",
    "thousands": "one of ',' '.' ' ' or an apostrophe",
    "anchor_on": "a day, such as 2024-01-01",
    "rating_scale": "the lowest and the highest rating, such as '1-5' or '0-10'",
    "answered_kinds": "some of survey, review, complaint, call, social",
    "day_starts_at": "hours and minutes, such as '05:00'",
}
"""What a key takes, where its form says more than its type."""

_KINDS = {
    "int": "a whole number",
    "decimal": "numbers",
    "string": "a text in quotes",
    "bool": "true or false",
    "tuple": "a list in brackets, such as ['one', 'two']",
    "mapping": "a section of names",
    "model": "a section of settings",
}


def _plain_words(kind: str, context: Mapping[str, Any], message: str) -> str:
    """What pydantic expected, for somebody who has never heard of it."""
    if kind == "literal_error":
        return str(context["expected"])
    if kind == "greater_than":
        return f"a number above {context['gt']:g}"
    if kind == "greater_than_equal":
        return f"{context['ge']} or more"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return _KINDS.get(kind.partition("_")[0], message)


def unknown(file: str, text: str, place: tuple[str, ...], known: list[str]) -> SettingsError:
    line = _line_of(text, place)
    near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
    return SettingsError(
        f"{file}{f', line {line}' if line else ''}: unknown setting {_spelled(place)}",
        expected=f"one of {', '.join(sorted(known))}",
        found=place[-1] + (f" (did you mean {near[0]!r}?)" if near else ""),
        left="no data has been read",
        next_step=f"write {near[0]} there" if near else "take it out, or correct it",
    )


def misplaced(
    file: str, text: str, place: tuple[str, ...], expected: str, found: str
) -> SettingsError:
    """The refusal of keys that are right by themselves and do not go together."""
    return wrong(file, _line_of(text, place), expected, found)


def wrong(file: str, line: int | None, expected: str, found: str) -> SettingsError:
    return SettingsError(
        f"{file}{f', line {line}' if line else ''}: a setting is wrong",
        expected=expected,
        found=found,
        left="no data has been read",
        next_step=f"correct {file}",
    )


def _known_keys(place: tuple[str, ...], model: type[BaseModel]) -> list[str]:
    """The keys that may stand at a place of the file."""
    for step in place:
        if step.isdigit():
            continue
        model = _section_of(model.model_fields[step].annotation)
    return list(model.model_fields)


def _section_of(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(
        part
        for part in annotation.__args__
        if isinstance(part, type) and issubclass(part, BaseModel)
    )


def _spelled(place: tuple[str, ...]) -> str:
    while place[-1].isdigit():  # a member of a list: the list is what is written
        place = place[:-1]
    section = ".".join(step for step in place[:-1] if not step.isdigit())
    return f"[{section}] {place[-1]}" if section else f"[{place[-1]}]"


def _line_of(text: str, place: tuple[str, ...]) -> int | None:
    """The line on which a key stands: the last that leads towards it, or the first inside it."""
    inside = (number for number, path in _keys(text) if path[: len(place)] == list(place))
    best, best_depth = next(inside, None), 0
    for number, path in _keys(text):
        if len(path) > best_depth and path == list(place[: len(path)]):
            best, best_depth = number, len(path)
    return best


def _keys(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that opens a table or sets a key, with the key's path."""
    table: list[str] = []
    counts: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*(\[\[?)([^\]#]+)\]\]?", line):
            if header[1] == "[[":
                counts[header[2]] += 1
            table = _numbered(_steps(header[2]), counts)
            yield number, table
        elif key := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            yield number, table + _steps(key[1])


def _numbered(steps: list[str], counts: Counter[str]) -> list[str]:
    """A path with the number of each section on it that may be there several times."""
    numbered: list[str] = []
    for end, step in enumerate(steps, start=1):
        times_n = counts[".".join(steps[:end])]
        numbered += [step, str(times_n - 1)] if times_n else [step]
    return numbered


def _steps(dotted: str) -> list[str]:
    return [step.strip().strip("\"'") for step in dotted.split(".")]
