#!/usr/bin/env python3
"""A seed of sim_tally tells the same story each time, to the byte; a failing one fails again.

    replay_tally.py SIM_TALLY
"""
import re
import subprocess
import sys

told = 0


def run(*arguments):
    done = subprocess.run([sys.argv[1], *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode()


def trace(first, count, *more):
    """The lines of a trace, without what the program says of all seeds at the end."""
    code, text = run("--from", str(first), "--seeds", str(count), "--trace", *more)
    return code, [line for line in text.splitlines() if re.match(r"# day \d", line)], text


def check(good, title):
    global told
    told += 1
    print(f"{'ok' if good else 'not ok'} {told} - {title}")
    if not good:
        sys.exit(1)


def main():
    print("1..5")
    seed = next((s for s in range(1, 20) if len(trace(s, 1)[1]) > 100), None)
    check(seed is not None, "a story is told in a hundred lines and more")
    code, lines, text = trace(seed, 1)
    check(code == 0 and trace(seed, 1)[2] == text, "the same bytes each time")
    check(trace(seed - 1, 2)[1] == trace(seed - 1, 1)[1] + lines, "whatever was told before")

    # t seats that cheat are one too many: some secret or some count must break soon
    code, text = run("--from", "0", "--seeds", "200", "--beyond")
    again = re.search(r"^# again: sim_tally (.*)$", text, re.M)
    check(code == 1 and "not ok" in text and again is not None,
          "with t seats that cheat the observer sees it, and says how to see it again")
    failure = [line for line in text.splitlines() if line.startswith("# seed ")]
    first, second = (run(*again.group(1).split()) for _ in range(2))
    check(first == second and first[0] == 1 and failure[0] in first[1],
          "the failure comes again, with its trace")


main()
