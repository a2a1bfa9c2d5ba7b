"""All scores of a fit at once, as `GridSearchCV` asks for them."""

import warnings

from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import FloatArray, LabelArray
from skknn_syndrome.metrics.scorers import ProbabilisticClassifier, score_all


def score_every_way(estimator: ProbabilisticClassifier, X: FloatArray, y: LabelArray) -> dict[str, float]:
    """Score a fitted estimator with one look for neighbours.

    Parameters
    ----------
    estimator : classifier with `predict_proba` and `classes_`
        Fitted on a training part.
    X : array of shape (n_images, n_features)
        The test part.
    y : array of shape (n_images,)
        Its labels.

    Returns
    -------
    dict of str to float
        Every score of `skknn_syndrome.scorers` by name, the tie bounds of top-k beside it; NaN where a
        score is not defined.
    """
    with warnings.catch_warnings():
        # The study says per fold which classes are missing and which scores fall out; 300 warnings would not.
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        return score_all(estimator, X, y)
