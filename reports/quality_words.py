"""How good the models are, in words, for who was shown an accuracy of 98 % and doubted it."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.expectations.catalogue import say
from regulars.reports import numbers
from regulars.reports.facts import BASELINES
from regulars.reports.numbers import Counted
from regulars.reports.quality import MODEL, Gain, Judged, Quality, Watched
from regulars.reports.reasons import reason_of


def quality_sentences(quality: Quality, language: str) -> list[list[str]]:
    """Paragraphs of sentences: the test, what it means, and how the model came about."""
    if not quality.judged:
        horizon = quality.facts.horizon_days
        tested = [[say("quality.none", language, horizon=horizon)]]
    else:
        tested = [
            [
                say(
                    "quality.tested",
                    language,
                    tested_on=quality.tested_on,
                    until=quality.until,
                    customers=numbers.counted(Counted(quality.customers_n, "customers"), language),
                )
            ],
            [*_pairs(quality, language)],
            *([gained] if (gained := [*_gains(quality, language)]) else []),
            [*_lift(quality, language)],
            [_calibration(quality, language)],
        ]
    return [*tested, [*_fit(quality, language)]]


def drift_sentence(quality: Quality, language: str) -> str:
    """Whether customers have changed since the fit; nothing where nothing is watched."""
    if not quality.watched:
        return ""
    largest = quality.watched[0]
    return say(
        "quality.drift.some" if quality.drifted else "quality.drift.none",
        language,
        watched=len(quality.watched),
        index=numbers.mean(largest.index, places=2),
        feature=watched_name(largest, language),
    )


def watched_name(watched: Watched, language: str) -> str:
    """The name of a watched figure: a column of the features as it is, the risk in words."""
    if watched.feature == "churn_risk":
        return say("quality.drift.risk", language)
    return watched.feature


def watched_group(watched: Watched, language: str) -> str:
    """What a watched figure is about."""
    return reason_of(watched.group, language) if watched.group else numbers.NONE


def _pairs(quality: Quality, language: str) -> Iterator[str]:
    by_model = {one.model: one.measures["auc"] for one in quality.judged if "auc" in one.measures}
    own = by_model[MODEL]
    yield say(
        "quality.pairs",
        language,
        auc=_in_100(own.value),
        low=_in_100(own.low),
        high=_in_100(own.high),
    )
    for plain in BASELINES:
        if plain in by_model and plain != quality.facts.kind:
            yield say(f"quality.pairs.{plain}", language, auc=_in_100(by_model[plain].value))
    others = [found.value for model, found in by_model.items() if model != MODEL]
    if others and max(others) >= own.value and not quality.facts.is_baseline:
        yield say("quality.not_better", language)


def _gains(quality: Quality, language: str) -> Iterator[str]:
    """What the model adds to each plain rule, and whether that is sure."""
    rules = [plain for plain in BASELINES if plain != quality.facts.kind]
    for plain in rules:
        gains = [gain for gain in quality.gains if gain.plain == plain]
        if gains:
            listed = (_gain(gain, language) for gain in gains)
            yield say(
                "quality.gain",
                language,
                rule=say(f"quality.kind.{plain}", language),
                gains=say("quality.gain.separator", language).join(listed),
            )


def _gain(gain: Gain, language: str) -> str:
    sign = -1 if gain.verdict == "worse" else 1
    low, value, high = sorted(sign * one for one in (gain.low, gain.value, gain.high))
    return say(
        f"quality.gain.{gain.verdict}",
        language,
        measure=say(f"quality.gain.{gain.measure}", language),
        value=_signed(value),
        low=_signed(low),
        high=_signed(high),
    )


def _signed(value: float) -> str:
    """Three places, with a minus that is one.

    >>> _signed(0.0324), _signed(-0.0021), _signed(-0.0001)
    ('0.032', '−0.002', '0.000')
    """
    return numbers.mean(round(value, 3) + 0, places=3).replace("-", "−")


def _lift(quality: Quality, language: str) -> Iterator[str]:
    base, lift = quality.gone_share, _own(quality).measures["lift_10"].value
    yield say(
        "quality.lift",
        language,
        riskiest=_in_100(base * lift, places=0),
        base=_in_100(base, places=0),
        lift=numbers.mean(lift),
    )
    came = 1 - base
    yield say(
        "quality.accuracy.came" if came >= base else "quality.accuracy.gone",
        language,
        most=_in_100(max(came, base), places=0),
    )


def _calibration(quality: Quality, language: str) -> str:
    measures = _own(quality).measures
    error, floor = measures["calibration_error"], measures["calibration_floor"]
    most = floor.value if floor.high is None else floor.high
    return say(
        "quality.calibration.right" if error.value <= most else "quality.calibration.off",
        language,
        error=_in_100(error.value),
        floor_high=_in_100(most),
        told=_in_100(quality.told_share),
        base=_in_100(quality.gone_share),
    )


def _fit(quality: Quality, language: str) -> Iterator[str]:
    told = quality.facts
    yield say(
        "quality.fitted",
        language,
        fitted_on=told.fitted_on,
        examples=numbers.count(told.examples_n),
    )
    if quality.choice:
        kinds = (
            say(
                "quality.choice.item",
                language,
                kind=say(f"quality.kind.{kind}", language),
                auc=numbers.mean(auc, places=3),
            )
            for kind, auc in quality.choice
        )
        yield say(
            f"quality.choice.{told.judged_on}",
            language,
            kinds=say("list.separator", language).join(kinds),
            kind=say(f"quality.kind.{told.kind}", language),
        )
        if quality.judged:
            yield say("quality.choice.tested", language)


def _own(quality: Quality) -> Judged:
    return quality.judged[0]


def _in_100(share: float | None, *, places: int = 1) -> str:
    """A share as so many of a hundred.

    >>> _in_100(0.896), _in_100(0.184, places=0)
    ('89.6', '18')
    """
    return numbers.mean(None if share is None else 100 * share, places=places)
