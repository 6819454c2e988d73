"""What people are told of tallies: the consent screen, vetoes, and what goes on, in sentences. The words
themselves are held against made-up views in tests/unit/."""

import os
import signal
import subprocess

import msgpack

from harness import BUILD, equal, expect, run, wait
from tallies import arrived, call, contribute, ended, entry, network, record

def test_to_whom_an_answer_would_go(place):
    def flags(index):
        return ["--veto", "Member B", "--veto", "Gamma Ltd"] if index == 0 else []

    convenor, members = network(place, 7, start=flags)
    own = members[0]
    for member in members:
        record(member, "enabled.fte", 12, 2026)
    hint = own.json("status")["next"]
    expect(any("fits no member" in line for line in hint), f"a stray veto: {hint}")
    listed = own.json("tally", "veto")
    equal([(v["veto"], v["members"], v["seats"]) for v in listed["vetoes"]],
          [("Member B", ["Member B"], []), ("Gamma Ltd", [], [])], "whom they fit")
    equal(sorted(own.json("tally", "veto", "member")["tried"]["members"]),
          [m.name for m in members], "a name is tried")
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    arrived(members, tally)
    screen = own.json("tally", "contribute", "--dry-run")
    equal({s["member"]: s["veto"] for s in screen["committee"] if s["veto"]},
          {"Member B": "Member B"}, "the seat that is refused")
    equal((screen["vetoed"], screen["stray_vetoes"]), (True, ["Gamma Ltd"]), "on the screen")
    told = own.run("tally", "contribute", "--dry-run").out
    for words in ("Member B  <-- your veto list refuses it", "Three of these 7 who talk",
                  "None of them has sat before", "Gamma Ltd", "keeplocal tally decline"):
        expect(words in told, f"'{words}' in {told}")
    said = sentences(own, tally)
    expect(any(s.startswith("Your veto list refuses seat ") for s in said) and
           not any(s.startswith("It waits for you") for s in said), f"{said}")
    equal([s["member"] for s in own.json("tally", "show", tally)["seats"] if s["vetoed"]],
          ["Member B"], "the seat is marked")
    expect("keeplocal tally contribute --dry-run" in own.run().out, "the first step")
    asked = own.typed("y\n", "tally", "contribute", code=1)
    expect("on your veto list" in asked.err and "[y/N]" not in asked.err,
           f"nobody is asked what cannot be: {asked!r}")
    expect(entry(own, tally)["waits"], "nothing was said")
    equal([s["tally"] for s in own.json("tally", "veto")["vetoes"][0]["seats"]], [tally],
          "where it sits")
    # The name is taken off the list, and the settings read again.
    own.stop()
    own.start()
    screen = own.json("tally", "contribute", "--dry-run")
    equal((screen["vetoed"], screen["stray_vetoes"]), (False, []), "no veto any more")
    own.run("tally", "contribute", "--yes")


def sentences(member, tally=None):
    return member.json("tally", "show", *([tally] if tally else []))["sentences"]


def test_a_tally_told_in_sentences(place):
    convenor, members = network(place, 6)
    for member in members:
        record(member, "enabled.fte", 12, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    arrived(members, tally)
    said = sentences(members[0])
    expect(said[0].startswith("Members may contribute until ") and said[0].endswith(" today.") or
           said[0].endswith(" tomorrow."), f"{said}")
    expect("None of six members have contributed." in said, f"{said}")
    expect(any(s.startswith("It waits for you until ") for s in said), f"{said}")
    expect(any("hold seat" in s or "drawn for seat" in s for s in said), f"everybody sits: {said}")
    listed = entry(members[0], tally)
    expect(listed["duty"].startswith("seat ") and listed["until"].endswith("Z"), f"{listed}")
    expect("Keep this machine running" in members[0].run("tally", "list").out, "for the seat")
    equal((entry(convenor, tally)["duty"], entry(convenor, tally)["waits"]), (None, False),
          "the convenor owes nothing")

    duty = members[0].json("status")["keep_running"]
    expect(duty["for"].startswith("seat "), f"the duty: {duty}")
    expect("keep this machine running until" in members[0].run("status").out, "in words")
    expect("keep this machine running until" in members[0].run().out, "on the first page")
    equal(convenor.json("status")["keep_running"], None, "the convenor owes nothing")
    yes = members[0].run("tally", "contribute", "--yes")
    expect("Agreed. The shares leave " in yes.out, f"{yes!r}")
    contribute(members[1:-1], tally)
    last = members[-1].name
    wait(lambda: f"{last} has said nothing yet." in sentences(convenor), "who is waited for")
    not_yet = members[-1].typed("n\n", "tally", "decline", code=1)
    expect("cannot be taken back" in not_yet.out and "Decline for good?" in not_yet.out + not_yet.err and
           not entry(members[-1], tally)["declined"], f"asked first: {not_yet!r}")
    members[-1].run("tally", "decline")
    for member, why in ((members[-1], "declined already, and that is for good"),
                        (members[0], "contributed already"), (convenor, "contributes to none")):
        told = member.run("tally", "contribute", "--dry-run", code=1)
        expect(why in told.err and tally[:16] in told.err, f"why not: {told!r}")
    nobody = members[0].run("tally", "veto", "", code=64)
    expect("hose seat?" in nobody.err, f"{nobody!r}")
    expect(f"kill -HUP {members[0].process.pid}" in members[0].run("tally", "veto").out, "a command")
    ended(members + [convenor], tally)
    said = sentences(members[0])
    equal(said[:1], ["It has ended: two sums are shown by keeplocal benchmark, and none "
                     "was withheld."], "the end")
    expect("You have contributed." in said, f"{said}")
    expect("You have declined: nothing of yours is in it." in sentences(members[-1]), "who did not")
    expect(not any("keep this machine" in s for s in said), f"no duty is left: {said}")
    # A figure that moves within its bin is none to tell of; one that leaves it is, and changes nothing.
    record(members[0], "enabled.fte", 13, 2026)
    expect(not any("today it would be" in s for s in sentences(members[0])), "the same bin")
    equal(members[0].json("benchmark", "enabled.fte")["moved"], None, "the same bin")
    record(members[0], "enabled.fte", 60, 2026)
    moved = "you contributed 10 up to 15 FTE; today it would be 50 up to 75 FTE. What was shown is never"
    expect(any(moved in s for s in sentences(members[0])), f"a correction: {sentences(members[0])}")
    equal(members[0].json("benchmark", "enabled.fte")["moved"],
          {"contributed": "10 up to 15 FTE", "today": "50 up to 75 FTE"}, "for programs")
    expect(moved[1:] in members[0].run("benchmark", "enabled.fte").out, "beside the benchmark")
    equal(members[1].json("benchmark", "enabled.fte")["moved"], None, "of others")
    equal(entry(members[0], tally)["duty"], None, "nor in the list")


def test_a_leader_that_is_gone(place):
    convenor, members = network(place, 7)
    for member in members:
        record(member, "enabled.fte", 12, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "8s")
    arrived(members, tally)
    wait(lambda: all(s["accepted"] for s in convenor.json("tally", "show", tally)["seats"]), "seats")
    first = convenor.json("tally", "show", tally)["seats"][0]["member"]
    leader, last, *others = sorted(members, key=lambda m: m.name != first)
    contribute([leader, *others], tally)
    wait(lambda: len(last.json("tally", "show", tally)["contributors"]) == 6, "their shares")
    leader.stop(signal.SIGKILL)
    contribute([last], tally)
    wait(lambda: f"Seat 1 ({first}) leads, and has not proposed yet who is in." in
         sentences(last, tally), "who leads")
    equal((last.json("tally", "show", tally)["waits_for"], last.json("tally", "show", tally)["attempt"]),
          ("proposal", 1), "for programs")
    ended([last, *others, convenor], tally)
    equal(last.json("tally", "show", tally)["attempt"], 2, "the next leader has done it")


def test_a_seat_that_is_gone_while_its_leader_waits(place):
    """The leader waits for a list, as it may, and is blamed for nothing."""
    convenor, members = network(place, 7)
    for member in members:
        record(member, "enabled.fte", 12, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "8s")
    arrived(members, tally)
    wait(lambda: all(s["accepted"] for s in convenor.json("tally", "show", tally)["seats"]), "seats")
    leader, second = [s["member"] for s in convenor.json("tally", "show", tally)["seats"]][:2]
    gone, last, *others = sorted(members, key=lambda m: m.name != second)
    contribute([gone, *others], tally)
    wait(lambda: len(last.json("tally", "show", tally)["contributors"]) == 6, "their shares")
    gone.stop(signal.SIGKILL)
    contribute([last], tally)
    wait(lambda: any(s.startswith(f"Seat 1 ({leader}) leads, and proposes who is in once it has the list "
                                  f"of seat 2 ({second}), or without it from ")
                     for s in sentences(last, tally)), "what is waited for")
    expect(not any("pass it over" in s for s in sentences(last, tally)), "nobody is blamed")
    ended([last, *others, convenor], tally)
    equal(last.json("tally", "show", tally)["attempt"], 1, "the first leader has done it")


def test_a_seat_that_says_two_things(place):
    """Another program signs a second ACCEPT for its seat: everybody is told, and the next call bars it."""
    convenor, members = network(place, 8)
    for member in members:
        record(member, "enabled.fte", 12, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    wait(lambda: all(s["accepted"] for s in convenor.json("tally", "show", tally)["seats"]), "seats")
    false = convenor.json("tally", "show", tally)["seats"][1]["member"]
    liar, *honest = sorted(members, key=lambda m: m.name != false)
    liar.stop()
    accept = msgpack.packb([1, bytes.fromhex(tally), 2, b"\x07" * 32])
    subprocess.run([os.path.join(BUILD, "tests/integration/say_records"), liar.home], check=True,
                   input=f"65 {accept.hex()}\n", text=True, stdout=subprocess.DEVNULL)
    liar.start()
    contribute(honest, tally)
    liar.run("tally", "decline")
    ended([*honest, convenor], tally)
    told = f"Seat 2 ({false}) said two different things, which everybody can see, and is barred from " \
           "the committees of the next four calls."
    for member in (honest[0], convenor):
        wait(lambda m=member: told in sentences(m, tally), f"what {member.name} is told")
    honest[0].run("indicator", "record", "enabled.fte", 12, "--period", 2027)
    second = call(convenor, 2027, ["enabled.fte"], "60s", "60s")
    wait(lambda: entry(honest[0], second), "the next call")
    screen = honest[0].json("tally", "contribute", second, "--dry-run")
    equal([(b["member"], b["tally"], b["seat"], b["sits"]) for b in screen["barred"]],
          [(false, tally, 2, False)], "who is kept off")
    expect(false not in [s["member"] for s in screen["committee"]], "it does not sit")
    equal(screen["not_barred"], [], "nobody is passed over")
    expect(f"{false} (seat 2 of tally {tally[:16]})" in
           honest[0].run("tally", "contribute", second, "--dry-run").out, "on the screen")


def test_why_a_tally_failed(place):
    convenor, members = network(place, 5)
    for member in members:
        record(member, "enabled.fte", 12, 2026)
    for member in members[3:]:
        member.stop(signal.SIGKILL)
    tally = call(convenor, 2026, ["enabled.fte"], "3s", "3s")
    wait(lambda: any("only three of the five seats were taken in time" in s.lower()
                     for s in sentences(convenor)), "too few seats")
    said = sentences(members[0], tally)
    equal(members[0].json("tally", "show", tally)["state"], "failing", "the state")
    expect(any("of these have to come back" in s for s in said) or
           any("of these has to come back" in s for s in said), f"who has to come back: {said}")
    for words in ("contributions leave", "may contribute", "keep this machine", "waits for you"):
        expect(not any(words in s for s in said), f"'{words}' in {said}")
    refused = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte", code=75)
    expect(f"tally {tally[:16]} for 2026 asks the same" in refused.err and
           members[3].name in refused.err and "come back" in refused.err, f"{refused!r}")
    for member in members[3:]:
        member.start()
    ended(members + [convenor], tally, "failed")
    said = sentences(convenor)
    expect(said[0].startswith("It failed: ") and "because only" in said[0], f"{said}")
    expect(any("may be called again (keeplocal tally call)" in s for s in said), f"{said}")


if __name__ == "__main__":
    run(globals())
