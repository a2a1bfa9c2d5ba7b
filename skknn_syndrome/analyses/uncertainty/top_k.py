"""Top-k accuracy of the best configuration as bars with confidence intervals."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from skknn_syndrome.analyses.uncertainty.result import UncertaintyAnalysis
from skknn_syndrome.display.prose import percent
from skknn_syndrome.display.style import COLOURS
from skknn_syndrome.languages import gettext
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.study import StudyResult

KS = (1, 3, 5)
"""What is shown, as far as there are more classes."""
SIZE = (4.2, 1.75)


@dataclass(frozen=True)
class TopShare:
    """In what share of the images the correct class is among the k ranked first."""

    k: int
    share: float
    low: float | None
    """Of the confidence interval of the pooled predictions; None where there is none."""
    high: float | None

    @property
    def name(self) -> str:
        """Of the score."""
        return f"top_{self.k}_accuracy"


def find_top_shares(study: StudyResult) -> list[TopShare]:
    """Return top-1, top-3 and top-5 accuracy of the best configuration, pooled where that was resampled.

    A k that names all classes says nothing, and is left out.
    """
    found, winner = study.find(UncertaintyAnalysis), study.primary.winner
    pooled = None if found is None else entry_of(found.pooled, winner)
    shares = []
    for k in (k for k in KS if k < len(study.dataset.syndromes)):
        name = f"top_{k}_accuracy"
        interval = None if pooled is None else pooled.scores.get(name)
        if interval is not None and interval.estimate is not None:
            shares.append(TopShare(k, interval.estimate, interval.low, interval.high))
        elif name in winner.scores and (mean := winner.scores[name].mean) is not None:
            shares.append(TopShare(k, mean, None, None))
    return shares


def draw_top_k(study: StudyResult) -> Figure | None:
    """Return a bar a k with its value beside it; None where no top-k accuracy is defined."""
    shares = find_top_shares(study)
    if not shares:
        return None
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    places = range(len(shares))
    axes.barh(places, [100 * entry.share for entry in shares], color=COLOURS[0], height=0.6)
    for place, entry in enumerate(shares):
        if entry.low is not None and entry.high is not None:
            axes.plot([100 * entry.low, 100 * entry.high], [place, place], color="black", linewidth=1.4)
        axes.text(3, place, percent(entry.share), color="white", va="center", weight="bold", fontsize=9)
    axes.set_yticks(places, [gettext("Top %(k)s") % {"k": entry.k} for entry in shares])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel(gettext("Images with the correct syndrome among the first k (%)"), fontsize=9)
    axes.grid(visible=False, axis="y")
    return figure


def describe_top_k(study: StudyResult) -> str:
    """Return the alternative text."""
    bars = "; ".join(map(_described, find_top_shares(study)))
    return gettext("Bars of top-k accuracy: %(bars)s.") % {"bars": bars}


def _described(entry: TopShare) -> str:
    said = gettext("top %(k)s, %(share)s") % {"k": entry.k, "share": percent(entry.share)}
    if entry.low is None:
        return said
    interval = gettext("95 %% confidence interval %(low)s to %(high)s")
    return f"{said}, {interval % {'low': percent(entry.low), 'high': percent(entry.high)}}"
