"""Factors of stated costs, fitted to measured studies: `python -m benchmarks.costs FILE [FILE ...]`.

A FILE of embeddings is studied here, in one thread, by CPU seconds, so that other programs do not count; one
that ends in ``.jsonl`` holds what was measured before (``--keep``). Factors are printed as they stand in
``COST`` of each part, then what a study is expected to take against what it took.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Any
from unittest import mock

import numpy as np
from scipy.optimize import nnls
from threadpoolctl import threadpool_limits

from skknn_syndrome import load_embeddings, study_dataset
from skknn_syndrome.crossval.costs import Cost, Sizes, Speed
from skknn_syndrome.study.estimating import Estimate, measure_speed, stated_costs

QUICK_ABOVE = 60_000
"""Images above which scores alone are studied."""
LEAST_SECONDS = 0.005
"""Below, a part tells nothing."""


@dataclass(frozen=True)
class Measured:
    """What the parts of a study took."""

    file: str
    sizes: Sizes
    speed: Speed
    """While it was studied."""
    seconds: Mapping[str, float]


def main() -> None:
    """Measure, fit, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path, help="None: print the table of docs/scaling.md.")
    parser.add_argument("--keep", type=Path, help="A .jsonl file that measurements are added to.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--analyses", nargs="*", help="Some alone, as study_dataset takes them.")
    parser.add_argument("--column", nargs="*", default=[], help="OURS=THEIRS, as of `study`.")
    parser.add_argument("--covariate", nargs="*", default=[], help="As of `study`.")
    parser.add_argument("--preprocessing", default="scores", choices=["off", "scores"])
    arguments = parser.parse_args()
    if not arguments.files:
        print(table())
        return
    measured = [found for file in arguments.files for found in _read(file, arguments)]
    costs = stated_costs()
    factors = {name: fit(name, cost, measured) for name, cost in costs.items()}
    for name, found in factors.items():
        if found is not None:
            terms = zip(costs[name].terms, found, strict=True)
            print(f"{name}:", *(f"Term({factor:.3g}, {term.unit}, {term.sizes})" for term, factor in terms))
    for entry in measured:
        _compare(entry, costs, factors)


def table() -> str:
    """Return the costs as docs/scaling.md has them."""
    rows = [
        f"| {name} | {cost.grows_with} | {cost.why} | "
        f"{'' if cost.sampled_above is None else f'{cost.sampled_above:,}'} |"
        for name, cost in stated_costs().items()
    ]
    return "\n".join(["| part | grows with | why | sample above |", "|---|---|---|---|", *rows])


def _read(file: Path, arguments: argparse.Namespace) -> list[Measured]:
    if file.suffix == ".jsonl":
        rows = map(json.loads, file.read_text().splitlines())
        return [Measured(**(row | {"sizes": Sizes(**row["sizes"])})) for row in rows]
    found = _measure(file, arguments)
    if arguments.keep:
        with arguments.keep.open("a") as kept:
            kept.write(json.dumps(asdict(found)) + "\n")
    return [found]


def _measure(file: Path, arguments: argparse.Namespace) -> Measured:
    """Study a file, with the speed of the machine before and after."""
    columns = dict(pair.split("=", 1) for pair in arguments.column) or None
    dataset = load_embeddings(file, columns=columns, covariates=arguments.covariate)
    quick = arguments.quick or len(dataset.syndromes) > QUICK_ABOVE
    planned: list[Estimate] = []
    options: dict[str, Any] = {"analyses": arguments.analyses, "preprocessing": arguments.preprocessing}
    if quick:
        options = {"analyses": (), "with_map": False}
    with (
        threadpool_limits(1),
        mock.patch("skknn_syndrome.crossval.provenance.perf_counter", process_time),
    ):
        before = measure_speed.__wrapped__(process_time)
        study = study_dataset(dataset, on_plan=planned.append, **options)
        after = measure_speed.__wrapped__(process_time)
    (plan,) = planned
    seconds = {entry.part: entry.seconds for entry in study.provenance.timings if entry.part in plan.by_part}
    print(file, seconds, flush=True)
    speed = {unit: (before[unit] + after[unit]) / 2 for unit in before}
    return Measured(str(file), plan.sizes, speed, seconds)


def fit(name: str, cost: Cost, measured: Sequence[Measured]) -> list[float] | None:
    """Return factors that leave the least relative errors, none negative; None where nothing was measured."""
    rows, seconds = [], []
    for entry in measured:
        taken = entry.seconds.get(name, 0.0)
        if taken >= LEAST_SECONDS:
            sizes = entry.sizes.of_sample(cost.sampled_above)
            rows.append([term.growth(sizes) * entry.speed[term.unit] / taken for term in cost.terms])
            seconds.append(taken)
    if not rows:
        return None
    scale = np.max(rows, axis=0)
    scale[scale == 0] = 1.0  # of what was not asked for, such as further heads of a learning curve
    found, _ = nnls(np.array(rows) / scale, np.ones(len(rows)))
    return [float(factor) for factor in found / scale]


def _compare(entry: Measured, costs: Mapping[str, Cost], factors: Mapping[str, list[float] | None]) -> None:
    """Print what each part took, what it is expected to take as its cost stands, and as it is fitted."""
    print(f"\n{entry.file}: {entry.sizes}")
    total = np.zeros(3)
    for name, taken in entry.seconds.items():
        sizes = entry.sizes.of_sample(costs[name].sampled_above)
        terms = costs[name].terms
        fitted = sum(
            factor * term.growth(sizes) * entry.speed[term.unit]
            for term, factor in zip(terms, factors[name] or [term.factor for term in terms], strict=True)
        )
        row = np.array([taken, costs[name].seconds(entry.sizes, entry.speed), fitted])
        total += row
        print(f"  {name:25} took {row[0]:9.2f}  stated {row[1]:9.2f}  fitted {row[2]:9.2f}")
    print(f"  {'all':25} took {total[0]:9.2f}  stated {total[1]:9.2f}  fitted {total[2]:9.2f}")


if __name__ == "__main__":
    main()
