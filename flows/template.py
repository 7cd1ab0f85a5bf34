"""The ``regulars.toml`` of a new workspace."""

SETTINGS_TEMPLATE = """\
# Settings of this workspace. Every key is explained in the README.

[chain]
name = "My chain"
currency = "CNY"                # ISO 4217
time_zone = "Asia/Shanghai"     # the zone of the times in the exports
language = "en"                 # of the report: en | zh
# day_starts_at = "05:00"       # when a business day begins
# anonymous_ids = ["0000"]      # customer ids that stand for nobody
# order_key = ["order_id"]      # or ["store_id", "ordered_on", "order_id"]: stores count alike

[exports.transactions]
files = "exports/transactions*.csv"     # one glob or several, relative to this folder
# final_newline = false                 # for systems that do not end their last line
# delivered_at = "transactions_%Y%m%d*.csv"   # where the file name tells when it was delivered

[exports.transactions.columns]
# The contract's name on the left, the file's own on the right; equal names need no entry.
# order_id = "小票号"
# customer_id = "会员卡号"
# ordered_at = "交易时间"
# amount = "实付金额"

# Optional exports; each adds to what is published.
# [exports.customers]
# files = "exports/customers*.csv"
# [exports.products]
# files = "exports/products*.csv"
# [exports.stores]
# files = "exports/stores*.csv"
# [exports.contacts]                    # messages of campaigns: whom, when, treated or control
# files = "exports/contacts*.csv"
# [exports.coupons]                     # uses of coupons
# files = "exports/coupons*.csv"
# [exports.feedback]                    # surveys, reviews, complaints, calls, social posts
# files = "exports/feedback*.csv"

[rfm]
compare_days = 28               # segments are compared with those of so many days before

[churn]
horizon_days = 28

# [models]
# refit = "weekly"              # or daily, monthly: how often models are fitted anew

# [feedback]
# rating_scale = "1-5"          # of ratings that do not say theirs; or "1-10", "0-10"
# response_target_hours = 24    # complaints and calls are to be answered within, and
# resolution_target_hours = 72  # settled within
# [feedback.terms]              # more words for a category that there is
# delivery = ["团长", "驿站"]
# [feedback.labels]             # what your own people's labels mean
# "送货" = "delivery"
# [[feedback.categories]]       # a category of your own
# code = "engraving"
# label_en = "Engraving"
# label_zh = "刻字服务"
# terms = ["engrav", "刻字", "刻名"]

# [resources]
# memory = "3GB"                # of DuckDB, before it spills into .work/; otherwise half of what
#                               # there is, 3GB at most
# threads = 2                   # otherwise as many as there are cores
"""
