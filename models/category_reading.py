"""Texts as the taxonomy reads them: the parts that their words play, clause by clause."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES

BREAKS = "，。！？；：…,.!?;:~～()（）\n"
"""Signs that end a clause."""
BREAK_WORDS = (
    "但是",
    "可是",
    "不过",
    "但",
    "然后",
    "而且",
    "but",
    "although",
    "though",
    "however",
    "because",
    "whereas",
)
"""Words that open a clause."""
_COUNT_ZH = r"(?:[0-9.]+|[零一二两俩三四五六七八九十百千几半多]+)"
_COUNT_EN = (
    r"(?:[0-9.]+|an?|half an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|"
    r"twenty|thirty|forty|fifty|sixty|ninety|few|several|couple of)"
)
MARKS = {
    "\ue000": (
        rf"{_COUNT_ZH} ?(?:块|元|毛|角)[钱零一二三四五六七八九0-9]?|[$£€¥] ?[0-9.]+|"
        r"\b[0-9.]+ ?(?:quid|dollars?|pounds?|euros?|bucks|usd|rmb|p|pence|cents)\b|"
        r"\b(?:fiver|tenner)\b|\b[0-9.]+ ?%? off\b"
    ),
    "\ue001": (
        rf"{_COUNT_ZH} ?个? ?多?(?:分钟|小时|刻钟|钟头)|半天|大半天|"
        rf"\b{_COUNT_EN}[ -](?:mins?|minutes?|hours?|hrs?)\b"
    ),
    "\ue002": (
        r"(?:[0-9.]+|[零一二两俩三四五六七八九十百几好]+) ?个? ?(?:工作日|天|周|星期|礼拜|月)|"
        rf"\b{_COUNT_EN}[ -](?:working |business )?(?:days?|weeks?|months?)\b"
    ),
}
"""Signs, of no script, that are set behind sums of money, minutes and hours, days and weeks."""
MONEY, DURATION, DAYS = MARKS
BREAK = "|"
"""The part that a break plays."""
NOTHING = "none"
"""The part of terms that tell of nothing, and keep what lies within them from being heard."""
OWN = "own:"
"""What begins the part of a chain's own terms."""
_BITS = 63
_FARTHEST = 2**32
"""More bytes than a text has."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """`entries`: one row a term as it stands in a text that was read, with a mask of its parts.

    `parts`: every part, by its place in the masks ``m0``, ``m1``, ….
    """

    entries: pl.DataFrame
    parts: tuple[str, ...]

    @property
    def masks(self) -> list[str]:
        return [f"m{n}" for n in range(len(self.parts) // _BITS + 1)]

    def has(self, part: str, of: str = "m") -> pl.Expr:
        """Whether a mask holds the part; `of` is the mask's letter.

        Raises:
            KeyError: no such part.
        """
        if part not in self.parts:
            raise KeyError(part)
        n, bit = divmod(self.parts.index(part), _BITS)
        return (pl.col(f"{of}{n}") & (1 << bit)) != 0

    def mask(self, parts: Iterable[str], n: int) -> int:
        """The bits of the parts that the n-th mask holds."""
        places = (divmod(self.parts.index(part), _BITS) for part in parts)
        return sum(1 << bit for number, bit in places if number == n)


def read(texts: pl.Series) -> pl.Series:
    """One width, small letters, a blank on either side of every Latin word and number.

    >>> read(pl.Series(["ＡＰＰ闪退，It’s a Check-in"])).to_list()
    [" app 闪退, it's  a  check  in "]
    """
    plain = texts.str.normalize("NFKC").str.to_lowercase()
    for mark, pattern in MARKS.items():
        plain = plain.str.replace_all(f"({pattern})", f"${{1}}{mark}")
    return (
        plain.str.replace_all("[’‘`´]", "'")
        .str.replace_all(r"([a-z])[-_/]+([a-z])", "$1 $2")
        .str.replace_all(r"[ \t\r\x{a0}\x{3000}]+", " ")
        .str.replace_all(r" ?([\p{Latin}0-9][\p{Latin}0-9'&%]*) ?", " $1 ")
    )


def lexicon_of(terms: Mapping[str, Iterable[str]], *, subjects: Container[str] = ()) -> Lexicon:
    """The terms of each part; one that ends in a star stands for every ending."""
    parts = (BREAK, NOTHING, *(part for part in terms if part != NOTHING))
    signs = dict.fromkeys(BREAKS)
    said = pl.DataFrame(
        [(word, BREAK) for word in (*signs, *BREAK_WORDS)]
        + [(term, part) for part, words in terms.items() for term in words],
        schema={"term": pl.String, "part": pl.String},
        orient="row",
    )
    is_stem = pl.col("as_read").str.ends_with("*")
    stem = pl.col("as_read").str.strip_chars_end("* ")
    lexicon = Lexicon(pl.DataFrame(), parts)
    entries = (
        said.with_columns(read(said["term"]).alias("as_read"))
        .with_columns(pl.when(is_stem).then(stem).otherwise("as_read").alias("as_read"))
        .filter(pl.col("as_read").str.strip_chars() != "")
        .with_columns(
            *(
                pl.col("part")
                .replace_strict(
                    {part: lexicon.mask([part], n) for part in parts}, return_dtype=pl.UInt64
                )
                .alias(mask)
                for n, mask in enumerate(lexicon.masks)
            )
        )
        .group_by("as_read")
        .agg(pl.col(lexicon.masks).bitwise_or())
        .rename({"as_read": "term"})
        .sort("term")
    )
    return Lexicon(_with_inherited(entries, lexicon, subjects), parts)


def _with_inherited(
    entries: pl.DataFrame, lexicon: Lexicon, subjects: Container[str]
) -> pl.DataFrame:
    """Terms with what they take over from those within them, which are no longer heard.

    A word plays the parts of its stem too (``fitters`` those of ``fitter*``), a term that
    tells of a category is still about its subject: 骑手迟到 about the 骑手, and a chain's own
    term counts wherever it stands: 发票 in 发票抬头.
    """
    masks = lexicon.masks
    is_word = pl.col("term").str.contains(r"^ [^ ]+ $")
    is_stem = pl.col("inner").str.contains(r"^ [^ ]+$")
    within = (
        entries.filter(~lexicon.has(NOTHING))
        .select(
            "term",
            pl.col("term")
            .str.extract_many(entries["term"].to_list(), overlapping=True)
            .alias("inner"),
        )
        .explode("inner")
        .filter(pl.col("inner") != pl.col("term"))
        .join(entries.rename({"term": "inner"}), on="inner")
    )
    stems = within.filter(is_word & is_stem).drop("inner")
    of_subjects = [part for part in lexicon.parts if part in subjects]
    abouts = (
        within.join(entries.filter(_is_telling(lexicon)), on="term", how="semi")
        .with_columns(
            pl.col(mask) & pl.lit(lexicon.mask(of_subjects, n), pl.UInt64)
            for n, mask in enumerate(masks)
        )
        .drop("inner")
    )
    owned = [part for part in lexicon.parts if part.startswith(OWN)]
    owns = within.drop("inner").with_columns(
        pl.col(mask) & pl.lit(lexicon.mask(owned, n), pl.UInt64) for n, mask in enumerate(masks)
    )
    return (
        pl.concat([entries, stems, abouts, *([owns] if owned else [])])
        .group_by("term")
        .agg(pl.col(masks).bitwise_or())
        .sort("term")
    )


def _is_telling(lexicon: Lexicon) -> pl.Expr:
    telling = (lexicon.has(part) for part in lexicon.parts if part in FEEDBACK_CATEGORIES)
    return pl.any_horizontal(pl.lit(False), *telling)


def heard(texts: pl.Series, lexicon: Lexicon) -> pl.DataFrame:
    """Grain: text x known term, in order of reading, a break's own included.

    Columns: row (of the text), clause (numbered through all texts), term, start (bytes in the text
    as read), and the masks. A term that lies within another is left out.
    """
    terms = lexicon.entries["term"].to_list()
    as_read = pl.col("text")
    found = (
        pl.DataFrame({"text": read(texts)})
        .with_row_index("row")
        .select(
            "row",
            as_read.str.extract_many(terms, overlapping=True).alias("term"),
            as_read.str.find_many(terms, overlapping=True).cast(pl.List(pl.Int64)).alias("start"),
        )
        .explode("term", "start", empty_as_null=False)
        .with_columns((pl.col("start") + pl.col("term").str.len_bytes()).alias("end"))
        .sort("row", "start", "end", descending=[False, False, True])
    )
    # Ends counted on through all texts: one running maximum instead of one a text.
    end = pl.col("row").cast(pl.Int64) * _FARTHEST + pl.col("end")
    kept = found.filter((end > end.cum_max().shift(1)).fill_null(True))
    return (
        kept.join(lexicon.entries, on="term", how="left", maintain_order="left")
        .with_columns(
            ((pl.col("row") != pl.col("row").shift(1)).fill_null(True) | lexicon.has(BREAK))
            .cum_sum()
            .alias("clause")
        )
        .drop("end")
    )
