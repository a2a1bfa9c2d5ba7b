"""The map of a study as cases: out-of-fold predictions, to be looked at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from skknn_syndrome.analyses.embedding_map.present import MAP_TITLES, find_embedding_map
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMap
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.display.style import marks
from skknn_syndrome.errors import ParameterError, StudyFileError
from skknn_syndrome.exploring.covariates import shown_covariates
from skknn_syndrome.exploring.model_cases import check_row
from skknn_syndrome.exploring.overview import CaseDetail, Near, Overview, Share, ShownClass, ShownPlane
from skknn_syndrome.exploring.records import RECORDS, Records, read_records
from skknn_syndrome.results.explanation import Explanation
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.results.prediction import Predictions
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import in_words, speaking


class StudyCases:
    """A study whose map is explored.

    Parameters
    ----------
    study : StudyResult
    folder : Path or None
        Where its out-of-fold predictions may lie.
    data : EmbeddingDataset, optional
        The data set that was studied, with covariates.

    Raises
    ------
    StudyFileError
        It has no map.
    ParameterError
        The data set is another one.
    """

    def __init__(
        self, study: StudyResult, folder: Path | None = None, data: EmbeddingDataset | None = None
    ) -> None:
        found = find_embedding_map(study)
        if found is None or found.embedding_map is None:
            raise StudyFileError(
                "The study has no map of its embeddings, and nothing to explore without: run it again "
                "without --quick and --no-map, on one label an image and at least 20 images.",
                code="no_map",
            )
        self._study = study
        self._map: EmbeddingMap = found.embedding_map
        self._rows = list(self._map.rows or range(len(self._map.labels)))
        self._covariates = shown_covariates(data, study.dataset, self._rows)
        self._points = {row: point for point, row in enumerate(self._rows)}
        self._records: Records | None = (
            None
            if folder is None or not self._map.predicted
            else read_records(folder / RECORDS, study, self._rows, list(self._map.predicted))
        )

    def overview(self, max_bytes: int) -> Overview:
        """Return all points of the map."""
        shown, vocabulary = self._map, vocabulary_of(self._study.dataset, self._study)
        # A class that the map has no image of may have been predicted.
        names = list(dict.fromkeys([*shown.syndromes, *shown.predicted]))
        codes = {name: code for code, name in enumerate(names)}
        with speaking(vocabulary):
            look, about = marks(names), in_words(self._about)
        records = self._records
        ids = [] if records is None else [records.of(row) for row in self._rows]
        has_subjects = bool(ids) and ids[0]["subject"] is not None
        return Overview(
            kind="study",
            title=self._study.dataset.name,
            about=about,
            classes=tuple(
                ShownClass(name=name, colour=look[name].colour, marker=look[name].marker) for name in names
            ),
            labels=shown.labels,
            predicted=tuple(codes[name] for name in shown.predicted),
            confidence=shown.confidence,
            images=tuple(str(found["image"] or found["row"] + 1) for found in ids),
            subjects=tuple(str(found["subject"]) for found in ids) if has_subjects else (),
            planes=tuple(
                ShownPlane(title=MAP_TITLES[entry.method], x=entry.x, y=entry.y)
                for entry in shown.projections
            ),
            covariates=self._covariates,
            n_images=shown.n_images,
            answers=False,
            max_bytes=max_bytes,
            nouns=(vocabulary.classes.one, vocabulary.subjects.one, vocabulary.images.one),
        )

    @property
    def _about(self) -> str:
        if not self._map.predicted:
            return "The study has no predictions of single images."
        by = "subject" if self._study.primary.protocol == "subject" else "image"
        candidate = self._study.primary.winner.variant
        folds = f"in {by}-level cross-validation"
        return f"Predictions are out of fold, {folds}, by the best candidate: {candidate}."

    def case(self, row: int) -> CaseDetail:
        """Return one point of the map."""
        check_row(row, len(self._rows))
        record = None if self._records is None else self._records.of(self._rows[row])
        voters = () if record is None else self._voters(record)
        return CaseDetail(
            row=row,
            name=self._map.syndromes[self._map.labels[row]],
            image=None if record is None else record["image"],
            subject=None if record is None else record["subject"],
            ranking=self._said(row) if record is None else _ranking(record),
            prediction=None,
            neighbors=voters or self._nearest(row),
            neighbors_of="the candidate's distance, in the training part" if voters else "cosine distance",
            has_sheet=False,
        )

    def _said(self, row: int) -> tuple[Share, ...]:
        """Return what the map says of a point, where there are no rankings."""
        shown = self._map
        if not shown.predicted:
            return ()
        return (
            Share(name=shown.predicted[row], probability=shown.confidence[row] if shown.confidence else None),
        )

    def _voters(self, record: Mapping[str, Any]) -> tuple[Near, ...]:
        """Return the neighbours that voted."""
        parts = "rows", "syndromes", "images", "subjects", "distances"
        columns = [record[f"neighbor_{part}"] or () for part in parts]
        return tuple(
            Near(row=self._points.get(row), name=name, image=image, subject=subject, distance=distance)
            for row, name, image, subject, distance in zip(*columns, strict=True)
        )

    def _nearest(self, row: int) -> tuple[Near, ...]:
        shown = self._map
        found = []
        for near in shown.neighbors[row] if shown.neighbors else ():
            record = None if self._records is None else self._records.of(self._rows[near])
            found.append(
                Near(
                    row=near,
                    name=shown.syndromes[shown.labels[near]],
                    image=None if record is None else record["image"],
                    subject=None if record is None else record["subject"],
                    distance=None,
                )
            )
        return tuple(found)

    def sheet(self, row: int) -> bytes:
        """Refuse: a sheet is of a model's answer."""
        check_row(row, len(self._rows))
        _refuse("case sheet")

    def predict(self, content: bytes, suffix: str, top_k: int | None, coverage: float | None) -> Predictions:  # noqa: ARG002
        """Refuse: a study holds no model."""
        _refuse("answer about new cases")

    def explain(self, content: bytes, suffix: str, row: int) -> Explanation:  # noqa: ARG002
        """Refuse likewise."""
        _refuse("explanation")


def _refuse(what: str) -> NoReturn:
    raise ParameterError(
        f"A study holds no model, so that there is no {what}: fit one, and explore that.",
        code="no_model",
    )


def _ranking(record: Mapping[str, Any]) -> tuple[Share, ...]:
    names: list[str] = record["ranking"]
    chances: list[float | None] = record["ranking_probabilities"] or [None] * len(names)
    return tuple(Share(name=name, probability=chance) for name, chance in zip(names, chances, strict=True))
