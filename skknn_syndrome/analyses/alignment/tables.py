"""Tables of an alignment: correlations and tests, power, the contribution of each class, all pairs."""

from dataclasses import replace

from skknn_syndrome.analyses.alignment.result import AlignmentAnalysis, Method
from skknn_syndrome.display.prose import with_ends
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.results.verdicts import SMALLEST_P

COEFFICIENTS: dict[Method, str] = {"pearson": "Pearson", "spearman": "Spearman", "kendall": "Kendall"}
MOST_ROWS = 20
"""Classes that the report lists; all are in the CSV file."""
_P = Column("p_value", "Mantel p", decimals=3, least=SMALLEST_P)


def correlations(found: AlignmentAnalysis) -> Table:
    """Return a row a coefficient: all pairs, then given what may account for it."""
    whole = tuple(
        (COEFFICIENTS[entry.method], None, entry.estimate, entry.low, entry.high, entry.p_value)
        for entry in found.all_correlations
    )
    given = tuple(
        ("Pearson", entry.nuisance, entry.estimate, None, None, entry.p_value) for entry in found.partial
    )
    untested = any(
        entry.estimate is not None and entry.n_permutations == 0 for entry in found.all_correlations
    )
    left_out = "; for so many classes, Kendall's is not tested, and Spearman's has no interval"
    return Table(
        name="alignment_correlations",
        caption="Correlation of visual with reference distances over all pairs of classes, and given "
        f"further distances (partial Mantel test){left_out if untested else ''}",
        columns=(
            Column("coefficient", "Coefficient"),
            Column("given", "Given"),
            Column("correlation", "Correlation", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            _P,
        ),
        rows=whole + given,
    )


def correlations_for_report(found: AlignmentAnalysis) -> Table:
    """Return the same with intervals beside the figures."""
    whole = correlations(found)
    return Table(
        name=whole.name,
        caption=whole.caption,
        columns=(whole.columns[0], whole.columns[1], Column("correlation", "Correlation"), _P),
        rows=tuple(
            (coefficient, given, with_ends(estimate, low, high), p_value)
            for coefficient, given, estimate, low, high, p_value in whole.rows
            if not isinstance(estimate, str) and not isinstance(low, str) and not isinstance(high, str)
        ),
    )


def power(found: AlignmentAnalysis) -> Table:
    """Return a row a correlation that was simulated."""
    return Table(
        name="alignment_power",
        caption="Power: share of simulations in which the Mantel test finds a correlation of this size with "
        "this reference at the level 0.05 (one-sided)",
        columns=(Column("correlation", "Correlation", decimals=2), Column("power", "Power", decimals=2)),
        rows=tuple((point.correlation, point.power) for point in found.power),
    )


def contributions(found: AlignmentAnalysis) -> Table:
    """Return a row a class, in the order of the reference."""
    pearson = found.correlations["pearson"].estimate
    return Table(
        name="alignment_classes",
        caption="Each class: the correlation of its distances to all others (its own), that of all pairs "
        "without it, and by how much this differs from the correlation of all",
        columns=(
            Column("class", "Class"),
            Column("n_images", "Images"),
            Column("n_subjects", "Subjects"),
            Column("correlation", "Its own", decimals=3),
            Column("without", "Without it", decimals=3),
            Column("change", "Change", decimals=4),
        ),
        rows=tuple(
            (
                *(entry.name, entry.n_images, entry.n_subjects, entry.estimate, entry.without),
                None if entry.without is None or pearson is None else entry.without - pearson,
            )
            for entry in found.contributions
        ),
    )


def contributions_for_report(found: AlignmentAnalysis) -> Table:
    """Return the classes without which the correlation differs most, these first."""
    whole = contributions(found)
    rows = sorted(whole.rows, key=lambda row: -abs(row[-1]) if isinstance(row[-1], float) else 0.0)
    cut = f"; the {MOST_ROWS} of {len(rows)} that change it most" if len(rows) > MOST_ROWS else ""
    return replace(whole, caption=f"{whole.caption}{cut}", rows=tuple(rows[:MOST_ROWS]))


def pairs(found: AlignmentAnalysis) -> Table:
    """Return a row a pair of classes."""
    return Table(
        name="class_distances",
        caption="Visual and reference distance of each pair of classes",
        columns=(
            Column("first", "First"),
            Column("second", "Second"),
            Column("visual", "Visual"),
            Column("reference", "Reference"),
        ),
        rows=tuple(found.pairs()),
    )
