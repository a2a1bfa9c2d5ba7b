"""The study of a data set: the one orchestrator, and what it describes."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skknn_syndrome import EmbeddingDataset, NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.embedding_space.result import EmbeddingSpaceAnalysis
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.analyses.published.result import PublishedScores
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import embedding_space, near_duplicates, other_subjects
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.statistics.projection import FEWEST_IMAGES
from skknn_syndrome.study import cross_validate_study, describe_dataset, study_dataset
from skknn_syndrome.study.adding_preprocessing import add_preprocessing
from tests.builders import analysis_of
from tests.problems import Problem

SMALL: dict[str, Any] = {"n_neighbors": [3], "cv": 3, "metrics": "cosine", "analyses": ()}

PUBLISHED = PublishedScore(
    source="a-report",
    table="1",
    dataset="original",
    classifier="knn",
    distance="cosine",
    n_neighbors=3,
    score="f1_macro",
    value=0.5,
)


@pytest.fixture(name="dataset", scope="module")
def fixture_dataset(problem: Problem) -> EmbeddingDataset:
    """Return the problem as a data set that calls itself simulated."""
    return EmbeddingDataset.from_arrays(
        problem.samples, problem.labels, problem.subjects, name="faces.csv", simulated=True
    )


@pytest.fixture(name="study", scope="module")
def fixture_study(dataset: EmbeddingDataset) -> StudyResult:
    """Return a study with all that an orchestrator adds."""
    return study_dataset(
        dataset,
        preprocessing="scores",
        published=(PUBLISHED,),
        command="skknn-syndrome study faces.csv",
        settings="cv = 3",
        n_repeats=1,
        **SMALL,
    )


def test_one_result_holds_all_parts_and_how_it_was_made(study: StudyResult) -> None:
    assert [run.protocol for run in study.protocols] == ["subject", "image"]
    assert (study.dataset.name, study.dataset.simulated) == ("faces.csv", True)
    assert study.find(PreprocessingComparison) is not None
    assert analysis_of(study, EmbeddingMapAnalysis).embedding_map is not None
    assert analysis_of(study, NearDuplicatesAnalysis).near_duplicates.sensitivity is not None
    assert study.find(PublishedScores) == PublishedScores(published=(PUBLISHED,))
    assert study.notices[0].code == "simulated_data"
    assert (study.provenance.command, study.provenance.settings) == (
        "skknn-syndrome study faces.csv",
        "cv = 3",
    )
    parts = [timing.part for timing in study.provenance.timings]
    assert parts == [
        *("folds", "graph", "search", "out-of-fold predictions", "inflation", "per_class"),
        *("near_duplicates", "embedding_map", "preprocessing"),
    ]


def test_the_fitted_search_and_the_predictions_are_at_hand_until_it_is_loaded(study: StudyResult) -> None:
    assert isinstance(study.search, GridSearchCV)
    assert [record.protocol for record in study.records] == ["subject", "image"]
    loaded = StudyResult.model_validate_json(study.model_dump_json())
    assert loaded == study
    assert (loaded.search, loaded.best_estimator, loaded.records) == (None, None, ())
    renamed = study.revised(audit=None)
    assert (renamed.search, renamed.records) == (study.search, study.records)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_it_equals_what_its_steps_make_one_by_one(study: StudyResult, dataset: EmbeddingDataset) -> None:
    scored = cross_validate_study(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        protocols=("subject", "image"),
        **SMALL,
    )
    described = describe_dataset(scored, dataset, command=None, published=(PUBLISHED,))
    compared = add_preprocessing(described, dataset, n_repeats=1)
    for field in set(StudyResult.model_fields) - {"provenance", "analyses"}:
        assert getattr(compared, field) == getattr(study, field), field
    later, found = (each.find(PreprocessingComparison) for each in (compared, study))
    assert later is not None
    assert found is not None
    assert later.dataset == study.dataset
    # Each was made at a moment of its own.
    later = later.revised(provenance=found.provenance)
    assert compared.analyses.replaced_by(later) == study.analyses


def test_nothing_that_costs_is_done_unasked(dataset: EmbeddingDataset) -> None:
    study = study_dataset(dataset, with_map=False, protocols="image", **SMALL)
    assert {entry.question for entry in study.analyses} == {"per_class", "embedding_map", "near_duplicates"}
    assert analysis_of(study, EmbeddingMapAnalysis).embedding_map is None
    assert [run.protocol for run in study.protocols] == ["image"]


def test_a_pipeline_is_studied_and_a_notice_says_that_preprocessing_is_not_compared(
    dataset: EmbeddingDataset,
) -> None:
    pipeline = make_pipeline(Normalizer(), SyndromeKNNClassifier())
    study = study_dataset(dataset, with_map=False, preprocessing="scores", estimator=pipeline, **SMALL)
    assert study.find(PreprocessingComparison) is None
    assert study.notices[-1].code == "preprocessing_left_out"
    assert "a Pipeline with steps of its own" in study.notices[-1].message


def test_an_unknown_extent_or_option_is_refused(
    dataset: EmbeddingDataset,
) -> None:
    with pytest.raises(StudySettingsError, match="preprocessing is 'all': give one of 'off', 'scores'"):
        study_dataset(dataset, preprocessing="all")
    with pytest.raises(TypeError, match="n_neighbours"):
        study_dataset(dataset, n_neighbours=[3])


class TestWhatSeveralPartsNeedIsComputedOnce:
    """Calls are counted, of the map, the leaks, the near-duplicates and the embedding space together."""

    @pytest.fixture(name="calls")
    def fixture_calls(self, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
        """Return how often graphs, near-duplicates and silhouettes were computed."""
        calls: Counter[str] = Counter()
        make_graph = NeighborGraph.from_embeddings

        def find_other_subjects(graph: NeighborGraph, subjects: Any) -> Any:
            own = len(np.unique(subjects)) == len(subjects)
            calls["sensitivity" if own else "near-duplicates"] += 1
            return other_subjects.find_other_subjects(graph, subjects)

        def silhouette_score(samples: Any, codes: Any, *, metric: str) -> Any:
            # Planes have two columns: silhouettes of the maps are of other points.
            calls[f"silhouette, {metric}" if samples.shape[1] > 2 else "of a plane"] += 1
            return sklearn.metrics.silhouette_score(samples, codes, metric=metric)

        def from_embeddings(*args: Any, **options: Any) -> NeighborGraph:
            calls["graph"] += 1
            return make_graph(*args, **options)

        monkeypatch.setattr(near_duplicates, "find_other_subjects", find_other_subjects)
        monkeypatch.setattr(embedding_space, "silhouette_score", silhouette_score)
        monkeypatch.setattr(NeighborGraph, "from_embeddings", from_embeddings)
        return calls

    @pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
    @pytest.mark.parametrize(
        "options, n_graphs",
        [
            ({"n_neighbors": [3, 25]}, 1),
            ({"n_neighbors": [3]}, 2),  # lists of so few neighbours are too short for the others
            ({"n_neighbors": [3, 25], "group_near_duplicates": True}, 2),  # one before there are folds
        ],
    )
    def test_in_a_study(
        self, dataset: EmbeddingDataset, calls: Counter[str], options: dict[str, Any], n_graphs: int
    ) -> None:
        study = study_dataset(
            dataset,
            **SMALL
            | {"metrics": ("euclidean", "cosine"), "analyses": ("leakage", "embedding_space")}
            | options,
        )
        shown = analysis_of(study, EmbeddingMapAnalysis).embedding_map
        assert shown is not None
        distances = analysis_of(study, EmbeddingSpaceAnalysis).hubness.distances
        assert shown.silhouette_original == distances[1].silhouette
        assert calls == {
            "near-duplicates": 1,
            "sensitivity": 1,
            "silhouette, cosine": 1,
            "silhouette, euclidean": 1,
            "of a plane": 2,
            "graph": n_graphs,
        }

    def test_nothing_of_it_in_a_study_of_scores_alone(self, problem: Problem, calls: Counter[str]) -> None:
        cross_validate_study(problem.samples, problem.labels, groups=problem.subjects, **SMALL)
        assert calls == {"graph": 1}


def test_name_audit_and_near_duplicates_are_added(problem: Problem) -> None:
    dataset = EmbeddingDataset.from_arrays(
        problem.samples, problem.labels, problem.subjects, name="faces.csv", sha256="0" * 64
    )
    study = cross_validate_study(
        dataset.embeddings, dataset.syndromes, groups=dataset.subjects, n_neighbors=[3], cv=3
    )
    described = describe_dataset(study, dataset, command="skknn-syndrome study faces.csv")
    assert (described.dataset.name, described.dataset.file_sha256) == ("faces.csv", "0" * 64)
    assert described.audit == dataset.audit
    assert described.find(NearDuplicatesAnalysis) is not None
    assert described.provenance.command == "skknn-syndrome study faces.csv"
    assert described.checks[1:] == study.checks[1:]
    assert (described.checks[0].outcome, study.checks[0].outcome) == ("passed", "not_applicable")
    assert described.search is study.search
    assert described.provenance.elapsed_seconds >= study.provenance.elapsed_seconds
    assert [timing.part for timing in described.provenance.timings][-2:] == [
        "near_duplicates",
        "embedding_map",
    ]


def test_the_study_of_a_data_set_is_that_of_its_arrays_and_what_they_tell(problem: Problem) -> None:
    dataset = EmbeddingDataset.from_arrays(problem.samples, problem.labels, problem.subjects, simulated=True)
    study = study_dataset(dataset, n_neighbors=[3], cv=3, analyses=(), with_map=False)
    assert [run.protocol for run in study.protocols] == ["subject", "image"]
    assert study.checks["simulated_data"].outcome == "issue"
    assert analysis_of(study, EmbeddingMapAnalysis).embedding_map is None
    by_image = study_dataset(
        dataset.without_subjects(), n_neighbors=[3], cv=3, analyses=(), with_map=False, protocols=["image"]
    )
    assert [run.protocol for run in by_image.protocols] == ["image"]


def test_a_map_that_can_not_be_made_is_named_beside_the_analyses_that_were_left_out() -> None:
    rng = np.random.default_rng(0)
    dataset = EmbeddingDataset.from_arrays(rng.normal(size=(4, 3)), ["a", "b"] * 2)
    study = cross_validate_study(
        dataset.embeddings, dataset.syndromes, head="centroid", cv=2, analyses=["chance"]
    )
    described = describe_dataset(study, dataset, command=None)
    left_out = study.checks["analysis_left_out"].figures
    assert set(left_out) == {"chance"}
    assert dict(described.checks["analysis_left_out"].figures) == {
        **left_out,
        "map": f"there are 4 images, and a map takes {FEWEST_IMAGES}.",
    }


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_simulated_data_is_named_first() -> None:
    rng = np.random.default_rng(0)
    dataset = EmbeddingDataset.from_arrays(rng.normal(size=(20, 3)), ["a", "b"] * 10, simulated=True)
    study = cross_validate_study(dataset.embeddings, dataset.syndromes, n_neighbors=[3], cv=2)
    assert study.checks["simulated_data"].outcome == "not_applicable"
    described = describe_dataset(study, dataset, command=None)
    assert described.checks.issues[0].name == "simulated_data"
    assert described.dataset.simulated
