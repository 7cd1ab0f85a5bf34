"""The reliability curve: the risks that were told beside what came of them."""

from __future__ import annotations

from typing import Any

import altair as alt

from regulars.expectations.catalogue import say
from regulars.reports.charts import INK, NARROW, SPEND, WIDE, Chart, svg_of
from regulars.reports.quality import Bin, Quality

WIDE_PX, HEIGHT_PX = 520, 300
"""A square is read best; at the full width of the page the line of truth would lie flat."""
AXIS_PX = 64


def reliability_chart(quality: Quality | None, language: str) -> Chart | None:
    """Ten points on the line where they belong, or off it, each with its uncertainty."""
    if quality is None or not quality.curve:
        return None
    widths = (min(WIDE.total_px, WIDE_PX), NARROW.total_px)
    return Chart(*(svg_of(_curve(quality.curve, language, width_px)) for width_px in widths))


def _curve(curve: tuple[Bin, ...], language: str, width_px: int) -> Any:
    highest = max(max(one.risk_mean, one.high) for one in curve)
    domain = [0.0, min(1.0, highest * 1.05)]
    told = alt.X(
        "told:Q",
        title=say("quality.curve.told", language),
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(format="~%", tickCount=5, grid=False),
    )
    points = alt.Chart(
        {
            "values": [
                {
                    "told": one.risk_mean,
                    "came": one.gone_share,
                    "low": one.low,
                    "high": min(one.high, domain[1]),
                }
                for one in curve
            ]
        }
    ).encode(x=told)
    came = alt.Y(
        "came:Q",
        title=say("quality.curve.came", language),
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(format="~%", tickCount=5, minExtent=36, domain=False),
    )
    truth = (
        alt.Chart({"values": [{"told": end, "came": end} for end in domain]})
        .mark_line(color=INK, strokeDash=[4, 4], strokeWidth=1, opacity=0.6)
        .encode(x=told, y=came)
    )
    spans = points.mark_rule(color=SPEND, strokeWidth=2, opacity=0.45).encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    dots = points.mark_circle(color=SPEND, size=60, opacity=1).encode(y=came)
    return (truth + spans + dots).properties(
        width=width_px - AXIS_PX, height=min(HEIGHT_PX, width_px - AXIS_PX)
    )
