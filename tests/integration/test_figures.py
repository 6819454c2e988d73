"""An organisation's own figures through the command line: LM3 and enabled contribution.

Published figures are those of Locality, Powerful Communities, Strong Economies (November 2017),
appendices 1 and 2. Suppliers and tenants are made up, and so are the organisations they belong to.
"""

import os
import random
import signal
import subprocess
import time

from harness import COMMAND, LIMIT, equal, expect, run

AREA = ("--area", "E08000033", "--period", "2016")


def alone(place, name="Made-up Trust"):
    """A member of no network: own figures need none."""
    return place.member(name).init("anchor").start(bind=False)


def near(got, wanted, what, by=1e-9):
    expect(got is not None and abs(got - wanted) <= by, f"{what}: expected {wanted}, got {got}")


def lm3(member, name):
    return member.json("lm3", "result", name)


def computed(metric):
    """Asks for the value that a tally would be given, and that nobody typed."""
    return ("indicator", "choose", metric, "computed", "--period", "2016")


# ---- LM3 -------------------------------------------------------------------------------------


def test_payroll_alone_gives_the_known_scores(place):
    member = alone(place)
    for name, local, elsewhere, score in (("all", 100000, 0, 2.66), ("most", 80000, 20000, 2.394),
                                          ("none", 0, 100000, 1.33)):
        member.run("lm3", "new", name, *AREA, "--payroll-local", local,
                   "--payroll-elsewhere", elsewhere)
        result = lm3(member, name)
        for bound in ("low", "central", "high"):
            near(result["lm3"][bound], score, f"{name}, {bound}")
        equal(result["income_pence"], 10000000, "income is the payroll")
        equal(result["confidence"], {"answered_share": 1.0, "rating": "green", "caveat": None}, "confidence")
        equal(result["warnings"], [], "warnings")
        equal(result["barred"], None, "nothing keeps it out of a tally")


def test_other_known_scores(place):
    """Ten pounds of which four fifths stay each time; and rounds of 500k, 260k, 95k."""
    member = alone(place)
    member.run("lm3", "new", "ten", *AREA, "--income", 10)
    member.run("lm3", "import", "ten", "suppliers",
               place.file("ten.csv", "supplier,spend,local,respent_locally\n"
                                     "A,8,yes,80%\nB,2,no,0\n"))
    near(lm3(member, "ten")["lm3"]["central"], 2.44, "ten pounds")
    member.run("lm3", "set", "ten", "--income", 5)
    result = lm3(member, "ten")
    equal(result["barred"] is not None and "above 3.00" in result["barred"], True,
          "more spent than came in is never counted")
    equal(len(result["warnings"]), 1, "and is warned about")
    member.run("lm3", "new", "rounds", *AREA, "--income", 500000)
    member.run("lm3", "import", "rounds", "suppliers",
               place.file("rounds.csv", "supplier,spend,local,respent_locally\n"
                                        "A,190000,yes,0.5\nB,70000,yes,0\nC,240000,no,0\n"))
    result = lm3(member, "rounds")
    near(result["lm3"]["central"], 1.71, "rounds")
    equal(result["round2_pence"], {"low": 26000000, "central": 26000000, "high": 26000000}, "round 2")
    equal(result["round3_pence"]["central"], 9500000, "round 3")


SUPPLIERS = ("Supplier;Spend;Local;Postcode;Respent locally\r\n"
             "Made-up Catering Ltd;£12,000.00;yes;;45%\r\n"
             "Made-up Catering Limited;-2,000;;;\r\n"
             "Made-up Cleaning;6,000;no;;0.25\r\n"
             "Made-up Stationers;4,000;unknown;;\r\n")


def test_a_supplier_file_becomes_a_range(place):
    """Net: 10,000 local and answered, 6,000 elsewhere and answered, 4,000 silent and unknown."""
    member = alone(place)
    member.run("lm3", "new", "Jubilee", *AREA, "--basis", "contract", "--payroll-local", 80000,
               "--payroll-elsewhere", 0)
    path = place.file("suppliers.csv", ("\ufeff" + SUPPLIERS).encode())
    done = member.json("lm3", "import", "jubilee", "suppliers", path)
    equal((done["rows"], done["suppliers"]), (4, 3), "rows and suppliers")
    equal(done["supply_chain_pence"], 2000000, "supply chain")

    result = lm3(member, "jubi")  # any part of a name will do
    equal(result["project"], "Jubilee", "project")
    equal(result["basis"], "contract", "basis")
    equal((result["income_pence"], result["round1_pence"]), (10000000, 10000000), "income")
    equal(result["round2_pence"], {"low": 9000000, "central": 9250000, "high": 9400000}, "round 2")
    pay = 0.66 * 8000000
    answered = 0.45 * 1000000 + 0.25 * 600000
    central = answered + 400000 * (10 / 16 * 0.45 + 6 / 16 * 0.25)
    equal(result["round3_pence"], {"low": round(pay + answered), "central": round(pay + central),
                                   "high": round(pay + answered + 400000)}, "round 3")
    near(result["lm3"]["central"], 1 + (9250000 + pay + central) / 10000000, "score")
    near(result["confidence"]["answered_share"], 0.8, "answered")
    equal(result["confidence"]["rating"], "green", "rating")
    expect(any("duplicates" in w and "Made-up Catering" in w for w in result["warnings"]),
           f"the warning of Ltd and Limited: {result['warnings']}")

    words = member.run("lm3", "result", "Jubilee").out
    for part in ("certainly between 2.49 and 2.57", "green", "80% of £20,000 answered",
                 "local staff spend 0.66", "Warnings:", "keeplocal's own, not the report's"):
        expect(part in words, f"'{part}' in {words}")

    member.run("lm3", "set", "jubilee", "--proxy-local", "0.5", "--income", 200000)
    changed = lm3(member, "jubilee")
    equal(changed["proxies"], {"local": 0.5, "elsewhere": 0.33}, "proxies")
    equal(changed["income_pence"], 20000000, "income")
    member.run("lm3", "import", "jubilee", "suppliers",
               place.file("newer.csv", "supplier,spend,local\nX,100,yes\n"))
    equal(lm3(member, "jubilee")["confidence"]["rating"], "red", "the newest table counts")

    expect(member.stop() == 0, "ends cleanly")
    member.start(bind=False)
    equal(lm3(member, "jubilee")["supply_chain_pence"], 10000, "kept over a restart")


PUBLISHED = (("Southmead Development Trust", "2.55", "E06000023", "turnover"),
             ("Bradford Trident", "2.52", "E08000032", "turnover"),
             ("Halifax Opportunities Trust", "2.43", "E08000033", "contract"),
             ("Windmill Hill City Farm", "2.47", "E06000023", "turnover"))


def test_published_scores_are_recorded_and_never_computed(place):
    member = alone(place)
    for name, score, area, basis in PUBLISHED:
        member.run("lm3", "record", name, "--score", score, "--area", area, "--period", "2016",
                   "--source", "Locality 2017, appendix 1", "--confidence", "green",
                   "--basis", basis)
        result = lm3(member, name)
        equal(result["lm3"], dict.fromkeys(("low", "central", "high"), float(score)), name)
        equal(result["recorded"], True, "recorded")
        equal(result["barred"], None, "may be counted")
        for unknown in ("income_pence", "round1_pence", "round2_pence", "round3_pence"):
            equal(result[unknown], None, unknown)
    projects = member.json("lm3", "list")["projects"]
    equal([p["score"] for p in projects], [2.52, 2.43, 2.55, 2.47], "scores, by name")

    # Several of one year: somebody has to say which counts.
    refused = member.run(*computed("lm3.score"), code=64)
    expect("lm3 use NAME" in refused.err and "Halifax" in refused.err, refused.err)
    member.run("lm3", "use", "Halifax")
    equal([p["project"] for p in member.json("lm3", "list")["projects"] if p["in_use"]],
          ["Halifax Opportunities Trust"], "the project that counts")
    near(member.json(*computed("lm3.score"))["value"], 2.43, "what a tally would be given")
    refused = member.run(*computed("lm3.local_payroll_share"), code=1)
    expect("worked out elsewhere" in refused.err, refused.err)

    refused = member.run("lm3", "set", "halifax opportunities  trust", "--income", 1, code=64)
    expect("worked out elsewhere" in refused.err, refused.err)
    refused = member.run("lm3", "record", "x", "--score", "4.2", *AREA, "--source", "y", code=64)
    expect("1.00 to 3.00" in refused.err, refused.err)


def test_a_score_that_cannot_be_is_not_called_reliable(place):
    member = alone(place)
    answer = member.run("lm3", "new", "Odd one", *AREA, "--income", 10, "--payroll-local", 1000)
    expect("lm3 result 'Odd one'\n" in answer.out, f"quotes where they are needed: {answer.out}")
    answer = member.run("lm3", "new", "plain", *AREA, "--payroll-local", 1)
    expect("lm3 result plain\n" in answer.out, f"and nowhere else: {answer.out}")
    shown = member.run("lm3", "result", "odd").out
    expect("relied on" not in shown and "cannot be compared" in shown, shown)
    expect(" \n" not in member.run("lm3", "list").out, "no line ends with blanks")


def test_names_and_arguments_that_do_not_fit(place):
    member = alone(place)
    member.run("lm3", "new", "Jubilee hall", *AREA, "--payroll-local", 1)
    member.run("lm3", "new", "Jubilee café", *AREA, "--payroll-local", 1)
    for args, code, words in (
            (("lm3", "result", "Nowhere"), 1, "no LM3 project 'Nowhere'"),
            (("lm3", "result", "jubilee"), 64, "Jubilee hall"),
            (("lm3", "set", "hall", "--income", "5"), 1, "did you mean Jubilee hall?"),
            (("lm3", "import", "hall", "suppliers", place.file("made-up.csv", GOOD)), 1,
             "did you mean Jubilee hall?"),
            (("lm3", "set", "nowhere", "--income", "5"), 1, "lm3 list"),
            (("lm3", "new", "JUBILEE HALL", *AREA), 1, "already"),
            (("lm3", "new", "x", "--area", "E08000033"), 64, "--period"),
            (("lm3", "new", "x", "--area", "nowhere at all", "--period", "2016"), 64, "nowhere at all"),
            (("lm3", "new", "x", *AREA, "--basis", "half"), 64, "turnover or contract"),
            (("lm3", "new", "x", *AREA, "--payroll-local", "-5"), 64, "negative"),
            (("lm3", "new", "x", *AREA, "--proxy-local", "1.5"), 64, "proxy-local"),
            (("lm3", "import", "hall", "customers", "x.csv"), 64, "'suppliers'"),
            (("enabled", "result"), 1, "no tenants"),
            (("enabled", "record", "--period", "2016", "--fte", "3", "--source", "x"), 64,
             "--fte-method"),
            (("enabled", "record", "--period", "2016", "--fte", "3", "--fte-method", "primary",
              "--source", "x"), 64, "--confidence"),
            (("template", "suppliers", "--out", "x.ods"), 64, ".csv or .xlsx"),
            (("template", "cutlery"), 64, "no template")):
        answer = member.run(*args, code=code)
        expect(words in answer.err, f"{args}: {answer.err}")
        equal(answer.out, "", "nothing on stdout")


# ---- files that cannot be read ---------------------------------------------------------------


GOOD = "supplier,spend\nMade-up Catering,100\n"


def bad_files(place):
    """(path, what its message says besides the file's name)"""
    lines = "supplier,spend\nA,1\nB,abc\nC,3\nD,x\n"
    yield place.file("columns.csv", "supplier,place\nA,HX1\n"), ("spend",)
    yield place.file("amount.csv", lines), ("line 3", "'spend'", "abc", "line")
    yield place.file("share.csv", "supplier,spend,respent_locally\nA,1,0.45\nB,1,45\n"), (
        "line 3", "respent_locally", "45% or 0.45", "line 2 has '0.45'")
    yield place.file("negative.csv", "supplier,spend\nA,100\nB,-250\n"), ("-£150",)
    yield place.file("empty.csv", ""), ()
    yield place.file("header.csv", "supplier,spend\n"), ("no suppliers",)
    yield place.file("utf16.csv", GOOD.encode("utf-16")), ()
    yield place.file("undefined.csv", b"supplier,spend\nCaf\x81,1\n"), ("line 2",)
    yield place.file("binary.csv", bytes(range(256)) * 8), ()
    yield place.file("cut.xlsx", b"PK\3\4" + bytes(50)), ("damaged or cut off",)
    yield place.file("old.xls", b"\xd0\xcf\x11\xe0" + bytes(50)), ("XLS",)
    yield place.file("page.xls", "<html><table><tr><td>supplier"), ("web page",)
    yield place.path, ("folder",)
    yield os.path.join(place.path, "missing.csv"), ()


def test_bad_files_say_where_and_store_nothing(place):
    member = alone(place)
    member.run("lm3", "new", "project", *AREA)
    member.run("lm3", "import", "project", "suppliers", place.file("good.csv", GOOD))
    before = lm3(member, "project")
    for path, words in bad_files(place):
        answer = member.run("lm3", "import", "project", "suppliers", path, code=None)
        equal(answer.code, 65 if os.path.exists(path) else 1, f"{path}: {answer!r}")
        equal(answer.out, "", f"{path}: stdout")
        expect(len(answer.err.strip().splitlines()) <= 2, f"one message and a hint: {answer.err}")
        for word in (os.path.basename(path), *words):
            expect(word in answer.err, f"{path}: '{word}' in {answer.err}")
        equal(lm3(member, "project"), before, f"{path}: the table before still counts")


def test_a_file_that_turns_bad_late_leaves_nothing(place):
    """Parts are on their way and in the database when the last row turns out to be bad."""
    member = alone(place)
    member.run("lm3", "new", "project", *AREA, "--payroll-local", 1)
    before = lm3(member, "project")
    rows = "".join(f"Made-up {i} Ltd,{i}.50\n" for i in range(1, 30001))
    path = place.file("late.csv", "supplier,spend\n" + rows + "Made-up last,twelve\n")
    answer = member.run("lm3", "import", "project", "suppliers", path, code=65)
    expect("line 30002" in answer.err and "twelve" in answer.err, answer.err)
    equal(lm3(member, "project"), before, "nothing came in")


def test_a_file_that_may_not_be_read(place):
    """Root may read everything, so that somebody else has to try then."""
    path = place.file("secret.csv", GOOD)
    os.chmod(path, 0)
    who = {"user": 65534} if os.geteuid() == 0 else {}
    try:
        done = subprocess.run([COMMAND, "--home", place.path, "lm3", "import", "x", "suppliers",
                               path], capture_output=True, text=True, timeout=LIMIT, **who)
    except PermissionError:
        print("# not tried: the programs are out of reach for anybody but root")
        return
    equal((done.returncode, done.stdout), (65, ""), f"exit code and stdout; {done.stderr}")
    expect("secret.csv" in done.stderr and "Permission denied" in done.stderr, done.stderr)


def test_a_table_that_is_interrupted(place):
    """Half of the table has been written into a pipe when Ctrl-C comes."""
    member = alone(place)
    member.run("lm3", "new", "project", *AREA)
    pipe = os.path.join(place.path, "pipe.csv")
    os.mkfifo(pipe)
    with subprocess.Popen([COMMAND, "--home", member.home, "lm3", "import", "project", "suppliers",
                           pipe], stderr=subprocess.PIPE, text=True,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as ours:
        with open(pipe, "w", encoding="utf-8") as file:
            file.write(GOOD)
            file.flush()
            ours.send_signal(signal.SIGINT)
            equal(ours.wait(LIMIT), 130, "exit code")
        expect("keeplocal: interrupted\n" in ours.stderr.read(), "it says so")
    answer = member.run("lm3", "result", "project", code=None)
    expect("Made-up" not in answer.out and "1 row" not in answer.out, "nothing came in")


def test_a_very_large_file(place):
    """The North East once counted 26 councils together: 140,000 suppliers."""
    dice = random.Random(140000)
    rows = ["supplier,place,spend,local,respent_locally"]
    for i in range(140000):
        answer = f"{dice.random():.2f}" if dice.random() < 0.6 else ""
        rows.append(f"Made-up supplier {i} Ltd,E08000033,{dice.randrange(1, 50000)}."
                    f"{dice.randrange(100):02},{dice.choice(('yes', 'no', ''))},{answer}")
    path = place.file("large.csv", "\n".join(rows) + "\n")
    member = alone(place)
    member.run("lm3", "new", "region", *AREA)
    begun = time.monotonic()
    done = member.json("lm3", "import", "region", "suppliers", path)
    imported = time.monotonic()
    result = lm3(member, "region")
    ended = time.monotonic()
    print(f"# 140,000 suppliers: import {imported - begun:.2f} s, result {ended - imported:.2f} s")
    equal(done["suppliers"], 140000, "suppliers")
    equal(result["suppliers"], 140000, "suppliers")
    equal(result["round1_pence"], result["supply_chain_pence"], "income is what was spent")
    expect(result["lm3"]["low"] < result["lm3"]["central"] < result["lm3"]["high"], "a range")


# ---- enabled contribution --------------------------------------------------------------------


TABLE_1 = (("Royds Community Association", 312, "primary", 70000000, "primary", "high"),
           ("Bradford Trident", 260, "partly", 12913842, "partly", "moderate"),
           ("Windmill Hill City Farm", 26, "primary", 617010, "estimated", "moderate"),
           ("Knowle West Media Centre", 43, "primary", 531834, "estimated", "moderate"),
           ("Halifax Opportunities Trust", 304, "partly", 14162322, "estimated", "moderate"),
           ("Hackney Co-operative Developments", 177, "estimated", 8114434, "estimated", "moderate"),
           ("Manor House Development Trust", 5, "partly", 237110, "estimated", "moderate"),
           ("Shoreditch Trust", 255, "partly", 12348429, "estimated", "moderate"),
           ("Wem Town Hall", 7, "partly", 158073, "estimated", "moderate"),
           ("Cleobury Country Centre", 12, "primary", 526910, "estimated", "moderate"))


def test_table_1_of_the_report(place):
    """Recorded one after the other by one member, each in place of the last. The rows of employees
    sum to 1,401; the report prints 1,399."""
    member = alone(place)
    fte_sum = gva_sum = 0
    for name, fte, fte_method, gva, gva_method, confidence in TABLE_1:
        member.run("enabled", "record", "--period", "2017", "--fte", fte, "--fte-method",
                   fte_method, "--gva", gva, "--gva-method", gva_method, "--confidence",
                   confidence, "--source", f"Locality 2017, appendix 2, table 1: {name}")
        result = member.json("enabled", "result")
        equal(result["employees_fte"]["exact"], float(fte), name)
        equal(result["employees_fte"]["methods"][fte_method], float(fte), name)
        equal(result["employees_fte"]["confidence"], confidence, name)
        equal(result["gva_pence"]["methods"][gva_method], gva * 100, name)
        equal((result["tenants"], result["recorded"]), (None, True), name)
        expect(name in result["source"], "the source names it")
        fte_sum += result["employees_fte"]["exact"]
        gva_sum += result["gva_pence"]["exact"]
    equal(fte_sum, 1401.0, "employees")
    equal(gva_sum, 11960996400, "pence of gross value added")
    equal(member.json("enabled", "result", "--period", "2017")["employees_fte"]["published"],
          "about 12", "without false accuracy")
    expect("hard to compare" in member.run("enabled", "result").out, "the report's warning")


TENANTS = ("tenant,activity,floor_space_m2,turnover,staff_fte,gva\n"
           "Made-up Nursery,childcare,240,180000,9.5,\n"
           "Made-up Studio,graphic design,130,,,\n"
           "Made-up Office,accountancy,,,4,250000\n"
           "Made-up Silence,,,,,\n")


def test_tenants_become_jobs_and_value(place):
    """130 square metres of an office are ten jobs (HCA 2015: 13 m2 each)."""
    member = alone(place)
    path = place.file("tenants.csv", TENANTS)
    done = member.run("enabled", "import", path, "--period", "2016")
    expect("4 tenants for 2016" in done.out, done.out)
    result = member.json("enabled", "result")
    fte = result["employees_fte"]
    equal(result["tenants"], 4, "tenants")
    equal(fte["exact"], 23.5, "employees")
    equal(fte["methods"], {"primary": 13.5, "partly": 0.0, "estimated": 10.0}, "methods")
    equal((fte["published"], fte["confidence"]), ("about 24", "moderate"), "as it is told")
    equal(result["gva_pence"]["methods"]["primary"], 25000000, "value as it was given")
    equal(sum(result["gva_pence"]["methods"].values()), result["gva_pence"]["exact"], "value")
    equal(len(result["left_out"]), 1, "left out")
    expect("Made-up Silence" in result["left_out"][0], result["left_out"][0])
    equal(result["factors"]["density"]["year"], 2015, "the table that was used")
    words = member.run("enabled", "result").out
    for part in ("about 24", "Left out:", "Warnings:", "Employment Density Guide"):
        expect(part in words, f"'{part}' in {words}")
    factors = member.json("enabled", "factors")
    equal(factors["in_use"], factors["program"], "the program's own tables are in use")

    # Totals and tenants of one period never stand side by side.
    totals = ("enabled", "record", "--period", "2016", "--fte", 30, "--fte-method", "estimated",
              "--confidence", "low", "--source", "a guess")
    expect("--instead" in member.run(*totals, code=1).err, "asked which")
    member.run(*totals, "--instead")
    equal(member.json("enabled", "result")["employees_fte"]["exact"], 30.0, "totals count")
    equal(member.json("enabled", "result")["gva_pence"], None, "unknown is null")
    member.run("enabled", "import", path, "--period", "2016", code=1)
    member.run("enabled", "import", path, "--period", "2016", "--instead")
    equal(member.json("enabled", "result"), result, "tenants count again")


def test_bad_tenants_store_nothing(place):
    member = alone(place)
    for name, text, words in (
            ("floor.csv", "tenant,floor_space_m2\nA,12\nB,big\n", ("line 3", "floor_space_m2")),
            ("staff.csv", "tenant,staff_fte\nA,-3\n", ("line 2", "staff_fte")),
            ("noname.csv", "activity,staff_fte\nbaking,3\n", ("tenant",)),
            ("none.csv", "tenant,staff_fte\n", ("no tenants",))):
        answer = member.run("enabled", "import", place.file(name, text), code=65)
        for word in (name, *words):
            expect(word in answer.err, f"{name}: '{word}' in {answer.err}")
    member.run("enabled", "result", code=1)


def test_own_figures_feed_the_metrics(place):
    """What was worked out is what a tally would be given, without typing it again."""
    member = alone(place)
    member.run("lm3", "new", "Jubilee", *AREA, "--payroll-local", 80000, "--payroll-elsewhere",
               20000)
    member.run("enabled", "import", place.file("tenants.csv", TENANTS), "--period", "2016")
    for metric, value, origin in (("lm3.score", 2.394, "Jubilee"),
                                  ("lm3.local_payroll_share", 0.8, "Jubilee"),
                                  ("enabled.fte", 23.5, "tenants of 2016")):
        answer = member.json(*computed(metric))
        near(answer["value"], value, metric)
        expect(origin in answer["origin"], f"{metric}: {answer['origin']}")
    refused = member.run(*computed("lm3.local_supplier_share"), code=1)
    expect("no suppliers" in refused.err, refused.err)
    refused = member.run(*computed("enabled.gva_per_fte"), code=1)
    expect("told too little" in refused.err, refused.err)

    # An answer that is not green, or not about one council area, is withheld by its owner.
    member.run("lm3", "import", "Jubilee", "suppliers",
               place.file("silent.csv", "supplier,spend,local\nX,100,yes\n"))
    expect("not green" in member.run(*computed("lm3.score"), code=1).err, "red is not counted")
    near(member.json(*computed("lm3.local_supplier_share"))["value"], 1.0, "but its share is")


def test_templates_are_tables_that_come_back_in(place):
    member = alone(place)
    member.run("lm3", "new", "project", *AREA)
    path = os.path.join(place.path, "suppliers.csv")
    member.run("template", "suppliers", "--example", "--out", path)
    equal(member.json("lm3", "import", "project", "suppliers", path)["rows"], 2, "rows")
    expect("already there" in member.run("template", "suppliers", "--out", path, code=73).err,
           "never over somebody's file")
    tenants = place.file("tenants.csv", member.run("template", "tenants", "--example").out)
    equal(member.json("enabled", "import", tenants)["tenants"], 2, "tenants")
    expect("floor space" in member.run("template", "tenant-form").out, "the four questions")


def test_templates_are_spreadsheets_too(place):
    member = alone(place)
    member.run("lm3", "new", "project", *AREA)
    path = os.path.join(place.path, "suppliers.xlsx")
    equal(member.run("template", "suppliers", "--out", path).out, path + "\n", "its name")
    expect("already there" in member.run("template", "suppliers", "--out", path, code=73).err,
           "never over somebody's file")
    expect("no suppliers" in member.run("lm3", "import", "project", "suppliers", path, code=65).err,
           "notes and title are no rows")
    answer = member.json("lm3", "import", "project", "suppliers", path, "--sheet", "example")
    equal(answer["rows"], 2, "rows of the example")
    equal(answer["supply_chain_pence"], 157050, "their sum")
    missing = member.run("lm3", "import", "project", "suppliers", path, "--sheet", "2017", code=64)
    expect("'Suppliers', 'Example', 'Notes'" in missing.err, missing.err)
    path = os.path.join(place.path, "tenants.xlsx")
    member.run("template", "tenants", "--out", path)
    equal(member.json("enabled", "import", path, "--sheet", "Example")["tenants"], 2, "tenants")


def test_answers_are_tables_too(place):
    member = alone(place)
    member.run("lm3", "new", "hall", *AREA, "--payroll-local", "100000")
    path = os.path.join(place.path, "hall.csv")
    equal(member.run("lm3", "result", "hall", "--out", path).out, path + "\n", "its name")
    with open(path, encoding="utf-8") as f:
        rows = f.read()
    expect("Round 1 (£),100000.00" in rows and "LM3 central,2.66" in rows, rows)
    expect("already there" in member.run("lm3", "result", "hall", "--out", path, code=73).err,
           "never over somebody's file")
    path = os.path.join(place.path, "hall.xlsx")
    answer = member.json("lm3", "result", "hall", "--out", path)
    equal(answer["income_pence"], 10000000, "JSON and a file")
    expect(os.path.getsize(path) > 1000, "an XLSX")
    expect("no option --out" in member.run("lm3", "use", "hall", "--out", path, code=64).err,
           "only what is asked for as an answer")


if __name__ == "__main__":
    run(globals())
