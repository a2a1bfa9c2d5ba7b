"""Comparison of models on data sets of the same images, matched by image id: one encoder each."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils import _safe_indexing

from skknn_syndrome._typing import FloatArray, StringArray, VectorLike
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import OtherEncoderWarning, StudySettingsError, quote
from skknn_syndrome.results.model_comparison import Encoder, ModelComparison
from skknn_syndrome.study.judging import TestData
from skknn_syndrome.study.model_comparison import compare_models

MOST_UNMATCHED = 5
"""Unmatched images that a result names."""


@dataclass(frozen=True, eq=False)
class MatchedImages:
    """Images that all encoders have, in the order of the first."""

    vectors: dict[str, FloatArray]
    """By encoder."""
    labels: VectorLike
    """A label each; a data frame of 0 and 1 where images have several."""
    subjects: StringArray | None
    """None where no data set has any."""
    images: StringArray
    unmatched: dict[str, list[str]]
    """Images of each encoder that another one lacks."""


def match_images(datasets: Mapping[str, EmbeddingDataset]) -> MatchedImages:
    """Match the images of several data sets by their ids.

    Parameters
    ----------
    datasets : mapping of str to EmbeddingDataset
        By encoder; those without subjects take those of another one.

    Returns
    -------
    MatchedImages

    Raises
    ------
    StudySettingsError
        There is no data set, or no image that all have; or two say of an image that its label, or its
        subject, is another one.

    Examples
    --------
    >>> one = EmbeddingDataset.from_arrays([[1.0], [2.0], [3.0]], ["a", "b", "b"], images=["i", "j", "k"])
    >>> other = EmbeddingDataset.from_arrays([[5.0], [6.0]], ["b", "a"], images=["j", "i"])
    >>> matched = match_images({"one": one, "other": other})
    >>> matched.images.tolist(), matched.vectors["other"].tolist(), matched.unmatched
    (['i', 'j'], [[6.0], [5.0]], {'one': ['k'], 'other': []})
    """
    if not datasets:
        raise StudySettingsError("There is no data set to compare.", code="no_data", parameter="datasets")
    places = {name: _places(each) for name, each in datasets.items()}
    shared = set.intersection(*(set(found) for found in places.values()))
    first = next(iter(datasets.values()))
    images: StringArray = first.images[[image in shared for image in first.images.tolist()]]
    if not shared:
        raise StudySettingsError(
            f"No image is in all of {', '.join(map(quote, datasets))}: images are matched by their ids, such "
            f"as {quote(first.images[0])} of the first.",
            code="no_common_images",
            parameter="datasets",
        )
    rows = {name: [found[image] for image in images.tolist()] for name, found in places.items()}
    labels = {name: each.label_texts[rows[name]] for name, each in datasets.items()}
    subjects = {
        name: each.subjects[rows[name]] for name, each in datasets.items() if each.subjects is not None
    }
    _refuse_disagreement("label", labels, images)
    _refuse_disagreement("subject", subjects, images)
    return MatchedImages(
        vectors={name: each.embeddings[rows[name]] for name, each in datasets.items()},
        labels=_safe_indexing(first.target, rows[next(iter(datasets))]),
        subjects=next(iter(subjects.values()), None),
        images=images,
        unmatched={
            name: [image for image in each.images.tolist() if image not in shared]
            for name, each in datasets.items()
        },
    )


def _places(dataset: EmbeddingDataset) -> dict[str, int]:
    return {image: row for row, image in enumerate(dataset.images.tolist())}


def _refuse_disagreement(what: str, values: Mapping[str, StringArray], images: StringArray) -> None:
    found = iter(values.items())
    first, own = next(found, ("", np.array([], dtype=np.str_)))
    for name, others in found:
        differ = np.flatnonzero(own != others)
        if differ.size:
            row = differ[0]
            more = f" {differ.size - 1:,} more images differ." if differ.size > 1 else ""
            raise StudySettingsError(
                f"The {what} of image {quote(images[row])} is {quote(own[row])} in {quote(first)} and "
                f"{quote(others[row])} in {quote(name)}: an image has one {what}.{more}",
                code=f"{what}s_disagree",
                parameter="datasets",
            )


def compare_datasets(
    datasets: Mapping[str, EmbeddingDataset],
    *,
    matched: MatchedImages | None = None,
    test: Mapping[str, EmbeddingDataset] | None = None,
    command: str | None = None,
    settings: str = "",
    **options: Any,  # noqa: ANN401  handed on as they are
) -> ModelComparison:
    """Compare models on data sets of the same images.

    This is what ``skknn-syndrome compare`` runs.

    Parameters
    ----------
    datasets : mapping of str to EmbeddingDataset
        By encoder. Images are matched by their ids; what one of them lacks is left out, and named in
        `ModelComparison.encoders`.
    matched : MatchedImages, optional
        What `match_images` made of them, if it was asked before.
    test : mapping of str to EmbeddingDataset, optional
        Images of another source, of the same encoders, which models that were chosen and fitted on all others
        are judged on.
    command : str, optional
        The command line that a second run would need.
    settings : str
        What was set on it or in a file, as TOML.
    **options
        As in `compare_models`.

    Returns
    -------
    ModelComparison
        With each data set's name and origin. Simulated data stays called simulated.

    Raises
    ------
    StudySettingsError
        Data sets disagree, or have no image in common; or as `compare_models` raises it.

    Warns
    -----
    OtherEncoderWarning
        Test images were embedded by other weights, or after other preprocessing, than the others.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> comparison = compare_datasets(
    ...     {"made up": make_syndrome_embeddings(n_features=8)}, heads="centroid", cv=3, n_repeats=1
    ... )
    >>> comparison.dataset.simulated, comparison.encoders[0].n_unmatched
    (True, 0)
    """
    matched = match_images(datasets) if matched is None else matched
    judged = None if test is None else test_data(test)
    warn_of_other_encoders(datasets, test or {})
    found = compare_models(matched.vectors, matched.labels, groups=matched.subjects, test=judged, **options)
    return identified(found, datasets, matched, test=test or {}, command=command, settings=settings)


def identified(
    found: ModelComparison,
    datasets: Mapping[str, EmbeddingDataset],
    matched: MatchedImages,
    *,
    test: Mapping[str, EmbeddingDataset],
    command: str | None,
    settings: str,
) -> ModelComparison:
    """Return a comparison of matched images with what their data sets tell, and how it was asked for."""
    return ModelComparison.of(
        records=found.records,
        encoders=tuple(_identified(encoder, datasets, matched, test) for encoder in found.encoders),
        analyses=found.analyses,
        provenance=found.provenance.revised(command=command, settings=settings),
    )


def warn_of_other_encoders(
    datasets: Mapping[str, EmbeddingDataset], test: Mapping[str, EmbeddingDataset]
) -> None:
    """Say where test images were embedded otherwise than those that models are fitted on."""
    for name in datasets.keys() & test.keys():
        own, other = datasets[name].embedder, test[name].embedder
        if own is not None and other is not None and own.differs_from(other):
            warnings.warn(
                f"{test[name].name} was embedded by {other.model} ({other.architecture}) and "
                f"{datasets[name].name} by {own.model} ({own.architecture}), with other weights or other "
                "preprocessing of images: their vectors can't be compared.",
                OtherEncoderWarning,
                stacklevel=3,
            )


def test_data(test: Mapping[str, EmbeddingDataset]) -> TestData:
    """Return data sets of another source as what models are judged on."""
    matched = match_images(test)
    name = ", ".join(dict.fromkeys(each.name for each in test.values()))
    return TestData(matched.vectors, matched.labels, matched.subjects, name=name)


test_data.__test__ = False  # type: ignore[attr-defined] # no test of pytest's


def _identified(
    encoder: Encoder,
    datasets: Mapping[str, EmbeddingDataset],
    matched: MatchedImages,
    test: Mapping[str, EmbeddingDataset],
) -> Encoder:
    """Return an encoder with what its data set tells; one that others are fused in is of them all."""
    if encoder.name not in datasets:
        simulated = any(each.simulated for each in datasets.values())
        return encoder.revised(dataset=encoder.dataset.revised(simulated=simulated))
    own, unmatched = datasets[encoder.name], matched.unmatched[encoder.name]
    return encoder.revised(
        dataset=encoder.dataset.revised(
            name=own.name,
            file_sha256=own.sha256,
            simulated=own.simulated,
            embedder=own.embedder,
            nouns=own.nouns,
        ),
        unmatched=tuple(unmatched[:MOST_UNMATCHED]),
        n_unmatched=len(unmatched),
        n_refused=len(own.audit.refused),
        test_embedder=test[encoder.name].embedder if encoder.name in test else None,
    )
