"""Ids of subjects and images in a report: placeholders, unless somebody asks for them."""

from collections.abc import Collection
from typing import TypeVar

from skknn_syndrome.errors import quote
from skknn_syndrome.rendering.meta.class_names import replace_all
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.texts import IMAGES, SENTENCES, SUBJECTS, texts_of, with_texts
from skknn_syndrome.vocabulary import Role, noun

Kind = TypeVar("Kind", bound=Result)


def without_ids(found: Kind, labels: Collection[str] = ()) -> Kind:
    """Return a result with numbered placeholders, such as "subject 1", for ids of subjects and images.

    Parameters
    ----------
    found : Result
    labels : collection of str
        What sentences quote and is no id, even where an id is called so: such an id stays in them, where it
        tells no more than the label that readers see anyway.

    Returns
    -------
    Result
        In which one id has one placeholder throughout. Numbers go by the first mention.

    Examples
    --------
    >>> from skknn_syndrome.results.near_duplicates import NearDuplicate
    >>> pair = NearDuplicate(images=("i", "j"), subjects=("s", "s"), syndromes=("a", "a"), cosine=0.97)
    >>> without_ids(pair).images, without_ids(pair).subjects
    (('image 1', 'image 2'), ('subject 1', 'subject 1'))
    """
    subjects, images = _numbered(found, SUBJECTS, "subject"), _numbered(found, IMAGES, "image")
    if not subjects and not images:
        return found
    quoted = {quote(name): other for name, other in (images | subjects).items() if name not in labels}

    def change(field: str, text: str) -> str:
        if field in SUBJECTS:
            return subjects[text]
        if field in IMAGES:
            return images[text]
        return replace_all(text, quoted) if field in SENTENCES else text

    return with_texts(found, change)


def _numbered(found: Result, fields: Collection[str], role: Role) -> dict[str, str]:
    named = dict.fromkeys(text for field, text in texts_of(found) if field in fields)
    return {name: f"{noun(role)} {number}" for number, name in enumerate(named, start=1)}
