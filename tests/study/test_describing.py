"""What a data set adds to the study of its arrays."""

import numpy as np

from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.statistics.projection import FEWEST_IMAGES
from skknn_syndrome.study import cross_validate_study, describe_dataset, study_dataset
from tests.builders import analysis_of
from tests.problems import Problem


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
        dataset.embeddings, dataset.syndromes, head="centroid", cv=2, analyses=["open_set"]
    )
    described = describe_dataset(study, dataset, command=None)
    left_out = study.checks["analysis_left_out"].figures
    assert set(left_out) == {"open_set"}
    assert dict(described.checks["analysis_left_out"].figures) == {
        **left_out,
        "map": f"there are 4 images, and a map takes {FEWEST_IMAGES}.",
    }


def test_simulated_data_is_named_first() -> None:
    rng = np.random.default_rng(0)
    dataset = EmbeddingDataset.from_arrays(rng.normal(size=(20, 3)), ["a", "b"] * 10, simulated=True)
    study = cross_validate_study(dataset.embeddings, dataset.syndromes, n_neighbors=[3], cv=2)
    assert study.checks["simulated_data"].outcome == "not_applicable"
    described = describe_dataset(study, dataset, command=None)
    assert described.checks.issues[0].name == "simulated_data"
    assert described.dataset.simulated
