"""Which of several candidates is taken, from their scores on the folds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from operator import index
from typing import SupportsIndex, TypeAlias

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.errors import Argument, StudySettingsError, meant
from skknn_syndrome.metrics.registry import is_loss
from skknn_syndrome.results.protocol import ProtocolResult

Scores: TypeAlias = Mapping[str, Float64Array]
"""By name, each of shape (n_candidates, n_folds); NaN where a score is not defined."""

Rule: TypeAlias = Callable[[Scores], SupportsIndex]
"""From the candidates' scores to the number of the one that is taken."""

RuleName: TypeAlias = str
"""One of `rule_names`."""

COMPOSED = ("roc_auc_ovr", "f1_macro", "top_5_accuracy")
"""What the composite score is made of."""

SIX_SCORES = ("roc_auc_ovr", "f1_macro", "accuracy", "precision_macro", "recall_macro", "top_5_accuracy")
"""The factors of the product of six scores."""


@dataclass(frozen=True)
class RefitRule:
    """A rule that studies know by its name.

    Parameters
    ----------
    name : str
    make : callable
        Returns the rule for the score `refit` and the smoothness of each candidate: how many images vote.
    scores : tuple of str, optional
        The scores that it decides by, whatever `refit` is. Without, `refit` decides.
    """

    name: str
    make: Callable[[str, Sequence[int]], Rule]
    scores: tuple[str, ...] = ()

    def deciding(self, refit: str) -> tuple[str, ...]:
        """Return the scores that have to be defined for the rule to decide."""
        return self.scores or (refit,)


_RULES: dict[str, RefitRule] = {}


def register_rule(rule: RefitRule, *, replace: bool = False) -> RefitRule:
    """Add a rule, so that ``refit_rule=`` takes its name.

    Raises
    ------
    StudySettingsError
        Another rule has that name, and `replace` is False; or it is no `RefitRule`.

    Examples
    --------
    >>> last = RefitRule("last", lambda refit, n_neighbors: lambda scores: len(scores[refit]) - 1)
    >>> register_rule(last) is last, rule_names()[-1]
    (True, 'last')
    >>> unregister_rule("last")
    """
    given: object = rule
    if not isinstance(given, RefitRule):
        name = getattr(given, "__name__", "function")
        raise StudySettingsError(
            f"register_rule takes a RefitRule, and this is of type {type(given).__name__}: give "
            f"RefitRule({name!r}, lambda refit, n_neighbors: {name}).",
            code="no_refit_rule",
            parameter="rule",
        )
    if rule.name in _RULES and not replace:
        raise StudySettingsError(
            f"There is a refit rule {rule.name!r} already: name yours otherwise.",
            code="name_taken",
            parameter="rule",
        )
    _RULES[rule.name] = rule
    return rule


def unregister_rule(name: str) -> None:
    """Take a rule out again."""
    del _RULES[name]


def rule_names() -> tuple[str, ...]:
    """Return the names of all rules, in the order in which they were added."""
    return tuple(_RULES)


def resolve_rule(rule: RuleName | Rule, refit: str, n_neighbors: Sequence[int]) -> Rule:
    """Return a rule by its name, or the callable that is given.

    Parameters
    ----------
    rule : str or callable
        One of `rule_names`.
    refit : str
        The score that decides, for rules that name none of their own.
    n_neighbors : sequence of int
        The k of each candidate.

    Returns
    -------
    callable

    Raises
    ------
    StudySettingsError
        There is no rule of that name, or what is registered under it makes none.
    """
    if callable(rule):
        return rule
    registered = _named(rule)
    try:
        signature(registered.make).bind(refit, n_neighbors)
    except TypeError as error:
        raise StudySettingsError(
            f"The refit rule {rule!r} can't be made of (refit, n_neighbors), {error}: register "
            f"RefitRule({rule!r}, lambda refit, n_neighbors: function).",
            code="rule_not_made",
            parameter="refit_rule",
        ) from error
    made = registered.make(refit, n_neighbors)
    if not callable(made):
        raise StudySettingsError(
            f"What makes the refit rule {rule!r} has to return a function, and returned {made!r:.80}.",
            code="rule_not_made",
            parameter="refit_rule",
        )
    return made


def choose(rule: Rule, scores: Scores) -> int:
    """Return the number of the candidate that a rule takes.

    Parameters
    ----------
    rule : callable
    scores : mapping of str to array of shape (n_candidates, n_folds)

    Returns
    -------
    int

    Raises
    ------
    StudySettingsError
        The rule asks for a score that there isn't, or returns what is no number of a candidate.

    Examples
    --------
    >>> choose(best_mean("accuracy"), {"accuracy": np.array([[0.5], [0.7]])})
    1
    """
    try:
        returned = rule(scores)
    except KeyError as error:
        missing = "".join(map(str, error.args))
        if missing in {"", *scores}:
            raise
        raise StudySettingsError(
            f"refit_rule asks for the score {missing!r}, and there are {', '.join(scores)}.",
            code="unknown_score",
            parameter="refit_rule",
        ) from error
    n_candidates = len(next(iter(scores.values())))
    try:
        number = index(returned)
    except TypeError:
        raise StudySettingsError(
            f"refit_rule returned {returned!r:.80}: it has to return a number from 0 to {n_candidates - 1}.",
            code="no_candidate",
            parameter="refit_rule",
        ) from None
    if not 0 <= number < n_candidates:
        raise StudySettingsError(
            f"refit_rule took candidate {number} of {n_candidates}: it has to return a number from 0 to "
            f"{n_candidates - 1}.",
            code="no_candidate",
            parameter="refit_rule",
        )
    return number


def deciding_scores(rule: RuleName | Rule, refit: str) -> tuple[str, ...]:
    """Return the scores that a rule decides by; none are known of a function.

    Examples
    --------
    >>> deciding_scores("best", "accuracy"), deciding_scores("composite", "accuracy")
    (('accuracy',), ('roc_auc_ovr', 'f1_macro', 'top_5_accuracy'))
    """
    return () if callable(rule) else _named(rule).deciding(refit)


def rule_title(rule: RuleName | Rule, refit: str) -> str:
    """Return what a result calls a rule.

    Examples
    --------
    >>> rule_title("one_standard_error", "f1_macro"), rule_title("composite", "f1_macro")
    ('one_standard_error of f1_macro', 'composite')
    """
    if callable(rule):
        return getattr(rule, "__name__", type(rule).__name__)
    return rule if _named(rule).scores else f"{rule} of {refit}"


def _named(name: str) -> RefitRule:
    if name not in rule_names():
        raise StudySettingsError(
            "{refit_rule} is unknown: {meant}, or a function.",
            code="unknown_refit_rule",
            parameter="refit_rule",
            refit_rule=Argument("refit_rule", name),
            meant=meant(name, rule_names()),
        )
    return _RULES[name]


def best_mean(score: str) -> Rule:
    """Return the rule that takes the highest mean of a score (the lowest of a loss), of equal ones the first.

    Folds where the score is not defined are left out; a candidate that has none is taken last.

    Examples
    --------
    >>> best_mean("accuracy")({"accuracy": np.array([[0.5, 0.6], [0.7, np.nan], [np.nan, np.nan]])})
    1
    """
    return lambda scores: int(np.argmax(_gains(scores, score)))


def one_standard_error(score: str, n_neighbors: Sequence[int]) -> Rule:
    """Return the rule that takes the smoothest candidate within one standard error of the best [1]_.

    Of nearest neighbours, the more vote the smoother the decision: the smallest model is that with the
    largest k. Of several with that k, the best is taken.

    Parameters
    ----------
    score : str
    n_neighbors : sequence of int
        The k of each candidate.

    References
    ----------
    .. [1] T. Hastie, R. Tibshirani and J. Friedman, "The Elements of Statistical Learning", 2nd ed., Springer
       2009, section 7.10. doi:10.1007/978-0-387-84858-7

    Examples
    --------
    >>> tables = {"accuracy": np.array([[0.6, 0.8], [0.6, 0.7], [0.1, 0.2]])}
    >>> one_standard_error("accuracy", [1, 5, 9])(tables)
    1
    """

    def smoothest(scores: Scores) -> int:
        means = _gains(scores, score)
        best = int(np.argmax(means))
        values = scores[score][best]
        values = values[~np.isnan(values)]
        error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
        within = means >= means[best] - error
        largest = np.max(np.asarray(n_neighbors)[within])
        return int(np.argmax(np.where(within & (np.asarray(n_neighbors) == largest), means, -np.inf)))

    return smoothest


def composite(scores: Scores) -> int:
    """Take the highest cube root of mean AUC x mean F1 x mean top-5 accuracy, of equal ones the first.

    Examples
    --------
    >>> ones = np.ones((2, 3))
    >>> composite({"roc_auc_ovr": ones, "f1_macro": ones * [[0.5], [0.6]], "top_5_accuracy": ones})
    1
    """
    return int(np.argmax(composite_scores(scores)))


def composite_scores(scores: Scores) -> Float64Array:
    """Return the composite of each candidate, minus infinity where a part of it is not defined."""
    products = _products(scores, COMPOSED)
    return np.where(np.isfinite(products), np.cbrt(products), -np.inf)


def six_score_product(scores: Scores) -> int:
    """Take the highest product of mean AUC, F1, accuracy, precision, recall and top-5, the first of equals.

    Examples
    --------
    >>> tables = {name: np.array([[0.9], [0.8]]) for name in SIX_SCORES}
    >>> six_score_product(tables), six_score_product({**tables, "accuracy": np.array([[0.4], [0.9]])})
    (0, 1)
    """
    return int(np.argmax(_products(scores, SIX_SCORES)))


def _products(scores: Scores, names: Sequence[str]) -> Float64Array:
    """Return the product of the means of some scores, minus infinity where one of them is not defined."""
    means = np.stack([_means(scores[name]) for name in names])
    defined = np.isfinite(means).all(axis=0)
    return np.where(defined, np.prod(np.where(defined, means, 0.0), axis=0), -np.inf)


def _gains(scores: Scores, name: str) -> Float64Array:
    """Return each candidate's mean, of a loss its negative."""
    return _means(-scores[name] if is_loss(name) else scores[name])


def _means(values: Float64Array) -> Float64Array:
    """Return each candidate's mean over folds that define it, minus infinity where none does."""
    defined = ~np.isnan(values)
    counts = defined.sum(axis=1)
    totals = np.where(defined, values, 0.0).sum(axis=1)
    return np.where(counts > 0, totals / np.maximum(counts, 1), -np.inf)


def apply_rule(run: ProtocolResult, rule: RuleName | Rule) -> ProtocolResult:
    """Return a protocol's result with the candidates that a rule takes: of each distance, and of all.

    Parameters
    ----------
    run : ProtocolResult
        Scored candidates.
    rule : str or callable

    Returns
    -------
    ProtocolResult
        Unchanged under "best".

    Raises
    ------
    StudySettingsError
        A function of the caller's takes a candidate that there isn't, or asks for such a score.
    """
    if rule == "best":
        return run
    variants = dict.fromkeys(candidate.variant for candidate in run.candidates)
    groups = [
        [place for place, candidate in enumerate(run.candidates) if candidate.variant == variant]
        for variant in variants
    ]
    chosen = tuple(_take(run, rule, places) for places in [*groups, list(range(len(run.candidates)))])
    return run.revised(refit_rule=rule_title(rule, run.refit), chosen=chosen)


def voters(run: ProtocolResult, places: Sequence[int]) -> list[int]:
    """Return how many images vote under some candidates: k, or all of the largest training part.

    Candidates of a larger k are one and the same, and the first, with the smallest k, stands for them. Of
    heads without neighbours none votes.
    """
    all_images = max(fold.n_train for fold in run.folds)
    return [min(run.candidates[place].n_neighbors or 0, all_images) for place in places]


def _take(run: ProtocolResult, rule: RuleName | Rule, places: Sequence[int]) -> int:
    candidates = [run.candidates[place] for place in places]
    scores = {
        score.name: np.array([entry.scores[score.name].values for entry in candidates], dtype=np.float64)
        for score in candidates[0].all_scores
    }
    return places[choose(resolve_rule(rule, run.refit, voters(run, places)), scores)]


for _rule in (
    RefitRule("best", lambda refit, _: best_mean(refit)),
    RefitRule("one_standard_error", one_standard_error),
    RefitRule("composite", lambda *_: composite, COMPOSED),
    RefitRule("six_score_product", lambda *_: six_score_product, SIX_SCORES),
):
    register_rule(_rule)


def best_row(table: Float64Array) -> int | None:
    """Return the row with the highest mean over the folds in which all have a score, the first of equals.

    An inner test part may lack a rare class: there no AUC is defined, whatever the candidate. None where
    that is so in every fold.
    """
    told = np.isfinite(table).all(axis=0)
    return int(table[:, told].mean(axis=1).argmax()) if told.any() else None
