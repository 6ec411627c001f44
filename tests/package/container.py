#!/usr/bin/env python3
"""Builds the container and looks at what is in it, with buildah and no container runtime: as root in
a machine of any kind. Takes as long as building the program does.

    tests/package/container.py build/release [BASE]

BASE: an image of Debian 12; without it one is made from the machine's mirrors.
"""

import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import clean_root
from clean_root import say

SOURCE = Path(__file__).resolve().parents[2]
BUILDAH = ("buildah", "--storage-driver", "overlay")
IMAGE = "localhost/avtalskoll:test"
OWN_BASE = "localhost/avtalskoll-base:test"
PORT = 8080


def expect(holds, what):
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def make_base(folder):
    root = folder / "container-base"
    if not (root / "bin/sh").exists():
        clean_root.debootstrap(root)
    container = say(*BUILDAH, "from", "scratch").strip()
    say(*BUILDAH, "copy", container, root, "/")
    say(*BUILDAH, "commit", "--rm", container, OWN_BASE)
    return OWN_BASE


def build(base):
    command = [*BUILDAH, "bud", "--isolation", "chroot", "--format", "docker"]
    command += ["--build-arg", f"BASE={base}", "--build-arg", f"JOBS={os.environ.get('JOBS', 2)}"]
    command += ["-f", "app/packaging/container/Containerfile", "-t", IMAGE, "."]
    subprocess.run(command, cwd=SOURCE, check=True)


class Health(http.server.BaseHTTPRequestHandler):
    """Stands in for a `serve` that is well, or is not."""

    status = 200

    def do_GET(self):
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


def run_in(container, *command):
    words = [*BUILDAH, "run", "--isolation", "chroot", container, "--", *command]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def check_health(container, facts):
    test = facts["Healthcheck"]["Test"]
    expect(test[0] == "CMD", f"the health check: {test}")
    expect(run_in(container, *test[1:]).returncode != 0, "without a server it is not healthy")
    with http.server.HTTPServer(("127.0.0.1", PORT), Health) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for Health.status in (200, 503):
            healthy = run_in(container, *test[1:]).returncode == 0
            expect(healthy == (Health.status == 200), f"healthy at {Health.status}: {healthy}")
        server.shutdown()


def check_serve(container, facts):
    """The image's own command, as its own user."""
    command = [*facts["Entrypoint"], *facts["Cmd"]]
    words = [*BUILDAH, "run", "--isolation", "chroot", container, "--", *command]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as served:
        for line in served.stderr:
            if "listening on" in line:
                break
        expect(served.poll() is None, "serve runs")
        asked = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
        asked.request("GET", "/logga-in")
        answer = asked.getresponse()
        page = answer.read().decode()
        expect(answer.status == 200 and 'type="password"' in page, f"login: {answer.status}")
        served.terminate()
        served.wait(60)


def check():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    facts = json.loads(say(*BUILDAH, "inspect", "--type", "image", IMAGE))["Docker"]["config"]
    expect(facts["User"] == "10001:10001", f"the user is {facts['User']}")
    container = say(*BUILDAH, "from", IMAGE).strip()
    try:
        expect(run_in(container, "id", "-u").stdout == "10001\n", "runs as user 10001")
        said = run_in(container, "avtalskoll", "doctor").stdout
        expect(said and "FAIL" not in said, said)
        print(said, end="")
        expect(run_in(container, "touch", "/usr/x").returncode != 0, "it cannot write its image")
        expect(run_in(container, "sh", "-c", "! command -v c++").returncode == 0, "no compiler")
        check_health(container, facts)
        check_serve(container, facts)
    finally:
        say(*BUILDAH, "rm", container)
    print(f"container: well, {say(*BUILDAH, 'images', '--format', '{{.Size}}', IMAGE).strip()}")


def main():
    clean_root.need_root_and_own_mounts()
    if sys.argv[1:] == ["check"]:
        return check()
    start = time.monotonic()
    build(sys.argv[2] if len(sys.argv) > 2 else make_base(Path(sys.argv[1]).resolve().parent))
    print(f"{time.monotonic() - start:7.1f} s  build")
    # With a network of its own, so that its port is free.
    subprocess.run(["unshare", "--net", sys.executable, sys.argv[0], "check"], check=True)


if __name__ == "__main__":
    main()
