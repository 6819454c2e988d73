"""Social value policies: what members say of them in public, and what can be learnt from that.
All councils and policies here are made up."""

from harness import equal, expect, run, wait

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
        wait(lambda m=member: m.json("status")["state"] == "active", f"{member.name} is active")


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


def test_what_is_refused(place):
    member = place.member("Example Council").init("council").start(bind=False)
    for fields, words in ((("weight_percent=0.2",), "20%"), (("weight=20",), "no field 'weight'"),
                          (("status=none", "forms=policy"), "forms names one"),
                          (("routes=teleport",), "teleport"), (("weight_percent",), "FIELD=VALUE"),
                          (("title=" + "x" * 300,), "at most 199 bytes")):
        answer = member.run("policy", "set", *fields, "--yes", code=None)
        expect(answer.code in (1, 64) and words in answer.err, f"{fields}: {answer!r}")
    member.run("policy", "show", code=1)
    convenor = place.member("Convenor").init("convenor").start(bind=False)
    expect("councils and community anchors" in
           convenor.run("policy", "set", "status=none", "--yes", code=1).err, "convenor")


if __name__ == "__main__":
    run(globals())
