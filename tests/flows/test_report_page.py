"""What a run hands on to its report."""

from __future__ import annotations

from regulars.flows.report_page import _of_clusters
from regulars.models.cluster_alignment import Agreement, Picture
from regulars.models.clusters import Clusters
from regulars.models.habit_scale import HabitScale
from regulars.models.mainstays import Mainstays


def clusters(*names: str) -> Clusters:
    return Clusters(
        mainstays=Mainstays((), (), has_times_of_day=True),
        scale=HabitScale(("weekend_share",), (0.5,), (0.2,), ()),
        centres=tuple((float(place),) for place, _ in enumerate(names)),
        differences=tuple((float(place),) for place, _ in enumerate(names)),
        codes=tuple(f"k{number}" for number, _ in enumerate(names, 1)),
        names=names,
        next_number=len(names) + 1,
        customers_n=1000,
    )


def test_the_clusters_that_wait_for_a_person_reach_the_report_by_code_and_name() -> None:
    waiting = Picture(
        clusters("weekend_share.high", "weekend_share.low"),
        Agreement(1000, 0.4, 0.5),
        "needs_acceptance",
        clusters("weekend_share.low", "evening_share.high"),
    )
    facts = _of_clusters(waiting)
    assert facts.code == "needs_acceptance"
    assert facts.proposed == {"k1": "weekend_share.low", "k2": "evening_share.high"}
    assert _of_clusters(Picture(clusters("weekend_share.high"), None, "first")).proposed == {}
