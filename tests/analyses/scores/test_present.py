"""One protocol at a glance."""

from skknn_syndrome.analyses.scores.present import primary_scores
from tests.builders import make_candidate, make_run

NAN = float("nan")


def test_a_mean_over_few_of_the_folds_is_not_shown() -> None:
    def cell(*values: float) -> object:
        return primary_scores(make_run(make_candidate(list(values)))).rows[0][1]

    assert cell(0.5, 0.7) == "0.6000 ± 0.1000"
    assert cell(0.5, 0.7, NAN) == "0.6000 ± 0.1000 (2 folds)"
    assert cell(0.5, NAN, NAN) is None
    assert cell(NAN) is None
