"""The study's result: what everything after it works from."""

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, overload

from pydantic import PrivateAttr, model_validator

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results.analysis import Analyses, Kind, ReportKind
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.base import Result, check_known
from skknn_syndrome.results.candidate import Candidate, CandidateKey, key_columns
from skknn_syndrome.results.check import Checks, Notice
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.displayed import Displayed, listed_first
from skknn_syndrome.results.files import load_result, save_result
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.results.one_line import cut, short_repr
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.results.repeats import Repeats, RepeatsAnalysis
from skknn_syndrome.results.result_cards import study_card
from skknn_syndrome.results.upgrades import SCHEMA_VERSION, as_written, upgrade_text
from skknn_syndrome.vocabulary import speaking

if TYPE_CHECKING:
    import pandas as pd

_ScoreRow: TypeAlias = tuple[str, int, CandidateKey, int, str, float | None]
"""Protocol, repeat, candidate, split, score, value."""


@dataclass(frozen=True)
class _Fitted:
    """What a study holds beside its fields while it is in the memory that it was made in."""

    search: Any
    records: tuple[Any, ...]


@listed_first
class StudyResult(Displayed, Result):
    """A study, frozen and typed, that goes to JSON and comes back the same.

    Examples
    --------
    >>> from skknn_syndrome import cross_validate_study, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> study = cross_validate_study(
    ...     data.embeddings, data.syndromes, n_neighbors=[5], cv=2, metrics="cosine", analyses=()
    ... )
    >>> study.best["cosine"].n_neighbors
    5
    >>> len(study.find("per_class").evaluations), study.find("calibration")
    (1, None)
    >>> StudyResult.model_validate_json(study.model_dump_json()) == study
    True
    """

    report_kind: ClassVar[ReportKind] = "study"

    schema_version: int = SCHEMA_VERSION
    dataset: DatasetSummary
    protocols: tuple[ProtocolResult, ...]
    """The primary protocol first: by subject where the data has subject ids."""
    analyses: Analyses = Analyses()
    """What was found on each question, in the order of reading."""
    checks: Checks = Checks()
    """What was looked at, one entry a check, and what of it a reader has to know."""
    audit: Audit | None = None
    """What was refused or looked dangerous when the file was read; None where there was no file."""
    provenance: Provenance

    # Fitted estimators have no place in JSON; what is loaded has none.
    _fitted: _Fitted = PrivateAttr(default=_Fitted(None, ()))

    @classmethod
    def of(cls, *, search: Any, records: Sequence[Any] = (), **fields: Any) -> Self:  # noqa: ANN401  see `search`
        """Return a study that holds the fitted search that it is of, and the out-of-fold predictions.

        Parameters
        ----------
        search : GridSearchCV
            Of the primary protocol.
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
        winner, refit = self.primary.winner, self.primary.refit
        params = (
            f"{name}={short_repr(value)}" for name, value in sorted(winner.params.items()) if name != "metric"
        )
        return cut(
            f"StudyResult({short_repr(self.dataset.name)}, protocol {self.primary.protocol!r}: "
            f"{winner.variant}, {', '.join([*params, repr(winner.scores[refit])])})"
        )

    def _repr_html_(self) -> str:
        with speaking(vocabulary_of(self.dataset, self)):
            return study_card(self).to_html()

    def __eq__(self, other: object) -> bool:
        """Compare what is written down; the fitted search is not."""
        return isinstance(other, StudyResult) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """Agree with `__eq__`: equal studies are of the same data and the same moment."""
        return hash((self.dataset.data_sha256, self.provenance.started))

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of their names."""
        return tuple(entry.syndrome for entry in self.dataset.syndromes)

    @property
    def primary(self) -> ProtocolResult:
        """The protocol whose scores are the study's."""
        return self.protocols[0]

    @property
    def headline(self) -> ProtocolResult:
        """The earlier name of `primary`, which goes with the next version."""
        warnings.warn("study.headline is called study.primary now.", FutureWarning, stacklevel=2)
        return self.primary

    @property
    def best(self) -> Mapping[str, Candidate]:
        """The best candidate of each distance under the primary protocol."""
        return self.primary.best

    @overload
    def find(self, kind: type[Kind], protocol: ProtocolName | None = None) -> Kind | None: ...
    @overload
    def find(self, kind: str, protocol: ProtocolName | None = None) -> Any: ...  # noqa: ANN401  a kind
    def find(self, kind: type[Kind] | str, protocol: ProtocolName | None = None) -> Any:
        """Return what was found on a question, as `Analyses.find` does; None where nobody asked."""
        return self.analyses.find(kind, protocol)

    @property
    def repeats(self) -> Repeats | None:
        """The primary protocol on splits with other seeds; None where there are none."""
        found = self.find(RepeatsAnalysis)
        return None if found is None else found.repeats

    @property
    def n_splits(self) -> int:
        """How many splits of the images tests are over."""
        return 1 if self.repeats is None else len(self.repeats.seeds)

    @property
    def comparisons(self) -> tuple[DistanceComparison, ...]:
        """The two best distances, a row a score: over all splits, where there are several."""
        repeated = () if self.repeats is None else self.repeats.comparisons
        return repeated or self.primary.comparisons

    @property
    def comparison(self) -> DistanceComparison | None:
        """The same on the deciding score alone."""
        return next((entry for entry in self.comparisons if entry.score == self.primary.refit), None)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Issues and tips under their names, as versions before `checks` had them."""
        return tuple(Notice(code=check.name, message=check.message) for check in self.checks if check.is_open)

    @property
    def search(self) -> Any:  # noqa: ANN401  scikit-learn has no types, and results know nothing of it
        """The fitted `GridSearchCV` of the primary protocol, None once loaded from JSON."""
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
            Columns ``protocol, repeat, metric, weights, n_neighbors, split, score, value``. Where a candidate
            has another head than k-NN, ``head`` and the parameters of all heads, in the order in which they
            come first, stand in place of ``metric, weights, n_neighbors``; a parameter that a head lacks is
            None. A score that is not defined in a fold has the value NaN.
        """
        import pandas as pd  # noqa: PLC0415  a second of import that reading a study does not need

        rows = [*_study_scores(self), *_repeated_scores(self)]
        columns, cells = key_columns(candidate for _, _, candidate, *_ in rows)
        return pd.DataFrame(
            [(protocol, repeat, *cells(candidate), *rest) for protocol, repeat, candidate, *rest in rows],
            columns=["protocol", "repeat", *columns, "split", "score", "value"],
        ).astype({"value": "float64"})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the study as JSON, whole or not at all; its large arrays go into a Parquet file beside it.

        Examples
        --------
        ``study.save("study.json")`` of a large study writes ``study.arrays.parquet`` first, and then
        ``study.json``, which names that and its SHA-256. `load` needs both.
        """
        save_result(self, Path(path), arrays_beside=True)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a study that `save` wrote.

        Raises
        ------
        StudyFileError
            If the file can't be read, is no study, or was written by a newer version of this package; if the
            file of its arrays is missing, or is not the one that it was written with.
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
        by_protocol = {run.protocol: run for run in self.protocols}
        check_known("protocol", (entry.protocol for entry in self.analyses if entry.protocol), by_protocol)
        for entry in self.analyses:
            entry.check_against(self.primary if entry.protocol is None else by_protocol[entry.protocol])
        return self


def _study_scores(study: StudyResult) -> Iterator[_ScoreRow]:
    for run in study.protocols:
        for candidate in run.candidates:
            for score in candidate.all_scores:
                for fold, value in zip(run.folds, score.values, strict=True):
                    yield run.protocol, fold.repeat, candidate, fold.split, score.name, value


def _repeated_scores(study: StudyResult) -> Iterator[_ScoreRow]:
    repeats = study.repeats
    if repeats is None:
        return
    for candidate in repeats.candidates:
        for score in candidate.all_scores:
            # The first repeat is the study itself.
            for number, value in list(enumerate(score.values))[repeats.n_folds :]:
                repeat, split = divmod(number, repeats.n_folds)
                yield study.primary.protocol, repeat, candidate, split, score.name, value
