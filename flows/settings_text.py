"""The text of a ``regulars.toml`` with more written into it: its comments and its order stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import Table

Options = Mapping[str, str | Sequence[str]]


def with_mapping(
    text: str,
    export: str,
    *,
    columns: Mapping[str, str],
    options: Mapping[str, str | Sequence[str]] = {},
    without: Sequence[str] = (),
    source: int | None = None,
) -> str:
    """The text with these columns and options of one export; what it says already is replaced.

    ``without`` names columns whose entries go. ``source`` is the number of the one of the
    export's ``sources`` that is meant. A section or source that is not there is made.
    """
    document = tomlkit.parse(text)
    exports = document.setdefault("exports", tomlkit.table(is_super_table=True))
    if source is not None:
        sources = exports.setdefault(export, tomlkit.table(is_super_table=True))
        sources = sources.setdefault("sources", tomlkit.aot())
        if source < len(sources):
            _add(sources[source], options, columns, without)
        else:
            sources.append(_new_section(options, columns))
    elif export in exports:
        _add(exports[export], options, columns, without)
    else:
        exports[export] = _new_section(options, columns)
    return tomlkit.dumps(document)


def _add(
    section: Any, options: Options, columns: Mapping[str, str], without: Sequence[str]
) -> None:
    for key, value in options.items():
        _set(section, key, value)
    if "columns" not in section:
        section["columns"] = _spaced({}) if isinstance(section, Table) else {}
    mapped = section["columns"]
    for column in without:
        mapped.pop(column, None)
    new = {column: own for column, own in columns.items() if column not in mapped}
    for column in columns.keys() - new.keys():
        mapped[column] = columns[column]
    if new and isinstance(mapped, Table):
        section["columns"] = _with_keys(mapped, new)
    else:
        mapped.update(new)


def section_text(
    export: str, columns: Mapping[str, str], options: Options, *, is_source: bool = False
) -> str:
    """The same as a text of its own, to be pasted.

    >>> print(section_text("stores", {"name": "店名"}, {"files": "exports/stores.csv"}))
    [exports.stores]
    files = "exports/stores.csv"
    <BLANKLINE>
    [exports.stores.columns]
    name = "店名"
    """
    source = 0 if is_source else None
    return with_mapping("", export, columns=columns, options=options, source=source).strip()


def _new_section(options: Options, columns: Mapping[str, str]) -> Table:
    section = tomlkit.table()
    for key, value in options.items():
        _set(section, key, value)
    section.add(tomlkit.nl())
    if columns:
        section.add("columns", _spaced(columns))
    return section


def _spaced(columns: Mapping[str, str]) -> Table:
    """A table with a blank line behind it."""
    mapped = tomlkit.table()
    for column, own in columns.items():
        mapped.add(column, own)
    mapped.add(tomlkit.nl())
    return mapped


def _set(section: Any, key: str, value: str | Sequence[str]) -> None:
    section[key] = value if isinstance(value, str) else list(value)


def _with_keys(mapped: Table, new: Mapping[str, str]) -> Table:
    """The table with more keys behind its own, or first where it has comments alone.

    At its end would be behind comments that speak of what follows.
    """
    body = mapped.value.body
    last = max((place for place, (key, _) in enumerate(body) if key is not None), default=-1)
    longer = tomlkit.table()
    longer.trivia.indent = mapped.trivia.indent
    longer.trivia.comment_ws = mapped.trivia.comment_ws
    longer.trivia.comment = mapped.trivia.comment
    for key, item in body[: last + 1]:
        longer.raw_append(key, item)
    for column, own in new.items():
        longer.add(column, own)
    for key, item in body[last + 1 :]:
        longer.raw_append(key, item)
    return longer
