"""Every notice has its remedy."""

from typing import get_args

import pytest

from skknn_syndrome.rendering.remedies import REMEDIES, remedy
from skknn_syndrome.results.notice import NoticeCode

CODES: tuple[NoticeCode, ...] = get_args(NoticeCode)


def test_there_is_one_for_each_code_and_no_other() -> None:
    assert set(REMEDIES) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_remedy_is_one_sentence(code: NoticeCode) -> None:
    text = remedy(code)
    assert text[0].isupper()
    assert text.endswith(".")
    assert text.count(". ") == 0
