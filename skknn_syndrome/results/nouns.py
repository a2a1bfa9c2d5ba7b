"""The vocabulary of a result: the nouns of its data, and the names in it that stay as they are."""

from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.texts import IMAGES, LABELS, SUBJECTS, texts_of
from skknn_syndrome.vocabulary import DEFAULT, Vocabulary

_NAMES = (
    LABELS
    | {"name", "level", "covariate", "higher", "lower", "upper", "dataset", "model", "encoder", "reference"}
    | {"columns", "unread_columns", "index_columns", "fused", "source", "positive_class", "nuisance"}
)
"""Fields that hold names which somebody gave."""


def vocabulary_of(
    dataset: DatasetSummary | None,
    *parts: object,
    nouns: Vocabulary | None = None,
    with_ids: bool = True,
) -> Vocabulary:
    """Return the nouns that a result is told in.

    Parameters
    ----------
    dataset : DatasetSummary or None
        Which says what its file calls classes, subjects and images.
    *parts : Result or tuple of Result
        What else holds names: labels, ids and covariates with a word such as "image" in them are quoted, and
        stay as they are.
    nouns : Vocabulary, optional
        Nouns that hold instead of those of the data.
    with_ids : bool, default=True
        Whether ids of subjects and images are quoted too.

    Returns
    -------
    Vocabulary

    Examples
    --------
    >>> vocabulary_of(None).is_default
    True
    """
    said = None if dataset is None else dataset.nouns
    own = nouns or (DEFAULT if said is None else said.vocabulary)
    if own.is_default:
        return own
    fields = _NAMES | SUBJECTS | IMAGES if with_ids else _NAMES
    named = (text for field, text in texts_of((dataset, *parts)) if field in fields)
    return own.keeping(named)
