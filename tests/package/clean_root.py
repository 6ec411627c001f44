"""A clean Debian root of this machine's release, from the mirrors that its apt uses. What a package
needs is in it, and the package is not. The root is kept as an archive, so that it is made once."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

FIELDS = ("ORIGIN", "CODENAME", "COMPONENT", "REPO_URI", "RELEASE")


def say(*command, **more):
    """What a command writes. A command that fails ends the test."""
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )
    if done.returncode != 0:
        raise SystemExit(
            f"{' '.join(str(word) for word in command)}: exit status {done.returncode}\n"
            f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return done.stdout


def need_root_and_own_mounts():
    """Starts the program again in a mount namespace, with which its mounts go."""
    if os.geteuid() != 0:
        raise SystemExit("needs to be root, for it makes a root of its own")
    if os.environ.setdefault("AVTALSKOLL_OWN_MOUNTS", "no") != "yes":
        os.environ["AVTALSKOLL_OWN_MOUNTS"] = "yes"
        again = [sys.executable, *sys.argv]
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", *again])


def codename():
    facts = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    return facts["VERSION_CODENAME"].strip('"')


def repositories():
    """The machine's own repositories of Debian: (address, distribution, component)."""
    form = "|".join(f"$({field})" for field in FIELDS)
    found = set()
    for line in say(
        "apt-get", "indextargets", "--format", form, "Created-By: Packages"
    ).splitlines():
        of = dict(zip(FIELDS, line.split("|")))
        if (
            of["ORIGIN"] == "Debian"
            and of["CODENAME"].startswith(codename())
            and of["COMPONENT"] == "main"
        ):
            found.add((of["REPO_URI"], of["RELEASE"], of["COMPONENT"]))
    if not any(distribution == codename() for _, distribution, _ in found):
        raise SystemExit(f"apt knows no repository of {codename()}; run 'apt-get update'")
    return sorted(found)


def in_root(root, *command, **more):
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C.UTF-8",
    }
    environment.update(
        {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    )
    return say(
        "chroot",
        root,
        *command,
        env=environment,
        stdin=more.pop("stdin", subprocess.DEVNULL),
        **more,
    )


def debootstrap(root):
    """Makes a smallest root, whose apt knows this machine's repositories of Debian."""
    mirror = next(
        address for address, distribution, _ in repositories() if distribution == codename()
    )
    more = ["--include=ca-certificates"] if mirror.startswith("https:") else []
    say("debootstrap", "--variant=minbase", *more, codename(), root, mirror)
    lines = [
        f"deb {address} {distribution} {component}\n"
        for address, distribution, component in repositories()
    ]
    (root / "etc/apt/sources.list").write_text("".join(lines))
    settings = say("apt-config", "dump", "--no-empty", "Acquire").splitlines(keepends=True)
    wanted = ("Acquire::http", "Acquire::https", "Acquire::Check-")
    (root / "etc/apt/apt.conf.d/90machine").write_text(
        "".join(s for s in settings if s.startswith(wanted))
    )


def make(root, depends):
    """Makes a root with what `depends` names, as a package's field says it."""
    debootstrap(root)
    say("mount", "-t", "proc", "proc", root / "proc")
    in_root(root, "apt-get", "update")
    in_root(root, "apt-get", "satisfy", "-y", "--no-install-recommends", depends)
    in_root(root, "apt-get", "clean")
    say("umount", root / "proc")


def unpack(root, depends, cache):
    """Makes the root anew, from the archive in the folder `cache` when there is one."""
    key = hashlib.sha256(f"{codename()} {depends}".encode()).hexdigest()[:16]
    archive = cache / f"package-root-{key}.tar.zst"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    if not archive.exists():
        make(root, depends)
        part = archive.with_suffix(".part")
        say("tar", "--zstd", "-C", root, "--xattrs", "-cf", part, ".")
        part.rename(archive)
    else:
        say("tar", "--zstd", "-C", root, "--xattrs", "-xf", archive)
    say("mount", "-t", "proc", "proc", root / "proc")
