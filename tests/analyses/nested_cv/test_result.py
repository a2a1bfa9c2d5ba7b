"""A nested search belongs to the protocol that it is of."""

import pytest
from pydantic import ValidationError

from tests.analysis_builders import make_nested
from tests.builders import make_study, with_parts


def test_a_nested_search_without_the_deciding_score_is_refused() -> None:
    assert with_parts(make_study(), nested=make_nested()).revised().primary.refit == "roc_auc_ovr"
    with pytest.raises(ValidationError, match="no score 'roc_auc_ovr', only 'f1_macro'"):
        with_parts(make_study(), nested=make_nested(score="f1_macro")).revised()
