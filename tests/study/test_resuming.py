"""Resuming of studies: what is kept, taken up, refused, and computed again."""

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skknn_syndrome import SyndromeKNNClassifier, study_dataset
from skknn_syndrome.errors import UnfinishedStudyWarning
from skknn_syndrome.heads.centroid import CENTROID
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import KeptParts, Progress, analysing, resuming
from tests.refusing import refused
from tests.study.killed import SETTINGS, make_dataset, without_times

DATA = make_dataset()


@pytest.fixture(autouse=True)
def keep_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep parts however little they took."""
    monkeypatch.setattr(resuming, "LEAST_SECONDS", 0)


@pytest.fixture(name="whole", scope="module")
def fixture_whole() -> str:
    """Return the study that nothing stopped."""
    return without_times(study_dataset(DATA, **SETTINGS))


def resumed(folder: Path, **changes: Any) -> StudyResult:
    return study_dataset(DATA, keep=KeptParts(folder, resume=True), **SETTINGS | changes)


def stop_before(part: str) -> Any:
    """Return what presses Ctrl-C when a part begins."""

    def press(event: Progress) -> None:
        if event.part == part:
            raise KeyboardInterrupt

    return press


@pytest.fixture(scope="module")
def first_part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a study leaves that was stopped before its last analysis."""
    keep = KeptParts(tmp_path_factory.mktemp("stopped"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resuming, "LEAST_SECONDS", 0)
        with pytest.raises(KeyboardInterrupt):
            study_dataset(DATA, keep=keep, on_progress=stop_before("nested_cv"), **SETTINGS)
    assert list(keep.parts) == ["graph", "repeats", "subject_level", "per_class"]
    return keep.folder


@pytest.fixture(name="stopped")
def fixture_stopped(tmp_path: Path, first_part: Path) -> Path:
    """Return a folder with a study that was stopped before its last analysis."""
    shutil.copytree(first_part, tmp_path / first_part.name)
    return tmp_path


class TestStopped:
    """A study that was stopped goes on where it was."""

    def test_it_computes_what_is_not_kept_and_is_the_same_as_a_whole_one(
        self, stopped: Path, whole: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        computed: list[str] = []
        compute = analysing._compute  # noqa: SLF001

        def noted(computation: Any, *others: Any) -> Sequence[Any]:
            computed.append(computation.question)
            return compute(computation, *others)

        monkeypatch.setattr(analysing, "_compute", noted)
        monkeypatch.setattr(NeighborGraph, "from_embeddings", Mock(side_effect=NotImplementedError))
        monkeypatch.setattr(resuming, "LEAST_SECONDS", 1e9)
        assert without_times(resumed(stopped, analyses=list(SETTINGS["analyses"]))) == whole
        assert computed == ["inflation", "nested_cv"]

    def test_times_are_those_of_both_runs(self, stopped: Path) -> None:
        path = stopped / ".unfinished" / "run.json"
        run = json.loads(path.read_text())
        run["parts"]["repeats"]["seconds"] = 1000
        path.write_text(json.dumps(run))
        provenance = resumed(stopped).provenance
        assert {timing.part: timing.seconds for timing in provenance.timings}["repeats"] == 1000
        assert provenance.elapsed_seconds > 1000

    def test_threads_may_be_others(self, stopped: Path, whole: str) -> None:
        assert without_times(resumed(stopped, n_jobs=2)) == whole

    def test_unless_it_is_resumed_the_first_part_replaces_all(self, stopped: Path) -> None:
        keep = KeptParts(stopped)
        with pytest.raises(KeyboardInterrupt):
            study_dataset(DATA, keep=keep, on_progress=stop_before("folds"), **SETTINGS)
        assert KeptParts(stopped).found is not None
        with pytest.raises(KeyboardInterrupt):
            study_dataset(DATA, keep=keep, on_progress=stop_before("search"), **SETTINGS | {"cv": 4})
        assert sorted(path.name for path in keep.folder.iterdir()) == ["graph.npz", "run.json"]

    @pytest.mark.no_cover  # what it runs is covered elsewhere, and its processes are killed
    @pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
    def test_kill_9_at_any_moment_loses_no_finished_part_and_changes_nothing(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "tests.study.killed", str(tmp_path)]
        root = Path(__file__).parents[2]
        ended = subprocess.run(command, capture_output=True, cwd=root, check=True, text=True)
        assert ended.stdout.endswith(": [-9, -9, -9, -9], then 0, same: True\n"), ended.stdout


class TestAnotherStudy:
    """Parts of other data, settings or versions are refused."""

    def test_the_refusal_says_what_differs_and_what_works(self, stopped: Path) -> None:
        estimator = SyndromeKNNClassifier(temperature=0.5)
        with refused("another_study", "resume") as raised:
            resumed(stopped, cv=4, metrics=["cosine"], estimator=estimator)
        assert str(raised.value) == (
            f"{stopped / '.unfinished'} holds parts of another study (another estimator, another metrics, "
            "cv=3 instead of cv=4): leave resume=True out to start afresh, or give data "
            "and settings as they were."
        )

    def test_parameters_of_an_estimator_are_named_one_by_one(self, tmp_path: Path) -> None:
        keep = KeptParts(tmp_path)
        keep.begin(DATA, {"estimator": SyndromeKNNClassifier(temperature=0.5)})
        keep.keep_graph(NeighborGraph.from_embeddings(DATA.embeddings, depth=2), 1.0)
        with pytest.raises(ValueError, match=r"\(temperature=0.5 instead of temperature=0.07\)"):
            KeptParts(tmp_path, resume=True).begin(DATA, {"estimator": SyndromeKNNClassifier()})

    @pytest.mark.parametrize(
        "changes",
        [{"n_neighbors": [3]}, {"with_map": True}, {"analyses": None}, {"preprocessing": "scores"}],
    )
    def test_other_settings(self, stopped: Path, changes: dict[str, Any]) -> None:
        with refused("another_study"):
            resumed(stopped, **changes)

    def test_other_data(self, stopped: Path) -> None:
        with pytest.raises(ValueError, match=r"another study \(other data\)"):
            study_dataset(make_dataset(1), keep=KeptParts(stopped, resume=True), **SETTINGS)

    def test_other_versions(self, stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(resuming, "version", lambda name: "9" if name == "numpy" else "0.1.0")
        with pytest.raises(ValueError, match=rf"numpy {np.__version__} instead of 9"):
            resumed(stopped)


class TestSettings:
    """Whether a setting is the same is told by what it holds."""

    @staticmethod
    def begin(folder: Path, *, resume: bool, **settings: Any) -> KeptParts:
        keep = KeptParts(folder, resume=resume)
        keep.begin(DATA, settings)
        return keep

    @pytest.mark.parametrize(
        "make",
        [
            lambda seed: StratifiedKFold(3, shuffle=True, random_state=seed),
            lambda seed: [(np.arange(5), np.arange(seed))],
            np.float32,
            lambda seed: {"a", str(seed)},
            lambda seed: {"a": range(seed)},
            lambda seed: np.array(["a", seed], dtype=object),
            lambda seed: make_pipeline(Normalizer(), SyndromeKNNClassifier(n_neighbors=seed)),
            lambda seed: CENTROID if seed == 7 else "knn",
        ],
        ids=["folds", "pairs", "number", "set", "mapping", "objects", "pipeline", "head"],
    )
    def test_equal_ones_are_taken_up_and_others_are_not(self, tmp_path: Path, make: Any) -> None:
        keep = self.begin(tmp_path, resume=False, given=make(7))
        keep.keep_graph(NeighborGraph.from_embeddings(DATA.embeddings, depth=2), 1.0)
        assert list(self.begin(tmp_path, resume=True, given=make(7)).parts) == ["graph"]
        with refused("another_study"):
            self.begin(tmp_path, resume=True, given=make(8))

    @pytest.mark.parametrize("value", [len, lambda: None, int, np.random.default_rng(0)])
    def test_what_another_run_can_not_know_again_is_refused(self, tmp_path: Path, value: Any) -> None:
        with refused("setting_not_kept", "weights"):
            self.begin(tmp_path, resume=False, weights=["distance", value])

    def test_so_is_no_seed(self, tmp_path: Path) -> None:
        with refused("random_state_not_kept", "random_state"):
            self.begin(tmp_path, resume=False, random_state=None)


class TestDamaged:
    """What is kept and damaged is computed again, and that is said."""

    @pytest.mark.parametrize("name", ["graph.npz", "repeats.json"])
    @pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
    def test_a_part(self, stopped: Path, whole: str, name: str, damage: str) -> None:
        path = stopped / ".unfinished" / name
        content = path.read_bytes()
        path.write_bytes(content[:-100] if damage == "cut" else content.replace(b"1", b"2"))
        if damage == "gone":
            path.unlink()
        with pytest.warns(UnfinishedStudyWarning, match=f"{name} was cut or changed: this part is computed"):
            study = resumed(stopped)
        assert without_times(study) == whole

    def test_a_part_with_a_hash_that_fits(self, stopped: Path, whole: str) -> None:
        folder = stopped / ".unfinished"
        (folder / "graph.npz").write_bytes(b"PK no archive")
        run = json.loads((folder / "run.json").read_text())
        run["parts"]["graph"]["sha256"] = resuming._sha256(folder / "graph.npz")  # noqa: SLF001
        (folder / "run.json").write_text(json.dumps(run))
        with pytest.warns(UnfinishedStudyWarning, match="graph.npz was cut or changed"):
            study = resumed(stopped)
        assert without_times(study) == whole

    def test_the_list_of_parts(self, stopped: Path) -> None:
        path = stopped / ".unfinished" / "run.json"
        path.write_text(path.read_text()[:-30])
        with pytest.warns(UnfinishedStudyWarning, match="run.json was cut or changed: all parts"):
            assert KeptParts(stopped).found is None

    def test_a_link_is_not_followed(self, stopped: Path) -> None:
        theirs = stopped / "theirs"
        (stopped / ".unfinished").rename(theirs)
        (stopped / ".unfinished").symlink_to(theirs)
        before = sorted(path.name for path in theirs.iterdir())
        keep = KeptParts(stopped, resume=True)
        assert keep.found is None
        keep.discard()
        assert not keep.folder.exists()
        assert sorted(path.name for path in theirs.iterdir()) == before


def test_quick_parts_and_those_that_found_nothing_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resuming, "LEAST_SECONDS", 0.5)
    keep = KeptParts(tmp_path)
    keep.begin(DATA, {})
    keep.keep_graph(NeighborGraph.from_embeddings(DATA.embeddings, depth=2), 0.4)
    keep.keep("leakage", [None], 9.0)
    keep.discard()
    assert not list(tmp_path.iterdir())


def test_a_full_disk_stops_no_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "graph.npz")
    monkeypatch.setattr(resuming, "atomic_writer", Mock(side_effect=full))
    keep = KeptParts(tmp_path)
    keep.begin(DATA, {})
    with pytest.warns(UnfinishedStudyWarning, match="'graph' can't be kept for --resume: No space left"):
        keep.keep_graph(NeighborGraph.from_embeddings(DATA.embeddings, depth=2), 1.0)
    assert not keep.parts
