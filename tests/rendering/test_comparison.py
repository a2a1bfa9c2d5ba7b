"""The report of a comparison of models: from the result or from its file, through the same section."""

import re
from pathlib import Path

import pytest

from skknn_syndrome.rendering import render_report
from skknn_syndrome.rendering.document import write_document
from skknn_syndrome.rendering.tables import encoders, write_tables
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.model_comparison import ModelComparison
from tests.model_builders import (
    make_difference,
    make_encoder,
    make_model,
    make_model_comparison,
    make_models,
    make_rank,
    make_two_models,
)
from tests.rendering.filling import whole_text


def of_two_encoders() -> ModelComparison:
    """Return a comparison on two encoders, and on both of them side by side."""
    names = "resnet", "<b>clip</b>", "fused"
    models = [
        make_model("lda", [0.7 + place / 10] * 2, encoder=name).revised(by_subject=())
        for place, name in enumerate(names)
    ]
    first, *others = models
    differences = [make_difference(model.name, first.name, p=0.01) for model in others]
    ranks = [make_rank(model.name, 1.0 + place) for place, model in enumerate(models)]
    found = make_models(*models, pairs=differences, against=differences, ranks=ranks)
    return make_model_comparison(
        found.revised(protocol="subject", seeds=(42, 43), n_folds=1),
        make_encoder("resnet", unmatched=("i", "j"), n_unmatched=3),
        make_encoder("<b>clip</b>", unmatched=("k",), n_unmatched=1),
        make_encoder("fused", fused=names[:2]),
    )


COMPARISONS = {"one": make_model_comparison(make_two_models()), "several": of_two_encoders()}


@pytest.fixture(params=[*COMPARISONS.values()], ids=[*COMPARISONS])
def comparison(request: pytest.FixtureRequest) -> ModelComparison:
    """Return one of several comparisons."""
    assert isinstance(request.param, ModelComparison)
    return request.param


def test_all_that_is_cited_is_there(comparison: ModelComparison, tmp_path: Path) -> None:
    text = write_document(comparison, tmp_path).read_text("utf-8")
    assert {*re.findall(r"@((?:fig|tbl)-[a-z0-9-]+)", text)} <= {
        *re.findall(r"\{#((?:fig|tbl)-[a-z0-9-]+)", text)
    }
    literature = (tmp_path / "references.bib").read_text("utf-8")
    assert all(f"{{{key}," in literature for key in re.findall(r"\[@(\w+)\]", text))
    assert {path.name for path in (tmp_path / "figures").iterdir()} >= {
        *("model-scores.svg", "model-ranks.svg", "model-differences.svg")
    }


def test_a_figure_that_is_not_drawn_is_not_cited(comparison: ModelComparison) -> None:
    assert not re.findall(r"@fig-[a-z-]+", whole_text(comparison, ()))


def test_the_same_comparison_gives_the_same_bytes(comparison: ModelComparison) -> None:
    again = ModelComparison.model_validate_json(comparison.model_dump_json())
    first, second = (whole_text(each, ()) for each in (comparison, again))
    assert first == second


def test_the_seconds_that_an_image_took_to_embed_are_told() -> None:
    note = EmbedderNote(
        model="clip.onnx",
        architecture="ONNX",
        weights_sha256=None,
        preprocessing="{}",
        seconds_per_image=0.25,
    )
    first, *others = of_two_encoders().encoders
    timed = first.revised(dataset=first.dataset.revised(embedder=note))
    table = encoders(of_two_encoders().revised(encoders=(timed, *others)))
    assert table.columns[-1].key == "seconds_per_image"
    assert [row[-1] for row in table.rows] == [0.25, None, None]
    assert encoders(of_two_encoders()).columns[-1].key == "data_sha256"


def test_encoders_are_told_with_what_was_left_out_and_put_together() -> None:
    text = " ".join(whole_text(of_two_encoders(), ()).replace("\\", "").split())
    assert (
        "Of resnet, 3 images that another encoder lacks are left out: image 1 and image 2, and more." in text
    )
    assert "Of <b>clip</b>, 1 image that another encoder lacks is left out: image 3." in text
    assert "puts the vectors of resnet and <b>clip</b>, each at unit norm, side by side" in text
    assert "2 times with other seeds" in text
    assert "Folds are by image" not in text


def test_test_images_of_another_encoder_are_told_above_all_else() -> None:
    note = EmbedderNote(model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}")
    encoder = make_encoder("embeddings")
    own = encoder.revised(dataset=encoder.dataset.revised(embedder=note))

    def told(**changed: str) -> str:
        other = own.revised(test_embedder=note.revised(model="b.onnx", **changed))
        text = whole_text(make_model_comparison(make_two_models(), other), ())
        return " ".join(text.partition("## Summary")[0].replace("\\", "").split())

    assert "embedded by a.onnx (ONNX), the external test images by b.onnx (ONNX)" in told(weights_sha256="01")
    assert "with other weights. Their vectors cannot be compared" in told(weights_sha256="01")
    assert "the same weights and other preprocessing" in told(preprocessing='{"size": 224}')
    assert "another encoder" not in told()


def test_a_study_of_several_labels_is_called_so_and_has_no_syndromes() -> None:
    shares, knn = make_model("label_shares", [0.5, 0.5]), make_model("knn", [0.7, 0.7])
    entry = make_difference("knn", "label_shares", 0.2, p=0.5)
    ranks = make_rank("knn", 1.2), make_rank("label_shares", 1.8)
    named = make_models(shares, knn, pairs=[entry], against=[entry], ranks=ranks).revised(
        task="multilabel", splitter="iterative stratification into 2 folds, a=1"
    )
    text = whole_text(make_model_comparison(named), ()).replace("\\", "")
    assert 'title: "Multi-label study of embeddings' in text
    assert "| Label | Images" in text
    assert "yndrome |" not in text
    assert "`iterative stratification, a=1`" in text


def test_one_encoder_gives_the_report_its_name() -> None:
    text = whole_text(COMPARISONS["one"], ())
    assert 'title: "Comparison of models on embeddings' in text
    assert "Simulated data" not in text
    assert "Folds are by image" in text
    assert "skknn-syndrome compare faces.npz" in text


def test_repeats_of_a_splitter_have_no_seeds_to_tell_of() -> None:
    model = make_model("lda", [0.7, 0.8]).revised(by_subject=())
    repeated = make_models(model).revised(seeds=(None, None), n_folds=1)
    text = whole_text(make_model_comparison(repeated), ())
    assert "2 times.\n" in text
    assert "Seeds:" not in text


def test_simulated_data_are_called_so() -> None:
    encoder = make_encoder("embeddings")
    made_up = encoder.revised(dataset=encoder.dataset.revised(simulated=True))
    text = whole_text(make_model_comparison(make_two_models(), made_up), ())
    assert text.count("imulated") >= 2


def test_tables_have_a_file_each_and_no_checks(comparison: ModelComparison, tmp_path: Path) -> None:
    names = {path.stem for path in write_tables(comparison, tmp_path)}
    assert names == {
        *("model_scores", "model_differences", "model_pairs", "model_ranks", "model_choices"),
        *("model_times", "model_folds"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_says_that_it_is_one(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "comparison.json"
    COMPARISONS["one"].save(path)
    path.write_text(path.read_text("utf-8"), encoding)
    (file,) = render_report(path, tmp_path / "report", engine="embedded")
    assert "Comparison of models on" in file.path.read_text("utf-8")
