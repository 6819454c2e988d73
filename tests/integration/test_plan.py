"""The ten steps of measuring impact: said, recorded, and ticked by what was recorded."""

import re

from asking import Asker
from harness import equal, expect, run


def member(place):
    return place.member("Example Trust").init("anchor").start()


def states(answer):
    return "".join(s["state"][0] for s in answer["steps"])


def record(m, indicator, value, period, *rest):
    m.run("indicator", "record", indicator, value, "--period", period, *rest)


def test_from_nothing_to_all_ten(place):
    m = member(place)
    expect("There is no plan yet" in m.run("plan", "list").out, "an empty list")
    answer = m.run("plan", code=1)
    expect("no plan yet" in answer.err and "keeplocal plan set" in answer.err, answer.err)
    answer = m.json("plan", "set", "change=young people find work here")
    equal((answer["plan"], answer["revision"], states(answer)), ("plan", 1, "b" + 9 * "o"), "begun")
    equal(answer["next"], {"step": 1, "name": "Theory of change",
                           "command": 'keeplocal plan set activities="..."'}, "next")
    m.run("plan", "set", "activities=training", "area=Halifax", "shows=more jobs", "2=case notes",
          "impacts=jobs", "collection=payroll, once a year")
    answer = m.json("plan")
    equal(states(answer), "ddbdoooooo", "four of words, one without an indicator")
    expect("--indicator" in answer["next"]["command"], answer["next"])
    answer = m.json("plan", "set", "--indicator", "local multiplier", "--indicator",
                    "c2.living_wage_jobs")
    equal(states(answer), "ddddoooooo", "chosen")
    equal(answer["next"]["command"], "keeplocal indicator record c1.lm3 VALUE --period YEAR",
          "what to type")

    record(m, "c1.lm3", "2.4", "2016", "--method", "LM3", "--source", "ledger")
    equal(states(m.json("plan")), "ddddbooooo", "one of two")
    record(m, "c2.living_wage_jobs", "40", "2016", "--challenger", "Jo")
    answer = m.json("plan")
    equal(states(answer), "dddddbbooo", "recorded; one was checked, and one is a snapshot")
    equal([(i["code"], i["checked"], i["compared"]) for i in answer["indicators"]],
          [("c1.lm3", False, False), ("c2.living_wage_jobs", True, True)], "indicators")
    expect("--challenger" in answer["next"]["command"], answer["next"])
    record(m, "c1.lm3", "2.41", "2016", "--method", "LM3", "--source", "the auditor")
    equal(states(m.json("plan"))[5], "d", "a second source")
    record(m, "c1.lm3", "2.5", "2017", "--method", "a guess")
    answer = m.json("plan")
    equal(answer["steps"][6]["have"], 1, "another method is no trend")
    expect("Local multiplier" in answer["steps"][6]["missing"], answer["steps"][6])
    record(m, "c1.lm3", "2.5", "2018", "--method", "LM3")
    equal(states(m.json("plan"))[6], "b", "figures, but no words on the contribution")
    m.run("plan", "set", "contribution=half of it", "audience=cabinet", "reported=2018-11-30")
    answer = m.json("plan", "set", "look-back=fewer women", "next=every year")
    equal((states(answer), answer["done"], answer["next"]), (10 * "d", 10, None), "all ten")
    expect("All ten steps are done" in m.run("plan").out, "not said")
    m.stop()
    m.start()
    equal(m.json("plan"), answer, "after a restart")
    first = m.json("plan", "--revision", "1")
    equal(first["steps"][0]["fields"][1]["text"], None, "as it was at first")


def test_indicators_of_ones_own_can_be_followed(place):
    m = member(place)
    m.run("indicator", "define", "Meals shared", "--characteristic", "6", "--unit", "count",
          "--polarity", "higher", "--how", "Count the plates.")
    answer = m.json("plan", "set", "change=neighbours eat together", "--indicator", "meals")
    equal([(i["name"], i["observed"]) for i in answer["indicators"]], [("Meals shared", False)],
          "chosen")
    record(m, "Meals shared", "120", "2025")
    record(m, "Meals shared", "140", "2026", "--challenger", "Jo")
    it = m.json("plan")["indicators"][0]
    equal((it["observed"], it["checked"], it["compared"]), (True, True, True), "seen")
    m.run("assess", "record", "--period", "2026", "--assessor", "board", "C6=1")
    own = m.json("assess", "gaps", "C6")["gaps"][0]["indicators"][-1]
    equal((own["name"], own["kind"], own["latest"]), ("Meals shared", "own", "2026"), "in gaps")
    answer = m.json("plan", "set", "--without-indicator", "Meals shared")
    equal(answer["indicators"], [], "taken away")


def test_a_report_that_was_written_ticks(place):
    m = member(place)
    m.run("plan", "set", "change=jobs", "audience=cabinet")
    equal((states(m.json("plan"))[7], m.json("plan")["report_written"]), ("b", None), "not yet")
    m.run("report", "--out", place.path + "/empty.html")
    equal((states(m.json("plan"))[7], m.json("plan")["report_written"]), ("b", None), "no figures")
    record(m, "c1.lm3", "2.4", "2016")
    m.run("report", "--out", place.path + "/report.html")
    answer = m.json("plan")
    equal(states(answer)[7], "d", "written")
    expect(re.fullmatch(r"\d{4}-\d\d-\d\d", answer["report_written"]), answer["report_written"])
    equal(answer["revision"], 1, "the plan itself is as it was")


def test_several_plans_by_name(place):
    m = member(place)
    m.run("plan", "set", "--plan", "Youth work", "change=jobs")
    equal(m.json("plan")["plan"], "Youth work", "the only one")
    m.run("plan", "set", "--plan", "Town hall", "change=rooms", "--indicator", "c1.lm3")
    answer = m.run("plan", code=64)
    expect("Town hall, Youth work" in answer.err, answer.err)
    answer = m.json("plan", "youth WORK")
    equal(answer["plan"], "Youth work", "by name, whatever the case")
    expect('--plan "Youth work"' in answer["next"]["command"], answer["next"])
    m.run("plan", "set", "change=x", code=64)
    rows = m.json("plan", "list")["plans"]
    equal([(r["plan"], r["indicators"], r["next"]) for r in rows],
          [("Town hall", 1, "Theory of change"), ("Youth work", 0, "Theory of change")], "list")
    expect("Town hall" in m.run("plan", "list").out, "list")
    answer = m.json("plan", "set", "--plan", "Town hall", "--without-indicator", "c1.lm3")
    equal(answer["indicators"], [], "taken away")


def test_what_each_revision_changed(place):
    m = member(place)
    m.run("plan", "history", code=1)
    m.run("plan", "set", "change=jobs", "area=Halifax", "--indicator", "c1.lm3")
    m.run("plan", "set", "change=better jobs", "area=", "--without-indicator", "c1.lm3")
    m.run("plan", "set", "--plan", "Plan B", "change=rooms")
    answer = m.json("plan", "history", "plan")
    equal(answer, {"plan": "plan", "earlier": 0, "revisions": [
        {"revision": 1, "changed": ["change", "area"], "emptied": [],
         "chosen": ["Local multiplier (LM3)"], "no_longer": []},
        {"revision": 2, "changed": ["change"], "emptied": ["area"], "chosen": [],
         "no_longer": ["Local multiplier (LM3)"]}]}, "two revisions, of this plan alone")
    shown = m.run("plan", "history").out
    for words in ("revision 2", "emptied: area", "no longer followed: Local multiplier (LM3)"):
        expect(words in shown, f"not said: {words!r}\n{shown}")
    asker = Asker(m.home + "/control")
    for i in range(60):
        asker.ask("plan set", plan="plan", set=[f"next={i}"])
    asker.close()
    answer = m.json("plan", "history")
    equal((answer["earlier"], [r["revision"] for r in answer["revisions"]]),
          (22, list(range(23, 63))), "the latest ones")
    equal([r["changed"] for r in answer["revisions"]], 40 * [["next"]], "each by itself")


def test_a_bad_plan_changes_nothing(place):
    m = member(place)
    m.run("plan", "set", "change=jobs")
    for args, code, words in [
            (["wish=x"], 1, "no field of a plan"),
            (["change"], 64, "FIELD=TEXT"),
            ([], 64, "nothing to set"),
            (["area=x", "reported=soon"], 64, "date"),
            (["area=" + "x" * 1100], 64, "at most 1023 bytes"),
            (["area=x", "--indicator", "c9.nothing"], 1, "c9.nothing"),
            (["--without-indicator", "c1.lm3"], 1, "does not follow"),
            (["--plan", "x" * 80, "area=x"], 64, "plan"),
    ]:
        answer = m.run("plan", "set", *args, code=None)
        expect(answer.code == code and words in answer.err, f"{args}: {answer}")
    equal(m.json("plan")["revision"], 1, "revision")
    m.run("plan", "--revision", "7", code=1)
    m.run("plan", "--revision", "x", code=64)
    m.run("plan", "nothing", code=1)


if __name__ == "__main__":
    run(globals())
