"""Comparison of models on folds that a caller gives: repeated ones, and one alone."""

from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import RepeatedStratifiedKFold

from skknn_syndrome import ModelComparison, compare_models, make_syndrome_embeddings
from skknn_syndrome.analyses.models.findings import ModelFindings
from skknn_syndrome.data import EmbeddingDataset
from tests.rendering.filling import whole_text


@pytest.fixture(scope="module")
def data() -> EmbeddingDataset:
    return make_syndrome_embeddings(n_features=8)


def compare(data: EmbeddingDataset, cv: Any) -> ModelComparison:
    return compare_models(data.embeddings, data.syndromes, heads=("centroid", "lda"), cv=cv, inner_cv=2)


def test_one_fold_leaves_nothing_to_test(data: EmbeddingDataset) -> None:
    rows = np.arange(data.n_images)
    compared = compare(data, [(rows[rows % 3 > 0], rows[rows % 3 == 0])])
    assert (compared.models.pairwise, compared.models.against_reference) == ((), ())
    assert [model.name for model in ModelFindings(compared.models).untested] == ["lda"]
    text = whole_text(compared, ())
    for claim in ("significantly", "SD ", "resampled t"):
        assert claim not in text


def test_repeats_of_a_splitter_are_told_apart(data: EmbeddingDataset) -> None:
    compared = compare(data, RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0))
    found = compared.models
    assert (found.n_folds, found.seeds) == (3, (None, None))
    keys = [(fold.repeat, fold.split) for fold in found.folds]
    assert keys == [(repeat, split) for repeat in range(2) for split in range(3)]
    assert not compared.to_frame().duplicated(["head", "repeat", "split", "score"]).any()
    for model in found.models:
        assert {len(entry.values) for entry in model.by_repeat} == {2}
        record = compared.records[model.name]
        for repeat in range(2):
            own = record.folds // 3 == repeat
            assert np.array_equal(np.sort(record.rows[own]), np.arange(data.n_images))
