"""The handful of sentences worth knowing: as codes and figures, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from regulars.expectations.catalogue import say
from regulars.reports import numbers
from regulars.reports.churn import Churn
from regulars.reports.facts import RunFacts
from regulars.reports.feedback import Feedback
from regulars.reports.feedback_headlines import Placed, feedback_headlines
from regulars.reports.feedback_words import place_name
from regulars.reports.intake import Received
from regulars.reports.migration import Flow, Migration
from regulars.reports.numbers import Counted
from regulars.reports.segments import NO_PURCHASE, Segment, Total
from regulars.reports.trade import Month

if TYPE_CHECKING:
    from regulars.reports.figures import Figures

SLIPPING_AWAY = ("at_risk", "cant_lose")

Value = Counted | int | Decimal | float | date | str | tuple[str, ...] | Placed


@dataclass(frozen=True)
class Headline:
    """A sentence of the catalogue with what it says.

    A Decimal is money, a float a share, a tuple codes of segments; ``str`` is taken as it is.
    """

    code: str
    parameters: Mapping[str, Value]


def headline_figures(
    segments: tuple[Segment, ...],
    migration: Migration,
    months: tuple[Month, ...],
    received: Received,
    facts: RunFacts,
    *,
    buyers: Total,
    churn: Churn | None = None,
    feedback: Feedback | None = None,
) -> tuple[Headline, ...]:
    """The first four stand on their own: they are what a terminal shows.

    Who is slipping away is told twice, by segment and by churn risk, and each says which it is.
    """
    return (
        *_customers(segments, buyers, facts),
        *_slipping_away(segments),
        *_value_at_risk(churn),
        *(Headline(code, said) for code, said in feedback_headlines(feedback)),
        *_slipped(migration, segments, facts),
        *_last_month(months),
        *_refused(received),
    )


def headlines(figures: Figures, language: str) -> list[str]:
    """The headlines in words, the most important first."""
    facts = figures.facts
    return [
        say(headline.code, language, **_said(headline, facts, language))
        for headline in figures.headlines
    ]


def _said(headline: Headline, facts: RunFacts, language: str) -> dict[str, Any]:
    return {name: _in_words(value, facts, language) for name, value in headline.parameters.items()}


def _in_words(value: Value, facts: RunFacts, language: str) -> str:
    if isinstance(value, tuple):
        separator = say("list.separator", language)
        return separator.join(say(code, language, labels=facts.labels) for code in value)
    match value:
        case Placed():
            return place_name(value.kind, value.place, facts, language)
        case Counted():
            return numbers.counted(value, language)
        case Decimal():
            return numbers.money(value, facts.currency, language)
        case float():
            return numbers.share(value)
        case _:
            return numbers.count(value) if isinstance(value, int) else str(value)


def _customers(segments: tuple[Segment, ...], buyers: Total, facts: RunFacts) -> Iterable[Headline]:
    if not buyers.customers_n:
        yield Headline("headline.no_customers", {"as_of": facts.as_of})
        return
    yield Headline(
        "headline.customers",
        {
            "customers": Counted(buyers.customers_n, "customers"),
            "spend": buyers.spend,
            "as_of": facts.as_of,
        },
    )
    top = next(row for row in segments if row.segment != NO_PURCHASE)
    if top.customers_n and top.customers_share is not None and top.spend_share is not None:
        yield Headline(
            "headline.top_segment",
            {
                "segment": (top.segment,),
                "customers_share": top.customers_share,
                "spend_share": top.spend_share,
            },
        )


def _slipping_away(segments: tuple[Segment, ...]) -> Iterable[Headline]:
    """Of the segments whose numbers are shown; their sum would give a hidden one away."""
    shown = [
        (row.segment, row.customers_n, row.spend)
        for row in segments
        if row.segment in SLIPPING_AWAY and row.customers_n and row.spend is not None
    ]
    if shown:
        codes, customers_n, spend = zip(*shown, strict=True)
        yield Headline(
            "headline.at_risk",
            {
                "customers": Counted(sum(customers_n), "customers"),
                "spend": sum(spend, Decimal("0.00")),
                "segments": codes,
            },
        )


def _value_at_risk(churn: Churn | None) -> Iterable[Headline]:
    if churn is None or churn.reason is not None:
        return
    said: dict[str, Value] = {"until": churn.until}
    if churn.high_n:
        said["customers"] = Counted(churn.high_n, "customers")
    if churn.value:
        said["value"] = churn.value
    if "customers" in said and churn.value and churn.high_value is not None:
        yield Headline("headline.value_at_risk", said | {"high_value": churn.high_value})
    elif "customers" in said:
        yield Headline("headline.churn_risk", said)
    elif churn.value:
        yield Headline("headline.value_at_risk.plain", said)


def _slipped(
    migration: Migration, segments: tuple[Segment, ...], facts: RunFacts
) -> Iterable[Headline]:
    if all(row.customers_n == 0 for row in segments):
        return
    since: dict[str, Value] = {"compare_on": facts.compare_on}
    if not facts.has_comparison:
        yield Headline("headline.no_comparison", since)
        return
    slipped = migration.slipped
    if slipped.spend is not None and slipped.customers_n:
        yield Headline(
            "headline.slipped",
            since | {"customers": _flowing(slipped, facts), "spend": slipped.spend},
        )
    elif slipped.customers_n is None:
        yield Headline("headline.slipped_few", since | {"customers": _flowing(slipped, facts)})
    if migration.joined.customers_n != 0:
        yield Headline("headline.joined", since | {"customers": _flowing(migration.joined, facts)})


def _flowing(flow: Flow, facts: RunFacts) -> Counted:
    return Counted(flow.customers_n, "customers", facts.small_below)


def _last_month(months: tuple[Month, ...]) -> Iterable[Headline]:
    """The last whole month against the one before it, where that is whole too."""
    whole = [place for place, month in enumerate(months) if not month.is_partial]
    if not whole:
        return
    last = months[whole[-1]]
    said: dict[str, Value] = {"month": numbers.month(last.month), "net": last.net}
    before = months[whole[-1] - 1] if whole[-1] - 1 in whole else None
    if before is None or before.net <= 0 or last.net == before.net:
        yield Headline("headline.month", said)
        return
    change = float((last.net - before.net) / before.net)
    yield Headline(
        "headline.month_up" if change > 0 else "headline.month_down",
        said | {"change": abs(change), "month_before": numbers.month(before.month)},
    )


def _refused(received: Received) -> Iterable[Headline]:
    total = Counted(received.rows_n, "rows")
    if not received.rows_n:
        return
    if not received.quarantined_n:
        suffix = ".one" if received.rows_n == 1 else ""
        yield Headline(f"headline.nothing_refused{suffix}", {"rows_total": total})
        return
    yield Headline(
        "headline.refused.one" if received.quarantined_n == 1 else "headline.refused",
        {
            "rows": received.quarantined_n,
            "rows_total": total,
            "share": received.quarantined_n / received.rows_n,
        },
    )
