#!/usr/bin/env python3
"""Measures the shape of the source: lines, functions, decisions, comments.

Usage: measures.py [--check] [--list] [FILE...]     (default: the program's .cpp and .h files)
Prints a table. With --list, every place that is over a limit. With --check, fails when there is one.
A decision is an if, a loop, a case, a catch, a conditional operator, && or ||. A function's lines are
those from its first to its last, its lambdas' included. The limits are those of CONTRIBUTING.md.
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("models", "ocr", "rules", "pipeline", "app")
MOST_COLUMNS = 100
MOST_FILE_LINES = 500
MOST_FUNCTION_LINES = 50
MOST_DECISIONS = 20
MOST_PARAMETERS = 5

TOKEN = re.compile(
    r'R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/',
    re.DOTALL,
)
DECISION = re.compile(r"\b(?:if|for|while|case|catch)\b|&&|\|\||\?")
SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b")


def without_text(source):
    """The source with comments and what stands in quotes blanked out; places and line breaks stay."""

    def blank(match):
        text = match.group()
        filler = " " if text.startswith("/") else "_"
        return re.sub(r"[^\n]", filler, text)

    code = TOKEN.sub(blank, source)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()), code, flags=re.M)


def top_level(text):
    """The text without what stands in brackets."""
    out, depth = [], 0
    for c in text:
        if c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
            out.append("()" if depth == 0 and c == ")" else "")
        elif depth == 0:
            out.append(c)
    return "".join(out)


def kind_of_block(head, inside_function):
    """What a brace opens, by the text before it: scope, function, initialiser (of a constructor's list) or other."""
    flat = top_level(head).strip()
    if inside_function:
        return "other"
    if SCOPE.search(flat) and "()" not in flat:
        return "scope"
    if "()" not in flat or re.search(r"(?<![=!<>])=(?!=)\s*(?!.*\(\))", flat):
        return "other"
    listed = re.search(r"\(\)\s*(?:noexcept\s*)?:(?!:)", flat)
    if listed and re.search(r"[\w>]$", flat) and "->" not in flat:
        return "initialiser"
    return "function"


def functions_in(code):
    """(first line, last line, head, body) of each function. A lambda belongs to the function that it stands in."""
    stack, start, found = [], 0, []
    for i, c in enumerate(code):
        if c == "{":
            head = code[start:i]
            inside = any(kind == "function" for kind, _, _ in stack)
            kind = kind_of_block(head, inside)
            stack.append((kind, start, head))
            if kind in ("scope", "function"):
                start = i + 1
        elif c == "}" and stack:
            kind, began, head = stack.pop()
            if kind == "function":
                first = began + len(head) - len(head.lstrip())
                lines = code.count("\n", 0, first) + 1, code.count("\n", 0, i) + 1
                found.append((*lines, head.strip(), code[began : i + 1]))
            if kind in ("scope", "function"):
                start = i + 1
        elif c == ";" and not any(kind == "function" for kind, _, _ in stack):
            if not any(kind == "other" for kind, _, _ in stack):
                start = i + 1
    return found


def parameters_of(head):
    """How many parameters a function's head names."""
    opening = re.search(r"(operator\s*\(\s*\)|[\w>\]]|operator\s*\S+)\s*\(", head)
    if not opening:
        return 0
    depth, angle, count, text = 0, 0, 1, ""
    for c in head[opening.end() :]:
        if c == ")" and depth == 0:
            break
        depth += (c in "([{") - (c in ")]}")
        angle += (c == "<") - (c == ">")
        if c == "," and depth == 0 and angle <= 0:
            count += 1
        text += c
    return count if text.strip() else 0


def nested_conditionals(body):
    """How many conditional operators stand within another's operands."""
    depth, open_at, nested = 0, [], 0
    for c in body:
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            open_at = [d for d in open_at if d <= depth]
        elif c in ";,":
            open_at = [d for d in open_at if c == "," and d < depth]
        elif c == "?":
            nested += bool(open_at)
            open_at.append(depth)
    return nested


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0


class Measures:
    def __init__(self):
        self.columns, self.decisions, self.over = [], [], []
        self.comment_lines = self.lines_with_comment = self.nested = 0
        self.longest_function = self.most_parameters = self.one_line_try = 0

    def note(self, place, what):
        self.over.append(f"{place}: {what}")

    def add(self, name, source):
        lines = source.split("\n")
        if len(lines) - 1 > MOST_FILE_LINES:
            self.note(name, f"{len(lines) - 1} lines")
        for number, line in enumerate(lines, 1):
            if len(line) > MOST_COLUMNS:
                self.note(f"{name}:{number}", f"{len(line)} columns")
            if re.search(r"\btry \{.*\} *catch", line) and line.rstrip().endswith("}"):
                self.one_line_try += 1
                self.note(f"{name}:{number}", "try and catch on one line")
        self.columns += [len(line) for line in lines if line.strip()]
        self.comment_lines += sum(line.lstrip().startswith(("//", "--")) for line in lines)
        self.lines_with_comment += sum(
            m.group().count("\n") + 1 for m in TOKEN.finditer(source) if m.group().startswith(("//", "/*"))
        )
        for function in functions_in(without_text(source)):
            self.add_function(name, *function)

    def add_function(self, name, first, last, head, body):
        decisions = len(DECISION.findall(body))
        self.decisions.append(decisions)
        size, parameters, nested = last - first + 1, parameters_of(head), nested_conditionals(body)
        self.longest_function = max(self.longest_function, size)
        self.most_parameters = max(self.most_parameters, parameters)
        self.nested += nested
        title = re.sub(r"\s+", " ", head)[-70:]
        place = f"{name}:{first}"
        if size > MOST_FUNCTION_LINES:
            self.note(place, f"{size} lines: {title}")
        if decisions > MOST_DECISIONS:
            self.note(place, f"{decisions} decisions: {title}")
        if parameters > MOST_PARAMETERS:
            self.note(place, f"{parameters} parameters: {title}")
        if nested:
            self.note(place, f"{nested} nested conditional operators: {title}")

    def table(self):
        lines = len(self.columns)
        long_lines = sum(c > MOST_COLUMNS for c in self.columns)
        return [
            ("characters a line", f"{statistics.mean(self.columns):.1f}"),
            (f"lines over {MOST_COLUMNS}", f"{long_lines} ({100 * long_lines / lines:.1f} %)"),
            ("functions", len(self.decisions)),
            ("decisions a function, p90", percentile(self.decisions, 0.9)),
            (f"functions with more than {MOST_DECISIONS}", sum(d > MOST_DECISIONS for d in self.decisions)),
            (f"longest function (limit {MOST_FUNCTION_LINES} lines)", self.longest_function),
            (f"most parameters (limit {MOST_PARAMETERS})", self.most_parameters),
            ("nested conditional operators", self.nested),
            ("comment lines, with trailing", f"{100 * self.comment_lines / lines:.0f} % ({100 * self.lines_with_comment / lines:.0f} %)"),
        ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail when something is over a limit")
    parser.add_argument("--list", action="store_true", help="list what is over a limit")
    parser.add_argument("files", nargs="*", help="files or folders to measure")
    options = parser.parse_args()
    names = options.files or FOLDERS
    listed = subprocess.run(["git", "ls-files", "--", *names], cwd=ROOT, capture_output=True, text=True, check=True)
    measures = Measures()
    for name in listed.stdout.splitlines():
        if name.endswith((".cpp", ".h")):
            measures.add(name, (ROOT / name).read_text(encoding="utf-8"))
    for what, value in measures.table():
        print(f"{what:44} {value}")
    if options.list or options.check:
        print("\n".join(measures.over))
    sys.exit(1 if options.check and measures.over else 0)


if __name__ == "__main__":
    main()
