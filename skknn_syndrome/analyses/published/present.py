"""Published figures beside this study's, and beside a second run of their protocol."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from skknn_syndrome.analyses.published.result import (
    DistanceClaim,
    PublishedScores,
    ReproducedRow,
    Reproduction,
    TableReview,
    Verdict,
)
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.questions import Presentation
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import capitalised, metric_title, one_line, score_title


def published_comparison(study: StudyResult) -> Table:
    """Return published and reproduced scores of the same distance, k and weighting, folds by image.

    Only what the source did on untouched embeddings with a nearest-neighbour classifier is comparable. Folds
    may differ: the source's seed need not be the study's.
    """
    return Table(
        name="published_comparison",
        caption="Published scores and this study's, folds by image, same distance and k, votes by distance",
        columns=(
            Column("source", "Source"),
            Column("table", "Table"),
            Column("distance", "Distance"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("published", "Published"),
            Column("reproduced", "This study"),
            Column("difference", "Difference"),
        ),
        rows=tuple(_rows(study)),
    )


def _rows(study: StudyResult) -> Iterator[tuple[Cell, ...]]:
    candidates = {
        (candidate.metric, candidate.n_neighbors): candidate
        for run in study.protocols
        if run.protocol == "image"
        for candidate in run.candidates
        if candidate.weights == "distance"
    }
    found = study.find(PublishedScores)
    for entry in () if found is None else found.published:
        candidate = candidates.get((entry.distance, entry.n_neighbors or 0))
        if candidate is not None and _is_comparable(entry, candidate):
            mean = candidate.scores[entry.score].mean
            yield (
                entry.source,
                entry.table,
                entry.distance,
                entry.n_neighbors,
                entry.score,
                entry.value,
                mean,
                None if mean is None else mean - entry.value,
            )


def _is_comparable(entry: PublishedScore, candidate: Candidate) -> bool:
    return entry.classifier == "knn" and entry.dataset == "original" and entry.score in candidate.scores


@dataclass(frozen=True)
class PublishedFindings:
    """Published scores that a study has a counterpart of."""

    table: Table

    @property
    def n_scores(self) -> int:
        """How many there are."""
        return len(self.table.rows)

    @property
    def largest_difference(self) -> float:
        """Between a published score and its counterpart."""
        return max(abs(row[-1]) for row in self.table.rows if isinstance(row[-1], float))


def find_published(study: StudyResult) -> PublishedFindings | None:
    """Return the published scores that a study has a counterpart of; None where it has none."""
    table = published_comparison(study)
    return PublishedFindings(table) if table.rows else None


VERDICTS: dict[Verdict, str] = {
    "reproduced": "reproduced",
    "within_ties": "within tie band",
    "within_draws": "within spread",
    "not_reproducible": "not reproducible",
}


def reproduction_tables(result: Reproduction) -> tuple[Table, ...]:
    """Return all tables of a reproduction; that of the classes only where the source balanced them."""
    tables = (reproduced_rows(result), reproduced_scores(result))
    return (*tables, balanced_classes(result)) if result.balanced else tables


def narrow_tables(result: Reproduction) -> tuple[Table, ...]:
    """Return the same with the columns that fit into 80 characters; `remarks` has what the others say."""
    rows, scores, *rest = reproduction_tables(result)
    short = {"reproduced": "Again", "difference": "Differs"}
    columns = tuple(
        replace(column, heading=short.get(column.key, column.heading)) for column in scores.columns
    )
    return (
        replace(scores, columns=columns).only(
            "dataset", "distance", "n_neighbors", "score", "published", *short
        ),
        rows.only("table", "dataset", "distance", "n_neighbors", "verdict"),
        *rest,
    )


def remarks(result: Reproduction) -> tuple[str, ...]:
    """Return a line a row of which more is to be said: ties, copied figures, why it does not come out."""
    found = ((row, " ".join(_said_of(row, result.decimals))) for row in result.rows)
    return tuple(
        f"{row.table}, {row.dataset}, {metric_title(row.distance)}, k = {row.n_neighbors}: {said}"
        for row, said in found
        if said
    )


def _said_of(row: ReproducedRow, decimals: int) -> Iterator[str]:
    for score in row.scores:
        if score.verdict == "within_ties":
            yield (
                f"{capitalised(score_title(score.score))} of {score.published:.{decimals}f} lies inside the "
                f"tie band [{score.low:.{decimals}f}, {score.high:.{decimals}f}]."
            )
    if row.repeats:
        yield f"The same figures as {row.repeats}, digit by digit."
    if row.reason:
        yield row.reason


def reproduced_rows(result: Reproduction) -> Table:
    """Return a row a published configuration: its verdict, and why."""
    return Table(
        name="reproduced_rows",
        caption=f"{result.source}: what comes out again{_other_data(result)}",
        columns=(
            Column("table", "Table"),
            Column("dataset", "Embeddings"),
            Column("distance", "Distance"),
            Column("n_neighbors", "k"),
            Column("verdict", "Verdict"),
            Column("share_choosing_k", "Runs that choose this k", decimals=2),
            Column("n_draws", "Runs"),
            Column("repeats", "Same figures as"),
            Column("figures_of", "Figures of"),
            Column("reason", "Why", longest=400),
        ),
        rows=tuple(
            (
                row.table,
                row.dataset,
                row.distance,
                row.n_neighbors,
                VERDICTS[row.verdict],
                row.share_choosing_k,
                row.n_draws,
                row.repeats,
                row.figures_of,
                row.reason,
            )
            for row in result.rows
        ),
    )


def reproduced_scores(result: Reproduction) -> Table:
    """Return a row a published figure: published, reproduced, difference, bounds, verdict."""
    decimals = result.decimals + 1
    return Table(
        name="reproduced_scores",
        caption=f"{result.source}: every figure, published and reproduced{_other_data(result)}",
        columns=(
            Column("table", "Table"),
            Column("dataset", "Embeddings"),
            Column("distance", "Distance"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("published", "Published", decimals=result.decimals),
            Column("reproduced", "Reproduced", decimals=decimals),
            Column("difference", "Difference", decimals=decimals),
            Column("std", "SD over runs", decimals=decimals),
            Column("low", "From", decimals=decimals),
            Column("high", "To", decimals=decimals),
            Column("verdict", "Verdict"),
        ),
        rows=tuple(
            (
                row.table,
                row.dataset,
                row.distance,
                row.n_neighbors,
                score.score,
                score.published,
                score.reproduced,
                score.difference,
                score.std,
                score.low,
                score.high,
                VERDICTS[score.verdict],
            )
            for row in result.rows
            for score in row.scores
        ),
    )


def balanced_classes(result: Reproduction) -> Table:
    """Return a row a syndrome: its images before and after balancing."""
    return Table(
        name="balanced_classes",
        caption=f"{result.source}: images per syndrome, before and after balancing",
        columns=(Column("syndrome", "Syndrome"), Column("before", "Before"), Column("after", "After")),
        rows=tuple((entry.syndrome, entry.before, entry.after) for entry in result.balanced),
    )


OUTCOMES = {"found": "found", "passed": "", "unknown": "not known"}


def checked_tables(review: TableReview) -> Table:
    """Return a row a check, and what came of it in a column for each data set."""
    sets = list(dict.fromkeys(finding.dataset for finding in review.findings))
    outcomes = {(finding.title, finding.dataset): OUTCOMES[finding.outcome] for finding in review.findings}
    titles = dict.fromkeys(finding.title for finding in review.findings)
    return Table(
        name="checked_tables",
        caption=f"{review.source}: what its tables say by themselves",
        columns=(Column("check", "Looked for"), *(Column(name, name) for name in sets)),
        rows=tuple((title, *(outcomes[title, name] for name in sets)) for title in titles),
    )


def review_remarks(review: TableReview) -> tuple[str, ...]:
    """Return a line a finding: the data set, what was found, and the figures that carry it."""
    return tuple(f"{entry.dataset}. {entry.title}: {entry.message}" for entry in review.found)


def claim_table(claim: DistanceClaim) -> Table:
    """Return a row for each part of a published correlation: its figure, and what the reference says."""
    return Table(
        name="distance_claim",
        caption=f"{claim.source}: {one_line(claim.reference, longest=60)}, {claim.n_classes} classes",
        columns=(
            Column("part", "Looked at"),
            Column("published", "Claimed"),
            Column("on_reference", "On this reference"),
        ),
        rows=tuple(
            (
                finding.title,
                *(_claimed(finding.check, value) for value in (finding.published, finding.on_reference)),
            )
            for finding in claim.findings
        ),
    )


def claim_remarks(claim: DistanceClaim) -> tuple[str, ...]:
    """Return a line for each part, behind one that says of which reference the figures are not."""
    parts = (f"{finding.title}: {finding.message}" for finding in claim.findings)
    return (*filter(None, [claim.other_reference]), *parts)


def _claimed(check: str, value: float) -> str:
    if check == "pairs":
        return f"{value:,.0f}"
    if check == "independence":
        return f"{100 * value:.1f} %"
    return f"{value:.4g}" if check == "p_value" else f"{value:.3f}"


def _other_data(result: Reproduction) -> str:
    return "" if result.same_data else "; these are not the embeddings that the source had"


PRESENTATION = Presentation(
    question="published",
    tables={"published_comparison": published_comparison},
    findings=find_published,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
