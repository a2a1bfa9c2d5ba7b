"""`skknn-syndrome embed`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from skknn_syndrome.cli.console import complain, say
from skknn_syndrome.cli.files import check_input_files, check_output_folder
from skknn_syndrome.cli.planning import duration
from skknn_syndrome.errors import Argument, EmbeddingsFileError, EncoderError, ParameterError

if TYPE_CHECKING:
    from skknn_syndrome.embedding.listing import Listing
    from skknn_syndrome.embedding.writing import EmbeddedFile, OnBatch
    from skknn_syndrome.results.progress import Progress

EXAMPLES = (
    "skknn-syndrome embed --example demo",
    "skknn-syndrome embed photos faces.parquet --model clip-vit-base-patch32 --subject-pattern '(P[0-9]+)_'",
    "skknn-syndrome embed lesions.csv lesions.parquet --model resnet50.onnx --preprocessing imagenet",
    "skknn-syndrome embed photos faces.parquet --model net.onnx --size 128 --crop 112 --mean 0.5 --std 0.5",
)
PATH_COLUMNS = ("path", "syndrome", "subject", "image")
"""What a column of a table of images may be named for: `NAMES` of `skknn_syndrome.embedding.listing`."""
CHANNELS = 3
LEAST_SECONDS = 3.0
"""Between two accounts of how far it is."""


def check_channels(text: str | None) -> str | None:
    """Return text such as ``"0.5,0.4,0.4"`` as it is.

    Raises
    ------
    typer.BadParameter
        If it is neither one number nor three.
    """
    channels_of(text)
    return text


def channels_of(text: str | None) -> tuple[float, ...] | None:
    """Turn ``"0.5"`` or ``"0.5,0.4,0.4"`` into three numbers.

    Examples
    --------
    >>> channels_of("0.5")
    (0.5, 0.5, 0.5)
    """
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {1, CHANNELS}:
        raise typer.BadParameter(f"{text!r} is neither one number nor three, such as 0.485,0.456,0.406.")
    return tuple(numbers * (CHANNELS // len(numbers)))


def check_path_columns(pairs: list[str] | None) -> list[str] | None:
    """Return pairs such as ``subject=patient`` as they are.

    Raises
    ------
    typer.BadParameter
        If one is of another form, or its name is none of ours.
    """
    path_columns_of(pairs)
    return pairs


def path_columns_of(pairs: list[str] | None) -> dict[str, str]:
    """Turn ``["subject=patient"]`` into ``{"subject": "patient"}``.

    Examples
    --------
    >>> path_columns_of(["path=file", "subject=patient"])
    {'path': 'file', 'subject': 'patient'}
    """
    columns = {}
    for pair in pairs or ():
        ours, equals, theirs = pair.partition("=")
        if not equals or ours not in PATH_COLUMNS:
            raise typer.BadParameter(f"{pair!r} is not OURS=THEIRS with one of {', '.join(PATH_COLUMNS)}.")
        columns[ours] = theirs
    return columns


@dataclass(frozen=True, kw_only=True)
class Options:
    """What `embed` takes."""

    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="IMAGES",
            help="Folder with one subfolder of images per class, or a .csv with the columns path, syndrome "
            "(or label), subject, and any others, which are kept.",
        ),
    ] = None
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT", help="File of embeddings to write: .parquet.")
    ] = None
    model: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Encoder: a folder written by save_pretrained of transformers (CLIP, ResNet, ConvNeXt, ViT, "
            "DINOv2), an .onnx file, or, with --allow-download, a model name of the Hugging Face Hub.",
        ),
    ] = None
    preprocessing: Annotated[
        str | None,
        typer.Option(
            metavar="PRESET",
            help="Preprocessing that an .onnx file was trained with: imagenet, clip, efficientnet-lite or "
            "median-mad. Model folders come with their own.",
        ),
    ] = None
    size: Annotated[int | None, typer.Option(min=1, help="Resize the shorter side to this many pixels.")] = (
        None
    )
    crop: Annotated[int | None, typer.Option(min=1, help="Side of the centre crop in pixels.")] = None
    mean: Annotated[
        str | None,
        typer.Option(
            metavar="R,G,B",
            callback=check_channels,
            help="Channel means to subtract, on a scale where white is 1.",
        ),
    ] = None
    std: Annotated[
        str | None,
        typer.Option(
            metavar="R,G,B", callback=check_channels, help="Channel standard deviations to divide by."
        ),
    ] = None
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="OURS=THEIRS",
            callback=check_path_columns,
            help="Name of a column that is called otherwise in the .csv, as in `--column subject=patient`; "
            "OURS is path, syndrome, subject or image (the image id).",
        ),
    ] = None
    subject_pattern: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX",
            help="Regular expression for the subject id in an image's path: its group `subject`, else its "
            "first group, as in '(P[0-9]+)_'.",
        ),
    ] = None
    no_subjects: Annotated[
        bool, typer.Option("--no-subjects", help="Treat every image as a subject of its own.")
    ] = False
    missing: Annotated[
        Literal["drop", "zero"],
        typer.Option(
            help="What becomes of an unreadable image: drop leaves it out, as the audit says; zero writes a "
            "vector of zeros."
        ),
    ] = "drop"
    background: Annotated[
        str, typer.Option(metavar="RRGGBB", help="Background colour of transparent images.")
    ] = "ffffff"
    batch_size: Annotated[int, typer.Option(min=1, help="Number of images per batch.")] = 32
    n_threads: Annotated[int | None, typer.Option(min=1, help="Number of threads. [default: all cores]")] = (
        None
    )
    augment: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Add up to N augmented views of each image (flipped, cropped, recoloured) to all classes "
            "but the largest; they are used for training only.",
        ),
    ] = 0
    random_state: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Random seed of the augmented views.")
    ] = 42
    allow_download: Annotated[
        bool,
        typer.Option(
            "--allow-download",
            help="Download the model from the Hugging Face Hub if it is not on this machine.",
        ),
    ] = False
    example: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Create a small example in DIR, labelled images and an encoder without download, and show "
            "the next commands.",
        ),
    ] = None
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False


def run(options: Options) -> None:
    """Embed images, and write a file that `study` takes."""
    if options.example is not None:
        _write_example(options.example)
        return
    source, out, model = _named(options)
    check_input_files(source, kind="file or folder")
    check_output_folder(out.parent)
    # Slow to import: scikit-learn and Pillow.
    from skknn_syndrome.embedding.augmenting import with_views  # noqa: PLC0415
    from skknn_syndrome.embedding.embedder import ImageEmbedder  # noqa: PLC0415
    from skknn_syndrome.embedding.listing import list_images  # noqa: PLC0415
    from skknn_syndrome.embedding.preprocessing import make_preprocessing  # noqa: PLC0415
    from skknn_syndrome.embedding.writing import check_suffix, embed_listing, finished_parts  # noqa: PLC0415

    check_suffix(out)
    # Of a run that was killed, the same command goes on, whatever it had written already.
    if os.path.lexists(out) and not (options.force or finished_parts(out)):
        raise EmbeddingsFileError(
            f"{out} is there already: choose another name, or write over it with --force.",
            code="file_exists",
        )
    preprocessing = make_preprocessing(
        options.preprocessing,
        size=options.size,
        crop=options.crop,
        mean=channels_of(options.mean),
        std=channels_of(options.std),
    )
    embedder = ImageEmbedder(
        model,
        preprocessing=preprocessing,
        batch_size=options.batch_size,
        n_threads=options.n_threads,
        background=colour_of(options.background),
        allow_download=options.allow_download,
    )
    listing = list_images(
        source,
        columns=path_columns_of(options.columns),
        subject_pattern=options.subject_pattern,
        subjects=not options.no_subjects,
    )
    note = embedder.fit([]).note
    say(f"Embedding {_counted(listing)} by {note.model} ({note.architecture}).")
    if not listing.has_subjects and not options.no_subjects:
        say("No subjects are known, so that each image will count as one: see --subject-pattern.")
    every = with_views(listing, options.augment) if options.augment else listing
    with showing_images(len(every.images)) as on_batch:
        written = embed_listing(
            every, out, embedder, missing=options.missing, seed=options.random_state, on_batch=on_batch
        )
    _tell(written, every, options)


def _named(options: Options) -> tuple[Path, Path, str]:
    """Return what has to be named where no example is asked for."""
    source, out, model = options.source, options.out, options.model
    if source is None or out is None or model is None:
        missing = next(
            word for word, value in (("IMAGES", source), ("OUT", out), ("--model", model)) if not value
        )
        raise ParameterError(
            f"{missing} is missing: skknn-syndrome embed IMAGES OUT.parquet --model MODEL, or "
            "skknn-syndrome embed --example DIR for images and a model to try it on.",
            code="nothing_named",
            parameter="source",
        )
    return source, out, model


def colour_of(text: str) -> tuple[int, int, int]:
    """Turn ``"ff0000"`` into red, green and blue.

    Examples
    --------
    >>> colour_of("#ff0000")
    (255, 0, 0)
    """
    digits = text.removeprefix("#")
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError:
        raise ParameterError(
            "{background} is no colour such as ffffff.",
            code="no_colour",
            parameter="background",
            background=Argument("background", text),
        ) from None
    return red, green, blue


def _counted(listing: "Listing") -> str:
    from skknn_syndrome.wording import counted  # noqa: PLC0415

    images = listing.images
    n_classes = len({image.label for image in images})
    said = f"{counted(len(images), 'image')} of {n_classes:,} class{'' if n_classes == 1 else 'es'}"
    if listing.has_subjects:
        subjects = [image.subject for image in images if image.subject]
        said += f" and {counted(len({*subjects}), 'subject')}"
        without = len(images) - len(subjects)
        said += f" ({counted(without, 'image')} without one, refused by studies)" if without else ""
    return said + (f" ({listing.n_left_alone:,} other files left alone)" if listing.n_left_alone else "")


@contextmanager
def showing_images(n_images: int) -> "Iterator[OnBatch]":
    """Yield what shows how many images are done, and the time left."""
    from skknn_syndrome.cli.progress import showing_parts  # noqa: PLC0415  Rich
    from skknn_syndrome.results.progress import Progress  # noqa: PLC0415

    begun = shown = monotonic()

    with showing_parts(say_images) as show:
        show(Progress("images", 0, n_images, 0.0, None))

        def on_batch(done: int, of: int, n_taken_up: int) -> None:
            nonlocal shown
            now = monotonic()
            if now - shown < LEAST_SECONDS and done < of:
                return
            shown = now
            made = done - n_taken_up
            left = (now - begun) / made * (of - done) if made else None
            show(Progress("images", done, of, now - begun, left))

        yield on_batch


def say_images(event: "Progress") -> None:
    """Say how far it is, where there is no bar."""
    if 0 < event.done < event.of:
        left = "" if event.left is None else f", about {duration(event.left)} left"
        say(f"{event.done:,} of {event.of:,} images{left}")


def _tell(written: "EmbeddedFile", listing: "Listing", options: Options) -> None:
    from skknn_syndrome.wording import counted  # noqa: PLC0415

    if written.n_taken_up:
        say(f"{counted(written.n_taken_up, 'image')} had been embedded by an earlier run.")
    if written.faults:
        first = written.faults[0]
        what = (
            "left out, and refused by every study's audit"
            if options.missing == "drop"
            else "vectors of zeros"
        )
        complain(
            f"Warning: {counted(len(written.faults), 'image')} could not be read: {what}; the first: "
            f"{listing.images[first.row].path}: {first.reason}.",
            style="yellow",
        )
    views = sum(image.view > 0 for image in listing.images)
    told = f", {counted(views, 'view')} among them" if views else ""
    say(
        f"Wrote {counted(written.n_images, 'row')} of {written.n_features:,} features to {written.path}"
        f"{told}."
    )


def _write_example(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise EncoderError(
            f"{folder} is not empty: name another folder.", code="folder_not_empty", parameter="example"
        )
    from skknn_syndrome.embedding.example import write_example  # noqa: PLC0415  Pillow

    n_images = write_example(folder)
    say(f"Drew {n_images} images of 4 classes, and described an encoder, in {folder}. To go on:")
    say(
        f"skknn-syndrome embed {folder / 'images'} {folder / 'shapes.parquet'} --model {folder / 'encoder'} "
        "--subject-pattern '(S[0-9]+)_'"
    )
    say(f"skknn-syndrome study {folder / 'shapes.parquet'} --output {folder / 'study'}")
    say(f"skknn-syndrome report {folder / 'study' / 'study.json'} --output {folder / 'report'}")
