#!/usr/bin/python3
"""What one daemon has to bear: signals, settings, bad homes, tickets that do not fit."""

import os
import re
import signal
import socket
import time

from asking import (admit, daemon, equal, expect, found, peer, stands, ticket, wait, wait_known,
                    wait_level)
from harness import run

BEAT = ("--beat", "200ms")


def refused(place, code, *words, args=(), name="council"):
    """Starting a daemon ends with this exit code, and with these words on stderr."""
    done = daemon("--home", os.path.join(place.path, name), *args)
    equal(done.returncode, code, f"exit; it said: {done.stderr}")
    equal(done.stdout, "", "what stands on stdout")
    for word in words:
        expect(word in done.stderr, f"no \"{word}\" in: {done.stderr}")
    lines = [line for line in done.stderr.splitlines() if line.startswith("keeplocald: ")]
    equal(len(lines), 1, f"messages in: {done.stderr}")
    return done.stderr


# ---- signals and settings ----


def test_signals(place):
    member = peer(place, "Council").start()
    member.process.send_signal(signal.SIGHUP)
    wait(lambda: "settings: read again" in member.read_log(), "it says what becomes of SIGHUP")
    equal(member.status()["name"], "Council", "it goes on after SIGHUP")
    member.process.send_signal(signal.SIGPIPE)
    equal(member.status()["name"], "Council", "it goes on after SIGPIPE")
    equal(member.stop(signal.SIGINT), 0, "exit after SIGINT")
    expect(not os.path.exists(member.home + "/control"), "the command socket was left behind")
    member.start()
    member.process.send_signal(signal.SIGTERM)
    expect(member.stop(signal.SIGTERM) in (0, 75, -signal.SIGTERM), "exit after two SIGTERM")
    member.start()
    equal(member.status()["name"], "Council", "it starts again after that")


def reread(member, settings, said):
    """Writes the settings, sends SIGHUP and waits for the log to say something new."""
    with open(member.home + "/keeplocald.conf", "w", encoding="utf-8") as file:
        file.write(settings)
    before = len(member.read_log())
    member.process.send_signal(signal.SIGHUP)
    wait(lambda: said in member.read_log()[before:], f"\"{said}\" in the log")
    equal(member.status()["name"], member.name, "it goes on")
    return member.read_log()[before:]


def offered(convenor):
    said = convenor.ask("tally call", period="2026", metrics=["enabled.fte"], dry_run=True)
    return sorted(said["offers"])


def test_settings_are_read_again(place):
    convenor, members = found(place, 6, *BEAT)
    convenor.ask("network charter", set=["minimum=5"])
    member = members[0]
    everybody = sorted(m.name for m in members)
    wait(lambda: offered(convenor) == everybody, "everybody offers a seat")
    reread(member, "seat = no\n", "settings: read again")
    wait(lambda: offered(convenor) == everybody[1:], "its seat is taken back")


    said = reread(member, "seat = no\nbeat = 3s\nconnect = tcp://127.0.0.1:1\nmax_store = 2G\n",
                  "settings: read again")
    equal(re.findall("settings: (\\w+) changes at the next start only", said),
          ["connect"], "what waits for a restart; the flag --beat wins")
    for wrong, words in (("seat = yes\nbeet = 3s\n", "line 2"), ("seat = maybe\n", "yes or no")):
        expect(words in reread(member, wrong, "settings stay as they were"), words)
    equal(offered(convenor), everybody[1:], "nothing of a file with an error is taken")

    for one in members[1:3]:
        one.run("indicator", "record", "enabled.fte", 12, "--period", 2026)
    tally = convenor.ask("tally call", period="2026", metrics=["enabled.fte"],
                         contribute_for="60s", decide_for="60s")["tally"]

    def answer(one):
        return next(((t["contributed"], t["declined"]) for t in one.json("tally", "list")
                     if t["tally"] == tally), None)

    for one in members[1:3]:
        wait(lambda m=one: answer(m) == (False, False), "the call comes in, and nobody answers")
    reread(members[1], "consent = always\n", "contributed, as consent = always says")
    wait(lambda: answer(members[1]) == (True, False), "an open tally is contributed to")
    reread(members[2], "consent = always\nveto = Member 2\n",
           "declined, as consent = always says")
    equal(answer(members[2])[0], False, "who sits there is refused")

    reread(member, "log = error\n", "settings: read again")
    reread(member, "log = loud\n", "settings stay as they were")
    equal(member.stop(), 0, "exit")
    expect("stopping" not in member.read_log(), "less is logged")


def test_a_veto_after_somebody_agreed(place):
    convenor, members = found(place, 6, *BEAT)
    convenor.ask("network charter", set=["minimum=5"])
    own, away = members[0], members[-1]
    wait(lambda: len(offered(convenor)) == 6, "everybody offers a seat")
    away.stop()
    own.run("indicator", "record", "enabled.fte", 12, "--period", 2026)
    tally = convenor.ask("tally call", period="2026", metrics=["enabled.fte"],
                         contribute_for="300s", decide_for="60s")["tally"]
    wait(lambda: any(t["tally"] == tally for t in own.json("tally", "list")), "the call")
    own.run("tally", "contribute", "--yes")
    said = own.json("tally", "show", tally)["own"]
    equal((said["agreed"], said["contributed"]), (True, False), "one seat is not taken yet")
    reread(own, "veto = Member 2\n", "withdrawn before it left, as a veto says")
    said = own.json("tally", "show", tally)["own"]
    equal((said["contributed"], said["withdrawn"]), (False, True), "nothing leaves")


def taken(member, tally):
    return sum(s["accepted"] for s in member.json("tally", "show", tally)["seats"])


def test_a_veto_before_the_next_start(place):
    """Agreed to, stopped, and started with another veto, when nothing keeps the shares back any more: a third
    of the time to contribute has passed, and all seats but one are taken."""
    convenor, members = found(place, 6, *BEAT)
    convenor.ask("network charter", set=["minimum=5"])
    own, away = members[0], members[-1]
    wait(lambda: len(offered(convenor)) == 6, "everybody offers a seat")
    away.stop()
    own.run("indicator", "record", "enabled.fte", 12, "--period", 2026)
    called = time.monotonic()
    tally = convenor.ask("tally call", period="2026", metrics=["enabled.fte"],
                         contribute_for="24s", decide_for="60s")["tally"]
    wait(lambda: any(t["tally"] == tally for t in own.json("tally", "list")), "the call")
    own.run("tally", "contribute", "--yes")
    wait(lambda: taken(own, tally) == 5, "all seats but one are taken")
    equal(own.json("tally", "show", tally)["own"]["contributed"], False, "nothing has left")
    own.stop()
    with open(own.home + "/keeplocald.conf", "w", encoding="utf-8") as file:
        file.write("veto = Member 2\n")
    time.sleep(max(0.0, called + 8.2 - time.monotonic()))
    own.start(*BEAT)
    wait(lambda: "withdrawn before it left, as a veto says" in own.read_log(), "it holds")
    said = own.json("tally", "show", tally)["own"]
    equal((said["contributed"], said["withdrawn"]), (False, True), "nothing leaves")


def test_flags_with_an_equals_sign(place):
    member = peer(place, "Council").start("--log=error", "--consent=always")
    equal(member.status()["name"], "Council", "it serves the right home")
    equal(member.stop(), 0, "exit")
    equal(member.read_log(), "", "the level is that of the flag")


# ---- starting ----


def test_a_second_daemon_on_one_home(place):
    member = peer(place, "Council").start()
    refused(place, 75, "another keeplocald serves", "stop that one first")
    equal(member.status()["name"], "Council", "the first goes on")


def test_a_port_in_use(place):
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    peer(place, "Council")
    at = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    refused(place, 78, at, "another program has this port", args=("--bind", at))
    refused(place, 78, "cannot listen", args=("--bind", "tcp://192.0.2.1:7700"))
    done = daemon("--home", place.path + "/council", "--bind", "nonsense")
    equal(done.returncode, 64, "exit for an address that is none")
    taken.close()


def test_settings_that_are_wrong(place):
    member = peer(place, "Council")
    with open(member.home + "/keeplocald.conf", "w", encoding="utf-8") as settings:
        settings.write("# mine\nbeet = 3s\n")
    refused(place, 78, "line 2", "\"beat\"", name="council")
    done = daemon("--hoem", member.home)
    equal(done.returncode, 64, "exit for an unknown flag")
    expect("--hoem" in done.stderr, f"it is not named: {done.stderr}")


def test_homes_that_are_none(place):
    refused(place, 78, "cannot open the home", "init", name="nowhere")
    os.mkdir(place.path + "/empty", 0o700)
    refused(place, 78, "has no identity", "init", name="empty")
    place.file("plain", "not a directory")
    refused(place, 78, "cannot open the home", name="plain")
    member = peer(place, "Council")
    os.chmod(member.home, 0o755)
    refused(place, 78, "can be entered by others", "chmod 700", name="council")
    os.chmod(member.home, 0o700)
    if os.geteuid() == 0:
        os.chown(member.home, 12345, 12345)
        refused(place, 78, "belongs to another user", "chown", name="council")
        os.chown(member.home, 0, 0)
    again = daemon("--home", member.home, "--init", "--name", "Other", "--kind", "council")
    equal(again.returncode, 1, "exit of a second init")
    expect("already holds an identity" in again.stderr, again.stderr)
    equal(member.start().status()["name"], "Council", "after all that it starts")


def test_a_damaged_identity(place):
    member = peer(place, "Council")
    path = member.home + "/identity"
    with open(path, "rb") as identity:
        whole = identity.read()
    cases = (b"", whole[:len(whole) // 2], whole[:-1], b"\0" * len(whole), os.urandom(500),
             whole + b"more = 1\n", whole.replace(b"sign = ", b"sign = zz"), b"x" * 100000)
    for content in cases:
        with open(path, "wb") as identity:
            identity.write(content)
        said = refused(place, 78 if len(content) < 10000 else 65, "identity", name="council")
        secrets = re.findall(rb"(?:sign|curve) = ([0-9a-f]{64})", whole)
        expect(not any(secret.decode() in said for secret in secrets), "a secret was printed")
        with open(path, "rb") as identity:
            expect(identity.read() == content, "the file was changed")
    with open(path, "wb") as identity:
        identity.write(whole.replace(b"version = 1", b"version = 2"))
    refused(place, 78, "another version", name="council")
    with open(path, "wb") as identity:
        identity.write(whole)
    equal(member.start().status()["name"], "Council", "put back, it works")


# ---- tickets ----


def mistyped(text):
    at = len(text) // 2
    return text[:at] + ("B" if text[at] in "aA" else "A") + text[at + 1:]  # case does not matter


def test_tickets_that_do_not_fit(place):
    convenor, (member,) = found(place, 1, *BEAT)
    good = ticket(convenor)
    other = peer(place, "Other Convenor", "convenor").start(*BEAT)
    other.ask("network create", name="Another Network")
    foreign = ticket(other)
    fresh = peer(place, "Fresh").start(*BEAT)
    for text in ("", "kl1", "nonsense", mistyped(good), good[:-5], good + "aaaa", "a" * 900):
        refusal = fresh.refused("join", "MALFORMED", ticket=text)
        expect(len(refusal.message) > 15, f"no words for {text!r}: {refusal.message}")
        done = daemon("--home", fresh.home, "--join", text)
        equal(done.returncode, 65, f"exit of --join {text!r}: {done.stderr}")
    expect(not os.path.exists(fresh.home + "/ticket"), "a bad ticket was kept")
    equal(fresh.status()["state"], "alone", "state after bad tickets")

    wait_level([convenor, member])
    before = member.status()["records"]
    refusal = member.refused("join", "EXISTS", ticket=foreign)
    expect("two homes" in refusal.hint, f"what to do: {refusal.hint}")
    done = daemon("--home", member.home, "--join", foreign)
    equal(done.returncode, 1, f"exit of --join with another network's ticket: {done.stderr}")
    with open(member.home + "/ticket", encoding="utf-8") as kept:
        equal(kept.read().strip(), good, "the ticket that is kept")
    equal(member.status()["records"], before, "records that are kept")
    fresh.ask("join", ticket=good[:20] + "-\n " + good[20:])
    wait(lambda: fresh.peers()["calling"] or fresh.peers()["peers"], "a ticket out of a mail works")


def test_a_ticket_that_was_damaged_on_disk(place):
    convenor, (member,) = found(place, 1, *BEAT)
    wait_level([convenor, member])
    member.stop()
    with open(member.home + "/ticket", "r+b") as kept:
        kept.seek(40)
        kept.write(b"AAAA")
    refused(place, 65, "ticket", name="member-1")
    done = daemon("--home", member.home, "--join", ticket(convenor))
    equal(done.returncode, 0, f"exit of --join: {done.stderr}")
    member.start(*BEAT)
    wait_level([convenor, member])


# ---- what the log says ----


def test_the_log_has_no_names_and_no_figures(place):
    convenor = peer(place, "Quentin Convenor", "convenor").start(*BEAT, "--log", "debug")
    convenor.ask("network create", name="Zanzibar Network")
    member = peer(place, "Xylophone Trust").start(*BEAT, "--log", "debug")
    admit(convenor, member)
    member.ask("join", ticket=ticket(convenor))
    wait(lambda: stands(member, "active"), "it gets in")
    member.publish(7654321)
    wait_known(convenor, member, 7654321)
    convenor.ask("network remove", member=member.name, reason="Yesterday's quarrel")
    wait(lambda: stands(convenor, "active") and convenor.peers()["refused"], "it is cut off")
    for one in (convenor, member):
        one.stop()
        for word in ("Quentin", "Zanzibar", "Xylophone", "7654321", "7,654,321", "quarrel"):
            expect(word not in one.read_log(), f"the log of {one.name} has \"{word}\"")


if __name__ == "__main__":
    run(globals())
