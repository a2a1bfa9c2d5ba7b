"""Pseudonyms: keyed hashes in place of subject and image ids."""

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from skknn_syndrome._typing import StringArray
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.results.audit import Audit

MIN_SALT_BYTES = 16
"""A shorter key can be found by trying all of them, and with it every id by trying all ids."""
_HEX_DIGITS = 16


def pseudonymise(dataset: EmbeddingDataset, salt: bytes) -> EmbeddingDataset:
    """Replace subject and image ids by keyed hashes, in the audit too.

    Each id becomes `kind-digits`, where the digits are the first 16 hexadecimal digits of
    HMAC-SHA256(salt, "kind:id") [1]_. Whoever holds the salt can tell which pseudonym an id has, nobody else
    can, and the same salt gives the same pseudonyms in another file. Syndromes, vectors, the file's name and
    its hash stay as they are.

    Parameters
    ----------
    dataset : EmbeddingDataset
        With real ids.
    salt : bytes
        A secret of at least 16 bytes, such as `secrets.token_bytes(16)` gives.

    Returns
    -------
    EmbeddingDataset
        The same rows under other ids.

    Raises
    ------
    ParameterError
        If the salt is too short, or two ids would have the same pseudonym.

    References
    ----------
    .. [1] Krawczyk, H., Bellare, M., Canetti, R. (1997). HMAC: Keyed-Hashing for Message Authentication.
       RFC 2104. https://doi.org/10.17487/RFC2104

    Examples
    --------
    >>> dataset = EmbeddingDataset.from_arrays([[1.0], [2.0]], ["a", "b"], subjects=["x", "x"])
    >>> pseudonymise(dataset, b"sixteen bytes at least").subjects.tolist()
    ['subject-...', 'subject-...']
    """
    if len(salt) < MIN_SALT_BYTES:
        raise ParameterError(
            f"The salt must have at least {MIN_SALT_BYTES} bytes, not {len(salt)}.",
            code="short_salt",
            parameter="salt",
        )
    subjects, images = _Pseudonyms("subject", salt), _Pseudonyms("image", salt)
    return replace(
        dataset,
        subjects=None if dataset.subjects is None else subjects.array(dataset.subjects),
        images=images.array(dataset.images),
        audit=_audit(dataset.audit, subjects, images),
        views=None
        if dataset.views is None
        else replace(dataset.views, sources=images.array(dataset.views.sources)),
    )


@dataclass
class _Pseudonyms:
    """Pseudonyms of one kind of id, each given to one id only."""

    kind: Literal["subject", "image"]
    salt: bytes
    given: dict[str, str] = field(default_factory=dict)
    """The id behind each pseudonym."""

    def of(self, name: str) -> str:
        digest = hmac.digest(self.salt, f"{self.kind}:{name}".encode(), hashlib.sha256).hex()
        pseudonym = f"{self.kind}-{digest[:_HEX_DIGITS]}"
        if self.given.setdefault(pseudonym, name) != name:
            raise ParameterError(
                f"Two {self.kind} ids would have the same pseudonym; use another salt.",
                code="colliding_pseudonyms",
                parameter="salt",
            )
        return pseudonym

    def array(self, names: StringArray) -> StringArray:
        return np.array([self.of(name) for name in names.tolist()], dtype=np.str_)

    def each(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.of, names))


def _audit(audit: Audit, subjects: _Pseudonyms, images: _Pseudonyms) -> Audit:
    refused = tuple(
        row.revised(
            subject=None if row.subject is None else subjects.of(row.subject),
            image=None if row.image is None else images.of(row.image),
        )
        for row in audit.refused
    )
    warnings = tuple(
        warning.revised(subjects=subjects.each(warning.subjects), images=images.each(warning.images))
        for warning in audit.warnings
    )
    return audit.revised(refused=refused, warnings=warnings)
