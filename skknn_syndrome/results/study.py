"""The study's result: what everything after it works from."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from pydantic import PrivateAttr, model_validator

from skknn_syndrome.results.ablation import AblationResult
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.base import Result, check_known
from skknn_syndrome.results.candidate import Candidate, CandidateKey, key_columns
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.difference import ProtocolDifference, ProtocolInflation
from skknn_syndrome.results.files import load_result, save_result
from skknn_syndrome.results.geometry import CentroidSimilarity, EmbeddingMap
from skknn_syndrome.results.hubness import Hubness
from skknn_syndrome.results.leak import Leak
from skknn_syndrome.results.near_duplicate import NearDuplicates
from skknn_syndrome.results.notice import Notice
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.uncertainty import PooledDifference
from skknn_syndrome.results.upgrades import SCHEMA_VERSION, as_written, upgrade_text

if TYPE_CHECKING:
    import pandas as pd

_ScoreRow: TypeAlias = tuple[str, int, CandidateKey, int, str, float | None]
"""Protocol, repeat, candidate, split, score, value."""


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
    _search: Any = PrivateAttr(default=None)
    _records: Any = PrivateAttr(default=())

    def __repr__(self) -> str:
        """Name, protocol and winner: the whole study would fill a hundred screens."""
        winner, refit = self.headline.winner, self.headline.refit
        params = (f"{name}={value!r}" for name, value in sorted(winner.params.items()) if name != "metric")
        return (
            f"StudyResult({self.dataset.name!r}, protocol {self.headline.protocol!r}: {winner.variant}, "
            f"{', '.join([*params, repr(winner.scores[refit])])})"
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
        return self._search

    @property
    def records(self) -> Any:  # noqa: ANN401  made by the study, which results know nothing of
        """Out-of-fold predictions of the best candidate of each distance and protocol; empty once loaded."""
        return self._records

    @property
    def best_estimator(self) -> Any:  # noqa: ANN401  see `search`
        """The best candidate, refitted on all embeddings; None once loaded from JSON."""
        return None if self._search is None else self._search.best_estimator_

    def to_frame(self) -> "pd.DataFrame":
        """One row for each fold's score; of the best candidates also for each fold of the repeats.

        Returns
        -------
        pandas.DataFrame
            Columns ``protocol, repeat, metric, weights, n_neighbors, split, score, value``. Where a candidate
            has another head than k-NN, ``head`` and the parameters of all heads, in the order in which they
            come first, stand in place of ``metric, weights, n_neighbors``; a parameter that a head lacks is
            None. A score that is not defined in a fold has the value NaN.
        """
        import pandas as pd  # noqa: PLC0415  a second of import that reading a study does not need

        rows = [
            row for find in (_study_scores, _repeated_scores) for run in self.protocols for row in find(run)
        ]
        columns, cells = key_columns(candidate for _, _, candidate, *_ in rows)
        return pd.DataFrame(
            [(protocol, repeat, *cells(candidate), *rest) for protocol, repeat, candidate, *rest in rows],
            columns=["protocol", "repeat", *columns, "split", "score", "value"],
        ).astype({"value": "float64"})

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
        return load_result(cls, Path(path), "study", upgrade=upgrade_text, as_written=as_written)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.schema_version != SCHEMA_VERSION:
            message = (
                f"schema_version is {self.schema_version}, and {SCHEMA_VERSION} is needed: "
                "`StudyResult.load` reads older files; update skknn-syndrome to read newer ones"
            )
            raise ValueError(message)
        if not self.protocols:
            message = "a study needs at least one protocol"
            raise ValueError(message)
        metric = self.headline.winner.metric
        if self.hubness is not None and metric is not None:
            known = [entry.metric for entry in self.hubness.distances]
            check_known("distance", [metric], known)
        return self


def _study_scores(run: ProtocolResult) -> Iterator[_ScoreRow]:
    for candidate in run.candidates:
        for score in candidate.all_scores:
            for fold, value in zip(run.folds, score.values, strict=True):
                yield run.protocol, fold.repeat, candidate, fold.split, score.name, value


def _repeated_scores(run: ProtocolResult) -> Iterator[_ScoreRow]:
    if run.repeats is None:
        return
    n_folds = run.repeats.n_folds
    for candidate in run.repeats.candidates:
        for score in candidate.all_scores:
            # The first repeat is the study itself.
            for number, value in list(enumerate(score.values))[n_folds:]:
                yield run.protocol, number // n_folds, candidate, number % n_folds, score.name, value
