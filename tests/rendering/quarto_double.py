"""An executable that plays Quarto: it records how it is called, and does what it is told."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

# A shell starts Python: a `#!` line takes no path with a space. To Python the shell's command is a string.
# Without site, which takes longer than the rest, for it begins coverage where tests are measured.
_PROGRAM = """#!/bin/sh
'''exec' "{python}" -S "$0" "$@"
'''
import json, os, pathlib, sys, time

play = json.loads({play!r})
folder = pathlib.Path({folder!r})
if sys.argv[1:] == ["--version"]:
    print(play["version"])
    sys.exit(play["version_code"])
names = sorted(str(path) for path in pathlib.Path().rglob("*") if path.is_file())
call = dict(
    arguments=sys.argv[1:],
    files=names,
    document=pathlib.Path("report.qmd").read_text("utf-8"),
    environment=dict((name, os.environ.get(name)) for name in ("NO_COLOR", "SOURCE_DATE_EPOCH")),
)
with (folder / "calls.jsonl").open("a") as stream:
    stream.write(json.dumps(call) + "\\n")
time.sleep(play["seconds"])
print(play["log"], file=sys.stderr)
if play["writes"]:
    suffix = dict(typst="pdf").get(sys.argv[4], sys.argv[4])
    pathlib.Path("report." + suffix).write_text("by the double: " + suffix)
sys.exit(play["code"])
"""


@dataclass(frozen=True)
class Play:
    """What the double does."""

    version: str = "1.9.37"
    version_code: int = 0
    code: int = 0
    log: str = "Output created: report.html"
    seconds: float = 0
    writes: bool = True


@dataclass(frozen=True)
class Call:
    """How the double was called."""

    arguments: list[str]
    files: list[str]
    document: str
    environment: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class QuartoDouble:
    """The double in a folder of its own."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "quarto"

    def plays(self, play: Play) -> "QuartoDouble":
        """Write the executable; return this."""
        text = _PROGRAM.format(python=sys.executable, play=json.dumps(vars(play)), folder=str(self.folder))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text)
        self.path.chmod(0o755)
        return self

    def calls(self) -> list[Call]:
        """Return the calls so far, those for the version aside."""
        record = self.folder / "calls.jsonl"
        return (
            [Call(**json.loads(line)) for line in record.read_text().splitlines()] if record.is_file() else []
        )
