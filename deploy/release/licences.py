"""Which licences the locked packages are under: ``python -m deploy.release.licences [--report FILE]``.

Fails when a package is under a licence that is not allowed, or states none that means one thing. What was found out
about single packages, and the exceptions with their reasons, are in ``licences.toml``; ``NOTICE`` explains them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deploy.release.locked import Package, npm_packages, python_packages, table

TOKEN = re.compile(r"\(|\)|[^\s()]+")


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Say whether an SPDX expression can be met by allowed licences alone; AND binds closer than OR."""
    tokens = TOKEN.findall(expression)

    def either() -> bool:
        met = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            met = both() or met
        return met

    def both() -> bool:
        met = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            met = one() and met
        return met

    def one() -> bool:
        first = tokens.pop(0)
        if first == "(":
            met = either()
            tokens.pop(0)
            return met
        if tokens[:1] == ["WITH"]:
            first = f"{first} {tokens.pop(0)} {tokens.pop(0)}"
        return first in allowed

    return either()


def problems(packages: Iterable[Package], known: Mapping[str, Any]) -> list[str]:
    """Return what stands against shipping these packages, a line each."""
    allowed = frozenset(known["allowed"])
    found = []
    named: dict[str, set[str]] = defaultdict(set)
    for package in packages:
        named[package.ecosystem].add(package.name)
        about = known[package.ecosystem].get(package.name, {})
        if package.licence is None:
            found.append(f"{package.purl} states no licence that means one thing: read it and name it in licences.toml")
        elif not is_allowed(package.licence, allowed) and "accepted" not in about:
            found.append(f"{package.purl} is under {package.licence}, which is not allowed")
    for ecosystem, names in named.items():
        gone = known[ecosystem].keys() - names
        found += [f"licences.toml speaks of {one}, which {ecosystem} no longer brings" for one in sorted(gone)]
    return found


def report(packages: Iterable[Package], known: Mapping[str, Any]) -> str:
    """Return the packages by licence, those that are shipped first, and the exceptions with their reasons."""
    lines = ["Licences of the packages that TopForm is locked to", ""]
    listed = list(packages)
    for title, is_shipped in (("In the product", True), ("To build and to test it", False)):
        by_licence: dict[str, list[Package]] = defaultdict(list)
        for package in listed:
            if package.is_shipped == is_shipped:
                by_licence[package.licence or "unknown"].append(package)
        lines += [title, "=" * len(title), ""]
        for licence, members in sorted(by_licence.items(), key=lambda item: (-len(item[1]), item[0])):
            lines += [
                f"{licence} ({len(members)})",
                *(f"  {one.name} {one.version} ({one.ecosystem})" for one in members),
                "",
            ]
    lines += ["Exceptions", "==========", ""]
    for ecosystem in ("pypi", "npm"):
        for name, about in sorted(known[ecosystem].items()):
            if "accepted" in about:
                lines += [f"{name}: {about['licence']}", f"  {about['accepted']}", ""]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print what stands against it, write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", type=Path, help="where to write the list of all packages by licence")
    options = parser.parse_args(arguments)
    packages, known = [*python_packages(), *npm_packages()], table()
    found = problems(packages, known)
    if options.report is not None:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(report(packages, known), encoding="utf-8")
    for line in found:
        print(line, file=sys.stderr)
    shipped = sum(package.is_shipped for package in packages)
    print(f"{len(packages)} packages, {shipped} of them in the product: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
