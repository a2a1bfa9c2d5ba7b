"""A small encoder in NumPy, for examples: colours, and answers of random filters, nothing that was learnt."""

import json
from pathlib import Path
from typing import Final, Self

import numpy as np
from PIL import Image
from pydantic import Field

from skknn_syndrome._files import write_text
from skknn_syndrome._typing import Float32Array
from skknn_syndrome.embedding.encoders import Pictures, hash_of_files, refusal, versions_of
from skknn_syndrome.embedding.preprocessing import ImagePreprocessing
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.embedder import EmbedderNote

FILE: Final = "encoder.json"
_SIDE = 5
_STEP = 2
_BINS = 4
_LEAST_CONTRAST = 1e-6
_COLOUR_WEIGHT = 0.15
"""Beside what the filters answer: with more, images of one subject, alike in colour, would be nearest."""


class FilterSettings(Result):
    """What the filters are drawn from."""

    kind: str = "colours and random filters"
    seed: int = 0
    n_filters: int = Field(default=48, ge=1, le=4096)
    preprocessing: ImagePreprocessing


class NumpyEncoder:
    """Mean and spread of what random filters answer to light and dark, beside a histogram of colours.

    Parameters
    ----------
    settings : FilterSettings
    note : EmbedderNote
    """

    def __init__(self, settings: FilterSettings, note: EmbedderNote) -> None:
        self._settings, self.note = settings, note
        rng = np.random.default_rng(settings.seed)
        filters = rng.normal(size=(_SIDE * _SIDE, settings.n_filters)).astype(np.float32)
        filters -= filters.mean(axis=0)  # so that a plain area has no answer
        self._filters = filters / np.linalg.norm(filters, axis=0)

    @staticmethod
    def save(folder: Path) -> None:
        """Write the folder that describes such an encoder."""
        preprocessing = ImagePreprocessing(size=48, crop=48, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
        settings = FilterSettings(preprocessing=preprocessing)
        write_text(folder / FILE, settings.model_dump_json(indent=1))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read such a folder.

        Raises
        ------
        EncoderError
            It is none.
        """
        path = folder / FILE
        try:
            settings = FilterSettings.model_validate_json(path.read_bytes())
        except (OSError, ValueError) as error:
            raise refusal(folder, f"{FILE} describes no encoder", "broken_model") from error
        note = EmbedderNote(
            model=folder.resolve().name,
            architecture="NumPy",
            weights_sha256=hash_of_files([path]),
            preprocessing=json.dumps(settings.preprocessing.model_dump(mode="json"), sort_keys=True),
            versions=versions_of("numpy", "pillow"),
        )
        return cls(settings, note)

    def encode(self, images: Pictures, /) -> Float32Array:
        """Describe each image by itself."""
        return np.stack([self._describe(image) for image in images])

    def _describe(self, image: Image.Image) -> Float32Array:
        pixels = self._settings.preprocessing(image)
        grey = pixels.mean(axis=0)
        contrast = (grey - grey.mean()) / (grey.std() + _LEAST_CONTRAST)
        windows = np.lib.stride_tricks.sliding_window_view(contrast, (_SIDE, _SIDE))
        patches = windows[::_STEP, ::_STEP].reshape(-1, len(self._filters))
        answers = np.maximum(patches @ self._filters, 0)
        colours = np.minimum((pixels * _BINS).astype(int), _BINS - 1)
        bins = (colours * np.array([_BINS**2, _BINS, 1])[:, None, None]).sum(axis=0).ravel()
        histogram = _COLOUR_WEIGHT * np.bincount(bins, minlength=_BINS**3) / bins.size
        return np.concatenate([answers.mean(axis=0), answers.std(axis=0), histogram]).astype(np.float32)
