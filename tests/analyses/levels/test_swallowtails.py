"""Species and genera of swallowtails, where their embeddings are at hand."""

from pathlib import Path

import pytest

from skknn_syndrome.analyses.levels.result import LevelAnalysis
from skknn_syndrome.data import load_embeddings
from tests.analyses.levels.studies import study_of
from tests.builders import analysis_of


def test_new_species_are_placed_in_their_genus(real_file: Path) -> None:
    path = real_file.parent / "swallowtails" / "embeddings.csv"
    if not path.exists():
        pytest.skip("the swallowtails are not on this machine")
    columns = {"syndrome": "species", "subject": "specimen", "image": "image", "features": "e"}
    dataset = load_embeddings(path, columns=columns, levels=["genus"])
    found = analysis_of(study_of(dataset, cv=10, hold_out="species"), LevelAnalysis)
    species, genus = found.scores
    assert (species.n_classes, genus.n_classes, species.n_untrained) == (334, 31, 26)
    assert species.scores.accuracy.estimate == pytest.approx(0.599, abs=0.02)
    assert genus.scores.accuracy.estimate == pytest.approx(0.892, abs=0.02)
    assert species.is_above_baselines
    assert genus.is_above_baselines
    (placed,) = found.held_out[0].placements
    assert (len(placed.groups), placed.n_alone) == (328, 6)
    assert placed.accuracy.estimate == pytest.approx(0.779, abs=0.02)
    assert placed.above_majority.sign == 1
    assert placed.n_seen == 2641  # of 2,667: of the others' species nothing is trained on
    assert placed.below_seen is not None
    assert placed.below_seen.sign == -1
