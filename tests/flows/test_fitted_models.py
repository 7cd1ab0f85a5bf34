"""Models over the days: kept ones give what fits would, whatever was run before and with what.

The toy model is a mean of a day's nets; real estimators stand where threads or files matter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from regulars.data import extracts, model_shelf
from regulars.data.model_decisions import ask_refit
from regulars.data.model_digest import digest_of
from regulars.data.shelf import published_manifest
from regulars.data.vault import workspace_key
from regulars.data.workspace import Workspace, prepared
from regulars.flows.fitted_models import Fits, KeptModels, fits_of
from regulars.flows.settings import Models, Settings
from tests.data.conftest import RULES, Shop

if TYPE_CHECKING:
    from tests.flows.conftest import Shell

KEY = b"k" * 32
AT = datetime(2024, 6, 30)
FIRST_ON, LAST_ON = date(2024, 5, 30), date(2024, 6, 21)
ORDER_KEY = ("order_id",)


@dataclass(frozen=True)
class Pace:
    """A toy: what an order brings on average, learned as of a day."""

    mean: float

    def parts(self) -> dict[str, Any]:
        return {"mean": np.array([self.mean])}

    @classmethod
    def from_parts(cls, parts: dict[str, Any]) -> Pace:
        return cls(float(parts["mean"][0]))


@dataclass(frozen=True)
class TooLittle:
    orders_n: int


@dataclass(frozen=True)
class Outcome:
    """What a run of a day gives: the day of its model, a score, and the picture handed on."""

    fitted_on: date
    score: float
    picture: tuple[float, ...]


@dataclass
class Chain:
    """A shop whose runs fit the toy; ``fits_n`` counts how often."""

    shop: Shop
    keeps: bool = True
    fits_n: int = 0
    told: list[str] = field(default_factory=list)

    def fits(self, as_of: date) -> Fits:
        whole = fits_of(
            self.shop.workspace,
            SETTINGS,
            self.rows,
            as_of=as_of,
            key=KEY,
            report=self.told.append,
            note=self.told.append,
        )
        return whole if self.keeps else replace(whole, shelf=None)

    def rows(self, days: Collection[date]) -> dict[date, dict[str, str]]:
        found = extracts.digests_by_day(self.shop.connection, days)
        return {day: {"transactions": of_day["transactions"]} for day, of_day in found.items()}

    def pace(self, day: date) -> Pace | TooLittle:
        self.fits_n += 1
        nets = extracts.order_nets(self.shop.connection, ORDER_KEY, as_of=day)["net"]
        mean = nets.cast(pl.Float64).mean()
        return Pace(float(mean)) if isinstance(mean, float) else TooLittle(nets.len())

    def run(self, as_of: date) -> Outcome:
        fits = self.fits(as_of)
        paces = [
            fits.model("pace", Pace, lambda day=day: self.pace(day), fitted_on=day)  # type: ignore[misc]
            for day in fits.days("pace", as_of=as_of, first_on=FIRST_ON)
        ]
        means = tuple(pace.mean for pace in paces if isinstance(pace, Pace))
        assert (
            fits.day("pace", as_of=as_of) == fits.days("pace", as_of=as_of, first_on=FIRST_ON)[-1]
        )
        now = extracts.order_nets(self.shop.connection, ORDER_KEY, as_of=as_of).height
        return Outcome(fits.day("pace", as_of=as_of), now * (means or (0.0,))[-1], means)


def no_rows(days: Collection[date]) -> Mapping[date, Mapping[str, str]]:
    return {day: {} for day in days}


SETTINGS = Settings.model_validate(
    {
        "chain": {"name": "a chain", "currency": "CNY", "time_zone": "Asia/Shanghai"},
        "exports": {"transactions": {"files": "exports/*.csv"}},
    }
)


def deliveries() -> list[tuple[date, str]]:
    """A file a day; some bring a row of an earlier day, or a return of it."""
    header = "order_id customer_id ordered_at amount\n"
    files = []
    for n in range((LAST_ON - FIRST_ON).days + 1):
        day = FIRST_ON + timedelta(days=n)
        rows = f"A{n} c{n % 5} {day}T10:00:00 {10 + n * n % 7}.00\n"
        if n % 4 == 3:
            rows += f"L{n} c1 {day - timedelta(days=9)}T10:00:00 {n}.50\n"
        if n % 7 == 5:
            rows += f"R{n} c2 {day - timedelta(days=3)}T10:00:00 -2.00\n"
        files.append((day, header + rows))
    return files


@contextmanager
def opened(root: Path, *, keeps: bool = True) -> Iterator[Chain]:
    with ExitStack() as stack:
        workspace = Workspace(root)
        prepared(workspace)
        workspace.exports.mkdir(exist_ok=True)
        shop = Shop(workspace, RULES)
        stack.callback(shop.close)
        yield Chain(shop, keeps)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """A chain that was run on each of its days, with what was known on it."""
    with opened(tmp_path_factory.mktemp("lived")) as chain:
        for day, file in deliveries():
            chain.shop.deliver(file)
            chain.run(day)
            if day == date(2024, 6, 12):
                ask_refit(chain.shop.workspace, "pace", on=day, drifted=["net"], at=AT)
        yield chain


@pytest.fixture(scope="module")
def at_once(lived: Chain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """The same rows and the same log of decisions; nothing was run, and nothing is kept."""
    with opened(tmp_path_factory.mktemp("at-once"), keeps=False) as chain:
        chain.shop.deliver(*(file for _, file in deliveries()))
        chain.shop.workspace.decisions.write_bytes(lived.shop.workspace.decisions.read_bytes())
        yield chain


def test_having_run_every_day_gives_what_one_run_gives(lived: Chain, at_once: Chain) -> None:
    assert lived.run(LAST_ON) == at_once.run(LAST_ON)


def test_replaying_any_day_gives_the_same_with_kept_models_and_without(
    lived: Chain, at_once: Chain
) -> None:
    days = [FIRST_ON + timedelta(days=n) for n in (0, 4, 5, 12, 13, 14, 17, 20, 22, 13, 0)]
    replayed = [lived.run(day) for day in days]
    assert replayed == [at_once.run(day) for day in days]
    assert [f"{one.fitted_on:%m-%d}" for one in replayed[:-2]] == [
        "05-27",
        "06-03",
        "06-03",
        "06-10",
        "06-10",
        "06-12",
        "06-12",
        "06-17",
        "06-17",
    ]
    assert [len(one.picture) for one in replayed[:-2]] == [1, 1, 1, 2, 2, 3, 3, 3, 3]


def test_scheduled_runs_fit_on_refit_days_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as chain:
        chain.shop.deliver(*(file for _, file in deliveries()))
        fits_n = []
        for n in range(5, 20):
            chain.run(FIRST_ON + timedelta(days=n))
            fits_n.append(chain.fits_n)
    # From Tuesday the 4th to Tuesday the 18th: fits for the Mondays 3rd, 10th and 17th.
    assert fits_n == [1] * 6 + [2] * 7 + [3] * 2
    assert chain.told[:2] == [
        "model pace: fitting as of 2024-06-03",
        "model pace: the one of 2024-06-03 is used again",
    ]


def test_a_late_row_of_the_days_that_were_learned_from_has_the_model_fitted_again(
    tmp_path: Path,
) -> None:
    header = "order_id customer_id ordered_at amount\n"
    with opened(tmp_path) as chain:
        chain.shop.deliver(f"{header}A1 c1 2024-06-01T10:00:00 10.00\n")
        before = chain.run(date(2024, 6, 6))
        chain.shop.deliver(f"{header}A2 c1 2024-06-05T10:00:00 30.00\n")
        assert (chain.run(date(2024, 6, 6)).picture, chain.fits_n) == (before.picture, 1)
        chain.shop.deliver(f"{header}A3 c1 2024-06-02T10:00:00 20.00\n")
        assert (chain.run(date(2024, 6, 6)).picture, chain.fits_n) == ((15.0,), 2)


def test_rows_are_digested_once_for_all_days_while_the_warehouse_is_open(tmp_path: Path) -> None:
    asked: list[list[date]] = []

    def rows(days: Collection[date]) -> dict[date, dict[str, str]]:
        asked.append([*days])
        return {day: {} for day in days}

    days = [FIRST_ON, LAST_ON, FIRST_ON]
    fits = Fits(Models(), {}, KeptModels(Workspace(tmp_path), KEY, rows)).looked_up(days)
    for day in days:
        fits.model("pace", Pace, lambda: Pace(1.0), fitted_on=day)
    assert asked == [[FIRST_ON, LAST_ON]]
    with pytest.raises(KeyError):
        fits.model("pace", Pace, lambda: Pace(1.0), fitted_on=date(2024, 1, 1))


def test_a_refused_model_is_fitted_again_and_said_so(tmp_path: Path) -> None:
    with opened(tmp_path) as chain:
        chain.shop.deliver(deliveries()[0][1])
        usual = chain.run(date(2024, 6, 6))
        (file,) = chain.shop.workspace.models.glob("*.skops")
        file.write_bytes(b"x")
        assert (chain.run(date(2024, 6, 6)), chain.fits_n) == (usual, 2)
        assert (chain.run(date(2024, 6, 6)), chain.fits_n) == (usual, 2)
    assert chain.told[2] == (
        "model pace: fitted anew as of 2024-06-03; the kept one is refused, its file is not as it "
        "was kept"
    )


def test_a_reason_why_nothing_was_fitted_is_handed_on_and_not_kept(tmp_path: Path) -> None:
    shelf = KeptModels(Workspace(tmp_path), KEY, no_rows)
    fits = Fits(Models(), {}, shelf)
    for _ in range(2):
        told = fits.model("pace", Pace, lambda: TooLittle(0), fitted_on=FIRST_ON)
        assert told == TooLittle(0)
    assert model_shelf.kept_n(shelf.workspace) == 0


def test_what_the_settings_of_a_model_are_is_part_of_its_origin(tmp_path: Path) -> None:
    fits = Fits(Models(), {}, KeptModels(Workspace(tmp_path), KEY, no_rows))

    def fitted(mean: float, horizon_days: int) -> float:
        settings = {"horizon_days": horizon_days}
        return fits.model(
            "pace", Pace, lambda: Pace(mean), fitted_on=FIRST_ON, settings=settings
        ).mean

    assert [fitted(1.0, 28), fitted(2.0, 56), fitted(3.0, 28)] == [1.0, 2.0, 1.0]


@dataclass(frozen=True)
class Boosted:
    """Real estimators of ours, from features that have a customer beside them."""

    model: Any
    scale: Any

    def parts(self) -> dict[str, Any]:
        return {"model": self.model, "scale": self.scale}

    @classmethod
    def from_parts(cls, parts: dict[str, Any]) -> Boosted:
        return cls(**parts)


def test_no_file_of_a_model_holds_a_customer(tmp_path: Path) -> None:
    """Pseudonyms as any number or text, and a raw id that stands beside the features."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.preprocessing import StandardScaler

    dice = np.random.default_rng(5)
    customers = pl.DataFrame(
        {
            "customer_id": dice.integers(2**63, 2**64 - 1, 300, dtype=np.uint64),
            "member": [f"MEMBER{n:010}" for n in dice.integers(0, 10**9, 300)],
            "recency_days": dice.integers(0, 90, 300),
            "spend": dice.gamma(2.0, 50.0, 300),
        }
    )

    def fit() -> Boosted:
        features = customers.select("recency_days", "spend").to_numpy().astype(float)
        return Boosted(
            HistGradientBoostingClassifier(max_iter=5, random_state=0).fit(
                features, features[:, 0] > 30
            ),
            StandardScaler().fit(features),
        )

    fits = Fits(Models(), {}, KeptModels(Workspace(tmp_path), KEY, no_rows))
    fits.model("churn", Boosted, fit, fitted_on=FIRST_ON)

    kept = b"".join(path.read_bytes() for path in sorted((tmp_path / "models").iterdir()))
    tokens = {member.encode() for member in customers["member"]}
    for number in customers["customer_id"]:
        tokens |= {number.to_bytes(8, order) for order in ("little", "big")}
        tokens |= {f"{number:x}".encode(), str(number).encode()}
        tokens |= {np.float64(number).tobytes()}
    assert len(kept) > 10_000
    assert not [token for token in tokens if token in kept]


THREADED = """
import numpy as np
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from datetime import date
from regulars.data.model_digest import digest_of
from regulars.flows.fitted_models import Fits

dice = np.random.default_rng(0)
features = dice.normal(size=(5_000, 12))
labels = (features[:, 0] + features[:, 1] * features[:, 2] + dice.normal(size=5_000) > 0)

class Three:
    def __init__(self, parts): self.held = parts
    def parts(self): return self.held
    @classmethod
    def from_parts(cls, parts): return cls(parts)

def fit():
    return Three({
        "means": KMeans(6, random_state=0, n_init=1).fit(features).cluster_centers_,
        "boosting": HistGradientBoostingClassifier(max_iter=10, random_state=0).fit(
            features, labels
        ),
        "logistic": LogisticRegression().fit(features, labels),
    })

ours = Fits().model("three", Three, fit, fitted_on=date(2024, 6, 3))
print(digest_of(ours.parts()), digest_of(fit().parts()["means"]))
"""


def test_the_surroundings_threads_change_no_bit_of_a_fit_and_would_otherwise() -> None:
    """The same experiment under one, two and three threads; each prints ours and bare centres."""
    digests = []
    for threads in ("1", "2", "3"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
        done = subprocess.run(
            [sys.executable, "-c", THREADED],
            env={**os.environ, **dict.fromkeys(names, threads)},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.append(done.stdout.split())
    assert len({ours for ours, _ in digests}) == 1
    assert len({bare for _, bare in digests}) > 1


def test_as_many_threads_as_before_are_there_after_a_fit() -> None:
    from sklearn.utils import _openmp_helpers  # noqa: F401
    from threadpoolctl import threadpool_info

    def threads() -> list[int]:
        return sorted(pool["num_threads"] for pool in threadpool_info())

    before = threads()
    seen: list[list[int]] = []
    Fits().model("pace", Pace, lambda: Pace(len(seen.append(threads()) or [])), fitted_on=FIRST_ON)
    assert set(seen[0]) == {1}
    assert threads() == before


def test_doctor_tells_of_models_that_are_refused(shell: Shell, own_shop: Workspace) -> None:
    key = workspace_key(own_shop)
    fits = Fits(Models(), {}, KeptModels(own_shop, key, no_rows))
    fits.model("pace", Pace, lambda: Pace(1.0), fitted_on=FIRST_ON)

    well = shell("doctor", "-w", own_shop.root)
    (file,) = own_shop.models.glob("*.skops")
    file.write_bytes(b"x")
    wrong = shell("doctor", "-w", own_shop.root, "--json")

    assert (well.code, wrong.code) == (0, 1)
    assert "ok    models/: 1 kept model, as they were kept" in well.out
    (found,) = [one for one in wrong.facts["findings"] if not one["is_well"]]
    assert found["what"] == "models/"
    assert found["found"].startswith(f"{file.name} is refused, its file is not as it was kept")
    assert "remove the file" in found["next_step"]


def test_a_refit_that_was_asked_for_is_part_of_what_a_later_run_follows_from(
    shell: Shell, own_shop: Workspace
) -> None:
    before = published_manifest(own_shop)
    ask_refit(own_shop, "churn", on=date(2024, 3, 10), drifted=["spend"], at=AT)
    ran = shell("run", "-w", own_shop.root, "--json")
    assert before is not None
    assert ran.facts["as_of"] == before["as_of"]
    assert ran.facts["run_id"] != before["run_id"]


def test_two_fits_and_a_kept_one_are_one_model(tmp_path: Path) -> None:
    def fit() -> Pace:
        return Pace(float(np.linspace(0, 1, 7).mean()))

    fits = Fits(Models(), {}, KeptModels(Workspace(tmp_path), KEY, no_rows))
    models = [fits.model("pace", Pace, fit, fitted_on=FIRST_ON) for _ in range(2)]
    models.append(Fits().model("pace", Pace, fit, fitted_on=FIRST_ON))
    assert len({digest_of(model.parts()) for model in models}) == 1
