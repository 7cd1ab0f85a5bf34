"""What settings must declare of how a file spells its numbers and days."""

from __future__ import annotations

import polars as pl

from regulars.data.columns_seen import SeenFile
from regulars.expectations.exports import EXPORTS, NUMBERS
from regulars.flows.mapping import Proposal
from regulars.flows.settings_text import Options
from regulars.flows.spellings import day_format, must_be_declared, number_signs

SAY_DAYS = (
    "days are spelled so that they are read only in a format that is declared, and the values do "
    'not tell which: write it under the export, such as dates = ["%d/%m/%Y %H:%M"]'
)


def declared_spellings(found: SeenFile, proposal: Proposal) -> tuple[Options, tuple[str, ...]]:
    """The options that the values leave no doubt of, and what is left for the user to say."""
    if found.format in ("json", "parquet"):
        return {}, ()
    export = EXPORTS[proposal.export]
    values = {
        match: (export.column(match.column), found.rows.to_series(found.names.index(match.own)))
        for match in proposal.matches
    }
    numbers = [v for column, v in values.values() if column.kind in NUMBERS]
    signs = number_signs(pl.concat(n.alias("n") for n in numbers)) if numbers else {}
    days = [v for column, v in values.values() if column.kind in ("instant", "day")]
    if not any(map(must_be_declared, days)):
        return {**signs}, ()
    formats = [day_format(v) for v in days]
    if None in formats:
        return {**signs}, (SAY_DAYS,)
    return {**signs, "dates": sorted({str(f) for f in formats})}, ()
