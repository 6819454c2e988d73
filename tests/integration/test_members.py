"""A convenor and its members, as people type it: founding, tickets, the roster, profiles."""

import os
import subprocess

from harness import COMMAND, DAEMON, LIMIT, equal, expect, run, wait


def found(place):
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "Keep it Local")
    return convenor


def joined(member, ticket):
    member.start()
    member.run("join", ticket)
    wait(lambda: member.peek("status")["state"] == "active", f"{member.name} becomes active")


def test_from_founding_to_a_profile_that_others_read(place):
    convenor = found(place)
    ticket = convenor.json("network", "ticket")["ticket"]
    equal(convenor.run("network", "ticket").out.strip().splitlines()[-1], ticket, "last line")

    council = place.member("Example Council").init("council")
    anchor = place.member("Example Trust").init("anchor")
    convenor.run("network", "admit", council.member_id, "--name", council.name, "--type",
                 "metropolitan district", "--gss", "E08000032", "--deprivation-quintile", "1",
                 "--region", "Yorkshire and The Humber")
    answer = convenor.json("network", "admit", anchor.member_id, "--name", anchor.name)
    equal((answer["admitted"], answer["kind"], answer["published"]),
          ("Example Trust", "anchor", True), "admit")
    joined(council, ticket)
    joined(anchor, ticket)

    rows = anchor.json("network", "members")["members"]
    equal(sorted(r["name"] for r in rows), ["Example Council", "Example Trust"], "members")
    row = next(r for r in rows if r["kind"] == "council")
    equal((row["type"], row["deprivation_quintile"], row["rural_urban"]),
          ("metropolitan_district", 1, None), "attributes")
    expect("Example Trust" in convenor.run("network", "members").out, "members as a table")
    expect("in sync" in wait(lambda: "in sync" in (p := council.run("peers")).out and p.out,
                             "in sync with the convenor"), "peers")

    dry = council.json("profile", "set", "population=211439", "--dry-run")
    expect(("population", "211439", "211,439") in
           [(f["field"], f["value"], f["words"]) for f in dry["fields"]], dry)
    equal([f for f in council.json("profile", "show")["fields"] if f["field"] == "population"], [],
          "a dry run changes nothing")
    council.run("profile", "set", "population=211439")
    wait(lambda: "211,439" in anchor.run("profile", "show", "Example Council", code=None).out,
         "the profile reaches the other member")

    convenor.run("network", "suspend", "Example Trust", "--reason", "asked for it")
    wait(lambda: [r["state"] for r in council.json("network", "members")["members"]
                  if r["name"] == "Example Trust"] == ["suspended"], "the suspension arrives")


def test_the_charter(place):
    convenor = found(place)
    equal(convenor.json("network", "charter")["minimum"], 10, "minimum at first")
    convenor.run("network", "charter", "set", "minimum=6", "decide_for=2d")
    shown = convenor.json("network", "charter", "show")
    equal((shown["minimum"], shown["decide_for_seconds"]), (6, 2 * 86400), "charter")
    expect("fewer than 6" in convenor.run("network", "charter").out, "charter in words")
    convenor.run("network", "charter", "set", "maximum=6", code=64)
    convenor.run("network", "charter", "set", "minimum=3", code=64)
    equal(convenor.json("network", "charter"), shown, "nothing was changed")


def test_a_dry_run_publishes_nothing(place):
    """Every change of the roster can be tried; what would be refused is refused then, too."""
    convenor = place.member("Convenor").init("convenor").start()
    equal(convenor.json("network", "create", "Example network", "--dry-run"),
          {"network": "Example network", "published": False}, "a network that could be founded")
    expect("dry run" in convenor.run("network", "create", "Other", "--dry-run").out, "in words")
    equal(convenor.json("status")["state"], "alone", "no network was founded")
    convenor.run("network", "create", "Example network")
    convenor.run("network", "create", "Example network", "--dry-run", code=1)
    council = place.member("Example Council").init("council")
    anchor = place.member("Example Trust").init("anchor")
    convenor.run("network", "admit", council.member_id, "--name", council.name)
    before = (convenor.json("status")["records"], convenor.json("network", "members"),
              convenor.json("network", "charter"))

    admit = ("network", "admit", anchor.member_id, "--name", anchor.name, "--gss", "E08000032",
             "--deprivation-quintile", "1", "--control-group", "Made-up Group", "--dry-run")
    said = convenor.json(*admit)
    equal((said["admitted"], said["gss"], said["deprivation_quintile"], said["control_group"],
           said["published"]), ("Example Trust", "E08000032", 1, "Made-up Group", False), "admit")
    words = convenor.run(*admit).out
    for part in ("nothing was published", "would be admitted", "E08000032", "quintile: 1"):
        expect(part in words, f"'{part}' in {words}")
    convenor.run("network", "admit", anchor.member_id, "--name", council.name, "--dry-run", code=1)
    for verb in ("suspend", "retire", "remove"):
        change = ("network", verb, "Example Council", "--reason", "asked for it", "--dry-run")
        said = convenor.json(*change)
        equal((said["member"], said["reason"], said["published"]),
              ("Example Council", "asked for it", False), verb)
        expect("nothing was published" in convenor.run(*change).out, f"{verb} in words")
    said = convenor.json("network", "charter", "set", "minimum=6", "--dry-run")
    equal((said["minimum"], said["published"]), (6, False), "the charter as it would be")
    convenor.run("network", "charter", "set", "minimum=4", "--dry-run", code=64)
    after = (convenor.json("status")["records"], convenor.json("network", "members"),
             convenor.json("network", "charter"))
    equal(after, before, "records, roster and charter")


def test_join_before_the_daemon_runs(place):
    convenor = found(place)
    ticket = convenor.json("network", "ticket")["ticket"]
    council = place.member("Example Council").init("council")
    convenor.run("network", "admit", council.member_id, "--name", council.name)
    equal(council.json("join", ticket)["state"], "kept for the next start of the daemon", "state")
    council.start(bind=False)
    wait(lambda: council.peek("status")["state"] == "active", "active after the start")


def test_what_the_convenor_may_not_type(place):
    convenor = found(place)
    council = place.member("Example Council").init("council").start()
    convenor.run("network", "admit", council.member_id, code=64)
    slip = council.member_id[:-1] + ("A" if council.member_id[-1] != "A" else "B")
    convenor.run("network", "admit", slip, "--name", "Example Council", code=65)
    convenor.run("network", "admit", council.member_id, "--name", "Example Council", "--gss", "bad",
                 code=64)
    answer = convenor.run("network", "admit", "Example", code=1)
    expect("member id" in answer.err, f"a stranger's name: {answer.err}")
    convenor.run("network", "create", "Another", code=1)
    convenor.run("network", "remove", "Nobody", code=1)
    council.run("network", "create", "Mine", code=1)
    council.run("network", "ticket", code=1)
    council.run("profile", "set", "population=many", code=64)
    council.run("join", "no ticket", code=65)


def test_who_is_suspended_comes_back_by_name(place):
    convenor = found(place)
    council = place.member("Example Council").init("council").start()
    convenor.run("network", "admit", council.member_id, "--name", council.name, "--type", "unitary")
    convenor.run("network", "suspend", "example")
    equal(convenor.json("network", "members")["members"][0]["state"], "suspended", "state")
    convenor.run("network", "admit", "example")
    member = convenor.json("network", "members")["members"][0]
    equal((member["state"], member["name"], member["type"]),
          ("active", "Example Council", "unitary"), "what was confirmed stays")
    convenor.run("network", "admit", "example", "--region", "South West")
    convenor.run("network", "admit", council.member_id)
    equal(convenor.json("network", "members")["members"][0]["name"], "Example Council", "name")


def test_homes_that_cannot_be_meant(place):
    nowhere = os.path.join(place.path, "nowhere")
    for home, code, words in (("", 64, "--home is empty"), (nowhere, 69, "keeplocal init")):
        done = subprocess.run([COMMAND, "--home", home, "status"], capture_output=True, text=True,
                              timeout=LIMIT, check=False)
        equal(done.returncode, code, f"exit code of --home '{home}'")
        expect(words in done.stderr, f"--home '{home}': {done.stderr}")
    done = subprocess.run([DAEMON, "--home", "", "--verify"], capture_output=True, text=True,
                          timeout=LIMIT, check=False)
    equal(done.returncode, 64, f"the daemon: {done.stderr}")


def test_a_command_socket_elsewhere(place):
    member = place.member("Alone").init("anchor")
    control = place.file("control", "")
    os.unlink(control)
    member.start("--control", control, bind=False)
    equal(member.endpoint, "ipc://" + control, "ready")
    with open(os.path.join(member.home, "endpoints"), encoding="utf-8") as file:
        equal(file.read(), f"ipc://{control}\n", "endpoints")


if __name__ == "__main__":
    run(globals())
