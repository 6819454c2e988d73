"""What a call could release: forecasts of real daemons, as people and as programs read them. The words are
held against made-up cells in tests/unit/test_forecast.c."""

from harness import equal, expect, run, wait
from tallies import call, contribute, ended, network, record

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


if __name__ == "__main__":
    run(globals())
