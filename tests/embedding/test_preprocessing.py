"""Preprocessing is said in full, and does what it says."""

import numpy as np
import pytest
from PIL import Image

from skknn_syndrome.embedding.preprocessing import PRESETS, ImagePreprocessing, make_preprocessing
from tests.embedding.builders import picture
from tests.refusing import refused


def test_the_middle_is_cut_out_and_normalised() -> None:
    white = Image.new("RGB", (10, 20))
    white.paste((255, 255, 255), (0, 5, 10, 15))
    preprocessing = ImagePreprocessing(size=10, crop=10, mean=(0.5, 0.5, 0.0), std=(0.5, 1.0, 1.0))
    pixels = preprocessing(white)
    assert pixels.shape == (3, 10, 10)
    assert pixels.dtype == np.float32
    assert [channel.min() for channel in pixels] == [1.0, 0.5, 1.0]


def test_median_and_mad_are_a_pictures_own() -> None:
    pixels = PRESETS["median-mad"](picture(side=224))
    medians = np.median(pixels, axis=(1, 2))
    np.testing.assert_allclose(medians, 0, atol=1e-6)
    np.testing.assert_allclose(np.median(np.abs(pixels), axis=(1, 2)), 1, rtol=1e-5)
    assert not PRESETS["median-mad"](Image.new("RGB", (224, 224), (9, 9, 9))).any()


def test_parts_stand_in_for_those_of_a_preset() -> None:
    assert make_preprocessing() is None
    changed = make_preprocessing("median-mad", mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0), crop=None)
    assert changed is not None
    assert (changed.normalisation, changed.crop) == ("mean_std", 224)


def test_nothing_is_guessed() -> None:
    with refused("incomplete_preprocessing", "crop"):
        make_preprocessing(size=8)
    with refused("unknown_preset", "preprocessing"):
        make_preprocessing("imagent")


@pytest.mark.parametrize(
    "parts", [{"crop": 300}, {"mean": (127.0, 127.0, 127.0)}, {"std": (0.0, 1.0, 1.0)}, {"size": 0}]
)
def test_parts_that_can_not_be_are_refused(parts: dict[str, object]) -> None:
    with refused("invalid_preprocessing", "preprocessing"):
        make_preprocessing("imagenet", **parts)


def test_mean_and_std_go_together() -> None:
    with pytest.raises(ValueError, match="go together"):
        ImagePreprocessing(size=8, crop=8, mean=(0.0, 0.0, 0.0))
