#!/usr/bin/python3
"""A demonstration that is stopped leaves nothing behind: no home, no daemon, only words.

Its command is the real one in a script around it, which fails or waits at one step.
"""

import glob
import os
import signal
import subprocess
import sys

from harness import COMMAND, DAEMON, LIMIT, equal, expect, run, wait

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../demo/demo.py")
AROUND = """#!/bin/sh
case "$*" in *"network charter"*) touch '{reached}'; {there} ;; esac
exec '{command}' "$@"
"""


def begin(place, there, *flags):
    """The demonstration, with shell commands `there` where the charter is to be set."""
    for folder in ("daemon", "client"):
        os.mkdir(os.path.join(place.path, folder))
    os.symlink(DAEMON, place.path + "/daemon/keeplocald")
    around = place.file("client/keeplocal", AROUND.format(
        reached=place.path + "/reached", there=there, command=COMMAND))
    os.chmod(around, 0o755)
    process = subprocess.Popen([sys.executable, DEMO, place.path, *flags], text=True,
                               env={**os.environ, "KL_DEMO": place.path + "/demo"},
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    place.processes.append(process)
    return process


def daemons(place):
    """How many daemons serve a home in here."""
    found = 0
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as f:
                words = f.read().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += words[0].endswith(b"keeplocald") and \
            any(w.startswith(place.path.encode() + b"/demo/") for w in words)
    return found


def check_nothing_left(place):
    equal(daemons(place), 0, "daemons left running")
    expect(not os.path.exists(place.path + "/demo"), "its homes were left behind")


def stopped(place, how, *flags):
    process = begin(place, "exec sleep 60", *flags)
    wait(lambda: os.path.exists(place.path + "/reached") or process.poll() is not None,
         "the step at which it waits")
    equal(daemons(place), 19 - 1, "daemons while it runs")
    process.send_signal(how)
    _, err = process.communicate(timeout=LIMIT)
    equal((process.returncode, "Stopped." in err, "Traceback" in err), (75, True, False), err)
    check_nothing_left(place)


def test_a_step_that_fails(place):
    process = begin(place, "echo made-up trouble >&2; exit 70", "--keep")
    _, err = process.communicate(timeout=LIMIT)
    equal(process.returncode, 70, err)
    for words in ("The demonstration stopped: Convenor", "made-up trouble", "daemon's log"):
        expect(words in err, f"'{words}' in {err}")
    check_nothing_left(place)


def test_ctrl_c(place):
    stopped(place, signal.SIGINT)


def test_sigterm(place):
    stopped(place, signal.SIGTERM, "--keep")


if __name__ == "__main__":
    run(globals())
