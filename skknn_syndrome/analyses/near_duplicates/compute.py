"""Near-duplicates of a data set, with the sensitivity of their detection."""

from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.study_run import DatasetRun
from skknn_syndrome.neighbors.near_duplicates import name_pairs
from skknn_syndrome.questions import Description


def describe_near_duplicates(run: DatasetRun) -> NearDuplicatesAnalysis | None:
    """Name the pairs of images that may show one person; None where there are no subject ids."""
    dataset, space = run.dataset, run.space
    if dataset.subjects is None:
        return None
    found = name_pairs(
        space.pairs, dataset.syndromes, dataset.subjects, dataset.images, sensitivity=space.sensitivity
    )
    return NearDuplicatesAnalysis(near_duplicates=found)


COST = Cost(
    "pairs of images that are nearly equal, from the graph, and copies of a sample searched again",
    (
        Term(560.0, "sort", ("images",)),
        Term(0.0, "product", ("images", "images", "features")),
    ),
)

DESCRIPTION = Description(question="near_duplicates", cost=COST, describe=describe_near_duplicates)
