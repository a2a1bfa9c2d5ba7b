"""Cards of results in notebooks."""

from html.parser import HTMLParser

from skknn_syndrome import EmbeddingDataset
from skknn_syndrome.results.cards import Card
from skknn_syndrome.results.check import Checks
from tests.alignment_builders import make_alignment
from tests.builders import make_candidate, make_check, make_run, make_study, study_of
from tests.comparison_builders import make_interval, make_pooled
from tests.model_builders import make_encoder, make_model_comparison, make_two_models

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \" '"


class Tags(HTMLParser):
    """The elements of a piece of HTML, and what they ask for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def html_of(shown: object) -> str:
    """Return the card of an object, well formed, without a script or a request."""
    text = str(getattr(shown, "_repr_html_")())  # noqa: B009  as IPython asks
    tags = Tags(text)
    assert tags.open == []
    assert "script" not in tags.names
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name == "href"]
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme:dark" in text
    return text


def test_a_study_shows_name_counts_scores_intervals_and_what_comes_next() -> None:
    run = make_run(make_candidate([0.5, 0.75]))
    interval = make_interval("roc_auc_ovr", 0.4, 0.6)
    pooled = make_pooled(interval).revised(params=run.winner.params)
    text = html_of(study_of(run, pooled=(pooled,)))
    for said in ("six.csv", "6 images", "0.625 ± 0.125", "2 of 2 folds", "(0.400 to 0.600)", "study.plot"):
        assert said in text


def test_a_study_names_its_open_checks_and_counts_those_beyond() -> None:
    study = make_study(make_run(make_candidate([0.5, 0.75])))
    few = Checks((make_check("no_subjects", "None."), make_check("hubs", "None.", "passed")))
    text = html_of(study.revised(checks=few))
    assert "Issue SK002" in text
    assert "SK014" not in text
    assert "and 3 more" in html_of(study.revised(checks=Checks(few[:1] * 9)))


def test_a_score_that_is_defined_nowhere_is_a_dash_and_says_so() -> None:
    nan = float("nan")
    text = html_of(make_study(make_run(make_candidate([nan, nan]))))
    assert "0 of 2 folds" in text
    assert "nan" not in text


def test_comparison_and_alignment_show_their_estimates() -> None:
    comparison = make_model_comparison(make_two_models(), make_encoder("embeddings"))
    text = html_of(comparison)
    assert all(model.head in text or model.title in text for model in comparison.models.models)
    assert "Pearson" in html_of(make_alignment())
    assert "images" not in html_of(make_alignment(with_images=False))


def test_checks_show_findings_and_remedies() -> None:
    check = make_check("no_subjects", "Every image stands alone.")
    text = html_of(Checks((check,)))
    assert "Every image stands alone." in text
    assert "1 issue" in text
    assert "<table>" not in html_of(Checks())


def test_a_data_set_shows_its_audit() -> None:
    dataset = EmbeddingDataset.from_arrays(
        [[1.0], [2.0], [3.0]], ["a", "A", "b"], [1, 2, 3], name="faces", covariates={"sex": ["f", "m", "f"]}
    )
    text = html_of(dataset)
    for said in ("faces", "3 syndromes", "sex", "differ only in case"):
        assert said in text
    assert "Covariates" not in html_of(EmbeddingDataset.from_arrays([[1.0], [2.0]], ["a", "b"]))


def test_whatever_a_user_wrote_is_text() -> None:
    card = Card(
        kind=HOSTILE,
        name=HOSTILE,
        facts={HOSTILE: HOSTILE},
        headings=(HOSTILE,),
        rows=((HOSTILE,),),
        caption=HOSTILE,
        checks=[HOSTILE],
        calls=(HOSTILE,),
    )
    tags = Tags(card.to_html())
    assert not {"script", "img"} & set(tags.names)
    assert len(card.to_html()) < 10_000
    assert HOSTILE[:8] not in html_of(
        EmbeddingDataset.from_arrays([[1.0], [2.0]], ["a", "b"], name="<script>")
    )
