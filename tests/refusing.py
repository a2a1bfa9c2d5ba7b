"""What a test says of an error: its code and parameter, not its wording."""

from types import EllipsisType

import pytest

from skknn_syndrome.errors import SkknnSyndromeError


def refused(
    code: str,
    parameter: str | EllipsisType | None = ...,
    *,
    error: type[SkknnSyndromeError] = SkknnSyndromeError,
) -> pytest.RaisesExc[SkknnSyndromeError]:
    """Expect an error with this code, and with this parameter where one is given."""

    def is_it(raised: SkknnSyndromeError) -> bool:
        return raised.code == code and parameter in {..., raised.parameter}

    return pytest.raises(error, check=is_it)
