"""Reference distances between syndromes from the Human Phenotype Ontology (extra ``hpo``)."""

import csv
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data.formats import read_content
from skknn_syndrome.data.reference import ReferenceDistances, as_reference
from skknn_syndrome.errors import (
    Argument,
    EmbeddingsFileError,
    ParameterError,
    ReferenceDistancesError,
    meant,
    quote,
)

TermSimilarity: TypeAlias = Literal["graphic", "lin", "jc"]
"""Of two terms: graph-based information coefficient, Lin's, or Jiang and Conrath's. Each is 1 at most."""

SIMILARITIES = ("graphic", "lin", "jc")

_DISEASE = re.compile(r"(OMIM|ORPHA)\s*:?\s*([0-9]+)", re.IGNORECASE)
_KINDS = {"OMIM": "Omim", "ORPHA": "Orpha"}


@dataclass(frozen=True, eq=False)
class PhenotypeReference:
    """Distances between syndromes by what was noted of their patients."""

    reference: ReferenceDistances
    diseases: tuple[str, ...]
    """The disease that stands for each class, such as ``"OMIM:192430"``."""
    n_terms: tuple[int, ...]
    """How many terms each has. Similarity rises with them: control for it by `annotation_matrix`."""
    ontology: str
    """Version of the ontology and its annotations."""

    @property
    def annotation_matrix(self) -> Float64Array:
        """Shape (n_classes, n_classes): sums of the logarithms of both numbers, a nuisance of `mantel`."""
        logs = np.log(self.n_terms)
        return np.asarray(logs[:, np.newaxis] + logs)

    @property
    def annotations(self) -> ReferenceDistances:
        """The same by class, with zeros on the diagonal as `compare_distances` takes it."""
        matrix = self.annotation_matrix
        np.fill_diagonal(matrix, 0)
        return as_reference(matrix, self.reference.names)


def reference_from_phenotypes(
    diseases: str | os.PathLike[str] | Mapping[str, str], *, similarity: TermSimilarity = "graphic"
) -> PhenotypeReference:
    """Return distances between syndromes: 1 less the similarity of their terms in the ontology [1]_.

    Of each term of one disease the most similar one of the other is taken; the distance is 1 less the mean
    of these similarities over both diseases. Modifiers and modes of inheritance are left out.

    Parameters
    ----------
    diseases : path-like or mapping
        A CSV file with classes in its first column and diseases in its second, below a header; or a mapping
        of classes to diseases. These are written as ``OMIM:192430`` or ``ORPHA:95409``.
    similarity : {"graphic", "lin", "jc"}, default="graphic"
        How alike two terms are: by their graph-based information coefficient [2]_, Lin's, or Jiang and
        Conrath's, with the information content of the terms among diseases of OMIM.

    Returns
    -------
    PhenotypeReference

    Raises
    ------
    ReferenceDistancesError
        If the package hpo3 is missing or hidden by another, a disease is not in the ontology or has no terms,
        there are fewer than two classes, or the file can't be read.
    ParameterError
        If `similarity` is another.

    References
    ----------
    .. [1] M. A. Gargano et al., "The Human Phenotype Ontology in 2024: phenotypes around the world", Nucleic
       Acids Research 52, 2024, D1333-D1346. doi:10.1093/nar/gkad1005
    .. [2] Y. Deng et al., "HPOSim: An R package for phenotypic similarity measure and enrichment analysis
       based on the Human Phenotype Ontology", PLoS ONE 10, 2015, e0115692. doi:10.1371/journal.pone.0115692
    """
    if similarity not in SIMILARITIES:
        raise ParameterError(
            "{similarity}: {meant}.",
            code="unknown_similarity",
            parameter="similarity",
            similarity=Argument("similarity", similarity),
            meant=meant(similarity, SIMILARITIES),
        )
    given = diseases if isinstance(diseases, Mapping) else _read(Path(diseases))
    named = {str(name): _plain(str(name), disease) for name, disease in given.items()}
    pyhpo = build_ontology()
    if len(named) < 2:  # noqa: PLR2004
        place = "" if isinstance(diseases, Mapping) else f"{diseases}: "
        raise _error(
            "too_few_names", f"{place}at least two classes with a disease are needed, not {len(named)}"
        )
    terms = {name: _terms(pyhpo, name, disease) for name, disease in named.items()}
    similarities = [
        [one.similarity(other, "omim", similarity, "funSimAvg") for other in terms.values()]
        for one in terms.values()
    ]
    found = as_reference(1 - np.array(similarities, dtype=np.float64), [*terms])
    source = "" if isinstance(diseases, Mapping) else Path(diseases).name
    return PhenotypeReference(
        reference=ReferenceDistances(found.names, found.distances, source, "terms"),
        diseases=tuple(named.values()),
        n_terms=tuple(map(len, terms.values())),
        ontology=str(pyhpo.Ontology.version()),
    )


def _read(path: Path) -> dict[str, str]:
    try:
        text = read_content(path).decode("utf-8-sig")
        lines = [*csv.reader(io.StringIO(text, newline=""), strict=True)][1:]
    except EmbeddingsFileError as error:
        raise _error(error.code, f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise _error("not_utf8", f"{path}: it is not UTF-8") from error
    except csv.Error as error:
        raise _error("not_csv", f"{path}: it is no CSV file ({error})") from error
    found: dict[str, str] = {}
    for number, cells in enumerate(filter(any, lines), start=1):
        if len(cells) < 2:  # noqa: PLR2004
            raise _error("no_disease", f"{path}, row {number:,}: there is no disease for {quote(cells[0])}")
        if cells[0] in found:
            raise _error("repeated_name", f"{path}, row {number:,}: {quote(cells[0])} was named before")
        found[cells[0]] = cells[1]
    return found


def installed_packages() -> set[str]:
    """Return which of the packages with a module `pyhpo` are installed."""

    def is_there(name: str) -> bool:
        try:
            metadata.distribution(name)
        except metadata.PackageNotFoundError:
            return False
        return True

    return {name for name in ("hpo3", "pyhpo") if is_there(name)}


@cache
def build_ontology() -> Any:  # noqa: ANN401  the library's types are not there without it
    """Return the module with its ontology built, which takes a second."""
    there = installed_packages()
    if "pyhpo" in there:
        raise _error(
            "other_pyhpo",
            "the package pyhpo is installed, whose module has the name of hpo3's and takes its place: run "
            "pip uninstall pyhpo hpo3, then pip install 'skknn-syndrome[hpo]'",
        )
    if "hpo3" not in there:
        raise _error(
            "missing_extra", "terms of syndromes need the package hpo3: pip install 'skknn-syndrome[hpo]'"
        )
    pyhpo = import_module("pyhpo")
    try:
        len(pyhpo.Ontology)
    except NameError:  # it prints a line if it was built before
        pyhpo.Ontology()
    return pyhpo


def _terms(pyhpo: Any, name: str, disease: str) -> Any:  # noqa: ANN401  as above
    kind, number = disease.split(":")
    try:
        found = getattr(pyhpo, _KINDS[kind]).get(int(number))
    except KeyError:
        raise _error(
            "no_such_disease", f"the ontology has no {disease}, the disease of {quote(name)}"
        ) from None
    terms = found.hpo_set().replace_obsolete().remove_modifier()
    if not len(terms):
        raise _error("no_terms", f"{disease}, the disease of {quote(name)}, has no terms")
    return terms


def _plain(name: str, disease: str) -> str:
    written = _DISEASE.fullmatch(disease.strip())
    if written is None:
        raise _error(
            "invalid_disease",
            f"the disease of {quote(name)} is {quote(disease)}: write it as OMIM:192430 or ORPHA:95409",
        )
    return f"{written[1].upper()}:{written[2]}"


def _error(code: str, sentence: str) -> ReferenceDistancesError:
    return ReferenceDistancesError(f"{sentence}.", code=code, parameter="diseases")
