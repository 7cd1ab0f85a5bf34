"""The calendar of refits: drawn days, and what holds for every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.refits import ANCHOR_ON, Refit, refit_day, refit_days

REFITS: tuple[Refit, ...] = ("daily", "weekly", "monthly")
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def days(*spelled: str) -> list[date]:
    return [date.fromisoformat(one) for one in spelled]


@pytest.mark.parametrize(
    ("refit", "anchor_on", "as_of", "expected"),
    [
        ("daily", "2024-01-01", "2024-06-06", "2024-06-06"),
        ("weekly", "2024-01-01", "2024-06-02", "2024-05-27"),
        ("weekly", "2024-01-01", "2024-06-03", "2024-06-03"),
        ("weekly", "2024-01-03", "2024-06-04", "2024-05-29"),
        ("weekly", "2024-06-30", "2024-06-06", "2024-06-02"),
        ("monthly", "2024-01-01", "2024-06-30", "2024-06-01"),
        ("monthly", "2024-01-15", "2024-06-14", "2024-05-15"),
        ("monthly", "2024-01-31", "2024-03-01", "2024-02-29"),
        ("monthly", "2024-01-31", "2024-03-31", "2024-03-31"),
        ("monthly", "2024-06-15", "2023-06-14", "2023-05-15"),
    ],
)
def test_the_refit_day_is_the_last_of_the_calendar_before_and_after_the_anchor(
    refit: Refit, anchor_on: str, as_of: str, expected: str
) -> None:
    (anchor, day, then) = days(anchor_on, as_of, expected)
    assert refit_day(day, refit=refit, anchor_on=anchor) == then


def test_a_refit_that_was_asked_for_is_used_from_the_day_after_until_the_calendars_next() -> None:
    asked = days("2024-06-05")

    def on(as_of: str) -> str:
        (day,) = days(as_of)
        return f"{refit_day(day, refit='weekly', anchor_on=ANCHOR_ON, asked_on=asked)}"

    assert [on(f"2024-06-{day:02}") for day in (4, 5, 6, 9, 10)] == [
        "2024-06-03",
        "2024-06-03",
        "2024-06-05",
        "2024-06-05",
        "2024-06-10",
    ]


@given(as_of=DAYS, anchor_on=DAYS, refit=st.sampled_from(REFITS))
def test_a_refit_day_is_its_own_and_no_later_than_its_period(
    as_of: date, anchor_on: date, refit: Refit
) -> None:
    day = refit_day(as_of, refit=refit, anchor_on=anchor_on)
    most_days = {"daily": 0, "weekly": 6, "monthly": 30}[refit]
    assert timedelta(0) <= as_of - day <= timedelta(days=most_days)
    assert refit_day(day, refit=refit, anchor_on=anchor_on) == day


@given(as_of=DAYS, anchor_on=DAYS, refit=st.sampled_from(REFITS))
def test_the_calendar_is_that_of_the_days_one_after_the_other(
    as_of: date, anchor_on: date, refit: Refit
) -> None:
    begin = as_of - timedelta(days=100)
    told = refit_days(as_of, refit=refit, anchor_on=anchor_on, first_on=begin)
    lived = {
        refit_day(begin + timedelta(days=n), refit=refit, anchor_on=anchor_on) for n in range(101)
    }
    last = refit_day(as_of, refit=refit, anchor_on=anchor_on)
    assert told == sorted({day for day in lived if day >= max(begin, anchor_on)} | {last})


def test_names_are_handed_on_at_every_so_many_th_of_the_calendar_and_at_the_last() -> None:
    def told(as_of: str, every: int) -> list[date]:
        day, first, anchor = days(as_of, "2024-01-20", "2024-01-01")
        return refit_days(day, refit="weekly", anchor_on=anchor, first_on=first, every=every)

    assert told("2024-03-20", 4) == days("2024-01-29", "2024-02-26", "2024-03-18")
    assert told("2024-03-27", 4) == days("2024-01-29", "2024-02-26", "2024-03-25")
    assert told("2024-01-21", 4) == days("2024-01-15")
    with pytest.raises(ValueError, match="every 0th"):
        told("2024-03-20", 0)


@given(as_of=DAYS, later_n=st.integers(1, 60), every=st.integers(1, 20))
def test_days_near_each_other_have_the_names_of_one_fit(
    as_of: date, later_n: int, every: int
) -> None:
    """What a later day begins with is what the earlier one began with: names are never reworked."""
    first_on = as_of - timedelta(days=400)

    def handed_on(day: date) -> list[date]:
        return refit_days(day, refit="weekly", anchor_on=ANCHOR_ON, first_on=first_on, every=every)

    earlier, later = handed_on(as_of)[:-1], handed_on(as_of + timedelta(days=later_n))
    assert later[: len(earlier)] == earlier


def test_a_refit_that_was_asked_for_ends_the_days_and_hands_no_names_on() -> None:
    as_of, first_on, asked = days("2024-06-20", "2024-06-01", "2024-06-05")

    def told(day: date) -> list[date]:
        return refit_days(
            day, refit="weekly", anchor_on=ANCHOR_ON, first_on=first_on, asked_on=[asked]
        )

    assert told(asked + timedelta(days=1)) == days("2024-06-03", "2024-06-05")
    assert told(as_of) == days("2024-06-03", "2024-06-10", "2024-06-17")
