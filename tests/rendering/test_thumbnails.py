"""Thumbnails of confident errors."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.EpsImagePlugin import EpsImageFile
from PIL.GifImagePlugin import GifImageFile

from skknn_syndrome.analyses.label_errors.result import LabelErrorsAnalysis
from skknn_syndrome.rendering.source import read_source
from skknn_syndrome.rendering.thumbnails import SIDE, write_thumbnails
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_study, study_of, with_analyses
from tests.learning_builders import make_label_errors
from tests.refusing import refused
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_sweep

ORIENTATION, MAKER = 0x0112, 0x010F


def _errors(*images: str | None) -> LabelErrorsAnalysis:
    found = make_label_errors()
    return found.revised(errors=tuple(found.errors[0].revised(image=image) for image in images))


def _study(*images: str | None) -> StudyResult:
    return with_analyses(make_study(), _errors(*images))


@pytest.fixture(name="photos")
def _photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Jane Doe's phone"
    photo = Image.new("RGB", (400, 200), "red")
    photo.save(folder / "wide.jpg", exif=exif, comment=b"Jane Doe")
    Image.new("L", (20, 30)).save(folder / "small.png")
    (folder / "broken.png").write_bytes((folder / "small.png").read_bytes()[:40])
    photo.save(tmp_path / "secret.png")
    return folder


def test_pictures_are_small_upright_and_hold_pixels_alone(photos: Path, tmp_path: Path) -> None:
    made = write_thumbnails(_study("small.png", "wide", "broken", "gone", None), photos, tmp_path / "figures")
    assert [shot.file_name for shot in made] == ["thumbnail-01.png", "thumbnail-02.png"]
    with Image.open(tmp_path / "figures/thumbnail-02.png") as shown:
        assert (shown.size, shown.mode, shown.info) == ((SIDE // 2, SIDE), "RGB", {})
    assert b"Jane" in (photos / "wide.jpg").read_bytes()
    assert b"Jane" not in (tmp_path / "figures/thumbnail-02.png").read_bytes()


@pytest.mark.parametrize(
    "image", ["../secret", "link", "x" * 300, "a\0b"], ids=["above", "link", "long", "null"]
)
def test_ids_lead_to_nothing_outside_of_the_folder(image: str, photos: Path, tmp_path: Path) -> None:
    (photos / "link.png").symlink_to(tmp_path / "secret.png")
    with refused("no_thumbnails", "thumbnails"):
        write_thumbnails(_study(image), photos, tmp_path / "figures")


def test_a_picture_of_too_many_pixels_is_left_out(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 50_000)
    made = write_thumbnails(_study("wide", "small"), photos, tmp_path / "figures")
    assert [shot.error.image for shot in made] == ["small"]


def test_sixteen_bits_and_transparent_pixels_are_shown_as_they_look(photos: Path, tmp_path: Path) -> None:
    Image.fromarray(np.full((20, 30), 257 * 100, dtype=np.uint16)).save(photos / "deep.png")
    Image.new("RGBA", (20, 30), (200, 0, 0, 0)).save(photos / "clear.png")
    shots = write_thumbnails(_study("deep", "clear"), photos, tmp_path / "figures")
    colours = []
    for shot in shots:
        with Image.open(tmp_path / "figures" / shot.file_name) as shown:
            colours.append(shown.getpixel((0, 0)))
    assert colours == [(100, 100, 100), (255, 255, 255)]


def test_no_other_kind_of_file_is_opened_and_no_broken_one_ends_a_report(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (20, 30)).save(photos / "page.eps")
    (photos / "page.eps").rename(photos / "page.jpg")

    def run_out(_: object) -> None:
        raise MemoryError

    for reader, fault in ((EpsImageFile, pytest.fail), (GifImageFile, run_out)):
        monkeypatch.setattr(reader, "load", fault)
    Image.new("RGB", (20, 30)).save(photos / "vast.gif")
    made = write_thumbnails(_study("page", "vast.gif", "small"), photos, tmp_path / "figures")
    assert [shot.error.image for shot in made] == ["small"]


def test_without_errors_there_is_nothing_to_show(photos: Path, tmp_path: Path) -> None:
    with refused("no_thumbnails", "thumbnails"):
        write_thumbnails(make_study(), photos, tmp_path)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_report_shows_them_with_a_warning_where_somebody_asks(photos: Path, tmp_path: Path) -> None:
    study = study_of(make_sweep(), _errors("wide"))
    shots = write_thumbnails(study, photos, tmp_path / "figures")
    text = whole_text(study, (), shots).replace("\\", "")
    assert "They may show patients" in text
    assert "](figures/thumbnail-01.png){width=96px} image 1: label alpha, predicted beta" in text
    assert "thumbnail" not in whole_text(study, ())
    (tmp_path / "shown.qmd").write_text("![Image i3](figures/thumbnail-01.png){width=96px} i3\n")
    assert read_source(tmp_path / "shown.qmd", timeout=60).figures == (Path("figures/thumbnail-01.png"),)
