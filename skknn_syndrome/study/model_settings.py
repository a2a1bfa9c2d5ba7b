"""What a comparison of models is asked for, checked before anything is computed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline

from skknn_syndrome import heads as registry
from skknn_syndrome._typing import FloatArray, MatrixLike, VectorLike
from skknn_syndrome.crossval.bootstrap import certain_scores
from skknn_syndrome.crossval.folds import MIN_FOLDS, CrossValidation, Splits, check_folds
from skknn_syndrome.crossval.nested_models import Contender, Images
from skknn_syndrome.crossval.settings import check_repeats, check_seed
from skknn_syndrome.crossval.study_data import refuse_extremes, refuse_gaps, validate_data
from skknn_syndrome.crossval.tasks import target_of
from skknn_syndrome.errors import Argument, SkknnSyndromeError, StudySettingsError, meant, quote
from skknn_syndrome.heads.base import Head
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.neighbors.distances import prepare_rows

QUICK_HEADS = "knn", "centroid", "logistic_regression", "lda"
"""What is compared by default: of a thousand images they take seconds."""

ONE_ENCODER = "embeddings"
"""What vectors are called that were given without a name."""

FUSED = "fused"
"""What the encoder is called that puts all others side by side."""


@dataclass(frozen=True)
class ComparisonSettings:
    """What all models of a comparison share."""

    heads: tuple[Head, ...]
    cv: CrossValidation
    n_repeats: int
    inner_cv: int
    refit: str
    pca: int | float | None
    random_state: int | None
    n_jobs: int | None

    def contenders(self, images: Images) -> tuple[Contender, ...]:
        """Return each head as it is fitted to such labels, behind principal components if there are any.

        Raises
        ------
        StudySettingsError
            A head does not take such labels, or the labels have no score of that name.
        """
        certain = certain_scores(len(images.target.classes))
        known = [
            score.name
            for score in definitions(images.task.name)
            if score.higher_is_better and score.name not in certain
        ]
        if self.refit not in known:
            raise StudySettingsError(
                "{refit} is no score of such labels: {meant}.",
                code="unknown_score",
                parameter="refit",
                refit=Argument("refit", self.refit),
                meant=meant(self.refit, known),
            )
        return tuple(self._contender(head.for_task(images.task.name)) for head in self.heads)

    def _contender(self, head: Head) -> Contender:
        estimator = head.estimator()
        if self.pca is None:
            return Contender(head, estimator, head.grid)
        steps = Pipeline([("pca", PCA(self.pca, random_state=self.random_state)), ("head", estimator)])
        return Contender(head, steps, {f"head__{name}": values for name, values in head.grid.items()})

    def for_resuming(self, **others: Any) -> dict[str, Any]:  # noqa: ANN401  of any type
        """Return what the fits of a head depend on beside itself and the data."""
        names = ("cv", "n_repeats", "inner_cv", "refit", "pca", "random_state")
        return {name: getattr(self, name) for name in names} | others

    def repeats(self, images: Images) -> tuple[Splits, ...]:
        """Divide the images into outer folds, once for each repeat, also of a splitter that repeats itself.

        Raises
        ------
        StudySettingsError
            They can't be divided so.
        """
        n_repeats = self.n_repeats if isinstance(self.cv, int) and self.random_state is not None else 1
        divided = (
            images.task.folds(images.target, images.groups, cv=self.cv, random_state=seed)
            for seed in self.seeds(n_repeats)
        )
        return tuple(
            replace(splits, parts=splits.parts[first : first + splits.n_folds])
            for splits in divided
            for first in range(0, len(splits.parts), splits.n_folds)
        )

    def seeds(self, n_repeats: int) -> list[int | None]:
        """Return the seed of each repeat; None where a splitter repeats itself by its own."""
        if self.random_state is None or (n_repeats > 1 and not isinstance(self.cv, int)):
            return [None] * n_repeats
        return list(range(self.random_state, self.random_state + n_repeats))


def settle_comparison(
    heads: str | Head | Sequence[str | Head],
    *,
    cv: Any,  # noqa: ANN401  checked here, as all that follows
    n_repeats: Any,  # noqa: ANN401
    inner_cv: Any,  # noqa: ANN401
    refit: str,
    pca: Any,  # noqa: ANN401
    random_state: Any,  # noqa: ANN401
    n_jobs: int | None,
) -> ComparisonSettings:
    """Check what a comparison is asked for.

    Parameters
    ----------
    heads, cv, n_repeats, inner_cv, refit, pca, random_state, n_jobs
        As in `skknn_syndrome.compare_models`.

    Returns
    -------
    ComparisonSettings

    Raises
    ------
    StudySettingsError
    """
    repeats = check_repeats(n_repeats) or 1
    return ComparisonSettings(
        heads=_heads(heads),
        cv=check_folds(cv),
        n_repeats=repeats,
        inner_cv=_inner_folds(inner_cv),
        refit=refit,
        pca=_pca(pca),
        random_state=check_seed(random_state, repeats),
        n_jobs=_jobs(n_jobs),
    )


def _jobs(given: Any) -> int | None:  # noqa: ANN401  checked here
    if given is None or (type(given) is not bool and isinstance(given, Integral) and int(given) != 0):
        return None if given is None else int(given)
    raise StudySettingsError(
        "{n_jobs} is no number of fits at a time: give a whole number from 1 on, -1 for all cores, or None.",
        code="invalid_n_jobs",
        parameter="n_jobs",
        n_jobs=Argument("n_jobs", given),
    )


def _inner_folds(given: Any) -> int:  # noqa: ANN401  checked here
    if type(given) is bool or not isinstance(given, Integral) or int(given) < MIN_FOLDS:
        raise StudySettingsError(
            "{inner_cv} is no number of inner folds: give a whole number, {least} at least.",
            code="not_folds",
            parameter="inner_cv",
            inner_cv=Argument("inner_cv", given),
            least=MIN_FOLDS,
        )
    return int(given)


def _heads(given: Any) -> tuple[Head, ...]:  # noqa: ANN401  checked here
    # `choose` tells what else is no head.
    single = isinstance(given, str) or not isinstance(given, Iterable)
    listed = [] if given is None else [given] if single else list(given)
    found = {head.name: head for head in (registry.choose(each, None) for each in listed)}
    if not found:
        raise StudySettingsError(
            "{heads} names no head: take some of {known}.",
            code="no_value",
            parameter="heads",
            heads=Argument("heads", listed),
            known=", ".join(registry.names()),
        )
    return tuple(found.values())


def _pca(given: Any) -> int | float | None:  # noqa: ANN401  checked here
    if given is None:
        return None
    if type(given) is not bool and isinstance(given, Integral) and int(given) >= 1:
        return int(given)
    if isinstance(given, float | np.floating) and 0 < given < 1:
        return float(given)
    raise StudySettingsError(
        "{pca} is neither a number of principal components, from 1 on, nor a share of variance between 0 and "
        "1.",
        code="invalid_pca",
        parameter="pca",
        pca=Argument("pca", given),
    )


@dataclass(frozen=True, eq=False)
class EncoderImages:
    """The images as an encoder has them."""

    images: Images
    fused: tuple[str, ...] = ()
    """Of which encoders it is put together."""


def read_encoders(
    X: MatrixLike | Mapping[str, MatrixLike],
    y: VectorLike,
    groups: VectorLike | None,
    settings: ComparisonSettings,
    *,
    fuse: bool,
    for_testing: bool = False,
) -> dict[str, EncoderImages]:
    """Check the vectors of all encoders, and add those of all side by side if that is asked for.

    Raises
    ------
    StudySettingsError
        There is no encoder, or one of them has other images or what can't be used; there are less than two
        to fuse.
    """
    named = _named(X)
    sets: dict[str, EncoderImages] = {}
    for name, samples in named.items():
        with _of_encoder(name, several=len(named) > 1):
            sets[name] = _read(samples, y, groups, settings, for_testing=for_testing)
    if fuse:
        if len(sets) == 1:
            raise StudySettingsError(
                "{fuse} puts the vectors of several encoders side by side, and there is one: give others.",
                code="nothing_to_fuse",
                parameter="fuse",
                fuse=Argument("fuse", value=True),
            )
        sets[FUSED] = _fused(sets)
    return sets


@contextmanager
def _of_encoder(name: str, *, several: bool) -> Iterator[None]:
    """Say of what is wrong in which encoder it is so."""
    try:
        yield
    except SkknnSyndromeError as error:
        if not several:
            raise
        raise StudySettingsError(
            f"Of the encoder {quote(name)}: {error}", code=error.code, parameter=error.parameter
        ) from error


def _named(X: MatrixLike | Mapping[str, MatrixLike]) -> dict[str, MatrixLike]:
    named = dict(X) if isinstance(X, Mapping) else {ONE_ENCODER: X}
    odd = [name for name in named if not isinstance(name, str) or not name.strip()]
    if odd or not named or (FUSED in named and len(named) > 1):
        raise StudySettingsError(
            f"X has the encoders {list(named)!r}: give vectors by the encoders' names, which are texts, none "
            f"empty and none {FUSED!r}.",
            code="invalid_encoders",
            parameter="X",
        )
    return named


def _read(
    samples: MatrixLike,
    y: VectorLike,
    groups: VectorLike | None,
    settings: ComparisonSettings,
    *,
    for_testing: bool,
) -> EncoderImages:
    for head in settings.heads:
        data = validate_data(samples, y, groups, head=head, several_labels=True, for_testing=for_testing)
    refuse_extremes(data.array)
    refuse_gaps(data.array)
    target = target_of(data.labels)
    if hasattr(y, "columns") and data.labels.ndim > 1:
        target = replace(target, classes=np.asarray(y.columns))
    return EncoderImages(Images(data.array, target, data.groups, data.task))


def _fused(sets: Mapping[str, EncoderImages]) -> EncoderImages:
    """Put vectors side by side, each encoder's at unit norm, so that none counts for more."""
    parts: list[FloatArray] = [
        prepare_rows(np.asarray(each.images.samples, dtype=np.float64), "cosine") for each in sets.values()
    ]
    first = next(iter(sets.values())).images
    return EncoderImages(replace(first, samples=np.hstack(parts)), fused=tuple(sets))


def model_names(encoders: Iterable[str], contenders: Iterable[Contender]) -> dict[tuple[str, str], str]:
    """Return what each model is called, by encoder and head: by its head alone where there is one encoder."""
    listed = list(encoders)
    return {
        (encoder, one.head.name): one.head.name if len(listed) == 1 else f"{encoder} + {one.head.name}"
        for encoder in listed
        for one in contenders
    }


def check_reference(reference: str | None, names: Iterable[str]) -> None:
    """Refuse a reference that is none of the models.

    Raises
    ------
    StudySettingsError
    """
    known = list(names)
    if reference is not None and reference not in known:
        raise StudySettingsError(
            "{reference} is none of the models: {meant}.",
            code="unknown_reference",
            parameter="reference",
            reference=Argument("reference", reference),
            meant=meant(reference, known),
        )
