"""tally audit: a tally checked anew from signed records alone, whatever became of it; and what somebody
changes in a home's database is found and named."""

import os
import re
import subprocess

from harness import BUILD, equal, expect, run, wait
from tallies import arrived, call, contribute, ended, entry, network, record

EDIT = os.path.join(BUILD, "tests/integration/edit_home")
FTE = [12, 60.5, 61, 140, 640, 15, 9, 5000]
ADMIT, CALL, CONTRIB, INTAKE, VOTE, OPEN, CLOSE = 17, 64, 67, 69, 71, 73, 75  # kinds of records


def steps_of(audit):
    return {step["step"]: step for step in audit["steps"]}


def findings(audit, *marks):
    return [(step["step"], f["words"]) for step in audit["steps"] for f in step["findings"]
            if f["mark"] in marks]


def fits(member, *args):
    answer = member.run("tally", "audit", *args, "--json", code=None)
    audit = answer.json
    equal((answer.code, findings(audit, "wrong", "not here")), (0, []),
          f"exit code and what does not fit at {member.name}")
    return audit


def edit(member, kind, number, what, offset):
    """Turns over one bit of a record that a stopped daemon has stored."""
    done = subprocess.run([EDIT, member.home, str(kind), str(number), what, str(offset)],
                          capture_output=True, text=True)
    equal((done.returncode, done.stderr), (0, ""), "edit_home")
    return int(done.stdout.split()[1])


def edited(member, tally, kind, what, offset, words):
    """One change, found; then it is changed back."""
    number = edit(member, kind, 0, what, offset)
    member.start()
    answer = member.run("tally", "audit", tally, "--json", code=1)
    expect(any(s == "signatures" and words in w and f"record {number} of" in w
               for s, w in findings(answer.json, "wrong")),
           f"{what} of kind {kind} changed: {findings(answer.json, 'wrong', 'not here')}")
    told = member.run("tally", "audit", tally, code=1)
    expect(words in told.out.split("\n\n")[0], f"what matters stands first: {told.out}")
    member.stop()
    edit(member, kind, 0, what, offset)


def check_what_is_told(told, audit, member, tally):
    """Whose it is, as others see that, too; and the sums, to be held against what a member is shown."""
    expect(f"network   {audit['network_short']}\n" in told, f"the network: {told}")
    expect(f"convenor  {audit['convenor_short']}:\n" in told, f"the convenor: {told}")
    equal(audit["network_short"].replace(" ", ""), audit["network"][:20], "the short form")
    status = member.json("status")
    equal([status[key] for key in ("network_id", "network_short", "convenor_id", "convenor_short")],
          [audit[key] for key in ("network", "network_short", "convenor", "convenor_short")], "a member")
    expect(audit["convenor_short"] in member.run("status").out, "what a member is shown")
    expect(len(audit["sums"]) > 1, "what was opened")
    for opened in audit["sums"]:
        shown = member.json("benchmark", opened["metric"], "--cohort", opened["cohort"])
        equal(([(b["bin"], b["members"]) for b in opened["bins"]], opened["members"]),
              ([(b["words"], b["count"]) for b in shown["histogram"]], shown["n"]), opened["metric"])
        expect(f"{opened['name']}, {opened['cohort']}: {opened['members']} members (final)\n" in told,
               told)
        for held in (b for b in opened["bins"] if b["members"]):
            expect(f"{held['bin']}: {held['members']}" in " ".join(told.split()), f"{held} in {told}")
    expect("\n· limits " in told and "\n· shown " in told, f"nothing to check there: {told}")
    expect("records that follow the last one" in " ".join(told.split()), f"what may be kept back: {told}")


def check_file(place, member, tally):
    """What one member hands on, somebody else checks who has no daemon, and no home."""
    path = os.path.join(place.path, "records")
    told = member.run("tally", "audit", tally, "--out", path)
    expect("Everything that can be checked fits" in told.out, f"{told!r}")
    again = member.run("tally", "audit", "--out", path, code=73)
    expect("records" in again.err, f"it is there already: {again!r}")
    nobody = place.member("Nobody")
    there = nobody.json("tally", "audit", "--file", path)
    equal((there["tally"], there["state"], there["mark"], findings(there, "wrong", "not here")),
          (tally, "closed", "note", []), "the file, checked elsewhere")
    check_what_is_told(nobody.run("tally", "audit", "--file", path).out, there, member, tally)
    both = nobody.run("tally", "audit", "--file", path, "--out", path, code=64)
    expect("one of them at a time" in both.err, f"{both!r}")
    with open(path, "rb") as file:
        data = bytearray(file.read())
    expect(not os.path.exists(nobody.home), "no home is needed")
    # Every record about the tally names it: one bit of that, now here, now there.
    places = [m.start() for m in re.finditer(re.escape(bytes.fromhex(tally)), data)]
    expect(len(places) > 30, f"only {len(places)} records name the tally")
    for at in places[::5]:
        data[at] ^= 1
        place.file("changed", bytes(data))
        answer = nobody.run("tally", "audit", "--file", os.path.join(place.path, "changed"),
                            code=None)
        expect(answer.code in (1, 75), f"a bit changed at {at}: {answer!r}")
        data[at] ^= 1
    cut = nobody.run("tally", "audit", "--file", place.file("cut", bytes(data[:-9])), code=65)
    expect("cut short" in cut.err, f"{cut!r}")
    other = nobody.run("tally", "audit", "--file", place.file("other", "no records"), code=65)
    expect("--out" in other.err, f"{other!r}")


def test_a_closed_tally_fits_everywhere_and_what_is_changed_is_found(place):
    convenor, members = network(place, 7)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    for member in members[:4]:
        record(member, "lm3.score", 1.5, 2026)
    nothing = convenor.run("tally", "audit", code=1)
    expect("no tally was called" in nothing.err, f"{nothing!r}")
    tally = call(convenor, 2026, ["enabled.fte", "lm3.score"], "60s", "60s")
    arrived(members, tally)
    equal(fits(members[0])["state"], "open", "the state while it goes on")
    expect("So far" in members[0].run("tally", "audit").out, "so far")
    contribute(members, tally)
    ended(members + [convenor], tally)
    for member in [convenor, *members]:
        audit = fits(member)
        equal((audit["tally"], audit["state"], audit["period"], audit["mark"]),
              (tally, "closed", "2026", "note"), "whose")
        steps = steps_of(audit)
        expect("7 of 7 contributed" in steps["contributions"]["words"], str(steps))
        expect("Certified in attempt 1" in steps["votes"]["words"], str(steps["votes"]))
        expect("2 sums added up again: 2 final" in steps["openings"]["words"],
               str(steps["openings"]))
        equal(steps["shown"]["mark"], "well", "what is shown")
    told = members[0].run("tally", "audit", tally[:8]).out
    expect(told.startswith(f"Tally {tally[:16]} for 2026: closed\nEverything that can be checked "
                           "fits.\n"), told)
    expect("What members really answered: nobody ever had it" in told, told)
    expect(not any(str(v) in told for v in (5000, 640, 60.5)), "no figure stands in it")

    check_file(place, members[0], tally)
    way_in, status = convenor.run("network", "ticket").out, members[0].json("status")
    expect(f"Network id {status['network_short']}, convenor id {status['convenor_short']}" in way_in,
           way_in)
    spy = members[0]
    spy.stop()
    for kind in (ADMIT, CALL, CONTRIB, INTAKE, VOTE, OPEN, CLOSE):
        edited(spy, tally, kind, "content", 3, "its content was changed")
    edited(spy, tally, VOTE, "signature", 7, "its signature does not fit")
    edited(spy, tally, OPEN, "header", 3, "")
    spy.start()
    fits(spy)


def test_failed_and_called_again(place):
    convenor, members = network(place, 5)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    failed = call(convenor, 2026, ["enabled.fte"], "7s", "3s")
    arrived(members, failed)
    leader = next(m for m in members if m.name == convenor.json("tally", "show", failed)
                  ["seats"][0]["member"])
    others = [m for m in members if m is not leader]
    leader.stop()
    contribute(others, failed)
    ended([*others, convenor], failed, "failed")
    for member in [*others, convenor]:
        audit = fits(member, failed)
        equal(audit["state"], "failed", "state")
        expect("Failed: " in steps_of(audit)["votes"]["words"], str(audit))
        expect("Nothing was certified" in steps_of(audit)["openings"]["words"], str(audit))
    leader.start()
    again = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    contribute(members, again)
    ended(members + [convenor], again)
    for member in members:
        wait(lambda m=member: entry(m, failed)["state"] == "failed", f"the failure at {member.name}")
        equal(fits(member, again)["state"], "closed", "the second one")
        equal(fits(member, failed)["state"], "failed", "the first one")


def test_a_second_attempt(place):
    convenor, members = network(place, 7)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "8s")
    arrived(members, tally)
    leader = next(m for m in members if m.name == convenor.json("tally", "show", tally)
                  ["seats"][0]["member"])
    others = [m for m in members if m is not leader]
    contribute([leader], tally)
    wait(lambda: entry(leader, tally)["contributed"], "the shares of the leader")
    wait(lambda: leader.name in others[0].json("tally", "show", tally)["contributors"], "are there")
    leader.stop()
    contribute(others, tally)
    ended([*others, convenor], tally)
    for member in [*others, convenor]:
        steps = steps_of(fits(member, tally))
        expect("Certified in attempt 2" in steps["votes"]["words"], str(steps["votes"]))
        expect("in 2 attempts" in steps["proposals"]["words"], str(steps["proposals"]))
        expect("7 members are in" in steps["members"]["words"], str(steps["members"]))
    leader.start()
    ended([leader], tally)
    fits(leader, tally)


if __name__ == "__main__":
    run(globals())
