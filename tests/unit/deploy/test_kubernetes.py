"""The Kubernetes manifests, rendered as an operator renders them and held against written rules."""

from __future__ import annotations

import base64
import copy
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import typer
import yaml
from tests.docs.pages import FENCE
from tests.unit.deploy.custom_resources import SPECIFICATIONS

from topform.entrypoints.cli import app
from topform.platform.jobs import QUEUES
from topform.platform.settings import Settings

REPOSITORY = Path(__file__).parents[3]
MANIFESTS = REPOSITORY / "deploy" / "kubernetes"
GUIDE = REPOSITORY / "docs" / "guides" / "kubernetes.md"
KUBERNETES = "1.37"
WORKLOADS = ("Deployment", "StatefulSet", "CronJob")
Document = dict[str, Any]

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")


@pytest.fixture(scope="module", params=["small", "large"])
def overlay(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    folder = (
        shutil.copytree(MANIFESTS, tmp_path_factory.mktemp("kubernetes") / "kubernetes") / "overlays" / request.param
    )
    (folder / "secrets.env").write_text("TOPFORM_SECRET_KEY=x\n", encoding="utf-8")
    if request.param == "large":  # with what the guide says to add for bulk work
        chosen = folder / "kustomization.yaml"
        known = "  - ../../components/monitoring\n"
        written = chosen.read_text(encoding="utf-8")
        assert known in written
        chosen.write_text(written.replace(known, f"{known}  - ../../components/ray\n"), encoding="utf-8")
    rendered = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=True)
    return [document for document in yaml.safe_load_all(rendered.stdout) if document]


def typed_in_the_guide(language: str) -> list[str]:
    return [one["body"] for one in FENCE.finditer(GUIDE.read_text(encoding="utf-8")) if one["language"] == language]


def pod_of(workload: Document) -> Document:
    spec = workload["spec"]["jobTemplate"]["spec"] if workload["kind"] == "CronJob" else workload["spec"]
    return dict(spec["template"])


def pods(documents: list[Document]) -> Iterator[tuple[str, Document]]:
    for document in documents:
        if document["kind"] in WORKLOADS:
            yield document["metadata"]["name"], pod_of(document)
        if document["kind"] == "RayJob":
            cluster = document["spec"]["rayClusterSpec"]
            yield "ray-head", cluster["headGroupSpec"]["template"]
            yield from ((f"ray-{one['groupName']}", one["template"]) for one in cluster["workerGroupSpecs"])


def containers(documents: list[Document]) -> Iterator[tuple[str, Document, Document]]:
    for name, pod in pods(documents):
        for container in (*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]):
            yield f"{name}/{container['name']}", pod, container


def checked(document: Document) -> None:
    """Hold a resource against the schema of Kubernetes, or of the operator whose it is, with the pods inside."""
    custom = SPECIFICATIONS.get((document["apiVersion"], document["kind"]))
    if custom is None:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
        return
    assert document.keys() == {"apiVersion", "kind", "metadata", "spec"}
    jsonschema.validate(document["spec"], custom)
    for name, template in pods([document]):
        pod = {"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": name}, "template": template}
        kubernetes_validate.validate(pod, KUBERNETES, strict=True)


@needs_kubectl
def test_resources_are_what_schemas_allow(overlay: list[Document]) -> None:
    assert len(overlay) >= 20
    for document in overlay:
        checked(document)


@needs_kubectl
def test_a_slip_of_the_pen_is_found_in_every_resource(overlay: list[Document]) -> None:
    for document in overlay:
        slipped = copy.deepcopy(document)
        inside = slipped.get("spec", slipped)
        if document["kind"] == "RayJob":
            inside = inside["rayClusterSpec"]["headGroupSpec"]["template"]["spec"]["containers"][0]
        inside["replicaz"] = 1
        with pytest.raises(jsonschema.ValidationError):
            checked(slipped)


@needs_kubectl
def test_no_container_may_do_more_than_it_must(overlay: list[Document]) -> None:
    seen = list(containers(overlay))
    assert len(seen) >= 7
    for name, pod, container in seen:
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"] is True, name
        assert security["allowPrivilegeEscalation"] is False, name
        assert security["capabilities"] == {"drop": ["ALL"]}, name
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True, name
        assert pod["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["spec"]["automountServiceAccountToken"] is False, name
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}, name
        assert "memory" in container["resources"]["limits"], name


@needs_kubectl
def test_every_volume_secret_and_setting_that_is_named_exists(overlay: list[Document]) -> None:
    names = {(document["kind"], document["metadata"]["name"]) for document in overlay}
    made_by_the_database = {("Secret", "topform-postgres-app")}
    for name, pod, container in containers(overlay):
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        claimed = {"database"} if "postgres" in name else set()
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes.keys() | claimed, name
        for volume in volumes.values():
            if "persistentVolumeClaim" in volume:
                assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in names, name
        sources = [
            ("ConfigMap", one["configMapRef"]["name"]) for one in container.get("envFrom", ()) if "configMapRef" in one
        ]
        sources += [("Secret", one["secretRef"]["name"]) for one in container.get("envFrom", ()) if "secretRef" in one]
        sources += [
            ("Secret", one["valueFrom"]["secretKeyRef"]["name"])
            for one in container.get("env", ())
            if "valueFrom" in one
        ]
        assert set(sources) <= names | made_by_the_database, name


@needs_kubectl
def test_selectors_meet_the_pods_they_are_for(overlay: list[Document]) -> None:
    labels = [pod["metadata"]["labels"] for _, pod in pods(overlay)]
    labels += [{"cnpg.io/cluster": one["metadata"]["name"]} for one in overlay if one["kind"] == "Cluster"]
    chosen = 0
    for document in overlay:
        selector = document.get("spec", {}).get("podSelector") or document.get("spec", {}).get("selector")
        if document["kind"] not in ("Service", "NetworkPolicy", "PodDisruptionBudget"):
            continue
        wanted = selector.get("matchLabels", selector if "matchExpressions" not in selector else {})
        meets = [
            one
            for one in labels
            if wanted.items() <= one.items()
            and all(one.get(each["key"]) in each["values"] for each in selector.get("matchExpressions", ()))
        ]
        assert meets, document["metadata"]["name"]
        chosen += 1
    assert chosen >= 5


@needs_kubectl
def test_every_pod_is_closed_to_the_network_unless_a_policy_opens_it(overlay: list[Document]) -> None:
    closing = next(one for one in overlay if one["metadata"]["name"] == "topform-nothing-by-default")
    assert closing["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in closing["spec"] and "egress" not in closing["spec"]
    internet = next(one for one in overlay if one["metadata"]["name"] == "topform-services-of-others")
    allowed = {"app.kubernetes.io/component": ["api", "worker"], "app.kubernetes.io/name": ["topform"]}
    assert {one["key"]: one["values"] for one in internet["spec"]["podSelector"]["matchExpressions"]} == allowed
    for _, pod in pods(overlay):
        assert closing["spec"]["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()


@needs_kubectl
def test_a_scaler_finds_what_it_scales(overlay: list[Document]) -> None:
    deployments = {one["metadata"]["name"]: one for one in overlay if one["kind"] == "Deployment"}
    scalers = [one for one in overlay if one["kind"] == "HorizontalPodAutoscaler"]
    for scaler in scalers:
        assert "replicas" not in deployments[scaler["spec"]["scaleTargetRef"]["name"]]["spec"]
    assert bool(scalers) == any("replicas" not in one["spec"] for one in deployments.values())


@needs_kubectl
def test_every_queue_has_one_deployment_that_reads_it(overlay: list[Document]) -> None:
    commands = [one.get("command", []) for _, _, one in containers(overlay)]
    read = [words[words.index("--queues") + 1] for words in commands if "--queues" in words]
    assert sorted(",".join(read).split(",")) == sorted(QUEUES)


@needs_kubectl
def test_bulk_work_waits_and_runs_a_command_that_there_is(overlay: list[Document]) -> None:
    for job in (one for one in overlay if one["kind"] == "RayJob"):
        assert job["spec"]["suspend"] is True
        assert job["spec"]["shutdownAfterJobFinishes"] is True
        _, *words = job["spec"]["entrypoint"].split()
        command: Any = typer.main.get_command(app)
        while hasattr(command, "get_command"):
            context = command.make_context("topform", [], resilient_parsing=True)
            command = command.get_command(context, words.pop(0))
        options, known = words, command.params
        assert {one for one in options if one.startswith("--")} <= {name for one in known for name in one.opts}
        assert job["spec"]["rayClusterSpec"]["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
        for _, _, container in containers([job]):
            # KubeRay would put in its own, which call a program that is not in the image.
            assert all("httpGet" in container[probe] for probe in ("livenessProbe", "readinessProbe"))
        groups = [job["spec"]["rayClusterSpec"]["headGroupSpec"], *job["spec"]["rayClusterSpec"]["workerGroupSpecs"]]
        for group in groups:
            (shared,) = (one for one in group["template"]["spec"]["volumes"] if one["name"] == "shared")
            size_mib = int(shared["emptyDir"]["sizeLimit"].removesuffix("Mi"))
            assert int(group["rayStartParams"]["object-store-memory"]) < size_mib * 2**20


@needs_kubectl
def test_settings_are_ones_that_topform_reads(overlay: list[Document]) -> None:
    known = {f"TOPFORM_{name.upper()}" for name in Settings.model_fields}
    (settings,) = [
        one["data"] for one in overlay if one["kind"] == "ConfigMap" and "settings" in one["metadata"]["name"]
    ]
    assert settings.keys() <= known


@needs_kubectl
@pytest.mark.parametrize("size", ["small", "large"])
def test_what_the_guide_says_to_type_gives_image_secrets_and_address(size: str, tmp_path: Path) -> None:
    folder = shutil.copytree(MANIFESTS, tmp_path / "kubernetes") / "overlays" / size
    image, registry_password = typed_in_the_guide("yaml")
    chosen = folder / "kustomization.yaml"
    written = chosen.read_text(encoding="utf-8")
    assert written.count("patches:\n") == 1
    chosen.write_text(written.replace("patches:\n", f"patches:\n{registry_password}") + image, encoding="utf-8")
    shell = typed_in_the_guide("shell")
    secrets = [one for one in shell if "> secrets.env" in one][size == "large"]
    (address,) = [line for one in shell for line in one.splitlines() if line.startswith("perl -pi")]
    subprocess.run(["bash", "-euc", f"{secrets}\n{address}"], cwd=folder, check=True)
    rendered = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=True).stdout

    documents = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(rendered)}
    assert documents["ServiceAccount", "topform"]["imagePullSecrets"] == [{"name": "registry"}]
    images = {one["image"] for _, _, one in containers(list(documents.values()))} - {"postgres:18"}
    assert images == {"registry.example.org/topform:0.1.0"}
    assert "topform.example.org" not in rendered and "https://topform.your-club.org" in rendered
    assert documents["Ingress", "topform"]["spec"]["rules"][0]["host"] == "topform.your-club.org"
    (secret,) = [one["data"] for (kind, _), one in documents.items() if kind == "Secret"]
    values = {name: base64.b64decode(value).decode() for name, value in secret.items()}
    given = {name: value for name, value in values.items() if name.startswith("TOPFORM_")}
    read = Settings.model_validate({name.removeprefix("TOPFORM_").lower(): value for name, value in given.items()})
    assert read.secret_key is not None and read.metrics_token is not None
    if size == "small":
        assert f":{values['POSTGRES_PASSWORD']}@topform-postgres:5432/" in given["TOPFORM_DATABASE_URL"]


@needs_kubectl
def test_every_process_that_stays_is_looked_at_while_it_runs(overlay: list[Document]) -> None:
    for document in overlay:
        if document["kind"] == "Deployment":
            for container in pod_of(document)["spec"]["containers"]:
                assert "livenessProbe" in container, document["metadata"]["name"]
                if "--heartbeat" in container.get("command", []):
                    probe = container["livenessProbe"]["exec"]["command"]
                    assert probe[-1] == container["command"][container["command"].index("--heartbeat") + 1]


@needs_kubectl
def test_backups_come_out_by_a_pod_that_reads_what_the_nightly_one_writes(overlay: list[Document]) -> None:
    jobs = {one["metadata"]["name"]: one for one in overlay if one["kind"] == "CronJob"}
    typed = "\n".join(typed_in_the_guide("shell"))
    assert set(re.findall(r"--from=cronjob/(\S+)", typed)) == {"topform-backup-reader"}
    writer, reader = (pod_of(jobs[name])["spec"] for name in ("topform-backup", "topform-backup-reader"))
    assert jobs["topform-backup-reader"]["spec"]["suspend"] is True
    claims = [
        {one["name"]: one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"] if one["name"] == "backups"}
        for pod in (writer, reader)
    ]
    assert claims == [{"backups": "topform-backups"}] * 2
    (mount,) = reader["containers"][0]["volumeMounts"]
    assert mount == {"name": "backups", "mountPath": "/backups", "readOnly": True}
    assert {"name": "backups", "mountPath": "/backups"} in writer["containers"][0]["volumeMounts"]
    assert "exec job/reader -- cat /backups/topform-" in typed
