"""Notices: issues and tips as versions before checks had them."""

from skknn_syndrome.results.base import Result


class Notice(Result):
    """One warning of the study about itself; `StudyResult.checks` says more."""

    code: str
    """The name of the check."""
    message: str
    """What is so, and what follows from it."""
