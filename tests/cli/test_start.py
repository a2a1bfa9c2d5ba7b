"""What starting takes: no verb and no import loads libraries that it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

from skknn_syndrome import make_syndrome_embeddings, save_embeddings

NUMBERS = "numpy scipy joblib sklearn"
TABLES = "pandas pyarrow"
PAGES = "matplotlib fontTools jinja2 rich"
HEAVY = f"{NUMBERS} {TABLES} {PAGES} pydantic numba"
LEARNING = "sklearn scipy.stats numba imblearn"

READING = (
    ("import skknn_syndrome", HEAVY),
    ("--version", HEAVY),
    ("--help", HEAVY),
    ("study --help", HEAVY),
    ("report --help", HEAVY),
    ("from skknn_syndrome import load_embeddings", f"scipy joblib {LEARNING} {TABLES} {PAGES}"),
    ("convert small.npz again.npz", f"scipy joblib {LEARNING} {TABLES} {PAGES}"),
    ("audit small.npz", f"{LEARNING} {TABLES} matplotlib fontTools jinja2"),
    ("audit small.csv", f"{LEARNING} {TABLES} matplotlib fontTools jinja2"),
    ("convert small.npz small.parquet", f"{LEARNING} matplotlib fontTools jinja2"),
    ("audit small.parquet", f"{LEARNING} matplotlib fontTools jinja2"),
    ("from skknn_syndrome import render_report, StudyResult", LEARNING),
)
"""Steps of one process, in this order, and what may not be loaded after each: what one loads stays."""

CLASSIFYING = (
    (
        "from skknn_syndrome import SyndromeKNNClassifier",
        "matplotlib jinja2 rich pydantic typer numba imblearn",
    ),
)

PROGRAM = """
import sys
def take(step):
    if step.startswith(("import ", "from ")):
        return exec(step)
    from skknn_syndrome.cli import main
    sys.argv = ["skknn-syndrome", *step.split()]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, step
for line in sys.stdin.read().splitlines():
    step, forbidden = line.split("|")
    take(step)
    loaded = set(forbidden.split()) & set(sys.modules)
    assert not loaded, (step, loaded)
"""


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("steps", [READING, CLASSIFYING], ids=["reading", "classifying"])
def test_nothing_loads_what_it_does_not_need(steps: tuple[tuple[str, str], ...], tmp_path: Path) -> None:
    data = make_syndrome_embeddings(n_features=2)
    save_embeddings(data, tmp_path / "small.npz")
    assert data.subjects is not None
    assert data.images is not None
    rows = zip(data.syndromes, data.subjects, data.images, data.embeddings.tolist(), strict=True)
    lines = ("syndrome,subject,image,f0,f1", *(f"{a},{b},{c},{x},{y}" for a, b, c, (x, y) in rows))
    (tmp_path / "small.csv").write_text("\n".join(lines))
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input="\n".join("|".join(step) for step in steps),
        capture_output=True,
        cwd=tmp_path,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
