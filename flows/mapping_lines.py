"""The proposal for a file as lines for a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from regulars.data.columns_seen import SeenFile
from regulars.expectations.exports import EXPORTS
from regulars.flows.mapped_file import MappedFile

_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}


def lines(found: MappedFile) -> Iterator[str]:
    """What the file is, how it is read, and its columns in the contract's order."""
    seen, proposal = found.seen, found.proposal
    export = EXPORTS[proposal.export]
    yield f"{seen.path.name}: {proposal.export} ({found.reason})"
    yield f"read as {_form(seen)}, header on line {seen.header_line}, * is required"
    matched = [
        (
            f"{match.column}{'*' if match.column in export.required else ''}",
            match.own,
            match.how,
            " or ".join(match.shapes),
        )
        for match in proposal.matches
    ]
    yield from _table([("column", "in the file", "how", "values look like"), *matched])
    for match in proposal.matches:
        for note in match.notes:
            yield f"{match.column}, {match.own}: {note}"
    for column in proposal.open:
        if column.column not in proposal.missing:
            yield f"{column.column}: none taken; {column.why}"
    yield from found.advice
    if proposal.unused:
        yield f"of no use: {', '.join(proposal.unused)}"


def _form(seen: SeenFile) -> str:
    if seen.format == "excel":
        return f"Excel, sheet {seen.sheet}"
    if seen.format == "delimited":
        return f"text in {seen.encoding} split at {_DELIMITERS[seen.delimiter]}"
    return {"json": "JSON Lines", "parquet": "Parquet"}[seen.format]


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)
        )
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Places on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
