"""A whole network for the tests of tallies: a convenor, members, figures, and one tally of them."""

import json
import os
import subprocess

from harness import COMMAND, Failure, wait


def network(place, count, minimum=5, kinds=None, start=None):
    """A convenor and `count` members (anchors unless `kinds` says otherwise), all in touch.
    `start(index)` gives the flags with which a member's daemon starts."""
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "A network of tests")
    convenor.run("network", "charter", "set", f"minimum={minimum}")
    members = []
    for i in range(count):
        kind = kinds[i] if kinds else "anchor"
        member = place.member(f"Member {chr(ord('A') + i)}").init(kind)
        member.kind = kind
        members.append(member)
        convenor.run("network", "admit", member.member_id, "--name", member.name, "--kind", kind)
    ticket = convenor.json("network", "ticket")["ticket"]
    for i, member in enumerate(members):
        member.start(*(start(i) if start else ()))
        member.run("join", ticket)
    for member in members:
        wait(lambda m=member: m.peek("status")["members"] == count and
             m.peek("status")["state"] == "active", f"{member.name} on the roster")
    return convenor, members


def together(members, *args):
    """The same command of all members at once; their answers in order."""
    processes = [subprocess.Popen([COMMAND, "--home", m.home, *map(str, args), "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                 for m in members]
    answers = []
    for member, process in zip(members, processes):
        out, err = process.communicate(timeout=60)
        if process.returncode:
            raise Failure(f"{member.name}: {' '.join(map(str, args))}: {out}{err}")
        answers.append(json.loads(out))
    return answers


def record(member, metric, value, period):
    member.run("indicator", "record", metric, value, "--period", period)


def call(convenor, period, metrics, contribute="30s", decide="30s", *more):
    """Calls a tally; gives its id."""
    return convenor.json("tally", "call", "--period", period, "--metrics", ",".join(metrics),
                         "--contribute-for", contribute, "--decide-for", decide,
                         *more)["tally"]


def entry(member, tally):
    return next((t for t in member.peek("tally list")["tallies"] if t["tally"] == tally), None)


def arrived(members, tally):
    for member in members:
        wait(lambda m=member: entry(m, tally), f"the call at {member.name}")


def contribute(members, tally, *args):
    arrived(members, tally)
    return together(members, "tally", "contribute", tally, "--yes", *args)


def ended(members, tally, state="closed"):
    """Waits until the tally has ended everywhere; all must agree on how."""
    arrived(members, tally)  # who was away hears of it first
    for member in members:
        word = wait(lambda m=member: (entry(m, tally)["state"] in ("closed", "failed", "stuck")
                                      and entry(m, tally)["state"]), f"an end at {member.name}")
        if word != state:
            raise Failure(f"{member.name}: expected {state}, got {word}: "
                          f"{member.json('tally', 'show', tally)}")


def keys(member):
    """Files of seats' keys in a home."""
    folder = os.path.join(member.home, "tally")
    return os.listdir(folder) if os.path.isdir(folder) else []


def bins_of(histogram):
    return [b["count"] for b in histogram]
