"""What the sources did."""

import pytest

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.study.reproducing.protocols import PROTOCOLS, Recipe, find_protocol


def test_a_recipe_resamples_where_rows_go_or_come() -> None:
    recipes = [Recipe(), Recipe("l2"), Recipe(balanced=True), Recipe(n_mixed=1)]
    assert [recipe.is_resampled for recipe in recipes] == [False, False, True, True]


def test_every_resampled_recipe_of_one_source_stands_beside_the_same_without() -> None:
    for protocol in PROTOCOLS.values():
        recipes = set(protocol.recipes.values())
        assert {Recipe(recipe.scaler) for recipe in recipes} <= recipes


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(StudySettingsError, match="There is no protocol 'roy': take monteiro or apollo"):
        find_protocol("roy")
