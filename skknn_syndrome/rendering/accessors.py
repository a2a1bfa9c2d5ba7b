"""Figures and tables of a result by their names, as the registry of questions has them."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from weakref import WeakKeyDictionary

from matplotlib.figure import Figure

from skknn_syndrome._files import write_text
from skknn_syndrome.display.extent import within_extent
from skknn_syndrome.display.style import house_style, put_in_words
from skknn_syndrome.display.table import Table
from skknn_syndrome.errors import ParameterError, nearest_name, quote
from skknn_syndrome.questions import FigureMaker, Reported, as_study, presentations_of
from skknn_syndrome.rendering.displays import FigureDisplay, TableDisplay
from skknn_syndrome.rendering.figures import alt_text_of, drawn_figure
from skknn_syndrome.rendering.maps import map_html
from skknn_syndrome.rendering.readers import spoken_of
from skknn_syndrome.rendering.tables import checks
from skknn_syndrome.results.one_line import cut
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import Vocabulary, speaking

_DRAWN: WeakKeyDictionary[Reported, dict[str, bool]] = WeakKeyDictionary()
"""Of each result, which figures it has: only drawing one tells, and takes a tenth of a second."""


class Plots:
    """The figures of a result: ``study.plot.confusion()``, or ``study.plot("confusion")``.

    Each is called as in the report, with underscores. A part of a name will do, and so will the question that
    it answers; of several, that is the first in the order of reading.

    Parameters
    ----------
    result : Reported
        A study, a comparison or an alignment.
    """

    def __init__(self, result: Reported) -> None:
        self._result = result

    def __repr__(self) -> str:
        """List the figures."""
        return cut(f"<Figures: {', '.join(self.names) or 'none'}>")

    def __dir__(self) -> list[str]:
        """List the figures that this result may have, for Tab, without those that are known to be none."""
        known = _DRAWN.get(self._result, {})
        keys = [_key(maker.name) for _, maker in self._asked]
        return [*object.__dir__(self), *(key for key in keys if known.get(key, True))]

    def __call__(self, name: str) -> FigureDisplay:
        """Return a figure by its name, or by a part of it.

        Raises
        ------
        ParameterError
            There is no such figure; it names those that there are.
        """
        asked = self._asked
        found = _find(name, "figure", [(entry, _key(maker.name)) for entry, maker in asked], self._has)
        maker = next(maker for _, maker in asked if _key(maker.name) == found)
        with speaking(self._spoken):
            caption = alt_text_of(maker, self._of(maker), self._result)
        return FigureDisplay(maker.name, caption, partial(self._draw, maker))

    def map_html(self, path: str | os.PathLike[str], ids: Sequence[str] | None = None) -> Path:
        """Write the interactive map of the embeddings: one HTML file that asks for nothing.

        Parameters
        ----------
        path : path
        ids : sequence of str, optional
            One for each image of the data set, such as ``dataset.images``: the page shows them. By default no
            id is in it.

        Raises
        ------
        ParameterError
            The result has no map, or there are not as many ids as images.
        """
        with speaking(self._spoken):
            page = map_html(self._result, ids)
        if page is None:
            raise ParameterError(
                "This result has no map of its embeddings: study_dataset makes one.", code="no_map"
            )
        write_text(Path(path), page)
        return Path(path)

    def __getattr__(self, name: str) -> Callable[[], FigureDisplay]:
        """Return what makes a figure."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            found = self(name)
        except ParameterError as error:
            raise AttributeError(str(error)) from None

        def make() -> FigureDisplay:
            return found

        make.__name__, make.__doc__ = name, f"Return the figure {found.name!r}. {found.caption}"
        return make

    @property
    def names(self) -> tuple[str, ...]:
        """The figures that this result has, in the order of reading; the first time they are all drawn."""
        return tuple(key for key in (_key(maker.name) for _, maker in self._asked) if self._has(key))

    @cached_property
    def _asked(self) -> list[tuple[str, FigureMaker]]:
        """All that a result of its kind may have, with their questions."""
        return [
            (entry.question, maker) for entry in presentations_of(self._result) for maker in entry.figures
        ]

    @cached_property
    def _shown(self) -> Reported:
        """The result as figures by class show it: with its worst and best classes, where it has many."""
        return within_extent(self._result) if isinstance(self._result, StudyResult) else self._result

    @cached_property
    def _spoken(self) -> Vocabulary:
        return spoken_of(self._result)

    def _of(self, maker: FigureMaker) -> Reported:
        """Return what a figure is drawn of, as `write_figures` does."""
        return self._shown if maker.by_class else self._result

    def _has(self, key: str) -> bool:
        known = _DRAWN.setdefault(self._result, {})
        if key not in known:
            maker = next(maker for _, maker in self._asked if _key(maker.name) == key)
            with house_style():
                known[key] = maker.draw(as_study(self._of(maker))) is not None
        return known[key]

    def _draw(self, maker: FigureMaker) -> Figure:
        with speaking(self._spoken):
            drawn = drawn_figure(maker, self._of(maker), self._result)
            assert drawn is not None  # noqa: S101  it was there a moment ago, and results do not change
            put_in_words(drawn)
        return drawn


class Tables:
    """The tables of a result by their names, as `Plots` has the figures."""

    def __init__(self, result: Reported) -> None:
        self._result = result

    def __call__(self, name: str) -> TableDisplay:
        """Return a table by its name, or by a part of it.

        Raises
        ------
        ParameterError
            There is no such table; it names those that there are.
        """
        asked = dict(self._asked())
        keys = [(question, key) for key, (question, _) in asked.items()]
        found = _find(name, "table", keys, lambda key: bool(_made(asked[key][1])))
        made = asked[found][1]()
        assert made is not None  # noqa: S101  likewise
        return TableDisplay(made, spoken_of(self._result))

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that have rows, in the order of reading."""
        return tuple(key for key, (_, make) in self._asked() if _made(make))

    def _asked(self) -> Iterator[tuple[str, tuple[str, Callable[[], Table | None]]]]:
        if isinstance(self._result, StudyResult):
            yield "checks", ("checks", partial(checks, self._result))
        for entry in presentations_of(self._result):
            # Where a section shows less of a table than its CSV file has, the display has it all.
            for name, make in {**entry.report_tables, **entry.tables}.items():
                yield _key(name), (entry.question, partial(make, as_study(self._result)))


def _made(make: Callable[[], Table | None]) -> bool:
    table = make()
    return table is not None and bool(table.rows)


def _key(name: str) -> str:
    return name.replace("-", "_").replace(" ", "_")


def _find(name: str, what: str, known: Sequence[tuple[str, str]], has: Callable[[str], bool]) -> str:
    """Return which of some keys, each with its question, is meant, as the first that the result has."""
    asked = _key(str(name).strip().lower())
    words = set(asked.split("_"))
    for alike in (
        [key for _, key in known if key == asked],
        [key for question, key in known if question == asked],
        [key for _, key in known if words <= set(key.split("_"))],
    ):
        found = next(filter(has, alike), None)
        if found is not None:
            return found
    there = [key for _, key in known if has(key)]
    raise ParameterError(
        f"This result has no {what} {quote(name)}: {_meant(asked, there)}.",
        code=f"unknown_{what}",
        parameter="name",
    )


def _meant(asked: str, there: Sequence[str]) -> str:
    """Return how a sentence on an unknown key goes on: with those that have a word like it, then with all."""
    near = nearest_name(asked, there) or nearest_name(
        asked, {word for key in there for word in key.split("_")}
    )
    alike = [key for key in there if near in {key, *key.split("_")}]
    listed = ", ".join(there)
    return f"did you mean {' or '.join(alike)}? There are {listed}" if alike else f"take one of {listed}"
