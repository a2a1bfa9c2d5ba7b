"""Finished fits of a comparison as arrays, so that one that is stopped can go on."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

import numpy as np

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.crossval.nested_models import FoldFit, Images
from skknn_syndrome.crossval.provenance import fingerprint
from skknn_syndrome.crossval.tasks import Answer
from skknn_syndrome.study.resuming import KeptParts


def fingerprint_sets(*sets: Mapping[str, Images]) -> str:
    """Return a hash of the images of all encoders, and of test sets."""
    told = [
        fingerprint(images.samples, images.target.labels, images.groups, _named(name, images))
        for part in sets
        for name, images in part.items()
    ]
    return sha256(" ".join(told).encode()).hexdigest()


def _named(name: str, images: Images) -> LabelArray:
    """Return the names of an encoder and of the classes, with their types: "3" is not 3."""
    return np.array([name, *(f"{type(label).__name__} {label}" for label in images.target.classes.tolist())])


def keep_fits(
    keep: KeptParts, part: str, fits: Sequence[FoldFit], classes: LabelArray, seconds: float
) -> None:
    """Keep the fits of one model, unless its parameters are more than single values."""
    with suppress(TypeError):  # as of an estimator among the parameters: these are fitted again
        keep.keep_arrays(part, _arrays(fits, classes), seconds)


def take_fits(
    keep: KeptParts, part: str, grid: Sequence[Mapping[str, Any]], classes: LabelArray
) -> list[FoldFit] | None:
    """Return the kept fits of one model; None where they have to be made.

    Parameters
    ----------
    keep : KeptParts
    part : str
    grid : sequence of mapping
        The candidates.
    classes : array of shape (n_classes,)
        Of the data, which arrays name by their places.
    """
    return keep.take_arrays(part, lambda arrays: _fits(arrays, grid, classes))


def _arrays(fits: Sequence[FoldFit], classes: LabelArray) -> dict[str, LabelArray]:
    found: dict[str, LabelArray] = {}
    told = []
    for place, fit in enumerate(fits):
        found[f"scores {place}"] = fit.answer.scores
        said = fit.answer.predicted
        several = said is not None and said.ndim > 1
        # Places, not names: these may be of any type, and the data has them.
        found[f"classes {place}"] = (
            np.arange(len(classes)) if several else np.searchsorted(classes, fit.answer.classes)
        )
        if said is not None:
            found[f"predicted {place}"] = said if several else np.searchsorted(classes, said)
        told.append(
            {
                "kind": fit.answer.kind,
                "params": json.dumps(dict(fit.params), sort_keys=True, default=_plain),
                "chosen": fit.chosen,
                "seconds": fit.seconds,
                "threshold": fit.threshold,
            }
        )
    found["fits"] = np.array(json.dumps(told))
    return found


def _plain(value: object) -> Any:  # noqa: ANN401  what JSON has
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)


def _fits(
    arrays: Mapping[str, LabelArray], grid: Sequence[Mapping[str, Any]], classes: LabelArray
) -> list[FoldFit]:
    # Values as the grid has them: 1 and 1.0 mean different things to some parameters.
    candidates: dict[str, Mapping[str, Any]] = {}
    for params in grid:
        with suppress(TypeError):
            candidates[json.dumps(dict(params), sort_keys=True, default=_plain)] = params
    return [
        FoldFit(
            answer=Answer(
                arrays[f"scores {place}"],
                classes[arrays[f"classes {place}"]],
                entry["kind"],
                _predicted(arrays.get(f"predicted {place}"), classes),
            ),
            params=candidates[entry["params"]],
            chosen=entry["chosen"],
            seconds=tuple(entry["seconds"]),
            threshold=entry["threshold"],
        )
        for place, entry in enumerate(json.loads(str(arrays["fits"])))
    ]


def _predicted(said: LabelArray | None, classes: LabelArray) -> LabelArray | None:
    """Return predicted classes by their places; marks of several labels an image as they are."""
    return said if said is None or said.ndim > 1 else classes[said]
