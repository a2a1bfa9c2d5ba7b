"""The result of comparing visual with reference distances between classes."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

from pydantic import model_validator

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results.analysis import Analyses, Kind, ReportKind
from skknn_syndrome.results.base import Result, check_known
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.displayed import Displayed
from skknn_syndrome.results.files import load_result, save_result
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.results.one_line import cut, short_repr
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.results.result_cards import alignment_card
from skknn_syndrome.vocabulary import speaking

if TYPE_CHECKING:
    import pandas as pd

ALIGNMENT_VERSION = 1
"""Grows by one with every change of the fields."""


class DistanceAlignment(Displayed, Result):
    """Visual beside reference distances between classes; it goes to JSON and comes back the same.

    Examples
    --------
    >>> from skknn_syndrome import compare_distances
    >>> from skknn_syndrome.data import make_taxonomy_embeddings
    >>> made = make_taxonomy_embeddings(8, strength=1.0)
    >>> alignment = compare_distances(made.dataset, made.reference, n_permutations=99)
    >>> alignment.to_frame().columns.tolist()
    ['first', 'second', 'visual', 'reference']
    >>> DistanceAlignment.model_validate_json(alignment.model_dump_json()) == alignment
    True
    """

    report_kind: ClassVar[ReportKind] = "alignment"

    kind: Literal["distance_alignment"] = "distance_alignment"
    """What tells its file from that of a study."""
    schema_version: int = ALIGNMENT_VERSION
    dataset: DatasetSummary | None
    """The images; None where distances between classes were given."""
    analyses: Analyses
    """What was found on each question: "alignment" first."""
    provenance: Provenance

    def __repr__(self) -> str:
        """Name the correlation: the whole would fill screens."""
        found = self.alignment
        pearson = found.correlations["pearson"]
        p_value = "undefined" if pearson.p_value is None else f"{pearson.p_value:.3g}"
        estimate = "undefined" if pearson.estimate is None else f"{pearson.estimate:.3f}"
        compared = f"{found.distance} against {short_repr(found.reference or 'given')}"
        return cut(
            f"DistanceAlignment({len(found.names)} classes, {compared}: r = {estimate}, Mantel p = {p_value})"
        )

    def _repr_html_(self) -> str:
        with speaking(vocabulary_of(self.dataset, self)):
            return alignment_card(self).to_html()

    @property
    def alignment(self) -> Any:  # noqa: ANN401  a kind of analysis, of which results know nothing
        """The `AlignmentAnalysis`: correlations with their tests, power and contributions."""
        return self.find("alignment")

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of the reference."""
        names: tuple[str, ...] = self.alignment.names
        return names

    @overload
    def find(self, kind: type[Kind], protocol: ProtocolName | None = None) -> Kind | None: ...
    @overload
    def find(self, kind: str, protocol: ProtocolName | None = None) -> Any: ...  # noqa: ANN401  a kind
    def find(self, kind: type[Kind] | str, protocol: ProtocolName | None = None) -> Any:
        """Return what was found on a question, as `Analyses.find` does; None where nobody asked."""
        return self.analyses.find(kind, protocol)

    def to_frame(self) -> "pd.DataFrame":
        """One row for each pair of classes.

        Returns
        -------
        pandas.DataFrame
            Columns ``first, second, visual, reference``.
        """
        import pandas as pd  # noqa: PLC0415  a second of import that reading a result does not need

        found = self.alignment
        columns = ["first", "second", "visual", "reference"]
        return pd.DataFrame(list(found.pairs()), columns=columns)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the alignment as JSON, whole or not at all; distances of many classes go beside it."""
        save_result(self, Path(path), arrays_beside=True)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read an alignment that `save` wrote.

        Raises
        ------
        StudyFileError
            If the file can't be read, is no alignment, or was written by a newer version of this package.
        """
        return load_result(cls, Path(path), "distance alignment")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        check_known("schema_version", [self.schema_version], [ALIGNMENT_VERSION])
        if self.find("alignment") is None:
            message = "the analysis 'alignment' is missing"
            raise ValueError(message)
        return self
