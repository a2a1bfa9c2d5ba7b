"""Names for the arrays that travel through the package."""

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32] | NDArray[np.float64]
"""Embeddings as the user gave them: half the memory in float32, the full precision in float64."""

Float32Array: TypeAlias = NDArray[np.float32]
"""Products and scores that only have to name candidates."""

Float64Array: TypeAlias = NDArray[np.float64]
"""Distances, votes, probabilities and scores: always double precision."""

IndexArray: TypeAlias = NDArray[np.intp]
"""Row numbers, class numbers and counts."""

Int32Array: TypeAlias = NDArray[np.int32]
"""Row numbers where there are very many of them."""

Int64Array: TypeAlias = NDArray[np.int64]
"""Keys that sort as what they are made of."""

BoolArray: TypeAlias = NDArray[np.bool_]
"""Masks."""

StringArray: TypeAlias = NDArray[np.str_]
"""Labels and ids of a data set."""

LabelArray: TypeAlias = NDArray[Any]
"""Class labels as scikit-learn allows them: strings, integers or booleans."""

MatrixLike: TypeAlias = Any
"""Rows and columns as scikit-learn takes them: an array, lists, a data frame."""

VectorLike: TypeAlias = Any
"""A column as scikit-learn takes it: an array, a list, a series."""

Estimator: TypeAlias = Any
"""A scikit-learn estimator, pipeline, splitter or search: the library ships no type information."""

ProtocolName: TypeAlias = Literal["image", "subject"]
"""What a fold keeps together: single images, or all images of one subject."""

AnalysisName: TypeAlias = str
"""A question of `skknn_syndrome.analyses.QUESTIONS` that a study computes an answer to."""

ScoreName: TypeAlias = str
"""A name of `skknn_syndrome.metrics.registry.SCORE_NAMES`: scikit-learn's where it has the score."""
