"""Small typed results for tests, with every part a caller does not care about filled in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses import QUESTIONS
from skknn_syndrome.checks.base import registered_checks
from skknn_syndrome.questions import load_checks
from skknn_syndrome.results.analysis import Analyses, Analysis, load_kinds
from skknn_syndrome.results.candidate import KNN, Candidate, knn_params
from skknn_syndrome.results.check import Check, Outcome, docs_of
from skknn_syndrome.results.dataset import DatasetSummary, SyndromeCount
from skknn_syndrome.results.protocol import Fold, ProtocolResult
from skknn_syndrome.results.provenance import Averaging, Provenance, Version
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult

load_checks()

Kind = TypeVar("Kind", bound=Analysis)


def with_analyses(study: StudyResult, *found: Analysis) -> StudyResult:
    """Return a study with some analyses added, or put in place of those of the same question."""
    named = {entry.question for entry in found}
    others = (entry for entry in study.analyses if entry.question not in named)
    return study.model_copy(update={"analyses": Analyses.of([*others, *found])})


def make_candidate(
    values: Sequence[float], *, metric: str = "cosine", n_neighbors: int = 1, score: str = "roc_auc_ovr"
) -> Candidate:
    """Return a candidate with one score."""
    return Candidate(
        head=KNN,
        params=knn_params(metric, "distance", n_neighbors),
        all_scores=(Score.from_values(score, values, reason="one syndrome only"),),
    )


def make_run(
    *candidates: Candidate, protocol: ProtocolName = "image", folds: Sequence[Fold] = ()
) -> ProtocolResult:
    """Return a protocol with a fold for each value of its first candidate."""
    n_folds = len(candidates[0].all_scores[0].values)
    return ProtocolResult(
        protocol=protocol,
        splitter="StratifiedKFold(n_splits=2)",
        folds=tuple(folds)
        or tuple(Fold(repeat=0, split=split, n_train=4, n_test=2) for split in range(n_folds)),
        candidates=candidates,
        refit=candidates[0].all_scores[0].name,
    )


def make_check(name: str, message: str, outcome: Outcome | None = None) -> Check:
    """Return a check of the package, by default open: an issue or a tip, as it has it."""
    kind = next(kind for kind in registered_checks().values() if kind.name == name)
    chosen = outcome or kind.severity
    return Check(
        code=kind.code,
        name=name,
        title=kind.title,
        outcome=chosen,
        message=message,
        remedy=kind.remedy if chosen == kind.severity else "",
        docs=docs_of(kind.code),
    )


def study_of(run: ProtocolResult, *found: Analysis, **parts: object) -> StudyResult:
    """Return a study of one protocol, with some analyses and with parts of it by name."""
    return with_analyses(with_parts(make_study(run), **parts), *found)


def make_study(*runs: ProtocolResult) -> StudyResult:
    """Return a study of six invented images."""
    return StudyResult(
        dataset=DatasetSummary(
            name="six.csv",
            simulated=False,
            file_sha256="f" * 64,
            data_sha256="d" * 64,
            dtype="float64",
            n_images=6,
            n_features=2,
            n_subjects=5,
            syndromes=(
                SyndromeCount(syndrome="a", n_images=4, n_subjects=3),
                SyndromeCount(syndrome="b", n_images=2, n_subjects=2),
            ),
        ),
        protocols=runs or (make_run(make_candidate([0.5, 1.0])),),
        provenance=Provenance(
            command=None,
            estimator="SyndromeKNNClassifier()",
            random_state=42,
            refit="roc_auc_ovr",
            started="2026-01-01T00:00:00+00:00",
            elapsed_seconds=0.5,
            versions=(Version(name="python", version="3.11.7"),),
            averaging=(Averaging(score="roc_auc_ovr", description="macro"),),
        ),
    )


def with_parts(study: StudyResult, **parts: object) -> StudyResult:
    """Return a study with other parts, by the names of the fields of its primary protocol or of analyses."""
    of_run = {name: part for name, part in parts.items() if name in ProtocolResult.model_fields}
    run = study.primary.model_copy(update=of_run)
    found = sorted(
        study.analyses.replaced_by(*_analyses(study, run.protocol, parts)),
        key=lambda analysis: QUESTIONS.index(analysis.question),
    )
    assert {*of_run, *_fields()} >= set(parts)
    return study.model_copy(update={"protocols": (run, *study.protocols[1:]), "analyses": Analyses(found)})


def _fields() -> set[str]:
    load_kinds()
    return {name for kind in Analysis.kinds.values() for name in kind.model_fields}


def _analyses(study: StudyResult, protocol: ProtocolName, parts: Mapping[str, object]) -> Iterator[Analysis]:
    load_kinds()
    for kind in Analysis.kinds.values():
        own = {name: parts[name] for name in kind.model_fields if name in parts and name != "protocol"}
        if any(own.values()):
            held = study.find(kind)
            yield (
                kind.model_validate({"protocol": protocol, **own})
                if held is None
                else held.model_copy(update=own)
            )


def analysis_of(study: StudyResult, kind: type[Kind], protocol: ProtocolName | None = None) -> Kind:
    """Return an analysis that a study has to have."""
    found = study.find(kind, protocol)
    assert found is not None
    return found
