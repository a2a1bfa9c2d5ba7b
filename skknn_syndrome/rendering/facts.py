"""What the report's prose speaks of, taken from the typed result."""

from dataclasses import dataclass

from skknn_syndrome.analyses.baselines.present import AlternativeFindings, find_alternatives
from skknn_syndrome.analyses.chance.present import find_chance
from skknn_syndrome.analyses.chance.result import ChanceTest
from skknn_syndrome.analyses.nested_cv.present import SelectionFindings, find_nested
from skknn_syndrome.analyses.open_set.present import OpenSetFindings, find_open_set
from skknn_syndrome.analyses.per_class.present import PerClassFindings, find_per_class
from skknn_syndrome.analyses.repeats.present import RepeatFindings, find_repeats
from skknn_syndrome.languages import gettext
from skknn_syndrome.results.candidate import KNN, Candidate
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import SIGNIFICANCE_LEVEL, TIES_MATTER
from skknn_syndrome.vocabulary import noun
from skknn_syndrome.wording import head_title, score_title, sentence_list

PEOPLE = frozenset({"subject", "patient", "person", "individual", "participant"})
"""Nouns of subjects that are people; others, such as "specimen", are not."""
TAXA = frozenset({"species", "genus", "family", "order", "breed", "taxon", "variety"})
"""Nouns of classes whose subjects are not, whatever they are called."""


@dataclass(frozen=True)
class Facts:
    """One study, asked the questions that its report answers."""

    study: StudyResult

    @property
    def title(self) -> str:
        """The title of the report."""
        name = self.study.dataset.name
        if self.grid:
            return gettext("Nearest-neighbour classification of %(name)s") % {"name": name}
        said = gettext("Classification of %(name)s by %(classifier)s")
        return said % {"name": name, "classifier": self.head_title}

    @property
    def of_people(self) -> bool:
        """Whether subjects are people, by the nouns that are spoken."""
        return noun("subject") in PEOPLE and noun("class") not in TAXA

    @property
    def winner(self) -> Candidate:
        """The best candidate under the primary protocol."""
        return self.study.primary.winner

    @property
    def refit(self) -> Score:
        """The winner's deciding score."""
        return self.winner.scores[self.study.primary.refit]

    @property
    def refit_title(self) -> str:
        """The deciding score's name in prose."""
        return score_title(self.study.primary.refit)

    @property
    def metrics(self) -> list[str]:
        """The distances tried, in the order of the grid; of heads without one their names."""
        return list(dict.fromkeys(candidate.variant for candidate in self.study.primary.candidates))

    @property
    def weights(self) -> list[str]:
        """The voting schemes tried, in the order of the grid; empty for heads other than k-NN."""
        tried = self.study.primary.candidates
        return list(dict.fromkeys(candidate.weights for candidate in tried if candidate.head == KNN))

    @property
    def grid(self) -> list[int]:
        """The values of k tried, rising; empty for heads other than k-NN."""
        tried = self.study.primary.candidates
        return sorted({candidate.n_neighbors for candidate in tried if candidate.head == KNN})

    @property
    def head_title(self) -> str:
        """What the searched head is called."""
        note = self.study.provenance.head
        return head_title(self.winner.head) if note is None else gettext(note.title)

    @property
    def ranks_by_decision(self) -> bool:
        """Whether classes are known to be ranked by decision values that are no probabilities."""
        note = self.study.provenance.head
        return note is not None and note.ranks_by_decision

    @property
    def winner_title(self) -> str:
        """The winner of another head than k-NN, with its parameters."""
        params = self.winner.params.items()
        return ", ".join([self.head_title, *(f"{name} = {value}" for name, value in params)])

    @property
    def tried(self) -> list[str]:
        """What values of each parameter were tried: "C was tried at 0.01 and 1"."""
        values: dict[str, dict[str, None]] = {}
        for candidate in self.study.primary.candidates:
            for name, value in candidate.params.items():
                values.setdefault(name, {})[str(value)] = None
        return [
            f"{name} was tried at {sentence_list(list(found))}"
            if len(found) > 1
            else f"{name} was {next(iter(found))}"
            for name, found in values.items()
        ]

    @property
    def train_sizes(self) -> tuple[int, int]:
        """Images of the smallest and of the largest training part."""
        sizes = [fold.n_train for fold in self.study.primary.folds]
        return min(sizes), max(sizes)

    @property
    def test_sizes(self) -> tuple[int, int]:
        """Images of the smallest and of the largest test part."""
        sizes = [fold.n_test for fold in self.study.primary.folds]
        return min(sizes), max(sizes)

    @property
    def significance_level(self) -> float:
        """Below which a p-value is called significant."""
        return SIGNIFICANCE_LEVEL

    @property
    def lacks_classes(self) -> bool:
        """Whether a fold has no image of some syndrome in its training or test part."""
        folds = self.study.primary.folds
        return any(fold.absent_from_train or fold.absent_from_test for fold in folds)

    @property
    def distances(self) -> RepeatFindings | None:
        """The two best distances compared."""
        return find_repeats(self.study)

    @property
    def alternatives(self) -> AlternativeFindings | None:
        """What the winner was compared with beside the other candidates."""
        return find_alternatives(self.study)

    def is_trivial(self, score: str) -> bool:
        """Return whether a top-k accuracy names as many syndromes as there are."""
        return int(score.split("_")[1]) >= len(self.study.dataset.syndromes)

    def ties_decide(self, score: str) -> bool:
        """Return whether the order of equally probable classes moves a top-k accuracy by a point or more."""
        found = self.winner.scores[score]
        return (found.mean_upper or 0.0) - (found.mean_lower or 0.0) >= TIES_MATTER

    @property
    def chance(self) -> ChanceTest | None:
        """The whole search against permuted labels."""
        return find_chance(self.study)

    @property
    def by_chance(self) -> bool:
        """Whether the search was tested against chance and is not significantly better."""
        return self.chance is not None and not self.chance.significant

    @property
    def selection(self) -> SelectionFindings | None:
        """What choosing on the reporting folds was worth."""
        return find_nested(self.study)

    @property
    def open_set(self) -> OpenSetFindings | None:
        """The winner before syndromes that are absent from training."""
        return find_open_set(self.study)

    @property
    def failures(self) -> PerClassFindings | None:
        """Which syndromes the winner does not recognise."""
        return find_per_class(self.study)
