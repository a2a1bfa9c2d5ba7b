"""Reference distances: what is read, what is refused, and how names match."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data import as_reference, load_reference
from skknn_syndrome.errors import ReferenceDistancesError
from tests.refusing import refused

NAMES = ("Unio", "Hyria", "Pinna")
MATRIX = np.array([[0, 1, 2], [1, 0, 2.5], [2, 2.5, 0]])
CSV = "family,Unio,Hyria,Pinna\nUnio,0,1,2\nHyria,1,0,2.5\nPinna,2,2.5,0\n"


def written(tmp_path: Path, content: str | bytes, name: str = "distances.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def changed(row: int, column: int, value: float) -> Float64Array:
    matrix = MATRIX.copy()
    matrix[row, column] = value
    return matrix


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        "\ufeff" + CSV,
        CSV.replace(",", "\t"),
        CSV.replace(",", ";").replace("\n", "\r\n"),
        CSV.removeprefix("family,") + "\n,,,\n",
        "x,Pinna,Unio,Hyria\nUnio,2,0,1\nHyria,2.5,1,0\nPinna,0,2,2.5",
    ],
    ids=["commas", "mark", "tabs", "semicolons", "of R", "another order"],
)
def test_a_matrix_is_read_from_a_table(content: str, tmp_path: Path) -> None:
    reference = load_reference(written(tmp_path, content))
    assert reference.names == NAMES
    assert (reference.distances == MATRIX).all()
    assert (reference.source, reference.kind, reference.tree) == ("distances.csv", "matrix", None)


@pytest.mark.parametrize(
    "name, content",
    [
        ("tree.nwk", "((Unio:0.5,Hyria:0.5):0.75,Pinna:1.25);"),
        ("tree.txt", " [&R]((Unio:0.5,Hyria:0.5):0.75,Pinna:1.25);"),
        ("tree.nex", "#nexus begin trees; tree a=((Unio:.5,Hyria:.5):.75,Pinna:1.25); end;"),
    ],
)
def test_a_tree_is_read_from_a_file(name: str, content: str, tmp_path: Path) -> None:
    path = written(tmp_path, content, name)
    reference = load_reference(path)
    assert repr(reference) == f"ReferenceDistances(3 names, tree of '{name}')"
    assert reference.distances.tolist() == [[0, 1, 2.5], [1, 0, 2.5], [2.5, 2.5, 0]]
    assert load_reference(path, kind="edges").distances.tolist() == [[0, 2, 3], [2, 0, 3], [3, 3, 0]]
    with refused("unknown_kind", "kind"):
        load_reference(path, kind="length")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "code, content",
    [
        ("not_square", CSV + "Mytilus,1,2\n"),
        ("no_columns", "one line"),
        ("no_columns", ",,\n"),
        ("names_differ", CSV + "Mytilus,1,2,3\n"),
        ("names_differ", CSV.replace("Pinna,2", "Pina,2")),
        ("names_differ", "family,distance\nUnio,1\nHyria,2\n"),
        ("no_names", "family,Unio\n"),
        ("no_names", "0.1,0.2,0.3\n"),
        ("no_names", "Unio,Hyria,Pinna\n0,1,2\n1,0,2.5\n2,2.5,0\n"),
        ("no_names", "Unio,0,1,2\nHyria,1,0,2.5\nPinna,2,2.5,0\n"),
        ("no_names", "0,1,2\n1,0,2.5\n2,2.5,0\n"),
        ("one_triangle", "family,Unio,Hyria,Pinna\nUnio,0\nHyria,1,0\nPinna,2,2.5,0\n"),
        ("one_triangle", "family,Unio,Hyria,Pinna\nUnio\nHyria,1\nPinna,2,2.5\n"),
        ("one_triangle", "family,Unio,Hyria,Pinna\nUnio,0,1,2\nHyria,,0,2.5\nPinna,,,0\n"),
        ("not_square", CSV.replace("0,1,2", "0,0,1,0,2,0")),
        ("repeated_name", CSV.replace("Hyria", "Unio")),
        ("repeated_name", CSV.replace("Hyria,Pinna", "Unio,Pinna")),
        ("too_few_names", "family,Unio\nUnio,0\n"),
        ("invalid_name", CSV.replace("Hyria", " ")),
        ("missing_distance", CSV.replace("2.5", "")),
        ("missing_distance", CSV.replace("2.5", "NA")),
        ("missing_distance", CSV.replace("2.5", "nan")),
        ("infinite_distance", CSV.replace("2.5", "inf")),
        ("no_number", CSV.replace("2.5", "2.5 Ma")),
        ("decimal_comma", CSV.replace(",", ";").replace("2.5", "2,5")),
        ("not_csv", CSV + '"'),
        ("not_utf8", CSV.replace("Unio", "Unió").encode("latin-1")),
        ("not_utf8", CSV.encode("utf-16")),
        ("wrong_format", b"\x93NUMPY\1\0v\0{'descr': '<f8'}"),
        ("wrong_format", b"PK\3\4\x14\0\6\0"),
        ("empty_file", ""),
        ("no_tree", "#NEXUS begin taxa; end;"),
        ("no_columns", "# families"),
    ],
)
def test_a_file_without_distances_is_refused(code: str, content: str | bytes, tmp_path: Path) -> None:
    with refused(code, error=ReferenceDistancesError):
        load_reference(written(tmp_path, content))


def test_a_refusal_names_file_and_cell(tmp_path: Path) -> None:
    path = written(tmp_path, CSV.replace("Unio,0,1,2", "Unio,0,1,{}"))
    with pytest.raises(ReferenceDistancesError) as caught:
        load_reference(path)
    assert str(caught.value) == f"{path}: the distance from 'Unio' to 'Pinna' is '{{}}', which is no number."
    with refused("no_such_file", "reference"):
        load_reference(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "code, matrix",
    [
        ("missing_distance", changed(0, 2, np.nan)),
        ("infinite_distance", changed(0, 2, -np.inf)),
        ("negative_distance", changed(0, 2, -0.1)),
        ("not_symmetric", changed(0, 2, 2.1)),
        ("diagonal_not_zero", changed(1, 1, 0.1)),
        ("diagonal_not_zero", 1 - MATRIX / 3),
        ("not_square", MATRIX[:2]),
        ("not_square", MATRIX[:2, :2]),
        ("not_square", 3.0),
        ("not_square", [1, 2, 2.5]),
        ("one_triangle", np.tril(MATRIX)),
        ("one_triangle", np.triu(MATRIX)),
        ("no_number", [[0, "x"], ["x", 0]]),
        ("no_number", [[0, 1, 2], [1, 0]]),
    ],
)
def test_a_matrix_of_no_distances_is_refused(code: str, matrix: object) -> None:
    with refused(code, "reference"):
        as_reference(matrix, NAMES)


def test_a_file_of_a_tree_without_lengths_is_named_with_the_option(tmp_path: Path) -> None:
    path = written(tmp_path, "((Unio,Hyria),Pinna);", "{}.nwk")
    with refused("no_branch_lengths", "reference") as caught:
        load_reference(path)
    said = caught.value.spelled(lambda argument: f"--{argument.name}")
    assert said.startswith(f"{path}: branches lack a length, 4 of the tree's 4, ")
    assert said.endswith(" by --edges.")


def test_integers_may_be_names(tmp_path: Path) -> None:
    frame = pd.DataFrame(MATRIX)
    for content in (frame.to_csv(), frame.to_csv().removeprefix(",")):
        assert load_reference(written(tmp_path, content)).names == ("0", "1", "2")


def test_a_misspelt_name_is_told_with_the_one_it_is_not(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDistancesError, match="there is no column 'Pinna' and no row 'Pina' "):
        load_reference(written(tmp_path, CSV.replace("Hyria,Pinna", "Hyria,Pina")))


def test_the_advice_on_one_triangle_makes_a_reference_of_it() -> None:
    frame = pd.DataFrame(np.where(np.tri(3), MATRIX, np.nan), NAMES, NAMES)
    with pytest.raises(ReferenceDistancesError, match=r"lower triangle") as caught:
        as_reference(frame)
    advice = str(caught.value).partition("pandas, ")[2].partition(" has")[0]
    assert advice == "frame.fillna(0) + frame.fillna(0).T"
    assert (as_reference(frame.fillna(0) + frame.fillna(0).T).distances == MATRIX).all()


def test_similarities_are_told_from_distances() -> None:
    with pytest.raises(ReferenceDistancesError, match=r"is 1, not 0: these may be similarities\.$"):
        as_reference(1 - MATRIX / 3, NAMES)


def test_rounding_is_levelled() -> None:
    reference = as_reference(MATRIX + np.array([[1e-7, 1e-7, 0], [0, -1e-7, 0], [0, 0, 0]]), NAMES)
    assert (reference.distances == reference.distances.T).all()
    assert not np.diag(reference.distances).any()
    assert reference.distances[0, 1] == pytest.approx(1 + 5e-8, abs=1e-12)


def test_a_reference_comes_from_what_is_in_memory(tmp_path: Path) -> None:
    frame = pd.DataFrame(MATRIX, NAMES, NAMES)
    tree = load_reference(written(tmp_path, "((Unio:0.5,Hyria:0.5):0.75,Pinna:1.25);", "tree.nwk")).tree
    assert tree is not None
    given: list[object] = [
        MATRIX.tolist(),
        frame[["Pinna", "Unio", "Hyria"]],
        frame.astype(object),
        (NAMES, MATRIX),
        as_reference(frame),
    ]
    for value in given:
        names = NAMES if isinstance(value, list) else None
        reference = as_reference(value, names)
        assert (reference.names, reference.distances.tolist()) == (NAMES, MATRIX.tolist())
    assert as_reference(tree, ["Pinna", "Unio"]).distances.tolist() == [[0, 2.5], [2.5, 0]]
    assert as_reference(str(written(tmp_path, CSV)), ["Pinna", "Unio"]).names == ("Pinna", "Unio")
    with refused("no_names", "reference"):
        as_reference(MATRIX)
    with refused("not_square", "reference"):
        as_reference(MATRIX[0])
    with refused("names_differ", "reference"):
        as_reference(frame.reset_index())
    with refused("too_few_names", "reference"):
        as_reference(pd.DataFrame())
    with refused("missing_distance", "reference"):
        as_reference(frame.astype(object).replace(2.5, None))


def test_some_names_are_taken_in_their_order() -> None:
    reference = as_reference((NAMES, MATRIX))
    assert reference.of(["Pinna", "Unio"]).distances.tolist() == [[0, 2], [2, 0]]
    assert reference.of([]).names == ()
    with refused("no_such_name", "reference"):
        reference.of(["Unio", "Pina"])
    with refused("no_such_name", "reference"):
        reference.of(["xyz"])
    with refused("repeated_name", "reference"):
        reference.of(["Unio", "Unio"])


def test_names_match_in_every_character_and_near_misses_are_told() -> None:
    names = ("Papilio_xuthus", "Papilio_machaon", "Unio", "Pinna", "Mytilus", "class_1", "Teinopalpus")
    reference = as_reference((names, 1 - np.eye(len(names))))
    classes = ["Unio", "unio", "Papilio xuthus", "Papilio_ machaon ", "Pina", "Mytlius", "class_2", "xyz"]
    found = reference.match([*classes, "Unio", "Teinopalpa", "Teinopalpvs"])
    assert found.shared == ("Unio",)
    assert found.only_data == (*classes[1:], "Teinopalpa", "Teinopalpvs")
    assert found.only_reference == ("Papilio_xuthus", "Papilio_machaon", *names[3:])
    assert found.near_misses == (
        ("unio", "Unio"),
        ("Papilio xuthus", "Papilio_xuthus"),
        ("Papilio_ machaon ", "Papilio_machaon"),
        ("Pina", "Pinna"),
        ("Mytlius", "Mytilus"),
        ("Teinopalpvs", "Teinopalpus"),
    )
