"""``python -m regulars.flows.feedback_card``: how well feedback is read, on texts given by path.

Nothing of the texts is kept: figures alone are printed, and written to a card.
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from regulars.flows.console import Console

Report = Callable[[str], None]
Section = Iterator[tuple[list[str], dict[str, Any]]]


def feedback_card(
    *,
    chinese: Annotated[Path | None, typer.Option(help="CSV of cat, label, review; or zip")] = None,
    english: Annotated[Path | None, typer.Option(help="Folder of text, tab, 1 or 0")] = None,
    pieces: Annotated[Path | None, typer.Option(help="Folder of pieces.csv, labels_*.csv")] = None,
    only: Annotated[str, typer.Option(help="Names of sections, by comma")] = "",
    card: Annotated[Path | None, typer.Option(help="Put what is printed into this file")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print all sections whose data are given, or those named: `--only chinese,speed`."""
    console = Console(as_json)
    sections = _sections(chinese, english, pieces)
    names = only.split(",") if only else list(sections)
    if unknown := sorted(set(names) - set(sections)):
        raise typer.BadParameter(f"{', '.join(unknown)} is none of {', '.join(sections)}")
    facts: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    state = _state()
    for name in names:
        printed = []
        with console.working(name) as report:
            since = time.perf_counter()
            for lines, found in sections[name](report):
                facts[name].append(found)
                printed += lines
            printed.append(f"  ({state}; {time.perf_counter() - since:.0f} s in all)")
        if not as_json:
            console.result({}, *printed)
        if card:
            card.write_text(
                with_section(card.read_text(encoding="utf-8"), name, printed), encoding="utf-8"
            )
    if as_json:
        console.result(facts)


def with_section(card: str, name: str, lines: list[str]) -> str:
    """The text of a card with what was printed between the marks of a section, or at its end.

    >>> with_section("What was tried", "speed", ["1 s"])
    'What was tried\\n\\n<!-- speed -->\\n```\\n1 s\\n```\\n<!-- /speed -->\\n'
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    block = "\n".join([begin, "```", *lines, "```", end])
    if begin not in card:
        return f"{card.rstrip()}\n\n{block}\n"
    before, rest = card.split(begin, 1)
    return before + block + rest.split(end, 1)[1]


def _sections(
    chinese: Path | None, english: Path | None, pieces: Path | None
) -> dict[str, Callable[[Report], Section]]:
    """Each section by its name, in the order in which they are printed."""
    from regulars.data.labelled_texts import labelled_reviews, labelled_sentences, sha256_of
    from regulars.flows import category_card, feedback_speed, sentiment_card

    found: dict[str, Callable[[Report], Section]] = {}

    def data(name: str, path: Path, labelled: pl.DataFrame) -> Section:
        share = float(labelled["is_positive"].mean() or 0.0)  # type: ignore[arg-type]
        yield (
            [
                f"{name}: {labelled.height:,} labelled texts, "
                f"{labelled['text'].n_unique():,} of them distinct, {share:.1%} positive",
                f"  SHA-256 {sha256_of(path)}",
            ],
            {"section": f"{name} data", "texts_n": labelled.height, "sha256": sha256_of(path)},
        )

    if chinese:
        reviews = labelled_reviews(chinese)
        found |= {
            "chinese-lexicon": lambda _: _one_after_another(
                data("Chinese", chinese, reviews),
                sentiment_card.lexicon_section("Chinese", reviews),
            ),
            "chinese": lambda report: sentiment_card.folds_section("Chinese", reviews, report),
            "transfer": lambda report: sentiment_card.groups_section("Chinese", reviews, report),
        }
    if english:
        sentences = labelled_sentences(english)
        found |= {
            "english-lexicon": lambda _: _one_after_another(
                data("English", english, sentences),
                sentiment_card.lexicon_section("English", sentences),
            ),
            "english": lambda report: sentiment_card.folds_section("English", sentences, report),
        }
    if pieces:
        found["categories"] = lambda _: category_card.category_section(pieces)
    return {**found, "speed": feedback_speed.speed_section}


def _one_after_another(*sections: Section) -> Section:
    for section in sections:
        yield from section


def _state() -> str:
    """The commit, and whether anything stands beside it; the machine."""

    def git(*words: str) -> str:
        asked = subprocess.run(
            ["git", *words],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!*.md")
    commit = git("rev-parse", "--short", "HEAD") or "unknown"
    return (
        f"commit {commit}{' with changes' if changed else ''}, {platform.machine()}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    typer.run(feedback_card)
