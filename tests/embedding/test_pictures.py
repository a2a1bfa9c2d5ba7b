"""Pictures of every mode are upright RGB, and whatever else a file holds is a fault of its own."""

import io
import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from skknn_syndrome.embedding.pictures import PictureFaultError, decode, read_bytes, to_rgb
from tests.embedding.builders import encoded, picture

GREEN = (0, 255, 0)


def fault_of(content: bytes) -> str:
    with pytest.raises(PictureFaultError) as raised:
        decode(content, GREEN)
    return raised.value.code


def pixel(content: bytes, place: tuple[int, int] = (0, 0)) -> object:
    found = decode(content, GREEN)
    assert found.mode == "RGB"
    return found.getpixel(place)


def test_a_photograph_is_turned_as_its_exif_says() -> None:
    turned = Image.new("RGB", (2, 1), (255, 255, 255))
    turned.putpixel((0, 0), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    assert decode(encoded(turned, exif=exif), GREEN).size == (1, 2)
    assert pixel(encoded(turned, exif=exif)) == (0, 0, 0)


def test_what_is_transparent_shows_one_colour() -> None:
    clear = Image.new("RGBA", (1, 1), (200, 100, 50, 0))
    assert pixel(encoded(clear)) == GREEN
    half = Image.new("RGBA", (1, 1), (255, 0, 0, 128))
    assert pixel(encoded(half)) == (128, 127, 0)
    palette = Image.new("P", (1, 1), 3)
    palette.putpalette([9, 9, 9] * 256)
    assert pixel(encoded(palette, transparency=3)) == GREEN
    assert pixel(encoded(palette)) == (9, 9, 9)
    assert pixel(encoded(Image.new("LA", (1, 1), (7, 0)))) == GREEN


def test_grey_cmyk_and_black_and_white_are_colours() -> None:
    assert pixel(encoded(Image.new("L", (1, 1), 77))) == (77, 77, 77)
    assert pixel(encoded(Image.new("1", (1, 1), 1))) == (255, 255, 255)
    assert pixel(encoded(Image.new("CMYK", (8, 8), (0, 0, 0, 0)), "JPEG")) == (255, 255, 255)


def test_sixteen_bits_keep_their_range() -> None:
    deep = Image.fromarray(np.array([[0, 257 * 100, 65535]], dtype=np.uint16))
    content = encoded(deep)
    assert [pixel(content, (column, 0)) for column in range(3)] == [(0,) * 3, (100,) * 3, (255,) * 3]
    wide = Image.fromarray(np.array([[257 * 9]], dtype=np.int32))
    assert to_rgb(wide, GREEN).getpixel((0, 0)) == (9, 9, 9)


def test_a_range_that_nobody_knows_is_refused() -> None:
    assert fault_of(encoded(Image.fromarray(np.array([[0.5]], dtype=np.float32)), "TIFF")) == "unknown_range"
    assert fault_of(encoded(Image.fromarray(np.array([[70_000]], dtype=np.int32)), "TIFF")) == "unknown_range"


def test_what_is_no_picture_says_so() -> None:
    assert fault_of(b"%PDF-1.7") == "not_an_image"
    assert fault_of(encoded(picture(), "PNG")[:-40]) == "broken_image"
    assert fault_of(encoded(Image.new("RGB", (1, 300)))) == "too_oblong"
    with pytest.raises(PictureFaultError) as raised:
        to_rgb(Image.new("RGB", (0, 1)), GREEN)
    assert raised.value.code == "no_pixels"


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_unfolds(side: int) -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    assert fault_of(bomb) == "too_many_pixels"


def test_the_limit_holds_for_pictures_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skknn_syndrome.embedding.pictures.MOST_PIXELS", 100)
    with pytest.raises(PictureFaultError) as raised:
        to_rgb(Image.new("RGB", (11, 10)), GREEN)
    assert raised.value.code == "too_many_pixels"


def test_a_thousand_mutated_files_are_pictures_or_faults() -> None:
    rng = np.random.default_rng(0)
    exif = Image.Exif()
    exif[0x0112] = 3
    originals = [
        encoded(picture(side=4), "PNG"),
        encoded(picture(side=8), "JPEG", exif=exif),
        encoded(picture(side=4).convert("P"), "GIF"),
        encoded(picture(side=4), "TIFF"),
        encoded(picture(side=4), "WEBP"),
    ]
    codes = set()
    for number in range(1000):
        content = bytearray(originals[number % len(originals)])
        for place in rng.integers(0, len(content), rng.integers(1, 6)):
            content[place] = rng.integers(256)
        try:
            found = decode(bytes(content[: rng.integers(8, len(content) + 1)]), GREEN)
        except PictureFaultError as fault:
            codes.add(fault.code)
        else:
            assert found.mode == "RGB"
    assert {"broken_image", "not_an_image"} <= codes


def test_files_that_can_not_be_read_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code_of(path: Path) -> str:
        with pytest.raises(PictureFaultError) as raised:
            read_bytes(path)
        return raised.value.code

    (tmp_path / "empty.png").touch()
    assert code_of(tmp_path / "gone.png") == "missing_file"
    assert code_of(tmp_path / "empty.png") == "empty_file"
    assert code_of(tmp_path) == "not_a_file"
    assert code_of(Path("a\0b")) == "unreadable_file"
    with (tmp_path / "sparse.png").open("wb") as stream:
        stream.truncate(2**40)
    assert code_of(tmp_path / "sparse.png") == "too_large"
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError(13, "not yours")))
    assert code_of(tmp_path / "empty.png") == "unreadable_file"


def test_warnings_of_pillow_on_odd_tags_stay_inside() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stream = io.BytesIO(encoded(picture(), "TIFF") + os.urandom(3))
        assert decode(stream.getvalue(), GREEN).size == (12, 12)
