"""New cases: vectors whose class nobody knows yet, from a file of any format of embeddings."""

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from skknn_syndrome._typing import FloatArray, StringArray
from skknn_syndrome.data.column_names import column_names
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.loading import Reading, read_embeddings
from skknn_syndrome.errors import RefusedRowsWarning
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.wording import counted


@dataclass(frozen=True, eq=False)
class NewCases:
    """Vectors to be asked about."""

    embeddings: FloatArray
    """Shape (n_images, n_features)."""
    images: StringArray
    subjects: StringArray | None
    embedder: EmbedderNote | None
    """What made the vectors, where the file says it."""
    audit: Audit
    """Which rows can't be used, and why."""
    name: str

    @classmethod
    def of(cls, dataset: EmbeddingDataset) -> "NewCases":
        """Return the vectors and ids of a data set, whose labels nobody is to look at."""
        return cls(
            dataset.embeddings,
            dataset.images,
            dataset.subjects,
            dataset.embedder,
            dataset.audit,
            dataset.name,
        )


def load_new_cases(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str | int] | None = None,
    n_features: int | None = None,
    subjects: bool = True,
    average_rows: bool = False,
) -> NewCases:
    r"""Read vectors and ids, and no labels, whether the file has some or not.

    Parameters
    ----------
    path, columns, n_features, subjects, average_rows
        As in `load_embeddings`. The column that `columns` names for "syndrome" is left unread. In a pickle,
        any key may stand in the place of the label.

    Returns
    -------
    NewCases

    Raises
    ------
    EmbeddingsFileError
        As `load_embeddings`.

    Warns
    -----
    RefusedRowsWarning
        If some rows can't be used.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "new.csv"
    >>> _ = path.write_text("image,e0,e1\na,0.5,1\nb,0.25,2\n")
    >>> load_new_cases(path).images.tolist()
    ['a', 'b']
    """
    reading = Reading(column_names(columns or {}), n_features, subjects, average_rows, labelled=False)
    found = NewCases.of(read_embeddings(path, reading))
    refused = found.audit.refused
    if refused:
        warnings.warn(
            f"{path}: {len(refused):,} of {counted(found.audit.n_rows, 'row')} refused, all listed in audit; "
            f"the first: {refused[0].message}",
            RefusedRowsWarning,
            stacklevel=2,
        )
    return found
