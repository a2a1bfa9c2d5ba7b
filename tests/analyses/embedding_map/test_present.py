"""What the report says of the embeddings in the plane."""

from skknn_syndrome.analyses.embedding_map.present import find_embedding_map
from skknn_syndrome.analyses.embedding_map.result import CentroidSimilarity, EmbeddingMapAnalysis
from tests.builders import make_study, with_analyses
from tests.rendering.full_study import make_full_study


def test_the_closest_syndromes_are_those_of_the_largest_cosine() -> None:
    similarity = CentroidSimilarity(
        measure="cosine", syndromes=("a", "b", "c"), matrix=((1, 0.5, 0.2), (0.5, 1, 0.8), (0.2, 0.8, 1))
    )
    found = find_embedding_map(
        with_analyses(make_study(), EmbeddingMapAnalysis(centroid_similarities=(similarity,)))
    )
    assert found is not None
    assert found.closest == ("b", "c", 0.8)


def test_a_map_alone_tells_nothing_of_similar_syndromes() -> None:
    full = make_full_study().find(EmbeddingMapAnalysis)
    assert full is not None
    found = find_embedding_map(with_analyses(make_study(), full.revised(centroid_similarities=())))
    assert found is not None
    assert found.closest is None
    assert find_embedding_map(make_study()) is None
    assert find_embedding_map(with_analyses(make_study(), EmbeddingMapAnalysis())) is None
