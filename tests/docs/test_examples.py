"""Commands in the pages run and print what the page says.

A ``console`` block is run: lines after ``$`` are commands, the lines below them are what is printed, ``...`` stands
for anything. A ``shell`` block is only to be typed; its ``topform`` commands must exist with the options shown.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.docs.pages import REPOSITORY, Block, blocks
from tests.support.postgres import data_directory
from topform.entrypoints.cli import app

TIMEOUT_S = 120


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A folder that looks like a checkout to the commands, with an empty data directory."""
    with data_directory() as folder:
        folder.chmod(0o711)
        shutil.copytree(REPOSITORY / "docs" / "examples", folder / "docs" / "examples")
        yield folder


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Iterate over the commands of a console block, each with its expected output."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        end = 1
        while lines[end - 1].endswith("\\"):
            end += 1
        command = " ".join(line.rstrip("\\").strip() for line in lines[:end])
        yield command, "\n".join(lines[end:]).strip()


@pytest.mark.parametrize(
    "page", sorted({block.page for block in blocks("console")}), ids=lambda page: str(page.relative_to(REPOSITORY))
)
def test_console_blocks_print_what_they_show(page: Path, checkout: Path) -> None:
    """The output of every command fits the page; the commands of a page run one after the other."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TOPFORM_MODEL_MANIFEST_DIR": str(REPOSITORY / "models"),
        "TOPFORM_MODEL_DIR": str(REPOSITORY / "app" / "node_modules" / "@mediapipe" / "pose"),
        "TOPFORM_DATA_DIR": str(checkout / "data"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    for block in blocks("console"):
        for command, expected in commands(block) if block.page == page else ():
            ran = subprocess.run(
                ["bash", "-c", command], cwd=checkout, env=environment, capture_output=True, text=True,
                timeout=TIMEOUT_S, check=False,
            )  # fmt: skip
            printed = ran.stdout + ran.stderr
            assert fits(expected, printed), f"{block}: $ {command}\nshown:\n{expected}\nprinted:\n{printed}"


def fits(expected: str, printed: str) -> bool:
    """Tell whether the output is what is shown; ``...`` is any text, on a line of its own any number of lines."""
    if not expected:
        return True
    pattern = ""
    for line in expected.splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        elif line.strip():
            words = (re.escape(part).replace(r"\.\.\.", ".*?") for part in line.split())
            pattern += r"[ \t]*" + r"[ \t]+".join(words) + r"[ \t]*\n"
    lines = [line for line in printed.splitlines() if line.strip()]
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None


@pytest.mark.parametrize("block", list(blocks("shell", "bash", "sh")), ids=str)
def test_commands_to_type_exist(block: Block) -> None:
    """A command of ours has the subcommand and the options that the page shows."""
    group: Any = typer.main.get_command(app)
    for line in block.body.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while words and (words[0] in ("sudo", "exec") or re.fullmatch(r"[A-Z_]+=.*", words[0])):
            words = words[1:]
        if not words or Path(words[0]).name != "topform":
            continue
        command = group
        context = group.make_context("topform", [], resilient_parsing=True)
        for word in words[1:]:
            if hasattr(command, "get_command") and not word.startswith("-"):
                command = command.get_command(context, word)
                assert command is not None, f"{block}: there is no command {word!r}"
            elif word.startswith("--"):
                known = {
                    option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
                }
                assert word.partition("=")[0] in known | {"--help"}, f"{block}: {line!r} has no option {word}"


def test_example_files_are_what_the_script_makes(tmp_path: Path) -> None:
    """The example files come from docs/examples/make.py, unchanged, except those that are short enough to type."""
    folder = REPOSITORY / "docs" / "examples"
    shutil.copy(folder / "make.py", tmp_path)
    subprocess.run([sys.executable, str(tmp_path / "make.py")], check=True, cwd=tmp_path)
    made = {path.name for path in tmp_path.iterdir()} - {"make.py"}
    typed = {"race-history.json"}
    assert made | typed == {path.name for path in folder.iterdir() if path.suffix not in {".py", ""}}
    for name in made:
        assert _content(tmp_path / name) == _content(folder / name), name


def _content(path: Path) -> object:
    if path.suffix == ".gz":
        import gzip

        return gzip.decompress(path.read_bytes())
    if path.suffix == ".npz":
        import numpy as np

        with np.load(path) as arrays:
            return {name: arrays[name].tolist() for name in arrays}
    return path.read_bytes()
