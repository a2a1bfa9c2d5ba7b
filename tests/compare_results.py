"""Comparison of two `study.json` files by path: ``python -m tests.compare_results OLD NEW``.

Choices, counts, labels and verdicts have to be identical, floats within 1e-12, relative or absolute. What the
new file has beside that is listed; what it lacks is a difference. Files of an older schema are upgraded.
"""

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skknn_syndrome.results.arrays import put_back
from skknn_syndrome.results.upgrades import upgrade_text

TOLERANCE = 1e-12

MAY_DIFFER = (
    *(
        f"provenance.{name}"
        for name in ("command", "settings", "started", "elapsed_seconds", "timings", "versions")
    ),
    "remedy",
    "description",
)
"""Ends of paths that say when and with what a study was run; what a check advises, which files of schema 4
and older do not hold; and what scores are in words."""

IDENTITIES = (
    *(
        "question",
        "protocol",
        "kind",
        "code",
        "message",
        "name",
        "score",
        "head",
        "params",
        "metric",
        "variant",
    ),
    *("scaler", "resampler", "way", "first", "second", "syndrome", "misclassified_as", "measure", "method"),
    *("repeat", "split", "fold", "row", "n_neighbors", "part", "source", "table", "dataset", "distance"),
)
"""Fields by which entries of a list are the same entry in both files, whatever stands between them."""


@dataclass(frozen=True)
class Comparison:
    """What two results do not have in common."""

    differences: tuple[str, ...]
    """Path, what the old file has and what the new one has."""
    additions: tuple[str, ...]
    """Paths that the new file alone has."""


def compare_files(old: Path, new: Path) -> Comparison:
    """Compare two files, each brought to the schema of today."""
    texts = (put_back(path.read_text("utf-8"), path, "study", "run it again") for path in (old, new))
    return compare(*(json.loads(upgrade_text(text)) for text in texts))


def compare(old: object, new: object) -> Comparison:
    """Compare two documents as `json.loads` gives them."""
    found = list(_walk("", old, new))
    return Comparison(
        differences=tuple(f"{path}: {said}" for path, said in found if said is not None),
        additions=tuple(path for path, said in found if said is None),
    )


def _walk(path: str, old: Any, new: Any) -> Iterator[tuple[str, str | None]]:
    """Yield paths with what differs there, None for an addition."""
    if any(path == entry or path.endswith(f".{entry}") for entry in MAY_DIFFER):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _walk_keyed(path, old, new, ".{}")
    elif isinstance(old, list) and isinstance(new, list):
        yield from _walk_lists(path, old, new)
    elif not _same(old, new):
        yield path, f"{_shown(old)} became {_shown(new)}"


def _walk_keyed(
    path: str, old: dict[str, Any], new: dict[str, Any], form: str
) -> Iterator[tuple[str, str | None]]:
    for name in [*old, *(name for name in new if name not in old)]:
        place = (path + form.format(name)).removeprefix(".")
        if name not in new:
            yield place, f"{_shown(old[name])} is gone"
        elif name not in old:
            yield place, None
        else:
            yield from _walk(place, old[name], new[name])


def _walk_lists(path: str, old: list[Any], new: list[Any]) -> Iterator[tuple[str, str | None]]:
    before, after = _keyed(old), _keyed(new)
    if before is not None and after is not None:
        yield from _walk_keyed(path, before, after, "[{}]")
        orders = [[name for name in names if name in before and name in after] for names in (before, after)]
        if orders[0] != orders[1]:
            yield path, f"the order {orders[0]} became {orders[1]}"
    elif len(old) != len(new):
        yield path, f"{len(old)} entries became {len(new)}"
    else:
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from _walk(f"{path}[{number}]", *pair)


def _keyed(entries: list[Any]) -> dict[str, Any] | None:
    """Return the entries by what identifies them; None where nothing does, or two have the same."""
    names = [_identity(entry) for entry in entries]
    if None in names or len(set(names)) < len(names):
        return None
    return {str(name): entry for name, entry in zip(names, entries, strict=True)}


def _identity(entry: Any) -> str | None:
    if isinstance(entry, list) and entry and isinstance(entry[0], str):
        return entry[0]  # a pair of a name and its values
    if not isinstance(entry, dict):
        return None
    parts = [entry[name] for name in IDENTITIES if isinstance(entry.get(name), str | int | dict)]
    flat = [value for part in parts for value in (_by_name(part) if isinstance(part, dict) else [part])]
    return " ".join(map(str, flat)) or None


def _by_name(params: dict[str, Any]) -> list[Any]:
    """Return values in the order of their names: parameters have no order of their own."""
    return [params[name] for name in sorted(params)]


def _same(old: Any, new: Any) -> bool:
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new)]
    if all(numbers) and float in {type(old), type(new)}:
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(old) is type(new) and bool(old == new)


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def main(arguments: Sequence[str]) -> int:
    """Print what two files do not have in common; 1 where something differs."""
    found = compare_files(*map(Path, arguments))
    # The same addition in each of hundreds of candidates is one addition.
    patterns = Counter(re.sub(r"\[[^]]*\](?=.)", "[*]", path) for path in found.additions)
    lines = [
        *(f"differs: {line}" for line in found.differences),
        *(f"added: {pattern} ({count} x)" for pattern, count in patterns.items()),
        f"{len(found.differences)} differences, {len(found.additions)} additions",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(bool(found.differences))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
