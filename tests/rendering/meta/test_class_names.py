"""Classes in the words of readers."""

import re

import pytest

from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.display.style import COLOURS, marks
from skknn_syndrome.rendering.class_marks import BEGIN, END
from skknn_syndrome.rendering.document import fill_parts
from skknn_syndrome.rendering.meta import parse_meta
from skknn_syndrome.rendering.meta.class_ids import with_class_ids
from skknn_syndrome.rendering.meta.class_names import renamed
from skknn_syndrome.rendering.readers import as_read
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.vocabulary import speaking
from tests.builders import analysis_of, make_check, make_study
from tests.refusing import refused
from tests.rendering.full_study import make_full_study

LABELS = ("Xalpha", "Xbeta", "Xgamma")
NAMES = parse_meta(
    "classes:\n"
    "  Xalpha: {name: Alpha syndrome, short: AS, id: OMIM 1, colour: '#00ff00'}\n"
    "  Xbeta: Beta disease\n  Xgamma: {short: G}\n"
    "class_order: [Xgamma, Xalpha]"
)


def test_no_label_is_left_where_all_are_called_otherwise() -> None:
    study = make_full_study(LABELS)
    told = renamed(study, {label: f"New {label[1:]}" for label in LABELS})
    assert told.class_names == ("New alpha", "New beta", "New gamma")
    left = re.findall(r".{60}Xalpha", told.model_dump_json())
    assert not left
    assert len(told.model_dump_json()) > len(study.model_dump_json())


def test_text_has_full_names_and_figures_short_ones() -> None:
    read = as_read(make_full_study(LABELS), NAMES)
    assert read.told.class_names == ("Xgamma", "Alpha syndrome", "Beta disease")
    assert read.drawn.class_names == ("G", "AS", "Beta disease")
    assert dict(read.class_ids) == {"Alpha syndrome": "OMIM 1"}
    with speaking(read.vocabulary):
        for result in (read.told, read.drawn):
            drawn = marks(result.class_names)
            assert drawn[result.class_names[1]].colour == "#00ff00"
            assert drawn["Beta disease"].colour in COLOURS


def test_a_result_without_metadata_stays_what_it_is() -> None:
    study = make_full_study(LABELS)
    read = as_read(study, show_ids=True)
    assert read.told is study is read.drawn


def test_the_order_holds_wherever_all_classes_are_listed() -> None:
    study = make_full_study(LABELS)
    told = as_read(study, parse_meta("class_order: [Xgamma, Xalpha]")).told
    order = ("Xgamma", "Xalpha", "Xbeta")
    assert told.class_names == order
    before, after = (analysis_of(each, PerClassAnalysis).evaluations[0] for each in (study, told))
    assert after.syndromes == order
    assert tuple(row.syndrome for row in after.per_syndrome) == order
    places = [before.syndromes.index(name) for name in order]
    assert after.confusion == tuple(
        tuple(before.confusion[row][column] for column in places) for row in places
    )
    old, new = (analysis_of(each, EmbeddingMapAnalysis) for each in (study, told))
    assert old.embedding_map is not None
    assert new.embedding_map is not None
    assert [old.embedding_map.syndromes[label] for label in old.embedding_map.labels] == [
        new.embedding_map.syndromes[label] for label in new.embedding_map.labels
    ]
    # What stands in the order of a clustering is left in it.
    assert new.centroid_similarities == old.centroid_similarities


def test_two_classes_are_not_called_the_same() -> None:
    with refused("class_names_alike", "meta"):
        as_read(make_full_study(LABELS), parse_meta("classes: {Xalpha: Xbeta}"))
    with refused("class_names_alike", "meta"):
        as_read(make_full_study(LABELS), parse_meta("classes: {Xalpha: {short: A}, Xbeta: {short: A}}"))


def test_names_may_change_places() -> None:
    study = make_study()
    told = renamed(study, {"a": "b", "b": "a"})
    assert [entry.n_images for entry in told.dataset.syndromes] == [4, 2]
    assert told.class_names == ("b", "a")


def test_sentences_quote_the_new_names() -> None:
    study = make_study()
    check = make_check("too_few_members", "'a' has 2 members; a fold more.")
    told = renamed(study.revised(checks=study.checks.replaced_by([check])), {"a": "Alpha"})
    assert told.checks[0].message == "'Alpha' has 2 members; a fold more."


@pytest.mark.parametrize(
    "text, said",
    [
        (
            "---\ntitle: WS\\.\n---\n## WS\\.\n| WS\\. |\n: WS\\.\nWS\\. and WS\\.",
            "WS\\. (OMIM\\:1) and WS\\.",
        ),
        ("## WS\\.\n![WS\\.](f)\nAWS\\.", "AWS\\."),
        ("`WS\\.` [a](WS\\.) @tbl-a {.WS\\.} WS\\.", "`WS\\.` [a](WS\\.) @tbl-a {.WS\\.} WS\\. (OMIM\\:1)"),
        ("in the top 3, A study", "in the top 3, A study"),
    ],
)
def test_ids_stand_at_the_first_mention_in_prose(text: str, said: str) -> None:
    ids = {"WS.": "OMIM:1", "3": "OMIM:2", "A": "OMIM:3"}
    marked = re.sub(r"(?<!\w)WS\\\.|(?<=top )3|\bA\b", lambda found: f"{BEGIN}{found[0]}{END}", text)
    assert with_class_ids(marked, ids).splitlines()[-1] == said


def test_a_word_of_the_prose_is_no_class() -> None:
    meta = parse_meta("classes: {Xalpha: {name: Method, id: 'OMIM 1'}}")
    texts = fill_parts(assets_folder(), make_full_study(LABELS), (), meta=meta)
    assert "**Method.**" in texts["main"]
    assert not re.search(f"[{BEGIN}{END}]", "".join(texts.values()))
