"""Names as figures show them."""

from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.display.lettering import LONGEST, short_labels


@given(st.lists(st.text(max_size=60), unique=True, max_size=12))
def test_labels_are_short_printable_and_no_two_alike(names: list[str]) -> None:
    shown = short_labels(names)
    assert set(shown) == set(names)
    assert len(set(shown.values())) == len(names)
    assert all(len(label) <= LONGEST + 5 and (label + "x").isprintable() for label in shown.values())


def test_a_short_name_stays_as_it_is() -> None:
    assert short_labels(["Noonan"]) == {"Noonan": "Noonan"}
