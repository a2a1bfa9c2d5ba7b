"""What Python arguments are called on the command line."""

import re

_PHRASES = {
    r"^cv=\d+ folds can't be made of 1 subject: all images have the id (.*)\. Give ids that .*": (
        r"All images have the subject id \1, so there are no folds by subject; the column of subjects may be "
        "a constant: name one whose ids differ with --column subject=NAME, or take --no-subjects or "
        "--protocol image."
    ),
    r"^cv=(\d+) folds can't be made of": r"--cv \1 is too many folds for",
    r"^The subject protocol needs groups: give the subject id of each image\.": (
        "--protocol subject needs subject ids: name their column with --column subject=NAME, "
        "or take --protocol image."
    ),
    r"^group_near_duplicates takes groups, the cosine distance among the metrics, and no pipeline:": (
        "--group-near-duplicates takes subject ids, and --metric cosine among the distances:"
    ),
    r"^The '(\w+)' parameter of \w+ must be (.*) Got (\S+) instead\.$": r"\1=\3 can't be: take \2",
}
"""Sentences that speak of more than a name."""

_OPTIONS = {
    "cv": "--cv",
    "n_neighbors": "--n-neighbors",
    "metrics": "--metric",
    "weights": "--weights",
    "refit": "--refit",
    "refit_rule": "--refit-rule",
    "protocols": "--protocol",
    "random_state": "--random-state",
    "n_jobs": "--n-jobs",
    "n_repeats": "--repeats",
    "temperature": "--temperature",
    "class_weight": "--class-weight",
    "group_near_duplicates": "--group-near-duplicates",
}
_NAME = re.compile(rf"\b({'|'.join(sorted(_OPTIONS, key=len, reverse=True))})\b(?:(=)|(?=\W))")


def in_options(message: str) -> str:
    """Return a message on Python arguments as the command line would put it; others stay as they are.

    A name counts as one where it is followed by its value or has an underscore: `weights` may be a word.

    Examples
    --------
    >>> in_options("cv=500 folds can't be made of 12 subjects: take from 2 to 12.")
    '--cv 500 is too many folds for 12 subjects: take from 2 to 12.'
    >>> in_options("n_neighbors must be at least 1, the grid holds 0.")
    '--n-neighbors must be at least 1, the grid holds 0.'
    """
    for pattern, phrase in _PHRASES.items():
        message = re.sub(pattern, phrase, message)
    return _NAME.sub(_option, message)


def choices_in_options(message: str) -> str:
    """Return a message with its ``engine=...`` as the command line would put them.

    Names in general stay: such a message may hold the name of a file, such as ``cv=3.csv``.

    Examples
    --------
    >>> choices_in_options("or choose engine='embedded'.")
    'or choose --engine embedded.'
    """
    message = message.replace("leave columns out", "leave --column out").replace(
        "pass force=True", "add --force"
    )
    return re.sub(r"\bengine='(\w+)'", r"--engine \1", message)


def _option(found: re.Match[str]) -> str:
    name, equals = found.groups()
    if equals:
        return f"{_OPTIONS[name]} "
    return _OPTIONS[name] if "_" in name else name
