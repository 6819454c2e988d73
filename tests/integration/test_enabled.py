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
            ("b.csv", DENSITIES.replace("10,10", "10,9"), "out of range"),
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


if __name__ == "__main__":
    run(globals())
