"""Resampling by taxonomy and by covariate."""

from typing import Any, Self

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from sklearn import config_context
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._typing import IndexArray, MatrixLike, VectorLike
from skknn_syndrome.preprocessing import (
    GaussianNoiseOverSampler,
    LevelBalancedClassifier,
    MixupOverSampler,
    WithinGroups,
)
from tests.refusing import refused

GENUS = {"a1": "a", "a2": "a", "b1": "b"}
LABELS = np.repeat(["a1", "a2", "b1"], [6, 2, 3])
ROWS = np.random.default_rng(0).normal(size=(11, 2))


class TestClassesWithinGroups:
    def test_a_class_grows_to_the_largest_of_its_group(self) -> None:
        sampler = MixupOverSampler(sampling_strategy=WithinGroups(GENUS), random_state=0)
        _, labels = sampler.fit_resample(ROWS, LABELS)
        assert dict(zip(*np.unique(labels, return_counts=True), strict=True)) == {"a1": 6, "a2": 6, "b1": 3}

    def test_it_is_done_in_a_pipeline_inside_the_folds(self) -> None:
        sampler = GaussianNoiseOverSampler(sampling_strategy=WithinGroups(GENUS), random_state=0)
        model = make_pipeline(sampler, SyndromeKNNClassifier(1))
        assert len(model.fit(ROWS, LABELS)[-1].classes_) == 3

    @pytest.mark.parametrize("label", ["c", "{c}"])
    def test_a_class_without_a_group_is_refused(self, label: str) -> None:
        with refused("class_without_group", "groups") as caught:
            WithinGroups(GENUS)([label])
        assert repr(label) in str(caught.value)


class Recorder(SyndromeKNNClassifier):
    """Keeps the subjects that it is given."""

    groups_: IndexArray | None

    def fit(self, X: MatrixLike, y: VectorLike, groups: IndexArray | None = None) -> Self:
        self.groups_ = groups
        super().fit(X, y)
        return self


class TestLevelsWithinClasses:
    SEXES = ("f", "f", "f", "f", "m", "m", "f", None, "m", "m", "f")

    def test_every_class_has_as_many_rows_of_each_level_as_of_any_other(self) -> None:
        model = LevelBalancedClassifier(SyndromeKNNClassifier(1)).fit(ROWS, LABELS, levels=self.SEXES)
        rows = model.sampler_.sample_indices_
        cells = [(LABELS[row], self.SEXES[row]) for row in rows.tolist()]
        assert {cells.count(cell) for cell in cells} == {4}
        assert {*cells} == {*zip(LABELS.tolist(), self.SEXES, strict=True)}
        assert model.predict(ROWS).tolist() == LABELS.tolist()
        assert model.predict_proba(ROWS).shape == (11, 3)

    def test_cross_validation_hands_over_the_levels_of_the_training_part(self) -> None:
        model = LevelBalancedClassifier(SyndromeKNNClassifier(1), GaussianNoiseOverSampler(random_state=0))
        search = GridSearchCV(model, {"estimator__n_neighbors": [1, 3]}, cv=2, error_score="raise")
        search.fit(
            np.repeat(ROWS, 4, axis=0),
            np.repeat(LABELS, 4),
            levels=np.repeat(np.array(self.SEXES, dtype=object), 4),
        )
        assert search.best_params_["estimator__n_neighbors"] in {1, 3}

    @pytest.mark.parametrize("sampler", [None, MixupOverSampler(random_state=0)], ids=["copies", "mixtures"])
    def test_inner_folds_are_told_whose_rows_are_copies(self, sampler: Any) -> None:
        samples, labels = np.repeat(ROWS, 2, axis=0), np.repeat(LABELS, 2)
        levels, subjects = np.repeat(np.array(self.SEXES, dtype=object), 2), np.arange(22) // 2
        model = LevelBalancedClassifier(Recorder(1), sampler).fit(samples, labels, levels=levels)
        first = model.sampler_.sample_indices_.reshape(len(model.estimator_.groups_), -1)[:, 0]
        assert model.estimator_.groups_.tolist() == first.tolist()
        model.fit(samples, labels, levels=levels, groups=subjects)
        assert model.estimator_.groups_.tolist() == subjects[first].tolist()

    def test_the_last_step_of_a_pipeline_is_told_unless_a_step_resamples(self) -> None:
        model = LevelBalancedClassifier(make_pipeline(StandardScaler(), Recorder(1)))
        model.fit(ROWS, LABELS, levels=self.SEXES)
        assert model.estimator_[-1].groups_.tolist() == model.sampler_.sample_indices_.tolist()
        again = make_pipeline(MixupOverSampler(random_state=0), Recorder(1))
        assert (
            LevelBalancedClassifier(again).fit(ROWS, LABELS, levels=self.SEXES).estimator_[-1].groups_ is None
        )

    def test_with_metadata_routing_whatever_requests_subjects_is_told(self) -> None:
        subjects = np.arange(11) // 2
        with config_context(enable_metadata_routing=True):
            asking = make_pipeline(StandardScaler(), Recorder(1).set_fit_request(groups=True))
            model = LevelBalancedClassifier(asking).fit(ROWS, LABELS, levels=self.SEXES, groups=subjects)
            told = model.estimator_[-1].groups_
            silent = LevelBalancedClassifier(make_pipeline(StandardScaler(), Recorder(1)))
            assert silent.fit(ROWS, LABELS, levels=self.SEXES).estimator_[-1].groups_ is None
            with pytest.raises(UnsetMetadataPassedError):
                silent.fit(ROWS, LABELS, levels=self.SEXES, groups=subjects)
        assert told.tolist() == subjects[model.sampler_.sample_indices_].tolist()

    def test_where_parents_are_not_told_there_are_no_subjects(self) -> None:
        sampler = SMOTE(k_neighbors=1, random_state=0)
        model = LevelBalancedClassifier(Recorder(1), sampler)
        model.fit(np.repeat(ROWS, 2, axis=0), np.repeat(LABELS, 2), levels=22 * ["f"])
        assert model.estimator_.groups_ is None

    def test_another_number_of_levels_is_refused(self) -> None:
        with pytest.raises(ValueError, match="inconsistent numbers of samples"):
            LevelBalancedClassifier(SyndromeKNNClassifier(1)).fit(ROWS, LABELS, levels=["f"])

    def test_without_probabilities_there_are_none(self) -> None:
        assert not hasattr(LevelBalancedClassifier(LinearSVC()), "predict_proba")
