"""Breaks the rules of tallies one by one, and expects a named test to notice each time.

    mutants.py BUILD SOURCE TABLE [--jobs N] [WORD..]

BUILD is a build folder in which everything stands compiled, TABLE is mutants.def, which says how a
rule is written down. Words choose the mutants whose titles contain one of them. For each mutant the
file it changes is compiled alone and linked, with the named test program, before the libraries as they
are: what it defines is then not taken from them. Prints TAP: a mutant that survives, one that does not
compile, one whose text stands nowhere or twice in its file, and a test that fails without any mutant
are failures. Nothing in BUILD or SOURCE is written.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import namedtuple

LIMIT = 60  # seconds for one run of a test

Mutant = namedtuple("Mutant", "title why changes program arguments finds")
Verdict = namedtuple("Verdict", "good words")


class Unusable(Exception):
    """Why a mutant could not be tried, in words."""


# ---- the table ----------------------------------------------------------------------------------

def parse(text, name):
    """Mutants of a table; see the head of mutants.def for how a row is written."""
    mutants, row = [], None
    for number, line in enumerate(text.splitlines(), 1):
        mark, rest = line[:1], line[2:]
        if line.startswith("== "):
            row = {"title": line[3:], "why": [], "changes": [], "test": None}
            mutants.append(row)
        elif not line or mark == "#":
            continue
        elif row is None:
            raise Unusable(f"{name}:{number}: a line before the first title")
        elif mark == ".":
            row["why"].append(rest)
        elif line.startswith("file "):
            row["changes"].append({"file": rest[3:].strip(), "-": [], "+": []})
        elif line.startswith("test "):
            row["test"] = shlex.split(line[5:])
        elif line.startswith("finds "):
            row["finds"] = line[6:]
        elif mark in "-+" and line[1:2] in ("", " ") and row["changes"]:
            change = row["changes"][-1]
            if mark == "-" and change["+"]:
                change = {"file": change["file"], "-": [], "+": []}
                row["changes"].append(change)
            change[mark].append(rest)
        else:
            raise Unusable(f"{name}:{number}: {line!r} is no line of a table")
    return [whole(row) for row in mutants]


def whole(row):
    missing = [w for w in ("why", "changes", "test", "finds") if not row.get(w)]
    if missing:
        raise Unusable(f"{row['title']!r} has no {', no '.join(missing)}")
    changes = [(c["file"], lines(c["-"]), lines(c["+"])) for c in row["changes"]]
    if any(not old for _, old, _ in changes):
        raise Unusable(f"{row['title']!r} changes no line of {changes[0][0]}")
    program, *arguments = row["test"]
    return Mutant(row["title"], " ".join(row["why"]), changes, program, arguments, row["finds"])


def lines(found):
    return "".join(line + "\n" for line in found)


# ---- making and running one ---------------------------------------------------------------------

class Build:
    """What ninja would do to compile a file and to link a program."""

    def __init__(self, build, source):
        self.build, self.source = os.path.abspath(build), os.path.abspath(source)
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as file:
            self.compiling = {self.in_source(c["file"]): c["command"] for c in json.load(file)}

    def in_source(self, file):
        return os.path.relpath(os.path.join(self.build, file), self.source)

    def where(self, text):
        """Which other files hold the text now, in words."""
        found = []
        for file in self.compiling:
            path = os.path.join(self.source, file)
            if not os.path.exists(path):  # it went since the build was made
                continue
            with open(path, encoding="utf-8") as source:
                if text in source.read():
                    found.append(file)
        return f"; it stands in {', '.join(found)}" if found else ""

    def compile(self, file, copy, place):
        """Compiles `copy`, which stands for `file`; gives the object."""
        if file not in self.compiling:
            raise Unusable(f"{file} is compiled nowhere in {self.build}")
        words = shlex.split(self.compiling[file])
        words = [w for w in words if w not in ("-g", "-O2", "-O3", "-MD")]
        for option in ("-MQ", "-MF", "-o", "-c"):
            at = words.index(option)
            del words[at:at + 2]
        made = copy[:-2] + ".o"
        self.do(words + ["-O1", "-w", "-o", made, "-c", copy], f"{file} does not compile", place)
        return made

    def link(self, program, objects, place):
        listed = subprocess.run(["ninja", "-C", self.build, "-t", "commands", "-s", program],
                                capture_output=True, text=True, check=False)
        if listed.returncode:
            raise Unusable(f"{program} is built by nobody: {listed.stderr.strip()}")
        words = shlex.split(listed.stdout.splitlines()[-1])
        made = os.path.join(place, "test")
        words[words.index("-o") + 1] = made
        at = words.index("-Wl,--start-group")
        self.do(words[:at] + objects + words[at:], f"{program} does not link", place)
        return made

    def do(self, words, trouble, place):
        environment = {**os.environ, "TMPDIR": place}
        done = subprocess.run(words, cwd=self.build, capture_output=True, text=True, check=False,
                              env=environment)
        if done.returncode:
            raise Unusable(f"{trouble}:\n{(done.stderr or done.stdout).strip()[:1500]}")

    def run(self, program, arguments):
        """(exit code, all that it printed)"""
        environment = {**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP"}
        try:
            done = subprocess.run([program, *arguments], cwd=self.build, timeout=LIMIT,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                                  env=environment)
        except subprocess.TimeoutExpired as late:
            raise Unusable(f"{program} was still running after {LIMIT} s") from late
        return done.returncode, done.stdout.decode("utf-8", "replace")


def changed(build, mutant, place):
    """Copies of the files that the mutant changes: {file: path of the copy}."""
    texts = {}
    for file, old, new in mutant.changes:
        if file not in texts:
            with open(os.path.join(build.source, file), encoding="utf-8") as source:
                texts[file] = source.read()
        count = texts[file].count(old)
        if count != 1:
            raise Unusable(f"the old text stands {count} times in {file}, not once"
                           f"{build.where(old)}:\n{old}")
        texts[file] = texts[file].replace(old, new)
    copies = {}
    for file, text in texts.items():
        copies[file] = os.path.join(place, os.path.basename(file))
        with open(copies[file], "w", encoding="utf-8") as copy:
            copy.write(text)
    return copies


def failures(output):
    """Titles of the results that failed."""
    return re.findall(r"^not ok\b(?: \d+)?(?: - )?(.*)$", output, re.M)


def told(output, title):
    """What was said about the result of that title, in one line."""
    found = re.search(rf"^not ok\b.*{re.escape(title)}.*\n((?:# .+\n?)*)", output, re.M)
    return " ".join(re.sub(r"^# ", "", found.group(1), flags=re.M).split())[:180]


def tried(build, mutant):
    """Makes the mutant and runs its test."""
    try:
        with tempfile.TemporaryDirectory(prefix="keeplocal-mutant-") as place:
            copies = changed(build, mutant, place)
            objects = [build.compile(file, copy, place) for file, copy in copies.items()]
            program = build.link(mutant.program, objects, place)
            code, output = build.run(program, mutant.arguments)
    except Unusable as trouble:
        return Verdict(False, str(trouble))
    caught = failures(output)
    if code == 0:
        return Verdict(False, f"SURVIVED: {mutant.program} finds nothing")
    if not any(mutant.finds in title for title in caught):
        return Verdict(False, f"{mutant.finds!r} was to find it, but exit code {code} and what "
                              f"failed was {caught}:\n{output[-800:]}")
    return Verdict(True, told(output, mutant.finds))


def stands(build, program, arguments):
    """The same test without any mutant."""
    try:
        code, output = build.run(os.path.join(build.build, program), list(arguments))
    except (Unusable, OSError) as trouble:
        return Verdict(False, str(trouble))
    return Verdict(code == 0, "" if code == 0 else f"exit code {code}:\n{output[-800:]}")


def harmless(build, mutant):
    """This test can fail: a change that changes nothing survives, one of a text that is not there
    cannot be made."""
    file, old, _ = mutant.changes[0]
    same = tried(build, mutant._replace(changes=[(file, old, old)]))
    nowhere = tried(build, mutant._replace(changes=[(file, old + "nowhere\n", old)]))
    good = (not same.good and "SURVIVED" in same.words and
            not nowhere.good and "0 times" in nowhere.words)
    return Verdict(good, "" if good else f"{same}; {nowhere}")


# ---- all of them --------------------------------------------------------------------------------

def results(build, mutants, jobs):
    """(title, verdict) in the order of the table, tests without mutants first."""
    tests = sorted({(m.program, tuple(m.arguments)) for m in mutants})
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        plain = [pool.submit(stands, build, *test) for test in tests]
        broken = [pool.submit(tried, build, mutant) for mutant in mutants]
        bad = [f"{' '.join((p, *a))}: {v.result().words}" for (p, a), v in zip(tests, plain)
               if not v.result().good]
        yield "the named tests pass while nothing is broken", Verdict(not bad, "\n".join(bad))
        yield "what breaks nothing survives and is told", harmless(build, mutants[0])
        for mutant, verdict in zip(mutants, broken):
            yield f"{mutant.title}: {mutant.finds}", verdict.result()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("source")
    parser.add_argument("table")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    with open(options.table, encoding="utf-8") as file:
        mutants = parse(file.read(), options.table)
    if options.words:
        mutants = [m for m in mutants if any(w in m.title for w in options.words)]
    if not mutants:
        print("no mutant of that name", file=sys.stderr)
        return 64
    build, failed = Build(options.build, options.source), 0
    print(f"1..{len(mutants) + 2}", flush=True)
    for number, (title, verdict) in enumerate(results(build, mutants, options.jobs), 1):
        failed += not verdict.good
        print(f"{'ok' if verdict.good else 'not ok'} {number} - {title}")
        for line in verdict.words.splitlines():
            print("#", line)
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
