"""What classifiers say that are fitted on each fold."""

from typing import Any

import numpy as np

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.heads.base import IndexSplit
from tests.problems import Problem


def fitted_one_by_one(problem: Problem, splits: list[IndexSplit], **options: Any) -> Float64Array:
    classes = np.unique(problem.labels)
    parts = []
    for train, test in splits:
        model = SyndromeKNNClassifier(**options).fit(problem.samples[train], problem.labels[train])
        part = np.zeros((len(test), len(classes)))
        part[:, np.isin(classes, model.classes_)] = model.predict_proba(problem.samples[test])
        parts.append(part)
    return np.concatenate(parts)
