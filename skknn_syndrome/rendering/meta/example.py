"""An example of `report.yaml`, commented, with the classes of a result."""

import json
from collections.abc import Iterator
from pathlib import Path

from skknn_syndrome._files import write_text
from skknn_syndrome.display.style import COLOURS
from skknn_syndrome.errors import Argument, RenderingError
from skknn_syndrome.questions import Reported
from skknn_syndrome.results.nouns import vocabulary_of

_HEAD = """\
# What a report says of its authors and its data: skknn-syndrome report STUDY --meta {name}
# Every field may be left out; a line behind "#" says nothing. Texts with ": " or "#" in them need quotes.

# title: "Recognition of genetic syndromes from facial photographs"
# subtitle: "An internal validation"

# authors:
#   - name: "First Author"
#     affiliations: ["Institute of Human Genetics, University of Somewhere"]
#     orcid: 0000-0002-1825-0097
#     email: first.author@example.org
#     corresponding: true
#   - name: "Second Author"
#     affiliations: ["Institute of Human Genetics, University of Somewhere", "Another place"]

# Declarations: a section of the report, and items of its checklists. A blank line begins a paragraph.
# ethics: "Approved by the ethics committee of ... (number); written consent of all participants."
# funding: "Funded by ... (grant). The funder had no part in the study."
# conflicts: "None declared."
# data_availability: "Embeddings on request, for patients may be recognised."
# code_availability: "https://example.org/code, version 1.0"
# encoder: "ResNet-50, trained on other faces; images were aligned by their eyes, 112 x 112 pixels."
# protocol: "Not published."
# registration: "Not registered."
# patient_involvement: "None."

# Nouns, in the singular; where the plural is not regular: [singular, plural].
# nouns:
#   class: {one}
#   subject: {subject}
#   image: {image}

# accent_colour: "#0b5cad"
# logo: logo.svg        # a PNG or SVG; its path begins in the folder of this file
# language: en          # or de: of the summary
"""
_CLASSES = """
# The classes by their labels: how tables and text call them, and figures, an id, and a colour, as in
#   "{label}": {{name: "Full name", short: "FN", id: "OMIM 194050", colour: "{colour}"}}
classes:
"""
_ORDER = "\n# The order of the classes; those that are not listed follow.\nclass_order:\n"


def example_of(result: Reported, name: str = "report.yaml") -> str:
    """Return metadata for a result to be filled in; as it stands, it changes nothing in the report.

    Parameters
    ----------
    result : StudyResult, ModelComparison or DistanceAlignment
    name : str
        Of the file that it is for.

    Returns
    -------
    str
        YAML.
    """
    return "".join(_lines(result, name))


def _lines(result: Reported, name: str) -> Iterator[str]:
    spoken = vocabulary_of(getattr(result, "dataset", None))
    yield _HEAD.format(
        name=name, one=spoken.classes.one, subject=spoken.subjects.one, image=spoken.images.one
    )
    labels = [json.dumps(label, ensure_ascii=False) for label in result.class_names]
    yield _CLASSES.format(label=json.loads(labels[0]), colour=COLOURS[0])
    yield from (f"  {label}: {{name: {label}}}\n" for label in labels)
    yield _ORDER
    yield from (f"  - {label}\n" for label in labels)


def write_example(result: Reported, path: Path, *, force: bool = False) -> None:
    """Write an example for a result.

    Raises
    ------
    RenderingError
        The file is there and `force` is not given, or it can't be written.
    """
    if path.exists() and not force:
        raise RenderingError(
            "{path} is there already: name another file, or write over it with {force}.",
            code="meta_is_there",
            parameter="force",
            path=path,
            force=Argument("force"),
        )
    try:
        write_text(path, example_of(result, path.name))
    except OSError as error:
        raise RenderingError(
            f"{path} can't be written ({error.strerror}): name another file.", code="unwritable_meta"
        ) from error
