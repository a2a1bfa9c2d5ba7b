"""Files of models: the same answers in another process, and files that are refused."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.tree._tree import NODE_DTYPE

from skknn_syndrome import heads
from skknn_syndrome.errors import ModelFileError
from skknn_syndrome.heads.base import Head
from skknn_syndrome.model import SyndromeModel
from skknn_syndrome.model.archive import Archive, write_archive
from skknn_syndrome.model.columns import check_columns
from skknn_syndrome.model.files import decode, encode
from tests.model.builders import gallery, knn_model, lda_model
from tests.refusing import refused

ASK = """
import sys, numpy as np
from skknn_syndrome import SyndromeModel
from tests.model.builders import gallery
said = SyndromeModel.load(sys.argv[1]).predict(gallery(seed=5))
np.save(sys.argv[2], [entry.probability for each in said.images for entry in each.ranking])
"""


def changed(content: bytes, change: Any) -> bytes:
    """Return a file with something changed, and hashed anew."""
    archive = Archive(content)
    manifest, state, arrays = archive.manifest, archive.state, archive.arrays
    change(manifest, state, arrays)
    return write_archive(manifest, state, arrays)


def content(model: SyndromeModel | None = None) -> bytes:
    return encode((model or lda_model())._parts)  # noqa: SLF001  of this package


@pytest.mark.parametrize("make", [knn_model, lda_model])
def test_a_loaded_model_gives_the_same_bits(make: Any, tmp_path: Path) -> None:
    model = make()
    model.save(tmp_path / "a.model")
    again = SyndromeModel.load(tmp_path / "a.model")
    assert again.card == model.card
    assert again.predict(gallery(seed=5)) == model.predict(gallery(seed=5))
    again.save(tmp_path / "b.model")
    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()


@pytest.mark.usefixtures("no_cover")
@pytest.mark.parametrize("name", [name for name in heads.names() if name not in {"knn", "lda", "best_pool"}])
def test_every_head_gives_the_same_bits(name: str) -> None:
    first = {param: values[0] for param, values in heads.get(name).grid.items()}
    params = {"n_estimators": 3} if name == "random_forest" else first
    model = SyndromeModel.fit(gallery(n_subjects=6), head=name, params=params, cv=2, inner_cv=2)
    again = SyndromeModel(decode(content(model)))
    assert again.predict(gallery(seed=5)) == model.predict(gallery(seed=5))


@pytest.mark.usefixtures("no_cover")
def test_another_process_gives_the_same_bits(tmp_path: Path) -> None:
    lda_model().save(tmp_path / "a.model")
    command = [sys.executable, "-c", ASK, str(tmp_path / "a.model"), str(tmp_path / "said.npy")]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    said = lda_model().predict(gallery(seed=5))
    wanted = [entry.probability for each in said.images for entry in each.ranking]
    np.testing.assert_array_equal(np.load(tmp_path / "said.npy"), wanted)


def test_a_head_of_ones_own_is_saved_where_its_class_is_trusted(tmp_path: Path) -> None:
    bayes = Head("bayes", "naive Bayes", GaussianNB, {}, frozenset({"probabilities"}))
    model = SyndromeModel.fit(gallery(), head=bayes, cv=2, inner_cv=2)
    with refused("untrusted_type", "trusted"):
        model.save(tmp_path / "a.model")
    model.save(tmp_path / "a.model", trusted=[GaussianNB])
    with refused("untrusted_type", "trusted"):
        SyndromeModel.load(tmp_path / "a.model")
    again = SyndromeModel.load(tmp_path / "a.model", trusted=[GaussianNB])
    assert again.predict(gallery(seed=5)) == model.predict(gallery(seed=5))
    assert again.explain(gallery(seed=5).embeddings[:1]).without_nearest is None


def test_a_gallery_without_subjects_comes_back() -> None:
    model = SyndromeModel.fit(gallery().without_subjects(), head="centroid", cv=2, inner_cv=2)
    again = SyndromeModel(decode(content(model)))
    assert again.gallery.subjects is None
    assert again.predict(gallery(seed=5)) == model.predict(gallery(seed=5))


def test_files_that_can_not_be_read_name_themselves(tmp_path: Path) -> None:
    with refused("no_such_file", "path", error=ModelFileError):
        SyndromeModel.load(tmp_path / "no.model")
    (tmp_path / "other.model").write_text("no model")
    with refused("not_a_model") as raised:
        SyndromeModel.load(tmp_path / "other.model")
    assert "other.model" in str(raised.value)


def test_another_version_is_refused() -> None:
    with refused("other_version"):
        decode(changed(content(), lambda manifest, *_: manifest.update(format=2)))


@pytest.mark.parametrize(
    "change, code",
    [
        (lambda manifest, *_: manifest.pop("kind"), "not_a_model"),
        (lambda manifest, *_: manifest.update(kind="study"), "not_a_model"),
        (lambda manifest, *_: manifest["card"].update(surprise=1), "damaged"),
        (lambda manifest, *_: manifest["card"].update(classes=["a"]), "damaged"),
        (lambda manifest, *_: manifest["card"]["classes"].append("Turner"), "damaged"),
        (lambda _, state, __: state.pop("gallery"), "damaged"),
        (lambda _, state, __: state.pop("answers"), "damaged"),
        (lambda _, state, __: state.update(surprise=5), "damaged"),
        (lambda manifest, *_: manifest.update(format=True), "other_version"),
        (lambda _, state, __: state.update(means=None), "damaged"),
        (lambda _, state, __: state["models"]["dict"].pop(), "damaged"),
        (lambda _, state, __: state.update(answers=state["means"]["list"][0]), "answers_changed"),
        (lambda _, state, __: state.update(answers="no"), "answers_changed"),
    ],
    ids=[
        "kind",
        "study",
        "field",
        "classes",
        "class",
        "gallery",
        "no_answers",
        "unknown",
        "true",
        "means",
        "models",
        "shape",
        "answers",
    ],
)
def test_manifests_and_states_that_were_made_up(change: Any, code: str) -> None:
    with refused(code):
        decode(changed(content(), change))


def test_a_state_that_is_no_object() -> None:
    archive = Archive(content())
    with refused("damaged"):
        decode(write_archive(archive.manifest, [1], archive.arrays))


def test_a_model_that_answers_otherwise_is_refused() -> None:
    def other_rule(_: Any, state: Any, __: Any) -> None:
        rules = dict(state["models"]["dict"])["rules"]["list"]
        for rule in rules:
            rule["dict"][0][1] = 1  # neighbours

    with refused("answers_changed"):
        decode(changed(content(knn_model()), other_rule))


def test_a_gallery_of_another_size_is_refused() -> None:
    def shorter(_: Any, __: Any, arrays: list[Any]) -> None:
        arrays[0] = arrays[0][:-1]

    with refused("damaged"):
        decode(changed(content(), shorter))
    with refused("damaged"):
        decode(changed(content(), lambda _, __, arrays: arrays[1].fill(99)))


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card["promises"][0].update(name="Turner"),
        lambda card: card["promises"].pop(),
        lambda card: card["dataset"]["syndromes"][0].update(syndrome="Turner"),
        lambda card: card["dataset"].update(data_sha256="0" * 64),
    ],
    ids=["promise", "no promise", "data", "hash"],
)
def test_a_card_has_the_same_classes_everywhere_and_those_data(change: Any) -> None:
    with refused("damaged"):
        decode(changed(content(), lambda manifest, *_: change(manifest["card"])))


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card["settings"].update(coverage=0.1),
        lambda card: card["novelty"].update(threshold=0.9),
        lambda card: card["novelty"].update(threshold=None),
        lambda card: card["norms"].update(low=1e6),
    ],
    ids=["sets", "threshold", "no threshold", "flags"],
)
def test_sets_thresholds_and_flags_are_among_the_answers(change: Any) -> None:
    with refused("answers_changed"):
        decode(changed(content(), lambda manifest, *_: change(manifest["card"])))


def forest_of(content: bytes, columns: int, *recorded: str) -> bytes:
    """Return a forest whose trees read a column beyond the gallery's, and say so as well as what is named."""

    def change(_: Any, state: Any, arrays: list[Any]) -> None:
        for array in arrays:
            if array.dtype == NODE_DTYPE:
                array["feature"][array["left_child"] != -1] = columns - 1
        pairs = [state["models"]]
        while pairs:
            value = pairs.pop()
            if isinstance(value, list) and len(value) == 2 and value[0] in recorded:
                value[1] = columns
            elif isinstance(value, (list, dict)):
                pairs += value if isinstance(value, list) else value.values()

    return changed(content, change)


@pytest.mark.parametrize("recorded", [(), ("n_features",), ("n_features", "n_features_in_")])
def test_trees_that_read_columns_which_are_not_there(recorded: tuple[str, ...]) -> None:
    whole = content(
        SyndromeModel.fit(
            gallery(n_subjects=6), head="random_forest", params={"n_estimators": 2}, cv=2, inner_cv=2
        )
    )
    with refused("damaged"):
        decode(forest_of(whole, 4_000_000, *recorded))


def test_a_forest_behind_another_step_answers_for_its_own_columns() -> None:
    rows, labels = gallery().embeddings, gallery().syndromes
    forest = RandomForestClassifier(n_estimators=2, random_state=0)
    made = make_pipeline(PCA(2), forest).fit(rows, labels)
    check_columns({"heads": [(made,)]}, 5)
    with refused("damaged"):
        check_columns(forest, 4)
    del made.steps[-1][1].n_features_in_
    for unrecorded, n_columns in ((made, 5), (forest, 2)):
        with refused("damaged"):
            check_columns(unrecorded, n_columns)


def test_what_is_no_ensemble_of_ours_is_not_saved() -> None:
    from dataclasses import replace  # noqa: PLC0415

    parts = replace(lda_model()._parts, ensemble=object())  # type: ignore[arg-type] # noqa: SLF001
    with pytest.raises(TypeError):
        encode(parts)
