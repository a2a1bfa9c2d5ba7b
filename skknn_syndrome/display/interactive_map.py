"""An interactive map of embeddings: one HTML file that runs its own script alone and asks for nothing."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from skknn_syndrome.display.style import marks
from skknn_syndrome.vocabulary import DEFAULT, Noun, in_words, noun, vocabulary
from skknn_syndrome.wording import capitalised, one_line

_FILES = Path(__file__).with_name("map_page")
_LONGEST_NAME = 200

# In HTML, text of a script ends at "</script" and changes its meaning at "<!--", whatever JSON says.
_IN_SCRIPT = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"})


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Where the points lie on one map."""

    title: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class MapPoints:
    """What an interactive map shows: images as points, and what is known of each."""

    title: str
    classes: Sequence[str]
    labels: Sequence[int]
    """Shape (n_points,): the class of each point, as a place among `classes`."""
    planes: Sequence[Plane]
    n_images: int
    """Images of the data set, of which the points may be a sample."""
    predicted: Sequence[str] = ()
    """Shape (n_points,): predicted classes; empty where they are unknown."""
    confidence: Sequence[float] = ()
    """Shape (n_points,): probability of the predicted class; empty where there is none."""
    neighbors: Sequence[Sequence[int]] = ()
    """Shape (n_points, n_neighbors): nearest points in the embedding space; empty where they are unknown, and
    the map then shows the nearest in the plane."""
    ids: Sequence[str] = ()
    """Shape (n_points,): ids of the images, shown to whoever opens the page; empty to show none."""


def map_page(points: MapPoints) -> str:
    r"""Return the page.

    Parameters
    ----------
    points : MapPoints

    Returns
    -------
    str
        HTML. Its content security policy allows the one script that is in it, by its hash, and no request.

    Examples
    --------
    >>> plane = Plane(title="t-SNE", x=[0.0, 1.0], y=[0.0, 1.0])
    >>> page = map_page(
    ...     MapPoints(title="Map", classes=["</script>"], labels=[0, 0], planes=[plane], n_images=2)
    ... )
    >>> page.count("</script>"), "\\u003c/script\\u003e" in page
    (2, True)
    """
    script, style = ((_FILES / name).read_text("utf-8") for name in ("page.js", "page.css"))
    page = Template(in_words((_FILES / "page.html").read_text("utf-8")))
    one, many = _class_noun()
    return page.substitute(
        title=escape(_shown(points.title)),
        class_=escape(one),
        classes=escape(capitalised(many)),
        summary=escape(_summary(points)),
        policy=_policy(script),
        style=style,
        script=script,
        data=json.dumps(_as_json(points), ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT),
    )


def _class_noun() -> Noun:
    """Return what the page calls a class: the data's noun where there is one."""
    spoken = vocabulary().classes
    return Noun.of("class") if spoken == DEFAULT.classes else spoken


def _policy(script: str) -> str:
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


def _shown(text: str) -> str:
    return one_line(text, longest=_LONGEST_NAME)


def _summary(points: MapPoints) -> str:
    n_points = len(points.labels)
    sample = f" of {points.n_images:,}" if n_points < points.n_images else ""
    n_classes = len(points.classes)
    return f"{n_points:,}{sample} {noun('image', 2)}, {n_classes:,} {_class_noun()(n_classes)}"


def _as_json(points: MapPoints) -> dict[str, Any]:
    look = marks(points.classes)
    names = list(dict.fromkeys(points.predicted))
    places = {name: place for place, name in enumerate(names)}
    return {
        "classes": [
            {"name": _shown(name), "colour": look[name].colour, "marker": look[name].marker}
            for name in points.classes
        ],
        "labels": list(points.labels),
        "counts": [list(points.labels).count(code) for code in range(len(points.classes))],
        "projections": [
            {"title": plane.title, "x": list(plane.x), "y": list(plane.y)} for plane in points.planes
        ],
        "names": [_shown(name) for name in names],
        "predicted": [places[name] for name in points.predicted] or None,
        "confidence": list(points.confidence) or None,
        "neighbors": [list(near) for near in points.neighbors] or None,
        "nouns": {"class": _class_noun().one, "image": noun("image")},
        "ids": [_shown(name) for name in points.ids] or None,
    }
