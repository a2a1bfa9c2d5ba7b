"""Data sets of the same images as encoders: matched by image id, and refused where they disagree."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import OtherEncoderWarning
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.study import compare_datasets, study_dataset
from skknn_syndrome.study.matching_encoders import MOST_UNMATCHED, match_images
from tests.refusing import refused

LABELS = np.repeat(["a", "b"], 12)
SUBJECTS = np.array([f"s{row // 2}" for row in range(24)])
VECTORS = np.random.default_rng(0).normal(size=(24, 3)) + np.repeat([[0.0], [2.0]], 12, axis=0)
QUICK: dict[str, Any] = {"heads": "centroid", "cv": 2, "n_repeats": 1, "inner_cv": 2}
STUDY: dict[str, Any] = {
    "n_neighbors": [3],
    "cv": 2,
    "metrics": "cosine",
    "analyses": (),
    "n_repeats": 1,
    "with_map": False,
}


def dataset(rows: range = range(24), **changes: Any) -> EmbeddingDataset:
    """Return some of 24 images, in a given order."""
    chosen = [*rows]
    parts = {"syndromes": LABELS[chosen], "subjects": SUBJECTS[chosen], **changes}
    images = [f"i{row}" for row in chosen]
    return EmbeddingDataset.from_arrays(VECTORS[chosen], images=images, **parts)


@pytest.fixture(scope="module")
def comparison() -> ModelComparison:
    """Return a comparison of two encoders of 20 images, and of both side by side."""
    datasets = {"one": dataset(name="one.npz", sha256="f" * 64), "two": dataset(range(19, -1, -1))}
    return compare_datasets(datasets, fuse=True, command="skknn-syndrome compare", settings="cv = 2", **QUICK)


class TestMatching:
    """Images in the order of the first data set, whatever that of the others."""

    def test_rows_are_of_the_same_image(self) -> None:
        matched = match_images({"one": dataset(), "two": dataset(range(23, 3, -1))})
        assert matched.images.tolist() == [f"i{row}" for row in range(4, 24)]
        assert np.array_equal(matched.vectors["one"], VECTORS[4:])
        assert np.array_equal(matched.vectors["two"], VECTORS[4:])
        assert matched.unmatched == {"one": ["i0", "i1", "i2", "i3"], "two": []}

    def test_subjects_may_stand_in_one_alone(self) -> None:
        matched = match_images({"one": dataset(subjects=None), "two": dataset()})
        assert matched.subjects is not None
        assert matched.subjects.tolist() == SUBJECTS.tolist()
        assert match_images({"one": dataset(subjects=None)}).subjects is None

    @pytest.mark.parametrize(
        "part, code", [("syndromes", "labels_disagree"), ("subjects", "subjects_disagree")]
    )
    @pytest.mark.parametrize("n_others", [1, 2])
    def test_what_disagrees_is_refused(self, part: str, code: str, n_others: int) -> None:
        values = {"syndromes": LABELS, "subjects": SUBJECTS}[part].astype("U9")
        values[3 : 3 + n_others] = "b7"
        changed: dict[str, Any] = {part: values}
        with refused(code, "datasets") as caught:
            match_images({"one": dataset(), "two": dataset(**changed)})
        message = str(caught.value)
        assert "image 'i3'" in message
        assert "'b7' in 'two'" in message
        assert ("1 more" in message) is (n_others > 1)

    def test_there_have_to_be_common_images(self) -> None:
        with refused("no_common_images", "datasets"):
            match_images({"one": dataset(range(12)), "two": dataset(range(12, 24))})

    def test_there_have_to_be_data(self) -> None:
        with refused("no_data", "datasets"):
            match_images({})


class TestComparison:
    """What a comparison of data sets says of its encoders."""

    def test_encoders_say_where_they_are_from_and_what_is_left_out(self, comparison: ModelComparison) -> None:
        one, two, fused = comparison.encoders
        assert (one.dataset.name, one.dataset.file_sha256, one.dataset.n_images) == ("one.npz", "f" * 64, 20)
        assert (one.n_unmatched, one.unmatched, two.n_unmatched) == (4, ("i20", "i21", "i22", "i23"), 0)
        assert (fused.fused, fused.dataset.simulated) == (("one", "two"), False)
        assert comparison.provenance.command == "skknn-syndrome compare"
        assert comparison.provenance.settings == "cv = 2"
        assert set(comparison.records) == {"one + centroid", "two + centroid", "fused + centroid"}

    def test_test_images_of_another_encoder_are_told(self) -> None:
        note = EmbedderNote(model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}")
        own = replace(dataset(), embedder=note)
        new = replace(own, embeddings=VECTORS + 0.1)
        found = compare_datasets({"one": own}, test={"one": new}, **QUICK)  # warns of nothing
        assert found.encoders[0].dataset.embedder == note
        assert not found.encoders[0].is_tested_on_other
        unknown = replace(new, embedder=None)
        compare_datasets({"one": own}, test={"one": unknown}, **QUICK)  # nor of what nobody knows
        other = replace(new, embedder=note.revised(preprocessing='{"size": 224}'))
        with pytest.warns(OtherEncoderWarning, match="can't be compared"):
            found = compare_datasets({"one": own}, test={"one": other}, **QUICK)
        assert found.encoders[0].test_embedder == other.embedder
        assert found.encoders[0].is_tested_on_other  # which the report tells

    def test_few_of_many_images_are_named(self) -> None:
        found = compare_datasets({"one": dataset(), "two": dataset(range(6, 18))}, **QUICK).encoders[0]
        assert (found.n_unmatched, len(found.unmatched)) == (12, MOST_UNMATCHED)


class TestStudy:
    """A comparison as a section of a study of the same images."""

    def test_it_is_one_of_its_analyses(self) -> None:
        data = dataset()
        found = compare_datasets({"one": data}, **QUICK)
        study = study_dataset(data, comparison=found, **STUDY)
        assert study.find("models") == found.models
        assert study_dataset(data, **STUDY).find("models") is None

    def test_other_images_are_refused(self, comparison: ModelComparison) -> None:
        with refused("comparison_of_other_data", "comparison"):
            study_dataset(dataset(), comparison=comparison, **STUDY)

    @pytest.mark.parametrize("protocols", ["image", ("image",)])
    def test_folds_of_another_kind_are_refused(self, protocols: Any) -> None:
        data = dataset()
        with refused("comparison_on_other_folds", "comparison"):
            study_dataset(
                data, comparison=compare_datasets({"one": data}, **QUICK), protocols=protocols, **STUDY
            )

    def test_without_subjects_folds_are_by_image(self) -> None:
        data = dataset(subjects=None)
        study = study_dataset(data, comparison=compare_datasets({"one": data}, **QUICK), **STUDY)
        assert study.find("models").protocol == "image"
