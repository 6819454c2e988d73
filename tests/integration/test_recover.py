#!/usr/bin/python3
"""Homes and databases that were put back as they were, and two machines with one key.

The network has a convenor and two members; beats are short, so that what takes minutes by default
takes a second or two.
"""

import os
import re
import shutil
import signal

from asking import (Peer, admit, daemon, equal, expect, found, peer, stands, ticket, wait,
                    wait_known, wait_level)
from harness import run

BEAT = ("--beat", "100ms")
SLOW = ("--beat", "200ms")  # a new call after a lost one takes as long


def file(member, name):
    return os.path.join(member.home, name)


def keep(member, what="data"):
    """What the member (which is not running) has now, to be put back later."""
    shutil.rmtree(member.home + ".kept", ignore_errors=True)
    shutil.copytree(file(member, what), member.home + ".kept")


def put_back(member, what="data"):
    shutil.rmtree(file(member, what))
    shutil.copytree(member.home + ".kept", file(member, what))


def copy_of(member, name):
    """A second home with everything that the first holds. The first must not be running."""
    other = Peer(member.place, name)
    shutil.copytree(member.home, other.home)
    return other


def restart(member, how=signal.SIGTERM, **bind):
    member.stop(how)
    member.start(*BEAT, **bind)


def recovers(member):
    """Whether it says so, and publishes nothing."""
    expect(stands(member, "recovering"), f"state: {member.status()['state']}")
    said = member.refused("profile set", "BUSY", set=["population=3"])
    expect("other members hold" in said.message, f"what the owner is told: {said.message}")
    expect("this home compares" in member.status()["own_feed"], "what status says")


def is_open(member):
    wait(lambda: stands(member, "active"), f"{member.name} knows all of its own feed")
    equal(member.status()["own_feed"], None, "what status says of its own feed")
    expect(not os.path.exists(file(member, "restored")), "the mark was left behind")


def goes_on(everybody, member, count):
    """It has all that it ever published, goes on behind it, and nothing forked."""
    is_open(member)
    member.publish(count)
    for other in everybody:
        wait_known(other, member, count)
    wait_level(everybody)
    for one in everybody:
        expect("two signed records" not in one.read_log(), f"a fork at {one.name}")


def test_a_database_of_a_moment_ago(place):
    """The last records are missing here, and the high-water file knows. They come back."""
    convenor, (member, reader) = found(place, 2, *BEAT)
    everybody = [convenor, member, reader]
    member.publish(1)
    wait_level(everybody)
    member.stop()
    keep(member)
    member.start(*BEAT)
    member.publish(2)
    member.publish(3)
    wait_known(reader, member, 3)
    wait_level(everybody)
    member.stop()
    put_back(member)
    convenor_at = convenor.endpoint
    convenor.stop()
    reader.stop()
    member.start(*BEAT)
    recovers(member)  # nobody is there to ask
    restart(member)
    recovers(member)
    convenor.start(*BEAT, bind=convenor_at)
    reader.start(*BEAT)
    goes_on(everybody, member, 4)
    restart(member)
    expect(stands(member, "active"), "it is over after a restart, too")


def test_a_wiped_database(place):
    convenor, (member, reader) = found(place, 2, *BEAT)
    everybody = [convenor, member, reader]
    member.publish(1)
    member.publish(2)
    wait_known(reader, member, 2)
    wait_level(everybody)
    member.stop()
    shutil.rmtree(file(member, "data"))
    os.mkdir(file(member, "data"), 0o700)
    member.start(*BEAT)
    goes_on(everybody, member, 3)


def test_a_home_of_a_moment_ago(place):
    """All of the home, with its high-water file: it shows that it lies elsewhere."""
    convenor, (member, reader) = found(place, 2, *BEAT)
    everybody = [convenor, member, reader]
    member.publish(1)
    wait_level(everybody)
    member.stop()
    keep(member, "")
    member.start(*BEAT)
    member.publish(2)
    wait_known(reader, member, 2)
    wait_level(everybody)
    member.stop()
    put_back(member, "")
    member.start(*BEAT)
    recovers(member)
    goes_on(everybody, member, 3)
    equal(member.population(member), "3", "its own profile")


def test_a_home_of_a_moment_ago_that_shows_nothing(place):
    """As a snapshot below the file system puts it back: its owner is told as soon as a peer is there."""
    convenor, (member, reader) = found(place, 2, *BEAT)
    everybody = [convenor, member, reader]
    member.publish(1)
    wait_level(everybody)
    member.stop()
    keep(member)
    with open(file(member, "highwater"), "rb") as high:
        before = high.read()
    member.start(*BEAT)
    member.publish(2)
    wait_known(reader, member, 2)
    wait_level(everybody)
    member.stop()
    put_back(member)
    with open(file(member, "highwater"), "r+b") as high:
        high.write(before)
    member.start(*BEAT)
    wait(lambda: "others held records" in member.read_log(), "it hears that there is more")
    goes_on(everybody, member, 3)


def test_another_machine_and_a_backup(place):
    """A changed machine, and the mark of a restore, make a home ask and do not make it fail."""
    convenor, (member, reader) = found(place, 2, *BEAT)
    everybody = [convenor, member, reader]
    wait_level(everybody)
    member.publish(1)
    member.stop()
    with open(file(member, "identity"), encoding="utf-8") as identity:
        text = identity.read()
    changed = re.sub(r"machine = ..", "machine = 77", text)
    if "machine = 00000000" not in text:  # a system without /etc/machine-id has no machines to tell
        with open(file(member, "identity"), "w", encoding="utf-8") as identity:
            identity.write(changed)
        member.start(*BEAT)
        recovers(member)
        goes_on(everybody, member, 2)
        with open(file(member, "identity"), encoding="utf-8") as identity:
            now = dict(line.split(" = ") for line in identity)
        was = dict(line.split(" = ") for line in text.splitlines(True))
        for key, value in was.items():
            equal(now[key] == value, key != "store", f"whether {key} is as it was")
        member.stop()
    with open(file(member, "restored"), "w", encoding="utf-8"):
        pass
    member.start(*BEAT)
    recovers(member)
    goes_on(everybody, member, 3)


def test_an_unclean_stop_alone_does_nothing(place):
    convenor, (member, reader) = found(place, 2, *BEAT)
    wait_level([convenor, member, reader])
    for count in range(3):
        member.publish(count)
        member.stop(signal.SIGKILL)
        member.start(*BEAT)
        member.publish(100 + count)  # at once, whether anybody is there or not
        expect(stands(member, "active"), f"state: {member.status()['state']}")
    expect("compares" not in member.read_log(), "it looked into something")
    wait_known(reader, member, 102)


def test_a_convenor_whose_database_is_old(place):
    """Its own feed is the roster: the members that it knows bring back what it forgot."""
    convenor, (member, reader) = found(place, 2, *BEAT)
    wait_level([convenor, member, reader])
    convenor_at = convenor.endpoint
    convenor.stop()
    keep(convenor)
    convenor.start(*BEAT, bind=convenor_at)
    late = peer(place, "Late").start(*BEAT)
    admit(convenor, late)
    late.ask("join", ticket=ticket(convenor))
    wait_level([convenor, member, reader, late])
    convenor.stop()
    put_back(convenor)
    convenor.start(*BEAT, bind=convenor_at)
    expect(stands(convenor, "recovering"), "it knows that something is missing")
    is_open(convenor)
    equal(len(convenor.ask("network members")["members"]), 3, "members on its roster")
    second = peer(place, "Second").start(*BEAT)
    admit(convenor, second)
    second.ask("join", ticket=ticket(convenor))
    wait_level([convenor, member, reader, late, second])


def test_a_convenor_whose_database_is_gone(place):
    """It knows nobody any more, and refuses nobody until it has its roster again."""
    convenor, (member, reader) = found(place, 2, *BEAT)
    everybody = [convenor, member, reader]
    wait_level(everybody)
    records = convenor.status()["records"]
    convenor_at = convenor.endpoint
    convenor.stop()
    shutil.rmtree(file(convenor, "data"))
    os.mkdir(file(convenor, "data"), 0o700)
    convenor.start(*BEAT, bind=convenor_at)
    equal(convenor.status()["records"], 0, "records that are left")
    is_open(convenor)
    wait_level(everybody)
    expect(convenor.status()["records"] >= records, "records that are back")
    refused = convenor.peers()["refused"]
    stranger = peer(place, "Stranger").start(*BEAT)
    stranger.ask("join", ticket=ticket(convenor))
    wait(lambda: convenor.peers()["refused"] > refused, "strangers are refused again")
    admit(convenor, stranger)
    wait_level([*everybody, stranger])


def test_a_person_says_that_it_goes_on(place):
    """Nobody is left who could answer: a person takes it on himself."""
    convenor, (member, reader) = found(place, 2, *BEAT)
    wait_level([convenor, member, reader])
    for gone in (convenor, reader, member):
        gone.stop()
    with open(file(member, "restored"), "w", encoding="utf-8"):
        pass
    member.start(*BEAT)
    recovers(member)
    said = daemon("--home", member.home, "--this-one")
    equal(said.returncode, 75, f"while it runs: {said.stderr}")
    member.stop()
    said = daemon("--home", member.home, "--this-one")
    equal(said.returncode, 0, said.stderr)
    expect("goes on as it is" in said.stdout, said.stdout)
    member.start(*BEAT)
    is_open(member)
    member.publish(7)
    member.stop()
    with open(file(member, "restored"), "w", encoding="utf-8"):
        pass
    member.start(*BEAT)
    recovers(member)  # it was said for once


def is_paired(one):
    wait(lambda: stands(one, "on two machines"), f"{one.name} is told")
    said = one.refused("profile set", "DENIED", set=["population=4"])
    expect("--home DIR --this-one" in said.hint, f"what the owner is told: {said.hint}")
    expect(any("--this-one" in step for step in one.status()["next"]), "what status says")
    expect("another machine has the same key" in one.read_log(), "what the log says")


def test_two_machines_with_one_key(place):
    """A clone on a second port at the same time: both read only, until one is chosen."""
    convenor, (member, reader) = found(place, 2, *SLOW)
    everybody = [convenor, member, reader]
    member.publish(1)
    wait_level(everybody)
    member.stop()
    clone = copy_of(member, "The Clone")
    member.start(*SLOW)
    clone.start(*SLOW)
    for one in (member, clone):
        is_paired(one)
        expect("knows all" not in one.read_log(), f"{one.name} went on before it was told")
    clone.stop()
    clone.start(*SLOW)
    expect(stands(clone, "on two machines"), "a restart makes one of nobody")
    reader.publish(50)
    wait_known(convenor, reader, 50)
    wait_known(clone, reader, 50)
    member.stop()
    said = daemon("--home", member.home, "--this-one")
    expect("this home is the one" in said.stdout, said.stdout + said.stderr)
    member.start(*SLOW)
    goes_on(everybody, member, 2)
    wait(lambda: "another home of this member was chosen" in clone.read_log(),
         "the other one is told")
    hint = clone.refused("profile set", "DENIED", set=["population=4"]).hint
    expect("remove this home" in hint, f"what to do with the other: {hint}")
    clone.stop()
    goes_on(everybody, member, 5)


def test_two_copies_that_both_publish(place):
    """Against what they are told, as an older program would: the feed ends for everybody there."""
    convenor, (twin, reader) = found(place, 2, *BEAT)
    twin.publish(1)
    wait_level([convenor, twin, reader])
    twin.stop()
    other = copy_of(twin, "The Copy")
    equal(daemon("--home", other.home, "--this-one").returncode, 0, "said without looking")
    convenor_at = convenor.endpoint
    convenor.stop()
    reader.stop()
    other.start(*BEAT)
    other.publish(2)  # nobody is there to tell it anything
    other.stop()
    convenor.start(*BEAT, bind=convenor_at)
    reader.start(*BEAT)
    twin.start(*BEAT)
    twin.publish(3)
    wait_known(reader, twin, 3)
    wait_level([convenor, twin, reader])
    other.start(*BEAT)
    for one in (twin, other):
        wait(lambda one=one: stands(one, "frozen"), f"{one.name} is told")
        said = one.refused("profile set", "DENIED", set=["population=4"])
        expect("second machine" in said.hint, f"what the owner is told: {said.hint}")
    reader.publish(50)
    wait_known(convenor, reader, 50)
    for member in (convenor, twin, other, reader):
        wait(lambda member=member: member.peers()["root"] == convenor.peers()["root"],
             f"{member.name} has what the others have")
    for member in (twin, reader):
        restart(member)
    expect(stands(twin, "frozen"), "a restart thaws no feed")
    wait_level([convenor, reader])


if __name__ == "__main__":
    run(globals())
