"""Progress of a study: the part that it is at, how far, and the time left."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from skknn_syndrome.crossval.protocol_run import answer
from skknn_syndrome.crossval.provenance import Stopwatch
from skknn_syndrome.crossval.settings import StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.heads.base import GridScores, IndexSplit
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.progress import Progress as Progress
from skknn_syndrome.study.resuming import GRAPH, KeptParts


class Course(Stopwatch):
    """The course of a study: parts that are timed, announced, and kept or taken up where that is asked for.

    Parameters
    ----------
    on_progress : callable, optional
        Told before each part, and at the end.
    later : sequence of str
        Parts behind those that are planned.
    kept : KeptParts, optional
    """

    def __init__(
        self,
        on_progress: Callable[[Progress], object] | None = None,
        *,
        later: Sequence[str] = (),
        kept: KeptParts | None = None,
    ) -> None:
        super().__init__()
        self._on_progress, self._later, self._kept = on_progress, later, kept
        self._plan: list[str] = []
        self._at = -1
        self._began = perf_counter()
        self._took: list[tuple[str, float]] = []

    def plan(self, parts: Iterable[str]) -> None:
        """Say which parts there will be, in their order; some may be left out later."""
        self._plan = [*parts, *self._later]

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Announce a part, and count what is done inside."""
        self._announce(name)
        start = perf_counter()
        with super().part(name):
            yield
        self._took.append((name, perf_counter() - start))

    def find(self, name: str, compute: Callable[[], Iterable[Analysis | None]]) -> list[Analysis | None]:
        """Return what a part finds: taken up where it is kept, else computed, and kept."""
        taken = None if self._kept is None else self._kept.take(name)
        if taken is not None:
            found, seconds = taken
            self._pass(name, seconds)
            return [*found]
        computed = super().find(name, compute)
        if self._kept is not None:
            self._kept.keep(name, computed, self._took[-1][1])
        return computed

    def source(
        self, settings: StudySettings, data: StudyData, splits: Sequence[IndexSplit]
    ) -> GridScores | None:
        """Return where scores come from, as `answer` does, on the graph that is kept if there is one."""
        taken = None if self._kept is None else self._kept.take_graph(data.array)
        if taken is not None:
            graph, seconds = taken
            self._pass(GRAPH, seconds)
            return GraphSource(graph, data.labels, settings.grid["n_neighbors"], settings.estimator)
        with self.part(GRAPH):
            source = answer(settings, data, splits)
        if self._kept is not None and isinstance(source, GraphSource):
            self._kept.keep_graph(source.graph, self._took[-1][1])
        return source

    def finish(self) -> None:
        """Tell that all is done."""
        self._tell(self._plan[-1], len(self._plan))

    def _pass(self, name: str, seconds: float) -> None:
        self._announce(name)
        self.add(name, seconds)

    def _announce(self, name: str) -> None:
        # From behind the last one on: search and predictions have a turn for each protocol.
        self._at = self._plan.index(name, self._at + 1)
        self._tell(name, self._at)

    def _tell(self, part: str, done: int) -> None:
        if self._on_progress is not None:
            seconds = perf_counter() - self._began
            self._on_progress(Progress(part, done, len(self._plan), seconds, self._left(done)))

    def _left(self, done: int) -> float | None:
        kept = {} if self._kept is None else self._kept.parts
        to_do = [part for part in self._plan[done:] if part not in kept]
        took = sum(seconds for _, seconds in self._took)
        if not self._expected:
            return took / len(self._took) * len(to_do) if self._took else None
        turns, expected = Counter(self._plan), self._expected

        def sum_of(parts: Iterable[str]) -> float:
            return sum(expected.get(part, 0.0) / turns[part] for part in parts)

        # A second on both sides: the first parts take milliseconds, and say little of the machine.
        pace = (1 + took) / (1 + sum_of(part for part, _ in self._took))
        return pace * sum_of(to_do)
