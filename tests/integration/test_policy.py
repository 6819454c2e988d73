"""Social value policies: what members say of them in public, and what can be learnt from that.
All councils and policies here are made up."""

import csv
import struct
import subprocess
import time

import tallies
from harness import BUILD, DAEMON, LIMIT, equal, expect, run, wait

FULL = ("status=adopted", "forms=policy; lead officer", "title=Made-up policy",
        "web=https://example.org/policy", "date=31/03/2024", "summary=Buys nearby.\nShows it.",
        "applied=all", "tender_percent=80", "weight_percent=20%", "outputs=council",
        "in_design=yes", "in_specification=yes", "in_monitoring=no", "measured=own; TOMs",
        "asks=how much; better off", "reported=yes", "corporate=yes", "co_produced=no",
        "small_providers=yes", "measures=Local jobs; Paid hours of training",
        "pathway=core requirement", "routes=grants; asset transfer")


def say(member, *fields):
    return member.json("policy", "set", *fields, "--yes")


def network(place, *names):
    """A convenor, and councils of these names that have joined."""
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "A network of tests")
    members = [place.member(name).init("council").start() for name in names]
    for member in members:
        convenor.run("network", "admit", member.member_id, "--name", member.name, "--type",
                     "unitary", "--region", "South West")
    return convenor, members, convenor.json("network", "ticket")["ticket"]


def join(members, ticket):
    for member in members:
        member.run("join", ticket)
    for member in members:
        wait(lambda m=member: m.peek("status")["state"] == "active", f"{member.name} is active")


def reads(member, of, what, limit=20):
    """Waits until a member reads that of another's policy."""
    return wait(lambda: what in (a := member.run("policy", "show", of, code=None)).out and a,
                f"{member.name} reads {what!r} of {of}", limit)


def values(answer):
    return {f["field"]: f["value"] for f in answer["fields"]}


def test_a_policy_of_ones_own_becomes_public_with_the_roster(place):
    convenor, (east, west), ticket = network(place, "Eastmere Council", "Westmere Council")
    nothing = east.run("policy", "show", code=1)
    expect("template policy" in nothing.err, nothing.err)
    dry = east.json("policy", "set", *FULL, "--dry-run")
    equal((dry["published"], dry["public"], dry["class"]), (False, False, "embracer"), "dry run")
    east.run("policy", "show", code=1)
    expect("nobody is there" in east.run("policy", "set", "status=none", code=64).err, "asked")
    preview = east.typed("n\n", "policy", "set", *FULL, code=1)
    expect("public with it" in preview.out and "from then on" in preview.out, "before it joins, too")
    expect("no network yet" in preview.out and "Go ahead?" in preview.err, repr(preview))
    east.run("policy", "show", code=1)
    east.typed("y\n", "policy", "set", *FULL)
    kept = east.json("policy", "show")
    equal((kept["published"], len(kept["fields"])), (False, 22), "kept at home")
    said = values(kept)
    equal((said["weight_percent"], said["tender_percent"], said["date"], said["in_monitoring"],
           said["routes"], said["measures"], said["summary"]),
          (20, 80, "2024-03-31", False, ["grant", "asset_transfer"],
           ["Local jobs", "Paid hours of training"], "Buys nearby.\nShows it."), "values")

    join([east, west], ticket)
    shown = reads(west, "Eastmere", "Made-up policy")
    expect("20%" in shown.out and "Paid hours of training" in shown.out, shown.out)
    answer = west.json("policy", "show", "Eastmere")
    equal((answer["member"], answer["published"], answer["class"]),
          ("Eastmere Council", True, "embracer"), "what the other reads")
    equal(values(answer), said, "every field")
    expect("no policy" in east.run("policy", "show", "Westmere", code=1).err, "has none")
    # A word that fits several means the one that has a policy.
    equal(west.json("policy", "show", "mere council")["member"], "Eastmere Council", "of two")


def test_what_is_refused(place):
    member = place.member("Example Council").init("council").start(bind=False)
    for fields, words in ((("weight_percent=0.2",), "20%"), (("weight=20",), "no field 'weight'"),
                          (("status=none", "forms=policy"), "forms names one"),
                          (("routes=teleport",), "teleport"), (("weight_percent",), "FIELD=VALUE"),
                          (("title=" + "x" * 300,), "at most 199 bytes"),
                          (("status=none", "title=\x1b[2J"), "value 2 of 2")):
        answer = member.run("policy", "set", *fields, "--yes", code=None)
        expect(answer.code in (1, 64) and words in answer.err, f"{fields}: {answer!r}")
    member.run("policy", "show", code=1)
    convenor = place.member("Convenor").init("convenor").start(bind=False)
    expect("councils and community anchors" in
           convenor.run("policy", "set", "status=none", "--yes", code=1).err, "convenor")


def test_side_by_side(place):
    convenor, members, ticket = network(place, "Eastmere Council", "Westmere Council",
                                        "Southmere Council")
    east, west, south = members
    join(members, ticket)
    expect("Nobody among them" in south.run("policy", "landscape").out, "nothing yet")
    say(east, *FULL)
    say(west, "status=adopted", "forms=strategy mention", "applied=threshold", "tender_percent=5",
        "title=Made-up policy", "applied_above=")
    reads(south, "Eastmere", "Made-up policy")
    reads(south, "Westmere", "threshold")
    answer = south.json("policy", "compare", "eastmere", "westmere")
    equal(answer["members"], ["Eastmere Council", "Westmere Council"], "members")
    fields = {f["field"]: f for f in answer["fields"]}
    equal((fields["weight_percent"]["values"], fields["weight_percent"]["differs"]),
          ([20, None], True), "weight")
    equal((fields["title"]["values"], fields["title"]["differs"]), (["Made-up policy"] * 2, False),
          "title")
    equal((fields["applied_above_pence"]["values"], fields["applied_above_pence"]["differs"]),
          ([None, None], False), "neither says a figure")
    equal(fields["routes"]["values"], [["grant", "asset_transfer"], None], "routes")
    equal(answer["class"], ["embracer", "complier"], "classes")
    expect(all(answer["why"]), "and why")
    # A word that fits a member without a policy, too, means the one that has one.
    anchor = place.member("Eastmere Trust").init("anchor")
    convenor.run("network", "admit", anchor.member_id, "--name", anchor.name)
    wait(lambda: south.peek("status")["members"] == 4, "the anchor on the roster")
    equal(south.json("policy", "compare", "eastmere", "westmere"), answer, "the same")
    few = south.json("policy", "compare", "east", "west", "--only-differences")
    expect(all(f["differs"] for f in few["fields"]) and few["fields"], "only what differs")

    for names in (("east", "west"), ("east", "west", "south"),):
        drawn = south.run("policy", "compare", *names).out
        expect(max(map(len, drawn.splitlines())) <= 100, f"within 100 columns: {drawn}")
        expect("* Weight in scoring" in drawn, drawn)
        expect((len(names) == 2) == ("\n  Title" in drawn), f"what is alike has no mark: {drawn}")
    expect("it has published no policy" in drawn, drawn)
    table = place.path + "/compare.csv"
    south.run("policy", "compare", "east", "west", "--out", table)
    with open(table, encoding="utf-8-sig") as f:
        rows = list(csv.reader(f))
    equal(rows[0], ["field", "differs", "Eastmere Council", "Westmere Council"], "a column for each")
    equal([r for r in rows if r[0] in ("Weight in scoring", "Title", "Class (SE:UK 2016)")],
          [["Title", "no", "Made-up policy", "Made-up policy"],
           ["Weight in scoring", "yes", "20%", ""],
           ["Class (SE:UK 2016)", "yes", "embracer", "complier"]], "as a table")

    expect("named twice" in south.run("policy", "compare", "east", "eastmere", code=64).err, "twice")
    south.run("policy", "compare", "east", code=64)
    expect("no member" in south.run("policy", "compare", "east", "north", code=1).err.lower(), "who?")


def test_eight_below_each_other(place):
    """Names that begin alike stay apart, in 100 columns."""
    names = [f"Royal Borough of the Long-Named Mere upon {end} Water" for end in
             ("Higher", "Lower", "Nearer", "Farther")]
    convenor, members, ticket = network(place, *names)
    join(members, ticket)
    for i, member in enumerate(members[:3]):
        say(member, "status=adopted", f"weight_percent={i}", "summary=" + "Words of a summary. " * 60)
    for member in members[:3]:
        reads(members[3], member.name, "adopted")
    drawn = members[3].run("policy", "compare", *names).out
    lines = drawn.splitlines()
    expect(max(map(len, lines)) <= 100 and not any(l.endswith(" ") for l in lines), drawn)
    at = lines.index("* Weight in scoring")
    rows = "\n".join(lines[at:at + 14])
    for end in ("Higher", "Lower", "Nearer"):
        expect(end in rows, f"{end} in {rows}")
    expect("the other one" in rows, rows)


def test_what_changed_and_what_is_withdrawn(place):
    convenor, (east, west), ticket = network(place, "Eastmere Council", "Westmere Council")
    join([east, west], ticket)
    say(east, "status=in development", "forms=policy")
    say(east, "status=adopted", "weight_percent=5", "summary=Told in words that shall go")
    equal(say(east, "weight_percent=5")["unchanged"], True, "the same again publishes nothing")
    say(east, "weight_percent=20", "forms=policy; toolkit")
    wait(lambda: len(west.json("policy", "history", "east", code=None).get("versions", [])) == 3
         if west.run("policy", "history", "east", code=None).code == 0 else False, "three versions")
    versions = west.json("policy", "history", "east")["versions"]
    equal([v["version"] for v in versions], [3, 2, 1], "the newest first")
    equal([(c["field"], c["before"], c["after"]) for c in versions[0]["changes"]],
          [("forms", "policy", "policy; toolkit"), ("weight_percent", "5%", "20%")], "the last change")
    expect(all(v["published"] and not v["withdrawn"] for v in versions), "dates")
    drawn = west.run("policy", "history", "east").out
    expect("is now:  20%" in drawn and max(map(len, drawn.splitlines())) <= 100, drawn)
    expect("Westmere Council has published no" in west.run("policy", "history", code=1).err, "none")

    dry = east.json("policy", "withdraw", "--dry-run")
    equal((dry["versions"], dry["withdrawn"]), (3, False), "dry run")
    east.run("policy", "withdraw", code=64)
    equal(east.json("policy", "withdraw", "--yes")["withdrawn"], True, "withdrawn")
    wait(lambda: "has withdrawn" in west.run("policy", "show", "east", code=None).err, "it arrives")
    for member in (east, west):
        history = member.json("policy", "history", "east")
        equal([(v["withdrawn"], v["changes"]) for v in history["versions"]], [(True, None)] * 3,
              f"what was said, at {member.name}")
    equal(values(east.json("policy", "show"))["weight_percent"], 20, "the own copy stays")
    west.stop()
    subprocess.run([DAEMON, "--home", west.home, "--compact"], check=True, capture_output=True)
    with open(west.home + "/data/data.mdb", "rb") as f:
        expect(b"Told in words that shall go" not in f.read(), "gone from the other's database")
    west.start()
    expect("has withdrawn" in west.run("policy", "show", "east", code=1).err, "after a restart")
    east.run("policy", "withdraw", "--yes", code=1)
    say(east, "weight_percent=10")
    reads(west, "east", "10%")


def test_versions_are_bounded(place):
    """64 versions stand at most; the oldest goes in the commit of the newest."""
    convenor, (east,), ticket = network(place, "Eastmere Council")
    join([east], ticket)
    for i in range(66):
        say(east, f"title=Version {i + 1} of many")
    history = east.json("policy", "history")
    equal((len(history["versions"]), history["earlier"]), (64, 2), "versions")
    equal((history["versions"][0]["version"], history["versions"][-1]["version"]), (66, 3), "which")
    equal(history["versions"][-1]["changes"], None, "what was before is not here")
    expect("2 earlier versions are not shown" in east.run("policy", "history").out, "said")
    equal(east.json("policy", "withdraw", "--yes")["versions"], 64, "all that stand")
    equal([v["withdrawn"] for v in east.json("policy", "history")["versions"]], [True] * 64, "all")


def test_the_landscape_and_who_uses_a_route(place):
    convenor, members, ticket = network(place, "Eastmere Council", "Westmere Council",
                                        "Southmere Council")
    east, west, south = members
    expect("keeplocal policy set" in convenor.run("policy", "list").out, "nothing yet: what to do")
    trust = place.member("Made-up Trust").init("anchor").start()
    convenor.run("network", "admit", trust.member_id, "--name", trust.name, "--region", "London")
    join([*members, trust], ticket)
    say(east, *FULL)
    say(west, "status=none", "applied=never")
    say(trust, "status=adopted", "routes=grants")
    for other, what in (("Eastmere", "Made-up"), ("Westmere", "never"), ("Trust", "grants")):
        reads(south, other, what)
    land = south.json("policy", "landscape")
    equal((land["councils"], land["classified"], land["unclassified"], land["none"],
           land["others"]), (3, 2, 0, 1, 1), "counts")
    equal([(c["class"], c["n"], c["share"], c["published_share"]) for c in land["classes"]],
          [("embracer", 1, None, 0.14), ("adopter", 0, None, 0.19), ("complier", 0, None, 0.45),
           ("bystander", 1, None, 0.22)], "few are counted, not shared")
    equal((land["weights"]["n"], land["weights"]["median"], land["own"]), (1, 20, None), "weights")
    equal({a["field"]: (a["yes"], a["no"]) for a in land["answers"] if a["yes"] or a["no"]},
          {"in_design": (1, 0), "in_specification": (1, 0), "in_monitoring": (0, 1),
           "reported": (1, 0), "corporate": (1, 0), "co_produced": (0, 1),
           "small_providers": (1, 0)}, "yes and no")
    equal({r["route"]: r["n"] for r in land["routes"] if r["n"]}, {"grant": 1, "asset_transfer": 1},
          "routes of councils")
    drawn = east.run("policy", "landscape").out
    expect(max(map(len, drawn.splitlines())) <= 100, f"within 100 columns: {drawn}")
    for part in ("< you", "14%", "Procuring for Good (2016)", "from 20 classified", "You: embracer"):
        expect(part in drawn, f"{part!r} in {drawn}")
    equal(east.json("policy", "landscape")["own"]["class"], "embracer", "the own place")
    equal(south.json("policy", "landscape", "--route", "asset transfer")["councils"], 1, "by route")
    equal(south.json("policy", "landscape", "--status", "none")["councils"], 1, "by status")
    south.run("policy", "landscape", "--region", "wales", code=1)
    expect("too little" in south.run("policy", "landscape", "--like-me", code=None).err or
           south.json("policy", "landscape", "--like-me")["filters"]["like_me"], "like me")

    users = south.json("policy", "list", "--route", "grants")
    equal([p["member"] for p in users["policies"]], ["Eastmere Council", "Made-up Trust"], "users")
    equal((users["count"], users["left_out"], users["filters"]["route"]), (2, 0, "grant"), "counts")
    row = users["policies"][0]
    equal((row["weight_percent"], row["class"], row["routes"]),
          (20, "embracer", ["grant", "asset_transfer"]), "what a row says")
    expect("Made-up Trust" in south.run("policy", "list", "--route", "grants").out, "in words")
    equal(south.json("policy", "list", "--type", "county")["policies"], [], "nobody")
    expect("teleport" in south.run("policy", "list", "--route", "teleport", code=1).err, "which?")


def test_a_form_is_filled_in_and_comes_back(place):
    member = place.member("Example Council").init("council").start(bind=False)
    path = place.path + "/policy.csv"
    member.run("template", "policy", "--out", path)
    with open(path, encoding="utf-8-sig") as f:
        form = f.read()
    expect("Weight in scoring" in form and "Per cent of the score" in form, form)
    expect("nothing is filled in" in member.run("policy", "import", path, "--yes", code=65).err, "")
    filled = form.replace("Status,,", "Status,adopted,", 1)
    filled = filled.replace("Weight in scoring,,", "Weight in scoring,20%,", 1)
    filled = filled.replace("Routes used,,", "Routes used,grants; alliance,", 1)
    path = place.file("filled.csv", filled)
    equal(member.json("policy", "import", path, "--dry-run")["published"], False, "dry run")
    member.run("policy", "show", code=1)
    done = member.run("import", path, "--yes")
    expect("a social value policy" in done.out, done.out)
    said = values(member.json("policy", "show"))
    equal((said["status"], said["weight_percent"], said["routes"]),
          ("adopted", 20, ["alliance", "grant"][::-1] if said["routes"][0] == "grant"
           else ["alliance", "grant"]), "what came in")
    for text, words in ((filled.replace("20%", "0.2"), ("line", "'answer'", "share or per cent")),
                        (filled.replace("Status,", "Stature,"), ("Stature", "social value policy")),
                        (filled + "Status,none,\n", ("each field once",)),
                        (filled.replace("adopted", "none").replace("Form,,", "Form,policy,"),
                         ("bad.csv", "forms names one"))):
        answer = member.run("policy", "import", place.file("bad.csv", text), "--yes", code=65)
        for word in words:
            expect(word in answer.err, f"{word!r} in {answer.err}")
    equal(values(member.json("policy", "show")), said, "nothing of a bad file came in")
    member.run("template", "policy", "--out", place.path + "/policy.xlsx")
    answer = member.json("policy", "import", place.path + "/policy.xlsx", "--sheet", "Example",
                         "--dry-run")
    equal(values(answer)["applied_above_pence"], 5000000, "the example of the XLSX can be read")


def computed(member, period=2026):
    return member.run("indicator", "choose", "policy.weight", "computed", "--period", period,
                      "--json", code=None)


def test_the_own_policy_feeds_the_metric(place):
    member = place.member("Example Council").init("council").start(bind=False)
    for fields, words in ((("title=Made-up",), "states no weight"),
                          (("weight_percent=20",), "not adopted"),
                          (("status=adopted",), "from when it holds"),
                          (("date=2027-01-01",), "later year")):
        say(member, *fields)
        answer = computed(member)
        expect(answer.code == 1 and words in answer.err, f"{words!r}: {answer!r}")
    say(member, "date=2024-06-30")
    equal(computed(member).json["value"], 20, "of an earlier policy")
    member.run("indicator", "record", "policy.weight", "15", "--period", 2025)
    both = member.run("figure", "publish", "policy.weight", "--period", 2025, "--dry-run", code=None)
    expect(both.code and "network" in both.err, repr(both))
    shown = member.run("indicator", "choose", "policy.weight", "typed", "--period", 2025, "--json")
    equal(shown.json["value"], 15, "what was typed")


def counted(convenor):
    rows = convenor.json("tally", "call", "--period", 2026, "--metrics", "policy.weight",
                         "--dry-run", code=None)["forecast"]
    return next(r["counted"] for r in rows if r["cohort"] == "everybody")


def test_a_public_weight_hides_nobody(place):
    """Whoever published its weight does not count towards the minimum of a tally of it: not after it
    was withdrawn, and not after the convenor has started anew."""
    convenor, members = tallies.network(place, 7, kinds=["council"] * 7)
    equal(counted(convenor), 7, "nobody has published one")
    say(members[0], "status=adopted", "title=Without a weight")
    reads(members[1], members[0].name, "Without")
    reads(convenor, members[0].name, "Without")
    equal(counted(convenor), 7, "a policy without a weight tells nothing of it")
    say(members[0], "weight_percent=20", "date=2026-01-01")
    wait(lambda: counted(convenor) == 6, "a weight that was published")
    say(members[0], "weight_percent=")
    members[0].run("policy", "withdraw", "--yes")
    wait(lambda: convenor.run("policy", "show", members[0].name, code=None).code == 1, "withdrawn")
    equal(counted(convenor), 6, "others have read it")
    convenor.stop()
    convenor.start()
    equal(counted(convenor), 6, "what is erased is taken to have told it")
    for member in members[1:3]:
        say(member, "status=adopted", "weight_percent=5")
    members[3].run("indicator", "record", "policy.weight", "15", "--period", 2026)
    say(members[3], "status=adopted", "weight_percent=20", "date=2026-01-01")
    unclear = members[3].run("figure", "publish", "policy.weight", "--period", 2026, "--dry-run",
                             code=1)
    expect("two values" in unclear.err and "15%" in unclear.err and "20%" in unclear.err,
           unclear.err)
    wait(lambda: convenor.run("policy", "show", members[3].name, code=None).code == 0, "it arrives")
    few = convenor.run("tally", "call", "--period", 2026, "--metrics", "policy.weight", "--dry-run",
                       code=None)
    expect(few.code, f"three of seven can hide nobody among the other four: {few!r}")


def told(answer, metric):
    """Whether a member's preview of its contribution answers the metric; and why not."""
    return next((m["why"] for m in answer["left_out"] if m["metric"] == metric), "answered")


def test_a_member_holds_a_call_to_what_it_knows(place):
    """A weight that the call does not name (here since it was published later) hides nobody either: the
    member is told, and does not answer what too few are left to hide."""
    convenor, members = tallies.network(place, 7, kinds=["council"] * 7)
    own, *others = members
    tallies.record(own, "policy.weight", "15", 2026)
    tally = tallies.call(convenor, 2026, ["policy.weight"], "60s")

    def preview():
        return own.json("tally", "contribute", tally, "--dry-run")

    wait(lambda: tallies.entry(own, tally), "the call arrives")
    before = preview()
    equal((told(before, "policy.weight"), before["metrics"][0]["public"],
           before["wrongly_counted"]), ("answered", False, []), "nobody has published one")
    for member in others[:2]:
        say(member, "status=adopted", "weight_percent=5")
        reads(own, member.name, "5%")
    two = preview()
    equal((told(two, "policy.weight"), sorted(two["wrongly_counted"])),
          ("answered", [m.name for m in others[:2]]), "five are left")
    drawn = own.run("tally", "contribute", tally, "--dry-run").out
    expect("counts them towards" in drawn and others[0].name in drawn, drawn)
    say(others[2], "status=adopted", "weight_percent=5")
    reads(own, others[2].name, "5%")
    few = own.run("tally", "contribute", tally, "--dry-run", code=1)
    expect("fewer than 5 would hide it" in few.err, few.err)
    say(own, "status=adopted", "weight_percent=15", "date=2026-01-01")
    public = preview()
    equal((told(public, "policy.weight"), public["metrics"][0]["public"],
           len(public["wrongly_counted"])), ("answered", True, 3),
          "what is public by name needs no hiding")
    drawn = own.run("tally", "contribute", tally, "--dry-run").out
    expect("Public under your name already" in drawn, drawn)


def worked(member):
    """Seconds that the main thread of its daemon has worked."""
    pid = member.process.pid
    with open(f"/proc/{pid}/task/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0]) / 1e9


def test_what_a_hostile_member_publishes(place):
    """Policies as long as they may be, of which little can be understood: nobody waits for them."""
    convenor, (east, west), ticket = network(place, "Eastmere Council", "Westmere Council")
    join([east, west], ticket)
    say(east, "title=Before")
    reads(west, "Eastmere", "Before")
    east.stop()
    junk = b"".join(bytes([0xa3]) + f"k{i:02d}".encode() + b"\xdc" + struct.pack(">H", 63) +
                    b"\xc0" * 63 for i in range(62))
    records = [b"\xde" + struct.pack(">H", 64) + junk + b"\xa5title\xa8Hostile" + bytes([0x30 + i % 10])
               + b"\xa6status\xa7adopted" for i in range(70)]
    subprocess.run([BUILD + "/tests/integration/say_records", east.home], check=True, text=True,
                   capture_output=True, input="".join(f"37 {r.hex()}\n" for r in records))
    east.start()
    reads(west, "Eastmere", "Hostile9")
    begun = worked(west)
    history = west.json("policy", "history", "Eastmere")
    took = worked(west) - begun
    equal((len(history["versions"]), history["earlier"]), (64, 7), "versions")
    print(f"# history of 64 policies of {len(records[0])} bytes: {1000 * took:.1f} ms of the daemon")
    expect(took < 1, "nobody waits")


def test_five_thousand_policies(place):
    """One line for each made-up council; a quarter of them embracers, by the published rules."""
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "A large network")
    convenor.stop()
    policy = ("status=adopted", "forms=policy", "applied=all", "tender_percent=80",
              "routes=grants; alliance", "measures=Local jobs; Paid hours of training",
              "summary=" + "Buys nearby. " * 40)
    rows = ["\t".join((f"name=Council {i:04d}", "kind=council",
                       "region=" + ("london" if i % 2 else "wales"),
                       *(f"policy={p}" for p in policy),
                       f"policy=weight_percent={20 if i % 4 == 0 else 5}")) for i in range(5000)]
    subprocess.run([BUILD + "/tests/integration/made_up_members", convenor.home], check=True,
                   capture_output=True, input="\n".join(rows) + "\n", text=True, timeout=LIMIT)
    convenor.start()
    took = {}

    def ask(*args):
        begun = time.monotonic()
        answer = convenor.json("policy", *args)
        took[args[0]] = time.monotonic() - begun
        return answer

    land = ask("landscape")
    equal((land["councils"], [c["n"] for c in land["classes"]], land["classes"][0]["share"]),
          (5000, [1250, 3750, 0, 0], 0.25), "classes")
    listed = ask("list", "--region", "london", "--route", "grants")
    equal((listed["count"], len(listed["policies"]), listed["left_out"]), (2500, 300, 2200), "list")
    equal(len(ask("compare", *(f"council {i:04d}" for i in range(8)))["members"]), 8, "compare")
    equal(len(ask("history", "council 4999")["versions"]), 1, "history")
    print("# " + ", ".join(f"{name} {1000 * t:.0f} ms" for name, t in took.items()))
    expect(max(took.values()) < 2, f"nobody waits: {took}")


if __name__ == "__main__":
    run(globals())
