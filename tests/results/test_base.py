"""What all results share: they are frozen, and a change makes another one that is validated."""

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.embedding_map.result import Projection
from skknn_syndrome.results.dataset import SyndromeCount

COUNT = SyndromeCount(syndrome="a", n_images=3, n_subjects=None)
LINE = Projection(
    method="pca",
    metric="euclidean",
    random_state=None,
    perplexity=None,
    explained_variance=0.5,
    x=(0.0, 1.0),
    y=(0.0, 1.0),
    silhouette=None,
)


def test_a_changed_result_is_another_one_with_the_other_fields_as_they_were() -> None:
    assert COUNT.revised(n_images=4) == SyndromeCount(syndrome="a", n_images=4, n_subjects=None)
    assert COUNT.n_images == 3
    assert COUNT.revised() == COUNT


@pytest.mark.parametrize("change", [{"n_images": "three"}, {"n_image": 4}, {"syndrome": None}])
def test_a_change_to_what_the_field_does_not_hold_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(change))):
        COUNT.revised(**change)


def test_a_change_that_parts_fields_that_belong_together_is_refused() -> None:
    assert LINE.revised(x=(2.0, 3.0)).x == (2.0, 3.0)
    with pytest.raises(ValidationError, match="'y' has 2 entries, and 1 are needed"):
        LINE.revised(x=(2.0,))
