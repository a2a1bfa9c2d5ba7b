"""The result of comparing models: encoders, the scores of each head on them, and how it came to be."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

from pydantic import Field, PrivateAttr, model_validator

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results.analysis import Analyses, Kind, ReportKind
from skknn_syndrome.results.base import Named, Result, check_known
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.displayed import Displayed
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.files import load_result, save_result
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.results.one_line import cut, short_repr
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.results.result_cards import comparison_card
from skknn_syndrome.vocabulary import speaking

if TYPE_CHECKING:
    import pandas as pd

COMPARISON_VERSION = 1
"""Grows by one with every change of the fields."""


class Encoder(Result):
    """One set of vectors of the images."""

    name: str
    dataset: DatasetSummary
    """Of the images that all encoders have."""
    fused: tuple[str, ...] = ()
    """Names of the encoders whose vectors, each at unit norm, it puts side by side."""
    unmatched: tuple[str, ...] = ()
    """Images of its file that another one lacks, by id: the first of them."""
    n_unmatched: int = 0
    """How many these are."""
    n_refused: int = 0
    """Rows of its file that can't be used, or were left out as asked: `skknn-syndrome audit` names them."""
    test_embedder: EmbedderNote | None = None
    """What made the vectors of the external test images, where their file tells."""

    @property
    def is_tested_on_other(self) -> bool:
        """Whether the external test images were embedded by other weights, or preprocessed otherwise."""
        own = self.dataset.embedder
        return own is not None and own.differs_from(self.test_embedder)


class ModelComparison(Displayed, Result):
    """Heads on encoders, compared on the same folds; it goes to JSON and comes back the same.

    Examples
    --------
    >>> from skknn_syndrome import compare_models, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> comparison = compare_models(
    ...     data.embeddings, data.syndromes, groups=data.subjects, heads=("centroid", "lda"), cv=3,
    ...     n_repeats=1, inner_cv=2,
    ... )
    >>> comparison.to_frame().columns.tolist()
    ['encoder', 'head', 'repeat', 'split', 'score', 'value']
    >>> ModelComparison.model_validate_json(comparison.model_dump_json()) == comparison
    True
    """

    report_kind: ClassVar[ReportKind] = "comparison"

    kind: Literal["model_comparison"] = "model_comparison"
    """What tells its file from that of a study."""
    schema_version: int = COMPARISON_VERSION
    encoders: tuple[Encoder, ...] = Field(min_length=1)
    analyses: Analyses
    """What was found on each question: "models" first."""
    provenance: Provenance

    # Predictions are arrays, and have a file of their own.
    _records: Mapping[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def of(cls, *, records: Mapping[str, Any], **fields: Any) -> Self:  # noqa: ANN401  as the constructor
        """Return a comparison that holds the out-of-fold predictions of each model, by its name."""
        made = cls.model_validate(fields)
        made._records = MappingProxyType(dict(records))  # noqa: SLF001  its own
        return made

    def __repr__(self) -> str:
        """Name the best of the models: the whole would fill screens."""
        found = self.models
        best = found.best
        return cut(
            f"ModelComparison({short_repr(self.dataset.name)}: {len(found.models)} models; "
            f"best: {short_repr(best.name)}, {best.scores[found.refit]!r})"
        )

    def _repr_html_(self) -> str:
        with speaking(vocabulary_of(self.dataset, self)):
            return comparison_card(self).to_html()

    def __eq__(self, other: object) -> bool:
        """Compare what is written down; predictions are not."""
        return isinstance(other, ModelComparison) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """Agree with `__eq__`: equal comparisons are of the same data and the same moment."""
        return hash((self.dataset.data_sha256, self.provenance.started))

    @property
    def dataset(self) -> DatasetSummary:
        """Of the first encoder: all have the same images."""
        return self.encoders[0].dataset

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of their names."""
        return tuple(entry.syndrome for entry in self.dataset.syndromes)

    @property
    def models(self) -> Any:  # noqa: ANN401  a kind of analysis, of which results know nothing
        """The `ModelsAnalysis`: models with their scores, tests and ranks."""
        return self.find("models")

    @property
    def scores(self) -> Mapping[str, Mapping[str, Interval]]:
        """Pooled scores with intervals over subjects: ``comparison.scores["lda"]["f1_macro"].low``."""
        return MappingProxyType(
            Named({model.name: model.pooled.scores for model in self.models.models if model.pooled})
        )

    @property
    def records(self) -> Mapping[str, Any]:
        """Out-of-fold predictions of each model, by its name; empty once loaded."""
        return self._records

    @overload
    def find(self, kind: type[Kind], protocol: ProtocolName | None = None) -> Kind | None: ...
    @overload
    def find(self, kind: str, protocol: ProtocolName | None = None) -> Any: ...  # noqa: ANN401  a kind
    def find(self, kind: type[Kind] | str, protocol: ProtocolName | None = None) -> Any:
        """Return what was found on a question, as `Analyses.find` does; None where nobody asked."""
        return self.analyses.find(kind, protocol)

    def to_frame(self) -> "pd.DataFrame":
        """One row for each score of each fold.

        Returns
        -------
        pandas.DataFrame
            Columns ``encoder, head, repeat, split, score, value``; NaN where a score is not defined.
        """
        import pandas as pd  # noqa: PLC0415  a second of import that reading a result does not need

        folds = self.models.folds
        rows = [
            (model.encoder, model.head, fold.repeat, fold.split, score.name, value)
            for model in self.models.models
            for score in model.all_scores
            for fold, value in zip(folds, score.values, strict=True)
        ]
        columns = ["encoder", "head", "repeat", "split", "score", "value"]
        return pd.DataFrame(rows, columns=columns).astype({"value": "float64"})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the comparison as JSON, whole or not at all."""
        save_result(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a comparison that `save` wrote.

        Raises
        ------
        StudyFileError
            If the file can't be read, is no comparison, or was written by a newer version of this package.
        """
        return load_result(cls, Path(path), "model comparison")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        check_known("schema_version", [self.schema_version], [COMPARISON_VERSION])
        if self.find("models") is None:
            message = "the analysis 'models' is missing"
            raise ValueError(message)
        check_known("encoder", self.models.encoders, names_of(self.encoders))
        return self


def names_of(encoders: Sequence[Encoder]) -> list[str]:
    """Return the names of encoders, in their order."""
    return [encoder.name for encoder in encoders]
