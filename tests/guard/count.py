"""Counts what meson's test logs say, result by result, and closes with one line of verdict.

A TAP program that announces seven results and then ends early would leave meson content, so the
results are counted here: a program fails if it ended badly, if a result is missing or if one says
"not ok". Usage: count.py LOG.json:SUITE,.. ...; a log that is missing, or one in which nothing of a
suite stands, is a suite that did not run at all.
"""

import json
import os
import re
import sys

PLAN = re.compile(r"^1\.\.(\d+)", re.M)
RESULT = re.compile(r"^(not ok|ok)\b(?:.*?#\s*(skip))?", re.M | re.I)


def tap(stdout):
    """(passed, failed, skipped) of TAP output, or None if it is none."""
    plan = PLAN.search(stdout)
    if not plan:
        return None
    passed = failed = skipped = 0
    for verdict, skip in RESULT.findall(stdout):
        if skip:
            skipped += 1
        elif verdict.lower() == "ok":
            passed += 1
        else:
            failed += 1
    missing = int(plan.group(1)) - passed - failed - skipped
    return passed, failed + max(missing, 0), skipped


def program(entry):
    """(passed, failed, skipped) of one test program."""
    good = entry["returncode"] == 0 and entry["result"] in ("OK", "SKIP")
    counted = tap(entry.get("stdout") or "")
    if counted is None:
        return (1, 0, 0) if good else (0, 1, 0)
    passed, failed, skipped = counted
    if not good and not failed:
        failed = 1
    return passed, failed, skipped


def suite(entry):
    """Of "keeplocal:unit / bytes": unit."""
    return entry["name"].partition(" / ")[0].rpartition(":")[2]


def main(logs):
    total = [0, 0, 0]
    for argument in logs:
        log, _, suites = argument.partition(":")
        missing = set(suites.split(","))
        if not os.path.exists(log):
            print(f"FAILED {log}: there is no such log", file=sys.stderr)
            total[1] += 1
            continue
        with open(log, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                missing.discard(suite(entry))
                counts = program(entry)
                if counts[1]:
                    print(f"FAILED {entry['name']}: {counts[1]}", file=sys.stderr)
                total = [a + b for a, b in zip(total, counts)]
        for name in sorted(missing):
            print(f"FAILED {name}: nothing of it stands in {log}", file=sys.stderr)
            total[1] += 1
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] or not total[0] else 0


sys.exit(main(sys.argv[1:]))
