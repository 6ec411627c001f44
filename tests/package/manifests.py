#!/usr/bin/python3
"""Checks the Kubernetes manifests against the types that Debian's python3-kubernetes has from the
published API: every field is known there, has its type, and none that is required lacks. What is of
other projects (KEDA, kustomize) has no types there and is only looked at. Then it checks what this
project promises of them. It asks no cluster.

    tests/package/manifests.py build/release
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from kubernetes import client

FOLDER = Path(__file__).resolve().parents[2] / "app/packaging/kubernetes"
OF_OTHERS = {"ScaledObject", "Kustomization"}
PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": object}


def fault(place, what):
    raise SystemExit(f"{place}: {what}")


def check_plain(place, value, kind):
    if not isinstance(value, PLAIN[kind]) or (kind == "int" and isinstance(value, bool)):
        fault(place, f"is not a {kind}: {value!r}")


def check(place, value, kind):
    """`kind`: as the models name their types, such as dict(str, list[V1Pod])."""
    if inner := re.fullmatch(r"list\[(.*)\]", kind):
        check_plain_type(place, value, list)
        for number, one in enumerate(value):
            check(f"{place}[{number}]", one, inner[1])
    elif inner := re.fullmatch(r"dict\(str, (.*)\)", kind):
        check_plain_type(place, value, dict)
        for name, one in value.items():
            check(f"{place}.{name}", one, inner[1])
    elif kind in PLAIN:
        check_plain(place, value, kind)
    else:
        check_model(place, value, getattr(client.models, kind))


def check_plain_type(place, value, kind):
    if not isinstance(value, kind):
        fault(place, f"is not a {kind.__name__}: {value!r}")


def check_model(place, value, model):
    check_plain_type(place, value, dict)
    names = {written: own for own, written in model.attribute_map.items()}
    for name, inner in value.items():
        if name not in names:
            fault(f"{place}.{name}", f"is no field of {model.__name__}")
        check(f"{place}.{name}", inner, model.openapi_types[names[name]])
    try:
        model(**{names[name]: inner for name, inner in value.items()})
    except ValueError as refused:  # says which required field lacks
        fault(place, refused)


def model_of(manifest):
    version = manifest["apiVersion"].split("/")[-1]
    return getattr(client.models, version[0].upper() + version[1:] + manifest["kind"])


def manifests():
    for file in sorted(FOLDER.glob("*.yaml")):
        for number, manifest in enumerate(yaml.safe_load_all(file.read_text())):
            yield f"{file.name}#{number}", manifest


def check_pod(place, pod):
    """The restricted profile of the pod security standards, and what the image needs."""
    whole = pod["securityContext"]
    if not whole["runAsNonRoot"] or whole["runAsUser"] == 0:
        fault(place, "may run as root")
    if whole["seccompProfile"] != {"type": "RuntimeDefault"} or pod["automountServiceAccountToken"]:
        fault(place, "has no filter of system calls, or has a token of the cluster")
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in pod["containers"]:
        rights = container["securityContext"]
        if rights["allowPrivilegeEscalation"] or not rights["readOnlyRootFilesystem"]:
            fault(place, "may gain rights, or write to its image")
        if rights["capabilities"] != {"drop": ["ALL"]}:
            fault(place, "has capabilities")
        if container["image"] != "avtalskoll:VERSION":
            fault(place, f"image {container['image']}")
        if {mount["name"] for mount in container["volumeMounts"]} != volumes:
            fault(place, "mounts what is not there, or does not mount all")
        if "memory" not in container["resources"]["limits"]:
            fault(place, "has no limit of memory")


def named_in(manifest, kind):
    """What a manifest refers to: names of config maps, secrets or claims."""
    found = set()
    if isinstance(manifest, dict):
        for key, value in manifest.items():
            if (
                key
                in {
                    "configMap": ("configMap", "configMapKeyRef"),
                    "secret": ("secret", "secretKeyRef"),
                    "claim": ("persistentVolumeClaim",),
                }[kind]
            ):
                found.add(value.get("name") or value.get("secretName") or value.get("claimName"))
            found |= named_in(value, kind)
    elif isinstance(manifest, list):
        for value in manifest:
            found |= named_in(value, kind)
    return found


def check_whole(all_of_them, build):
    by_kind = {}
    for place, manifest in all_of_them:
        by_kind.setdefault(manifest["kind"], {})[manifest["metadata"]["name"]] = manifest
    if "Secret" in by_kind:
        fault("Secret", "values of secrets do not belong into these files")
    pods = [d["spec"]["template"] for d in by_kind["Deployment"].values()]
    for name, deployment in by_kind["Deployment"].items():
        check_pod(name, deployment["spec"]["template"]["spec"])
        if (
            deployment["spec"]["selector"]["matchLabels"]
            != deployment["spec"]["template"]["metadata"]["labels"]
        ):
            fault(name, "selects other pods than its own")
        for kind, known in (("configMap", "ConfigMap"), ("claim", "PersistentVolumeClaim")):
            if not named_in(deployment, kind) <= set(by_kind[known]):
                fault(name, f"names a {known} that is not there: {named_in(deployment, kind)}")
        if named_in(deployment, "secret") != {"avtalskoll-credentials"}:
            fault(name, f"names other secrets: {named_in(deployment, 'secret')}")
    for service in by_kind["Service"].values():
        chosen = [
            p
            for p in pods
            if service["spec"]["selector"].items() <= p["metadata"]["labels"].items()
        ]
        if len(chosen) != 1 or chosen[0]["spec"]["containers"][0]["ports"][0]["name"] != "http":
            fault("Service", "leads to no port")
    target = by_kind["ScaledObject"]["avtalskoll-worker"]["spec"]["scaleTargetRef"]["name"]
    if target not in by_kind["Deployment"] or "replicas" in by_kind["Deployment"][target]["spec"]:
        fault("ScaledObject", "does not scale the workers, or something else does, too")
    check_config(by_kind["ConfigMap"]["avtalskoll"]["data"]["avtalskoll.conf"], build)


def check_config(text, build):
    """The program takes the configuration."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(text)
        file.flush()
        subprocess.run(
            [build / "avtalskoll", "--config", file.name, "form", "list"],
            check=True,
            stdout=subprocess.DEVNULL,
        )


def main():
    found = list(manifests())
    files = {place.split("#")[0] for place, _ in found} - {"kustomization.yaml"}
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    if set(listed) != files:
        fault("kustomization.yaml", f"lists {listed}, there are {sorted(files)}")
    checked = 0
    for place, manifest in found:
        if manifest["kind"] not in OF_OTHERS:
            check_model(f"{place} {manifest['kind']}", manifest, model_of(manifest))
            checked += 1
    check_whole(
        [one for one in found if one[1]["kind"] != "Kustomization"], Path(sys.argv[1]).resolve()
    )
    print(f"manifests: {checked} of {len(found)} checked by type, all by their use")


if __name__ == "__main__":
    main()
