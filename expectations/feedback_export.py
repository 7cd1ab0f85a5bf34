"""The contract of feedback that comes in: surveys, reviews, complaints, calls, social posts."""

from __future__ import annotations

import dataframely as dy

from regulars.expectations.export_columns import (
    choice,
    instant,
    prose,
    quantity,
    scale,
    score,
    text,
)

NPS_MAX = 10


class Feedback(dy.Schema):
    """One piece of feedback, with what became of it as far as that is known."""

    feedback_id = text("Number of the piece", "反馈编号", required=True)
    submitted_at = instant(
        "When it was submitted, in the chain's time zone", "提交时间（门店时区）", required=True
    )
    customer_id = text(
        "Member who submitted it; empty where nobody was told",
        "会员号；未识别会员为空",
        role="person",
    )
    order_id = text("Receipt or order it is about", "相关的小票号或订单号")
    product_id = text("Product it is about", "相关商品编码")
    store_id = text("Store, or web shop, it is about", "相关门店编码")
    staff_id = text("Person it is about", "相关店员编码")
    channel = text("Way it came, such as app or hot line", "反馈渠道，如 APP、热线")
    kind = choice(
        "survey, review, complaint, call or social",
        "survey 问卷，review 评价，complaint 投诉，call 来电，social 社交媒体",
        words={
            "survey": "survey surveys questionnaire poll csat nps 问卷 问卷调查 调查 调研 "
            "满意度调查 满意度 满意度问卷 回访问卷 调查问卷",
            "review": "review reviews rating comment 评价 评论 点评 商品评价 订单评价 在线评价 "
            "门店评价 追评",
            "complaint": "complaint complaints ticket case 投诉 客诉 投诉单 投诉工单 工单 举报 "
            "售后投诉",
            "call": "call calls phone telephone hotline call_note 来电 电话 热线 通话 通话记录 "
            "客服电话 电话回访 呼入",
            "social": "social social_media social-media post 社媒 社交 社交媒体 微博 小红书 抖音 "
            "朋友圈 舆情",
        },
    )
    category = text("What it is about, by the chain's own label", "企业自有分类标签", role="masked")
    rating = score("Rating, on the scale of rating_scale", "评分，量表见 rating_scale")
    rating_scale = scale(
        "Lowest and highest rating, such as 1-5 or 0-10; a number alone counts from 1",
        "评分量表的最低分与最高分，如 1-5、0-10；只写一个数时从 1 起",
    )
    nps = quantity("Likelihood to recommend, 0 to 10", "推荐意愿，0 到 10")
    text = prose(
        "What was said; phones, addresses and numbers of persons are masked before it is stored",
        "反馈内容；存储前隐去电话、邮箱、证件号等个人信息",
    )
    responded_at = instant("When it was first answered", "首次回复时间")
    resolved_at = instant("When it was settled", "解决时间")
