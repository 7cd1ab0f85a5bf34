"""Which zone is meant by a name that the tz database does not have."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from regulars.flows.time_zones import _MEANT, zone_meant


def test_every_zone_that_may_be_meant_exists() -> None:
    assert set(_MEANT) <= available_timezones()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Asia/Beijing", "Asia/Shanghai"),
        ("beijing", "Asia/Shanghai"),
        ("China Standard Time", "Asia/Shanghai"),
        ("UTC+8", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("Asia/Shangai", "Asia/Shanghai"),
        ("America/San_Francisco", "America/Los_Angeles"),
        ("Europe/Frankfurt", "Europe/Berlin"),
        ("Asia/Mumbai", "Asia/Kolkata"),
        ("?", None),
    ],
)
def test_the_zone_that_is_meant(written: str, meant: str | None) -> None:
    assert zone_meant(written) == meant
