"""Model files and new cases that were changed at random: refusals or right answers, and nothing else.

``python -m tests.model.mutating 1000`` tries a thousand of each, and counts what came out.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome.errors import ModelFileError, SkknnSyndromeError
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.model.archive import Archive, write_archive
from skknn_syndrome.model.files import decode, encode
from tests.model.builders import gallery, knn_model, lda_model

Random = np.random.Generator
REFUSED, RIGHT = "refused", "right"


def flipped(content: bytes, rng: Random) -> bytes:
    """Change one to eight bytes."""
    changed = bytearray(content)
    for place in rng.integers(len(content), size=rng.integers(1, 9)):
        changed[place] = rng.integers(256)
    return bytes(changed)


def cut(content: bytes, rng: Random) -> bytes:
    """Leave out the end, or a piece."""
    first, last = np.sort(rng.integers(len(content), size=2))
    return content[:first] if rng.random() < 0.5 else content[:first] + content[last:]


def swapped(content: bytes, rng: Random) -> bytes:
    """Put a piece in the place of another."""
    size = int(rng.integers(1, 400))
    one, other = rng.integers(len(content) - size, size=2)
    return content[:other] + content[one : one + size] + content[other + size :]


def forged(content: bytes, rng: Random) -> bytes:
    """Change a value of the state, of an array or of the manifest, and hash everything anew."""
    archive = Archive(content)
    manifest, state, arrays = archive.manifest, archive.state, archive.arrays
    kind = rng.integers(3)
    if kind == 0:
        _change_json(state, rng)
    elif kind == 1:
        _change_json(manifest, rng)
    else:
        place = int(rng.integers(len(arrays)))
        arrays[place] = _changed_array(arrays[place], rng)
    return write_archive(manifest, state, arrays)


def _change_json(value: Any, rng: Random) -> None:
    """Change something at a random place of lists and dictionaries."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = keys[int(rng.integers(len(keys)))]
        if isinstance(value[key], (dict, list)) and value[key] and rng.random() < 0.9:
            value = value[key]
            continue
        strange: list[Any] = [
            None,
            -1,
            10**9,
            1e308,
            "x",
            [],
            {},
            True,
            {"array": 3},
            {"type": "os", "state": []},
        ]
        value[key] = strange[int(rng.integers(len(strange)))]
        return


def _changed_array(array: NDArray[Any], rng: Random) -> NDArray[Any]:
    kind = rng.integers(4)
    if kind == 0 and array.size:
        changed = array.copy()
        changed.reshape(-1)[int(rng.integers(array.size))] = rng.integers(-5, 100)
        return changed
    if kind == 1:
        return array[: len(array) // 2] if array.ndim else array
    if kind == 2:
        return array.T.copy() if array.ndim > 1 else np.stack([array, array])
    return array.astype(np.float32) if array.dtype.kind == "f" else array.astype("U3")


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (flipped, cut, swapped, forged)


def ask_changed_file(model: SyndromeModel, mutate: Callable[[bytes, Random], bytes], seed: int) -> str:
    """Return how a changed file ended; any error but a refusal is raised."""
    rng = np.random.default_rng(seed)
    content = encode(model._parts)  # noqa: SLF001  of this package
    changed = mutate(content, rng)
    try:
        found = SyndromeModel(decode(changed))
    except ModelFileError:
        return REFUSED
    cases = gallery(seed=7).embeddings[:4]
    return RIGHT if _alike(found, model, cases) else f"wrong answers: {mutate.__name__} {seed}"


def _alike(found: SyndromeModel, model: SyndromeModel, cases: NDArray[Any]) -> bool:
    """Whether the answers are the same in every field, numbers to a millionth.

    What is said beside them, of novelty and of stale scores, is the card's word, and nothing tells a lie.
    """
    beside = {"novelty", "scores_are_stale", "head"}
    said, wanted = (each.predict(cases).model_dump(exclude=beside) for each in (found, model))
    return same(said, wanted)


def same(one: Any, other: Any) -> bool:
    """Whether two dumps are the same, numbers to a millionth."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1e-6
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def strange_cases(rng: Random) -> Any:
    """Return vectors with something wrong, or with nothing."""
    rows: Any = gallery(seed=7).embeddings[: int(rng.integers(0, 4))].copy()
    kind = rng.integers(8)
    if kind == 0:
        rows = rows[:, : int(rng.integers(0, 5))]
    elif kind == 1 and rows.size:
        rows.reshape(-1)[0] = [np.nan, np.inf, -np.inf, 1e308, 1e-308][int(rng.integers(5))]
    elif kind == 2:
        rows = rows * 10.0 ** rng.integers(-300, 300)
    elif kind == 3:
        rows = rows.astype(rng.choice(["float16", "int64", "U8", "complex128", "bool", "object"]))
    elif kind == 4:
        rows = rows[..., None] if rng.random() < 0.5 else rows.reshape(-1)
    elif kind == 5:
        rows = np.zeros_like(rows)
    elif kind == 6:
        rows = [None, "text", {}, 7, [[1.0], [1.0, 2.0]]][int(rng.integers(5))]
    return rows


def ask_strange_cases(model: SyndromeModel, seed: int) -> str:
    """Return how strange cases ended; any error but a refusal is raised."""
    rows = strange_cases(np.random.default_rng(seed))
    try:
        found = model.predict(rows)
    except SkknnSyndromeError:
        return REFUSED
    sums = [sum(entry.probability for entry in each.ranking) for each in found.images]
    return RIGHT if np.allclose(sums, 1) else f"wrong answers: {seed}"


def main(n_each: int) -> None:
    """Try and count."""
    models = (knn_model(), lda_model())
    files: Counter[str] = Counter()
    for seed in range(n_each):
        mutate = MUTATIONS[seed % len(MUTATIONS)]
        files[f"{mutate.__name__}: {ask_changed_file(models[seed // 4 % 2], mutate, seed)}"] += 1
    cases = Counter(ask_strange_cases(models[seed % 2], seed) for seed in range(n_each))
    sys.stdout.write(json.dumps({"files": files, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
