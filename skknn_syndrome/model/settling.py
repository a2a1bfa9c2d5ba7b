"""What a fit is asked for, checked before anything is computed."""

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from skknn_syndrome.crossval.bootstrap import certain_scores
from skknn_syndrome.crossval.folds import MIN_FOLDS
from skknn_syndrome.crossval.nested_models import Images
from skknn_syndrome.crossval.tasks import task_of
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.multilabel import MultilabelDataset
from skknn_syndrome.errors import Argument, ParameterError, StudySettingsError, meant, quote
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.registry import choose
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.model.expecting import expected_by_head
from skknn_syndrome.model.fitting import Fit, contender, written
from skknn_syndrome.model.tempered import refuse_without_scores
from skknn_syndrome.results.intervals import PooledIntervals
from skknn_syndrome.results.model_card import FitSettings
from skknn_syndrome.results.model_comparison import ModelComparison

DEFAULT_HEADS = "knn", "lda", "logistic_regression", "pool"
"""What folds choose from by default: of a thousand images it takes less than a minute."""


def settle_fit(  # noqa: PLR0913
    dataset: EmbeddingDataset,
    head: str | Head | Sequence[str | Head],
    *,
    params: Mapping[str, Any] | None,
    refit: str,
    cv: int,
    inner_cv: int,
    coverage: float,
    false_rejection: float,
    expected: PooledIntervals | ModelComparison | None,
    random_state: int,
    n_jobs: int | None,
) -> tuple[Fit, list[Head]]:
    """Check data and settings of a fit, and divide the images into folds.

    Parameters
    ----------
    As in `SyndromeModel.fit`.

    Returns
    -------
    Fit
    list of Head

    Raises
    ------
    ParameterError, StudySettingsError
        Naming what is at fault.
    """
    refuse_other_data(dataset)
    listed = [head] if isinstance(head, (str, Head)) else list(head)
    heads = list({each.name: each for each in (choose(name, None) for name in listed)}.values())
    _check_heads(heads, params)
    _check_numbers(cv=cv, inner_cv=inner_cv, random_state=random_state)
    check_share("coverage", coverage, 0.9)
    check_share("false_rejection", false_rejection, 0.05)
    scores = expected_by_head(expected, dataset, [each.name for each in heads])
    task = task_of(dataset.syndromes)
    target = task.encode(dataset.syndromes, dataset.n_images)
    _check_score(refit, task.name, len(target.classes))
    images = Images(dataset.embeddings, target, dataset.subjects, task)
    settings = FitSettings(
        heads=tuple(each.name for each in heads),
        params=written(params or {}),
        refit=refit,
        cv=int(cv),
        inner_cv=int(inner_cv),
        coverage=float(coverage),
        false_rejection=float(false_rejection),
        random_state=int(random_state),
    )
    splits = task.folds(target, dataset.subjects, cv=int(cv), random_state=int(random_state))
    return Fit(dataset, images, splits, settings, scores, n_jobs), heads


def refuse_other_data(dataset: object) -> None:
    """Refuse what is no data set of one label an image.

    Raises
    ------
    ParameterError
    """
    if not isinstance(dataset, EmbeddingDataset):
        raise ParameterError(
            f"dataset is a {type(dataset).__name__}: give an EmbeddingDataset, as load_embeddings reads it, "
            "or EmbeddingDataset.from_arrays(embeddings, syndromes, subjects).",
            code="no_dataset",
            parameter="dataset",
        )
    if isinstance(dataset, MultilabelDataset):
        raise ParameterError(
            "The images have several labels each, and a model in use ranks classes of which one is right: "
            "fit one for a single label.",
            code="several_labels",
            parameter="dataset",
        )


def _check_heads(heads: Sequence[Head], params: Mapping[str, Any] | None) -> None:
    if not heads:
        raise StudySettingsError("There is no head: name one.", code="no_value", parameter="head")
    for each in heads:
        refuse_without_scores(contender(each, {}))
    if not params:
        return
    if len(heads) > 1:
        raise StudySettingsError(
            "{params} are those of one head, and several are to be compared: name it by {head}.",
            code="params_of_several",
            parameter="params",
            params=Argument("params"),
            head=Argument("head"),
        )
    known = heads[0].estimator().get_params()
    for name, value in params.items():
        if name not in known:
            raise StudySettingsError(
                f"{heads[0].name} has no parameter {quote(name)}: {meant(name, known)}.",
                code="unknown_parameter",
                parameter="params",
            )
        if not isinstance(value, (str, int, float, type(None))):
            raise StudySettingsError(
                f"{quote(name)} is a {type(value).__name__}, which can't be saved: give a number or a text.",
                code="not_plain",
                parameter="params",
            )


def _check_numbers(**numbers: object) -> None:
    for name, value in numbers.items():
        least = 0 if name == "random_state" else MIN_FOLDS
        if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
            raise StudySettingsError(
                "{given} must be a whole number from {least} on.",
                code="not_whole",
                parameter=name,
                given=Argument(name, value),
                least=least,
            )


def check_share(name: str, value: object, example: float) -> float:
    """Return a share between 0 and 1 as a float.

    Raises
    ------
    StudySettingsError
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) < 1:
        raise StudySettingsError(
            "{given} must be a share between 0 and 1, such as {example}.",
            code="out_of_range",
            parameter=name,
            given=Argument(name, value),
            example=example,
        )
    return float(value)


def check_top_k(top_k: object) -> None:
    """Refuse a length of rankings that is none.

    Raises
    ------
    StudySettingsError
    """
    if top_k is not None and (isinstance(top_k, bool) or not isinstance(top_k, Integral) or int(top_k) < 1):
        raise StudySettingsError(
            "{given} must be a whole number from 1 on.",
            code="not_whole",
            parameter="top_k",
            given=Argument("top_k", top_k),
        )


def _check_score(refit: str, task: Any, n_classes: int) -> None:  # noqa: ANN401  a name of a task
    certain = certain_scores(n_classes)
    known = [s.name for s in definitions(task) if s.higher_is_better and s.name not in certain]
    if refit not in known:
        raise StudySettingsError(
            "{refit} is no score of such labels: {meant}.",
            code="unknown_score",
            parameter="refit",
            refit=Argument("refit", refit),
            meant=meant(refit, known),
        )
