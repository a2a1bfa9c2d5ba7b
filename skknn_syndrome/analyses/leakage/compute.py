"""Subject leakage: subjects in training and test part under several ids, and the inflation by them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import BoolArray, LabelArray, ProtocolName
from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis, LeakInflation, LeakKind
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.study_run import StudyRun
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.neighbors.near_duplicates import AlikePairs, merge_subjects
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.score import Score

MOST_NAMED = 20
"""Groups of subjects that a result names."""


class Folds(NamedTuple):
    """Folds that leaks are measured on."""

    protocol: ProtocolName
    parts: Sequence[IndexSplit]
    missing: str | None = None
    """Why there are none, in half a sentence."""


def find_leaks(
    source: GraphSource,
    pairs: AlikePairs,
    subjects: LabelArray,
    folds: Sequence[Folds],
    best: Sequence[tuple[Candidate, Weights]],
    *,
    grouped: bool,
) -> tuple[Leak, ...]:
    """Name the subjects that may be one person under several ids, or under two syndromes.

    Parameters
    ----------
    source : GraphSource
        Scores any split.
    pairs : AlikePairs
        Images that are alike.
    subjects : array of shape (n_images,)
        As they came.
    folds : sequence of Folds
        By subject, as they came, and by image.
    best : sequence of (Candidate, weights)
        What is scored, and how its neighbours vote.
    grouped : bool
        Whether the study takes linked subjects for one person.

    Returns
    -------
    tuple of Leak
        Exact copies, near copies, subjects under two syndromes: what there is of these. The first two are
        measured on the folds by subject. A subject under two syndromes is kept together by those, so it is
        measured on the folds by image.
    """
    by_subject, by_image = folds
    leaks = []
    kinds: list[tuple[LeakKind, BoolArray]] = [
        ("exact_copies", pairs.exact),
        ("near_copies", ~pairs.exact),
    ]
    for kind, chosen in kinds:
        if chosen.any():
            leaks.append(
                _copies_leak(kind, pairs.chosen(chosen), source, subjects, by_subject, best, grouped=grouped)
            )
    names, first, people = np.unique(subjects, return_index=True, return_inverse=True)
    classes, truth = np.unique(source.labels, return_inverse=True)
    held = np.unique(people * len(classes) + truth) // len(classes)
    several = np.bincount(held) > 1
    if several.any():
        told = names[several]
        listed = told[np.argsort(first[several])][:MOST_NAMED]
        concerned = np.isin(subjects, told)
        persons = np.where(concerned, subjects, "")
        inflations, unmeasured = _inflations(source, by_image, persons, concerned, best)
        leaks.append(
            Leak(
                kind="two_syndromes",
                protocol=by_image.protocol,
                cosine_above=None,
                n_pairs=None,
                n_images=int(concerned.sum()),
                n_subjects=len(told),
                subjects=tuple((str(name),) for name in listed),
                syndromes=_syndromes(source.labels, concerned),
                inflations=inflations,
                unmeasured=unmeasured,
                subject_syndromes=tuple(_syndromes(source.labels, subjects == name) for name in listed),
            )
        )
    return tuple(leaks)


def _copies_leak(
    kind: LeakKind,
    pairs: AlikePairs,
    source: GraphSource,
    subjects: LabelArray,
    folds: Folds,
    best: Sequence[tuple[Candidate, Weights]],
    *,
    grouped: bool,
) -> Leak:
    persons = merge_subjects(pairs, subjects)
    linked = np.unique(persons[np.concatenate([pairs.first, pairs.second])])
    concerned = np.isin(persons, linked)
    ids = _ids(persons[concerned], subjects[concerned])
    listed = list(dict.fromkeys(persons[pairs.first]))[:MOST_NAMED]  # the most alike first
    inflations, unmeasured = _inflations(source, folds, persons, concerned, best)
    return Leak(
        kind=kind,
        protocol=folds.protocol,
        cosine_above=pairs.threshold,
        n_pairs=len(pairs.first),
        n_images=int(concerned.sum()),
        n_subjects=sum(len(names) for names in ids.values()),
        subjects=tuple(ids[person] for person in listed),
        syndromes=_syndromes(source.labels, concerned),
        inflations=inflations,
        unmeasured=unmeasured,
        grouped=grouped,
        subject_syndromes=tuple(_syndromes(source.labels, persons == person) for person in listed),
    )


def _ids(persons: LabelArray, subjects: LabelArray) -> dict[str, tuple[str, ...]]:
    """Return the ids of each person, sorted."""
    found: dict[str, set[str]] = {}
    for person, subject in zip(persons, subjects, strict=True):
        found.setdefault(person, set()).add(subject)
    return {person: tuple(map(str, sorted(names))) for person, names in found.items()}


def _syndromes(labels: LabelArray, concerned: BoolArray) -> tuple[str, ...]:
    return tuple(str(label) for label in np.unique(labels[concerned]))


def _inflations(
    source: GraphSource,
    folds: Folds,
    persons: LabelArray,
    concerned: BoolArray,
    best: Sequence[tuple[Candidate, Weights]],
) -> tuple[tuple[LeakInflation, ...], str | None]:
    """Score the same test parts with and without the persons concerned in the training parts."""
    if folds.missing is not None:
        return (), folds.missing
    purged = [
        (train[~(concerned[train] & np.isin(persons[train], persons[test][concerned[test]]))], test)
        for train, test in folds.parts
    ]
    n_emptied = sum(not len(train) for train, _ in purged)
    found = [
        entry
        for candidate, weights in best
        for entry in _compare(source, folds.parts, None if n_emptied else purged, candidate, weights)
    ]
    if not n_emptied:
        return tuple(found), None
    which = f"{n_emptied} of {len(purged)} {folds.protocol}-level folds"
    return tuple(found), f"nobody else is left to train on in {which}"


def _compare(
    source: GraphSource,
    parts: Sequence[IndexSplit],
    purged: Sequence[IndexSplit] | None,
    candidate: Candidate,
    weights: Weights,
) -> Iterator[LeakInflation]:
    original = _scores(source, parts, candidate, weights)
    without = {} if purged is None else _scores(source, purged, candidate, weights)
    for name, score in original.items():
        other = without.get(name)
        # Means over different folds are not to be compared.
        yield LeakInflation(
            head=candidate.head,
            params=candidate.params,
            score=name,
            original=score.mean,
            purged=other.mean if other is not None and other.n_defined == score.n_defined else None,
        )


def _scores(
    source: GraphSource, parts: Sequence[IndexSplit], candidate: Candidate, weights: Weights
) -> Mapping[str, Score]:
    alone = {
        "metric": [candidate.metric],
        "n_neighbors": [candidate.n_neighbors],
        "weights": [weights],
    }
    tables = source.score_grid(alone, parts)
    return {name: Score.from_values(name, tables[name][0].tolist()) for name in names_among(tables)}


def measure_leakage(study: StudyRun) -> LeakageAnalysis | None:
    """Name subjects that may be one person; None without a graph with cosine distance."""
    run, subjects = study.runs[0], study.space.subjects
    source, settings, data = run.source, run.settings, run.data
    if subjects is None or not isinstance(settings.cv, int):
        return None
    if not isinstance(source, GraphSource) or "cosine" not in source.graph.metrics:
        return None
    by_image = make_splits(data.labels, None, cv=settings.cv, random_state=settings.random_state)
    found = find_leaks(
        source,
        study.space.pairs,
        subjects,
        [_by_subject(study), Folds("image", by_image.as_cv())],
        [(best, run.voting(best)["weights"]) for best in run.scored.best.values()],
        grouped=study.grouped,
    )
    return LeakageAnalysis(leaks=found)


def _by_subject(study: StudyRun) -> Folds:
    """Divide by subject; with few subjects, a study by image may have more folds than can be made so."""
    settings = study.settings
    try:
        splits = make_splits(
            study.data.labels, study.space.subjects, cv=settings.cv, random_state=settings.random_state
        )
    except StudySettingsError:
        return Folds("subject", (), f"the subjects can't be divided into {settings.cv} folds")
    return Folds("subject", splits.as_cv())


COST = Cost(
    "folds with and without near-duplicates, scored anew",
    (
        Term(6.4, "sort", ("images", "classes", "distances")),
        Term(0.0, "product", ("images", "images", "features")),
    ),
)

COMPUTATION = Computation(
    question="leakage", cost=COST, compute=measure_leakage, needs="neighbors", of_study=True
)
