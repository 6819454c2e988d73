"""What a member with another program can say in posts, and what daemons make of it: nobody's posts but
its own are touched, floods meet limits, nothing that was withdrawn stays.

The records are signed into a home whose daemon is stopped (say_records), so they come to the others as
they would from a program that keeps no rule.
"""

import os
import subprocess
import time

import msgpack

from harness import BUILD, equal, expect, run, wait
from test_lessons import SECRET, add, arrives, live_bytes, network, titles

SAY = os.path.join(BUILD, "tests/integration/say_records")
LESSON, QUESTION, ANSWER, POLICY, CORRECT, WITHDRAW = 34, 35, 36, 37, 39, 40
KEPT = 5000  # posts of one member


def say(member, *records):
    """Signs records (kind, what is packed[, the time that they claim in ms]) while the daemon is stopped;
    gives their ids."""
    lines = "".join(f"{kind} {(what if isinstance(what, bytes) else msgpack.packb(what)).hex()}"
                    f" {time[0] if time else 0}\n" for kind, what, *time in records)
    done = subprocess.run([SAY, member.home], input=lines, capture_output=True, text=True)
    equal(done.returncode, 0, done.stderr)
    return [bytes.fromhex(line) for line in done.stdout.split()]


def test_hostile_posts_touch_nothing_but_their_own(place):
    convenor, (one, two) = network(place, "One Trust", "Two Trust")
    honest = bytes.fromhex(one.json("lesson", "show", add(one, "Honest", "--text", "Mine."))["record"])
    arrives(two, "Honest")
    two.stop()
    never = b"\x01" * 32
    first, second = say(
        two, (LESSON, {"title": "First", "mood": 7, "routes": ["teleport", "grant"],
                       "outcome": "baffling", "stages": [], "services": ["s"] * 10}),
        (ANSWER, {"about": never, "text": "An answer to nothing."}))
    say(two, (WITHDRAW, {"record": honest}), (CORRECT, [honest, {"title": "Mine now"}]),
        (WITHDRAW, {"record": never}), (CORRECT, [never, {"title": "Never"}]),
        (CORRECT, [first, {"title": "Second"}]), (WITHDRAW, {}), (WITHDRAW, b"\xc1"), (CORRECT, b""),
        (CORRECT, [first]), (CORRECT, [first, "no map"]), (LESSON, b""), (LESSON, {"text": 1}),
        (LESSON, {"title": "x" * 300}), (LESSON, {"title": "bell\a"}), (QUESTION, []),
        # two answers that are corrected to be answers to each other
        (CORRECT, [second, {"about": second, "text": "An answer to itself."}]))
    (again,) = say(two, (LESSON, {"title": "Last"}))
    correction, = say(two, (CORRECT, [again, {"title": "Last, corrected"}]))
    say(two, (CORRECT, [correction, {"title": "A correction of a correction"}]))
    two.start()
    for member in (convenor, one, two):
        wait(lambda m=member: "Last, corrected" in titles(m), f"all of it came to {member.name}")
        equal(sorted(titles(member)), ["Honest", "Last, corrected", "Second"], member.name)
    shown = one.json("lesson", "show", first.hex()[:8])
    equal((shown["title"], shown["routes"]), ("Second", []), "corrected by its own author")
    for member in (one, two):
        member.stop()
        member.start()
        equal(sorted(titles(member)), ["Honest", "Last, corrected", "Second"], "after a restart")


def test_a_flood_meets_limits_and_others_are_heard(place):
    convenor, (one, two) = network(place, "One Trust", "Two Trust")
    two.stop()
    say(two, *((LESSON, {"title": f"Flood {i}"}) for i in range(KEPT + 30)))
    two.start()
    wait(lambda: one.json("lesson", "list", "--member", "Two", "--n", 1)["found"] == KEPT,
         "as many as are kept")
    wait(lambda: one.json("lesson", "list", "--n", 1)["passed_over"] == 30, "the others are counted")
    expect("30 posts of members who publish very many" in one.run("lesson", "list").out, "and told")
    add(one, "Heard")
    for member in (convenor, two):
        arrives(member, "Heard")
    err = two.run("lesson", "add", "--title", "One more", "--yes", code=64).err
    expect("no more than 5000 of one member" in err and "withdraw" in err, err)


def test_a_clock_that_lies_does_not_come_first(place):
    _, (one, two) = network(place, "One Trust", "Two Trust")
    now, hour = int(time.time() * 1000), 3600 * 1000
    two.stop()
    say(two, (LESSON, {"title": "Of 2099"}, 4070908800000), (LESSON, {"title": "Tomorrow"}, now + 24 * hour),
        (LESSON, {"title": "A little fast"}, now + hour // 2), (LESSON, {"title": "Of 1970"}, 1),
        (LESSON, {"title": "Yesterday"}, now - 24 * hour), (LESSON, {"title": "End of time"}, (1 << 64) - 1))
    two.start()
    arrives(one, "End of time")
    add(one, "Today")
    for member in (one, two):
        arrives(member, "Today")
        got = titles(member)
        equal((sorted(got[:2]), got[2:4]), (["A little fast", "Today"], ["Yesterday", "Of 1970"]), got)
        equal(sorted(got[4:]), ["End of time", "Of 2099", "Tomorrow"], "what comes from the future is last")
    two.stop()
    say(two, *((LESSON, {"title": f"From the future {i}"}, 4070908800000) for i in range(600)))
    two.start()
    expect(add(two, "Set right"), "posts that claim the future do not count for this hour")


def test_what_a_member_said_stays_and_its_state_is_told(place):
    convenor, (one, two) = network(place, "One Trust", "Two Trust")
    lesson = add(one, "Halls", "--text", "About halls.")
    gone = add(one, "Gone")
    for title in ("Halls", "Gone"):
        arrives(two, title)
    one.run("lesson", "withdraw", gone, "--yes")
    for member in (one, two):
        wait(lambda m=member: titles(m) == ["Halls"], "withdrawn")
        err = member.run("lesson", "show", gone, code=1).err
        expect("was withdrawn by its author" in err, err)
    equal(two.json("lesson", "show", lesson)["member_state"], "active", "a member like others")
    for verb, state in (("suspend", "suspended"), ("remove", "removed")):
        convenor.run("network", verb, "One Trust")
        wait(lambda s=state: two.json("lesson", "show", lesson)["member_state"] == s, state)
        for words in (("list",), ("search", "halls"), ("show", lesson)):
            out = two.run("lesson", *words).out
            expect(f"One Trust ({state})" in out, out)


def test_what_an_older_program_kept_is_erased_by_a_newer_one(place):
    """say_records stores a withdrawal as a program does that does not know the kind."""
    _, (one, two) = network(place, "One Trust", "Two Trust")
    lesson = add(one, "Withdrawn", "--text", f"The text: {SECRET}.")
    arrives(two, "Withdrawn")
    one.stop()
    identity = bytes.fromhex(two.json("lesson", "show", lesson)["record"])
    say(one, (WITHDRAW, {"record": identity}))
    expect(SECRET.encode() in live_bytes(one), "it is there still")
    one.start()
    wait(lambda: not titles(one) and not titles(two), "withdrawn")
    expect("erased" in one.read_log(), "that something was left to erase is in the log")
    for member in (one, two):
        expect(SECRET.encode() not in live_bytes(member), f"gone from the home of {member.name}")


if __name__ == "__main__":
    run(globals())
