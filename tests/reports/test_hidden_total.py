"""A number that is hidden to guard another is not called small."""

from __future__ import annotations

from dataclasses import replace

from regulars.reports.figures import Figures
from regulars.reports.page import page


def test_a_guarding_number_is_not_said_to_be_small(small_chain: Figures) -> None:
    assert small_chain.retention.before_data is not None
    guarding = replace(small_chain.retention.before_data, customers_n=None, is_small=False)
    retention = replace(small_chain.retention, before_data=guarding)

    html = page(replace(small_chain, retention=retention), "en")

    assert "Some customers whose first order" in html
    assert "Fewer than 10 customers whose first order" not in html
