import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.data.feature_columns import in_order, is_feature, usual_prefix
from skknn_syndrome.errors import EmbeddingsFileError


@given(
    st.sampled_from(["", "e", "emb_", "v2_", "x.", "e\n"]),
    st.integers(1, 30),
    st.integers(0, 1),
    st.randoms(),
)
def test_columns_in_any_order_are_sorted_by_number(
    prefix: str, size: int, first: int, random: object
) -> None:
    names = [f"{prefix}{number}" for number in range(first, first + size)]
    shuffled = sorted(names, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert usual_prefix(shuffled) == prefix
    assert all(is_feature(name, prefix) for name in names)
    assert in_order(shuffled, prefix) == tuple(names)


def test_zeros_before_a_number_do_not_count() -> None:
    assert in_order(["e010", *(f"e00{number}" for number in range(1, 10))], "e")[-1] == "e010"


def test_the_prefix_of_most_columns_wins() -> None:
    assert usual_prefix(["pc1", "e0", "e1", "age"]) == "e"
    assert usual_prefix(["age", ""]) == ""


@pytest.mark.parametrize("name", ["e", "ex1", "e-1", "e1.0", "f1", "e\u0661", "e1234567890"])
def test_only_the_prefix_and_a_number_make_a_feature(name: str) -> None:
    assert not is_feature(name, "e")


@pytest.mark.parametrize(
    "names,message",
    [
        (["e0", "e2"], "the feature column 'e1' is missing before 'e2'"),
        (["e2", "e3"], "the feature column 'e1' is missing before 'e2'"),
        (["e0", "e1", "e01"], "the feature column 'e1' has the number of another"),
    ],
)
def test_numbers_have_no_gap_and_come_once(names: list[str], message: str) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        in_order(names, "e")
