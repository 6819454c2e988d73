"""Profiles: typed, from a form, filled in from a table of councils; who was what before, and who is
there twice. The councils of the tables are made up. KL_COUNCILS=FILE.csv names a real table of the
whole country (gss_code, official_name, la_type, region, pop_2020, ...): it must come in whole."""

import csv
import os

from harness import equal, expect, run, wait

HEAD = "gss_code,official_name,short_name,region,la_type,pop_2020,area_km2,lat,long," \
       "deprivation quintile,ruc_label\n"
TABLE = HEAD + """E07000999,Wemshire District Council,Wemshire,West Midlands,Non-metropolitan district,\
120500.0,482,52.85,-2.72,2,Rural
E06000999,Port Example City Council,Port Example,South West,Unitary authority,311000.0,101,50.7,-2.1,\
4,Urban
W06000999,Cwm Example Council,,Wales,Welsh unitary authority,,,,,1,Sparse and rural
"""


def fields(answer):
    return {f["field"]: f["value"] for f in answer["fields"]}


def test_a_table_of_councils_comes_in_and_goes_again(place):
    m = place.member("Example Council").init("council", "--gss", "E07000999").start()
    m.run("reference", "show", code=1)
    table = place.file("councils.csv", TABLE)
    answer = m.json("reference", "import", table)
    equal((answer["councils"], answer["with_population"], answer["before"], answer["own"]),
          (3, 2, 0, "E07000999"), "import")
    shown = m.json("reference", "show", "wemsh")
    equal((shown["gss"], shown["type"], shown["population"], shown["population_year"],
           shown["density_per_km2"], shown["latitude"]),
          ("E07000999", "non-metropolitan district", 120500, 2020, 250.0, 52.85), "a row")
    equal(m.json("reference", "show", "W06000999")["population"], None, "absent is absent")
    equal([c["gss"] for c in m.json("reference", "list", "--region", "wales")["councils"]],
          ["W06000999"], "list by region")
    m.run("reference", "show", "example", code=64)  # two of them

    # A second table takes the place of the first, and undo brings that back.
    other = place.file("other.csv", HEAD + "E06000998,Other Council,,,,,,,,,\n")
    expect("takes the place of a table of 3" in m.run("import", other).out, "import says so")
    m.run("reference", "show", "wemshire", code=1)
    equal(m.json("imports")["imports"][0]["kind"], "reference", "imports")
    m.run("undo", "--yes")
    equal(m.json("reference", "show", "wemshire")["gss"], "E07000999", "after undo")

    # A bad cell keeps the whole file out.
    bad = place.file("bad.csv", HEAD + "E06000998,Other,,,,,,,,,\nE06000997,A,,Narnia,,,,,,,\n")
    said = m.run("reference", "import", bad, code=65).err
    expect("line 3" in said and "'region'" in said and "Narnia" in said, said)
    twice = place.file("twice.csv", HEAD + "E06000998,A,,,,,,,,,\nE06000998,B,,,,,,,,,\n")
    expect("line 3" in m.run("reference", "import", twice, code=65).err, "a code twice")
    many = HEAD + "".join(f"E06{i:06},Council {i},,,,,,,,,\n" for i in range(5001))
    said = m.run("reference", "import", place.file("many.csv", many), code=65).err
    expect("more than 5000 councils" in said, said)
    equal(m.json("reference", "show")["councils"], 3, "nothing of bad files came in")

    # What is written as XLSX can be read again.
    m.run("reference", "list", "--out", place.path + "/out.xlsx")
    again = m.json("reference", "import", place.path + "/out.xlsx", "--sheet", "Councils")
    equal((again["councils"], again["before"]), (3, 3), "round trip through a spreadsheet")
    equal(m.json("reference", "show", "wemshire")["region"], "West Midlands", "from a spreadsheet")
    m.stop()
    m.start()
    equal(m.json("reference", "show")["councils"], 3, "after a restart")


def test_a_profile_fills_itself_and_keeps_what_was_said(place):
    m = place.member("Example Council").init("council").start()
    said = m.run("profile", "fill", code=1)
    expect("reference import" in said.err, said.err)
    m.run("reference", "import", place.file("councils.csv", TABLE))
    m.run("profile", "set", "population=99")
    dry = m.json("profile", "fill", "Wemshire", "--dry-run")
    equal({c["field"] for c in dry["changes"]},
          {"gss", "type", "region", "deprivation_quintile", "rural_urban"}, "what changes")
    equal([(k["field"], k["said"], k["table"]) for k in dry["kept"]],
          [("population", "99", "120,500")], "what differs is told, not replaced")
    equal(fields(m.json("profile", "show")).get("gss"), None, "a dry run changes nothing")
    expect("you: 99; the table: 120,500" in m.run("profile", "fill", "Wemshire").out, "in words")
    now = fields(m.json("profile", "show"))
    equal((now["gss"], now["type"], now["population"], now["rural_urban"]),
          ("E07000999", "district", "99", "rural"), "filled in")
    said = m.run("profile", "fill", "Port Example", code=1).err
    expect("E07000999" in said and "--overwrite" in said, said)
    m.run("profile", "fill", "--overwrite")
    equal(fields(m.json("profile", "show"))["population"], "120500", "overwritten when asked")
    expect(m.json("profile", "fill")["unchanged"], "nothing more to fill in")

    # An anchor names the council that it works in; the people of that area are not its own.
    a = place.member("Example Trust").init("anchor").start()
    a.run("reference", "import", place.file("councils.csv", TABLE))
    a.run("profile", "fill", code=64)
    a.run("profile", "fill", "port example")
    now = fields(a.json("profile", "show"))
    equal((now["gss"], now["region"], now.get("population"), now.get("type")),
          ("E06000999", "south_west", None, None), "an anchor")
    expect("table of councils" in "".join(a.json("profile", "set", "gss=E06000998",
                                                 "--dry-run")["warnings"]), "an unknown code")
    for said, words in (("replaces=E07000999", "its own code"),
                        ("replaced_by=E07000999", "its own code")):
        expect(words in "".join(m.json("profile", "set", said, "--dry-run")["warnings"]), said)
    expect("the same code" in "".join(
        m.json("profile", "set", "replaces=E07000998", "replaced_by=E07000998",
               "--dry-run")["warnings"]), "a circle")
    expect("E06000059" in "".join(a.json("profile", "set", "gss=E10000009",
                                         "--dry-run")["warnings"]), "an old code")


def test_a_form_fills_a_profile(place):
    m = place.member("Example Trust").init("anchor").start()
    form = place.path + "/profile.csv"
    m.run("template", "profile", "--out", form)
    with open(form, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    expect({"org_id", "services", "stage"} <= {r["profile field"] for r in rows}, rows)
    m.run("profile", "import", form, code=65)  # nothing is filled in yet
    said = {"org_id": "GB-CHC-1036460; GB-COH-04113525", "services": "café; crèche",
            "staff": "12.5", "stage": "close working"}
    with open(form, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows({**r, "value": said.get(r["profile field"], "")} for r in rows)
    expect("Kept" in m.run("import", form).out, "recognised by its columns")
    now = fields(m.json("profile", "show"))
    equal((now["org_id"], now["other_org_ids"], now["services"], now["stage"]),
          ("GB-CHC-1036460", "GB-COH-04113525", "café; crèche", "close_working"), "read")
    bad = place.file("bad.csv", "field,value\nstaff,12.5\norg_id,GB-COH-4113525\n")
    answer = m.run("profile", "import", bad, code=65).err
    expect("bad.csv, line 3" in answer and "GB-COH-04113525" in answer, answer)
    m.run("profile", "import", place.file("odd.csv", "field,value\nstuff,1\n"), code=65)
    m.run("profile", "import", place.file("two.csv", "field,value\nstaff,1\nstaff,2\n"), code=65)
    equal(fields(m.json("profile", "show"))["staff"], "12.5", "nothing of bad files was taken")


def test_all_that_is_public_is_shown_before(place):
    """In a network nothing leaves without a preview; then others find the member by what it says,
    what it was, and are told who may be there twice."""
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "Keep it Local")
    ticket = convenor.json("network", "ticket")["ticket"]
    council = place.member("Example Council").init("council").start()
    trust = place.member("Example Trust").init("anchor").start()
    convenor.run("network", "admit", council.member_id, "--name", "Example Council", "--gss",
                 "E06000059", "--region", "South West")
    equal(convenor.json("network", "admit", trust.member_id, "--name",
                        "Example Trust")["alike"], [], "nobody is alike yet")
    for m in (council, trust):
        m.run("join", ticket)
        wait(lambda m=m: m.peek("status")["state"] == "active", f"{m.name} becomes active")

    form = place.file("form.csv", "field,value\npopulation,379791\n")
    preview = council.run("profile", "import", form, code=64)
    expect("--yes" in preview.err, preview.err)
    said = council.typed("n\n", "profile", "set", "region=london", "population=379791", code=1)
    expect("379,791" in said.out and "everybody on the network sees" in said.out, said.out)
    equal(fields(council.json("profile", "show")).get("population"), None, "nothing was kept")
    council.typed("y\n", "profile", "set", "region=london", "population=379791")
    wait(lambda: "379,791" in trust.run("profile", "show", "Example Council", code=None).out,
         "it reaches the other member")
    shown = trust.json("profile", "show", "Example Council")
    region = next(f for f in shown["fields"] if f["field"] == "region")
    equal((region["words"], region["confirmed"], region["differs"]),
          ("London", "South West", True), "what is confirmed stands beside what is said")
    expect("the roster counts" in trust.run("profile", "show", "Example Council").out, "in words")

    # Councils that are no more lead to the one that stands in their place.
    old = trust.json("profile", "show", "North Dorset District Council")
    equal(old["member"], "Example Council", "by an old name")
    expect("became part of" in old["note"] and "2019" in old["note"], old["note"])
    equal(trust.json("profile", "show", "E07000050")["member"], "Example Council", "by an old code")
    expect(any("E10000009" in h["text"] and h["source"] for h in shown["history"]),
           shown["history"])

    said = trust.run("profile", "show", "Nowhere", code=1).err
    expect("Example Council" in said, f"who is there, by name: {said}")

    # Somebody is admitted who is there already.
    trust.run("profile", "set", "org_id=GB-CHC-1036460", "web=https://www.example.org/", "--yes")
    wait(lambda: convenor.run("profile", "show", "GB-CHC-1036460", code=None).code == 0,
         "found by its org-id")
    twin = place.member("The Example Trust Limited").init("anchor")
    dry = convenor.json("network", "admit", twin.member_id, "--name", "The Example Trust Limited",
                        "--dry-run")
    equal([(a["member"], a["why"]) for a in dry["alike"]],
          [("Example Trust", "nearly the same name")], "at admission")
    convenor.run("network", "admit", twin.member_id, "--name", "The Example Trust Limited")
    pairs = wait(lambda: council.json("network", "members")["alike"], "pointed out to others")
    equal({pairs[0]["one"], pairs[0]["other"]}, {"Example Trust", "The Example Trust Limited"},
          "the pair")
    expect("one organisation twice" in council.run("network", "members").out, "in words")
    equal([a["member"] for a in trust.json("profile", "show")["alike"]],
          ["The Example Trust Limited"], "in its own profile")


def test_the_convenor_confirms_what_the_table_says(place):
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "Keep it Local")
    council = place.member("Wemshire").init("council", "--gss", "e07000999")
    trust = place.member("Example Trust").init("anchor")
    said = convenor.run("network", "admit", council.member_id, "--name", "Wemshire", "--fill",
                        code=1).err
    expect("reference import" in said, said)
    convenor.run("reference", "import", place.file("councils.csv", TABLE))
    dry = convenor.json("network", "admit", council.member_id, "--name", "Wemshire", "--fill",
                        "--region", "London", "--dry-run")
    equal((dry["gss"], dry["type"], dry["region"], dry["published"], "region" in dry["filled"]),
          ("E07000999", "district", "london", False, False), "by name; what was typed counts")
    plain = convenor.run("network", "admit", council.member_id, "--name", "Wemshire", "--gss",
                         "e07000999").out
    expect("--fill" in plain and "deprivation quintile" in plain, plain)
    equal(convenor.json("network", "members")["members"][0]["region"], None,
          "nothing is confirmed that nobody typed or asked for")
    filled = convenor.json("network", "admit", "Wemshire", "--fill")
    equal((filled["filled"], filled["fillable"], filled["council"]),
          (["type", "region", "deprivation_quintile", "rural_urban"], [],
           "Wemshire District Council"), "filled in")
    on_roster = convenor.json("network", "members")["members"][0]
    equal((on_roster["type"], on_roster["region"], on_roster["deprivation_quintile"]),
          ("district", "west_midlands", 2), "on the roster")
    said = convenor.run("network", "admit", trust.member_id, "--name", "Example Trust", "--fill",
                        code=64).err
    expect("--gss" in said, said)
    filled = convenor.run("network", "admit", trust.member_id, "--name", "Example Trust", "--gss",
                          "E06000999", "--fill").out
    expect("South West" in filled and "Port Example City Council" in filled, filled)


def test_rows_are_found_under_the_code_before_and_after(place):
    m = place.member("Sheffield").init("council", "--gss", "E08000039").start()
    m.run("reference", "import", place.file("old.csv", HEAD +
                                            "E08000019,Sheffield City Council,,,,9,,,,,\n"
                                            "E06000062,West,,,,9,,,,,\n"))
    equal(m.json("reference", "show", "e08000039")["gss"], "E08000019", "an older table")
    equal(fields(m.json("profile", "fill"))["gss"], "E08000039", "the own code stays")
    said = m.run("reference", "show", "Northamptonshire County Council", code=1).err
    expect("E06000061, E06000062" in said, said)
    said = m.run("reference", "show", "E07000190", code=1).err
    expect("name today's: E06000066" in said, said)


def test_areas_have_names(place):
    m = place.member("Example Council").init("council", "--gss", "E07000999").start()
    m.run("lm3", "new", "example", "--area", "E07000999", "--period", "2016", "--payroll-local",
          "80000", "--payroll-elsewhere", "20000")
    equal(m.json("lm3", "result", "example")["area_name"], None, "no table, no name")
    m.run("reference", "import", place.file("councils.csv", TABLE))
    answer = m.json("lm3", "result", "example")
    equal((answer["area"], answer["area_name"]), ("E07000999", "Wemshire (E07000999)"), "lm3")
    expect("area Wemshire (E07000999)" in m.run("lm3", "result", "example").out, "in words")
    equal(m.json("lm3", "new", "other", "--area", "port example", "--period", "2016",
                 "--payroll-local", "1")["area"], "E06000999", "an area by the table's name")
    m.run("indicator", "record", "c1.lm3", "2.4", "--period", "2016", "--place", "E10000009")
    m.run("indicator", "record", "c1.lm3", "2.5", "--period", "2017", "--place", "E10000009")
    row = m.json("indicator", "history", "c1.lm3")["observations"][0]
    equal((row["place"], row["place_name"]),
          ("E10000009", "Dorset County Council (E10000009, until 2019)"), "what was recorded stays")
    m.run("lm3", "use", "example")
    m.run("report", "--out", place.path + "/report.html")
    with open(place.path + "/report.html", encoding="utf-8") as page:
        text = page.read()
    expect("Local means: Wemshire (E07000999)" in text, "the report page")
    expect("In its own words: area Wemshire (E07000999)." in text, "who writes the page")


def test_a_real_table_comes_in_whole(place):
    path = os.environ.get("KL_COUNCILS")
    if not path:
        print("# no KL_COUNCILS: left out", flush=True)
        return
    with open(path, newline="", encoding="utf-8-sig") as file:
        wanted = {r["gss_code"]: r for r in csv.DictReader(file)}
    m = place.member("Example Council").init("council").start()
    equal(m.json("reference", "import", path)["councils"], len(wanted), "rows")
    got = {c["gss"]: c for c in m.json("reference", "list")["councils"]}
    equal(set(got), set(wanted), "codes")
    types = {"County": "county council", "NI district": "Northern Ireland district",
             "City corporation": "City of London Corporation",
             "Strategic Regional Authority": "Greater London Authority"}
    for gss, row in wanted.items():
        c = got[gss]
        equal(c["name"], " ".join(row["official_name"].split()), gss)
        equal(c["type"].lower(), types.get(row["la_type"], row["la_type"]).lower(), gss)
        equal((c["nation"], c["region"]), (row["nation"], row["region"]), gss)
        equal(c["rural_urban"].lower(), {"Urban with rural areas": "urban with rural areas",
                                         "Sparse and rural": "sparse and rural"}.get(
                                             row["ruc_label"], row["ruc_label"]).lower(), gss)
        equal(c["population"], int(float(row["pop_2020"])) if row["pop_2020"] else None, gss)
        equal(c["deprivation_quintile"], int(row["imd_pop_quintile_1_most_deprived"]), gss)
    for gss, row in list(wanted.items())[::20]:
        c = m.json("reference", "show", gss)
        for key, column in (("area_km2", "area_km2"), ("latitude", "lat"), ("longitude", "long"),
                            ("deprivation_score", "imd_score"), ("urban_share", "urban_share"),
                            ("rural_share", "rural_share"),
                            ("remote_share", "highly_rural_share"),
                            ("density_per_km2", "density_per_km2")):
            if row[column]:
                expect(abs(c[key] - float(row[column])) < 1e-9 * max(1, abs(c[key])),
                       (gss, key, c[key], row[column]))
            else:
                equal(c[key], None, (gss, key))


if __name__ == "__main__":
    run(globals())
