#!/usr/bin/env python3
"""Judges the service units by systemd's own measure of how much a service is exposed, and has
systemd read them.

    tests/package/service_units.py
"""

import re
import subprocess
import tempfile
from pathlib import Path

UNITS = sorted((Path(__file__).resolve().parents[2] / "app/packaging/systemd").glob("*.service"))
MOST_EXPOSED = 1.9


def exposure_of(unit):
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)[1])


def complaints_about(unit, folder):
    """What systemd says about a unit, with a program that is there on every machine."""
    copy = folder / unit.name
    text = unit.read_text()
    assert "ExecStart=/usr/bin/avtalskoll " in text, unit.name
    copy.write_text(text.replace("/usr/bin/avtalskoll ", "/bin/true "))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", copy],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if unit.name in line]
    return said if said or done.returncode == 0 else done.stderr.splitlines()


def main():
    assert len(UNITS) == 3, UNITS
    faults = []
    for unit in UNITS:
        exposure = exposure_of(unit)
        print(f"{exposure:4.1f}  {unit.name}")
        if exposure > MOST_EXPOSED:
            faults.append(f"{unit.name}: exposure {exposure}, more than {MOST_EXPOSED}")
        with tempfile.TemporaryDirectory() as folder:
            faults += complaints_about(unit, Path(folder))
    if faults:
        raise SystemExit("\n".join(faults))


if __name__ == "__main__":
    main()
