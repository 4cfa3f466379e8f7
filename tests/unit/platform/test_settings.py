"""Settings: what starts, what refuses to start, and where secrets come from."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from topform.core.errors import SetupError
from topform.platform.secret_files import secret_in_file
from topform.platform.settings import InvalidSettingsError, Settings, default_data_dir, load_settings

GOOD_SECRET = "kJ7_vR2mQx9Lz4TbWn8cYp1sHd6gFa3eUo5i"


@pytest.fixture(autouse=True)
def no_outside_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("TOPFORM_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    "secret",
    ["changeme-changeme-changeme-changeme-123", "short", "a" * 64, "your-secret-key-goes-here-0123456789abcdef"],
)
def test_a_placeholder_secret_stops_the_start_and_is_not_repeated(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("TOPFORM_SECRET_KEY", secret)
    with pytest.raises(InvalidSettingsError) as caught:
        load_settings()
    assert caught.value.code == "invalid_settings"
    assert caught.value.fields["setting"] == "secret_key"
    assert "secrets.token_urlsafe" in (caught.value.remedy or "")
    assert secret not in repr(caught.value.as_dict())


def test_a_real_secret_is_taken_and_hidden_when_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPFORM_SECRET_KEY", GOOD_SECRET)
    settings = load_settings()
    assert settings.signing_key() == GOOD_SECRET
    assert GOOD_SECRET not in repr(settings)


def test_the_database_password_is_hidden_when_shown_and_no_placeholder() -> None:
    settings = load_settings(database_url="postgresql://coach:Vx83mQ@db/topform")
    assert "Vx83mQ" not in repr(settings)
    with pytest.raises(InvalidSettingsError, match="placeholder password"):
        load_settings(database_url="postgresql://coach:changeme@db/topform")


def test_only_postgresql_is_a_database() -> None:
    with pytest.raises(InvalidSettingsError, match="TOPFORM_DATABASE_URL must start with postgresql://"):
        load_settings(database_url="sqlite:///topform.db")


def test_options_win_over_variables_and_none_means_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPFORM_PORT", "9000")
    assert load_settings(port=None).port == 9000
    assert load_settings(port=9100).port == 9100


def test_a_bad_value_names_its_variable() -> None:
    with pytest.raises(InvalidSettingsError) as caught:
        load_settings(port=70000)
    assert caught.value.message.startswith("TOPFORM_PORT ")
    assert caught.value.remedy == "Correct or unset TOPFORM_PORT."


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_paths_are_absolute_and_the_home_folder_is_resolved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(data_dir="~/coach").data_dir == tmp_path / "coach"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps its data under /var/lib")
def test_root_keeps_its_data_where_services_do() -> None:
    assert default_data_dir() == Path("/var/lib/topform")


def test_a_user_keeps_data_in_the_folder_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("topform.platform.settings.os.geteuid", lambda: 1000)
    monkeypatch.setattr("topform.platform.settings.sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "topform"


def test_the_signing_key_is_generated_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new" / "data")
    key = settings.signing_key()
    file = tmp_path / "new" / "data" / "secrets" / "signing_key"
    assert settings.signing_key() == key
    assert len(key) >= 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_processes_that_race_for_a_secret_get_the_same_one(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: secret_in_file(path), range(64)))
    assert len(found) == 1
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    with pytest.raises(SetupError, match="is empty"):
        secret_in_file(tmp_path / "key")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPFORM_DATABASE_URL", "")
    assert load_settings().database_url is None


@pytest.mark.parametrize(
    "template",
    [
        "https://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org:8443/outdoor/{z}/{x}/{y}@2x.webp?key=k3J9",
        "http://127.0.0.1:8080/{z}/{y}/{x}",
    ],
)
def test_maps_come_from_the_host_that_the_operator_names(template: str) -> None:
    settings = load_settings(map_tiles_url=template, map_tiles_attribution="© Example Maps")
    assert settings.map_tiles_url == template
    assert settings.map_tiles_max_zoom == 18


@pytest.mark.parametrize(
    "template",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{r}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{y}.png",
        "https://ada:key@tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org;script-src/{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y} .png",
        "/tiles/{z}/{x}/{y}.png",
    ],
)
def test_what_could_widen_the_content_policy_or_names_no_tile_is_refused(template: str) -> None:
    with pytest.raises(InvalidSettingsError, match="TOPFORM_MAP_TILES_URL must be an https address"):
        load_settings(map_tiles_url=template, map_tiles_attribution="© Example Maps")


def test_maps_without_the_name_of_their_makers_are_refused() -> None:
    with pytest.raises(InvalidSettingsError, match="needs TOPFORM_MAP_TILES_ATTRIBUTION"):
        load_settings(map_tiles_url="https://tiles.example.org/{z}/{x}/{y}.png")
