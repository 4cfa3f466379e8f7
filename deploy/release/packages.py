"""Builds what is released into ``dist/``: ``python -m deploy.release.packages [--release]``.

A source archive and a wheel made from that archive, both with the built app and the pose model's weights inside; the
bill of materials, the licences of everything in it, and the digests of all. With ``--release`` first what a release
needs: the same version everywhere, an entry in the changelog, nothing uncommitted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from deploy.release import bill_of_materials, licences
from deploy.release.locked import ROOT, product_version

DIST = ROOT / "dist"
INSIDE = (
    "topform/_web/index.html",
    "topform/_pose/pose_landmark_full.tflite",
    "topform/_pose/pose_solution_packed_assets.data",
    "topform/_models/push_up_form/manifest.json",
    "topform/platform/migrations/versions/0001_platform.py",
)
VERSIONED = {
    "app/package.json": r'^  "version": "([^"]+)"',
    "app/app.json": r'^    "version": "([^"]+)"',
    "deploy/kubernetes/base/kustomization.yaml": r'^    newTag: "([^"]+)"',
    "docs/guides/kubernetes.md": r'^    newTag: "([^"]+)"',
    "openapi.json": r'^    "version": "([^"]+)"',
}


def not_ready(root: Path, version: str) -> list[str]:
    """Return what stands against releasing this version, a line each."""
    found = []
    for name, pattern in VERSIONED.items():
        said = re.search(pattern, (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        if said is None or said[1] != version:
            found.append(f"{name} says {said[1] if said else 'no version'}, pyproject.toml says {version}")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$", changelog, re.MULTILINE)
    if (first := next((one for one in headings if one[0] != "Unreleased"), None)) is None or first[0] != version:
        found.append(f"CHANGELOG.md has no section [{version}]: give [Unreleased] this heading and today's date")
    elif not first[1]:
        found.append(f"CHANGELOG.md does not date [{version}]")
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## \[|\Z)", changelog, re.MULTILINE | re.DOTALL)
    if unreleased is not None and unreleased[1].strip():
        found.append("CHANGELOG.md lists changes under [Unreleased] that this release would contain")
    return found


def _uncommitted() -> list[str]:
    changed = _git("status", "--porcelain")
    tags = _git("tag", "--list", f"v{product_version()}")
    found = [f"{len(changed.splitlines())} files are not committed"] if changed else []
    return found + ([f"the tag {tags} exists already: raise the version"] if tags else [])


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments],  # noqa: S607 - the git of whoever releases
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def build(folder: Path, *, epoch: str) -> tuple[Path, Path]:
    """Return a source archive of this checkout, and a wheel that is built from it and from nothing else."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch}

    def hatch(target: str, place: Path) -> Path:
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
            cwd=place,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return next(folder.glob("*.tar.gz" if target == "sdist" else "*.whl"))

    archive = hatch("sdist", ROOT)
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(archive) as packed:
            packed.extractall(name, filter="data")
        return archive, hatch("wheel", Path(name) / archive.name.removesuffix(".tar.gz"))


def missing_in(wheel: Path) -> list[str]:
    """Return what an installation from the wheel would lack."""
    with zipfile.ZipFile(wheel) as packed:
        return sorted(set(INSIDE) - set(packed.namelist()))


def digests(folder: Path) -> str:
    """Return the SHA-256 of every file, as ``sha256sum --check`` reads it."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name != "SHA256SUMS"
    )


def main(arguments: list[str] | None = None) -> int:
    """Check, build, list, digest; the first thing that is wrong ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", action="store_true", help="refuse what is not ready to be released")
    options = parser.parse_args(arguments)
    version = product_version()
    if options.release and (found := [*not_ready(ROOT, version), *_uncommitted()]):
        print(f"{version} is not ready to be released:", *found, sep="\n  ", file=sys.stderr)
        return 1
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    epoch = _git("log", "-1", "--format=%ct")
    made_at = datetime.fromtimestamp(int(epoch), UTC).isoformat()
    if licences.main(["--report", str(DIST / f"topform-{version}-licences.txt")]):
        return 1
    if bill_of_materials.main([str(DIST / f"topform-{version}.cdx.json"), "--check", "--made-at", made_at]):
        return 1
    archive, wheel = build(DIST, epoch=epoch)
    if missing := missing_in(wheel):
        print(
            f"{wheel.name} lacks {', '.join(missing)}: build the app first (make app/dist/index.html)", file=sys.stderr
        )
        return 1
    (DIST / "SHA256SUMS").write_text(digests(DIST), encoding="utf-8")
    print(json.dumps({one.name: one.stat().st_size for one in (archive, wheel)}, indent=1))
    if options.release:
        print(f"Look at dist/, then: git tag -s v{version} -m 'TopForm {version}' && git push origin v{version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
