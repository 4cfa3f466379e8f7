"""The compose files, held against what the program reads and against the pages that tell how to use them."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from topform.platform.jobs import QUEUES
from topform.platform.settings import Settings

DEPLOY = Path(__file__).parents[3] / "deploy"
FILES = {"compose.yaml": "topform", "compose.split.yaml": "topform-split"}
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
Document = dict[str, Any]


def read(name: str) -> Document:
    return dict(yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8")))


def of_topform(document: Document) -> dict[str, Document]:
    return {name: one for name, one in document["services"].items() if one["image"] == "topform"}


@pytest.mark.parametrize("name", FILES)
def test_no_container_of_ours_may_do_more_than_it_must(name: str) -> None:
    services = of_topform(read(name))
    assert services
    for service in services.values():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


@pytest.mark.parametrize("name", FILES)
def test_settings_come_from_a_file_beside_it_and_are_known(name: str) -> None:
    known = {f"TOPFORM_{field.upper()}" for field in Settings.model_fields}
    for service in of_topform(read(name)).values():
        assert service["env_file"] == [{"path": "topform.env", "required": False}]
        assert service["environment"].keys() <= known
        assert "TOPFORM_SIGN_UP" not in service["environment"], "what stands here would win over the file"
    (typed,) = re.findall(r"cat > deploy/topform\.env <<'EOF'\n(.*?)EOF", README, re.DOTALL)
    given = dict(line.split("=", 1) for line in typed.splitlines())
    assert given.keys() <= known
    read_settings = {key.removeprefix("TOPFORM_").lower(): value for key, value in given.items()}
    assert Settings.model_validate(read_settings).sign_up == "invite"


def test_apart_every_queue_is_read_and_every_program_exists() -> None:
    services = of_topform(read("compose.split.yaml"))
    modules = {one["entrypoint"][2] for one in services.values()}
    assert all(importlib.util.find_spec(module) for module in modules) and len(modules) == 3
    commands = [one["command"] for one in services.values() if "--queues" in one["command"]]
    read_queues = ",".join(command[command.index("--queues") + 1] for command in commands)
    assert sorted(read_queues.split(",")) == sorted(QUEUES)


@pytest.mark.parametrize("name", FILES)
def test_the_page_names_services_and_volumes_as_they_are(name: str) -> None:
    document = read(name)
    assert document["name"] == FILES[name]
    assert all(f"{document['name']}_{volume}" in README for volume in document["volumes"])
    said = re.findall(
        rf"{re.escape(name)}\s+(?:exec|run|up -d --wait)((?: -[-\w]+(?: sh(?= \w))?)*) (\w[\w-]*)", README
    )
    assert {service for _, service in said} <= document["services"].keys() and said
