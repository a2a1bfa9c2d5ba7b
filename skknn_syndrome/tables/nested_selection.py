"""What a search chooses inside the folds, and what choosing on the reporting folds adds."""

from collections import Counter

from skknn_syndrome.results import NestedSelection
from skknn_syndrome.tables.table import Column, Table


def nested_choices(nested: NestedSelection) -> Table:
    """Return how often each candidate was chosen, the most frequent first."""
    counts = Counter((choice.metric, choice.weights, choice.n_neighbors) for choice in nested.choices)
    return Table(
        name="nested_choices",
        caption="Candidates chosen inside the training parts, and in how many folds",
        columns=(
            Column("metric", "Distance"),
            Column("weights", "Weights"),
            Column("n_neighbors", "k"),
            Column("n_folds", "Folds"),
            Column("share", "Share of the folds", decimals=2),
        ),
        rows=tuple(
            (*candidate, count, count / len(nested.choices))
            for candidate, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def optimism(nested: NestedSelection) -> Table:
    """Return both means of every score and how far they lie apart, a row a score."""
    by_name = {score.name: score for score in nested.all_scores}
    return Table(
        name="optimism",
        caption="What choosing and reporting on the same folds adds: mean over the folds of the candidate "
        "chosen on them, mean and standard deviation of those chosen inside the training parts",
        columns=(
            Column("score", "Score"),
            Column("chosen_mean", "Chosen on these folds"),
            Column("nested_mean", "Chosen inside"),
            Column("nested_std", "SD"),
            Column("optimism", "Optimism"),
        ),
        rows=tuple(
            (entry.score, entry.chosen_mean, entry.nested_mean, by_name[entry.score].std, entry.difference)
            for entry in nested.optimism
        ),
    )
