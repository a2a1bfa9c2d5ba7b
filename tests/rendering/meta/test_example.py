"""The example of `report.yaml`."""

from pathlib import Path

from skknn_syndrome.rendering.meta import load_meta, parse_meta
from skknn_syndrome.rendering.meta.example import example_of, write_example
from tests.refusing import refused
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study


def test_as_it_stands_it_changes_nothing() -> None:
    study = make_full_study(("alpha", 'be"ta', "no: 3"))
    meta = parse_meta(example_of(study))
    assert tuple(meta.classes) == meta.class_order == study.class_names
    text = whole_text(study, ())
    assert whole_text(study, (), meta=meta) == text


def test_every_line_can_be_taken_into_use() -> None:
    head, classes = example_of(make_full_study()).split("# The classes")
    lines = [line for line in head.splitlines() if line.startswith(("# ", "#   ")) and ":" in line]
    fields = [line[2:] for line in lines[1:] if not line.startswith(("# Every", "# Declarations", "# Nouns"))]
    meta = parse_meta("\n".join(field for field in fields if not field.startswith("logo")))
    assert len(meta.authors) == 2
    assert len(meta.supplied) == 9
    assert meta.nouns.given == {"class": ("syndrome",), "subject": ("subject",), "image": ("image",)}
    assert meta.accent_colour is not None
    assert '"alpha"' in classes


def test_it_is_not_written_over_a_file_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    write_example(make_full_study(), path)
    path.write_text("title: mine", "utf-8")
    with refused("meta_is_there", "force"):
        write_example(make_full_study(), path)
    assert load_meta(path).title == "mine"
    write_example(make_full_study(), path, force=True)
    assert load_meta(path).title is None
    with refused("unwritable_meta"):
        write_example(make_full_study(), path / "inside.yaml")
