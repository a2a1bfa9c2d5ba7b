"""Near-duplicates: table and advice."""

from collections.abc import Iterator

from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import Advice, Presentation
from skknn_syndrome.results.near_duplicates import NearDuplicates
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import counted


def near_duplicates(found: NearDuplicates | None) -> Table:
    """Return pairs of different subjects that may be one person, the most alike first."""
    above = "" if found is None else f", cosine similarity above {found.threshold:g}"
    return Table(
        name="near_duplicates",
        caption=f"Images of different subjects that look like one person{above}",
        columns=(
            Column("image_1", "Image 1"),
            Column("image_2", "Image 2"),
            Column("subject_1", "Subject 1"),
            Column("subject_2", "Subject 2"),
            Column("syndrome_1", "Syndrome 1"),
            Column("syndrome_2", "Syndrome 2"),
            Column("cosine", "Cosine"),
        ),
        rows=tuple(
            (*pair.images, *pair.subjects, *pair.syndromes, pair.cosine)
            for pair in (() if found is None else found.pairs)
        ),
    )


def find_near_duplicates(study: StudyResult) -> NearDuplicates | None:
    """Return the pairs, which may be none; None where nobody looked, or the data has no subject ids."""
    found = study.find(NearDuplicatesAnalysis)
    return None if found is None else found.near_duplicates


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what to do about pairs that were found."""
    found = find_near_duplicates(study)
    if found is not None and found.pairs:
        yield Advice(
            rank=31,
            sentence=f"Check the near-duplicates ({counted(found.n_pairs, 'pair')}): they may show one "
            "person under two ids.",
            holds_by_chance=True,
        )


PRESENTATION = Presentation(
    question="near_duplicates",
    tables={"near_duplicates": lambda study: near_duplicates(find_near_duplicates(study))},
    findings=find_near_duplicates,
    sections={"data": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
