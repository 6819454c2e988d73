"""The daemons of the demonstration: how they begin, answer and end."""

import json
import os
import re
import signal
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLACE = os.environ.get("KL_DEMO", os.path.join(TOP, "build", "demo"))
PIDS = os.path.join(PLACE, "pids")
LIMIT = 60
LOG_LINES = 20


STARTED = []  # daemons of this run, so that none outlives a run that fails


class Trouble(Exception):
    """Something that stops the demonstration, in words; and whose daemon it concerns."""

    def __init__(self, words, member=None):
        super().__init__(words)
        self.member = member


def slug(name):
    return re.sub(r"\W+", "-", name.lower()).strip("-")


class Member:
    def __init__(self, build, name, kind):
        self.daemon = os.path.join(build, "daemon/keeplocald")
        self.command = os.path.join(build, "client/keeplocal")
        self.name, self.kind = name, kind
        self.home = os.path.join(PLACE, slug(name))
        self.process = self.endpoint = self.member_id = None

    def run(self, *args, code=0):
        try:
            done = subprocess.run([self.command, "--home", self.home, *map(str, args)],
                                  capture_output=True, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            raise Trouble(f"{self.name}: keeplocal {' '.join(map(str, args))}: no answer within "
                          f"{LIMIT} s", self) from None
        if code is not None and done.returncode != code:
            raise Trouble(f"{self.name}: keeplocal {' '.join(map(str, args))}\n{done.stdout}"
                          f"{done.stderr}(exit code {done.returncode}, expected {code})", self)
        return done.stdout

    def json(self, *args, code=0):
        return json.loads(self.run(*args, "--json", code=code))

    def begin(self, *init):
        self.member_id = self.json("init", "--name", self.name, "--kind", self.kind,
                                   *init)["member_id"]
        return self.serve()

    def serve(self):
        with open(self.home + ".log", "ab") as log:
            self.process = subprocess.Popen(
                [self.daemon, "--home", self.home, "--bind", "tcp://127.0.0.1:*", "--beat", "1s",
                 "--consent", "always"],
                stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True)
        STARTED.append(self.process)
        line = self.process.stdout.readline().split()
        if len(line) != 2 or line[0] != "ready":
            raise Trouble(f"{self.name}: the daemon did not start", self)
        self.endpoint = line[1]
        return self

    def compact(self):
        """Ends the daemon and lets its database be written anew; serve() begins again."""
        self.process.terminate()
        self.process.wait(timeout=LIMIT)
        done = subprocess.run([self.daemon, "--home", self.home, "--compact"], capture_output=True,
                              text=True, timeout=LIMIT)
        if done.returncode:
            raise Trouble(f"{self.name}: keeplocald --compact: {done.stderr}", self)


def note_pids():
    with open(PIDS, "w", encoding="ascii") as f:
        for process in STARTED:
            f.write(f"{process.pid}\n")


def stop_all():
    """Ends what an earlier run left; returns how many daemons that were."""
    try:
        with open(PIDS, encoding="ascii") as f:
            pids = [int(line) for line in f]
    except FileNotFoundError:
        return 0
    ended = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if b"keeplocald" not in f.read() or not owned(pid):
                    continue
            os.kill(pid, signal.SIGTERM)
            ended += 1
        except (FileNotFoundError, ProcessLookupError):
            pass
    end = time.monotonic() + 20
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    for pid in filter(alive, pids):
        os.kill(pid, signal.SIGKILL)
    os.remove(PIDS)
    return ended


def last_words(member):
    """The end of a daemon's log, before it goes with everything else."""
    try:
        with open(member.home + ".log", encoding="utf-8", errors="replace") as log:
            lines = log.read().splitlines()[-LOG_LINES:]
    except FileNotFoundError:
        return
    print(f"The last lines of the daemon's log ({member.name}):" if lines else
          f"The daemon's log is empty ({member.name}).", file=sys.stderr)
    for line in lines:
        print("  " + line, file=sys.stderr)


def owned(pid):
    """Whether this daemon serves a home of the demonstration: numbers of processes come again."""
    with open(f"/proc/{pid}/cmdline", "rb") as f:
        return PLACE.encode() in f.read()


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z" and owned(pid)
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait(condition, what, concerned):
    """`concerned`: whose daemon this waits for, or a function that tells."""
    end = time.monotonic() + LIMIT
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            member = concerned() if callable(concerned) else concerned
            raise Trouble(f"waited {LIMIT} s in vain: {what}", member)
        time.sleep(0.05)


def contents(member):
    """Every file of a member's home, and its log."""
    for where, _, names in os.walk(member.home):
        for name in names:
            path = os.path.join(where, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    yield path, f.read()
    with open(member.home + ".log", "rb") as f:
        yield member.home + ".log", f.read()
