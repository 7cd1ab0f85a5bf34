"""A number that is hidden to guard another is not called small."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from regulars.reports.facts import RunFacts
from regulars.reports.figures import figures
from regulars.reports.page import page


def test_a_guarding_number_is_not_said_to_be_small(
    chain: dict[str, pl.DataFrame], facts: RunFacts
) -> None:
    small_chain = figures(chain, facts)
    assert small_chain.retention.before_data is not None
    guarding = replace(small_chain.retention.before_data, customers_n=None, is_small=False)
    retention = replace(small_chain.retention, before_data=guarding)

    html = page(replace(small_chain, retention=retention), "en")

    assert "Some customers whose first order" in html
    assert "Fewer than 10 customers whose first order" not in html
