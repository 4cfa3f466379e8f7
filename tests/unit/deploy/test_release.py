"""What is released: the bill of materials and the licences from the locks, and what a release must be ready with."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deploy.release import locked
from deploy.release.bill_of_materials import bill, faults
from deploy.release.licences import is_allowed, problems, report
from deploy.release.locked import ROOT, Package, npm_packages, pins, python_packages
from deploy.release.packages import VERSIONED, digests, not_ready

MADE_AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def packages() -> list[Package]:
    return [*python_packages(), *npm_packages()]


@pytest.fixture(scope="module")
def document(packages: list[Package]) -> dict[str, Any]:
    return bill(packages, version="1.2.3", made_at=MADE_AT)


def test_the_bill_is_what_the_standard_asks_for(document: dict[str, Any]) -> None:
    assert faults(json.dumps(document)) is None
    assert faults(json.dumps({**document, "components": [{"name": "without a type"}]})) is not None


def test_the_bill_names_every_locked_package_with_its_digests(document: dict[str, Any]) -> None:
    named = {one["purl"]: one for one in document["components"]}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if pinned := re.match(r"([a-z0-9-]+)(?:\[.*\])?==(\S+)", line):
            files = named[f"pkg:pypi/{pinned[1]}@{pinned[2]}"]["externalReferences"][0]["hashes"]
            assert all(re.fullmatch("[0-9a-f]{64}", one["content"]) for one in files)
    assert len(named["pkg:npm/%40mediapipe/pose@0.5.1675469404"]["hashes"][0]["content"]) == 128
    assert not any(purl.startswith("pkg:pypi/pytest@") for purl in named)


def test_the_bill_says_what_asks_for_what(document: dict[str, Any]) -> None:
    edges = {one["ref"].rpartition("@")[0]: one["dependsOn"] for one in document["dependencies"]}
    assert any(one.startswith("pkg:pypi/starlette@") for one in edges["pkg:pypi/fastapi"])
    assert any(one.startswith("pkg:npm/d3-array@") for one in edges["pkg:npm/d3-scale"])
    assert any(one.startswith("pkg:pypi/numpy@") for one in edges["pkg:generic/topform"])
    assert any(one.startswith("pkg:npm/expo@") for one in edges["pkg:generic/topform"])
    assert not any(one.startswith("pkg:pypi/starlette@") for one in edges["pkg:generic/topform"])


def test_the_same_locks_give_the_same_bill(packages: list[Package], document: dict[str, Any]) -> None:
    assert bill(reversed(packages), version="1.2.3", made_at=MADE_AT) == document
    assert bill(packages[1:], version="1.2.3", made_at=MADE_AT)["serialNumber"] != document["serialNumber"]


def test_a_package_of_npm_is_found_beside_the_one_that_asks_or_above_it() -> None:
    lock = {
        "packages": {
            "": {"dependencies": {"a": "1"}},
            "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "2", "c": "1"}},
            "node_modules/a/node_modules/b": {"version": "2.0.0", "dependencies": {"c": "1"}},
            "node_modules/b": {"version": "1.0.0", "dev": True},
            "node_modules/c": {"version": "1.5.0", "license": "(MIT OR GPL-2.0-only)"},
        }
    }
    found = {one.purl: one for one in npm_packages(lock, {})}
    assert found["pkg:npm/a@1.0.0"].asks_for == ("pkg:npm/b@2.0.0", "pkg:npm/c@1.5.0")
    assert found["pkg:npm/b@2.0.0"].asks_for == ("pkg:npm/c@1.5.0",)
    assert [one.purl for one in found.values() if one.is_direct] == ["pkg:npm/a@1.0.0"]
    assert [one.purl for one in found.values() if not one.is_shipped] == ["pkg:npm/b@1.0.0"]


def test_pins_are_read_with_markers_and_with_who_wants_them() -> None:
    lock = (
        "one==1.0 ; sys_platform == 'win32' \\\n"
        f"    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
        "    # via\n    #   topform (pyproject.toml)\n    #   two\n"
        f"two[more]==2.0 \\\n    --hash=sha256:{'c' * 64}\n    # via topform (pyproject.toml)\n"
    )
    one, two = pins(lock)
    assert (one.name, one.version, one.marker) == ("one", "1.0", "sys_platform == 'win32'")
    assert one.sha256 == ["a" * 64, "b" * 64]
    assert one.wanted_by == ["topform", "two"]
    assert (two.name, two.marker, two.wanted_by) == ("two", None, ["topform"])


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only OR MIT AND ISC", True),
        ("(GPL-3.0-only OR MIT) AND GPL-2.0-only", False),
        ("(GPL-3.0-only OR MIT) AND ISC", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
    ],
)
def test_an_expression_is_met_by_allowed_licences_alone(expression: str, wanted: bool) -> None:
    assert is_allowed(expression, frozenset({"MIT", "ISC"})) is wanted


def test_all_locked_packages_are_under_licences_that_are_allowed(packages: list[Package]) -> None:
    assert problems(packages, locked.table()) == []


def test_what_is_not_allowed_unknown_or_gone_is_said() -> None:
    known = {"allowed": ["MIT"], "pypi": {"gone": {"licence": "MIT"}}, "npm": {}}
    strict = Package("pypi", "strict", "1", "AGPL-3.0-only", is_shipped=True)
    silent = Package("pypi", "silent", "1", None, is_shipped=False)
    found = problems([strict, silent, Package("pypi", "fine", "1", "MIT", is_shipped=True)], known)
    assert [line.partition(":pypi/")[2].partition("@")[0] for line in found[:2]] == ["strict", "silent"]
    assert found[2:] == ["licences.toml speaks of gone, which pypi no longer brings"]
    assert "AGPL-3.0-only (1)\n  strict 1 (pypi)" in report([strict], known)


def test_what_a_bundle_asks_for_is_in_the_notice(packages: list[Package]) -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    spoken_of = {"av": "pyav", "opencv-python-headless": "opencv", "ortools": "or-tools"}
    for ecosystem in ("pypi", "npm"):
        for name, about in locked.table()[ecosystem].items():
            assert "accepted" not in about or spoken_of.get(name, name) in notice, name


def test_a_release_has_one_version_and_a_dated_section(tmp_path: Path) -> None:
    for name in VERSIONED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    version, changelog = locked.product_version(), tmp_path / "CHANGELOG.md"
    changelog.write_text(f"# Changelog\n\n## [Unreleased]\n\n## [{version}] - 2026-11-22\n\n- All.\n", encoding="utf-8")
    assert not_ready(tmp_path, version) == []
    changelog.write_text(f"# Changelog\n\n## [Unreleased]\n\n- New.\n\n## [{version}]\n", encoding="utf-8")
    assert [line.split()[1:4] for line in not_ready(tmp_path, version)] == [
        ["does", "not", "date"],
        ["lists", "changes", "under"],
    ]
    assert len(not_ready(tmp_path, "9.9.9")) == len(VERSIONED) + 2


def test_digests_are_what_sha256sum_reads(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1
    wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digests(tmp_path) == f"{wanted}  a.whl\n"
