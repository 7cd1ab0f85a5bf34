"""Which parts, together in a clause, tell of which category, and how surely.

A rule, on a line and those set in below it, is a category, a weight and what it asks of a clause:
every part named, one of those parted by ``|``, none of those after ``-``. ``~x`` asks for x as what
is spoken of: named in the clause or, where a clause names nothing, in the one before. ``text:x``
asks for x anywhere in the text.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

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
    "refund",
)
"""Parts that can be spoken of on through clauses that name none."""

ABOUT = frozenset({"staff", "courier", "fitter", "place", "till", "app", "hotline", "parcel"})
"""Subjects that a term is still about when it swallows their name."""

ENOUGH = 1.0
"""The weight of a rule from which on a category is told."""
LEANING = 0.5
"""The weight from which on rules of several clauses add up, to less than enough."""
BARELY = 0.3
"""The weight from which on the heaviest categories are told where none has enough."""
UNIT = 1000
"""Weights are whole thousandths, so that no order of adding changes a sum."""

RULES = """
other 1.0 ads
other 1.0 wish -text:delivery -text:queue_waiting -text:service_attitude -text:returns_after_sales
    -text:store_environment -text:app_payment -text:good -text:bad

product_quality 1.0 product_quality -~place -~courier
product_quality 1.0 product_quality goods -courier -delivery
product_quality 0.5 product_quality
product_quality 1.0 usable -~app -app_scene -app_payment -app_payment? -~place -~store -staff
app_payment 1.0 ~app usable -goods
product_quality 0.5 product_quality?
product_quality 1.0 product_quality? good|bad|goods_bad -~parcel -~app -store -place -staff
    -service_attitude -delivery -price_promotion -store_environment -returns_after_sales
    -queue_waiting -app_payment
product_quality 0.5 ~goods good|bad -staff -courier -app -store -place
product_quality 1.0 goods good|bad -staff -courier -parcel -store -place -price_promotion
    -returns_after_sales -queue_waiting -app -app_payment -service_attitude -delivery
    -store_environment
product_quality 1.0 goods goods_bad -parcel -courier -place -delivery -text:returns_after_sales
product_quality 0.5 goods_bad -~parcel -~courier -~place -~app -delivery -app_payment
product_quality 1.0 smell -~store -~place -store_environment
product_quality 1.0 goods sound -~store
product_quality 0.5 pack -text:parcel
product_quality 0.3 goods
product_quality 1.0 expired -~price_promotion -app
product_quality 0.5 expired

service_attitude 1.0 service_attitude -~courier -~fitter
service_attitude 1.0 ~staff good|bad -wait -queue_waiting -price_promotion -~courier -~fitter
service_attitude 1.0 staff say -~courier -~fitter -stockout
service_attitude 0.5 ~staff service_attitude?|say -~courier -~fitter
service_attitude 0.5 they say -~courier -~fitter -delivery -returns_after_sales
service_attitude 0.5 service_attitude? -~courier -~fitter
service_attitude 0.3 staff -~courier -~fitter -queue_waiting -wait -scene

delivery 1.0 delivery -queue -~fitter
delivery 0.5 delivery?
delivery 1.0 delivery? parcel|courier|wait|good|bad|crushed
delivery 1.0 courier|parcel service_attitude|wait -returns_after_sales -goods
delivery 1.0 ~courier service_attitude|good|bad|wait|say -staff
delivery 1.0 parcel crushed|short
delivery 1.0 ~parcel crushed -goods_bad
delivery 1.0 ~parcel days -returns_after_sales
delivery 1.0 pack crushed|good|bad text:parcel
delivery 1.0 pickup short
delivery 1.0 fee
delivery 0.3 parcel

price_promotion 1.0 price_promotion -fee
price_promotion 0.5 price_promotion
price_promotion 0.5 price_promotion?
price_promotion 1.0 price_promotion? good|bad|money -fee -app_payment -delivery
price_promotion 1.0 money till_price -app_payment
price_promotion 0.5 money -app_payment
price_promotion 1.0 free_fee charged|text:money
price_promotion 1.0 text:free_fee fee charged

store_environment 1.0 store_environment
store_environment 0.5 store_environment?
store_environment 1.0 store_environment? good|bad|place_state
store_environment 1.0 ~place place_state|good|bad|smell -queue -till
store_environment 1.0 store place_state|smell|sound
store_environment 1.0 store|place stockout

returns_after_sales 1.0 returns_after_sales
returns_after_sales 0.5 returns_after_sales?
returns_after_sales 1.0 bring back goods|money|till_price|store|returns_after_sales?
returns_after_sales 0.5 bring back
returns_after_sales 1.0 returns_after_sales? refund|fitter|wait|days
returns_after_sales 1.0 ~fitter service_attitude|good|bad|wait
returns_after_sales 1.0 ~refund wait|days|duration

queue_waiting 1.0 queue_waiting -~returns_after_sales -~app -scene
queue_waiting 1.0 queue_waiting queue -scene
queue_waiting 1.0 waiting -scene -text:delivery -text:parcel -~app -app_payment -~refund
    -~returns_after_sales -returns_after_sales? -fitter
queue_waiting 0.5 queue_waiting -scene
queue_waiting 0.5 queue_waiting? -scene -text:delivery
queue_waiting 1.0 queue_waiting? duration -text:delivery -text:parcel -~app -~refund
    -~returns_after_sales -returns_after_sales?
queue_waiting 1.0 wait|stand|duration till|queue -returns_after_sales -scene -delivery
queue_waiting 1.0 stand duration -delivery
queue_waiting 1.0 ahead people -delivery
queue_waiting 1.0 few till|queue
queue_waiting 1.0 few returns_after_sales text:stand|text:duration
queue_waiting 1.0 few text:stand text:till
queue_waiting 1.0 few ~staff wait|duration|stand
queue_waiting 1.0 called duration|wait|stand|till
queue_waiting 1.0 unanswered hotline|duration
queue_waiting 0.5 unanswered
queue_waiting 1.0 hotline duration
queue_waiting 0.5 duration -text:delivery -text:parcel

app_payment 1.0 app_payment -queue -returns_after_sales
app_payment 1.0 unpaid -~refund -~returns_after_sales
returns_after_sales 1.0 unpaid text:refund|text:returns_after_sales
app_payment 0.5 app_payment -queue
app_payment 0.5 app_payment? -queue
app_payment 1.0 app_payment? fail
app_payment 1.0 app|app_scene fail -queue
app_payment 1.0 ~app good|bad|fail -goods -staff -parcel -price_promotion
"""


@dataclass(frozen=True)
class Rule:
    """What a clause must hold for a category to be told of; `weight` in thousandths."""

    category: str
    weight: int
    needs: tuple[tuple[str, ...], ...]
    bars: tuple[str, ...]

    @property
    def parts(self) -> list[str]:
        """The parts of the clause itself that decide."""
        named = (part for any_of in self.needs for part in any_of)
        return [part.removeprefix("~") for part in named if not part.startswith("text:")]

    def holds(self) -> pl.Expr:
        """Whether a clause (a row of parts as Booleans) meets the rule."""
        wanted = [pl.any_horizontal(any_of) for any_of in self.needs]
        return pl.all_horizontal(*wanted, *(~pl.col(part) for part in self.bars))


def parsed(rules: str) -> tuple[Rule, ...]:
    """The rules as they are written, one a line; a line that is set in goes on with the one before.

    >>> parsed("queue_waiting 1.0 wait till|queue -delivery")[0].needs
    (('wait',), ('till', 'queue'))
    """
    found = []
    for line in filter(None, map(str.strip, rules.replace("\n    ", " ").splitlines())):
        category, weight, *asked = line.split()
        found.append(
            Rule(
                category,
                round(float(weight) * UNIT),
                tuple(tuple(part.split("|")) for part in asked if not part.startswith("-")),
                tuple(part[1:] for part in asked if part.startswith("-")),
            )
        )
    return tuple(found)
