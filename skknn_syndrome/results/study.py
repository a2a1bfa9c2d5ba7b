"""The study's result: what everything after it works from."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr, model_validator

from skknn_syndrome.results.ablation import AblationResult
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.base import Result, check_known
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.difference import ProtocolDifference, ProtocolInflation
from skknn_syndrome.results.files import load_result, save_result
from skknn_syndrome.results.geometry import CentroidSimilarity, EmbeddingMap
from skknn_syndrome.results.hubness import Hubness
from skknn_syndrome.results.leak import Leak
from skknn_syndrome.results.near_duplicate import NearDuplicates
from skknn_syndrome.results.notice import Notice
from skknn_syndrome.results.protocol import Candidate, ProtocolResult
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.uncertainty import PooledDifference

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 4
"""Grows by one with every field that is added; a file of an older version loads with that field's default."""


@dataclass(frozen=True)
class _Fitted:
    """What a study holds beside its fields while it is in the memory that it was made in."""

    search: Any
    records: tuple[Any, ...]


class StudyResult(Result):
    """A study, frozen and typed, that goes to JSON and comes back the same.

    Examples
    --------
    >>> from skknn_syndrome import cross_validate_study, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = cross_validate_study(data.embeddings, data.syndromes, n_neighbors=[5], cv=2)
    >>> study.best["cosine"].n_neighbors
    5
    >>> StudyResult.model_validate_json(study.model_dump_json()) == study
    True
    """

    schema_version: int = SCHEMA_VERSION
    dataset: DatasetSummary
    protocols: tuple[ProtocolResult, ...]
    """The headline protocol first: by subject where the data has subject ids."""
    differences: tuple[ProtocolDifference, ...] = ()
    """Image-level minus subject-level, where both were run."""
    inflations: tuple[PooledDifference, ...] = ()
    """Of pooled out-of-fold scores of one split, in files of schema version 3 and older."""
    protocol_inflations: tuple[ProtocolInflation, ...] = ()
    """Image-level minus subject-level over repeated splits, with intervals: one a distance and score."""
    leaks: tuple[Leak, ...] = ()
    """People who may be on both sides of a split under several names; empty where none were found."""
    notices: tuple[Notice, ...] = ()
    audit: Audit | None = None
    """What was refused or looked dangerous when the file was read; None where there was no file."""
    near_duplicates: NearDuplicates | None = None
    """None where nobody looked, or the data has no subject ids."""
    embedding_map: EmbeddingMap | None = None
    centroid_similarities: tuple[CentroidSimilarity, ...] = ()
    hubness: Hubness | None = None
    """Who is near to whom, without folds; None where the data is no matrix of embeddings."""
    published: tuple[PublishedScore, ...] = ()
    """What others reported on such data."""
    ablation: AblationResult | None = None
    """What scaling and resampling are worth; None where nobody asked."""
    provenance: Provenance

    # Fitted estimators have no place in JSON; what is loaded has none.
    _fitted: _Fitted = PrivateAttr(default=_Fitted(None, ()))

    @classmethod
    def of(cls, *, search: Any, records: Sequence[Any] = (), **fields: Any) -> Self:  # noqa: ANN401  see `search`
        """Return a study that holds the fitted search that it is of, and the out-of-fold predictions.

        Parameters
        ----------
        search : GridSearchCV
            Of the headline protocol.
        records : sequence of OutOfFoldRecord
            Of the best candidate of each distance and protocol.
        **fields
            As in the constructor.

        Raises
        ------
        pydantic.ValidationError
            As from the constructor.
        """
        return cls.model_validate(fields, context=_Fitted(search, tuple(records)))

    def model_post_init(self, context: Any, /) -> None:  # noqa: ANN401  whatever a caller validates with
        """Take what `of` gives beside the fields."""
        if isinstance(context, _Fitted):
            self._fitted = context

    def revised(self, **changes: object) -> Self:
        """Return the same study with some fields changed and validated; it holds the same search."""
        held = self._fitted
        return self.of(search=held.search, records=held.records, **self._fields() | changes)

    def __repr__(self) -> str:
        """Name, protocol and winner: the whole study would fill a hundred screens."""
        winner, refit = self.headline.winner, self.headline.refit
        return (
            f"StudyResult({self.dataset.name!r}, protocol {self.headline.protocol!r}: {winner.metric}, "
            f"n_neighbors={winner.n_neighbors}, weights={winner.weights!r}, "
            f"{winner.scores[refit]!r})"
        )

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        """Compare what is written down; the fitted search is not."""
        return isinstance(other, StudyResult) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """Agree with `__eq__`: equal studies are of the same data and the same moment."""
        return hash((self.dataset.data_sha256, self.provenance.started))

    @property
    def headline(self) -> ProtocolResult:
        """The protocol whose scores are the study's."""
        return self.protocols[0]

    @property
    def best(self) -> Mapping[str, Candidate]:
        """The best candidate of each distance under the headline protocol."""
        return self.headline.best

    @property
    def search(self) -> Any:  # noqa: ANN401  scikit-learn has no types, and results know nothing of it
        """The fitted `GridSearchCV` of the headline protocol, None once loaded from JSON."""
        return self._fitted.search

    @property
    def records(self) -> Any:  # noqa: ANN401  made by the study, which results know nothing of
        """Out-of-fold predictions of the best candidate of each distance and protocol; empty once loaded."""
        return self._fitted.records

    @property
    def best_estimator(self) -> Any:  # noqa: ANN401  see `search`
        """The best candidate, refitted on all embeddings; None once loaded from JSON."""
        return None if self.search is None else self.search.best_estimator_

    def to_frame(self) -> "pd.DataFrame":
        """One row for each fold's score; of the best candidates also for each fold of the repeats.

        Returns
        -------
        pandas.DataFrame
            Columns ``protocol, repeat, metric, weights, n_neighbors, split, score, value``. A score that
            is not defined in a fold has the value NaN.
        """
        import pandas as pd  # noqa: PLC0415  a second of import that reading a study does not need

        columns = ["protocol", "repeat", "metric", "weights", "n_neighbors", "split", "score", "value"]
        rows = [
            (
                run.protocol,
                fold.repeat,
                cand.metric,
                cand.weights,
                cand.n_neighbors,
                fold.split,
                score.name,
                value,
            )
            for run in self.protocols
            for cand in run.candidates
            for score in cand.all_scores
            for fold, value in zip(run.folds, score.values, strict=True)
        ]
        rows += [
            (
                run.protocol,
                number // n_folds,
                cand.metric,
                cand.weights,
                cand.n_neighbors,
                number % n_folds,
                score.name,
                value,
            )
            for run in self.protocols
            if run.repeats is not None
            for n_folds in [run.repeats.n_folds]
            for cand in run.repeats.candidates
            for score in cand.all_scores
            # The first repeat is the study itself.
            for number, value in list(enumerate(score.values))[n_folds:]
        ]
        return pd.DataFrame(rows, columns=columns).astype({"value": "float64"})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the study as JSON, whole or not at all."""
        save_result(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a study that `save` wrote.

        Raises
        ------
        StudyFileError
            If the file can't be read, is no study, or was written by a newer version of this package.
        """
        return load_result(cls, Path(path), "study")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not 1 <= self.schema_version <= SCHEMA_VERSION:
            message = (
                f"schema_version is {self.schema_version}, this package reads 1 to {SCHEMA_VERSION}: "
                "update skknn-syndrome to read a newer study"
            )
            raise ValueError(message)
        if not self.protocols:
            message = "a study needs at least one protocol"
            raise ValueError(message)
        if self.hubness is not None:
            known = [entry.metric for entry in self.hubness.distances]
            check_known("distance", [self.headline.winner.metric], known)
        return self
