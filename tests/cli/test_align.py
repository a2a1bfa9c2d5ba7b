"""`skknn-syndrome align`."""

import sys
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.data import load_reference, make_taxonomy_embeddings
from skknn_syndrome.data.phenotypes import PhenotypeReference
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from tests.cli.conftest import Run

OUT = Path("artifacts/alignment")
READ = ("--column", "features=e")
TWICE = ("--nuisance", "x.csv", "--nuisance", "other/x.csv")
QUICK = ("--n-permutations", "99", "--no-projection")


@pytest.fixture
def families(tmp_path: Path) -> tuple[str, str]:
    """Write embeddings of eight families in four orders, and their tree."""
    made = make_taxonomy_embeddings(8, n_features=6, n_tree_features=6, n_subjects=2, strength=1.0)
    data = made.dataset
    order = np.array([name[-1] for name in data.syndromes.tolist()], dtype=int) // 3
    lines = ["syndrome,subject,image,order,view," + ",".join(f"e{place}" for place in range(6))]
    assert data.subjects is not None
    rows = zip(data.syndromes, data.subjects, data.images, order, data.embeddings, strict=True)
    for place, (label, subject, image, group, vector) in enumerate(rows):
        view = "dorsal" if place % 2 else "ventral"
        lines.append(f"{label},{subject},{image},order{group},{view},{','.join(map(str, vector.tolist()))}")
    (tmp_path / "shells.csv").write_text("\n".join(lines))
    (tmp_path / "tree.nwk").write_text(made.tree_newick)
    names = ",".join(made.names)
    table = [
        f"{name},{','.join(map(str, row))}" for name, row in zip(made.names, made.distances, strict=True)
    ]
    (tmp_path / "squares.csv").write_text("\n".join([f"family,{names}", *table]))
    return "shells.csv", "tree.nwk"


def test_distances_are_compared_and_reported(run: Run, families: tuple[str, str]) -> None:
    data, tree = families
    outcome = run("align", data, "--reference", tree, "--group", "order", *READ, *QUICK[:2])
    assert outcome.exit_code == 0, outcome.stderr
    assert "Pearson" in outcome.stdout
    assert f"Wrote {OUT / 'alignment.json'}; beside it settings.toml" in outcome.stdout
    found = DistanceAlignment.load(OUT / "alignment.json")
    assert [entry.nuisance for entry in found.alignment.partial] == [
        "class size",
        "the same order",
        "all of these",
    ]
    assert found.find("guided_projection") is not None
    assert found.provenance.command is not None
    assert (OUT / "tables/class_distances.csv").exists()
    assert run("report", str(OUT / "alignment.json"), "--engine", "embedded").exit_code == 0
    assert "did you mean artifacts/alignment/alignment.json?" in run("report", str(OUT)).stderr


def test_a_network_without_torch_is_refused_in_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    outcome = run("align", "--projection", "attention")
    assert outcome.exit_code == 2
    assert "--projection attention needs torch" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_table_may_be_the_reference_and_account_for_a_tree(run: Run, families: tuple[str, str]) -> None:
    data, _ = families
    more = ("--nuisance", "squares.csv", "--two-sided")
    outcome = run("align", data, "--reference", "squares.csv", *more, *READ, *QUICK)
    assert outcome.exit_code == 0, outcome.stderr
    found = DistanceAlignment.load(OUT / "alignment.json").alignment
    assert (found.reference_kind, found.alternative, found.phylogenetic) == ("matrix", "two-sided", None)
    assert found.partial[1].estimate is None  # it explains all


def test_ids_of_diseases_may_be_the_reference(
    run: Run, families: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, tree = families
    reference = load_reference(tree)
    n_terms = tuple(range(20, 20 + len(reference.names)))
    made = PhenotypeReference(reference, ("OMIM:1",) * len(n_terms), n_terms, "2025")
    monkeypatch.setattr("skknn_syndrome.data.phenotypes.reference_from_phenotypes", lambda _: made)
    Path("ids.csv").write_text("class,disease\n")
    outcome = run("align", data, "--terms", "ids.csv", "--force", *READ, *QUICK)
    assert outcome.exit_code == 0, outcome.stderr
    found = DistanceAlignment.load(OUT / "alignment.json").alignment
    assert "number of annotations" in [entry.nuisance for entry in found.partial]


def test_without_a_file_families_are_made_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    small = make_taxonomy_embeddings(7, n_features=4, n_tree_features=4, n_subjects=2)
    monkeypatch.setattr("skknn_syndrome.data.make_taxonomy_embeddings", lambda: small)
    assert run("align", *QUICK).exit_code == 0
    found = DistanceAlignment.load(OUT / "alignment.json")
    assert found.dataset is not None
    assert found.dataset.simulated


def test_a_class_that_the_reference_lacks_is_named_or_left_out(run: Run, families: tuple[str, str]) -> None:
    data, tree = families
    Path(tree).write_text(Path(tree).read_text().replace("Family1", "'Family1 '"))
    refused = run("align", data, "--reference", tree, *READ, *QUICK)
    assert refused.exit_code == 2
    assert "no distances of 'Family1' (is it 'Family1 '?)" in refused.stderr
    assert "--shared-only" in refused.stderr
    assert run("align", data, "--reference", tree, *READ, *QUICK, "--shared-only").exit_code == 0
    left = DistanceAlignment.load(OUT / "alignment.json").alignment.leftovers
    assert (left.only_data, left.only_reference) == (("Family1",), ("Family1 ",))


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("shells.csv",), "name a table or a tree by --reference"),
        (("--reference", "tree.nwk"), "--reference is of no use to simulated embeddings"),
        (("shells.csv", "--reference", "tree.nwk", "--terms", "ids.csv"), "give one of them"),
        (("shells.csv", "--reference", "squares.csv", "--edges"), "--edges counts the branches of a tree"),
        (("--edges",), "--edges is of no use to simulated embeddings"),
        (("shells.csv", "--reference", "tree.nwk", *TWICE), "Two files of --nuisance have the name 'x'"),
        (("--projection", "attention"), "--projection attention asks for a projection, and --no-projection"),
        (("shells.csv", "--reference", "nowhere.nwk"), "nowhere.nwk: there is no such file"),
        (("shells.csv", "--reference", "tree.nwk", "--group", "view", *READ), "one group a class"),
        (("shells.csv", "--reference", "tree.nwk", "--group", "ordr", *READ), "no column 'ordr'"),
    ],
    ids=[
        *("no reference", "no data", "two references", "branches of a table", "nothing to count branches of"),
        *("two of one name", "a projection left out", "no such file", "two groups", "no such column"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    run: Run, families: tuple[str, str], arguments: tuple[str, ...], said: str
) -> None:
    assert families
    outcome = run("align", *arguments, *QUICK)
    assert outcome.exit_code in {1, 2}
    assert said in outcome.stderr
