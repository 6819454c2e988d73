"""What people are told of tallies: forecasts, the consent screen, vetoes, and what goes on, in
sentences. The words themselves are held against made-up views in tests/unit/."""

import os
import signal
import subprocess

import msgpack

from harness import BUILD, equal, expect, run, wait
from tallies import arrived, call, contribute, ended, entry, network, record

COUNCILS = ["council"] * 6 + ["anchor"] * 3


def outcomes(answer):
    return {(o["cohort"], tuple(o["metrics"])): o for o in answer["outcomes"]}


def test_a_forecast_as_people_read_it(place):
    convenor, members = network(place, 9, kinds=COUNCILS)
    dry = ("tally", "call", "--period", 2026, "--dry-run")
    few = ("--metrics", "enabled.fte,lm3.score", "--cohorts", "everybody,councils,anchors")

    answer = convenor.json(*dry, *few)
    both = ("enabled.fte", "lm3.score")
    found = outcomes(answer)
    equal(sorted(found), [("anchors", both), ("councils", both), ("everybody", both)],
          "metrics that fare alike are one outcome")
    equal((found["everybody", both]["bins"], found["everybody", both]["because"]),
          ("4 bins", "1 more is needed for 8 bins"), "how finely, and why no finer")
    equal((found["councils", both]["released"], found["councils", both]["because"]),
          (False, "of everybody (9), these 6 leave 3 that could be told apart; 5 are needed"),
          "what hides behind 'could be subtracted'")
    equal(found["councils", both]["behind"],
          {"kind": "rest of a larger one", "level": "coarse", "needed": 5, "left": 3,
           "left_counted": 3, "with": [{"cohort": "everybody", "members": 9, "tally": None}]},
          "the same for programs")
    equal(found["anchors", both]["because"], "2 more are needed", "too small")
    equal(len(answer["forecast"]), 6, "a row for each metric and cohort")
    equal({(r["metric"], r["cohort"]): r["released"] for r in answer["forecast"]},
          {(m, c): c == "everybody" for m in both for c in ("everybody", "councils", "anchors")},
          "rows for programs")
    equal(len(answer["committee"]), 7, "who would sit")
    expect(answer["first"], "the first tally")

    # Whoever is public, and two of one group.
    members[8].run("figure", "publish", "enabled.fte", "--period", 2026, "--value", "55", "--yes")
    for member in members[:2]:
        convenor.run("network", "admit", member.member_id, "--name", member.name, "--kind",
                     "council", "--control-group", "Example Group")
    wait(lambda: len(convenor.json(*dry, *few)["not_counted"]) == 2, "who does not count")
    answer = convenor.json(*dry, *few)
    group, = [e for e in answer["not_counted"] if e["why"] == "same control group"]
    public, = [e for e in answer["not_counted"] if e["why"] == "published by name"]
    equal(sorted(group["members"]), ["Member A", "Member B"], "the group")
    equal((public["members"], public["metrics"]), (["Member I"], ["enabled.fte"]), "the public one")
    found = outcomes(answer)
    equal(found["everybody", ("enabled.fte",)]["counted"], 7, "seven count")
    equal(found["everybody", ("lm3.score",)]["counted"], 8, "eight count")
    expect("leave 3 (of whom 2 count)" in found["councils", ("enabled.fte",)]["because"],
           found)
    out = convenor.run(*dry, *few).out
    for words in ("Member A and Member B", "one control group, which counts as one member",
                  "Member I: published under its name: enabled.fte",
                  "Committee, if it were called now", "This is the network's first tally"):
        expect(words in out or words == "Member A and Member B", f"'{words}' in {out}")

    # Not everybody answers.
    answer = convenor.json(*dry, *few, "--without", "Member C,member d")
    equal(answer["supposed"], {"members": 7, "share": 1.0, "without": ["Member C", "Member D"]},
          "two that do not answer")
    equal(outcomes(answer)["everybody", ("lm3.score",)]["could"], 7, "without them")
    answer = convenor.json(*dry, *few, "--if", "70%")
    equal((answer["supposed"]["members"], answer["tries"]), (6, 20), "70% of nine")
    tried = outcomes(answer)["everybody", ("lm3.score",)]["tried"]
    equal(sum(tried[k] for k in ("withheld", "coarse", "middle", "fine")), 20, f"{tried}")
    equal(tried, outcomes(convenor.json(*dry, *few, "--if", "70%"))
          ["everybody", ("lm3.score",)]["tried"], "the same groups every time")
    expect("20 groups of 6 members" in convenor.run(*dry, *few, "--if", "70%").out, "in words")
    for wrong in (("--if", "70"), ("--if", "0%"), ("--if", "101%"), ("--if", "70%x")):
        expect("such as 70%" in convenor.run(*dry, *few, *wrong, code=64).err, f"{wrong}")
    expect("Nobody" in convenor.run(*dry, *few, "--without", "Nobody", code=1).err, "no such member")
    refused = convenor.run("tally", "call", "--period", 2026, *few, "--if", "70%", code=64)
    expect("--dry-run" in refused.err, f"a call cannot choose: {refused!r}")
    equal(convenor.json("tally", "list"), [], "nothing was called")

    # Regions that the roster does not say.
    answer = convenor.json(*dry, "--metrics", "lm3.score", "--cohorts", "everybody,region=london")
    equal([(u["attribute"], len(u["members"])) for u in answer["unplaced"]], [("region", 9)],
          "nobody's region is known")


def test_a_forecast_of_those_who_come_late(place):
    convenor, members = network(place, 10)
    for member in members[:5]:
        record(member, "enabled.fte", 12, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    contribute(members[:5], tally)
    for member in members[5:]:
        member.run("tally", "decline")
    ended(members + [convenor], tally)
    dry = ("tally", "call", "--period", 2026, "--dry-run")
    usual = convenor.json(*dry)
    equal((usual["counted_already"], "enabled.fte" in usual["metrics"]), (["enabled.fte"], False),
          "what was counted is left out of the usual metrics")
    refused = convenor.run(*dry, "--metrics", "enabled.fte", code=1)
    expect("--late" in refused.err, f"asked for by name: {refused!r}")
    late = (*dry, "--metrics", "enabled.fte", "--late", "--cohorts", "everybody")
    answer = convenor.json(*late)
    equal(outcomes(answer)["everybody", ("enabled.fte",)]["could"], 5, "who was not counted")
    equal([(e["tally"], e["state"], e["metrics"]) for e in answer["earlier"]], [(tally, "closed", 1)],
          "what came before")
    without = convenor.json(*late, "--without", "Member F")
    equal(outcomes(without)["everybody", ("enabled.fte",)]["because"], "1 more is needed", "too few")
    expect("A late batch" in convenor.run(*late).out, "what it is")


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

    contribute(members[:-1], tally)
    last = members[-1].name
    wait(lambda: f"{last} has said nothing yet." in sentences(convenor), "who is waited for")
    members[-1].run("tally", "decline")
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
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "12s")
    arrived(members, tally)
    wait(lambda: all(s["accepted"] for s in convenor.json("tally", "show", tally)["seats"]), "seats")
    first = convenor.json("tally", "show", tally)["seats"][0]["member"]
    leader, last, *others = sorted(members, key=lambda m: m.name != first)
    contribute([leader, *others], tally)
    leader.stop(signal.SIGKILL)
    contribute([last], tally)
    wait(lambda: f"Seat 1 ({first}) leads, and has not proposed yet who is in." in
         sentences(last, tally), "who leads")
    equal((last.json("tally", "show", tally)["waits_for"], last.json("tally", "show", tally)["attempt"]),
          ("proposal", 1), "for programs")
    ended([last, *others, convenor], tally)
    equal(last.json("tally", "show", tally)["attempt"], 2, "the next leader has done it")


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
    for member in members[3:]:
        member.start()
    ended(members + [convenor], tally, "failed")
    said = sentences(convenor)
    expect(said[0].startswith("It failed: ") and "because only" in said[0], f"{said}")
    expect(any("may be called again (keeplocal tally call)" in s for s in said), f"{said}")


if __name__ == "__main__":
    run(globals())
