"""Small learning curves and label errors, made by hand."""

from collections.abc import Sequence

from skknn_syndrome.analyses.label_errors.result import ConfidentError, LabelErrorsAnalysis, LabelNoise
from skknn_syndrome.analyses.learning_curve.result import (
    ClassPrecision,
    CurvePoint,
    Expectation,
    HeadCurve,
    LearningCurveAnalysis,
    NoFit,
    PowerLaw,
    ScoreCurve,
)
from skknn_syndrome.results.candidate import KNN, CandidateKey, knn_params
from tests.analysis_builders import make_mean_interval


def make_score_curve(score: str = "roc_auc_ovr", no_fit: NoFit | None = None) -> ScoreCurve:
    """Return a curve that rises to 0.9 with 80 subjects per class, towards 1."""
    law = PowerLaw(asymptote=1.0, scale=0.1 * 80**0.5, exponent=0.5, rmse=0.0)
    return ScoreCurve(
        score=score,
        points=tuple(
            CurvePoint(
                share=size / 80,
                n_per_class=size,
                n_images=2 * size,
                estimate=law.at(size),
                low=law.at(size) - 0.02,
                high=law.at(size) + 0.02,
                std=None if size == 80 else 0.01,
            )
            for size in (10.0, 20.0, 40.0, 60.0, 80.0)
        ),
        law=None if no_fit else law,
        no_fit=no_fit,
        expected=()
        if no_fit
        else tuple(
            Expectation(
                factor=factor,
                n_per_class=80.0 * factor,
                estimate=law.at(80 * factor),
                low=law.at(80 * factor) - 0.03,
                high=law.at(80 * factor) + 0.03,
                gain=law.at(80 * factor) - 0.9,
                gain_low=0.01,
                gain_high=0.08,
                width=0.04 / factor**0.5,
            )
            for factor in (2, 4)
        ),
    )


def make_learning_curve(
    *curves: ScoreCurve, names: Sequence[str] = ("alpha", "beta", "gamma"), heads: Sequence[str] = (KNN,)
) -> LearningCurveAnalysis:
    """Return learning curves, the same of each head; by default of the macro AUC of k-NN alone."""
    return LearningCurveAnalysis(
        unit="subjects",
        n_units=300,
        n_classes=3,
        n_folds=5,
        n_repeats=4,
        n_resamples=400,
        heads=tuple(
            HeadCurve(
                head=head,
                params=knn_params("cosine", "distance", 5) if head == KNN else {},
                chosen="study" if head == KNN else "inside",
                scores=curves or (make_score_curve(),),
            )
            for head in heads
        ),
        classes=tuple(
            ClassPrecision(syndrome=name, n_subjects=100, sensitivity=make_mean_interval(0.8, 0.1))
            for name in names
        ),
    )


def make_label_errors(names: Sequence[str] = ("alpha", "beta", "gamma")) -> LabelErrorsAnalysis:
    """Return twenty images, of which four are misclassified and one label is likely wrong."""
    error = ConfidentError(
        row=3,
        image="i3",
        syndrome=names[0],
        predicted=names[1],
        self_confidence=0.125,
        confidence=0.75,
        margin=0.1875,
        suspected=True,
        n_others=1,
        n_others_alike=0,
    )
    return LabelErrorsAnalysis(
        candidate=CandidateKey(head=KNN, params=knn_params("cosine", "distance", 5)),
        calibrated=False,
        n_images=20,
        n_errors=4,
        informative=True,
        n_suspected=1,
        noise_rate=0.05,
        errors=(error,),
        classes=tuple(
            LabelNoise(
                syndrome=name,
                n_images=5,
                threshold=0.5,
                n_suspected=int(name == names[0]),
                most_likely=names[1] if name == names[0] else None,
            )
            for name in names
        ),
    )
