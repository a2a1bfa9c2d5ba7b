"""What a test says of an error: its code and parameter, not its wording."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import EllipsisType

import pytest

from skknn_syndrome.errors import SkknnSyndromeError


@contextmanager
def refused(
    code: str,
    parameter: str | EllipsisType | None = ...,
    *,
    error: type[SkknnSyndromeError] = SkknnSyndromeError,
) -> Iterator[pytest.ExceptionInfo[SkknnSyndromeError]]:
    """Expect an error with this code, and with this parameter where one is given."""
    with pytest.raises(error) as raised:
        yield raised
    assert raised.value.code == code
    assert parameter in (..., raised.value.parameter)
    assert str(raised.value).strip()
