"""Files of models, and the checks that one has to pass before it is read."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from skknn_syndrome._files import write_bytes
from skknn_syndrome._typing import Float64Array, FloatArray
from skknn_syndrome.crossval.provenance import fingerprint
from skknn_syndrome.data.formats import read_content
from skknn_syndrome.errors import EmbeddingsFileError, ModelFileError
from skknn_syndrome.model.archive import Archive, broken, write_archive
from skknn_syndrome.model.columns import check_columns
from skknn_syndrome.model.ensemble import Ensemble, NeighborModels, SeparateModels
from skknn_syndrome.model.inputs import read_cases
from skknn_syndrome.model.neighbor_votes import NeighborVotes, VotingRule
from skknn_syndrome.model.parts import Gallery, Parts
from skknn_syndrome.model.predicting import predict
from skknn_syndrome.model.state import StateReader, StateWriter, known_types
from skknn_syndrome.model.tempered import TemperedHead
from skknn_syndrome.results.model_card import ModelCard
from skknn_syndrome.results.prediction import FLAGS, Prediction
from skknn_syndrome.statistics.conformal import Calibration
from skknn_syndrome.statistics.novelty import ClassMeans

FORMAT: Final = 1
"""Version of the files."""
STATE_KEYS: Final = "gallery", "models", "of_images", "of_subjects", "means", "answers"
PROBES: Final = 3
"""Images of the gallery whose answers a file holds."""
_SAME: Final = 1e-6
"""How far the answers of another processor may lie apart."""


def encode(parts: Parts, trusted: Sequence[type] = ()) -> bytes:
    """Return the bytes of a model's file; of equal models they are equal.

    Raises
    ------
    ModelFileError
        The head holds an object of a class that is not trusted.
    """
    writer = StateWriter(known_types(trusted))
    state = {
        "gallery": writer.write(vars(parts.gallery)),
        "models": writer.write(_models(parts.ensemble)),
        "of_images": writer.write(_calibration(parts.of_images)),
        "of_subjects": writer.write(_calibration(parts.of_subjects)),
        "means": writer.write([each.directions for each in (parts.means, *parts.means_of_folds)]),
        "answers": writer.write(_answers(parts)),
    }
    manifest = {"kind": "skknn_syndrome model", "format": FORMAT, "card": parts.card.model_dump(mode="json")}
    return write_archive(manifest, state, writer.arrays)


def save(parts: Parts, path: Path, trusted: Sequence[type]) -> None:
    """Write a model to a file, whole or not at all."""
    write_bytes(path, encode(parts, trusted))


def load(path: str | os.PathLike[str], trusted: Sequence[type]) -> Parts:
    """Read a model from a file.

    Raises
    ------
    ModelFileError
        As in `decode`, with the name of the file before the sentence; or it can't be read at all.
    """
    try:
        content = read_content(Path(path))
    except EmbeddingsFileError as error:
        raise ModelFileError(f"{path}: {error}.", code=error.code, parameter="path") from error
    try:
        return decode(content, trusted)
    except ModelFileError as error:
        raise ModelFileError(f"{path}: {error}", code=error.code, parameter=error.parameter) from error


def decode(content: bytes, trusted: Sequence[type] = ()) -> Parts:
    """Return the model in the bytes of a file.

    Raises
    ------
    ModelFileError
        It is no model, is cut or was changed, is of another version, holds what no model holds, or does not
        answer as it did when it was written.
    """
    archive = Archive(content)
    card = _card(archive.manifest)
    reader = StateReader(archive.arrays, known_types(trusted))
    state = archive.state
    if not isinstance(state, dict) or set(state) != set(STATE_KEYS):
        raise broken("Its state is not one that was written")
    found = {name: reader.read(said) for name, said in state.items()}
    try:
        check_columns(found["models"], card.dataset.n_features)
        parts = _parts(card, found)
        _check(parts)
        answers = _answers(parts)
    except ModelFileError:
        raise
    except Exception as error:  # a file that was made up can fail in any way; it is refused in one
        raise broken("Its parts do not fit together") from error
    _check_answers(answers, found["answers"], card)
    return parts


def _card(manifest: Mapping[str, Any]) -> ModelCard:
    if set(manifest) != {"kind", "format", "card"} or manifest["kind"] != "skknn_syndrome model":
        raise broken("Its manifest is none of a model", "not_a_model")
    version = manifest["format"]
    if type(version) is not int or version != FORMAT:
        raise ModelFileError(
            f"It is a model of the format {version!r}, and this version reads the format {FORMAT}: fit it "
            "again, or take the version of skknn-syndrome that wrote it.",
            code="other_version",
        )
    try:
        return ModelCard.model_validate(manifest["card"], strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise broken(f"Its manifest is at fault at {place!r}") from error


def _models(ensemble: Ensemble) -> dict[str, Any]:
    if isinstance(ensemble, NeighborModels):
        rules = [asdict(rule) for rule in (ensemble.whole, *ensemble.parts)]
        return {"kind": "neighbors", "rules": rules}
    if not isinstance(ensemble, SeparateModels):
        raise TypeError(f"{type(ensemble).__name__} can't be saved")
    return {"kind": "separate", "heads": [vars(each) for each in (ensemble.whole, *ensemble.parts)]}


def _calibration(found: Calibration) -> dict[str, Any]:
    return {field.name: getattr(found, field.name) for field in fields(Calibration)}


def _parts(card: ModelCard, found: Mapping[str, Any]) -> Parts:
    gallery, means = Gallery(**found["gallery"]), tuple(map(ClassMeans, found["means"]))
    return Parts(
        card=card,
        gallery=gallery,
        ensemble=_ensemble(found["models"], gallery, len(card.classes)),
        of_images=Calibration(**found["of_images"]),
        of_subjects=Calibration(**found["of_subjects"]),
        means=means[0],
        means_of_folds=means[1:],
    )


def _ensemble(found: Mapping[str, Any], gallery: Gallery, n_classes: int) -> Ensemble:
    if found["kind"] == "neighbors":
        whole, *parts = (VotingRule(**rule) for rule in found["rules"])
        votes = NeighborVotes(gallery.rows, gallery.codes, gallery.folds, n_classes)
        return NeighborModels(votes, whole, tuple(parts))
    first, *others = (TemperedHead(**head) for head in found["heads"])
    return SeparateModels(first, tuple(others))


def _check(parts: Parts) -> None:
    """Refuse parts of other sizes than the card tells."""
    card, gallery = parts.card, parts.gallery
    n_images, n_classes = card.dataset.n_images, len(card.classes)
    subjects = gallery.subjects
    wanted: list[tuple[NDArray[Any], tuple[int, ...], str]] = [
        (gallery.rows, (n_images, card.dataset.n_features), "f"),
        (gallery.codes, (n_images,), "i"),
        (gallery.folds, (n_images,), "i"),
        (gallery.images, (n_images,), "U"),
        (parts.of_images.labels, (n_images,), "i"),
    ]
    names = sorted(card.classes)
    named = [[each.name for each in card.promises], [each.syndrome for each in card.dataset.syndromes]]
    if any(sorted(each) != names for each in named):
        raise broken("Its card has other classes in one place than in another")
    directions = [each.directions for each in (parts.means, *parts.means_of_folds)]
    wanted += [(each, (n_classes, card.dataset.n_features), "f") for each in directions]
    if subjects is not None:
        wanted.append((subjects, (n_images,), "U"))
    fits = all(array.shape == shape and array.dtype.kind == kind for array, shape, kind in wanted)
    in_range = (gallery.codes >= 0).all() and (gallery.codes < n_classes).all() and (gallery.folds >= 0).all()
    if not (fits and in_range and np.isfinite(gallery.rows).all() and np.isfinite(directions).all()):
        raise broken("Its parts do not fit together")
    labels = np.array(card.classes)[gallery.codes]
    if fingerprint(gallery.rows, labels, subjects) != card.dataset.data_sha256:
        raise broken("Its gallery is not that of its card")


def _answers(parts: Parts) -> Float64Array:
    """Return what all models say of a few images of the gallery, and what is made of it, as one row."""
    gallery = parts.gallery
    rows: FloatArray = gallery.rows[:PROBES]
    people = np.array(["one"] * len(rows)) if gallery.subjects is None else gallery.subjects[:PROBES]
    cases = read_cases(rows, people, None, parts.card)
    found = predict(parts, cases, coverage=parts.card.settings.coverage, top_k=None)
    models = parts.ensemble.ask(rows)
    made = [number for each in (*found.images, *found.subjects) for number in _numbers_of(each)]
    return np.concatenate([models.whole.ravel(), models.by_fold.ravel(), made])


def _numbers_of(said: Prediction) -> list[float]:
    """Return all that an answer says as numbers; NaN where it has no threshold."""
    threshold = np.nan if said.novelty_threshold is None else said.novelty_threshold
    entries = sorted(said.ranking, key=lambda entry: entry.name)
    return [
        *(number for each in entries for number in (each.probability, each.p_value, float(each.in_set))),
        *(said.novelty, threshold, float(said.possibly_none)),
        *(float(flag in said.flags) for flag in FLAGS),
    ]


def _check_answers(answers: Float64Array, written: Any, card: ModelCard) -> None:  # noqa: ANN401  any value
    """Refuse a model that answers otherwise than it did: damaged, or read by other versions of libraries."""
    same = (
        isinstance(written, np.ndarray) and written.shape == answers.shape and written.dtype == answers.dtype
    )
    if not same or not np.allclose(answers, written, rtol=0, atol=_SAME, equal_nan=True):
        versions = ", ".join(f"{each.name} {each.version}" for each in card.versions)
        raise ModelFileError(
            f"It does not answer as it did when it was written (with {versions}): fit it again, or install "
            "these versions.",
            code="answers_changed",
        )
