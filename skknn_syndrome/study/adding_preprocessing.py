"""Addition of a comparison of preprocessing to a finished study."""

from skknn_syndrome._typing import Estimator
from skknn_syndrome.analyses.preprocessing.on_study import Extent, compare_on_folds_of
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.checks.running import rerun_checks
from skknn_syndrome.crossval.provenance import Stopwatch, with_later_parts
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.results.study import StudyResult


def add_preprocessing(
    study: StudyResult,
    dataset: EmbeddingDataset,
    *,
    estimator: Estimator = None,
    extent: Extent = "scores",
    n_repeats: int | None = None,
    n_jobs: int | None = None,
) -> StudyResult:
    """Compare scalers and resamplers, within folds and before splitting, and add that to a finished study.

    Distances, grid, folds and the winner's weights are the study's. `study_dataset` does the study and
    this at once.

    Parameters
    ----------
    study : StudyResult
        Of the data set.
    dataset : EmbeddingDataset
    estimator : SyndromeKNNClassifier, optional
        The study's, with its temperature and class weight.
    extent : {"scores", "full"}
    n_repeats : int, optional
        Splits on which variants are compared that are cheap to repeat; by default as many as
        `compare_preprocessing` takes.
    n_jobs : int or None
        Variants at a time.

    Returns
    -------
    StudyResult
        Another one. Where a resampler can't be used on these data, or nothing can be compared, a check says
        so.

    Examples
    --------
    >>> from skknn_syndrome import PreprocessingComparison, make_syndrome_embeddings, study_dataset
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = study_dataset(data, with_map=False, n_neighbors=[5], cv=3, metrics="cosine", analyses=())
    >>> compared = add_preprocessing(study, data, n_repeats=1).find(PreprocessingComparison)
    >>> compared.seeds, compared.n_folds, len(compared.variants)
    ((42,), 3, 36)
    """
    stopwatch = Stopwatch()
    with stopwatch.part("preprocessing"):
        comparison, left_out = compare_on_folds_of(
            study.primary,
            study.dataset,
            dataset,
            # The study may have taken several subjects for one person.
            study.records[0].subjects if study.records else dataset.subjects,
            estimator=estimator,
            extent=extent,
            random_state=study.provenance.random_state,
            n_repeats=n_repeats,
            n_jobs=n_jobs,
        )
    compared = study.revised(
        analyses=study.analyses.replaced_by(comparison),
        provenance=with_later_parts(study.provenance, stopwatch),
    )
    names = "resampler_left_out", "preprocessing_left_out", "stepped_back"
    checks = rerun_checks(study.checks, CheckContext.of(compared, left_out), *names)
    return compared.revised(checks=checks)
