"""Figures show the largest of many syndromes."""

from pathlib import Path

from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.display.extent import MOST_SYNDROMES, within_extent
from skknn_syndrome.display.lettering import drawn_labels
from skknn_syndrome.rendering.document import MOST_ROWS, fill_template
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.study import StudyResult
from tests.builders import analysis_of, make_study
from tests.rendering.full_study import make_full_study

NAMES = ("alpha", "beta", "gamma")


def test_a_study_with_few_syndromes_stays_as_it_is() -> None:
    study = make_full_study(NAMES)
    assert within_extent(study) is study


def test_of_many_syndromes_the_largest_are_left_and_the_rest_agrees() -> None:
    study = make_full_study(NAMES)
    shown = within_extent(study, 2)
    largest = sorted(study.dataset.syndromes, key=lambda entry: -entry.n_images)[:2]
    assert {entry.syndrome for entry in shown.dataset.syndromes} == {entry.syndrome for entry in largest}
    assert StudyResult.model_validate_json(shown.model_dump_json()).dataset == shown.dataset
    assert len(analysis_of(shown, PerClassAnalysis).evaluations[0].confusion) == 2
    found = analysis_of(shown, EmbeddingMapAnalysis)
    assert found.embedding_map is not None
    assert set(found.embedding_map.labels) == {0, 1}
    assert [len(entry.matrix[0]) for entry in found.centroid_similarities] == [2, 2]
    alone = found.revised(embedding_map=None)
    assert alone.of_classes(alone.centroid_similarities[0].syndromes) == alone


def test_a_study_without_analyses_is_cut_too() -> None:
    assert len(within_extent(make_study(), 1).dataset.syndromes) == 1


def test_a_report_of_thousands_of_syndromes_says_what_it_shows() -> None:
    counts = tuple(SyndromeCount(syndrome=f"s{n:05}", n_images=2, n_subjects=1) for n in range(20_000))
    study = make_full_study(NAMES)
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"syndromes": counts})})
    text = fill_template(assets_folder(), study, ())
    assert f"Figures show the {MOST_SYNDROMES} syndromes with the most images" in " ".join(text.split())
    assert f"the first {MOST_ROWS} of 20\\,000 rows" in text
    assert "CSV" not in text.split("the first 200 of")[1].split("\n")[0]
    assert "s00199" in text
    assert "s00200" not in text


def test_labels_of_thousands_of_syndromes_are_made_in_one_pass() -> None:
    names = [f"{'a long name that is cut':<40}{n:09}" for n in range(20_000)]
    assert len(set(drawn_labels(names).values())) == len(names)


def test_the_alt_text_says_what_is_left_out(tmp_path: Path) -> None:
    counts = tuple(SyndromeCount(syndrome=f"s{n:03}", n_images=2, n_subjects=1) for n in range(101))
    study = make_study()
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"syndromes": counts})})
    (figure,) = write_figures(study, tmp_path)
    assert figure.alt_text.endswith("Of 101 syndromes, the 100 with the most images.")
