"""All scores of a fit at once, as `GridSearchCV` asks for them."""

from skknn_syndrome._typing import Estimator, FloatArray, LabelArray
from skknn_syndrome.crossval.answers import ask
from skknn_syndrome.crossval.tasks import MULTICLASS


def score_every_way(estimator: Estimator, X: FloatArray, y: LabelArray) -> dict[str, float]:
    """Score a fitted classifier of single labels, asked once.

    Parameters
    ----------
    estimator : classifier, or Pipeline that ends in one
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
    return MULTICLASS.judge(y, ask(estimator, X))
