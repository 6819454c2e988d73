"""Real daemons on real sockets, driven by the real command: what every integration test begins with.

A test file defines functions named test_*; each takes a Place (a directory of its own with the
programs at hand). run(globals()) runs them and prints TAP. Nothing sleeps for a fixed time: wait()
asks again until something holds, and fails after a generous limit.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

BUILD = os.environ.get("KL_BUILD", os.path.join(os.getcwd(), "build/plain"))
DAEMON = os.path.join(BUILD, "daemon/keeplocald")
COMMAND = os.path.join(BUILD, "client/keeplocal")
LIMIT = float(os.environ.get("KL_LIMIT", "60"))


class Failure(AssertionError):
    """What a test expected and did not find."""


def expect(condition, message):
    if not condition:
        raise Failure(message)


def equal(got, wanted, what="value"):
    if got != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {got!r}")


def wait(condition, what, limit=LIMIT):
    """Asks `condition` until it gives something true, and returns that."""
    end = time.monotonic() + limit
    pause = 0.01
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f"waited {limit:.0f} s in vain: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


class Answer:
    """What one run of the command gave."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"<exit {self.code}, out {self.out!r}, err {self.err!r}>"


def in_json(answer):
    """An answer as JSON has it: bytes in hex."""
    if isinstance(answer, bytes):
        return answer.hex()
    if isinstance(answer, list):
        return [in_json(item) for item in answer]
    if isinstance(answer, dict):
        return {key: in_json(item) for key, item in answer.items()}
    return answer


class Member:
    """One home with its daemon."""

    def __init__(self, place, name):
        self.place, self.name = place, name
        self.home = os.path.join(place.path, re.sub(r"\W+", "-", name.lower()))
        self.process = None
        self.endpoint = None
        self.member_id = None

    def run(self, *args, code=0, stdin=None):
        """`keeplocal --home HOME ARGS`; `code` None accepts any exit code."""
        done = subprocess.run([COMMAND, "--home", self.home, *map(str, args)], input=stdin,
                              capture_output=True, text=True, timeout=LIMIT)
        answer = Answer(done.returncode, done.stdout, done.stderr)
        if code is not None and done.returncode != code:
            raise Failure(f"{self.name}: keeplocal {' '.join(map(str, args))}: "
                          f"expected exit {code}, got {answer!r}")
        return answer

    def typed(self, keys, *args, code=0):
        """The same for somebody at a terminal who types `keys` when asked."""
        there, here = os.openpty()
        os.write(there, keys.encode())
        with os.fdopen(here, "rb", buffering=0) as stdin, os.fdopen(there, "rb", buffering=0):
            done = subprocess.run([COMMAND, "--home", self.home, *map(str, args)], stdin=stdin,
                                  capture_output=True, text=True, timeout=LIMIT)
        answer = Answer(done.returncode, done.stdout, done.stderr)
        equal(answer.code, code, repr(answer))
        return answer

    def json(self, *args, code=0):
        return self.run(*args, "--json", code=code).json

    def peek(self, command, **args):
        """What `json` would say, for those who ask again and again: costs no process."""
        from asking import Asker  # which needs this module
        asker = Asker(self.home + "/control")
        try:
            return in_json(asker.ask(command, **args))
        finally:
            asker.close()

    def init(self, kind, *args):
        self.member_id = self.json("init", "--name", self.name, "--kind", kind, *args)["member_id"]
        return self

    def start(self, *args, bind=True, ready=True):
        flags = ["--home", self.home, "--beat", "500ms", *map(str, args)]
        if bind:
            flags += ["--bind", "tcp://127.0.0.1:*" if bind is True else bind]
        self.log = open(self.home + ".log", "ab")
        self.process = subprocess.Popen([DAEMON, *flags], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        self.place.processes.append(self.process)
        if ready:
            line = self.process.stdout.readline()
            expect(line.startswith("ready "),
                   f"{self.name}: no ready line but {line!r}; log: {self.read_log()[-500:]}")
            self.endpoint = line.split()[1]
        return self

    def stop(self, how=signal.SIGTERM):
        """Ends the daemon; returns its exit code."""
        if not self.process:
            return None
        self.process.send_signal(how)
        code = self.process.wait(timeout=LIMIT)
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return code

    def read_log(self):
        try:
            with open(self.home + ".log", encoding="utf-8", errors="replace") as log:
                return log.read()
        except FileNotFoundError:
            return ""


class Place:
    """A directory for one test, and everything that was started in it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="keeplocal-test-")
        self.processes = []

    def member(self, name):
        return Member(self, name)

    def file(self, name, content):
        path = os.path.join(self.path, name)
        with open(path, "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        return path

    def close(self):
        bad = []
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    bad.append("a daemon did not end within 20 s of SIGTERM")
        for name in os.listdir(self.path):
            if name.endswith(".log"):
                with open(os.path.join(self.path, name), encoding="utf-8", errors="replace") as log:
                    text = log.read()
                found = re.search(r"(ERROR: \w*Sanitizer|runtime error|our bug).*", text)
                if found:
                    bad.append(f"{name}: {text[found.start():found.start() + 1500]}")
        shutil.rmtree(self.path, ignore_errors=True)
        return bad


def run(names):
    tests = [(name, f) for name, f in names.items()
             if name.startswith("test_") and callable(f)]
    wanted = sys.argv[1:]
    if wanted:
        tests = [(name, f) for name, f in tests if any(w in name for w in wanted)]
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        place = Place()
        trouble = None
        begun = time.monotonic()
        try:
            test(place)
        except Exception:  # whatever it was, the next test still runs
            trouble = traceback.format_exc()
        bad = place.close()
        if bad:
            trouble = (trouble or "") + "\n".join(bad)
        failed += trouble is not None
        title = name[5:].replace("_", " ")
        took = time.monotonic() - begun
        print(f"{'not ok' if trouble else 'ok'} {number} - {title} # {took:.1f} s", flush=True)
        if trouble:
            print("\n".join("# " + line for line in trouble.splitlines()), flush=True)
    sys.exit(1 if failed else 0)
