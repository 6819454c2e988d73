"""Tallies on real daemons: certified sums are the plain counts, and little else is ever shown."""

import os
import pty
import signal
import subprocess

from asking import Asker
from harness import COMMAND, Answer, equal, expect, run, wait
from tallies import arrived, bins_of, call, contribute, ended, entry, keys, network, record

# Enabled employees of eight made-up members, in FTE.
FTE = [12, 60.5, 61, 140, 640, 15, 9, 5000]
EDGES = [0, 2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 2000]


def plain_count(values, edges):
    """What anybody could count who saw the values: the reference."""
    return [sum(low <= v and (i + 1 == len(edges) or v < edges[i + 1]) for v in values)
            for i, low in enumerate(edges)]


def coarser(counts, bins):
    run_length = len(counts) // bins
    return [sum(counts[i:i + run_length]) for i in range(0, len(counts), run_length)]


def check_histogram(answer, values):
    fine = plain_count(values, EDGES)
    equal(bins_of(answer["histogram"]), coarser(fine, answer["bins"]), "histogram")
    equal(answer["n"], len(values), "n")
    equal(sum(bins_of(answer["histogram"])), len(values), "sum of the histogram")


def rank_of(values, own, histogram):
    """Shares of members in lower bins, and in lower bins and the own one."""
    index = next(i for i, b in enumerate(histogram)
                 if (b["from"] is None or b["from"] <= own)
                 and (b["to"] is None or own < b["to"]))
    counts = bins_of(histogram)
    return sum(counts[:index]) / len(values), sum(counts[:index + 1]) / len(values)


def test_a_tally_of_seven_equals_the_plain_count(place):
    convenor, members = network(place, 7)
    values = FTE[:7]
    for member, value in zip(members, values):
        record(member, "enabled.fte", value, 2026)
    for member in members[:4]:
        record(member, "lm3.score", 1.5, 2026)

    forecast = convenor.json("tally", "call", "--period", 2026, "--metrics",
                             "enabled.fte,lm3.score", "--dry-run")
    equal(forecast["tally"], None, "tally of a forecast")
    equal([(r["metric"], r["cohort"], r["released"]) for r in forecast["forecast"]
           if r["cohort"] == "everybody"],
          [("enabled.fte", "everybody", True), ("lm3.score", "everybody", True)], "forecast")
    refused = members[0].run("tally", "call", "--period", 2026, "--metrics", "enabled.fte",
                             code=1)
    expect("convenor" in refused.err, f"who may call: {refused!r}")
    equal(members[0].run("benchmark", "enabled.fte", code=1).out, "", "before any tally")

    tally = call(convenor, 2026, ["enabled.fte", "lm3.score"])
    wait(lambda: entry(members[0], tally), "the call")
    preview = members[0].json("tally", "contribute", "--dry-run")
    equal([m["metric"] for m in preview["metrics"]], ["enabled.fte", "lm3.score"], "what leaves")
    equal(preview["metrics"][0]["bin"], "10 up to 15 FTE", "own bin in words")
    equal(len(preview["committee"]), 7, "the committee is named")
    expect(all(seat["newly_seated"] for seat in preview["committee"]), "everybody is new")
    equal(entry(members[0], tally)["contributed"], False, "after a dry run")
    nobody = members[0].run("tally", "contribute", code=64, stdin="")
    expect("--yes" in nobody.err, f"nobody there to be asked: {nobody!r}")

    contribute(members, tally)
    again = members[0].run("tally", "contribute", tally, "--yes", code=1)
    expect("already" in again.err, f"a second contribution: {again!r}")
    ended(members + [convenor], tally)

    for member, value in list(zip(members, values)) + [(convenor, None)]:
        answer = member.json("benchmark", "enabled.fte", "--cohort", "everybody")
        check_histogram(answer, values)
        equal(answer["state"], "final", "state")
        equal(answer["withheld"], None, "withheld")
        expect(answer["warning"], "the caution of the metric")
        for name, quarter in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
            true = sorted(values)[int(quarter * len(values))]
            low, high = answer[name]["low"], answer[name]["high"]
            expect((low is None or low <= true) and (high is None or true <= high),
                   f"{name}: {true} lies within {low} and {high}")
        if value is None:
            equal(answer["own"], None, "the convenor's own value")
        else:
            equal(answer["own"]["value"], value, "own value")
            equal(answer["own"]["counted"], True, "it stands in the sum")
            low, high = rank_of(values, value, answer["histogram"])
            expect(abs(answer["own"]["rank"]["low"] - low) < 1e-4 and
                   abs(answer["own"]["rank"]["high"] - high) < 1e-4, f"rank {answer['own']}")
        few = member.run("benchmark", "lm3.score", "--json", code=1)
        equal((few.json["withheld"]["n"], few.json["withheld"]["minimum"],
               few.json["histogram"]), (4, 5, None), "four answers")
    # One of 640 FTE is the largest: no bin without an end holds anybody.
    answer = members[0].json("benchmark", "enabled.fte")
    true = sum(values) / len(values)
    if answer["histogram"][-1]["count"]:
        equal(answer["mean_high"], None, "a mean with an open end")
    expect(answer["mean_low"] <= true, f"what is certain of the mean: {answer['mean_low']}, {true}")
    expect("mean            not known" in members[0].run("benchmark", "enabled.fte").out
           if answer["mean_high"] is None else true <= answer["mean_high"], "its upper bound")
    words = members[0].run("benchmark", "lm3.score", code=1)
    expect("4 answered, and fewer than 5 are never shown" in words.out, f"{words!r}")
    drawn = members[0].run("benchmark", "enabled employees").out
    expect("◀ you" in drawn and "median" in drawn and "█" in drawn, drawn)

    second = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte", code=1)
    expect("counted for the period already" in second.err, f"a second call: {second!r}")
    for member in members + [convenor]:
        equal(keys(member), [], f"keys left at {member.name}")
    shown = convenor.json("tally", "show", tally)
    equal(sorted(shown["contributors"]), [m.name for m in members], "who contributed")
    expect(all(seat["opened"] for seat in shown["seats"]), "every seat opened")


def at_a_terminal(member, typed, *args):
    """Runs the command with a person at a terminal who types one line."""
    master, slave = pty.openpty()
    try:
        os.write(master, typed.encode() + b"\n")
        done = subprocess.run([COMMAND, "--home", member.home, *args], stdin=slave,
                              capture_output=True, text=True, timeout=60)
        return Answer(done.returncode, done.stdout, done.stderr)
    finally:
        os.close(master)
        os.close(slave)


def test_five_members_hear_that_everybody_sits_and_are_asked_once(place):
    convenor, members = network(place, 5)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    too_low = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte",
                           "--minimum", 4, code=64)
    expect("charter" in too_low.err, f"a lower minimum: {too_low!r}")
    too_high = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte",
                            "--minimum", 6, code=1)
    expect("only 5 members" in too_high.err, f"too few for it: {too_high!r}")
    no = at_a_terminal(convenor, "n", "tally", "call", "--period", "2199", "--metrics", "enabled.fte",
                       "--cohorts", "everybody,region=Atlantis", "--contribute-for", "1s")
    expect("Call this?" in no.err and "[y/N]" in no.err and no.code == 1, f"the convenor is asked: {no!r}")
    for words in ("2199 has not begun", "No member stands in region=Atlantis", "have a second to contribute"):
        expect(words in no.out, f"'{words}' in {no.out}")
    equal(convenor.json("tally", "list"), [], "nothing was called")
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    wait(lambda: entry(members[0], tally), "the call")
    told = members[0].run("tally", "contribute", "--dry-run").out
    expect("All 5 members that offer a seat sit" in told and
           "Three of these 5" in told and "first tally" in told, told)
    no = at_a_terminal(members[0], "n", "tally", "contribute")
    equal(no.code, 1, "after a no")
    expect("Contribute this? [y/N]" in no.err and "nothing has left" in no.err, f"{no!r}")
    expect("10 up to 15 FTE" in no.out, f"the preview comes first: {no!r}")
    expect(entry(members[0], tally)["waits"], "nothing happened")
    yes = at_a_terminal(members[0], "y", "tally", "contribute")
    equal(yes.code, 0, "after a yes")
    expect("Agreed" in yes.out, f"{yes!r}")
    contribute(members[1:], tally)
    ended(members + [convenor], tally)
    check_histogram(members[0].json("benchmark", "enabled.fte"), FTE[:5])
    equal(members[0].json("benchmark", "enabled.fte")["bins"], 4, "five members, coarse bins")
    gone = members[0].run("tally", "contribute", code=1)
    expect("has contributed already" in gone.err, f"nothing waits any more: {gone!r}")
    # A draw rests on a result that the convenor did not know when it could still write the roster; or
    # members are told that it did.
    for period, foreseen in ((2027, False), (2028, True)):
        record(members[0], "enabled.fte", 12, period)
        tally = call(convenor, period, ["enabled.fte"], "60s", "60s")
        arrived(members[:1], tally)
        told = members[0].run("tally", "contribute", tally, "--dry-run").out
        expect(("had no result yet" in told) == foreseen, f"{period}: {told}")
        expect("first tally" not in told, told)


def test_members_that_are_killed_midway_come_back_into_it(place):
    convenor, members = network(place, 8)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    seats = {s["member"] for s in convenor.json("tally", "show", tally)["seats"]}
    equal(len(seats), 7, "seats")
    idle = next(m for m in members if m.name not in seats)
    leader = next(m for m in members if m.name == convenor.json("tally", "show", tally)
                  ["seats"][0]["member"])
    last = next(m for m in members if m not in (idle, leader))
    contribute([m for m in members if m is not last], tally)
    for member in (idle, leader):
        wait(lambda m=member: entry(m, tally)["contributed"], f"the shares of {member.name}")
    expect(keys(leader), "a seat holds its key")
    for member in (idle, leader):
        member.stop(signal.SIGKILL)
    # Nobody has to wait for the two any more: they have contributed.
    contribute([last], tally)
    for member in (idle, leader):
        member.start()
    wait(lambda: entry(leader, tally)["state"] != "open", "the committee decides")
    leader.stop(signal.SIGKILL)
    leader.start()
    ended(members + [convenor], tally)
    for member in members:
        check_histogram(member.json("benchmark", "enabled.fte"), FTE)
        equal(keys(member), [], f"keys left at {member.name}")


def test_answers_of_a_failed_tally_leave_again_and_are_shown(place):
    convenor, members = network(place, 5)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    failed = call(convenor, 2026, ["enabled.fte", "lm3.score"], "12s", "4s")
    arrived(members, failed)
    leader = next(m for m in members if m.name == convenor.json("tally", "show", failed)
                  ["seats"][0]["member"])
    first, *others = [m for m in members if m is not leader]
    leader.stop()
    contribute([first, *others], failed)
    record(first, "enabled.fte", 5000, 2026)
    record(first, "lm3.score", 1.5, 2026)
    ended([first, *others, convenor], failed, "failed")
    leader.start()
    again = call(convenor, 2026, ["enabled.fte", "lm3.score"], "60s", "60s")
    arrived(members, again)
    preview = first.json("tally", "contribute", again, "--dry-run")
    left, = preview["metrics"]
    own = FTE[members.index(first)]
    was = next(i for i in reversed(range(len(EDGES))) if EDGES[i] <= own)
    equal((left["metric"], left["value"], left["agreed_to"], left["bin"]),
          ("enabled.fte", None, failed, f"{EDGES[was]} up to {EDGES[was + 1]} FTE"),
          "what was agreed leaves again")
    stays, = preview["left_out"]
    equal(stays["metric"], "lm3.score", "what was left out stays")
    expect(f"as agreed to tally {failed[:8]}" in stays["why"], f"why it stays: {stays}")
    words = first.run("tally", "contribute", again, "--dry-run").out
    expect(f"as agreed to tally {failed[:8]}" in words, words)
    contribute(members, again)
    ended(members + [convenor], again)
    check_histogram(convenor.json("benchmark", "enabled.fte"), FTE[:5])
    equal(convenor.run("benchmark", "lm3.score", "--json", code=1).json["withheld"]["n"], 0,
          "what stayed")


def test_who_is_not_in_a_cohort_may_still_compare(place):
    convenor, members = network(place, 6, kinds=["anchor"] * 5 + ["council"])
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s", "--cohorts", "anchors,councils")
    contribute(members, tally)
    ended(members, tally)
    check_histogram(members[5].json("benchmark", "enabled.fte", "--cohort", "anchors"), FTE[:5])
    for member, inside in ((members[0], True), (members[5], False)):
        answer = member.json("benchmark", "enabled.fte", "--cohort", "anch")
        equal((answer["own"]["in_cohort"], answer["own"]["counted"]), (inside, inside),
              f"{member.name} among the anchors")
        drawn = member.run("benchmark", "enabled.fte", "--cohort", "anch").out
        equal("◀ you" in drawn, inside, f"the mark of {member.name}: {drawn}")
    equal(members[0].json("benchmark", "enabled.fte", "--cohort", "councils", code=1)["withheld"]
          ["n"], 1, "one council")
    unknown = members[0].run("benchmark", "enabled.fte", "--cohort", "everybody", code=1)
    expect("cohort" in unknown.err, f"not asked for in the call: {unknown!r}")


def test_records_of_a_tally_that_come_before_its_call(place):
    """The convenor's feed has grown so long that its end comes after what others say of a call."""
    convenor, members = network(place, 5)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    late = members[-1]
    late.stop()
    asker = Asker(convenor.home + "/control")
    for i in range(300):  # more than one run
        asker.ask("profile set", set=[f"population={i}"])
    asker.close()
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    wait(lambda: sum(s["accepted"] for s in convenor.json("tally", "show", tally)["seats"]) == 4,
         "the others accept")
    late.start()
    wait(lambda: all(s["accepted"] for s in convenor.json("tally", "show", tally)["seats"]),
         "who was away accepts too")
    contribute(members, tally)
    ended(members + [convenor], tally)


def test_consent_always_veto_and_no_seat(place):
    def flags(index):
        return {0: ["--seat", "no"], 1: ["--consent", "always"], 2: ["--consent", "always"],
                3: ["--veto", "Member B"]}.get(index, [])

    convenor, members = network(place, 8, start=flags)
    for member, value in list(zip(members, FTE)):
        if member.name not in ("Member B", "Member C"):
            record(member, "enabled.fte", value, 2026)
    wait(lambda: len(convenor.json("tally", "call", "--period", 2026, "--metrics", "enabled.fte",
                                   "--dry-run")["offers"]) == 7, "the refused seat")
    tally = call(convenor, 2026, ["enabled.fte"], "24s", "60s")
    seats = [s["member"] for s in convenor.json("tally", "show", tally)["seats"]]
    equal(sorted(seats), [f"Member {c}" for c in "BCDEFGH"], "Member A offers no seat")
    arrived(members, tally)
    said = members[1].json("tally", "show", tally)["sentences"]
    expect(any("contributes as soon as it has a figure, waits for that until " in s for s in said), f"{said}")
    equal((entry(members[1], tally)["declined"], entry(members[1], tally)["waits"]), (False, True),
          "a figure is waited for")
    record(members[1], "enabled.fte", FTE[1], 2026)
    contribute([members[i] for i in (0, 4, 5, 6, 7)], tally)
    wait(lambda: entry(members[1], tally)["contributed"], "consent = always contributes")
    wait(lambda: entry(members[2], tally)["declined"], "without a value it declines in the end")
    refused = members[3].run("tally", "contribute", "--yes", code=1)
    expect("Member B sits on the committee" in refused.err, f"veto: {refused!r}")
    members[3].run("tally", "decline")
    ended(members + [convenor], tally)
    counted = [v for i, v in enumerate(FTE) if i not in (2, 3)]
    check_histogram(members[0].json("benchmark", "enabled.fte"), counted)


def test_named_figures_and_their_total(place):
    convenor, members = network(place, 6)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    preview = members[0].json("figure", "publish", "enabled.fte", "--period", 2026, "--dry-run")
    equal((preview["value"], preview["published"]), (12, False), "a preview")
    members[0].run("figure", "publish", "enabled.fte", "--period", 2026, code=64, stdin="")
    equal(members[0].json("figure", "list")["figures"], [], "nothing is published by a preview")
    members[0].run("figure", "publish", "enabled.fte", "--period", 2026, "--method", "counted",
                   "--confidence", "high", "--yes")
    again = members[0].run("figure", "publish", "enabled.fte", "--period", 2026, "--method",
                           "counted", "--confidence", "high", "--yes")
    expect("nothing changes" in again.out and "Published." not in again.out, f"twice: {again!r}")
    members[1].run("figure", "publish", "enabled.fte", "--period", 2026, "--value", "1,389",
                   "--method", "estimated", "--source", "annual report", "--yes")
    wait(lambda: len(convenor.json("figure", "list")["figures"]) == 2, "both figures at the convenor")
    total = convenor.json("figure", "total", "enabled.fte")
    equal((total["n"], total["total"], total["published"], total["unit"], total["period"]),
          (2, 1401, "about 1,400", "FTE", "2026"), "the total")
    equal(total["methods"], {"counted": 1, "estimated": 1}, "methods")
    equal(sorted(total["members"]), ["Member A", "Member B"], "members")
    expect("about 1,400" in convenor.run("figure", "total", "enabled.fte").out, "in words")
    convenor.run("figure", "total", "lm3.score", code=64)
    few = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte", code=1)
    expect("only 4 members could count" in few.err, f"named figures do not count: {few!r}")
    dry = members[1].json("figure", "withdraw", "enabled.fte", "--period", 2026, "--dry-run")
    equal(dry, {"metric": "enabled.fte", "period": "2026", "withdrawn": False}, "a dry run")
    equal(len(members[1].json("figure", "list")["figures"]), 2, "a dry run withdraws nothing")
    members[1].run("figure", "withdraw", "enabled.fte", "--period", 2026)
    members[1].run("figure", "withdraw", "enabled.fte", "--period", 2026, code=1)
    wait(lambda: convenor.json("figure", "total", "enabled.fte")["total"] == 12, "withdrawn")
    equal([f["member"] for f in convenor.json("figure", "list")["figures"]], ["Member A"], "what is shown")
    few = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte", code=1)
    expect("only 4 members could count" in few.err,
           f"what was withdrawn is known, and still does not count: {few!r}")


if __name__ == "__main__":
    run(globals())
