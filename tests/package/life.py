#!/usr/bin/env python3
"""The life of the Debian package in a clean root: installed in an older version, used, upgraded,
used, removed, purged. Prints what each step took. Needs root, and the mirrors of this machine's apt.

    tests/package/life.py build/release
"""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import clean_root
from clean_root import in_root, say

SOURCE = Path(__file__).resolve().parents[2]
OLDER = "0.0.1"
CONFIG = "etc/avtalskoll/avtalskoll.conf"
STORE = "/var/lib/avtalskoll/store.db"
SAMPLE = "4-agreement-missing"
PASSWORD = "a password for this test alone\n"
# What apt and dpkg keep about themselves, and copies of the user lists that the tools make.
KEPT_BY_OTHERS = (
    "/var/lib/dpkg",
    "/var/lib/apt",
    "/var/cache/apt",
    "/var/cache/debconf",
    "/var/log/apt",
    "/var/log/dpkg.log",
    "/var/log/alternatives.log",
    "/var/lib/systemd/deb-systemd-helper-enabled",
    "/run/adduser",
    "/etc/passwd-",
    "/etc/group-",
    "/etc/shadow-",
    "/etc/gshadow-",
    "/etc/.pwd.lock",
)
USER_LISTS = ("etc/passwd", "etc/group", "etc/shadow", "etc/gshadow")
MOST_SECONDS_TO_STOP = 60  # TimeoutStopSec of the units


def expect(holds, what):
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def files_of(root):
    found = set()
    for top in ("etc", "usr", "var", "home", "opt", "root", "run", "srv", "tmp"):
        for folder, folders, files in os.walk(root / top):
            below = "/" + str(Path(folder).relative_to(root))
            found.update(f"{below}/{name}" for name in folders + files)
    return {path for path in found if not path.startswith(KEPT_BY_OTHERS)}


def users_of(root):
    return {name: (root / name).read_text() for name in USER_LISTS}


class Life:
    def __init__(self, build):
        self.build = build.resolve()
        self.root = self.build / "package-root"
        self.times = []

    @contextlib.contextmanager
    def step(self, what):
        print(f"=== {what}", flush=True)
        start = time.monotonic()
        yield
        self.times.append((time.monotonic() - start, what))

    def as_service(self, *command, **more):
        return in_root(
            self.root,
            "setpriv",
            "--reuid=avtalskoll",
            "--regid=avtalskoll",
            "--clear-groups",
            "env",
            "HOME=/var/lib/avtalskoll",
            *command,
            **more,
        )

    def version_of_root(self):
        facts = in_root(
            self.root, "dpkg-query", "-W", "-f", "${Version} ${db:Status-Abbrev}", "avtalskoll"
        )
        return facts.split()

    def package_of(self, folder, version):
        return folder / f"avtalskoll_{version}_{say('dpkg', '--print-architecture').strip()}.deb"

    def build_older(self):
        folder = self.build.parent / "older"
        say(
            "cmake",
            "--preset",
            "release",
            "-B",
            folder,
            "-DBUILD_TESTING=OFF",
            f"-DAVTALSKOLL_OLDER={OLDER}",
            cwd=SOURCE,
        )
        say(
            "cmake",
            "--build",
            folder,
            "-j",
            os.environ.get("JOBS", str(os.cpu_count())),
            "--target",
            "avtalskoll",
            "package_files",
        )
        say("cpack", cwd=folder)
        return self.package_of(folder, OLDER)

    def install(self, package):
        shutil.copy(package, self.root / package.name)
        in_root(
            self.root, "apt-get", "install", "-y", "--no-install-recommends", f"/{package.name}"
        )
        (self.root / package.name).unlink()

    def check_installation(self):
        expect(self.version_of_root() == [OLDER, "ii"], "the older version is installed")
        expect(
            in_root(self.root, "avtalskoll", "--version") == f"avtalskoll {OLDER}\n",
            "the program is the older one",
        )
        home = in_root(self.root, "getent", "passwd", "avtalskoll").split(":")
        expect(
            home[5] == "/var/lib/avtalskoll" and home[6].strip().endswith("nologin"),
            "the user's home and shell",
        )
        facts = (self.root / "var/lib/avtalskoll").stat()
        expect(
            stat.S_IMODE(facts.st_mode) == 0o750 and facts.st_uid == int(home[2]),
            "the home is the user's alone",
        )
        for file in (
            CONFIG,
            "usr/libexec/avtalskoll/avtalskoll-rasterizer",
            "usr/share/avtalskoll/models/signature.onnx",
            "usr/share/man/man1/avtalskoll-serve.1.gz",
            "usr/share/bash-completion/completions/avtalskoll",
            "lib/systemd/system/avtalskoll-serve.service",
            "etc/logrotate.d/avtalskoll",
        ):
            expect((self.root / file).is_file(), f"/{file} is installed")
        wanted = list((self.root / "etc/systemd/system").glob("*.wants/avtalskoll*"))
        expect(not wanted, f"no service is enabled by itself: {wanted}")

    def make_store(self):
        with open(self.root / "password", "w") as file:
            file.write(PASSWORD)
        with open(self.root / "password") as file:
            self.as_service(
                "avtalskoll",
                "user",
                "add",
                "anna",
                "--role",
                "officer",
                "--store",
                STORE,
                stdin=file,
            )
        (self.root / "password").unlink()
        shutil.copytree(SOURCE / "data/samples" / SAMPLE, self.root / "srv" / SAMPLE)
        self.check_sample("/var/lib/avtalskoll/out-older")

    def check_sample(self, out):
        # 1: it lacks something, as it should.
        self.as_service(
            "sh", "-c", f"avtalskoll check /srv/{SAMPLE} --store {STORE} --out {out}; [ $? = 1 ]"
        )
        report = next((self.root / out[1:]).glob("*/report.html"), None)
        expect(report and report.stat().st_size > 10_000, f"a report is in {out}")

    def edit_config(self):
        with open(self.root / CONFIG, "a") as file:
            file.write(f"\n# edited\n[submissions.list]\nstore = {STORE}\n")
        self.edited = (self.root / CONFIG).read_text()

    def check_upgrade(self, version):
        expect(self.version_of_root() == [version, "ii"], "the new version is installed")
        expect(
            in_root(self.root, "avtalskoll", "--version") == f"avtalskoll {version}\n",
            "the program is the new one",
        )
        expect((self.root / CONFIG).read_text() == self.edited, "the edited configuration is kept")
        others = [file.name for file in (self.root / CONFIG).parent.iterdir()]
        expect(others == ["avtalskoll.conf"], f"nothing lies beside the configuration: {others}")
        # The store's place comes from the edited configuration.
        lines = self.as_service("avtalskoll", "submissions", "list").splitlines()
        expect(
            len(lines) == 1 and "incomplete" in lines[0], f"the store has the submission: {lines}"
        )
        users = self.as_service("avtalskoll", "user", "list", "--store", STORE)
        expect(users.split()[1:] == ["officer", "anna"], f"the store has the user: {users}")

    def doctor(self):
        said = self.as_service("avtalskoll", "doctor", "--store", STORE)
        expect("FAIL" not in said and "ok    store" in said, said)
        print(said, end="")

    def serve(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            "chroot",
            str(self.root),
            "setpriv",
            "--reuid=avtalskoll",
            "--regid=avtalskoll",
            "--clear-groups",
            "env",
            "-i",
            "PATH=/usr/bin:/bin",
            "HOME=/var/lib/avtalskoll",
            "avtalskoll",
            "serve",
            "--listen",
            f"127.0.0.1:{port}",
        ]  # the store: from the configuration
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as served:
            try:
                self.look_at(served, port)
            finally:
                if served.poll() is None:
                    served.kill()

    def look_at(self, served, port):
        for line in served.stderr:
            if "listening on" in line:
                break
        expect(served.poll() is None, "serve runs")
        status = Path(f"/proc/{served.pid}/status").read_text()
        user = int(in_root(self.root, "id", "-u", "avtalskoll"))
        expect(f"Uid:\t{user}\t{user}" in status, "serve runs as its own user")
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        asked.request("GET", "/logga-in")
        answer = asked.getresponse()
        page = answer.read().decode()
        expect(
            answer.status == 200 and 'type="password"' in page,
            f"the login page: {answer.status} {page[:300]}",
        )
        asked.close()
        start = time.monotonic()
        served.send_signal(signal.SIGTERM)
        expect(
            served.wait(MOST_SECONDS_TO_STOP) == 130, f"serve ends with 130: {served.returncode}"
        )
        print(f"stopped after {time.monotonic() - start:.1f} s")

    def restore(self):
        """As docs/operations.md says it."""
        store, copy = self.root / STORE[1:], self.root / "var/lib/avtalskoll/backup.db"
        with contextlib.closing(sqlite3.connect(store)) as database:
            with contextlib.closing(sqlite3.connect(copy)) as into:
                database.backup(into)
        for file in store.parent.glob("store.db*"):
            if file.is_file():
                file.unlink()
        copy.rename(store)
        in_root(self.root, "chown", "-R", "avtalskoll:", "/var/lib/avtalskoll")
        said = self.as_service("avtalskoll", "doctor", "--store", STORE)
        expect("ok    store" in said, said)
        listed = self.as_service("avtalskoll", "submissions", "list")
        expect(len(listed.splitlines()) == 1, f"the restored store has the submission: {listed}")

    def remove(self):
        in_root(self.root, "apt-get", "remove", "-y", "avtalskoll")
        expect(not (self.root / "usr/bin/avtalskoll").exists(), "the program is removed")
        expect(
            (self.root / CONFIG).read_text() == self.edited,
            "the configuration stays when it is removed",
        )
        expect((self.root / STORE[1:]).is_file(), "the store stays when it is removed")
        in_root(self.root, "getent", "passwd", "avtalskoll")

    def purge(self, files, users):
        in_root(self.root, "apt-get", "purge", "-y", "avtalskoll")
        shutil.rmtree(self.root / "srv" / SAMPLE)
        after = files_of(self.root)
        expect(
            after == files,
            f"a purge leaves {sorted(after - files)} and takes {sorted(files - after)}",
        )
        for name, text in users_of(self.root).items():
            expect(text == users[name], f"a purge leaves /{name} as it was")
        kept = list((self.root / "var/lib/systemd").glob("deb-systemd-helper*/avtalskoll*"))
        expect(not kept, f"a purge leaves {kept}")

    def live(self):
        version = say(self.build / "avtalskoll", "--version").split()[1]
        newer = self.package_of(self.build, version)
        with self.step("lintian"):
            say("lintian", "--allow-root", "--fail-on", "error,warning", newer)
        with self.step("build the older version"):
            older = self.build_older()
        with self.step("make the root"):
            depends = say("dpkg-deb", "-f", newer, "Depends").strip()
            clean_root.unpack(self.root, depends, self.build.parent)
        files, users = files_of(self.root), users_of(self.root)
        with self.step(f"install {OLDER}"):
            self.install(older)
            self.check_installation()
        with self.step("make a user and a store, check a sample"):
            self.make_store()
        with self.step(f"upgrade to {version}"):
            self.edit_config()
            self.install(newer)
            self.check_upgrade(version)
        with self.step("check the sample again"):
            self.check_sample("/var/lib/avtalskoll/out-newer")
        with self.step("doctor"):
            self.doctor()
        with self.step("serve, the login page, SIGTERM"):
            self.serve()
        with self.step("back up, lose and restore the store"):
            self.restore()
        with self.step("remove"):
            self.remove()
        with self.step("purge"):
            self.purge(files, users)


def main():
    clean_root.need_root_and_own_mounts()
    life = Life(Path(sys.argv[1]))
    try:
        life.live()
    finally:
        for seconds, what in life.times:
            print(f"{seconds:7.1f} s  {what}")


if __name__ == "__main__":
    main()
