"""Checks of a study: what was looked at, and what of it a reader has to know."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, SupportsIndex, TypeAlias, get_args, overload

from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.cards import Card

if TYPE_CHECKING:
    import pandas as pd


Outcome: TypeAlias = Literal["issue", "tip", "passed", "not_applicable", "skipped"]
"""An issue must be known before a score is believed; a tip is worth doing."""

Figure: TypeAlias = int | float | str
"""What a check rests on."""


RENAMED: Mapping[str, str] = MappingProxyType(
    {
        "simpler_rule_better": "better_baseline",
        "misleading_probabilities": "miscalibrated_probabilities",
    }
)
"""Names that checks had before, and have now."""


class Check(Result):
    """One check and its outcome."""

    code: str = Field(pattern=r"^[A-Z]{2,8}[0-9]{3}$")
    """Stable, and never given to another check."""
    name: Annotated[str, AfterValidator(lambda name: RENAMED.get(name, name))]
    title: str = Field(min_length=1)
    """What is looked for, in a few words."""
    outcome: Outcome
    message: str
    """What was found; of a check that was not made, why."""
    figures: dict[str, Figure] = Field(default_factory=dict)
    """What the message rests on, by a dotted name: ``subject.cosine.best_k``."""
    remedy: str = ""
    """What to do about an issue or a tip."""
    docs: str
    """The page that explains it; empty of a check of someone else's that names none."""

    @property
    def is_open(self) -> bool:
        """Whether there is something to know or to do."""
        return self.outcome in {"issue", "tip"}


class Checks(tuple[Check, ...]):
    """Checks by place, by code or by name.

    Examples
    --------
    >>> from skknn_syndrome import cross_validate_study, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> checks = cross_validate_study(
    ...     data.embeddings, data.syndromes, n_neighbors=[5], cv=2, analyses=()
    ... ).checks
    >>> checks["SK002"].outcome, checks["no_subjects"] is checks["SK002"]
    ('issue', True)
    >>> checks.issues, [check.name for check in checks.issues]
    (<Checks: 1 issue>, ['no_subjects'])
    """

    __slots__ = ()

    @overload
    def __getitem__(self, key: SupportsIndex | str) -> Check: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Check, ...]: ...
    def __getitem__(self, key: SupportsIndex | str | slice) -> Check | tuple[Check, ...]:
        """Return a check by its place, code or name.

        Raises
        ------
        KeyError
            Naming all codes and names, if none is the one asked for.
        """
        if not isinstance(key, str):
            return super().__getitem__(key)
        for check in self:
            if key in {check.code, check.name}:
                return check
        message = f"there is no check {key!r}, but {', '.join(f'{c.code} ({c.name})' for c in self)}"
        raise KeyError(message)

    def __repr__(self) -> str:
        """Count the outcomes; `to_frame` shows all."""
        counts = [(sum(check.outcome == outcome for check in self), outcome) for outcome in get_args(Outcome)]
        said = ", ".join(f"{count} {_counted(outcome, count)}" for count, outcome in counts if count)
        return f"<Checks: {said or 'none'}>"

    def _repr_html_(self) -> str:
        shown = (*self.issues, *self.tips)
        return Card(
            kind="Checks",
            name=repr(self)[len("<Checks: ") : -1],
            headings=("Code", "Outcome", "Finding", "What to do"),
            rows=tuple((check.code, check.outcome, check.message, check.remedy) for check in shown),
            calls=("checks.to_frame()", "checks.issues"),
        ).to_html()

    def with_outcome(self, *outcomes: Outcome) -> "Checks":
        """Return those of some outcomes."""
        return Checks(check for check in self if check.outcome in outcomes)

    @property
    def issues(self) -> "Checks":
        """What must be known before a score is believed."""
        return self.with_outcome("issue")

    @property
    def tips(self) -> "Checks":
        """What is worth doing."""
        return self.with_outcome("tip")

    def replaced_by(self, others: Iterable[Check]) -> "Checks":
        """Return all checks by code, each as the last one of its code says."""
        by_code = {check.code: check for check in (*self, *others)}
        return Checks(by_code[code] for code in sorted(by_code))

    def to_frame(self) -> "pd.DataFrame":
        """One row a check.

        Returns
        -------
        pandas.DataFrame
            Columns ``code, name, outcome, message, figures, remedy, docs``; `figures` holds dicts.
        """
        import pandas as pd  # noqa: PLC0415  a second of import that reading a study does not need

        columns = ["code", "name", "outcome", "message", "figures", "remedy", "docs"]
        return pd.DataFrame(
            [[getattr(check, column) for column in columns] for check in self], columns=columns
        )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read and write it as the tuple that it is."""
        return core_schema.no_info_after_validator_function(cls, handler(tuple[Check, ...]))


def _counted(outcome: Outcome, count: int) -> str:
    plural = "s" if outcome in {"issue", "tip"} and count > 1 else ""
    return f"{outcome.replace('_', ' ')}{plural}"


NOTICES: Mapping[str, tuple[str, Outcome, str]] = MappingProxyType(
    {
        "simulated_data": ("SK001", "issue", "Simulated embeddings"),
        "no_subjects": ("SK002", "issue", "Missing subject ids"),
        "leak": ("SK003", "issue", "Effect of subject leakage on scores"),
        "too_few_members": ("SK004", "issue", "Syndromes smaller than the number of folds"),
        "class_missing_from_test": ("SK005", "issue", "Syndromes missing from test parts"),
        "class_missing_from_train": ("SK006", "issue", "Syndromes missing from training parts"),
        "edge_of_grid": ("SK007", "tip", "Best k at the edge of the grid"),
        "beyond_grid": ("SK008", "tip", "Better k beyond the grid"),
        "more_neighbors_than_images": ("SK009", "tip", "More neighbours than training images"),
        "undefined_scores": ("SK010", "issue", "Undefined scores"),
        "trivial_top_k": ("SK011", "tip", "Trivial top-k accuracy"),
        "simpler_rule_better": ("SK012", "issue", "Baseline better than the best configuration"),
        "misleading_probabilities": ("SK013", "issue", "Miscalibrated probabilities"),
        "hubs": ("SK014", "tip", "Hubs"),
        "analysis_left_out": ("SK015", "tip", "Analyses left out"),
        "resampler_left_out": ("SK016", "tip", "Resamplers left out"),
        "preprocessing_left_out": ("SK017", "tip", "Comparison of preprocessing left out"),
    }
)
"""Code, outcome and title of the notices that files of schema 1 to 4 hold in place of checks."""


def docs_of(code: str) -> str:
    """Return where a check of this package is explained.

    Examples
    --------
    >>> docs_of("SK007")
    'docs/checks.md#sk007'
    """
    return f"docs/checks.md#{code.lower()}"


def notices_to_checks(document: dict[str, Any]) -> None:
    """Put checks in place of the notices of a study's JSON, which files of schema 1 to 4 hold.

    Several notices of one kind are one check; what such files do not say, as that a check was passed, stays
    unsaid. What is no notice stays as it is, for the model to refuse.

    Parameters
    ----------
    document : dict
        As `json.loads` gives it; it is changed in place.

    Examples
    --------
    >>> document = {"notices": [{"code": "hubs", "message": "There are hubs."}]}
    >>> notices_to_checks(document)
    >>> [(check["code"], check["outcome"]) for check in document["checks"]]
    [('SK014', 'tip')]
    """
    notices = document.get("notices")
    if not isinstance(notices, list) or not all(map(_is_notice, notices)):
        return
    messages: dict[str, list[str]] = {}
    for notice in notices:
        messages.setdefault(notice["code"], []).append(notice["message"])
    checks = [_as_check(name, " ".join(said)) for name, said in messages.items()]
    document["checks"] = sorted(checks, key=lambda check: str(check["code"]))
    del document["notices"]


def _is_notice(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"code", "message"}
        and isinstance(value["code"], str)
        and value["code"] in NOTICES
        and isinstance(value["message"], str)
    )


def _as_check(name: str, message: str) -> dict[str, object]:
    code, outcome, title = NOTICES[name]
    return {
        "code": code,
        "name": name,
        "title": title,
        "outcome": outcome,
        "message": message,
        "figures": {},
        "remedy": "",
        "docs": docs_of(code),
    }


class Notice(Result):
    """One warning of the study about itself; `StudyResult.checks` says more."""

    code: str
    """The name of the check."""
    message: str
    """What is so, and what follows from it."""
