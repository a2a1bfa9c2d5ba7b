"""Studies of images of species that lie in genera and families."""

from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome import cross_validate_study
from skknn_syndrome.analyses.levels.present import PRESENTATION, find_levels
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.questions import folders
from skknn_syndrome.rendering.templates import Contents, fill
from skknn_syndrome.results.study import StudyResult

OPTIONS: dict[str, Any] = {
    "n_neighbors": [3],
    "metrics": "euclidean",
    "cv": 3,
    "analyses": ["levels"],
    "protocols": "subject",
}
SPECIES = 9
SUBJECTS = 6
"""Of each species, with two images each; the last species has one subject."""


def make_dataset() -> EmbeddingDataset:
    """Return images of nine species in four genera and two families.

    Families lie far apart, genera less far, and species of a genus overlap. The last species is alone in its
    genus, and has one subject.
    """
    rng = np.random.default_rng(0)
    species = np.repeat(np.arange(SPECIES), 2 * SUBJECTS)[: -2 * (SUBJECTS - 1)]
    genus = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3])
    family = np.array([0, 0, 1, 1])
    centres = np.column_stack([30.0 * family[genus], 8.0 * (genus % 2), np.arange(SPECIES) % 3 * 1.5])
    rows = centres[species] + rng.normal(size=(len(species), 3))
    return EmbeddingDataset.from_arrays(
        rows,
        np.char.add("s", species.astype(str)),
        np.arange(len(species)) // 2,
        levels={
            "species": np.char.add("s", species.astype(str)),
            "family": np.array(["Afamily", "Bfamily"])[family[genus[species]]],
            "genus": {f"s{number}": f"G{above}" for number, above in enumerate(genus)},
        },
    )


def study_of(dataset: EmbeddingDataset, **options: Any) -> StudyResult:
    return cross_validate_study(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        **{**OPTIONS, "levels": dataset.levels, "level_head": "knn", **options},
    )


def say(study: StudyResult, folder: Path) -> str:
    """Return the section of the report as Markdown."""
    made = {**PRESENTATION.tables, **PRESENTATION.report_tables}
    contents = Contents(
        tables={name: make(study) for name, make in made.items()},
        names={"findings": {"levels": find_levels(study)}},
        sections={"levels": folders()["levels"]},
    )
    (folder / "report.qmd").write_text(
        "<% include 'levels/section.qmd' %>\n\n<% include 'levels/supplement.qmd' %>", "utf-8"
    )
    return " ".join(fill(contents, folder).replace("\\", "").split())
