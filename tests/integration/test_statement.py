#!/usr/bin/python3
"""The data-protection statement of a real tally: on a terminal, and as a page looked at in a browser.
What was seen stays in the build folder, under report/."""

import os
import re

from browser import Browser
from harness import equal, expect, run
from tallies import call, contribute, ended, network, record
from test_report import SHOWN, check_page, words_of


def test_a_page_to_hand_on(place):
    convenor, members = network(place, 6)
    own = members[0]
    for i, member in enumerate(members):
        record(member, "enabled.fte", 12345 + i, 2026)
    before = " ".join(own.run("tally", "statement").out.split())
    expect("No tally has been called in this network yet." in before, before)
    tally = call(convenor, 2026, ["enabled.fte", "lm3.score"], "60s", "60s")
    contribute(members[:-1], tally)
    members[-1].run("tally", "decline")
    ended(members + [convenor], tally)

    path = os.path.join(place.path, "statement.html")
    equal(own.run("tally", "statement", "2026", "--out", path).out.strip(), path, "what is said")
    named = own.run("tally", "statement", "2026", "--out", path.replace(".html", ".pdf"), code=64)
    expect("ends in .html" in named.err, f"a page is no PDF: {named!r}")
    again = own.run("tally", "statement", "2026", "--out", path, code=73)
    expect("--force" in again.err, f"never over a file that is there: {again!r}")
    own.run("tally", "statement", "2026", "--out", path, "--force")
    root = check_page(path)
    page = words_of(root)
    facts = own.json("tally", "statement", tally)
    equal(sorted(facts["tally"]["committee"]), [m.name for m in members], "who sat")
    equal([m["answered"] for m in facts["tally"]["metrics"]], [True, False], "what we answered")
    left, = facts["contributed"]
    equal((left["tally"], left["number"], left["withdrawn"]), (tally, 1, False), "what we contributed to")
    printed = " ".join(own.run("tally", "statement", tally).out.split())
    for part in ("Fewer than 3 of the 6 committee members together learn nothing", tally[:16],
                 left["at_words"], "Enabled employees (FTE)", "Took part", "5 of 6 members",
                 "With five or six members that offer a seat, all of them sit",
                 "not yet been reviewed by a cryptographer from outside", "What is the lawful basis?",
                 "Copies may survive below the file system", "large quantum computer"):
        expect(part in page, f"'{part}' in {page}")
        expect(part in printed, f"'{part}' in {printed}")
    expect("12345" not in page and "12,345" not in page, "no figure stands in it")
    expect("2,000 FTE" not in page, "nor its range")
    other = words_of(check_page_of(place, members[-1], tally))
    expect("we contributed nothing" in other and "We have contributed to no tally." in other, other)

    browser = Browser(place)
    os.makedirs(SHOWN, exist_ok=True)
    widths = (360, 1280)
    for width, seen in browser.measure(path, widths).items():
        equal((seen["scroll"], seen["over"]), (width, []), f"at {width} pixels")
    browser.shot(path, os.path.join(SHOWN, "statement.png"), widths, 2400)
    words, sheets, size = browser.paper(path, os.path.join(SHOWN, "statement.pdf"))
    expect(3 <= sheets <= 5, f"{sheets} sheets")
    expect(abs(size[0] - 595) < 2 and abs(size[1] - 842) < 2, f"A4: {size}")
    expect(re.search(rf"2 ?/ ?{sheets}\b", words.split("\f")[1]), "sheets are numbered")


def check_page_of(place, member, tally):
    path = os.path.join(place.path, "other.html")
    member.run("tally", "statement", tally, "--out", path)
    return check_page(path)


if __name__ == "__main__":
    run(globals())
