"""From the nested dictionary to rows."""

from collections.abc import Iterator

from skknn_syndrome.data.ids import IdKind, show_id
from skknn_syndrome.data.rows import RawRow
from skknn_syndrome.errors import EmbeddingsFileError, quote


def flatten_nested(nested: object) -> Iterator[RawRow]:
    """Walk through `{syndrome: {subject: {image: vector}}}` in its own order.

    Parameters
    ----------
    nested : object
        What was read from a pickle; nothing of it is trusted.

    Yields
    ------
    RawRow
        One per image, not judged yet.

    Raises
    ------
    EmbeddingsFileError
        If a level is not a dictionary, is empty, or has the integer 1 and the text "1" for ids of subjects or
        syndromes.

    Examples
    --------
    >>> [(row.image, row.vector) for row in flatten_nested({"a": {"s": {"i": [1.0], "j": None}}})]
    [('i', [1.0]), ('j', None)]
    """
    for syndrome, subjects in _level(nested, "syndrome", "the file"):
        under_syndrome = f"syndrome {quote(show_id(syndrome))}"
        for subject, images in _level(subjects, "subject", under_syndrome):
            under_subject = f"{under_syndrome}, subject {quote(show_id(subject))}"
            for image, vector in _level(images, "image", under_subject):
                yield RawRow(syndrome, subject, image, vector)


def _level(value: object, kind: IdKind, place: str) -> Iterator[tuple[object, object]]:
    if not isinstance(value, dict):
        raise EmbeddingsFileError(
            f"{place} holds a {type(value).__name__} where a dictionary of {kind}s should be; "
            "the shape is {syndrome: {subject: {image: vector}}}"
        )
    if not value:
        raise EmbeddingsFileError(f"{place} holds no {kind}s; leave it out or fill it in")
    for key in value:
        # Images come under the rule for duplicates instead, which holds for the whole file.
        if kind != "image" and isinstance(key, int) and show_id(key) in value:
            raise EmbeddingsFileError(
                f"{place} holds the {kind} id {show_id(key)} as an integer and as text; rename one"
            )
    yield from value.items()
