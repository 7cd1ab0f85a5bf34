"""Settings: ``regulars.toml``, frozen and typed, and the only reader of the environment."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, time
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from regulars.data.workspace import Workspace
from regulars.flows.currencies import CURRENCIES, currency_meant
from regulars.flows.feedback_settings import Feedback
from regulars.flows.memory import default_memory
from regulars.flows.settings_errors import FORMS, explained, misplaced, unknown, wrong
from regulars.flows.time_zones import zone_meant
from regulars.models.refits import ANCHOR_ON, Refit

if TYPE_CHECKING:
    from regulars.data.drift import Tolerance


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


def _zone(name: str) -> str:
    if name not in available_timezones():
        near = zone_meant(name)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"a time zone such as 'Asia/Shanghai' is expected{hint}")
    return name


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        near = currency_meant(code)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"an ISO 4217 code such as 'CNY' is expected{hint}")
    return code


def _to_the_minute(at: time) -> time:
    if at.second or at.microsecond or at.tzinfo:
        raise ValueError(FORMS["day_starts_at"])
    return at


def _order_key(columns: tuple[str, ...]) -> tuple[str, ...]:
    known = {"order_id", "store_id", "ordered_on"}
    if "order_id" not in columns or not known.issuperset(columns):
        raise ValueError("order_id, alone or with store_id and ordered_on, is expected")
    return columns


def _rising(cuts: FourCuts) -> FourCuts:
    if sorted(cuts) != list(cuts):
        raise ValueError(FORMS["spend_cuts"])
    return cuts


def _one_or_several(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise ValueError("a text, or a list of texts, is expected")  # noqa: TRY004 - pydantic's way
    return value


def _inside(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        path = PurePosixPath(pattern)
        if not pattern.strip() or path.is_absolute() or ".." in path.parts:
            raise ValueError(
                f"a path inside the workspace such as 'exports/sales*.csv' is expected, not "
                f"{pattern!r}; files that lie elsewhere can be linked into exports/"
            )
        if any("**" in part and part != "**" for part in path.parts):
            raise ValueError(
                f"** as a folder of its own is expected, as in 'exports/**/*.csv', not {pattern!r}"
            )
    if not patterns:
        raise ValueError("one path or several are expected, such as 'exports/sales*.csv'")
    return patterns


Patterns = Annotated[tuple[str, ...], BeforeValidator(_one_or_several), AfterValidator(_inside)]
FourCuts = tuple[Decimal, Decimal, Decimal, Decimal]


def _dated(pattern: str | None) -> str | None:
    tokens = re.findall("%.", pattern or "%Y")
    if not tokens or len(set(tokens)) < len(tokens) or not set(tokens) <= _DATE_TOKENS:
        raise ValueError("a file name with each of %Y %m %d %H %M %S at most once is expected")
    return pattern


def _date_formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    for form in formats:
        tokens = {token.replace("-", "") for token in re.findall("%-?.", form)}
        parts = [{"%Y", "%y"}, {"%m", "%b", "%B"}, {"%d"}]
        if not tokens <= _DAY_TOKENS or not all(len(part & tokens) == 1 for part in parts):
            raise ValueError(FORMS["dates"])
    return formats


_DAY_TOKENS = {"%Y", "%y", "%m", "%b", "%B", "%d", "%H", "%I", "%p", "%M", "%S", "%f"}
DateFormats = Annotated[
    tuple[str, ...], BeforeValidator(_one_or_several), AfterValidator(_date_formats)
]
_DATE_TOKENS = {"%Y", "%m", "%d", "%H", "%M", "%S"}
CutPointsGiven = Annotated[FourCuts, AfterValidator(_rising)]


class Chain(_Section):
    """What the chain is, and how its days and orders are told apart."""

    name: str
    currency: Annotated[str, AfterValidator(_currency)]
    time_zone: Annotated[str, AfterValidator(_zone)]
    language: Literal["en", "zh"] = "en"
    day_starts_at: Annotated[time, AfterValidator(_to_the_minute)] = time(0, 0)
    anonymous_ids: tuple[str, ...] = ()
    order_key: Annotated[tuple[str, ...], AfterValidator(_order_key)] = ("order_id",)
    round_amounts: Literal["half_even"] | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def day_starts_minutes(self) -> int:
        return self.day_starts_at.hour * 60 + self.day_starts_at.minute


def _named(given: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if not given:
        raise ValueError("the column's name in the file, or several, are expected")
    return given


Names = Annotated[str | tuple[str, ...], AfterValidator(_named)]


class Source(_Section):
    """Files that one system writes: where they are, how they are laid out, and when they are whole.

    ``columns`` maps contract columns to the files' own, or to several names of which a file has
    one; ``sheet`` is the sheet of a workbook;
    ``decimal``, ``thousands`` and ``dates`` (``%d-%m-%Y %H:%M``) are how values are spelled where
    the text alone does not say. ``delivered_at`` is a pattern of file names such as
    ``sales_%Y%m%d*.csv``.
    """

    files: Patterns
    columns: Mapping[str, Names] = {}
    sheet: str | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal[",", ".", " ", "'"] | None = None
    dates: DateFormats = ()
    final_newline: bool = True
    delivered_at: Annotated[str | None, AfterValidator(_dated)] = None

    @property
    def first_names(self) -> dict[str, str]:
        """The name of each column, the first where there are several."""
        return {
            column: given if isinstance(given, str) else given[0]
            for column, given in self.columns.items()
        }


class ExportFiles(Source):
    """The files of one export: of one source, or of several ``[[exports.NAME.sources]]``."""

    files: Patterns = ()
    sources: tuple[Source, ...] = ()

    @property
    def each(self) -> tuple[Source, ...]:
        """Its sources, of which it is the only one where it names none."""
        return self.sources or (self,)

    @property
    def patterns(self) -> tuple[str, ...]:
        """Where all of its files are."""
        return tuple(pattern for source in self.each for pattern in source.files)


class Exports(_Section):
    """One section an export; only transactions are required."""

    transactions: ExportFiles
    customers: ExportFiles | None = None
    products: ExportFiles | None = None
    stores: ExportFiles | None = None
    contacts: ExportFiles | None = None
    coupons: ExportFiles | None = None
    feedback: ExportFiles | None = None

    def given(self) -> dict[str, ExportFiles]:
        """The exports that settings name, in the contract's order."""
        sections = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: section for name, section in sections.items() if section is not None}


class SegmentRuleGiven(_Section):
    """One segment of one's own: the R and F scores it takes, first and last."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    r: tuple[int, int]
    f: tuple[int, int]
    label_en: str | None = None
    label_zh: str | None = None


class Rfm(_Section):
    """Scores and segments: own cut points and own segments, where the chain has them."""

    compare_days: int = Field(default=28, ge=1)
    recency_cuts: CutPointsGiven | None = None
    frequency_cuts: CutPointsGiven | None = None
    spend_cuts: CutPointsGiven | None = None
    segments: tuple[SegmentRuleGiven, ...] = ()


class Churn(_Section):
    """The horizon within which a customer is expected back."""

    horizon_days: int = Field(default=28, ge=1)


class Models(_Section):
    """When models are fitted: how often, and a day that the calendar goes by."""

    refit: Refit = "weekly"
    anchor_on: date = ANCHOR_ON


class Cohorts(_Section):
    """How long after the chain's first line a first order may not be the first ever."""

    warm_up_days: int = Field(default=60, ge=0)


class Gate(_Section):
    """How severe each check of the data is, and after how many days without sales it is late."""

    freshness_days: int = Field(default=3, ge=0)
    severity: Mapping[str, str] = {}


Policy = Literal["stop", "warn", "off"]


class Drift(_Section):
    """What happens when a file is not like those before it: stop, warn or off."""

    columns: Policy = "stop"
    volume: Policy = "stop"
    empty: Policy = "warn"

    def tolerance(self, accepted: Collection[str] = ()) -> Tolerance:
        """What stops a delivery, where a person has accepted some aspects of it."""
        from regulars.data.drift import Tolerance

        return Tolerance(self.columns, self.volume, self.empty, frozenset(accepted))


class ResourceLimits(_Section):
    """What a run may use; no result depends on it."""

    threads: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    patience_seconds: float = Field(default=5, ge=0)
    memory: str = Field(default_factory=default_memory, pattern=r"^\d+(\.\d+)?(MB|GB)$")


class Settings(_Section):
    """All of ``regulars.toml``."""

    chain: Chain
    exports: Exports
    rfm: Rfm = Rfm()
    churn: Churn = Churn()
    models: Models = Models()
    cohorts: Cohorts = Cohorts()
    gate: Gate = Gate()
    feedback: Feedback = Feedback()
    drift: Drift = Drift()
    resources: ResourceLimits = Field(default_factory=ResourceLimits)

    def affecting_results(self) -> dict[str, Any]:
        """What a result may depend on beside the rows: for the run id."""
        return self.model_dump(
            mode="json",
            include={
                "chain": {"name", "currency", "language", "order_key"},
                "rfm": True,
                "churn": True,
                "models": True,
                "cohorts": True,
                "gate": True,
                "feedback": True,
            },
        )


class Environment(_Section):
    """What the surroundings say."""

    prefect_api_url: str | None = None
    kill_at: str | None = None

    @classmethod
    def read(cls) -> Environment:
        return cls(
            prefect_api_url=os.environ.get("PREFECT_API_URL") or None,
            kill_at=os.environ.get("REGULARS_KILL_AT") or None,
        )


def settings_of(workspace: Workspace) -> Settings:
    """The settings of a workspace.

    Raises:
        SettingsError: the file is no TOML, a key is unknown, missing or of the wrong type; names
            the line and, for an unknown key, the nearest known one.
    """
    path = workspace.settings_file
    try:
        text = path.read_text(encoding="utf-8-sig")
        given = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise wrong(path.name, None, "a text file in UTF-8", error.reason) from error
    except tomllib.TOMLDecodeError as error:
        raise wrong(path.name, None, 'TOML, such as: name = "My chain"', str(error)) from error
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise explained(path.name, text, error, Settings) from error
    _check_exports(path.name, text, settings)
    return settings


def _check_exports(file: str, text: str, settings: Settings) -> None:
    for name, section in settings.exports.given().items():
        if section.sources:
            beside = sorted(section.model_fields_set - {"sources"})
            if beside:
                expected = f"{beside[0]} in each [[exports.{name}.sources]], and none beside them"
                raise misplaced(
                    file,
                    text,
                    ("exports", name, beside[0]),
                    expected,
                    f"[exports.{name}] {beside[0]}",
                )
        elif not section.files:
            raise misplaced(file, text, ("exports", name), f"a key [exports.{name}] files", "none")
        for number, source in enumerate(section.each):
            place = ("exports", name, *(("sources", str(number)) if section.sources else ()))
            _check_source(file, text, place, name, source)


def _check_source(file: str, text: str, place: tuple[str, ...], name: str, source: Source) -> None:
    from regulars.expectations.exports import EXPORTS

    known = [column.name for column in EXPORTS[name].columns]
    for column in source.columns:
        if column not in known:
            raise unknown(file, text, (*place, "columns", column), known)
    if source.thousands == source.decimal:
        expected = "two different signs as decimal and thousands"
        found = f"{source.decimal!r} for both"
        raise misplaced(file, text, (*place, "thousands"), expected, found)
