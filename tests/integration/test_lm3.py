"""LM3 in its five steps as an officer takes them: project, area, budget, suppliers, survey; and what is
made of the result. Everybody in here is made up.
"""

import csv
import os

from asking import Upload
from harness import equal, expect, run

AREA = ("--area", "E08000033", "--period", "2016")

SUPPLIERS = """Supplier;Contact;Email;Spend;Local;Respent locally
Example Catering Ltd;Ann;ann@example.org;£12,000.00;yes;45%
Example Catering Limited;;;-2,000;;
Example Cleaning;;clean@example.org;6,000;no;0.25
Example Stationers;;;4,000;unknown;
Example Builder;Bob;;5,000;yes;
Example Power plc;;;2,500;no;
"""


def alone(place, name="Example Trust"):
    """A member of no network: own figures need none."""
    return place.member(name).init("anchor").start(bind=False)


def project(place, suppliers=SUPPLIERS):
    member = alone(place)
    member.run("lm3", "new", "Jubilee", *AREA, "--payroll-local", 80000,
               "--payroll-elsewhere", 20000, "--other-local", 1200)
    member.run("lm3", "import", "Jubilee", "suppliers", place.file("suppliers.csv", suppliers))
    return member


def near(got, wanted, what, by=1e-9):
    expect(got is not None and abs(got - wanted) <= by, f"{what}: expected {wanted}, got {got}")


def has(text, *parts):
    for part in parts:
        expect(part in text, f"'{part}' in:\n{text}")


def refused(member, *args, code, said):
    """The command fails with this exit code, and these words on standard error."""
    has(member.run(*args, code=code).err, said)


def test_a_colour_is_not_all(place):
    """All suppliers answered, but nobody knows where most of the income went."""
    member = project(place, "supplier,spend,local,respent_locally\nExample Builder,1000,yes,50%\n")
    equal(member.json("lm3", "result", "jubilee")["confidence"],
          {"answered_share": 1.0, "rating": "green", "caveat": None}, "all is accounted for")
    member.run("lm3", "set", "Jubilee", "--income", 300000)
    caveat = "most of the income stands in no line"
    equal(member.json("lm3", "result", "jubilee")["confidence"],
          {"answered_share": 1.0, "rating": "green", "caveat": caveat}, "most is not")
    for command in ("result", "explain"):
        has(member.run("lm3", command, "jubilee").out,
            f"Confidence: green: the answers would do, but {caveat}", "£197,800 of the income",
            "a caveat beside the colour")
    has(member.run().out, f"green, but {caveat}")
    has(member.run("lm3", "compare", "jubilee", "jubilee").out, f"100% answered, but {caveat}")
    page = place.file("page.html", "") + "l"
    member.run("report", "--out", page)
    has(open(page, encoding="utf-8").read(), f"green, but {caveat}")


# ---- what is made of a result ------------------------------------------------------------------


def test_explain_adds_up_exactly(place):
    member = project(place)
    result = member.json("lm3", "result", "jubilee")
    for n in (1, 3, 20):
        told = member.json("lm3", "explain", "jubilee", "--n", n)
        parts = told["parts"]
        equal(sum(p["round1_pence"] for p in parts), result["round1_pence"], "round 1")
        for case in ("low", "central", "high"):
            for key in ("round2_pence", "round3_pence"):
                equal(sum(p[key][case] for p in parts), result[key][case], f"{key} {case} of {n}")
            equal(round(sum(p["lm3"][case] for p in parts), 3), round(result["lm3"][case], 3),
                  f"score, {case}")
        equal(sum(p["suppliers"] for p in parts), 5, "suppliers")
    words = member.run("lm3", "explain", "jubilee").out
    has(words, "central value of 2.310", "Example Catering Ltd (local, 45% again)", "1.653",
        "Example Stationers (place unknown, silent)", "proxies: local staff spend 0.66")
    has(member.run("lm3", "explain", "jubilee", "--case", "high").out, "high value of 2.376")
    member.run("lm3", "set", "Jubilee", "--income", 100000)
    has(member.run("lm3", "explain", "jubilee").out, "less what was spent above the income",
        "is above the income of £100,000")
    refused(member, "lm3", "explain", "jubilee", "--case", "best", code=64,
            said="low, central or high")
    refused(member, "lm3", "explain", "jubilee", "--n", 0, code=64, said="from 1 to 300")


def test_leaks_come_largest_first(place):
    member = project(place)
    told = member.json("lm3", "leaks", "jubilee")
    equal([leak["supplier"] for leak in told["leaks"]],
          ["Example Cleaning", "Example Catering Ltd", "Example Builder", "Example Power plc"], "order")
    equal(told["leaks"][2]["leaves_pence"], {"low": 0, "central": 275000, "high": 500000}, "silent")
    equal(told["at_once"], {"suppliers_elsewhere_pence": 850000, "payroll_elsewhere_pence": 2000000,
                            "other_elsewhere_pence": 0}, "at once")
    equal([leak["supplier"] for leak in told["unknown_places"]], ["Example Stationers"], "unknown")
    words = member.run("lm3", "leaks", "jubilee", "--n", 2).out
    has(words, "£8,500 with 2 suppliers elsewhere", "comes back: £1,500", "Example Stationers",
        "Not known: £4,000 with 1 supplier")
    expect("Example Builder" not in words, "only two are shown")


def test_a_recorded_score_has_no_lines(place):
    member = alone(place)
    member.run("lm3", "record", "Halifax", *AREA, "--score", "2.43", "--source", "made up")
    for verb in ("explain", "leaks"):
        refused(member, "lm3", verb, "halifax", code=64, said="worked out elsewhere")


def test_what_if_money_stayed(place):
    member = project(place)
    told = member.json("lm3", "what-if", "jubilee", "--hire-points", 10)
    equal(told["moved_payroll_pence"], 1000000, "a tenth of the payroll")
    near(told["gained_for_each_pound"]["central"], 1.33, "1 + 0.66 - 0.33")
    near(told["after"]["lm3"]["central"] - told["before"]["lm3"]["central"],
         1330000 / told["income_pence"], "what the score gains")
    both = member.json("lm3", "what-if", "jubilee", "--hire-points", 10, "--shift-spend", 2000)
    equal(both["moved_spend_pence"], 200000, "pounds")
    expect(both["gained_pence"]["central"] > told["gained_pence"]["central"], "more is gained")
    has(member.run("lm3", "what-if", "jubilee", "--shift-points", 5).out, "This assumes",
        "for each £1 that is moved", "keeplocal's own")
    refused(member, "lm3", "what-if", "jubilee", code=64, said="nothing would be moved")
    refused(member, "lm3", "what-if", "jubilee", "--shift-spend", "1,000,000", code=64,
            said="£8,500 is spent with suppliers that are known to be elsewhere")
    refused(member, "lm3", "what-if", "jubilee", "--hire-points", "ten", code=64, said="hire-points")
    equal(member.json("lm3", "result", "jubilee")["lm3"], told["before"]["lm3"], "nothing is kept")


def test_periods_side_by_side(place):
    member = alone(place)
    for name, year, local in (("Jubilee 2016", 2016, 80000), ("Jubilee 2017", 2017, 90000)):
        member.run("lm3", "new", name, "--area", "E08000033", "--period", year, "--payroll-local",
                   local, "--payroll-elsewhere", 100000 - local)
    told = member.json("lm3", "compare", "jubilee 2016", "jubilee 2017")
    near(told["steps"][0]["difference"], 0.133, "one tenth more local staff")
    equal((told["steps"][0]["comparable"], told["steps"][0]["told"]), (True, True), "comparable")
    member.run("lm3", "set", "Jubilee 2017", "--proxy-local", "0.5")
    member.run("lm3", "record", "Halifax", "--area", "HX1 HX2", "--period", "2016", "--score", "2.43",
               "--basis", "contract", "--source", "made up")
    told = member.json("lm3", "compare", "Jubilee 2016", "Jubilee 2017", "Halifax")
    expect("proxies" in told["steps"][0]["why_not"][0], f"why not: {told['steps'][0]}")
    equal(len(told["steps"][1]["why_not"]), 4, "area, basis, how it was worked out, confidence")
    has(member.run("lm3", "compare", "Jubilee 2016", "Halifax").out, "2.43, recorded",
        "They cannot be compared", "their local areas differ")
    refused(member, "lm3", "compare", "Jubilee 2016", code=64, said="NAME NAME")
    refused(member, "lm3", "compare", "Jubilee 2016", "nobody", code=1, said="no LM3 project")


def test_long_areas_are_short_in_a_list(place):
    member = alone(place)
    codes = " ".join(f"E0600{n:04}" for n in range(20))
    member.run("lm3", "new", "North", "--area", codes, "--period", "2016", "--payroll-local", 1)
    has(member.json("lm3", "list")["projects"][0]["area"], "E06000007 and 12 more")
    equal(member.json("lm3", "result", "north")["area"], codes, "elsewhere it is whole")


# ---- step two: a radius ------------------------------------------------------------------------


def test_a_radius_takes_coordinates(place):
    """Twelve kilometres round a point; a supplier within, one without, and one nobody knows of."""
    member = alone(place)
    refused(member, "lm3", "new", "Hopscotch", "--area", "12km -1.90,50.80", "--period", "2016",
            code=64, said="latitude comes first: 12km 50.8,-1.9")
    member.run("lm3", "new", "Hopscotch", "--area", "12km 50.80,-1.90", "--period", "2016")
    table = place.file("r.csv", "supplier,spend,place,latitude,longitude,respent_locally\n"
                                "Example Near,100,BH22 9AB,50.85,-1.88,0.5\n"
                                "Example Far,100,,53.80,-1.55,0.5\nExample Typed,100,\"50.81,-1.91\",,,0.5\n"
                                "Example Unknown,50,BH22 9AB,,,0.5\n")
    member.run("lm3", "import", "Hopscotch", "suppliers", table)
    result = member.json("lm3", "result", "hopscotch")
    equal(result["round2_pence"], {"low": 20000, "central": 23333, "high": 25000}, "round 2")
    has("\n".join(result["warnings"]), "suppliers with £50 have none")
    has(result["barred"], "not one council area")
    bad = place.file("bad.csv", "supplier,spend,latitude,longitude\nExample,1,-1.9,50.8\n")
    refused(member, "lm3", "import", "Hopscotch", "suppliers", bad, code=65, said="exchanged")


# ---- step five: the survey ---------------------------------------------------------------------

OPEN = """Supplier;Contact;Email;Spend;Local;Respent locally
Example Catering Ltd;Ann;ann@example.org;10,000;yes;
Example Cleaning Co.;;clean@example.org;6,000;no;
A. Person t/a Example Stationers;;;4,000;unknown;
Example Builder;Bob;;3,000;yes;
=HYPERLINK(1) plc;;;2,000;no;
REDACTED PERSONAL DATA;;;5,000;;
Redactive Example Ltd;;;500;no;
Example Refunds;;;-100;yes;
"""


def test_letters_go_to_whom_was_not_asked(place):
    member = project(place, OPEN)
    first, second = os.path.join(place.path, "first"), os.path.join(place.path, "second")
    told = member.json("lm3", "survey", "jubilee", "--out", first, "--top", 2, "--place",
                       "Calder <dale>", "--reply-to", "survey@example.org", "--csv")
    equal((told["letters"], told["asked_before"]), (2, 0), "letters")
    with open(first + "/mail-merge.csv", encoding="utf-8-sig", newline="") as f:
        rows = list(csv.DictReader(f))
    equal([row["supplier"] for row in rows], ["Example Catering Ltd", "Example Cleaning Co."],
          "the largest first")
    equal(rows[0]["email"], "ann@example.org", "e-mail")
    with open(os.path.join(first, rows[0]["letter"]), encoding="utf-8") as f:
        letter = f.read()
    has(letter, "Dear Ann,", "Example Trust", "Calder &lt;dale&gt;", "survey@example.org", "Jubilee")
    expect("<script" not in letter and "http" not in letter, "a page that needs nothing else")

    refused(member, "lm3", "survey", "jubilee", "--out", first, code=73, said="nothing is written over")
    refused(member, "lm3", "survey", "jubilee", code=64, said="--out is missing")
    refused(member, "lm3", "survey", "jubilee", "--out", first, "--top", 0, code=73, said="written over")
    refused(member, "lm3", "survey", "jubilee", "--out", second, "--top", 0, code=64, said="--top")
    refused(member, "lm3", "survey", "jubilee", "--out", place.file("f", ""), code=73, said="not a folder")
    refused(member, "lm3", "survey", "jubilee", "--out", second + "/a/b", code=73, said="cannot be made")
    told = member.json("lm3", "survey", "jubilee", "--out", second)
    equal((told["letters"], told["asked_before"]), (4, 2), "the others; no redacted, no refunds")
    names = sorted(os.listdir(second + "/letters"))
    equal(names[2], "0003-hyperlink-1-plc.html", "harmless names of files")
    refused(member, "lm3", "survey", "jubilee", "--out", os.path.join(place.path, "third"), code=1,
            said="asked already")
    expect(not os.path.exists(os.path.join(place.path, "third")), "nothing was made")
    asked = {s["supplier"]: s["asked"] for s in member.json("lm3", "silent", "jubilee")["suppliers"]}
    expect(all(asked.values()) and len(asked) == 6, f"all were asked: {asked}")
    member.run("undo", "--yes")
    asked = {s["supplier"]: s["asked"] for s in member.json("lm3", "silent", "jubilee")["suppliers"]}
    equal(sum(1 for day in asked.values() if day), 2, "the second lot is taken back")


def test_who_is_silent(place):
    member = project(place, OPEN)
    told = member.json("lm3", "silent", "jubilee", "--n", 3)
    equal((told["silent"], told["answers_to_green"]), (6, 2), "of £30,500: £10,000 and £6,000")
    equal([s["supplier"] for s in told["suppliers"]][:2],
          ["Example Catering Ltd", "Example Cleaning Co."], "by value")
    near(told["suppliers"][0]["adds_share"], 10000 / 30500, "what the first adds")
    has(member.run("lm3", "silent", "jubilee").out, "2 answers would make it green: those of the 2 largest", "clean@example.org")


ANSWERS = """supplier,respent_locally,local
"The Example-Catering Co.",45%,
Example Cleaning Co.,0.25,no
Example Stationers,100%,yes
Example Builder,,
"""


LATER = "supplier,respent_locally,local\nExample Builder,0.3,no\n"


def test_answers_come_in(place):
    member = project(place, OPEN)
    told = member.json("lm3", "import", "Jubilee", "answers", place.file("a.csv", ANSWERS))
    equal((told["answers"], told["taken"], told["replaced"]), (3, 3, 0), "answers")
    equal({pair["answer"]: pair["supplier"] for pair in told["loosely"]},
          {"The Example-Catering Co.": "Example Catering Ltd",
           "Example Stationers": "A. Person t/a Example Stationers"}, "what was matched loosely")
    equal((told["before"]["confidence"]["rating"], told["after"]["confidence"]["rating"]),
          ("red", "green"), "rating")
    result = member.json("lm3", "result", "jubilee")
    equal(result["answered_pence"], 2000000, "value answered")
    equal(result["round2_pence"]["low"], 8120000 + 1000000 + 400000 + 300000, "the place is known now")

    later = member.json("lm3", "import", "Jubilee", "answers",
                        place.file("b.csv", "supplier,respent_locally\nExample Catering Ltd,0.9\n"))
    equal((later["taken"], later["replaced"]), (1, 1), "a later answer takes the place")
    equal(member.json("lm3", "result", "jubilee")["round3_pence"]["low"]
          - result["round3_pence"]["low"], 450000, "45% more of £10,000")
    preview = member.json("undo", "--dry-run")
    equal((preview["counts_again"], preview["still_counts"]["file"]), (None, "a.csv"),
          "answers stand beside each other")
    has(member.run("undo", "--yes").out, "What came in before it still counts")
    equal(member.json("lm3", "result", "jubilee")["lm3"], result["lm3"], "taken back")

    told = member.json("lm3", "import", "Jubilee", "suppliers", place.file("again.csv", OPEN))
    equal(told["rating"], "green", "the new table is told with the answers that are there")
    equal(member.json("lm3", "result", "jubilee")["lm3"], result["lm3"], "answers outlive a new table")
    chosen = member.json("indicator", "choose", "lm3.score", "computed", "--period", "2016")
    near(chosen["value"], result["lm3"]["central"], "what a tally would be given", 0.0005)

    # It is taken from sums that are kept, and never from those of other tables or another area.
    choose = ("indicator", "choose", "lm3.local_supplier_share", "computed", "--period", "2016")
    for change in (("import", "Jubilee", "answers", place.file("b.csv", LATER)),
                   ("set", "Jubilee", "--area", "E08000032"), ("set", "Jubilee", "--income", 200000)):
        member.run("lm3", *change)
        kept = member.json(*choose)["value"]
        near(kept, member.json("lm3", "result", "jubilee")["local_supplier_share"]["central"],
             f"after {change[0]}", 0.0001)
    before = member.json(*choose)["value"]
    member.run("lm3", "import", "Jubilee", "suppliers",
               place.file("other.csv", "supplier,spend,local\nExample Catering Ltd,1,yes\nX,3,no\n"))
    near(member.json(*choose)["value"], 0.25, "one of four pounds", 0.0001)
    member.run("undo", "--yes")
    near(member.json(*choose)["value"], before, "as before", 0.0001)


def test_answers_that_come_in_at_once(place):
    """Sums that are kept are never those of an upload that did not know of another."""
    member = project(place, OPEN)
    choose = ("indicator", "choose", "lm3.local_supplier_share", "computed", "--period", "2016")
    slow = Upload(member.home + "/control")
    slow.begin("lm3 answers", name="Jubilee", file="slow.csv", skip_unknown=False)
    member.run("lm3", "import", "Jubilee", "answers",
               place.file("quick.csv", "supplier,respent_locally,local\nExample Cleaning,50%,yes\n"))
    slow.end([["Example Catering Ltd", 0.5, 1]])
    slow.close()
    kept = member.json(*choose)["value"]
    result = member.json("lm3", "result", "jubilee")
    equal(result["answered_pence"], 1600000, "both came in")
    near(kept, result["local_supplier_share"]["central"], "both count", 0.0001)


def test_answers_are_recognised(place):
    """Whoever does not know which command takes the forms that came back."""
    member = project(place, OPEN)
    forms = (place.file("one.csv", "Example Trust asks\n\nsupplier,respent_locally,local\nExample Builder,40%,yes\n"),
             place.file("two.csv", "supplier,respent_locally,local\nExample Catering Ltd,50%,\n"))
    told = member.run("import", *forms).out
    has(told, "answers to the survey", "2 answers taken in")
    equal(member.json("lm3", "result", "jubilee")["answered_pence"], 1300000, "both came in")


def test_bad_answers_change_nothing(place):
    member = project(place, OPEN)
    before = member.json("lm3", "result", "jubilee")
    stray = place.file("stray.csv", "supplier,respent_locally\nExample Builder,1\nExampel Cleaning,1\n")
    for path, code, said in (
            (place.file("c.csv", "supplier,respent_locally\nExample Builder,0.5\nExample Cleaning,45\n"), 65,
             "line 3, column 'respent_locally': found '45'"),
            (place.file("d.csv", "supplier,respent_locally\nExample Builder,\n"), 65, "no answers"),
            (place.file("e.csv", "name;share\n"), 65, "respent_locally"),
            (stray, 65, "did you mean 'Example Cleaning Co.'"),
            (os.path.join(place.path, "nothing.csv"), 1, "cannot be opened")):
        refused(member, "lm3", "import", "Jubilee", "answers", path, code=code, said=said)
    equal(member.json("lm3", "result", "jubilee"), before, "nothing came in")
    told = member.json("lm3", "import", "Jubilee", "answers", stray, "--skip-unknown")
    equal((told["taken"], told["left_out"]), (1, ["Exampel Cleaning"]), "the others may be left out")
    expect(any("Exampel Cleaning" in w for w in member.json("lm3", "result", "jubilee")["warnings"]),
           "which is not forgotten")
    refused(member, "lm3", "import", "Jubilee", "letters", stray, code=64, said="suppliers")
    member.run("lm3", "new", "Empty", *AREA, "--payroll-local", 1)
    refused(member, "lm3", "import", "Empty", "answers", stray, code=1, said="no suppliers yet")


def test_all_answers_go_out_as_tables(place):
    """Names that a spreadsheet would run stay text; money is in pounds."""
    member = project(place, OPEN + "=1+1;;;500;no;\nExample Cleaning;;;70;no;\n")
    for i, words in enumerate((("silent", "jubilee"), ("leaks", "jubilee"),
                               ("duplicates", "jubilee"), ("compare", "jubilee", "jubilee"),
                               ("what-if", "jubilee", "--shift-points", 5))):
        path = os.path.join(place.path, f"answer-{i}.csv")
        equal(member.run("lm3", *words, "--out", path).out, path + "\n", "its name")
        with open(path, newline="") as file:
            text = file.read()
        expect(text.count("\r\n") > 1, f"rows of {words}:\n{text}")
        if words[0] in ("silent", "leaks"):
            has(text, "\r\n'=1+1,500.00,")


def test_probable_duplicates(place):
    member = project(place, OPEN + "Example Catering Limited;;;10;;\nExample Cleaning;;;70;no;\n")
    told = member.json("lm3", "duplicates", "jubilee")
    equal((told["counted_apart"], told["counted_as_one"]), (1, 1), "of each kind")
    equal([(d["supplier"], d["other"]) for d in told["duplicates"]],
          [("Example Cleaning Co.", "Example Cleaning"),
           ("Example Catering Ltd", "Example Catering Limited")], "pairs")
    has(member.run("lm3", "duplicates", "jubilee").out, "Counted apart, but probably one")
    has("\n".join(member.json("lm3", "result", "jubilee")["warnings"]), "lm3 duplicates lists them")


run(globals())
