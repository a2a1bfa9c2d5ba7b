"""The example of docs/model.md, from the pickle to the case sheet."""

import pickle
import re
from pathlib import Path

import pytest

from tests.model.builders import CLASSES, gallery

PAGE = Path(__file__).parents[2] / "docs/model.md"


@pytest.mark.usefixtures("no_cover")
def test_the_example_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    data = gallery()
    nested: dict[str, dict[str, dict[str, object]]] = {}
    assert data.subjects is not None
    rows = zip(
        data.syndromes.tolist(), data.subjects.tolist(), data.images.tolist(), data.embeddings, strict=True
    )
    for syndrome, subject, image, vector in rows:
        nested.setdefault(syndrome, {}).setdefault(subject, {})[image] = vector
    Path("faces.p").write_bytes(pickle.dumps(nested))
    cells = ["image,e0,e1,e2,e3,e4", "P7_1,3,0.1,0.2,0,0.1", "P8_1,0,3,0.4,0,0.2"]
    Path("new.csv").write_text("\n".join(cells))
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102  the page's own words
    assert capsys.readouterr().out.split()[0] in CLASSES
    assert "P7_1" in Path("answers.csv").read_text()
    assert Path("case/case.html").is_file()
    assert not any("person-" in line for line in Path("case/case.html").read_text("utf-8").splitlines())
