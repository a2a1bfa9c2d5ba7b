"""Taxonomic levels as the report shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from skknn_syndrome.analyses.levels.figures import (
    describe_held_out,
    describe_scores,
    describe_sizes,
    describe_stopping,
    draw_held_out,
    draw_scores,
    draw_sizes,
    draw_stopping,
    placements_of,
    say_held_out,
    say_scores,
    say_sizes,
    say_stopping,
)
from skknn_syndrome.analyses.levels.result import LeftOut, LevelAnalysis, Placement
from skknn_syndrome.analyses.levels.tables import (
    consistency_for_report,
    held_out_for_report,
    level_classes,
    level_consistency,
    level_held_out,
    level_held_out_groups,
    level_scores,
    level_sizes,
    level_stopping,
    scores_for_report,
    stopping_for_report,
)
from skknn_syndrome.display.table import Table
from skknn_syndrome.questions import Advice, Presentation, figure_of, of_analysis
from skknn_syndrome.results.study import StudyResult

_ENDINGS = (
    *(("species", 0, ""), ("genus", 2, "era"), ("phylum", 2, "a")),
    *(("ss", 0, "es"), ("y", 1, "ies"), ("", 0, "s")),
)
"""What a name ends in, how many letters are cut, and what is put behind."""


def plural(level: str) -> str:
    """Return the name of a level as several of its groups are called.

    Examples
    --------
    >>> plural("genus"), plural("family"), plural("tribe"), plural("subclass")
    ('genera', 'families', 'tribes', 'subclasses')
    """
    cut, added = next((cut, added) for end, cut, added in _ENDINGS if level.lower().endswith(end))
    return level[: len(level) - cut] + added


def count_groups(number: int, level: str) -> str:
    """Return a number of groups with the name of their level.

    Examples
    --------
    >>> count_groups(1, "genus"), count_groups(1200, "genus")
    ('1 genus', '1,200 genera')
    """
    return f"{number:,} {level if number == 1 else plural(level)}"


def left_out(level: str, entry: LeftOut) -> str:
    """Return sentences on the groups that are not placed in a level above, by the cause.

    Examples
    --------
    >>> left_out("species", LeftOut(upper="genus", n_alone=2, n_shared=0))
    '2 species are alone in their genus.'
    """
    found = []
    if entry.n_alone:
        alone = "is alone in its" if entry.n_alone == 1 else "are alone in their"
        found.append(f"{count_groups(entry.n_alone, level)} {alone} {entry.upper}.")
    if entry.n_shared:
        found.append(
            f"For {count_groups(entry.n_shared, level)}, all images of others in the same {entry.upper} are "
            "of tested subjects, so that none is trained on."
        )
    return " ".join(found)


@dataclass(frozen=True)
class LevelFindings:
    """What prose says of levels."""

    analysis: LevelAnalysis

    @property
    def head(self) -> str:
        """The title of the classifier."""
        return self.analysis.head_title

    @property
    def plurals(self) -> dict[str, str]:
        """What several groups of each level are called."""
        return {level: plural(level) for level in self.analysis.levels}

    @property
    def held_out(self) -> list[str]:
        """What groups of the levels that were held out are called."""
        return [plural(held.level) for held in self.analysis.held_out]

    @property
    def placements(self) -> list[tuple[str, Placement]]:
        """Placements of held-out groups."""
        return placements_of(self.analysis)

    @property
    def not_placed(self) -> list[str]:
        """Sentences on levels in which no group could be placed, or of which none could be held out."""
        found = [
            f"No {held.level} could be placed in its {entry.upper}. {left_out(held.level, entry)}"
            for held in self.analysis.held_out
            for entry in held.unplaced
        ]
        return found + [
            f"No {held.level} could be held out: no level above it has two groups."
            for held in self.analysis.held_out
            if not held.placements and not held.unplaced
        ]

    @staticmethod
    def left_out(level: str, entry: LeftOut) -> str:
        """Say which groups are not placed, as `left_out` does."""
        return left_out(level, entry)

    @staticmethod
    def count(number: int, level: str) -> str:
        """Return a number of groups of a level, as `count_groups` does."""
        return count_groups(number, level)


def find_levels(study: StudyResult) -> LevelFindings | None:
    """Return what the report says of levels; None where there are none."""
    found = study.find(LevelAnalysis)
    return None if found is None else LevelFindings(found)


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what follows where the finest level is not accurate, and where new groups are misplaced."""
    found = study.find(LevelAnalysis)
    if found is None:
        return
    finest, stopping = found.scores[0], found.stopping
    accuracy = finest.scores.accuracy.high
    if accuracy is not None and accuracy < stopping.target and stopping.accuracy is not None:
        yield Advice(
            rank=38,
            sentence=f"Answer at the most specific level that is sure enough, not always at the "
            f"{finest.level}: so {100 * stopping.accuracy.estimate:.0f} % of the answers are right.",
        )
    for level, placed in placements_of(found):
        if placed.above_majority.sign < 1:
            yield Advice(
                rank=39,
                sentence=f"Do not place new {plural(level)} in a {placed.upper} by these images.",
                holds_by_chance=True,
            )


def _on_screen(study: StudyResult) -> Iterator[Table]:
    found = study.find(LevelAnalysis)
    if found is not None:
        yield scores_for_report(found).only("level", "n_classes", "accuracy", "f1_macro", "majority")
        yield stopping_for_report(found)
        if placements_of(found):
            yield held_out_for_report(found)


PRESENTATION = Presentation(
    question="levels",
    tables={
        "level_scores": of_analysis(LevelAnalysis, level_scores),
        "level_classes": of_analysis(LevelAnalysis, level_classes),
        "level_sizes": of_analysis(LevelAnalysis, level_sizes),
        "level_consistency": of_analysis(LevelAnalysis, level_consistency),
        "level_stopping": of_analysis(LevelAnalysis, level_stopping),
        "level_held_out": of_analysis(LevelAnalysis, level_held_out),
        "level_held_out_groups": of_analysis(LevelAnalysis, level_held_out_groups),
    },
    report_tables={
        "level_scores": of_analysis(LevelAnalysis, scores_for_report),
        "level_consistency": of_analysis(LevelAnalysis, consistency_for_report),
        "level_stopping": of_analysis(LevelAnalysis, stopping_for_report),
        "level_held_out": of_analysis(LevelAnalysis, held_out_for_report),
    },
    figures=tuple(
        figure_of(
            name,
            of_analysis(LevelAnalysis, draw),
            of_analysis(LevelAnalysis, describe),
            of_analysis(LevelAnalysis, say),
        )
        for name, draw, describe, say in (
            ("level-scores", draw_scores, describe_scores, say_scores),
            ("level-sizes", draw_sizes, describe_sizes, say_sizes),
            ("level-stopping", draw_stopping, describe_stopping, say_stopping),
            ("level-held-out", draw_held_out, describe_held_out, say_held_out),
        )
    ),
    findings=find_levels,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
    gist=_on_screen,
)
