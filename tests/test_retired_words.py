"""Words that the field does not use, for what it has a name for: in no report, help text or page of docs."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from skknn_syndrome.checks.base import registered_checks
from skknn_syndrome.questions import presentations_of
from skknn_syndrome.rendering.case_sheet import fill_case
from skknn_syndrome.rendering.document import AnyResult
from skknn_syndrome.rendering.figures import alt_text_of
from skknn_syndrome.rendering.tables import all_tables
from tests.alignment_builders import make_alignment
from tests.cli.conftest import exit_code_of
from tests.model.builders import gallery, lda_model
from tests.model_builders import make_encoder, make_model_comparison, make_two_models
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study
from tests.rendering.studies import everything

RETIRED = (
    r"ablations?",
    r"preparing|ways? of preparing",
    r"(?:un)?seen (?:class|syndrome|species|subject|label)\w*|strangers?|nobody (?:has|had) seen",
    r"people on both sides|leaking|leaky|leaks? into",
    r"simpler rules?",
    r"(?:can|could|to) be believed|better than (?:it|they) says?",
    r"optimis(?:m|tic)|choosing on the same folds",
    r"asking candidates|ask(?:s|ed)? (?:the|each|all) candidates?|ways? of voting|met the folds",
    r"settled|told otherwise|(?:no|not|is|are) more than chance",
    r"honest(?:ly)?",
    r"taken for (?!granted)|syndromes? (?:is|are|was|were) recogni[sz]ed",
    r"dangers?|to be known before",
    r"headlines?",
    r"(?:lower|higher|its|their) recall",
)
"""Section 4 of the design; what is also a plain word, such as "seen", only where it could be the old term."""
PATTERN = re.compile(rf"\b(?:{'|'.join(RETIRED)})\b", re.IGNORECASE)
QUOTED = re.compile(
    r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)|https?://\S+|^    [^\n]*$"
    r"|\{#[^}\n]*\}|@(?:tbl|fig)-[\w-]+|(?:\\?-){2}[\w\\-]+",
    re.DOTALL | re.MULTILINE,
)
"""Code, targets and names of figures and tables, which are kept for those who wrote them down."""
OF_OTHERS = ("genus of unseen", "called the result", "choice is optimistic")
"""What others say in their own words, and names of earlier versions."""
VERBS = (
    "study",
    "compare",
    "align",
    "embed",
    "report",
    "audit",
    "convert",
    "reproduce",
    "fit",
    "predict",
    "explain",
)
PROJECT = Path(__file__).parents[1]


def retired(text: str) -> list[str]:
    """Return the retired words in a text, each with the words around it."""
    plain = QUOTED.sub(" ", text.replace("\\", ""))
    lines = [line for line in plain.splitlines() if not any(own in line for own in OF_OTHERS)]
    around = re.compile(rf".{{0,30}}{PATTERN.pattern}.{{0,30}}", re.IGNORECASE)
    return [found[0] for line in lines for found in around.finditer(line)]


@cache
def results() -> tuple[AnyResult, ...]:
    """Return a result of each kind, with as much to say as there can be."""
    comparison = make_model_comparison(make_two_models(), make_encoder("embeddings"))
    return make_full_study(), everything(), comparison, make_alignment()


def texts_beside(result: AnyResult) -> Iterator[str]:
    """Yield what figures, tables and checks say of a result."""
    for entry in presentations_of(result):
        for maker in entry.figures:
            yield alt_text_of(maker, result, result)
    for table in all_tables(result):
        yield " ".join([table.caption, *(column.heading for column in table.columns)])


@pytest.mark.parametrize(
    "text", ["Unseen syndromes", "the honest way", "Ablation", "x is taken for y", "a lower recall"]
)
def test_a_retired_word_is_found(text: str) -> None:
    assert retired(text)
    assert not retired(f"`{text}`")


def test_reports_have_none() -> None:
    assert [found for result in results() for found in retired(whole_text(result))] == []


def test_case_sheets_have_none() -> None:
    found = lda_model().explain(gallery(seed=6), "person-5-a")
    said = found.prediction
    doubted = found.revised(
        prediction=said.revised(
            prediction_set=(said.ranking[-1].name,), possibly_none=True, flags=("zero_vector",)
        ),
        vote=found.vote.revised(decides=True),
        without_nearest=None,
        odds=found.odds.revised(posterior=2.0),
        in_gallery=True,
        card=found.card.revised(expected_of="study", expected_are_stale=True),
    )
    assert [word for each in (found, doubted) for word in retired(fill_case(each, {}))] == []


def test_figures_tables_and_checks_have_none() -> None:
    said = [text for result in results()[:2] for text in texts_beside(result)]
    said += [text for kind in registered_checks().values() for text in (kind.title, kind.remedy)]
    assert [found for text in said for found in retired(text)] == []


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_none(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of([verb, "--help"], monkeypatch) == 0
    text = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert len(text) > 400
    assert retired(text) == []


def test_docs_have_none() -> None:
    files = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
    assert [(file.name, found) for file in files for found in retired(file.read_text("utf-8"))] == []
