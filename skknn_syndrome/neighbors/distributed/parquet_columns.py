"""Which columns of a Parquet file hold the embeddings."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from skknn_syndrome.data.columns import TABLE
from skknn_syndrome.data.feature_columns import in_order, is_feature, usual_prefix
from skknn_syndrome.data.parquet_types import is_list
from skknn_syndrome.errors import EmbeddingsFileError, quote
from skknn_syndrome.neighbors.distributed.shapes import is_single


@dataclass(frozen=True)
class FeatureColumns:
    """Where a row's vector lies."""

    names: tuple[str, ...]
    """Feature columns in order of their numbers, or the one column of whole vectors."""
    holds_lists: bool
    single: bool
    """Whether the values fit float32."""


def find_columns(path: Path, schema: pa.Schema, features: str | None) -> FeatureColumns:
    """Find the embeddings; other columns do not matter, unlike in a labelled data set.

    Parameters
    ----------
    path : Path
        For the sentence.
    schema : pyarrow.Schema
    features : str or None
        The column with whole vectors, or the prefix of the feature columns; None means `embedding`, or the
        prefix that most of the numbered columns share.

    Returns
    -------
    FeatureColumns

    Raises
    ------
    EmbeddingsFileError
        If there are none, a number is missing, or a column holds something else than numbers.
    """
    lists = {field.name for field in schema if is_list(field.type)}
    whole = TABLE.vectors if features is None else features
    names = (whole,) if whole in lists else _numbered(path, schema, features)
    kinds = [schema.field(name).type for name in names]
    values = [kind.value_type if is_list(kind) else kind for kind in kinds]
    for name, value in zip(names, values, strict=True):
        if not (pa.types.is_floating(value) or pa.types.is_integer(value)):
            raise EmbeddingsFileError(
                f"{path}: its column {quote(name)} holds {schema.field(name).type}; save features as floats."
            )
    common = np.result_type(*(value.to_pandas_dtype() for value in values))
    return FeatureColumns(names, whole in lists, is_single(common))


def _numbered(path: Path, schema: pa.Schema, features: str | None) -> tuple[str, ...]:
    prefix = usual_prefix(schema.names) if features is None else features
    names = [name for name in schema.names if is_feature(name, prefix)]
    if not names:
        named = "e" if features is None else features
        raise EmbeddingsFileError(
            f"{path}: there are no feature columns, such as {named}0 and {named}1; name their prefix, "
            "or the column of the vectors, with features=."
        )
    try:
        return in_order(names, prefix)
    except EmbeddingsFileError as error:
        raise EmbeddingsFileError(f"{path}: {error}.") from error
