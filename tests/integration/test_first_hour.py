#!/usr/bin/python3
"""The first hour of a new member: files come in, are taken back, and what to do next is said."""

from harness import equal, expect, run

TENANTS = """tenant,activity,floor_space_m2,turnover,staff_fte
Example Nursery,childcare,240,180000,9.5
Example Design,graphic design,35,,
"""

SUPPLIERS = """supplier,spend,local,respent_locally
Example Catering Ltd,1250.50,yes,45%
Example Stationers,320,no,
"""


def anchor(place, name="Example Trust"):
    return place.member(name).init("anchor", "--gss", "E08000033").start()


def test_imports_are_taken_back_one_after_the_other(place):
    member = anchor(place)
    answer = member.run("undo", "--yes", code=1)
    expect("no import is there to be taken back" in answer.err, answer.err)
    expect("Nothing was imported yet." in member.run("imports").out, "an empty list says so")

    tenants = place.file("tenants.csv", TENANTS)
    one = place.file("one.csv", TENANTS.splitlines()[0] + "\nExample Nursery,,,,4\n")
    member.run("enabled", "import", tenants, "--period", "2016")
    member.run("enabled", "import", one, "--period", "2016")
    member.run("lm3", "new", "bakery", "--area", "E08000033", "--period", "2016",
               "--payroll-local", "1000")
    member.run("lm3", "import", "bakery", "suppliers", place.file("s.csv", SUPPLIERS))
    listed = member.json("imports")
    equal([(i["kind"], i["name"], i["file"], i["rows"]) for i in listed["imports"]],
          [("suppliers", "bakery", "s.csv", 2), ("tenants", "2016", "one.csv", 1),
           ("tenants", "2016", "tenants.csv", 2)], "newest first")
    expect(listed["imports"][0]["at"].endswith("Z"), "a time in UTC")
    words = member.run("imports").out
    expect("suppliers" in words and "one.csv" in words, words)

    # Nobody is asked where nobody sits, and a look takes nothing back.
    answer = member.run("undo", code=64)
    expect("--yes" in answer.err, answer.err)
    preview = member.json("undo", "--dry-run")
    equal((preview["undone"], preview["import"]["file"]), (False, "s.csv"), "a preview")
    equal(len(member.json("imports")["imports"]), 3, "all are still there")

    expect("Taken back." in member.run("undo", "--yes").out, "done is said")
    equal(member.json("lm3", "result", "bakery")["round1_pence"], 100000, "payroll alone")
    equal(member.json("enabled", "result")["tenants"], 1, "the newest table counts")
    undone = member.json("undo", "--yes")
    equal((undone["undone"], undone["counts_again"]["file"]), (True, "tenants.csv"), "undone")
    equal(member.json("enabled", "result")["tenants"], 2, "the one before counts again")
    member.run("undo", "--yes")
    member.run("enabled", "result", code=1)
    equal(member.json("imports"), {"imports": [], "older": 0}, "nothing is left")


def test_what_an_import_replaced_comes_back(place):
    member = anchor(place)
    member.run("enabled", "record", "--period", "2015", "--fte", "12", "--fte-method", "primary",
               "--confidence", "high", "--source", "annual report")
    tenants = place.file("tenants.csv", TENANTS)
    member.run("enabled", "import", tenants, "--period", "2015", code=1)
    member.run("enabled", "import", tenants, "--period", "2015", "--instead")
    equal(member.json("enabled", "result")["tenants"], 2, "tenants instead of totals")
    member.stop()
    member.start()
    undone = member.json("undo", "--yes")
    equal(undone["counts_again"], None, "no table stood there before")
    result = member.json("enabled", "result")
    equal((result["recorded"], result["employees_fte"]["exact"]), (True, 12), "the totals")

    # Totals that take the place of an import are no import: undo does not reach behind them.
    member.run("enabled", "import", tenants, "--period", "2015", "--instead")
    member.run("enabled", "record", "--period", "2015", "--fte", "13", "--fte-method", "primary",
               "--confidence", "high", "--source", "annual report", "--instead")
    member.run("undo", "--yes", code=1)
    equal(member.json("enabled", "result")["employees_fte"]["exact"], 13, "what was typed")


if __name__ == "__main__":
    run(globals())
