"""Keys: whole numbers in the order of the probabilities."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.metrics.batch.keys import END, LABEL, class_keys

NUMBERS = st.floats(0, allow_infinity=False, allow_subnormal=True) | st.just(-0.0)


@given(first=NUMBERS, second=NUMBERS)
def test_keys_compare_as_the_numbers_do_whatever_the_label(first: float, second: float) -> None:
    one, other = class_keys(np.array([[[first], [second]]])).ravel()
    assert bool(one < other) == (first < second)
    assert bool(one == other) == (first == second)
    assert bool((one | LABEL) < other) == (first < second)
    assert one & LABEL == 0
    assert (one | LABEL) < END


def test_classes_come_first() -> None:
    probabilities = np.random.default_rng(0).random((2, 3, 4))
    keys = class_keys(probabilities[:, 1:])
    assert keys.shape == (4, 2, 2)
    assert keys.flags.c_contiguous
    np.testing.assert_array_equal(
        (keys >> np.uint64(1)).view(np.float64), probabilities[:, 1:].transpose(2, 0, 1)
    )
