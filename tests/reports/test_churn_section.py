from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from markupsafe import escape

from regulars.expectations.catalogue import has_sentence, say
from regulars.expectations.churn_features import FEATURE_GROUPS
from regulars.flows.churn_examples import WARM_UP_DAYS
from regulars.flows.console import HEADLINES_SHOWN_N
from regulars.models.churn_horizon import COVERED_SHARE, LEAST_CUSTOMERS_N, LEAST_GAPS_N
from regulars.models.churn_learners import BASELINES
from regulars.models.churn_reasons import REASON_FEATURES
from regulars.reports import facts as of_facts
from regulars.reports.churn import AT_RISK, BANDS, churn
from regulars.reports.facts import ChurnFacts
from regulars.reports.figures import figures
from regulars.reports.headlines import headlines
from regulars.reports.page import page
from regulars.reports.reasons import FIGURES, reason_in_words
from regulars.transforms.churn_table import BAND_EDGES
from regulars.transforms.churn_table import BANDS as TABLE_BANDS

FITTED = ChurnFacts(28, kind="blend", fitted_on=date(2017, 3, 27), examples_n=900)
HEAD = "customer_id churn_risk risk_band value_at_risk reason_1 reason_2 unscored_reason"
COUNTS_NOT_FITTED = ("too_few_customers", "too_few_gone", "too_few_came")
RISKS = {"low": 0.1, "watch": 0.3, "high": 0.6, "very_high": 0.9}


def drawn(draw, *groups, extra=None):
    """Tables of customers: each group is how many, band, value each, reasons, segment."""
    risks, customers = [HEAD], ["customer_id segment"]
    for place, (n, band, value, reason_1, reason_2, segment) in enumerate(groups):
        for number in range(n):
            who = f"c{place}_{number:04}"
            risks.append(f"{who} {RISKS[band]} {band} {value} {reason_1} {reason_2} -")
            customers.append(f"{who} {segment}")
    return draw(churn_risk="\n".join(risks), customers="\n".join(customers), **(extra or {}))


@pytest.fixture
def scored(draw):
    return drawn(
        draw,
        (12, "very_high", 10, "rhythm", "pace", "at_risk"),
        (20, "high", 5, "pace", "rhythm", "at_risk"),
        (40, "watch", 2, "pace", "-", "loyal"),
        (100, "low", "0.50", "-", "-", "champions"),
    )


@pytest.fixture
def fitted(facts):
    return replace(facts, churn=FITTED)


def test_bands_run_from_the_highest_risk_and_add_up(scored, fitted):
    found = churn(scored, fitted)
    assert [(band.code, band.customers_n, band.value) for band in found.bands] == [
        ("very_high", 12, Decimal(120)),
        ("high", 20, Decimal(100)),
        ("watch", 40, Decimal(80)),
        ("low", 100, Decimal(50)),
    ]
    assert (found.customers_n, found.value) == (172, Decimal(350))
    assert (found.high_n, found.high_value) == (32, Decimal(220))
    assert found.bands[0].value_share == pytest.approx(120 / 350)
    assert found.bands[0].risk_mean == pytest.approx(0.9)


def test_reasons_are_those_of_high_and_very_high_risk_alone(scored, fitted):
    found = churn(scored, fitted)
    assert [(one.code, one.first_n, one.among.customers_n) for one in found.reasons] == [
        ("pace", 20, 32),
        ("rhythm", 12, 32),
    ]
    assert found.reasons[0].value == Decimal(220)


def test_value_at_risk_by_segment_is_in_the_order_of_the_segments(scored, fitted):
    segments = churn(scored, fitted).segments
    assert [(one.code, one.customers_n, one.value) for one in segments] == [
        ("champions", 100, Decimal(50)),
        ("loyal", 40, Decimal(80)),
        ("at_risk", 32, Decimal(220)),
    ]


def test_any_order_of_rows_gives_the_same_section(scored, fitted):
    shuffled = {
        name: table.sample(fraction=1.0, shuffle=True, seed=3) for name, table in scored.items()
    }
    assert churn(shuffled, fitted) == churn(scored, fitted)


def test_a_small_band_is_hidden_with_the_other_of_its_half(draw, fitted):
    tables = drawn(
        draw,
        (4, "very_high", 10, "rhythm", "-", "at_risk"),
        (20, "high", 5, "pace", "-", "at_risk"),
        (40, "watch", 2, "pace", "-", "loyal"),
        (100, "low", 1, "-", "-", "champions"),
    )
    found = churn(tables, fitted)
    assert [(band.code, band.customers_n, band.is_small) for band in found.bands] == [
        ("very_high", None, True),
        ("high", None, False),
        ("watch", 40, False),
        ("low", 100, False),
    ]
    assert {found.bands[0].value, found.bands[1].value} == {None}
    assert (found.high_n, found.high_value) == (24, Decimal(140))


def test_a_small_band_is_not_guarded_by_one_of_the_half_whose_total_is_told(draw, fitted):
    tables = drawn(
        draw,
        (20, "very_high", 10, "rhythm", "-", "at_risk"),
        (30, "high", 5, "pace", "-", "at_risk"),
        (40, "watch", 2, "pace", "-", "loyal"),
        (4, "low", 1, "-", "-", "champions"),
    )
    found = churn(tables, fitted)
    assert [band.customers_n for band in found.bands] == [20, 30, None, None]
    assert found.high_n == 50


def test_few_of_high_risk_are_not_told_by_any_total(draw, fitted):
    tables = drawn(
        draw,
        (4, "very_high", 10, "rhythm", "-", "at_risk"),
        (140, "low", 1, "-", "-", "champions"),
    )
    found = churn(tables, fitted)
    assert {band.customers_n for band in found.bands} == {None}
    assert (found.high_n, found.high_value, found.reasons) == (None, None, ())
    said = headlines(figures(tables, fitted), "en")
    assert say("headline.value_at_risk.plain", "en", value="USD 180", until="2017-04-28") in said


def test_a_reason_of_few_hides_how_often_each_is_the_first(draw, fitted):
    tables = drawn(
        draw,
        (60, "high", 5, "pace", "rhythm", "at_risk"),
        (3, "high", 5, "rhythm", "pace", "at_risk"),
        (15, "high", 5, "pace", "tenure", "at_risk"),
        (5, "very_high", 5, "pace", "slowing", "at_risk"),
    )
    found = churn(tables, fitted)
    assert not found.has_first_reasons
    of = {one.code: one for one in found.reasons}
    assert (of["pace"].among.customers_n, of["rhythm"].among.customers_n) == (83, 63)
    assert of["slowing"].among.is_small
    assert of["slowing"].value is None
    assert say("churn.reasons.no_first", "en", few=10) in page(figures(tables, fitted), "en")


def test_a_reason_that_all_but_a_few_have_does_not_tell_how_few(draw, fitted):
    tables = drawn(
        draw,
        (60, "high", 5, "pace", "rhythm", "at_risk"),
        (7, "high", 9, "pace", "tenure", "at_risk"),
    )
    rhythm = next(one for one in churn(tables, fitted).reasons if one.code == "rhythm")
    assert rhythm.among.is_nearly_all
    assert (rhythm.among.customers_n, rhythm.value) == (None, None)


def test_where_each_customer_has_one_reason_a_small_one_is_guarded(draw, fitted):
    tables = drawn(
        draw,
        (60, "high", 5, "rhythm", "-", "at_risk"),
        (30, "high", 5, "-", "-", "at_risk"),
        (4, "high", 5, "pace", "-", "at_risk"),
    )
    shown = {one.code: one.among.customers_n for one in churn(tables, fitted).reasons}
    assert shown == {"rhythm": 60, "none": None, "pace": None}


def test_a_small_segment_tells_no_money_nor_does_the_total(draw, fitted):
    tables = drawn(
        draw,
        (3, "high", 700, "pace", "rhythm", "at_risk"),
        (30, "high", 5, "rhythm", "pace", "loyal"),
        (100, "low", 1, "-", "-", "champions"),
    )
    values = {one.code: one.value for one in churn(tables, fitted).segments}
    assert values == {"champions": Decimal(100), "loyal": None, "at_risk": None}


def test_hidden_numbers_that_add_up_alike_give_the_same_page(draw, fitted):
    def told(few):
        return drawn(
            draw,
            (few, "very_high", 1, "rhythm", "pace", "at_risk"),
            (30 - few, "high", 1, "pace", "rhythm", "at_risk"),
            (100, "low", 1, "-", "-", "champions"),
        )

    def equal_risks(tables):
        risk = tables["churn_risk"].with_columns(churn_risk=pl.lit(0.7))
        return tables | {"churn_risk": risk}

    one, other = (churn(equal_risks(told(few)), fitted) for few in (4, 6))
    assert one == other


def test_without_a_forecast_of_spend_the_money_is_said_to_be_unknown(draw, fitted):
    tables = drawn(
        draw,
        (20, "high", "-", "pace", "-", "loyal"),
        (30, "low", "-", "-", "-", "champions"),
    )
    shown = page(figures(tables, fitted), "en")
    assert say("churn.no_value", "en") in shown
    assert f">{say('churn.value', 'en')}</th>" not in shown
    assert headlines(figures(tables, fitted), "en")[-1] == (
        "By churn risk, who is expected not to buy by 2017-04-28: 20 customers of high or very "
        "high risk."
    )


@pytest.mark.parametrize("reason", COUNTS_NOT_FITTED)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_nobody_is_scored_the_page_says_why_and_how_far_it_is(draw, facts, reason, language):
    tables = draw(churn_risk=f"customer_id unscored_reason\nc1_0 {reason}")
    short = replace(facts, churn=ChurnFacts(28, reason, found_n=1234, least_n=2000))
    shown = page(figures(tables, short), language)
    said = say(f"churn.unscored.{reason}", language, found="1,234", least="2,000", horizon=28)
    assert said in shown
    assert say("churn.note", language, as_of="", until="", horizon="")[:12] not in shown
    assert say("quality.title", language) not in shown


def test_a_few_that_were_found_are_not_counted(draw, facts):
    tables = draw(churn_risk="customer_id unscored_reason\nc1_0 too_few_gone")
    short = replace(facts, churn=ChurnFacts(28, "too_few_gone", found_n=7, least_n=30))
    assert "stayed away to learn from, &lt;10 where 30 are needed" in page(
        figures(tables, short), "en"
    )


def test_a_short_history_is_said_with_what_it_takes(draw, facts):
    tables = draw(churn_risk="customer_id unscored_reason\nc1_0 too_short_history")
    short = replace(facts, churn=ChurnFacts(56, "too_short_history"))
    said = say("churn.unscored.too_short_history", "en", horizon=56)
    assert said in page(figures(tables, short), "en")
    assert f"{WARM_UP_DAYS} days" in said


@pytest.mark.parametrize("kind", of_facts.BASELINES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_plain_rule_that_is_published_is_said_to_be_one(scored, facts, kind, language):
    plain = replace(facts, churn=replace(FITTED, kind=kind))
    assert say(f"churn.baseline.{kind}", language) in page(figures(scored, plain), language)
    own = page(figures(scored, replace(facts, churn=FITTED)), language)
    assert say(f"churn.baseline.{kind}", language) not in own


@pytest.mark.parametrize(
    ("recommended", "verdict"), [(28, "same"), (35, "longer"), (14, "shorter"), (None, "unknown")]
)
def test_the_horizon_that_gaps_recommend_is_held_against_the_setting(
    scored, facts, recommended, verdict
):
    told = replace(facts, churn=replace(FITTED, recommended_days=recommended))
    found = churn(scored, told)
    assert found.horizon.verdict == verdict
    said = say(f"churn.horizon.{verdict}", "en", recommended=recommended, horizon=28)
    assert said in page(figures(scored, told), "en")
    if verdict in ("longer", "shorter"):
        assert f"horizon_days = {recommended} under [churn]" in said


def test_categories_that_differ_are_listed_by_their_sales(draw, facts):
    tables = drawn(
        draw,
        (20, "low", 1, "-", "-", "champions"),
        extra={
            "sales": """
                sold_on    category net
                2017-01-05 milk     10.00
                2017-01-05 beef     50.00
                2017-02-05 milk     60.00
                2017-01-05 tea      99.00
            """
        },
    )
    by_category = {"milk": 14, "beef": 56, "tea": 28, "salt": None}
    told = replace(facts, churn=replace(FITTED, recommended_by_category=by_category))
    found = churn(tables, told).horizon
    assert found.categories == (("milk", 14), ("beef", 56))
    assert (found.known_n, found.longer_n, found.shorter_n) == (3, 1, 1)


def test_a_category_is_text_and_no_tag(scored, facts):
    hostile = replace(FITTED, recommended_by_category={"<b>{x}": 14})
    shown = page(figures(scored, replace(facts, churn=hostile)), "en")
    assert "&lt;b&gt;{x}" in shown


def test_the_headline_names_the_money_and_by_when(scored, fitted):
    assert (
        "By churn risk, who is expected not to buy by 2017-04-28: 32 customers of high or very "
        "high risk, with USD 220 of the USD 350 at risk in the next 12 months' expected spend."
        in headlines(figures(scored, fitted), "en")
    )


SEGMENTS = """
    segment   customers_n customers_share spend  spend_share
    champions 100         0.6             900.00 0.9
    at_risk   72          0.4             100.00 0.1
"""


def test_a_terminal_shows_both_ways_of_slipping_away_and_tells_them_apart(draw, fitted, scored):
    tables = {**scored, "segments": draw(segments=SEGMENTS)["segments"]}
    for language, by_segment, by_risk in (
        ("en", "By RFM segment, who they are now:", "By churn risk, who is expected not to buy"),
        ("zh", "按 RFM 分层（客户的现状）：", "按流失风险（预计在 2017-04-28 前不再消费）："),
    ):
        shown = headlines(figures(tables, fitted), language)[:HEADLINES_SHOWN_N]
        assert [line.startswith((by_segment, by_risk)) for line in shown] == [
            False,
            False,
            True,
            True,
        ]
        html = page(figures(tables, fitted), language)
        assert str(escape(say("segments.versus_risk", language, horizon=28))) in html
        assert str(escape(say("churn.versus_segments", language, horizon=28))) in html


def test_a_run_from_before_there_were_risks_has_no_section(chain, facts):
    assert say("churn.title", "en") not in page(figures(chain, facts), "en")


def test_what_a_manifest_says_is_read_back():
    horizons = {
        "recommended_horizon_days": 35,
        "recommended_horizon_days_by_category": {"milk": None},
    }
    fitted = {
        "kind": "blend",
        "horizon_days": 28,
        "fitted_on": "2017-03-27",
        "examples_n": 900,
        "judged_on": "later_days",
        "auc": {},
        **horizons,
    }
    read = ChurnFacts.of_fit(fitted, horizon_days=28)
    recommended = {"recommended_days": 35, "recommended_by_category": {"milk": None}}
    assert read == replace(FITTED, **recommended)
    short = {"not_fitted": "too_few_gone", "found_n": 3, "least_n": 30, **horizons}
    assert ChurnFacts.of_fit(short, horizon_days=28) == ChurnFacts(
        28, "too_few_gone", 3, 30, **recommended
    )


def test_words_and_figures_of_bands_are_those_of_the_table():
    assert {*BANDS} == {*TABLE_BANDS}
    assert {*AT_RISK} == {*TABLE_BANDS[2:]}
    edges = [f"{edge:.0%}" for edge in BAND_EDGES]
    for language in ("en", "zh"):
        said = [say(f"churn.band_meaning.{band}", language) for band in TABLE_BANDS]
        found = [re.findall(r"\d+%", text.replace(" ", "")) for text in said]
        assert found == [edges[:1], edges[:2], edges[1:], edges[2:]]


def test_sentences_name_the_numbers_that_the_models_use():
    assert of_facts.BASELINES == BASELINES
    assert COVERED_SHARE == 0.9
    assert "九成" in say("churn.horizon.same", "zh", recommended="", horizon="")
    for language in ("en", "zh"):
        assert f" {LEAST_GAPS_N} " in say("churn.horizon.unknown", language, horizon="")
        note = say("churn.categories.note", language, known="", longer="", shorter="")
        assert re.findall(r"\d+", note) == [f"{LEAST_GAPS_N}", f"{LEAST_CUSTOMERS_N}"]
        assert f" {WARM_UP_DAYS} " in say("churn.unscored.too_short_history", language, horizon="")


@pytest.mark.parametrize("group", [*FEATURE_GROUPS, *FIGURES])
def test_every_reason_has_words_with_figures_and_without(group):
    for language in ("en", "zh"):
        full = reason_in_words(group, 3.0, 4.0, currency="USD", language=language)
        bare = reason_in_words(group, None, None, currency="USD", language=language)
        assert full != bare
        assert len(full) <= 80
        assert re.search(r"[34]", full)
        assert not re.search(r"[{}]|\b[34]\b", bare)


def test_the_figures_of_reasons_are_written_as_what_they_are():
    kinds = {
        "n": {"count"},
        "days": {"count", "mean"},
        "mean": {"mean", "money"},
        "rating": {"mean"},
    }
    for group, names in REASON_FEATURES.items():
        for name, kind in zip(names, FIGURES[group], strict=True):
            last = name.rpartition("_")[2]
            assert kind in kinds.get(last, {"share"} if last == "share" else {"money"}), name


@pytest.mark.parametrize(
    ("reason", "value", "against", "said"),
    [
        ("basket", 29.08, 155.38, "Spent in the last 91 days: USD 29.08; in the last 182: "
         "USD 155.38"),
        ("breadth", 0.0, 0.0, "Nothing was bought of any category in the last 91 days"),
        ("breadth", 2.0, 3.0, "Categories bought in the last 28 days: 2; in the last 91: 3"),
        ("rhythm", 12.0, None, "Days away: 12; no gap of their own to hold it against"),
        ("place", 1.0, None, "Where they buy"),
        ("returns", 0.0, 0.0, "Nothing was ever returned"),
        ("complaints", 2.0, 1.0, "Complaints and calls in the last 365 days: 2; no answer on "
         "record: 1"),
        ("complaints", 2.0, 0.0, "Complaints and calls in the last 365 days: 2, all of them "
         "answered"),
        ("ratings", 2.0, 4.75, "The last rating is 2.0 of 5; those before it were 4.8 on average"),
        ("ratings", 1.0, None, "The last rating is 1.0 of 5"),
        ("discount", 0.324831, 0.416639, "Taken off the price in the last 91 days: 32%; ever: 42%"),
        ("new_group", 1.0, 2.0, "new_group"),
    ],
)  # fmt: skip
def test_a_reason_is_said_with_the_customers_figures(reason, value, against, said):
    assert reason_in_words(reason, value, against, currency="USD", language="en") == said


def test_every_code_of_the_table_has_words():
    unscored = ("no_purchase", "too_short_history", *COUNTS_NOT_FITTED)
    asked = [
        *(f"churn.band.{band}" for band in TABLE_BANDS),
        *(f"churn.unscored.{reason}" for reason in unscored),
        *(f"churn.reason_of.{group}" for group in (*FEATURE_GROUPS, "none")),
        *(f"quality.kind.{kind}" for kind in ("churn", "boosting", "logistic", "blend")),
        *(f"quality.kind.{kind}" for kind in BASELINES),
    ]
    assert [code for code in asked if not has_sentence(code)] == []


def test_a_segment_of_the_chains_own_is_called_as_the_chain_does(scored, fitted):
    own = replace(fitted, labels={"champions": "Stammkunden"})
    shown = page(figures(scored, own), "en")
    assert shown.count("Stammkunden") >= 1
