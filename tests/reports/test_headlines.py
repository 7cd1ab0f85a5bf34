from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from regulars.reports.facts import RunFacts
from regulars.reports.figures import figures
from regulars.reports.headlines import headlines

Tables = Mapping[str, pl.DataFrame]
Draw = Callable[..., Tables]


def test_the_headlines_of_a_small_chain_in_english(chain: Tables, facts: RunFacts) -> None:
    assert headlines(figures(chain, facts), "en") == [
        "200 customers spent USD 50,000 up to 2017-03-31, returns taken off.",
        "Champions: 50.0% of customers, 90.0% of all spend.",
        "By RFM segment, who they are now: slipping away (At risk), 40 customers who spent USD "
        "4,000 so far.",
        "45 customers slipped to a weaker segment since 2017-03-03; they had spent USD 2,577.77.",
        "Net sales in 2017-03 were USD 210.",
        "7 of 210 rows that came in were refused (3.3%).",
    ]


def test_the_headlines_of_a_small_chain_in_chinese(chain: Tables, facts: RunFacts) -> None:
    yuan = replace(facts, currency="CNY")
    assert headlines(figures(chain, yuan), "zh") == [
        "截至 2017-03-31，200 位客户累计净消费 5.00 万元（已扣除退货）。",
        "核心客户占客户数的 50.0%，贡献了 90.0% 的消费。",
        "按 RFM 分层（客户的现状）：40 位客户正在流失（流失风险客户），其累计消费 4,000 元。",
        "与 2017-03-03 相比，45 位客户降至较弱的分层，其累计消费 2,577.77 元。",
        "2017-03 净销售额为 210 元。",
        "共收到 210 行数据，其中 7 行被拒收（3.3%）。",
    ]


def test_without_a_customer_it_says_so_and_no_more(draw: Draw, facts: RunFacts) -> None:
    assert headlines(figures(draw(), facts), "en") == [
        "No customer bought anything up to 2017-03-31."
    ]


def test_one_customer_is_not_said_in_the_plural(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        segments="segment customers_n customers_share spend spend_share\nloyal 1 1 9.50 1"
    )
    assert headlines(figures(tables, facts), "en")[0] == (
        "1 customer spent USD 9.50 up to 2017-03-31, returns taken off."
    )


def test_the_sum_of_those_slipping_away_leaves_a_hidden_segment_out(
    draw: Draw, facts: RunFacts
) -> None:
    tables = draw(
        segments="""
            segment   customers_n customers_share spend   spend_share
            champions 100         0.5             9000.00 0.9
            loyal     20          0.1             300.00  0.03
            at_risk   60          0.3             600.00  0.06
            cant_lose 6           0.03            77.00   0.01
        """
    )
    said = headlines(figures(tables, facts), "en")
    assert said[0].startswith("186 customers spent USD 9,977")
    assert said[2] == (
        "By RFM segment, who they are now: slipping away (At risk), 60 customers who spent USD 600 "
        "so far."
    )


def test_a_hidden_segment_is_in_no_headline(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        segments="""
            segment   customers_n customers_share spend   spend_share
            champions 6           0.06            9000.00 0.9
            at_risk   94          0.94            1000.00 0.1
        """
    )
    said = " ".join(headlines(figures(tables, facts), "en"))
    assert "Champions" not in said
    assert "slipping away" not in said


def test_one_row_is_not_said_in_the_plural(draw: Draw, facts: RunFacts) -> None:
    def said(rows_n: int, quarantined_n: int) -> str:
        loads = (
            "load_id export file rows_n accepted_n quarantined_n delivered_at\n"
            f"1 transactions a.csv {rows_n} 0 {quarantined_n} 2017-04-01"
        )
        return headlines(figures(draw(loads=loads), facts), "en")[-1]

    assert said(1, 0) == "The only row that came in was readable."
    assert said(1, 1) == "1 of 1 row that came in was refused (100.0%)."
    assert said(9, 1) == "1 of 9 rows that came in was refused (11.1%)."


def test_few_who_slipped_are_not_counted(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        segments="segment customers_n customers_share spend spend_share\nloyal 9 1 9.50 1",
        segment_migration="""
            previous_segment segment customers_n customers_share spend
            champions        loyal   9           1               9.50
        """,
    )
    assert "Fewer than 10 customers slipped to a weaker segment since 2017-03-03." in headlines(
        figures(tables, facts), "en"
    )


def test_before_the_first_sale_there_is_nothing_to_compare_with(
    chain: Tables, facts: RunFacts
) -> None:
    said = headlines(figures(chain, replace(facts, compare_on=date(2016, 12, 4))), "en")
    assert "Nothing to compare with yet: 2016-12-04 is before the first sale on record." in said
    assert not any("slipped" in sentence for sentence in said)


def test_the_last_whole_month_is_compared_with_the_one_before(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        sales="""
            sold_on    gross  returns net
            2017-01-05 100.00 0       100.00
            2017-02-05 80.00  -5.00   75.00
            2017-03-05 9.00   0       9.00
        """
    )
    said = headlines(figures(tables, replace(facts, as_of=date(2017, 3, 9))), "en")
    assert said[-1] == "Net sales in 2017-02 were USD 75, down 25.0% on 2017-01."


def test_a_chains_own_words_for_its_segments_are_used(chain: Tables, facts: RunFacts) -> None:
    own = replace(facts, labels={"champions": "Stammkunden"})
    assert headlines(figures(chain, own), "en")[1].startswith("Stammkunden: 50.0%")
