"""Options of `skknn-syndrome study`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from skknn_syndrome.cli.options import (
    TaxonomyOptions,
    check_ignored,
    check_n_jobs,
    check_numbers,
    check_temperature,
)
from skknn_syndrome.cli.scheduling import check_address
from skknn_syndrome.errors import Argument, ParameterError, nearest_name
from skknn_syndrome.metrics.registry import SCORE_NAMES

if TYPE_CHECKING:
    ScoreName: TypeAlias = str
    """A score of a study."""
else:
    ScoreName = Literal[tuple(SCORE_NAMES)]


class MetricName(StrEnum):
    """A distance; where an option may be repeated, Typer reads lists of enumerations alone."""

    EUCLIDEAN = "euclidean"
    COSINE = "cosine"
    MANHATTAN = "manhattan"


class WeightsName(StrEnum):
    """A voting scheme."""

    UNIFORM = "uniform"
    DISTANCE = "distance"
    SOFTMAX = "softmax"


class ProtocolName(StrEnum):
    """What folds keep together."""

    SUBJECT = "subject"
    IMAGE = "image"


@dataclass(frozen=True, kw_only=True)
class Options(TaxonomyOptions):
    """What `study` takes; fields that `study_dataset` has too bear the names that it gives them."""

    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA",
            help="File of embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl. Without one, embeddings are "
            "simulated.",
        ),
    ] = None
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for study.json, tables and figures.")
    ] = Path("artifacts/study")
    n_neighbors: Annotated[
        str,
        typer.Option(
            metavar="NUMBERS",
            callback=check_numbers,
            help="Values of k to compare: numbers and ranges, separated by commas, such as 1-15,20.",
        ),
    ] = "1-15"
    metrics: Annotated[
        list[MetricName] | None,
        typer.Option(
            "--metric",
            metavar="DISTANCE",
            help="Distance: euclidean, cosine or manhattan; repeat for several. [default: euclidean, cosine]",
        ),
    ] = None
    weights: Annotated[
        list[WeightsName] | None,
        typer.Option(
            metavar="SCHEME",
            help="Weights of the votes: uniform, distance or softmax; repeat for several. [default: "
            "distance]",
        ),
    ] = None
    cv: Annotated[int, typer.Option(min=2, help="Number of folds.")] = 10
    refit: Annotated[
        ScoreName,
        typer.Option(
            metavar="SCORE",
            help=f"Score by which the best candidate is chosen: {', '.join(SCORE_NAMES)}.",
        ),
    ] = "roc_auc_ovr"
    refit_rule: Annotated[
        Literal["best", "one_standard_error", "composite", "six_score_product"],
        typer.Option(
            metavar="RULE",
            help="Rule of the choice: best (highest mean), one_standard_error (largest k within one standard "
            "error of the best), composite (cube root of AUC x F1 x top-5), six_score_product (AUC x F1 x "
            "accuracy x precision x recall x top-5).",
        ),
    ] = "best"
    protocols: Annotated[
        list[ProtocolName] | None,
        typer.Option(
            "--protocol",
            metavar="FOLDS",
            help="Cross-validation grouped by subject, or by image; the primary one first, repeat for both. "
            "[default: subject, image; without subject ids: image]",
        ),
    ] = None
    random_state: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Random seed of the folds.")] = 42
    n_jobs: Annotated[
        int | None, typer.Option(callback=check_n_jobs, help="Number of parallel jobs; -1 uses all cores.")
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            callback=check_address,
            help="Fit on the workers of this Dask scheduler, such as tcp://host:8786.",
        ),
    ] = None
    temperature: Annotated[
        float,
        typer.Option(min=1e-6, callback=check_temperature, help="Temperature of softmax weights."),
    ] = 0.07
    class_weight: Annotated[
        Literal["balanced"] | None,
        typer.Option(help="Weight votes inversely to the number of images of their syndrome."),
    ] = None
    n_repeats: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Number of repeated cross-validations with other seeds. [default: 10; several labels an "
            "image: 5]",
        ),
    ] = None
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COVARIATE",
            help="Hold out each level of this covariate in turn: train on all others, test on it, as in "
            "`--covariate site --leave-out site`; repeat for several.",
        ),
    ] = None
    group_near_duplicates: Annotated[
        bool,
        typer.Option(
            "--group-near-duplicates",
            help="Treat subjects whose images are near-duplicates as one person.",
        ),
    ] = False
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Compute scores only: no confidence intervals, repeats, baselines, map and so on."
        ),
    ] = False
    no_map: Annotated[bool, typer.Option("--no-map", help="Skip the map of the embeddings.")] = False
    preprocessing: Annotated[
        Literal["off", "scores", "full"] | None,
        typer.Option(
            metavar="EXTENT",
            help="Compare scalers and resamplers, fitted within folds and before splitting: off, scores, or "
            "full (two splits, with maps; takes minutes). [default: scores, on a sample where there are "
            "more than 1,200 images; off with --quick]",
        ),
    ] = None
    learning_curve: Annotated[
        list[str] | None,
        typer.Option(
            "--learning-curve",
            metavar="HEAD",
            help="Classifier whose learning curve to measure, such as lda; repeat for several. [default: the "
            "best candidate]",
        ),
    ] = None
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHECK",
            callback=check_ignored,
            help="Skip this check, given by code or name, such as SK007; repeat for several.",
        ),
    ] = None
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Exit with code 1 if a check finds an issue; all files are still written."
        ),
    ] = False
    published: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Published scores to compare this study with; see the docs."),
    ] = None
    comparison: Annotated[
        Path | None,
        typer.Option(
            metavar="JSON",
            help="The comparison.json that `compare` wrote for the same file, to be included in the report.",
        ),
    ] = None
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Distances between the classes, as a square table or a tree: a section of the report "
            "compares those of the embeddings with them; `align` has more options.",
        ),
    ] = None
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Overwrite files that an earlier study did not write, or that were changed since."
        ),
    ] = False
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Continue an interrupted study from its finished parts; see the docs."),
    ] = False


def refuse_unknown_names(options: Options) -> None:
    """Refuse, before a file is read, what options alone show to be wrong.

    Raises
    ------
    ParameterError
    StudySettingsError
    """
    asked = options.covariates or ()
    known = [*asked, *(name for text in asked if (name := text.rpartition(":")[0]))]
    for name in options.leave_out or ():
        if name not in known:
            near = nearest_name(name, known)
            raise ParameterError(
                "{leave_out} holds out the levels of a covariate: "
                + ("add {covariate}." if near is None else "did you mean {near}?"),
                code="unknown_covariate",
                parameter="leave_out",
                leave_out=Argument("leave_out", name),
                covariate=Argument("covariates", [name]),
                near=Argument("leave_out", near),
            )
    if options.learning_curve:
        from skknn_syndrome.heads.registry import refuse_unknown_heads  # noqa: PLC0415  scikit-learn

        refuse_unknown_heads(options.learning_curve)
