"""A RayJob of the manifests, run as KubeRay runs it but without KubeRay: in containers on hosts of their own.

    deploy/build-images.sh build ray            # and ray-train for --job topform-train
    python -m benchmarks.faults.ray_job [--athletes 8] [--rides 100] [--job topform-recompute] [--arguments WORDS]

The hosts are network namespaces of this machine (`deploy/several-hosts/hosts.sh`; it takes root, podman with crun,
kubectl and, for the files, SeaweedFS). The manifest is rendered by kubectl. Its head and two of its workers are started
with the command that KubeRay makes of their start parameters and limits, as their user, on a read-only root, without
privileges, with their volumes and variables; their probes are asked from another host; when all are ready the
entrypoint is sent to the head over HTTP, as `submissionMode: HTTPMode` says. Afterwards the local engine computes
everything once more: it must find nothing to change. Left out are the operator itself, limits of memory and processor,
and real nodes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import yaml
from benchmarks.faults.several_hosts import ADDRESSES, Cluster, hosts
from benchmarks.speed.ray_engine import set_threshold
from benchmarks.speed.recompute import fill
from benchmarks.support import REPOSITORY, write_result

from topform.core.clock import SystemClock
from topform.core.errors import ObjectStoreUnavailableError
from topform.core.ids import AthleteId
from topform.features.accounts.public import add_local_athlete
from topform.platform.database import Database
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

HEAD = "head"
RAY_HOSTS = {HEAD: "10.77.0.51", "ray1": "10.77.0.52", "ray2": "10.77.0.53"}
GATEWAY = "10.77.0.1"
GCS_PORT = 6379
METRICS_PORT, AGENT_PORT = 8080, 52365
"""What KubeRay adds to the start parameters."""

JOBS_PORT = 8265
PATIENCE_S = 180.0
JOB_PATIENCE_S = 1800.0
POLL_S = 0.5
CGROUPS = Path("/sys/fs/cgroup/cgroup.controllers")
SECRET = "TOPFORM_DATABASE_URL=x\n"
NEW_THRESHOLD_W = 262.0
SESSIONS = "SELECT DISTINCT host(client_addr) FROM pg_stat_activity WHERE application_name = 'topform-ray'"
UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
HERE = Path(__file__).resolve().parent
Document = dict[str, Any]


def rendered(name: str) -> Document:
    """Return the RayJob as an operator of `overlays/large` renders it, with what the guide says to add."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "kubernetes"
        shutil.copytree(REPOSITORY / "deploy" / "kubernetes", copy)
        large = copy / "overlays" / "large"
        (large / "secrets.env").write_text(SECRET, encoding="utf-8")
        chosen = large / "kustomization.yaml"
        monitoring = "  - ../../components/monitoring\n"
        written = chosen.read_text(encoding="utf-8").replace(monitoring, f"{monitoring}  - ../../components/ray\n")
        chosen.write_text(written, encoding="utf-8")
        done = subprocess.run(["kubectl", "kustomize", str(large)], capture_output=True, text=True, check=True)
    found = [one for one in yaml.safe_load_all(done.stdout) if one["kind"] == "RayJob"]
    return next(one for one in found if one["metadata"]["name"] == name)


def ray_start(group: Document, container: Document, *, is_head: bool) -> str:
    """Return the command that KubeRay makes of a group."""
    limits = container["resources"]["limits"]
    number, unit = limits["memory"][:-2], limits["memory"][-2:]
    given = {
        "block": "true",
        "dashboard-agent-listen-port": str(AGENT_PORT),
        "memory": str(int(number) * UNITS[unit]),
        "metrics-export-port": str(METRICS_PORT),
        "num-cpus": str(limits["cpu"]),
        **({} if is_head else {"address": f"{RAY_HOSTS[HEAD]}:{GCS_PORT}"}),
        **group["rayStartParams"],
    }
    words = " ".join(f"--{name}" if value == "true" else f"--{name}={value}" for name, value in sorted(given.items()))
    return f"ulimit -n 65536; ray start {'--head ' if is_head else ''}{words}"


def volumes(pod: Document, container: Document) -> Iterator[str]:
    """Yield the options of podman for what is mounted; what a pod shares with nobody is in memory here."""
    sizes = {one["name"]: one.get("emptyDir", {}).get("sizeLimit", "8Gi") for one in pod["volumes"]}
    for mount in container["volumeMounts"]:
        size = sizes[mount["name"]].removesuffix("i").lower()
        if mount["mountPath"] == "/dev/shm":
            yield from ("--shm-size", size)
        else:
            yield from ("--tmpfs", f"{mount['mountPath']}:rw,mode=1777,size={size}")


def started(job: Document, host: str, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start one pod of the job on its host."""
    spec = job["spec"]["rayClusterSpec"]
    is_head = host == HEAD
    group = spec["headGroupSpec"] if is_head else spec["workerGroupSpecs"][0]
    pod = group["template"]["spec"]
    (container,) = pod["containers"]
    security, user = container["securityContext"], pod["securityContext"]
    assert security["readOnlyRootFilesystem"] and security["capabilities"] == {"drop": ["ALL"]}
    plain = {one["name"]: one["value"] for one in container["env"] if "value" in one}
    where = f"127.0.0.1:{GCS_PORT}" if is_head else f"{RAY_HOSTS[HEAD]}:{GCS_PORT}"
    given = {**environment, **plain, "RAY_ADDRESS": where, "RAY_PORT": str(GCS_PORT)}
    command = [
        "podman", "run", "--rm", "--name", f"topform-{host}", "--network", f"ns:/run/netns/topform-{host}",
        "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--runtime", "crun",
        "--cgroups", "disabled", "--log-driver", "none",
        "--ulimit", "nofile=16384:16384", "--ulimit", "nproc=8192:8192",
        "--user", f"{user['runAsUser']}:{user['runAsGroup']}", *volumes(pod, container),
        *(word for name in given for word in ("--env", name)), "--entrypoint", "/bin/bash",
        f"localhost/{container['image']}", "-c", "--", ray_start(group, container, is_head=is_head),
    ]  # fmt: skip
    with log.open("wb") as written:
        return subprocess.Popen(command, env={**os.environ, **given}, stdout=written, stderr=written)


def probes(job: Document) -> dict[str, list[str]]:
    """Return for each host the addresses that the kubelet asks."""
    spec = job["spec"]["rayClusterSpec"]
    groups = {host: spec["headGroupSpec"] if host == HEAD else spec["workerGroupSpecs"][0] for host in RAY_HOSTS}
    asked: dict[str, list[str]] = {}
    for host, group in groups.items():
        (container,) = group["template"]["spec"]["containers"]
        gets = [container[name]["httpGet"] for name in ("livenessProbe", "readinessProbe")]
        asked[host] = [f"http://{RAY_HOSTS[host]}:{one['port']}{one['path']}" for one in gets]
    return asked


async def until_ready(job: Document, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until every probe of every pod that was started is answered with success."""
    began = time.monotonic()
    waiting = {address for host, addresses in probes(job).items() for address in addresses if host in processes}
    async with httpx.AsyncClient(timeout=5) as http:
        while waiting:
            for address in sorted(waiting):
                try:
                    if (await http.get(address)).status_code == 200:
                        waiting.discard(address)
                except httpx.TransportError:
                    pass
            gone = [host for host, process in processes.items() if process.poll() is not None]
            if gone or time.monotonic() - began > PATIENCE_S:
                raise SystemExit(f"not ready: {sorted(waiting)}, ended: {gone}")
            await asyncio.sleep(POLL_S)


async def submitted(entrypoint: str, database_url: str | None) -> Document:
    """Send the job as HTTPMode does, wait for its end; return what came of it and which hosts had work."""
    address, busy = f"http://{RAY_HOSTS[HEAD]}:{JOBS_PORT}/api/jobs/", set[str]()
    async with httpx.AsyncClient(timeout=30) as http:
        sent = await http.post(address, json={"entrypoint": entrypoint, "submission_id": "topform-rayjob"})
        sent.raise_for_status()
        began = time.monotonic()
        while True:
            found = (await http.get(f"{address}topform-rayjob")).json()
            if database_url is not None:
                with psycopg.connect(database_url) as connection:
                    busy |= {one for (one,) in connection.execute(SESSIONS).fetchall()}
            if found["status"] in ("SUCCEEDED", "FAILED", "STOPPED") or time.monotonic() - began > JOB_PATIENCE_S:
                break
            await asyncio.sleep(POLL_S)
        took_s = time.monotonic() - began
        logs = (await http.get(f"{address}topform-rayjob/logs")).json()["logs"]
    names = {address: host for host, address in RAY_HOSTS.items()}
    return {
        "status": found["status"],
        "job_s": round(took_s, 1),
        "hosts_with_work": sorted(names[one] for one in busy),
        "logs": logs,
    }


async def fill_database(cluster: Cluster, athletes: int, rides: int) -> None:
    """Store everybody's rides, and a threshold that changes all their numbers, when database and store answer."""
    environment = cluster.settings("driver")
    os.environ.update({name: value for name, value in environment.items() if name.startswith("AWS_")})
    settings = Settings(
        data_dir=Path(environment["TOPFORM_DATA_DIR"]),
        database_url=cluster.url,
        object_store_url=environment["TOPFORM_OBJECT_STORE_URL"],
        secret_key=cluster.secret,
    )
    began = time.monotonic()
    while True:
        try:
            await ObjectStore.from_settings(settings).put("streams/ready", b"yes")
            psycopg.connect(cluster.url).close()
            break
        except (psycopg.OperationalError, ObjectStoreUnavailableError):
            if time.monotonic() - began > PATIENCE_S:
                raise
            await asyncio.sleep(POLL_S)
    database = Database(cluster.url, pool_size=2, application_name="benchmark")
    resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
    made = []
    for number in range(athletes):
        async with database.transaction() as session:
            athlete, _ = await add_local_athlete(
                session, email=f"{number}@b.example", display_name="A", time_zone="UTC", now=resources.clock.now()
            )
        made.append(athlete.id)
        await fill(resources, AthleteId(athlete.id), rides)
    await set_threshold(resources, made, NEW_THRESHOLD_W)
    await database.close()


def changed_here(cluster: Cluster) -> int:
    """Compute everything once more with the local engine; return how many numbers it changed."""
    command = [sys.executable, "-m", "topform", "recompute", "--json"]
    done = subprocess.run(command, env=cluster.settings("driver"), capture_output=True, text=True, check=True)
    return sum(one["changed_metrics"] for one in json.loads(done.stdout)["athletes"])


@contextmanager
def ray_pods(job: Document, environment: dict[str, str], folder: Path) -> Iterator[float]:
    """Lend the pods of a job on their hosts, the workers after the head, and tell when all are ready. [s]"""
    running: dict[str, subprocess.Popen[bytes]] = {}
    began = time.monotonic()
    try:
        for host in RAY_HOSTS:
            route = ["ip", "-n", f"topform-{host}", "route", "replace", "default", "via", GATEWAY]
            subprocess.run(route, check=True)  # Ray asks the routes for its own address
            running[host] = started(job, host, environment, folder / f"{host}.log")
            if host == HEAD:
                asyncio.run(until_ready(job, running))
        asyncio.run(until_ready(job, running))
        yield round(time.monotonic() - began, 1)
    finally:
        for host, process in running.items():
            stop = ["podman", "rm", "--force", "--time", "5", f"topform-{host}"]
            subprocess.run(stop, capture_output=True, check=False)
            process.wait()


def run(job: Document, options: argparse.Namespace, folder: Path) -> Document:
    """Start everything, run the job, compare."""
    computes = job["metadata"]["name"] == "topform-recompute"
    cluster = Cluster(folder)
    environment: dict[str, str] = {}
    entrypoint = " ".join([job["spec"]["entrypoint"], *options.arguments])
    try:
        if computes:
            cluster.make()
        stores = {host: ADDRESSES[host] for host in ("db", "files") if computes}
        hosts("up", *(f"{host}={address}" for host, address in {**stores, **RAY_HOSTS}.items()))
        if computes:
            for host in stores:
                cluster.parts[host].start()
            asyncio.run(fill_database(cluster, options.athletes, options.rides))
            known = cluster.settings("ray")
            environment = {
                name: known[name] for name in known if name.startswith(("AWS_", "TOPFORM_OBJECT", "TOPFORM_DATABASE"))
            }
        with ray_pods(job, environment, folder) as ready_s:
            found = asyncio.run(submitted(entrypoint, cluster.url if computes else None))
        document = {"job": job["metadata"]["name"], "entrypoint": entrypoint, "ready_s": ready_s, **found}
        if computes and found["status"] == "SUCCEEDED":
            told = json.loads(found["logs"][found["logs"].index("{") :])
            document |= {
                "athletes": len(told["athletes"]),
                "rides_of_each": options.rides,
                "changed_metrics": sum(one["changed_metrics"] for one in told["athletes"]),
                "changed_by_the_local_engine_after": changed_here(cluster),
            }
            del document["logs"]
        return document
    finally:
        for part in cluster.parts.values():
            part.end()
        hosts("down", *ADDRESSES, *RAY_HOSTS)
        if options.keep_logs is not None:
            for log in folder.glob("*.log"):
                shutil.copy(log, options.keep_logs)


def in_control_groups(arguments: Sequence[str]) -> None:
    """Begin anew with control groups of the second version, which podman asks for, where there are none."""
    if not CGROUPS.exists():
        mount = 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"'
        again = [sys.executable, "-m", "benchmarks.faults.ray_job", *arguments]
        os.execvp("unshare", ["unshare", "--mount", "sh", "-c", mount, "sh", *again])


def main() -> None:
    """Run one job, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--job", default="topform-recompute", choices=("topform-recompute", "topform-train"))
    parser.add_argument("--arguments", nargs=argparse.REMAINDER, default=[], help="put behind the entrypoint")
    parser.add_argument("--athletes", type=int, default=8)
    parser.add_argument("--rides", type=int, default=100, help="of each athlete")
    parser.add_argument("--keep-logs", type=Path, help="a folder for the logs of the hosts")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    missing = [program for program in ("ip", "kubectl", "podman", "crun", "weed") if shutil.which(program) is None]
    if os.geteuid() != 0 or missing:
        print(f"Left out: only root may make network namespaces, and these must be there: {missing}")
        return
    job = rendered(options.job)
    image = job["spec"]["rayClusterSpec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["image"]
    if subprocess.run(["podman", "image", "exists", f"localhost/{image}"], check=False).returncode:
        print(
            f"Left out: the image {image} is not there; deploy/build-images.sh build {image.removeprefix('topform-')}"
        )
        return
    in_control_groups(sys.argv[1:])
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        document = run(job, options, folder)
    print(json.dumps(document, indent=1))
    name = "ray_job" if options.job == "topform-recompute" else "ray_training"
    print(write_result(options.results, name, document))


if __name__ == "__main__":
    main()
