#!/usr/bin/python3
"""Lists that are longer than one answer: nothing is left out without a word."""

import base64
import os

from asking import equal, expect, found, peer, stands, wait
from harness import run
from reader import tagged

BEAT = ("--beat", "200ms")
SOURCE = "A made-up report of many pages, " * 9
METHOD = "counted on two hands, and by a second person afterwards once more"


def made_up_id():
    """A member id whose keys nobody holds: an anchor's, as protocol/memberid.h lays it out."""
    known = os.urandom(64) + bytes([2])
    check = tagged("KL1/member", known)[:2]
    return base64.b32encode(known + check).decode().rstrip("=")


def test_a_roster_of_a_thousand(place):
    convenor = peer(place, "The Convenor", "convenor").start(*BEAT, bind="tcp://127.0.0.1:*")
    convenor.ask("network create", name="Keep it Local")
    names = [f"Made-up organisation number {n} of the neighbourhood" for n in range(1000)]
    for name in names:
        convenor.ask("network admit", member_id=made_up_id(), name=name, type="", gss="E08000032",
                     region="Yorkshire and The Humber", rural_urban="urban")
    first = convenor.ask("network members")
    expect(0 < len(first["members"]) < 1000 and first["next"], "one answer is not enough")
    whole = convenor.json("network", "members")
    equal(sorted(m["name"] for m in whole["members"]), sorted(names), "everybody, once")
    equal((whole["network"], whole["convenor_linked"], sorted(whole)),
          ("Keep it Local", True, ["alike", "convenor", "convenor_linked", "members", "more", "network",
            "roster_forked"]), "the rest")
    words = convenor.run("network", "members").out
    expect("Keep it Local, 1000 members" in words, words[:200])
    expect(all(name in words for name in names), "everybody in the table")

    # Whoever comes in between two answers moves nobody else.
    convenor.ask("network admit", member_id=made_up_id(), name="A late one")
    second = convenor.ask("network members", after=first["next"])
    shown = {m["name"] for m in first["members"]} & {m["name"] for m in second["members"]}
    equal(shown, set(), "members in two answers")
    convenor.refused("network members", "USAGE", after="nonsense")


def publish(member, metrics):
    for metric in metrics:
        for year in range(1970, 2020):
            member.ask("figure publish", metric=metric, period=str(year), value="2",
                       source=SOURCE, method=METHOD)


def test_a_list_of_figures_that_is_cut_says_so(place):
    """Six hundred figures with long sources take more than an answer may."""
    convenor, members = found(place, 2, *BEAT)
    for member in members:
        wait(lambda m=member: stands(m, "active"), "it gets in")
        publish(member, [f"maturity.c{n}" for n in range(1, 7)])
        answer = member.json("figure", "list", member.name)
        equal((len(answer["figures"]), answer["more"]), (300, False), "all of one member's")
        expect("There are more" not in member.run("figure", "list", member.name).out, "in words")
    wait(lambda: convenor.ask("figure list")["more"], "both members' figures at the convenor")
    shown = len(convenor.json("figure", "list")["figures"])
    expect(300 < shown < 600, f"{shown} rows")
    words = convenor.run("figure", "list").out
    expect("There are more than one list can hold" in words, words[-200:])


if __name__ == "__main__":
    run(globals())
