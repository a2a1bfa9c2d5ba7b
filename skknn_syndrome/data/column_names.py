"""What a column probably holds, told by its name."""

import re
from collections.abc import Callable, Iterable, Sequence

from skknn_syndrome.data.ids import IdKind

_WORD = re.compile(r"[A-Z]+s?(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_PLURAL = re.compile(r"^(?!species)(..+[^sui])s$")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The more telling a word is, the earlier it stands.
_SUBJECTS = _words(
    "patient subject person individual participant proband case identity donor volunteer child mother family "
    "specimen animal mouse mrn pid subj indiv pat pt"
)
_LABELS = _words(
    "syndrome label diagnosis disease disorder class target species category dx y phenotype genus breed "
    "tissue"
)
_IMAGES = _words("image img photo picture file filename filepath path scan slide sample id uid")
_VECTORS = _words("embedding representation feature encoding vector emb feat x")
_ID_WORDS = _words(
    "id ids idx index no nr num number name code key uid uuid guid identifier hash anon pseudo pseudonym"
)
_MEASURES = _words(
    "age width height size length weight year month day date time timestamp score bmi split fold set "
    "partition sex gender ethnicity race site center centre hospital clinic country camera device scanner "
    "model batch gene variant mutation"
)


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, without a plural's s.

    Examples
    --------
    >>> words_of("PatientID"), words_of("patients"), words_of("img-name")
    (['patient', 'id'], ['patient'], ['img', 'name'])
    """
    return [_PLURAL.sub(r"\1", word.lower()) for word in _WORD.findall(name)]


def names_subjects(name: str) -> bool:
    """Tell whether a name is that of subject ids: a word for a subject, alone or beside one for an id.

    Examples
    --------
    >>> names_subjects("patient_id"), names_subjects("PatientID"), names_subjects("MRN")
    (True, True, True)
    >>> names_subjects("patient_age"), names_subjects("split")
    (False, False)
    """
    return _rank(name, _SUBJECTS, _ID_WORDS) < len(_SUBJECTS)


def names_images(name: str) -> bool:
    """Tell whether a name speaks of images, and not of ids of whatever.

    Examples
    --------
    >>> names_images("img_name"), names_images("id")
    (True, False)
    """
    return not {*words_of(name)}.isdisjoint(_IMAGES[: _IMAGES.index("sample")])


def names_measure(name: str) -> bool:
    """Tell whether a name speaks of a measurement or a group, whose values may repeat within classes.

    Examples
    --------
    >>> names_measure("age_years"), names_measure("camera"), names_measure("who")
    (True, True, False)
    """
    return not {*_MEASURES}.isdisjoint(words_of(name))


def likely_column(kind: IdKind, names: Iterable[str]) -> str | None:
    """Return the name that most probably is that of the labels, subjects or images; None if none is.

    Examples
    --------
    >>> likely_column("syndrome", ["file_name", "Diagnosis", "split"]), likely_column("image", ["file_name"])
    ('Diagnosis', 'file_name')
    """
    known = {"syndrome": _LABELS, "subject": _SUBJECTS, "image": _IMAGES}[kind]
    beside = (*_IMAGES, *_ID_WORDS) if kind == "image" else _ID_WORDS
    return _best(names, lambda name: _rank(name, known, beside), len(known))


def likely_vectors(names: Sequence[str]) -> str | None:
    """Return which of the columns or arrays that can hold vectors most probably does.

    Examples
    --------
    >>> likely_vectors(["class_conf", "representations"]), likely_vectors(["v"]), likely_vectors([])
    ('representations', 'v', None)
    """
    found = _best(names, _vector_rank, len(_VECTORS))
    return found if found is not None else next(iter(names), None)


def _vector_rank(name: str) -> int:
    words = words_of(name)
    return min((_VECTORS.index(word) for word in words if word in _VECTORS), default=len(_VECTORS))


def _rank(name: str, known: Sequence[str], beside: Iterable[str]) -> int:
    """Return the place of a name's one telling word among those known, or their number if it has none."""
    words = words_of(name) or [name]
    if len(words) == 1:
        words = _split(words[0], known)
    telling = [word for word in words if word in known]
    others = {*words} - {*telling} - {*beside}
    return known.index(telling[0]) if telling and not others else len(known)


def _split(word: str, known: Sequence[str]) -> list[str]:
    """Part a word such as "patientid"."""
    starts = (start for start in known if word.startswith(start) and word.removeprefix(start) in _ID_WORDS)
    start = next(starts, None)
    return [word] if start is None else [start, word.removeprefix(start)]


def _best(names: Iterable[str], rank: Callable[[str], int], worst: int) -> str | None:
    ranked = [(rank(name), place, name) for place, name in enumerate(names)]
    found, _, name = min(ranked, default=(worst, 0, ""))
    return name if found < worst else None
