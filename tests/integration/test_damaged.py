#!/usr/bin/python3
"""Databases that are damaged, of another version or not ours: words, an exit code and what to do next,
and never a crash without them. And records of kinds that this program does not know yet."""

import hashlib
import os
import random
import struct
import subprocess

from asking import daemon, equal, expect, found, peer, stands, wait, wait_level
from harness import BUILD, DAEMON, run
from lmdb_pages import MAGIC_AT, PAGE_SIZE_AT, VERSION_AT, Pages

BEAT = ("--beat", "200ms")
SEED = int(os.environ.get("KL_SEED", random.randrange(1 << 30)))
REFUSED, EITHER, SERVED = "refused", "either", "served"


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def edit(member, *args):
    done = subprocess.run([os.path.join(BUILD, "tests/integration/edit_home"), member.home,
                           *map(str, args)], capture_output=True, text=True, check=False)
    equal((done.returncode, done.stderr), (0, ""), f"edit_home {args}")


def words(said, *wanted):
    """What stands on stderr: one message, and a line with what to do."""
    lines = said.splitlines()
    at = [i for i, line in enumerate(lines) if line.startswith("keeplocald: ")]
    equal(len(at), 1, f"messages in: {said}")
    expect(len(lines) > at[0] + 1 and lines[at[0] + 1].startswith("  "), f"no next step: {said}")
    for word in wanted:
        expect(word in said, f"no \"{word}\" in: {said}")


# ---- damage ----


def everything(place):
    """A home with all kinds of pages, its daemon stopped."""
    convenor, (member,) = found(place, 1, *BEAT)
    wait(lambda: stands(member, "active"), "it gets in")
    for count in range(60):
        member.publish(count)
    for count in range(4):
        member.ask("lesson add", title=f"Lesson {count}", text=f"Caretakers {count}. " * 900)
    wait_level([convenor, member])
    equal(member.stop(), 0, "exit")
    return convenor, member


def flipped(pages, page, dice, n=24):
    """Some bytes of what is used of a page, so also keys, values and where they stand."""
    bent = bytearray(pages.content)
    for _ in range(n):
        bent[page * pages.size + dice.randrange(16, pages.size)] ^= dice.randrange(1, 256)
    return bytes(bent)


def damages(whole, dice):
    """(what, content, after a clean end, after a crash: then it is verified)"""
    pages = Pages(whole)
    used = (pages.last + 1) * pages.size
    leaf, other = dice.sample(pages.leaves, 2)
    branch, overflow = dice.choice(pages.branches), dice.choice(pages.overflows)
    free = dice.choice(pages.free)
    yield "cut to half", whole[:used // 2], REFUSED, REFUSED
    yield "cut by a page", whole[:used - 4096], REFUSED, REFUSED
    yield "cut to one byte", whole[:1], REFUSED, REFUSED
    yield "empty", b"", REFUSED, REFUSED
    yield "zeros", bytes(len(whole)), REFUSED, REFUSED
    yield "random bytes", dice.randbytes(len(whole)), REFUSED, REFUSED
    yield "no meta pages", bytes(8192) + whole[8192:], REFUSED, REFUSED
    yield "another program's file", b"SQLite format 3\0".ljust(8192, b".") + whole[8192:], \
        REFUSED, REFUSED
    yield "LMDB's mark changed", pages.in_both_metas(MAGIC_AT, b"\0\0\0\1"), REFUSED, REFUSED
    yield "another LMDB's version", pages.in_both_metas(VERSION_AT, struct.pack("<I", 999)), \
        REFUSED, REFUSED
    yield "another page size", pages.in_both_metas(PAGE_SIZE_AT, struct.pack("<I", 65536)), \
        REFUSED, REFUSED
    elsewhere = other if leaf == pages.top else leaf
    yield "the root is elsewhere", pages.in_both_metas(128, struct.pack("<Q", elsewhere)), \
        REFUSED, REFUSED
    yield "a leaf of zeros", pages.zeroed(leaf), EITHER, REFUSED
    yield "a leaf changed", flipped(pages, leaf, dice, 200), EITHER, REFUSED
    yield "a branch of zeros", pages.zeroed(branch), EITHER, REFUSED
    yield "a branch changed", flipped(pages, branch, dice, 200), EITHER, EITHER
    yield "a long value changed", flipped(pages, overflow, dice, 200), EITHER, REFUSED
    yield "two leaves swapped", pages.swapped(leaf, other), EITHER, REFUSED
    yield "the free list of zeros", pages.zeroed(free), EITHER, EITHER
    yield "the free list changed", flipped(pages, free, dice, 400), EITHER, EITHER
    yield "a page that is used is free", free_list_with(pages, free, leaf), REFUSED, REFUSED
    for number in range(6):
        bent = bytearray(whole)
        for _ in range(dice.choice((1, 20, 400))):
            bent[dice.randrange(8192, used)] = dice.randrange(256)
        yield f"bytes changed, {number}", bytes(bent), EITHER, EITHER


def free_list_with(pages, page, used):
    """The first list on the page with all its numbers replaced by one that is in use."""
    node = struct.unpack_from("<H", pages.content, page * pages.size + 16)[0]
    low, high, _, key = struct.unpack_from("<HHHH", pages.content, page * pages.size + node)
    n = (low | high << 16) // 8
    return pages.changed(page, node + 8 + key, struct.pack("<Q", n - 1) +
                         struct.pack("<Q", used) * (n - 1))


def check(place, member, what, expected):
    """Starts the daemon on what stands there. It may write to what it serves, and to nothing else."""
    path = member.home + "/data/data.mdb"
    before = digest(path)
    process = subprocess.Popen([DAEMON, "--home", member.home, *BEAT], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    place.processes.append(process)
    ready = process.stdout.readline()
    if ready:
        process.terminate()
    said = process.communicate(timeout=60)[1]
    said = "\n".join(line for line in said.splitlines() if "AddressSanitizer" not in line)
    if ready and process.returncode == 0:
        expect(expected != REFUSED, f"{what}: it serves")
        return
    try:
        words("\n".join(said.splitlines()))
    except AssertionError as failure:
        raise AssertionError(f"{what}, exit {process.returncode}: {failure}") from failure
    expect(expected != SERVED, f"{what}: it does not serve: {said}")
    if ready:  # it got as far as serving, and then ended in words
        return
    equal(process.returncode, 78, f"{what}: exit; it said {said}")
    equal(digest(path), before, f"{what}: data.mdb")


def test_a_damaged_database(place):
    print(f"# KL_SEED={SEED}", flush=True)
    dice = random.Random(SEED)
    convenor, member = everything(place)
    path, running = member.home + "/data/data.mdb", member.home + "/running"
    with open(path, "rb") as file:
        whole = file.read()
    kinds = 0
    for what, content, clean, unclean in damages(whole, dice):
        for crashed, expected in ((False, clean), (True, unclean)):
            with open(path, "wb") as file:
                file.write(content)
            if crashed:
                open(running, "w", encoding="utf-8").close()
            elif os.path.exists(running):
                os.unlink(running)
            check(place, member, f"{what}{', verified' if crashed else ''}", expected)
        kinds += 1
    print(f"# {kinds} kinds of damage")
    with open(path, "wb") as file:
        file.write(whole)
    if os.path.exists(running):
        os.unlink(running)
    member.start(*BEAT)
    wait_level([convenor, member])


def test_the_lock_file(place):
    """LMDB's table of readers is made anew, whatever stands there; the folder's own lock matters."""
    member = peer(place, "Council").start(*BEAT)
    member.publish(5)
    path = member.home + "/data/lock.mdb"
    for content in (None, b"", b"x", os.urandom(8192), bytes(100000)):
        equal(member.stop(), 0, "exit")
        os.unlink(path)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content)
        member.start(*BEAT)
        expect("5" in member.run("profile", "show").out, "it serves")
        member.publish(5)
    equal(member.stop(), 0, "exit")
    os.unlink(path)
    os.mkdir(path)
    done = daemon("--home", member.home)
    expect(done.returncode in (73, 78), f"exit with a folder in its place: {done}")
    words(done.stderr, "cannot be opened")


# ---- versions ----


def test_a_newer_schema_is_refused_in_words(place):
    member = peer(place, "Council").start(*BEAT)
    member.publish(5)
    equal(member.stop(), 0, "exit")
    edit(member, "version", 77)
    before = digest(member.home + "/data/data.mdb")
    for args in ((), ("--verify",), ("--compact",)):
        done = daemon("--home", member.home, *args)
        equal(done.returncode, 78, f"exit {args}: {done.stderr}")
        words(done.stderr, "version 77", "Install the keeplocal that wrote it")
        equal(digest(member.home + "/data/data.mdb"), before, "data.mdb")
    open(member.home + "/running", "w", encoding="utf-8").close()
    done = daemon("--home", member.home)
    equal(done.returncode, 78, f"exit after a crash: {done.stderr}")
    words(done.stderr, "version 77", "Install the keeplocal that wrote it")


def test_an_older_schema_is_brought_up_to_date(place):
    _, member = everything(place)
    edit(member, "version", 1)
    equal(daemon("--home", member.home, "--verify", "--quick").returncode, 0, "verified as it is")
    member.start(*BEAT)
    equal(member.ask("lesson list", n=10)["found"], 4, "lessons")
    found_there = member.ask("lesson search", words="caretakers", n=10)
    equal(found_there["found"], 4, "lessons are found")
    equal(member.stop(), 0, "exit")
    equal(daemon("--home", member.home, "--verify").returncode, 0, "it is sound")


def test_kinds_of_tomorrow_are_kept_and_come_alive(place):
    """A record of a kind that nobody here knows is stored and passed on to who asks later. Lessons that
    a program has stored which knew none come alive in one that does."""
    convenor, (author, reader) = found(place, 2, *BEAT)
    wait(lambda: stands(author, "active") and stands(reader, "active"), "they get in")
    author.ask("lesson add", title="First", text="Something about caretakers.")
    wait_level([convenor, author, reader])
    equal(author.stop(), 0, "exit")
    tomorrow = ["dd" * 40, "81a16b01" + "ee" * 60, "ab" * 3000]
    done = subprocess.run([os.path.join(BUILD, "tests/integration/say_records"), author.home],
                          input="".join(f"{4711 * (i + 1)} {p}\n" for i, p in enumerate(tomorrow)),
                          capture_output=True, text=True, check=False)
    equal(done.returncode, 0, f"records of tomorrow: {done.stderr}")
    author.start(*BEAT)
    wait_level([convenor, author, reader])
    equal(author.stop(), 0, "exit")
    late = peer(place, "Late").start(*BEAT)
    convenor.ask("network admit", member_id=late.member_id, name="Late")
    late.ask("join", ticket=convenor.ask("network ticket")["ticket"])
    wait_level([convenor, reader, late])
    for one in (convenor, reader, late):
        equal(one.stop(), 0, "exit")
        dumped = subprocess.run([os.path.join(BUILD, "tests/integration/dump_records"), one.home],
                                capture_output=True, check=True).stdout
        for payload in tomorrow:
            expect(bytes.fromhex(payload) in dumped, f"{one.name} has not kept {payload[:20]}")
        equal(daemon("--home", one.home, "--verify").returncode, 0, "it is sound")

    edit(reader, "unnumbered")
    reader.start(*BEAT)
    equal(reader.ask("lesson search", words="caretakers", n=5)["found"], 1, "it came alive")
    equal(reader.stop(), 0, "exit")
    done = daemon("--home", reader.home, "--verify")
    equal(done.returncode, 0, f"it is sound: {done.stderr}")


if __name__ == "__main__":
    run(globals())
