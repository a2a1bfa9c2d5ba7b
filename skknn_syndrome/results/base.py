"""What all result models share."""

from typing import NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict

Entry = TypeVar("Entry")


class Named(dict[str, Entry]):
    """Entries by name; who asks for a name that there isn't is told which there are."""

    def __missing__(self, name: object) -> NoReturn:
        """Name the choices."""
        message = f"there is no {name!r}, but {', '.join(map(repr, self))}"
        raise KeyError(message)


class Result(BaseModel):
    """A frozen, typed piece of a study's result.

    Unknown fields are refused, so that a misspelt one can't vanish; NaN and infinity are refused, since
    JSON has neither and a `null` would not load again as a number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)
