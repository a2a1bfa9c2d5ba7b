"""How checks are found, and what each has to have."""

import re
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome import cross_validate_study
from skknn_syndrome.checks import (
    CheckContext,
    Finding,
    StudyCheck,
    judge,
    registered_checks,
    scoped_registry,
)
from skknn_syndrome.results.check import NOTICES, docs_of
from tests.checks.contexts import make_context

CHECKS = registered_checks()
PAGE = Path(__file__).parents[2] / "docs/checks.md"


@pytest.mark.parametrize("kind", CHECKS.values(), ids=CHECKS)
class TestEachCheck:
    def test_it_has_a_code_a_title_a_reason_and_a_remedy_of_one_sentence(
        self, kind: type[StudyCheck]
    ) -> None:
        assert re.fullmatch(r"SK\d{3}", kind.code)
        assert re.fullmatch(r"[a-z_]+", kind.name)
        assert kind.severity in {"issue", "tip"}
        assert len(kind.__doc__ or "") > 20
        for text in (kind.title, kind.remedy):
            assert text[0].isupper()
        assert kind.remedy.endswith(".")
        assert kind.remedy.count(". ") == 0

    def test_it_has_an_outcome_where_nothing_was_looked_into(self, kind: type[StudyCheck]) -> None:
        for analyses in ((), ("leaks", "beyond_grid", "baselines", "calibration", "geometry")):
            check = kind().check(make_context(analyses=analyses))
            assert check.code == kind.code
            assert check.message.endswith(".")
            assert bool(check.remedy) == (check.outcome in {"issue", "tip"})

    def test_its_section_of_the_docs_has_its_title(self, kind: type[StudyCheck]) -> None:
        assert f'<a id="{kind.code.lower()}"></a>\n\n## {kind.code}: {kind.title}' in PAGE.read_text("utf-8")
        assert docs_of(kind.code) == f"docs/checks.md#{kind.code.lower()}"


def test_the_docs_speak_of_no_check_that_there_is_not() -> None:
    headings = re.findall(r"^## (SK\d+): .*\n\n`(\w+)`, (\w+)\.", PAGE.read_text("utf-8"), re.MULTILINE)
    assert headings == [(kind.code, kind.name, kind.severity) for kind in CHECKS.values()]


def test_notices_of_older_files_have_the_codes_outcomes_and_titles_of_their_checks() -> None:
    ours = {kind.name: (kind.code, kind.severity, kind.title) for kind in CHECKS.values()}
    assert {name: ours[name] for name in NOTICES} == NOTICES


def test_a_check_of_ones_own_is_in_every_study_until_its_scope_ends() -> None:
    samples, labels = np.arange(12.0)[:, None], np.array(["a", "b"] * 6)

    def names() -> list[str]:
        study = cross_validate_study(samples, labels, n_neighbors=[1], metrics="euclidean", cv=2, analyses=())
        return [check.name for check in study.checks]

    before = names()
    with scoped_registry():

        class FewImages(StudyCheck):
            """So few images that scores are guesswork."""

            code, name, title = "LAB001", "few_images", "Few images"
            severity = "issue"
            remedy = "Collect more images."
            docs = "https://example.org/few-images"

            def look(self, context: CheckContext) -> Finding:
                n_images = context.dataset.n_images
                said = [f"There are {n_images} images."] if n_images < 100 else []
                return judge(said, {"n_images": n_images}, otherwise="There are enough.")

        study = cross_validate_study(samples, labels, n_neighbors=[1], metrics="euclidean", cv=2, analyses=())
        check = study.checks["LAB001"]
        assert check is study.checks["few_images"]
        assert (check.outcome, check.figures, check.docs) == ("issue", {"n_images": 12}, FewImages.docs)
        assert names() == ["few_images", *before]
    assert names() == before


@pytest.mark.parametrize(
    "code, name, said",
    [
        ("SK1", "short", "needs a code"),
        (None, "none", "needs a code"),
        ("SK007", "other", "has the code or the name of EdgeOfGrid"),
        ("SK999", "edge_of_grid", "has the code or the name of EdgeOfGrid"),
    ],
)
def test_a_code_or_a_name_is_given_once(code: str | None, name: str, said: str) -> None:
    with scoped_registry(), pytest.raises(TypeError, match=said):
        type("Other", (StudyCheck,), {"code": code, "name": name})
    assert registered_checks() == CHECKS
