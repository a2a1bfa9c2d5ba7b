"""The only reader of source files: embeddings in, checked and accounted for."""

from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.loading import load_embeddings
from skknn_syndrome.data.multilabel import MultilabelDataset
from skknn_syndrome.data.multilabel_simulation import make_multilabel_embeddings
from skknn_syndrome.data.pseudonyms import pseudonymise
from skknn_syndrome.data.published import load_published
from skknn_syndrome.data.simulation import make_syndrome_embeddings
from skknn_syndrome.data.writing import save_embeddings

__all__ = [
    "EmbeddingDataset",
    "MultilabelDataset",
    "load_embeddings",
    "load_published",
    "make_multilabel_embeddings",
    "make_syndrome_embeddings",
    "pseudonymise",
    "save_embeddings",
]
