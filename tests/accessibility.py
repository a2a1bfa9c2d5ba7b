"""Accessibility of a report's pages by axe-core, in headless Chromium: `nox -s accessibility`.

Each page is looked at in a window as wide as a desk's and as a telephone's, in light and dark colours. What
axe finds is told by its rule and place, and ends with code 1.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

WIDTHS = (1_200, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHT = 900
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
MOST_PLACES = 3


def browser_path() -> str | None:
    """Return Chromium of `CHROMIUM_PATH` or of the PATH; None for the one that playwright may have itself."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def described(violation: dict[str, Any]) -> str:
    """Return what a rule of axe found, and where."""
    nodes = violation["nodes"]
    places = ", ".join(" ".join(map(str, node["target"])) for node in nodes[:MOST_PLACES])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {len(nodes)} x, {places}"


def violations(files: Sequence[Path]) -> Iterator[tuple[Path, int, str, str]]:
    """Yield page, width, colours and what is wrong, of each page as often as there are sizes and colours."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415  of this session alone
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  likewise

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for width in WIDTHS:
            for scheme in SCHEMES:
                # The pages allow no script, and axe is one.
                context = browser.new_context(
                    viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, bypass_csp=True
                )
                for file in files:
                    page = context.new_page()
                    page.goto(file.resolve().as_uri())
                    found = Axe().run(page).response
                    page.close()
                    yield from ((file, width, scheme, described(entry)) for entry in found["violations"])
        browser.close()


def main(arguments: Sequence[str]) -> int:
    """Look at the pages that are named, and return 1 where something is wrong."""
    files = [Path(argument) for argument in arguments]
    found = [f"{file} at {width} px, {scheme}: {said}\n" for file, width, scheme, said in violations(files)]
    sys.stdout.writelines(found)
    looks = len(files) * len(WIDTHS) * len(SCHEMES)
    sys.stdout.write(f"{len(found)} violations in {looks} looks at {len(files)} pages.\n")
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
