"""Covariates of the cases, from the file of embeddings that a model or a study is of."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome.crossval.provenance import fingerprint
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.exploring.overview import ShownCovariate
from skknn_syndrome.results.dataset import DatasetSummary


def shown_covariates(
    data: EmbeddingDataset | None, of: DatasetSummary, rows: Sequence[int] | None = None
) -> tuple[ShownCovariate, ...]:
    """Return the covariates of a data set as the page shows them.

    Parameters
    ----------
    data : EmbeddingDataset or None
        With None there are none.
    of : DatasetSummary
        The data of the model or the study.
    rows : sequence of int, optional
        Images of the data that are shown; by default all.

    Raises
    ------
    ParameterError
        The data set is another one.
    """
    if data is None:
        return ()
    if fingerprint(data.embeddings, data.syndromes, data.subjects) != of.data_sha256:
        raise ParameterError(
            f"{data.name} does not hold the images of {of.name} in their order: name the file that was "
            "fitted or studied, read with the same options.",
            code="other_data",
            parameter="data",
        )
    places = np.arange(len(data.embeddings)) if rows is None else np.asarray(rows)
    return tuple(
        ShownCovariate(
            name=covariate.name,
            groups=covariate.level_names,
            codes=tuple(map(covariate.level_names.index, covariate.levels[places].tolist())),
        )
        for covariate in data.covariates
    )
