"""Candidates: a head (a named classifier) and its parameters, which results are keyed by."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Final, Self, TypeAlias, TypeVar

from pydantic import PlainSerializer, PlainValidator, model_validator

from skknn_syndrome.results.base import Named, Result
from skknn_syndrome.results.one_line import cut
from skknn_syndrome.results.score import Score
from skknn_syndrome.wording import candidate_title, counted, metric_title

Scalar: TypeAlias = str | int | float | bool | None
"""What a parameter may be: what JSON has as one value."""

KNN: Final = "knn"
"""The head of k nearest neighbours."""


class Params(Mapping[str, Scalar]):
    """Parameters by name, which can't be changed; equal ones have equal hashes.

    Values are equal if type and value are: 1, 1.0 and True may mean different things to a classifier.

    Examples
    --------
    >>> params = Params({"metric": "cosine", "n_neighbors": 5})
    >>> params["n_neighbors"], params == {"metric": "cosine", "n_neighbors": 5}
    (5, True)
    >>> params["n_neighbors"] = 7
    Traceback (most recent call last):
    ...
    TypeError: 'Params' object does not support item assignment
    """

    # A dict behind a `MappingProxyType` would do, but that can be neither hashed nor pickled.
    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, Scalar]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> Scalar:
        """Return one parameter."""
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names, in the order in which they were given."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Count the parameters."""
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        """Compare with other parameters, or a dict of them."""
        if not isinstance(other, Mapping):
            return NotImplemented
        return _by_type(self._entries) == _by_type(other)

    def __hash__(self) -> int:
        """Agree with equality, which knows no order."""
        return hash(_by_type(self._entries))

    def __repr__(self) -> str:
        """Look like a dict."""
        return repr(self._entries)


def _by_type(entries: Mapping[str, object]) -> frozenset[tuple[str, str, object]]:
    return frozenset((name, _kind(value), value) for name, value in entries.items())


def _kind(value: object) -> str:
    """Return JSON's type of a value, int and float apart: a string of NumPy's is a string."""
    kinds = (kind.__name__ for kind in (bool, int, float, str) if isinstance(value, kind))
    return next(kinds, "")


def knn_params(metric: str, weights: str, n_neighbors: int) -> dict[str, Scalar]:
    """Return the parameters of a k-NN candidate.

    Examples
    --------
    >>> CandidateKey(head=KNN, params=knn_params("cosine", "distance", 15)).title
    'cosine distance, k = 15'
    """
    return {"metric": metric, "weights": weights, "n_neighbors": n_neighbors}


def _check_knn(params: Mapping[str, Scalar]) -> None:
    for name, kind, wanted in (
        ("metric", str, "the name of a distance"),
        ("weights", str, "the name of a voting scheme"),
        ("n_neighbors", int, "a whole number from 1 on"),
    ):
        if name not in params:
            message = f"the entry {name!r} is missing, and k-NN needs it: {wanted}"
            raise ValueError(message)
        value = params[name]
        low = isinstance(value, int) and value < 1
        if not isinstance(value, kind) or isinstance(value, bool) or low:
            message = f"{name!r} is {value!r}, and {wanted} is needed"
            raise ValueError(message)


_CHECKS: Mapping[str, Callable[[Mapping[str, Scalar]], None]] = MappingProxyType({KNN: _check_knn})
"""What a head asks of its parameters; a head that is not named here takes any."""


def _typed(params: object) -> Params:
    """Take parameters as they are; a message of ours, for pydantic has one for each type of a union."""
    if isinstance(params, Params):
        return params
    if not isinstance(params, Mapping):
        message = "an object of parameters by name is needed"
        raise ValueError(message)  # noqa: TRY004  a TypeError would pass through pydantic
    for name, value in params.items():
        finite = not isinstance(value, float) or math.isfinite(value)
        if not isinstance(name, str) or not isinstance(value, str | int | float | None) or not finite:
            message = f"{name!r} is {value!r}, and text, a finite number, true, false or null is needed"
            raise ValueError(message)
    return Params(params)


class CandidateKey(Result):
    """A head and its parameters: what an entry of a result belongs to.

    Raises
    ------
    ValueError
        A parameter is no single value, or not what its head needs: for ``"knn"`` a `metric`, `weights` and a
        whole number `n_neighbors` from 1 on.

    Examples
    --------
    >>> key = CandidateKey(head="knn", params=knn_params("cosine", "distance", 15))
    >>> key.metric, key.weights, key.n_neighbors, key.variant
    ('cosine', 'distance', 15, 'cosine')
    >>> other = CandidateKey(head="nearest_centroid", params={})
    >>> other.metric, other.variant, other.title
    (None, 'nearest_centroid', 'nearest centroid')
    """

    head: str
    """The name of the classifier, ``"knn"`` for nearest neighbours."""
    params: Annotated[
        Mapping[str, Scalar],
        PlainValidator(_typed),
        PlainSerializer(dict, return_type=dict[str, Scalar]),
    ]
    """Its parameters by name; a function is named."""

    @property
    def metric(self) -> Any:  # noqa: ANN401  text under k-NN, as its check says; else the head decides
        """The distance; None where the head has none."""
        return self.params.get("metric")

    @property
    def weights(self) -> Any:  # noqa: ANN401  text under k-NN
        """How neighbours vote; None where the head has no votes."""
        return self.params.get("weights")

    @property
    def n_neighbors(self) -> Any:  # noqa: ANN401  a whole number under k-NN
        """The number of neighbours; None where the head has none."""
        return self.params.get("n_neighbors")

    @property
    def variant(self) -> str:
        """What the best candidates are keyed by: the distance, or the head's name where it has none."""
        return self.head if self.metric is None else str(self.metric)

    @property
    def title(self) -> str:
        """In prose: ``"cosine distance, k = 15"``; of other heads their name and parameters."""
        return candidate_title(self.head, self.params)

    @property
    def variant_title(self) -> str:
        """In prose: ``"cosine distance"``; of other heads what they are called."""
        return metric_title(self.variant) + ("" if self.metric is None else " distance")

    def is_like(self, other: "CandidateKey") -> bool:
        """Return whether head and parameters are the same, whatever else belongs to them."""
        return (self.head, self.params) == (other.head, other.params)

    @model_validator(mode="after")
    def _fits_its_head(self) -> Self:
        if self.head in _CHECKS:
            _CHECKS[self.head](self.params)
        return self


Entry = TypeVar("Entry", bound=CandidateKey)


def entry_of(entries: Iterable[Entry], candidate: CandidateKey) -> Entry | None:
    """Return the first entry of a candidate's variant, None where there is none.

    Analyses have an entry for the best candidate of each variant, and these may differ in other parameters.
    """
    return next((entry for entry in entries if entry.variant == candidate.variant), None)


KNN_COLUMNS: Final = ("metric", "weights", "n_neighbors")


def key_columns(
    keys: Iterable[CandidateKey], knn: Sequence[str] = KNN_COLUMNS
) -> tuple[tuple[str, ...], Callable[[CandidateKey], tuple[Scalar, ...]]]:
    """Return the columns of a table that tell candidates apart, and what gives a candidate's cells.

    Parameters
    ----------
    keys : iterable of CandidateKey
        All that the table has.
    knn : sequence of str
        The columns where all of them are k-NN.

    Returns
    -------
    tuple of str
        ``"head"`` and the parameters of all heads, in the order in which they come first; or `knn`.
    callable
        Gives a candidate's cells, None for a parameter that its head lacks.

    Examples
    --------
    >>> key = CandidateKey(head="ridge", params={"alpha": 0.5})
    >>> names, cells = key_columns([key])
    >>> names, cells(key)
    (('head', 'alpha'), ('ridge', 0.5))
    """
    # A frame has thousands of rows of one candidate: ids are quicker than hashes of parameters.
    distinct = {id(key): key for key in keys}.values()
    if all(key.head == KNN for key in distinct):
        return tuple(knn), lambda key: tuple(key.params[name] for name in knn)
    names = dict.fromkeys(name for key in distinct for name in key.params)
    return ("head", *names), lambda key: (key.head, *(key.params.get(name) for name in names))


class Candidate(CandidateKey):
    """One configuration of a head, and its scores."""

    all_scores: tuple[Score, ...]

    @property
    def scores(self) -> Mapping[str, Score]:
        """The scores by name: ``candidate.scores["f1_macro"].mean``."""
        return MappingProxyType(Named({score.name: score for score in self.all_scores}))

    def __repr__(self) -> str:
        """Name the configuration and its first score: the folds of all scores would fill screens."""
        more = len(self.all_scores) - 1
        rest = f" and {counted(more, 'more score')}" if more > 0 else ""
        first = f": {self.all_scores[0]!r}" if self.all_scores else ""
        return cut(f"Candidate({self.title}{first}{rest})")
