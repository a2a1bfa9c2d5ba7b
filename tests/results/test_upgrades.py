"""Studies of older versions, written by the programs of then on the simulated data of full size."""

import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from skknn_syndrome.analyses.baselines.result import Baseline, BaselineComparison
from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from skknn_syndrome.analyses.larger_k.result import LargerK
from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.analyses.open_set.result import OpenSetAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.analyses.published.result import PublishedScores
from skknn_syndrome.display.prose import NBSP
from skknn_syndrome.errors import StudyFileError
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.upgrades import OF_STUDY, SCHEMA_VERSION, as_written, upgrade_study, upgrade_text
from tests.analyses.preprocessing.make import make_comparison, of_version_2
from tests.builders import analysis_of, with_analyses, with_parts
from tests.compare_results import Comparison, compare
from tests.comparison_builders import (
    make_alternative,
    make_inflation,
    make_interval,
    make_leak,
    make_protocol_inflation,
    make_repeats,
)
from tests.rendering.filling import whole_text
from tests.rendering.full_study import CONTINUED, make_full_study

OLDER = Path(__file__).parent / "older"
VERSIONS = [1, 3]


def written(version: int) -> str:
    """Return a file of that schema, made with ``study --n-neighbors 1,5,15 --cv 5`` at seed 42."""
    return lzma.decompress((OLDER / f"study_schema_{version}.json.xz").read_bytes()).decode()


@pytest.fixture(scope="module", params=VERSIONS, ids="schema {}".format)
def version(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture(scope="module")
def raw(version: int) -> Any:
    return json.loads(written(version))


@pytest.fixture(scope="module")
def loaded(version: int, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    path = tmp_path_factory.mktemp("older") / "study.json"
    path.write_text(written(version))
    return StudyResult.load(path)


def test_it_is_the_file_of_a_real_sized_study(version: int, raw: Any) -> None:
    assert raw["schema_version"] == version
    assert (raw["dataset"]["n_images"], raw["dataset"]["n_features"]) == (1116, 320)


def test_the_best_candidates_and_their_scores_are_those_of_the_file(raw: Any, loaded: StudyResult) -> None:
    assert loaded.schema_version == SCHEMA_VERSION
    for run, before in zip(loaded.protocols, raw["protocols"], strict=True):
        by_key = {
            (entry["metric"], entry["weights"], entry["n_neighbors"]): {
                score["name"]: score["mean"] for score in entry["all_scores"]
            }
            for entry in before["candidates"]
        }
        assert {
            (entry.metric, entry.weights, entry.n_neighbors): {
                name: score.mean for name, score in entry.scores.items()
            }
            for entry in run.candidates
        } == by_key
        best = max(by_key, key=lambda key: by_key[key]["roc_auc_ovr"])
        assert (run.winner.metric, run.winner.weights, run.winner.n_neighbors) == best


def test_known_figures_are_the_same(loaded: StudyResult) -> None:
    best = loaded.best["cosine"]
    assert (loaded.primary.winner, best.n_neighbors) == (best, 15)
    assert best.scores["roc_auc_ovr"].mean == pytest.approx(0.9585095422637192, abs=1e-12)
    assert analysis_of(loaded, InflationAnalysis).differences[0].variant == "euclidean"
    assert [entry.variant for entry in analysis_of(loaded, PerClassAnalysis).evaluations] == [
        "euclidean",
        "cosine",
    ]


def test_it_makes_a_frame(loaded: StudyResult) -> None:
    frame = loaded.to_frame()
    assert list(frame.columns[2:5]) == ["metric", "weights", "n_neighbors"]
    assert set(frame["n_neighbors"]) == {1, 5, 15}


def test_it_makes_a_report(loaded: StudyResult) -> None:
    text = whole_text(loaded, ())
    assert "the cosine distance with\nk = 15" in text.replace(NBSP, " ")


def test_it_is_saved_in_the_schema_of_today(loaded: StudyResult, tmp_path: Path) -> None:
    loaded.save(tmp_path / "study.json")
    assert json.loads((tmp_path / "study.json").read_text())["schema_version"] == SCHEMA_VERSION
    assert StudyResult.load(tmp_path / "study.json") == loaded


CENTROID = Baseline(
    head="nearest_centroid",
    params={"metric": "cosine"},
    ranking="negative_distance",
    all_scores=(Score.from_values("roc_auc_ovr", [0.5, 0.75]),),
)


def make_whole_study() -> StudyResult:
    full = make_full_study()
    # Than the older schemas.
    younger = {"models", "learning_curve", "label_errors", "prediction_sets"}
    full = full.revised(
        analyses=Analyses(
            entry.revised(class_means=None) if isinstance(entry, OpenSetAnalysis) else entry
            for entry in full.analyses
            if entry.question not in younger
        )
    )
    full = with_parts(
        full,
        repeats=make_repeats(),
        baselines=(CENTROID,),
        alternatives=(
            make_alternative(("roc_auc_ovr", 0.1, 0.5)),
            make_alternative(("roc_auc_ovr", 0.1, 0.5), metric="cosine", n_neighbors=30),
        ),
        difference=make_inflation(make_interval("f1_macro", 0.1, 0.2)),
    )
    full = with_analyses(
        full,
        LargerK(
            protocol="image",
            curves=(CONTINUED,),
            alternatives=(make_alternative(("roc_auc_ovr", 0.1, 0.5), metric="cosine", n_neighbors=30),),
        ),
        BaselineComparison(
            protocol="image",
            baselines=(CENTROID,),
            alternatives=(make_alternative(("roc_auc_ovr", 0.1, 0.5)),),
        ),
        make_comparison().model_copy(update={"protocol": "image"}),
        PublishedScores(published=(PUBLISHED,)),
    )
    return with_analyses(
        full,
        LeakageAnalysis(leaks=(make_leak(),)),
        InflationAnalysis(
            protocol_inflations=(make_protocol_inflation(),),
            inflations=(make_inflation(make_interval("f1_macro", 0.1, 0.2)),),
        ),
    )


PUBLISHED = PublishedScore(
    source="s", table="t", dataset="original", classifier="knn", distance="cosine", n_neighbors=5,
    score="f1_macro", value=0.9,
)  # fmt: skip


def _before_6(document: Any) -> None:
    """Put analyses back where schema 5 had what they hold."""
    run = document["protocols"][0]
    alternatives = []
    for entry in document.pop("analyses"):
        question = entry.pop("question")
        del entry["sample"]
        entry.pop("class_means", None)
        alternatives += entry.pop("alternatives", [])
        if question == "preprocessing":
            document["ablation"] = of_version_2(entry)
        else:
            del entry["protocol"]
            (document if question in OF_STUDY else run).update(entry)
    for syndrome in (syndrome for found in run["open_sets"] for syndrome in found["syndromes"]):
        syndrome["n_unseen"] = syndrome.pop("n_unknown")
    run["alternatives"] = alternatives


def of_schema_4(study: StudyResult) -> Any:
    """Return a study's JSON as schema 4 had it."""
    document = json.loads(study.model_dump_json()) | {"schema_version": 4}
    _before_6(document)
    run = document["protocols"][0]
    run["nested"]["optimism"] = run["nested"].pop("selection_bias")
    for rule in (*run["baselines"], *run["alternatives"]):
        rule |= {"name": rule.pop("head"), "metric": None, **rule.pop("params")}
    for curve in run["curves"]:
        curve |= {"n_neighbors": curve.pop("grid"), "edge": curve["params"].pop("n_neighbors")}
    _unkey(document)
    for selection in run["temperatures"]:
        del selection["weights"]
    for difference in (run["difference"], *document["inflations"]):
        difference |= {"metric": difference.pop("variant"), "level": None}
    return document


def _unkey(value: Any) -> None:
    if isinstance(value, dict) and "params" in value:
        del value["head"]
        value |= value.pop("params")
    for entry in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _unkey(entry)


def test_every_part_of_schema_4_has_its_head_and_parameters() -> None:
    study = make_whole_study()
    document = of_schema_4(study)
    for part in (document, document["ablation"]):
        del part["provenance"]["head"]
    assert "head" not in json.dumps(document)
    upgraded = StudyResult.model_validate_json(upgrade_text(json.dumps(document)))
    found = compare(*(json.loads(result.model_dump_json()) for result in (study, upgraded)))
    assert found == Comparison((), ())


def test_a_level_that_all_intervals_had_in_common_is_that_of_each() -> None:
    ends = {"percentile_low": 0.1, "percentile_high": 0.2}
    inflation = {"metric": "cosine", "level": 0.96, "all_scores": [ends, {"percentile_low": None}]}
    document: Any = {"schema_version": 2, "inflations": [inflation]}
    upgrade_study(document)
    (inflations,) = (entry["inflations"] for entry in document["analyses"])
    assert inflations == [
        {"all_scores": [ends | {"level": 0.96}, {"percentile_low": None}], "variant": "cosine"}
    ]


@pytest.mark.parametrize("version", range(6, SCHEMA_VERSION))
def test_a_file_of_every_schema_before_is_upgraded(version: int) -> None:
    text = upgrade_text(json.dumps({"schema_version": version, "protocols": []}))
    assert json.loads(text) == {"schema_version": SCHEMA_VERSION, "protocols": []}


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION, 99, True, 2.0, "1", None])
def test_what_is_of_no_older_schema_stays_as_it_is(version: Any) -> None:
    document = {"schema_version": version, "protocols": [{"candidates": [{"metric": "cosine"}]}]}
    before = json.dumps(document)
    upgrade_study(document)
    assert json.dumps(document) == before
    assert upgrade_text(before) == before
    assert as_written(version, ("curves", 0, "grid")) == ("curves", 0, "grid")


@pytest.mark.parametrize("text", ['{"schema_version": 1', '["schema_version", {"schema_version": 1}]'])
def test_what_is_no_study_is_left_to_the_models(text: str) -> None:
    assert upgrade_text(text) == text


Edit = Callable[[Any], object]


@pytest.mark.parametrize(
    "edit, said",
    [
        (
            lambda run: run["candidates"][2].update(n_neighbors="three"),
            "entry 3 of 'candidates' in entry 1 of 'protocols': 'n_neighbors' is 'three', and a whole number",
        ),
        (
            lambda run: run["candidates"][0].pop("metric"),
            "entry 1 of 'candidates' in entry 1 of 'protocols': the entry 'metric' is missing",
        ),
        (
            lambda run: run["candidates"][0].update(metric=["cosine"]),
            "entry 1 of 'candidates' in entry 1 of 'protocols': 'metric' is ['cosine']",
        ),
        (
            lambda run: run["candidates"][0].update(remark=1),
            "knows no entry 'remark' in entry 1 of 'candidates'",
        ),
        (
            lambda run: run["curves"][0].pop("n_neighbors"),
            "the entry 'n_neighbors' is missing in entry 1 of 'curves'",
        ),
        (
            lambda run: run["baselines"][0].pop("name"),
            "the entry 'name' is missing in entry 1 of 'baselines'",
        ),
        (
            lambda run: run["candidates"][0].update(head="centroid"),
            "knows no entry 'head' in entry 1 of 'candidates' in entry 1 of 'protocols';",
        ),
        (
            lambda run: run["candidates"][1].update(params={"shrink": 1}),
            "knows no entry 'params' in entry 2 of 'candidates' in entry 1 of 'protocols';",
        ),
        (
            lambda run: run["baselines"][0].update(head="lda"),
            "knows no entry 'head' in entry 1 of 'baselines' in entry 1 of 'protocols';",
        ),
        (
            lambda run: run["curves"][0].update(grid=[1]),
            "knows no entry 'grid' in entry 1 of 'curves' in entry 1 of 'protocols';",
        ),
        (
            lambda run: run["difference"].update(variant="cosine"),
            "knows no entry 'variant' in 'difference' in entry 1 of 'protocols';",
        ),
        (lambda run: run.update(candidates={}), "'candidates' in entry 1 of 'protocols' is an object"),
        (lambda run: run.update(candidates=[3]), "entry 1 of 'candidates' in entry 1 of 'protocols' is 3"),
        (lambda run: run.update(nested=[3]), "'nested' in entry 1 of 'protocols' is a list of 1"),
    ],
)
def test_an_edit_of_an_older_file_is_told_by_its_place_there(tmp_path: Path, edit: Edit, said: str) -> None:
    document = of_schema_4(make_whole_study())
    edit(document["protocols"][0])
    path = tmp_path / "study.json"
    path.write_text(json.dumps(document))
    with pytest.raises(StudyFileError) as raised:
        StudyResult.load(path)
    assert said in str(raised.value)


def test_checks_in_a_file_that_has_notices_are_an_edit(tmp_path: Path) -> None:
    document = json.loads(written(3))
    document["checks"] = [{"code": "SK014"}]
    path = tmp_path / "study.json"
    path.write_text(json.dumps(document))
    with pytest.raises(StudyFileError, match="knows no entry 'checks'; undo the edit"):
        StudyResult.load(path)


def test_one_figure_that_changed_in_an_old_file_is_found() -> None:
    old, new = (json.loads(upgrade_text(written(3))) for _ in range(2))
    assert compare(old, new) == Comparison((), ())
    new["protocols"][0]["candidates"][0]["all_scores"][0]["mean"] += 1e-9
    found = compare(old, new)
    assert len(found.differences) == 1
    assert ".mean: " in found.differences[0]
    assert found.additions == ()


@pytest.mark.parametrize(
    "edit, said",
    [
        (
            lambda study: study["leaks"][0].update(n_pairs="two"),
            "'n_pairs' in entry 1 of 'leaks' is 'two'",
        ),
        (
            lambda study: study["protocols"][0]["calibrations"][0].update(brier="low"),
            "'brier' in entry 1 of 'calibrations' in entry 1 of 'protocols' is 'low'",
        ),
        (lambda study: study.update(analyses=[]), "knows no entry 'analyses';"),
    ],
)
def test_an_edit_of_what_is_an_analysis_today_is_told_by_its_place_there(
    tmp_path: Path, edit: Edit, said: str
) -> None:
    document = of_schema_4(make_whole_study())
    edit(document)
    path = tmp_path / "study.json"
    path.write_text(json.dumps(document))
    with pytest.raises(StudyFileError) as raised:
        StudyResult.load(path)
    assert said in str(raised.value)


@pytest.mark.parametrize("outcome, known", [("passed", True), ("skipped", False)])
def test_leaks_that_somebody_looked_for_in_vain_are_an_analysis_without_any(
    outcome: str, *, known: bool
) -> None:
    document: Any = {"schema_version": 5, "leaks": [], "checks": [{"name": "leak", "outcome": outcome}]}
    upgrade_study(document)
    assert document["analyses"] == ([{"question": "leakage", "protocol": None}] if known else [])


@pytest.mark.parametrize("edited", [3, [], [{"kind": "baseline"}]])
def test_alternatives_that_are_no_larger_k_stay_with_the_baselines(edited: Any) -> None:
    document: Any = {"schema_version": 5, "protocols": [{"protocol": "image", "alternatives": edited}]}
    upgrade_study(document)
    wanted = [{"question": "baselines", "protocol": "image", "alternatives": edited}] if edited else []
    assert document["analyses"] == wanted


def test_a_way_that_is_no_text_is_left_to_the_model() -> None:
    document: Any = {"schema_version": 5, "ablation": {"variants": [{"way": 3}]}}
    upgrade_study(document)
    assert document["analyses"][0]["variants"] == [{"way": 3}]
