"""The design of Khoiwal and McMillan on any embeddings: linear heads, a grid search, a hold-out part."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from skknn_syndrome._typing import IndexArray, MatrixLike, VectorLike
from skknn_syndrome.analyses.published.protocols import packaged_figures
from skknn_syndrome.analyses.published.result import TableReview
from skknn_syndrome.analyses.published.table_checks import REVIEWED
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.study.model_comparison import compare_models
from skknn_syndrome.study.progress import Progress

LINEAR_HEADS = "logistic_regression", "svc"
"""With the paper's grids: C of 0.1, 1, 10 and 100; kernels linear, and Gaussian with two gammas."""

N_PARTS = 5
"""Held out is one of so many parts, and the grid search has so many folds."""


class PublishedDesign(Result):
    """What the tables of a source say by themselves, and its design run on other embeddings."""

    review: TableReview
    runs: tuple[ModelComparison, ...] = ()
    """A file and a way to divide it each."""


class HoldOut:
    """A splitter of one division: a fifth of the images, stratified, a subject's together, held out.

    Parameters
    ----------
    random_state : int or None

    Examples
    --------
    >>> y = np.repeat(["a", "b"], 10)
    >>> [(train, test)] = HoldOut(0).split(None, y)
    >>> len(train), y[test].tolist()
    (16, ['a', 'a', 'b', 'b'])
    """

    def __init__(self, random_state: int | None) -> None:
        self.random_state = random_state

    def split(
        self, X: MatrixLike, y: VectorLike, groups: VectorLike | None = None
    ) -> Iterator[tuple[IndexArray, IndexArray]]:
        """Yield the rows of the two parts.

        Raises
        ------
        StudySettingsError
            There are too few images or subjects.
        """
        del X
        labels, subjects = np.asarray(y), None if groups is None else np.asarray(groups)
        try:
            part = make_splits(labels, subjects, cv=N_PARTS, random_state=self.random_state).parts[0]
        except StudySettingsError as error:
            raise StudySettingsError(
                # Whoever divides the images puts this behind a colon.
                f"one part in {N_PARTS} can't be held out where the largest class has fewer images, or there "
                "are fewer subjects.",
                code="too_few_images",
                parameter="y",
            ) from error
        yield part.train, part.test

    def __repr__(self) -> str:
        """Name it as results do."""
        return f"HoldOut(1/{N_PARTS}, stratified, random_state={self.random_state})"


def run_published_design(
    X: MatrixLike | Mapping[str, MatrixLike],
    y: VectorLike,
    *,
    groups: VectorLike | None = None,
    published: Sequence[PublishedScore] | None = None,
    dataset: str | None = None,
    refit: str = "roc_auc_ovr",
    random_state: int | None = 42,
    n_jobs: int | None = None,
    on_progress: Callable[[Progress], object] | None = None,
) -> ModelComparison:
    """Run the design of Khoiwal and McMillan, and put their figures beside what comes out.

    Logistic regression and a support vector machine are chosen by a five-fold grid search on four fifths of
    the images, and judged once on the fifth that is held out. With subjects, all parts keep the images of
    each together; without, each image is on its own, as it is in the paper.

    Parameters
    ----------
    X, y, groups
        As in `compare_models`.
    published : sequence of PublishedScore, optional
        Figures to be put beside; by default the paper's, which come with the package.
    dataset : str, optional
        Which of the published data sets the images are, such as ``"HAM10000"``.
    refit : str, default="roc_auc_ovr"
        The score by which the grid search chooses; the paper does not name its own.
    random_state, n_jobs, on_progress
        As in `compare_models`.

    Returns
    -------
    ModelComparison
        Of one fold; ``find("published_models")`` has the published figures.

    References
    ----------
    .. [1] Khoiwal and McMillan, "Embeddings are all you need", arXiv 2412.09445, 2024.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> data = make_syndrome_embeddings()
    >>> found = run_published_design(data.embeddings[::8, :32], data.syndromes[::8])
    >>> [model.name for model in found.models.models], found.models.n_folds
    (['logistic_regression', 'svc'], 1)
    """
    papers = [entry for entry in packaged_figures() if entry.source in REVIEWED.values()]
    return compare_models(
        X,
        y,
        groups=groups,
        heads=LINEAR_HEADS,
        cv=HoldOut(random_state),
        n_repeats=1,
        inner_cv=N_PARTS,
        refit=refit,
        published=papers if published is None else published,
        published_dataset=dataset,
        random_state=random_state,
        n_jobs=n_jobs,
        on_progress=on_progress,
    )
