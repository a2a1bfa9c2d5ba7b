"""What of a result the terminal shows."""

import pytest

from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.cli import delivery
from skknn_syndrome.results.dataset import DataNouns
from tests.builders import make_check, make_study, with_analyses
from tests.comparison_builders import make_leak


def test_the_gist_names_no_subject_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    leak = make_leak().revised(subjects=(("patient-4711", "patient-4712"),))
    study = with_analyses(make_study(), LeakageAnalysis(leaks=(leak,)))
    check = make_check("leak", "'patient-4711' and 'patient-4712' may be one.", outcome="issue")
    study = study.revised(
        checks=study.checks.replaced_by([check]),
        dataset=study.dataset.revised(nouns=DataNouns(subjects="specimen")),
    )
    delivery._show_gist(study)  # noqa: SLF001  what `deliver` shows once files have taken their places
    shown = " ".join(capsys.readouterr().out.split())
    assert "4711" not in shown
    assert "4712" not in shown
    assert " specimen " in shown
