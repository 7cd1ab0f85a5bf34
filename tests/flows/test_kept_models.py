"""Models that runs keep: the next runs publish what they would have without, to the byte.

The chain here is large enough for churn and clusters; the others of these tests are not.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from regulars.data.chain import chain_settings, write_chain
from regulars.data.workspace import Workspace

if TYPE_CHECKING:
    from tests.flows.conftest import Publication, Ran, Shell

LAST_MONTH = "transactions_2024-06.csv"
MONDAY, THURSDAY, FRIDAY = date(2024, 6, 17), date(2024, 6, 20), date(2024, 6, 21)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")


def rated_feedback(exports: Path) -> None:
    """A piece after every seventh order, in words that say nothing to a lexicon but go with ratings
    and with the chain's own labels.
    """
    lines = pl.read_csv(exports / "transactions_*.csv", infer_schema=False)
    orders = lines.unique("order_id").sort("order_id").gather_every(7)
    n = pl.int_range(pl.len())
    is_good = n % 2 == 0
    orders.select(
        pl.format("F{}", "order_id").alias("feedback_id"),
        pl.col("ordered_at").alias("submitted_at"),
        "customer_id",
        "order_id",
        pl.lit("complaint").alias("kind"),
        pl.when(n % 3 == 0)
        .then(pl.lit("门店环境"))
        .otherwise(pl.lit("配送物流"))
        .alias("category"),
        pl.when(is_good).then(pl.lit("5")).otherwise(pl.lit("1")).alias("rating"),
        pl.format(
            "{}{}{}",
            pl.when(is_good).then(pl.lit("甲乙丙")).otherwise(pl.lit("丁戊己")),
            pl.when(n % 3 == 0).then(pl.lit("庚辛")).otherwise(pl.lit("壬癸")),
            n,
        ).alias("text"),
    ).write_csv(exports / "feedback.csv")


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workspace]:
    """Workspaces of one key with half a year of a chain, nothing of it loaded."""
    source = tmp_path_factory.mktemp("models") / "source"
    write_chain(source, lines_n=40_000, seed=3)
    for path in (source / "exports").glob("transactions_*.csv"):
        if path.name > LAST_MONTH:
            path.unlink()
    rated_feedback(source / "exports")

    def made(name: str) -> Workspace:
        workspace = Workspace(tmp_path_factory.mktemp("models") / name)
        workspace.root.mkdir()
        (workspace.root / "exports").symlink_to(source / "exports")
        settings = chain_settings() + '\n[exports.feedback]\nfiles = "exports/feedback.csv"\n'
        workspace.settings_file.write_text(settings, encoding="utf-8")
        workspace.key.write_text("0123456789abcdef" * 4, encoding="ascii")
        workspace.key.chmod(0o600)
        return workspace

    return made


@pytest.fixture(scope="module")
def run(shell: Shell) -> Callable[..., Ran]:
    def ran(workspace: Workspace, day: date, **variables: str) -> Ran:
        return shell("run", "-w", workspace.root, "--as-of", day, variables=variables)

    return ran


@pytest.fixture(scope="module")
def week(
    new: Callable[[str], Workspace],
    run: Callable[..., Ran],
    published: Callable[[Workspace], Publication],
    together: Callable[[Sequence[Callable[[], Any]]], list[Any]],
) -> dict[str, tuple[Workspace, Ran, Publication]]:
    """Friday, from a workspace that ran Thursday before, and from others that did not."""

    def thursday_then_friday() -> tuple[Workspace, Ran, Publication]:
        workspace = new("after-thursday")
        assert run(workspace, THURSDAY).code == 0
        ran = run(workspace, FRIDAY)
        return workspace, ran, published(workspace)

    def friday_alone() -> tuple[Workspace, Ran, Publication]:
        workspace = new("alone")
        ran = run(workspace, FRIDAY, **dict.fromkeys(THREADS, "1"))
        return workspace, ran, published(workspace)

    def killed_while_keeping() -> tuple[Workspace, Ran, Publication]:
        workspace = new("killed")
        killed = run(workspace, FRIDAY, REGULARS_KILL_AT="half_kept")
        assert (killed.code, sorted(workspace.models.glob("*.json"))) == (-9, [])
        ran = run(workspace, FRIDAY)
        return workspace, ran, published(workspace)

    def altered() -> tuple[Workspace, Ran, Publication]:
        workspace = new("altered")
        assert run(workspace, THURSDAY).code == 0
        for path in workspace.models.glob("*.skops"):
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
        ran = run(workspace, FRIDAY)
        return workspace, ran, published(workspace)

    def told_in_another_order() -> tuple[Workspace, Ran, Publication]:
        workspace = new("reversed")
        given = (workspace.root / "exports").resolve()
        workspace.exports.unlink()
        shutil.copytree(given, workspace.exports)
        pieces = workspace.exports / "feedback.csv"
        header, *rows = pieces.read_text(encoding="utf-8").splitlines(keepends=True)
        pieces.write_text(header + "".join(reversed(rows)), encoding="utf-8")
        ran = run(workspace, FRIDAY)
        return workspace, ran, published(workspace)

    ways = {
        "kept": thursday_then_friday,
        "alone": friday_alone,
        "killed": killed_while_keeping,
        "altered": altered,
        "reversed": told_in_another_order,
    }
    return dict(zip(ways, together([partial(way) for way in ways.values()]), strict=True))


def test_a_week_has_one_model_and_its_scores_are_worth_something(week) -> None:
    workspace, ran, seen = week["kept"]
    assert ran.code == 0
    assert len(list(workspace.models.glob("churn-*.skops"))) == 1
    assert seen.manifest["models"]["churn"]["fitted_on"] == MONDAY.isoformat()
    assert seen.manifest["models"]["clusters"]["fitted_on"] == MONDAY.isoformat()
    risks = pl.read_parquet(workspace.published / "churn_risk.parquet")
    bought = risks.filter(pl.col("recency_days").is_not_null())
    assert bought.height > 200
    assert bought["churn_risk"].null_count() == 0
    quality = pl.read_parquet(workspace.published / "model_quality.parquet")
    (auc,) = quality.filter(model="churn", measure="auc")["value"]
    assert auc > 0.6


def test_what_rated_and_labelled_texts_teach_is_of_the_week_too(week) -> None:
    workspace, _, seen = week["kept"]
    for name in ("sentiment", "feedback_categories"):
        assert seen.manifest["models"][name]["fitted_on"] == MONDAY.isoformat()
        assert len(list(workspace.models.glob(f"{name}-*.skops"))) == 1
    pieces = pl.read_parquet(workspace.published / "feedback_items.parquet")
    assert set(pieces["sentiment_by"]) == {"trained"}
    assert pieces.filter(
        (pl.col("rating_of_five") == 5) != (pl.col("sentiment") == "positive")
    ).is_empty()
    assert set(pieces["categories_by"]) == {"learned"}
    named = pieces.group_by("own_category").agg(pl.col("categories").unique())
    assert dict(named.iter_rows()) == {"门店环境": ["store_environment"], "配送物流": ["delivery"]}


@pytest.mark.parametrize("other", ["alone", "killed", "altered", "reversed"])
def test_a_friday_is_the_same_to_the_byte_whatever_was_run_before_it(week, other: str) -> None:
    """Alone, and with one thread; killed while a model was being kept; with models altered; with
    what customers said in another order.
    """
    _, ran, seen = week[other]
    assert ran.code == 0
    assert seen.link == week["kept"][2].link
    assert seen.tables == week["kept"][2].tables
    assert seen.manifest["models"] == week["kept"][2].manifest["models"]


def test_an_altered_model_is_refused_by_name_and_fitted_again(week) -> None:
    _, ran, _ = week["altered"]
    for name in ("churn", "clusters", "sentiment", "feedback_categories"):
        refused = f"model {name}: fitted anew as of {MONDAY}; the kept one is refused, its file is"
        assert refused in ran.out
    assert "refused" not in week["kept"][1].out


def test_clusters_that_do_not_wait_cannot_be_accepted(week, shell: Shell) -> None:
    workspace, _, seen = week["kept"]
    ran = shell("run", "-w", workspace.root, "--as-of", FRIDAY, "--accept", "clusters")
    assert ran.code == 2
    assert "there are no new clusters to accept" in ran.err
    assert "needs_acceptance" not in json.dumps(seen.manifest["fitted"]["clusters"])
    log = workspace.decisions.read_text(encoding="utf-8") if workspace.decisions.exists() else ""
    assert "picture_accepted" not in log
