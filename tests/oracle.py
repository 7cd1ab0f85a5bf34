"""RFM in plain Python, from export files, as a third opinion: csv, Decimal and Fraction alone.

Written from the definitions, slow and simple on purpose. It takes no notice of deliveries: a file
given is a file counted.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

# Rows are R 5 to 1, columns F 1 to 5.
SEGMENTS = {
    5: ("new", "potential_loyalist", "potential_loyalist", "champions", "champions"),
    4: ("promising", "potential_loyalist", "potential_loyalist", "loyal", "loyal"),
    3: ("about_to_sleep", "about_to_sleep", "need_attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
    1: ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
}

Rfm = tuple[int | None, int, Decimal, int | None, int | None, int | None, str]


def cut_points(values: Iterable[int | Decimal]) -> list[Fraction]:
    """The 20/40/60/80 % quantiles of type 7; of nothing, none."""
    if not (ordered := sorted(map(Fraction, values))):
        return []
    places = [Fraction((len(ordered) - 1) * fifth, 5) for fifth in (1, 2, 3, 4)]
    above = [*ordered, *ordered[-1:]]
    return [
        above[int(place)] + (place - int(place)) * (above[int(place) + 1] - above[int(place)])
        for place in places
    ]


def rfm_from_exports(
    files: Sequence[Path], columns: Mapping[str, str], as_of: date
) -> dict[str, Rfm]:
    """Raw customer id -> recency_days, orders_n, spend, r, f, m, segment, as of the day.

    ``columns`` maps a contract's name to the file's own, where they differ.
    """
    names = ("order_id", "customer_id", "ordered_at", "amount", "is_return", "returns_order_id")
    sold: dict[str, tuple[str, str]] = {}
    net: dict[str, Decimal] = defaultdict(Decimal)
    returns = []
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            header = next(rows)
            wanted = [columns.get(name, name) for name in names]
            places = [header.index(own) if own in header else None for own in wanted]
            for row in rows:
                order, customer, at, text, flag, names_order = (
                    "" if place is None else row[place] for place in places
                )
                if (day := at[:10]) > as_of.isoformat():
                    continue
                amount = Decimal(text)
                if flag == "true" or (places[4] is None and amount < 0):
                    returns.append((order, names_order, customer, amount))
                else:
                    sold[order] = (customer, day)
                    net[order] += amount
    spend: dict[str, Decimal] = defaultdict(Decimal)
    for order, names_order, customer, amount in returns:
        sale = next((known for known in (names_order, order) if known in sold), None)
        if sale is None:
            spend[customer] += amount
        else:
            net[sale] += amount
    days: dict[str, list[str]] = defaultdict(list)
    for order, (customer, day) in sold.items():
        spend[customer] += net[order]
        if net[order] > 0:
            days[customer].append(day)
    spend.pop("", None)
    days.pop("", None)
    recency = {who: (as_of - date.fromisoformat(max(on))).days for who, on in days.items()}
    cuts = [
        cut_points(values)
        for values in (recency.values(), map(len, days.values()), (spend[who] for who in days))
    ]
    scored: dict[str, Rfm] = {}
    for who, total in spend.items():
        if who not in days:
            scored[who] = (None, 0, total, None, None, None, "no_purchase")
            continue
        days_n, orders_n = recency[who], len(days[who])
        # bisect_left counts the cut points strictly below the value.
        r = 5 - bisect_left(cuts[0], Fraction(days_n))
        f = 1 + bisect_left(cuts[1], Fraction(orders_n))
        m = 1 + bisect_left(cuts[2], Fraction(total))
        scored[who] = (days_n, orders_n, total, r, f, m, SEGMENTS[r][f - 1])
    return scored
