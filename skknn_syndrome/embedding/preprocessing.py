"""Preprocessing of pictures for an encoder: resized, cropped, normalised, as is said and never guessed."""

from collections.abc import Mapping
from typing import Any, Final, Literal, Self

import numpy as np
from PIL import Image
from pydantic import Field, model_validator

from skknn_syndrome._typing import Float32Array
from skknn_syndrome.errors import Argument, ParameterError, meant
from skknn_syndrome.results.base import Result

PARTS: Final = ("size", "crop", "mean", "std")
"""What has to be said of a model that comes without it."""

_RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


class ImagePreprocessing(Result):
    """What is done to an RGB picture before a model sees it.

    Examples
    --------
    >>> PRESETS["imagenet"](Image.new("RGB", (300, 400))).shape
    (3, 224, 224)
    """

    size: int = Field(ge=1, le=8192)
    """Pixels that the shorter side is brought to."""
    crop: int = Field(ge=1, le=8192)
    """Side of the square that is cut out of the middle."""
    normalisation: Literal["mean_std", "median_mad"] = "mean_std"
    """By `mean` and `std`, the same for all pictures; or by each picture's own median and median absolute
    deviation, channel by channel."""
    mean: tuple[float, float, float] | None = None
    """Of red, green and blue, where white is 1."""
    std: tuple[float, float, float] | None = None
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.crop > self.size:
            message = f"crop is {self.crop}, and can't be larger than size, which is {self.size}"
            raise ValueError(message)
        if (self.normalisation == "mean_std") != (self.mean is not None and self.std is not None):
            raise ValueError("mean and std go together, and with normalisation 'mean_std' alone")
        for name, values, lowest in (("mean", self.mean, 0.0), ("std", self.std, 1e-6)):
            if values is not None and not all(lowest <= value <= 1 for value in values):
                message = f"{name} counts from 0 for black to 1 for white: divide {values} by 255"
                raise ValueError(message)
        return self

    def __call__(self, picture: Image.Image) -> Float32Array:
        """Return channels, rows and columns."""
        scaled = np.asarray(self._cropped(picture), dtype=np.float32) / np.float32(255)
        if self.mean is None or self.std is None:
            centre = np.median(scaled, axis=(0, 1))
            spread = np.median(np.abs(scaled - centre), axis=(0, 1))
            spread[spread == 0] = 1  # a plain picture has no spread, and is 0 all over
        else:
            centre, spread = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        return np.ascontiguousarray(((scaled - centre) / spread).transpose(2, 0, 1), dtype=np.float32)

    def _cropped(self, picture: Image.Image) -> Image.Image:
        # As torchvision rounds: sides down, the crop's place to the nearest pixel.
        short = min(picture.size)
        width, height = (self.size * side // short for side in picture.size)
        resized = picture.resize((width, height), _RESAMPLING[self.interpolation])
        left, top = round((width - self.crop) / 2), round((height - self.crop) / 2)
        return resized.crop((left, top, left + self.crop, top + self.crop))


PRESETS: Final[Mapping[str, ImagePreprocessing]] = {
    "imagenet": ImagePreprocessing(size=256, crop=224, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)),
    "clip": ImagePreprocessing(
        size=224,
        crop=224,
        mean=(0.48145466, 0.4578275, 0.40821073),
        std=(0.26862954, 0.26130258, 0.27577711),
        interpolation="bicubic",
    ),
    "efficientnet-lite": ImagePreprocessing(
        size=256,
        crop=224,
        mean=(127 / 255, 127 / 255, 127 / 255),
        std=(128 / 255, 128 / 255, 128 / 255),
        interpolation="bicubic",
    ),
    "median-mad": ImagePreprocessing(size=256, crop=224, normalisation="median_mad"),
}


def make_preprocessing(preset: str | None = None, **parts: Any) -> ImagePreprocessing | None:  # noqa: ANN401
    """Put preprocessing together of a preset and of parts that stand in for its own.

    Parameters
    ----------
    preset : str, optional
        Name in `PRESETS`.
    **parts
        `size`, `crop`, `mean`, `std`; None where it was not given.

    Returns
    -------
    ImagePreprocessing or None
        None where nothing was given.

    Raises
    ------
    ParameterError
        No preset has this name, a part is missing, or parts do not agree.

    Examples
    --------
    >>> make_preprocessing("imagenet", size=224).size
    224
    """
    given = {name: value for name, value in parts.items() if value is not None}
    if preset is not None and preset not in PRESETS:
        raise ParameterError(
            "{preprocessing} is no preset: {meant}.",
            code="unknown_preset",
            parameter="preprocessing",
            preprocessing=Argument("preprocessing", preset),
            meant=meant(preset, PRESETS),
        )
    if preset is None and not given:
        return None
    missing = [name for name in PARTS if name not in given] if preset is None else []
    if missing:
        raise ParameterError(
            "{missing} of the preprocessing is not said: give it, or a preset with {preprocessing}.",
            code="incomplete_preprocessing",
            parameter=missing[0],
            missing=Argument(missing[0]),
            preprocessing=Argument("preprocessing"),
        )
    if preset is not None and PRESETS[preset].normalisation == "median_mad" and {"mean", "std"} & {*given}:
        given["normalisation"] = "mean_std"
    base = {} if preset is None else dict(PRESETS[preset])
    try:
        return ImagePreprocessing(**base | given)
    except ValueError as error:
        said = str(error).partition("Value error, ")[2].partition(" [type=")[0] or "sizes are 1 to 8,192"
        raise ParameterError(
            f"The preprocessing can't be: {said}.", code="invalid_preprocessing", parameter="preprocessing"
        ) from error
