"""The text of a whole report, for tests of what it says."""

from typing import Any

from skknn_syndrome.rendering.document import AnyResult, fill_parts
from skknn_syndrome.rendering.templates import assets_folder


def whole_text(result: AnyResult, figures: Any = (), thumbnails: Any = (), **options: Any) -> str:
    """Return the text of all parts, one after the other; the summary stands in the main text already."""
    texts = fill_parts(assets_folder(), result, figures, thumbnails, **options)
    return "\n".join(text for part, text in texts.items() if part != "summary")
