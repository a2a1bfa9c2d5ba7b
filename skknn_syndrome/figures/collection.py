"""All figures of a study."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from skknn_syndrome.errors import MissingLettersWarning, quote
from skknn_syndrome.figures.ablation.gains import describe_preprocessing_gains, draw_preprocessing_gains
from skknn_syndrome.figures.ablation.maps import describe_preprocessing_maps, draw_preprocessing_maps
from skknn_syndrome.figures.ablation.roc import (
    describe_preprocessing_roc,
    draw_preprocessing_roc,
    roc_ks,
)
from skknn_syndrome.figures.ablation.syndromes import (
    describe_preprocessing_syndromes,
    draw_preprocessing_syndromes,
)
from skknn_syndrome.figures.calibration import describe_calibration, draw_calibration
from skknn_syndrome.figures.centroid_similarity import describe_centroid_similarity, draw_centroid_similarity
from skknn_syndrome.figures.confusion import describe_confusion, draw_confusion
from skknn_syndrome.figures.embedding_map import describe_embedding_map, draw_embedding_map
from skknn_syndrome.figures.extent import within_extent
from skknn_syndrome.figures.hubness import describe_hubness, draw_hubness
from skknn_syndrome.figures.images_per_syndrome import describe_images_per_syndrome, draw_images_per_syndrome
from skknn_syndrome.figures.lettering import legible
from skknn_syndrome.figures.nested_selection import (
    choices_differ,
    describe_nested_selection,
    draw_nested_selection,
)
from skknn_syndrome.figures.novelty import areas, describe_novelty, draw_novelty
from skknn_syndrome.figures.rejection import describe_rejection, draw_rejection
from skknn_syndrome.figures.roc import (
    describe_micro_roc,
    describe_syndrome_roc,
    draw_micro_roc,
    draw_syndrome_roc,
)
from skknn_syndrome.figures.saving import FigureFile, save_figure
from skknn_syndrome.figures.score_beyond_grid import describe_score_beyond_grid, draw_score_beyond_grid
from skknn_syndrome.figures.score_by_k import describe_score_by_k, draw_score_by_k
from skknn_syndrome.figures.style import house_style
from skknn_syndrome.results import AblationResult, ProtocolResult, StudyResult
from skknn_syndrome.results.candidate import KNN, entry_of

FIGURE_NAMES = (
    "images-per-syndrome",
    "score-by-k",
    "score-beyond-grid",
    "micro-roc",
    "syndrome-roc",
    "confusion",
    "nested-selection",
    "calibration",
    "novelty",
    "rejection",
    "preprocessing-gains",
    "preprocessing-syndromes",
    "preprocessing-roc",
    "preprocessing-maps",
    "hubness",
    "embedding-map",
    "centroid-similarity",
)
"""All figures that a study may have, in the order of reading."""


BY_SYNDROME = frozenset(
    {"images-per-syndrome", "syndrome-roc", "confusion", "novelty", "preprocessing-syndromes"}
    | {"preprocessing-maps", "embedding-map", "centroid-similarity"}
)
"""Those that show the largest syndromes where a study has many."""


def write_figures(study: StudyResult, folder: Path) -> tuple[FigureFile, ...]:
    """Draw and write every figure that the study has the parts for.

    Parameters
    ----------
    study : StudyResult
        The only source of what is drawn.
    folder : Path
        Made where it is missing.

    Returns
    -------
    tuple of FigureFile
        In the order of reading. What an earlier study left in `folder` and this one lacks is removed.
    """
    shown = within_extent(study)
    n_shown, n_syndromes = len(shown.dataset.syndromes), len(study.dataset.syndromes)
    cut = f" Of {n_syndromes:,} syndromes, the {n_shown} with the most images." if shown is not study else ""
    _warn_of_missing_letters([entry.syndrome for entry in shown.dataset.syndromes])
    with house_style():
        files = tuple(
            save_figure(figure, name, folder, alt_text=f"{text}{cut if name in BY_SYNDROME else ''}")
            for name, figure, text in _drawn(shown)
        )
    # A figure of an earlier study in the same folder would pass for one of this study.
    for name in set(FIGURE_NAMES) - {file.name for file in files}:
        for kind in ("png", "svg"):
            (folder / f"{name}.{kind}").unlink(missing_ok=True)
    return files


def _warn_of_missing_letters(labels: Sequence[str]) -> None:
    spelled = [label for label in labels if legible(label) != label]
    if spelled:
        said = f"{len(spelled)} labels, such as" if len(spelled) > 1 else "the label"
        warnings.warn(
            f"No installed font has the letters of {said} {quote(spelled[0])}: figures and PDF spell them in "
            f"Latin letters ({quote(legible(spelled[0]))}). Install a font that has them, such as Noto Sans "
            "CJK for Chinese, Japanese and Korean (https://fonts.google.com/noto), and run this again.",
            MissingLettersWarning,
            stacklevel=3,
        )


def _drawn(study: StudyResult) -> Iterator[tuple[str, Figure, str]]:
    run = study.headline
    yield (
        "images-per-syndrome",
        draw_images_per_syndrome(study.dataset),
        describe_images_per_syndrome(study.dataset),
    )
    if len({candidate.n_neighbors for candidate in run.candidates if candidate.head == KNN}) > 1:
        yield "score-by-k", draw_score_by_k(run), describe_score_by_k(run)
    if run.curves:
        yield (
            "score-beyond-grid",
            draw_score_beyond_grid(run, run.curves),
            describe_score_beyond_grid(run.curves),
        )
    if run.evaluations:
        yield "micro-roc", draw_micro_roc(run.evaluations), describe_micro_roc(run.evaluations)
    evaluation = entry_of(run.evaluations, run.winner)
    if evaluation is not None:
        yield "syndrome-roc", draw_syndrome_roc(evaluation), describe_syndrome_roc(evaluation)
        yield "confusion", draw_confusion(evaluation), describe_confusion(evaluation)
    yield from _analyses(run)
    if study.ablation is not None:
        yield from _preprocessing(study.ablation)
    if study.hubness is not None:
        yield "hubness", draw_hubness(study.hubness), describe_hubness(study.hubness)
    if study.embedding_map is not None:
        yield (
            "embedding-map",
            draw_embedding_map(study.embedding_map),
            describe_embedding_map(study.embedding_map),
        )
    similarities = study.centroid_similarities
    if similarities:
        yield (
            "centroid-similarity",
            draw_centroid_similarity(similarities),
            describe_centroid_similarity(similarities),
        )


def _analyses(run: ProtocolResult) -> Iterator[tuple[str, Figure, str]]:
    """Draw what was looked into beside the scores."""
    if run.nested is not None and choices_differ(run.nested):
        yield (
            "nested-selection",
            draw_nested_selection(run.nested, run.candidates),
            describe_nested_selection(run.nested),
        )
    if run.calibrations:
        yield "calibration", draw_calibration(run.calibrations), describe_calibration(run.calibrations)
    # The winner last: figures order syndromes by it.
    open_sets = sorted(run.open_sets, key=lambda entry: entry.variant == run.winner.variant)
    if open_sets and all(areas(entry) for entry in open_sets):
        yield "novelty", draw_novelty(open_sets), describe_novelty(open_sets)
        yield "rejection", draw_rejection(open_sets), describe_rejection(open_sets)


def _preprocessing(result: AblationResult) -> Iterator[tuple[str, Figure, str]]:
    """Draw what scaling and resampling are worth."""
    yield "preprocessing-gains", draw_preprocessing_gains(result), describe_preprocessing_gains(result)
    yield (
        "preprocessing-syndromes",
        draw_preprocessing_syndromes(result),
        describe_preprocessing_syndromes(result),
    )
    if roc_ks(result):
        yield "preprocessing-roc", draw_preprocessing_roc(result), describe_preprocessing_roc(result)
    if result.maps:
        yield "preprocessing-maps", draw_preprocessing_maps(result), describe_preprocessing_maps(result)
