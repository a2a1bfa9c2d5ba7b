"""How resampling changes the sizes of the syndromes."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.ablation.columns import RESAMPLER, SCALER
from skknn_syndrome.tables.table import Column, Table


def preprocessing_classes(result: AblationResult) -> Table:
    """Return a row a scaler, resampler and syndrome: how many rows there were, and how many there are."""
    return Table(
        name="preprocessing_classes",
        caption="Rows of each syndrome before and after all rows went through a variant",
        columns=(
            SCALER,
            RESAMPLER,
            Column("syndrome", "Syndrome"),
            Column("before", "Before"),
            Column("after", "After"),
        ),
        rows=tuple(
            (count.scaler, count.resampler, count.syndrome, count.before, count.after)
            for count in result.class_counts
        ),
    )
