#!/usr/bin/python3
"""A daemon whose disk is full, whose database has reached its limit, or whose disk fails: it says so,
serves, loses nothing that it confirmed, and goes on by itself."""

import concurrent.futures
import os
import re
import threading
import time

from asking import (Peer, Refused, admit, daemon, equal, expect, found, peer, stands, ticket,
                    wait, wait_known, wait_level)
from harness import BUILD, run
from small_disk import SmallDisk, may_mount, own_mounts

BEAT = ("--beat", "200ms")


def on_disk(disk, place, name, kind="anchor"):
    """Its home is on the small disk, its log is not."""
    member = Peer(place, name)
    link, member.home = member.home, f"{disk.path}/{name.lower()}"
    member.make(kind)
    os.symlink(member.home, link)
    member.home = link
    return member


def ballast(member):
    """Bytes of it that really take space."""
    try:
        return os.stat(member.home + "/ballast").st_blocks * 512
    except FileNotFoundError:
        return 0


def processor_time(member):
    with open(f"/proc/{member.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lines(member, text):
    return member.read_log().count(text)


def until_refused(action, first, most):
    """Calls with first, first + 1, .. until one is refused; gives the refusal and the last confirmed."""
    for count in range(first, first + most):
        try:
            action(count)
        except Refused as refusal:
            return refusal, count - 1
    raise AssertionError("nothing was refused")


def check_words(refusal, *words):
    equal(refusal.code, "FULL", f"code of {refusal}")
    for word in words:
        expect(word in str(refusal), f"no \"{word}\" in: {refusal}")


def with_small_disk(story):
    def test(place):
        if not may_mount():
            return
        disk = SmallDisk(place, "6m")
        try:
            story(place, disk)
        finally:
            for process in place.processes:  # or the file system stays busy
                process.kill()
                process.wait()
            disk.close()
    return test


# ---- a full disk ----


def full_disk(place, disk):
    convenor, (reader,) = found(place, 1, *BEAT)
    member = on_disk(disk, place, "Full").start(*BEAT)
    expect(ballast(member) >= 256 << 10, "there is no ballast, or it is all hole")
    admit(convenor, member)
    member.ask("join", ticket=ticket(convenor))
    wait(lambda: stands(member, "active"), "it gets in")
    member.publish(1)
    wait_level([convenor, reader, member])

    disk.fill()
    refusal, last = until_refused(member.publish, 2, 400)  # pages that are free take a few
    check_words(refusal, os.path.realpath(member.home), "is full", "free", "make room", "by itself")
    wait(lambda: ballast(member) == 0, "the ballast is given up")
    expect("disk is full" in member.run("status").out, "the status does not tell")
    for count in range(5):
        member.refused("profile set", "FULL", set=[f"population={9000 + count}"])
    equal(lines(member, "is full"), 1, f"lines about it in the log: {member.read_log()}")

    # what it has is served, also what nobody has heard yet; news of the roster still fit
    wait_known(convenor, member, last)
    reader.publish(77)
    wait_known(convenor, reader, 77)
    newcomer = peer(place, "Newcomer").start(*BEAT)
    admit(convenor, newcomer)
    wait(lambda: member.status()["members"] == 3, "it hears of the newcomer")
    before, begun = processor_time(member), time.monotonic()
    wait(lambda: time.monotonic() - begun > 1.5, "some time")
    spent = processor_time(member) - before
    expect(spent < 0.5, f"{spent} s of processor time in 1.5 s on a full disk")
    expect(member.population(reader) != "77", "it took a record of a peer on a full disk")
    equal(lines(member, "WARNING") + lines(member, "could not be stored"), 0, "remarks in the log")

    # killed and started again, the same
    if (last & 1) == 0:
        member.stop(9)
        member.start(*BEAT)
        equal(member.status()["state"], "active", "it starts on a full disk")
        member.refused("profile set", "FULL", set=["population=5"])
    disk.clear()
    wait_known(member, reader, 77)
    equal(lines(member, "there is room on the disk again"), 1, "it says that it is over")
    expect(ballast(member) >= 256 << 10, "the ballast was not made again")
    member.publish(500)
    wait_known(reader, member, 500)
    wait_level([convenor, reader, member])
    equal(member.stop(), 0, "exit")
    equal(daemon("--home", member.home, "--verify").returncode, 0, "the database is sound")


test_a_full_disk_is_told_and_left_again = with_small_disk(full_disk)


def start_on_full_disk(place, disk):
    member = on_disk(disk, place, "Full").start(*BEAT)
    member.publish(123)
    equal(member.stop(), 0, "exit")
    os.unlink(member.home + "/ballast")
    disk.fill(leave=64 << 10)
    member.start(*BEAT)
    check_words(member.refused("profile set", "FULL", set=["population=5"]), "is full")
    expect("123" in member.run("profile", "show").out, "it serves what it has")
    equal(member.stop(), 0, "exit")

    os.unlink(member.home + "/data/lock.mdb")
    disk.fill()
    done = daemon("--home", member.home)
    equal(done.returncode, 73, f"exit without room for the table of readers: {done.stderr}")
    expect("no space left" in done.stderr and "Make room" in done.stderr, done.stderr)

    disk.clear()
    member.start(*BEAT)
    equal(lines(member, "there is room"), 0, "this start had room at once")
    member.publish(6)
    expect(ballast(member), "the ballast is back")


test_a_start_on_a_full_disk = with_small_disk(start_on_full_disk)


def first_start_on_full_disk(place, disk):
    member = on_disk(disk, place, "Full")
    disk.fill()
    done = daemon("--home", member.home)
    equal(done.returncode, 73, f"exit: {done.stderr}")
    expect("no space left" in done.stderr, done.stderr)
    disk.clear()
    member.start(*BEAT).publish(1)
    expect("1" in member.run("profile", "show").out, "nothing of the failed start is in the way")


test_a_first_start_on_a_full_disk = with_small_disk(first_start_on_full_disk)


def convenor_on_full_disk(place, disk):
    convenor = on_disk(disk, place, "Convenor", "convenor").start(*BEAT)
    convenor.ask("network create", name="Keep it Local")
    bad, good = peer(place, "Bad").start(*BEAT), peer(place, "Good").start(*BEAT)
    for one in (bad, good):
        admit(convenor, one)
        one.ask("join", ticket=ticket(convenor))
        wait(lambda m=one: stands(m, "active"), "it gets in")
    disk.fill()
    until_refused(convenor.publish, 1, 400)
    convenor.ask("network suspend", member="Bad", reason="A test")
    convenor.refused("profile set", "FULL", set=["population=5"])
    wait(lambda: any(m["name"] == "Bad" and m["state"] == "suspended"
                     for m in good.ask("network members")["members"]), "others hear of it")


test_a_convenor_on_a_full_disk_removes_members = with_small_disk(convenor_on_full_disk)


# ---- max_store ----


def lesson(member, number):
    member.ask("lesson add", title=f"Lesson {number}", text=f"word{number} " * 1500)


def test_max_store_is_reached_and_raised(place):
    convenor, (reader, member) = found(place, 2, *BEAT)
    wait(lambda: stands(member, "active"), "it gets in")
    equal(member.stop(), 0, "exit")
    settings = member.home + "/keeplocald.conf"
    with open(settings, "w", encoding="utf-8") as file:
        file.write("max_store = 2M\n")
    member.start(*BEAT)  # the map begins with 1 MiB, and grows while it serves
    refusal, last = until_refused(lambda n: lesson(member, n), 1, 300)
    expect(last > 25, f"only {last} lessons fit into 2 MiB")
    check_words(refusal, member.home, "max_store", "raise", "SIGHUP", "undo")
    wait_level([convenor, reader])
    wait(lambda: reader.ask("lesson list", n=1)["found"] == last, "all that was confirmed")
    reader.publish(55)
    wait_known(convenor, reader, 55)
    newcomer = peer(place, "Newcomer").start(*BEAT)
    admit(convenor, newcomer)
    wait(lambda: member.status()["members"] == 3, "news of the roster fit into the reserve")
    expect(member.population(reader) != "55", "it took a record of a peer beyond max_store")
    equal(lines(member, "has reached max_store"), 1, "lines about it in the log")
    expect("max_store" in member.run("status").out, "the status does not tell")

    with open(settings, "w", encoding="utf-8") as file:
        file.write("max_store = 24M\n")
    member.process.send_signal(1)
    wait(lambda: lines(member, "max_store leaves room again") == 1, "it takes the setting")
    wait_known(member, reader, 55)
    for number in range(last + 1, last + 20):
        lesson(member, number)
    wait_level([convenor, reader, member])
    equal(member.stop(), 0, "exit")
    done = daemon("--home", member.home, "--verify")
    equal(done.returncode, 0, f"verified: {done.stderr}")
    expect(re.search("sound: ", done.stdout), done.stdout)


def test_what_is_taken_back_makes_room(place):
    member = peer(place, "Council", "council").start(*BEAT, "--max-store", "2M")
    confirmed = 0
    while True:
        rows = "".join(f"Supplier {confirmed}-{i},{i % 28 + 1}/04/2016,{i + 1}.00,R{confirmed}-{i}\n"
                       for i in range(6000))
        done = member.run("spend", "import", place.file(
            f"{confirmed}.csv", "Supplier Name,Date Paid,Net Amount,Reference\n" + rows), code=None)
        if done.code:
            break
        confirmed += 1
    equal(done.code, 73, f"an import beyond max_store: {done}")
    expect("max_store" in done.err and "undo" in done.err, done.err)
    expect(confirmed, "not even one fits")
    equal(len(member.ask("imports")["imports"]), confirmed, "imports that are there")
    equal(member.refused("profile set", "FULL", set=["population=5"]).code, "FULL", "it is told")
    member.run("undo", "--yes")
    wait(lambda: lines(member, "max_store leaves room again"), "it goes on by itself")
    member.publish(7)
    equal(len(member.ask("imports")["imports"]), confirmed - 1, "imports that are there")


# ---- a disk that fails ----

FAULTS = os.path.join(BUILD, "tests/integration/libfaults.so")
PUBLISHED = 8


def until_confirmed(action, what):
    """Repeats what is refused; how often it was, and with which codes."""
    codes = []

    def once():
        try:
            action()
            return True
        except Refused as refusal:
            codes.append(refusal.code)
            expect(refusal.hint or "cannot be read" in refusal.message,
                   f"{what}: refused without words: {refusal}")
            return False
    wait(once, what)
    return codes


def shown(member):
    fields = member.ask("profile show")["fields"]
    return next((f["value"] for f in fields if f["field"] == "population"), None)


STARTS = threading.Lock()  # programs inherit what stands in the environment just then


def start(member, **variables):
    with STARTS:
        os.environ.update(variables)
        member.start(*BEAT, ready=False)
        for name in variables:
            del os.environ[name]
    return member.process.stdout.readline() != ""


def faulty(place, number, fault):
    """A daemon whose disk fails once. Which call it was, and what was refused."""
    member = peer(place, f"Faulty {number}", "convenor")
    told = f"{place.path}/told-{number}"
    codes = []
    if not start(member, LD_PRELOAD=FAULTS, KL_FAULT=fault, KL_FAULT_TOLD=told,
                 ASAN_OPTIONS="verify_asan_link_order=0"):
        equal(member.process.wait(), 73, f"{fault}: exit; it said {member.read_log()}")
        expect(re.search("^keeplocald: .*\n  ", member.read_log(), re.M), "no words, or no next step")
        member.stop()
        expect(start(member), f"{fault}: it does not start when the disk works: {member.read_log()}")
        codes.append("START")
    codes += until_confirmed(lambda: member.ask("network create", name="Faults"), f"{fault}: network")
    for count in range(1, PUBLISHED + 1):
        codes += until_confirmed(lambda n=count: member.publish(n), f"{fault}: {count}")
        equal(shown(member), str(count), f"{fault}: what it says then")
    expect(set(codes) <= {"IO", "FULL", "START"}, f"{fault}: refused with {codes}")
    equal(member.stop(), 0, f"{fault}: exit")
    done = daemon("--home", member.home, "--verify")
    equal(done.returncode, 0, f"{fault}: verified: {done.stderr}")
    expect(start(member), f"{fault}: it starts")
    equal(shown(member), str(PUBLISHED), f"{fault}: after the next start")
    equal(member.stop(), 0, f"{fault}: exit")
    with open(told, encoding="ascii") as file:
        return f"{fault} {'+'.join(file.read().split())} {'+'.join(sorted(set(codes))) or 'unnoticed'}"


def test_a_disk_that_fails_once(place):
    faults = ("EIO:5:1", "EIO:28:1", "EIO:41:2", "short:33:1", "short:48:1", "ENOSPC:4:1",
              "ENOSPC:37:1", "ENOSPC:50:1")
    with concurrent.futures.ThreadPoolExecutor(len(faults)) as pool:
        seen = list(pool.map(lambda pair: faulty(place, *pair), enumerate(faults)))
    print("# " + ", ".join(seen))
    for code in ("START", "IO", "FULL"):
        expect(any(code in line for line in seen), f"nothing ended with {code}: {seen}")


if __name__ == "__main__":
    own_mounts()
    run(globals())
