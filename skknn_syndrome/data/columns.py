"""Which column of a table, or array of an archive, holds what."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from skknn_syndrome.data.feature_columns import in_order, is_feature, usual_prefix
from skknn_syndrome.data.ids import IdKind
from skknn_syndrome.errors import EmbeddingsFileError, quote
from skknn_syndrome.results.audit import listed

COLUMN_KEYS = ("syndrome", "subject", "image", "features")
"""What `columns` may name."""


@dataclass(frozen=True)
class Scheme:
    """The names that one kind of file is understood by without being told."""

    noun: str
    syndrome: tuple[str, ...]
    subject: tuple[str, ...]
    image: tuple[str, ...]
    vectors: str
    """What holds whole vectors."""
    numbered: bool
    """Whether vectors may lie in numbered columns instead."""


TABLE = Scheme(
    "column",
    ("syndrome", "syndrome_id"),
    ("subject", "subject_id"),
    ("image", "image_id"),
    vectors="embedding",
    numbered=True,
)
ARCHIVE = Scheme("array", ("syndromes",), ("subjects",), ("images",), vectors="embeddings", numbered=False)


@dataclass(frozen=True)
class Layout:
    """Where to find the parts of a row."""

    syndrome: str
    subject: str | None
    image: str | None
    features: tuple[str, ...]
    """Feature columns in order of their numbers, or the one name that holds whole vectors."""


def find_layout(
    names: Sequence[str],
    columns: Mapping[str, str] | None,
    scheme: Scheme,
    vector_names: Collection[str] = (),
) -> Layout:
    """Give each column its part.

    Parameters
    ----------
    names : sequence of str
        All columns of the file.
    columns : mapping of str to str or None
        The user's own names, under the keys "syndrome", "subject", "image" and "features". The last one is
        the column that holds whole vectors, or the prefix of numbered columns; once it is given, columns
        that have no part are ignored.
    scheme : Scheme
        The names understood otherwise.
    vector_names : collection of str, default=()
        Those of `names` that can hold whole vectors.

    Returns
    -------
    Layout
        `subject` and `image` are None where the file has none.

    Raises
    ------
    EmbeddingsFileError
        If a part is missing, comes twice or is not understood.

    Examples
    --------
    >>> find_layout(["image_id", "syndrome", "e1", "e0"], None, TABLE)
    Layout(syndrome='syndrome', subject=None, image='image_id', features=('e0', 'e1'))
    """
    given = dict(columns or {})
    _check_names(names, given, scheme)
    syndrome = _id_column("syndrome", names, given, scheme)
    if syndrome is None:
        raise EmbeddingsFileError(
            f"there is no {scheme.noun} {quote(scheme.syndrome[0])}, only {listed(names)}; say which holds "
            "the labels, as in columns={'syndrome': 'label'}"
        )
    subject = _id_column("subject", names, given, scheme)
    image = _id_column("image", names, given, scheme)
    others = [name for name in names if name not in (syndrome, subject, image)]
    return Layout(syndrome, subject, image, _features(others, given.get("features"), scheme, vector_names))


def _check_names(names: Sequence[str], given: Mapping[str, str], scheme: Scheme) -> None:
    for key, name in given.items():
        if key not in COLUMN_KEYS:
            raise EmbeddingsFileError(f"columns has the key {quote(key)}, but takes {listed(COLUMN_KEYS)}")
        if name not in names and not (key == "features" and scheme.numbered):
            raise EmbeddingsFileError(f"there is no {scheme.noun} {quote(name)}, only {listed(names)}")
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    if times > 1:
        raise EmbeddingsFileError(f"the {scheme.noun} {quote(name)} comes {times} times; rename the others")


def _id_column(kind: IdKind, names: Sequence[str], given: Mapping[str, str], scheme: Scheme) -> str | None:
    if kind in given:
        return given[kind]
    understood: tuple[str, ...] = getattr(scheme, kind)
    found = [name for name in understood if name in names]
    if len(found) > 1:
        raise EmbeddingsFileError(f"the {scheme.noun}s {listed(found)} mean the same; remove one")
    return found[0] if found else None


def _features(
    others: Sequence[str], given: str | None, scheme: Scheme, vector_names: Collection[str]
) -> tuple[str, ...]:
    vectors = scheme.vectors if given is None else given
    if vectors in vector_names:
        features: tuple[str, ...] = (vectors,)
    elif scheme.numbered:
        prefix = usual_prefix(others) if given is None else given
        features = in_order([name for name in others if is_feature(name, prefix)], prefix)
    else:
        raise EmbeddingsFileError(
            f"there is no {scheme.noun} {quote(vectors)}, only {listed(others)}; say which one holds the "
            "vectors, as in columns={'features': 'X'}"
        )
    used = {*features}
    left_over = [name for name in others if name not in used]
    if left_over and given is None:
        example = {"syndrome": "label", "features": usual_prefix(features) or vectors}
        raise EmbeddingsFileError(
            f"the {scheme.noun} {quote(left_over[0])} is neither an id nor a feature; remove it, or say "
            f"what to use, as in columns={example}"
        )
    return features
