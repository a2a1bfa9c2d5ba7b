"""What a study is asked to do, checked before anything is computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from skknn_syndrome._typing import Estimator, LabelArray, ProtocolName
from skknn_syndrome.crossval.collecting import candidate_key
from skknn_syndrome.crossval.folds import CrossValidation, Splits, check_folds
from skknn_syndrome.crossval.refit_rules import Rule, RuleName, deciding_scores, resolve_rule
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.errors import Argument, StudySettingsError, meant
from skknn_syndrome.heads import registry
from skknn_syndrome.heads.base import Head, TaskName, last_step, prefix_of
from skknn_syndrome.heads.knn import KNN, grid_prefix, is_default, make_grid
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.neighbors.voting import check_class_weight, resolve_class_weight
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results.candidate import CandidateKey

CHEAP_REPEATS = 10
"""Splits that are scored where one graph answers them all."""

LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True)
class StudySettings:
    """What every protocol of one study shares."""

    head: Head
    estimator: Estimator
    prefix: str
    """What stands before the classifier's parameters in the grid."""
    grid: dict[str, list[Any]]
    cv: CrossValidation
    refit: str
    refit_rule: RuleName | Rule
    random_state: int | None
    n_repeats: int | None
    n_jobs: int | None
    callbacks: Sequence[object]
    learning_curve: tuple[Head, ...] = ()
    """Heads whose learning curves are asked for."""

    @property
    def metrics(self) -> list[str]:
        """The distances of the grid; none where the head has none."""
        return self.grid.get(f"{self.prefix}metric", [])

    @property
    def weights(self) -> list[Weights]:
        """The voting schemes of the grid of nearest neighbours."""
        return self.grid[f"{self.prefix}weights"]

    def key(self, parameters: Mapping[str, Any]) -> CandidateKey:
        """Return a candidate of the grid as results name it."""
        bare = {name.removeprefix(self.prefix): value for name, value in parameters.items()}
        return candidate_key(self.head, bare)


def settle(  # noqa: PLR0913
    estimator: Estimator,
    *,
    head: Head = KNN,
    task: TaskName,
    grid: Mapping[str, Sequence[Any]] | None = None,
    n_neighbors: int | Iterable[int],
    metrics: str | Sequence[str],
    weights: Weights | Sequence[Weights],
    cv: CrossValidation,
    refit: str,
    refit_rule: RuleName | Rule,
    random_state: Any,  # noqa: ANN401  checked here
    n_repeats: Any,  # noqa: ANN401  likewise
    callbacks: Any,  # noqa: ANN401  likewise
    learning_curve: Any = (),  # noqa: ANN401  likewise
    **others: Any,  # noqa: ANN401  handed on as they are
) -> StudySettings:
    """Check what a study is asked for.

    Parameters
    ----------
    estimator, grid, n_neighbors, metrics, weights, cv, refit, refit_rule, random_state, n_repeats, callbacks
        As in `skknn_syndrome.cross_validate_study`.
    learning_curve : sequence of str or Head
        Likewise.
    head : Head
        That of the estimator.
    task : {"binary", "multiclass"}
        Whose scores may decide.
    **others
        As in `skknn_syndrome.cross_validate_study`.

    Returns
    -------
    StudySettings

    Raises
    ------
    StudySettingsError
        If the score, the estimator, the grid, the folds, the seed, the number of repeats or the callbacks
        can't be used.
    """
    scores = [score.name for score in definitions(task)]
    if refit not in scores:
        raise StudySettingsError(
            "{refit} is no score of this study: {meant}.",
            code="unknown_score",
            parameter="refit",
            refit=Argument("refit", refit),
            meant=meant(refit, scores),
        )
    resolve_rule(refit_rule, refit, [])
    neighbors = {"n_neighbors": n_neighbors, "metrics": metrics, "weights": weights}
    made = _grid(head, estimator, grid, neighbors)
    if refit_rule == "one_standard_error" and f"{prefix_of(estimator)}n_neighbors" not in made:
        raise StudySettingsError(
            "{rule} takes the largest k, and the head {head!r} has none: take another rule, or a function.",
            code="rule_needs_k",
            parameter="refit_rule",
            rule=Argument("refit_rule", refit_rule),
            head=head.name,
        )
    return StudySettings(
        head=head,
        estimator=estimator,
        prefix=prefix_of(estimator),
        grid=made,
        cv=check_folds(cv),
        refit=refit,
        refit_rule=refit_rule,
        random_state=check_seed(random_state, splits := check_repeats(n_repeats)),
        n_repeats=splits,
        callbacks=_callbacks(callbacks),
        learning_curve=_heads_of(learning_curve, task),
        **others,
    )


def _grid(
    head: Head,
    estimator: Estimator,
    grid: Mapping[str, Sequence[Any]] | None,
    neighbors: Mapping[str, Any],
) -> dict[str, list[Any]]:
    """Return the grid of a head, by the names of the estimator's parameters."""
    if head is KNN:
        return _grid_of_neighbors(grid_prefix(estimator), grid, neighbors)
    changed = [name for name, values in neighbors.items() if not is_default(name, values)]
    if changed:
        raise StudySettingsError(
            f"{changed[0]} is a setting of k nearest neighbours, and the head is {head.name!r}: give its "
            "parameters as grid={...}.",
            code="not_a_setting_of_the_head",
            parameter=changed[0],
        )
    known, prefix = last_step(estimator).get_params(), prefix_of(estimator)
    made = {name: _choices(name, values) for name, values in (head.grid if grid is None else grid).items()}
    for name in made:
        if name not in known:
            raise StudySettingsError(
                f"The grid names {name!r}, which is no parameter of {type(last_step(estimator)).__name__}: "
                f"take some of {', '.join(sorted(known))}.",
                code="unknown_grid_parameter",
                parameter="grid",
            )
    return {f"{prefix}{name}": values for name, values in made.items()}


def _choices(name: str, values: Any) -> list[Any]:  # noqa: ANN401  checked here
    """Return the values of a parameter, each once."""
    listed = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    if not listed:
        raise StudySettingsError(
            f"The grid has no value for {name}: name at least one.", code="empty_grid", parameter="grid"
        )
    # By type as well: 1 is one feature or neighbour, and 1.0 may be all of them.
    return list({_identity(value): value for value in reversed(listed)}.values())[::-1]


def _identity(value: Any) -> tuple[object, ...]:  # noqa: ANN401  whatever a grid holds
    """Return what two values share only if they are the same: type and value, or the object itself."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, tuple):
        return (tuple, *map(_identity, plain))
    if plain is None or isinstance(plain, str | bool | int | float):
        return type(plain), plain
    return (id(plain),)


def _grid_of_neighbors(
    prefix: str, grid: Mapping[str, Sequence[Any]] | None, neighbors: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Return the grid of nearest neighbours, whose values may come as `grid` as well."""
    given = {"metrics" if name == "metric" else name: values for name, values in (grid or {}).items()}
    unknown = sorted(set(given) - set(neighbors))
    if unknown:
        raise StudySettingsError(
            f"The grid names {unknown[0]!r}: that of k nearest neighbours has n_neighbors, metric and "
            "weights; set other parameters on the estimator.",
            code="unknown_grid_parameter",
            parameter="grid",
        )
    return make_grid(prefix, **{**neighbors, **given})


def check_repeats(n_repeats: Any) -> int | None:  # noqa: ANN401  checked here
    """Return a number of splits; None for none."""
    if n_repeats is None:
        return None
    if type(n_repeats) is bool or not isinstance(n_repeats, Integral) or n_repeats < 1:
        raise StudySettingsError(
            "{n_repeats} must be a whole number of splits, 1 at least.",
            code="invalid_n_repeats",
            parameter="n_repeats",
            n_repeats=Argument("n_repeats", n_repeats),
        )
    return int(n_repeats)


def _heads_of(names: Any, task: TaskName) -> tuple[Head, ...]:  # noqa: ANN401  checked here
    """Return the heads of some names, each once."""
    listed = [names] if isinstance(names, str | Head) else list(names)
    registry.refuse_unknown_heads(listed)
    found = (registry.choose(entry, None).for_task(task) for entry in listed)
    return tuple({head.name: head for head in found}.values())


def _callbacks(callbacks: Any) -> list[object]:  # noqa: ANN401
    """Return callbacks that a search takes."""
    listed = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    if listed:
        try:
            GridSearchCV(None, {}).set_callbacks(*listed)
        except (AttributeError, TypeError) as error:  # the first before scikit-learn 1.9
            raise StudySettingsError(
                f"callbacks={callbacks!r} can't be used: give callbacks of scikit-learn's (1.9 or later), "
                "such as [sklearn.callback.ProgressBar()].",
                code="invalid_callbacks",
                parameter="callbacks",
            ) from error
    return listed


def check_seed(random_state: Any, n_repeats: int | None) -> int | None:  # noqa: ANN401
    """Return the seed as a number: it is written down, and repeats count on from it."""
    if random_state is None:
        return None
    if type(random_state) is bool or not isinstance(random_state, Integral):
        raise StudySettingsError(
            f"random_state is a {type(random_state).__name__}, and a study writes its seed down and counts "
            "on from it: pass an int, such as random_state=42, or None.",
            code="invalid_random_state",
            parameter="random_state",
        )
    highest = LARGEST_SEED - (CHEAP_REPEATS if n_repeats is None else n_repeats) + 1
    if not 0 <= int(random_state) <= highest:
        raise StudySettingsError(
            "{random_state} must lie between 0 and {highest}.",
            code="random_state_out_of_range",
            parameter="random_state",
            random_state=Argument("random_state", random_state),
            highest=highest,
        )
    return int(random_state)


def weigh_every_class(estimator: Estimator, prefix: str, labels: LabelArray) -> Estimator:
    """Check class weights against all classes, and give those that a dictionary leaves out their weight of 1.

    The estimator is fitted on training parts that may lack a class: it passes names that are none of theirs
    where all others are named as well.

    Parameters
    ----------
    estimator : classifier or Pipeline
        Others than nearest neighbours are left as they are.
    prefix : str
        What stands before the classifier's parameters.
    labels : array of shape (n_images,)

    Returns
    -------
    classifier or Pipeline
        The same, or a copy.

    Raises
    ------
    StudySettingsError
        A name is no class, since a misspelt one would weigh nothing, or a weight can't be used.
    """
    weights, classes = getattr(last_step(estimator), "class_weight", None), np.unique(labels)
    if not KNN.owns(estimator) or not isinstance(weights, Mapping) or not weights:
        return estimator
    try:
        check_class_weight(weights, classes, all_classes=True)
        resolve_class_weight(weights, classes, labels)
    except ValueError as error:
        raise StudySettingsError(str(error), code="invalid_class_weight", parameter="class_weight") from error
    every = dict.fromkeys(classes.tolist(), 1.0) | dict(weights)
    return clone(estimator).set_params(**{f"{prefix}class_weight": every})


def choose_protocols(
    protocols: ProtocolName | Sequence[ProtocolName] | None, data: StudyData, cv: CrossValidation
) -> tuple[ProtocolName, ...]:
    """Return which folds a study uses, the primary one first.

    Parameters
    ----------
    protocols : {"subject", "image"}, sequence of them or None
        None means by subject where there are subjects, else by image.
    data : StudyData
    cv : int, cross-validator or iterable of (train, test)

    Returns
    -------
    tuple of {"subject", "image"}

    Raises
    ------
    StudySettingsError
        If data or folds do not allow them.
    """
    if protocols is None:
        return ("image",) if data.groups is None else ("subject",)
    protocols = (protocols,) if isinstance(protocols, str) else tuple(protocols)
    if not protocols or len(set(protocols)) < len(protocols) or not set(protocols) <= {"image", "subject"}:
        raise StudySettingsError(
            "{protocols} must name 'subject', 'image' or both, each once.",
            code="invalid_protocols",
            parameter="protocols",
            protocols=Argument("protocols", protocols),
        )
    if "subject" in protocols and data.groups is None:
        message = "The subject protocol needs groups: give the subject id of each image."
        raise StudySettingsError(message, code="no_subjects", parameter="protocols")
    if len(protocols) > 1 and not isinstance(cv, int):
        message = "Two protocols need folds of their own: give cv as a number."
        raise StudySettingsError(message, code="two_protocols", parameter="cv")
    return protocols


AREA = "roc_auc_ovr"
"""The one score that folds may leave undefined."""


def refuse_undefined(settings: StudySettings, splits: Splits, labels: LabelArray) -> None:
    """Refuse to choose by a score that less than half of the folds define.

    Parameters
    ----------
    settings : StudySettings
    splits : Splits
    labels : array of shape (n_images,)
        The class of each image.

    Raises
    ------
    StudySettingsError
        The AUC decides, alone or in a product, and most test parts hold one class.
    """
    if AREA not in deciding_scores(settings.refit_rule, settings.refit):
        return
    n_defined = sum(_has_area(labels[part.train], labels[part.test]) for part in splits.parts)
    if 2 * n_defined < len(splits.parts):
        raise StudySettingsError(
            f"{AREA} is defined in {n_defined} of {len(splits.parts)} folds, since most test parts hold one "
            "class, or none that is trained on: it can't choose a candidate. Give {accuracy}, or folds that "
            "hold several classes, such as {five}; the analysis 'uncertainty' has the AUC of the pooled "
            "predictions.",
            code="refit_undefined",
            parameter="refit",
            accuracy=Argument("refit", "accuracy"),
            five=Argument("cv", 5),
        )


def _has_area(trained: LabelArray, tested: LabelArray) -> bool:
    """Return whether a class that the training part knows has images and others in the test part."""
    present = np.unique(tested)
    return len(present) > 1 and bool(np.isin(present, trained).any())
