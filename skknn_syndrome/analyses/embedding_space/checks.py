"""Checks of the embedding space: hubs."""

from skknn_syndrome.analyses.embedding_space.result import DistanceHubness, EmbeddingSpaceAnalysis
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.verdicts import SKEWED
from skknn_syndrome.wording import metric_title


class Hubs(StudyCheck):
    """A few images that are neighbours of very many: they decide more votes than the others."""

    code, name, title = "SK014", "hubs", "Hubs"
    severity = "tip"
    remedy = (
        "Look at the largest hubs, which may be faulty images, and compare with a distance "
        "that has fewer of them."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read the skewness of the k-occurrences under each distance."""
        reason = context.why_not("embedding_space")
        if reason is not None:
            return skipped(reason)
        analysis = context.analyses.find(EmbeddingSpaceAnalysis)
        if analysis is None:
            return not_applicable("A pipeline's distances are not of the embeddings themselves.")
        distances = analysis.hubness.distances
        skewness = {entry.metric: entry.skewness for entry in distances if entry.skewness is not None}
        if not skewness:
            return not_applicable("All images are in equally many lists of neighbours.")
        skewed = [entry for entry in distances if skewness.get(entry.metric, 0.0) >= SKEWED]
        named = "; ".join(_sentence(entry) for entry in skewed)
        figures: dict[str, Figure] = {f"{metric}.skewness": value for metric, value in skewness.items()}
        figures |= {f"{entry.metric}.largest": entry.largest for entry in skewed}
        return judge(
            [f"A few images are neighbours of very many: {named}."] if skewed else [],
            figures,
            otherwise="No image is a neighbour of very many others.",
        )


def _sentence(entry: DistanceHubness) -> str:
    return (
        f"under the {metric_title(entry.metric)} distance one is in {entry.largest} lists of "
        f"{entry.n_neighbors} (skewness {entry.skewness:.1f})"
    )
