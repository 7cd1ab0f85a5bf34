"""Satisfaction week by week with the range it is uncertain in, and the unhappy texts below."""

from __future__ import annotations

from typing import Any

import altair as alt

from regulars.expectations.catalogue import say
from regulars.reports.charts import INK, NARROW, RETURNS, SPEND, WIDE, Chart, Width, svg_of
from regulars.reports.opinion import Opinion, Week

AXIS_PX = 64
CSAT_HEIGHT_PX, NEGATIVE_HEIGHT_PX = 170, 90
LABEL_PX = 48
"""Room for a day and a gap."""
PALE = 0.4
LEAST_WEEKS_N = 2


def opinion_chart(opinion: Opinion | None, language: str) -> Chart | None:
    """A line with its band above, bars below; None before there are two weeks to draw."""
    if opinion is None or len(opinion.weeks) < LEAST_WEEKS_N:
        return None
    if not any(week.csat or week.negative_n for week in opinion.weeks):
        return None
    return Chart(*(svg_of(_drawn(opinion.weeks, language, width)) for width in (WIDE, NARROW)))


def _drawn(weeks: tuple[Week, ...], language: str, width: Width) -> Any:
    plot_px = width.total_px - AXIS_PX
    return alt.vconcat(
        _csat(weeks, language, plot_px), _negative(weeks, language, plot_px), spacing=14
    )


def _days(weeks: tuple[Week, ...], plot_px: int, *, is_labelled: bool) -> alt.X:
    every = len(weeks) * LABEL_PX // plot_px + 1
    return alt.X(
        "week:O",
        title=None,
        sort=None,
        scale=alt.Scale(
            domain=[f"{week.start_on}" for week in weeks], paddingInner=0.25, paddingOuter=0.15
        ),
        axis=alt.Axis(
            labels=is_labelled,
            values=[f"{week.start_on}" for week in weeks[::every]],
            labelExpr="substring(datum.value, 5, 10)",
            labelAngle=0,
            labelOverlap=False,
            grid=False,
        ),
    )


def _csat(weeks: tuple[Week, ...], language: str, plot_px: int) -> Any:
    values = [
        {
            "week": f"{week.start_on}",
            "share": week.csat.value if week.csat else None,
            "low": week.csat.low if week.csat else None,
            "high": week.csat.high if week.csat else None,
            "opacity": 1.0 if week.is_complete else PALE,
        }
        for week in weeks
    ]
    title = say("opinion.chart.csat", language)
    axis = alt.Axis(format="~%", tickCount=5, minExtent=40, domain=False)
    # A gap where a week has no figure: nothing is drawn across it.
    base = alt.Chart({"values": values}).encode(x=_days(weeks, plot_px, is_labelled=False))
    ends = alt.Y("low:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)
    band = base.mark_area(color=SPEND, opacity=0.16, invalid="break-paths-filter-domains").encode(
        y=ends, y2=alt.Y2("high:Q")
    )
    share = alt.Y("share:Q", title=title, axis=axis)
    line = base.mark_line(color=SPEND, strokeWidth=2, invalid="break-paths-filter-domains").encode(
        y=share
    )
    dots = (
        base.transform_filter("isValid(datum.share)")
        .mark_circle(color=SPEND, size=34)
        .encode(y=share, opacity=alt.Opacity("opacity:Q", scale=None))
    )
    return (band + line + dots).properties(width=plot_px, height=CSAT_HEIGHT_PX)


def _negative(weeks: tuple[Week, ...], language: str, plot_px: int) -> Any:
    values = [
        {
            "week": f"{week.start_on}",
            "pieces": week.negative_n,
            "opacity": 1.0 if week.is_complete else PALE,
        }
        for week in weeks
        if week.negative_n is not None
    ]
    return (
        alt.Chart({"values": values})
        .mark_bar(color=RETURNS, stroke=INK, strokeWidth=0)
        .encode(
            x=_days(weeks, plot_px, is_labelled=True),
            y=alt.Y(
                "pieces:Q",
                title=say("opinion.chart.negative", language),
                axis=alt.Axis(tickCount=3, format=",~f", minExtent=40, domain=False),
            ),
            opacity=alt.Opacity("opacity:Q", scale=None),
        )
        .properties(width=plot_px, height=NEGATIVE_HEIGHT_PX)
    )
