"""Which scalers and resamplers are compared, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Final

from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.preprocessing import Normalizer, StandardScaler

from skknn_syndrome._typing import Estimator
from skknn_syndrome.analyses.preprocessing.effects import UNTOUCHED, PreprocessingStep
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.preprocessing import (
    GaussianNoiseOverSampler,
    MixupOverSampler,
    MoreRows,
    make_resampler,
    make_scaler,
)
from skknn_syndrome.preprocessing.class_neighbors import quick

N_MIXED: Final = 1_000
"""Rows that mixup appends, as it was published; its default would level the classes instead."""

SCALERS: Final = ("none", "l2", "zscore")
RESAMPLERS: Final = ("none", "balanced", "smote", "noise", "mixup", "balanced+mixup")
"""Of several, each takes what the one before it left."""

Steps = Mapping[str, Estimator | Sequence[Estimator]]
"""Estimators of the caller's by the names that the result shall call them."""


@dataclass(frozen=True, eq=False)
class Variant:
    """One scaler with what resamples behind it."""

    scaler: str
    resampler: str
    steps: tuple[Estimator, ...]
    """First the scaler, then any number of samplers; "passthrough" where there is nothing to do."""

    @property
    def row_wise(self) -> bool:
        """Whether each row is prepared by itself, so that nothing has to be fitted inside a fold."""
        return all(isinstance(step, str) or type(step) is Normalizer for step in self.steps)

    @property
    def is_cheap(self) -> bool:
        """Whether further splits take little time: row-wise, or means and standard deviations alone."""
        return all(isinstance(step, str) or type(step) in {Normalizer, StandardScaler} for step in self.steps)

    @property
    def needed(self) -> int:
        """Images of each class that a training part has to have, as far as the samplers tell."""
        return max(map(_needed, self.steps))

    @property
    def scaling(self) -> "Variant":
        """The scaler alone."""
        steps = tuple(step for step in self.steps if not hasattr(step, "fit_resample"))
        return Variant(self.scaler, "none", steps)

    def seeded(self, seed: int) -> tuple[Estimator, ...]:
        """Return clones of the steps; those that draw, and have no seed of their own, get this one."""
        return tuple(seeded(step, seed) for step in self.steps)

    def pipeline(self, seed: int, classifier: SyndromeKNNClassifier) -> Pipeline:
        """Return the steps before a classifier, in imbalanced-learn's pipeline, which knows samplers."""
        steps = self.seeded(seed)
        return Pipeline([*((f"step_{place}", step) for place, step in enumerate(steps)), ("knn", classifier)])


def _needed(step: Estimator) -> int:
    if type(step) is SMOTE and isinstance(step.k_neighbors, Integral):
        return int(step.k_neighbors) + 1  # neighbours of an image beside itself
    return 2 if isinstance(step, GaussianNoiseOverSampler | MixupOverSampler) else 1


@dataclass(frozen=True, eq=False)
class Variants:
    """All combinations, with what their names stand for."""

    all: tuple[Variant, ...]
    described: tuple[PreprocessingStep, ...]

    @property
    def repeatable(self) -> bool:
        """Whether further splits are of use: unprocessed embeddings and another variant are cheap."""
        cheap = [(variant.scaler, variant.resampler) for variant in self.all if variant.is_cheap]
        return len(cheap) > 1 and UNTOUCHED in cheap

    def within(self, smallest: int) -> "Variants":
        """Return those that a class of so many images allows."""
        kept = tuple(variant for variant in self.all if variant.needed <= smallest)
        names = {
            *(("scaler", each.scaler) for each in kept),
            *(("resampler", each.resampler) for each in kept),
        }
        return Variants(kept, tuple(step for step in self.described if (step.kind, step.name) in names))


def make_variants(scalers: Sequence[str] | Steps, resamplers: Sequence[str] | Steps) -> Variants:
    """Combine every scaler with every resampler.

    Parameters
    ----------
    scalers : sequence of str or mapping of str to transformer
        Names that `skknn_syndrome.preprocessing.make_scaler` knows; or transformers by names of your own.
    resamplers : sequence of str or mapping of str to sampler or sequence of samplers
        Names that `skknn_syndrome.preprocessing.make_resampler` knows, several joined by "+" one after the
        other ("mixup" appends 1,000 rows, as many in each class); or samplers by names of your own.

    Returns
    -------
    Variants

    Raises
    ------
    StudySettingsError
        A name is unknown or comes twice, there is none, or something else stands for a scaler or sampler.

    Examples
    --------
    >>> [(variant.scaler, variant.resampler) for variant in make_variants(["l2"], ["none", "smote"]).all]
    [('l2', 'none'), ('l2', 'smote')]
    """
    of_scalers = _by_name(scalers, "scalers")
    of_resamplers = _by_name(resamplers, "resamplers")
    _check_steps(of_scalers, "fit_transform", "The scaler {} is no transformer: give one, or 'passthrough'.")
    _check_steps(of_resamplers, "fit_resample", "The resampler {} is no sampler: give one, or 'passthrough'.")
    return Variants(
        all=tuple(
            Variant(scaler, resampler, (*first, *rest))
            for scaler, first in of_scalers.items()
            for resampler, rest in of_resamplers.items()
        ),
        described=(
            *(
                PreprocessingStep(kind="scaler", name=name, description=_describe(steps))
                for name, steps in of_scalers.items()
            ),
            *(
                PreprocessingStep(kind="resampler", name=name, description=_describe(steps))
                for name, steps in of_resamplers.items()
            ),
        ),
    )


def _resampler(name: str) -> Estimator:
    return MixupOverSampler(sampling_strategy=MoreRows(N_MIXED)) if name == "mixup" else make_resampler(name)


def _made(names: Sequence[str], kind: str) -> dict[str, tuple[Estimator, ...]]:
    """Make each step once, so that "balanced" and "balanced+mixup" begin with the same one."""
    if kind == "scalers":
        return {name: (make_scaler(name),) for name in names}
    steps = {part: _resampler(part) for name in names for part in name.split("+")}
    return {name: tuple(steps[part] for part in name.split("+")) for name in names}


def _by_name(given: Sequence[str] | Steps, kind: str) -> dict[str, tuple[Estimator, ...]]:
    if isinstance(given, Mapping):
        found = {
            name: tuple(steps) if isinstance(steps, (list, tuple)) else (steps,)
            for name, steps in given.items()
        }
    else:
        found = _made(_names(given, kind), kind)
    if not found:
        raise StudySettingsError(
            f"There are no {kind} to compare: name at least one, such as 'none'.",
            code="no_steps",
            parameter=kind,
        )
    return found


def _names(given: Any, kind: str) -> list[str]:  # noqa: ANN401  whatever the caller gave
    names = [given] if isinstance(given, str) else list(given)
    for place, name in enumerate(names):
        if not isinstance(name, str):
            raise StudySettingsError(
                f"{kind} holds {quote(name)}, which has no name: give a mapping from names to it.",
                code="no_name",
                parameter=kind,
            )
        if name in names[:place]:
            raise StudySettingsError(
                f"{kind} names {quote(name)} twice: name each once.", code="named_twice", parameter=kind
            )
    return names


def _check_steps(named: Mapping[str, Sequence[Estimator]], method: str, sentence: str) -> None:
    for name, steps in named.items():
        if not isinstance(name, str):
            raise StudySettingsError(f"The name {name!r} is no text: give one.", code="no_name")
        if name == "none" and any(step is not None and not isinstance(step, str) for step in steps):
            raise StudySettingsError(
                "What is called 'none' has to leave rows as they are: name it otherwise.", code="name_taken"
            )
        for step in steps or [None]:
            fits = hasattr(step, method) and not isinstance(step, type)
            if not (fits or (isinstance(step, str) and step == "passthrough")):
                raise StudySettingsError(sentence.format(quote(name)), code="no_such_step")


def seeded(step: Estimator, seed: int) -> Estimator:
    """Return a clone of a step; if it draws, and has no seed of its own, it gets this one."""
    if isinstance(step, str):
        return step
    copy = clone(step)
    # Also of what it is made of, as SMOTETomek is of a SMOTE.
    unset = [
        name
        for name, value in copy.get_params().items()
        if name.rpartition("__")[2] == "random_state" and value is None
    ]
    return quick(copy.set_params(**dict.fromkeys(unset, seed)))


def _describe(steps: Sequence[Estimator]) -> str:
    return ", ".join(" ".join(str(step).split()) for step in steps)
