"""`skknn-syndrome fit`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.files import check_input_files, check_output_file, read_dataset, refuse_existing
from skknn_syndrome.cli.options import PseudonymOptions, check_n_jobs
from skknn_syndrome.metrics.registry import SCORE_NAMES

if TYPE_CHECKING:
    from skknn_syndrome.model import SyndromeModel

    ScoreName: TypeAlias = str
    """A score of single labels."""
else:
    ScoreName = Literal[tuple(SCORE_NAMES)]

EXAMPLES = (
    "skknn-syndrome fit faces.p -o faces.model",
    "skknn-syndrome fit faces.parquet -o faces.model --head pool --coverage 0.95",
    "skknn-syndrome fit lesions.csv --column syndrome=diagnosis -o lesions.model --head knn --head lda",
)
SHOWN = "top_1_accuracy", "top_3_accuracy", "f1_macro", "roc_auc_ovr"
"""Of the expected scores, in the terminal."""


@dataclass(frozen=True, kw_only=True)
class Options(PseudonymOptions):
    """What `fit` takes; fields that `SyndromeModel.fit` has too bear the names that it gives them."""

    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl.")
    ]
    output: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="File of the model.")]
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Classifier; of several the best in the outer folds is taken: knn, centroid, softmax_knn, "
            "logistic_regression, linear_svc, svc, random_forest, lda, nca_knn, plda_knn, calibrated_knn, "
            "pool, neighbor_pool, best_pool. [default: knn, lda, logistic_regression, pool]",
        ),
    ] = None
    refit: Annotated[
        ScoreName,
        typer.Option(
            metavar="SCORE",
            help=f"Score by which parameters and classifier are chosen: {', '.join(SCORE_NAMES)}.",
        ),
    ] = "roc_auc_ovr"
    cv: Annotated[
        int,
        typer.Option(min=2, help="Number of folds; prediction sets come of the models fitted without each."),
    ] = 5
    inner_cv: Annotated[
        int,
        typer.Option(min=2, help="Number of folds of each training part, in which parameters are chosen."),
    ] = 5
    coverage: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Probability with which a prediction set holds the class.")
    ] = 0.9
    false_rejection: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, help="Share of cases of known classes that may be flagged as possibly none."
        ),
    ] = 0.05
    random_state: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Random seed of the folds.")] = 42
    n_jobs: Annotated[
        int | None, typer.Option(callback=check_n_jobs, help="Number of parallel jobs; -1 uses all cores.")
    ] = None
    meta: Annotated[
        Path | None,
        typer.Option(
            "--meta",
            metavar="FILE",
            help="YAML file with names and ids of classes: docs/report.md.",
        ),
    ] = None
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False


def run(options: Options) -> None:
    """Fit a model, write it, and show what is expected of it."""
    check_output_file(options.output)
    refuse_existing(options.output, force=options.force)
    check_input_files(options.data, options.meta)
    dataset = read_dataset(options.data, options, pseudonymise=options.pseudonymise)
    names, ids = _names(options.meta, {*dataset.syndromes.tolist()})
    from skknn_syndrome.model import SyndromeModel  # noqa: PLC0415  slow to import: scikit-learn
    from skknn_syndrome.model.settling import DEFAULT_HEADS  # noqa: PLC0415

    say(f"Fitting {', '.join(options.head or DEFAULT_HEADS)} to {dataset!r}")
    model = SyndromeModel.fit(
        dataset,
        head=options.head or DEFAULT_HEADS,
        refit=options.refit,
        cv=options.cv,
        inner_cv=options.inner_cv,
        coverage=options.coverage,
        false_rejection=options.false_rejection,
        random_state=options.random_state,
        n_jobs=options.n_jobs,
    )
    model = model.with_class_names(names, ids)
    model.save(options.output)
    _show(model)
    say(f"Wrote {options.output}. Ask it: skknn-syndrome predict {options.output} NEW -o answers.csv")


def _names(path: Path | None, labels: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return names and ids of classes by label, from the metadata of a report."""
    if path is None:
        return {}, {}
    from skknn_syndrome.rendering.meta import load_meta  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.rendering.meta.reading import check_classes  # noqa: PLC0415

    meta = load_meta(path)
    check_classes(meta, sorted(labels))
    given = meta.classes.items()
    names = {label: each.name for label, each in given if each.name is not None}
    return names, {label: each.id for label, each in given if each.id is not None}


def _show(model: "SyndromeModel") -> None:
    from skknn_syndrome.wording import score_title  # noqa: PLC0415

    card = model.card
    for each in card.chosen_from:
        taken = " (taken)" if each.head == card.head else ""
        said = "not defined" if each.score is None else f"{each.score:.3f}"
        say(f"  {each.title}: {score_title(card.settings.refit)} {said}{taken}")
    shown = [each for each in card.expected.all_scores if each.score in SHOWN and each.estimate is not None]
    for found in shown:
        ends = "" if found.low is None else f" ({found.low:.3f} to {found.high:.3f})"
        say(f"Expected {score_title(found.score)}: {found.estimate:.3f}{ends}")
    few = [each.name for each in card.promises if not each.can_be_excluded]
    if few:
        say(f"Too few subjects to leave out of any prediction set: {', '.join(few)}.")
    say(card.novelty.sentence)
