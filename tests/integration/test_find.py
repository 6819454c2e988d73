#!/usr/bin/python3
"""Who does what where, and figures by place: real members, and thousands that are made up.

What the daemon counts is counted again here, from the same profiles, by code of its own. All members,
their neighbourhoods and figures are made up.
"""

import collections
import csv
import os
import random
import subprocess

from asking import found, peer, stands
from harness import BUILD, LIMIT, Failure, equal, expect, run, wait

MADE_UP = os.path.join(BUILD, "tests/integration/made_up_members")

# Activities of the report under words of the profile; and words that mean none of them.
BANK = {"food": "a6.food", "Growing food": "a6.food", "bee keeping": "a6.bees",
        "childcare": "a2.childcare", "Offering childcare": "a2.childcare",
        "lunch clubs": "a7.older_people", "a4.energy": "a4.energy", "workspace": "a2.workspace",
        "debt advice": "a3.advice", "litter picking": "a6.litter"}
OWN = {"Repair cafe": "repair cafe", "cafe, repairs": "repair cafe", "Choir": "choir",
       "choirs": "choir", "model railway": "railway", "Chess": "chess"}
AREAS = ["E08000033", "E08000032", "E06000051", "E06000023", ""]
REGIONS = {"E08000033": "yorkshire_and_the_humber", "E08000032": "yorkshire_and_the_humber",
           "E06000051": "west_midlands", "E06000023": "south_west", "": ""}


def convenor_with(place, lines):
    """A convenor whose home holds these members: (fields of a profile, figures)."""
    convenor = peer(place, "The Convenor", "convenor").start()
    convenor.ask("network create", name="A Made-up Network")
    convenor.stop()
    text = "".join("\t".join([f"{k}={v}" for k, v in fields.items() if v] +
                             ["figure=" + "|".join(map(str, f)) for f in figures]) + "\n"
                   for fields, figures in lines)
    done = subprocess.run([MADE_UP, convenor.home], input=text, text=True, capture_output=True,
                          timeout=LIMIT)
    equal((done.returncode, done.stdout.strip()), (0, str(len(lines))), done.stderr)
    return convenor.start(bind=False)


def made_up(chance, number):
    """A member, and what it does: (kind, area, neighbourhoods, services, activities)."""
    kind = "council" if number % 10 == 0 else "anchor"
    area = chance.choice(AREAS)
    names = chance.sample(["North End", "Hilltop", "The Moor", "Wharf-side"], chance.randrange(3))
    items = [chance.sample(sorted({**BANK, **OWN}), chance.randrange(4)) for _ in range(2)]
    fields = {"name": f"Made-up {number:04}", "kind": kind, "gss": area,
              "region": REGIONS[area] if number % 3 or kind == "council" else "",
              "neighbourhoods": ";".join(names), "services": ";".join(items[0]),
              "activities": ";".join(items[1])}
    return fields, (kind, area, set(names), items[0], items[1])


def meaning(item):
    return BANK.get(item) or OWN[item]


class Count:
    """The map over again, from the profiles themselves."""

    def __init__(self, members, kind, columns, counts=lambda item, service: True, by=meaning):
        self.cells, self.rows = collections.defaultdict(set), collections.defaultdict(set)
        self.places = collections.Counter()
        for name, (what, area, near, services, activities) in members.items():
            if kind not in ("any", what):
                continue
            here = columns(area, near)
            self.places.update(here)
            for items, service in ((services, True), (activities, False)):
                for item in items:
                    row = by(item)
                    if row is None or not counts(item, service):
                        continue
                    self.rows[row].add(name)
                    for place in here:
                        self.cells[place, row].add(name)


def key_of(row):
    return row["code"] or meaning(row["what"])


def compare(answer, wanted, place_key):
    """An answer of `find` against a count."""
    rows = {row["what"]: key_of(row) for row in answer["rows"]}
    equal({place_key(p): p["members"] for p in answer["places"]}, dict(wanted.places), "places")
    got = {(place_key({"place": c["place"], **places_of(answer)[c["place"]]}), rows[c["what"]]): c
           for c in answer["cells"]}
    equal({key: c["members"] for key, c in got.items()},
          {key: len(names) for key, names in wanted.cells.items()}, "cells")
    for key, cell in got.items():
        equal(cell["who"], sorted(wanted.cells[key])[:20], f"who is in {key}")
    for row in answer["rows"]:
        equal(row["members"], len(wanted.rows[key_of(row)]), f"all of {row['what']}")


def places_of(answer):
    return {p["place"]: p for p in answer["places"]}


def gss(place):
    return place["gss"]


def test_a_grid_is_what_a_count_of_the_profiles_gives(place):
    chance = random.Random(4)
    lines, members = [], {}
    for number in range(400):
        fields, does = made_up(chance, number)
        lines.append((fields, []))
        members[fields["name"]] = does
    convenor = convenor_with(place, lines)
    code_of = {a["code"]: a["characteristic"] for a in convenor.ask("activity list")["activities"]}

    def areas(area, _):
        return [area] if area else []

    by_activity = convenor.json("find", "--by", "activity")
    compare(by_activity, Count(members, "anchor", areas), gss)
    equal(len([r for r in by_activity["rows"] if r["code"]]), 82, "all of the report's activities")
    compare(convenor.json("find", "--by", "activity", "--kind", "any"),
            Count(members, "any", areas), gss)

    def characteristic(item):
        return code_of[BANK[item]] if item in BANK else None

    whole = convenor.json("find")
    wanted = Count(members, "anchor", areas, by=characteristic)
    compare(whole, wanted, gss)
    anchors = {n: m for n, m in members.items() if m[0] == "anchor"}
    equal([m["member"] for m in whole["members"]], sorted(anchors), "all anchors, by name")
    equal(whole["without_area"], sum(not m[1] for m in anchors.values()), "nobody knows where")
    equal(whole["silent"], sum(not m[3] and not m[4] for m in anchors.values()), "say nothing")
    for row in whole["members"]:
        what = anchors[row["member"]]
        equal((row["services"], row["activities"], row["gss"] or ""),
              (what[3], what[4], what[1]), row["member"])
        equal(row["characteristics"],
              sorted({characteristic(i) for i in what[3] + what[4]} - {None}), row["member"])

    # One area by its neighbourhoods, and all neighbourhoods of a name.
    def inside(area, near):
        return [("whole", area), *near] if area == "E08000033" else []
    compare(convenor.json("find", "--place", "E08000033"), Count(members, "anchor", inside),
            lambda p: ("whole", p["gss"]) if p["place"].startswith("Made-up") or
            p["place"] == p["gss"] or "(" in p["place"] else p["place"])

    def called(area, near):
        return [area] if "Hilltop" in near else []
    compare(convenor.json("find", "--place", "hilltop"), Count(members, "anchor", called),
            lambda p: p["gss"] or "")

    # One thing, as an activity and as a service.
    food = convenor.json("find", "--activity", "Growing, preparing")
    compare(food, Count(members, "anchor", areas, lambda i, _: BANK.get(i) == "a6.food"), gss)
    equal([m["member"] for m in food["members"]],
          sorted(n for n, m in anchors.items() if any(BANK.get(i) == "a6.food"
                                                      for i in m[3] + m[4])), "who grows food")
    choir = convenor.json("find", "--service", "choirs")
    compare(choir, Count(members, "anchor", areas, lambda i, s: s and OWN.get(i) == "choir"), gss)

    # Gaps: every cell with nobody or one, of what the report names or others do as well.
    gaps = convenor.json("find", "--gaps", "--by", "activity")["gaps"]
    count = Count(members, "anchor", areas)
    wanted = set()
    for where in filter(None, AREAS):
        for row in list(code_of) + [r for r in count.rows if r not in code_of]:
            here = count.cells[where, row]
            if len(here) < 2 and (row in code_of or len(count.rows[row]) > 1):
                wanted.add((where, row, len(here), min(here, default=None),
                            len(count.rows[row]) - len(here)))
    area_of = {p["place"]: p["gss"] for p in by_activity["places"]}
    equal({(area_of[g["place"]], key_of(g), g["members"], g["only"], g["elsewhere"])
           for g in gaps}, wanted, "gaps")
    equal(len(gaps), len(wanted), "each told once")


def test_what_members_publish_moves_the_map(place):
    convenor, (one, two) = found(place, 2)
    wait(lambda: stands(one, "active") and stands(two, "active"), "they get in")
    convenor.ask("network admit", member_id=one.member_id, name=one.name, gss="E08000033",
                 region="London")
    one.run("profile", "set", "activities=food; Made-up juggling", "neighbourhoods=North End",
            "gss=E08000033", "--dry-run")
    one.run("profile", "set", "activities=food; Made-up juggling", "neighbourhoods=North End",
            "gss=E08000033")

    def cells(*args):
        return {(c["place"], c["what"]): c["who"]
                for c in two.json("find", "--by", "activity", *args)["cells"]}
    food = "Growing, preparing and distributing food"
    wait(lambda: cells() == {("E08000033", food): [one.name],
                             ("E08000033", "Made-up juggling"): [one.name]}, "it is on the map")
    equal(set(cells("--place", "north-end")), {("North End, E08000033", food),
          ("North End, E08000033", "Made-up juggling")}, "in its neighbourhood")
    equal(set(cells("--place", "London")), set(cells()), "in its region")

    words = two.run("find", "--place", "E08000033").out
    for part in ("1 community anchor of", "food; Made-up juggling", "Who it is:", "Our rules:"):
        expect(part in words.replace("1 community anchor,", "1 community anchor of"), words)
    gaps = two.run("find", "--gaps", "--place", "E08000033").out
    for part in ("One member alone:", f"{food}: {one.name}", "Nobody in the whole network:",
                 "keeplocal find --activity NAME"):
        expect(part in gaps, f"{part} in {gaps}")

    one.run("profile", "set", "activities=energy")
    wait(lambda: cells() == {("E08000033", "Owning and generating energy"): [one.name]},
         "what it does not say any more is gone")
    convenor.ask("network suspend", member=one.name)
    wait(lambda: not cells(), "who is suspended is not on the map")


def test_names_of_places_that_mislead(place):
    """A neighbourhood may be called as its area is, as a heading is, or as a council far away."""
    convenor = convenor_with(place, [
        ({"name": "Made-up Trust", "kind": "anchor", "gss": "E08000033", "activities": "food",
          "neighbourhoods": "code"}, []),
        ({"name": "Made-up Farm", "kind": "anchor", "gss": "E08000033", "activities": "a2.childcare",
          "neighbourhoods": "E08000033;Wells;Wells Road"}, [])])
    whole = convenor.json("find", "--place", "E08000033")
    equal([p["members"] for p in whole["places"]], [2, 1, 1, 1, 1], "five columns, two of one name")
    for cell in whole["cells"]:
        equal(cell["place"], whole["places"][cell["column"]]["place"], "its column")
    equal(sorted(c["column"] for c in whole["cells"]), [0, 0, 1, 2, 3, 4], "each in its own")
    words = convenor.run("find", "--place", "E08000033").out
    expect("Who it is:" in words and "Made-up Farm" in words, words)
    path = os.path.join(place.path, "map.csv")
    convenor.run("find", "--place", "E08000033", "--out", path)
    with open(path, encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    care = next(r for r in rows if r["Code"] == "a2.childcare")
    columns = [k for k in care if k[0].isdigit()]
    equal((len(columns), sum(int(care[k]) for k in columns)), (5, 4), "numbered, and none is lost")

    # A part of a council's name is not taken for it where nobody works there.
    councils = os.path.join(place.path, "councils.csv")
    with open(councils, "w", encoding="utf-8") as table:
        table.write("gss_code,official_name,short_name,region,la_type,pop_2020\n"
                    "E07000999,Upper Wells Example Borough Council,Upper Wells Example,South East,"
                    "Non-metropolitan district,1000\n")
    convenor.run("reference", "import", councils)
    equal(convenor.json("find", "--place", "wells")["members"][0]["member"], "Made-up Farm",
          "the neighbourhood")
    equal(len(convenor.json("find", "--place", "wells")["places"]), 2, "and others called so")
    equal(convenor.json("find", "--place", "Upper Wells")["found"], 0, "the council")


def test_drawings_and_tables_of_many_places(place):
    lines = [({"name": f"Made-up {n:04}", "kind": "anchor", "gss": f"E0699{n % 30:04}",
               "activities": "food;bees" if n % 2 else "food"}, []) for n in range(300)]
    lines.append(({"name": "Made-up odd one", "kind": "anchor", "gss": "E06990001",
                   "activities": "=1+1;Caf\u00e9 \u2018o\u2019 lait"}, []))
    convenor = convenor_with(place, lines)
    words = convenor.run("find", "--activity", "food").out
    expect("and 22 more places" in words and "301 community anchors" not in words, words)
    expect("300 community anchors of 301" in words and "and 285 more" in words, words)

    path = os.path.join(place.path, "map.csv")
    convenor.run("find", "--activity", "food", "--out", path)
    with open(path, encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    grown = next(r for r in rows if r["Code"] == "a6.food")
    equal(sum(int(v) for k, v in grown.items() if k.startswith("E06")), 300, "all places")
    equal(int(grown["Members in all"]), 300, "and in all")
    expect(max(map(len, convenor.run("find").out.split("Our rules:")[0].splitlines())) <= 80,
           "80 columns")
    gaps = convenor.run("find", "--gaps", "--activity", "food").out
    expect("What others do elsewhere, two members or more do here." in gaps, gaps)
    book = os.path.join(place.path, "map.xlsx")
    convenor.run("find", "--out", book)
    with open(book, "rb") as table:
        equal(table.read(2), b"PK", "an XLSX")
    own = convenor.json("find", "--by", "activity")
    expect(any(r["what"] == "=1+1" for r in own["rows"]), "own words are kept as they are")
    convenor.run("find", "--by", "activity", "--out", os.path.join(place.path, "own.csv"))
    with open(os.path.join(place.path, "own.csv"), encoding="utf-8-sig") as table:
        expect("\n=1" not in table.read(), "and are no formula")


def test_three_thousand_members_in_parts(place):
    lines = [({"name": f"Made-up {n:04}", "kind": "anchor", "gss": f"E0699{n % 320:04}",
               "activities": "food;bees;litter;energy;events",
               "services": f"made-up service {n % 700}"}, []) for n in range(3000)]
    convenor = convenor_with(place, lines)
    first = convenor.ask("find")
    expect(len(first["members"]) < 3000 and first["next"], "one answer is not enough")
    whole = convenor.json("find", "--by", "activity")
    equal([m["member"] for m in whole["members"]], [f"Made-up {n:04}" for n in range(3000)],
          "everybody, once, by name")
    equal((len(whole["places"]), whole["places_left_out"], whole["more"]), (320, 0, False), "places")
    equal(len([r for r in whole["rows"] if r["members"]]) + whole["rows_left_out"], 705, "rows")
    per_place = collections.Counter()
    for cell in whole["cells"]:
        if cell["what"].startswith("Growing"):
            per_place[cell["place"]] += cell["members"]
    equal(sum(per_place.values()), 3000, "the cells of a row add up")
    equal({c["members"] for c in whole["cells"] if c["what"].startswith("Growing")}, {9, 10}, "each")


def test_what_cannot_be_found_is_said(place):
    convenor = convenor_with(place, [
        ({"name": "A Made-up Council", "kind": "council", "gss": "E08000033"}, []),
        ({"name": "B Made-up Council", "kind": "council", "gss": "E08000032"}, []),
        ({"name": "Made-up Trust", "kind": "anchor", "neighbourhoods": "Made-up Moor",
          "gss": "E08000033", "activities": "food"}, [])])
    for args, code, words in (
            (("--place", "Atlantis"), 1, "no council, region or neighbourhood fits \"Atlantis\""),
            (("--activity", "foot growing"), 1, "no member here names \"foot growing\""),
            (("--kind", "convenor"), 64, "kinds: anchor, council, any"),
            (("--kind", "ancor"), 64, "kinds: anchor, council, any"),
            (("--by", "weight"), 64, "by characteristic or by activity"),
            (("--place", "x" * 300), 64, "place"),
            (("--place", "\x1b[31m"), 64, "place"),
            (("--service", "y" * 300), 64, "service"),
            (("too", "many"), 64, "")):
        answer = convenor.run("find", *args, code=code)
        expect(words in answer.err, f"{words!r} in {answer.err!r}")
    expect("A Made-up Council" in convenor.run("find", "--place", "made-up council", code=64).err,
           "which of the two is asked")
    equal(convenor.json("find", "--place", "A Made-up")["found"], 1, "a part of a council's name")
    equal(convenor.json("find", "--place", "Made-up Moor")["found"], 1, "a neighbourhood")
    equal(convenor.json("find", "--place", "E08000033")["places"][0]["members"], 1, "by code")
    equal(convenor.json("find", "--place", "S12000033")["found"], 0, "an area without members")
    expect("No anchor works in S12000033" in
           convenor.run("find", "--place", "S12000033", "--gaps").out, "and its gaps")
    for junk in ({"after": -1}, {"after": "x"}, {"after": [1]}, {"place": 7}, {"kind": {"a": 1}},
                 {"by": 1}, {"activity": b"\xff"}):
        for command in ("find", "find grid", "find gaps"):
            convenor.refused(command, "USAGE", **junk)
    equal(convenor.ask("find grid", after=4294967295)["cells"], [], "beyond the end is nothing")
    equal(convenor.ask("find", after=4294967295)["members"], [], "beyond the end is nobody")

    expect("No anchor works in S12000033" in convenor.run("find", "--place", "S12000033").out, "both")
    equal(convenor.json("find", "--place", "e08000033")["found"], 1, "a code in small letters")
    here = convenor.run("find", "--place", "here", code=1).err
    expect("keeplocal profile set gss=" in here and "--area" not in here, here)

    alone = place.member("Made-up alone").init("anchor").start(bind=False)
    expect("in no network yet" in alone.run("find", code=1).err, "no network, no map")


def test_codes_of_councils_that_are_no_more_count_as_todays(place):
    """Bournemouth and Poole became part of one council in 2019; members may name either code."""
    convenor = convenor_with(place, [
        ({"name": "Made-up Trust", "kind": "anchor", "gss": "E06000028", "activities": "food"}, []),
        ({"name": "Made-up Farm", "kind": "anchor", "gss": "E06000058", "activities": "food"}, [])])
    for code in ("E06000028", "E06000058"):
        answer = convenor.json("find", "--place", code)
        equal([m["member"] for m in answer["members"]], ["Made-up Farm", "Made-up Trust"], code)
    equal([p["gss"] for p in convenor.json("find")["places"]], ["E06000058"], "one column")


def test_here_is_the_own_area_and_stands_in_the_report(place):
    convenor, (one, two) = found(place, 2)
    wait(lambda: stands(one, "active") and stands(two, "active"), "they get in")
    expect("your own council area is not known yet" in
           two.run("find", "--place", "here", code=1).err, "nowhere yet")
    expect("No gap can be told" in two.run("find", "--gaps").out, "nobody knows where they are")
    out = os.path.join(place.path, "without.html")
    two.run("report", "--out", out)
    with open(out, encoding="utf-8") as page:
        expect("Who does what in our area" not in page.read(), "no area, no section")

    convenor.ask("network admit", member_id=one.member_id, name=one.name, gss="E08000033")
    one.run("profile", "set", "activities=food; <b>juggling</b>")
    two.run("profile", "set", "gss=E08000033", "activities=workspace")
    wait(lambda: len(two.json("find", "--place", "here")["members"]) == 2, "both are here")
    out = os.path.join(place.path, "report.html")
    two.run("report", "--out", out)
    with open(out, encoding="utf-8") as page:
        text = page.read()
    for part in ("Who does what in our area, and the gaps", "2 community anchors of our network work",
                 "What one member alone says to do here",
                 f"Growing, preparing and distributing food: {one.name}",
                 "nobody says to do anything for: "):
        expect(part in text, f"{part} in the page")
    expect("<b>juggling" not in text, "what others write is escaped")


def test_members_of_the_roster_by_kind_region_and_name(place):
    convenor = convenor_with(place, [
        ({"name": "A Made-up Council", "kind": "council", "type": "unitary",
          "region": "south_west"}, []),
        ({"name": "Made-up Trust", "kind": "anchor", "region": "south_west"}, []),
        ({"name": "Made-up Farm", "kind": "anchor", "region": "london"}, [])])

    def names(*args):
        return sorted(m["name"] for m in convenor.json("network", "members", *args)["members"])
    equal(names("--kind", "anchor"), ["Made-up Farm", "Made-up Trust"], "anchors")
    equal(names("--region", "South West"), ["A Made-up Council", "Made-up Trust"], "of a region")
    equal(names("--type", "unitary"), ["A Made-up Council"], "of a type")
    equal(names("farm"), ["Made-up Farm"], "by a part of the name")
    equal(names("--kind", "council", "farm"), [], "both")
    expect("Nobody on the roster fits" in
           convenor.run("network", "members", "--kind", "council", "farm").out, "and it is said")
    convenor.run("network", "members", "--region", "Mars", code=1)


# ---- figures ---------------------------------------------------------------------------------


def test_figures_by_place_are_what_a_count_gives(place):
    chance = random.Random(5)
    lines, figures = [], []
    for number in range(200):
        fields, _ = made_up(chance, number)
        area, mine = fields["gss"], []
        for year in chance.sample([2016, 2017], chance.randrange(3)):
            method = chance.choice(["primary", "partly", "estimated", ""])
            confidence = chance.choice(["high", "moderate"])
            value = chance.randrange(0, 5000)
            mine.append(("enabled.fte", year, value, method, confidence))
            if year == 2017:
                figures.append((fields["name"], area, REGIONS[area], value, method, confidence))
        lines.append((fields, mine))
    convenor = convenor_with(place, lines)

    def check(answer, wanted):
        equal(answer["n"], len(wanted), "n")
        equal(round(answer["total"] * 10), sum(f[3] for f in wanted), "total")
        equal(answer["methods"], dict(collections.Counter(f[4] or "not stated" for f in wanted)),
              "methods")
        equal(answer["confidence"], dict(collections.Counter(f[5] for f in wanted)), "confidence")

    def total(*args):
        return convenor.json("figure", "total", "enabled.fte", *args)
    check(total(), figures)
    equal(total()["period"], "2017", "the latest")
    earlier = {f["member"] for f in convenor.json("figure", "list")["figures"]}
    earlier -= {f[0] for f in figures}
    equal(total()["other_periods"], len(earlier), "who published this for another year only")
    for area in filter(None, AREAS):
        answer = total("--place", area)
        check(answer, [f for f in figures if f[1] == area])
        equal(answer["without_place"], sum(not f[1] for f in figures), "nobody knows where")
        equal(len(answer["figures"]), answer["n"], "each figure")
        listed = convenor.json("figure", "list", "--place", area)["figures"]
        equal(sorted(f["member"] for f in listed if f["period"] == "2017"),
              sorted(f[0] for f in figures if f[1] == area), "the list")
    for flag, key, at in (("--by-place", "gss", 1), ("--by-region", "region", 2)):
        answer = total(flag)
        check(answer, figures)
        equal({p[key] or "" for p in answer["places"]}, {f[at] for f in figures}, flag)
        for part in answer["places"]:
            check(part, [f for f in figures if f[at] == (part[key] or "")])
        known = [p["total"] for p in answer["places"] if p[key]]
        equal(known, sorted(known, reverse=True), "largest first")
        equal(answer["places"][-1][key], None, "and the unknown last")
    check(total("--place", "South West"), [f for f in figures if f[2] == "south_west"])

    words = convenor.run("figure", "total", "enabled.fte", "--by-place").out
    for part in (f"{sum(f[3] for f in figures if f[1] == 'E08000033') / 10:,.1f}".removesuffix(".0"),
                 f"Not in it: {len(earlier)} members that published this for other periods",
                 "place unknown", "found in different ways", "Bear in mind: the report of the framework warns"):
        expect(part in words, f"{part} in {words}")
    path = os.path.join(place.path, "places.csv")
    convenor.run("figure", "total", "enabled.fte", "--by-place", "--out", path)
    with open(path, encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    equal({r["GSS"]: float(r["Total"]) for r in rows},
          {a: sum(f[3] for f in figures if f[1] == a) / 10 for a in AREAS}, "places as a table")
    convenor.run("figure", "total", "enabled.fte", "--by-place", "--by-region", code=64)
    convenor.run("figure", "total", "enabled.fte", "--place", "Atlantis", code=1)
    expect("does not add up" in convenor.run("figure", "total", "lm3.score", "--by-place",
                                             code=64).err, "a score is no size")


if __name__ == "__main__":
    run(globals())
