"""A made-up anchor with every kind of figure, for the tests of the report and for looking at it.

All organisations are made up, and say so. `report_home.py DIR` leaves its reports in DIR.
"""

import os
import sys

from harness import Place, wait
from tallies import call, contribute, ended, network, record

AREA = ("--area", "E08000033", "--period", "2016")

SUPPLIERS = """supplier,spend,local,sector,respent_locally
Example Bakery,38000,yes,small,70%
Example Builders Cooperative,64000,yes,social enterprise,55%
Example Print Works,12000,yes,small,
Example Cleaning plc,41000,no,large,5%
Example Software Ltd,52000,no,large,
Example Energy plc,36000,no,large,10%
Example Garden Group,9000,yes,voluntary,80%
Example Hire,14000,unknown,,
Example Consultants,27000,unknown,,20%
"""

TENANTS = """tenant,activity,floor_space_m2,turnover,staff_fte,sic,use_class,area_basis,gva
Example Nursery,childcare,240,180000,9.5,,,,310000
Example Design,graphic design,120,,,,,,
Example Bikes,bicycle repair shop,180,,4,,,,
Example Kitchen,catering,300,260000,11,,,,420000
Example Archive,,,,,,,,
"""

# Supplier, place, sector, and what was paid in 2014, 2015 and 2016.
SPENDING = (
    ("Example Builders Cooperative", "local", "social enterprise", 41000, 52000, 64000),
    ("Example Bakery", "local", "small", 12000, 25000, 38000),
    ("Example Garden Group", "local", "voluntary", 4000, 6000, 9000),
    ("Example Software Ltd", "elsewhere", "large", 61000, 55000, 52000),
    ("Example Cleaning plc", "elsewhere", "large", 58000, 44000, 41000),
    ("Example Energy plc", "elsewhere", "large", 39000, 38000, 36000),
    ("Example Grid", "elsewhere", "public", 8000, 8000, 8000),
    ("Example Consultants", "", "", 9000, 21000, 27000),
    ("REDACTED PERSONAL DATA", "", "", 3000, 3500, 4000),
)

INDICATORS = (
    ("c1.lm3", (("2013", "1.71"), ("2014", "1.84"), ("2015", "2.02"), ("2016", "2.31")),
     ("--method", "ledger")),
    ("c1.local_investment_share", (("2012", "14%"), ("2014", "19%"), ("2016", "28%")), ()),
)


# Services, and people who live around: of each of the seven anchors.
OFFERS = (
    ("advice; cafe; childcare; venue hire", 9200), ("advice; childcare; venue hire", 8800),
    ("cafe; workspace", 15200), ("advice; library", 3100), ("workspace; sport", 41000),
    ("library; cafe; venue hire", 5400), ("housing", 64000),
)

POLICIES = (
    ("status=adopted", "forms=policy; lead officer", "title=Social value in Example Town",
     "applied=all", "weight_percent=20", "tender_percent=60", "routes=grants; asset transfer"),
    ("status=adopted", "forms=strategy mention", "applied=threshold", "tender_percent=10"),
)

LESSON = "The people who hold the keys knew what no survey had told us. <b>Ask them first</b> & early."


def spending():
    """Three years of payments as a council publishes them, and where suppliers are."""
    rows = ["Example Council, payments over £500 (made up)", "Date,Supplier,Amount"]
    for name, *_, first, second, third in SPENDING:
        for year, pounds in ((2014, first), (2015, second), (2016, third)):
            rows += [f"{day:02}/{month:02}/{year},{name},{pounds / 2:.2f}"
                     for day, month in ((14, 2), (28, 9))]
    places = ["supplier,local,sector"] + [
        f"{name},{'yes' if place == 'local' else 'no'},{sector}"
        for name, place, sector, *_ in SPENDING if place]
    return "\n".join(rows) + "\n", "\n".join(places) + "\n"


def figures(member, place):
    """Everything that one member records for itself."""
    for assessor, scores in (("finance", "C1=1 C2=2 C3=1 C4=3 C5=2 C6=2 C7=3"),
                             ("residents", "C1=1 C2=3 C3=0 C4=4 C5=2 C6=1 C7=1"),
                             ("board", "C1=2 C2=2 C3=1 C4=4 C5=3 C6=2 C7=2")):
        member.run("assess", "record", "--period", "2016", "--assessor", assessor,
                   *scores.split(), "--note", "C1=what the ledger says")
    member.run("assess", "record", "--period", "2016", "--assessor", "board", "leadership=3",
               "joined-up=1", "--action", "C1=ask every supplier what it spends here", "--owner",
               "C1=the treasurer", "--due", "C1=2017-03-31", "--strength",
               "C4=three buildings in our own hands", "--gap",
               "C1=half of the suppliers have never been asked")
    paid, places = spending()
    member.run("spend", "import", place.file("paid.csv", paid), "--places",
               place.file("places.csv", places), "--area", "E08000033")
    member.run("lm3", "new", "Neighbourhood house", *AREA, "--payroll-local", 210000,
               "--payroll-elsewhere", 60000, "--other-local", 8000, "--other-elsewhere", 21000,
               "--income", 600000)
    member.run("lm3", "import", "Neighbourhood house", "suppliers", place.file("suppliers.csv", SUPPLIERS))
    member.run("enabled", "import", place.file("tenants.csv", TENANTS), "--period", "2016")
    for name, values, more in INDICATORS:
        for period, value in values:
            member.run("indicator", "record", name, value, "--period", period, *more)
    member.run("indicator", "record", "c1.lm3", "2.6", "--period", "2017", "--method",
               "a consultant's estimate", "--source", "Example Consultants, a letter")


def others(members):
    """What members say in public: profiles, policies, lessons and a question."""
    for i, (services, population) in enumerate(OFFERS):
        members[i].run("profile", "set", f"services={services}", f"population={population}",
                       f"staff={4 + i}", f"tenants={3 + 2 * i}", f"floor_space_m2={400 + 150 * i}")
    for member, fields in zip(members[len(OFFERS):], POLICIES):
        member.run("policy", "set", *fields, "--yes")
    members[1].run("lesson", "add", "--title", "Begin with the caretaker", "--text", LESSON,
                   "--route", "asset transfer", "--outcome", "worked", "--yes")
    members[5].run("lesson", "add", "--title", "A long one", "--text", "Much to tell. " * 120,
                   "--yes")
    members[2].run("ask", "Who has let a park run itself?", "--yes")
    subject = members[0]
    wait(lambda: subject.json("lesson", "list")["found"] == 2 and
         subject.json("questions")["found"] == 1 and
         len(subject.json("similar", "--n", 9)) == len(OFFERS) - 1 and
         subject.json("policy", "landscape")["none"] == 0, "what others say")


def together(place):
    """A network of seven whose first member has everything, and of which a tally was held."""
    convenor, members = network(place, 9, minimum=5, kinds=["anchor"] * 7 + ["council"] * 2)
    figures(members[0], place)
    members[0].run("profile", "set", "gss=E08000033")  # others see who does what there
    others(members)
    for i, member in enumerate(members):
        if i:
            record(member, "practice.1", i % 4, "2016")
        if i:
            record(member, "lm3.score", f"{1.3 + 0.21 * i:.2f}", "2016")
            record(member, "enabled.fte", 3 + 11 * i, "2016")
    tally = call(convenor, "2016", ["lm3.score", "enabled.fte", "practice.1"], "8s", "8s")
    contribute(members, tally)
    ended([convenor, *members], tally)
    members[0].run("figure", "publish", "enabled.fte", "--period", "2016", "--yes")
    return members[0]


if __name__ == "__main__":
    place = Place()
    try:
        subject = together(place)
        os.makedirs(sys.argv[1], exist_ok=True)
        print(subject.run("report", "--out", os.path.join(sys.argv[1], "full.html"), "--force").out)
        bare = place.member("Bare Trust (made up)").init("council").start(bind=False)
        print(bare.run("report", "--out", os.path.join(sys.argv[1], "empty.html"), "--force").out)
    finally:
        place.close()
