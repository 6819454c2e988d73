"""Full text beside the work: whatever moment a daemon dies at, its search index says what the posts say.

Lessons come in by hundreds (its own, and those of a peer) and are withdrawn; daemons are killed in
between, looked at with `keeplocald --verify`, which takes every post apart again, and started again.
"""

import os
import random
import signal
import subprocess

from harness import DAEMON, equal, expect, run, wait
from test_lessons import add, arrives, network, titles

WORDS = ["asset", "transfer", "hall", "grant", "trust", "market", "garden", "tenant", "survey"]


def look(member, *args, code=0):
    """What `keeplocald --home HOME ARGS` says of a home whose daemon is not running."""
    done = subprocess.run([DAEMON, "--home", member.home, *args], capture_output=True, text=True)
    equal(done.returncode, code, f"{member.name}: {args}: {done.stdout}{done.stderr}")
    return done.stdout


def lessons(place, chance, number, count):
    rows = ["title,text"]
    for i in range(count):
        words = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(5, 60)))
        rows.append(f"Lesson {number} {i},Of {words} and w{number}x{i}")
    return place.file(f"lessons-{number}.csv", "\n".join(rows) + "\n")


def meanwhile(member, *args):
    """A command that may see its daemon die."""
    command = os.path.join(os.path.dirname(DAEMON), "../client/keeplocal")
    return subprocess.Popen([command, "--home", member.home, *args], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def test_killed_at_any_moment(place):
    seed = int(os.environ.get("KL_SEED", random.randrange(1 << 30)))
    print(f"# KL_SEED={seed}")
    chance = random.Random(seed)
    _, (one, two) = network(place, "One Trust", "Two Trust")
    for number in range(6):
        rows = one.json("lesson", "list")["lessons"]
        at_work = [meanwhile(one, "lesson", "import", lessons(place, chance, number, 40), "--yes")]
        for row in chance.sample(rows, min(3, len(rows))):
            at_work.append(meanwhile(one, "lesson", "withdraw", row["id"], "--yes"))
        victim = one if number % 2 else two
        try:
            at_work[0].wait(timeout=chance.random() * 0.6)
        except subprocess.TimeoutExpired:
            pass
        victim.stop(signal.SIGKILL)
        for command in at_work:
            command.wait(timeout=60)
        expect("search index" in look(victim, "--verify"), "the index is looked at")
        victim.start()
    wait(lambda: sorted(titles(one)) == sorted(titles(two)), "both hold the same lessons")
    said = []
    for member in (one, two):
        equal(member.stop(), 0, "a clean end")
        look(member, "--verify")
        look(member, "--reindex")
        said.append(look(member, "--verify"))
        expect("the search index says what posts" in said[-1], said[-1])


def test_a_daemon_that_indexes_stops_at_once(place):
    """And goes on with it after the next start."""
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "Lessons")
    convenor.stop()
    chance = random.Random(1)
    rows = ["\t".join([f"name=Made-up Trust {i}", "kind=anchor",
                       *(f"lesson=title=Lesson {i} {k}|text=" +
                         " ".join(f"w{chance.randrange(20000)}" for _ in range(150))
                         for k in range(60))]) for i in range(70)]
    subprocess.run([os.path.join(os.path.dirname(DAEMON),
                                 "../tests/integration/made_up_members"), convenor.home],
                   input="\n".join(rows) + "\n", text=True, check=True, capture_output=True)
    convenor.start()
    equal(convenor.stop(), 0, "a clean end")
    said = look(convenor, "--verify")
    expect("posts and corrections say: 4,200 of them" not in said, f"it was not done: {said}")
    convenor.start()
    wait(lambda: "not looked through yet" not in convenor.run("lesson", "search", "w1").out,
         "the index is made")
    convenor.stop()
    expect("say: 4,200 of them" in look(convenor, "--verify"), "all of them")


def test_a_withdrawn_word_is_in_no_home(place):
    _, (one, two) = network(place, "One Trust", "Two Trust")
    kept = add(one, "Grants", "--text", "quincewort and others")
    gone = add(one, "Halls", "--text", "marmaladezeppelin and others")
    arrives(two, "Halls")
    one.run("lesson", "withdraw", gone, "--yes")
    wait(lambda: "Halls" not in titles(two), "the withdrawal has come")
    for member in (one, two):
        equal(member.stop(), 0, "a clean end")
        look(member, "--compact")
        with open(os.path.join(member.home, "data/data.mdb"), "rb") as data:
            held = data.read()
        expect(b"marmaladezeppelin" not in held, "the word is gone from text and index")
        expect(held.count(b"quincewort") >= 2, "others stand in both")
        look(member, "--verify")
    expect(kept, "an id")


if __name__ == "__main__":
    run(globals())
