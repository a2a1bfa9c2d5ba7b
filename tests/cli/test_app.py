"""What all verbs share: help, version, and one sentence for what goes wrong."""

import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path

import pytest
import typer

from skknn_syndrome import __version__
from skknn_syndrome.cli import app, main
from skknn_syndrome.cli.failing import SHOW_TRACEBACK
from skknn_syndrome.neighbors import near_duplicates
from tests.cli.conftest import Run


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version") == (0, f"skknn-syndrome {__version__}\n", "")


@pytest.mark.parametrize("verb", ["study", "audit", "convert"])
def test_help_explains_every_verb_with_examples(run: Run, verb: str) -> None:
    outcome = run(verb, "--help")
    assert outcome.exit_code == 0
    assert f"skknn-syndrome {verb}" in outcome.stdout
    assert "--pseudonymise" in outcome.stdout


@pytest.mark.parametrize("verb", ["study", "compare", "report", "audit", "convert", "reproduce"])
def test_every_example_has_a_line_of_its_own(run: Run, verb: str) -> None:
    text = import_module(f"skknn_syndrome.cli.{verb}").EXAMPLES
    shown = [line.strip() for line in run(verb, "--help").stdout.splitlines()]
    assert len(text) > 1
    assert tuple(shown[shown.index("Examples:") + 1 :][: len(text)]) == text


@pytest.mark.parametrize(
    "typed, offered", [("stu", ["study"]), ("study --n-rep", ["--n-repeats"]), ("studdy --n-rep", [])]
)
def test_shells_complete_verbs_and_their_options(
    run: Run, monkeypatch: pytest.MonkeyPatch, typed: str, offered: list[str]
) -> None:
    monkeypatch.setenv("_SKKNN_SYNDROME_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"skknn-syndrome {typed}")
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split())))
    assert run().stdout.split() == offered


def test_an_earlier_spelling_is_taken_with_a_hint(run: Run, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("repeats = 0\n")
    by_option, by_file = run("study", "--repeats", "0"), run("study", "--config", "study.toml")
    for outcome in (by_option, by_file):
        hint, error = outcome.stderr.splitlines()
        assert hint == "Hint: --repeats is now --n-repeats; the next version takes that alone."
        assert "n-repeats" in error
        assert outcome.exit_code == 2


def test_no_argument_shows_the_help(run: Run) -> None:
    outcome = run()
    assert outcome.exit_code == 2
    assert "Exit codes" in outcome.stdout + outcome.stderr


def test_python_dash_m_is_the_same_program() -> None:
    command = [sys.executable, "-m", "skknn_syndrome", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout == f"skknn-syndrome {__version__}\n"


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["study", "--cv", "ten"], "'--cv': "),
        (["study", "--metric", "hamming"], "'euclidean', 'cosine', 'manhattan'"),
        (["study", "--refit", "beauty"], "'roc_auc_ovr'"),
        (["study", "--n-neighbors", "15-1"], "'15-1' is no number from 1 up and no range"),
        (["study", "--n-neighbors", "1-10001"], "'1-10001' names more than 10,000 numbers."),
        (
            ["study", "x.p", "--column", "label=x"],
            "'label' is none of ours: syndrome, subject, image, features, labels.",
        ),
        (["study", "--n-neighbors", ""], "is no number from 1 up"),
        (["study", "x.p", "--column", "label"], "'label' is not of the form OURS=THEIRS"),
        (["study", "x.p", "--column", "syndrome=a", "--column", "syndrome=b"], "'syndrome' is given twice"),
        (["audit"], "Missing argument 'DATA'"),
        (
            ["study", "--n-jobs", "0"],
            "'--n-jobs': 0 fits at a time do nothing: take 1 or more",
        ),
        (
            ["study", "--column", "syndrome=x"],
            "Error: --column says how a file is read, and no file",
        ),
        (["study", "--n-features", "8"], "Error: --n-features says how a file is read"),
        (["study", "--pseudonymise"], "no file is named: add it, or drop --pseudonymise."),
        (["study", "--cv"], "Option '--cv' requires an argument."),
        (["study", "--cv", "1"], "'--cv': "),
        (["study", "--temperature", "inf"], "'--temperature': inf can't be: take a number above 0."),
    ],
)
def test_a_wrong_argument_ends_with_2_and_says_what_is_wrong(
    run: Run, arguments: list[str], sentence: str
) -> None:
    outcome = run(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert sentence in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


def test_a_wrong_value_comes_with_the_way_to_the_help(run: Run) -> None:
    assert "Help: skknn-syndrome study --help" in run("study", "--cv", "1").stderr


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["studdy"], "No such command 'studdy'. Did you mean 'study'?"),
        (["--versoin"], "No such option: --versoin. Did you mean --version?"),
        (["study", "--n-neighbours", "3"], "No such option: --n-neighbours. Did you mean --n-neighbors?"),
        (["study", "-cv", "3"], "No such option: -c. Did you mean --cv?"),
        (["audit", "--colour"], "No such option: --colour. Did you mean --column?"),
        (["audit", "--helpp"], "No such option: --helpp. Did you mean --help?"),
        (["audit", "-x"], "No such option: -x. Help: skknn-syndrome audit --help"),
    ],
)
def test_what_was_perhaps_meant_is_named(run: Run, arguments: list[str], sentence: str) -> None:
    outcome = run(*arguments)
    assert outcome.exit_code == 2
    assert outcome.stderr.startswith(f"Error: {sentence}")
    assert len(outcome.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "verb, line",
    [
        ("study", "skknn-syndrome study FILE"),
        ("audit", "skknn-syndrome audit FILE"),
        ("convert", "skknn-syndrome convert FILE OUT"),
    ],
)
def test_the_file_is_an_argument_and_no_option(run: Run, verb: str, line: str) -> None:
    outcome = run(verb, "--data", "faces.p")
    assert outcome.exit_code == 2
    assert f"No such option: --data. The file is an argument: {line}." in outcome.stderr


def test_a_verb_without_data_has_no_word_for_it(run: Run) -> None:
    assert "The file is an argument" not in run("report", "--data", "faces.p").stderr


@pytest.mark.parametrize(
    "arguments, nearest",
    [
        (["audit", "secret folder/face.csv"], "secret folder/faces.csv"),
        (["study", "secret folder/faces.csv", "--published", "publishd.csv"], "published.csv"),
    ],
)
@pytest.mark.usefixtures("faces")
def test_a_wrong_file_name_is_answered_with_the_nearest_one(
    run: Run, tmp_path: Path, arguments: list[str], nearest: str
) -> None:
    (tmp_path / "published.csv").touch()
    outcome = run(*arguments)
    assert outcome.exit_code == 1
    assert outcome.stderr.endswith(f" Did you mean {nearest}?\n")


def bad_files(folder: Path) -> dict[str, Path]:
    """Return files that no study can be made of."""
    contents = {
        "truncated.p": b"\x80\x04\x95\x10\x00\x00",
        "empty.p": b"",
        "text.p": b"Dear colleague,\nthe data is in the other mail.\n",
        "code.p": b"cposix\nsystem\n(S'true'\ntR.",
        "faces.docx": b"PK",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder.p").mkdir()
    return {name: folder / name for name in [*contents, "folder.p", "missing.p"]}


@pytest.mark.parametrize(
    "name", ["truncated.p", "empty.p", "text.p", "code.p", "faces.docx", "folder.p", "missing.p"]
)
@pytest.mark.parametrize("verb", ["study", "audit", "convert"])
def test_a_bad_file_ends_with_1_and_one_sentence(run: Run, tmp_path: Path, name: str, verb: str) -> None:
    path = bad_files(tmp_path)[name]
    outcome = run(verb, str(path), *(["out.npz"] if verb == "convert" else []))
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("Error: ")
    assert len(outcome.stderr.strip().splitlines()) == 1
    assert "Traceback" not in outcome.stderr
    assert name in outcome.stderr
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.parametrize("verb", ["study", "report", "reproduce"])
def test_a_place_that_can_not_be_written_to_is_refused_before_anything_is_read(
    run: Run, faces: Path, tmp_path: Path, verb: str
) -> None:
    (tmp_path / "study.json").touch()
    arguments = {"study": [str(faces)], "report": ["study.json"], "reproduce": ["monteiro", str(faces)]}
    place = f"{faces}/out.json" if verb == "reproduce" else str(faces)
    outcome = run(verb, *arguments[verb], "--output", place)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (
        1,
        "",
        f"Error: {faces} is a file, not a folder: name another folder with --output.\n",
    )


def test_an_option_that_the_data_do_not_allow_is_a_wrong_argument(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), "--cv", "20")
    assert (outcome.exit_code, outcome.stderr) == (
        2,
        "Error: --cv 20 is too many folds for 12 subjects: take from 2 to 12.\n",
    )


@pytest.mark.parametrize("error", [KeyboardInterrupt, typer.Abort])
@pytest.mark.parametrize("inside", [True, False])
def test_ctrl_c_ends_with_one_line(
    run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], *, inside: bool
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    if inside:
        monkeypatch.setattr(near_duplicates, "find_near_duplicates", stop)
    else:
        monkeypatch.setattr(app, "app", stop)
    outcome = run("audit", str(faces))
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (
        130,
        "",
        "Interrupted; nothing was left half-written.\n",
    )


def test_an_error_of_a_library_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ValueError("two\nlines")

    monkeypatch.setattr(app, "app", fail)
    assert run() == (1, "", "Error: two lines\n")


def test_an_error_without_a_file_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise OSError("disk on fire")

    monkeypatch.setattr(app, "app", fail)
    assert run() == (1, "", "Error: disk on fire\n")


def test_a_warning_is_a_sentence_without_its_line_of_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(**_: object) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("mind the gap", stacklevel=1)
        sys.exit(0)

    monkeypatch.setattr(app, "app", warn)
    assert run() == (0, "", "Warning: mind the gap\n")


def test_a_fault_of_the_program_is_one_line_with_the_way_to_its_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(app, "app", fail)
    outcome = run()
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert outcome.stderr.startswith(
        "Error: this is a fault of the program (ZeroDivisionError: division by zero)"
    )
    monkeypatch.setenv(SHOW_TRACEBACK, "1")
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        main()
