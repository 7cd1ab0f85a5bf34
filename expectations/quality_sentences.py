"""What is said of how good the models are; a part of the catalogue."""

from __future__ import annotations

_KINDS = {
    "churn": ("The risks as published", "所发布的风险"),
    "recency": ("days since the last purchase", "距上次消费的天数"),
    "expected_orders": ("expected purchase days (BG/NBD)", "预期消费天数（BG/NBD）"),
    "boosting": ("gradient boosting", "梯度提升"),
    "logistic": ("logistic regression", "逻辑回归"),
    "blend": ("the mean of boosting and logistic", "梯度提升与逻辑回归的均值"),
}

_SECTION = {
    "quality.title": ("How good the models are", "模型质量"),
    "quality.tested": (
        "Tested as of {tested_on}: a model that knew nothing later told the risks of {customers}, "
        "and these were held to who had bought by {until}.",
        "检验日为 {tested_on}：由只知道当日以前数据的模型给出 {customers}的风险，再与截至 {until} "
        "的实际消费对照。",
    ),
    "quality.pairs": (
        "Take one customer who stayed away and one who came: in {auc} of 100 such pairs the one "
        "who stayed away had the higher risk (uncertain from {low} to {high}). A coin gets 50.",
        "任取一位未再消费的客户与一位再次消费的客户，100 对中有 {auc} 对是未再消费者的风险更高"
        "（不确定范围 {low} 至 {high}）；抛硬币为 50 对。",
    ),
    "quality.pairs.recency": (
        "By the days since the last purchase alone it is {auc}.",
        "仅凭距上次消费的天数为 {auc} 对。",
    ),
    "quality.pairs.expected_orders": (
        "By the purchase days that BG/NBD expects alone it is {auc}.",
        "仅凭 BG/NBD 预期的消费天数为 {auc} 对。",
    ),
    "quality.not_better": (
        "So on this test a plain rule told as much as the model: trust the order of the "
        "customers, not that the model adds to it.",
        "可见本次检验中，简单规则已不逊于模型：客户的先后次序可信，但模型并未带来更多信息。",
    ),
    "quality.gain": (
        "Held beside {rule}, on the same customers: {gains}.",
        "在相同客户上与{rule}相比：{gains}。",
    ),
    "quality.gain.better": (
        "{measure} better by {value} (95%: {low} to {high})",
        "{measure}更好，领先 {value}（95%：{low} 至 {high}）",
    ),
    "quality.gain.unsure": (
        "{measure} not surely better ({value}; 95%: {low} to {high}, which holds 0)",
        "{measure}未必更好（{value}；95%：{low} 至 {high}，包含 0）",
    ),
    "quality.gain.worse": (
        "{measure} worse by {value} (95%: {low} to {high})",
        "{measure}更差，落后 {value}（95%：{low} 至 {high}）",
    ),
    "quality.gain.auc": ("AUC", "AUC "),
    "quality.gain.average_precision": ("average precision", "平均精确率"),
    "quality.gain.brier": ("Brier score", "Brier 分数"),
    "quality.gain.separator": ("; ", "；"),
    "quality.lift": (
        "Of the tenth of the customers with the highest risk {riskiest} in 100 stayed away, of all "
        "customers {base} in 100: {lift} times as many.",
        "风险最高的十分之一客户中，每 100 位有 {riskiest} 位未再消费；全体客户每 100 位有 {base} "
        "位，前者为后者的 {lift} 倍。",
    ),
    "quality.accuracy.came": (
        "An accuracy is not shown: to say of everybody that they will come would have been right "
        "for {most} in 100, and would have found nobody.",
        "此处不列“准确率”：若断言所有客户都会到店，每 100 位也有 {most} 位说中，"
        "却一位不再来的客户都找不出。",
    ),
    "quality.accuracy.gone": (
        "An accuracy is not shown: to say of everybody that they will stay away would have been "
        "right for {most} in 100, and would have told nobody apart.",
        "此处不列“准确率”：若断言所有客户都不再来，每 100 位也有 {most} 位说中，却分不出任何人。",
    ),
    "quality.calibration.right": (
        "Taken at their word the risks were off by {error} points on average, no more than chance "
        "makes of risks that are all true (up to {floor_high}): of 100 customers {told} were to "
        "stay away, {base} did.",
        "就数值本身而言，风险平均偏差 {error} 个百分点，"
        "未超出完全真实的风险因随机波动也会有的偏差（至多 "
        "{floor_high}）：每 100 位客户预计 {told} 位不再消费，实际 {base} 位。",
    ),
    "quality.calibration.off": (
        "Taken at their word the risks were off by {error} points on average, more than chance "
        "makes of risks that are all true (up to {floor_high}): of 100 customers {told} were to "
        "stay away, {base} did. The order of the customers is not affected.",
        "就数值本身而言，风险平均偏差 {error} 个百分点，"
        "超出完全真实的风险因随机波动会有的偏差（至多 "
        "{floor_high}）：每 100 位客户预计 {told} 位不再消费，实际 {base} 位。"
        "客户的先后次序不受影响。",
    ),
    "quality.none": (
        "How good such risks are is not known yet: a test takes a model of horizon_days "
        "({horizon}) earlier, and since then customers who came and customers who stayed away.",
        "风险是否准确尚无法检验：需有 horizon_days（{horizon}）天前的模型，"
        "且此后既有客户再次消费也有客户未再消费。",
    ),
    "quality.fitted": (
        "Today's risks are of a model fitted in the same way as of {fitted_on}. It learned from "
        "what followed past days, a customer on a day being one case: {examples} in all.",
        "当前风险所用模型以同样方式训练，训练截至 {fitted_on}。它从过去各日之后的结果中学习，"
        "一位客户的一日为一例，共 {examples} 例。",
    ),
    "quality.choice.later_days": (
        "It was chosen by how well each kind ranked customers of later days than those it had "
        "learned from (AUC): {kinds}. Taken: {kind}. The highest is taken however small its lead, "
        "a plain rule where no model is ahead of it.",
        "模型依据各类方法对更晚日期客户的排序能力（AUC）选定：{kinds}。选用：{kind}。"
        "取数值最高者，无论领先多少；若无模型领先，则选用简单规则。",
    ),
    "quality.choice.other_customers": (
        "The history being too short to judge on later days, it was chosen by how well each kind "
        "ranked customers that it had not learned from (AUC): {kinds}. Taken: {kind}. The highest "
        "is taken however small its lead, a plain rule where no model is ahead of it.",
        "因历史较短，无法以更晚日期检验，模型依据各类方法对未参与训练客户的排序能力（AUC）选定："
        "{kinds}。选用：{kind}。取数值最高者，无论领先多少；若无模型领先，则选用简单规则。",
    ),
    "quality.choice.tested": (
        "The model tested above was chosen just so, by what was known before its test: the test "
        "judges the choice and does not make it.",
        "上文所检验的模型以同样方式、仅依据检验日之前的数据选定：检验只评判选择，不参与选择。",
    ),
    "quality.choice.item": ("{kind} {auc}", "{kind} {auc}"),
    "quality.drift.none": (
        "Customers are still like those it was fitted to: none of {watched} figures that are "
        "watched has drifted (a stability index above 0.25, and above chance). The largest index "
        "is {index}, of {feature}.",
        "客户与训练时相比仍然相近：所监测的 {watched} 项数值均未漂移（稳定性指数高于 0.25 "
        "且超出随机波动）。"
        "最大指数为 {index}（{feature}）。",
    ),
    "quality.drift.some": (
        "Customers are no longer like those it was fitted to: of {watched} figures that are "
        "watched, these have drifted (a stability index above 0.25, and above chance). A refit is "
        "asked for, and serves from the next day on.",
        "客户与训练时相比已有变化：所监测的 {watched} 项数值中，下列各项已漂移（稳定性指数高于 "
        "0.25 "
        "且超出随机波动）。已要求重新训练，自次日起生效。",
    ),
    "quality.drift.risk": ("the risk itself", "风险本身"),
    "quality.feature": ("Figure", "数值"),
    "quality.about": ("What it is about", "所属方面"),
    "quality.index": ("Stability index", "稳定性指数"),
    "quality.chance": ("By chance up to", "随机波动上限"),
    "quality.model": ("Model", "模型"),
    "quality.auc": ("AUC", "AUC"),
    "quality.average_precision": ("Average precision", "平均精确率"),
    "quality.lift_5": ("Lift, riskiest 5%", "提升度（前 5%）"),
    "quality.lift_10": ("Lift, riskiest 10%", "提升度（前 10%）"),
    "quality.lift_20": ("Lift, riskiest 20%", "提升度（前 20%）"),
    "quality.brier": ("Brier score", "Brier 分数"),
    "quality.calibration_error": ("Calibration error", "校准误差"),
    "quality.calibration_floor": ("The same of true risks", "真实风险的校准误差"),
    "quality.note": (
        "AUC, average precision and lift: more is better. Brier score and calibration error: less "
        "is better. Below each figure: the middle 95% of what it would be with customers drawn "
        "anew. All figures are in the table model_quality; how a forecast of spend came true "
        "stands with the expected value above.",
        "AUC、平均精确率与提升度越高越好，Brier 分数与校准误差越低越好。"
        "各数值下方为客户重新抽样后的中间 "
        "95% 范围。全部数据见 model_quality 表；消费预测的回测见上文预期价值部分。",
    ),
    "quality.curve.title": ("What was told, and what came", "预测与实际"),
    "quality.curve.told": ("risk that was told", "预测风险"),
    "quality.curve.came": ("share that stayed away", "实际未消费占比"),
    "quality.curve.note": (
        "Ten groups of equal size, from the lowest risks to the highest. On the line a risk was "
        "true; above it more customers stayed away than was told. A bar spans the middle 95% with "
        "customers drawn anew.",
        "按风险由低到高分为人数相等的十组。落在线上表示预测与实际一致，高于线表示未消费者多于预测。"
        "竖线为客户重新抽样后的中间 95% 范围。",
    ),
}

QUALITY_SENTENCES: dict[str, tuple[str, str]] = {
    **{f"quality.kind.{code}": words for code, words in _KINDS.items()},
    **_SECTION,
}
