"""The comparison of results finds what differs, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import make_study, with_parts
from tests.compare_results import Comparison, compare, main
from tests.comparison_builders import make_repeats
from tests.rendering.full_study import make_full_study

Edit = Callable[[Any], object]


def document() -> Any:
    return json.loads(with_parts(make_full_study(), repeats=make_repeats()).model_dump_json())


def on(question: str, study: Any) -> Any:
    return next(analysis for analysis in study["analyses"] if analysis["question"] == question)


def compared(edit: Edit) -> Comparison:
    changed = document()
    edit(changed)
    return compare(document(), changed)


def test_a_study_is_like_itself_whenever_it_was_run() -> None:
    def rerun(study: Any) -> None:
        study["provenance"] |= {"started": "2030", "elapsed_seconds": 9.0, "command": "x", "versions": []}

    assert compared(rerun) == Comparison((), ())


@pytest.mark.parametrize(
    "edit, said",
    [
        (
            lambda study: study["dataset"].update(n_images=7),
            "dataset.n_images: 6 became 7",
        ),
        (
            lambda study: study["protocols"][0].update(refit="f1_macro"),
            'protocols[image].refit: "roc_auc_ovr" became "f1_macro"',
        ),
        (
            lambda study: study["protocols"][0]["candidates"][2]["all_scores"][0].update(mean=0.65),
            "protocols[image].candidates[knn euclidean 5 distance].all_scores[roc_auc_ovr].mean: ",
        ),
        (
            lambda study: on("embedding_map", study).pop("embedding_map"),
            "analyses[embedding_map].embedding_map: ",
        ),
        (
            lambda study: on("embedding_space", study).update(hubness=None),
            "analyses[embedding_space].hubness: ",
        ),
        (
            lambda study: study["protocols"][0]["folds"].pop(),
            "protocols[image].folds[0 1]: ",
        ),
        (
            lambda study: study["protocols"][0]["candidates"].reverse(),
            "protocols[image].candidates: the order ",
        ),
        (
            lambda study: on("per_class", study)["evaluations"][0]["confusion"][0].append(0),
            "analyses[per_class image].evaluations[knn euclidean 3 distance].confusion[0]: 3 entries became",
        ),
        (
            lambda study: on("repeats", study)["repeats"]["candidates"][0]["repeat_means"][0][1].reverse(),
            "analyses[repeats image].repeats.candidates[knn cosine 5 distance].repeat_means[roc_auc_ovr][1]",
        ),
        (lambda study: study["dataset"].update(simulated=0), "dataset.simulated: false became 0"),
    ],
)
def test_what_differs_is_found_by_its_path(edit: Edit, said: str) -> None:
    found = compared(edit)
    assert found.differences[0].startswith(said)
    assert not found.additions


def test_floats_are_equal_within_the_tolerance() -> None:
    for near, far in ((0.5 + 9e-13, 0.5 + 1.1e-12), (1e6 * (1 + 9e-13), 1e6 * (1 + 1.1e-12))):
        value = round(near, 1)
        assert not compare({"low": value}, {"low": near}).differences
        assert compare({"low": value}, {"low": far}).differences
    assert not compare({"low": 1}, {"low": 1.0}).differences


def test_new_scores_and_fields_are_additions_wherever_they_stand() -> None:
    def add(study: Any) -> None:
        study["later"] = 1
        for candidate in study["protocols"][0]["candidates"]:
            candidate["all_scores"].insert(0, {"name": "new", "values": []})

    found = compared(add)
    assert found.differences == ()
    assert "later" in found.additions
    assert "protocols[image].candidates[knn cosine 1 distance].all_scores[new]" in found.additions
    assert len(found.additions) == 1 + len(document()["protocols"][0]["candidates"])


def test_entries_that_nothing_tells_apart_are_compared_one_by_one() -> None:
    twice = [{"name": "a", "low": 1}, {"name": "a", "low": 2}]
    assert compare(twice, [twice[0], {"name": "a", "low": 3}]).differences == ("[1].low: 2 became 3",)


def test_files_are_compared_in_the_schema_of_today(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = json.loads(make_study().model_dump_json())
    old = json.loads(make_study().model_dump_json()) | {"schema_version": 4}
    del old["analyses"]
    for candidate in old["protocols"][0]["candidates"]:
        del candidate["head"]
        candidate.update(candidate.pop("params"))
    for candidate in new["protocols"][0]["candidates"]:
        candidate["later"] = 1
    paths = [tmp_path / name for name in ("old.json", "new.json")]
    for path, content in zip(paths, (old, new), strict=True):
        path.write_text(json.dumps(content))
    assert main([*map(str, paths)]) == 0
    assert "added: protocols[*].candidates[*].later (1 x)" in capsys.readouterr().out
    assert main([str(path) for path in reversed(paths)]) == 1
    assert "candidates[knn cosine 1 distance].later: 1 is gone" in capsys.readouterr().out
