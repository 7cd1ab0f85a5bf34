"""What is kept of a churn fit: the model, how good one fitted just so was, and of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from regulars.models.churn import ChurnModel
from regulars.models.model_quality import MODEL_QUALITY
from regulars.models.stability import Stability


@dataclass(frozen=True, eq=False)
class ChurnFit:
    """The fit of a refit day, which serves until the next.

    `quality` holds rows of model quality: those of a model fitted a horizon before, held to what
    came since. `stability` is how features and risks were spread on the day of the fit.
    """

    model: ChurnModel
    quality: pl.DataFrame
    stability: Stability

    def parts(self) -> dict[str, Any]:
        """The fit as what a model file may hold; `from_parts` reads it back."""
        measured = self.quality.with_columns(pl.col(pl.Date).dt.to_string("iso"))
        return {
            "model": self.model.parts(),
            "quality": measured.to_dict(as_series=False),
            "stability": self.stability.parts(),
        }

    @classmethod
    def from_parts(cls, parts: Mapping[str, Any]) -> ChurnFit:
        """The fit whose `parts` these are."""
        spelled = {
            name: pl.String if kind == pl.Date else kind for name, kind in MODEL_QUALITY.items()
        }
        measured = pl.DataFrame(parts["quality"], schema=spelled).with_columns(
            pl.col("tested_on").str.to_date()
        )
        return cls(
            ChurnModel.from_parts(parts["model"]),
            measured,
            Stability.from_parts(parts["stability"]),
        )
