"""The lexicon as one table: every known term with its role, strength and degree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from regulars.models import sentiment_grammar as grammar
from regulars.models import sentiment_words_en as en
from regulars.models import sentiment_words_zh as zh

END = "\n"
"""Stands behind every text, so that nothing said in one text reaches into the next."""

UNATTACHED_NEGATOR = -0.5
"""A negation of something unknown ("it didn't …", 没…) leans towards complaint."""
UNATTACHED_HEDGE = -0.5
"""So does "too" or 有点 before something unknown."""
QUESTION = -0.4
"""Content shoppers seldom ask."""

SCHEMA = pl.Schema(
    {
        "term": pl.String,
        "role": pl.String,
        "strength": pl.Float64,
        "degree": pl.Float64,
        "aspect": pl.String,
        "language": pl.String,
    }
)


@dataclass(frozen=True)
class Lexicon:
    """`entries`: one row a term as it stands in a normalised text; `measures`: measure x aspect."""

    entries: pl.DataFrame
    measures: pl.DataFrame

    @property
    def terms(self) -> list[str]:
        """Longest first: of several terms that begin at one place, the first is taken."""
        return self.entries["term"].to_list()


def normalised(texts: pl.Series) -> pl.Series:
    """Texts as the lexicon reads them: one width, small letters, Latin words between blanks.

    Blanks of its own around every Latin word let "good" be found in "It's good." and not in
    "goods", by one search for both languages.

    >>> normalised(pl.Series(["质量ＯＫ，It’s Good"])).to_list()
    ["质量 ok , it's   good \\n"]
    """
    return (
        texts.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all("[’‘`´]", "'")
        .str.replace_all(r"[ \t\x{a0}\x{3000}]{2,}", " ")
        .str.replace_all(r"[\p{Latin}0-9][\p{Latin}0-9']*", " $0 ")
        + END
    )


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the package."""
    return lexicon_with({})


def lexicon_with(own: Mapping[str, float]) -> Lexicon:
    """The lexicon with a chain's own terms and their strengths, which win over the package's.

    >>> lexicon_with({"霸王茶": 2.0}).entries.height - lexicon().entries.height
    1
    """
    strengths = {**_strengths(), **{term: (by, _language(term)) for term, by in own.items()}}
    roles = _roles()
    rows: list[tuple[str, str, float, float | None, str | None, str]] = []
    for term in [*roles, *(term for term in strengths if term not in roles)]:
        role, degree, aspect, language = roles.get(term, ("word", None, None, ""))
        strength, spoken = strengths.get(term, (0.0, language))
        if term in strengths and (role in {"neutral", "aspect"} or term in own):
            role, degree, aspect = "word", None, None
        if role == "negator":
            strength = UNATTACHED_NEGATOR
        if role == "question":
            strength = QUESTION
        rows.append((term, role, strength, degree, aspect, language or spoken))
    return Lexicon(_entries(rows), _measures())


def _entries(rows: list[tuple[str, str, float, float | None, str | None, str]]) -> pl.DataFrame:
    said = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    as_read = normalised(said["term"]).str.strip_suffix(END)
    return (
        said.with_columns(as_read.alias("term"))
        .vstack(pl.DataFrame([(END, "sentence", 0.0, None, None, "signs")], SCHEMA, orient="row"))
        .unique("term", keep="first", maintain_order=True)
        .with_columns(pl.col("degree").fill_null(1.0))
        .sort(pl.col("term").str.len_bytes(), "term", descending=[True, False])
    )


def _measures() -> pl.DataFrame:
    return pl.DataFrame(
        [
            (measure, aspect, strength)
            for measure, by_aspect in grammar.MEASURES_ZH.items()
            for aspect, strength in by_aspect.items()
        ],
        schema={"term": pl.String, "aspect": pl.String, "measured": pl.Float64},
        orient="row",
    )


def _strengths() -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    for bands, language in ((zh.PRAISE, "zh"), (zh.COMPLAINTS, "zh"), (grammar.EMOJI, "signs")):
        for strength, terms in bands.items():
            found |= dict.fromkeys(terms.split(), (strength, language))
    for bands in (en.PRAISE, en.COMPLAINTS):
        for strength, terms in bands.items():
            found |= dict.fromkeys(_by_comma(terms), (strength, "en"))
    found |= dict.fromkeys(grammar.HEDGES_ZH.split(), (UNATTACHED_HEDGE, "zh"))
    found |= dict.fromkeys(_by_comma(grammar.HEDGES_EN), (UNATTACHED_HEDGE, "en"))
    return found


def _roles() -> dict[str, tuple[str, float | None, str | None, str]]:
    """The first role given to a term is the one it keeps."""
    found: dict[str, tuple[str, float | None, str | None, str]] = {}

    def add(terms: Iterable[str], role: str, language: str, degree: float | None = None) -> None:
        for term in terms:
            found.setdefault(term, (role, degree, None, language))

    add(grammar.CLAUSE_BREAKS.split(), "clause", "signs")
    add(grammar.SENTENCE_BREAKS.split(), "sentence", "signs")
    add(grammar.QUESTIONS.split(), "question", "signs")
    add(grammar.EXCLAMATIONS.split(), "exclamation", "signs")
    add(grammar.QUOTES.split(), "quote", "signs")
    for parted, language, words in (
        (str.split, "zh", (grammar.NEGATORS_ZH, grammar.DEGREES_ZH, grammar.BUTS_ZH)),
        (_by_comma, "en", (grammar.NEGATORS_EN, grammar.DEGREES_EN, grammar.BUTS_EN)),
    ):
        negators, degrees, buts = words
        add(parted(negators), "negator", language)
        for degree, terms in degrees.items():
            add(parted(terms), "degree", language, degree)
        add(parted(buts), "but", language)
    add(grammar.QUALMS_ZH.split(), "qualm", "zh")
    add(_by_comma(grammar.QUALMS_EN), "qualm", "en")
    add(grammar.CONCESSIONS_ZH.split(), "concession", "zh")
    add(_by_comma(grammar.CONCESSIONS_EN), "concession", "en")
    add(grammar.UNREAL_ZH.split(), "unreal", "zh")
    add(_by_comma(grammar.UNREAL_EN), "unreal", "en")
    add(grammar.MEASURES_ZH, "measure", "zh")
    for aspect, terms in grammar.ASPECTS_ZH.items():
        for term in terms.split():
            found.setdefault(term, ("aspect", None, aspect, "zh"))
    add(grammar.ABSORBERS_ZH.split(), "neutral", "zh")
    add(_by_comma(grammar.ABSORBERS_EN), "neutral", "en")
    return found


def _by_comma(terms: str) -> list[str]:
    return [term for part in terms.split(",") if (term := " ".join(part.split()))]


def _language(term: str) -> str:
    return "en" if term.isascii() else "zh"
