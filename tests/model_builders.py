"""Small comparisons of models, with every part a caller does not care about filled in."""

from collections.abc import Sequence

from skknn_syndrome.analyses.models.result import (
    Calibration,
    Choice,
    Model,
    ModelDifference,
    ModelRank,
    ModelsAnalysis,
    ModelTimes,
    RepeatedValue,
)
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.dataset import DatasetSummary, SyndromeCount
from skknn_syndrome.results.intervals import Interval, PooledIntervals
from skknn_syndrome.results.model_comparison import Encoder, ModelComparison
from skknn_syndrome.results.protocol import Fold
from skknn_syndrome.results.provenance import Averaging, Provenance, Version
from skknn_syndrome.results.score import Score
from skknn_syndrome.wording import head_title

AUC = "roc_auc_ovr"


def make_pooled_of(estimate: float, low: float | None) -> PooledIntervals:
    """Return a pooled AUC, with an interval of which this is the lower end."""
    high = None if low is None else 2 * estimate - low
    return PooledIntervals(
        unit="subjects",
        n_units=8,
        n_resamples=200,
        confidence=0.95,
        all_scores=(
            Interval(
                score=AUC,
                estimate=estimate,
                percentile_low=low,
                percentile_high=high,
                bca_low=low,
                bca_high=high,
            ),
        ),
    )


def make_model(
    head: str,
    values: Sequence[float],
    *,
    encoder: str | None = None,
    low: float | None = 0.6,
    log_loss: float | None = 1.0,
    seconds: float = 1.0,
) -> Model:
    """Return a model with its AUC in each fold; macro F1 is half of it."""
    mean = sum(values) / len(values)
    return Model(
        name=head if encoder is None else f"{encoder} + {head}",
        encoder=encoder or "embeddings",
        head=head,
        title=head_title(head),
        n_features=16,
        n_candidates=3,
        choices=(
            Choice(head=head, params=knn_params("cosine", "distance", 5) if head == KNN else {}, n_folds=2),
        ),
        all_scores=(
            Score.from_values(AUC, values),
            Score.from_values("f1_macro", [value / 2 for value in values]),
            Score.from_values("accuracy", values),
        ),
        pooled=make_pooled_of(mean, low),
        by_subject=(RepeatedValue(score=AUC, values=(mean + 0.01,)),),
        calibration=None
        if log_loss is None
        else Calibration(log_loss=log_loss, expected_calibration_error=0.05, brier_score=0.4),
        times=ModelTimes(choose=0.0, fit=seconds, predict=0.001),
    )


def make_difference(
    first: str, second: str, difference: float = 0.1, *, p: float | None = 0.5, score: str = AUC
) -> ModelDifference:
    """Return one model minus another."""
    return ModelDifference(
        score=score,
        first=first,
        second=second,
        mean_difference=difference,
        low=difference - 0.05,
        high=difference + 0.05,
        p_value=p,
        p_holm=p,
        n_folds=2,
    )


def make_rank(model: str, mean: float) -> ModelRank:
    """Return a rank."""
    return ModelRank(model=model, mean=mean, low=1.0, high=2.0, share_first=0.5)


def make_models(
    *models: Model,
    pairs: Sequence[ModelDifference] = (),
    against: Sequence[ModelDifference] = (),
    ranks: Sequence[ModelRank] = (),
    not_chosen: Sequence[str] = (),
) -> ModelsAnalysis:
    """Return compared models, the first of which is the reference."""
    n_folds = len(models[0].all_scores[0].values)
    return ModelsAnalysis(
        protocol="image",
        task="multiclass",
        splitter="StratifiedKFold(n_splits=2)",
        seeds=(42,),
        n_folds=n_folds,
        folds=tuple(Fold(repeat=0, split=split, n_train=4, n_test=2) for split in range(n_folds)),
        inner_cv=2,
        refit=AUC,
        reference=models[0].name,
        models=models,
        against_reference=tuple(against),
        pairwise=tuple(pairs),
        ranks=tuple(ranks),
        not_chosen=tuple(not_chosen),
    )


def make_two_models() -> ModelsAnalysis:
    """Return two models with ranks, of which no test tells the better one from the reference."""
    entry = make_difference("lda", "centroid", 0.1, p=0.5)
    ranks = make_rank("lda", 1.2), make_rank("centroid", 1.8)
    first, second = make_model("centroid", [0.7, 0.7]), make_model("lda", [0.8, 0.8])
    return make_models(first, second, pairs=[entry], against=[entry], ranks=ranks)


def make_encoder(name: str, **fields: object) -> Encoder:
    """Return an encoder of six images."""
    dataset = DatasetSummary(
        name=f"{name}.npz",
        simulated=False,
        file_sha256=None,
        data_sha256="ab" * 32,
        dtype="float32",
        n_images=6,
        n_features=16,
        n_subjects=None,
        syndromes=(SyndromeCount(syndrome="a", n_images=6, n_subjects=None),),
    )
    return Encoder.model_validate({"name": name, "dataset": dataset, **fields})


def make_model_comparison(found: ModelsAnalysis, *encoders: Encoder) -> ModelComparison:
    """Return a comparison, with an encoder for each that the models name."""
    return ModelComparison.of(
        records={},
        encoders=encoders or tuple(make_encoder(name) for name in found.encoders),
        analyses=Analyses.of([found]),
        provenance=Provenance(
            command="skknn-syndrome compare faces.npz",
            estimator="SyndromeKNNClassifier()",
            random_state=42,
            refit=AUC,
            started="2026-01-02T03:04:05+00:00",
            elapsed_seconds=1.0,
            versions=(Version(name="python", version="3.11"),),
            averaging=(Averaging(score=AUC, description="area"),),
        ),
    )
