from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from regulars.models.category_fit import LEAST_LABELLED_N, fit_categories
from regulars.models.category_model import LearnedCategories, categories_with
from regulars.models.feedback_taxonomy import taxonomy, taxonomy_with, told_categories
from regulars.models.not_fitted import NotFitted
from regulars.models.own_labels import own_codes

DAY = date(2024, 5, 1)
OPENINGS = [
    "今天",
    "昨天",
    "上周",
    "又是",
    "家里",
    "真的",
    "说实话",
    "唉",
    "这次",
    "每回",
    "早上",
    "周末",
]
JARGON = ["蓝鲸线又断了", "蓝鲸线没动静", "蓝鲸线全黑", "蓝鲸线转不动", "蓝鲸线挂零"]
PRAISED = ["店员热情", "店员态度差", "导购耐心", "客服敷衍", "店员爱答不理"]
ENDINGS = ["。", "！", "，唉", "，哎呀", "，好吧"]
KNOWN = taxonomy()


def pieces(*said: tuple[list[str], str]) -> pl.DataFrame:
    """Openings × what is said × endings, all with the label."""
    rows = [
        (DAY, f"{opening}{middle}{ending}", label)
        for middles, label in said
        for opening, middle, ending in product(OPENINGS, middles, ENDINGS)
    ]
    return pl.DataFrame(rows, schema=["submitted_on", "text", "own_category"], orient="row")


REFUNDS = ["退款没到账", "不给退货", "售后没人回复"]
PLANTED = pieces((JARGON, "系统支付"), (PRAISED, "服务态度"), (REFUNDS, "退换售后"))
"""The chain says 蓝鲸线 of its app, which no term knows."""
NAMES = {"系统支付": "app_payment"}


@pytest.fixture(scope="module")
def model() -> LearnedCategories:
    fitted = fit_categories(PLANTED, KNOWN, as_of=DAY, names=NAMES)
    assert isinstance(fitted, LearnedCategories)
    return fitted


def test_what_only_the_chain_calls_so_is_learned(model):
    told = categories_with(pl.Series(["前天蓝鲸线又断了一回"]), KNOWN, model)
    assert told["categories"].to_list() == [["app_payment"]]
    assert told["categories_by"].to_list() == ["learned"]
    assert any("蓝" in word or "鲸" in word for word in told["category_words"].item())


def test_learned_is_used_only_where_it_beats_the_terms(model):
    assert model.learned == ("app_payment",)
    assert model.evidence["app_payment"]["learned"] > model.evidence["app_payment"]["terms"]
    assert (
        model.evidence["service_attitude"]["terms"] >= model.evidence["service_attitude"]["learned"]
    )


def test_the_other_categories_are_told_by_their_terms(model):
    told = categories_with(pl.Series(["店员态度差", "退款三周没到账"]), KNOWN, model)
    assert told["categories"].to_list() == [["service_attitude"], ["returns_after_sales"]]
    assert told["categories_by"].to_list() == ["terms", "terms"]


def test_no_text_is_told_of_by_nobody(model):
    told = categories_with(pl.Series([None, " "], dtype=pl.String), KNOWN, model)
    assert told.rows() == [([], [], None)] * 2


def test_without_a_model_the_terms_tell():
    texts = pl.Series(["店员态度差", None, "嗯"])
    told = categories_with(texts, KNOWN, None)
    assert_frame_equal(told.drop("categories_by"), told_categories(texts))
    assert told["categories_by"].to_list() == ["terms", None, "terms"]


def test_a_text_is_told_the_same_in_any_company(model):
    texts = PLANTED["text"].head(40).append(pl.Series(["退款", None, ""]))
    alone = pl.concat([categories_with(texts.slice(n, 1), KNOWN, model) for n in range(0, 43, 18)])
    assert_frame_equal(categories_with(texts, KNOWN, model).gather_every(18), alone)


def test_the_order_of_rows_changes_no_bit_of_the_fit(model):
    again = fit_categories(
        PLANTED.sample(fraction=1, shuffle=True, seed=3), KNOWN, as_of=DAY, names=NAMES
    )
    assert isinstance(again, LearnedCategories)
    assert np.array_equal(model.coefficients, again.coefficients)
    assert model.as_dict() == again.as_dict()
    assert model.phrases == again.phrases


def test_later_pieces_teach_nothing(model):
    later = PLANTED.with_columns(
        submitted_on=pl.lit(date(2024, 5, 2)), own_category=pl.lit("queue_waiting")
    )
    again = fit_categories(pl.concat([PLANTED, later]), KNOWN, as_of=DAY, names=NAMES)
    assert isinstance(again, LearnedCategories)
    assert again.as_dict() == model.as_dict()


def test_unknown_labels_are_kept_out_and_counted():
    odd = pieces((JARGON[:1], "别的什么"))
    fitted = fit_categories(pl.concat([PLANTED, odd]), KNOWN, as_of=DAY, names=NAMES)
    assert isinstance(fitted, LearnedCategories)
    assert fitted.unknown_n == odd.height
    assert sum(fitted.labelled_n.values()) == PLANTED.height


def test_too_few_labels_give_the_reason_instead_of_a_model():
    few = PLANTED.head(LEAST_LABELLED_N - 1)
    assert fit_categories(few, KNOWN, as_of=DAY, names=NAMES) == NotFitted(
        "too_few_labelled", {"found_n": 99, "unknown_n": 0, "least_n": LEAST_LABELLED_N}
    )


def test_pieces_without_text_or_label_teach_nothing():
    empty = PLANTED.with_columns(text=pl.lit(None, dtype=pl.String))
    unlabelled = PLANTED.with_columns(own_category=pl.lit(None, dtype=pl.String))
    fitted = fit_categories(pl.concat([empty, unlabelled]), KNOWN, as_of=DAY, names=NAMES)
    assert isinstance(fitted, NotFitted)


def test_a_second_thing_told_is_no_evidence_against_its_category():
    """Labelled as service, and told of the queue by the terms: kept out of what queue is not."""
    both = pieces(
        (["店员态度差还排队半小时", "排队半天店员爱答不理", "排长队导购冷漠"], "service_attitude"),
        (["蓝鲸线没人", "蓝鲸线好长", "排队太久了", "排队排到门口"], "queue_waiting"),
        (["衣服起球", "鞋子开胶", "牛奶过期"], "product_quality"),
    )
    fitted = fit_categories(both, KNOWN, as_of=DAY)
    assert isinstance(fitted, LearnedCategories)
    assert "queue_waiting" in fitted.learned
    told = categories_with(both["text"].head(30), KNOWN, fitted)["categories"]
    assert told.list.contains("queue_waiting").all()


def test_parts_give_back_the_model(model):
    back = LearnedCategories.from_parts(model.parts())
    assert back.as_dict() == model.as_dict()
    texts = PLANTED["text"].head(30)
    assert_frame_equal(categories_with(texts, KNOWN, back), categories_with(texts, KNOWN, model))


def test_a_model_of_another_taxonomy_is_refused(model):
    other = taxonomy_with(categories={"pets": ("Pets", "宠物")}, terms={"pets": ["猫砂盆"]})
    with pytest.raises(ValueError, match="another taxonomy"):
        categories_with(pl.Series(["嗯"]), other, model)


def test_labels_are_known_by_code_by_either_label_and_by_the_names_of_the_chain():
    labels = [
        "queue_waiting",
        "Queue and Waiting",
        " 排队等候",
        "系统支付",
        "QUEUE-WAITING",
        "其他",
        "?",
        None,
    ]
    found = own_codes(pl.Series(labels), KNOWN, names=NAMES).to_list()
    assert found == [*["queue_waiting"] * 3, "app_payment", "queue_waiting", "other", None, None]


def test_a_name_that_leads_nowhere_is_refused():
    with pytest.raises(ValueError, match="unknown categories: nowhere"):
        own_codes(pl.Series(["x"]), KNOWN, names={"x": "nowhere"})
