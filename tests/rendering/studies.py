"""Studies of which the report has much to say."""

from functools import cache

from skknn_syndrome.analyses.baselines.result import BaselineComparison
from skknn_syndrome.analyses.inflation.result import InflationAnalysis, ProtocolDifference
from skknn_syndrome.analyses.larger_k.result import LargerK
from skknn_syndrome.analyses.leakage.result import LeakageAnalysis
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.analyses.published.result import PublishedScores
from skknn_syndrome.analyses.uncertainty.result import Discordance
from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.audit import Audit, DataWarning, RefusedRow
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.check import Checks
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.near_duplicates import NearDuplicate, NearDuplicates
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import make_baseline, make_subject_level
from tests.builders import make_check, study_of, with_analyses, with_parts
from tests.comparison_builders import (
    make_alternative,
    make_comparison,
    make_inflation,
    make_interval,
    make_leak,
    make_pooled,
    make_protocol_inflation,
    make_repeats,
)
from tests.rendering.filling import whole_text
from tests.rendering.full_study import CONTINUED, make_full_study, make_sweep


def with_comparison(p_value: float | None, *more: DistanceComparison) -> StudyResult:
    return with_parts(make_full_study(), comparisons=(make_comparison(p_value=p_value), *more))


@cache
def everything() -> StudyResult:
    """Return a study of which every section of the report has something to say."""
    study = with_comparison(0.01, make_comparison("f1_macro", p_value=0.5, first="euclidean"))
    study = with_parts(
        study,
        protocol="subject",
        pooled=(make_pooled(make_interval("roc_auc_ovr", 0.4, 0.6)),),
        repeats=make_repeats(
            make_comparison(p_value=0.001, p_holm=0.0004),
            make_comparison("f1_macro", p_value=0.5, first="euclidean"),
            best=(3, 5),
        ),
        discordance=Discordance(
            first="cosine",
            second="euclidean",
            unit="subjects",
            n_units=5,
            n_first_alone=2,
            n_second_alone=1,
            p_value=1.0,
        ),
        subject_levels=(make_subject_level(),),
    )
    refused = RefusedRow(
        row=4, syndrome="a", subject="s", image="i", reason="not_finite", detail="it holds NaN"
    )
    pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    difference = ProtocolDifference(
        head=KNN,
        params=knn_params("cosine", "distance", 5),
        score="roc_auc_ovr",
        image_mean=0.75,
        subject_mean=0.7,
    )
    answered = with_analyses(
        study,
        InflationAnalysis(
            differences=(difference,),
            inflations=(make_inflation(make_interval("roc_auc_ovr", 0.1, 0.2)),),
            protocol_inflations=(make_protocol_inflation(),),
        ),
        LeakageAnalysis(leaks=(make_leak(),)),
        NearDuplicatesAnalysis(near_duplicates=NearDuplicates(threshold=0.95, pairs=(pair,))),
    )
    score = PublishedScore(
        source="s",
        table="t",
        dataset="original",
        classifier="knn",
        distance="cosine",
        n_neighbors=5,
        score="roc_auc_ovr",
        value=0.9,
    )
    baselines = BaselineComparison(
        protocol="subject",
        baselines=(make_baseline(0.99),),
        alternatives=(make_alternative(("roc_auc_ovr", 0.05, 0.01), ("f1_macro", -0.01, 0.5)),),
    )
    larger = LargerK(
        protocol="subject",
        curves=(CONTINUED,),
        alternatives=(make_alternative(("roc_auc_ovr", 0.01, 0.5), metric="cosine", n_neighbors=10),),
    )
    answered = with_analyses(answered, baselines, larger, PublishedScores(published=(score,)))
    return answered.model_copy(
        update={
            "protocols": (study.primary, make_sweep()),
            "dataset": study.dataset.model_copy(update={"simulated": True}),
            "audit": Audit(n_rows=7, refused=(refused,), warnings=(DataWarning(code="labels_alike"),)),
            "checks": Checks(
                (
                    make_check("no_subjects", "Every image has one.", "passed"),
                    make_check("edge_of_grid", "The best k is at the edge."),
                )
            ),
            "provenance": study.provenance.model_copy(
                update={"command": "skknn-syndrome study x.csv", "random_state": None}
            ),
        }
    )  # fmt: skip


def prose(study: StudyResult) -> str:
    """Return the document without its figures, on one line, with ids as they are.

    Studies of these tests need not agree with themselves, and placeholders would validate them anew.
    """
    return " ".join(whole_text(study, (), show_ids=True).split())


def with_run(*found: Analysis, **parts: object) -> StudyResult:
    """Return a bare study with some analyses, and parts of its only protocol."""
    return study_of(make_sweep(), *found, **parts)
