"""Who is like whom, held against the same sums done here, from the same figures.

All councils, trusts and figures are made up.
"""

import csv
import io
import math
import os
import random
import statistics
import subprocess

from harness import BUILD, Failure, equal, expect, run, wait
from tallies import call, contribute, ended, network, record

CLASSES = ["urban", "urban_with_rural", "rural", "sparse_rural"]
CLASS_NAMES = ["Urban", "Urban with rural areas", "Rural", "Sparse and rural"]
BANDS = ["micro", "small", "medium", "large", "major", "super_major"]
SERVICES = ["advice", "cafe", "nursery", "workspace", "library", "sports hall", "food bank"]


def near(got, wanted, what):
    expect(abs(got - wanted) < 1e-9, f"{what}: expected {wanted!r}, got {got!r}")


# ---- the same sums in Python ---------------------------------------------------------------------


def size(x):
    return None if x is None else math.log(1 + x)


def features_of_council(c):
    """Compared values; the quintile stands in where one of two has no score."""
    density = c["population"] / c["area"] if c.get("population") and c.get("area") else None
    return {"population": size(c.get("population")), "density": size(density),
            "score": c.get("score"), "quintile": c.get("quintile"), "class": c.get("class"),
            "women": c.get("women"), "men": c.get("men")}


def council_distances(councils, me, group):
    """{name: (distance, features)} of those that can be compared."""
    values = {c["name"]: features_of_council(c) for c in group}
    spread = {}
    for key in values[me["name"]]:
        known = [v[key] for v in values.values() if v[key] is not None]
        spread[key] = statistics.pstdev(known) if known else 0
    found = {}
    for other in group:
        if other is me:
            continue
        mine, theirs = values[me["name"]], values[other["name"]]
        both = [k for k in mine if mine[k] is not None and theirs[k] is not None]
        if "score" in both and "quintile" in both:
            both.remove("quintile")
        if 2 * len(both) < 6:
            continue
        squares = sum(((mine[k] - theirs[k]) / spread[k]) ** 2 for k in both if spread[k] > 0)
        found[other["name"]] = (math.sqrt(squares / len(both)), len(both))
    return found


def anchor_distances(anchors, me):
    numbers = {"class": lambda a: CLASSES.index(a["rural_urban"]) if "rural_urban" in a else None,
               "quintile": lambda a: a.get("deprivation_quintile"),
               "income": lambda a: BANDS.index(a["income_band"]) if "income_band" in a else None}
    for key in ("population", "staff", "tenants", "floor_space_m2"):
        numbers[key] = lambda a, k=key: size(a.get(k))
    ranges = {}
    for key, of in numbers.items():
        known = [of(a) for a in anchors if of(a) is not None]
        ranges[key] = max(known) - min(known) if known else 0
    found = {}
    for other in anchors:
        differences = []
        for key, of in numbers.items():
            if of(me) is not None and of(other) is not None:
                differences.append(abs(of(me) - of(other)) / ranges[key] if ranges[key] else 0)
        if "region" in me and "region" in other:
            differences.append(float(me["region"] != other["region"]))
        for key in ("services", "activities"):
            a, b = set(me.get(key, [])), set(other.get(key, []))
            if a and b:
                differences.append(1 - len(a & b) / len(a | b))
        if other is not me and 2 * len(differences) >= 10:
            found[other["name"]] = (sum(differences) / len(differences), len(differences))
    return found


def compare(answer, wanted, n):
    """What `similar` says, against {name: (distance, features)}."""
    order = sorted(wanted.values())[:n]
    equal(len(answer), len(order), "how many are shown")
    for got, (distance, _) in zip(answer, order):
        near(got["raw_distance"], distance, f"order at {got['name']}")
        near(got["raw_distance"], wanted[got["name"]][0], got["name"])
        equal(got["features"], wanted[got["name"]][1], f"features of {got['name']}")
        near(got["distance"], distance / order[-1][0], f"rebased of {got['name']}")
        expect(got["together"] or got["apart"], f"a reason for {got['name']}")
        expect(len(got["together"]) <= 3 and len(got["apart"]) <= 3, got)
        expect(not set(got["together"]) & set(got["apart"]), got)


# ---- councils of a table ---------------------------------------------------------------------------


def made_up_councils(seed, n):
    dice = random.Random(seed)
    councils = []
    for i in range(n):
        c = {"name": f"Made-up Council {i:03d}", "gss": f"E06{900000 + i}",
             "type": ["Unitary authority", "London borough"][i % 3 == 0],
             "population": int(10 ** dice.uniform(3.5, 6)), "area": round(dice.uniform(5, 3000), 1),
             "score": round(dice.uniform(5, 45), 3), "quintile": dice.randint(1, 5),
             "class": dice.randrange(4)}
        for key in dice.sample(["population", "area", "score", "quintile", "class"],
                               dice.choice([0, 0, 1, 2, 3])):
            if i > 1:
                del c[key]
        councils.append(c)
    return councils


def table_of(councils):
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["gss_code", "official_name", "la_type", "pop_2020", "area_km2",
                   "imd_pop_quintile_1_most_deprived", "imd_score", "ruc_label"])
    for c in councils:
        rows.writerow([c["gss"], c["name"], c["type"], c.get("population", ""), c.get("area", ""),
                       c.get("quintile", ""), c.get("score", ""),
                       CLASS_NAMES[c["class"]] if "class" in c else ""])
    return out.getvalue()


def test_councils_of_the_reference_table(place):
    councils = made_up_councils(1, 60)
    me = councils[1]
    member = place.member(me["name"]).init("council", "--gss", me["gss"]).start(bind=False)
    member.run("reference", "import", place.file("councils.csv", table_of(councils)))
    same = [c for c in councils if c["type"] == me["type"]]
    wanted = council_distances(councils, me, same)
    compare(member.json("similar"), wanted, 15)
    compare(member.json("similar", "--n", "100"), wanted, 100)
    compare(member.json("similar", "--all-types", "--n", "100"),
            council_distances(councils, me, councils), 100)
    other = councils[4]
    compare(member.json("similar", other["gss"]), council_distances(councils, other, same), 15)
    expect(len(wanted) < len(same) - 1, "some are not compared")
    words = member.run("similar", "--n", "3").out
    expect("Not known of it, and so not compared: women's life expectancy" in words, words)
    expect(f"Not compared: {len(same) - 1 - len(wanted)} of whom too little is known" in words,
           words)
    expect("1.00  Made-up Council" in words and "(no member)" in words and
           "CIPFA's variables are not public" in words, words)
    equal([r["is_member"] for r in member.json("similar", "--n", "2")], [False, False], "members")
    equal(member.json("similar", "--members"), [], "nobody else is here")

    # What a profile tells changes nothing where the table speaks, and it is said.
    member.run("profile", "set", "population=77", "life_expectancy_women=83.5")
    compare(member.json("similar"), wanted, 15)
    words = member.run("similar", "--n", "1").out
    expect(f"Note: population {me['population']:,} in the table of councils, which counts; 77 in"
           in words, words)
    # Another table is looked at at once, and so is the old one when that is undone.
    later = [dict(c, population=c["population"] * 7) if "population" in c and i % 2 else c
             for i, c in enumerate(councils)]
    member.run("reference", "import", place.file("later.csv", table_of(later)))
    compare(member.json("similar"),
            council_distances(later, later[1], [c for c in later if c["type"] == me["type"]]), 15)
    member.run("undo", "--yes")
    compare(member.json("similar"), wanted, 15)


def test_identical_councils_keep_their_order(place):
    councils = [dict(made_up_councils(2, 1)[0], name=f"Twin {i}", gss=f"E06{910000 + i}")
                for i in range(6)]
    member = place.member("Twin 2").init("council", "--gss", councils[2]["gss"]).start(bind=False)
    member.run("reference", "import", place.file("twins.csv", table_of(councils)))
    rows = member.json("similar", "--n", "4")
    equal([(r["name"], r["distance"], r["apart"]) for r in rows],
          [(f"Twin {i}", 0, []) for i in (0, 1, 3, 4)], "twins")


def test_councils_that_are_no_more_are_not_listed(place):
    """Codes are real, and so is what became of them (core/successions.def); the rest is made up."""
    councils = [dict(c, type="Unitary authority", gss=code, name=name) for c, code, name in zip(
        made_up_councils(6, 5),
        ["E06000001", "E06000055", "E07000002", "E10000009", "E07000025"],
        ["Asking", "Of today", "The same by its old code", "Merged", "Only by its old code"])]
    for c in councils:
        c.update(population=50000, area=100, score=20, quintile=3)
    member = place.member("Asking").init("council", "--gss", "E06000001").start(bind=False)
    member.run("reference", "import", place.file("councils.csv", table_of(councils)))
    equal({r["name"] for r in member.json("similar")}, {"Of today", "Only by its old code"}, "there")


# ---- members ---------------------------------------------------------------------------------------


def line(fields):
    return "\t".join(f"{k}={'; '.join(v) if isinstance(v, list) else v}"
                     for k, v in fields.items()) + "\n"


def convenor_with(place, members):
    """A convenor's home with these made-up members on its roster."""
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "A network of tests")
    convenor.stop()
    done = subprocess.run([os.path.join(BUILD, "tests/integration/made_up_members"), convenor.home],
                          input="".join(map(line, members)), text=True, capture_output=True)
    if done.returncode:
        raise Failure(done.stderr)
    return convenor.start()


def made_up_anchors(n):
    dice = random.Random(3)
    anchors = []
    for i in range(n):
        a = {"name": f"Made-up Trust {i:03d}", "kind": "anchor",
             "region": dice.choice(["london", "south_west", "wales"]),
             "rural_urban": dice.choice(CLASSES), "deprivation_quintile": dice.randint(1, 5),
             "income_band": dice.choice(BANDS), "population": int(10 ** dice.uniform(3, 5)),
             "staff": dice.randrange(0, 900) / 10, "tenants": dice.choice([0, 3, 30]),
             "floor_space_m2": dice.randrange(50, 9000),
             "services": dice.sample(SERVICES, dice.randint(1, 5)),
             "activities": dice.sample(SERVICES, dice.randint(1, 4))}
        for key in dice.sample(list(a)[2:], dice.choice([0, 0, 2, 4, 6])):
            if i:
                del a[key]
        anchors.append(a)
    return anchors


def test_anchors_with_sets(place):
    anchors = made_up_anchors(50)
    convenor = convenor_with(place, anchors)
    wanted = anchor_distances(anchors, anchors[0])
    expect(10 < len(wanted) < 49, "some are not compared")
    answer = convenor.json("similar", "Made-up Trust 000", "--n", "100")
    compare(answer, wanted, 100)
    expect(all(r["is_member"] and r["member"] for r in answer), "all of them are members")
    told = " ".join(r for a in answer for r in a["together"] + a["apart"])
    expect("in common (" in told and "services:" in told and "both in " in told, told)
    words = convenor.run("similar", "Made-up Trust 000", "--n", "2").out
    expect("Distances are Gower's" in words, words)


def test_members_and_councils_that_are_none_complete_each_other(place):
    councils = made_up_councils(5, 30)
    for c in councils:
        c.update(type="Unitary authority")
    kept = councils[20]
    members = [{"name": c["name"], "kind": "council", "type": "unitary", "gss": c["gss"],
                "life_expectancy_women": 80 + i / 10, "life_expectancy_men": 78 - i / 10}
               for i, c in enumerate(councils[:10])]
    for c, m in zip(councils, members):
        c.update(women=m["life_expectancy_women"], men=m["life_expectancy_men"])
    members[3]["replaces"] = kept["gss"]  # its own word, which hides nobody else
    gone = dict(members[4], replaced_by=councils[3]["gss"])
    members[4] = gone
    members.append({"name": "Trust of the place", "kind": "anchor", "gss": councils[0]["gss"]})
    convenor = convenor_with(place, members)
    convenor.run("reference", "import", place.file("councils.csv", table_of(councils)))
    there = [c for c in councils if c["gss"] != gone["gss"]]
    me = councils[0]
    wanted = council_distances(councils, me, there)
    answer = convenor.json("similar", me["name"], "--n", "100")
    compare(answer, wanted, 100)
    equal(convenor.json("similar", me["gss"], "--n", "100"), answer,
          "a code is the council's, not that of an anchor there")
    names = {r["name"]: r["is_member"] for r in answer}
    expect(gone["name"] not in names, "it says that another took its place")
    expect(names.get(kept["name"]) is False, "of another council nobody's word counts")
    expect(me["name"] not in names, "a member is not similar to itself")
    equal({n for n, is_member in names.items() if is_member},
          {m["name"] for m in members} & set(wanted), "members are marked")
    only = convenor.json("similar", me["name"], "--members", "--n", "100")
    equal([r["raw_distance"] for r in only],
          [r["raw_distance"] for r in answer if r["is_member"]], "members alone, the same measure")
    expect("another council took" in convenor.run("similar", gone["name"], code=1).err, "gone")
    equal(convenor.json("similar", kept["gss"], "--n", "100"),
          convenor.json("similar", kept["name"], "--n", "100"), "by code and by name")


def test_a_whole_name_comes_before_a_part_and_two_parts_are_asked_back(place):
    councils = [dict(made_up_councils(7, 1)[0], name=name, gss=gss, type="Unitary authority",
                     population=100000, area=100, score=20, quintile=3)
                for name, gss in (("Borough of Madeup", "E06910000"), ("Othertown", "E06910001"),
                                  ("Madeup and Elsewhere Council", "E06910002"))]
    table = table_of(councils).replace("gss_code,", "short_name,gss_code,", 1)
    head, *rows = table.splitlines()
    shorts = ["Madeup", "Othertown", ""]
    table = "\n".join([head] + [f"{s},{r}" for s, r in zip(shorts, rows)]) + "\n"
    anchor = {"kind": "anchor", "region": "wales", "rural_urban": "rural", "income_band": "small",
              "staff": 3, "services": ["advice"]}
    convenor = convenor_with(place, [
        {"name": "Madeup Trust", **anchor}, {"name": "Madeup Elsewhere Trust", **anchor}])
    convenor.run("reference", "import", place.file("councils.csv", table))
    words = convenor.run("similar", "madeup").out
    expect("Most like Borough of Madeup,\n" in words, words)
    expect("The name fits others in part: Madeup and Elsewhere Council, Madeup Trust, Madeup "
           "Elsewhere Trust." in words.replace("\n    ", " "), words)
    answer = convenor.run("similar", "elsewhere", code=64)
    expect("more than one member or council fits" in answer.err and
           "Madeup and Elsewhere Council (E06910002), Madeup Elsewhere Trust" in answer.err, answer)
    expect("Most like Madeup Elsewhere Trust" in convenor.run("similar", "elsewhere t").out, "part")
    expect("did you mean Othertown" in convenor.run("similar", "Othertwon", code=1).err, "near")
    # A council that is no more, by public record, by its old name or code.
    for old in ("Dorset County Council", "E10000009"):
        answer = convenor.run("similar", old, code=1)
        expect("in 2019" in answer.err and "keeplocal similar E06000059" in answer.err, answer)
    convenor.run("network", "suspend", "Madeup Trust")
    answer = convenor.run("similar", "Madeup Trust", code=1)
    expect("takes no part any more" in answer.err and "network members" in answer.err, answer)


def test_a_code_that_nobody_confirmed_takes_no_council_away(place):
    _, (one, other) = network(place, 2, kinds=["council", "council"])
    councils = made_up_councils(8, 2)
    one.run("reference", "import", place.file("councils.csv", table_of(councils)))
    one.run("profile", "set", f"gss={councils[0]['gss']}")
    other.run("profile", "set", f"gss={councils[1]['gss']}", f"replaces={councils[0]['gss']}")
    rows = {r["name"]: r for r in wait(
        lambda: [r for r in [one.json("similar", "--all-types")] if len(r) == 2], "its code")[0]}
    equal((rows[other.name]["is_member"], rows[councils[1]["name"]]["is_member"]), (True, False),
          "the member, and the council whose code it says it has")
    expect("the convenor has confirmed none" in rows[other.name]["differ"][0], rows)
    equal(rows[councils[1]["name"]]["differ"], [], "the council itself")
    expect(f"Most like {councils[1]['name']}," in one.run("similar", councils[1]["gss"],
                                                          "--all-types").out, "by its code")


def test_an_anchor_is_in_the_region_of_its_area(place):
    fields = {"kind": "anchor", "gss": "E06900001", "rural_urban": "rural", "income_band": "small",
              "staff": 3, "services": ["advice"]}
    convenor = convenor_with(place, [{"name": "One Trust", **fields}, {"name": "Other", **fields}])
    expect("4 of 10 things" in convenor.run("similar", "One Trust", code=1).err, "no region yet")
    table = "gss_code,official_name,region\nE06900001,Made-up Council,Wales\n"
    convenor.run("reference", "import", place.file("councils.csv", table))
    row = convenor.json("similar", "One Trust")[0]
    equal((row["features"], row["distance"]), (5, 0), "with the region")


def test_lessons_and_policies_stand_beside(place):
    _, (one, other, trust) = network(place, 3, kinds=["council", "council", "anchor"])
    trust.run("lesson", "add", "--title", "Of somebody unlike", "--yes")
    for member in (one, other):
        member.run("profile", "set", "population=1000", "deprivation_quintile=1",
                   "rural_urban=rural")
    for i in range(5):
        other.run("lesson", "add", "--title", f"Lesson {i}", "--outcome", "worked", "--yes")
    other.run("policy", "set", "status=adopted", "forms=policy", "title=A made-up policy", "--yes")
    row = wait(lambda: [r for r in one.json("similar", "--lessons", "--policies")
                        if r["lessons_total"] == 5 and r["policy"]], "all of it")[0]
    equal([x["title"] for x in row["lessons"]], ["Lesson 4", "Lesson 3", "Lesson 2"], "the newest")
    equal((row["policy"]["title"], row["policy"]["class"]),
          ("A made-up policy", "unclassified"), "policy")
    expect(row["policy"]["why"], row)
    expect("lessons" not in one.json("similar")[0], "only if asked for")
    words = one.run("similar", "--lessons", "--policies").out
    expect("lesson Lesson 4 [" in words and "and 2 more" in words and
           "policy unclassified: A made-up policy" in words, words)
    one.run("similar", "--lessons", "--n", "31", code=64)
    wait(lambda: len(one.json("lesson", "list")["lessons"]) == 6, "all lessons at one")
    equal({x["title"] for x in one.json("lesson", "list", "--like-me")["lessons"]},
          {f"Lesson {i}" for i in range(5)}, "lessons of members like me")
    first = other.json("lesson", "list")["lessons"][0]["id"]
    other.run("lesson", "withdraw", first, "--yes")
    wait(lambda: one.json("similar", "--lessons")[0]["lessons_total"] == 4, "one was withdrawn")


def test_what_cannot_be_answered_is_said(place):
    convenor = convenor_with(place, [{"name": "Silent Trust", "kind": "anchor",
                                      "region": "london"}])
    answer = convenor.run("similar", code=1)
    expect("neither council nor anchor" in answer.err and "similar NAME" in answer.err, answer)
    answer = convenor.run("similar", "Silent Trust", code=1)
    expect("1 of 10 things" in answer.err and "income_band" in answer.err, answer)
    answer = convenor.run("similar", "Nobody", code=1)
    expect("no member or council fits" in answer.err and "reference import" in answer.err, answer)
    for n in ("0", "101", "-1", "many"):
        convenor.run("similar", "Silent Trust", "--n", n, code=64)
    alone = place.member("Alone").init("council").start(bind=False)
    answer = alone.run("similar", code=1)
    expect("0 of 6 things" in answer.err and "profile set" in answer.err and
           "reference import" in answer.err, answer)
    alone.run("profile", "set", "population=1000", "deprivation_quintile=1", "rural_urban=rural")
    words = alone.run("similar").out
    expect("Nobody to compare with" in words and "reference import" in words, words)


# ---- a suggestion beside a benchmark -----------------------------------------------------------------


def test_the_released_cohort_most_like_me_is_suggested(place):
    convenor, members = network(place, 10)
    for i, member in enumerate(members):
        far = i > 5
        convenor.run("network", "admit", member.name, "--deprivation-quintile",
                     "1" if i in (0, 1) else "4",
                     *([] if i == 9 else ["--region", "wales" if i >= 5 else "london"]))
        member.run("profile", "set", f"rural_urban={'rural' if far else 'urban'}",
                   f"income_band={'large' if far else 'small'}", f"staff={i + 20 * far}",
                   f"tenants={3 * i}", f"population={1000 * (i + 1)}")
        record(member, "enabled.fte", 10 * (i + 1), 2026)
    for member in members:
        wait(lambda m=member: len(m.json("similar", "--n", "20")) == 9,
             f"all profiles at {member.name}")
    tally = call(convenor, 2026, ["enabled.fte"], "60s", "60s", "--cohorts",
                 "everybody,anchors,region=london,deprivation=1")
    contribute(members, tally)
    ended(members, tally)
    me = members[2]
    answer = me.json("benchmark", "enabled.fte")
    cohorts = {c["cohort"]: c for c in answer["cohorts"]}
    distances = {r["name"]: r["raw_distance"] for r in me.json("similar", "--n", "20")}
    everybody = statistics.mean(distances.values())
    london = statistics.mean(distances[m.name] for m in members[:5] if m is not me)
    near(cohorts["region=london"]["nearer"], 1 - london / everybody, "nearer")
    near(cohorts["everybody"]["nearer"], 0, "everybody")
    equal((answer["suggested"]["cohort"], answer["suggested"]["n"]), ("region=london", 5),
          "suggested")
    expect("fewer than" in cohorts["deprivation=1"]["withheld"] and
           not cohorts["deprivation=1"]["mine"], cohorts)
    words = me.run("benchmark", "enabled.fte").out
    expect("in which you stand, most like you: region=london (n = 5).\n" in words and
           "keeplocal benchmark enabled.fte --cohort region=london --period 2026" in words, words)
    # Who stands in a cohort that was withheld is told why.
    words = members[0].run("benchmark", "enabled.fte", "--cohort", "region=london").out
    expect("(n = 5), shown here." in words and "Withheld: deprivation=1: 2 answered" in words, words)
    # A cohort in which one does not stand is not suggested, but told where it is nearer.
    answer = members[5].json("benchmark", "enabled.fte")
    equal((answer["suggested"]["cohort"], answer["outside"]["cohort"], answer["outside"]["n"]),
          ("everybody", "region=london", 5), "much like London, but in Wales")
    expect(0.005 < answer["outside"]["nearer"] < 1, answer)
    words = members[5].run("benchmark", "enabled.fte").out
    expect("but you do not stand in it" in words and "  region=london (n = 5).\n" in words, words)
    equal((me.json("benchmark", "enabled.fte")["outside"], me.json("benchmark", "enabled.fte")
           ["unplaced"]), (None, []), "the nearest is its own")
    # Who stands in no cohort by region, because none was confirmed, is told so.
    answer = members[9].json("benchmark", "enabled.fte")
    equal((answer["suggested"]["cohort"], answer["outside"], answer["unplaced"]),
          ("everybody", None, ["region"]), "no region")
    words = members[9].run("benchmark", "enabled.fte").out
    expect("the convenor had not confirmed of you: region." in words, words)
    equal(convenor.json("benchmark", "enabled.fte")["suggested"], None, "nobody's cohort")
    expect("No cohort is suggested" in convenor.run("benchmark", "enabled.fte").out, "said")


if __name__ == "__main__":
    run(globals())
