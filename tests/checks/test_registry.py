"""Checks: how they are collected, run and left out."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome import cross_validate_study
from skknn_syndrome.checks.base import (
    CheckContext,
    Finding,
    StudyCheck,
    judge,
    registered_checks,
    scoped_registry,
)
from skknn_syndrome.checks.running import codes_of, rerun_checks, run_checks
from skknn_syndrome.errors import FailedCheckWarning, StudySettingsError
from skknn_syndrome.results.check import NOTICES, RENAMED, docs_of
from tests.checks.contexts import make_check_on, make_context

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
        for analyses in ((), ("leakage", "larger_k", "baselines", "calibration", "embedding_space")):
            check = kind().check(make_context(asked=analyses))
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
    assert {name: ours[RENAMED.get(name, name)] for name in NOTICES} == NOTICES


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


def look_well(_: StudyCheck, __: CheckContext) -> Finding:
    return judge(["So it is."], {}, otherwise="")


def make_kind(**changed: object) -> type[StudyCheck]:
    """Return a check of someone else's."""
    parts = {"code": "LAB001", "name": "ours", "title": "Ours", "severity": "tip", "remedy": "Look again."}
    return type("Ours", (StudyCheck,), {"__module__": __name__, "look": look_well, **parts, **changed})


class TestACheckOfOnesOwn:
    @pytest.mark.parametrize(
        "changed",
        [
            {"severity": "warning"},
            {"severity": None},
            {"title": ""},
            {"title": None},
            {"remedy": " "},
            {"remedy": 7},
            {"name": None},
            {"docs": None},
            {"look": StudyCheck.look},
        ],
        ids=lambda changed: " ".join(
            name if callable(value) else f"{name} {value}" for name, value in changed.items()
        ),
    )
    def test_what_is_amiss_is_told_when_the_class_is_made(self, changed: dict[str, object]) -> None:
        (attribute,) = changed
        with scoped_registry():
            with pytest.raises(TypeError, match=f"Ours (needs|has) .*{attribute}"):
                make_kind(**changed)
            assert registered_checks() == CHECKS

    def test_it_has_no_page_unless_it_names_one(self) -> None:
        for docs in ("", "https://example.org"):
            with scoped_registry():
                check = make_kind(docs=docs)().check(make_context())
                assert (check.outcome, check.message, check.docs) == ("tip", "So it is.", docs)

    @pytest.mark.parametrize(
        "look, said",
        [
            (lambda *_: 1 / 0, "ZeroDivisionError"),
            (lambda *_: "text", "returned 'text'"),
            (lambda *_: None, "returned None"),
            (lambda *_: Finding("warning", "So.", {}), "returned Finding"),  # type: ignore[arg-type]
            (lambda *_: judge(["So."], {"n": None}, otherwise=""), "figures.n"),  # type: ignore[dict-item]
        ],
    )
    def test_one_that_fails_is_skipped_and_the_others_are_made(
        self, look: Callable[[StudyCheck, CheckContext], object], said: str
    ) -> None:
        with scoped_registry():
            make_kind(look=look)
            with pytest.warns(FailedCheckWarning, match=r"LAB001 \(ours\) failed: ") as caught:
                checks = run_checks(make_context())
        assert (checks["LAB001"].outcome, checks["LAB001"].remedy) == ("skipped", "")
        assert checks["LAB001"].message == str(caught[0].message)
        assert said in checks["LAB001"].message
        assert [check.code for check in checks] == ["LAB001", *CHECKS]

    def test_one_of_the_package_that_fails_raises(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CHECKS["SK002"], "look", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_checks(make_context())


def test_analyses_that_could_not_be_done_are_named_with_the_reason() -> None:
    reasons = {"chance": "It is too large.", "map": "all embeddings are equal."}
    check = make_check_on("analysis_left_out", make_context(left_out={**reasons, "preprocessing": "No."}))
    assert check.outcome == "tip"
    assert check.figures == reasons
    assert check.message == (
        "The analysis 'chance' was left out: It is too large. The map of the embeddings was left out: all "
        "embeddings are equal."
    )


def test_analyses_that_share_a_reason_share_a_sentence_and_keep_their_figures() -> None:
    need = "it needs neighbours, and the head 'toy' gives none."
    reasons = {
        "leakage": need,
        "repeats": "It takes a number.",
        "chance": need,
        "map": need,
        "embedding_space": need,
    }
    check = make_check_on("analysis_left_out", make_context(left_out=reasons))
    assert check.figures == reasons
    assert check.message == (
        "The analyses 'leakage', 'chance' and 'embedding_space' were left out: they need neighbours, and the "
        "head 'toy' gives none. The analysis 'repeats' was left out: It takes a number. The map of the "
        f"embeddings was left out: {need}"
    )


def test_analyses_that_were_all_done_pass() -> None:
    check = make_check_on("analysis_left_out", make_context(asked=["leakage", "chance"]))
    assert (check.outcome, check.figures) == ("passed", {"n_asked_for": 2})
    assert make_check_on("analysis_left_out", make_context(asked=())).outcome == "not_applicable"


def test_every_check_has_its_say_in_the_order_of_codes() -> None:
    checks = run_checks(make_context())
    assert [check.code for check in checks] == list(registered_checks())
    assert [check.code for check in checks] == sorted(check.code for check in checks)


def test_what_is_ignored_is_skipped_and_says_so() -> None:
    checks = run_checks(make_context(), ["sk002", "trivial_top_k"])
    for name in ("no_subjects", "trivial_top_k"):
        assert checks[name].outcome == "skipped"
        assert "ignored" in checks[name].message
        assert checks[name].figures == {}
    assert len(checks) == len(registered_checks())
    assert run_checks(make_context())["no_subjects"].outcome == "issue"


def test_some_are_made_anew_but_not_those_that_are_ignored() -> None:
    checks = run_checks(make_context(), ["SK002"])
    again = rerun_checks(checks, make_context(simulated=True), "simulated_data", "no_subjects")
    assert again["simulated_data"].outcome == "issue"
    assert again["no_subjects"].outcome == "skipped"
    assert [check for check in again if check.code != "SK001"] == [
        check for check in checks if check.code != "SK001"
    ]


@pytest.mark.parametrize(
    "names, said",
    [
        (["SK0007"], "did you mean SK007?"),
        (["edge_of_the_grid"], "did you mean edge_of_grid?"),
        (["leak", "???"], "the codes are SK001, SK002"),
        ("SK007", "give a list of codes or names"),
        ([7], "'7', which is no check"),
    ],
)
def test_an_unknown_check_is_refused_with_the_one_that_was_perhaps_meant(names: list[str], said: str) -> None:
    with pytest.raises(StudySettingsError, match="ignore") as caught:
        codes_of(names)
    assert said in str(caught.value)


@pytest.mark.parametrize("before, now", RENAMED.items())
def test_a_name_of_the_version_before_is_taken_with_a_hint(before: str, now: str) -> None:
    with pytest.warns(FutureWarning, match=now):
        assert codes_of([before]) == codes_of([now])
