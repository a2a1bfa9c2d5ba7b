"""What the report says of the data."""

import numpy as np
import pytest

from skknn_syndrome.analyses.dataset.present import DatasetFindings, dataset_summary
from skknn_syndrome.results.embedder import EmbedderNote
from tests.builders import make_candidate, make_run, make_study
from tests.checks.contexts import LABELS, make_check_on, make_context


def test_imbalance_is_largest_to_smallest() -> None:
    dataset = make_study().dataset
    found = DatasetFindings(dataset)
    assert (found.largest.syndrome, found.smallest.syndrome, found.imbalance) == ("a", "b", 2.0)
    assert found.n_syndromes == 2
    assert found.images_per_subject == 6 / 5
    assert DatasetFindings(dataset.revised(n_subjects=None)).images_per_subject is None


SUBJECTS = np.array(["s", "t", "u", "v", "w", "x"])


@pytest.mark.parametrize("simulated, outcome", [(True, "issue"), (False, "passed")])
def test_simulated_data_is_an_issue(*, simulated: bool, outcome: str) -> None:
    assert make_check_on("simulated_data", make_context(simulated=simulated)).outcome == outcome


def test_arrays_do_not_tell_whether_they_are_simulated() -> None:
    check = make_check_on("simulated_data", make_context(origin_known=False))
    assert (check.outcome, check.figures) == ("not_applicable", {})


def test_the_data_tell_what_embedded_them() -> None:
    note = EmbedderNote(
        model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}", seconds_per_image=0.02
    )
    study = make_study()
    known = study.revised(dataset=study.dataset.revised(embedder=note))
    filled = study.revised(dataset=study.dataset.revised(embedder=note.revised(n_zero_filled=2)))
    zeros = ("Unreadable images, as vectors of zeros", 2)
    assert not any("Encoder" in row for row in dataset_summary(study).rows)
    assert ("Encoder", "a.onnx (ONNX)") in dataset_summary(known).rows
    assert zeros not in dataset_summary(known).rows
    assert zeros in dataset_summary(filled).rows


def test_missing_subject_ids_are_an_issue() -> None:
    without = make_check_on("no_subjects", make_context())
    assert (without.outcome, without.figures) == ("issue", {"n_images": 6})
    with_ids = make_check_on("no_subjects", make_context(groups=SUBJECTS))
    assert (with_ids.outcome, with_ids.figures) == ("passed", {"n_subjects": 6})


def test_contexts_of_tests_count_what_they_hold() -> None:
    context = make_context(make_run(make_candidate([0.5])), groups=SUBJECTS)
    assert [entry.n_images for entry in context.dataset.syndromes] == [3, 3]
    assert context.primary.winner.metric == "cosine"
    assert len(LABELS) == context.dataset.n_subjects
