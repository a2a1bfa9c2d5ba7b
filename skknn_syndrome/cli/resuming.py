"""An unfinished study on the command line: what is kept of it, and the command that goes on."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from skknn_syndrome.cli.console import complain, say
from skknn_syndrome.cli.planning import duration
from skknn_syndrome.study.resuming import KeptPart, KeptParts
from skknn_syndrome.wording import counted


def open_parts(folder: Path, *, resume: bool) -> KeptParts:
    """Return where finished parts are kept, and say what of an earlier run is there."""
    keep = KeptParts(folder, resume=resume)
    found = None if keep.found is None else _counted(keep.found.parts)
    if found is None and resume:
        say(f"There is nothing to resume in {folder}: the study begins with its first part.")
    elif resume:
        say(f"Found {found}.")
    elif found is not None:
        say(
            f"Found {found} of an unfinished study: --resume takes them up; without it they are replaced as "
            "soon as a part of this study is finished."
        )
    return keep


@contextmanager
def keeping_parts(folder: Path, *, resume: bool, pseudonymise: bool) -> Iterator[KeptParts | None]:
    """Yield where finished parts are kept; where a study is stopped, say what is and which command goes on.

    None where ids are replaced: parts would hold them as they were.
    """
    keep = None if pseudonymise else open_parts(folder, resume=resume)
    try:
        yield keep
    except BaseException:
        if keep is not None and keep.parts:
            complain(f"Kept {_counted(keep.parts)} in {keep.folder}. To go on:\n{_command()}")
        raise


def _counted(parts: Mapping[str, KeptPart]) -> str:
    seconds = sum(part.seconds for part in parts.values())
    return f"{counted(len(parts), 'finished part')} ({duration(seconds)} of computing)"


def _command() -> str:
    """Return the command that was typed, with `--resume`."""
    typed = [argument for argument in sys.argv[1:] if argument != "--resume"]
    end = typed.index("--") if "--" in typed else len(typed)
    return shlex.join(["skknn-syndrome", *typed[:end], "--resume", *typed[end:]])
