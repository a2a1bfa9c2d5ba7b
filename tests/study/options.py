"""What `run_study` takes, for a small study of scores alone."""

from typing import Any

QUICK: dict[str, Any] = {
    "estimator": None,
    "head": None,
    "protocols": None,
    "group_near_duplicates": False,
    "analyses": (),
    "ignore": (),
    "grid": None,
    "n_neighbors": [1, 5],
    "metrics": "cosine",
    "weights": "distance",
    "cv": 3,
    "refit": "accuracy",
    "refit_rule": "best",
    "random_state": 42,
    "n_repeats": None,
    "n_jobs": None,
    "callbacks": (),
}
