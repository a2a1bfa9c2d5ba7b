import pytest

from skknn_syndrome.data.rows import read_simulated_name
from skknn_syndrome.errors import EmbeddingsFileError


def test_a_simulated_set_keeps_its_name() -> None:
    assert read_simulated_name("simulated syndromes") == "simulated syndromes"


@pytest.mark.parametrize("value", ["", None, 1.5, ["a"], "a/b", "a\0b"])
def test_a_name_that_was_never_saved_is_refused(value: object) -> None:
    with pytest.raises(EmbeddingsFileError, match="the mark of a simulated set is broken"):
        read_simulated_name(value)
