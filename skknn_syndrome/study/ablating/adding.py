"""A study with a comparison of preprocessing, on the study's own grid and folds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import numpy as np

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.results import AblationResult, Notice, StudyResult
from skknn_syndrome.study.ablating.comparing import compare_preprocessing
from skknn_syndrome.study.ablating.variants import RESAMPLERS
from skknn_syndrome.study.provenance import Stopwatch, with_later_parts
from skknn_syndrome.study.splitting import make_splits

Extent: TypeAlias = Literal["scores", "full"]
"""One split; or two of them, and maps of all variants."""

NEEDED: Final[Mapping[str, int]] = MappingProxyType({"smote": 6, "noise": 2, "mixup": 2, "balanced+mixup": 2})
"""Images of each syndrome that a training part has to have: SMOTE looks at five neighbours of one."""


def add_preprocessing(
    study: StudyResult, dataset: EmbeddingDataset, *, extent: Extent = "scores", n_jobs: int | None = None
) -> StudyResult:
    """Compare scalers and resamplers, honestly and in the leaky way, and add that to a study.

    Parameters
    ----------
    study : StudyResult
        Of the data set.
    dataset : EmbeddingDataset
    extent : {"scores", "full"}
    n_jobs : int or None
        Variants at a time.

    Returns
    -------
    StudyResult
        A copy. Where a resampler can't be used on these data, or nothing can be compared, a notice says so.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings, study_dataset
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = study_dataset(data, with_map=False, n_neighbors=[5], cv=3, metrics="cosine", analyses=())
    >>> compared = add_preprocessing(study, data).ablation
    >>> compared.seeds, compared.n_folds, len(compared.variants)
    ((42,), 3, 36)
    """
    stopwatch = Stopwatch()
    ablation: AblationResult | None = None
    try:
        with stopwatch.part("preprocessing"):
            ablation, notices = _compare(study, dataset, extent, n_jobs)
    except StudySettingsError as error:
        message = f"Preprocessing was not compared: {error}"
        notices = (Notice(code="preprocessing_left_out", message=message),)
    return study.model_copy(
        update={
            "ablation": ablation,
            "notices": (*study.notices, *notices),
            "provenance": with_later_parts(study.provenance, stopwatch),
        }
    )


def _compare(
    study: StudyResult, dataset: EmbeddingDataset, extent: Extent, n_jobs: int | None
) -> tuple[AblationResult, tuple[Notice, ...]]:
    run = study.headline
    groups = _groups(study, dataset)
    n_folds = len({fold.split for fold in run.folds})
    seed = study.provenance.random_state or 0
    smallest = _smallest_class(dataset.syndromes, groups, n_folds, seed)
    schemes = {candidate.weights for candidate in run.candidates}
    ablation = compare_preprocessing(
        dataset.embeddings,
        dataset.syndromes,
        groups=groups,
        resamplers=[name for name in RESAMPLERS if NEEDED.get(name, 0) <= smallest],
        metrics=list(run.best),
        n_neighbors={candidate.n_neighbors for candidate in run.candidates},
        weights="distance" if "distance" in schemes else run.candidates[0].weights,  # type: ignore[arg-type]
        cv=n_folds,
        random_states=(seed, seed + 1) if extent == "full" else seed,
        ways=("honest", "leaky"),
        maps=extent == "full",
        n_jobs=n_jobs,
    )
    left_out = [name for name in RESAMPLERS if NEEDED.get(name, 0) > smallest]
    return ablation.model_copy(update={"dataset": study.dataset}), tuple(
        Notice(
            code="resampler_left_out",
            message=(
                f"The resampler {name!r} was left out of the comparison: it takes {NEEDED[name]} images of "
                f"each syndrome in every training part, and the smallest has {smallest}."
            ),
        )
        for name in left_out
    )


def _groups(study: StudyResult, dataset: EmbeddingDataset) -> LabelArray | None:
    """Return what the study's folds keep together."""
    if study.headline.protocol == "image":
        return None
    # The study may have taken several subjects for one person.
    return study.records[0].subjects if study.records else dataset.subjects


def _smallest_class(labels: LabelArray, groups: LabelArray | None, n_folds: int, seed: int) -> int:
    """Return how many images of the rarest syndrome a training part has that has any."""
    splits = make_splits(labels, groups, cv=n_folds, random_state=seed)
    return int(min(np.unique(labels[part.train], return_counts=True)[1].min() for part in splits.parts))
