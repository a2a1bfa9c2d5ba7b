"""Results of a head that is not k-NN: it has neither a distance nor a k."""

import json
from typing import Any

from skknn_syndrome.results.study import StudyResult

TOY = "toy_model"
OF_KNN_ALONE = ("temperatures", "comparisons", "chosen")


def of_toy_head(study: StudyResult) -> StudyResult:
    """Return a study whose k-NN candidates of the winner's distance became those of a toy head.

    Its parameters are `shrinkage`, a tenth of the k, and `solver`. What compares distances is left out.
    """
    distance = study.primary.winner.metric
    document = _rekeyed(json.loads(study.model_dump_json()), distance)
    document["analyses"] = [
        entry
        for entry in document["analyses"]
        if entry["question"] not in {"larger_k", "preprocessing"}  # which k-NN alone has
    ]
    for part in (*document["protocols"], *document["analyses"]):
        part |= {name: [] for name in OF_KNN_ALONE if name in part}
        part |= {name: None for name in ("difference", "discordance") if name in part}
        if "calibrations" in part:
            part["calibrations"] = part["calibrations"][:1]  # of the head itself: there are no votes
        if "alternatives" in part:
            part["alternatives"] = [entry for entry in part["alternatives"] if entry["kind"] == "baseline"]
        if part.get("repeats") is not None:
            part["repeats"]["comparisons"] = []
    return StudyResult.model_validate_json(json.dumps(document))


def _rekeyed(value: Any, distance: str) -> Any:
    if isinstance(value, list):
        return [_rekeyed(entry, distance) for entry in value if not _is_of_other(entry, distance)]
    if not isinstance(value, dict):
        return value
    changed = {name: _rekeyed(entry, distance) for name, entry in value.items()}
    if value.get("head") == "knn":
        changed["head"] = TOY
        changed["params"] = {"shrinkage": value["params"]["n_neighbors"] / 10, "solver": "lsqr"}
    return changed


def _is_of_other(entry: Any, distance: str) -> bool:
    return isinstance(entry, dict) and entry.get("head") == "knn" and entry["params"]["metric"] != distance
