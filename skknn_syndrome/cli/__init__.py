"""The command line: the only place where the parts are put together."""

from skknn_syndrome.cli.app import main

__all__ = ["main"]
