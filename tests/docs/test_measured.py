"""Numbers in the pages are those of the stored benchmark results."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.speed.projection import is_current
from docs.update_numbers import MARK, NUMBER, marked_pages, with_stored_numbers

from tests.docs.pages import REPOSITORY


@pytest.mark.parametrize("page", marked_pages(), ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_numbers_are_those_of_the_results(page: Path) -> None:
    """Every marked number equals the stored one; if not, run ``python docs/update_numbers.py`` and read the diff."""
    text = page.read_text(encoding="utf-8")
    assert len(NUMBER.findall(text)) == text.count(MARK), "a mark does not follow a number"
    assert with_stored_numbers(text).splitlines() == text.splitlines()


def test_the_projection_is_made_of_the_unit_costs_that_are_stored() -> None:
    """If not, run ``python docs/update_numbers.py``, which makes it anew."""
    assert is_current()
