"""Spending files as councils publish them: in, kept apart, joined to places, added up. Everybody in here
is made up, but for two months of real councils where those files are at hand.
"""

import concurrent.futures
import csv
import glob
import json
import os
from decimal import Decimal

from harness import equal, expect, run

APRIL = """Example Borough Council,,,,
Payments over £500,,,,
Directorate,Supplier Name,Date Paid,Net Amount,Reference
Adults,Example Care Ltd,13/04/2016,"£2,000.00",A1
Adults,Example Care Limited,14/04/2016,"(500.00)",A2
Adults,REDACTED PERSONAL DATA,14/04/2016,300.00,A3
Kids,The Example Bakery,02/04/2016,700.00,A4
Kids,Example Power plc,03/04/2016,"1,500.00",A5
Kids,Example Stranger,05/04/2016,1000.00,A6
Kids,Nobody,not a date,40.00,A7
,,,,
Total,,,"5,040.00",
"""

MAY = """Supplier Name,Date Paid,Net Amount,Reference
Example Power plc,03/04/2016,1500.00,A5
Example Power plc,31/05/2017,250.00,B1
"""

PLACES = """supplier,postcode,sector,size,local
Example Care,HX1 1AA,voluntary,small,
Example Bakery,HX2 9ZZ,small,micro,
EXAMPLE POWER PLC,LS1 1AA,large,large,
Example Silent Ltd,Somewhere,,,
"""


def alone(place, name="Example Council"):
    return place.member(name).init("council", "--gss", "E08000033").start(bind=False)


def with_april(place):
    member = alone(place)
    member.run("spend", "import", place.file("april.csv", APRIL), "--places",
               place.file("places.csv", PLACES), "--area", "HX1 HX2")
    return member


def near(got, wanted, what):
    expect(got is not None and abs(got - wanted) < 1e-9, f"{what}: expected {wanted}, got {got}")


def test_a_file_goes_in_and_every_pound_is_accounted_for(place):
    member = alone(place)
    got = member.json("spend", "import", place.file("april.csv", APRIL))
    equal(got["rows"], {"read": 8, "accepted": 6, "rejected": 2}, "rows")
    equal(got["total_pence"], 500000, "accepted")
    equal(got["rejected_pence"], 508000, "rejected")
    equal(got["files"][0]["file_pence"], 1008000, "the file")
    equal(got["failed"], [], "failures")
    rows = member.json("spend", "rejected")
    equal([(r["line"], r["pence"]) for r in rows["rows"]], [(10, 4000), (12, 504000)], "rejected")
    expect("date" in rows["rows"][0]["reason"] and "total" in rows["rows"][1]["reason"], "reasons")
    out = os.path.join(place.path, "rejected.csv")
    member.run("spend", "rejected", "--out", out)
    with open(out, encoding="utf-8", newline="") as table:
        equal(len(list(csv.DictReader(table))), 2, "rows in the file")


def test_results_are_cut_in_every_way(place):
    member = with_april(place)
    got = member.json("spend", "result")
    equal(got["files"], 1, "files")
    equal(got["total_pence"], 500000, "total")
    equal(got["local"]["pence"], 220000, "local")
    near(got["local"]["value_share"], 0.44, "local by value")
    near(got["local"]["count_share"], 2 / 5, "local by number")
    equal(got["elsewhere"]["pence"], 150000, "elsewhere")
    equal(got["redacted"]["pence"], 30000, "redacted")
    near(got["unknown_value_share"], 0.26, "unknown, redacted too")
    near(got["local_share_of_known"], 2200 / 3700, "of what is known")
    near(got["local_share_at_most"], 0.7, "at most")
    equal(got["target"], {"points": 10, "pence": 50000}, "ten points more")
    equal(got["by_year"][0]["year"], 2016, "year")
    equal(got["by_financial_year"][0]["year"], "2016/17", "financial year")
    near(got["by_year"][0]["local_value_share"], 0.44, "of the year")
    near(got["by_year"][0]["voluntary_value_share"], 0.3, "voluntary of the year")
    sectors = {s["sector"]: s["total_pence"] for s in got["by_sector"]}
    equal(sectors, {"voluntary": 150000, "social enterprise": 0, "small": 70000, "large": 150000,
                    "public": 0, "unknown": 130000}, "sectors")
    equal(sum(s["total_pence"] for s in got["by_size"]), 500000, "sizes add up")
    equal({d["department"]: d["total_pence"] for d in got["by_department"]},
          {"Adults": 180000, "Kids": 320000}, "departments")
    equal([s["supplier"] for s in got["leaks"]], ["Example Power plc"], "leaks")
    equal(got["credit_notes"], {"count": 1, "pence": -50000}, "credit notes")
    loosely = {s["supplier"]: s["matched"] for s in got["places"]["loosely"]}
    equal(loosely, {"Example Care Ltd": "Example Care", "The Example Bakery": "Example Bakery"},
          "joined loosely")
    equal([s["supplier"] for s in got["places"]["not_matched"]], ["Example Stranger"], "not joined")
    text = member.run("spend", "result").out
    for part in ("44.0%", "local is HX1 HX2", "keeplocal's own", "Example Stranger", "2016/17"):
        expect(part in text, f"'{part}' in:\n{text}")


def test_questions_about_a_part(place):
    member = with_april(place)
    member.run("spend", "import", place.file("may.csv", MAY), "--new-only")
    equal(member.json("spend", "result")["total_pence"], 525000, "all")
    equal(member.json("spend", "result", "--year", "2017")["total_pence"], 25000, "2017")
    equal(member.json("spend", "result", "--year", "2016/17")["total_pence"], 500000, "2016/17")
    equal(member.json("spend", "result", "--from", "2016-04-05", "--to", "14/04/2016")["total_pence"],
          280000, "ten days")
    equal(member.json("spend", "result", "--file", "may")["total_pence"], 25000, "a file")
    equal(member.json("spend", "result", "--area", "LS1")["local"]["pence"], 175000, "another area")
    equal(member.json("spend", "result")["area"], "HX1 HX2", "the area stays")
    first = member.json("spend", "suppliers", "--n", "1")
    equal((first["count"], first["suppliers"][0]["supplier"], first["suppliers"][0]["pence"]),
          (5, "Example Power plc", 175000), "largest supplier")
    member.run("spend", "result", "--file", "june", code=1)
    member.run("spend", "result", "--year", "soon", code=64)


def test_what_is_in_already_is_noticed(place):
    member = with_april(place)
    again = member.run("spend", "import", place.file("copy.csv", APRIL), code=1).err
    expect("in already: it came in as file 1" in again, again)
    overlap = member.run("spend", "import", place.file("may.csv", MAY), code=1).err
    expect("of its 2 payments, 1 (£1,500)" in overlap and "'april.csv' (file 1)" in overlap, overlap)
    equal(len(member.json("spend", "list")["files"]), 1, "nothing came in")
    got = member.json("spend", "import", place.file("may.csv", MAY), "--new-only")
    equal(got["rows"], {"read": 2, "accepted": 1, "rejected": 1}, "only what is new")
    equal(got["rejected_pence"], 150000, "what was there")
    equal(got["files"][0]["file_pence"], 175000, "and together the file")
    equal(member.json("spend", "rejected")["already_there"], 1, "told")
    member.run("spend", "import", place.file("copy.csv", APRIL), "--again")
    equal(member.json("spend", "result")["total_pence"], 1025000, "twice, as was said")
    member.run("undo", "--yes")
    equal(member.json("spend", "result")["total_pence"], 525000, "taken back")
    equal([f["file"] for f in member.json("spend", "list")["files"]], ["april.csv", "may.csv"], "list")


def test_odd_files_say_what_is_odd(place):
    member = alone(place)
    path = place.file("odd.csv", "Supplier,Date,Gross,Amount,Dr/Cr\nA,13/04/2061,12,10,DR\n"
                                 "B,14/04/2016,24,20,CR\nC,14/04/2016,x,x,DR\n")
    done = member.run("spend", "import", path)
    for part in ("1 payment of £10 after today or before 2000, first in line 2",
                 "1 row without an amount that can be read", "£0"):
        expect(part in done.out, f"'{part}' in:\n{done.out}")
    for part in ("'Amount' is read as net amount; 'Gross' could be it", "'Dr/Cr' calls CR"):
        expect(part in done.err, f"'{part}' in:\n{done.err}")
    equal(member.json("spend", "result")["total_pence"], -1000, "credits are taken off")
    member.run("undo", "--yes")
    got = member.json("spend", "import", path)["files"][0]["unlikely_dates"]
    equal(got, {"payments": 1, "pence": 1000, "first_line": 2}, "dates")


def test_one_name_in_two_towns_is_nowhere(place):
    member = alone(place)
    schools = "supplier,postcode\nExample School,HX1 1AA\nExample School,LS1 1AA\nExample Café,HX2 1AA\n"
    got = member.json("spend", "places", place.file("schools.csv", schools), "--area", "HX1 HX2")
    equal((got["rows"], got["suppliers"], got["differing"]), (3, 2, 1), "places")
    member.run("spend", "import", place.file("s.csv", "Supplier,Date,Amount\nEXAMPLE SCHOOL,2016-04-13,100\n"
                                             "Example Cafe Ltd,2016-04-13,50\n"))
    got = member.json("spend", "result")
    equal((got["local"]["pence"], got["unknown"]["pence"]), (5000, 10000), "local, unknown")


def test_a_spending_file_may_say_where_suppliers_are(place):
    member = alone(place)
    path = place.file("post.csv", "Supplier,Supplier Postcode,Date,Amount\nExample A,HX1 1AA,13/04/2016,100\n"
                                  "Example B,LS1 1AA,13/04/2016,300\nExample A,HX1 1AA,14/04/2016,100\n")
    told = member.run("spend", "import", path, "--area", "HX1").err
    expect(f"keeplocal spend places {path}" in told, told)
    member.run("spend", "places", path)
    near(member.json("spend", "result")["local"]["value_share"], 0.4, "local")


def test_files_that_cannot_be_told_are_named_and_the_others_come_in(place):
    member = alone(place)
    files = {
        "both.csv": ("Supplier,Amount,Date\nA,1,4/11/2016\n", "--dates dmy"),
        "contra.csv": ("Supplier,Amount,Date\nA,1,4/13/2016\nB,2,13/4/2016\n", "contra"),
        "nothing.csv": ("a,b\n1,2\n", "column missing: supplier name"),
        "undated.csv": ("Supplier,Amount\nA,1\n", "--month 2016-04"),
    }
    paths = [place.file(name, text) for name, (text, _) in files.items()]
    good = place.file("good.csv", "Supplier,Amount,Date\nExample Ltd,5,2016-04-01\n")
    done = member.run("spend", "import", *paths, good, code=65)
    for name, (_, words) in files.items():
        expect(name in done.err and words in done.err, f"{name}, {words}: {done.err}")
    expect("4 of 5 files did not come in" in done.err, done.err)
    equal([f["file"] for f in member.json("spend", "list")["files"]], ["good.csv"], "what is in")
    member.run("spend", "import", paths[0], "--dates", "mdy")
    member.run("spend", "import", paths[3], "--month", "2016-05")
    equal([y["total_pence"] for y in member.json("spend", "result")["by_year"]], [700], "all of them")
    member.run("spend", "import", place.path, code=65)
    member.run("spend", "import", "nowhere.csv", code=1)


def test_without_places_nothing_is_said_to_be_local_or_not(place):
    member = alone(place)
    member.run("spend", "result", code=1)
    member.run("spend", "import", place.file("april.csv", APRIL))
    got = member.json("spend", "result")
    equal((got["local"]["value_share"], got["local"]["count_share"]), (None, None), "local")
    near(got["unknown_value_share"], 1.0, "unknown")
    equal(got["by_year"][0]["local_value_share"], None, "local of the year")
    equal((got["area"], got["area_from"]), ("E08000033", "profile"), "area of the profile")
    bad = member.run("spend", "places", place.file("bad.csv", "supplier,size\nA,huge\n"), code=65).err
    expect("line 2" in bad and "huge" in bad, bad)
    member.run("spend", "places", place.file("places.csv", PLACES))
    warnings = member.json("spend", "result")["warnings"]
    expect(any("postcode districts" in w for w in warnings), f"postcodes in no council area: {warnings}")


def test_a_spending_file_becomes_the_suppliers_of_a_project(place):
    member = with_april(place)
    member.run("lm3", "new", "Jubilee", "--area", "HX1 HX2", "--period", "2016",
               "--payroll-local", 1000)
    got = member.json("lm3", "import", "Jubilee", "spend")
    equal((got["rows"], got["suppliers"], got["supply_chain_pence"]), (5, 5, 500000), "suppliers")
    result = member.json("lm3", "result", "Jubilee")
    equal(result["income_pence"], 600000, "income: payroll and suppliers")
    equal(result["round2_pence"]["low"], 100000 + 220000, "local staff and local suppliers")
    equal(result["round2_pence"]["high"], 100000 + 350000, "if all that is unknown were local")
    member.run("lm3", "import", "Jubilee", "spend", "--year", "2011", code=1)
    member.run("lm3", "import", "Jubilee", "spend", "file.csv", code=64)
    member.run("lm3", "import", "Nobody", "spend", code=1)
    member.run("undo", "--yes")
    equal(member.json("lm3", "result", "Jubilee")["income_pence"], 100000, "taken back")
    # Local is what is local to the project, whatever the spending is looked at for.
    member.run("lm3", "new", "Elsewhere", "--area", "LS1", "--period", "2016")
    member.json("lm3", "import", "Elsewhere", "spend")
    equal(member.json("lm3", "result", "Elsewhere")["round2_pence"]["low"], 150000, "local to LS1")
    equal(member.json("spend", "result")["area"], "HX1 HX2", "the area of spending stays")


def test_files_that_come_in_at_once_do_not_hide_each_other(place):
    member = alone(place)
    rows = [place.file(f"at_once_{n}.csv", "Supplier,Date,Amount,Ref\n" + "".join(
        f"Example {n} {i % 900} Ltd,2016-04-{i % 28 + 1:02},{i}.50,{n}-{i}\n" for i in range(20000)))
        for n in range(3)]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda path: member.run("spend", "import", path, code=None), rows))
    for one in done:
        expect(one.code in (0, 75), f"in or asked to try again: {one}")
    there = member.json("spend", "list")["files"]
    equal([f["file"] for f in sorted(there, key=lambda f: f["file"])],
          [os.path.basename(path) for path, one in zip(rows, done) if one.code == 0], "files that are in")
    equal(len({f["number"] for f in there}), len(there), "numbers of their own")
    equal(member.json("spend", "result")["total_pence"],
          len(there) * sum(i * 100 + 50 for i in range(20000)), "pounds")


def test_shares_are_counted_only_where_enough_is_known(place):
    member = with_april(place)
    local = ("indicator", "show", "spend.local_share")
    choose = ("indicator", "choose", "spend.local_share", "computed", "--period", "2016")
    refused = member.run(*choose, code=1).err
    expect("place of 26%" in refused and "keeplocal's own" in refused, refused)
    member.run("spend", "places", place.file("more.csv", PLACES + "Example Stranger,LS2,public,,no\n"))
    near(member.json(*choose)["value"], 0.44, "of the year")
    near(member.json("indicator", "choose", "spend.voluntary_share", "computed", "--period",
                     "2016/17")["value"], 0.3, "voluntary, of the financial year")
    # What was added up last does not count any more once something has changed.
    member.run("undo", "--yes")
    member.run(*choose, code=1)
    got = member.run("spend", "places", place.file("again.csv", PLACES + "Example Stranger,HX1,,,\n")).out
    expect("64.0% of it is local, of 6.0% nobody knows" in got, got)
    near(member.json(*choose)["value"], 0.64, "with other places")
    member.run("indicator", "choose", "spend.local_share", "computed", "--period", "2011", code=1)
    expect("spending" in member.run(*local).out, "the metric is explained")


def samples():
    """Real months of real councils; they are no part of this repository."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
    return sorted(glob.glob(os.path.join(top, "*/reference/data/spend_*_20*.csv")))


def pounds(path):
    """The sum of a file's amounts, by Python alone."""
    with open(path, encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    column = next(c for c in rows[0] if c.strip() in ("Amount", "NetAmount"))
    return sum(Decimal(r[column].strip().replace(",", "")) for r in rows), len(rows)


def test_real_files_add_up(place):
    files = samples()
    if not files:
        print("# skipped: no published files are at hand")
        return
    member = alone(place)
    got = member.json("spend", "import", *files)
    for path, file in zip(files, got["files"]):
        wanted, rows = pounds(path)
        equal(file["rows"]["read"], rows, f"rows of {path}")
        equal(file["total_pence"] + file["rejected_pence"], int(wanted * 100), f"pounds of {path}")
    total = json.loads(member.run("spend", "result", "--json").out)
    equal(total["total_pence"] + total["rejected_pence"],
          int(sum(pounds(p)[0] for p in files) * 100), "all of them")
    expect(total["redacted"]["pence"] > 0, "redacted payees are among them")


if __name__ == "__main__":
    run(globals())
