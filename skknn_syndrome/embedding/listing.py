"""Listing of labelled images: from folders of classes, or from a table of paths."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from skknn_syndrome.data.column_names import names_subjects
from skknn_syndrome.embedding.pictures import SUFFIXES
from skknn_syndrome.errors import Argument, EncoderError, quote
from skknn_syndrome.wording import counted

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "path": ("path", "image_path", "file", "filename", "filepath"),
    "syndrome": ("syndrome", "syndrome_id", "label"),
    "subject": ("subject", "subject_id"),
    "image": ("image", "image_id"),
}
"""Columns of a table of images that are understood without being told."""

RESERVED: Final = frozenset({"syndrome", "subject", "image", "embedding", "augmented_from", "image_fault"})
"""Columns of the file that is written, whose place no further column may take."""


@dataclass(frozen=True)
class ListedImage:
    """One image, before it is read; ids are checked where the file of embeddings is read."""

    path: Path
    image: str
    label: str
    subject: str = ""
    covariates: tuple[str, ...] = ()
    augmented_from: str = ""
    """The image of which this is another view; empty of a photograph itself."""
    view: int = 0
    """The number of the view, from 1; 0 of a photograph itself."""


@dataclass(frozen=True)
class Listing:
    """All images, in the order in which they are embedded."""

    images: Sequence[ListedImage]
    has_subjects: bool
    covariates: tuple[str, ...] = ()
    """Names of further columns, which are kept."""
    n_left_alone: int = 0
    """Files among the images that no suffix says to be pictures."""


def list_images(
    source: Path,
    *,
    columns: Mapping[str, str] | None = None,
    subject_pattern: str | None = None,
    subjects: bool = True,
) -> Listing:
    r"""List the images of a folder of classes, or of a table.

    Parameters
    ----------
    source : Path
        A folder with a folder a class, whose images may lie deeper; or a `.csv` or `.tsv` file with a column
        of paths, from its own folder on, one of labels, perhaps one of subjects, and others, which are kept.
    columns : mapping of str to str, optional
        Names of columns for "path", "syndrome", "subject" and "image", where they are others than usual.
    subject_pattern : str, optional
        A regular expression that finds the subject in an image's path, from the folder on: its group
        `subject`, or its first, as in ``(P\d+)_``.
    subjects : bool, default=True
        False where images have no subjects: a column that looks like them is then one like others.

    Returns
    -------
    Listing
        Images in the order of their paths, or of the table.

    Raises
    ------
    EncoderError
        There is no image, no label, or it is not clear whose the images are.
    """
    given = dict(columns or {})
    if source.is_dir():
        if given:
            raise _refusal(source, "a folder has no columns", "columns_of_a_folder", "columns")
        listing = _list_folder(source)
    elif source.suffix.lower() in {".csv", ".tsv"}:
        listing = _list_table(source, given, told=subject_pattern is not None or not subjects)
    else:
        fault = "images are a folder with a folder a class, or a .csv or .tsv file with a column of paths"
        raise _refusal(source, fault, "unknown_source", "source")
    if not listing.images:
        raise _refusal(source, "it holds no images", "no_images", "source")
    if subject_pattern is not None:
        return _with_subjects(listing, subject_pattern)
    return listing if subjects else replace(listing, has_subjects=False)


def _refusal(source: Path, fault: str, code: str, parameter: str | None) -> EncoderError:
    return EncoderError(f"{source}: {fault}.", code=code, parameter=parameter)


def _list_folder(folder: Path) -> Listing:
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    pictures = [path for path in files if path.suffix.lower() in SUFFIXES]
    if pictures and all(path.parent == folder for path in pictures):
        fault = (
            "its images lie in no folder of a class, so that they have no label; name a .csv file with labels"
        )
        raise _refusal(folder, fault, "no_labels", "source")
    images = []
    for path in pictures:
        within = path.relative_to(folder)
        label = within.parts[0] if len(within.parts) > 1 else ""
        images.append(ListedImage(path, within.as_posix(), label))
    return Listing(images, has_subjects=False, n_left_alone=len(files) - len(pictures))


def _list_table(path: Path, given: Mapping[str, str], *, told: bool) -> Listing:
    header, *rows = _read_table(path) or [[]]
    layout = _find_columns(path, header, given)
    others = [name for name in header if name not in layout.values()]
    _check_others(path, others, needs_subject="subject" not in layout and not told)

    def listed(row: Mapping[str, str]) -> ListedImage:
        where = row[layout["path"]]
        return ListedImage(
            path.parent / where,
            row[layout["image"]] if "image" in layout else where,
            row[layout["syndrome"]],
            row[layout["subject"]] if "subject" in layout else "",
            tuple(row[name] for name in others),
        )

    images = [listed(dict(zip(header, row, strict=True))) for row in rows]
    return Listing(images, "subject" in layout, tuple(others))


def _read_table(path: Path) -> list[list[str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not UTF-8"
        raise _refusal(path, f"it can't be read ({said})", "unreadable", "source") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    for row in rows:
        if len(row) != len(rows[0]):
            fault = (
                f"a row has {counted(len(row), 'cell')}, not {len(rows[0])}, beginning with {quote(row[0])}"
            )
            raise _refusal(path, fault, "ragged_table", "source")
    return rows


def _find_columns(path: Path, header: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    twice = next((name for name in header if header.count(name) > 1), None)
    absent = next((name for name in given.values() if name not in header), None)
    if twice is not None or absent is not None:
        fault = f"two columns are called {quote(twice)}" if twice else f"there is no column {quote(absent)}"
        code = "column_twice" if twice else "no_such_column"
        raise _refusal(path, f"{fault}; there are {', '.join(map(quote, header))}", code, "columns")
    found = dict(given)
    for part, names in NAMES.items():
        there = [name for name in names if name in header and name not in given.values()]
        if there and part not in found:
            found[part] = there[0]
    for part in ("path", "syndrome"):
        if part not in found:
            raise EncoderError(
                "{source}: no column is called {usual}; name the one of the {what} with {column}. There are "
                "{names}.",
                code=f"no_{part}_column",
                parameter="columns",
                source=path,
                usual=" or ".join(map(repr, NAMES[part])),
                what="paths" if part == "path" else "labels",
                column=Argument("columns", f"{part}=NAME"),
                names=", ".join(map(quote, header)),
            )
    return found


def _check_others(path: Path, others: Sequence[str], *, needs_subject: bool) -> None:
    """Refuse columns that the file of embeddings has itself, and subjects that would go unread."""
    reserved = next((name for name in others if name in RESERVED), None)
    if reserved is not None:
        fault = f"a further column is called {quote(reserved)}, as one of the embeddings will be: rename it"
        raise _refusal(path, fault, "reserved_column", "source")
    likely = next((name for name in others if names_subjects(name)), None)
    if needs_subject and likely is not None:
        raise EncoderError(
            "{source}: the column {name} seems to hold subjects; say so with {column}, or that there are "
            "none with {no_subjects}.",
            code="subjects_unread",
            parameter="columns",
            source=path,
            name=quote(likely),
            column=Argument("columns", f"subject={likely}"),
            no_subjects=Argument("no_subjects", value=True),
        )


def _with_subjects(listing: Listing, pattern: str) -> Listing:
    find = _subject_finder(pattern)
    images = [replace(image, subject=find(image.image)) for image in listing.images]
    if not any(image.subject for image in images):
        raise EncoderError(
            "{pattern} finds no subject in any path, such as {example}.",
            code="pattern_finds_nothing",
            parameter="subject_pattern",
            pattern=Argument("subject_pattern", pattern),
            example=quote(images[0].image),
        )
    return replace(listing, images=images, has_subjects=True)


def _subject_finder(pattern: str) -> Callable[[str], str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise EncoderError(
            f"The pattern of subjects is no regular expression: {error}.",
            code="invalid_pattern",
            parameter="subject_pattern",
        ) from error
    if not compiled.groups:
        raise EncoderError(
            "{pattern} has no group, which would be the subject: put it into parentheses.",
            code="pattern_without_group",
            parameter="subject_pattern",
            pattern=Argument("subject_pattern", pattern),
        )
    group: str | int = "subject" if "subject" in compiled.groupindex else 1

    def find(text: str) -> str:
        match = compiled.search(text)
        return "" if match is None else match[group] or ""

    return find
