"""Evidence for an answer: neighbours by two distances, odds, and the answer without the nearest subject."""

from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.crossval.nested_models import Images
from skknn_syndrome.crossval.tasks import task_of
from skknn_syndrome.errors import Argument, ParameterError, nearest_name, quote
from skknn_syndrome.model.ensemble import NeighborModels
from skknn_syndrome.model.fitting import contender
from skknn_syndrome.model.inputs import Cases
from skknn_syndrome.model.parts import Parts
from skknn_syndrome.model.predicting import predict
from skknn_syndrome.model.tempered import fit_tempered
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows
from skknn_syndrome.neighbors.weighting import neighbor_weights
from skknn_syndrome.results.explanation import (
    ClassDistances,
    Explanation,
    Neighbor,
    Odds,
    Vote,
    WithoutSubject,
)
from skknn_syndrome.results.prediction import Prediction
from skknn_syndrome.results.verdicts import ROUNDING

USUAL_VOTE = Vote(n_neighbors=15, metric="cosine", weights="distance", decides=False)
"""Shown beside a head that does not vote: that of `SyndromeKNNClassifier` by default."""
MOST_DISTANCES = 200
"""Of each class, that a figure shows."""


class Ranked(NamedTuple):
    """Distances to all images of the gallery by one metric."""

    distances: Float64Array
    """Shape (n_images,)."""
    order: IndexArray
    """Row numbers, the nearest first; of equals the first in the gallery."""

    @property
    def ranks(self) -> IndexArray:
        """Shape (n_images,): the rank of each, from 1."""
        found = np.empty_like(self.order)
        found[self.order] = np.arange(1, len(self.order) + 1)
        return found


def explain(parts: Parts, cases: Cases, image_id: str | None, *, n_neighbors: int) -> Explanation:
    """Show what the answer about one of several cases rests on.

    Parameters
    ----------
    parts : Parts
    cases : Cases
    image_id : str or None
        Which; None where there is one.
    n_neighbors : int

    Returns
    -------
    Explanation

    Raises
    ------
    ParameterError
        There is no such image, or several and none was named.
    """
    case = cases.only(_place(cases, image_id))
    settings = parts.card.settings
    said = predict(parts, case, coverage=settings.coverage, top_k=None).images[0]
    by = {metric: _ranked(parts, case, metric) for metric in ("cosine", "euclidean")}
    vote = _vote(parts)
    nearest = by["cosine"].order[: max(1, n_neighbors)]
    shares = _shares(parts, case, vote)
    return Explanation(
        prediction=said,
        neighbors=tuple(_neighbor(parts, int(row), by, shares) for row in nearest),
        vote=vote,
        distances=_by_class(parts, said, by["cosine"].distances),
        without_nearest=_without_nearest(parts, case, said, int(nearest[0])),
        odds=_odds(parts, said),
        in_gallery=bool(by["cosine"].distances[nearest[0]] < ROUNDING),
        card=parts.card,
    )


def _place(cases: Cases, image_id: str | None) -> int:
    names = cases.images.tolist()
    if image_id is None:
        if len(names) == 1:
            return 0
        raise ParameterError(
            f"There are {len(names):,} images, and an explanation is of one: name it by {{image}}.",
            code="no_image_named",
            parameter="image_id",
            image=Argument("image_id", names[0]),
        )
    if not isinstance(image_id, str):
        raise ParameterError(
            f"image_id is a {type(image_id).__name__}: give an id as text, such as {quote(names[0])}.",
            code="no_id",
            parameter="image_id",
        )
    if image_id not in names:
        nearest = nearest_name(image_id, names)
        hint = f" The first is {quote(names[0])}." if nearest is None else f" Did you mean {quote(nearest)}?"
        raise ParameterError(
            f"There is no image {quote(image_id)} among the {len(names):,}.{hint}",
            code="no_such_image",
            parameter="image_id",
        )
    return int(np.flatnonzero(cases.images == image_id)[0])


def _ranked(parts: Parts, case: Cases, metric: str) -> Ranked:
    rows, gallery = prepare_rows(case.rows, metric), prepare_rows(parts.gallery.rows, metric)
    distances = PAIRWISE[metric](rows, gallery)[0]
    return Ranked(distances, np.argsort(distances, kind="stable"))


def _vote(parts: Parts) -> Vote:
    if not isinstance(parts.ensemble, NeighborModels):
        return USUAL_VOTE
    rule = parts.ensemble.whole
    return Vote(n_neighbors=rule.n_neighbors, metric=rule.metric, weights=rule.weights, decides=True)


def _shares(parts: Parts, case: Cases, vote: Vote) -> Float64Array:
    """Return each image's share of the vote, shape (n_images,)."""
    ranked = _ranked(parts, case, vote.metric)
    voting = ranked.order[: vote.n_neighbors]
    temperature = parts.ensemble.whole.temperature if isinstance(parts.ensemble, NeighborModels) else 1.0
    weights = neighbor_weights(ranked.distances[voting][None], vote.weights, temperature)[0]  # type: ignore[arg-type] # by its name
    shares = np.zeros(len(ranked.distances))
    shares[voting] = weights / weights.sum()
    return shares


def _neighbor(parts: Parts, row: int, by: dict[str, Ranked], shares: Float64Array) -> Neighbor:
    gallery, cosine, euclidean = parts.gallery, by["cosine"], by["euclidean"]
    return Neighbor(
        name=parts.card.classes[gallery.codes[row]],
        subject=None if gallery.subjects is None else str(gallery.subjects[row]),
        image=str(gallery.images[row]),
        cosine=float(cosine.distances[row]),
        euclidean=float(euclidean.distances[row]),
        cosine_rank=int(cosine.ranks[row]),
        euclidean_rank=int(euclidean.ranks[row]),
        vote_share=min(1.0, float(shares[row])),
    )


def _by_class(parts: Parts, said: Prediction, distances: Float64Array) -> tuple[ClassDistances, ...]:
    found = []
    for entry in said.ranking:
        own = np.sort(distances[parts.gallery.codes == parts.card.classes.index(entry.name)])
        found.append(
            ClassDistances(
                name=entry.name,
                n_images=len(own),
                nearest=tuple(own[:MOST_DISTANCES].tolist()),
                median=float(np.median(own)),
            )
        )
    return tuple(found)


def _odds(parts: Parts, said: Prediction) -> Odds:
    first, second = said.ranking[:2]
    counts = {entry.syndrome: entry.n_images for entry in parts.card.dataset.syndromes}
    head = parts.known_head
    starts_there = head is not None and head.uses_class_shares
    return Odds(
        first=first.name,
        second=second.name,
        prior=counts[first.name] / counts[second.name] if starts_there else None,
        posterior=first.probability / second.probability if second.probability > ROUNDING else None,
    )


def _without_nearest(parts: Parts, case: Cases, said: Prediction, nearest: int) -> WithoutSubject | None:
    """Fit the head with its parameters to all others, and ask again."""
    gallery, card = parts.gallery, parts.card
    subject = None if gallery.subjects is None else str(gallery.subjects[nearest])
    away: BoolArray = (
        np.arange(len(gallery.rows)) == nearest if gallery.subjects is None else gallery.subjects == subject
    )
    labels = np.array(card.classes)[gallery.codes[~away]]
    head = parts.known_head
    if head is None or len(np.unique(labels)) < 2:  # noqa: PLR2004  nothing to be told apart
        return None
    task = task_of(labels)
    images = Images(
        gallery.rows[~away],
        task.encode(labels, len(labels)),
        None if gallery.subjects is None else gallery.subjects[~away],
        task,
    )
    settings = card.settings
    model, _ = fit_tempered(
        contender(head.for_task(task.name), {param.name: param.value for param in card.params}),
        images,
        np.arange(len(labels)),
        inner_cv=settings.inner_cv,
        refit=settings.refit,
        random_state=settings.random_state,
    )
    found = dict(zip(images.target.classes.tolist(), model.probabilities(case.rows)[0].tolist(), strict=True))
    best = max(found, key=lambda name: found[name])
    return WithoutSubject(
        subject=subject,
        n_images=int(away.sum()),
        name=best,
        probability=min(1.0, found[best]),
        of_first=min(1.0, found.get(said.name, 0.0)),
        changes=best != said.name,
    )
