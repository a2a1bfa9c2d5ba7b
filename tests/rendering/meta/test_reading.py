"""`report.yaml` read, and refused in one sentence."""

from pathlib import Path

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.meta import ReportMeta, load_meta, logo, parse_meta, reading
from skknn_syndrome.rendering.meta.logo import read_logo
from skknn_syndrome.rendering.meta.reading import check_classes
from skknn_syndrome.rendering.meta.title_block import copy_logo
from tests.refusing import refused

WHOLE = """
title: "Faces"
subtitle: Of three syndromes
authors:
  - name: Ada Known
    affiliations: Somewhere
    orcid: https://orcid.org/0000-0002-1825-0097
    email: ada@example.org
    corresponding: yes
  - name: Bo Second
funding: |
  Nobody
  paid.

  Nothing.
nouns: {class: lesion, subject: [person, persons]}
classes:
  0123: {name: Williams syndrome, short: WS, id: 194050, colour: "#FF0000"}
  b: Noonan syndrome
class_order: [b]
accent_colour: "#0b5cad"
language: en
"""


def test_every_field_is_read_and_numbers_stay_as_they_are_written() -> None:
    meta = parse_meta(WHOLE)
    first, second = meta.authors
    assert (first.orcid, first.affiliations, first.corresponding) == (
        "0000-0002-1825-0097",
        ("Somewhere",),
        True,
    )
    assert (second.affiliations, second.email) == ((), None)
    assert (meta.classes["0123"].id, meta.classes["0123"].colour) == ("194050", "#ff0000")
    assert meta.classes["b"].name == "Noonan syndrome"
    assert meta.nouns.given == {"class": ("lesion",), "subject": ("person", "persons")}
    assert meta.supplied == {"funding"}
    assert meta.paragraphs == ("Nobody paid.", "Nothing.")


def test_an_empty_file_says_nothing() -> None:
    assert parse_meta("# title: x\n") == ReportMeta()
    assert parse_meta("title:") == ReportMeta()


@pytest.mark.parametrize(
    "text, code, named",
    [
        ("titel: x", "unknown_field", "line 1: titel: there is no such field; did you mean title?"),
        ("qqqq: x", "unknown_field", "take one of title, subtitle"),
        ("title: x\nnouns:\n  klass: x", "unknown_field", "line 3: nouns.klass"),
        (
            "nouns:\n  clas: x",
            "unknown_field",
            "line 2: nouns.clas: there is no such field; did you mean class?",
        ),
        ("classes: {a: {nam: x}}", "unknown_field", "classes.a.nam"),
        ("title: [a]", "wrong_type", "a list stands where a text"),
        ("title: yes", "wrong_type", "the truth value true stands"),
        ("title: {a: b}", "wrong_type", "an object stands"),
        ("authors: x", "wrong_type", "'x' stands where a list"),
        ("authors: [x]", "wrong_type", "authors.1: 'x' stands where an object"),
        ("authors: [{name: A, corresponding: perhaps}]", "wrong_type", "true or false"),
        ("classes: {a: }", "wrong_type", "nothing stands where an object"),
        ("nouns: {class: [a, b, c]}", "wrong_type", "a singular with its plural"),
        ("title: ''", "empty_text", "title: it is empty"),
        ("title: ' '", "empty_text", "title: it is empty"),
        ("authors: [{name: ' '}]", "empty_text", "authors.1.name: it is empty"),
        ("nouns: {class: '<img src=x onerror=alert(1)>'}", "invalid_value", "letters and digits"),
        ("nouns: {image: '{{< include /etc/passwd >}}'}", "invalid_value", "letters and digits"),
        ('nouns: {subject: [q, "q\\"\\nfilters: [evil.lua]"]}', "invalid_value", "letters and digits"),
        ("nouns: {class: case, subject: case}", "invalid_value", "the word for the"),
        ("authors: [{email: a@b.org}]", "missing_field", "authors.1.name"),
        ("authors: [{name: A, email: a}]", "invalid_value", "is no e-mail address"),
        ("authors: [{name: A, corresponding: true}]", "invalid_value", "needs an email"),
        ("authors: [{name: A, orcid: 0000-0002-1825-0098}]", "invalid_value", "last digit"),
        ("authors: [{name: A, orcid: 12}]", "invalid_value", "sixteen digits"),
        ("nouns: {class: subject}", "invalid_value", "the word for the subject"),
        ("classes: {a: {colour: red}}", "invalid_value", "is no colour"),
        ("accent_colour: '#ffff00'", "invalid_value", "too pale"),
        ("logo: logo.jpg", "invalid_value", "is no PNG or SVG"),
        ("language: fr", "unknown_choice", "take 'de' or 'en'"),
        ("title: a\n\ntitle: b", "repeated_key", "line 3: title: 'title' stands in line 1 already"),
        ("title: a: b", "invalid_yaml", "line 1: it is no YAML"),
        ("title: a\n\tsubtitle: b", "invalid_yaml", "not with a tab"),
        ("title: a\n subtitle: b\n", "invalid_yaml", "need quotes"),
        ("authors:\n  - name: a\n   orcid: b\n", "invalid_yaml", "in the same column"),
        ("{[a]: b}", "invalid_yaml", "a key has to be text"),
        ("[" * 1500, "invalid_yaml", "it is nested too deeply"),
        ("- a", "no_fields", "it holds no fields"),
        ("a: &a [*a]", "nested_meta", "refers to itself"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_field(text: str, code: str, named: str) -> None:
    with pytest.raises(RenderingError, match=r"^report\.yaml") as caught:
        parse_meta(text)
    assert (caught.value.code, caught.value.parameter) == (code, "meta")
    assert named in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_file_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 5)
    with refused("long_meta", "meta"):
        parse_meta("title: x")


def test_a_file_is_read_with_its_logo_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "report.yaml"
    with refused("unreadable_meta", "meta"):
        load_meta(file)
    file.write_bytes(b"title: \xff")
    with refused("unreadable_meta", "meta"):
        load_meta(file)
    file.write_text("title: x\nlogo: logo.svg\nnouns: {class: lesion}\nauthors: [{name: A}]", "utf-8")
    with refused("no_logo", "meta"):
        load_meta(file)
    (tmp_path / "logo.svg").write_text("<svg/>", "utf-8")
    meta = load_meta(file)
    assert meta.logo == str(tmp_path / "logo.svg")
    assert meta.nouns.given == {"class": ("lesion",)}


def test_a_logo_lies_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>", "utf-8")
    folder = tmp_path / "meta"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "logo.svg").write_text("<svg/>", "utf-8")
    (folder / "link.svg").symlink_to(tmp_path / "logo.svg")
    for named in ("../logo.svg", str(tmp_path / "logo.svg"), "link.svg"):
        (folder / "report.yaml").write_text(f"logo: {named}", "utf-8")
        with refused("logo_outside", "meta"):
            load_meta(folder / "report.yaml")
    (folder / "report.yaml").write_text("logo: below/logo.svg", "utf-8")
    assert load_meta(folder / "report.yaml").logo == str(folder / "below" / "logo.svg")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<s:script xmlns:s='http://www.w3.org/2000/svg'/>",
        "<foreignObject/>",
        "<g onload='alert(1)'/>",
        "<image href='https://example.org/x.png'/>",
        "<a href='#b'/>",
        "<style>@import 'x.css'</style>",
        "<g style='fill: url( https://example.org/x)'/>",
        "<g style='fill: u\\72l(x)'/>",
        "<set attributeName='href'/>",
    ],
)
def test_an_svg_that_runs_or_loads_something_is_refused(inside: str, tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>", "utf-8")
    with refused("active_logo", "meta"):
        read_logo(path)


def test_a_logo_is_a_picture_of_some_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = (
        "<svg><style>a{fill:url(#b)}</style><image href='data:image/png;base64,AA'/><g fill='url(#b)'/></svg>"
    )
    (tmp_path / "logo.svg").write_text(own, "utf-8")
    assert read_logo(tmp_path / "logo.svg").decode() == own
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert read_logo(tmp_path / "logo.png")
    for content, code in (
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "active_logo"),
        (b"<svg", "unreadable_logo"),
        (b"\xff", "unreadable_logo"),
    ):
        (tmp_path / "logo.svg").write_bytes(content)
        with refused(code, "meta"):
            read_logo(tmp_path / "logo.svg")
    (tmp_path / "logo.png").write_bytes(b"<svg/>")
    with refused("unreadable_logo", "meta"):
        read_logo(tmp_path / "logo.png")
    with refused("no_logo", "meta"):
        copy_logo(ReportMeta(logo="missing.png"), tmp_path)
    monkeypatch.setattr(logo, "MOST_BYTES", 3)
    with refused("large_logo", "meta"):
        read_logo(tmp_path / "logo.png")


def test_classes_are_those_of_the_result() -> None:
    check_classes(parse_meta("classes: {alpha: A}\nclass_order: [beta]"), ["alpha", "beta"])
    for text, said in (
        ("classes: {alhpa: A}", "classes: there is no class 'alhpa'; did you mean 'alpha'?"),
        ("class_order: [zzz]", "class_order: there is no class 'zzz'; take one of 'alpha', 'beta'."),
    ):
        with pytest.raises(RenderingError, match=r"mine\.yaml") as caught:
            check_classes(parse_meta(text), ["alpha", "beta"], "mine.yaml")
        assert caught.value.code == "unknown_class"
        assert said in str(caught.value)
    with refused("repeated_class", "meta"):
        check_classes(parse_meta("class_order: [alpha, alpha]"), ["alpha"])
