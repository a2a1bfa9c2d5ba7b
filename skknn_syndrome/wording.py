"""How names are shown to people."""

import re
from collections.abc import Mapping, Sequence

from skknn_syndrome.languages import gettext, noun_counted, pgettext, written
from skknn_syndrome.metrics import registry


def score_title(name: str) -> str:
    """Return a score's name for prose; of one that is not registered the name.

    Examples
    --------
    >>> score_title("f1_macro")
    'macro F1'
    """
    title = registry.score_title(name)
    top = _TOP.fullmatch(title)
    return gettext(title) if top is None else gettext("top-%(k)s accuracy") % {"k": top[1]}


_TOP = re.compile(r"top-(\d+) accuracy")
METRIC_TITLES = {"euclidean": "Euclidean", "manhattan": "Manhattan"}
"""Distances that are called after people."""


def metric_title(name: str) -> str:
    """Return a distance's name for prose; of what has no distance the head's, without underscores.

    Examples
    --------
    >>> metric_title("euclidean"), metric_title("cosine"), metric_title("nearest_centroid")
    ('Euclidean', 'cosine', 'nearest centroid')
    """
    return METRIC_TITLES.get(name, head_title(name))


def votes(weights: str) -> str:
    """Return how neighbours vote under a weighting scheme.

    Examples
    --------
    >>> votes("uniform"), votes("distance")
    ('equal votes', 'votes by distance')
    """
    if weights == "uniform":
        return gettext("equal votes")
    return gettext("votes by distance") if weights == "distance" else f"votes by {weights}"


BASELINE_TITLES = {
    "majority": "most frequent syndrome",
    "prior": "syndromes by frequency",
    "nearest_centroid": "nearest centroid",
    "centroid": "nearest class centroid",
    "nearest_image": "nearest image",
    "lda": "linear discriminant analysis",
    "softmax_knn": "softmax nearest neighbours",
    "linear_svc": "linear support vector machine",
    "svc": "support vector machine",
    "nca_knn": "nearest neighbours by neighbourhood components",
    "plda_knn": "nearest neighbours by PLDA",
    "pool": "pool of discriminant analysis, support vectors and nearest neighbours",
    "neighbor_pool": "pool of nearest neighbours by PLDA and softmax nearest neighbours",
    "best_pool": "best of several pools",
    "calibrated_knn": "k nearest neighbours with calibrated votes",
}


def head_title(name: str) -> str:
    """Return what a classifier is called in prose.

    Examples
    --------
    >>> head_title("lda"), head_title("logistic_regression")
    ('linear discriminant analysis', 'logistic regression')
    """
    return "k-NN" if name == "knn" else gettext(BASELINE_TITLES.get(name, name.replace("_", " ")))


def distance_title(name: str) -> str:
    """Return a distance by its whole name.

    Examples
    --------
    >>> distance_title("euclidean"), distance_title("cosine")
    ('Euclidean distance', 'cosine distance')
    """
    whole = f"{METRIC_TITLES.get(name, name.replace('_', ' '))} distance"
    return gettext(whole)


def candidate_title(head: str, params: Mapping[str, object]) -> str:
    """Return what a head with its parameters is called in prose.

    Examples
    --------
    >>> candidate_title("knn", {"metric": "cosine", "weights": "distance", "n_neighbors": 15})
    'cosine distance, k = 15'
    >>> candidate_title("logistic_regression", {"C": 0.1, "penalty": "l2"})
    'logistic regression, C = 0.1, penalty = l2'
    """
    if head == "knn":
        return f"{distance_title(str(params['metric']))}, k = {params['n_neighbors']}"
    return ", ".join([head_title(head), *(f"{name} = {value}" for name, value in params.items())])


def method_title(name: str, metric: str | None, n_neighbors: int | None = None) -> str:
    """Return what a baseline, or a nearest-neighbour configuration, is called in prose.

    Examples
    --------
    >>> method_title("lda", None), method_title("nearest_centroid", "cosine")
    ('linear discriminant analysis', 'nearest centroid (cosine distance)')
    >>> method_title("knn", "euclidean", 85)
    'k = 85 (Euclidean distance)'
    """
    title = f"k = {n_neighbors}" if name == "knn" else head_title(name)
    return title if metric is None else f"{title} ({distance_title(metric)})"


STEP_TITLES = {"l2": "L2", "zscore": "z-scores", "smote": "SMOTE", "balanced": "balancing"}
"""Scalers and resamplers as readers know them."""


def step_title(name: str) -> str:
    """Return what a scaler or a resampler, several joined by "+", is called in prose.

    Examples
    --------
    >>> step_title("l2"), step_title("balanced+mixup")
    ('L2', 'balancing + mixup')
    """
    return " + ".join(STEP_TITLES.get(part, part) for part in name.split("+"))


def variant_title(scaler: str, resampler: str) -> str:
    """Return what a scaler with a resampler is called; a name that is not known stays as it is.

    Examples
    --------
    >>> variant_title("none", "none"), variant_title("l2", "none"), variant_title("zscore", "balanced+mixup")
    ('unprocessed', 'L2', 'z-scores + balancing + mixup')
    """
    names = [step_title(name) for name in (scaler, resampler) if name != "none"]
    return " + ".join(names) or "unprocessed"


def capitalised(text: str) -> str:
    """Return text with its first letter large and the rest as it was."""
    return text[:1].upper() + text[1:]


def percent_of(probability: float) -> str:
    """Return a probability as a percentage that is never rounded to certainty.

    Examples
    --------
    >>> percent_of(0.99989), percent_of(0.5), percent_of(0.0001)
    ('over 99.9 %', '50.0 %', 'below 0.1 %')
    """
    least = 0.001
    if least <= probability <= 1 - least:
        return f"{100 * probability:.1f} %"
    return "below 0.1 %" if probability < least else "over 99.9 %"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which gets an "s" or "es" unless there is one.

    Examples
    --------
    >>> counted(1, "subject"), counted(1116, "image")
    ('1 subject', '1,116 images')
    """
    own = noun_counted(number, noun)
    if own is not None:
        return own
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{written(f'{number:,}')} {noun}{ending}"


def sentence_list(items: Sequence[object]) -> str:
    """Return items as prose lists them.

    Examples
    --------
    >>> sentence_list(["a", "b", 3])
    'a, b and 3'
    """
    *before, last = (str(item) for item in items) if items else ("",)
    if not before:
        return last
    return pgettext("end of a list", "%(before)s and %(last)s") % {"before": ", ".join(before), "last": last}


def one_line(text: str, *, longest: int) -> str:
    r"""Return text without what could break a line or turn it round, cut where it is too long.

    Examples
    --------
    >>> one_line("two\nlines, and 5\N{NO-BREAK SPACE}%", longest=12)
    'two�lines, …'
    """
    short = text[:longest] if len(text) <= longest else f"{text[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"
    if short.isprintable():  # as nearly all that a report is made of
        return short
    return "".join(
        # Numbers of ours keep their unit on the line.
        char if char.isprintable() or char == "\N{NO-BREAK SPACE}" else "\N{REPLACEMENT CHARACTER}"
        for char in short
    )


_OTHER_TITLES = ("logistic regression", "random forest", "shares of the labels", "k nearest neighbours")


def titles() -> list[str]:
    """Return all names of scores, distances and classifiers, for catalogues.

    Examples
    --------
    >>> {"macro F1", "cosine distance", "nearest centroid"} <= set(titles())
    True
    """
    scores = [score.title for score in registry.definitions() if not _TOP.fullmatch(score.title)]
    distances = [f"{name} distance" for name in ("cosine", *METRIC_TITLES.values())]
    return [*scores, *distances, *BASELINE_TITLES.values(), *_OTHER_TITLES]
