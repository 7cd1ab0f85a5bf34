"""The report as one HTML page: no script, no link, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from regulars.expectations.catalogue import has_sentence, say
from regulars.reports import numbers
from regulars.reports.charts import sales_chart, segment_chart
from regulars.reports.churn import Part, Tally
from regulars.reports.clusters import Cluster, cluster_name, cluster_notes, cluster_traits
from regulars.reports.feedback_page import drawn_opinion, feedback_filters, feedback_texts
from regulars.reports.figures import Figures
from regulars.reports.gate import Checked
from regulars.reports.groups import Group
from regulars.reports.headlines import headlines
from regulars.reports.intake import Refusal
from regulars.reports.migration import Migration, Move
from regulars.reports.quality import MEASURES, Measured
from regulars.reports.quality_words import (
    drift_sentence,
    quality_sentences,
    watched_group,
    watched_name,
)
from regulars.reports.reasons import reason_of
from regulars.reports.reliability_chart import reliability_chart
from regulars.reports.retention import Cohort
from regulars.reports.rhythm_moves import Change, rhythm_sentences
from regulars.reports.segments import Segment
from regulars.reports.value_backtest import Forecast

Cell = Segment | Move | Group | Cohort | Cluster | Change | Part | Tally

HTML_LANGUAGE = {"en": "en", "zh": "zh-CN"}
MONTHS_LISTED = 13


def page(figures: Figures, language: str) -> str:
    """The report in one language, ``en`` or ``zh``: the same figures give the same text.

    Raises:
        KeyError: a language or a code the catalogue does not know.
    """
    facts = figures.facts
    folder = files("regulars.reports")
    css = folder.joinpath("report.css").read_text("utf-8")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    places = 0 if abs(figures.spend) >= numbers.WHOLE_FROM else 2
    environment.filters |= {
        "amount": partial(numbers.amount, places=places),
        "change": numbers.change,
        "count": numbers.count,
        "mean": numbers.mean,
        "points": numbers.points,
        "money": partial(numbers.money, currency=facts.currency, language=language),
        "month": numbers.month,
        "share": numbers.share,
        "has_star": _has_star,
        "hidden_count": partial(_hidden_count, small_below=facts.small_below),
        "reason": partial(_reason, language=language),
        "export": partial(_export, language=language),
        "claim": partial(_of_check, kind="check", language=language),
        "remedy": partial(_of_check, kind="check_remedy", language=language),
        "unasked": partial(_unasked, language=language),
        "of_observed": partial(_of_observed, language=language),
        "measured": _measured,
        "watched_name": partial(watched_name, language=language),
        "watched_group": partial(watched_group, language=language),
        "headed": lambda text: text[:1].upper() + text[1:],
        "cut": _cut,
        "heat": _heat,
    }
    environment.filters |= feedback_filters(figures, language)
    return environment.get_template("report.html").render(
        **feedback_texts(figures, language),
        opinion_chart=_charted(drawn_opinion(figures, language)),
        figures=figures,
        facts=facts,
        lang=HTML_LANGUAGE[language],
        css=Markup(css),
        css_digest=_digest(css),
        headlines=headlines(figures, language),
        segment_chart=_charted(segment_chart(figures, language)),
        sales_chart=_charted(sales_chart(figures, language)),
        reliability_chart=_charted(reliability_chart(figures.quality, language)),
        quality_sentences=(quality_sentences(figures.quality, language) if figures.quality else []),
        drift_sentence=drift_sentence(figures.quality, language) if figures.quality else "",
        quality_measures=MEASURES,
        found_n=partial(_found, small_below=facts.small_below),
        months=figures.months[-MONTHS_LISTED:],
        money_moved=_money_moved(figures.migration, figures, language),
        rhythm_sentences=rhythm_sentences(figures.rhythm_changes, facts, language),
        cluster_name=partial(cluster_name, language=language),
        cluster_traits=partial(cluster_traits, language=language),
        cluster_notes=(
            cluster_notes(figures.clusters, facts.clusters, language) if facts.clusters else []
        ),
        before_data_size=_customers_of(figures.retention.before_data, figures, language),
        say=lambda code, **parameters: say(code, language, **parameters),
        said_n=partial(_said_n, language=language),
        joint="" if language == "zh" else " ",
        risk_reason=partial(reason_of, language=language),
        band=lambda code: say(f"churn.band.{code}", language),
        band_meaning=lambda code: say(f"churn.band_meaning.{code}", language),
        label=lambda code: say(code, language, labels=facts.labels),
        advice=lambda code: _advice(code, language),
    )


def _digest(css: str) -> str:
    return base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def _charted(chart: Any) -> Any:
    # The one text that is not escaped again: SVG whose texts Vega has escaped.
    return chart and {
        "wide": Markup(chart.wide),
        "narrow": Markup(chart.narrow),
        "unit": chart.unit,
    }


def _has_star(cells: Iterable[Cell]) -> bool:
    """Whether any is hidden to guard another, which is not said by itself."""
    return any(cell.customers_n is None and not cell.is_small for cell in cells)


def _hidden_count(cell: Cell, *, small_below: int) -> str:
    if cell.customers_n is None:
        return f"<{small_below}" if cell.is_small else "∗"
    return numbers.count(cell.customers_n) if cell.customers_n else numbers.NONE


def _reason(refusal: Refusal, *, language: str) -> str:
    return say(f"refused.{refusal.reason}", language, column=refusal.column or "")


def _export(name: str, *, language: str) -> str:
    code = f"export.{name}"
    return say(code, language) if has_sentence(code) else name


def _of_check(check: Checked, *, kind: str, language: str) -> str:
    return say(f"{kind}.{check.code}", language, **check.parameters)


def _unasked(check: Checked, *, language: str) -> str:
    export = _export(check.parameters.get("export", ""), language=language)
    return say(
        f"check_unasked.{check.unasked_reason}", language, **{**check.parameters, "export": export}
    )


def _said_n(code: str, n: int, /, *, language: str, **parameters: Any) -> str:
    """A sentence that names a number, in the singular where that is one."""
    return say(f"{code}.one" if n == 1 else code, language, n=numbers.count(n), **parameters)


def _of_observed(forecast: Forecast, *, what: str, language: str) -> str:
    """How a forecast came true: by its verdict, in percent of what was observed."""
    code = f"value.backtest.{what}.{forecast.verdict}"
    return say(
        code,
        language,
        ratio=numbers.share(forecast.ratio),
        low=numbers.share(forecast.low),
        high=numbers.share(forecast.high),
    )


def _measured(found: Measured | None, *, places: int = 3) -> dict[str, str]:
    """A measure and the range that it is uncertain in, each as text."""
    if found is None:
        return {"value": numbers.NONE, "range": ""}
    if found.low is None or found.high is None:
        return {"value": numbers.mean(found.value, places=places), "range": ""}
    ends = (numbers.mean(end, places=places) for end in (found.low, found.high))
    return {"value": numbers.mean(found.value, places=places), "range": "–".join(ends)}


def _found(n: int, *, small_below: int) -> str:
    """How many customers there were to learn from; of a few not how few."""
    return f"<{small_below}" if 0 < n < small_below else numbers.count(n)


def _advice(segment: str, language: str) -> dict[str, str]:
    """Meaning and next step; nothing for a code that only this chain knows."""
    codes = {kind: f"segment_{kind}.{segment}" for kind in ("meaning", "advice")}
    return {kind: say(code, language) if has_sentence(code) else "" for kind, code in codes.items()}


def _cut(value: Any) -> str:
    return f"{value:,}".rstrip("0").rstrip(".") if "." in f"{value}" else f"{value:,}"


def _heat(share: float | None) -> str:
    """The class of a cell's shade, of seven; a cell without a share has the lightest."""
    return f"heat-{min(int((share or 0) * 10) // 1, 9) * 7 // 10}"


def _money_moved(moves: Migration, figures: Figures, language: str) -> str:
    """The money of who climbed and who slipped; nothing where either is few or nobody."""
    flows = {"climbed": moves.climbed, "slipped": moves.slipped}
    said: dict[str, Any] = {}
    for name, flow in flows.items():
        if not flow.customers_n or flow.previous_spend_90d is None or flow.spend_90d is None:
            return ""
        currency = figures.facts.currency
        said[f"{name}_before"] = numbers.money(flow.previous_spend_90d, currency, language)
        said[f"{name}_now"] = numbers.money(flow.spend_90d, currency, language)
    return say("migration.money", language, **said)


def _customers_of(cohort: Cohort | None, figures: Figures, language: str) -> str:
    if cohort is None:
        return ""
    if cohort.customers_n is None and not cohort.is_small:
        return say("counted.customers.some", language)  # hidden to guard another, not for its size
    return numbers.counted(
        numbers.Counted(cohort.customers_n, "customers", figures.facts.small_below), language
    )
