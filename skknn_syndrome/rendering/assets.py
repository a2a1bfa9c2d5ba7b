"""Where the report's template, theme and filters lie."""

from pathlib import Path

from skknn_syndrome.errors import RenderingError

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "_report", _PACKAGE.parent / "report")
"""An installed package carries the folder inside, a checkout has it beside the package."""


def assets_folder(places: tuple[Path, ...] = _PLACES) -> Path:
    """Return the folder of the report's template, bibliography, theme and filters.

    Parameters
    ----------
    places : tuple of Path
        Where to look, in this order.

    Returns
    -------
    Path
        The first of `places` that holds a `report.qmd`.

    Raises
    ------
    RenderingError
        If none does.

    Examples
    --------
    >>> sorted(path.name for path in assets_folder().glob("*.qmd"))
    ['report.qmd']
    """
    for place in places:
        if (place / "report.qmd").is_file():
            return place
    raise RenderingError(
        f"The report's template is neither in {places[0]} nor in {places[-1]}: install skknn-syndrome again."
    )
