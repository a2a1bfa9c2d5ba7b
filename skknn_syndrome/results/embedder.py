"""What made embeddings of images: encoder, preprocessing, versions."""

from hashlib import sha256

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.provenance import Version


class EmbedderNote(Result):
    """How a file of embeddings was made; it lies in the file, and goes with it into every result."""

    model: str
    """Name of a file, folder or class, without the folders above it."""
    architecture: str
    """What runs the weights, such as ``"CLIPVisionModelWithProjection"`` or ``"ONNX"``."""
    weights_sha256: str | None
    """None of an object with `encode` that does not tell it."""
    revision: str | None = None
    """Commit of a model that was downloaded."""
    preprocessing: str
    """All of it, as JSON."""
    versions: tuple[Version, ...] = ()
    seconds_per_image: float | None = None
    """Reading included; None before anything was embedded."""
    n_zero_filled: int = 0
    """Images that could not be read, in whose place stand vectors of zeros."""

    @property
    def fingerprint(self) -> str | None:
        """What vectors depend on, as 16 hexadecimal digits; None where nobody knows the weights.

        Versions of libraries, which change the last bits alone, are no part of it.

        Examples
        --------
        >>> note = EmbedderNote(model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}")
        >>> note.fingerprint == note.revised(model="b.onnx").fingerprint
        True
        """
        if self.weights_sha256 is None:
            return None
        told = f"{self.architecture}\n{self.weights_sha256}\n{self.preprocessing}"
        return sha256(told.encode()).hexdigest()[:16]

    def differs_from(self, other: "EmbedderNote | None") -> bool:
        """Return whether vectors were made otherwise; False where nobody knows the weights.

        Examples
        --------
        >>> note = EmbedderNote(model="a.onnx", architecture="ONNX", weights_sha256="00", preprocessing="{}")
        >>> note.differs_from(note.revised(preprocessing='{"size": 224}')), note.differs_from(None)
        (True, False)
        """
        if other is None or self.fingerprint is None:
            return False
        return self.fingerprint != other.fingerprint
