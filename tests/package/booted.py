#!/usr/bin/env python3
"""The package's services under systemd itself, in a container of systemd-nspawn. Where such a
container cannot start, it says so and ends well. Needs root.

    tests/package/booted.py build/release
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import clean_root
from clean_root import in_root, say

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parents[1] / "data/samples/4-agreement-missing"
WANTS = "etc/systemd/system/multi-user.target.wants"
UNIT = """[Unit]
After=basic.target
[Service]
ExecStart=/booted.sh
"""
MOST_SECONDS = 300


def nspawn(root, *more):
    # nspawn's own filter of system calls knows no Landlock; the units' filter is what is tested.
    environment = {**os.environ, "SYSTEMD_SECCOMP": "0"}
    command = ["systemd-nspawn", "--quiet", "-D", root, "--register=no", "--keep-unit", *more]
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )


def prepare(root, package):
    clean_root.unpack(root, say("dpkg-deb", "-f", package, "Depends").strip(), package.parents[1])
    shutil.copy(package, root / "package.deb")
    in_root(
        root,
        *("apt-get", "install", "-y", "--no-install-recommends"),
        *("systemd", "systemd-sysv", "logrotate", "/package.deb"),
    )
    say("umount", root / "proc")
    shutil.copytree(SAMPLE, root / "srv/sample")
    shutil.copy(HERE / "booted.sh", root / "booted.sh")
    (root / "etc/systemd/system/booted.service").write_text(UNIT)
    (root / WANTS).mkdir(exist_ok=True)
    (root / WANTS / "booted.service").symlink_to("../booted.service")


def main():
    clean_root.need_root_and_own_mounts()
    build = Path(sys.argv[1]).resolve()
    version = say(build / "avtalskoll", "--version").split()[1]
    architecture = say("dpkg", "--print-architecture").strip()
    root = build / "package-booted"
    prepare(root, build / f"avtalskoll_{version}_{architecture}.deb")
    probe = nspawn(root, "/bin/echo", "can run")
    if "can run" not in probe.stdout:
        print(f"booted: NOT RUN, no container can start here: {probe.stdout.strip()[-300:]}")
        return
    console = nspawn(root, "--boot").stdout
    result = root / "result"
    said = result.read_text() if result.exists() else console[-2000:]
    print(said, end="")
    if said.splitlines()[-1:] != ["END"]:
        raise SystemExit("booted: FAILED")


if __name__ == "__main__":
    main()
