"""What simpler rules reach on the same folds."""

from collections.abc import Mapping, Sequence

from skknn_syndrome.results import ProtocolResult, Score
from skknn_syndrome.results.baseline import Baseline
from skknn_syndrome.results.candidate import KNN, Candidate
from skknn_syndrome.tables.alternatives import ranked_by_distance
from skknn_syndrome.tables.table import Cell, Column, Table
from skknn_syndrome.wording import capitalised, head_title, score_title

_RANKED = "; ranked by distance, having no probabilities: {}"


def baselines(entries: Sequence[Baseline], run: ProtocolResult) -> Table:
    """Return the mean of every score, a row a rule, the best candidates of `run` below.

    Without rules there are no rows: candidates alone compare nothing.
    """
    names = [score.name for score in run.candidates[0].all_scores]
    rules = ((head_title(entry.head), entry.metric, None, *_means(entry.scores, names)) for entry in entries)
    candidates = (
        (_rule(best), best.metric, best.weights, *_means(best.scores, names)) for best in run.best.values()
    )
    several = run.repeats is not None and len(run.repeats.seeds) > 1
    return Table(
        name=f"baselines_{run.protocol}",
        caption=f"Baselines and the best candidates, folds by {run.protocol}: mean over the "
        f"folds{' of the first split' if several else ''}{ranked_by_distance(entries, _RANKED)}",
        columns=(
            Column("rule", "Rule"),
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
