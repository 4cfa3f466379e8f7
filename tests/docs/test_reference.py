"""Tables written by hand say what the code says."""

from __future__ import annotations

import re

from docs.site_hooks import error_classes

from tests.docs.pages import REPOSITORY
from topform.core.errors import TopFormError
from topform.platform.settings import GIB, MIB, Settings

SETTINGS_PAGE = REPOSITORY / "docs" / "reference" / "settings.md"
ROW = re.compile(r"^\| `TOPFORM_([A-Z_]+)` \| ([^|]*) \|", re.MULTILINE)


def test_every_setting_is_described_once() -> None:
    """The page names all settings and no others."""
    described = [name.lower() for name, _ in ROW.findall(SETTINGS_PAGE.read_text(encoding="utf-8"))]
    read_elsewhere = {"model_manifest_dir"}
    assert sorted(described) == sorted({*Settings.model_fields} | read_elsewhere)


def test_defaults_are_those_of_the_code() -> None:
    """A default shown as code equals the default in the code."""
    shown = dict(ROW.findall(SETTINGS_PAGE.read_text(encoding="utf-8")))
    sizes = {2 * GIB: "2 GiB", 200 * MIB: "200 MiB"}
    for name, field in Settings.model_fields.items():
        if field.default_factory is not None:
            continue
        default = field.default
        expected = "not set" if default is None else f"`{sizes.get(default, default)}`"
        assert shown[name.upper()].strip() == expected, name


def test_error_codes_are_read_from_the_source() -> None:
    """The table of error codes finds every class that Python finds."""
    found = {error.name: error.code for error in error_classes()}
    pending = [TopFormError]
    while pending:
        error = pending.pop()
        if error.__module__.startswith("topform."):
            assert found[error.__name__] == error.code
        pending += error.__subclasses__()
