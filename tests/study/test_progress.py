"""Progress of studies: parts, how far, and the time left."""

from collections.abc import Mapping

import pytest

from skknn_syndrome import study_dataset
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.study import KeptParts, Progress, progress, resuming
from skknn_syndrome.study.progress import Course
from tests.study.killed import SETTINGS, make_dataset


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_study_tells_each_part_in_its_order_and_its_end() -> None:
    told: list[Progress] = []
    protocols = ("subject", "image")
    options = SETTINGS | {"protocols": protocols, "preprocessing": "scores", "n_neighbors": [3]}
    study = study_dataset(make_dataset(), on_progress=told.append, **options)
    asked = "search", "out-of-fold predictions", "folds"
    assert [event.part for event in told] == [
        *("folds", "graph", *asked, *asked, "repeats", "inflation", "subject_level", "per_class"),
        *("nested_cv", "near_duplicates", "embedding_map", "preprocessing", "preprocessing"),
    ]
    assert [event.done for event in told] == list(range(17))
    assert {event.of for event in told} == {16}
    seconds = [event.seconds for event in told]
    assert seconds == sorted(seconds)
    assert told[-1].left == 0.0
    assert min(event.left or 0.0 for event in told) >= 0.0
    parts = [timing.part for timing in study.provenance.timings]
    assert parts == list(dict.fromkeys(event.part for event in told))


def test_what_is_left_out_counts_as_done() -> None:
    told: list[Progress] = []
    options = SETTINGS | {"head": "centroid", "analyses": ["chance", "subject_level"]}
    del options["n_neighbors"], options["metrics"]
    study_dataset(make_dataset(), on_progress=told.append, **options)
    places = {event.part: event.done for event in told}
    assert "chance" not in places
    assert places["per_class"] + 2 == places["near_duplicates"]


def expecting(told: list[Progress], seconds: Mapping[str, float], kept: KeptParts | None = None) -> Course:
    course = Course(told.append, kept=kept)
    course.expect(seconds)
    return course


class Clock:
    """Seconds that pass as a test says."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class TestTimeLeft:
    """The time left is that expected, at the pace of the parts so far."""

    PARTS = ("a", "b", "b", "c")

    @pytest.fixture(name="clock")
    def fixture_clock(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        clock = Clock()
        monkeypatch.setattr(progress, "perf_counter", clock)
        return clock

    def times_left(self, course: Course, clock: Clock, *seconds: float) -> None:
        course.plan(self.PARTS)
        for part, took in zip(self.PARTS, seconds, strict=False):
            with course.part(part):
                clock.now += took
        course.finish()

    def test_without_expectations_it_is_the_mean_of_the_parts_so_far(self, clock: Clock) -> None:
        told: list[Progress] = []
        self.times_left(Course(told.append), clock, 1, 3, 5, 1)
        assert [event.left for event in told] == [None, 3, 4, 3, 0]
        assert [event.seconds for event in told] == [0, 1, 4, 9, 10]

    def test_parts_that_take_as_long_as_expected_leave_the_others(self, clock: Clock) -> None:
        told: list[Progress] = []
        expected = {"a": 9, "b": 20, "c": 30, "figures": 5}
        self.times_left(expecting(told, expected), clock, 9, 10, 10, 30)
        assert [event.left for event in told] == [59, 50, 40, 30, 0]

    def test_a_machine_that_is_twice_as_slow_is_noticed(self, clock: Clock) -> None:
        told: list[Progress] = []
        self.times_left(expecting(told, {"a": 9, "b": 20, "c": 30}), clock, 19, 21, 20, 61)
        assert told[1].left == pytest.approx(2 * 50)
        assert told[3].left == pytest.approx(61 / 30 * 30)

    def test_a_part_of_which_nothing_is_expected_adds_nothing(self, clock: Clock) -> None:
        told: list[Progress] = []
        self.times_left(expecting(told, {"c": 30}), clock, 0)
        assert told[0].left == 30

    def test_what_is_kept_is_not_waited_for(
        self, clock: Clock, tmp_path: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resuming, "LEAST_SECONDS", 0)
        told: list[Progress] = []
        keep = KeptParts(str(tmp_path))
        keep.begin(make_dataset(), {})
        keep.keep_graph(NeighborGraph.from_embeddings(make_dataset().embeddings, depth=2), 8.0)
        course = expecting(told, {"graph": 8, "a": 3}, kept=keep)
        course.plan(["a", "graph"])
        with course.part("a"):
            clock.now += 3
        assert told[0].left == 3
