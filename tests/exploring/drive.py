"""The page driven in Chromium: `python -m tests.exploring.drive --output FOLDER`, or `nox -s explore`."""

import argparse
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeAlias

import axe_playwright_python
import numpy as np
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from skknn_syndrome.crossval.out_of_fold_file import write_records
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.model import SyndromeModel
from tests.accessibility import browser_path
from tests.exploring.builders import csv_of, mapped_study
from tests.model.builders import gallery

HOSTILE = "<img src=x onerror=document.title='run'>"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WIDTHS = 1200, 390
Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MANY = 100_000


def write_model(path: Path) -> None:
    """Write a model that errs, one of whose classes would be a script if it were markup."""
    data = gallery(20)
    rows = data.embeddings + np.random.default_rng(1).normal(scale=1.5, size=data.embeddings.shape)
    names = np.where(data.syndromes == "Apert", HOSTILE, data.syndromes)
    odd = EmbeddingDataset.from_arrays(rows, names, data.subjects, data.images, name="small.csv")
    SyndromeModel.fit(odd, head="knn", params={"n_neighbors": 5}, cv=3, inner_cv=2).save(path)


def write_study(folder: Path) -> Path:
    """Write a study with a map, and its out-of-fold predictions."""
    study = mapped_study()
    study.save(folder / "study.json")
    sha256 = study.dataset.data_sha256
    write_records(study.records, folder / "out_of_fold.parquet", data_sha256=sha256, images=gallery().images)
    return folder / "study.json"


@contextmanager
def served(file: Path) -> Iterator[str]:
    """Serve a file as a user does, and end as one does: by Ctrl-C, without a word too many."""
    program = (sys.executable, "-m", "skknn_syndrome", "explore", str(file))
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = None
        while address is None:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            address = re.search(r"http://\S+", line)
        try:
            yield address.group()
        finally:
            process.send_signal(signal.SIGINT)
            said, complained = process.communicate(timeout=60)
        assert (process.returncode, said.splitlines()[-1], complained) == (0, "Closed.", "")


@contextmanager
def opened(browser: Browser, address: str, width: int = 1200, scheme: Scheme = "light") -> Iterator[Page]:
    """Open the page; it has to keep silent, and to ask nobody but its own address."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(60_000)
    said: list[str] = []
    asked: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "status of 4" not in message.text:  # a refusal that the page tells of
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("body[data-ready=yes]")
    yield page
    assert page.title() != "run"
    assert not said, said
    assert not [url for url in asked if not url.startswith((address, "data:"))]
    page.close()


def search_and_filter(page: Page) -> None:
    shown = page.locator("#shown")
    page.fill("#search", "person-3-")
    expect(shown).to_have_text("2 of 120 shown")
    page.click("#clear")
    page.select_option("#of-class", label="Sotos")
    expect(shown).to_have_text("40 of 120 shown")
    page.click("#clear")
    page.fill("#least", "90")
    expect(shown).not_to_have_text("120 of 120 shown")
    page.click("#clear")
    page.select_option("#error", "wrong")
    expect(shown).not_to_have_text("120 of 120 shown")


def walk_by_keyboard(page: Page) -> None:
    """Choose from the list and from the map without a pointer."""
    page.focus("#clear")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "option"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#detail .name")).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    first = page.locator("#detail .hint").inner_text()
    page.focus("#map")
    page.keyboard.press("+")
    page.keyboard.press("-")
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#tip")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#detail .hint")).not_to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_contain_text("No case is chosen")


def follow_an_error(page: Page) -> None:
    """From an error to all that were confused alike, and on to a neighbour."""
    page.click("#clear")
    page.select_option("#error", "wrong")
    page.locator(".case").first.click()
    page.get_by_role("button", name=re.compile("^Show all")).click()
    pair = page.locator("#pair option:checked").inner_text()
    number = re.search(r"\((\d+)\)$", pair)
    assert number is not None
    expect(page.locator("#shown")).to_have_text(f"{number.group(1)} of 120 shown")
    before = page.locator("#detail .hint").inner_text()
    page.locator("#detail .link[aria-label]").first.click()
    expect(page.locator("#detail .hint")).not_to_have_text(before)
    expect(page.locator("#detail")).to_contain_text("Prediction set")
    page.click("#clear")


def click_the_map(page: Page) -> None:
    for colour in page.locator("#colour option").evaluate_all("all => all.map((each) => each.value)"):
        page.select_option("#colour", colour)
    page.select_option("#colour", "class")
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.focus("#map")
    page.keyboard.press("Escape")
    across = (box["x"] + step for step in range(20, int(box["width"]), 5))
    for x in across:
        page.mouse.move(x, box["y"] + box["height"] / 2)
        if page.locator("#tip").is_visible():
            break
    page.mouse.click(x, box["y"] + box["height"] / 2)
    expect(page.locator("#detail .name")).to_be_visible()


def open_the_sheet(page: Page) -> None:
    with page.context.expect_page() as other:
        page.get_by_role("link", name="Open the case sheet").click()
    sheet = other.value
    sheet.wait_for_load_state()
    assert "subject" in sheet.locator("body").inner_text()
    sheet.close()


def ask_about_files(page: Page, folder: Path) -> None:
    (folder / "new.csv").write_bytes(csv_of(3))
    np.save(folder / "new.npy", gallery(seed=6).embeddings[:2])
    (folder / "bad.npz").write_bytes(b"\x80\x04.")
    page.set_input_files("#file", folder / "bad.npz")
    expect(page.locator("#answers .warn")).to_contain_text("a pickle")
    page.set_input_files("#file", folder / "new.npy")
    expect(page.locator("#answers details")).to_have_count(2)
    page.set_input_files("#file", folder / "new.csv")
    expect(page.locator("#answers details")).to_have_count(3)
    page.get_by_role("button", name="Show nearest neighbours").first.click()
    expect(page.locator("#answers .link").first).to_be_visible()


def judge(page: Page) -> None:
    """Ask axe-core, and look for what sticks out of the window."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run()")
    faults = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
    assert not faults, faults
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def hold_many(browser: Browser, address: str) -> dict[str, float]:
    """Return how long the page takes with 100,000 points, in ms."""
    rng = np.random.default_rng(0)
    codes = rng.integers(3, size=MANY)
    plane = rng.normal(size=(2, MANY)) + 3 * np.eye(3)[codes].T[:2]
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(120_000)

    def enlarge(route: Any) -> None:
        said = route.fetch().json()
        said |= {"labels": codes.tolist(), "predicted": rng.integers(3, size=MANY).tolist(), "images": []}
        said |= {"confidence": rng.random(MANY).round(3).tolist(), "novelty": [], "subjects": []}
        x, y = plane.round(3).tolist()
        route.fulfill(
            body=json.dumps(said | {"planes": [{"title": "Many", "x": x, "y": y}], "n_images": MANY})
        )

    page.route("**/api/overview", enlarge)
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("body[data-ready=yes]")
    opened_in = 1000 * (time.perf_counter() - start)
    expect(page.locator("#shown")).to_have_text("100,000 of 100,000 shown")
    assert page.locator(".case").count() < 50
    timed = page.evaluate(
        """async () => {
          const wait = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const took = async (act) => {
            const from = performance.now();
            act();
            await wait();
            return performance.now() - from;
          };
          const canvas = document.getElementById("map"), box = canvas.getBoundingClientRect();
          const at = (x) => new PointerEvent("pointermove", {
            clientX: box.x + x, clientY: box.y + 300, bubbles: true,
          });
          const colour = document.getElementById("colour"), error = document.getElementById("error");
          return {
            hover: await took(() => {
              for (let x = 200; x < 300; x++) canvas.dispatchEvent(at(x));
            }) / 100,
            colour: await took(() => {
              colour.value = "confidence";
              colour.dispatchEvent(new Event("change"));
            }),
            filter: await took(() => { error.value = "wrong"; error.dispatchEvent(new Event("change")); }),
          };
        }"""
    )
    expect(page.locator("#tip")).to_be_hidden()
    page.close()
    return {"open": opened_in, **timed}


def drive(output: Path) -> None:
    """Drive every feature, and leave pictures."""
    output.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    with TemporaryDirectory() as name, sync_playwright() as player:
        folder = Path(name)
        write_model(folder / "small.model")
        browser = player.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        with served(folder / "small.model") as address:
            with opened(browser, address) as page:
                page.set_default_timeout(20_000)
                search_and_filter(page)
                walk_by_keyboard(page)
                follow_an_error(page)
                click_the_map(page)
                open_the_sheet(page)
            with opened(browser, f"{address}") as page:
                page.goto(f"{address}docs")
                expect(page.locator(".verb")).to_have_count(5)
                page.screenshot(path=output / "docs.png", full_page=True)
            photograph(browser, address, folder, output)
            took = {name: round(ms, 1) for name, ms in hold_many(browser, address).items()}
            print(f"{MANY:,} points, ms: {took}")  # noqa: T201
        with served(write_study(folder)) as address, opened(browser, address) as page:
            page.locator(".case").first.click()
            expect(page.locator("#detail")).to_contain_text("Nearest")
            expect(page.locator("#ask")).to_be_hidden()
            judge(page)
            page.screenshot(path=output / "study.png", full_page=True)


def photograph(browser: Browser, address: str, folder: Path, output: Path) -> None:
    """Fill the page, judge it, and keep a picture, in both widths and schemes."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            with opened(browser, address, width, scheme) as page:
                page.select_option("#error", "wrong")
                page.locator(".case").first.click()
                expect(page.locator("#detail table")).to_have_count(2)
                ask_about_files(page, folder)
                judge(page)
                page.screenshot(path=output / f"model-{width}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    drive(parser.parse_args().output)
