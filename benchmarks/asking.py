"""Time of one question to a model that is loaded, beside the search alone of scikit-learn and faiss.

``python -m benchmarks.asking [FILE]``; wall-clock time, and that of the processor, which other jobs do not
lengthen.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from skknn_syndrome import EmbeddingDataset, SyndromeModel, load_embeddings, make_syndrome_embeddings
from skknn_syndrome._typing import FloatArray
from skknn_syndrome.model.ensemble import NeighborModels
from skknn_syndrome.model.neighbor_votes import NeighborVotes
from skknn_syndrome.model.parts import Gallery
from skknn_syndrome.statistics.conformal import Calibration

N_CASES = 30
LARGE = 100_000, 320
K = 15


def milliseconds(ask: Callable[[int], object]) -> tuple[float, float]:
    """Return the median times of a question, on the wall and of the processor, after two that warm up."""
    ask(0)
    ask(1)
    times = []
    for case in range(N_CASES):
        began = time.perf_counter(), time.process_time()
        ask(case)
        times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    wall, processor = 1000 * np.median(times, axis=0)
    return float(wall), float(processor)


def report(name: str, ask: Callable[[int], object]) -> None:
    wall, processor = milliseconds(ask)
    print(f"{name:<58} {wall:7.1f} ms, processor {processor:7.1f} ms")


def beside(rows: FloatArray, cases: FloatArray) -> None:
    """Time the search alone, by other libraries."""
    brute = NearestNeighbors(n_neighbors=K, metric="cosine", algorithm="brute").fit(rows)
    report("  scikit-learn, brute force, neighbours alone", lambda case: brute.kneighbors(cases[[case]]))
    try:
        import faiss  # noqa: PLC0415  an extra of the benchmarks
    except ImportError:
        print("  faiss is not installed")
        return
    unit = np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
    index = faiss.IndexFlatIP(unit.shape[1])
    index.add(unit)
    asked = cases / np.linalg.norm(cases, axis=1, keepdims=True)
    report(
        "  faiss, flat, neighbours alone (float32)",
        lambda case: index.search(np.ascontiguousarray(asked[[case]], dtype=np.float32), K),
    )


def of_file(data: EmbeddingDataset) -> None:
    """Ask k-NN and the pool of a gallery of usual size."""

    def ask_of(model: SyndromeModel) -> Callable[[int], object]:
        return lambda case: model.predict(data.embeddings[[case]])

    for head, params in (("knn", {"n_neighbors": K}), ("pool", None)):
        model = SyndromeModel.fit(data, head=head, params=params)
        name = f"{head} against {data.n_images:,} x {data.n_features}: ranking, set, novelty"
        report(name, ask_of(model))
    beside(data.embeddings, data.embeddings[:N_CASES])


def of_many() -> None:
    """Ask k-NN of a large gallery, put in the place of the small one that the rules were fitted to."""
    rng = np.random.default_rng(0)
    n_rows, n_features = LARGE
    codes = rng.integers(10, size=n_rows)
    rows = (rng.normal(size=(10, n_features))[codes] + 2 * rng.normal(size=LARGE)).astype(np.float32)
    names = np.array([f"class {code}" for code in codes])
    few = EmbeddingDataset.from_arrays(rows[:1_000], names[:1_000])
    small = SyndromeModel.fit(few, head="knn", params={"n_neighbors": K})._parts  # noqa: SLF001  of this package
    assert isinstance(small.ensemble, NeighborModels)
    folds = np.arange(n_rows) % 5
    gallery = Gallery(rows, codes, folds, np.arange(n_rows).astype(np.str_), None)
    calibration = Calibration.of(rng.dirichlet(np.ones(10), size=n_rows), codes, folds)
    model = SyndromeModel(
        replace(
            small,
            gallery=gallery,
            ensemble=replace(small.ensemble, votes=NeighborVotes(rows, codes, folds, 10)),
            of_images=calibration,
            of_subjects=calibration,
        )
    )
    cases = rows[:N_CASES] + rng.normal(size=(N_CASES, n_features)).astype(np.float32)
    name = f"knn against {n_rows:,} x {n_features}: ranking, set, novelty"
    report(name, lambda case: model.predict(cases[[case]]))
    beside(rows, cases)


def main() -> None:
    data = load_embeddings(sys.argv[1]) if sys.argv[1:] else make_syndrome_embeddings()
    with threadpool_limits(1):
        of_file(data)
        of_many()


if __name__ == "__main__":
    main()
