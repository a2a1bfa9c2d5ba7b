"""Reports that speak of the data in its own nouns, and of nobody by an id."""

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.label_errors.result import LabelErrorsAnalysis
from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.checks.running import run_checks
from skknn_syndrome.display.style import save_figure
from skknn_syndrome.display.table import for_readers
from skknn_syndrome.questions import presentations_of
from skknn_syndrome.rendering.identities import without_ids
from skknn_syndrome.rendering.meta import parse_meta
from skknn_syndrome.rendering.readers import as_read
from skknn_syndrome.rendering.tables import all_tables
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import speaking
from tests.builders import analysis_of, make_check, make_study, with_analyses
from tests.comparison_builders import make_leak
from tests.learning_builders import make_label_errors
from tests.refusing import refused
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study
from tests.rendering.studies import everything

WORDS = re.compile(r"\b(?:syndromes?|subjects?|persons?|people)\b", re.IGNORECASE)
QUOTED = re.compile(
    r"`[^`]*`"  # code, such as the command
    r"|[@#](?:tbl|fig)-[\w-]+|\]\(figures/[^)]*\)"  # references and files, which nobody reads
    r"|skknn\\?[-_]syndrome"
)
BUTTERFLIES = DataNouns(classes="species", subjects="specimen")


def of_butterflies(study: StudyResult) -> StudyResult:
    return study.revised(dataset=study.dataset.revised(nouns=BUTTERFLIES))


def test_a_report_of_species_says_nothing_of_syndromes_and_subjects() -> None:
    for study in (make_full_study(), everything()):
        text = whole_text(of_butterflies(study), ())
        assert WORDS.findall(QUOTED.sub("", text)) == []
        assert "specimens" in text
        assert "each species" in text


def test_tables_alternative_texts_and_checks_do_neither() -> None:
    study = of_butterflies(make_full_study())
    read = as_read(study)
    checks = run_checks(CheckContext.of(study))
    said = [text for check in checks for text in (check.title, check.message, check.remedy)]
    with speaking(read.vocabulary):
        for table in map(for_readers, all_tables(study)):
            said += [table.caption, *(column.heading for column in table.columns)]
            said += [cell for row in table.rows for cell in row if isinstance(cell, str)]
    found = [text for text in said if WORDS.search(QUOTED.sub("", text))]
    assert found == []
    assert any("species" in text for text in said)


def test_figures_are_lettered_in_these_nouns(tmp_path: Path) -> None:
    study = of_butterflies(make_full_study())
    makers = {maker.name: maker for entry in presentations_of(study) for maker in entry.figures}
    with speaking(as_read(study).vocabulary):
        maker = makers["calibration"]
        figure = maker.draw(study)
        assert figure is not None
        figure.axes[0].set_title("Each syndrome")
        file = save_figure(figure, "calibration", tmp_path, alt_text=maker.describe(study))
    assert figure.axes[0].get_title() == "Each species"
    assert not WORDS.search(file.alt_text)


def test_labels_and_file_names_are_quoted_as_they_are() -> None:
    study = make_full_study(("Down syndrome", "beta", "gamma"))
    named = study.revised(dataset=study.dataset.revised(name="syndrome images.csv", nouns=BUTTERFLIES))
    text = whole_text(named, ()).replace("\\", "")
    assert "Down syndrome" in text
    assert "Down species" not in text
    assert "classification of syndrome images.csv" in text


def test_authors_nouns_hold_over_those_of_the_data() -> None:
    study = of_butterflies(make_full_study())
    text = whole_text(study, (), meta=parse_meta("nouns: {class: [taxon, taxa]}"))
    assert "each taxon" in text
    assert "specimens" in text
    assert not re.search(r"\bspecies\b", text)


def test_nouns_of_authors_and_data_are_told_apart() -> None:
    with refused("nouns_alike", "meta"):
        as_read(of_butterflies(make_full_study()), parse_meta("nouns: {class: specimen}"))


def test_a_hostile_noun_in_a_study_is_refused() -> None:
    said = make_study().model_dump_json()
    for noun in ("<img src=x onerror=alert(1)>", "{{< include x >}}", 'q"\nfilters: [evil.lua]'):
        with pytest.raises(ValidationError, match="letters and digits"):
            DataNouns(subjects=noun)
        own = json.loads(said)
        own["dataset"]["nouns"] = {"classes": noun, "subjects": None, "images": None}
        with pytest.raises(ValidationError, match="letters and digits"):
            StudyResult.model_validate_json(json.dumps(own))


def test_ids_are_placeholders_unless_somebody_asks() -> None:
    study = everything()
    hidden = without_ids(study)
    (pair,) = analysis_of(hidden, NearDuplicatesAnalysis).near_duplicates.pairs
    assert (pair.images, pair.subjects) == (("image 1", "image 2"), ("subject 1", "subject 2"))
    assert pair.syndromes == ("a", "a")
    shown = whole_text(study, (), show_ids=True)
    assert "| i | j | s | t |" in shown
    assert "| image 1 | image 2 | subject 1 | subject 2 |" in whole_text(study, ())


def test_one_id_has_one_placeholder_in_tables_and_in_sentences() -> None:
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(make_leak(),)))
    ids = [name for group in analysis_of(study, LeakageAnalysis).leaks[0].subjects for name in group]
    check = make_check("leak", f"{ids[0]!r} and {ids[1]!r} may be one; so may 'a'.")
    hidden = without_ids(study.revised(checks=study.checks.replaced_by([check])), ["a"])
    assert hidden.checks[0].message == "subject 1 and subject 2 may be one; so may 'a'."
    assert analysis_of(hidden, LeakageAnalysis).leaks[0].subjects[0] == ("subject 1", "subject 2")


def test_where_there_are_no_ids_nothing_changes() -> None:
    study = make_full_study()
    bare = study.revised(
        analyses=study.analyses.each(
            lambda found: (
                make_label_errors(study.class_names).revised(errors=())
                if isinstance(found, LabelErrorsAnalysis)
                else found
            )
        )
    )
    kept = bare.revised(
        analyses=type(bare.analyses)(e for e in bare.analyses if e.question != "embedding_space")
    )
    assert without_ids(kept) is kept
