"""What it costs to read a million made-up texts: seconds and peak memory."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from regulars.data.chain_phrases import CATEGORIES, CLOSINGS, LANGUAGES, SENTIMENTS, phrases
from regulars.models.feedback_taxonomy import told_categories
from regulars.models.sentiment import praises, sentiment
from regulars.models.sentiment_fit import fit_sentiment
from regulars.models.sentiment_model import SentimentModel

Report = Callable[[str], None]

TEXTS_N = 1_000_000
CHARACTERS_N = 60
TAUGHT_N = 40_000
SEED = 3
_PHRASES_A_TEXT_N = 12
_HAN_FROM, _HAN_TO = 0x4E00, 0x5E00
"""Characters of which most are rare, put among the phrases so that texts are not all alike."""


def speed_section(report: Report) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Sentiment, categories and the words of both, of a million texts, half of them rated."""
    report(f"making {TEXTS_N:,} texts")
    texts, ratings = made_up(TEXTS_N, seed=SEED)
    report("fitting to some of them")
    model = fit_sentiment(texts[:TAUGHT_N], praises(ratings[:TAUGHT_N]), as_of=date(2000, 1, 1))
    fitted = isinstance(model, SentimentModel)
    report(f"reading {TEXTS_N:,} texts")
    since, cpu_since = time.perf_counter(), time.process_time()
    told = sentiment(texts, ratings, model if isinstance(model, SentimentModel) else None)
    sounds_s = time.perf_counter() - since
    about = told_categories(texts)
    seconds, cpu = time.perf_counter() - since, time.process_time() - cpu_since
    is_named = about["category_words"].list.len() > 0
    named_share = float(is_named.mean() or 0.0)  # type: ignore[arg-type]
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    trained_share = float((told["sentiment_by"] == "trained").mean() or 0.0)  # type: ignore[arg-type]
    yield (
        [
            f"speed, {TEXTS_N:,} made-up texts of {CHARACTERS_N} characters, half English",
            f"  sentiment and its words {sounds_s:.0f} s, {trained_share:.0%} by a trained model; "
            f"categories and their words {seconds - sounds_s:.0f} s, {named_share:.0%} name one",
            f"  both {seconds:.0f} s ({cpu:.0f} s of processor, load {os.getloadavg()[0]:.1f}); "
            f"peak memory {peak_gib:.2f} GiB, the texts and the fit included",
        ],
        {
            "section": "speed",
            "texts_n": TEXTS_N,
            "is_trained": fitted,
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
            "peak_gib": round(peak_gib, 2),
        },
    )


def made_up(texts_n: int, *, seed: int) -> tuple[pl.Series, pl.Series]:
    """Texts of `CHARACTERS_N` characters, and what their ratings say; null of every second."""
    dice = np.random.default_rng(seed)
    said = {
        (language, mood): [
            *(of for n in range(len(CATEGORIES)) for of in phrases(language, mood, n)),
            *CLOSINGS[language][mood],
            *(chr(of) for of in range(_HAN_FROM, _HAN_TO) if language == "zh"),
        ]
        for language in LANGUAGES
        for mood in SENTIMENTS
    }
    part_n = texts_n // len(said) + 1
    parts = [
        pl.DataFrame(
            [
                pl.Series(f"{n}", vocabulary).gather(dice.integers(0, len(vocabulary), part_n))
                for n in range(CHARACTERS_N if language == "zh" else _PHRASES_A_TEXT_N)
            ]
        ).select(
            text=pl.concat_str(pl.all(), separator=" " if language == "en" else "").str.slice(
                0, CHARACTERS_N
            ),
            rated=pl.lit(mood),
        )
        for (language, mood), vocabulary in said.items()
    ]
    rows = pl.concat(parts).sample(texts_n, shuffle=True, seed=seed)
    is_rated = pl.Series(np.arange(texts_n) % 2 == 0)
    return rows["text"], rows.select(pl.when(is_rated).then("rated")).to_series()
