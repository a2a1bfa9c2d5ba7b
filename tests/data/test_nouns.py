"""Nouns from columns, on their way from a file into the summary of a study."""

from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.data import load_embeddings
from skknn_syndrome.data.nouns import nouns_of
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.study.describing import identity


def _write(path: Path, heading: str) -> Path:
    rows = "\n".join(f"{'ab'[place % 2]},s{place},{value},1" for place, value in enumerate(np.arange(6)))
    path.write_text(f"{heading},e0,e1\n{rows}\n", "utf-8")
    return path


@pytest.mark.parametrize(
    "heading, columns, nouns",
    [
        ("syndrome,subject", {}, None),
        ("species,specimen", {"syndrome": "species", "subject": "specimen"}, ("species", "specimen")),
        ("label,patient_id", {"syndrome": "label", "subject": "patient_id"}, ("class", "patient")),
        ("syndrome,patient", {"subject": "patient"}, (None, "patient")),
    ],
)
def test_a_data_set_is_spoken_of_as_its_columns_are_called(
    tmp_path: Path, heading: str, columns: dict[str, str], nouns: tuple[str | None, str] | None
) -> None:
    dataset = load_embeddings(_write(tmp_path / "x.csv", heading), columns=columns)
    found = None if nouns is None else DataNouns(classes=nouns[0], subjects=nouns[1])
    assert dataset.nouns == identity(dataset)["nouns"] == found
    assert ("specimens" in repr(dataset)) == (heading == "species,specimen")


def test_files_without_columns_name_nothing() -> None:
    assert nouns_of(None) is None


def test_several_labels_an_image_are_labels_whatever_their_columns_are_called(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("f_a,f_b,patient,e0,e1\n1,0,p,1,2\n0,1,q,2,1\n1,1,r,0,1\n", "utf-8")
    dataset = load_embeddings(path, columns={"labels": "f_", "subject": "patient"})
    assert dataset.nouns == DataNouns(subjects="patient")
    assert "3 patients" in repr(dataset)
