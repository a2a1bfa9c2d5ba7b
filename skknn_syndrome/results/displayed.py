"""Figures and tables of a result, by their names."""

from typing import TYPE_CHECKING, TypeVar

from skknn_syndrome._accessors import accessor

if TYPE_CHECKING:
    from skknn_syndrome.rendering.accessors import Plots, Tables
    from skknn_syndrome.rendering.displays import TableDisplay

Kind = TypeVar("Kind", bound="Displayed")


class Displayed:
    """What a study, a comparison and an alignment have in common: figures and tables by name.

    Results know nothing of how they are shown: `_accessors` finds who does.
    """

    @property
    def plot(self) -> "Plots":
        """The figures: ``result.plot.confusion()``, ``result.plot("confusion")``; Tab lists them."""
        found: Plots = accessor("plot", self)
        return found

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of its figures, in the order of reading."""
        return self.plot.names

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables, in the order of reading."""
        return self._tables.names

    def table(self, name: str) -> "TableDisplay":
        """Return a table by its name, or by a part of it that no other table has: ``"per_syndrome"``.

        Raises
        ------
        ParameterError
            There is no such table, or there are several; it names them.
        """
        return self._tables(name)

    @property
    def _tables(self) -> "Tables":
        found: Tables = accessor("tables", self)
        return found


def listed_first(kind: type[Kind]) -> type[Kind]:
    """Give a class these members as its own, for `help` lists them before what pydantic puts there."""
    for name, member in vars(Displayed).items():
        if not name.startswith("_"):
            setattr(kind, name, member)
    return kind
