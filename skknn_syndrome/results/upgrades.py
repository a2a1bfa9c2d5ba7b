"""Upgrades of `study.json`: raw JSON of schema 1 to 10 becomes that of today, before it is validated.

A step may meet anything, for files are edited by hand: what it does not know it leaves as it is, and the
models say what is wrong with it.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeGuard

from skknn_syndrome.results.analysis import place_of
from skknn_syndrome.results.check import notices_to_checks

SCHEMA_VERSION: Final = 11
"""Grows by one with every change of the fields or of how they are kept, and then a step follows here."""

_OLDER: Final = re.compile(r'"schema_version"\s*:\s*(?:[1-9]|10)\b')

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
    (11, {'head': 'knn', 'params': {'metric': 'cosine', 'weights': 'uniform', 'n_neighbors': 5}})
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
    >>> as_written(4, ("protocols", 0, "curves", 1, "grid")), as_written(11, ("curves", 1, "grid"))
    (('protocols', 0, 'curves', 1, 'n_neighbors'), ('curves', 1, 'grid'))
    >>> as_written(5, ("analyses", 2, "nested_cv", "nested", "selection_bias"))
    ('protocols', 0, 'nested', 'optimism')
    >>> as_written(5, ("analyses", 2, "calibration", "calibrations", 0, "brier"))
    ('protocols', 0, 'calibrations', 0, 'brier')
    >>> as_written(5, ("analyses", 2, "preprocessing", "variants", 0, "scaler"))
    ('ablation', 'variants', 0, 'scaler')
    >>> as_written(6, ("analyses", 2, "calibration", "calibrations", 0, "brier"))
    ('analyses', 2, 'calibrations', 0, 'brier')
    """
    version = version if _is_older(version) else SCHEMA_VERSION
    is_older = version < GATHERED
    match place:
        case ("analyses", int(), str(question), *within) if is_older and within:
            # Analyses of one protocol were of the first alone.
            place = (*within,) if question in OF_STUDY else ("protocols", 0, *within)
            place = tuple(_WORDS_BEFORE_6.get(part, part) for part in place)
            if question == "preprocessing":
                place = "ablation", *place
        case ("analyses", int(number), str(), *within):  # the question, by which pydantic tells them apart
            place = "analyses", number, *within
    if not is_older:
        return place
    names = _NAMES_BEFORE_6 if version >= KEYED_BY_HEADS else _NAMES_BEFORE_6 | _NAMES_BEFORE_5
    skipped = "" if version >= KEYED_BY_HEADS else "params"
    named = (names.get(part, part) for part in place if part != skipped)
    return tuple(part.removeprefix(_EDITED) if isinstance(part, str) else part for part in named)


def _is_older(version: object) -> TypeGuard[int]:
    return type(version) is int and 1 <= version < SCHEMA_VERSION


def _nothing(_: JsonObject) -> None:
    """Fields were added alone, and their defaults stand for what such a file can't know; or files were."""


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


MOVED: Final[dict[str, tuple[str, ...]]] = {
    "uncertainty": ("pooled", "difference", "discordance"),
    "repeats": ("repeats",),
    "chance": ("chance",),
    "per_class": ("evaluations",),
    "subject_level": ("subject_levels",),
    "nested_cv": ("nested",),
    "inflation": ("differences", "protocol_inflations", "inflations"),
    "leakage": ("leaks",),
    "near_duplicates": ("near_duplicates",),
    "larger_k": ("curves",),
    "baselines": ("baselines", "alternatives"),
    "published": ("published",),
    "preprocessing": ("ablation",),
    "calibration": ("calibrations", "temperatures"),
    "embedding_space": ("hubness",),
    "embedding_map": ("embedding_map", "centroid_similarities"),
    "open_set": ("open_sets",),
}
"""Fields of a protocol before schema 6, by the question whose analysis holds them since, in reading order."""

OF_STUDY: Final = frozenset(
    {"inflation", "leakage", "near_duplicates", "published", "preprocessing"}
    | {"embedding_space", "embedding_map"}
)
"""Questions whose fields were not a protocol's but the study's."""


def _to_6(document: JsonObject) -> None:
    """Gather what the analyses of each protocol and of the whole study found in one list of analyses."""
    found: list[JsonObject] = []
    for question, names in MOVED.items():
        for holder in [document] if question in OF_STUDY else _objects(document, "protocols"):
            fields = _taken(holder, names)
            if question == "open_set":
                _to_unknown(fields)
            if question == "larger_k":
                fields |= _alternatives_of_larger_k(holder)
            if isinstance(fields.get("ablation"), dict):
                fields = _to_comparison_3(fields["ablation"])
            for nested in _objects(fields, "nested"):
                _rename(nested, "optimism", "selection_bias")
            if fields or (question == "leakage" and _found_no_leak(document)):
                found.append({"question": question, "protocol": holder.get("protocol"), **fields})
    _set_aside(document, "analyses")
    document["analyses"] = sorted(found, key=lambda entry: place_of(entry["question"]))


def _found_no_leak(document: JsonObject) -> bool:
    """Whether somebody looked for leaks and found none: then the check of them was passed."""
    return any(
        check.get("name") == "leak" and check.get("outcome") == "passed"
        for check in _objects(document, "checks")
    )


_SINGLE: Final = frozenset(
    {"repeats", "nested", "chance", "difference", "discordance"}
    | {"near_duplicates", "embedding_map", "hubness", "ablation"}
)
"""Fields that held null where nothing was found; the others held an empty list."""


def _taken(entry: JsonObject, names: tuple[str, ...]) -> JsonObject:
    """Take fields out of an entry; return those that say something."""
    fields = {name: entry.pop(name) for name in names if name in entry}
    return {name: value for name, value in fields.items() if value != (None if name in _SINGLE else [])}


def _to_unknown(fields: JsonObject) -> None:
    """Call images of classes that are absent from training unknown, not unseen."""
    for found in _objects(fields, "open_sets"):
        for entry in _objects(found, "syndromes"):
            _rename(entry, "n_unseen", "n_unknown")


def _alternatives_of_larger_k(run: JsonObject) -> JsonObject:
    """Take those alternatives that are a larger k; the others are baselines."""
    entries = run.get("alternatives")
    if not isinstance(entries, list):
        return {}
    larger = [entry for entry in entries if isinstance(entry, dict) and entry.get("kind") == "larger_k"]
    run["alternatives"] = [entry for entry in entries if entry not in larger]
    return {"alternatives": larger} if larger else {}


def upgrade_comparison_text(text: str) -> str:
    """Return a comparison of preprocessing as text of today; what is no older one stays as it is."""
    if '"ablation_version"' not in text:
        return text
    try:
        document = json.loads(text)
        return json.dumps(_to_comparison_3(document)) if isinstance(document, dict) else text
    except (ValueError, RecursionError):
        return text  # which the models say better


def _to_comparison_3(comparison: JsonObject) -> JsonObject:
    """Call the ways within folds and before splitting, which were honest and leaky."""
    _rename(comparison, "ablation_version", "comparison_version")
    _rename(comparison, "leaky_splitters", "row_splitters")
    if comparison.get("comparison_version") in {1, 2}:
        comparison["comparison_version"] = 3
    for name in ("variants", "left_out"):
        for entry in _objects(comparison, name):
            way = entry.get("way", "leaky")
            entry["way"] = _WAYS.get(way, way) if isinstance(way, str) else way
    for entry in _objects(comparison, "inflations"):
        for before, after in _WAYS.items():
            _rename(entry, before, after)
    return comparison


_WAYS: Final = {"honest": "within_folds", "leaky": "before_splitting"}

_WORDS_BEFORE_6: Final[dict[str | int, str]] = {
    "n_unknown": "n_unseen",
    "comparison_version": "ablation_version",
    "row_splitters": "leaky_splitters",
    **{after: before for before, after in _WAYS.items()},
}


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


_STEPS: Final[tuple[Callable[[JsonObject], None], ...]] = (
    *(_nothing, _nothing, _nothing),
    *(_to_5, _to_6),
    *(_nothing, _nothing, _nothing, _nothing, _nothing),
)
"""From each schema to the next, the first from 1 to 2."""

KEYED_BY_HEADS: Final = 5
"""The schema from which on results have a head and its parameters."""

GATHERED: Final = 6
"""The schema from which on analyses are one list."""

_NAMES_BEFORE_6: Final[dict[str | int, str]] = {"selection_bias": "optimism"}

_NAMES_BEFORE_5: Final[dict[str | int, str]] = {"grid": "n_neighbors", "head": "name", "variant": "metric"}
