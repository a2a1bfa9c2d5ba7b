"""Files of embedded images: whole, accounted for, and gone on with after a run was killed."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

from skknn_syndrome import load_embeddings
from skknn_syndrome.embedding import writing
from skknn_syndrome.embedding.augmenting import augmented, with_views
from skknn_syndrome.embedding.embedder import ImageEmbedder
from skknn_syndrome.embedding.listing import Listing, list_images
from skknn_syndrome.embedding.writing import EmbeddedFile, embed_listing, parts_folder
from skknn_syndrome.errors import FileInUseError, RefusedRowsWarning
from tests.embedding.builders import Means, encoded, picture, write_images
from tests.refusing import refused

PATTERN = r"(P\d[ab])_"


@pytest.fixture
def listing(tmp_path: Path) -> Listing:
    return list_images(write_images(tmp_path / "images"), subject_pattern=PATTERN)


def embed(listing: Listing, out: Path, **options: Any) -> EmbeddedFile:
    return embed_listing(listing, out, ImageEmbedder(Means(), batch_size=3), **options)


def columns_of(path: Path) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = parquet.read_table(path).to_pydict()
    return columns


def test_the_file_is_one_of_embeddings(listing: Listing, tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    out = tmp_path / "new" / "faces.parquet"
    written = embed(listing, out, on_batch=lambda *done: told.append(done))
    dataset = load_embeddings(out)
    assert dataset.syndromes.tolist() == ["a"] * 4 + ["b"] * 4
    assert dataset.subjects is not None
    assert np.unique(dataset.subjects).tolist() == ["P0a", "P0b", "P1a", "P1b"]
    assert dataset.images[0] == "a/P0a_0.png"
    expected = ImageEmbedder(Means()).transform([image.path for image in listing.images])
    np.testing.assert_array_equal(dataset.embeddings, expected)
    assert dataset.embedder == written.note
    assert (written.note.model, written.note.n_zero_filled) == ("Means", 0)
    assert told == [(3, 8, 0), (6, 8, 0), (8, 8, 0)]
    assert sorted(path.name for path in out.parent.iterdir()) == ["faces.parquet"]


def test_further_columns_are_numbers_or_text(tmp_path: Path) -> None:
    write_images(tmp_path, n_subjects=1)
    rows = ["a/P0a_0.png,a,3,0.5,007,x", "a/P0a_1.png,a,,1e3,8,", "b/P0b_0.png,b,-4,,9,y"]
    table = tmp_path / "images.csv"
    table.write_text("\n".join(["path,label,age,dose,room,sex", *rows, ""]))
    embed(list_images(table), tmp_path / "out.parquet")
    found = columns_of(tmp_path / "out.parquet")
    assert (found["age"], found["dose"]) == ([3, None, -4], [0.5, 1000.0, None])
    assert (found["room"], found["sex"]) == (["007", "8", "9"], ["x", None, "y"])
    assert load_embeddings(tmp_path / "out.parquet").audit.unread_columns == ("age", "dose", "room", "sex")


@pytest.mark.parametrize(
    "cells",
    [
        ["1_12", "2"],
        ["\u0661", "2"],
        ["nan", "0.5"],
        ["1e999", "2"],
        ["1" * 5000, "2"],
        ["9223372036854775808", "2"],
        ["12345678901234567", "0.5"],
        ["007", "0.5"],
    ],
    ids=lambda cells: ascii(cells[0][:20]),
)
def test_what_no_number_holds_as_it_is_stays_text(listing: Listing, tmp_path: Path, cells: list[str]) -> None:
    first, second = (
        replace(image, covariates=(cell,)) for image, cell in zip(listing.images[:2], cells, strict=True)
    )
    embed(replace(listing, images=[first, second], covariates=("x",)), tmp_path / "out.parquet")
    assert columns_of(tmp_path / "out.parquet")["x"] == cells


class TestUnreadable:
    """Images that can't be read are accounted for."""

    @pytest.fixture(autouse=True)
    def broken(self, listing: Listing) -> None:
        listing.images[1].path.write_bytes(b"broken")
        listing.images[7].path.unlink()

    def test_they_are_rows_that_every_audit_refuses(self, listing: Listing, tmp_path: Path) -> None:
        written = embed(listing, tmp_path / "out.parquet")
        assert [(fault.row, fault.code) for fault in written.faults] == [
            (1, "not_an_image"),
            (7, "missing_file"),
        ]
        with pytest.warns(RefusedRowsWarning):
            dataset = load_embeddings(tmp_path / "out.parquet")
        assert dataset.n_images == 6
        assert [(row.row, row.reason, row.image) for row in dataset.audit.refused] == [
            (2, "unreadable_image", "a/P0a_1.png"),
            (8, "unreadable_image", "b/P1b_1.png"),
        ]
        assert "its image could not be read (missing_file)" in dataset.audit.refused[1].message

    def test_or_zeros_which_are_counted(self, listing: Listing, tmp_path: Path) -> None:
        embed(listing, tmp_path / "out.parquet", missing="zero")
        dataset = load_embeddings(tmp_path / "out.parquet")
        assert (dataset.embeddings == 0).all(axis=1).nonzero()[0].tolist() == [1, 7]
        assert dataset.embedder is not None
        assert dataset.embedder.n_zero_filled == 2

    def test_where_none_can_be_read_nothing_is_written(self, listing: Listing, tmp_path: Path) -> None:
        for image in listing.images:
            image.path.write_bytes(b"broken")
        with refused("no_readable_image", "source"):
            embed(listing, tmp_path / "out.parquet")
        assert not (tmp_path / "out.parquet").exists()


def test_an_image_that_changes_while_it_is_embedded_is_not_taken_for_what_it_was(
    listing: Listing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = count()
    monkeypatch.setattr(writing, "read_bytes", lambda _: encoded(picture(next(seeds))))
    with refused("image_changed", "source"):
        embed(listing, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def test_only_parquet_is_written(listing: Listing, tmp_path: Path) -> None:
    with refused("unknown_suffix", "out"):
        embed(listing, tmp_path / "out.csv")


def stop_after_six(done: int, *_: int) -> None:
    """Stop behind the second batch."""
    if done == 6:
        raise KeyboardInterrupt


class TestGoingOn:
    """What a stopped run has finished is taken up, unless images or model have changed."""

    @pytest.fixture(autouse=True)
    def stopped(self, listing: Listing, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            embed(listing, tmp_path / "out.parquet", on_batch=stop_after_six)
        assert len(list(parts_folder(tmp_path / "out.parquet").iterdir())) == 2

    def test_the_file_equals_one_in_one_go(self, listing: Listing, tmp_path: Path) -> None:
        resumed = embed(listing, tmp_path / "out.parquet")
        whole = embed(listing, tmp_path / "whole.parquet")
        assert (resumed.n_taken_up, whole.n_taken_up) == (6, 0)
        assert columns_of(resumed.path) == columns_of(whole.path)
        assert not parts_folder(resumed.path).exists()

    def test_a_changed_image_is_embedded_anew(self, listing: Listing, tmp_path: Path) -> None:
        listing.images[0].path.write_bytes(encoded(picture(99)))
        assert embed(listing, tmp_path / "out.parquet").n_taken_up == 3
        found = load_embeddings(tmp_path / "out.parquet").embeddings
        np.testing.assert_array_equal(found[:1], ImageEmbedder(Means()).transform([picture(99)]))

    def test_another_model_takes_up_nothing(
        self, listing: Listing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Means, "weights_sha256", "01")
        assert embed(listing, tmp_path / "out.parquet").n_taken_up == 0

    def test_a_model_that_nothing_tells_from_others_keeps_and_takes_up_nothing(
        self, listing: Listing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Means, "weights_sha256", None)
        with pytest.raises(KeyboardInterrupt):
            embed(listing, tmp_path / "other.parquet", on_batch=stop_after_six)
        assert not parts_folder(tmp_path / "other.parquet").exists()
        assert embed(listing, tmp_path / "out.parquet").n_taken_up == 0

    def test_a_batch_that_is_cut_is_made_anew(self, listing: Listing, tmp_path: Path) -> None:
        first, _ = sorted(parts_folder(tmp_path / "out.parquet").iterdir())
        first.write_bytes(first.read_bytes()[:-30])
        assert embed(listing, tmp_path / "out.parquet").n_taken_up == 3

    def test_faults_are_taken_up_too(self, listing: Listing, tmp_path: Path) -> None:
        listing.images[4].path.unlink()
        with pytest.raises(KeyboardInterrupt):
            embed(listing, tmp_path / "out.parquet", on_batch=stop_after_six)
        resumed = embed(listing, tmp_path / "out.parquet")
        assert resumed.n_taken_up == 6
        assert [(fault.row, fault.code) for fault in resumed.faults] == [(4, "missing_file")]


def test_one_run_at_a_time_writes_a_file(listing: Listing, tmp_path: Path) -> None:
    def again(*_: int) -> None:
        with pytest.raises(FileInUseError):
            embed(listing, tmp_path / "out.parquet")

    embed(listing, tmp_path / "out.parquet", on_batch=again)


KILLED = """
import os, signal, sys
from pathlib import Path
from skknn_syndrome import _files
from skknn_syndrome.embedding import writing
from skknn_syndrome.embedding.embedder import ImageEmbedder
from skknn_syndrome.embedding.listing import list_images
from tests.embedding.builders import Means

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def before_a_batch_has_its_name():
    _files.pass_mode_on = kill

def between_batches():
    return lambda done, *_: done >= 3 and kill()

def before_the_file_has_its_name():
    write = writing._write
    def last(*given, **options):
        _files.pass_mode_on = kill
        write(*given, **options)
    writing._write = last

def before_batches_are_removed():
    writing._remove_parts = kill

folder = Path(sys.argv[1])
listing = list_images(folder / "images", subject_pattern=r"(P[0-9][ab])_")
for moment in sys.argv[2:]:
    child = os.fork()
    if not child:
        on_batch = globals()[moment]()
        out = folder / f"{moment}.parquet"
        writing.embed_listing(listing, out, ImageEmbedder(Means(), batch_size=3), on_batch=on_batch)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.usefixtures("no_cover")
def test_killed_at_any_moment_nothing_is_lost_and_nothing_half(listing: Listing, tmp_path: Path) -> None:
    taken_up = {
        "before_a_batch_has_its_name": 0,
        "between_batches": 3,
        "before_the_file_has_its_name": 8,
        "before_batches_are_removed": 8,
    }
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", KILLED, str(tmp_path), *taken_up]
    subprocess.run(command, cwd=root, check=True, env={**os.environ, "PYTHONPATH": str(root)})
    whole = columns_of(embed(listing, tmp_path / "whole.parquet").path)
    for moment, n_taken_up in taken_up.items():
        out = tmp_path / f"{moment}.parquet"
        assert out.exists() == (moment == "before_batches_are_removed")
        assert embed(listing, out).n_taken_up == n_taken_up
        assert columns_of(out) == whole


class TestViews:
    """Further views of images of small classes are kept apart from images."""

    @pytest.fixture
    def uneven(self, tmp_path: Path) -> Listing:
        folder = write_images(tmp_path / "uneven")
        for path in (folder / "b").glob("P1b_*"):
            path.unlink()
        return list_images(folder, subject_pattern=PATTERN)

    def test_they_are_no_rows_of_the_data_set(self, uneven: Listing, tmp_path: Path) -> None:
        every = with_views(uneven, 3)
        assert [image.image for image in every.images[6:]] == ["b/P0b_0.png#view1", "b/P0b_1.png#view1"]
        assert [image.subject for image in every.images[6:]] == ["P0b", "P0b"]
        embed(every, tmp_path / "out.parquet")
        dataset = load_embeddings(tmp_path / "out.parquet")
        assert (dataset.n_images, dataset.audit.n_rows, dataset.audit.n_augmented) == (6, 8, 2)
        assert dataset.views is not None
        assert dataset.views.sources.tolist() == ["b/P0b_0.png", "b/P0b_1.png"]
        assert dataset.views.embeddings.shape == (2, 3)

    def test_a_seed_draws_them(self) -> None:
        image = picture(side=20)
        one = augmented(image, b"one", 1, seed=0)
        assert one.tobytes() == augmented(image, b"one", 1, seed=0).tobytes()
        others = [
            augmented(image, b"one", 2, 0),
            augmented(image, b"one", 1, 1),
            augmented(image, b"two", 1, 0),
        ]
        assert all(one.tobytes() != other.tobytes() for other in others)
