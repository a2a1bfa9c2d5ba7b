"""Baselines, and the best k beyond the grid, against the best candidate of the grid."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses.baselines.result import BaselineComparison
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.questions import Presentation
from skknn_syndrome.results.candidate import KNN, Candidate, CandidateKey
from skknn_syndrome.results.comparison import Alternative, AlternativeDifference, judging_scores
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.wording import capitalised, head_title, score_title, sentence_list

WITHOUT_EMBEDDINGS = frozenset({"majority", "prior"})
"""Baselines that look at labels alone."""


_CAVEAT = ". The AUC of {} compares distances between images, and says little of their decisions"


def ranked_by_distance(entries: Sequence[CandidateKey], sentence: str) -> str:
    """Return a sentence with those of some rules that have no probabilities; nothing where none is of them.

    Examples
    --------
    >>> ranked_by_distance([CandidateKey(head="nearest_image", params={})], "; {} alone")
    '; nearest image alone'
    """
    names = sorted({entry.head for entry in entries} & {"nearest_centroid", "nearest_image"})
    return sentence.format(sentence_list([head_title(name) for name in names])) if names else ""


def alternatives(study: StudyResult, scores: Sequence[str] | None = None) -> Table:
    """Return each alternative's difference from the best candidate, a row a score.

    Parameters
    ----------
    study : StudyResult
    scores : sequence of str, optional
        Which scores to show, of what looks at embeddings; by default everything.
    """
    entries: tuple[Alternative, ...] = study.analyses.gathered("alternatives")
    larger = " and larger k" if any(entry.kind == "larger_k" for entry in entries) else ""
    repeated = any(entry.n_splits > 1 for entry in entries)
    return Table(
        name="alternatives",
        caption=f"Baselines{larger} minus the best configuration, folds by {study.primary.protocol}: mean "
        f"over {'all folds of the repeated splits' if repeated else 'the folds'}, difference with 95 % "
        "confidence interval, p of the corrected resampled t test after Holm's correction for the other "
        f"scores; intervals are not adjusted{ranked_by_distance(entries, _CAVEAT)}",
        columns=(
            Column("rule", "Method"),
            Column("metric", "Distance"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("mean", "Mean", decimals=3),
            Column("mean_difference", "Difference", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
            Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
            Column("verdict", "Verdict"),
            Column("n_splits", "Splits"),
        ),
        rows=tuple(
            _row(entry, difference)
            for entry in entries
            for difference in entry.differences
            if scores is None or (difference.score in scores and entry.head not in WITHOUT_EMBEDDINGS)
        ),
    )


def _row(entry: Alternative, difference: AlternativeDifference) -> tuple[Cell, ...]:
    return (
        "nearest images" if entry.kind == "larger_k" else head_title(entry.head),
        entry.metric,
        entry.n_neighbors,
        difference.score,
        difference.mean,
        difference.mean_difference,
        difference.low,
        difference.high,
        difference.p_value,
        difference.p_holm,
        difference.verdict,
        entry.n_splits,
    )


_RANKED = "; ranked by distance, having no probabilities: {}"


def baselines(study: StudyResult) -> Table:
    """Return the mean of every score, a row a rule, the best candidates below.

    Without rules there are no rows: candidates alone compare nothing.
    """
    run, found = study.primary, study.find(BaselineComparison)
    entries = () if found is None else found.baselines
    names = [score.name for score in run.candidates[0].all_scores]
    rules = ((head_title(entry.head), entry.metric, None, *_means(entry.scores, names)) for entry in entries)
    candidates = (
        (_rule(best), best.metric, best.weights, *_means(best.scores, names)) for best in run.best.values()
    )
    return Table(
        name=f"baselines_{run.protocol}",
        caption=f"Baselines and the best configurations, folds by {run.protocol}: mean over the "
        f"folds{' of the first split' if study.n_splits > 1 else ''}{ranked_by_distance(entries, _RANKED)}",
        columns=(
            Column("rule", "Method"),
            Column("metric", "Distance"),
            Column("weights", "Weights"),
            *(Column(name, capitalised(score_title(name)), decimals=3) for name in names),
        ),
        rows=(*rules, *candidates) if entries else (),
    )


def _rule(best: Candidate) -> str:
    return f"nearest images, k = {best.n_neighbors}" if best.head == KNN else best.title


def _means(scores: Mapping[str, Score], names: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(scores[name].mean for name in names)


MOST_NAMED = 4
"""Alternatives that a sentence names."""

RANKED_BY_DISTANCE = frozenset({"nearest_centroid", "nearest_image"})
"""Baselines without probabilities. AUC compares their distances between images, which are hardly comparable:
a low one says nothing against their decisions."""


@dataclass(frozen=True)
class AlternativeFindings:
    """What the best candidate was compared with, judged by the deciding score and by macro F1."""

    alternatives: Sequence[Alternative]
    refit: str

    @property
    def scores(self) -> tuple[str, ...]:
        """The scores that judge, the deciding one first."""
        return judging_scores(self.refit)

    @property
    def better(self) -> list[Alternative]:
        """Those that are significantly better by one of the scores, by the deciding score's difference."""
        return self._all_better[:MOST_NAMED]

    @property
    def n_more_better(self) -> int:
        """How many more of them there are."""
        return len(self._all_better) - len(self.better)

    @property
    def _all_better(self) -> list[Alternative]:
        found = [entry for entry in self.alternatives if entry.better_by(*self.scores)]
        return sorted(found, key=self._gain, reverse=True)

    @property
    def ahead(self) -> list[Alternative]:
        """Those that are ahead by one of the scores, by no significant difference, and worse by none."""
        found = [
            entry
            for entry in self.alternatives
            if not {"better", "worse"} & set(self._verdicts(entry))
            and any(difference.mean_difference > 0 for difference in self.differences(entry))
        ]
        return sorted(found, key=self._gain, reverse=True)[:MOST_NAMED]

    @property
    def better_baseline(self) -> Alternative | None:
        """The baseline that is furthest ahead, where one is significantly better by the deciding score."""
        return next(
            (entry for entry in self.better if entry.kind == "baseline" and self._decides(entry)), None
        )

    @property
    def better_k(self) -> Alternative | None:
        """The k beyond the grid that is furthest ahead, where one is significantly better likewise."""
        return next(
            (entry for entry in self.better if entry.kind == "larger_k" and self._decides(entry)), None
        )

    @property
    def tried_larger_k(self) -> bool:
        """Whether any k beyond the grid was compared."""
        return any(entry.kind == "larger_k" for entry in self.alternatives)

    def differences(self, entry: Alternative) -> list[AlternativeDifference]:
        """Return an alternative's differences in the scores that judge it."""
        found = (entry.difference(score) for score in self.scores)
        return [
            difference
            for difference in found
            if difference is not None
            and not (
                entry.head in RANKED_BY_DISTANCE
                and difference.score == "roc_auc_ovr"
                and difference.verdict != "better"
            )
        ]

    def _verdicts(self, entry: Alternative) -> list[str]:
        return [difference.verdict for difference in self.differences(entry)]

    def _decides(self, entry: Alternative) -> bool:
        return bool(entry.better_by(self.refit))

    def _gain(self, entry: Alternative) -> float:
        found = entry.difference(self.refit)
        return float("-inf") if found is None else found.mean_difference


def find_alternatives(study: StudyResult) -> AlternativeFindings | None:
    """Return what the best candidate was compared with; None where it was not."""
    found = study.analyses.gathered("alternatives")
    return AlternativeFindings(found, study.primary.refit) if found else None


def find_baselines(study: StudyResult) -> AlternativeFindings | None:
    """Return the same for the section on baselines, where there are any; it need hold no comparison."""
    found = study.find(BaselineComparison)
    if found is None or not found.baselines:
        return None
    return AlternativeFindings(study.analyses.gathered("alternatives"), study.primary.refit)


def _of_protocol(protocol: ProtocolName) -> Callable[[StudyResult], Table | None]:
    return lambda study: baselines(study) if study.primary.protocol == protocol else None


def _on_screen(study: StudyResult) -> Iterator[Table]:
    judged = alternatives(study, (study.primary.refit, "f1_macro"))
    yield judged.only("rule", "metric", "n_neighbors", "score", "mean_difference", "p_holm")


PRESENTATION = Presentation(
    question="baselines",
    tables={
        "baselines_subject": _of_protocol("subject"),
        "baselines_image": _of_protocol("image"),
        "alternatives": alternatives,
    },
    report_tables={"alternatives": lambda study: alternatives(study, judging_scores(study.primary.refit))},
    findings=find_baselines,
    sections={"supplement": "supplement.qmd"},
    gist=_on_screen,
)
