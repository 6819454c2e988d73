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
    council.run("import", place.file("paid.csv", SPEND))
    equal(commands(council)[0], "keeplocal template places --out places.xlsx", "it moves on")
    told = council.run("import", place.file("codes.csv", "supplier,postcode\nNobody,HX1 1AA\n")).out
    expect("0 of 1 can be told" in told and '--area "HX1 HX2"' in told, told)
    council.run("undo", "--yes")
    expect("--area" not in council.run("import", place.file("where.csv", PLACES)).out, "all told")
    equal(commands(council)[0], "keeplocal join TICKET", "and on")
    council.run("lm3", "new", "depot", "--period", "2016", "--payroll-local", "1000")
    expect("keeplocal lm3 import depot spend" in commands(council), commands(council))
    council.run("lm3", "import", "depot", "spend")
    expect("keeplocal lm3 import depot spend" not in commands(council), commands(council))
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
    wait(lambda: member.peek("status")["members"] == 2, "the roster comes")
    made = member.json("lm3", "new", "other", "--period", "2016", "--area", "Council")
    equal(made["area"], "E08000032", "a council of the roster by part of its name")


SPEND = """Council spending over £500
Supplier Name,Net Amount,Payment Date,Directorate
Example Catering Ltd,100.50,31/12/2016,Place
Example Stationers,20.00,13/11/2016,People
"""

PLACES = """supplier,place,sector
Example Catering Ltd,E08000033,small
"""

FORM = """question,answer
"Your organisation's name",Example Bakery
"4. How many staff work here?",3.5
"""


def test_files_are_recognised_by_their_columns(place):
    member = anchor(place)
    tenants, form = place.file("tenants.csv", TENANTS), place.file("form.csv", FORM)
    spend, places = place.file("spend.csv", SPEND), place.file("places.csv", PLACES)
    suppliers, odd = place.file("s.csv", SUPPLIERS), place.file("odd.csv", "colour,shape\nred,round\n")

    # One that is not known keeps all of them out; so do two that are the whole.
    answer = member.run("import", tenants, odd, code=65)
    expect("odd.csv: is nothing that is known by its columns: colour, shape" in answer.err, answer.err)
    answer = member.run("import", tenants, place.file("more.csv", TENANTS), code=64)
    expect("both are a table of tenants" in answer.err, answer.err)
    answer = member.run("import", suppliers, tenants, code=1)
    expect("there is none yet" in answer.err and "lm3 new" in answer.err, answer.err)
    member.run("import", place.path + "/nothing.csv", code=1)
    member.run("import", place.file("empty.csv", ""), code=65)
    member.run("import", place.path, code=65)
    equal(member.json("imports")["imports"], [], "nothing came in")

    member.run("lm3", "new", "bakery", "--period", "2016", "--payroll-local", "1000")
    out = member.run("import", form, suppliers, spend, tenants, places, "--period", "2016").out
    for words in ["tenants.csv is a table of tenants", "form.csv is a form that a tenant filled in",
                  "s.csv is the suppliers of an LM3 project", "spend.csv is a spending file",
                  "places.csv is a table of where suppliers are",
                  "keeplocal enabled import --period 2016 " + tenants,
                  "keeplocal lm3 import bakery suppliers " + suppliers]:
        expect(words in out, f"{words!r} in {out}")
    equal([i["kind"] for i in member.json("imports")["imports"]],
          ["suppliers", "tenants", "tenants", "spend", "spend places"], "in a useful order")
    equal(member.json("enabled", "result", "--period", "2016")["tenants"], 3, "table and form")
    stand = member.run("--json").json
    equal((stand["spend"]["total_pence"], stand["spend"]["payments"]), (12050, 2), "where I stand")
    expect("2016-11-13 to 2016-12-31: about £120 in 2 payments" in member.run().out, "in words")

    observed = place.file("o.csv", "indicator,period,value\nc1.lm3,2016,2.1\nc1.lm3,2017,2.2\n")
    expect("o.csv is a table of observations" in member.run("import", observed).out, "observations")
    member.run("indicator", "record", "c1.lm3", "2.3", "--period", "2018")
    equal(member.run("--json").json["indicators"], 3, "both sorts are counted")

    # Several projects have to be told apart, and JSON is one answer for all files.
    member.run("lm3", "new", "library", "--period", "2016", "--payroll-local", "1000")
    answer = member.run("import", suppliers, code=64)
    expect("--project NAME" in answer.err, answer.err)
    answer = member.typed("2\n", "import", suppliers)
    expect("1  bakery, 2016" in answer.err and "lm3 import library suppliers" in answer.out, answer)
    for keys in ["3\n", "library\n", "\n", "\4"]:
        expect("--project NAME" in member.typed(keys, "import", suppliers, code=64).err, keys)
    answer = member.json("import", suppliers, form, "--project", "library", "--period", "2017")
    equal([(i["command"], i["answer"].get("project") or i["answer"]["tenants"])
           for i in answer["imports"]], [("enabled import", 1), ("lm3 import", "library")], "JSON")

    answers = place.file("answers.csv", "supplier,respent_locally\nExample Stationers,20%\n")
    out = member.run("import", answers, "--project", "library").out
    expect("lm3 import library answers " + answers in out, out)

    # What a command says that a file is handed to is what one reads.
    bad = place.file("bad.csv", TENANTS.replace("9.5", "many"))
    answer = member.run("import", bad, "--period", "2018", code=65)
    expect("bad.csv, line 2, column 'staff_fte'" in answer.err, answer.err)
    member.run("enabled", "result", "--period", "2018", code=1)


def test_templates_are_recognised_as_what_they_are(place):
    member = anchor(place)
    for name, words in [("suppliers", "suppliers of an LM3 project"), ("tenants", "table of tenants"),
                        ("places", "where suppliers are"), ("assessment", "filled-in assessment"),
                        ("tenant-form", "form that a tenant filled in"),
                        ("indicators", "table of observations")]:
        for ending in ["csv", "xlsx"]:
            file = f"{place.path}/{name}.{ending}"
            member.run("template", name, "--out", file)
            answer = member.run("import", file, "--project", "x", code=None)
            expect(words in answer.out, f"{name}.{ending}: {answer}")
            expect(answer.code != 0, f"{name}.{ending} is empty, and that is said: {answer}")


if __name__ == "__main__":
    run(globals())
