"""What the report says of the data."""

from skknn_syndrome.analyses.dataset.present import DatasetFindings
from tests.builders import make_study


def test_imbalance_is_largest_to_smallest() -> None:
    dataset = make_study().dataset
    found = DatasetFindings(dataset)
    assert (found.largest.syndrome, found.smallest.syndrome, found.imbalance) == ("a", "b", 2.0)
    assert found.n_syndromes == 2
    assert found.images_per_subject == 6 / 5
    assert DatasetFindings(dataset.revised(n_subjects=None)).images_per_subject is None
