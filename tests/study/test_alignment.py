"""Comparison of visual with reference distances: what it takes, and what it refuses."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome import DistanceAlignment, StudyResult, compare_distances, judge_projection, study_dataset
from skknn_syndrome.analyses.alignment import compute
from skknn_syndrome.analyses.guided_projection.result import GuidedProjectionAnalysis
from skknn_syndrome.data import EmbeddingDataset, load_reference, make_taxonomy_embeddings
from skknn_syndrome.data.taxonomy_simulation import TaxonomyEmbeddings
from skknn_syndrome.study import alignment
from tests.refusing import refused

OPTIONS: dict[str, Any] = {"projection": False, "n_permutations": 19}


@pytest.fixture(autouse=True)
def few_simulations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate five times."""
    monkeypatch.setattr(compute, "SIMULATIONS", 5)


@pytest.fixture(scope="module")
def made() -> TaxonomyEmbeddings:
    """Return images of seven families, whose permutations are too many to be made all."""
    return make_taxonomy_embeddings(7, n_features=4, n_tree_features=4, n_subjects=3, strength=1.0)


def frame(made: TaxonomyEmbeddings) -> pd.DataFrame:
    """Return the distances of the families."""
    return pd.DataFrame(made.distances, index=made.names, columns=made.names)


def test_distances_may_be_given_instead_of_images(made: TaxonomyEmbeddings) -> None:
    found = compare_distances(frame(made) ** 2, frame(made), **OPTIONS)
    assert found.dataset is None
    assert (found.alignment.distance, found.alignment.prototype) == ("given", None)
    assert found.alignment.partial == ()
    assert found.class_names == found.alignment.names


def test_images_without_subjects_count_by_themselves(made: TaxonomyEmbeddings) -> None:
    found = compare_distances(made.dataset.without_subjects(), made.reference, distance="energy", **OPTIONS)
    assert (found.alignment.unit, found.alignment.n_units) == ("images", made.dataset.n_images)
    assert found.alignment.prototype is None


def test_groups_may_be_given_by_class_and_further_distances_by_name(made: TaxonomyEmbeddings) -> None:
    groups = dict(zip(made.names, "aabbccc", strict=True))
    found = compare_distances(
        made.dataset, made.reference, group=groups, nuisance={"squares": frame(made) ** 2}, **OPTIONS
    )
    named = [entry.nuisance for entry in found.alignment.partial]
    assert named == ["class size", "the same group", "squares", "all of these"]


def test_what_can_not_be_compared_is_refused(made: TaxonomyEmbeddings) -> None:
    names = [*made.names]
    with refused("class_not_in_reference", "reference"):
        compare_distances(made.dataset, frame(made).rename(index={names[0]: "x"}, columns={names[0]: "x"}))
    with refused("too_few_classes", "reference"):
        compare_distances(made.dataset, frame(made).iloc[:3, :3], shared_only=True)
    with refused("class_without_group", "group"):
        compare_distances(made.dataset, made.reference, group={names[0]: "a"})
    with refused("unknown_group", "group"):
        compare_distances(made.dataset, made.reference, group="genus")
    with refused("unknown_group", "group"):
        compare_distances(frame(made), made.reference, group="genus")
    for groups in (dict.fromkeys(names, "a"), dict(zip(names, names, strict=True))):
        with refused("groups_tell_nothing", "group"):
            compare_distances(made.dataset, made.reference, group=groups)
    with refused("reserved_nuisance_name", "nuisance"):
        compare_distances(made.dataset, made.reference, nuisance={"class size": frame(made)})


def test_an_image_of_unknown_group_leaves_the_group_of_its_class_to_others(made: TaxonomyEmbeddings) -> None:
    data = made.dataset
    genera = np.array(["ab"[name > "Family4"] for name in data.syndromes.tolist()], dtype=object)
    genera[0] = None
    told = EmbeddingDataset.from_arrays(
        data.embeddings, data.syndromes, data.subjects, data.images, covariates={"genus": genera}
    )
    found = compare_distances(told, made.reference, group="genus", **OPTIONS)
    assert "the same genus" in [entry.nuisance for entry in found.alignment.partial]
    genera[data.syndromes == data.syndromes[0]] = None
    unknown = EmbeddingDataset.from_arrays(
        data.embeddings, data.syndromes, data.subjects, data.images, covariates={"genus": genera}
    )
    with refused("class_without_group", "group"):
        compare_distances(unknown, made.reference, group="genus")


def test_without_a_correlation_no_projection_is_judged(made: TaxonomyEmbeddings) -> None:
    constant = pd.DataFrame(1 - np.eye(7), index=made.names, columns=made.names)
    found = compare_distances(made.dataset, constant, n_permutations=19)
    assert found.find("guided_projection") is None
    assert found.alignment.correlations["pearson"].estimate is None


def test_a_network_may_be_judged_instead_of_ridge_regression(
    made: TaxonomyEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def judge(*arguments: Any, **options: Any) -> GuidedProjectionAnalysis:
        asked.append(options)
        judged = judge_projection(*arguments, **{**options, "method": "ridge", "n_permutations": 1})
        return judged.revised(method=options["method"])

    monkeypatch.setattr(alignment, "judge_projection", judge)
    monkeypatch.setattr(alignment, "import_torch", lambda _: None)
    for given, method, most in (("attention", "attention", 39), (True, "ridge", 199)):
        found = compare_distances(made.dataset, made.reference, projection=given, n_permutations=999)  # type: ignore[arg-type]
        again = DistanceAlignment.model_validate_json(found.model_dump_json())
        kept = again.analyses.find(GuidedProjectionAnalysis)
        assert kept is not None
        assert kept.method == method
        assert asked.pop()["n_permutations"] == most
    without = compare_distances(made.dataset, made.reference, **OPTIONS | {"projection": None})
    assert without.find("guided_projection") is None
    assert not asked


def test_a_projection_that_can_not_be_judged_is_refused_first(
    made: TaxonomyEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment, "align", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    with refused("library_missing", "projection"):
        compare_distances(made.dataset, made.reference, projection="attention")
    with refused("unknown_projection", "projection"):
        compare_distances(made.dataset, made.reference, projection="network")  # type: ignore[arg-type]


def test_a_study_with_a_reference_has_a_section_on_it(made: TaxonomyEmbeddings) -> None:
    grid: dict[str, Any] = {"n_neighbors": [3], "cv": 2, "metrics": "cosine", "analyses": ()}
    study = study_dataset(made.dataset, reference=made.reference, with_map=False, **grid)
    assert isinstance(study, StudyResult)
    assert study.find("alignment").reference == made.reference.source
    assert "alignment" in [entry.part for entry in study.provenance.timings]
    without = study_dataset(made.dataset, with_map=False, **grid)
    assert without.find("alignment") is None
    assert "alignment" not in [entry.part for entry in without.provenance.timings]
    with refused("class_not_in_reference", "reference"):
        study_dataset(made.dataset, reference=frame(made).iloc[1:, 1:], **grid)


def test_swallowtails_follow_their_tree(swallowtails: Path) -> None:
    table = pd.read_csv(swallowtails)
    dataset = EmbeddingDataset.from_arrays(
        table.filter(regex=r"^e\d").to_numpy(), table["species"], table["specimen"], table["image"]
    )
    found = compare_distances(
        dataset,
        load_reference(swallowtails.with_name("tree.nwk")),
        distance="euclidean",
        group=dict(zip(table["species"], table["genus"], strict=True)),
        shared_only=True,
        **OPTIONS,
    ).alignment
    assert found.correlations["pearson"].estimate == pytest.approx(0.534, abs=5e-4)
    assert found.partial[1].estimate == pytest.approx(0.430, abs=5e-4)
    assert found.dendrograms.cophenetic == pytest.approx(0.557, abs=5e-4)
    assert (len(found.names), len(found.leftovers.only_data)) == (330, 4)
    assert {given.replace(" ", "") for given, _ in found.leftovers.near_misses} <= {*found.names} | {
        other for _, other in found.leftovers.near_misses
    }
    assert np.isfinite(found.visual).all()
