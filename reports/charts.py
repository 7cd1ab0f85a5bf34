"""The charts, as SVG text without scripts, styles or links of its own.

Each is drawn wide and narrow, for a desk and for a phone: text in a picture that is scaled down
cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import altair as alt
import vl_convert as vlc

from regulars.expectations.catalogue import say
from regulars.reports import numbers
from regulars.reports.figures import Figures
from regulars.reports.segments import Segment
from regulars.reports.trade import Month

FONT = (
    "system-ui, 'Segoe UI', Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', sans-serif"
)
INK, RULE = "#1c2733", "#dde3e8"
CUSTOMERS, SPEND = "#9aa9b8", "#0f6b5c"
NET, NET_PARTIAL, RETURNS = "#0f6b5c", "#9cc7be", "#b4532a"
FONT_PX = 12
LABEL_GAP_PX = 10
SHARE_PX = 52
"""Room for a share such as 100.0% behind the longest bar."""
LATIN_EM = 0.58
FIRST_FULL_WIDTH = "\u2e80"
"""The first of the characters that are as wide as they are high, Chinese among them."""


class Chart(NamedTuple):
    """One chart in two widths, and what its bars count in."""

    wide: str
    narrow: str
    unit: str = ""


class Width(NamedTuple):
    """How wide a picture is, and how many months it has room for."""

    total_px: int
    months: int


WIDE, NARROW = Width(860, 36), Width(350, 13)


def segment_chart(figures: Figures, language: str) -> Chart | None:
    """Paired bars: each segment's share of customers beside its share of spend."""
    rows = [row for row in figures.segments if row.customers_share is not None]
    if not any(row.customers_n for row in rows):
        return None
    return Chart(*(svg_of(_shares(rows, figures, language, width)) for width in (WIDE, NARROW)))


def sales_chart(figures: Figures, language: str) -> Chart | None:
    """Bars of net sales a month, returns below the line."""
    if not figures.months:
        return None
    months = figures.months[-WIDE.months :]
    size, unit = numbers.axis_unit(
        [month.net for month in months], figures.facts.currency, language
    )
    wide, narrow = (
        svg_of(_months(months[-width.months :], size, language, width)) for width in (WIDE, NARROW)
    )
    return Chart(wide, narrow, unit)


def _shares(rows: Sequence[Segment], figures: Figures, language: str, width: Width) -> Any:
    names = [say(row.segment, language, labels=figures.facts.labels) for row in rows]
    measures = {
        say("segments.customers_share", language): [row.customers_share for row in rows],
        say("segments.spend_share", language): [row.spend_share for row in rows],
    }
    values: list[dict[str, Any]] = [
        {
            # The place keeps two segments of one label apart.
            "place": place,
            "measure": measure,
            "share": max(share or 0.0, 0.0),
            "text": numbers.share(share),
        }
        for measure, shares in measures.items()
        for place, share in enumerate(shares)
    ]
    room_px = min(max(map(_text_px, names)) + LABEL_GAP_PX, width.total_px // 2)
    plot_px = width.total_px - room_px - LABEL_GAP_PX
    longest = max(value["share"] for value in values) or 1
    base = alt.Chart({"values": values}).encode(
        y=alt.Y(
            "place:O",
            title=None,
            scale=alt.Scale(paddingInner=0.28, paddingOuter=0.1),
            axis=alt.Axis(
                labelExpr=f"{_texts(names)}[datum.value]",
                labelLimit=room_px,
                minExtent=room_px,
                maxExtent=room_px,
            ),
        ),
        yOffset=alt.YOffset("measure:N", sort=list(measures)),
        x=alt.X(
            "share:Q",
            axis=None,
            scale=alt.Scale(domain=[0, longest * plot_px / (plot_px - SHARE_PX)]),
        ),
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            "measure:N",
            title=None,
            sort=list(measures),
            scale=alt.Scale(domain=list(measures), range=[CUSTOMERS, SPEND]),
            legend=_legend(width),
        )
    )
    figures_beside = base.mark_text(align="left", dx=4, color=INK, fontSize=11).encode(
        text="text:N"
    )
    return (bars + figures_beside).properties(width=plot_px, height=38 * len(rows))


def _months(months: Sequence[Month], size: Decimal, language: str, width: Width) -> Any:
    kinds = {
        say("sales.legend_net", language): NET,
        say("sales.legend_partial", language): NET_PARTIAL,
        say("sales.legend_returns", language): RETURNS,
    }
    net, partial, returns = kinds
    values = [
        {"month": numbers.month(month.month), "kind": kind, "height": _height(money, size)}
        for month in months
        for kind, money in (
            (partial if month.is_partial else net, month.net),
            (returns, month.returns),
        )
        if money
    ]
    present = [kind for kind in kinds if any(value["kind"] == kind for value in values)]
    step = 1 if len(months) <= width.total_px / 24 else 3
    return (
        alt.Chart({"values": values})
        .mark_bar()
        .encode(
            x=alt.X(
                "month:O",
                title=None,
                sort=None,
                scale=alt.Scale(
                    domain=[numbers.month(month.month) for month in months], paddingInner=0.25
                ),
                axis=alt.Axis(labelExpr=_month_label(step), labelAngle=0, labelOverlap=False),
            ),
            y=alt.Y(
                "height:Q",
                title=None,
                stack=None,
                axis=alt.Axis(tickCount=5, format=",~f", minExtent=36, domain=False),
            ),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=present, range=[kinds[kind] for kind in present]),
                legend=_legend(width),
            ),
        )
        .properties(width=width.total_px - 60, height=220)
    )


def _legend(width: Width) -> alt.Legend:
    columns = 1 if width is NARROW else 3
    return alt.Legend(orient="top", symbolType="square", labelLimit=400, columns=columns)


def _height(money: Decimal, size: Decimal) -> float:
    # The length of a bar, not an amount: no figure is read off it.
    return float(money / size)


def _month_label(step: int) -> str:
    """The month's number, with the year below the first and each January; every third at 3."""
    number = "substring(datum.value, 5, 7)"
    year = f"({number} == '01' || datum.index == 0 ? substring(datum.value, 0, 4) : '')"
    return f"(toNumber({number}) - 1) % {step} == 0 ? [{number}, {year}] : ''"


def _texts(names: Sequence[str]) -> str:
    """A list of texts as a Vega expression, in which only escapes could be read as code."""
    return f"[{','.join(_literal(name) for name in names)}]"


def _literal(text: str) -> str:
    return (
        "'"
        + "".join(f"\\u{{{ord(char):x}}}" if not char.isalnum() else char for char in text)
        + "'"
    )


def _text_px(text: str) -> int:
    """How wide a text is at most, when the font is not here to measure."""
    return round(sum(1.0 if char >= FIRST_FULL_WIDTH else LATIN_EM for char in text) * FONT_PX)


def svg_of(chart: Any) -> str:
    """The SVG of an Altair chart, in the look of all."""
    spec = chart.configure(
        font=FONT,
        background="transparent",
        aria=False,
        padding=2,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFont=FONT,
            labelFontSize=FONT_PX,
            labelColor=INK,
            gridColor=RULE,
            domainColor=RULE,
            ticks=False,
            labelPadding=6,
            titleFont=FONT,
            titleFontSize=FONT_PX,
            titleFontWeight="normal",
            titleColor=INK,
            titlePadding=8,
        ),
        legend=alt.LegendConfig(
            labelFont=FONT, labelFontSize=FONT_PX, labelColor=INK, offset=12, columnPadding=28
        ),
    ).to_dict()
    svg: str = vlc.vegalite_to_svg(spec, allowed_base_urls=[])
    # The picture scales with the page: its size is the viewBox alone.
    return re.sub(r' width="[\d.]+" height="[\d.]+"(?= viewBox)', "", svg, count=1)
