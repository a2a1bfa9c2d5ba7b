"""The program that runs Typst in a process of its own: `python typst_child.py REQUEST`.

Typst ends the whole process where memory runs out. It is run as a file, so that it imports Typst alone.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import typst


def main(request: str) -> int:
    """Compile what a JSON object names; on a fault of the document, print what it is and return 1."""
    asked = json.loads(request)
    created = datetime.fromtimestamp(asked["created"], UTC)
    try:
        # Typst's own fonts come first; those of `fonts` and of the machine have the scripts that they lack.
        typst.compile(
            Path(asked["document"]),
            Path(asked["result"]),
            Path(asked["root"]),
            font_paths=[Path(asked["fonts"])],
            timestamp=created,
        )
    except typst.TypstError as error:
        sys.stdout.write(json.dumps("; ".join([error.message, *error.hints])))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
