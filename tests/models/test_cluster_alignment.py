from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.cluster_alignment import agreement, aligned, next_picture
from regulars.models.clusters import Clusters, clustered
from regulars.models.habit_scale import HabitScale
from regulars.models.mainstays import Mainstays

FEATURES = ("weekend_share", "evening_share")
CENTRES = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))
NAMES = ("a", "b", "c", "d")


def picture(*centres: tuple[float, float], medians=(0.5, 0.5), spreads=(0.2, 0.2)) -> Clusters:
    n = len(centres)
    return Clusters(
        mainstays=Mainstays((), (), has_times_of_day=True),
        scale=HabitScale(FEATURES, medians, spreads, ()),
        centres=centres,
        differences=centres,
        codes=tuple(f"k{number}" for number in range(1, n + 1)),
        names=tuple(
            f"weekend_share.{'high' if x > 0 else 'low'}+evening_share.{'high' if y > 0 else 'low'}"
            for x, y in centres
        ),
        next_number=n + 1,
        customers_n=1000,
    )


BEFORE = picture(*CENTRES)


def by_code(clusters: Clusters) -> dict[str, tuple[float, ...]]:
    return dict(zip(clusters.codes, clusters.centres, strict=True))


@given(st.permutations(range(4)))
def test_whatever_order_new_clusters_come_in_they_bear_the_codes_they_had(order):
    shuffled = replace(
        BEFORE,
        centres=tuple(CENTRES[place] for place in order),
        differences=tuple(CENTRES[place] for place in order),
        names=tuple(BEFORE.names[place] for place in order),
    )
    assert aligned(shuffled, BEFORE) == BEFORE


def test_clusters_that_moved_a_little_keep_code_and_name():
    after = aligned(picture((1.1, 0.8), (-0.9, -1.2), (-1.1, 1.1), (0.8, -1.0)), BEFORE)
    assert by_code(after) == {
        "k1": (-0.9, -1.2),
        "k2": (0.8, -1.0),
        "k3": (1.1, 0.8),
        "k4": (-1.1, 1.1),
    }
    assert after.names == BEFORE.names


def test_a_further_cluster_has_a_code_never_used_before():
    before = replace(BEFORE, next_number=8)
    after = aligned(picture(*CENTRES, (0.1, 0.0)), before)
    assert after.codes == ("k1", "k2", "k3", "k4", "k8")
    assert after.next_number == 9


def test_the_code_of_a_cluster_that_is_gone_is_not_given_again():
    gone = aligned(picture(*CENTRES[:3]), BEFORE)
    assert gone.codes == ("k1", "k2", "k3")
    assert aligned(picture(*CENTRES), gone).codes == ("k1", "k2", "k3", "k5")


def test_a_centre_beyond_the_next_door_cluster_is_a_new_one():
    after = aligned(picture(*CENTRES[:3], (-1.0, 3.5)), BEFORE)
    assert after.codes == ("k1", "k2", "k3", "k5")


def test_centres_are_compared_in_one_scale():
    shifted = picture(
        *(((x - 1.0) / 2, (y - 1.0) / 2) for x, y in reversed(CENTRES)),
        medians=(0.7, 0.7),
        spreads=(0.4, 0.4),
    )
    natural = {
        code: (2 * x + 1, 2 * y + 1) for code, (x, y) in by_code(aligned(shifted, BEFORE)).items()
    }
    assert natural == by_code(BEFORE)


def test_a_name_that_no_longer_holds_is_given_up():
    after = aligned(replace(BEFORE, differences=((0.9, -1.0), *CENTRES[1:])), BEFORE)
    assert after.names[0] != BEFORE.names[0]
    assert after.names[0].startswith("evening_share.low+weekend_share.high")
    assert len(set(after.names)) == 4


def assignment(*clusters: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"customer_id": range(len(clusters)), "cluster": clusters},
        schema={"customer_id": pl.UInt64, "cluster": pl.String},
    )


def test_the_same_groups_under_other_codes_agree_and_keep_nobody():
    agreed = agreement(assignment("k1", "k1", "k2", "k2"), assignment("k2", "k2", "k1", "k1"))
    assert (agreed.adjusted_rand, agreed.kept_share) == (1.0, 0.0)


def test_agreement_is_over_the_customers_of_both():
    agreed = agreement(assignment("k1", "k1", "k2", None, "k2"), assignment("k1", "k1", "k2", "k3"))
    assert (agreed.customers_n, agreed.kept_share) == (3, 1.0)
    assert agreement(assignment("k1"), assignment(None)) is None


def test_adjusted_rand_is_that_of_hubert_and_arabie_by_hand():
    # Pairs together: 2 of both, 3 before (3 + 0), 2 now + ... counted from the table (2, 1 / 0, 1).
    agreed = agreement(assignment("a", "a", "a", "b"), assignment("x", "x", "y", "y"))
    both, before, now, pairs = 1, 3, 2, 6
    expected = before * now / pairs
    by_hand = (both - expected) / ((before + now) / 2 - expected)
    assert agreed.adjusted_rand == pytest.approx(by_hand)


@pytest.fixture(scope="module")
def everywhere():
    """Customers all over the square that the four clusters share."""
    steps = [place / 40 for place in range(41)]
    rows = [(x, y) for x in steps for y in steps]
    return pl.DataFrame(
        {
            "customer_id": range(len(rows)),
            "orders_n": [1000] * len(rows),
            "weekend_share": [x for x, _ in rows],
            "evening_share": [y for _, y in rows],
        },
        schema_overrides={"customer_id": pl.UInt64},
    )


def test_the_first_picture_is_taken_as_it_is(everywhere):
    first = next_picture(everywhere, BEFORE, None, is_accepted=False)
    assert (first.clusters, first.agreement, first.verdict) == (BEFORE, None, "first")


def test_a_picture_that_agrees_goes_on_under_the_old_codes(everywhere):
    after = next_picture(everywhere, picture(*reversed(CENTRES)), BEFORE, is_accepted=False)
    assert after.verdict == "same"
    assert after.agreement.kept_share == 1.0
    assert clustered(everywhere, after.clusters).equals(clustered(everywhere, BEFORE))


TURNED = picture((0.0, -1.5), (1.5, 0.0), (0.0, 1.5), (-1.5, 0.0))


def test_a_picture_that_differs_waits_for_a_person_and_the_old_one_stays(everywhere):
    waiting = next_picture(everywhere, TURNED, BEFORE, is_accepted=False)
    assert (waiting.verdict, waiting.clusters) == ("needs_acceptance", BEFORE)
    assert waiting.agreement.adjusted_rand < 0.6


def test_a_picture_that_differs_and_was_accepted_is_taken(everywhere):
    taken = next_picture(everywhere, TURNED, BEFORE, is_accepted=True)
    assert taken.verdict == "accepted"
    assert set(taken.clusters.centres) == set(TURNED.centres)
