"""Models of a run: the kept one where its origin is the same, else fitted now and kept.

    fits = fits_of(workspace, settings, digests, as_of=as_of, key=key, report=report)
    day = fits.day("churn", as_of=as_of)              # law 8: the last refit day up to as_of
    fits = fits.looked_up([day])                      # while the warehouse is open
    churn = fits.model("churn", Churn, lambda: fit_churn(..., as_of=day), fitted_on=day)
    digest_of(churn.parts())                          # for the run's manifest

What is fitted is the same whether it was kept or not; ``Fits()`` keeps nothing. A model that can
be kept is a frozen object with ``parts()`` and ``from_parts(parts)``, see ``Keepable``. A fit that
gives anything else, such as a reason why there is too little data, is handed on and not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

from regulars.data import model_shelf, vault
from regulars.data.model_decisions import asked_refits
from regulars.data.model_shelf import Origin
from regulars.data.workspace import Workspace
from regulars.flows.settings import Models, Settings
from regulars.models.one_thread import one_thread
from regulars.models.refits import refit_day, refit_days

Digests = Callable[[Collection[date]], Mapping[date, Mapping[str, str]]]

REFUSED = {
    "altered": "its file is not as it was kept",
    "foreign_seal": "its manifest was not written with this workspace's key",
    "foreign_types": "there is in it what no model holds",
    "not_as_kept": "its parameters are not those that were kept",
    "other_versions": "it was kept under other versions",
    "unreadable": "it cannot be read",
}
"""Why a kept model is not used, by the code of the refusal."""


@runtime_checkable
class Keepable(Protocol):
    """A fitted model that can be kept.

    ``parts`` are a mapping of texts to numbers, texts, null, lists, mappings of such, numpy
    arrays and fitted estimators that ``data.model_types.TRUSTED`` lists: no tuple that must stay
    one, no Decimal, no date (spell them), no array of objects, nothing of a single customer.
    ``from_parts(model.parts())`` is the model.
    """

    def parts(self) -> dict[str, Any]: ...

    @classmethod
    def from_parts(cls, parts: dict[str, Any]) -> Self: ...


Model = TypeVar("Model", bound=Keepable)
Unfit = TypeVar("Unfit")


@dataclass(frozen=True)
class KeptModels:
    """The shelf of a workspace, as one run uses it.

    ``rows`` gives for each of some days the digests of the rows up to it, by export: for many days
    as fast as for one. ``report`` is told of every model, ``note`` of those that were kept and are
    refused.
    """

    workspace: Workspace
    key: bytes
    rows: Digests
    report: Callable[[str], None] = lambda _: None
    note: Callable[[str], None] = lambda _: None

    def origin(self, fitted_on: date, settings: Mapping[str, Any]) -> Origin:
        """What a model fitted as of the day, under these settings, follows from."""
        return Origin(
            fitted_on, self.rows([fitted_on])[fitted_on], settings, vault.fingerprint(self.key)
        )

    def found(self, name: str, kind: type[Model], origin: Origin) -> Model | None:
        """The kept model of this origin, if there is one that is not refused; says which it is."""
        found = model_shelf.kept(self.workspace, name, origin, key=self.key)
        if isinstance(found, dict):
            self.report(f"model {name}: the one of {origin.fitted_on} is used again")
            return kind.from_parts(found)
        self.report(f"model {name}: fitting as of {origin.fitted_on}")
        if found:
            why = f"the kept one is refused, {REFUSED[found.code]}"
            self.note(f"model {name}: fitted anew as of {origin.fitted_on}; {why}")
        return None

    def keep(self, name: str, model: Model, kind: type[Model], origin: Origin) -> Model:
        """Have the model found by the runs to come; gives it as they will find it.

        So the run that fits and those after it work with one and the same: how an array lies in
        memory is not kept, and may change the last digit of a product.
        """
        model_shelf.keep(self.workspace, name, origin, model.parts(), key=self.key)
        found = model_shelf.kept(self.workspace, name, origin, key=self.key)
        return kind.from_parts(found) if isinstance(found, dict) else model


@dataclass(frozen=True)
class Fits:
    """When models are fitted, and where they are kept; nowhere unless ``shelf`` says.

    ``asked_on`` are the days, by model, on which drift asked for a refit.
    """

    calendar: Models = field(default_factory=Models)
    asked_on: Mapping[str, Collection[date]] = field(default_factory=dict)
    shelf: KeptModels | None = None

    def day(self, name: str, *, as_of: date) -> date:
        """The day as of which the model of this name is fitted, for a run of ``as_of``."""
        return refit_day(
            as_of,
            refit=self.calendar.refit,
            anchor_on=self.calendar.anchor_on,
            asked_on=self.asked_on.get(name, ()),
        )

    def days(self, name: str, *, as_of: date, first_on: date, every: int = 1) -> list[date]:
        """The days whose fits hand names on to that of ``as_of``; ``day`` is the last.

        Keep what is fitted as of each day by itself, and hand names on between kept ones: a
        picture that was named already follows from the calendar too, which is no part of its
        origin.
        """
        return refit_days(
            as_of,
            refit=self.calendar.refit,
            anchor_on=self.calendar.anchor_on,
            first_on=first_on,
            every=every,
            asked_on=self.asked_on.get(name, ()),
        )

    def looked_up(self, days: Iterable[date]) -> Fits:
        """The same with the rows up to these days digested now, and once for all models."""
        if self.shelf is None:
            return self
        rows = self.shelf.rows(sorted(set(days)))
        return replace(self, shelf=replace(self.shelf, rows=lambda _: rows))

    def model(
        self,
        name: str,
        kind: type[Model],
        fit: Callable[[], Model | Unfit],
        *,
        fitted_on: date,
        settings: Mapping[str, Any] | None = None,
    ) -> Model | Unfit:
        """The model that ``fit`` gives, which is called only where it was not kept.

        ``fit`` must look at nothing but rows up to ``fitted_on`` and ``settings``, what of the
        settings affects it. It is called with one thread, whatever the settings say.
        """

        shelf = self.shelf
        origin = shelf.origin(fitted_on, settings or {}) if shelf else None
        if shelf and origin and (kept := shelf.found(name, kind, origin)) is not None:
            return kept
        with one_thread():
            fitted = fit()
        if shelf and origin and isinstance(fitted, kind):
            return shelf.keep(name, fitted, kind, origin)
        return fitted


def fits_of(
    workspace: Workspace,
    settings: Settings,
    digests: Digests,
    *,
    as_of: date,
    key: bytes,
    report: Callable[[str], None],
    note: Callable[[str], None],
) -> Fits:
    """The models of a run of ``as_of`` in a workspace."""
    return Fits(
        settings.models,
        asked_refits(workspace, before=as_of),
        KeptModels(workspace, key, digests, report, note),
    )
