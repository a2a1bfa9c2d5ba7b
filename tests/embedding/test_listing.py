"""Images are listed from folders of classes or from a table; whose they are is said, never guessed."""

from pathlib import Path

import pytest

from skknn_syndrome.embedding.listing import list_images
from tests.embedding.builders import write_images
from tests.refusing import refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_images(tmp_path / "images", n_images=1)


def table(tmp_path: Path, text: str, name: str = "images.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_folders_are_classes(folder: Path) -> None:
    (folder / "notes.txt").touch()
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.png").touch()
    (folder / "a" / "deeper").mkdir()
    (folder / "a" / "deeper" / "x.JPG").touch()
    (folder / "loose.png").touch()
    listing = list_images(folder)
    assert [(image.label, image.image) for image in listing.images] == [
        ("a", "a/P0a_0.png"),
        ("a", "a/P1a_0.png"),
        ("a", "a/deeper/x.JPG"),
        ("b", "b/P0b_0.png"),
        ("b", "b/P1b_0.png"),
        ("", "loose.png"),
    ]
    assert (listing.has_subjects, listing.n_left_alone) == (False, 1)


@pytest.mark.parametrize("pattern", [r"(P\d[ab])_", r"(.)/(?P<subject>P\d[ab])"])
def test_a_pattern_finds_subjects(folder: Path, pattern: str) -> None:
    (folder / "b" / "x.png").touch()
    listing = list_images(folder, subject_pattern=pattern)
    assert [image.subject for image in listing.images] == ["P0a", "P1a", "P0b", "P1b", ""]
    assert listing.has_subjects


@pytest.mark.parametrize(
    "pattern, code",
    [("(", "invalid_pattern"), (r"P\d", "pattern_without_group"), ("(no)", "pattern_finds_nothing")],
)
def test_a_pattern_that_finds_nothing_is_refused(folder: Path, pattern: str, code: str) -> None:
    with refused(code, "subject_pattern"):
        list_images(folder, subject_pattern=pattern)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_keeps_its_further_columns(tmp_path: Path, delimiter: str) -> None:
    lines = "path,label,subject,age,sex\nx/1.png,a,s1,3,f\n\nx/2.png,b,s2,4,m\n"
    path = table(tmp_path, "\ufeff" + lines.replace(",", delimiter), "images.tsv")
    listing = list_images(path)
    first = listing.images[0]
    assert first.path == tmp_path / "x" / "1.png"
    assert (first.image, first.label, first.subject, first.covariates) == ("x/1.png", "a", "s1", ("3", "f"))
    assert (listing.covariates, listing.has_subjects, len(listing.images)) == (("age", "sex"), True, 2)
    assert not list_images(path, subjects=False).has_subjects


def test_columns_of_other_names_are_named(tmp_path: Path) -> None:
    path = table(tmp_path, "where,what,who,image\n1.png,a,s1,i1\n")
    columns = {"path": "where", "syndrome": "what", "subject": "who"}
    (image,) = list_images(path, columns=columns).images
    assert (image.image, image.label, image.subject, image.covariates) == ("i1", "a", "s1", ())


@pytest.mark.parametrize(
    "text, code",
    [
        ("path,what\n1.png,a\n", "no_syndrome_column"),
        ("where,label\n1.png,a\n", "no_path_column"),
        ("", "no_path_column"),
        ("path,label,patient_id\n1.png,a,p\n", "subjects_unread"),
        ("path,label,x,x\n1.png,a,1,2\n", "column_twice"),
    ],
)
def test_a_table_that_leaves_something_open_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with refused(code, "columns"):
        list_images(table(tmp_path, text))


@pytest.mark.parametrize(
    "text, code",
    [
        ("path,label\n1.png\n", "ragged_table"),
        ("path,label,embedding\n1.png,a,0\n", "reserved_column"),
        ("path,label\n", "no_images"),
    ],
)
def test_a_table_that_can_not_be_taken_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with refused(code, "source"):
        list_images(table(tmp_path, text))


@pytest.mark.parametrize("part, own", [("syndrome", "diagnosis"), ("subject", "who"), ("image", "id")])
def test_no_further_column_takes_the_place_of_one_that_was_named(tmp_path: Path, part: str, own: str) -> None:
    header = ["path", "label", own, part] if part != "syndrome" else ["path", own, part]
    path = table(tmp_path, ",".join(header) + "\n" + ",".join(["x"] * len(header)) + "\n")
    with refused("reserved_column", "source"):
        list_images(path, columns={part: own})


def test_what_holds_no_images_is_refused(tmp_path: Path, folder: Path) -> None:
    with refused("columns_of_a_folder", "columns"):
        list_images(folder, columns={"subject": "who"})
    with refused("no_labels", "source"):
        list_images(folder / "a")
    with refused("unknown_source", "source"):
        list_images(folder / "a" / "P0a_0.png")
    with refused("unreadable", "source"):
        list_images(tmp_path / "gone.csv")
    (tmp_path / "latin.csv").write_bytes("path,label\nä.png,a\n".encode("latin-1"))
    with refused("unreadable", "source"):
        list_images(tmp_path / "latin.csv")
    with refused("no_such_column", "columns"):
        list_images(table(tmp_path, "path,label\n1.png,a\n"), columns={"subject": "who"})


def test_a_column_of_subjects_may_be_set_aside(tmp_path: Path) -> None:
    path = table(tmp_path, "path,label,patient_id\n1.png,a,p\n")
    assert list_images(path, subjects=False).covariates == ("patient_id",)
