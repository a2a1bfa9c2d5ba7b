"""What went wrong, as a sentence and an exit code."""

import pytest

from skknn_syndrome.cli.failing import explain
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError, StudySettingsError


@pytest.mark.parametrize(
    "error, sentence, exit_code",
    [
        (ColumnsError({"no_labels": "It has none"}, {"syndrome": "label"}), "--column syndrome=label", 1),
        (EmbeddingsFileError("cv=3 folds.csv: it is empty."), "cv=3 folds.csv: it is empty.", 1),
        (StudySettingsError("All images have the same label."), "All images have the same label.", 1),
        (StudySettingsError("n_neighbors must be at least 1."), "--n-neighbors must be at least 1.", 2),
        (
            ValueError("The 'temperature' parameter of A must be a float from 0 up. Got inf instead."),
            "--temperature inf can't be: take a float from 0 up.",
            2,
        ),
        (ValueError("It is\nwrong."), "It is wrong.", 1),
        (MemoryError(), "there is not enough memory for this", 1),
        (ImportError("x.so: failed to map segment from shared object"), "there is not enough memory", 1),
        (PermissionError(13, "Permission denied", "a.csv"), "Permission denied: a.csv", 1),
    ],
)
def test_each_error_has_its_sentence_and_exit_code(error: Exception, sentence: str, exit_code: int) -> None:
    said, code = explain(error)
    assert code == exit_code
    assert sentence in said
