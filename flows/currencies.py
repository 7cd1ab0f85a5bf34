"""The currencies a chain may take, and which one is meant where another word was written."""

from __future__ import annotations

import difflib

# ISO 4217:2015, list one as its maintenance agency (SIX) publishes it, without the codes in which
# nothing is sold: funds, units of account, precious metals, tests. Withdrawn since 2025, and kept
# because a chain's history may be in them: ANG, BGN.
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())

# What people write for a currency that has another code.
_MEANT = {
    "RMB": "CNY",
    "CNH": "CNY",
    "YUAN": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "¥": "CNY",
    "￥": "CNY",
    "NTD": "TWD",
    "NT$": "TWD",
    "新台币": "TWD",
    "新臺幣": "TWD",
    "HK$": "HKD",
    "港币": "HKD",
    "港幣": "HKD",
    "YEN": "JPY",
    "US$": "USD",
    "$": "USD",
    "DOLLAR": "USD",
    "美元": "USD",
    "EURO": "EUR",
    "€": "EUR",
    "UKP": "GBP",
    "STG": "GBP",
    "£": "GBP",
    "RUR": "RUB",
}


def currency_meant(text: str) -> str | None:
    """The code that is most likely meant by what is none; null where none is near.

    >>> currency_meant("RMB"), currency_meant("usd"), currency_meant("CNX")
    ('CNY', 'USD', 'CNY')
    >>> currency_meant("shells") is None
    True
    """
    written = text.strip().upper()
    if written in CURRENCIES:
        return written
    near = difflib.get_close_matches(written, sorted(CURRENCIES), n=1, cutoff=0.6)
    return _MEANT.get(written) or next(iter(near), None)
