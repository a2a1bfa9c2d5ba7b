"""Augmentation: further views of the images of small classes, drawn from a seed."""

from collections import Counter, defaultdict
from dataclasses import replace
from hashlib import sha256

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from skknn_syndrome.embedding.listing import ListedImage, Listing

_LEAST_SHARE = 0.8
"""Of each side that a cut leaves."""
_COLOUR = 0.2
"""Most that brightness, contrast and saturation are raised or lowered by."""


def with_views(listing: Listing, n_views: int) -> Listing:
    """Return a listing with further views of images of classes that are smaller than the largest.

    Parameters
    ----------
    listing : Listing
    n_views : int
        Most views of one image. A class gets no more than bring it to the size of the largest.

    Returns
    -------
    Listing
        The images as they were, then their views, each with its image's subject and an id that says so.

    Examples
    --------
    >>> from pathlib import Path
    >>> images = [ListedImage(Path(f"{name}.png"), name, name[0], "s") for name in ("a1", "a2", "b1")]
    >>> [image.image for image in with_views(Listing(images, True), 2).images]
    ['a1', 'a2', 'b1', 'b1#view1']
    """
    counts = Counter(image.label for image in listing.images)
    by_label: dict[str, list[ListedImage]] = defaultdict(list)
    for image in listing.images:
        by_label[image.label].append(image)
    views = [
        _view(own[number % len(own)], 1 + number // len(own))
        for label, own in by_label.items()
        for number in range(min(max(counts.values()) - counts[label], n_views * len(own)))
    ]
    return replace(listing, images=[*listing.images, *views])


def _view(image: ListedImage, number: int) -> ListedImage:
    return replace(image, image=f"{image.image}#view{number}", augmented_from=image.image, view=number)


def augmented(picture: Image.Image, content: bytes, view: int, seed: int) -> Image.Image:
    """Flip, cut and recolour a picture by chance, the same one the same way each time.

    Parameters
    ----------
    picture : PIL image
        Upright, in RGB.
    content : bytes
        What tells it from other pictures.
    view : int
        The number of the view, from 1.
    seed : int

    Examples
    --------
    >>> augmented(Image.new("RGB", (100, 100)), b"a", 1, 0).mode
    'RGB'
    """
    rng = np.random.default_rng([*sha256(content).digest()[:8], view, seed])
    flipped = ImageOps.mirror(picture) if rng.random() < 1 / 2 else picture
    share = rng.uniform(_LEAST_SHARE, 1)
    width, height = (max(1, round(share * side)) for side in flipped.size)
    left = rng.integers(flipped.width - width + 1)
    top = rng.integers(flipped.height - height + 1)
    changed = flipped.crop((int(left), int(top), int(left) + width, int(top) + height))
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        changed = enhance(changed).enhance(float(rng.uniform(1 - _COLOUR, 1 + _COLOUR)))
    return changed
