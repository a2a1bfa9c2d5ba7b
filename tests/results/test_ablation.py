"""A comparison from a file is whole, or refused."""

import pytest
from pydantic import ValidationError

from skknn_syndrome.results import AblationResult
from skknn_syndrome.results.ablation import ABLATION_VERSION
from tests.ablation_builders import make_ablation


@pytest.mark.parametrize("version", [0, ABLATION_VERSION + 1])
def test_another_version_is_refused(version: int) -> None:
    with pytest.raises(ValidationError, match="this package reads 1 to"):
        AblationResult.model_validate({**make_ablation().model_dump(), "ablation_version": version})


def test_a_shortened_curve_is_refused() -> None:
    cut = {**make_ablation().model_dump(), "n_neighbors": (1, 3, 5)}
    with pytest.raises(ValidationError, match="have not one value for each of 3 k"):
        AblationResult.model_validate(cut)


def test_without_untouched_embeddings_the_distance_is_that_of_the_best() -> None:
    mixed = [variant for variant in make_ablation().variants if variant.resampler == "mixup"]
    assert make_ablation().model_copy(update={"variants": tuple(mixed)}).metric == "cosine"


def test_a_file_of_the_first_version_loads_without_what_it_does_not_hold() -> None:
    old = make_ablation().model_dump()
    del old["repeat_seeds"]
    for gain in old["gains"]:
        del gain["n_folds"], gain["n_splits"]
    found = AblationResult.model_validate({**old, "ablation_version": 1})
    assert found.repeat_seeds == ()
    assert (found.gains[0].n_folds, found.gains[0].n_splits) == (None, None)
    assert found.verdict("cosine").verdict == "hurts"
