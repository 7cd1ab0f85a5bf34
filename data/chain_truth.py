"""What is planted in the sample chain's files, told while it is planted, and written beside them.

Nothing here is read back from a file: ``truth/`` is what a right load, a right model and a right
reading of the feedback are to be compared with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Dose:
    """One fault in one file: how many rows bear it, on which physical lines, what is to become.

    ``fault`` is the number of the fault and what it is, such as ``F23.2099``. ``outcome`` is
    accepted, quarantined, duplicate, replaces, late, skipped or not_loaded; ``reason`` the code of
    the rule that refuses. ``lines`` count from 1 at the start of the file (rows of the sheet, in a
    workbook); it is empty where the count says enough.
    """

    fault: str
    outcome: str
    rows_n: int
    lines: tuple[int, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Delivered:
    """One file and what a right load makes of its rows.

    ``rows_n`` counts what stands below the header: accepted, duplicate, quarantined and skipped.
    ``preamble_n`` is lines above it. ``replaced_n`` rows were accepted and have since given way to
    a later delivery, ``replaced_fen`` what they amounted to. ``is_repeat`` says that the bytes are
    those of another file, so that none of it is loaded.
    """

    file: str
    rows_n: int
    accepted_n: int
    amount_fen: int
    duplicate_n: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    preamble_n: int = 0
    replaced_n: int = 0
    replaced_fen: int = 0
    is_repeat: bool = False
    doses: Sequence[Dose] = ()

    def as_dict(self) -> dict[str, object]:
        return {
            "rows_n": self.rows_n,
            "accepted_n": self.accepted_n,
            "duplicate_n": self.duplicate_n,
            "quarantined": dict(sorted(self.quarantined.items())),
            "skipped": dict(sorted(self.skipped.items())),
            "preamble_n": self.preamble_n,
            "replaced_n": self.replaced_n,
            "amount": yuan(self.amount_fen),
            "is_repeat": self.is_repeat,
        }


def yuan(fen: int) -> str:
    """Whole fen as yuan with two places.

    >>> yuan(-1205)
    '-12.05'
    """
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02}"


def totals(
    files: Sequence[Delivered], counts: Mapping[str, int], *, rows: str = "lines"
) -> dict[str, object]:
    """What is there once all files of an export are loaded, and what became of each.

    ``counts`` are figures of the ``rows`` that stay, beside their number and money.
    """
    loaded = [file for file in files if not file.is_repeat]
    reasons = sorted({reason for file in loaded for reason in file.quarantined})
    return {
        f"{rows}_n": sum(file.accepted_n - file.replaced_n for file in loaded),
        "amount": yuan(sum(file.amount_fen - file.replaced_fen for file in loaded)),
        **counts,
        "accepted_n": sum(file.accepted_n for file in loaded),
        "duplicate_n": sum(file.duplicate_n for file in loaded),
        "replaced_n": sum(file.replaced_n for file in loaded),
        "skipped_n": sum(sum(file.skipped.values()) for file in loaded),
        "quarantined": {
            reason: sum(file.quarantined.get(reason, 0) for file in loaded) for reason in reasons
        },
        "files": {file.file: file.as_dict() for file in sorted(files, key=lambda one: one.file)},
    }


def doses(files: Sequence[Delivered]) -> list[dict[str, object]]:
    """Every fault of every file."""
    return [
        {
            "file": file.file,
            "fault": dose.fault.partition(".")[0],
            "what": dose.fault.partition(".")[2],
            "rows_n": dose.rows_n,
            "lines": list(dose.lines),
            "outcome": dose.outcome,
            "reason": dose.reason,
        }
        for file in sorted(files, key=lambda one: one.file)
        for dose in file.doses
    ]


def write(folder: Path, frames: Mapping[str, pl.DataFrame], facts: Mapping[str, object]) -> None:
    """Write frames as Parquet and facts as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    for name, fact in facts.items():
        text = json.dumps(fact, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
