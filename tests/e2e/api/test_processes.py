"""What survives when processes and connections do not."""

from __future__ import annotations

import io
import signal
import socket
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
from tests.support.running_server import RunningServer, wait_for_job
from tests.support.workouts import MORNING, Ride


def stored_files(server: RunningServer) -> list[str]:
    folder = server.data_dir / "objects"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def staged_files(server: RunningServer) -> list[Path]:
    return [path for path in (server.data_dir / "staging").iterdir() if path.name != ".lock"]


def wait_until(condition, *, timeout_s: float = 30.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_an_import_survives_the_death_of_its_worker_and_happens_once(server: RunningServer) -> None:
    ada = server.sign_up()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for day in range(6):
            ride = Ride(started_at=MORNING + timedelta(days=day), seconds=3600)
            archive.writestr(f"{day}.fit", ride.as_fit())
    worker = server.start_worker()
    job = ada.post("/activities/uploads", files={"file": ("six.zip", packed.getvalue())}).json()
    wait_until(lambda: len(ada.get("/activities").json()["items"]) >= 2)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    before = ada.get(f"/jobs/{job['id']}").json()
    assert before["state"] == "running"

    server.start_worker()
    done = wait_for_job(ada, job["id"])
    assert done["state"] == "succeeded", done
    assert [file["outcome"] for file in done["result"]["files"]] == ["imported"] * 6
    days = [item["local_date"] for item in ada.get("/activities").json()["items"]]
    assert days == [f"2026-03-0{day}" for day in (6, 5, 4, 3, 2, 1)]
    assert len(stored_files(server)) == 12
    with psycopg.connect(server.database_url) as connection:
        (created,) = connection.execute("SELECT count(*) FROM events WHERE type = 'activity.created'").fetchone()
    assert created == 6


def test_an_upload_cut_half_way_leaves_nothing(server: RunningServer) -> None:
    ada = server.sign_up()
    head = (
        "POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: {ada.headers['authorization']}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 50000000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="ride.fit"\r\n\r\n'
    )
    for path in ("activities/uploads", "form-checks"):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(head.format(path=path).encode())
            for _ in range(40):
                connection.sendall(bytes(2**18))
            wait_until(lambda: len(staged_files(server)) == 1)
        wait_until(lambda: staged_files(server) == [])
    assert stored_files(server) == []
    assert ada.get("/jobs").json()["items"] == []
    assert '"level": "error"' not in server.log("topform.entrypoints.api_process")


def test_four_gigabytes_are_refused_at_once(server: RunningServer) -> None:
    ada = server.sign_up()
    for path in ("activities/uploads", "form-checks"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            began = time.monotonic()
            connection.sendall(
                (
                    f"POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    f"Authorization: {ada.headers['authorization']}\r\n"
                    f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {4 * 2**30}\r\n\r\n"
                ).encode()
            )
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b'"code":"too_large"' in answer
        assert time.monotonic() - began < 5
    assert staged_files(server) == []


def test_an_upload_is_not_held_in_memory(server: RunningServer) -> None:
    """The process may grow by a few buffers while 150 MB pass through it, not by the file."""
    ada = server.sign_up()
    api = server._processes[0]

    def resident_mib() -> float:
        for line in Path(f"/proc/{api.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no memory in /proc")

    before = resident_mib()
    ada.post("/activities/uploads", files={"file": ("small.fit", b"content")})
    ada.post("/activities/uploads", files={"file": ("big.fit", io.BytesIO(bytes(150 * 2**20)))}, timeout=120)
    assert len(ada.get("/jobs").json()["items"]) == 2
    assert resident_mib() - before < 60


def test_the_api_process_holds_no_vision_stack(server: RunningServer) -> None:
    ada = server.sign_up()
    assert ada.get("/form-checks").json()["items"] == []
    api = server._processes[0]
    loaded = Path(f"/proc/{api.pid}/maps").read_text(encoding="utf-8")
    for library in ("cv2", "libavcodec", "ai_edge_litert", "torch", "ortools"):
        assert library not in loaded, library


def test_a_lost_database_is_an_answer_too(server: RunningServer) -> None:
    ada = server.sign_up()
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    answers = [ada.get("/athletes/me") for _ in range(3)]
    assert {answer.status_code for answer in answers} <= {200, 503}
    wait_until(lambda: ada.get("/athletes/me").status_code == 200)
    assert httpx.get(f"{server.url}/healthz").status_code == 200
