#!/usr/bin/env python3
"""Runs clang-tidy over every source, several at a time. To be run in the root of the project.

The build directory is configured for unity builds (the preset 'lint'): sources of one target are
read together, so that each header is read once. Sources with qpdf's headers are left out, since
clang 14 cannot compile those as C++20; CMakeLists.txt keeps them out of the unity sources.
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys

FUZZERS = pathlib.Path("tests/fuzz")


def units(build):
    """The files to give to clang-tidy."""
    commands = json.loads((build / "compile_commands.json").read_text())
    for file in sorted({pathlib.Path(command["file"]) for command in commands}):
        if "<qpdf/" not in file.read_text():
            yield file
    yield from sorted(FUZZERS.glob("*.cpp"))


def findings(build, extra, unit):
    # An included source is no fault here; the unity source is made of nothing else.
    checks = ",".join(["-bugprone-suspicious-include", *extra])
    command = ["clang-tidy", "--quiet", f"--checks={checks}", unit]
    if unit.parent == FUZZERS:  # clang compiles them; CMake does not know them
        command += ["--", "-std=c++20", "-I.", f"-I{build}/generated"]
    else:
        command += ["-p", build, "--extra-arg=-Wno-unknown-warning-option"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return ""
    return result.stdout or result.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path, help="a configured build directory")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (default: 2)")
    parser.add_argument("--checks", action="append", default=[],
                        help="as clang-tidy's, instead of nothing but .clang-tidy's")
    options = parser.parse_args()
    files = list(units(options.build))
    if not files:
        sys.exit(f"{options.build}: nothing to look at; configure it first")
    faults = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(lambda f: findings(options.build, options.checks, f), files):
            if found:
                faults.append(found)
    print("\n".join(faults), end="")
    print(f"clang-tidy: {len(files)} units, {len(faults)} with findings")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
