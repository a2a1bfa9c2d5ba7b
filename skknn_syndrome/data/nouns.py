"""Nouns from names of columns: what a file calls its classes, subjects and images."""

from skknn_syndrome.data.column_layout import Layout
from skknn_syndrome.data.column_names import words_of
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.vocabulary import Role, noun_in


def nouns_of(layout: Layout | None) -> DataNouns | None:
    """Return what the columns of a file call what they hold; None where they say nothing.

    A column of labels whose name is no noun that is known, such as "y", holds classes.

    Examples
    --------
    >>> nouns_of(Layout("species", "specimen_id", "file", ("e0",)))
    DataNouns(classes='species', subjects='specimen', images=None)
    >>> nouns_of(Layout("y", None, None, ("e0",))), nouns_of(Layout("syndrome", "subject", "image", ("e0",)))
    (DataNouns(classes='class', subjects=None, images=None), None)
    """
    if layout is None:
        return None
    named = None if layout.labels else layout.syndrome
    labels = _noun_in("class", named)
    if labels is None and named is not None and "syndrome" not in words_of(named):
        labels = "class"
    subjects, images = _noun_in("subject", layout.subject), _noun_in("image", layout.image)
    if labels is None and subjects is None and images is None:
        return None
    return DataNouns(classes=labels, subjects=subjects, images=images)


def _noun_in(role: Role, name: str | None) -> str | None:
    return None if name is None else noun_in(role, words_of(name))
