"""Which parts, together in a clause, tell of which category, and how surely.

A rule is a category, a weight and what it asks of a clause: every part named, one of those parted
by ``|``, none of those after ``-``. ``~x`` asks for x as what is spoken of: named in the clause or,
where a clause names nothing, in the one before. ``text:x`` asks for x anywhere in the text. A
category is given from a weight of 1 (`ENOUGH`); where no category reaches it, those from 0.5 up
are (`BARELY`).
"""

from __future__ import annotations

SUBJECTS = (
    "goods",
    "staff",
    "courier",
    "fitter",
    "parcel",
    "price_promotion",
    "store",
    "place",
    "returns_after_sales",
    "queue",
    "till",
    "app",
    "fee",
    "hotline",
)
"""Parts that can be spoken of on through clauses that name none."""

ENOUGH = 1.0
BARELY = 0.5

RULES = """
product_quality 1.0 product_quality -~place -~courier
product_quality 0.5 product_quality
product_quality 0.5 product_quality?
product_quality 1.0 product_quality? good|bad -~parcel
product_quality 1.0 ~goods good|bad -staff -courier -parcel -store -place -price_promotion -returns_after_sales -queue_waiting -app -app_payment -service_attitude -delivery -store_environment
product_quality 1.0 goods goods_bad -parcel -courier -place -delivery
product_quality 0.5 goods_bad -~parcel -~courier -~place -~app -delivery -app_payment
product_quality 1.0 smell -~store -~place -store_environment
product_quality 1.0 goods sound -~store
product_quality 0.5 pack -text:parcel

service_attitude 1.0 service_attitude -~courier -~fitter
service_attitude 1.0 ~staff good|bad -queue_waiting -price_promotion -courier -fitter
service_attitude 0.5 staff -courier -fitter -queue_waiting -wait -scene

delivery 1.0 delivery
delivery 1.0 courier|parcel service_attitude|good|bad|wait -returns_after_sales
delivery 1.0 ~courier service_attitude|good|bad|wait -staff
delivery 1.0 parcel crushed|short
delivery 1.0 ~parcel crushed -goods_bad
delivery 1.0 pack crushed|good|bad text:parcel
delivery 1.0 pickup short
delivery 1.0 fee

price_promotion 1.0 price_promotion -fee
price_promotion 0.5 price_promotion
price_promotion 0.5 price_promotion?
price_promotion 1.0 price_promotion? good|bad

store_environment 1.0 store_environment
store_environment 1.0 ~place place_state|good|bad|smell -queue -till
store_environment 1.0 store place_state|smell|sound
store_environment 1.0 store|place stockout

returns_after_sales 1.0 returns_after_sales
returns_after_sales 1.0 ~fitter service_attitude|good|bad|wait

queue_waiting 1.0 queue_waiting -text:delivery -~returns_after_sales -~app -scene
queue_waiting 0.5 queue_waiting -scene
queue_waiting 1.0 wait till|queue -returns_after_sales -scene -delivery
queue_waiting 1.0 hotline unanswered
queue_waiting 1.0 unanswered

app_payment 1.0 app_payment -queue
app_payment 0.5 app_payment -queue
app_payment 0.5 app_payment?
app_payment 1.0 app|app_scene fail
app_payment 1.0 ~app good|bad|fail -goods -staff -parcel -price_promotion
price_promotion 1.0 fail price_promotion
"""
