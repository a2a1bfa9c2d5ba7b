"""Guesses from the names of columns: labels, subjects, images and vectors."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from numbers import Integral

from skknn_syndrome.data.identities import IdKind
from skknn_syndrome.errors import quote

_WORD = re.compile(r"[A-Z]+s?(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_PLURAL = re.compile(r"^(?!species|hgvs)(..+[^sui])s$")
_ACCENT = re.compile(r"[\u0300-\u036f]")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The more telling a word is, the earlier it stands.
_PEOPLE = _words(
    "patient subject person individual participant proband volunteer donor patienten patientin probanden "
    "versuchsperson paciente paziente sujet sujeto soggetto 患者 病人 被験者 受试者 受試者 환자 пациент"
)
_SUBJECTS = _PEOPLE + _words(
    "case identity mrn nhs child mother family lesion specimen animal mouse pid subj indiv pat pt"
)
_LABELS = _words(
    "syndrome label diagnosis disease disorder class target species category dx y phenotype genus breed "
    "tissue klasse classe clase 诊断 診断 标签"
)
_IMAGES = _words(
    "image img photo picture file filename filepath path bild foto imagen immagine datei dateiname fichier "
    "画像 图像 scan slide sample id uid"
)
_VECTORS = _words("embedding representation feature encoding vector emb feat x")
_ID_WORDS = _words(
    "id ids idx index no nr num number name code key uid uuid guid identifier hash anon pseudo pseudonym "
    "nummer numero kennung 编号 編號 番号 번호 номер"
)
_EDITIONS = _words(
    "v ver version old new raw orig original final clean anonymized anonymised hashed dicom de del des der"
)
_NUMBERED_PLACES = _words("site center centre hospital clinic camera device scanner batch label target class")
"""Each is a group; beside a word for an id or a subject it may be whatever is numbered there."""
_ATTRIBUTES = _words(
    "age width height size length weight area volume year month day date time timestamp score bmi split fold "
    "set partition sex gender ethnicity race country nationality model gene variant mutation allele hgvs "
    "omim pmid doi hpo url uri link row status type subtype stage grade position orientation view side "
    "cluster text comment note description history diagnosis diagnose disease disorder phenotype syndrome "
    "species category dx genus breed tissue"
)
_ABOUT_SUBJECTS = _words("n count total of per is has group role control consent state visit confidence")
"""What makes an attribute of a subject, but may be a group of images by itself."""
_NO_SUBJECT = 2 * len(_SUBJECTS)
_SHORT = 4
_NEAR = 0.8


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, without a plural's s.

    Examples
    --------
    >>> words_of("PatientID"), words_of("patients"), words_of("img-name")
    (['patient', 'id'], ['patient'], ['img', 'name'])
    """
    apart = _ACCENT.sub("", unicodedata.normalize("NFKD", name))
    words = _WORD.findall(unicodedata.normalize("NFC", apart))
    return [_PLURAL.sub(r"\1", word.lower()) for word in words]


def names_subjects(name: str, *, surely: bool = True) -> bool:
    """Tell whether a name is that of subject ids.

    Parameters
    ----------
    name : str
        Of a column or array.
    surely : bool, default=True
        Whether words for ids, images or places, numbers and versions are all that may stand beside the word
        for a subject. False allows any words beside "patient" and its like that make no attribute of it.

    Examples
    --------
    >>> names_subjects("patient_id_2"), names_subjects("PatientID"), names_subjects("center_patient_no")
    (True, True, True)
    >>> names_subjects("patient_age"), names_subjects("patient_center"), names_subjects("split")
    (False, False, False)
    >>> names_subjects("patient_alias"), names_subjects("patient_alias", surely=False)
    (False, True)
    """
    return _subject_rank(name) < len(_SUBJECTS) * (1 if surely else 2)


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

    A place is none where a word for an id or a subject stands beside it: a hospital's number may be a
    patient's.

    Examples
    --------
    >>> names_measure("age_years"), names_measure("camera"), names_measure("who")
    (True, True, False)
    >>> names_measure("hospital_name"), names_measure("hospital_no"), names_measure("patient_age")
    (True, False, True)
    """
    words = {*words_of(name)}
    numbered = words & {*_ID_WORDS, *_SUBJECTS} - {"name"}
    return bool(words & {*_ATTRIBUTES}) or bool(words & {*_NUMBERED_PLACES} and not numbered)


def likely_column(kind: IdKind, names: Iterable[str]) -> str | None:
    """Return the name that most probably is that of the labels, subjects or images; None if none is.

    Labels may be misspelt, or spelt as another language does.

    Examples
    --------
    >>> likely_column("syndrome", ["file_name", "Diagnosis", "split"]), likely_column("image", ["file_name"])
    ('Diagnosis', 'file_name')
    >>> likely_column("syndrome", ["Bild", "Diagnose"])
    'Diagnose'
    """
    names = [*names]
    if kind == "subject":
        return _best(names, _subject_rank, _NO_SUBJECT)
    if kind == "image":
        return _best(names, lambda name: _rank(name, _IMAGES, (*_IMAGES, *_ID_WORDS)), len(_IMAGES))
    found = _best(names, lambda name: _rank(name, _LABELS, _ID_WORDS), len(_LABELS))
    return found if found is not None else next(filter(_nearly_labels, names), None)


def _nearly_labels(name: str) -> bool:
    words = [word for word in words_of(name) if word not in _ID_WORDS]
    if len(words) != 1 or names_subjects(name):
        return False
    # Short words are near to too many others, and "issue" is no "tissue".
    alike = [label for label in _LABELS if len(label) > _SHORT and label[0] == words[0][0]]
    return bool(get_close_matches(words[0], alike, cutoff=_NEAR))


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


def _subject_rank(name: str) -> int:
    """Return the place of a name's word for a subject, further back if unknown words stand beside it."""
    words = [part for word in words_of(name) for part in _split(word, _SUBJECTS)]
    telling = [place for place, word in enumerate(words) if word in _SUBJECTS]
    beside = {word for word in words if not word.isdecimal()} - {*_SUBJECTS, *_ID_WORDS, *_EDITIONS}
    if not telling or beside & {*_ATTRIBUTES, *_ABOUT_SUBJECTS}:
        return _NO_SUBJECT
    # "center_patient" is a patient, and "patient_center" a centre.
    if beside & {*_IMAGES, *_NUMBERED_PLACES} & {*words[telling[-1] :]}:
        return _NO_SUBJECT
    unknown = beside - {*_IMAGES, *_NUMBERED_PLACES}
    first = words[telling[0]]
    if unknown and first not in _PEOPLE:
        return _NO_SUBJECT
    return _SUBJECTS.index(first) + len(_SUBJECTS) * bool(unknown)


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


_ENTRIES_OF_LABELS = frozenset({"0", "1", "0.0", "1.0", "-1", "-1.0", "True", "False", "", "nan", "None"})
"""What columns of labels hold, as texts: absent, present, uncertain, and missing."""


def prefix_of_labels(names: Sequence[str], values: Callable[[str], Sequence[object] | None]) -> str | None:
    """Return what the names of columns have in common that look like several labels an image.

    Parameters
    ----------
    names : sequence of str
        Columns without a part.
    values : callable
        Gives the values of a column; None where they are not known.

    Returns
    -------
    str or None
        The prefix, with its last mark, of at least two columns of 0 and 1; None where there are none.

    Examples
    --------
    >>> prefix_of_labels(["age", "finding_edema", "finding_effusion"], lambda name: ["0", "1", ""])
    'finding_'
    """
    found = Counter(
        match[0]
        for name in names
        if (match := re.match(r".*[^0-9A-Za-z]", name))
        and {*map(str, values(name) or ["?"])} <= _ENTRIES_OF_LABELS
    )
    return next((prefix for prefix, count in found.most_common(1) if count > 1), None)


def column_names(columns: Mapping[str, str | int]) -> dict[str, str]:
    """Return names of columns as text, since pandas has numbers for some.

    Raises
    ------
    TypeError
        They are no names.
    """
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns must map parts to names of columns, not be a {type(columns).__name__}.")
    for part, name in columns.items():
        if isinstance(name, bool) or not isinstance(name, (str, Integral)):
            raise TypeError(f"columns[{part!r}] must be the name of a column, not {quote(name)}.")
    return {part: str(name) for part, name in columns.items()}
