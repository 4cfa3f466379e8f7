"""A process that decodes what strangers send cannot take the whole machine; tried in processes of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

SETUP = "from topform.platform.processes import limit_own_resources as limit\nlimit(memory_bytes={}, file_bytes={})\n"


def run(program: str, *, memory_mb: int = 2048, file_mb: int = 1) -> subprocess.CompletedProcess[str]:
    limits = SETUP.format(memory_mb * 2**20, file_mb * 2**20)
    return subprocess.run([sys.executable, "-c", limits + program], capture_output=True, text=True, check=False)


def test_memory_beyond_the_limit_is_refused_and_the_process_lives() -> None:
    ended = run(
        "try:\n    bytearray(3 * 2**30)\nexcept MemoryError:\n    print('refused')\nprint(len(bytearray(2**20)))"
    )
    assert ended.stdout.split() == ["refused", str(2**20)], ended.stderr


def test_a_file_cannot_grow_beyond_the_limit() -> None:
    ended = run(
        "import signal, tempfile\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with tempfile.TemporaryFile(buffering=0) as file:\n"
        "    try:\n        while True: file.write(bytes(2**18))\n"
        "    except OSError as error: print(error.errno, file.tell())"
    )
    assert ended.stdout.split() == ["27", str(2**20)], ended.stderr


def test_limits_that_are_lower_stay() -> None:
    ended = run(
        "import resource\nlimit(memory_bytes=2**40, file_bytes=2**40)\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20, resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    assert ended.stdout.split() == ["2048", "0"], ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows this flag")
def test_no_program_that_it_starts_gains_rights() -> None:
    ended = run("print(next(line for line in open('/proc/self/status') if line.startswith('NoNewPrivs')))")
    assert ended.stdout.split() == ["NoNewPrivs:", "1"], ended.stderr
