"""The only reader of source files: embeddings in, checked and accounted for."""

from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.levels import load_levels
from skknn_syndrome.data.loading import load_embeddings
from skknn_syndrome.data.multilabel import MultilabelDataset
from skknn_syndrome.data.multilabel_simulation import make_multilabel_embeddings
from skknn_syndrome.data.new_cases import NewCases, load_new_cases
from skknn_syndrome.data.phenotypes import PhenotypeReference, reference_from_phenotypes
from skknn_syndrome.data.pseudonyms import pseudonymise
from skknn_syndrome.data.published import load_published
from skknn_syndrome.data.reference import ReferenceDistances, ReferenceMatch, as_reference, load_reference
from skknn_syndrome.data.rooted_tree import Tree
from skknn_syndrome.data.simulation import make_syndrome_embeddings
from skknn_syndrome.data.taxonomy_simulation import TaxonomyEmbeddings, make_taxonomy_embeddings
from skknn_syndrome.data.trees import read_newick, read_nexus
from skknn_syndrome.data.writing import save_embeddings

__all__ = [
    "EmbeddingDataset",
    "MultilabelDataset",
    "NewCases",
    "PhenotypeReference",
    "ReferenceDistances",
    "ReferenceMatch",
    "TaxonomyEmbeddings",
    "Tree",
    "as_reference",
    "load_embeddings",
    "load_levels",
    "load_new_cases",
    "load_published",
    "load_reference",
    "make_multilabel_embeddings",
    "make_syndrome_embeddings",
    "make_taxonomy_embeddings",
    "pseudonymise",
    "read_newick",
    "read_nexus",
    "reference_from_phenotypes",
    "save_embeddings",
]
