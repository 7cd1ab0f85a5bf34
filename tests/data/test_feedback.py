"""Feedback as it is delivered: read, corrected, refused, brought to one scale."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from regulars.data import extracts, ratings, warehouse
from regulars.data.drift import Tolerance
from regulars.data.values import PROSE_LETTERS_MAX
from regulars.expectations.exports import EXPORTS
from tests.data.conftest import NewShop, Shop

FIRST, SECOND, THIRD = (datetime(2024, 6, day) for day in (1, 2, 3))
HEADER = "feedback_id submitted_at customer_id kind rating responded_at resolved_at\n"
OPEN = "F1 2024-05-01T10:00 ann complaint 2 - -\n"
ANSWERED = "F1 2024-05-01T10:00 ann complaint 2 2024-05-02T09:00 -\n"
SETTLED = "F1 2024-05-01T10:00 ann complaint 2 2024-05-02T09:00 2024-05-04T12:00\n"
OF_BOB = "F2 2024-05-01T11:00 bob survey 5 - -\n"


def ledger(shop: Shop) -> list[tuple[object, ...]]:
    return shop.ask(
        "SELECT rows_n, accepted_n, duplicate_n, quarantined_n, replaced_n FROM loads "
        "ORDER BY load_id"
    )


def lines_of(*pieces: dict[str, object]) -> bytes:
    """JSON Lines, each piece with what must be there."""
    return "".join(
        json.dumps({"feedback_id": f"F{n}", "submitted_at": "2024-05-01", **piece}) + "\n"
        for n, piece in enumerate(pieces, start=1)
    ).encode()


def texts(shop: Shop) -> list[str | None]:
    return [text for (text,) in shop.ask("SELECT text FROM feedback ORDER BY feedback_id")]


def test_a_piece_is_kept_with_its_business_days_and_without_a_raw_id(new_shop: NewShop) -> None:
    shop = new_shop(day_starts_minutes=300)
    shop.deliver(
        HEADER + "F1 2024-05-02T04:59 ann call 4 2024-05-03T05:00 2024-05-04T04:00",
        export="feedback",
    )
    assert shop.ask("SELECT submitted_on, responded_on, resolved_on, kind FROM feedback") == [
        (date(2024, 5, 1), date(2024, 5, 3), date(2024, 5, 3), "call")
    ]
    assert list(warehouse.event_columns(EXPORTS["feedback"])) == [
        "feedback_id",
        "submitted_at",
        "submitted_on",
        "source_customer_id",
        "order_id",
        "product_id",
        "store_id",
        "staff_id",
        "channel",
        "kind",
        "category",
        "rating",
        "rating_of_five",
        "rating_scale",
        "nps",
        "text",
        "is_text_cut",
        "responded_at",
        "responded_on",
        "resolved_at",
        "resolved_on",
    ]


def test_two_columns_are_enough(shop: Shop) -> None:
    shop.deliver("feedback_id submitted_at\nF1 2024-05-01\nF2 2024-05-02", export="feedback")
    assert ledger(shop) == [(2, 2, 0, 0, 0)]
    assert shop.ask("SELECT DISTINCT rating_of_five, text, is_text_cut FROM feedback") == [
        (None, None, None)
    ]


def test_an_answer_that_comes_later_wins_and_the_open_version_is_history(shop: Shop) -> None:
    shop.deliver(HEADER + OPEN + OF_BOB, export="feedback", delivered_at=FIRST)
    shop.deliver(HEADER + ANSWERED, export="feedback", delivered_at=SECOND)
    shop.deliver(HEADER + SETTLED, export="feedback", delivered_at=THIRD)
    assert shop.ask("SELECT feedback_id, responded_at, resolved_at FROM feedback ORDER BY 1") == [
        ("F1", datetime(2024, 5, 2, 9), datetime(2024, 5, 4, 12)),
        ("F2", None, None),
    ]
    assert shop.ask(
        "SELECT responded_at, load_id, replaced_by FROM feedback_history ORDER BY load_id"
    ) == [(None, 1, 2), (datetime(2024, 5, 2, 9), 2, 3)]
    assert ledger(shop) == [(2, 2, 0, 0, 1), (1, 1, 0, 0, 1), (1, 1, 0, 0, 0)]


def test_deliveries_in_any_order_leave_the_same_pieces(new_shop: NewShop) -> None:
    moments = list(zip((FIRST, SECOND, THIRD), (OPEN + OF_BOB, ANSWERED, SETTLED), strict=True))
    found = []
    for order in permutations(moments):
        shop = new_shop()
        for delivered_at, rows in order:
            shop.deliver(HEADER + rows, export="feedback", delivered_at=delivered_at)
        pieces = shop.ask("SELECT feedback_id, resolved_at FROM feedback ORDER BY ALL")
        found.append((pieces, extracts.digests(shop.connection, as_of=date(2024, 6, 1))))
    assert all(one == found[0] for one in found)


def test_what_happened_to_a_piece_after_the_day_does_not_reach_its_digest(shop: Shop) -> None:
    def digest(day: int) -> str:
        return extracts.digests(shop.connection, as_of=date(2024, 5, day))["feedback"]

    shop.deliver(HEADER + ANSWERED, export="feedback", delivered_at=FIRST)
    before = {day: digest(day) for day in (1, 2, 3, 4)}
    shop.deliver(HEADER + SETTLED, export="feedback", delivered_at=SECOND)
    assert {day: digest(day) == before[day] for day in before} == {
        1: True,
        2: True,
        3: True,
        4: False,
    }
    assert before[1] != before[2] == before[3]


def test_two_versions_of_a_piece_in_one_delivery_are_both_refused(shop: Shop) -> None:
    shop.deliver(HEADER + OPEN + SETTLED + OF_BOB + OF_BOB, export="feedback")
    assert shop.reasons() == [(2, None, "conflicting_key"), (3, None, "conflicting_key")]
    assert ledger(shop) == [(4, 1, 1, 2, 0)]


REFUSED: list[tuple[dict[str, str], tuple[str, str]]] = [
    ({"feedback_id": ""}, ("feedback_id", "missing_value")),
    ({"feedback_id": "1.23E+17"}, ("feedback_id", "damaged_id")),
    ({"submitted_at": ""}, ("submitted_at", "missing_value")),
    ({"submitted_at": "2024-02-30"}, ("submitted_at", "not_a_date")),
    ({"submitted_at": "2024-07-01"}, ("submitted_at", "in_the_future")),
    ({"kind": "poem"}, ("kind", "not_a_choice")),
    ({"rating": "good"}, ("rating", "not_a_number")),
    ({"rating": "6"}, ("rating", "outside_scale")),
    ({"rating": "0"}, ("rating", "outside_scale")),
    ({"rating": "0", "rating_scale": "10"}, ("rating", "outside_scale")),
    ({"rating": "10.5", "rating_scale": "0-10"}, ("rating", "outside_scale")),
    ({"rating": "3", "rating_scale": "many"}, ("rating_scale", "not_a_scale")),
    ({"rating": "1", "rating_scale": "1"}, ("rating_scale", "not_a_scale")),
    ({"rating": "1", "rating_scale": "1-1"}, ("rating_scale", "not_a_scale")),
    ({"nps": "11"}, ("nps", "not_an_nps")),
    ({"nps": "-1"}, ("nps", "not_an_nps")),
    ({"nps": "7.5"}, ("nps", "not_an_nps")),
    ({"responded_at": "soon"}, ("responded_at", "not_a_date")),
    ({"responded_at": "2024-04-30"}, ("responded_at", "before_it_happened")),
    ({"responded_at": "2024-07-01"}, ("responded_at", "in_the_future")),
    ({"resolved_at": "2024-04-30"}, ("resolved_at", "before_it_happened")),
]


def test_a_piece_that_breaks_a_rule_is_refused_with_its_line_column_and_reason(
    shop: Shop,
) -> None:
    shop.deliver(lines_of(*(given for given, _ in REFUSED), {"text": "fine"}), export="feedback")
    assert shop.reasons() == [(n, *reason) for n, (_, reason) in enumerate(REFUSED, start=1)]
    assert texts(shop) == ["fine"]


WORDS = {
    "survey": ("survey", "问卷", "NPS", "满意度调查"),
    "review": ("Review", "评价", "点评"),
    "complaint": ("complaint", "投诉", "客诉"),
    "call": ("call", "来电", "热线"),
    "social": ("social", "微博", "小红书"),
}


def test_a_kind_is_told_by_the_words_that_systems_use(shop: Shop) -> None:
    told = [(word, kind) for kind, words in WORDS.items() for word in words]
    shop.deliver(lines_of(*({"kind": word} for word, _ in told)), export="feedback")
    found = shop.ask("SELECT kind FROM feedback ORDER BY CAST(feedback_id[2:] AS INTEGER)")
    assert [kind for (kind,) in found] == [kind for _, kind in told]


RATINGS = [
    ("1", "5", "1", "1"),
    ("4.5", "1-5", "4.5", "4.5"),
    ("5分", "5分制", "5", "5"),
    ("4星", "", "4", "4"),
    ("3 stars", "5", "3", "3"),
    ("1", "10", "1", "1"),
    ("10", "10", "10", "5"),
    ("8", "10.0", "8", "4.111"),
    ("0", "0-10", "0", "1"),
    ("5", "0～10", "5", "3"),
    ("75", "0到100分", "75", "4"),
    ("2", "3", "2", "3"),
    ("7", "1-7", "7", "5"),
    ("１０", "１０", "10", "5"),
]


def test_a_rating_of_any_scale_is_brought_to_five_and_the_original_is_kept(shop: Shop) -> None:
    given = [{"rating": rating, "rating_scale": scale} for rating, scale, _, _ in RATINGS]
    shop.deliver(lines_of(*given), export="feedback")
    assert shop.ask(
        "SELECT rating, rating_of_five FROM feedback ORDER BY CAST(feedback_id[2:] AS INTEGER)"
    ) == [(Decimal(kept), Decimal(of_five)) for _, _, kept, of_five in RATINGS]


@pytest.mark.parametrize(("scale", "of_five"), [("1-5", "5"), ("1-10", "2.778"), ("0-10", "3")])
def test_a_rating_without_a_scale_is_on_that_of_the_settings(
    new_shop: NewShop, scale: str, of_five: str
) -> None:
    shop = new_shop(rating_scale=scale)
    shop.deliver(lines_of({"rating": "5"}), export="feedback")
    assert shop.ask("SELECT rating_of_five FROM feedback") == [(Decimal(of_five),)]


@pytest.mark.parametrize("scale", ["1-5", "0-10", "1-7", "0-100"])
def test_the_mapping_keeps_the_ends_the_middle_and_the_order(shop: Shop, scale: str) -> None:
    low, high = map(int, scale.split("-"))
    found = shop.ask(
        f"SELECT {ratings.of_five('rating', 's')} FROM (SELECT unnest(range({low}, {high + 1}))::"
        f"DECIMAL(18, 3) AS rating, '{scale}' AS s) ORDER BY rating"
    )
    plainly = [
        round(Decimal(1) + Decimal(4) * (rating - low) / (high - low), 3)
        for rating in range(low, high + 1)
    ]
    assert [float(one) for (one,) in found] == pytest.approx(list(map(float, plainly)), abs=0.0011)
    assert (found[0][0], found[-1][0]) == (1, 5)


HOSTILE = {
    "one": "差",
    "emoji": "😡😡🙃👨‍👩‍👧",
    "html": '<b onclick="x()">&amp;</b></script><script>alert(1)</script>',
    "formula": '=HYPERLINK("#","look")',
    "quotes": "she said \"no\", 'never'; DROP TABLE feedback; --",
    "lines": "first\nsecond\n\nthird",
    "mixed": "质量 good but 物流 too slow；また来ます",
    "null": "NULL",
    "error": "#N/A",
}


@pytest.mark.fault("F33", "P09")
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_hostile_text_is_stored_as_it_is(shop: Shop, form: str) -> None:
    if form == "json":
        content = lines_of(*({"text": text} for text in HOSTILE.values()))
    else:
        rows = [
            f'F{n},2024-05-01,"{text.replace(chr(34), 2 * chr(34))}"\n'
            for n, text in enumerate(HOSTILE.values(), start=1)
        ]
        content = ("feedback_id,submitted_at,text\n" + "".join(rows)).encode()
    shop.deliver(content, export="feedback")
    assert texts(shop) == [*HOSTILE.values()]


@pytest.mark.fault("F33")
def test_control_characters_and_signs_nobody_sees_are_not_stored(shop: Shop) -> None:
    shop.deliver(
        lines_of({"text": "a\u0007\u001b[31mb\u202ec\u200bd\u2028"}, {"text": "\u0007\u200b"}),
        export="feedback",
    )
    assert texts(shop) == ["a[31mbcd", None]


@pytest.mark.fault("F33")
@pytest.mark.parametrize("long", ["很长" * 170_000, "x y " * 250_000, "长" * 350_000])
def test_a_megabyte_is_cut_to_what_is_kept_and_landing_has_all_of_it(shop: Shop, long: str) -> None:
    shop.deliver(
        lines_of({"text": long}, {"text": "y" * PROSE_LETTERS_MAX}, {"rating": "5"}),
        export="feedback",
    )
    assert shop.ask("SELECT length(text), is_text_cut FROM feedback ORDER BY feedback_id") == [
        (PROSE_LETTERS_MAX, True),
        (PROSE_LETTERS_MAX, False),
        (None, None),
    ]
    assert texts(shop)[0] == long[:PROSE_LETTERS_MAX]
    large = [path for path in shop.workspace.landing.rglob("*") if path.stat().st_size > len(long)]
    (landed,) = large
    assert landed.stat().st_mode & 0o777 == 0o600


@pytest.mark.fault("F33")
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_row_beyond_two_megabytes_or_with_a_nul_is_refused_and_the_others_come_in(
    shop: Shop, form: str
) -> None:
    said = ["长" * 1_000_000, "a\0b", "fine"]
    if form == "json":
        content = lines_of(*({"text": text} for text in said))
    else:
        rows = "".join(f"F{n},2024-05-01,{text}\n" for n, text in enumerate(said, start=1))
        content = f"feedback_id,submitted_at,text\n{rows}".encode()
    shop.deliver(content, export="feedback")
    assert [reason for _, _, reason in shop.reasons()] == ["row_too_long", "nul_byte"]
    assert texts(shop) == ["fine"]


@pytest.mark.fault("P12")
def test_no_half_of_a_phone_is_left_where_a_text_is_cut(shop: Shop) -> None:
    pieces = [
        {"text": "好" * before + "13912345678" + "。" * 20}
        for before in range(PROSE_LETTERS_MAX - 12, PROSE_LETTERS_MAX + 1)
    ]
    shop.deliver(lines_of(*pieces), export="feedback")
    assert not [text for text in texts(shop) if text and "1" in text]


@pytest.mark.fault("P12")
def test_a_member_who_writes_their_own_number_is_masked_in_text_and_label(shop: Shop) -> None:
    shop.deliver(
        lines_of(
            {"customer_id": "M8800123", "text": "我是M8800123，没积分", "category": "M8800123"},
            {"customer_id": "M8800124", "text": "call me, M8800124", "category": "delivery"},
            {"customer_id": "7", "text": "7 of 10"},
        ),
        export="feedback",
    )
    assert texts(shop) == ["我是〔会员号〕，没积分", "call me, [member]", "7 of 10"]
    assert shop.ask("SELECT category FROM feedback ORDER BY feedback_id") == [
        ("[member]",),
        ("delivery",),
        (None,),
    ]


def test_an_anonymous_card_that_said_something_is_nobody(new_shop: NewShop) -> None:
    shop = new_shop(anonymous_ids=("ann",))
    shop.deliver(HEADER + OPEN + OF_BOB, export="feedback")
    assert shop.ask("SELECT feedback_id FROM feedback WHERE source_customer_id IS NULL") == [
        ("F1",)
    ]


def test_a_week_with_ten_times_the_complaints_is_told_and_stops_nothing(shop: Shop) -> None:
    shop.tolerance = Tolerance()
    for week, pieces_n in ((1, 30), (2, 30), (3, 900)):
        rows = "".join(f"W{week}-{n} 2024-05-0{week} - survey 5 - -\n" for n in range(pieces_n))
        (load,) = shop.deliver(HEADER + rows, export="feedback")
    assert (load.accepted_n, load.differing, len(load.differences)) == (900, [], 1)


def test_a_text_that_says_total_is_a_text(shop: Shop) -> None:
    shop.deliver(lines_of({"text": "合计", "kind": "poem"}, {"text": "Total"}), export="feedback")
    assert shop.reasons() == [(1, "kind", "not_a_choice")]
    assert texts(shop) == ["Total"]


def test_a_deleted_warehouse_is_built_again_from_what_landed(shop: Shop) -> None:
    shop.deliver(HEADER + OPEN + OF_BOB, export="feedback", delivered_at=FIRST)
    shop.deliver(HEADER + SETTLED, export="feedback", delivered_at=SECOND)
    before = shop.ask("FROM feedback ORDER BY ALL"), shop.ask("FROM feedback_history ORDER BY ALL")
    shop.close()
    shop.workspace.warehouse.unlink()
    shop.load()
    after = shop.ask("FROM feedback ORDER BY ALL"), shop.ask("FROM feedback_history ORDER BY ALL")
    assert after == before
