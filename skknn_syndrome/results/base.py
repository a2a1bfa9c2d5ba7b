"""What all result models share."""

from pydantic import BaseModel, ConfigDict


class Result(BaseModel):
    """A frozen, typed piece of a study's result.

    Unknown fields are refused, so that a misspelt one can't vanish; NaN and infinity are refused, since
    JSON has neither and a `null` would not load again as a number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)
