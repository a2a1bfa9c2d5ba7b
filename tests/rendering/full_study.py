"""A study with every part that figures draw."""

from collections.abc import Sequence
from functools import cache

from skknn_syndrome.analyses.embedding_map.result import (
    CentroidSimilarity,
    EmbeddingMap,
    EmbeddingMapAnalysis,
    Projection,
)
from skknn_syndrome.analyses.embedding_space.result import EmbeddingSpaceAnalysis
from skknn_syndrome.analyses.larger_k.result import CurveScore, GridCurve
from skknn_syndrome.analyses.per_class.result import Evaluation, SyndromeRoc, SyndromeScores
from skknn_syndrome.results.candidate import KNN, Candidate, knn_params
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from tests.analyses.preprocessing.make import make_comparison
from tests.analysis_builders import (
    make_calibration,
    make_chance,
    make_hubness,
    make_nested,
    make_open_set,
    make_temperatures,
)
from tests.builders import make_run, make_study, with_analyses, with_parts
from tests.comparison_builders import make_interval, make_pooled
from tests.learning_builders import make_label_errors, make_learning_curve
from tests.model_builders import make_two_models
from tests.set_builders import make_class_means, make_sets

CURVE = RocCurve(
    false_positive_rate=(0.0, 0.0, 0.5, 1.0),
    true_positive_rate=(0.0, 0.5, 0.875, 1.0),
    true_positive_rate_std=(0.0, 0.25, 0.0625, 0.0),
    mean_auc=0.8125,
    std_auc=0.0625,
    n_folds=2,
)


def make_evaluation(names: Sequence[str], metric: str = "cosine") -> Evaluation:
    """Return an evaluation in which each syndrome loses one image of ten to the next."""
    n = len(names)
    return Evaluation(
        head=KNN,
        params=knn_params(metric, "distance", 3),
        syndromes=tuple(names),
        confusion=tuple(
            tuple(9 if column == row else int(column == (row + 1) % n) for column in range(n))
            for row in range(n)
        ),
        per_syndrome=tuple(
            SyndromeScores(
                syndrome=name, n_images=10, n_subjects=5, precision=0.9, recall=0.9, f1=0.9, roc_auc=0.8125
            )
            for name in names
        ),
        micro_roc=CURVE,
        syndrome_rocs=tuple(SyndromeRoc(syndrome=name, curve=CURVE) for name in names),
    )


def make_map(names: Sequence[str]) -> EmbeddingMap:
    """Return two points a syndrome, on two lines."""
    codes = tuple(code for code in range(len(names)) for _ in range(2))
    axis = tuple(float(number) for number in range(len(codes)))
    tsne = Projection(
        method="tsne",
        metric="cosine",
        random_state=0,
        perplexity=5.0,
        explained_variance=None,
        x=axis,
        y=axis,
        silhouette=0.25,
    )
    pca = tsne.model_copy(
        update={"method": "pca", "perplexity": None, "explained_variance": 0.5, "silhouette": -0.125}
    )
    return EmbeddingMap(
        labels=codes,
        syndromes=tuple(names),
        projections=(tsne, pca),
        silhouette_original=0.125,
        neighbor_purity=0.5,
        n_neighbors=1,
        expected_purity=0.1,
        n_images=len(codes),
    )


def make_similarities(names: Sequence[str]) -> tuple[CentroidSimilarity, ...]:
    """Return similarities that fall with the distance in the list."""
    n = len(names)
    matrix = tuple(tuple(1 - abs(row - column) / n for column in range(n)) for row in range(n))
    cosine = CentroidSimilarity(measure="cosine", syndromes=tuple(names), matrix=matrix)
    return cosine, cosine.model_copy(update={"measure": "pearson"})


SCORES = ("roc_auc_ovr", "f1_macro", "top_1_accuracy", "top_3_accuracy", "top_5_accuracy")


@cache
def make_sweep() -> ProtocolResult:
    """Return two distances over three k, cosine the better one and best at k = 5."""
    return make_run(
        *(
            Candidate(
                head=KNN,
                params=knn_params(metric, "distance", k),
                all_scores=tuple(
                    Score.from_values(
                        name, [base + k / 100, base + 0.1 + k / 100],
                        lower=[0.1, 0.2] if name.startswith("top") else None,
                        upper=[0.9, 1.0] if name.startswith("top") else None,
                    )
                    for name in SCORES
                ),
            )
            for metric, base in (("euclidean", 0.5), ("cosine", 0.6))
            for k in (1, 3, 5)
        )
    )  # fmt: skip


OF_OTHERS = frozenset(
    {
        *("label-curves", "label-scores", "test-drops", "held-out-levels", "subgroup-scores"),
        "nested-selection",  # two choices, of which a table says as much
        *("level-scores", "level-sizes", "level-stopping", "level-held-out"),
        *("alignment-pairs", "alignment-heatmaps", "alignment-trees", "alignment-power", "guided-projection"),
    }
)
"""Figures of comparisons alone, and of studies with covariates, taxonomic levels or a reference."""

CONTINUED = GridCurve(
    head=KNN,
    params=knn_params("cosine", "distance", 5),
    refit="roc_auc_ovr",
    grid=(5, 10),
    all_scores=(
        CurveScore(score="roc_auc_ovr", means=(0.7, 0.75), stds=(0.05, 0.05)),
        CurveScore(score="f1_macro", means=(0.7, 0.65), stds=(0.05, 0.05)),
    ),
)


@cache
def make_full_study(names: Sequence[str] = ("alpha", "beta", "gamma")) -> StudyResult:
    """Return a study with all analyses, a map, and comparisons of models and of preprocessing."""
    study = with_parts(
        make_study(make_sweep()),
        evaluations=(make_evaluation(names, "euclidean"), make_evaluation(names)),
        nested=make_nested(pooled=make_pooled(make_interval("roc_auc_ovr", 0.4, 0.6))),
        chance=make_chance(),
        calibrations=(
            make_calibration("euclidean"),
            make_calibration(),
            make_calibration(weights="softmax", confidence=0.75, error=0.05),
        ),
        temperatures=(make_temperatures(),),
        open_sets=(make_open_set(names, "euclidean"), make_open_set(names)),
        class_means=make_class_means(names),
        prediction_sets=make_sets(names),
        curves=(CONTINUED,),
    )
    counts = tuple(
        SyndromeCount(syndrome=name, n_images=10 + number, n_subjects=5) for number, name in enumerate(names)
    )
    answered = with_analyses(
        study,
        make_comparison().model_copy(update={"protocol": study.primary.protocol}),
        make_two_models(),
        EmbeddingSpaceAnalysis(hubness=make_hubness()),
        EmbeddingMapAnalysis(embedding_map=make_map(names), centroid_similarities=make_similarities(names)),
        make_learning_curve(names=names),
        make_label_errors(names),
    )
    return answered.model_copy(
        update={
            "dataset": study.dataset.model_copy(update={"syndromes": counts}),
        }
    )
