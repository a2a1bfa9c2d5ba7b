"""`skknn-syndrome align`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from skknn_syndrome._output import OutputFolder, open_output
from skknn_syndrome.cli.config import settings_given
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.delivery import deliver_alignment, names_of_result, write_alignment
from skknn_syndrome.cli.files import check_input_files, check_output_folder, command_line, read_dataset
from skknn_syndrome.cli.options import PseudonymOptions, refuse_without_data
from skknn_syndrome.errors import Argument, ParameterError, quote

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.data.reference import PathKind, ReferenceDistances
    from skknn_syndrome.results.distance_alignment import DistanceAlignment

EXAMPLES = (
    "skknn-syndrome align",
    "skknn-syndrome align shells.parquet --reference families.csv --output results",
    "skknn-syndrome align moths.csv --column syndrome=species --column features=e --reference tree.nwk",
    "skknn-syndrome align faces.parquet --terms omim_ids.csv --prototype attention",
)
RESULT = "alignment.json"
OF_DATA = "group", "nuisance", "edges", "shared_only"
"""Options that have no meaning for simulated embeddings."""


@dataclass(frozen=True, kw_only=True)
class Options(PseudonymOptions):
    """What `align` takes; fields that `compare_distances` has too bear the names that it gives them."""

    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA",
            help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl. Without: simulated ones and a tree.",
        ),
    ] = None
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Distances between the classes: a square table (.csv, .tsv) with names in the first row and "
            "column, or a tree in Newick or NEXUS format, whose distances are path lengths.",
        ),
    ] = None
    terms: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="Instead of a reference: a table of class and OMIM or ORPHA id, whose distances follow from "
            "the similarity of HPO terms; needs the extra `hpo`.",
        ),
    ] = None
    edges: Annotated[
        bool,
        typer.Option("--edges", help="Count the branches of a path through a tree, not their lengths."),
    ] = False
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Folder for alignment.json, tables and figures."),
    ] = Path("artifacts/alignment")
    prototype: Annotated[
        Literal["mean", "medoid", "attention"],
        typer.Option(help="What stands for a class; the images of a subject are averaged first."),
    ] = "mean"
    distance: Annotated[
        Literal["cosine", "euclidean", "mean_pairwise", "energy"],
        typer.Option(
            help="Distance between classes: of their prototypes (cosine, euclidean) or of all their subjects."
        ),
    ] = "cosine"
    group: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Column with a wider group of each class, such as genus: a partial test asks what is left "
            "of the correlation beyond it, and the projection is also judged on whole groups left out.",
        ),
    ] = None
    nuisance: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Further distances that may account for the correlation; repeat for several.",
        ),
    ] = None
    shared_only: Annotated[
        bool,
        typer.Option(
            "--shared-only", help="Leave out classes that the reference lacks; without, they are refused."
        ),
    ] = False
    two_sided: Annotated[
        bool,
        typer.Option("--two-sided", help="Also test for a negative correlation."),
    ] = False
    projection: Annotated[
        Literal["ridge", "attention"] | None,
        typer.Option(
            help="Projection that is fitted to the reference and judged on classes left out: by ridge "
            "regression, or a network with attention pooling, which needs torch and takes minutes. "
            "[default: ridge]",
        ),
    ] = None
    no_projection: Annotated[
        bool,
        typer.Option("--no-projection", help="Judge no projection."),
    ] = False
    n_permutations: Annotated[
        int | None,
        typer.Option(
            min=19,
            help="Permutations of each Mantel test; of the projection, which is fitted to each, 199 at most, "
            "or 39 of the network. [default: 9999; of more than 200 classes 999]",
        ),
    ] = None
    random_state: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Seed of permutations, simulations and folds.")
    ] = 42
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Write over files that are none of an earlier alignment, or were changed."
        ),
    ] = False

    @property
    def covariates(self) -> tuple[str, ...]:
        """The further column that is read."""
        return () if self.group is None else (self.group,)


def run(options: Options) -> None:
    """Compare visual with reference distances, write the result, and show its gist."""
    check_output_folder(options.output)
    _check_reference(options)
    _check_projection(options)
    refuse_without_data(options, options.data)
    check_input_files(options.data, options.reference, options.terms, *(options.nuisance or ()))
    with open_output(options.output, kind="alignment", last=RESULT) as output:
        if not options.force:
            output.refuse_foreign(names_of_result("alignment", RESULT))
        dataset, references = _read_or_simulate(options)
        say(f"Comparing {options.distance} distances of {dataset!r} with those of {references.reference!r}")
        alignment, written = _compare_and_write(dataset, references, options, output)
        deliver_alignment(alignment, output, written, RESULT)


def _check_reference(options: Options) -> None:
    """Refuse data without a reference, and two of them.

    Raises
    ------
    ParameterError
    """
    given = [name for name in ("reference", "terms") if getattr(options, name) is not None]
    if len(given) > 1:
        raise ParameterError(
            "{reference} and {terms} are two sources of the same distances: give one of them.",
            code="two_references",
            parameter="terms",
            reference=Argument("reference"),
            terms=Argument("terms"),
        )
    if options.data is not None and not given:
        raise ParameterError(
            "Distances need something to be compared with: name a table or a tree by {reference}, or ids of "
            "the classes by {terms}.",
            code="no_reference",
            parameter="reference",
            reference=Argument("reference"),
            terms=Argument("terms"),
        )
    of_data = [*given, *(name for name in OF_DATA if getattr(options, name))]
    if options.data is None and of_data:
        raise ParameterError(
            "{given} is of no use to simulated embeddings, and no file is named: add it.",
            code="no_file_named",
            parameter="data",
            given=Argument(of_data[0]),
        )
    stems = [path.stem for path in options.nuisance or ()]
    twice = next((name for name in stems if stems.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(
            "Two files of {nuisance} have the name {name}, by which they are told apart: rename one.",
            code="nuisance_of_one_name",
            parameter="nuisance",
            nuisance=Argument("nuisance"),
            name=quote(twice),
        )


def _check_projection(options: Options) -> None:
    """Refuse a projection that is asked for and left out.

    Raises
    ------
    ParameterError
    """
    if options.no_projection and options.projection is not None:
        raise ParameterError(
            "{projection} asks for a projection, and {no_projection} leaves it out: give one of them.",
            code="projection_left_out",
            parameter="projection",
            projection=Argument("projection", options.projection),
            no_projection=Argument("no_projection"),
        )


class References(NamedTuple):
    """What visual distances are compared with, and further distances that may account for it."""

    reference: "ReferenceDistances"
    nuisance: "dict[str, ReferenceDistances]"


def _read_or_simulate(options: Options) -> "tuple[EmbeddingDataset, References]":
    from skknn_syndrome.data import make_taxonomy_embeddings  # noqa: PLC0415  slow to import: pandas

    if options.data is None:
        made = make_taxonomy_embeddings()
        return made.dataset, References(made.reference, {})
    references = _read_references(options)
    return read_dataset(options.data, options, pseudonymise=options.pseudonymise), references


def _read_references(options: Options) -> References:
    from skknn_syndrome.data.reference import load_reference  # noqa: PLC0415  slow to import: pandas

    nuisance = {path.stem: load_reference(path) for path in options.nuisance or ()}
    if options.reference is not None:
        kind: PathKind = "edges" if options.edges else "path_length"
        reference = load_reference(options.reference, kind=kind)
        if options.edges and reference.tree is None:
            raise ParameterError(
                "{edges} counts the branches of a tree, and {name} is a table: leave it out.",
                code="edges_of_a_table",
                parameter="edges",
                edges=Argument("edges"),
                name=options.reference,
            )
        return References(reference, nuisance)
    from skknn_syndrome.data.phenotypes import reference_from_phenotypes  # noqa: PLC0415

    found = reference_from_phenotypes(str(options.terms))
    return References(found.reference, {"number of annotations": found.annotations, **nuisance})


def _compare_and_write(
    dataset: "EmbeddingDataset", references: References, options: Options, output: OutputFolder
) -> "tuple[DistanceAlignment, str]":
    from skknn_syndrome.cli.progress import showing_progress  # noqa: PLC0415  Rich
    from skknn_syndrome.study.alignment import compare_distances  # noqa: PLC0415  scikit-learn

    with showing_progress() as show:
        alignment = compare_distances(
            dataset,
            references.reference,
            prototype=options.prototype,
            distance=options.distance,
            group=options.group,
            nuisance=references.nuisance,
            shared_only=options.shared_only,
            alternative="two-sided" if options.two_sided else "greater",
            projection=None if options.no_projection else options.projection or "ridge",
            n_permutations=options.n_permutations,
            random_state=options.random_state,
            command=command_line(),
            settings=settings_given(),
            on_progress=show,
        )
        written = write_alignment(alignment, output, RESULT)
        show.finish()
    return alignment, written
