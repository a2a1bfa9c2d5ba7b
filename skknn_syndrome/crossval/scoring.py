"""All scores of a fit at once, as `GridSearchCV` asks for them."""

from dataclasses import dataclass, field

from skknn_syndrome._typing import Estimator, FloatArray, LabelArray
from skknn_syndrome.crossval.tasks import Task, target_of
from skknn_syndrome.metrics.definition import ScoreDefinition
from skknn_syndrome.metrics.registry import definitions


@dataclass(frozen=True)
class ScoreEveryWay:
    """Score a fitted classifier in every way of a task, asked once.

    Parameters
    ----------
    task : Task
        It asks and judges.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from skknn_syndrome.crossval.tasks import BINARY
    >>> X, y = [[0.0], [1.0], [8.0], [9.0]], ["a", "a", "b", "b"]
    >>> ScoreEveryWay(BINARY)(GaussianNB().fit(X, y), X, y)["accuracy"]
    1.0
    """

    task: Task
    # They go along when this is pickled: the registry of another process lacks what this one registered.
    definitions: tuple[ScoreDefinition, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the scores of this moment."""
        object.__setattr__(self, "definitions", definitions(self.task.name))

    def __call__(self, estimator: Estimator, X: FloatArray, y: LabelArray) -> dict[str, float]:
        """Score a fitted estimator.

        Parameters
        ----------
        estimator : classifier, or Pipeline that ends in one
            Fitted on a training part.
        X : array of shape (n_images, n_features)
            The test part.
        y : array of shape (n_images,), or (n_images, n_labels) of several labels an image
            Its labels.

        Returns
        -------
        dict of str to float
            Every score of the task by name, then the bounds over ties of top-k; NaN where a score is not
            defined.
        """
        target = target_of(y)
        return self.task.judge(target.labels, self.task.ask(estimator, X, target), self.definitions)
