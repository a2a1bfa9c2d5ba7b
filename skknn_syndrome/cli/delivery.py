"""The files that a study or a comparison leaves, and its gist on the terminal."""

from contextlib import AbstractContextManager
from itertools import chain
from typing import TYPE_CHECKING

from skknn_syndrome._files import write_text
from skknn_syndrome._output import OutputFolder
from skknn_syndrome.cli.config import settings_of_run
from skknn_syndrome.cli.console import complain, say, show_table
from skknn_syndrome.errors import quote
from skknn_syndrome.vocabulary import speaking
from skknn_syndrome.wording import counted

if TYPE_CHECKING:
    from skknn_syndrome._typing import StringArray
    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.results.analysis import ReportKind
    from skknn_syndrome.results.distance_alignment import DistanceAlignment
    from skknn_syndrome.results.model_comparison import ModelComparison
    from skknn_syndrome.results.study import StudyResult

RESULT = "study.json"
RECORDS = "out_of_fold.parquet"
ARRAYS = "study.arrays.parquet"
SETTINGS = "settings.toml"
MOST_NAMED = 5
"""Classes that a warning names."""


def _names_of_study() -> list[str]:
    """Return the names of all files that a study may write, but `study.json` itself."""
    from skknn_syndrome.rendering.drawn_figures import MANIFEST  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.rendering.figures import known_figures  # noqa: PLC0415
    from skknn_syndrome.rendering.maps import MAP  # noqa: PLC0415
    from skknn_syndrome.rendering.tables import known_tables  # noqa: PLC0415

    tables = (f"tables/{name}.csv" for name in sorted(known_tables()))
    figures = (f"figures/{name}.{kind}" for name in known_figures() for kind in ("png", "svg"))
    return [ARRAYS, RECORDS, SETTINGS, MAP, *tables, *figures, f"figures/{MANIFEST}"]


def _is_of_earlier_version(output: OutputFolder) -> bool:
    """Tell whether a version wrote the folder that kept no account of what it wrote."""
    if output.written:
        return False
    try:
        with (output.folder / RESULT).open("rb") as stream:
            return b'"schema_version"' in stream.read(100)
    except OSError:
        return False


def check_foreign_files(output: OutputFolder) -> None:
    """Refuse to write over what no study wrote, before hours are spent on one.

    Raises
    ------
    ForeignFileError
        Naming the files.
    """
    if not _is_of_earlier_version(output):
        output.refuse_foreign([RESULT, *_names_of_study()])


def write_files(result: "StudyResult", dataset: "EmbeddingDataset", output: OutputFolder) -> str:
    """Write the study with all that goes with it into `staging`, and return what there is in words."""
    from skknn_syndrome.crossval.out_of_fold_file import write_records  # noqa: PLC0415  likewise: pyarrow
    from skknn_syndrome.rendering.figures import write_figures  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.rendering.maps import MAP, write_map  # noqa: PLC0415
    from skknn_syndrome.rendering.tables import write_tables  # noqa: PLC0415

    staging = output.staging
    result.save(staging / RESULT)
    write_records(
        result.records,
        staging / RECORDS,
        data_sha256=result.dataset.data_sha256,
        images=dataset.images,
    )
    paths = write_tables(result, staging / "tables")
    with _speaking_of(result):
        figures = write_figures(result, staging / "figures", source=staging / RESULT)
        write_map(result, staging)
    write_text(staging / SETTINGS, settings_of_run(f"Settings of the study in {output.folder.name}."))
    beside = ", ".join(name for name in (ARRAYS, RECORDS, SETTINGS, MAP) if (staging / name).exists())
    return f"{beside}, {len(paths)} tables and {len(figures)} figures"


def deliver(result: "StudyResult", output: OutputFolder, written: str) -> None:
    """Let the files take their places, remove what was kept until then, and show the study's gist."""
    from skknn_syndrome.study.resuming import KeptParts  # noqa: PLC0415  likewise

    output.commit(ours=_names_of_study() if _is_of_earlier_version(output) else ())
    KeptParts(output.folder).discard()
    _show_gist(result)
    say(f"Wrote {output.folder / RESULT}; beside it {written}.")


def _show_gist(result: "StudyResult") -> None:
    from skknn_syndrome.display.table import for_readers  # noqa: PLC0415
    from skknn_syndrome.questions import presentations  # noqa: PLC0415  slow to import
    from skknn_syndrome.rendering.identities import without_ids  # noqa: PLC0415
    from skknn_syndrome.rendering.tables import open_checks  # noqa: PLC0415

    with _speaking_of(result):
        # Who looks over a shoulder, or reads a log, is no reader of the study's files.
        shown = without_ids(result, result.class_names)
        checks = open_checks(shown)
        found = (entry.gist(shown) for entry in presentations() if entry.gist is not None)
        for table in (*chain.from_iterable(found), checks):
            show_table(for_readers(table))
    if checks.rows:
        say("What each check means: docs/checks.md.\n")


def names_of_result(kind: "ReportKind", result: str) -> list[str]:
    """Return the names of all files that a comparison or an alignment may write, its result's first."""
    from skknn_syndrome.questions import presentations  # noqa: PLC0415  slow to import
    from skknn_syndrome.rendering.drawn_figures import MANIFEST  # noqa: PLC0415  likewise: matplotlib

    own = [entry for entry in presentations() if kind in entry.reports]
    figures = (maker.name for entry in own for maker in entry.figures)
    return [
        *(result, _arrays_of(result), RECORDS, SETTINGS),
        *(f"tables/{name}.csv" for entry in own for name in entry.tables),
        *(f"figures/{name}.{suffix}" for name in figures for suffix in ("png", "svg")),
        f"figures/{MANIFEST}",
    ]


def write_comparison(
    comparison: "ModelComparison", images: "StringArray", output: OutputFolder, result: str
) -> str:
    """Write a comparison with all that goes with it into `staging`, and return what there is in words."""
    comparison.save(output.staging / result)
    _write_predictions(comparison, images, output)
    return f"{RECORDS}, {write_beside(comparison, output, result)}"


def write_alignment(alignment: "DistanceAlignment", output: OutputFolder, result: str) -> str:
    """Write an alignment with all that goes with it into `staging`, and return what there is in words."""
    alignment.save(output.staging / result)
    arrays = _arrays_of(result)
    beside = f"{arrays}, " if (output.staging / arrays).exists() else ""
    return f"{beside}{write_beside(alignment, output, result)}"


def _arrays_of(result: str) -> str:
    return f"{result.removesuffix('.json')}.arrays.parquet"


def write_beside(result: "ModelComparison | DistanceAlignment", output: OutputFolder, name: str) -> str:
    """Write settings, tables and figures of a result, and return what there is in words.

    Parameters
    ----------
    result : ModelComparison or DistanceAlignment
    output : OutputFolder
        With the result's own file in it.
    name : str
        Of that file.
    """
    from skknn_syndrome.rendering.figures import write_figures  # noqa: PLC0415  matplotlib
    from skknn_syndrome.rendering.tables import write_tables  # noqa: PLC0415

    paths = write_tables(result, output.staging / "tables")
    with _speaking_of(result):
        figures = write_figures(result, output.staging / "figures", source=output.staging / name)
    write_text(output.staging / SETTINGS, settings_of_run(f"Settings of what is in {output.folder.name}."))
    return f"{SETTINGS}, {len(paths)} tables and {len(figures)} figures"


def _write_predictions(comparison: "ModelComparison", images: "StringArray", output: OutputFolder) -> None:
    """Write the out-of-fold predictions of each model: one label an image, or several."""
    from skknn_syndrome.crossval.label_sets_file import write_label_sets  # noqa: PLC0415  pyarrow
    from skknn_syndrome.crossval.out_of_fold_file import write_records  # noqa: PLC0415

    path, sha256, models = output.staging / RECORDS, comparison.dataset.data_sha256, comparison.models
    records = list(comparison.records.values())
    if models.task == "multilabel":
        write_label_sets(records, path, data_sha256=sha256, images=images)
        return
    named = [models.by_name[name] for name in comparison.records]
    told = [{"encoder": model.encoder, "head": model.head} for model in named]
    write_records(records, path, data_sha256=sha256, images=images, named=told)


def deliver_comparison(
    comparison: "ModelComparison", output: OutputFolder, written: str, result: str
) -> None:
    """Let the files take their places, remove what was kept until then, and show the comparison's gist."""
    from skknn_syndrome.study.resuming import KeptParts  # noqa: PLC0415  slow to import

    output.commit()
    KeptParts(output.folder).discard()
    _warn_of_test_files(comparison)
    show_gist(comparison)
    say(f"Wrote {output.folder / result}; beside it {written}.")


def deliver_alignment(
    alignment: "DistanceAlignment", output: OutputFolder, written: str, result: str
) -> None:
    """Let the files take their places, name the classes that were left out, and show the alignment's gist."""
    output.commit()
    left = alignment.alignment.leftovers
    if left.only_data:
        near = dict(left.near_misses)
        such = ", ".join(
            f"{quote(name)} (nearly {quote(near[name])})" if name in near else quote(name)
            for name in left.only_data[:MOST_NAMED]
        )
        complain(
            f"Warning: {counted(len(left.only_data), 'class')} left out, for the reference lacks them: {such}"
            f"{' ...' if len(left.only_data) > MOST_NAMED else ''}",
            style="yellow",
        )
    show_gist(alignment)
    say(f"Wrote {output.folder / result}; beside it {written}.")


def show_gist(result: "ModelComparison | DistanceAlignment") -> None:
    """Show what of the tables the terminal shows."""
    from skknn_syndrome.display.table import for_readers  # noqa: PLC0415  slow to import
    from skknn_syndrome.questions import as_study, presentations_of  # noqa: PLC0415
    from skknn_syndrome.rendering.identities import without_ids  # noqa: PLC0415

    with _speaking_of(result):
        shown = without_ids(result, result.class_names)
        for entry in presentations_of(shown):
            for table in () if entry.gist is None else entry.gist(as_study(shown)):
                show_table(for_readers(table))


def _speaking_of(
    result: "StudyResult | ModelComparison | DistanceAlignment",
) -> AbstractContextManager[object]:
    """Speak of a result in the nouns of its data."""
    from skknn_syndrome.rendering.readers import spoken_of  # noqa: PLC0415  slow to import: matplotlib

    return speaking(spoken_of(result))


def _warn_of_test_files(comparison: "ModelComparison") -> None:
    """Say which classes of a test file no model knows, and that subjects may be in both."""
    found = comparison.find("test_sets")
    for entry in () if found is None else found.test_sets:
        if entry.only_test:
            such = ", ".join(map(quote, entry.only_test[:3]))
            complain(
                f"Warning: no model knows {such}{' ...' if len(entry.only_test) > 3 else ''} of the "  # noqa: PLR2004
                f"{entry.name} images: {counted(entry.n_left_out, 'image')} left out.",
                style="yellow",
            )
        if entry.n_shared_subjects:
            complain(
                f"Warning: {counted(entry.n_shared_subjects, 'subject id')} of {quote(entry.name)} are those "
                "of the models' images too: if they are the same people, its scores are too high.",
                style="yellow",
            )
