"""Upgrades of `study.json`: raw JSON of schema 1 to 4 becomes that of today, before it is validated.

A step may meet anything, for files are edited by hand: what it does not know it leaves as it is, and the
models say what is wrong with it.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeGuard

from skknn_syndrome.results.check import notices_to_checks

SCHEMA_VERSION: Final = 5
"""Grows by one with every change of the fields, and then a step follows here."""

_OLDER: Final = re.compile(r'"schema_version"\s*:\s*[1-4]\b')

_EDITED: Final = "edited: "
"""Before the names of entries that no program wrote in a file of that schema."""

JsonObject = dict[str, Any]


def upgrade_study(document: JsonObject) -> None:
    """Bring a study's JSON to the schema of today, in place.

    Parameters
    ----------
    document : dict
        As `json.loads` gives it. Without a version of an older schema it stays as it is.

    Examples
    --------
    >>> candidate = {"metric": "cosine", "weights": "uniform", "n_neighbors": 5}
    >>> document = {"schema_version": 3, "protocols": [{"candidates": [candidate]}]}
    >>> upgrade_study(document)
    >>> document["schema_version"], document["protocols"][0]["candidates"][0]
    (5, {'head': 'knn', 'params': {'metric': 'cosine', 'weights': 'uniform', 'n_neighbors': 5}})
    """
    version = document.get("schema_version")
    if _is_older(version):
        for step in _STEPS[version - 1 :]:
            step(document)
        document["schema_version"] = SCHEMA_VERSION


def upgrade_text(text: str) -> str:
    """Return a study's JSON as text in the schema of today; what is no older study stays as it is."""
    if not _OLDER.search(text):
        return text  # nearly always: parsing takes as long as validating
    try:
        document = json.loads(text)
        if isinstance(document, dict):
            upgrade_study(document)
        return json.dumps(document)
    except (ValueError, RecursionError):
        return text  # which the models say better


def as_written(version: object, place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return a place in an upgraded study as its file has it.

    Examples
    --------
    >>> as_written(4, ("protocols", 0, "curves", 1, "grid")), as_written(5, ("curves", 1, "grid"))
    (('protocols', 0, 'curves', 1, 'n_neighbors'), ('curves', 1, 'grid'))
    """
    if not _is_older(version):
        return place
    named = (_NAMES_BEFORE_5.get(part, part) for part in place if part != "params")
    return tuple(part.removeprefix(_EDITED) if isinstance(part, str) else part for part in named)


def _is_older(version: object) -> TypeGuard[int]:
    return type(version) is int and 1 <= version < SCHEMA_VERSION


def _nothing(_: JsonObject) -> None:
    """Fields were added alone, and their defaults stand for what such a file can't know."""


def _spread_levels(document: JsonObject) -> None:
    """Give each interval the level of its quantiles, which all had in common before schema 4."""
    runs = list(_objects(document, "protocols"))
    pooled = [found for run in runs for name in ("pooled", "difference") for found in _objects(run, name)]
    nested = [
        found for run in runs for entry in _objects(run, "nested") for found in _objects(entry, "pooled")
    ]
    for entry in (*pooled, *nested, *_objects(document, "inflations")):
        level = entry.pop("level", None)
        for interval in _objects(entry, "all_scores"):
            if level is not None and interval.get("percentile_low") is not None:
                interval.setdefault("level", level)


def _to_5(document: JsonObject) -> None:
    """Key results by a head and its parameters, not by distance, weights and k; checks stand for notices."""
    if "notices" in document:
        _set_aside(document, "checks")
    notices_to_checks(document)
    _spread_levels(document)
    for entry in _keyed(document):
        _key(entry)
    for entry in _objects(document, "inflations"):
        _rename(entry, "metric", "variant")
    for run in _objects(document, "protocols"):
        for rule in (*_objects(run, "baselines"), *_objects(run, "alternatives")):
            _key_rule(rule)
        for curve in _objects(run, "curves"):
            _key_curve(curve)
        for selection in _objects(run, "temperatures"):
            selection.setdefault("weights", "softmax")
            _key(selection)
        for difference in _objects(run, "difference"):
            _rename(difference, "metric", "variant")


def _keyed(document: JsonObject) -> Iterator[JsonObject]:
    """Yield what has a distance, weights and k, all of them."""
    for name in ("differences", "protocol_inflations"):
        yield from _objects(document, name)
    for leak in _objects(document, "leaks"):
        yield from _objects(leak, "inflations")
    for run in _objects(document, "protocols"):
        for name in ("candidates", "evaluations", "pooled", "subject_levels", "calibrations", "open_sets"):
            yield from _objects(run, name)
        for part, names in (("repeats", ("candidates", "selections")), ("nested", ("choices",))):
            for entry in _objects(run, part):
                for name in names:
                    yield from _objects(entry, name)


def _set_aside(entry: JsonObject, *names: str) -> None:
    """Keep what an edit put where a step is going to put something, for the model to refuse."""
    for name in names:
        if name in entry:
            entry[_EDITED + name] = entry.pop(name)


def _key(entry: JsonObject) -> None:
    names = ("metric", "weights", "n_neighbors")
    _set_aside(entry, "head", "params")
    entry["head"] = "knn"
    entry["params"] = {name: entry.pop(name) for name in names if name in entry}


def _key_rule(entry: JsonObject) -> None:
    """Key a baseline, whose name is that of its head, or a k beyond the grid; null stood for no parameter."""
    name = entry.pop("name", None)
    _key(entry)
    entry["params"] = {key: value for key, value in entry["params"].items() if value is not None}
    if name is None:
        del entry["head"]
    else:
        entry["head"] = name


def _key_curve(entry: JsonObject) -> None:
    """Key a curve by the candidate at the edge of the grid."""
    _rename(entry, "n_neighbors", "grid")
    _rename(entry, "edge", "n_neighbors")
    _key(entry)


def _rename(entry: JsonObject, before: str, after: str) -> None:
    if before in entry:
        _set_aside(entry, after)
        entry[after] = entry.pop(before)


def _objects(parent: JsonObject, name: str) -> Iterator[JsonObject]:
    """Yield the object of this name, or those in the list of this name; nothing where there is none."""
    found = parent.get(name)
    for entry in found if isinstance(found, list) else [found]:
        if isinstance(entry, dict):
            yield entry


_STEPS: Final[tuple[Callable[[JsonObject], None], ...]] = (_nothing, _nothing, _nothing, _to_5)
"""From each schema to the next, the first from 1 to 2."""

_NAMES_BEFORE_5: Final[dict[str | int, str]] = {"grid": "n_neighbors", "head": "name", "variant": "metric"}
