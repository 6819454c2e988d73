#!/usr/bin/python3
"""Enabled contribution: tables that estimates rest on, forms of tenants, and what is missing."""

from harness import equal, expect, run

TENANTS = """tenant,activity,floor_space_m2,turnover,staff_fte
Example Nursery,childcare,240,180000,9.5
Example Design,graphic design,130,,
Example Mystery,,,,
"""

DENSITIES = """name,Made-up densities
source,counted by nobody
year,2026
use_class,use,low_m2,high_m2,area_basis
B1a,office,10,10,NIA
"""

VALUES = """name,Made-up value added
source,reckoned by nobody
year,2024
section,gva_per_job
M,"90,000"
Q,40000.50
"""


def anchor(place, name="Example Trust"):
    return place.member(name).init("anchor", "--gss", "E08000033").start()


def fte(member, period):
    return member.json("enabled", "result", "--period", period)["employees_fte"]["exact"]


def test_own_tables_are_used_from_then_on(place):
    member = anchor(place)
    tenants = place.file("tenants.csv", TENANTS)
    member.run("enabled", "import", tenants, "--period", "2016")
    equal(fte(member, "2016"), 19.5, "9.5, and 130 square metres at 13")

    densities = place.file("densities.csv", DENSITIES)
    answer = member.json("enabled", "factors", "import", densities)
    equal((answer["in_use"]["density"]["version"], answer["in_use"]["density"]["year"]),
          (1, 2026), "the own table is in use")
    equal((answer["in_use"]["gva_per_job"]["version"], answer["periods"]), (None, ["2016"]),
          "the program's other table stays; 2016 rests on what it rested on")
    equal(fte(member, "2016"), 19.5, "a later table changes no earlier result")
    member.run("enabled", "import", tenants, "--period", "2017")
    equal(fte(member, "2017"), 22.5, "130 square metres at 10")
    equal(member.json("enabled", "result", "--period", "2017")["factors"]["density"]["name"],
          "Made-up densities", "the result names its table")

    # On demand the earlier period is reckoned anew, after a look.
    look = member.json("enabled", "refresh", "--period", "2016", "--dry-run")
    equal((look["refreshed"], look["before"]["employees_fte"]["exact"],
           look["after"]["employees_fte"]["exact"]), (False, 19.5, 22.5), "a look")
    equal(fte(member, "2016"), 19.5, "a look changes nothing")
    member.run("enabled", "refresh", "--period", "2016")
    equal(fte(member, "2016"), 22.5, "reckoned anew")
    expect("already rest" in member.run("enabled", "refresh", "--period", "2016").out, "once")

    # Every version stays, and can be gone back to.
    member.run("enabled", "factors", "import",
               place.file("more.csv", DENSITIES.replace("10,10", "26,26")))
    own = member.json("enabled", "factors")["own"]
    equal([t["version"] for t in own["density"]], [1, 2], "both versions")
    member.run("enabled", "factors", "use", "density", "1")
    equal(member.json("enabled", "factors")["in_use"]["density"]["version"], 1, "the first")
    member.run("enabled", "factors", "use", "density", "program")
    equal(member.json("enabled", "factors")["in_use"]["density"]["version"], None, "none")
    member.run("enabled", "factors", "use", "density", "3", code=1)
    member.run("enabled", "factors", "use", "value", "1", code=64)

    # All of it goes back, the last first.
    for _ in range(4):
        member.run("undo", "--yes")
    equal(fte(member, "2016"), 19.5, "as it was reckoned first")
    equal([i["kind"] for i in member.json("imports")["imports"]],
          ["tenants", "factor table", "tenants"], "what is left")


def test_value_added_by_own_table_and_by_ratio(place):
    member = anchor(place)
    member.run("enabled", "factors", "import", place.file("values.csv", VALUES))
    member.run("enabled", "import", place.file("t.csv", TENANTS), "--period", "2016")
    result = member.json("enabled", "result")
    equal(result["gva_pence"]["exact"], 95 * 400005 + 100 * 900000, "jobs by value of a job")
    expect(any("no ratio" in w for w in result["warnings"]), "turnover counts for nothing yet")

    member.run("enabled", "factors", "ratio", "45%", code=64)
    member.run("enabled", "factors", "ratio", "45", "--source", "x", "--year", "2016", code=64)
    member.run("enabled", "factors", "ratio", "45%", "--source", "a survey", "--year", "2016")
    member.run("enabled", "refresh")
    result = member.json("enabled", "result")
    equal(result["gva_pence"]["methods"]["partly"], 8100000, "45% of £180,000")
    equal(result["factors"]["gva_per_turnover"]["source"], "a survey", "with its source")
    expect("45.0%" in member.run("enabled", "result").out, "and it is shown")
    member.run("enabled", "factors", "ratio", "none")
    equal(member.json("enabled", "factors")["in_use"]["gva_per_turnover"], None, "taken away")


def test_tables_that_are_none(place):
    member = anchor(place)
    for name, content, words in [
            ("t.csv", TENANTS, "neither a table of densities nor"),
            ("a.csv", DENSITIES.replace("source,counted by nobody\n", ""), "'source'"),
            ("b.csv", DENSITIES.replace("10,10", "10,9"), "line 5, column 'high_m2'"),
            ("c.csv", DENSITIES.replace("10,10", "ten,10"), "line 5, column 'low_m2'"),
            ("d.csv", VALUES.replace("90,000", "lots"), "line 5, column 'gva_per_job'"),
            ("e.csv", VALUES.replace("section,gva_per_job", "section,industry"),
             "how much GVA a job brings"),
            ("f.csv", VALUES + "M,1\n", "section M stands twice"),
            ("g.csv", b"\x00\x01\x02", "g.csv")]:
        answer = member.run("enabled", "factors", "import", place.file(name, content), code=65)
        expect(words in answer.err, f"{name}: {answer.err}")
    equal(member.json("enabled", "factors")["own"], {"density": [], "gva_per_job": []},
          "nothing came in")


FORM = """question,answer
"Your organisation's name",{name}
"1. What do you do here? (a few words)",{does}
"2. How much floor space do you use? (square metres)",{floor}
"3. What was your turnover last year? (pounds)",
"4. How many staff work here? (full-time equivalents: two half-time jobs are one)",{staff}
"""


def form(place, file, name, does="", floor="", staff=""):
    return place.file(file, FORM.format(name=name, does=does, floor=floor, staff=staff))


def named(member, *args):
    return {t["tenant"]: t for t in member.json("enabled", "tenants", *args)["tenants"]}


def test_forms_join_the_table(place):
    member = anchor(place)
    one = form(place, "one.csv", "Example Bakery", "bakery", "94", "")
    two = form(place, "two.csv", "Example  NURSERY", "", "", "11")
    three = form(place, "three.csv", "Example Wood", "shaping wood", "50", "")
    answer = member.run("enabled", "import", one, place.file("t.csv", TENANTS), code=64)
    expect("tables and forms at once" in answer.err, answer.err)
    member.run("enabled", "import", place.file("t.csv", TENANTS), "--period", "2016")
    answer = member.json("enabled", "import", one, two, three, "--period", "2016")
    equal((answer["added"], answer["changed"], answer["tenants"]), (2, 1, 5), "joined")
    tenants = named(member)
    nursery, bakery = tenants["Example Nursery"], tenants["Example Bakery"]
    equal((nursery["staff_fte"], nursery["activity"], nursery["floor_space_m2"]),
          (11, "childcare", 240), "what is told joins what was known")
    equal((bakery["sic"], bakery["sic_judged"], bakery["use_class"], bakery["counted_fte"],
           bakery["fte_method"]), ("C", True, "B1c", 2, "estimated"), "94 square metres at 47")
    expect("manufacturing (C)*" in member.run("enabled", "tenants").out, "the judgement is shown")
    equal(list(named(member, "--match", "WOOD")), ["Example Wood"], "one of them")

    # A form that cannot be read keeps all of them out.
    bad = form(place, "bad.csv", "Example Bad", "", "", "several")
    four = form(place, "four.csv", "Example Four", "bakery", "", "1")
    answer = member.run("enabled", "import", four, bad, "--period", "2016", code=65)
    expect("bad.csv, line 6" in answer.err, answer.err)
    equal(len(named(member)), 5, "nothing came in")
    answer = member.run("enabled", "import", form(place, "no.csv", ""), code=65)
    expect("whose form" in answer.err, answer.err)

    # Names that are alike but for Ltd are one, which is told.
    alike = form(place, "alike.csv", "example bakery ltd", "", "", "3")
    answer = member.json("enabled", "import", alike, "--period", "2016")
    equal((answer["changed"], answer["loosely"]),
          (1, [{"form": "example bakery ltd", "tenant": "Example Bakery"}]), "loosely")
    equal(named(member)["Example Bakery"]["staff_fte"], 3, "the name stays")
    member.run("undo", "--yes")
    out = member.run("enabled", "import", alike, "--period", "2016").out
    expect("example bakery ltd: taken for Example Bakery" in out, out)
    member.run("undo", "--yes")

    # Which year a form is about is not guessed if this one has no tenants yet.
    answer = member.run("enabled", "import", four, code=64)
    expect("or about 2016?" in answer.err and "--period 2016" in answer.err, answer.err)

    # Without any table, forms begin one; and all of them go back at once.
    member.run("enabled", "import", four, "--period", "2017")
    equal(list(named(member, "--period", "2017")), ["Example Four"], "forms alone")
    member.run("undo", "--yes")
    member.run("enabled", "tenants", "--period", "2017", code=1)
    member.run("undo", "--yes")
    equal(named(member)["Example Nursery"]["staff_fte"], 9.5, "as the table had it")


def test_one_tenant_is_corrected_by_hand(place):
    member = anchor(place)
    member.run("enabled", "import", place.file("t.csv", TENANTS), "--period", "2016")
    member.run("enabled", "set", "design", "--staff", "4", "--sic", "74.10")
    design = named(member)["Example Design"]
    equal((design["staff_fte"], design["sic"], design["sic_judged"], design["use_class_judged"]),
          (4, "M", False, True), "a part of the name is enough")
    member.run("enabled", "set", "design", "--activity", "bakery")
    design = named(member)["Example Design"]
    equal((design["activity"], design["sic"], design["use_class"]), ("bakery", "M", "B1c"),
          "what was said is not overruled, what was judged is judged again")
    answer = member.run("enabled", "set", "example", "--staff", "4", code=64)
    expect("more than one tenant fits" in answer.err, answer.err)
    answer = member.run("enabled", "set", "gym", "--staff", "4", code=1)
    expect("--new adds one" in answer.err and "Example Design" in answer.err, answer.err)
    member.run("enabled", "set", "Example Gym", "--new", "--activity", "gym", "--staff", "4")
    member.run("enabled", "set", "Example Gym", "--new", code=1)
    member.run("enabled", "set", "mystery", "--remove")
    equal(sorted(named(member)), ["Example Design", "Example Gym", "Example Nursery"], "three")
    member.run("enabled", "set", "gym", "--sic", "arts", "--use-class", "retail")
    gym = named(member)["Example Gym"]
    equal((gym["sic"], gym["use_class"]), ("R", "A1"), "nobody has to know a code")
    member.run("enabled", "set", "gym", "--use-class", "D2")
    equal(named(member)["Example Gym"]["use_class"], "D2", "a class that no table has")
    for option, value, said, code in [("--sic", "Z", "--sic", 1),
                                      ("--sic", "services", "more than one", 64),
                                      ("--use-class", "castle", "no use 'castle'", 1),
                                      ("--use-class", "re", "may be use class", 64)]:
        answer = member.run("enabled", "set", "gym", option, value, code=code)
        expect(said in answer.err, answer.err)
    for option, value in [("--staff", "many"), ("--measured", "foot"),
                          ("--floor-space", "-3"), ("--turnover", "a lot")]:
        answer = member.run("enabled", "set", "gym", option, value, code=64)
        expect(option in answer.err, answer.err)
    for _ in range(3):
        member.run("undo", "--yes")
    equal(len(named(member)), 4, "taken back")
    first = place.member("Example Farm").init("anchor").start()
    first.run("enabled", "set", "Example Stall", "--new", "--activity", "shop", "--staff", "2")
    equal(first.json("enabled", "result")["employees_fte"]["exact"], 2, "without any table")


def test_whose_answer_would_help_most(place):
    member = anchor(place)
    member.run("enabled", "import", place.file("t.csv", TENANTS), "--period", "2016")
    answer = member.json("enabled", "missing")
    equal([(m["tenant"], m["ask"]) for m in answer["missing"]],
          [("Example Mystery", ["staff", "or else floor space", "activity"]),
           ("Example Design", ["staff"])], "who is left out comes first")
    design = answer["missing"][1]
    expect(0.5 < design["fte_share"] < 0.52, "10 of 19.5 FTE rest on an estimate")
    equal(answer["employees_fte"], {"confidence": "low", "would_be": "high", "answers": 2},
          "more than half rests on floor space until both have answered")
    result = member.json("enabled", "result")
    equal((result["missing"], result["missing_more"]), (answer["missing"], 0), "in the result")
    words = member.run("enabled", "missing").out
    expect("Example Mystery (left out)" in words and "this order is ours" in words, words)

    member.run("enabled", "set", "mystery", "--staff", "3", "--activity", "shaping things")
    answer = member.json("enabled", "missing")
    equal([(m["tenant"], m["ask"], m["say_yourself"]) for m in answer["missing"]],
          [("Example Mystery", [], ["sic"]), ("Example Design", ["staff"], [])],
          "its activity is told: the anchor has to say what that is")
    member.run("enabled", "set", "mystery", "--sic", "C")
    member.run("enabled", "set", "design", "--staff", "9")
    answer = member.json("enabled", "missing")
    equal((answer["missing"], answer["employees_fte"]["confidence"]), ([], "high"), "all told")
    expect("no answer" in member.run("enabled", "missing").out, "and it is said")


if __name__ == "__main__":
    run(globals())
