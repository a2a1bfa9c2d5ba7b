"""The report of an alignment of distances, and its section in a study."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from skknn_syndrome.analyses.alignment.figures import (
    draw_heatmaps,
    draw_pairs,
    draw_trees,
    say_pairs,
    say_power,
    say_trees,
)
from skknn_syndrome.analyses.alignment.result import (
    AlignmentAnalysis,
    ClassContribution,
    Dendrogram,
    Dendrograms,
    Leftovers,
)
from skknn_syndrome.rendering import render_report
from skknn_syndrome.rendering.document import write_document
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.rendering.tables import write_tables
from skknn_syndrome.results.analysis import Analyses, Analysis
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from tests.alignment_builders import make_alignment, make_alignment_analysis

SHOWN = make_alignment_analysis()
NOT_SHOWN = make_alignment_analysis(
    0.1,
    0.3,
    power=SHOWN.power[:1],
    partial=(),
    phylogenetic=None,
    naive=None,
    reference_kind="matrix",
    n_single=0,
    exact=False,
    leftovers=Leftovers(),
)
OPPOSITE = make_alignment_analysis(-0.6, 0.01, alternative="two-sided", power=())
UNDEFINED = make_alignment_analysis(
    None, None, distance="given", prototype=None, partial=(), contributions=SHOWN.contributions
)


def text_of(found: Analysis, folder: Path, *, with_images: bool = True) -> str:
    """Return the document of an alignment, on single spaces and without escapes."""
    alignment = make_alignment(found, with_images=with_images)
    return " ".join(write_document(alignment, folder).read_text("utf-8").replace("\\", "").split())


def test_an_association_is_stated_with_its_figures(tmp_path: Path) -> None:
    text = text_of(SHOWN, tmp_path)
    assert "Visual distance follows the reference: r = 0.60" in text
    assert "near by the reference tend to be near in the embeddings" in text
    assert "controlling for class size, r = 0.550 (p = 0.020);" in text
    assert "controlling for constant, no correlation is defined." in text
    assert "Controlling for same genus, an association is no longer shown" in text
    assert "in 22 % of 200 simulations" in text
    assert "“Pectinidae ” and “Pectinidae”." in text
    assert "a correlation of 0.3 is found in 20 % only, and one of 0.6 or more in at least 80 %" in text


def test_what_is_not_shown_is_not_claimed_and_low_power_is_said(tmp_path: Path) -> None:
    text = text_of(NOT_SHOWN, tmp_path)
    assert "No association of visual with reference distance is shown" in text
    assert "tend to be near" not in text
    assert "The power is low" in text
    assert "no longer" not in text


def test_the_other_sign_is_no_association_of_that_kind(tmp_path: Path) -> None:
    text = text_of(OPPOSITE, tmp_path)
    assert "Visual distance runs against the reference" in text
    assert "tend to be far apart" in text


def test_distances_that_do_not_vary_have_no_correlation(tmp_path: Path) -> None:
    text = text_of(UNDEFINED, tmp_path, with_images=False)
    assert "there is nothing to compare" in text
    assert "no subject ids" not in text


@pytest.mark.parametrize("found", [SHOWN, NOT_SHOWN], ids=["shown", "not shown"])
def test_all_that_is_cited_is_there(found: Analysis, tmp_path: Path) -> None:
    text = write_document(make_alignment(found), tmp_path).read_text("utf-8")
    assert {*re.findall(r"@((?:fig|tbl)-[a-z0-9-]+)", text)} <= {
        *re.findall(r"\{#((?:fig|tbl)-[a-z0-9-]+)", text)
    }
    literature = (tmp_path / "references.bib").read_text("utf-8")
    assert all(f"{{{key}," in literature for key in re.findall(r"@(\w+)[\];]", text))


def test_its_file_is_told_from_that_of_a_study_and_a_label_shows_as_itself(tmp_path: Path) -> None:
    make_alignment().save(tmp_path / "alignment.json")
    (file,) = render_report(tmp_path / "alignment.json", tmp_path / "report", engine="embedded")
    page = file.path.read_text("utf-8")
    assert "&lt;b&gt;Limidae&lt;/b&gt;" in page
    assert "<b>Limidae</b>" not in page


def test_tables_and_figures_have_files_of_their_own(tmp_path: Path) -> None:
    alignment = make_alignment()
    assert {path.stem for path in write_tables(alignment, tmp_path)} == {
        "alignment_correlations",
        "alignment_power",
        "alignment_classes",
        "class_distances",
    }
    drawn = {file.name: file.alt_text for file in write_figures(alignment, tmp_path)}
    assert {*drawn} == {"alignment-pairs", "alignment-heatmaps", "alignment-trees", "alignment-power"}
    assert all(drawn.values())


def of_many_classes(n_classes: int = 81) -> AlignmentAnalysis:
    """Return an alignment of more classes than figures name, and of more pairs than they draw one by one."""
    names = tuple(f"class {number:02d}" for number in range(n_classes))
    distances = tuple(float(second - first) for first, second in combinations(range(n_classes), 2))
    inner = [*range(n_classes, 2 * n_classes - 1)]
    comb = Dendrogram(
        parents=(inner[0], *inner, *inner[1:], -1),
        depths=(*[1.0] * n_classes, *[0.5] * (n_classes - 2), 0.0),
        order=tuple(range(n_classes)),
    )
    return make_alignment_analysis(
        names=names,
        visual=distances,
        given=distances,
        contributions=tuple(
            ClassContribution(name=name, n_images=1, n_subjects=1, estimate=None, without=None)
            for name in names
        ),
        dendrograms=Dendrograms(visual=comb, reference=comb, cophenetic=None, bakers_gamma=None),
    )


def test_of_many_classes_figures_name_none_and_the_report_lists_some(tmp_path: Path) -> None:
    found = of_many_classes()
    for figure in (draw_heatmaps(found), draw_pairs(found), draw_trees(found)):
        assert not [text for axes in figure.axes for text in axes.texts if "class" in text.get_text()]
    text = text_of(found, tmp_path)
    assert "the 20 of 81 that change it most" in text
    assert "Without one class" not in text


def test_large_distances_lie_beside_the_file(tmp_path: Path) -> None:
    alignment = make_alignment()
    assert DistanceAlignment.load(saved(alignment, tmp_path)) == alignment
    assert isinstance(alignment.analyses, Analyses)


def saved(alignment: DistanceAlignment, folder: Path) -> Path:
    """Write an alignment, and return where."""
    path = folder / "alignment.json"
    alignment.save(path)
    return path


def test_messages_claim_what_the_mantel_test_and_the_power_show() -> None:
    assert say_pairs(SHOWN).startswith("Visual distance rises with reference distance (r")
    for found in (NOT_SHOWN, OPPOSITE, UNDEFINED):
        assert say_pairs(found).startswith("No significant rise")
    assert "Baker's gamma 0.70" in say_trees(SHOWN)
    assert say_power(SHOWN).startswith("Correlations from 0.6 on")
    assert say_power(SHOWN.revised(power=SHOWN.power[:1])).startswith("No simulated correlation")
