"""All checks of a study, in the order of their codes."""

import warnings
from collections.abc import Collection
from difflib import get_close_matches

from skknn_syndrome.checks import left_out  # noqa: F401  its check counts once it is defined
from skknn_syndrome.checks.base import CheckContext, registered_checks
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.results.check import RENAMED, Check, Checks
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.vocabulary import Vocabulary, speaking

IGNORED = "It was ignored on request."


def run_checks(context: CheckContext, ignore: Collection[str] = ()) -> Checks:
    """Make every check that there is.

    Parameters
    ----------
    context : CheckContext
    ignore : collection of str
        Codes or names of checks that are not made.

    Returns
    -------
    Checks
        One a check that concerns such a study, in the order of their codes, whatever its outcome.

    Raises
    ------
    StudySettingsError
        `ignore` names what is no check.
    """
    ignored = codes_of(ignore)
    with speaking(_vocabulary(context)):
        return Checks(
            kind().skip(IGNORED) if code in ignored else kind().check(context)
            for code, kind in registered_checks().items()
            if kind().concerns(context)
        )


def rerun_checks(checks: Checks, context: CheckContext, *names: str) -> Checks:
    """Make some checks anew, on a study of which more is known; what was ignored stays so.

    Parameters
    ----------
    checks : Checks
        Of the study.
    context : CheckContext
    *names : str
        Names of checks.

    Returns
    -------
    Checks
    """
    ignored = {check.code for check in checks if check.message == IGNORED}
    with speaking(_vocabulary(context)):
        anew: list[Check] = [
            kind().check(context)
            for code, kind in registered_checks().items()
            if kind.name in names and code not in ignored
        ]
    return checks.replaced_by(anew)


def _vocabulary(context: CheckContext) -> Vocabulary:
    """Return the nouns of the data: what checks find stands in the study as it is read."""
    return vocabulary_of(context.dataset, context.protocols, tuple(context.analyses))


def codes_of(names: Collection[str]) -> frozenset[str]:
    """Return the codes of checks that are named by code or by name, in capital letters or not.

    Raises
    ------
    StudySettingsError
        One is unknown.

    Examples
    --------
    >>> sorted(codes_of(["sk007", "no_subjects"]))
    ['SK002', 'SK007']
    """
    if isinstance(names, str):
        raise StudySettingsError(
            f"ignore is {quote(names)}: give a list of codes or names, [{quote(names)}].",
            code="no_list",
            parameter="ignore",
        )
    by_word = {word: code for code, kind in registered_checks().items() for word in (code, kind.name.upper())}
    today = [_renamed(str(name)) for name in names]
    for name in today:
        if name.upper() not in by_word:
            raise StudySettingsError(_unknown(name), code="unknown_check", parameter="ignore")
    return frozenset(by_word[name.upper()] for name in today)


def _renamed(name: str) -> str:
    """Return a name as it is today; old ones are taken for one version, with a hint."""
    found = RENAMED.get(name.lower())
    if found is None:
        return name
    warnings.warn(
        f"The check {name!r} is called {found!r} now; the old name goes with the next version.",
        FutureWarning,
        stacklevel=3,
    )
    return found


def _unknown(name: str) -> str:
    known = registered_checks()
    words = [*known, *(kind.name for kind in known.values())]
    meant = get_close_matches(name.upper(), known, n=1) or get_close_matches(name.lower(), words, n=1)
    hint = f"did you mean {meant[0]}?" if meant else f"the codes are {', '.join(known)}."
    return f"ignore names {quote(name)}, which is no check: {hint}"
