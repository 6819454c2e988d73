#!/usr/bin/python3
"""Lists that are longer than one answer: nothing is left out without a word."""

from asking import equal, expect, found, stands, wait
from harness import run

BEAT = ("--beat", "200ms")
SOURCE = "A made-up report of many pages, " * 9
METHOD = "counted on two hands, and by a second person afterwards once more"


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
