"""Nouns of the data in the place of those that text is written in."""

import pytest

from skknn_syndrome.vocabulary import (
    DEFAULT,
    Noun,
    Vocabulary,
    in_words,
    noun,
    noun_in,
    shortened,
    speaking,
    vocabulary,
)

BUTTERFLIES = Vocabulary(Noun.of("species"), Noun.of("specimen"), Noun.of("scan"))


@pytest.mark.parametrize(
    "text, said",
    [
        ("Images of each syndrome, by subject", "Scans of each species, by specimen"),
        ("SYNDROME", "SPECIES"),
        ("An image's subject and the subjects' images", "A scan's specimen and the specimens' scans"),
        ("a syndrome's share, a\nsyndrome", "a species' share, a\nspecies"),
        ("the same person; people", "the same specimen; specimens"),
        ("subject-level folds, no_subjects, imagery", "specimen-level folds, no_subjects, imagery"),
        ("`subject`, --no-subjects, \\-\\-no\\-subjects", "`subject`, --no-subjects, \\-\\-no\\-subjects"),
        ("--column syndrome=species, 'subject/image'", "--column syndrome=species, 'subject/image'"),
        ("@tbl-syndrome-counts (#fig-image)", "@tbl-syndrome-counts (#fig-image)"),
        ("![Images](figures/image.svg), docs/images.md", "![Scans](figures/image.svg), docs/images.md"),
        ("skknn-syndrome, skknn\\_syndrome.scorers", "skknn-syndrome, skknn\\_syndrome.scorers"),
        ("https://x.org/image/subject", "https://x.org/image/subject"),
        ("", ""),
    ],
)
def test_nouns_take_the_place_of_words_and_of_nothing_that_is_quoted(text: str, said: str) -> None:
    with speaking(BUTTERFLIES):
        assert in_words(text) == said
        assert in_words(in_words(text)) == said
    assert in_words(text) == text


def test_initials_are_spelled_out_and_capitals_stay() -> None:
    with speaking(Vocabulary(Noun.of("hour"), Noun.of("user"), Noun.of("MRI"))):
        said = in_words("A syndrome, a subject, an image, AN IMAGE, SUBJECT'S, A SYNDROME")
    assert said == "An hour, a user, an MRI, AN MRI, USER'S, AN HOUR"
    with speaking(Vocabulary(Noun.of("axis"), Noun.of("woman"), Noun.of("X-ray"))):
        assert in_words("an image of a subject: syndromes") == "an X-ray of a woman: axes"


def test_a_noun_is_words_and_nothing_else() -> None:
    hostile = (
        *(
            "<img src=x onerror=alert(1)>",
            "{{< include /etc/passwd >}}",
            'q"\nfilters: [evil.lua]',
            "a_b",
            "a.b",
        ),
        *(
            "",
            " ",
            " a",
            "a ",
            "a  b",
            "a--b",
            "-a",
            "1 a",
            "a\u202eb",
            "a\0b",
            "$a",
            "a" * 41,
            "`a`",
            "#a",
            "a\\b",
        ),
    )
    for one in hostile:
        for noun_ in (Noun(one, "many"), Noun("one", one)):
            with pytest.raises(ValueError, match="letters and digits"):
                Vocabulary(classes=noun_)
    for one in ("X-ray", "baby's scan", "Krankheit", "\u75c5\u540d", "T1 scan"):
        assert Vocabulary(classes=Noun.of(one)).classes.one == one


def test_articles_go_with_the_noun() -> None:
    with speaking(Vocabulary(Noun.of("entity"), Noun.of("unit"), Noun.of("image"))):
        said = in_words("A syndrome, a subject, an image, A\nsyndrome")
    assert said == "An entity, a unit, an image, An\nentity"


def test_only_what_is_called_otherwise_changes() -> None:
    with speaking(Vocabulary(subjects=Noun.of("person"))):
        assert in_words("a syndrome of a person, of subjects") == "a syndrome of a person, of people"
    with speaking(Vocabulary(classes=Noun.of("lesion"))):
        assert in_words("a person's syndrome") == "a person's lesion"


def test_names_that_hold_a_noun_are_kept_as_markdown_escapes_them_too() -> None:
    named = Vocabulary(Noun.of("diagnosis")).keeping(["No syndrome (yet)", "syndrome.csv", "other"])
    assert named.kept == {"No syndrome (yet)", "syndrome.csv"}
    with speaking(named):
        said = in_words(r"No syndrome \(yet\) is a syndrome of syndrome\.csv, no syndrome else")
    assert said == r"No syndrome \(yet\) is a diagnosis of syndrome\.csv, no diagnosis else"


def test_a_kept_name_stays_behind_an_article_and_where_it_is_shortened() -> None:
    long = "A very long name of an image, type 2"
    named = Vocabulary(images=Noun.of("photograph")).keeping(["Image type X", long, f"image {'x' * 500}"])
    with speaking(named):
        assert in_words("An image, an Image type X") == "A photograph, an Image type X"
        for name in (long, f"image {'x' * 500}"):
            for short in shortened(name):
                assert in_words(f"{short}: image") == f"{short}: photograph"


def test_a_name_that_is_one_of_the_words_stays_in_quotes_alone() -> None:
    with speaking(Vocabulary(subjects=Noun.of("patient")).keeping(["subject", "Subject "])):
        assert in_words("Subjects of 'subject', each subject") == "Patients of 'subject', each patient"


def test_a_noun_of_several_words_may_hold_the_word_that_it_replaces() -> None:
    with speaking(Vocabulary(Noun.of("rare syndrome"))):
        assert in_words(in_words("each syndrome")) == "each rare syndrome"


def test_the_noun_of_one_role_is_no_word_for_another() -> None:
    for one in ("subject", "Person", "image"):
        with pytest.raises(ValueError, match="the word for the"):
            Vocabulary(classes=Noun.of(one))
    with pytest.raises(ValueError, match="the word for the"):
        Vocabulary(Noun.of("case"), Noun.of("Case"))


def test_a_vocabulary_holds_within_its_block() -> None:
    with speaking(BUTTERFLIES) as spoken:
        assert vocabulary() is spoken
        assert (noun("class"), noun("subject", 2), noun("image", 1)) == ("species", "specimens", "scan")
        with speaking(DEFAULT):
            assert noun("class", 2) == "syndromes"
        assert vocabulary() is spoken
    assert vocabulary() is DEFAULT


def test_plurals_are_those_of_english() -> None:
    made = {one: Noun.of(one).many for one in ("genus", "person", "biopsy", "toy", "box", "series", "scan")}
    assert made == {
        "genus": "genera",
        "person": "people",
        "biopsy": "biopsies",
        "toy": "toys",
        "box": "boxes",
        "series": "series",
        "scan": "scans",
    }


def test_columns_name_what_they_hold() -> None:
    assert [noun_in("class", [word]) for word in ("label", "dx", "breed", "who")] == [
        *("class", "diagnosis", "breed", None)
    ]
    assert noun_in("subject", ["subject", "id"]) is None
    assert noun_in("image", ["photo", "path"]) == "photograph"
