"""Seats of real tallies that contradict themselves or whose feed forks: what others make of it.

What a false seat says is signed into its home while its daemon is stopped (say_records). A fork is a
copy of a home that says something else and comes back in its place, as an old backup would.
"""

import os
import resource
import shutil

from harness import equal, run, wait
from tallies import arrived, call, contribute, ended, network, record
from test_posts import say

SKIP, DECLINE = 72, 77
FTE = [12, 60.5, 61, 140, 640, 15, 9, 5000]
PROVEN = "two records of a seat that contradict each other"
SHOWN = "a record of a seat whose feed was forked"


def seats(member, tally):
    return [s["member"] for s in member.json("tally", "show", tally)["seats"]]


def shown(members, words):
    return sum(m.read_log().count(words) for m in members)


def counted(member, period):
    answer = member.json("benchmark", "enabled.fte", "--period", period)
    return answer["n"], [b["count"] for b in answer["histogram"]]


def test_who_is_proven_false_sits_no_more_and_a_fork_takes_nothing_back(place):
    convenor, members = network(place, 8)
    everybody = members + [convenor]
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
        record(member, "enabled.fte", value, 2027)
    tally = call(convenor, 2026, ["enabled.fte"])
    contribute(members, tally)
    ended(everybody, tally)

    # A seat that voted says that it skipped: the convenor shows both records to everybody.
    voters = [s["member"] for s in convenor.json("tally", "show", tally)["seats"] if s["voted"]]
    cheat = next(m for m in members if m.name == voters[0])
    cheat.stop()
    say(cheat, (SKIP, [1, bytes.fromhex(tally), 0, seats(convenor, tally).index(cheat.name) + 1]))
    cheat.start()
    wait(lambda: shown([convenor], PROVEN), "the proof")
    second = call(convenor, 2027, ["enabled.fte"])
    arrived(everybody, second)
    for member in everybody:
        names = seats(member, second)
        equal((len(names), cheat.name in names), (7, False), f"seats at {member.name}")

    # An old copy of a seat's home says something else than the seat has said since.
    forked = next(m for m in members if m.name == seats(convenor, second)[2])
    forked.stop()
    copy = forked.home + "-copy"
    shutil.copytree(forked.home, copy)
    forked.start()
    contribute(members, second)
    ended(everybody, second)
    result = counted(cheat, 2027)
    equal(result[0], len(members), "members in the sum")
    forked.stop()
    forked.home = copy
    say(forked, (DECLINE, [1, bytes.fromhex(second)]))
    forked.start()
    others = [m for m in everybody if m is not forked]
    for member in others:
        wait(lambda m=member: "two signed records at one place" in m.read_log(),
             f"the fork at {member.name}")
    wait(lambda: shown(others, SHOWN) >= 3, "what stands behind the fork")
    for member in (cheat, convenor):
        member.stop()
        member.start()
    ended(others, second)
    equal(counted(cheat, 2027), result, "the sum after a restart")


def test_who_invents_tallies_stops_nobody(place):
    """After such records a CALL has everything told once more. A small stack stands for a long feed: what
    it takes must not grow with it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, hard))
    try:
        convenor, members = network(place, 5)
    finally:
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))
    liar, everybody = members[4], members + [convenor]
    invented = [os.urandom(32) for _ in range(70)]
    liar.stop()
    say(liar, *[(DECLINE, [1, invented[i % len(invented)]]) for i in range(5000)])
    liar.start()
    for member in everybody:
        wait(lambda m=member: m.json("status")["records"] > 5000, f"the records at {member.name}")
    tally = call(convenor, 2026, ["enabled.fte"])
    arrived(everybody, tally)
    for member in everybody:
        wait(lambda m=member: all(s["accepted"] for s in m.json("tally", "show", tally)["seats"]),
             f"the seats at {member.name}")


if __name__ == "__main__":
    run(globals())
