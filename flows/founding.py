"""New workspaces: one to fill, or one with a sample's exports.

What a sample needs is looked for before anything is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from regulars.data.workspace import Workspace, created


def bare(folder: Path, *, at: datetime) -> Workspace:
    """A workspace with settings to edit and no exports."""
    from regulars.flows.template import SETTINGS_TEMPLATE

    return created(folder, SETTINGS_TEMPLATE, at=at)


def complete_journey(folder: Path, *, at: datetime) -> Workspace:
    """A workspace with the exports of a real grocery chain's year."""
    from regulars.data.sample import (
        complete_journey_settings,
        complete_journey_source,
        write_complete_journey,
    )

    complete_journey_source()
    workspace = created(folder, complete_journey_settings(), at=at, sample="complete-journey")
    write_complete_journey(workspace.root)
    return workspace


def made_up_chain(
    folder: Path,
    *,
    size: Literal["small", "medium", "large"],
    seed: int,
    at: datetime,
    report: Callable[[str], None],
) -> Workspace:
    """A workspace with the exports of a made-up chain, and beside them the truth behind them."""
    from regulars.data.chain_sample import chain_sample_settings, write_chain_sample

    workspace = created(folder, chain_sample_settings(), at=at, sample="chain")
    write_chain_sample(workspace.root, size=size, seed=seed, report=report)
    return workspace
