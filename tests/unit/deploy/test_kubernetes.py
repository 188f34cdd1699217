"""The manifests are valid, and start the programs that there are with settings that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from click import Context

from worker.cli import main
from worker.settings import PREFIX, Settings, reference

FOLDER = Path(__file__).parents[3] / "deploy" / "kubernetes"
KUBERNETES = "1.37"
OTHERS_SCHEMAS = ("kustomization.yaml", "scaling.yaml")
"""Files of objects that Kubernetes itself does not know: kustomize's and KEDA's."""

OBJECTS = [
    (path.name, manifest)
    for path in sorted(FOLDER.glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text("utf-8"))
]
DEPLOYMENTS = {manifest["metadata"]["name"]: manifest for _, manifest in OBJECTS if manifest["kind"] == "Deployment"}
CONFIG_MAPS = {
    manifest["metadata"]["name"]: manifest["data"] for _, manifest in OBJECTS if manifest["kind"] == "ConfigMap"
}


def container_of(name: str) -> dict[str, Any]:
    container: dict[str, Any] = DEPLOYMENTS[name]["spec"]["template"]["spec"]["containers"][0]
    return container


@pytest.mark.parametrize(
    "manifest",
    [manifest for name, manifest in OBJECTS if name not in OTHERS_SCHEMAS],
    ids=lambda manifest: f"{manifest['kind']}-{manifest['metadata']['name']}",
)
def test_an_object_has_the_form_that_kubernetes_expects(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_a_misspelt_field_is_found() -> None:
    beat = yaml.safe_load((FOLDER / "beat.yaml").read_text("utf-8"))
    beat["spec"]["template"]["spec"]["containers"][0]["livenessProbes"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(beat, KUBERNETES, strict=True)


def test_kustomize_has_every_file_but_the_optional_one() -> None:
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    names = {path.name for path in FOLDER.glob("*.yaml")} - set(OTHERS_SCHEMAS)
    assert set(kustomization["resources"]) == names


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_program_has_a_probe_a_limit_and_no_rights(name: str) -> None:
    container = container_of(name)
    assert container["livenessProbe"]
    assert container["resources"]["limits"]["memory"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("name", ["board", "notices"])
def test_a_server_listens_where_its_port_is(name: str) -> None:
    command = main.get_command(Context(main), name)
    assert command is not None
    defaults = {parameter.name: parameter.default for parameter in command.params}
    assert container_of(name)["command"][:2] == ["standup", name]
    assert container_of(name)["ports"] == [{"name": "http", "containerPort": defaults["port"]}]


def test_every_setting_exists() -> None:
    known_names = {setting.variable.replace("<NAME>", "MAIN") for setting in reference.settings_of(Settings)}
    known_names.add(f"{PREFIX}SECRETS_DIR")
    assert set(CONFIG_MAPS["standup"]) | set(CONFIG_MAPS["worker"]) <= known_names
    for name in DEPLOYMENTS:
        secrets = next(
            volume["secret"]
            for volume in DEPLOYMENTS[name]["spec"]["template"]["spec"]["volumes"]
            if volume["name"] == "secrets"
        )
        assert {item["key"].upper() for item in secrets.get("items", [])} <= known_names


@pytest.mark.parametrize("name", sorted(set(DEPLOYMENTS) - {"worker"}))
def test_only_a_worker_gets_secrets_for_other_systems(name: str) -> None:
    volumes = DEPLOYMENTS[name]["spec"]["template"]["spec"]["volumes"]
    keys = {item["key"] for volume in volumes if "secret" in volume for item in volume["secret"]["items"]}
    assert keys - {f"standup_{name}__basic_auth", f"standup_{name}__secret"} == {
        "standup_redis_url",
        "standup_broker_secret",
    }
