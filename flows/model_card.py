"""``python -m regulars.flows.model_card``: how the models do on public data."""

from __future__ import annotations

import typer

from regulars.flows.console import Console


def model_card(*, development: bool = False, data: str = "", as_json: bool = False) -> None:
    """Print the figures of the final days, or those of the days that choices are made on."""
    from regulars.data import public
    from regulars.flows import churn_card

    console = Console(as_json)
    splits = churn_card.DEVELOPMENT if development else churn_card.FINAL
    splits = tuple(split for split in splits if split.data.startswith(data))
    facts, lines = [], []
    with console.working("judging models") as report:
        behaviours = {
            name: getattr(public, name)() for name in sorted({split.data for split in splits})
        }
        for told, found in churn_card.card(behaviours, splits, report=report):
            lines += told
            facts.append(found)
    console.result({"churn": facts}, *lines)


if __name__ == "__main__":
    typer.run(model_card)
