"""The settings of feedback: its scale, what is asked of answers, and the chain's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from regulars.expectations.feedback_categories import FEEDBACK_CATEGORIES, OTHER


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    if not given or any(len(word.strip()) == 0 for word in given):
        raise ValueError("a list of words, such as ['stale', '不新鲜'], is expected")
    return given


def _own_code(code: str) -> str:
    if code in FEEDBACK_CATEGORIES or code == OTHER:
        raise ValueError(
            f"a code of your own is expected; {code} is there already: words are added to it "
            "under [feedback.terms]"
            if code != OTHER
            else "a code of your own is expected; other is what no category finds"
        )
    return code


def _each_once(given: tuple[OwnCategory, ...]) -> tuple[OwnCategory, ...]:
    codes = [category.code for category in given]
    if len(set(codes)) < len(codes):
        raise ValueError("categories with a code of their own each are expected")
    return given


def _known(terms: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    strange = sorted(set(terms) - set(FEEDBACK_CATEGORIES))
    if strange:
        raise ValueError(
            f"words for categories that there are ({', '.join(FEEDBACK_CATEGORIES)}) are expected, "
            f"not for {strange[0]}; a category of your own is a [[feedback.categories]]"
        )
    return terms


def _each_known(feedback: Feedback) -> Feedback:
    codes = [*FEEDBACK_CATEGORIES, *(category.code for category in feedback.categories), OTHER]
    for code in feedback.labels.values():
        if code not in codes:
            raise ValueError(f"labels that mean one of {', '.join(codes)} are expected, not {code}")
    return feedback


Words = Annotated[tuple[str, ...], AfterValidator(_words)]


class OwnCategory(BaseModel):
    """A category of the chain's own, and the words that tell of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), AfterValidator(_own_code)]
    label_en: str | None = None
    label_zh: str | None = None
    terms: Words


class Feedback(BaseModel):
    """How feedback is read and what is asked of answers.

    ``rating_scale`` is the scale of ratings that do not say theirs. Pieces of ``answered_kinds``
    are to be answered and settled within the target hours; one of the same customer within
    ``repeat_days`` of another is a repetition. ``terms`` adds words to the categories that there
    are, ``categories`` adds categories; ``labels`` says which category is meant by what the chain's
    own people write.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rating_scale: str = Field(default="1-5", pattern=r"^(0-[1-9]|1-[2-9]|[01]-[1-9]\d{1,2})$")
    response_target_hours: float = Field(default=24, gt=0)
    resolution_target_hours: float = Field(default=72, gt=0)
    repeat_days: int = Field(default=30, ge=1)
    answered_kinds: tuple[Literal["survey", "review", "complaint", "call", "social"], ...] = (
        "complaint",
        "call",
    )
    terms: Annotated[Mapping[str, Words], AfterValidator(_known)] = {}
    labels: Mapping[str, str] = {}
    categories: Annotated[tuple[OwnCategory, ...], AfterValidator(_each_once)] = ()

    _known_labels = model_validator(mode="after")(_each_known)
