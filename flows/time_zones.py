"""Which zone of the tz database is meant where another name was written."""

from __future__ import annotations

import difflib
from zoneinfo import available_timezones

# The tz database names a zone by its largest city when it was drawn up, which is often not the
# city, the country or the offset that people think of first. Keys are lower-case, without blanks.
_MEANT = {
    "Asia/Shanghai": "beijing peking shenzhen guangzhou chengdu hangzhou nanjing wuhan tianjin "
    "xian china chinastandardtime cst utc+8 utc+08:00 gmt+8 +08:00 北京 上海 中国 北京时间",
    "Asia/Hong_Kong": "hongkong 香港",
    "Asia/Taipei": "taiwan taipei 台北 臺北",
    "Asia/Tokyo": "japan osaka jst",
    "Asia/Seoul": "korea",
    "Asia/Kolkata": "india mumbai delhi newdelhi bangalore ist",
    "Asia/Ho_Chi_Minh": "hanoi vietnam",
    "Europe/London": "uk england gmtstandardtime",
    "Europe/Berlin": "germany frankfurt munich hamburg cet",
    "Europe/Paris": "france lyon",
    "America/New_York": "newyork boston washington easternstandardtime est us/east",
    "America/Chicago": "centralstandardtime dallas houston",
    "America/Denver": "mountainstandardtime",
    "America/Los_Angeles": "sanfrancisco seattle losangeles pacificstandardtime pst us/west",
    "Australia/Sydney": "canberra",
}
_ZONES = {name: zone for zone, names in _MEANT.items() for name in names.split()}


def zone_meant(text: str) -> str | None:
    """The zone that is most likely meant by what is none; null where none is near.

    >>> zone_meant("Asia/Beijing"), zone_meant("China Standard Time"), zone_meant("Asia/Shangai")
    ('Asia/Shanghai', 'Asia/Shanghai', 'Asia/Shanghai')
    """
    written = text.lower().replace(" ", "").replace("_", "")
    city = written.rpartition("/")[2]
    if known := _ZONES.get(written) or _ZONES.get(city):
        return known
    zones = {zone.lower(): zone for zone in sorted(available_timezones())}
    near = difflib.get_close_matches(text.lower(), zones, n=1, cutoff=0.4)
    return zones[near[0]] if near else None
