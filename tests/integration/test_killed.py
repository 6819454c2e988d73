#!/usr/bin/python3
"""A daemon that is killed at any moment, again and again: it has everything that it has confirmed.

It takes in records of its own, private documents and records of a peer that publishes all the time, and it
is asked for them; what it answered before it was killed is what it must have afterwards. KL_ROUNDS says how
often it is killed, KL_SEED repeats a run.
"""

import os
import random
import signal
import threading

from asking import Asker, Refused, daemon, equal, expect, found, stands, wait, wait_known, wait_level
from harness import run

BEAT = ("--beat", "200ms")
ROUNDS = int(os.environ.get("KL_ROUNDS", "25"))
SEED = int(os.environ.get("KL_SEED", random.randrange(1 << 30)))
FIGURE = {"name": "enabled.fte", "period": "2026"}
LONGEST = 0.25  # seconds from the start of the daemon until it is killed


class Gone(Exception):
    """The daemon was killed before it answered."""


class Talk:
    """What somebody has to say to a daemon that may be gone at any moment."""

    def __init__(self, member):
        self.member = member

    def ask(self, command, **args):
        asker = self.member.asker
        asker.send(command, **args)
        while True:
            answer = asker.receive(0.05)
            if answer is None and self.member.process.poll() is not None:
                answer = asker.receive(0.05)
                if answer is None:
                    raise Gone
            if answer is not None:
                return answer


def number(text):
    return int((text or "0").replace(",", ""))


def population(talk, of):
    try:
        fields = talk.ask("profile show", member=of.name)["fields"]
    except Refused:
        return 0
    return number(next((f["value"] for f in fields if f["field"] == "population"), "0"))


class Known:
    """The highest numbers that were confirmed: of the own feed, of private figures, of the peer."""

    def __init__(self):
        self.own = self.private = self.peer = 0

    def speak(self, talk, peer):
        """Until the daemon is gone."""
        try:
            while True:
                talk.ask("profile set", set=[f"population={self.own + 1}"])
                self.own += 1
                talk.ask("indicator record", value=str(self.private + 1), **FIGURE)
                self.private += 1
                self.peer = max(self.peer, population(talk, peer))
        except Gone:
            pass

    def check(self, talk, peer, what):
        """It may have one more than it has confirmed of its own: the answer was on its way."""
        fields = {f["field"]: f["value"] for f in talk.ask("profile show")["fields"]}
        own = number(fields.get("population"))
        # a private figure more, which has a number: the one behind those that are there
        private = talk.ask("indicator record", value=str(self.private), **FIGURE)["revision"] - 1
        expect(own in (self.own, self.own + 1), f"{what}: own {own}, confirmed {self.own}")
        expect(private in (self.private, self.private + 1),
               f"{what}: private {private}, confirmed {self.private}")
        of_peer = population(talk, peer)
        expect(of_peer >= self.peer, f"{what}: {of_peer} of the peer, it had told {self.peer}")
        published = population(talk, talk.member)
        equal(published, own, f"{what}: what is published, beside what is kept")
        self.own, self.private, self.peer = own, private + 1, of_peer


def publish_on(peer, stop):
    """The peer says something new every few milliseconds."""
    asker = Asker(peer.home + "/control")
    count = 0
    while not stop.is_set():
        count += 1
        asker.ask("profile set", set=[f"population={count}"])
        stop.wait(0.005)
    asker.close()
    peer.said = count


def kill_and_look(member, peer, known, dice, what):
    talk = Talk(member)
    killer = threading.Timer(dice.uniform(0, LONGEST), member.process.kill)
    killer.start()
    known.speak(talk, peer)
    killer.join()
    member.stop(signal.SIGKILL)
    member.start(*BEAT, bind=False)
    known.check(Talk(member), peer, what)


def test_killed_again_and_again(place):
    print(f"# KL_SEED={SEED}, {ROUNDS} times", flush=True)
    dice = random.Random(SEED)
    convenor, (member, peer) = found(place, 2, *BEAT)
    wait(lambda: stands(member, "active") and stands(peer, "active"), "they get in")
    known, stop = Known(), threading.Event()
    publisher = threading.Thread(target=publish_on, args=(peer, stop))
    publisher.start()
    try:
        for round_number in range(ROUNDS):
            kill_and_look(member, peer, known, dice, f"round {round_number}")
    finally:
        stop.set()
        publisher.join()
    wait_known(member, peer, peer.said)
    member.publish(known.own + 1)
    wait_known(convenor, member, known.own + 1)
    wait_level([convenor, member, peer])
    equal([one.status()["state"] for one in (member, peer, convenor)], ["active"] * 3, "states")
    log = convenor.read_log() + member.read_log() + peer.read_log()
    expect("two signed records" not in log, "a feed forked")
    print(f"# confirmed: {known.own} own records, {known.private} private figures, "
          f"{known.peer} of {peer.said} of the peer's", flush=True)
    equal(member.stop(), 0, "exit")
    equal(daemon("--home", member.home, "--verify").returncode, 0, "it is sound")


if __name__ == "__main__":
    run(globals())
