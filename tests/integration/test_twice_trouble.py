"""Tallies in trouble, worked out a second time in Python from signed records alone: see test_twice.py."""

import os
import subprocess

import msgpack

from harness import BUILD, equal, expect, run, wait
from tallies import arrived, call, contribute, ended, network, record
from twice import book_of, check_everything, look_into, names_of

from recount import payloads

SAY = os.path.join(BUILD, "tests/integration/say_records")
PERIOD = 2026
SCORES = [0, 1, 2, 3, 4, 4, 3]


def test_a_dead_leader_costs_an_attempt(place):
    convenor, members = network(place, 6)
    for member, score in zip(members, SCORES):
        record(member, "maturity.c1", score, PERIOD)
    tally = call(convenor, PERIOD, ["maturity.c1"], "30s", "8s")
    arrived(members, tally)
    leader = convenor.json("tally", "show", tally)["seats"][0]["member"]
    (dead,) = [m for m in members if m.name == leader]
    alive = [m for m in members if m is not dead]
    contribute([dead, *alive[:-1]], tally)
    wait(lambda: len(alive[-1].json("tally", "show", tally)["contributors"]) == 5, "contributions")
    dead.stop()
    contribute(alive[-1:], tally)
    ended([*alive, convenor], tally)

    book = book_of(look_into(alive[0]))
    found, _, _ = check_everything(alive, book, tally)
    said = book.proposal(found.certified())
    equal((said.attempt, len(said.citing)), (1, 5), "attempt, and INTAKEs that are cited")
    skipped = {s.seat for s in found.skips.values() if s.attempt == 0}
    expect(len(skipped) >= found.committee.qv and 1 not in skipped, f"SKIPs of seats {skipped}")


def call_if_possible(convenor):
    answer = convenor.run("tally", "call", "--period", PERIOD, "--metrics", "enabled.fte",
                          "--contribute-for", "30s", "--decide-for", "30s", "--json", code=None)
    return answer.code == 0 and answer.json["tally"]


def test_a_false_seat_is_proven_so_and_does_not_sit_again(place):
    convenor, members = network(place, 7)
    for member, score in zip(members, SCORES):
        record(member, "maturity.c1", score, PERIOD)
        record(member, "enabled.fte", 10 + score, PERIOD)
    first = call(convenor, PERIOD, ["maturity.c1"])
    contribute(members, first)
    ended([*members, convenor], first)
    seats = [s["member"] for s in convenor.json("tally", "show", first)["seats"]]
    (liar,) = [m for m in members if m.name == seats[2]]
    liar.stop()
    named = msgpack.packb([1, bytes.fromhex(first), 3, []])  # after its OPEN, and it names no vote
    subprocess.run([SAY, liar.home], input=f"{payloads.QUIT} {named.hex()}\n", text=True,
                   check=True, capture_output=True)
    liar.start()
    wait(lambda: convenor.json("tally", "show", first)["seats"][2]["quit"], "its QUIT")
    # Until the proof stands in the convenor's own feed it hears that it has to wait a moment.
    second = wait(lambda: call_if_possible(convenor), "a call that bars it")
    contribute(members, second)
    ended([*members, convenor], second)

    book = book_of(look_into(members[0] if members[0] is not liar else members[1]))
    check_everything([m for m in members if m is not liar], book, first)
    tally, _, _ = check_everything([m for m in members if m is not liar], book, second)
    equal(names_of(tally, book.barred(tally.call)), [liar.name], "who is barred")
    expect(liar.name not in names_of(tally, tally.seats), "it does not sit")


if __name__ == "__main__":
    run(globals())
