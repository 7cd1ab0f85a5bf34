"""What a word of feeling is worth where it stands: negated, strengthened, conceded, wished, asked.

All of it is said of one long table of tokens, every text ending in a sentence break, so that a
look at the tokens before and after never crosses from one text into another.
"""

from __future__ import annotations

import polars as pl

from regulars.models.sentiment_entries import Lexicon

REACH_OF_NEGATION = {"zh": (15, 6), "en": (22, 14)}
"""How far, in bytes, a negation reaches a word of praise and one of complaint: five characters
(没有想象中那么好用) and two, three English words and two. A complaint is reached less far:
没用多久就坏了 denies nothing."""
REACH_OF_DEGREE = {"zh": 6, "en": 4}
MODIFIERS_N = 3
"""How many negations and degree words before a word are heard: 真的 不是 很 好."""

DENIED_PRAISE = -1.0
DENIED_COMPLAINT = -0.5
"""A denied praise is a complaint; a denied complaint ("not bad", 不贵) is but faint praise."""
BEFORE_BUT = 0.6
AFTER_BUT = 1.4
QUALM = 0.5
CONCEDED = 0.5
UNREAL_PRAISE = 0.3
ASKED_PRAISE = 0.3
"""Wished, expected or asked-for praise says little of what came."""
EXCLAIMED = 1.2
QUOTED_PRAISE = -0.5
"""Praise alone between quotation marks is mostly meant the other way."""

IS_MODIFIER = pl.col("role").is_in(["negator", "degree"])
ENDS_A_CLAUSE = pl.col("role").is_in(["clause", "sentence", "question", "exclamation", "but"])
ENDS_A_SENTENCE = pl.col("role").is_in(["sentence", "question", "exclamation"])


def tokens(texts: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Grain: text x known term in order of reading; `texts` has `row` and the normalised `text`.

    Adds to the entry's columns `start` and `end` (bytes) and, for a measure, the strength it has
    with what it measures. Terms without feeling or role are left out.
    """
    terms = lexicon.terms
    found = (
        texts.select(
            "row",
            pl.col("text").str.extract_many(terms, leftmost=True).alias("term"),
            pl.col("text")
            .str.find_many(terms, leftmost=True)
            .cast(pl.List(pl.Int64))
            .alias("start"),
        )
        .explode("term", "start")
        .with_columns((pl.col("start") + pl.col("term").str.len_bytes()).alias("end"))
        .join(lexicon.entries, on="term", how="left", maintain_order="left")
        .filter(pl.col("role") != "neutral")
        .with_columns(
            pl.when(ENDS_A_CLAUSE)
            .then(pl.lit(""))
            .otherwise("aspect")
            .forward_fill()
            .alias("aspect")
        )
        .filter(pl.col("role") != "aspect")
    )
    said_of_something = (pl.col("aspect").fill_null("") != "") | (
        IS_MODIFIER.shift(1) & (pl.col("start") - pl.col("end").shift(1) == 0)
    )
    of_nothing = lexicon.measures.filter(pl.col("aspect") == "").select("term", default="measured")
    return (
        found.join(lexicon.measures, on=["term", "aspect"], how="left", maintain_order="left")
        .join(of_nothing, on="term", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("role") != "measure")
            .then("strength")
            .when(said_of_something)
            .then(pl.coalesce("measured", "default"))
            .otherwise(0.0)
            .alias("strength")
        )
        .drop("measured", "default", "aspect")
    )


def weighed(found: pl.DataFrame) -> pl.DataFrame:
    """The tokens that count: `row`, `start`, `language`, `said` (with its negation), `weight`.

    `weight` is in thousandths, whole, so that no order of adding changes a sum.
    """
    return (
        found.with_columns(_role_here())
        .with_columns(_alone())
        .with_columns(*_modified())
        .with_columns(*_surroundings())
        .filter((pl.col("strength") != 0) & (~IS_MODIFIER | pl.col("is_alone")))
        .select("row", "start", "language", _said(), _weight())
    )


def _role_here() -> pl.Expr:
    """A word that can also strengthen (好, pretty) does so right before a word of feeling."""
    follows = (pl.col("start").shift(-1) == pl.col("end")) & (pl.col("strength").shift(-1) != 0)
    strengthens = (pl.col("role") == "degree") & ((pl.col("strength") <= 0) | follows)
    return (
        pl.when((pl.col("role") == "degree") & ~strengthens.fill_null(False))
        .then(pl.lit("word"))
        .otherwise("role")
        .alias("role")
    )


def _alone() -> pl.Expr:
    """Whether a negation or degree word finds nothing known to act on."""
    target = pl.when(~IS_MODIFIER)
    strength = target.then("strength").backward_fill().fill_null(0.0)
    start = target.then("start").backward_fill()
    reach = pl.col("language").replace_strict(
        {name: praise for name, (praise, _) in REACH_OF_NEGATION.items()}, default=0
    )
    return ((strength == 0) | (start - pl.col("end") > 2 * reach)).fill_null(True).alias("is_alone")


def _modified() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    degree, is_denied = pl.lit(1.0), pl.lit(False)
    goes_on = ~IS_MODIFIER
    denied_by = pl.lit(None, dtype=pl.String)
    start = pl.col("start")
    for back in range(1, MODIFIERS_N + 1):
        role, language = pl.col("role").shift(back), pl.col("language").shift(back)
        gap = start - pl.col("end").shift(back)
        praise, complaint = (
            language.replace_strict({k: v[i] for k, v in REACH_OF_NEGATION.items()}, default=0)
            for i in (0, 1)
        )
        reach = pl.when(pl.col("strength") > 0).then(praise).otherwise(complaint)
        near = language.replace_strict(REACH_OF_DEGREE, default=0)
        denies = (goes_on & (role == "negator") & (gap <= reach)).fill_null(False)
        strengthens = (goes_on & (role == "degree") & (gap <= near)).fill_null(False)
        degree = (
            pl.when(denies)
            .then(pl.min_horizontal(degree, pl.lit(1.0)))
            .when(strengthens)
            .then(degree * pl.col("degree").shift(back))
            .otherwise(degree)
        )
        is_denied = is_denied ^ denies
        touch = pl.when(gap == 0).then(pl.lit("")).otherwise(pl.lit("…"))
        denied_by = pl.when(denies).then(pl.col("term").shift(back) + touch).otherwise(denied_by)
        goes_on = denies | strengthens
        start = pl.col("start").shift(back)
    return degree.alias("times"), is_denied.alias("is_denied"), denied_by.alias("denied_by")


def _surroundings() -> tuple[pl.Expr, ...]:
    def last(*roles: str, until: pl.Expr) -> pl.Expr:
        mark = pl.when(pl.col("role").is_in(roles)).then(True).when(until).then(False)
        return mark.forward_fill().fill_null(False)

    is_but = pl.col("role") == "but"
    but_ahead = pl.when(is_but).then(True).when(ENDS_A_SENTENCE).then(False).backward_fill()
    closing = pl.when(ENDS_A_CLAUSE).then("role").backward_fill()
    quote = pl.col("role") == "quote"
    quoted = (
        quote.shift(1)
        & quote.shift(-1)
        & (pl.col("end").shift(1) + 1 >= pl.col("start"))
        & (pl.col("start").shift(-1) <= pl.col("end") + 1)
    )
    return (
        last("but", until=ENDS_A_SENTENCE).alias("is_after_but"),
        (but_ahead.fill_null(False) & ~is_but).alias("is_before_but"),
        last("qualm", until=ENDS_A_SENTENCE | is_but).alias("is_qualm"),
        last("concession", until=ENDS_A_CLAUSE).alias("is_conceded"),
        last("unreal", until=ENDS_A_CLAUSE).alias("is_unreal"),
        (closing == "question").fill_null(False).alias("is_asked"),
        (closing == "exclamation").fill_null(False).alias("is_exclaimed"),
        quoted.fill_null(False).alias("is_quoted"),
    )


def _said() -> pl.Expr:
    whole = pl.concat_str(pl.col("denied_by").fill_null(""), "term")
    return whole.str.replace_all(r"\s+", " ").str.strip_chars(" ").alias("said")


def _weight() -> pl.Expr:
    denial = pl.when(pl.col("strength") > 0).then(DENIED_PRAISE).otherwise(DENIED_COMPLAINT)
    value = pl.col("strength") * pl.col("times") * pl.when("is_denied").then(denial).otherwise(1.0)

    def factor(where: pl.Expr, by: float) -> pl.Expr:
        return pl.when(where).then(by).otherwise(1.0)

    praises, complains = value > 0, value < 0
    weight = (
        value
        * factor(pl.col("is_after_but"), AFTER_BUT)
        * factor(pl.col("is_before_but"), BEFORE_BUT)
        * factor(pl.col("is_qualm") & complains, QUALM)
        * factor(pl.col("is_conceded"), CONCEDED)
        * factor(pl.col("is_unreal") & praises, UNREAL_PRAISE)
        * factor(pl.col("is_asked") & praises, ASKED_PRAISE)
        * factor(pl.col("is_exclaimed"), EXCLAIMED)
        * factor(pl.col("is_quoted") & praises, QUOTED_PRAISE)
    )
    return (weight * 1000).round().cast(pl.Int64).alias("weight")
