"""``python -m regulars.flows.model_card``: how the models do on public data."""

from __future__ import annotations

import typer

from regulars.flows.console import Console


def model_card(*, development: bool = False, data: str = "", as_json: bool = False) -> None:
    """Print the figures of the final days, or those of the days that choices are made on."""
    from regulars.data import public
    from regulars.flows import chain_card, churn_card

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
        seeds = chain_card.DEVELOPMENT_SEEDS if development else chain_card.SEEDS
        of_chain = [*chain_card.chain_card(report, seeds=seeds)]
    lines += [line for told, _ in of_chain for line in told]
    console.result({"churn": facts, "chain": [found for _, found in of_chain]}, *lines)


if __name__ == "__main__":
    typer.run(model_card)
