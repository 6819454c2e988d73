"""Contributions that are taken back, and those who come late, on real daemons."""

from harness import equal, expect, run, wait
from tallies import arrived, bins_of, call, contribute, ended, entry, network, record, together

FTE = [12, 60.5, 61, 140, 640, 15, 9, 5000, 33, 70]


def own(member, tally):
    return member.json("tally", "show", tally)["own"]


def counted(member, expected):
    """How many stand in the sum of everybody, and that every answer is in it."""
    answer = member.json("benchmark", "enabled.fte", "--cohort", "everybody")
    equal((answer["n"], sum(bins_of(answer["histogram"]))), (expected, expected), "counted")


def test_taken_back_and_given_again_and_late_comers(place):
    convenor, members = network(place, 10)
    for member, value in zip(members, FTE):
        record(member, "enabled.fte", value, 2026)
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s")
    arrived(members, tally)
    nothing = members[1].run("tally", "withdraw", code=1)
    expect("no tally from which something could be withdrawn" in nothing.err, f"{nothing!r}")
    contribute(members[:5], tally)
    wait(lambda: len(convenor.json("tally", "show", tally)["contributors"]) == 5,
         "five contributions")

    # One takes it back and gives it again; another one takes it back for good.
    preview = members[0].json("tally", "withdraw", "--dry-run")
    equal((preview["tally"], preview["withdrawn"], preview["sent"], preview["seats"]),
          (tally, False, True, 7), "preview")
    words = " ".join(preview["sentences"])
    expect("cannot be recalled" in words and "if a seat of the committee lists that" in words,
           words)
    equal(own(members[0], tally)["withdrawn"], False, "after a dry run")
    nobody = members[0].run("tally", "withdraw", code=64, stdin="")
    expect("--yes" in nobody.err, f"nobody there to be asked: {nobody!r}")
    for member in members[:2]:
        told = member.run("tally", "withdraw", tally, "--yes")
        expect("Withdrawn" in told.out + told.err, f"{told!r}")
        expect(own(member, tally)["withdrawn"], "it knows")
    twice = members[0].run("tally", "withdraw", tally, "--yes", code=1)
    expect("withdrawn already" in twice.err, f"{twice!r}")
    wait(lambda: sorted(convenor.json("tally", "show", tally)["withdrawn"]) ==
         [m.name for m in members[:2]], "both withdrawals")
    said = convenor.run("tally", "show", tally).out
    expect("Two have withdrawn" in said, said)

    left = members[1].json("tally", "statement", tally)["contributed"]
    equal([(c["number"], c["withdrawn"]) for c in left], [(1, True)], "in the statement")

    record(members[0], "enabled.fte", 5000, 2026)  # what was agreed first leaves again
    again = members[0].json("tally", "contribute", "--dry-run")["metrics"][0]
    equal((again["shown"], again["bin"]), ("as before it was withdrawn", "10 up to 15 FTE"),
          "the same answer")
    members[0].run("tally", "contribute", "--yes")
    equal((own(members[0], tally)["number"], own(members[0], tally)["contributed"]), (2, True),
          "a second contribution")
    members[1].run("tally", "decline", tally)
    together(members[6:], "tally", "decline", tally)
    contribute(members[5:6], tally)
    ended(members + [convenor], tally)
    for member in (members[0], members[1], convenor):
        counted(member, 5)
    for member, words in ((members[0], "You have contributed"),
                          (members[1], "You withdrew your contribution, and it is not counted")):
        said = member.run("tally", "show", tally).out
        expect(words in said, said)
    equal(convenor.json("tally", "show", tally)["not_counted"], [], "not counted")
    late = members[0].run("tally", "withdraw", tally, "--yes", code=75)
    expect("too late" in late.err, f"{late!r}")

    # Who was not in it may come in a batch apart; who was is not asked again.
    refused = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte", code=1)
    expect("counted for the period already" in refused.err and "--late" in refused.err,
           f"{refused!r}")
    forecast = convenor.json("tally", "call", "--period", 2026, "--metrics", "enabled.fte",
                             "--late", "--dry-run")
    equal((forecast["late"], forecast["metrics"]), (True, ["enabled.fte"]), "a late batch")
    forecast = convenor.json("tally", "call", "--period", 2031, "--metrics", "enabled.fte", "--late",
                             "--dry-run")
    equal(forecast["late"], False, "where nothing was counted, nobody is late")
    second = call(convenor, 2026, ["enabled.fte"], "60s", "60s", "--late")
    arrived(members, second)
    equal(members[0].json("tally", "show", "2026")["tally"], second, "the period means the one that goes on")
    equal(entry(members[0], second)["waits"], False, "who was counted is not waited for")
    said = members[0].json("tally", "show", second)["sentences"]
    expect(any(s.startswith("You were counted for 2026 before") for s in said), f"{said}")
    left_out = members[0].run("tally", "contribute", second, "--yes", code=1)
    expect("counted for the period already" in left_out.err, f"{left_out!r}")
    others = [members[1]] + members[6:]
    together([members[0]] + members[2:6], "tally", "decline", second)
    together(others, "tally", "contribute", second, "--yes")
    ended(members + [convenor], second)
    which = members[0].run("tally", "show", "2026", code=64)
    expect(f"{tally[:16]} (closed), {second[:16]} (closed)" in which.err, f"which of both: {which!r}")
    counted(members[0], 5)
    both = [members[0].json("benchmark", "enabled.fte", *more) for more in
            ([], ["--tally", tally[:12]])]
    equal([(b["tally"], b["own"]["counted"], b["batches"]) for b in both],
          [(second, False, [tally]), (tally, True, [second])], "each batch by itself")
    expect(f"--tally {tally[:16]}" in members[0].run("benchmark", "enabled.fte").out, "the other one")
    equal(sorted((row["tally"], row["batch"]) for row in members[0].json("benchmark", "--list")
                 if row["cohort"] == "everybody"), sorted([(tally, 1), (second, 2)]), "the list")
    third = convenor.run("tally", "call", "--period", 2026, "--metrics", "enabled.fte",
                         "--late", code=1)
    expect("only 0 members" in third.err, f"nobody is left: {third!r}")
    equal(entry(members[1], second)["withdrawn"], False, "in the second tally")


if __name__ == "__main__":
    run(globals())
