"""Heads with calibrated probabilities: those that have them, and all others at a temperature of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.base import clone

from skknn_syndrome._typing import Estimator, Float64Array, FloatArray, IndexArray, LabelArray
from skknn_syndrome.crossval.nested_models import (
    Contender,
    FittedModel,
    Images,
    clone_values,
    fit_model,
    inner_splits,
)
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import IndexSplit, group_parameters, last_step
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.heads.temperature import fit_temperature, log_probabilities
from skknn_syndrome.metrics.predictions import decision_columns

LEAST_PROBABILITY = 1e-12
"""Below, what a head calls impossible is taken for as unlikely as this: it has been wrong before."""

MOST_ROWS = 2_000
"""Rows that a temperature is fitted to: it is one number."""


@dataclass(frozen=True, eq=False)
class TemperedHead:
    """A fitted classifier whose scores a temperature makes probabilities of."""

    model: Estimator
    temperature: float | None
    """None where the classifier is calibrated itself."""
    columns: IndexArray
    """Shape (n_trained,): the place of each class of the training part among all."""
    n_classes: int

    def probabilities(self, rows: FloatArray) -> Float64Array:
        """Return calibrated probabilities of all classes, shape (n_rows, n_classes); 0 for an unseen one."""
        if self.temperature is None:
            own = np.asarray(self.model.predict_proba(rows), dtype=np.float64)
        else:
            own = np.exp(log_probabilities(scores_of(self.model, rows), self.temperature))
        found = np.zeros((len(own), self.n_classes))
        found[:, self.columns] = own
        return found


def vote_scores(shares: Float64Array, n_neighbors: int) -> Float64Array:
    r"""Return :math:`\log\bigl((k p_c + 1) / (k + K)\bigr)` of shares of k votes among K classes.

    A class that no neighbour is of has few votes, not none.

    Examples
    --------
    >>> vote_scores(np.array([[1.0, 0.0]]), 2).round(3)
    array([[-0.288, -1.386]])
    """
    return np.asarray(np.log((n_neighbors * shares + 1) / (n_neighbors + shares.shape[1])))


def scores_of(model: Estimator, rows: FloatArray) -> Float64Array:
    """Return scores of which a temperature makes probabilities, shape (n_rows, n_trained)."""
    if KNN.owns(model):
        step = last_step(model)
        return vote_scores(model.predict_proba(rows), min(step.n_neighbors, step.n_samples_fit_))
    if hasattr(model, "predict_proba"):
        said = np.asarray(model.predict_proba(rows), dtype=np.float64)
        return np.asarray(np.log(np.maximum(said, LEAST_PROBABILITY)))
    return np.asarray(decision_columns(model, rows), dtype=np.float64)


def fit_tempered(
    contender: Contender,
    images: Images,
    train: IndexArray,
    *,
    inner_cv: int,
    refit: str,
    random_state: int,
) -> tuple[TemperedHead, FittedModel]:
    """Choose parameters in inner folds of a training part, fit them to it, and calibrate.

    Parameters
    ----------
    contender, images, refit
        As in `skknn_syndrome.crossval.nested_models.fit_model`.
    train : ndarray of shape (n_train,)
        Rows of the training part.
    inner_cv : int
        Inner folds, a subject's images together.
    random_state : int
        Of these.

    Returns
    -------
    TemperedHead
        Nothing in it has seen a row outside of the training part.
    FittedModel
        How it was chosen.

    Raises
    ------
    StudySettingsError
        The head gives neither probabilities nor decision values.
    """
    inner = inner_splits(images, train, cv=inner_cv, random_state=random_state)
    fitted = fit_model(contender, images, train, inner, refit)
    last = last_step(fitted.model)
    temperature = None
    if not isinstance(last, CalibratedClassifier):
        refuse_without_scores(contender)
        temperature = _fit_temperature(fitted, images, inner)
    classes: LabelArray = images.target.classes
    columns = np.searchsorted(classes, fitted.model.classes_)
    return TemperedHead(fitted.model, temperature, columns, len(classes)), fitted


def refuse_without_scores(contender: Contender) -> None:
    """Refuse a head that says no more than a label."""
    if not contender.head.gives & {"probabilities", "decision"}:
        raise StudySettingsError(
            f"The head {contender.head.name!r} predicts labels alone, and a model in use says how sure it "
            "is: take a head with probabilities or decision values.",
            code="no_scores",
            parameter="head",
        )


def _fit_temperature(fitted: FittedModel, images: Images, inner: Sequence[IndexSplit]) -> float:
    """Fit a temperature to what clones say of inner test parts, of classes that their training part has."""
    share = min(1.0, MOST_ROWS / max(1, sum(len(test) for _, test in inner)))
    n_classes, classes = len(images.target.classes), images.target.classes
    scores, truths = [], []
    for train, test in inner:
        asked = test[:: max(1, round(1 / share))]
        part = images.part(train)
        model = clone(fitted.model).set_params(**clone_values(fitted.params))
        model.fit(part.samples, part.target.labels, **group_parameters(model, part.groups))
        said = np.full((len(asked), n_classes), -np.inf)
        said[:, np.searchsorted(classes, model.classes_)] = scores_of(model, images.samples[asked])
        scores.append(said)
        truths.append(np.searchsorted(classes, images.target.labels[asked]))
    if not scores:
        return 1.0
    return fit_temperature(np.concatenate(scores), np.concatenate(truths))
