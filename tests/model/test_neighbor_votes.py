"""Votes of one gallery without each fold: those of classifiers that are fitted to the others."""

import pickle

import numpy as np
import pytest

from skknn_syndrome.heads.temperature import log_probabilities
from skknn_syndrome.model.neighbor_votes import NeighborVotes, VotingRule
from skknn_syndrome.model.tempered import vote_scores
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.model.builders import gallery

DATA = gallery()
CODES = np.unique(DATA.syndromes, return_inverse=True)[1]
FOLDS = np.arange(DATA.n_images) % 3


def votes(folds: object = FOLDS) -> NeighborVotes:
    return NeighborVotes(DATA.embeddings, CODES, np.asarray(folds), 3)


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "manhattan"])
@pytest.mark.parametrize("weights", ["uniform", "distance", "softmax"])
def test_to_the_bit_those_of_a_classifier(metric: str, weights: str) -> None:
    rule = VotingRule(4, metric, weights, 0.07, 0.5)
    queries = gallery(seed=3).embeddings
    found = votes().probabilities(queries, [(rule, None), *((rule, fold) for fold in range(3))])
    trained = [np.asarray(fold != FOLDS, dtype=np.bool_) for fold in (None, 0, 1, 2)]
    for kept, said in zip(trained, found, strict=True):
        model = SyndromeKNNClassifier(4, metric=metric, weights=weights)  # type: ignore[arg-type] # by its name
        shares = model.fit(DATA.embeddings[kept], CODES[kept]).predict_proba(queries)
        wanted = np.exp(log_probabilities(vote_scores(shares, 4), 0.5))
        np.testing.assert_array_equal(said, wanted)


def test_where_all_near_rows_are_of_the_fold_others_are_searched() -> None:
    query = DATA.embeddings[:1]
    near = np.argsort(((DATA.embeddings - query) ** 2).sum(axis=1))[:20]
    folds = np.isin(np.arange(DATA.n_images), near).astype(np.intp)
    rule = VotingRule(2, "euclidean", "distance", 0.07, 1.0)
    (said,) = votes(folds).probabilities(query, [(rule, 1)])
    model = SyndromeKNNClassifier(2, metric="euclidean").fit(DATA.embeddings[folds == 0], CODES[folds == 0])
    wanted = np.exp(log_probabilities(vote_scores(model.predict_proba(query), 2), 1.0))
    np.testing.assert_array_equal(said[:, wanted[0] > 0], wanted)


def test_more_neighbours_than_rows_are_all_rows() -> None:
    rule = VotingRule(500, "cosine", "uniform", 0.07, 1.0)
    whole, part = votes().probabilities(DATA.embeddings[:2], [(rule, None), (rule, 0)])
    assert whole.sum(axis=1) == pytest.approx(1)
    assert part.sum(axis=1) == pytest.approx(1)


def test_a_class_that_is_in_one_fold_alone_has_no_vote_without_it() -> None:
    folds = np.where(CODES == 2, 1, 0)
    rule = VotingRule(3, "cosine", "distance", 0.07, 1.0)
    (said,) = votes(folds).probabilities(DATA.embeddings[-1:], [(rule, 1)])
    assert said[0, 2] == 0
    assert said[0].sum() == pytest.approx(1)


def test_prepared_rows_are_made_anew_in_another_process() -> None:
    rule = VotingRule(3, "cosine", "distance", 0.07, 1.0)
    first = votes()
    asked = first.probabilities(DATA.embeddings, [(rule, 0)])[0]
    again = pickle.loads(pickle.dumps(first)).probabilities(DATA.embeddings, [(rule, 0)])[0]  # noqa: S301  of this test
    np.testing.assert_array_equal(asked, again)
