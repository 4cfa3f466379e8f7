"""What TopForm consists of, as CycloneDX: ``python -m deploy.release.bill_of_materials FILE [--check]``.

Made from the lock files alone, so that the same commit always gives the same bytes. Packages that build or test TopForm
are left out. ``--check`` holds the document against the JSON schema of the standard.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deploy.release.locked import Package, npm_packages, product_version, python_packages

SPEC_VERSION = "1.6"
PRODUCT = "pkg:generic/topform"


def component(package: Package) -> dict[str, Any]:
    """Return one package in the standard's words."""
    described: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "scope": "required" if package.marker is None else "optional",
        "licenses": [{"expression": package.licence}] if package.licence else [],
    }
    if package.name.startswith("@"):
        described["group"], _, described["name"] = package.name.partition("/")
    if package.sha512:
        described["hashes"] = [{"alg": "SHA-512", "content": package.sha512}]
    if package.sha256:  # one for each file of the release, of which a machine installs one
        files = [{"alg": "SHA-256", "content": digest} for digest in package.sha256]
        described["externalReferences"] = [{"type": "distribution", "url": package.purl, "hashes": files}]
    if package.marker:
        described["properties"] = [{"name": "topform:only-where", "value": package.marker}]
    return described


def bill(packages: Iterable[Package], *, version: str, made_at: datetime) -> dict[str, Any]:
    """Return the whole document; its serial number follows from what it says."""
    shipped = sorted((one for one in packages if one.is_shipped), key=lambda one: one.purl)
    known = {one.purl for one in shipped}
    product = f"{PRODUCT}@{version}"
    edges = [{"ref": product, "dependsOn": [one.purl for one in shipped if one.is_direct]}]
    edges += [{"ref": one.purl, "dependsOn": sorted(known & {*one.asks_for})} for one in shipped]
    content = {
        "version": 1,
        "metadata": {
            "timestamp": made_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "component": {
                "type": "application",
                "bom-ref": product,
                "name": "topform",
                "version": version,
                "purl": product,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [component(one) for one in shipped],
        "dependencies": edges,
    }
    serial = uuid5(NAMESPACE_URL, json.dumps(content, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": SPEC_VERSION, "serialNumber": f"urn:uuid:{serial}", **content}


def faults(document: str) -> str | None:
    """Return what the standard's schema finds wrong, or nothing."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    found = JsonStrictValidator(SchemaVersion.from_version(SPEC_VERSION)).validate_str(document)
    return None if found is None else str(found)


def main(arguments: list[str] | None = None) -> int:
    """Write the document, and say how many packages it names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="hold it against the standard's schema")
    parser.add_argument("--made-at", type=datetime.fromisoformat, default=datetime.now(UTC))
    options = parser.parse_args(arguments)
    document = bill([*python_packages(), *npm_packages()], version=product_version(), made_at=options.made_at)
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if options.check and (fault := faults(text)) is not None:
        print(fault, file=sys.stderr)
        return 1
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(text, encoding="utf-8")
    print(f"{options.file}: {len(document['components'])} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
