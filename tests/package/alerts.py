#!/usr/bin/python3
"""Checks what watches the program: Prometheus's alerts and Grafana's dashboard.

    tests/package/alerts.py

promtool must take the rules, and tests/package/alerts_test.yml must pass. Each metric, label and
value of a label that a rule, a test, a panel or the scaling of the workers names must be in
app/packaging/prometheus/metrics.txt. Each metric there must be on the dashboard. Each alert must be
tried where it fires and where it does not, and must lead to a chapter of docs/operations.md.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "app/packaging/prometheus"
RULES = PROMETHEUS / "alerts.yml"
TESTS = ROOT / "tests/package/alerts_test.yml"
SCALING = ROOT / "app/packaging/kubernetes/scaling.yaml"
DASHBOARD = ROOT / "app/packaging/grafana/avtalskoll.json"
RUNBOOK = "docs/operations.md"
SEVERITIES = {"warning", "critical"}

# Labels that Prometheus adds, and who configures it.
OF_PROMETHEUS = {"job": None, "instance": None, "installation": None}
HISTOGRAM_ENDINGS = ("_bucket", "_sum", "_count")
WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}
GROUPING = r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)"
STRING = r'"(?:\\.|[^"\\])*"'
COLUMNS = 24


class Metrics:
    """The metrics that there are, as metrics.txt says it."""

    def __init__(self, text):
        self.labels = {"up": dict(OF_PROMETHEUS)}
        self.listed = []
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            name, kind, *labels = line.split()
            values = dict(OF_PROMETHEUS)
            for label in labels:
                key, _, of_it = label.partition("=")
                values[key] = set(of_it.split("|")) if of_it else None
            self.listed.append(name)
            if kind == "histogram":
                for ending in HISTOGRAM_ENDINGS:
                    self.labels[name + ending] = dict(values)
                self.labels[name + "_bucket"]["le"] = None
            else:
                self.labels[name] = values

    def faults_of_series(self, name, matchers):
        if name not in self.labels:
            return [f"{name} is not exported"]
        faults = []
        for label, sign, value in re.findall(rf"(\w+)\s*(=~|!~|!=|=)\s*({STRING})", matchers):
            known = self.labels[name].get(label, set())
            if label not in self.labels[name]:
                faults.append(f"{name} has no label {label}")
            elif known and sign in ("=", "!=") and json.loads(value) not in known:
                faults.append(f"{name} has no {label}={value}")
        return faults

    def faults_of(self, expression):
        """Of a PromQL expression. Gives the names that it uses, too."""
        faults, names = [], set()
        grouped = {
            label.strip()
            for labels in re.findall(GROUPING, expression)
            for label in labels.split(",")
            if label.strip()
        }
        rest = re.sub(GROUPING, " ", expression)
        rest = re.sub(r"\[[^\]]*\]", " ", rest)
        series = rf"\b([a-zA-Z_:][\w:]*)\s*(?:\{{((?:{STRING}|[^}}\"])*)\}})?(?!\s*\(|[\w:{{])"
        for name, matchers in re.findall(series, rest):
            if name.lower() in WORDS or re.fullmatch(r"e\d+", name):
                continue
            names.add(name)
            faults += self.faults_of_series(name, matchers or "")
        there = {label for name in names for label in self.labels.get(name, {})}
        faults += [f"no metric has the label {label}" for label in sorted(grouped - there)]
        if not names:
            faults.append(f"uses no metric: {expression}")
        return faults, names


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True)
    return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip()]


def alerts():
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        yield from group["rules"]


def anchors():
    """Of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", (ROOT / RUNBOOK).read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def faults_of_alerts(metrics):
    faults, chapters = [], anchors()
    for alert in alerts():
        said, annotations = alert["alert"], alert.get("annotations", {})
        faults += [f"{said}: {fault}" for fault in metrics.faults_of(alert["expr"])[0]]
        if alert.get("labels", {}).get("severity") not in SEVERITIES:
            faults.append(f"{said}: has no severity")
        for name in ("summary", "description", "runbook"):
            if not annotations.get(name):
                faults.append(f"{said}: has no {name}")
        page, _, anchor = annotations.get("runbook", "").partition("#")
        if page != RUNBOOK or anchor not in chapters or anchor != said.lower():
            faults.append(f"{said}: there is no chapter {annotations.get('runbook')}")
    return faults


def faults_of_tests(metrics):
    """A test whose series has a wrong name would pass where nothing must fire."""
    faults, fires, silent = [], set(), set()
    for test in yaml.safe_load(TESTS.read_text())["tests"]:
        for series in test["input_series"]:
            name, _, matchers = series["series"].partition("{")
            faults += [f"{test['name']}: {fault}"
                       for fault in metrics.faults_of_series(name, matchers)]
        for case in test["alert_rule_test"]:
            expected = case.get("exp_alerts") or []
            for alert in expected:
                fires.add((case["alertname"], alert["exp_labels"]["severity"]))
            if not expected:
                silent.add(case["alertname"])
    for alert in alerts():
        severity = alert.get("labels", {}).get("severity")
        if (alert["alert"], severity) not in fires:
            faults.append(f"{alert['alert']}: is never tried where it fires as {severity}")
        if alert["alert"] not in silent:
            faults.append(f"{alert['alert']}: is never tried where it must not fire")
    known = {alert["alert"] for alert in alerts()}
    return faults + [f"{name}: is tried, but there is no such alert"
                     for name in sorted(silent | {name for name, _ in fires}) if name not in known]


def faults_of_grid(panels):
    faults, taken = [], {}
    for panel in panels:
        place = panel["gridPos"]
        if place["x"] + place["w"] > COLUMNS:
            faults.append(f"{panel['title']}: is wider than the page")
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if taken.setdefault((x, y), panel["id"]) != panel["id"]:
                    return [*faults, f"{panel['title']}: lies on another panel"]
    if len({panel["id"] for panel in panels}) != len(panels):
        faults.append("two panels have one id")
    return faults


def faults_of_dashboard(metrics):
    dashboard = json.loads(DASHBOARD.read_text())
    panels, used, rules = dashboard["panels"], set(), []
    faults = faults_of_grid(panels)
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    for panel in panels:
        for target in panel.get("targets", []):
            expression = target["expr"]
            wrong, names = metrics.faults_of(expression)
            faults += [f"{panel['title']}: {fault}" for fault in wrong]
            used |= names
            for variable in re.findall(r"\$\{?(\w+)", json.dumps(target)):
                if variable not in variables | {"__rate_interval"}:
                    faults.append(f"{panel['title']}: there is no variable {variable}")
            plain = expression.replace("$__rate_interval", "5m")
            rules.append({"record": f"panel:{len(rules)}", "expr": plain})
    for name in metrics.listed:
        if not used & {name, *(name + ending for ending in HISTOGRAM_ENDINGS)}:
            faults.append(f"{name}: is on no panel")
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}, file)
        file.flush()
        faults += promtool("check", "rules", file.name)
    return faults, len(rules)


def faults_of_scaling(metrics):
    triggers = yaml.safe_load(SCALING.read_text())["spec"]["triggers"]
    return [f"{SCALING.name}: {fault}" for trigger in triggers
            for fault in metrics.faults_of(trigger["metadata"]["query"])[0]]


def main():
    metrics = Metrics((PROMETHEUS / "metrics.txt").read_text())
    faults = promtool("check", "rules", RULES)
    faults += promtool("check", "config", PROMETHEUS / "prometheus.yml")
    faults += promtool("test", "rules", TESTS)
    faults += faults_of_alerts(metrics) + faults_of_tests(metrics)
    faults += faults_of_scaling(metrics)
    wrong, queries = faults_of_dashboard(metrics)
    faults += wrong
    for fault in faults:
        print(f"fault: {fault}")
    if not faults:
        print(f"alerts: {len(list(alerts()))} rules tried, {queries} queries of the dashboard "
              f"looked at, {len(metrics.listed)} metrics known")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
