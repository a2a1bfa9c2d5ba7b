"""Studies of images with covariates, and what their report says."""

from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome import cross_validate_study
from skknn_syndrome.analyses.subgroups.present import PRESENTATION, find_subgroups
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.questions import folders
from skknn_syndrome.rendering.templates import Contents, fill
from skknn_syndrome.results.study import StudyResult

GRID: dict[str, Any] = {
    "grid": None,
    "weights": ("distance",),
    "refit": "roc_auc_ovr",
    "refit_rule": "best",
    "random_state": 42,
    "n_repeats": None,
    "n_jobs": None,
    "callbacks": (),
}
OPTIONS: dict[str, Any] = {
    "n_neighbors": [3],
    "metrics": "euclidean",
    "cv": 3,
    "analyses": ["subgroups"],
    "protocols": "subject",
}
N_SUBJECTS = 120


def make_dataset() -> EmbeddingDataset:
    """Return 240 images of 120 subjects in two classes, with four covariates.

    Images of the dark camera are noise. In the south, classes lie elsewhere and the other way round, so that
    a classifier from the north fails there. The view differs within subjects and says nothing; the ages of
    some are missing.
    """
    rng = np.random.default_rng(0)
    subject = np.repeat(np.arange(N_SUBJECTS), 2)
    label = subject % 2
    camera = np.where(subject // 2 % 4 == 0, "dark", "bright")
    site = np.where(subject < 90, "north", np.where(subject < 116, "south", "east"))
    centres = np.where(label, 4.0, -4.0) * np.where(site == "south", -1, 1)
    rows = np.column_stack([centres, np.where(site == "south", 20.0, 0.0)]) + rng.normal(size=(240, 2))
    rows[camera == "dark", 0] = rng.normal(0, 4, (camera == "dark").sum())
    return EmbeddingDataset.from_arrays(
        rows,
        np.where(label, "b", "a"),
        subject,
        covariates={
            "camera": camera,
            "view": np.tile(["front", "side"], N_SUBJECTS),
            "site": site,
            "age:0,2": [None if number % 10 == 0 else number / 40 for number in subject],
        },
    )


def study_of(dataset: EmbeddingDataset, covariates: Any, **options: Any) -> StudyResult:
    return cross_validate_study(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        covariates=covariates,
        **{**OPTIONS, **options},
    )


def say(study: StudyResult, folder: Path) -> str:
    """Return what reports have on subgroups, in main text and supplement, as Markdown."""
    made = {**PRESENTATION.tables, **PRESENTATION.report_tables}
    contents = Contents(
        tables={name: make(study) for name, make in made.items()},
        names={"findings": {"subgroups": find_subgroups(study)}},
        sections={"subgroups": folders()["subgroups"]},
    )
    included = [f"<% include 'subgroups/{name}' %>" for name in PRESENTATION.sections.values()]
    (folder / "report.qmd").write_text("\n\n".join(included), "utf-8")
    return " ".join(fill(contents, folder).replace("\\", "").split())
