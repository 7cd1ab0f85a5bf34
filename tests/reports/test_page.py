from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from markupsafe import escape

from regulars.expectations.catalogue import say
from regulars.reports.charts import sales_chart, segment_chart
from regulars.reports.facts import ChurnFacts, RunFacts
from regulars.reports.figures import figures
from regulars.reports.page import page

Tables = Mapping[str, pl.DataFrame]
Draw = Callable[..., Tables]

HOSTILE = "</script><script>alert('x')</script><img src=x onerror=y>\"'&{{7*7}}\\"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class _Outline(HTMLParser):
    """Tags opened and closed, texts, and cells of tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.cells: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.texts.append(data.strip())
        if "td" in self.open:
            self.cells[-1] += data.strip()


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_tag_is_closed_and_the_language_and_title_are_set(
    chain: Tables, facts: RunFacts, language: str
) -> None:
    outline = _Outline(page(figures(chain, facts), language))
    assert outline.open == []
    assert dict(outline.tags)["html"] == {"lang": {"en": "en", "zh": "zh-CN"}[language]}
    titles = [text for text in outline.texts if "Corner Shops" in text and "2017-03-31" in text]
    assert len(titles) == 1


def test_nothing_runs_and_nothing_is_loaded(chain: Tables, facts: RunFacts, language: str) -> None:
    html = page(figures(chain, facts), language)
    outline = _Outline(html)
    names = {tag for tag, _ in outline.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "form", "a", "image", "use"}
    attributes = {name for _, attrs in outline.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on")}
    assert not attributes & {"style", "src", "href", "xlink:href"}
    assert set(re.findall(r"https?://[^\"' <]+", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(
    chain: Tables, facts: RunFacts
) -> None:
    html = page(figures(chain, facts), "en")
    [css] = re.findall(r"<style>(.*?)</style>", html, re.S)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    [policy] = [
        attrs["content"]
        for tag, attrs in _Outline(html).tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")


@pytest.mark.fault("F33")
def test_hostile_names_are_shown_and_do_nothing(
    chain: Tables, facts: RunFacts, language: str
) -> None:
    tables = dict(chain) | {
        "loads": chain["loads"].with_columns(file=pl.lit(HOSTILE), export=pl.lit(HOSTILE)),
        "quarantine_summary": chain["quarantine_summary"].with_columns(
            file=pl.lit(HOSTILE), column=pl.lit(HOSTILE)
        ),
    }
    hostile = replace(
        facts, chain_name=HOSTILE, currency="<x>", labels={"champions": HOSTILE, "at_risk": "<b>"}
    )
    html = page(figures(tables, hostile), language)
    calm = page(figures(chain, facts), language)
    assert {tag for tag, _ in _Outline(html).tags} == {tag for tag, _ in _Outline(calm).tags}
    assert "<script" not in html
    assert HOSTILE in _Outline(html).texts


def test_empty_tables_make_a_page_that_says_so(draw: Draw, facts: RunFacts, language: str) -> None:
    nothing = replace(facts, chain_first_on=None, cut_points={})
    html = page(figures(draw(), nothing), language)
    assert {"en": "Nothing to show.", "zh": "暂无数据。"}[language] in html
    assert "<svg" not in html


def test_one_customer_makes_a_page(draw: Draw, facts: RunFacts, language: str) -> None:
    tables = draw(
        segments="segment customers_n customers_share spend spend_share\nnew 1 1 9.50 1",
        segment_migration="""
            previous_segment segment customers_n customers_share spend
            not_seen         new     1           1               9.50
        """,
        customers="customer_id lifecycle value_type spend\nc1_0 new key_value 9.50",
        cohorts="""
            cohort  month      months_since_n customers_n active_n retention_share is_partial
            2017-03 2017-03-01 0              1           1        1               yes
        """,
        sales="sold_on gross returns net\n2017-03-09 9.50 0 9.50",
    )
    cells = _Outline(page(figures(tables, facts), language)).cells
    assert cells.count("<10") >= 4


def test_a_compare_day_before_the_first_sale_shows_no_matrix(
    chain: Tables, facts: RunFacts
) -> None:
    html = page(figures(chain, replace(facts, compare_on=date(2016, 12, 4))), "en")
    assert "No comparison: 2016-12-04 is before the first sale on record." in html
    assert "The biggest moves" not in html


def test_no_number_of_a_hidden_cell_is_anywhere_in_the_page(
    chain: Tables, facts: RunFacts, language: str
) -> None:
    html = page(figures(chain, facts), language)
    outline = _Outline(html)
    said = " ".join(outline.texts + [attrs.get("aria-label") or "" for _, attrs in outline.tags])
    numbers = set(re.findall(r"[\d,.]+", said))
    assert {"100", "45,000"} <= numbers
    assert not {"1,778", "1,389", "389", "111", "2,111", "654", "2,617", "60.00"} & numbers
    assert not {"27", "11", "22", "31", "12"} & set(outline.cells)


def test_a_matrix_that_would_hide_nearly_all_of_its_cells_is_one_sentence(
    chain: Tables, facts: RunFacts
) -> None:
    html = page(figures(chain, facts), "en")
    assert "Nearly every cell of the table of moves would be hidden" in html
    assert "From \\ to" not in html


def test_a_matrix_that_hides_three_quarters_of_its_cells_is_shown(
    draw: Draw, facts: RunFacts
) -> None:
    tables = draw(
        segments="segment customers_n spend\nchampions 171 9.00",
        segment_migration="""
            previous_segment segment   customers_n customers_share spend
            champions        champions 86          0.9             1
            champions        loyal     7           0.05            1
            champions        at_risk   13          0.05            1
            loyal            loyal     65          1               1
        """,
    )
    outline = _Outline(page(figures(tables, facts), "en"))
    assert "From \\ to" in outline.texts
    assert {"86", "<10", "∗"} <= set(outline.cells)
    assert not {"7", "13", "65"} & set(outline.cells)


def test_other_hidden_numbers_under_the_same_totals_give_the_same_page(
    draw: Draw, facts: RunFacts, language: str
) -> None:
    def drawn(a: int, b: int) -> Tables:
        return draw(
            segments="""
                segment   customers_n customers_share spend   spend_share previous_customers_n
                champions 109         0.5             9000.00 0.5         109
                loyal     109         0.5             9000.00 0.5         109
            """,
            segment_migration=f"""
                previous_segment segment   customers_n customers_share spend
                champions        champions {100 - a}   0.9             {900 - a}.00
                champions        at_risk   {a}         0.05            {a}.00
                champions        new       {9 - a}     0.05            {9 - a}.00
                loyal            loyal     {100 - b}   0.9             {900 - b}.00
                loyal            at_risk   {b}         0.05            {b}.00
                loyal            new       {9 - b}     0.05            {9 - b}.00
                hibernating      loyal     20          1               5.00
            """.replace(f"{100 - a}   0.9", "100 0.9").replace(f"{100 - b}   0.9", "100 0.9"),
            customers="\n".join(
                ["customer_id lifecycle value_type spend"]
                + [f"c1_{n} active key_value 1.00" for n in range(50)]
                + [f"c2_{n} lapsed general_value {a}.00" for n in range(a)]
                + [f"c3_{n} slowing general_retain {b}.00" for n in range(b)]
            ),
            cohorts=f"""
                cohort  month      months_since_n customers_n active_n retention_share is_partial
                2017-02 2017-02-01 0              50          50       1               no
                2017-02 2017-03-01 1              50          {a}      0.1             no
                2017-03 2017-03-01 0              40          40       1               no
            """,
        )

    # The customers of both draws add up to 59, the moves to the same rows, columns, directions.
    one, other = (figures(drawn(a, 9 - a), facts) for a in (4, 5))
    assert one == other
    assert page(one, language) == page(other, language)


def _section(html: str, title: str) -> str:
    [section] = [part for part in html.split("<section") if f"<h2>{escape(title)}</h2>" in part]
    return section


GUARDED = {
    "segments.title": {
        "segments": """
            segment   customers_n customers_share spend   spend_share
            champions 40          0.6             9000.00 0.9
            loyal     20          0.3             300.00  0.03
            at_risk   6           0.1             60.00   0.01
        """
    },
    "migration.title": {
        "segments": "segment customers_n spend\nchampions 171 9.00",
        "segment_migration": """
            previous_segment segment   customers_n customers_share spend
            champions        champions 86          0.9             1
            champions        loyal     7           0.05            1
            champions        at_risk   13          0.05            1
            loyal            loyal     65          1               1
        """,
    },
    "groups.title": {
        "customers": "\n".join(
            ["customer_id lifecycle value_type spend"]
            + [f"c1_{n} active key_value 10.00" for n in range(30)]
            + [f"c2_{n} lapsed key_value 10.00" for n in range(12)]
            + [f"c3_{n} slowing key_value 10.00" for n in range(5)]
        )
    },
    "clusters.title": {
        "clusters": """
            cluster cluster_name       customers_n customers_share spend_share
            k1      weekend_share.high 60          0.5             0.5
            k2      weekend_share.low  40          0.3             0.3
            k3      weekend_share.high 5           0.2             0.2
        """
    },
    "cohorts.title": {
        "cohorts": """
            cohort  month      months_since_n customers_n active_n retention_share is_partial
            2017-01 2017-01-01 0              60          60       1               no
            2017-02 2017-02-01 0              40          40       1               no
            2017-03 2017-03-01 0              5           5        1               no
        """
    },
    "churn.title": {
        "churn_risk": "\n".join(
            ["customer_id churn_risk risk_band value_at_risk unscored_reason"]
            + [f"c1_{n} 0.1 low 1.00 -" for n in range(40)]
            + [f"c2_{n} 0.3 watch 1.00 -" for n in range(6)]
            + [f"c3_{n} 0.9 very_high 1.00 -" for n in range(20)]
        ),
        "customers": "\n".join(
            ["customer_id segment"] + [f"c{g}_{n} champions" for g in (1, 2, 3) for n in range(40)]
        ),
    },
}


@pytest.mark.parametrize("title", GUARDED)
def test_a_section_that_hides_a_number_to_guard_another_says_what_the_star_means(
    draw: Draw, facts: RunFacts, language: str, title: str
) -> None:
    told = replace(facts, churn=ChurnFacts(28, kind="blend", fitted_on=date(2017, 3, 27)))
    html = page(figures(draw(**GUARDED[title]), told), language)
    note = str(escape(say("report.star", language, n=10)))
    assert "∗</td>" in _section(html, say(title, language))
    for part in html.split("<section")[1:]:
        assert (note in part) == ("∗</td>" in part)


def test_other_small_segments_under_the_same_totals_give_the_same_page(
    draw: Draw, facts: RunFacts, language: str
) -> None:
    def drawn(few: int) -> Tables:
        return draw(
            segments=f"""
                segment   customers_n customers_share spend        spend_share
                champions 400         0.9             9000.00      0.9
                loyal     {38 - few}  0.1             {38 - few}.0 0.1
                at_risk   {few}       0.1             {few}.00     0.1
            """
        )

    assert page(figures(drawn(3), facts), language) == page(figures(drawn(9), facts), language)


def test_a_refused_file_that_came_again_is_told_with_when(draw: Draw, facts: RunFacts) -> None:
    tables = draw(
        loads="""
            load_id delivery_id export       file  rows_n quarantined_n delivered_at
            1       1           transactions a.csv 100    9             2017-04-01
            2       2           transactions a.csv 100    0             2017-04-03
        """,
        quarantine_summary="""
            load_id export       file  reason       column rows_n first_line
            1       transactions a.csv not_a_number amount 9      17
        """,
    )
    texts = _Outline(page(figures(tables, facts), "en")).texts
    assert "delivered again on 2017-04-03 00:00" in texts
    assert "9 in files delivered again" in texts


def test_what_is_hidden_and_what_is_not_is_said(
    chain: Tables, facts: RunFacts, language: str
) -> None:
    html = page(figures(chain, facts), language)
    for code in ("method.small", "method.shown", "method.orphans"):
        assert str(escape(say(code, language, n=10))) in html


def test_the_same_input_gives_the_same_bytes(chain: Tables, facts: RunFacts, language: str) -> None:
    first = page(figures(chain, facts), language)
    again = page(figures({name: table.clone() for name, table in chain.items()}, facts), language)
    assert first == again


def test_charts_are_pictures_without_links_scripts_or_styles(
    chain: Tables, facts: RunFacts, language: str
) -> None:
    for chart in (
        segment_chart(figures(chain, facts), language),
        sales_chart(figures(chain, facts), language),
    ):
        assert chart is not None
        for svg in (chart.wide, chart.narrow):
            names = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}
            assert names <= {
                "svg",
                "g",
                "path",
                "text",
                "tspan",
                "rect",
                "line",
                "defs",
                "clipPath",
            }
            assert "style=" not in svg
            assert "aria-label" not in svg


def test_labels_of_segments_are_drawn_whole(chain: Tables, facts: RunFacts, language: str) -> None:
    long = replace(
        facts, labels={"champions": "Our very best customers", "at_risk": "很久没来的重要客户"}
    )
    chart = segment_chart(figures(chain, long), language)
    assert chart is not None
    for svg in (chart.wide, chart.narrow):
        texts = [element.text for element in ET.fromstring(svg).iter() if element.text]
        assert {"Our very best customers", "很久没来的重要客户", "50.0%", "90.0%"} <= set(texts)


def test_a_label_that_looks_like_code_is_drawn_as_text(chain: Tables, facts: RunFacts) -> None:
    label = "'+datum.value+'\\"
    chart = segment_chart(figures(chain, replace(facts, labels={"champions": label})), "en")
    assert chart is not None
    assert label in [element.text for element in ET.fromstring(chart.wide).iter()]


def test_a_picture_is_no_wider_than_the_screen_it_is_drawn_for(
    chain: Tables, facts: RunFacts, language: str
) -> None:
    wordy = replace(facts, labels={"at_risk": "those who have not been here for long " * 5})
    for chart in (
        segment_chart(figures(chain, facts), language),
        segment_chart(figures(chain, wordy), language),
        sales_chart(figures(chain, facts), language),
    ):
        assert chart is not None
        widths = [float(ET.fromstring(svg).attrib["viewBox"].split()[2]) for svg in chart[:2]]
        assert widths[0] <= 900
        assert widths[1] <= 370
