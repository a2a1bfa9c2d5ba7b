"""Recipes of docs/contributing.md that no room's own tests follow: an analysis, and a task.

Each is done in the running process alone: no file of the package is edited.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome import cross_validate_study
from skknn_syndrome.crossval.tasks import MULTILABEL, MulticlassTask, Target, register_task, scoped_tasks
from skknn_syndrome.errors import StudyFileError
from skknn_syndrome.results.study import StudyResult
from tests.problems import Problem
from tests.problems import problem as problem

ANALYSIS = MappingProxyType(
    {
        "__init__.py": '''"""How unequal the classes are."""''',
        "result.py": '''
"""How many images the classes have."""

from typing import Literal

from skknn_syndrome.results.analysis import Analysis


class Imbalance(Analysis):
    """The largest and the smallest class."""

    question: Literal["imbalance"] = "imbalance"
    largest: int
    smallest: int
''',
        "compute.py": '''
"""Counting classes."""

from collections import Counter

from skknn_syndrome.analyses.imbalance.result import Imbalance
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.questions import Computation


def measure(run: ProtocolRun) -> Imbalance:
    """Count the images of the classes."""
    counts = Counter(run.data.labels).values()
    return Imbalance(protocol=run.splits.protocol, largest=max(counts), smallest=min(counts))


COST = Cost("each label is counted once", (Term(1.0, "python", ("images",)),))

COMPUTATION = Computation(question="imbalance", cost=COST, compute=measure)
''',
        "present.py": '''
"""A table and a figure of the classes."""

from matplotlib.figure import Figure

from skknn_syndrome.analyses.imbalance.result import Imbalance
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.study import StudyResult


def tabulate(study: StudyResult) -> Table:
    """Return a row a class."""
    found = study.find(Imbalance)
    rows = () if found is None else (("largest", found.largest), ("smallest", found.smallest))
    return Table("imbalance", "Classes", (Column("class", "Class"), Column("n_images", "Images")), rows)


def draw(study: StudyResult) -> Figure | None:
    """Draw a bar a class."""
    found = study.find(Imbalance)
    if found is None:
        return None
    figure = Figure()
    figure.subplots().bar(["largest", "smallest"], [found.largest, found.smallest])
    return figure


PRESENTATION = Presentation(
    question="imbalance",
    tables={"imbalance": tabulate},
    figures=(FigureMaker(name="imbalance", draw=draw, describe=lambda _: "Two bars."),),
    findings=lambda study: study.find(Imbalance),
    sections={"results": "section.qmd"},
)
''',
        "checks.py": '''
"""The check of the classes."""

from skknn_syndrome.analyses.imbalance.result import Imbalance
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable


class ImbalancedClasses(StudyCheck):
    """A class with twice as many images as another."""

    code, name, title = "SK900", "imbalanced_classes", "Imbalanced classes"
    severity = "tip"
    remedy = "Compare resamplers."

    def look(self, context: CheckContext) -> Finding:
        """Compare the two."""
        found = context.analyses.find(Imbalance)
        if found is None:
            return not_applicable("Nobody counted.")
        said = ["The classes differ."] * (found.largest >= 2 * found.smallest)
        return judge(said, {"largest": found.largest}, otherwise="The classes are alike.")
''',
        "section.qmd": """
<% set found = findings.imbalance %>
### Imbalance

The classes have << found.smallest >> to << found.largest >> images.

<< tables.imbalance | table >>

<< figure("imbalance", "Images of the classes.") >>
""",
    }
)
"""Files of the folder of an analysis, with its table, figure and check."""

PROGRAM = """
import sys
from pathlib import Path

from skknn_syndrome import analyses

# Both before anything else is imported: in the package the folder lies there, and the list has the name.
analyses.__path__.append(sys.argv[1])
analyses.QUESTIONS.insert(analyses.QUESTIONS.index("calibration"), "imbalance")

import numpy as np
from matplotlib.figure import Figure

from skknn_syndrome import cross_validate_study
from skknn_syndrome.display import style
from skknn_syndrome.rendering.document import write_document
from skknn_syndrome.rendering.tables import write_tables
from skknn_syndrome.results.study import StudyResult

samples, labels = np.arange(12.0)[:, None], np.array([*"aaaaaaaabbbb"])
options = {"n_neighbors": [1], "metrics": "cosine", "cv": 2}
study = cross_validate_study(samples, labels, analyses=["imbalance"], **options)
without = cross_validate_study(samples, labels, analyses=(), **options)
study.save("study.json")
loaded = StudyResult.load("study.json")
assert loaded == study
assert type(loaded.analyses[-1]) is type(study.analyses[-1])
assert "imbalance" not in {found.question for found in without.analyses}
write_tables(loaded, Path("tables"))
# By far the longest part.
style._lay_out = lambda figure: figure.bbox_inches
Figure.savefig = lambda figure, stream, **options: stream.write(b"drawn")
write_document(loaded, Path("report"))
"""


def study_with_the_analysis(folder: Path) -> None:
    """Let another process study, for it would stay in this one's unions and registries."""
    (folder / "analyses" / "imbalance").mkdir(parents=True)
    for name, text in ANALYSIS.items():
        (folder / "analyses" / "imbalance" / name).write_text(text.lstrip("\n"), "utf-8")
    # Without coverage: its files would count as the package's, and are gone when the report is made.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    command = [sys.executable, "-c", PROGRAM, str(folder / "analyses")]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_analysis_is_a_folder_and_a_name(tmp_path: Path) -> None:
    study_with_the_analysis(tmp_path)

    written = json.loads((tmp_path / "study.json").read_text("utf-8"))
    found = {entry["question"]: entry for entry in written["analyses"]}
    numbers = {"largest": 8, "smallest": 4}
    assert found["imbalance"] == {
        "question": "imbalance",
        "protocol": "image",
        "sample": None,
        **numbers,
    }
    # This process has not got the folder, and so can't tell what the entry is.
    with pytest.raises(StudyFileError):
        StudyResult.load(tmp_path / "study.json")

    check = next(check for check in written["checks"] if check["code"] == "SK900")
    assert (check["outcome"], check["message"]) == ("tip", "The classes differ.")

    rows = [*csv.reader((tmp_path / "tables" / "imbalance.csv").read_text("utf-8").splitlines())]
    assert rows == [["class", "n_images"], ["largest", "8"], ["smallest", "4"]]
    assert (tmp_path / "report" / "figures" / "imbalance.svg").is_file()

    document = (tmp_path / "report" / "report.qmd").read_text("utf-8")
    results = document[document.index("## Results") :]
    assert "### Imbalance\n\nThe classes have 4 to 8 images." in results
    assert "#fig-imbalance" in results
    assert "#tbl-imbalance" in results


class OneHot(MulticlassTask):
    """One label an image, as a column of 0 and 1 for each class."""

    def takes(self, y: Any) -> bool:
        return MULTILABEL.takes(y) and bool((np.asarray(y).sum(axis=1) == 1).all())

    def encode(self, y: Any, n_images: int) -> Target:
        sets = MULTILABEL.encode(y, n_images)
        return super().encode(sets.classes[sets.labels.argmax(axis=1)], n_images)


def test_a_task_is_an_object_that_says_which_labels_it_takes(problem: Problem) -> None:
    options: dict[str, Any] = {"groups": problem.subjects, "n_neighbors": [3], "cv": 3, "analyses": ()}
    columns = pd.get_dummies(pd.Series(problem.labels), dtype=int)
    with scoped_tasks():
        register_task(OneHot())
        study = cross_validate_study(problem.samples, columns, **options)
    plain = cross_validate_study(problem.samples, problem.labels, **options)
    assert study.dataset.syndromes == plain.dataset.syndromes
    assert study.primary == plain.primary
    assert study.search.predict(problem.samples).tolist() == plain.search.predict(problem.samples).tolist()
