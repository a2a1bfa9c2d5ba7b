"""All scores of a fit at once, as `GridSearchCV` asks for them."""

import warnings

from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Estimator, FloatArray, LabelArray
from skknn_syndrome.metrics.score_table import score_probabilities


def score_every_way(estimator: Estimator, X: FloatArray, y: LabelArray) -> dict[str, float]:
    """Score a fitted estimator with one look for neighbours.

    All scores of a study are of probabilities: the most probable class, the first of equals, is the predicted
    one. That is what `SyndromeKNNClassifier.predict` answers, so that scorers find the same.

    Parameters
    ----------
    estimator : SyndromeKNNClassifier, or Pipeline that ends in one
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
        return score_probabilities(y, estimator.predict_proba(X), estimator.classes_)
