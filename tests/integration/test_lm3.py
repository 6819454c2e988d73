"""LM3 in its five steps as an officer takes them: project, area, budget, suppliers, survey; and what is
made of the result. Everybody in here is made up.
"""

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


run(globals())
