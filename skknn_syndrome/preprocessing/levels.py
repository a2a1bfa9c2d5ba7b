"""Resampling by taxonomy or covariate: classes within their groups, and levels within their classes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from imblearn.over_sampling import RandomOverSampler
from sklearn import get_config
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    get_routing_for_object,
    process_routing,
)
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_consistent_length, has_fit_parameter

from skknn_syndrome._typing import Estimator, Float64Array, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.errors import Argument, StudySettingsError, quote


@dataclass(frozen=True)
class WithinGroups:
    """A `sampling_strategy` that brings every class to the size of the largest class of its group.

    Species are balanced within their genus, say, and genera keep their differences: "auto" would bring every
    species of a rare genus to the size of the most frequent species of all, by copies of a few images.

    Parameters
    ----------
    groups : mapping
        The group of each class.

    Raises
    ------
    StudySettingsError
        When it is asked: a class has no group.

    Examples
    --------
    >>> genus = {"alpheios": "Papilio", "machaon": "Papilio", "apollo": "Parnassius"}
    >>> WithinGroups(genus)(["machaon", "machaon", "machaon", "alpheios", "apollo"])
    {'alpheios': 3, 'apollo': 1, 'machaon': 3}
    """

    groups: Mapping[Any, Any]

    def __call__(self, labels: VectorLike) -> dict[object, int]:
        """Return how many rows each class shall have."""
        counts = Counter(np.asarray(labels).tolist())
        largest: dict[object, int] = {}
        for label, count in counts.items():
            if label not in self.groups:
                raise StudySettingsError(
                    "{groups} has no group for the class {label}.",
                    code="class_without_group",
                    parameter="groups",
                    groups=Argument("groups"),
                    label=quote(label),
                )
            group = self.groups[label]
            largest[group] = max(largest.get(group, 0), count)
        return {label: largest[self.groups[label]] for label in sorted(counts)}


def _can_predict_proba(model: Any) -> bool:  # noqa: ANN401  as `available_if` gives it
    return hasattr(getattr(model, "estimator_", model.estimator), "predict_proba")


class LevelBalancedClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc] # untyped
    """A classifier whose training rows are resampled by class and level of a covariate, such as sex or site.

    Each class at each level is one cell, and the sampler takes cells for classes: by default every cell is
    brought to the size of the largest. `levels` are given to `fit`, so that cross-validation hands over
    those of the training part alone, and test parts stay as they are.

    Parameters
    ----------
    estimator : classifier
    sampler : sampler, optional
        Of imbalanced-learn's kind; `RandomOverSampler(random_state=0)` by default.

    Attributes
    ----------
    estimator_ : classifier
        Fitted to the resampled rows.
    sampler_ : sampler
        After `fit_resample`; its `sampling_strategy_` counts by number of cell.
    classes_ : ndarray
        Sorted labels.

    Examples
    --------
    >>> from sklearn.model_selection import cross_val_score
    >>> from skknn_syndrome import SyndromeKNNClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [7.0], [8.0], [9.0]], ["a", "a", "a", "b", "b", "b"]
    >>> sexes = ["f", "f", "m", "f", "m", "m"]
    >>> model = LevelBalancedClassifier(SyndromeKNNClassifier(1, metric="euclidean"))
    >>> cross_val_score(model, X, y, cv=2, params={"levels": sexes}).tolist()
    [1.0, 1.0]
    """

    def __init__(self, estimator: Estimator, sampler: Estimator = None) -> None:
        self.estimator = estimator
        self.sampler = sampler

    def fit(
        self, X: MatrixLike, y: VectorLike, *, levels: VectorLike, groups: VectorLike | None = None
    ) -> Self:
        """Resample, and fit the classifier.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        levels : array-like of shape (n_samples,)
            The level of each row, as a text: None is the empty one, and NaN is "nan".
        groups : array-like of shape (n_samples,), optional
            Subjects; each row is one of its own by default. A classifier whose `fit` takes `groups` is given
            those of the resampled rows, so that its inner folds keep copies of a row together, where the
            sampler tells their parents in `sample_indices_`. A row of several parents counts for the first.
            Of a pipeline they go to the last step, if no step resamples; with metadata routing enabled, to
            whatever requests them.
        """
        labels, known = np.asarray(y), np.asarray(levels, dtype=object)
        check_consistent_length(X, labels, known, groups)
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        texts = np.array(["" if level is None else str(level) for level in known])
        places = np.unique(texts, return_inverse=True)[1]
        cells, cell = np.unique(np.stack([numbers, places]), axis=1, return_inverse=True)
        self.sampler_ = RandomOverSampler(random_state=0) if self.sampler is None else clone(self.sampler)
        rows, drawn = self.sampler_.fit_resample(X, cell.ravel())
        self.estimator_ = clone(self.estimator)
        self.estimator_.fit(rows, self.classes_[cells[0][drawn]], **self._subjects(groups))
        return self

    def get_metadata_routing(self) -> MetadataRouter:
        """Tell scikit-learn's metadata routing that the classifier may request `groups`."""
        mapping = MethodMapping().add(caller="fit", callee="fit")
        router = MetadataRouter(owner=self).add_self_request(self)
        return router.add(estimator=self.estimator, method_mapping=mapping)

    def _subjects(self, groups: VectorLike | None) -> Mapping[str, LabelArray]:
        """Return the subjects of the resampled rows, where they are known and the classifier takes them."""
        parents = getattr(self.sampler_, "sample_indices_", None)
        if parents is None:
            return {}
        first = parents.reshape(len(parents), -1)[:, 0]
        subjects = first if groups is None else np.asarray(groups)[first]
        if get_config()["enable_metadata_routing"]:
            asked = get_routing_for_object(self.estimator).consumes("fit", {"groups"})
            # Subjects that were given and are not requested are refused, as scikit-learn does.
            given = asked or groups is not None
            return process_routing(self, "fit", groups=subjects).estimator.fit if given else {}
        steps = getattr(self.estimator_, "steps", [("", self.estimator_)])
        if any(hasattr(step, "fit_resample") for _, step in steps):
            return {}  # nobody knows the subjects of its rows
        name, last = steps[-1]
        return (
            {f"{name}__groups" if name else "groups": subjects} if has_fit_parameter(last, "groups") else {}
        )

    def predict(self, X: MatrixLike) -> LabelArray:
        """Return the predicted class of each row."""
        predicted: LabelArray = self.estimator_.predict(X)
        return predicted

    @available_if(_can_predict_proba)  # type: ignore[untyped-decorator] # of scikit-learn
    def predict_proba(self, X: MatrixLike) -> Float64Array:
        """Return the probability of each class, where the classifier has probabilities."""
        probabilities: Float64Array = self.estimator_.predict_proba(X)
        return probabilities
