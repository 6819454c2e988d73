#!/usr/bin/python3
"""The first hour of a new member: files come in, are taken back, and what to do next is said."""

from harness import equal, expect, run, wait

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


def commands(member):
    return [step["command"] for step in member.run("--json").json["next"]]


def test_where_i_stand_and_what_to_do_next(place):
    member = anchor(place)
    words = member.run().out
    expect("community anchor; in no network yet" in words and "not assessed yet" in words, words)
    expect(commands(member)[0].startswith("keeplocal template tenants"), "an anchor has tenants")
    member.run("enabled", "import", place.file("t.csv", TENANTS), "--period", "2016")
    words = member.run().out
    expect("2016: employees about" in words, words)
    equal(commands(member)[:2], ["keeplocal enabled missing", "keeplocal join TICKET"], "next")
    member.run("lm3", "new", "the bakery", "--period", "2016", "--payroll-local", "1000",
               "--payroll-elsewhere", "1000")
    expect("the bakery, 2016: 2.00, green" in member.run().out, "payroll alone is sure")
    expect("keeplocal template suppliers --out suppliers.xlsx" in commands(member), "unfed")
    member.run("lm3", "import", "the bakery", "suppliers", place.file("s.csv", SUPPLIERS.replace(
        "45%", "")))
    equal(member.run("--json").json["lm3"]["rating"], "red", "nobody answered")
    expect(any("'the bakery'" in c for c in commands(member)), "a project is named as typed")
    member.run("enabled", "record", "--period", "2017", "--fte", "3", "--fte-method", "primary",
               "--confidence", "high", "--source", "a report")
    member.run("assess", "record", "--period", "2026", "--assessor", "Jo", "C1=2", "C2=3")
    words = member.run().out
    expect("2026: 2 of 7 scored, 1 assessor" in words and "2017: employees about 3" in words, words)

    council = place.member("Example Council").init("council", "--gss", "E08000032").start()
    equal(commands(council)[0], "keeplocal import FILE", "a council has its spending file")
    expect("your tenants" not in council.run().out, "a council has none")
    convenor = place.member("The Convenor").init("convenor").start()
    equal(commands(convenor), ["keeplocal network create NAME"], "a convenor founds a network")
    convenor.run("network", "create", "Keep it Local")
    equal(commands(convenor), ["keeplocal network admit MEMBER-ID"], "and admits")
    equal([s.split(": ")[-1] for s in convenor.json("status")["next"]], commands(convenor),
          "status says the same")


def test_areas_have_names(place):
    member = anchor(place)
    made = member.json("lm3", "new", "own", "--period", "2016", "--payroll-local", "1000")
    equal(made["area"], "E08000033", "the own council area, if none is said")
    made = member.json("lm3", "new", "named", "--period", "2016", "--area", "example trust")
    equal(made["area"], "E08000033", "by the own name")
    answer = member.run("lm3", "new", "x", "--period", "2016", "--area", "Example Council",
                        code=64)
    expect("Example Council" in answer.err, answer.err)
    nowhere = place.member("Example Farm").init("anchor").start()
    answer = nowhere.run("lm3", "new", "x", "--period", "2016", code=1)
    expect("profile set gss" in answer.err, answer.err)

    convenor = place.member("The Convenor").init("convenor").start()
    convenor.run("network", "create", "Keep it Local")
    council = place.member("Example Council").init("council", "--gss", "E08000032")
    for one, gss in [(council, "E08000032"), (member, "E08000033")]:
        convenor.run("network", "admit", one.member_id, "--name", one.name, "--gss", gss)
    member.run("join", convenor.json("network", "ticket")["ticket"])
    wait(lambda: member.json("status")["members"] == 2, "the roster comes")
    made = member.json("lm3", "new", "other", "--period", "2016", "--area", "Council")
    equal(made["area"], "E08000032", "a council of the roster by part of its name")


if __name__ == "__main__":
    run(globals())
