"""What the names of scalers and resamplers stand for."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.table import Column, Table


def preprocessing_steps(result: AblationResult) -> Table:
    """Return a row a scaler or resampler, as it would be written in Python."""
    return Table(
        name="preprocessing_steps",
        caption="Scalers and resamplers; samplers without a seed of their own get the split's",
        columns=(
            Column("kind", "Kind"),
            Column("step", "Name"),
            Column("description", "In Python", longest=200),
        ),
        rows=tuple((step.kind, step.name, step.description) for step in result.steps),
    )
