"""Whole processes, imports included."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.problems import make_problem

PLAIN = """
import sys, warnings
import numpy as np
from sklearn.metrics import make_scorer, top_k_accuracy_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
warnings.simplefilter("ignore")
with np.load(sys.argv[1]) as data:
    X, y = data["X"], data["y"]
scoring = {name: name for name in (
    "roc_auc_ovr", "f1_macro", "accuracy", "precision_macro", "recall_macro", "balanced_accuracy")}
for k in (1, 3, 5):
    scoring[f"top_{k}"] = make_scorer(
        top_k_accuracy_score, response_method="predict_proba", k=k, labels=np.unique(y))
grid = {"metric": ["euclidean", "cosine"], "n_neighbors": list(range(1, 16))}
folds = StratifiedKFold(10, shuffle=True, random_state=42)
estimator = KNeighborsClassifier(weights="distance", algorithm="brute")
GridSearchCV(estimator, grid, scoring=scoring, refit="roc_auc_ovr", cv=folds).fit(X, y)
"""

OURS = """
import sys
import numpy as np
from skknn_syndrome import SyndromeKNNClassifierCV
with np.load(sys.argv[1]) as data:
    X, y = data["X"], data["y"]
SyndromeKNNClassifierCV().fit(X, y)
"""


def race_processes(rounds: int) -> dict[str, Any]:
    """Run plain and ours in turn, each in a fresh interpreter."""
    problem = make_problem(1116, 10)
    seconds: dict[str, list[float]] = {"plain": [], "process": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        # As installed packages have it: bytecode is made once, in the round that isn't timed.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        np.savez(path, X=problem.samples, y=problem.labels)
        for number in range(rounds + 1):
            for name, program in (("plain", PLAIN), ("process", OURS)):
                start = time.perf_counter()
                subprocess.run([sys.executable, "-c", program, str(path)], check=True, env=environment)  # noqa: S603
                if number:
                    seconds[name].append(time.perf_counter() - start)
    return {
        "rows": 1116,
        "classes": 10,
        "data": f"{problem.name}; imports included",
        "jobs": 1,
        "share_folds": 0,
        "seconds": seconds,
        "cpu_seconds": seconds,
        "differences": {},
    }
