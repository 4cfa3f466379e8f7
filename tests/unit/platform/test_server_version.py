"""A database server that is too old is refused before anything is changed."""

from __future__ import annotations

import pytest

from topform.core.errors import DatabaseUnavailableError
from topform.platform.migrations.upgrade import require_supported


@pytest.mark.parametrize("server_version_num", [170000, 170006, 180002])
def test_new_enough_servers_are_taken(server_version_num: int) -> None:
    """Major versions 17 and later pass."""
    require_supported(server_version_num)


@pytest.mark.parametrize(("server_version_num", "major"), [(160014, "16"), (150013, "15"), (90624, "9")])
def test_older_servers_are_refused_with_a_remedy(server_version_num: int, major: str) -> None:
    """The sentence names the version found, the remedy says what to do."""
    with pytest.raises(DatabaseUnavailableError, match=f"PostgreSQL {major};") as caught:
        require_supported(server_version_num)
    assert caught.value.remedy is not None
