#!/usr/bin/python3
"""A network that goes on when something went wrong with a member or the convenor."""

import shutil

from asking import (Peer, admit, equal, expect, found, peer, stands, ticket, wait, wait_known,
                    wait_level)
from harness import run
from tallies import arrived, call, contribute, ended, network, record
from test_posts import say

BEAT = ("--beat", "200ms")
LESSON = 34


def same_root(members):
    return len({m.peers()["root"] for m in members}) == 1


def wait_same(members, what):
    """The same feeds, whatever else a home may hold behind a fork."""
    wait(lambda: same_root(members), what)


def row(at, of):
    return next(m for m in at.ask("network members")["members"] if m["name"] == of.name)


def test_a_forked_feed_goes_on_after_a_reset(place):
    convenor, (owner, reader) = found(place, 2, *BEAT)
    owner.publish(1)
    wait_level([convenor, owner, reader])
    owner.stop()
    copy = Peer(place, "The Copy")
    shutil.copytree(owner.home, copy.home)
    owner.start(*BEAT)
    owner.publish(2)
    wait_known(reader, owner, 2)
    wait_level([convenor, owner, reader])
    owner.stop()
    say(copy, (LESSON, {"title": "Said by the copy"}))
    copy.start(*BEAT)
    for member in (convenor, reader, copy):
        wait(lambda member=member: row(member, owner)["forked"], f"the fork at {member.name}")
    copy.stop()
    owner.start(*BEAT)
    wait(lambda: stands(owner, "frozen"), "the owner is told")
    said = owner.refused("profile set", "DENIED", set=["population=3"])
    expect("one place" in said.message and "network reset" in said.hint, f"its words: {said}")
    wait_same([convenor, owner, reader], "all end the feed at one place")
    table = reader.run("network", "members").out
    expect("forked" in table and "network reset" in table, f"what others are told: {table}")

    said = convenor.refused("network reset", "USAGE", member=reader.name)
    expect("not forked" in said.message, f"of a feed that is well: {said}")
    reader.refused("network reset", "DENIED", member=owner.name)
    dry = convenor.run("network", "reset", owner.name, "--dry-run").out
    expect("would go on" in dry and "one machine" in dry, f"a dry run: {dry}")
    expect(stands(owner, "frozen"), "a dry run thaws nothing")
    done = convenor.ask("network reset", member=owner.name, reason="an old copy was put back")
    expect(done["published"] and done["kept"] >= 2, f"what was done: {done}")
    wait(lambda: stands(owner, "active"), "the owner goes on by itself")
    wait(lambda: not row(reader, owner)["forked"], "others see it go on")
    wait_known(reader, owner, 2)
    owner.publish(4)
    for member in (convenor, reader):
        wait_known(member, owner, 4)
    wait_same([convenor, owner, reader], "the new epoch is everywhere")

    late = peer(place, "Late").start(*BEAT)
    admit(convenor, late)
    late.ask("join", ticket=ticket(convenor))
    wait_known(late, owner, 4)
    wait_same([convenor, owner, reader, late], "a newcomer gets both epochs")
    for member in (owner, reader):
        equal(member.stop(), 0, "exit of a daemon")
        member.start(*BEAT)
    owner.publish(5)
    for member in (convenor, reader, late):
        wait_known(member, owner, 5)
    wait_same([convenor, owner, reader, late], "after a restart, too")
    owner.stop()
    copy.start(*BEAT)  # it hears of the reset, and of records that it has not signed
    wait_known(copy, owner, 5)
    wait_same([convenor, copy, reader, late], "the copy reads on")
    equal(row(reader, owner)["forked"], False, "the copy forked it again")


def lesson_titles(member):
    return [p["title"] for p in member.ask("lesson list")["lessons"]]


def test_what_the_convenor_erases_is_gone_everywhere(place):
    secret = "Kolibri"
    convenor, (author, reader) = found(place, 2, *BEAT)
    for title in (secret, "Begin early"):
        author.ask("lesson add", title=title, text="We did.")
    author.publish(77)
    for member in (convenor, reader):
        wait(lambda member=member: len(lesson_titles(member)) == 2, f"lessons at {member.name}")
        wait_known(member, author, 77)
    record = next(p["id"] for p in convenor.ask("lesson list")["lessons"] if p["title"] == secret)
    away = reader
    away.stop()
    author.refused("network erase", "DENIED", record=record)
    convenor.refused("network erase", "NOT_FOUND", record="0" * 64)
    said = convenor.run("network", "erase", record[:8], "--dry-run").out
    expect("would be erased" in said and "lesson" in said, f"a dry run: {said}")
    equal(len(lesson_titles(author)), 2, "lessons after a dry run")
    done = convenor.ask("network erase", record=record[:8], reason="names a tenant")
    equal((done["member"], done["kind"], done["published"]), (author.name, "lesson", True), "done")
    convenor.refused("network erase", "EXISTS", record=done["record"])
    convenor.ask("network erase", profile_of=author.name)
    for member in (convenor, author):
        wait(lambda member=member: lesson_titles(member) == ["Begin early"],
             f"the lesson leaves {member.name}")
        wait(lambda member=member: member.population(author) is None,
             f"the profile leaves {member.name}")
    late = peer(place, "Late").start(*BEAT)
    admit(convenor, late)
    late.ask("join", ticket=ticket(convenor))
    away.start(*BEAT)
    for member in (late, away):
        wait(lambda member=member: lesson_titles(member) == ["Begin early"],
             f"what {member.name} hears of it")
        wait(lambda member=member: member.population(author) is None,
             f"the profile at {member.name}")
    everybody = [convenor, author, away, late]
    wait_level(everybody)
    for member in everybody:
        equal(member.stop(), 0, "exit of a daemon")
        member.start(*BEAT, bind=member.endpoint)
        equal(lesson_titles(member), ["Begin early"], f"after a restart of {member.name}")
    author.publish(78)  # it says who it is when somebody has put that right
    for member in (away, late):
        wait_known(member, author, 78)


def test_the_network_is_handed_over(place):
    convenor, members = found(place, 3, *BEAT)
    following, reader, quiet = members
    for count, member in enumerate(members):
        member.publish(10 + count)
    wait_level([convenor, *members])
    quiet.stop()
    reader.refused("network next-convenor", "DENIED", member=following.name)
    convenor.refused("network next-convenor", "NOT_FOUND", member="Nobody Here")
    said = convenor.run("network", "next-convenor", following.name, "--dry-run").out
    expect("would be the convenor" in said and "would not be a member" in said, f"dry: {said}")
    convenor.ask("network charter", set=["minimum=6"])
    following.refused("network charter", "DENIED", set=["minimum=7"])
    convenor.ask("network next-convenor", member=following.name)
    wait(lambda: stands(convenor, "handed over"), "the first convenor knows")
    convenor.refused("network charter", "DENIED", set=["minimum=9"])
    wait(lambda: following.status()["state"] == "active", "the next one goes on")
    following.ask("network charter", set=["minimum=8"])
    following.publish(20)
    wait(lambda: reader.ask("network charter")["minimum"] == 8, "the roster goes on")
    wait_known(reader, following, 20)

    old_ticket = ticket(following)
    late = peer(place, "Late").start(*BEAT)
    admit(following, late)
    late.ask("join", ticket=old_ticket)
    quiet.start(*BEAT)
    for member in (late, quiet):
        wait(lambda member=member: stands(member, "active"), f"{member.name} follows")
        wait(lambda member=member: member.ask("network charter")["minimum"] == 8,
             f"the charter at {member.name}")
        wait_known(member, following, 20)
    late.publish(30)
    everybody = [following, reader, quiet, late]
    for member in everybody:
        wait_known(member, late, 30)
    wait_level(everybody)
    for member in everybody:
        equal(member.stop(), 0, "exit of a daemon")
    following.start(*BEAT, bind=following.endpoint)
    for member in everybody[1:]:
        member.start(*BEAT)
    following.ask("network remove", member=quiet.name)
    following.ask("network charter", set=["minimum=5"])
    for member in (reader, late):
        wait(lambda member=member: member.ask("network charter")["minimum"] == 5,
             f"after a restart at {member.name}")
    reader.publish(40)
    wait_known(late, reader, 40)
    wait_level([following, reader, late])


def test_tallies_go_on_under_the_next_convenor(place):
    convenor, members = network(place, 7)
    for member, value in zip(members, (12, 60.5, 61, 140, 640, 15, 9)):
        for year in (2024, 2026):
            record(member, "enabled.fte", value, year)
    first = call(convenor, 2024, ["enabled.fte"])
    arrived(members, first)
    said = convenor.run("network", "next-convenor", members[0].name, code=None)
    expect(said.code and "tally is open" in said.err, f"while a tally is open: {said}")
    contribute(members, first)
    ended([*members, convenor], first)
    convenor.run("network", "next-convenor", members[0].name)
    following = members[0]
    wait(lambda: following.run("network", "charter", "set", "minimum=5", code=None).code == 0,
         "the next convenor hears of it")
    wait(lambda: all(following.name == m.json("network", "members")["convenor"]
                     for m in members), "everybody does")
    second = call(following, 2026, ["enabled.fte"])
    arrived(members, second)
    seats = [s["member"] for s in members[1].json("tally", "show", second)["seats"]]
    expect(seats and following.name not in seats, f"the convenor holds no seat: {seats}")
    contribute(members, second)
    ended(members, second)
    late = members[-1]
    late.stop()
    late.start()
    for tally in (first, second):
        answer = late.run("tally", "audit", tally, "--json", code=None)
        wrong = [f["words"] for step in answer.json["steps"] for f in step["findings"]
                 if f["mark"] in ("wrong", "not here")]
        equal((answer.code, wrong), (0, []), f"the audit of {tally}")
        path = f"{place.path}/{tally}"
        late.run("tally", "audit", tally, "--out", path)
        checked = late.run("tally", "audit", "--file", path, code=None)
        expect(checked.code == 0, f"the file: {checked}")


CHARTER = 16
OTHER_RULES = {"minimum": 7, "contribute_ms": 86400000, "decide_ms": 86400000, "metrics": []}


def put_back(convenor, copy):
    """The convenor's home is replaced by a copy of it; its daemon is stopped."""
    shutil.rmtree(convenor.home)
    shutil.copytree(copy, convenor.home)


def test_a_roster_does_not_go_back(place):
    convenor, members = found(place, 2, *BEAT)
    wait_level([convenor, *members])
    at = convenor.endpoint
    convenor.stop()
    shutil.copytree(convenor.home, convenor.home + "-old")
    convenor.start(*BEAT, bind=at)
    convenor.ask("network charter", set=["minimum=6"])
    third = peer(place, "Third").start(*BEAT)
    admit(convenor, third)
    third.ask("join", ticket=ticket(convenor))
    everybody = [convenor, third, *members]
    wait_level(everybody)

    # It holds less than its members then: they say so, and give it back what it had said.
    convenor.stop()
    put_back(convenor, convenor.home + "-old")
    convenor.start(*BEAT, bind=at)
    wait(lambda: any("does not go back" in m.read_log() for m in members), "the members say so")
    wait(lambda: stands(convenor, "active"), "the convenor has its roster back")
    wait_level(everybody)
    equal(convenor.ask("network charter")["minimum"], 6, "the charter it had lost")
    convenor.ask("network charter", set=["minimum=8"])
    for member in (third, *members):
        wait(lambda member=member: member.ask("network charter")["minimum"] == 8,
             f"the roster goes on at {member.name}")
        equal(member.ask("network members")["roster_forked"], False, "a fork of it")

    # It has said something else meanwhile: nothing of either counts from there on.
    convenor.stop()
    put_back(convenor, convenor.home + "-old")
    say(convenor, (CHARTER, OTHER_RULES))
    convenor.start(*BEAT, bind=at)
    for member in (third, *members):
        wait(lambda member=member: member.ask("network members")["roster_forked"],
             f"the fork of the roster at {member.name}")
    said = members[0].run("network", "members").out
    expect("two different records" in said, f"what people read: {said}")
    wait(lambda: stands(convenor, "frozen"), "the convenor is told")
    said = convenor.refused("network charter", "DENIED", set=["minimum=9"])
    expect("new network" in said.hint, f"its words: {said}")
    for member in members:
        wait(lambda member=member: member.ask("network charter")["minimum"] == 10,
             f"the roster of before at {member.name}")
    members[0].publish(5)
    wait_known(members[1], members[0], 5)


if __name__ == "__main__":
    run(globals())
