"""Pictures: from any file to upright RGB, or the reason why a file can't be used."""

import io
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""Others are left alone: some of Pillow's readers call other programs."""

SUFFIXES = frozenset(
    ".bmp .gif .jfif .jp2 .jpeg .jpg .pbm .pgm .png .pnm .ppm .tif .tiff .webp".split()  # noqa: SIM905  shorter
)
"""What files of pictures in a folder are known by."""

MOST_PIXELS = 89_478_485
"""A quarter of a gigabyte as RGB: from there on Pillow itself suspects a decompression bomb."""

MOST_BYTES = 6 * MOST_PIXELS
"""Of a file: as many as these pixels take uncompressed, with 16 bits a channel, half a gigabyte."""

MOST_OBLONG = 100
"""Times that a picture may be longer than wide: its shorter side is brought to the model's size."""

_SIXTEEN_BITS = 2**16 - 1

Image.init()  # else Pillow knows but the commonest formats by name

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


class PictureFaultError(Exception):
    """One picture can't be used; it becomes a row of the audit, and never stops a run.

    Parameters
    ----------
    code : str
        The kind of fault.
    reason : str
        What is wrong, without the name of the file.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def read_bytes(path: Path) -> bytes:
    """Read a file that may be a picture.

    Raises
    ------
    PictureFaultError
        It is not there, is no regular file, may not be read, is empty or too large.
    """
    try:
        found = path.stat()
        is_file, is_large = stat.S_ISREG(found.st_mode), found.st_size > MOST_BYTES
        # Anything else is not even opened: a pipe would wait for its other end.
        content = path.read_bytes() if is_file and not is_large else b""
    except FileNotFoundError:
        raise PictureFaultError("missing_file", "there is no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        said = getattr(error, "strerror", None) or error
        raise PictureFaultError("unreadable_file", f"the file can't be read ({said})") from None
    if not is_file:
        raise PictureFaultError("not_a_file", "it is no regular file")
    if is_large:
        raise PictureFaultError("too_large", f"the file has more than {MOST_BYTES:,} bytes")
    if not content:
        raise PictureFaultError("empty_file", "the file is empty")
    return content


def decode(content: bytes, background: Colour) -> Image.Image:
    """Decode a picture: upright, in RGB.

    Parameters
    ----------
    content : bytes
        A whole file.
    background : (int, int, int)
        The colour that shows through where the picture is transparent.

    Raises
    ------
    PictureFaultError
        It is none, is broken or cut short, or has more pixels or other values than can be taken.
    """
    with _faults(), Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        return to_rgb(picture, background)


def to_rgb(picture: Image.Image, background: Colour) -> Image.Image:
    """Bring an opened picture to upright RGB, as `decode` does.

    Examples
    --------
    >>> to_rgb(Image.new("RGBA", (1, 1), (0, 0, 0, 0)), (255, 255, 255)).getpixel((0, 0))
    (255, 255, 255)
    """
    with _faults():
        _check_size(picture.width, picture.height)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        if upright.has_transparency_data:
            clear = upright.convert("RGBA")
            # What a transparent pixel hides is no part of the picture.
            return Image.alpha_composite(Image.new("RGBA", clear.size, (*background, 255)), clear).convert(
                "RGB"
            )
        return _eight_bits(upright).convert("RGB")


@contextmanager
def _faults() -> Iterator[None]:
    """Turn whatever Pillow raises into a fault of the picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on tags that nobody here looks at
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except PictureFaultError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise PictureFaultError("not_an_image", "it is no picture of a kind that is read") from None
    except Exception as error:  # noqa: BLE001  of broken files, Pillow raises nearly anything
        said = f"{type(error).__name__}: {error}"[:200]
        raise PictureFaultError("broken_image", f"the picture is broken or cut short ({said})") from None


def _too_many_pixels() -> PictureFaultError:
    return PictureFaultError("too_many_pixels", f"it claims more than {MOST_PIXELS:,} pixels")


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < 1:
        raise PictureFaultError("no_pixels", "it has no pixels")
    if max(width, height) > MOST_OBLONG * min(width, height):
        raise PictureFaultError("too_oblong", f"it is {width:,} x {height:,} pixels, a strip")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return grey values of 16 bits as 8: Pillow itself would cut them off at 255."""
    if picture.mode == "F":
        raise PictureFaultError("unknown_range", "its pixels are floating-point numbers of unknown range")
    if picture.mode != "I" and not picture.mode.startswith("I;16"):
        return picture
    values = np.asarray(picture)
    if values.min() < 0 or values.max() > _SIXTEEN_BITS:
        raise PictureFaultError("unknown_range", "its pixels have more than 16 bits")
    return Image.fromarray((values // 257).astype(np.uint8))
