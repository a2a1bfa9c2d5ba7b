"""How empty the pages of a PDF are: `python -m tests.page_emptiness FILE ...`, with poppler's pdftoppm.

Of each page, the share of the text area that its largest blank band takes; it ends with 1 where a page,
except the last, has more than a quarter.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MOST_EMPTY = 0.25
TOP, BOTTOM = 24 / 297, 273 / 297
"""Of the text area of an A4 page, between running head and foot."""
WHITE = 250
DOTS_PER_INCH = 40


def largest_blank(page: NDArray[np.uint8]) -> float:
    """Return the height of the largest band without ink, as a share of the text area.

    Parameters
    ----------
    page : array of uint8 of shape (n_rows, n_columns)
        Grey values.

    Examples
    --------
    >>> page = np.full((297, 210), 255, dtype=np.uint8)
    >>> page[24:148] = 0
    >>> round(largest_blank(page), 2)
    0.5
    """
    rows = page[round(TOP * len(page)) : round(BOTTOM * len(page))]
    inked = np.flatnonzero((rows < WHITE).any(axis=1))
    ends = np.concatenate([[-1], inked, [len(rows)]])
    return float((np.diff(ends).max() - 1) / len(rows))


def pages_of(path: Path) -> list[NDArray[np.uint8]]:
    """Return the pages of a PDF as grey values."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-gray", "-png", "-r", str(DOTS_PER_INCH), str(path), f"{folder}/page"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return [np.asarray(Image.open(page).convert("L")) for page in sorted(Path(folder).glob("*.png"))]


def main(paths: list[str]) -> int:
    """Print a line a file; return 1 where a page is too empty."""
    too_empty = False
    for path in paths:
        shares = [largest_blank(page) for page in pages_of(Path(path))]
        too_empty = too_empty or any(share > MOST_EMPTY for share in shares[:-1])
        sys.stdout.write(f"{path}: {' '.join(f'{100 * share:.0f}' for share in shares)} % empty\n")
    return int(too_empty)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
