"""A network of eighteen real daemons on this machine, told in plain words.

Usage: demo.py BUILD_DIR [--keep | --stop]
--keep leaves the network running, with its homes under build/demo/NAME/ (KL_DEMO=DIR: DIR/NAME/);
--stop ends it. It pauses between its steps only when a person watches.
"""

import concurrent.futures
import os
import re
import shutil
import signal
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import facts  # noqa: E402
import learning  # noqa: E402
from daemons import (PLACE, Member, Trouble, contents, last_words, note_pids, slug,  # noqa: E402
                     stop_all, wait)
from story import Story  # noqa: E402

PAGE = os.path.join(PLACE, "wem-town-hall.html")
EMPTY = re.compile(b"\\0{17,}")


# ---- the network ------------------------------------------------------------------------------


def admission(member, gss):
    """What the convenor confirms of a member, from public registers."""
    kind, region, rural_urban, quintile = facts.AREAS[gss]
    confirmed = ["--gss", gss, "--region", region]
    if member.kind == "council":
        confirmed += ["--type", kind]
    if rural_urban:
        confirmed += ["--rural-urban", rural_urban, "--deprivation-quintile", quintile]
    return confirmed


def found(build, pool):
    convenor = Member(build, "Convenor of the demonstration", "convenor")
    gss = {row["name"]: row["gss"] for row in facts.COUNCILS + facts.ANCHORS}
    members = [Member(build, row["name"], "council") for row in facts.COUNCILS]
    members += [Member(build, row["name"], "anchor") for row in facts.ANCHORS]
    started = [pool.submit(convenor.begin)]
    started += [pool.submit(m.begin, "--gss", gss[m.name]) for m in members]
    for future in started:
        future.result()
    convenor.run("network", "create", "Demonstration network")
    convenor.run("network", "charter", "set", "minimum=5")
    list(pool.map(lambda m: convenor.run("network", "admit", m.member_id, "--name", m.name,
                                         *admission(m, gss[m.name])), members))
    ticket = convenor.json("network", "ticket")["ticket"]
    list(pool.map(lambda m: m.run("join", ticket), members))
    return convenor, members


def fill(members, pool):
    """The facts that the report prints, each into its own member's home."""
    by_name = {m.name: m for m in members}

    def profile(row):
        by_name[row["name"]].run("profile", "set", *(
            f"{field}={value}" for field, value in row.items()
            if value and field not in ("name", "gss", "source")))

    def anchor(row):
        name, _, fte, fte_method, gva, gva_method, confidence = row
        by_name[name].run("enabled", "record", "--period", facts.PERIOD, "--fte", fte,
                          "--fte-method", fte_method, "--gva", gva, "--gva-method", gva_method,
                          "--confidence", confidence, "--source", facts.SOURCE)

    def score(row):
        name, lm3, area, basis = row
        by_name[name].run("lm3", "record", "published", "--score", lm3, "--area", area, "--basis",
                          basis, "--period", facts.PERIOD, "--source", facts.SOURCE,
                          "--confidence", "green")

    list(pool.map(profile, facts.COUNCILS + facts.ANCHORS))
    list(pool.map(anchor, facts.ENABLED))
    list(pool.map(score, facts.LM3))
    return by_name


def in_step(convenor, members, pool):
    def check():
        states = list(pool.map(lambda m: m.json("status"), [convenor] + members))
        return len({s["records"] for s in states}) == 1 and \
            all(s["peers"]["connected"] and s["state"] == "active" for s in states)

    def last():
        return min([convenor] + members, key=lambda m: m.json("status")["records"])

    wait(check, "all members level with each other", last)


# ---- the leak search --------------------------------------------------------------------------


def disguises(number):
    """The bytes that a figure could be found as: what contains another of them is left out."""
    yield str(number).encode()
    yield f"{number:,}".encode()
    for value in (number, number * 100):
        for order in "<>":
            yield struct.pack(order + ("I" if value < 1 << 32 else "Q"), value)
            yield struct.pack(order + "d", value)


def search(convenor, members, secrets):
    """secrets: (owner, label, [byte patterns]). Every home but the owner's; returns the finds."""
    finds = []
    own = 0
    for member in [convenor] + members:
        everything = b"\0".join(content for _, content in contents(member))
        everything = EMPTY.sub(bytes(16), everything)  # most of a database file, and slow to search
        for owner, label, patterns in secrets:
            found_here = any(p in everything for p in patterns)
            if owner is member:
                own += found_here
            elif found_here:
                finds.append(f"{label} of {owner.name} in the home of {member.name}")
    return own, finds


# ---- the steps --------------------------------------------------------------------------------


def who(story, convenor, members):
    story.heading("Who is on the network")
    story.say(f"""
One convenor and {len(members)} members, each with a daemon of its own on this machine: the six
councils and eleven community anchors of Locality's report. Their facts are those that the report
prints ({facts.SOURCE}).""")
    story.shell(convenor, "network", "members")


def range_of_a_supplier_file(story, build):
    story.heading("A supplier file becomes an LM3 range")
    story.say("""
LM3 says how much of each pound is spent again nearby: from £1.00 (all of it leaves at once) to
£3.00. Suppliers who did not answer leave a range, not a guess. The organisation and all suppliers
here are MADE UP.""")
    example = Member(build, "Example Trust (made up)", "anchor")
    example.begin("--gss", "E08000033")
    try:
        path = os.path.join(PLACE, "suppliers-made-up.csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(facts.SUPPLIERS)
        example.run("lm3", "new", "example", "--area", "E08000033", "--period", "2016",
                    "--payroll-local", "80000", "--payroll-elsewhere", "20000")
        story.shell(example, "lm3", "import", "example", "suppliers", path)
        story.shell(example, "lm3", "result", "example")
    finally:
        example.process.terminate()
        example.process.wait(timeout=20)


def count(story, convenor, members, by_name):
    story.heading("A benchmark that nobody can trace")
    story.say("""
The convenor calls a tally, an anonymous count. One question is how many people an anchor's tenants
employ, in full-time equivalents (FTE); ten of the eleven anchors have that figure. Each cuts its
answer into shares for a committee of members, drawn by lot; only sums over a whole cohort (a group
such as all anchors) are ever opened, and only with at least five members in them, the minimum of
this network's charter. Nobody sees an answer, not the convenor, not the committee.""")
    begun = time.monotonic()
    story.shell(convenor, "tally", "call", "--period", facts.PERIOD, "--metrics",
                "enabled.fte,lm3.score", "--contribute-for", "5s", "--decide-for", "5s")
    wait(lambda: all(t["state"] == "closed" for t in convenor.json("tally", "list")),
         "the tally to close", convenor)
    everybody = [convenor] + members
    wait(lambda: all(m.json("tally", "list")[0]["state"] == "closed" for m in everybody),
         "the result at every member",
         lambda: next((m for m in everybody
                       if m.json("tally", "list")[0]["state"] != "closed"), convenor))
    story.say(f"\nCalled, contributed, certified, opened and closed in "
              f"{time.monotonic() - begun:.1f} s.")
    own = by_name["Shoreditch Trust"]
    story.shell(own, "benchmark", "enabled.fte", "--cohort", "anchors", "--period", facts.PERIOD)
    result = own.json("benchmark", "enabled.fte", "--cohort", "anchors", "--period", facts.PERIOD)
    values = sorted(row[2] for row in facts.ENABLED)
    plain = [sum(b["from"] <= v and (b["to"] is None or v < b["to"]) for v in values)
             for b in result["histogram"]]
    if result["n"] != 10 or plain != [b["count"] for b in result["histogram"]]:
        raise Trouble(f"the benchmark differs from the plain count {plain}: {result}")
    story.say("""
(Checked here: the opened sums are exactly what counting the ten printed figures gives. In a real
network nobody could check that, because nobody has the ten figures.)""")


def check_anew(story, member):
    story.heading("Nobody has to take its word for it")
    story.say("""
How a tally went, in words; and, for whoever wants to be sure, all of it checked anew from signed records
alone: signatures, roster, the draw of the committee, who is in, what may be shown, votes, sums.""")
    story.shell(member, "tally", "show")
    story.shell(member, "tally", "audit")
    audit = member.json("tally", "audit")
    wanted = {"signatures", "call", "draw", "seats", "contributions", "intakes", "tests", "members",
              "releases", "proposals", "votes", "openings", "shown", "evidence", "close", "limits"}
    found = {step["step"] for step in audit["steps"]
             if step["mark"] in ("well", "note") or step["step"] == "limits"}
    if not audit["fits"] or not wanted <= found or audit["state"] != "closed":
        raise Trouble(f"the tally does not fit its records: {audit}")


def withhold(story, by_name):
    story.heading("Four answers are too few")
    story.say("""
Four anchors have a published LM3 score and contributed it. Four is below the minimum of five, so
nothing about them was opened, anywhere: their shares were dropped unopened.""")
    story.shell(by_name["Bradford Trident"], "benchmark", "lm3.score", "--cohort", "anchors",
                "--period", facts.PERIOD, code=1)


def leak(story, convenor, members, by_name):
    story.heading("No home but its owner's holds an answer")
    secrets = []
    for row in facts.ENABLED:
        if row[4] >= 100000:
            secrets.append((by_name[row[0]], f"{row[4]}", list(disguises(row[4]))))
    for member in members:
        text = b"planted note of " + slug(member.name).encode()
        secrets.append((member, "a planted note", [text]))
    own, finds = search(convenor, members, secrets)
    story.say(f"""
Searched every home and log for {len(secrets)} secrets of others: a note planted with each member
when the demonstration began, and every figure of six digits or more, as text, as whole numbers of
either byte order, as floating-point numbers. (Smaller figures occur by chance in any file.)""")
    if own < len(secrets):
        raise Trouble(f"the search itself failed: of {len(secrets)} secrets it found only {own} in "
                      f"their own homes")
    if finds:
        raise Trouble("LEAKED: " + "; ".join(finds))
    story.say(f"Found in their owners' homes: {own}. Found anywhere else: none.")


def publish(story, convenor, members, by_name, pool):
    story.heading("Named by choice: the sector's headline")
    story.say("""
The report prints these figures by name, and community organisations want their impact seen. So the
ten anchors now publish them, each its own, under its name. (Only now: a value that is published by
name no longer counts towards a tally's minimum.)""")

    def one(row):
        for metric in ("enabled.fte", "enabled.gva"):
            by_name[row[0]].run("figure", "publish", metric, "--period", facts.PERIOD, "--yes")

    list(pool.map(one, facts.ENABLED))
    wait(lambda: convenor.json("figure", "total", "enabled.gva", "--period",
                               facts.PERIOD)["n"] == 10, "ten published figures", convenor)
    for metric in ("enabled.fte", "enabled.gva"):
        story.shell(convenor, "figure", "total", metric, "--period", facts.PERIOD)
    fte = convenor.json("figure", "total", "enabled.fte", "--period", facts.PERIOD)["total"]
    gva = convenor.json("figure", "total", "enabled.gva", "--period", facts.PERIOD)["total"]
    if fte != 1401 or gva != facts.PRINTED_GVA_TOTAL:
        raise Trouble(f"the totals are wrong: {fte} FTE, £{gva}")
    story.say(f"""
The report's table prints a total of {facts.PRINTED_FTE_TOTAL:,} FTE; its ten rows add up to {fte:,.0f}. Both are
"about 1,400". The GVA rows add up to the printed £{gva:,.0f}.""")


def page(story, by_name):
    story.heading("A page for the committee")
    story.say("""
Whatever a member knows goes onto one page with pictures, its place among others marked. It loads
nothing, runs nothing and prints on A4. (./dev demo --keep leaves it there to be opened.)""")
    story.shell(by_name["Wem Town Hall"], "report", "--out", os.path.relpath(PAGE))
    with open(PAGE, encoding="utf-8") as written:
        if "Wem Town Hall" not in written.read():
            raise Trouble("the page does not say whose it is", by_name["Wem Town Hall"])


def steps(story, build, pool):
    convenor, members = found(build, pool)
    by_name = fill(members, pool)
    list(pool.map(lambda m: m.run("assess", "record", "--period", facts.PERIOD, "--assessor",
                                  "demo", "C1=2", "--note",
                                  f"C1=planted note of {slug(m.name)}"), members))
    in_step(convenor, members, pool)
    who(story, convenor, members)
    range_of_a_supplier_file(story, build)
    count(story, convenor, members, by_name)
    check_anew(story, by_name["Shoreditch Trust"])
    withhold(story, by_name)
    leak(story, convenor, members, by_name)
    publish(story, convenor, members, by_name, pool)
    learning.tell(story, convenor, by_name, pool)
    page(story, by_name)
    return convenor, by_name


def tell(build, keep):
    story = Story()
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max_workers=6) as pool:
        try:
            convenor, by_name = steps(story, build, pool)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what has not begun does not begin
            raise
    print(f"\nDone in {time.monotonic() - begun:.0f} s.")
    if keep:
        home = os.path.relpath(by_name["Wem Town Hall"].home)
        print(f"The network is still running. Ask it, for example:\n"
              f"  {os.path.relpath(convenor.command)} --home {home} benchmark --list\n"
              f"and end it: ./dev demo --stop")


def main(arguments):
    build = os.path.abspath(arguments[0])
    flags = set(arguments[1:])
    if flags - {"--keep", "--stop"} or len(flags) > 1:
        print("usage: ./dev demo [--keep | --stop]", file=sys.stderr)
        return 64
    ended = stop_all()
    if "--stop" in flags:
        print(f"Ended {ended} daemons." if ended else "No demonstration is running.")
        shutil.rmtree(PLACE, ignore_errors=True)
        return 0
    shutil.rmtree(PLACE, ignore_errors=True)
    os.makedirs(PLACE, mode=0o700)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    return attempt(build, "--keep" in flags)


def attempt(build, keep):
    """Tells the story; whatever stops it, nothing is left behind."""
    done = False
    try:
        tell(build, keep)
        done = True
    except Trouble as trouble:
        print(f"\nThe demonstration stopped: {trouble}", file=sys.stderr)
        if trouble.member:
            last_words(trouble.member)
        return 70
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 75
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        note_pids()
        if not done or not keep:
            stop_all()
            shutil.rmtree(PLACE, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
