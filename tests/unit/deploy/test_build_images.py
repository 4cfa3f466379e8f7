"""The scripts beside the Dockerfile: they parse, and what they pass to a build is what the Dockerfile takes."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"
SCRIPTS = sorted(DEPLOY.rglob("*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_run_and_parses(script: Path) -> None:
    assert os.access(script, os.X_OK)
    shell = script.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").split()
    subprocess.run([*shell, "-n", str(script)], check=True, capture_output=True)


def test_without_a_word_the_script_tells_how_it_is_used() -> None:
    told = subprocess.run([DEPLOY / "build-images.sh"], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "build-images.sh build" in told.stderr and "build-images.sh try" in told.stderr


def test_the_dockerfile_takes_what_the_script_passes() -> None:
    script = (DEPLOY / "build-images.sh").read_text(encoding="utf-8")
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    taken = set(re.findall(r"^ARG (\w+)", dockerfile, flags=re.MULTILINE))
    passed = set(re.findall(r'--build-arg "(\w+)=', script))
    assert passed == {"PYTHON_IMAGE", "NODE_IMAGE", "PIP_CERT", "NODE_EXTRA_CA_CERTS"}
    assert passed <= taken
