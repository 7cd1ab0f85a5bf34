"""Labelled texts as they come: a CSV, zipped or not, and a folder of sentences."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from regulars.data.labelled_texts import labelled_reviews, labelled_sentences, sha256_of
from regulars.expectations.errors import Failed

REVIEWS = 'cat,label,review\n书籍,1,"好, 很好"\n酒店,0,差\n酒店,1,\n酒店,2,中\n'


def test_reviews_are_read_with_their_label_and_category_and_without_a_text(tmp_path: Path) -> None:
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, encoding="utf-8")
    assert labelled_reviews(file).rows() == [
        ("书籍", "好, 很好", True),
        ("酒店", "差", False),
        ("酒店", "", True),
    ]


def test_zipped_reviews_are_the_same(tmp_path: Path) -> None:
    plain, zipped = tmp_path / "reviews.csv", tmp_path / "reviews.zip"
    plain.write_text(REVIEWS, encoding="utf-8")
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("inside/reviews.csv", REVIEWS)
    assert labelled_reviews(zipped).equals(labelled_reviews(plain))


def test_sentences_are_read_from_all_files_with_their_last_column_as_label(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text('So "good".\t1\nA\ttab\t0\n', encoding="utf-8")
    (tmp_path / "a.txt").write_text("Bad\x85 so bad\t0", encoding="utf-8")
    assert labelled_sentences(tmp_path).rows() == [
        ("a", "Bad\x85 so bad", False),
        ("b", 'So "good".', True),
        ("b", "A\ttab", False),
    ]


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"ab")
    (tmp_path / "b.txt").write_bytes(b"c")
    whole = tmp_path / "whole"
    whole.write_bytes(b"abc")
    assert sha256_of(tmp_path) == sha256_of(whole)
    assert sha256_of(whole).startswith("ba7816bf")


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_of_another_kind_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    with pytest.raises(Failed, match=r"other\.csv") as refused:
        labelled_reviews(file)
    assert "cat, label and review" in str(refused.value)


def test_what_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="reviews"):
        labelled_reviews(tmp_path / "reviews.csv")
    with pytest.raises(Failed, match="folder of files"):
        labelled_sentences(tmp_path)
