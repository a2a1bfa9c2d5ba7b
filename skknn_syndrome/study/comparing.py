"""What image-level folds add to the scores."""

from skknn_syndrome.results import ProtocolDifference, ProtocolResult


def compare_protocols(runs: tuple[ProtocolResult, ...]) -> tuple[ProtocolDifference, ...]:
    """Set image-level beside subject-level scores.

    Parameters
    ----------
    runs : tuple of ProtocolResult
        The study's protocols, run over the same grid.

    Returns
    -------
    tuple of ProtocolDifference
        For each distance, at its best candidate under subject-level folds, one a score; empty where only one
        protocol was run.
    """
    by_protocol = {run.protocol: run for run in runs}
    if set(by_protocol) != {"image", "subject"}:
        return ()
    image, subject = by_protocol["image"], by_protocol["subject"]
    twins = {(candidate.head, candidate.params): candidate for candidate in image.candidates}
    return tuple(
        ProtocolDifference(
            head=best.head,
            params=best.params,
            score=name,
            image_mean=twins[best.head, best.params].scores[name].mean,
            subject_mean=score.mean,
        )
        for best in subject.best.values()
        for name, score in best.scores.items()
    )
