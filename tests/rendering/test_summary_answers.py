"""What a reader asks is answered by the text of the summary alone, whatever the study."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skknn_syndrome import load_embeddings
from skknn_syndrome.data import make_multilabel_embeddings
from skknn_syndrome.display.prose import percent
from skknn_syndrome.rendering.document import fill_parts
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study, study_dataset
from tests.rendering.summary_pages import findings_of, line, numbers, page
from tests.rendering.test_made_up_data import draw

SMALL: dict[str, Any] = {
    "n_neighbors": [1, 3, 5], "metrics": "cosine", "cv": 3, "protocols": ("subject", "image"),
    "analyses": ("uncertainty", "calibration", "open_set", "baselines", "chance", "leakage"),
}  # fmt: skip

QUESTIONS = {
    "which method": r"\*\*Method\.\*\* Cosine distance, k = \d",
    "what not to believe": r"\*\*Leakage: [a-z ]+\.\*\*",
    "for whom not tested": r"\*\*Not shown\.\*\* Performance at other centres",
}
"""What the page alone has to answer, of whatever data."""
OF_RESULTS = {
    "for which classes not": r"Not recognised reliably \(.+?\): .+? of \d+ |Lowest: |Highest sensitivity: ",
    "how sure": r"\*\*Calibration: [\w ,-]+\.\*\* (Mean confidence|How sure)",
    "what of unknown classes": r"\*\*Unknown \w+: (unsafe without|review needed|most are|not measured)",
}
"""What else, where the search is better than chance."""


OF_SEVERAL_LABELS = {
    "which method, how well with which interval": r"[Nn]eighbours has the highest mean .+?, 0\.\d+; over all "
    r"predictions it is 0\.\d+ \(95.% CI 0\.\d+ to \d\.\d+\)",
    "for which classes not": r"\*\*Per label\.\*\* .+? (?:does not recognise|sensitivity of at least)",
    "how sure": r"\*\*Not shown\.\*\* How well probabilities are calibrated",
    "what of unknown classes": r"what becomes of images with labels that are absent from training",
    "what not to believe": r"whether the encoders have seen these subjects",
    "for whom not tested": r"performance at other centres or with other cameras",
}
"""What the summary of the one document has to answer that such a study has."""


def assert_answered(study: StudyResult) -> str:
    text, found = page(study), findings_of(study)
    for question, answer in (QUESTIONS if found.facts.by_chance else QUESTIONS | OF_RESULTS).items():
        assert re.search(answer, text), f"{question}: {text}"
    if not found.facts.by_chance:
        assert_shares(study, line(text, "Main result"))
    return text


def assert_shares(study: StudyResult, said: str) -> None:
    """Assert that top-1 accuracy is in its interval as printed, and is what the study has."""
    first = findings_of(study).shares[0]
    share, confidence, low, high = numbers(said)[:4]
    assert confidence == 95
    assert share == pytest.approx(100 * first.share, abs=0.5)
    assert (first.low, first.high) != (None, None)
    assert low == pytest.approx(100 * (first.low or 0), abs=0.5)
    assert high == pytest.approx(100 * (first.high or 0), abs=0.5)
    assert low <= share <= high
    assert percent(findings_of(study).guessing).split()[0] in said


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
class TestAnswers:
    """The page of studies of made-up data answers all questions, and claims nothing that does not hold."""

    def test_of_separable_classes(self) -> None:
        samples, labels, subjects = draw(4, 20.0, 2)
        text = assert_answered(cross_validate_study(samples, labels, groups=subjects, **SMALL))
        assert "Not recognised" not in text
        assert "chance" not in text

    def test_of_shuffled_labels(self) -> None:
        samples, labels, subjects = draw(4, 1.0, 1)
        shuffled = np.repeat(np.random.default_rng(1).permutation(labels[::2]), 2)
        text = assert_answered(cross_validate_study(samples, shuffled, groups=subjects, **SMALL))
        assert "not significantly better than chance" in text
        assert "Better:" not in text
        assert line(text, "Per syndrome") == ""

    def test_of_two_classes(self) -> None:
        samples, labels, subjects = draw(2, 1.0, 3)
        text = assert_answered(cross_validate_study(samples, labels, groups=subjects, **SMALL))
        assert "in the top" not in text

    def test_of_a_binary_study(self) -> None:
        samples, labels, subjects = draw(2, 0.3, 3)
        of_cases = np.where(labels == "a", "control", "case")
        text = assert_answered(cross_validate_study(samples, of_cases, groups=subjects, **SMALL))
        assert "48 subjects, 96 images, 2 syndromes" in text
        assert "right for 50 %" in text.replace("\N{NO-BREAK SPACE}", " ")
        assert re.search(r"\b(?:control|case) \(", text)

    def test_of_a_study_of_several_labels(self) -> None:
        data = make_multilabel_embeddings(n_subjects=60, n_labels=3, n_features=6, rarest=0.2)
        quick: dict[str, Any] = {"n_neighbors": [1, 9], "metrics": "euclidean", "cv": 3, "inner_cv": 2}
        (document,) = fill_parts(assets_folder(), study_dataset(data, n_repeats=1, **quick), ()).values()
        text = " ".join(document.partition("## Summary")[2].partition("## Data")[0].split())
        for question, answer in OF_SEVERAL_LABELS.items():
            assert re.search(answer, text), f"{question}: {text}"

    def test_of_forty_people(self) -> None:
        samples, labels, subjects = draw(4, 2.0, 4)
        chosen = subjects % 24 < 10
        text = assert_answered(
            cross_validate_study(samples[chosen], labels[chosen], groups=subjects[chosen], **SMALL)
        )
        assert "40 subjects, 80 images, 4 syndromes" in text

    def test_without_subjects(self) -> None:
        samples, labels, _ = draw(4, 2.0, 5)
        text = assert_answered(cross_validate_study(samples, labels, **SMALL | {"protocols": ("image",)}))
        assert "Without subject ids, images of one person may be in training and test." in text
        assert "subjects," not in text

    def test_of_real_faces(self, real_file: Path) -> None:
        data = load_embeddings(real_file)
        study = cross_validate_study(
            data.embeddings, data.syndromes, groups=data.subjects, **SMALL | {"n_neighbors": [15]}
        )
        text = assert_answered(study)
        assert "941 subjects, 1,116 images, 10 syndromes" in text
        assert "unsafe without review" in text

    def test_of_swallowtails(self, swallowtails: Path) -> None:
        columns = {"syndrome": "genus", "subject": "specimen", "image": "image", "features": "e"}
        data = load_embeddings(swallowtails, columns=columns)
        study = cross_validate_study(
            data.embeddings,
            data.syndromes,
            groups=data.subjects,
            **SMALL
            | {"n_neighbors": [5], "analyses": ("uncertainty", "open_set"), "protocols": ("subject",)},
        )
        named = study.revised(
            dataset=study.dataset.revised(nouns=DataNouns(classes="genus", subjects="specimen"))
        )
        text = assert_answered(named)
        assert "31 genera" in text
        assert not re.search(r"syndrome|subject|people|person|diagnos|ancestry", text)
