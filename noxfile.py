"""Everything that is run by hand or by CI: `nox -l` lists it."""

import argparse
import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "mypy", "tests"]

# A part of the tests that touches every room, and each library that it is built on.
SHORT = [
    "tests/data/test_numpy_files.py",
    "tests/data/test_parquet_file.py",
    "tests/data/test_writing.py",
    "tests/metrics/test_scorers.py",
    "tests/neighbors/test_classifier.py",
    "tests/neighbors/test_voting.py",
    "tests/neighbors/certified/test_kernels.py::test_machine_code_is_kept_for_the_next_process",
    "tests/preprocessing/test_under_sampling.py",
    "tests/heads/test_toy_head.py",
    "tests/crossval/test_search.py",
    "tests/rendering/test_embedded.py::test_the_same_document_gives_the_same_bytes",
]

PROJECT = nox.project.load_toml("pyproject.toml")

# Tests run side by side already: threads inside them would only wait for each other. And they start many
# programs, none of which should compile each library that it imports anew.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": None}

# Arguments behind `--` reach every session of a call, and each takes its own; True where a value follows.
OPTIONS = {
    "study": {
        "--data": True,
        "--output": True,
        "--n-neighbors": True,
        "--metric": True,
        "--weights": True,
        "--cv": True,
        "--refit": True,
        "--protocol": True,
        "--random-state": True,
        "--n-jobs": True,
        "--temperature": True,
        "--class-weight": True,
        "--published": True,
        "--comparison": True,
        "--reference": True,
        "--refit-rule": True,
        "--n-repeats": True,
        "--repeats": True,  # as it was spelled in the version before
        "--group-near-duplicates": False,
        "--quick": False,
        "--no-map": False,
        "--preprocessing": True,
        "--learning-curve": True,
        "--ignore": True,
        "--strict": False,
        "--column": True,
        "--label-separator": True,
        "--uncertain-labels": True,
        "--missing-labels": True,
        "--covariate": True,
        "--leave-out": True,
        "--level": True,
        "--levels": True,
        "--level-head": True,
        "--hold-out": True,
        "--n-features": True,
        "--no-subjects": False,
        "--pseudonymise": False,
        "--scheduler": True,
        "--config": True,
        "--force": False,
        "--resume": False,
    },
    "compare": {
        "--data": True,  # once a file
        "--compare-output": True,
        "--head": True,
        "--cv": True,
        "--n-repeats": True,
        "--inner-cv": True,
        "--refit": True,
        "--reference": True,
        "--pca": True,
        "--fuse": False,
        "--holdout": True,
        "--test": True,
        "--published": True,
        "--published-dataset": True,
        "--random-state": True,
        "--n-jobs": True,
        "--column": True,
        "--label-separator": True,
        "--uncertain-labels": True,
        "--missing-labels": True,
        "--n-features": True,
        "--no-subjects": False,
        "--pseudonymise": False,
        "--config": True,
        "--force": False,
        "--resume": False,
    },
    "report": {
        "--to": True,
        "--engine": True,
        "--output": True,
        "--report-output": True,
        "--thumbnails": True,
    },
    "tests": {"-k": True, "-m": True, "-n": True, "-x": False, "--lf": False},
    "minimums": {"--short": False, "-k": True, "-m": True, "-n": True, "-x": False, "--lf": False},
    "bench": {"--parts": True, "--memory": True, "--rounds": True, "--data": True, "--bench-output": True},
}


def own_arguments(session: nox.Session, name: str) -> list[str]:
    """Return those of the arguments behind `--` that are this session's; refuse what is nobody's."""
    known = {option: takes_value for options in OPTIONS.values() for option, takes_value in options.items()}
    own: list[str] = []
    arguments = iter(session.posargs)
    for argument in arguments:
        option, equals, _ = argument.partition("=")
        if option not in known:
            session.error(f"No session takes {argument!r}; behind -- go {', '.join(sorted(known))}")
        words = [argument]
        if known[option] and not equals:
            words.append(next(arguments, None) or session.error(f"{option} needs a value."))
        if option in OPTIONS[name]:
            own += words
    return own


def install(session: nox.Session, *groups: str) -> None:
    """Install the package with dependency groups, at the versions it is known to work with."""
    requirements = nox.project.dependency_groups(PROJECT, *groups)
    session.install("-c", "constraints.txt", "-e", ".", *requirements)


@nox.session
def study(session: nox.Session) -> None:
    """Run the study on the embedded data, or on a file: `nox -s study -- --data FILE`."""
    words = own_arguments(session, "study")
    install(session)
    if any(word.partition("=")[0] == "--scheduler" for word in words):
        session.install("-c", "constraints.txt", "-e", ".[distributed]")
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--data")
    arguments, others = parser.parse_known_args(words)
    files = [arguments.data] if arguments.data else []
    session.run("skknn-syndrome", "study", *files, *others)


@nox.session
def compare(session: nox.Session) -> None:
    """Compare classifiers and report that, on the embedded data or on files: `-- --data FILE --data FILE`."""
    install(session)
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--data", action="append", default=[])
    parser.add_argument("--compare-output", default="artifacts/comparison")
    arguments, others = parser.parse_known_args(own_arguments(session, "compare"))
    output = arguments.compare_output
    session.run("skknn-syndrome", "compare", *arguments.data, "--output", output, *others)
    formats = ("--to", "html", "--to", "pdf")
    session.run(
        "skknn-syndrome", "report", f"{output}/comparison.json", "--output", f"{output}-report", *formats
    )


@nox.session
def report(session: nox.Session) -> None:
    """Write the report of the last study, as HTML and PDF: `nox -s study report`."""
    install(session)
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--output", default="artifacts/study")  # where the study session left its result
    parser.add_argument("--report-output", default="artifacts/report")
    parser.add_argument("--to", action="append")
    arguments, others = parser.parse_known_args(own_arguments(session, "report"))
    formats = [word for name in arguments.to or ["html", "pdf"] for word in ("--to", name)]
    result, output = f"{arguments.output}/study.json", arguments.report_output
    session.run("skknn-syndrome", "report", result, "--output", output, *formats, *others)


@nox.session
def pages(session: nox.Session) -> None:
    """Tell how empty the pages of reports are, with poppler's pdftoppm: `nox -s pages -- FILE.pdf ...`."""
    install(session, "tests")
    given = [word for word in session.posargs if word.endswith(".pdf")]
    files = given or [f"artifacts/report/{name}.pdf" for name in ("report", "supplement")]
    session.run("python", "-m", "tests.page_emptiness", *files)


@nox.session
def accessibility(session: nox.Session) -> None:
    """Look at the last report's pages with axe-core in Chromium: `nox -s accessibility -- FILE.html ...`.

    Chromium is that of CHROMIUM_PATH, of the PATH, or else the one that playwright fetches.
    """
    session.install("-c", "constraints.txt", *nox.project.dependency_groups(PROJECT, "accessibility"))
    given = [word for word in session.posargs if word.endswith(".html")]
    last = [*Path("artifacts/report").glob("*.html"), *Path("artifacts/comparison-report").glob("*.html")]
    files = given or [str(path) for path in sorted(last)]
    if not files:
        session.error("There is no page to look at: nox -s study report compare writes some.")
    if not os.environ.get("CHROMIUM_PATH") and not any(map(shutil.which, ("chromium", "google-chrome"))):
        session.run("playwright", "install", "chromium")
    session.run("python", "-m", "tests.accessibility", *files)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests and doctests; every branch has to be covered."""
    install(session, "tests")
    chosen = own_arguments(session, "tests")
    # A part of the tests can't cover everything.
    gate = [] if chosen else ["--cov", "--cov-report=term-missing"]
    # Stealing leaves a file's tests, which share what they are about, in one process until another has
    # nothing left to do.
    session.run("pytest", "-n", "auto", "--dist", "worksteal", *gate, *chosen, env=ENVIRONMENT)


@nox.session
def uncovered(session: nox.Session) -> None:
    """Choose anew the tests that run without coverage (half an hour): tests/uncovered.txt."""
    install(session, "tests")
    folder = session.create_tmp()
    own = {"TEST_SECONDS_FOLDER": folder, "COVERAGE_FILE": f"{folder}/.coverage"}
    listed = Path("tests/uncovered.txt")
    listed.write_text("", encoding="utf-8")  # all are to be looked at
    words = ("--cov", "--cov-context=test", "--cov-report=", "--cov-fail-under=0")
    parallel = ("-n", "auto", "--dist", "worksteal", "-p", "tests.choosing_uncovered")
    session.run("pytest", *parallel, *words, env=ENVIRONMENT | own)
    session.run("python", "-m", "tests.choosing_uncovered", own["COVERAGE_FILE"], folder)


@nox.session(python="3.11", venv_backend="uv")
def minimums(session: nox.Session) -> None:
    """Run the tests at the lowest versions that pyproject.toml allows: all, or with `-- --short` a part."""
    requirements = nox.project.dependency_groups(PROJECT, "tests")
    session.install("--resolution", "lowest-direct", "-e", ".", *requirements)
    chosen = own_arguments(session, "minimums")
    files = SHORT if "--short" in chosen else []
    # For a few files one process is enough: each further one would import everything again.
    workers = ["-n", "0"] if files else ["-n", "auto", "--dist", "worksteal"]
    words = [word for word in chosen if word != "--short"]
    # scikit-learn 1.8 lists one of its checks twice; and what is old calls what is new by names given up.
    lenient = ("-o", "strict_parametrization_ids=false", "-W", "ignore::DeprecationWarning")
    # What this numba compiles would take the place, beside the modules, of what that of other sessions did.
    apart = {"NUMBA_CACHE_DIR": f"{session.create_tmp()}/numba"}
    session.run("pytest", *workers, *lenient, *words, *files, env=ENVIRONMENT | apart)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure against others and by size (an hour), then the parts by themselves: docs/benchmarks.md."""
    install(session, "bench")
    session.install("-c", "constraints.txt", "-e", ".[fast]")
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--bench-output", default="artifacts/bench")
    arguments, others = parser.parse_known_args(own_arguments(session, "bench"))
    session.run("python", "-m", "benchmarks.peers", "--output", arguments.bench_output, *others)
    if not others:
        for part in ("growth", "predicting"):
            session.run("python", "-m", f"benchmarks.{part}", "--output", arguments.bench_output)
    session.run("pytest", "benchmarks", "--benchmark-only", "-p", "no:cacheprovider")


@nox.session
def mypy(session: nox.Session) -> None:
    """Check the types, strictly, of package, tests and this file."""
    install(session, "types")
    session.run("mypy")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and the direction of imports."""
    # Sources are read and not run: neither the package nor what it needs has to be there.
    session.install("-c", "constraints.txt", *nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-cache")


@nox.session
def tests_transformers(session: nox.Session) -> None:
    """Run the tests of what needs torch: models of transformers, and the network that projects embeddings."""
    install(session, "tests")
    # pip, since uv does not find torch's build for the processor alone; to compile all of it takes a minute.
    # Without constraints.txt, whose click is too old for every huggingface-hub that transformers allows.
    session.install("pip")
    models = ("torch==2.13.0", "transformers==5.24.0")
    session.run("python", "-m", "pip", "install", "--quiet", "--no-compile", *models)
    gate = ("--cov", "--cov-config=tests/embedding/transformers.coveragerc", "--cov-report=term-missing")
    files = ("tests/embedding/test_transformers.py", "tests/preprocessing/test_projection_network.py")
    session.run("pytest", "-n", "0", *gate, *files, env=ENVIRONMENT)


@nox.session
def explore(session: nox.Session) -> None:
    """Drive the page of `skknn-syndrome explore` in Chromium, found as by `accessibility`."""
    install(session, "browser")
    session.run("python", "-m", "tests.exploring.drive", "--output", "artifacts/explore", env=ENVIRONMENT)
