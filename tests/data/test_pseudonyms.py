"""Keyed hashes in place of ids."""

import hashlib
import hmac
from dataclasses import replace

import pytest

from skknn_syndrome.data import EmbeddingDataset, pseudonymise, pseudonyms
from skknn_syndrome.results.audit import Audit, DataWarning, RefusedRow
from tests.refusing import refused

SALT = b"0123456789abcdef"
AUDIT = Audit(
    n_rows=4,
    refused=(
        RefusedRow(
            row=2, syndrome="a", subject="s", image="i", reason="duplicate_image", detail="row 1 has it too"
        ),
        RefusedRow(
            row=3, syndrome="a", subject=None, image=None, reason="invalid_id", detail="its id is missing"
        ),
    ),
    warnings=(
        DataWarning(code="subject_in_two_syndromes", subjects=("s",), syndromes=("a", "b")),
        DataWarning(code="identical_vectors", images=("i", "s"), syndromes=("a", "b")),
    ),
)


@pytest.fixture
def dataset() -> EmbeddingDataset:
    bare = EmbeddingDataset.from_arrays([[1.0], [1.0]], ["a", "b"], subjects=["s", "s"], images=["i", "s"])
    return replace(bare, audit=AUDIT)


def pseudonym(kind: str, name: str) -> str:
    return f"{kind}-{hmac.new(SALT, f'{kind}:{name}'.encode(), hashlib.sha256).hexdigest()[:16]}"


def test_ids_become_keyed_hashes_that_differ_by_kind(dataset: EmbeddingDataset) -> None:
    hidden = pseudonymise(dataset, SALT)
    assert hidden.subjects is not None
    assert hidden.subjects.tolist() == [pseudonym("subject", "s")] * 2
    assert hidden.images.tolist() == [pseudonym("image", "i"), pseudonym("image", "s")]


def test_all_else_stays(dataset: EmbeddingDataset) -> None:
    hidden = pseudonymise(dataset, SALT)
    assert hidden.embeddings is dataset.embeddings
    assert hidden.syndromes is dataset.syndromes
    assert (hidden.name, hidden.sha256) == (dataset.name, dataset.sha256)


def test_the_audit_is_hidden_in_the_same_way(dataset: EmbeddingDataset) -> None:
    audit = pseudonymise(dataset, SALT).audit
    subject, image = pseudonym("subject", "s"), pseudonym("image", "i")
    assert audit.refused[0].message.startswith(f"Row 2 (syndrome 'a', subject '{subject}', image '{image}')")
    assert audit.refused[1] == AUDIT.refused[1]
    assert audit.warnings[0].message.startswith(f"Subject '{subject}' has images under 'a' and 'b'")
    assert audit.warnings[1].images == (image, pseudonym("image", "s"))


def test_another_salt_gives_other_pseudonyms(dataset: EmbeddingDataset) -> None:
    one, other = pseudonymise(dataset, SALT), pseudonymise(dataset, SALT[::-1])
    assert set(one.images.tolist()).isdisjoint(other.images.tolist())


def test_subjects_may_be_missing(dataset: EmbeddingDataset) -> None:
    assert pseudonymise(dataset.without_subjects(), SALT).subjects is None


@pytest.mark.parametrize("salt", [b"", b"x" * 15])
def test_a_salt_that_can_be_guessed_is_refused(dataset: EmbeddingDataset, salt: bytes) -> None:
    with refused("short_salt", "salt"):
        pseudonymise(dataset, salt)


def test_two_ids_may_not_become_one(dataset: EmbeddingDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "_HEX_DIGITS", 0)
    with refused("colliding_pseudonyms", "salt"):
        pseudonymise(dataset, SALT)
