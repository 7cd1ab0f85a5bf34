"""``python -m regulars.flows.model_card``: how the models do, on public data and planted truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any

import typer

from regulars.flows.console import Console

Report = Callable[[str], None]
Section = Iterator[tuple[list[str], dict[str, Any]]]
"""The lines of each figure, and its facts."""


def model_card(
    *,
    only: str = "",
    development: bool = False,
    data: str = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print all sections, or those named: `--only value,leak`.

    Churn and value are judged on the final days, or with --development on those that choices are
    made on.
    With --data, of the data whose name begins so alone.
    """
    console = Console(as_json)
    sections = _sections(development=development, data=data)
    names = only.split(",") if only else list(sections)
    if unknown := sorted(set(names) - set(sections)):
        raise typer.BadParameter(f"{', '.join(unknown)} is none of {', '.join(sections)}")
    facts: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for name in names:
        with console.working(name) as report:
            for lines, found in sections[name](report):
                facts[name].append(found)
                if not as_json:
                    console.result(found, *lines)
    if as_json:
        console.result(facts)


def _sections(*, development: bool, data: str) -> dict[str, Callable[[Report], Section]]:
    """Each section by its name, in the order in which they are printed."""
    from regulars.data import public
    from regulars.flows import (
        chain_card,
        churn_card,
        leak_card,
        placebo_card,
        planted_feedback_card,
        value_card,
        value_groups_card,
    )

    asked = leak_card.Asked("complete_journey", date(2017, 7, 20), horizon_days=28)
    splits = [
        split
        for split in (churn_card.DEVELOPMENT if development else churn_card.FINAL)
        if split.data.startswith(data)
    ]

    def churn(report: Report) -> Section:
        shown = {name: getattr(public, name)() for name in sorted({of.data for of in splits})}
        return churn_card.card(shown, splits, report=report)

    def value(report: Report) -> Section:
        if not development:
            yield from value_card.card(report)
        days = value_groups_card.DEVELOPMENT if development else value_groups_card.FINAL
        yield from value_groups_card.groups_card(
            report, [split for split in days if split.data.startswith(data)]
        )

    seeds = chain_card.DEVELOPMENT_SEEDS if development else chain_card.SEEDS
    of_feedback = (
        planted_feedback_card.DEVELOPMENT_SEEDS if development else planted_feedback_card.SEEDS
    )
    return {
        "value": value,
        "churn": churn,
        "leak": lambda report: leak_card.leaks(public.complete_journey(), asked, report),
        "placebo": lambda report: placebo_card.placebo(public.complete_journey(), asked, report),
        "stability": lambda report: leak_card.stability(public.complete_journey(), asked, report),
        "chain": lambda report: chain_card.chain_card(report, seeds=seeds),
        "feedback": lambda report: planted_feedback_card.card(report, seeds=of_feedback),
    }


if __name__ == "__main__":
    typer.run(model_card)
