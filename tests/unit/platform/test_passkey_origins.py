"""At which addresses passkeys work."""

from __future__ import annotations

from pathlib import Path

import pytest

from topform.platform.settings import InvalidSettingsError, Settings, load_settings


@pytest.mark.parametrize(
    ("public_url", "origins"),
    [
        (None, ("http://localhost:8000",)),
        ("https://topform.example.org", ("https://topform.example.org",)),
        ("https://topform.example.org:8443/", ("https://topform.example.org:8443",)),
        ("http://topform.example.org", ()),
        ("https://192.0.2.7", ()),
        ("https://[2001:db8::1]", ()),
    ],
)
def test_they_follow_the_public_address(public_url: str | None, origins: tuple[str, ...], tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path, public_url=public_url).trusted_origins() == origins


def test_they_can_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPFORM_PASSKEY_ORIGINS", "https://example.org, https://app.example.org")
    assert load_settings().trusted_origins() == ("https://example.org", "https://app.example.org")


@pytest.mark.parametrize(
    "listed",
    ["http://example.org", "https://example.org/app", "https://a@example.org", "https://example.org,https://evil.org"],
)
def test_a_list_that_browsers_would_not_take_is_refused(monkeypatch: pytest.MonkeyPatch, listed: str) -> None:
    monkeypatch.setenv("TOPFORM_PASSKEY_ORIGINS", listed)
    with pytest.raises(InvalidSettingsError, match="TOPFORM_PASSKEY_ORIGINS"):
        load_settings()
