"""Letters are the same in every language: none is missing, and each fills in the same names and links."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from topform.coaching.language import LANGUAGES
from topform.features.accounts import letters
from topform.features.coaches import jobs as coach_jobs

LINK, NAME = "https://topform.example.org/x", "Ana {Núñez}"
KINDS = tuple(letters.LETTERS["en"])


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_written_in_every_language(language: str) -> None:
    assert set(letters.LETTERS[language]) == set(KINDS)
    for kind in KINDS:
        for own, english in zip(letters.LETTERS[language][kind], letters.LETTERS["en"][kind], strict=True):
            assert gaps(own) == gaps(english), kind
    for own, english in zip(coach_jobs.LETTERS[language], coach_jobs.LETTERS["en"], strict=True):
        assert gaps(own) == gaps(english)


@pytest.mark.parametrize("tag", ["es-MX", "fr", "zh-Hans-CN", "pt"])
def test_a_region_does_not_change_the_language_and_an_unknown_one_gets_english(tag: str) -> None:
    known = tag.partition("-")[0] if tag != "pt" else "en"
    expected = letters.LETTERS[known]["reset"][0]
    letter = letters.letter("reset", to="ana@example.org", language=tag, name=NAME, link=LINK, account=uuid4())
    assert letter.subject == expected
