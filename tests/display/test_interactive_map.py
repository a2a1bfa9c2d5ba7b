"""The interactive map."""

import base64
import json
import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

from skknn_syndrome.display.interactive_map import MapPoints, Plane, map_page
from skknn_syndrome.vocabulary import Noun, Vocabulary, speaking

HOSTILE = ("</script><script>alert(1)</script>", "<!-- <img src=x onerror=alert(2)> & \u2028 $title", "c")
POINTS = MapPoints(
    title=HOSTILE[0],
    classes=HOSTILE,
    labels=[0, 1, 2, 2],
    planes=[Plane(title="t-SNE", x=[0.0, 1.0, 2.0, 3.0], y=[0.0, 1.0, 0.0, 1.0])],
    n_images=9,
    predicted=[HOSTILE[1], HOSTILE[1], "c", "c"],
    confidence=[0.5, 0.25, 1.0, 0.75],
    neighbors=[[1], [0], [3], [2]],
)


def data_of(page: str) -> Any:
    """Return what the page's script reads, found as a browser finds it: up to the first end of a script."""
    begin = page.index('<script type="application/json" id="data">')
    return json.loads(page[page.index(">", begin) + 1 : page.index("</script", begin)])


def test_hostile_names_are_data_and_nothing_else() -> None:
    page = map_page(POINTS)
    assert page.count("<script") == page.count("</script>") == 2
    assert page.count("<!--") == 0
    assert "<img" not in page
    assert "\u2028" not in page
    # `one_line` replaces what can break a line.
    assert [entry["name"] for entry in data_of(page)["classes"]] == [
        name.replace("\u2028", "\N{REPLACEMENT CHARACTER}") for name in HOSTILE
    ]
    assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>" in page


def test_the_policy_allows_the_one_script_and_no_request() -> None:
    page = map_page(POINTS)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)
    assert policy is not None
    assert script is not None
    digest = base64.b64encode(sha256(script[1].encode()).digest()).decode()
    assert "default-src 'none'" in policy[1]
    assert f"script-src 'sha256-{digest}';" in policy[1]
    assert not re.search(r"https?:|url\(|@import|<link|innerHTML|document\.write|\beval\b", page)


def test_each_point_has_what_is_known_of_it_and_no_id() -> None:
    data = data_of(map_page(POINTS))
    assert [data["names"][place] for place in data["predicted"]][2:] == ["c", "c"]
    assert (data["labels"], data["counts"], data["confidence"]) == (
        [0, 1, 2, 2],
        [1, 1, 2],
        [0.5, 0.25, 1.0, 0.75],
    )
    assert data["neighbors"] == [[1], [0], [3], [2]]
    assert data["ids"] is None
    assert data_of(map_page(replace(POINTS, ids=["i1", "i2", "i3", "i4"])))["ids"] == ["i1", "i2", "i3", "i4"]


def test_what_is_unknown_is_null() -> None:
    bare = replace(POINTS, predicted=(), confidence=(), neighbors=())
    data = data_of(map_page(bare))
    assert [data[name] for name in ("predicted", "confidence", "neighbors")] == [None] * 3


def test_a_sample_says_of_how_many_images_it_is() -> None:
    assert "4 of 9 images, 3 classes" in map_page(POINTS)
    assert "<p>4 images" in map_page(replace(POINTS, n_images=4))


def test_the_page_has_the_nouns_of_the_data() -> None:
    with speaking(Vocabulary(classes=Noun.of("species"), images=Noun.of("photograph"))):
        page = map_page(POINTS)
    assert "4 of 9 photographs, 3 species" in page
    assert "<h2>Species</h2>" in page
    assert "Point at a photograph to see its species." in page
    assert data_of(page)["nouns"] == {"class": "species", "image": "photograph"}
    assert data_of(map_page(POINTS))["nouns"] == {"class": "class", "image": "image"}
