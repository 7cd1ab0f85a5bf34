"""A model that could not be fitted, and why: a value, never an exception nor a silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NotFitted:
    """Why there is no model. The catalogue says it under `value.unscored.` and the code.

    Codes: `too_few_customers` and `too_few_repeats`, less than the least that a fit is made from;
    `not_converged`, the search for the maximum of the likelihood did not end at one;
    `no_mean_spend`, a Gamma-Gamma whose mean over customers is infinite.
    """

    code: str
    parameters: Mapping[str, int | str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, int | str]:
        """The reason as it is published.

        >>> NotFitted("too_few_customers", {"customers_n": 3}).as_dict()
        {'not_fitted': 'too_few_customers', 'customers_n': 3}
        """
        return {"not_fitted": self.code, **self.parameters}
