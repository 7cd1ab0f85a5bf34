"""Refused messages and coupon uses go out in a workbook and come back once, in their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quarantine.conftest import SETTINGS, Desk, new_desk_at

MESSAGES = ("campaign_id", "customer_id", "contacted_at", "arm", "cost")
USES = ("coupon_id", "redeemed_at", "customer_id", "order_id", "value")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two messages and two uses came that are in order, and two of each that are not."""
    desk = new_desk_at(tmp_path / "desk")
    text = SETTINGS.replace('["exports/*"]', '["exports/t*"]')
    more = "".join(
        f'[exports.{name}]\nfiles = "exports/{name}*"\nfinal_newline = false\n'
        for name in ("contacts", "coupons", "feedback")
    )
    desk.workspace.settings_file.write_text(f"{text}\n{more}", encoding="utf-8")
    desk.write("t.csv", [("o1", "1", "ann", "2024-03-01 10:00:00", "1.00", "s1", "")])
    desk.write(
        "contacts.csv",
        [
            ("C1", "ann", "2024-03-01 10:00:00", "treated", "0.05"),
            ("C1", "bob", "2024-03-01 10:00:00", "maybe", "0.05"),
            ("C1", "cyd", "2024-03-01 10:00:00", "treated", "0.05"),
            ("C1", "cyd", "2024-03-01 10:00:00", "control", "0.05"),
        ],
        MESSAGES,
    )
    desk.write(
        "coupons.csv",
        [
            ("K1", "2024-03-02 10:00:00", "ann", "o1", "5.00"),
            ("K1", "2024-02-31 10:00:00", "bob", "o2", "5.00"),
        ],
        USES,
    )
    desk.ingest()
    return desk


PIECES = ("feedback_id", "submitted_at", "customer_id", "rating", "rating_scale", "text")


def test_a_mended_rating_comes_in_and_its_text_is_masked_as_any(desk: Desk) -> None:
    desk.write(
        "feedback.csv",
        [
            ("F1", "2024-03-03 10:00:00", "ann", "9", "5", "call me 13812345678"),
            ("F2", "2024-03-03 10:00:00", "bob", "4", "5", "fine"),
        ],
        PIECES,
    )
    desk.ingest()
    book = desk.handed_out()
    (row,) = book.rows("feedback.csv")
    assert row["#what is wrong"].startswith("rating is outside its scale")

    desk.resubmit(book.put("feedback.csv", 2, rating_scale="10"))

    assert desk.ask("SELECT feedback_id, text FROM feedback ORDER BY ALL") == [
        ("F1", "call me [phone]"),
        ("F2", "fine"),
    ]


def arms(desk: Desk) -> list[tuple[str, int]]:
    return desk.ask("SELECT arm, count(*) FROM contacts GROUP BY arm ORDER BY arm")


def test_they_are_handed_out_with_what_is_wrong_and_what_to_do(desk: Desk) -> None:
    assert desk.refused() == [
        ("contacts.csv", 3, "not_a_choice"),
        ("contacts.csv", 4, "conflicting_key"),
        ("contacts.csv", 5, "conflicting_key"),
        ("coupons.csv", 3, "not_a_date"),
    ]
    row = desk.handed_out().rows("contacts.csv")[0]
    assert row["#what is wrong"] == "arm is none of treated, control"
    assert row["#what to do"] == "write one of the words that are named there"


def test_a_mended_message_and_use_are_accepted_and_leave_the_quarantine(desk: Desk) -> None:
    book = desk.handed_out().put("contacts.csv", 3, arm="对照组")
    book.put("coupons.csv", 3, redeemed_at="2024-02-28 10:00:00")
    desk.resubmit(book)

    assert arms(desk) == [("control", 1), ("treated", 1)]
    assert desk.ask("SELECT count(*) FROM coupons") == [(2,)]
    assert desk.refused() == [
        ("contacts.csv", 4, "conflicting_key"),
        ("contacts.csv", 5, "conflicting_key"),
    ]


def test_of_two_versions_the_one_that_is_not_given_up_is_accepted(desk: Desk) -> None:
    desk.resubmit(desk.handed_out().put("contacts.csv", 5, give_up="x"))

    assert arms(desk) == [("treated", 2)]
    assert desk.refused()[0] == ("contacts.csv", 3, "not_a_choice")
    assert ("contacts.csv", 4, "conflicting_key") not in desk.refused()
