#!/usr/bin/python3
"""Bytes that nobody should send, at every door: the daemon stays, and so do honest members."""

import base64
import os
import random
import socket
import struct
import time

import msgpack
import zmq
from nacl.signing import SigningKey

from asking import (Asker, Refused, admit, equal, expect, found, peer, stands, wait, wait_known,
                    wait_level)
from curve import Caller, curve_key_of, curve_keys, shakes_hands
from harness import run

# Memory given back is not to be counted where a sanitizer keeps it for a while.
os.environ["ASAN_OPTIONS"] = ":".join(filter(None, (
    os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=1:thread_local_quarantine_size_kb=64")))

BEAT = ("--beat", "200ms")
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00"
DEAF_MIB = 12  # that a peer which does not read may cost: three connections, a window and a run each
LINES_MAX = 400  # that a daemon may log while it is pelted


def dice():
    seed = int(os.environ.get("KL_SEED", random.randrange(1 << 30)))
    print(f"# seed {seed}", flush=True)
    return random.Random(seed)


def alive(member):
    code = member.process.poll()
    expect(code is None, f"{member.name} died with {code}; log: {member.read_log()[-800:]}")
    equal(member.status()["name"], member.name, "its answer")


def still_works(convenor, members, count):
    """Nobody died, nobody filled the log, and what one says reaches the others."""
    for member in (convenor, *members):
        alive(member)
        lines = member.read_log().count("\n")
        expect(lines < LINES_MAX, f"{member.name} logged {lines} lines")
    publish(members[0], count)
    for member in (convenor, *members[1:]):
        wait_known(member, members[0], count)


def publish(member, count):
    """Publishes, if need be a little later: a claim about one's own feed is looked into first."""

    def done():
        try:
            return member.publish(count)
        except Refused as refusal:
            equal(refusal.code, "BUSY", f"code of {refusal}")
            return None

    wait(done, "it may publish again")


# ---- the command socket ----


def test_junk_on_the_command_socket(place):
    rng = dice()
    member = peer(place, "Council").start()
    path = member.home + "/control"
    for content in (b"", b"GET / HTTP/1.0\r\n\r\n", GREETING, GREETING + b"NULL".ljust(52, b"\0"),
                    GREETING + b"NULL".ljust(52, b"\0") + b"\x02" + struct.pack(">Q", 1 << 60),
                    rng.randbytes(64), rng.randbytes(100000)):
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(path)
            try:
                raw.sendall(content)
            except OSError:
                pass  # it hung up on us, as it may
    alive(member)
    asker = Asker(path)
    for _ in range(400):
        sizes = rng.choices((0, 1, 4, 5, 30, 300), k=rng.randrange(1, 7))
        asker.socket.send_multipart([rng.randbytes(size) for size in sizes])
    for kind in range(0, 20):
        for body in (b"", b"\x80", b"\x81\xa1v\x01", b"\xdd\xff\xff\xff\xff", b"\x91" * 5000,
                     msgpack.packb({"v": 1, "command": "x" * 70, "args": {}}),
                     msgpack.packb({"v": 99, "command": "status", "args": {}}),
                     msgpack.packb({"v": 1, "command": "status", "args": 7}),
                     msgpack.packb({"v": 1, "command": "profile set", "args": {"set": [7]}}),
                     msgpack.packb({"v": 1, "command": "join", "args": {"ticket": b"\xff" * 9}})):
            asker.socket.send_multipart([bytes([kind]), rng.randbytes(4), body])
    asker.socket.send_multipart([b"\x01", b"\0\0\0\1", bytes(300 * 1024)])
    asker.close()
    alive(member)
    expect(member.read_log().count("\n") < LINES_MAX, "the log was filled")


def test_silent_connections_to_the_command_socket(place):
    member = peer(place, "Council").start()
    silent = []
    for _ in range(200):
        raw = socket.socket(socket.AF_UNIX)
        raw.connect(member.home + "/control")
        silent.append(raw)
    other = Asker(member.home + "/control")
    equal(other.ask("status")["name"], member.name, "answer beside 200 silent connections")
    other.close()
    for raw in silent:
        raw.close()
    alive(member)


# ---- the port ----


def address_of(member):
    host, port = member.endpoint[6:].rsplit(":", 1)
    return host, int(port)


def test_junk_on_the_port(place):
    rng = dice()
    convenor, members = found(place, 2, *BEAT)
    curve = GREETING + b"CURVE".ljust(52, b"\0")
    hello = b"\x04\xc8\x05HELLO\x01\x00" + bytes(72)
    for content in (b"", b"GET / HTTP/1.0\r\n\r\n", GREETING, curve, curve + hello,
                    curve + hello + rng.randbytes(80) + bytes(80), curve + rng.randbytes(300),
                    curve + b"\x06" + struct.pack(">Q", 1 << 62),
                    GREETING + b"NULL".ljust(52, b"\0"),
                    rng.randbytes(64), rng.randbytes(1 << 20)):
        for member in (convenor, *members):
            with socket.socket() as raw:
                raw.connect(address_of(member))
                try:
                    raw.sendall(content)
                except OSError:
                    pass
    still_works(convenor, members, 5)


def test_silent_connections_to_the_port(place):
    convenor, members = found(place, 2, *BEAT)
    silent = []
    for _ in range(200):
        raw = socket.socket()
        raw.connect(address_of(convenor))
        silent.append(raw)
    for raw in silent[:100]:
        raw.sendall(GREETING + b"CURVE".ljust(52, b"\0"))  # and not a word more
    members[1].stop()
    members[1].start(*BEAT)
    wait_level([convenor, *members], "a member gets in beside 200 silent connections")
    still_works(convenor, members, 6)
    for raw in silent:
        raw.close()


def test_strangers_that_knock_all_the_time(place):
    convenor, members = found(place, 2, *BEAT)
    server = curve_key_of(convenor)
    for _ in range(60):
        expect(not shakes_hands(convenor.endpoint, server, zmq.curve_keypair()), "let in")
    refusals = convenor.read_log().count("refused a connection")
    expect(0 < refusals <= 25, f"{refusals} lines for 60 strangers")
    still_works(convenor, members, 7)


# ---- an admitted peer that went mad ----

HELLO, WELCOME, ROOT, HEADS, GET, RUN, HAVE, REC, PING, PONG, BUSY, ERR, FORK = range(1, 14)


class Rogue:
    """A member of the roster whose daemon is not ours."""

    def __init__(self, convenor, home):
        self.to, self.caller = convenor, None
        self.keys, self.server = curve_keys(home), curve_key_of(convenor)

    def call(self, deaf=False):
        if self.caller:
            self.caller.close()
        self.caller = Caller(self.to.endpoint, self.server, self.keys, deaf)
        expect(self.caller.outcome(), "an admitted peer was not let in")
        return self

    def say(self, *frame):
        self.caller.send(msgpack.packb(list(frame), use_bin_type=True))

    def raw(self, data):
        self.caller.send(data)

    def hello(self, to, **other):
        said = {"v": [1, 1], "network": to, "roster": 0, "store": bytes(32),
                "own": [0, bytes(32)], "yours": [0, bytes(32)], "limits": [256, 1 << 20, 16, 2]}
        said.update(other)
        self.say(HELLO, said)
        return self

    def hears(self, number, limit=10):
        """Whether a frame of this number comes."""
        while self.caller.socket.poll(int(limit * 1000)):
            frame = msgpack.unpackb(self.caller.socket.recv(), raw=False, strict_map_key=False)
            if frame[0] == number:
                return frame
        return None


def network_of(member):
    """The network id, out of the ticket in a home."""
    with open(member.home + "/ticket", encoding="utf-8") as kept:
        text = kept.read().strip()[3:].upper().replace("-", "")
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    return msgpack.unpackb(data[:-4], raw=False)[0]


def rogues_of(place, n):
    """A convenor, two honest members, and n that were admitted and are driven from here."""
    convenor, members = found(place, 2, *BEAT)
    homes = [peer(place, f"Rogue {i}") for i in range(n)]
    for home in homes:
        admit(convenor, home)
    wait_level([convenor, *members])
    return convenor, members, [Rogue(convenor, home) for home in homes], network_of(members[0])


def rogue_of(place):
    convenor, members, (rogue,), network = rogues_of(place, 1)
    return convenor, members, rogue, network


def test_a_peer_that_greets_wrongly(place):
    convenor, members, rogue, network = rogue_of(place)
    rogue.call().hello(network)
    expect(rogue.hears(WELCOME), "a proper greeting is answered")
    greetings = ({"network": bytes(32)}, {"v": [7, 9]}, {"v": [2, 1]}, {"limits": [0, 0, 0, 0]},
                 {"own": None}, {"yours": [1 << 63, b""]}, {"network": b"short"})
    for wrong in greetings:
        rogue.call().hello(network, **wrong)
    rogue.call().raw(msgpack.packb([HELLO]))
    rogue.call().raw(b"\x92\x01" + b"\x80")
    still_works(convenor, members, 8)


def test_who_breaks_the_protocol_is_not_heard_for_a_while(place):
    convenor, members, rogue, network = rogue_of(place)
    rogue.call().hello(bytes(32))
    error = rogue.hears(ERR)
    expect(error and "another network" in error[2], f"it is told why: {error}")
    rogue.call().hello(network)
    expect(not rogue.hears(WELCOME, limit=1), "it was heard again at once")
    still_works(convenor, members, 9)


def random_value(rng, depth=0):
    kind = rng.randrange(9 if depth < 4 else 6)
    if kind == 0:
        return rng.choice((0, 1, -1, 255, 1 << 31, (1 << 63), (1 << 64) - 1, -(1 << 63)))
    if kind == 1:
        return rng.randbytes(rng.choice((0, 1, 8, 31, 32, 33, 64, 256, 5000)))
    if kind == 2:
        return rng.choice(("", "a", "nil", "x" * 300))
    if kind in (3, 4):
        return rng.choice((None, True, False, 0.5, float("nan")))
    if kind == 5:
        return rng.randrange(0, 64)
    if kind < 8:
        return [random_value(rng, depth + 1) for _ in range(rng.choice((0, 1, 3, 5, 17)))]
    return {rng.choice(("v", "network", "own")): random_value(rng, depth + 1) for _ in range(2)}


def random_frame(rng, authors):
    """Of every kind, mostly well formed, so that they come far."""
    feed = [rng.choice(authors), rng.choice((0, 0, 1)), rng.choice((0, 1, 2, 5, 1 << 40))]
    head = [*feed, rng.randbytes(32), rng.choice((True, False))]
    return rng.choice((
        (rng.choice((ROOT, PING, PONG)), rng.randbytes(32), rng.randrange(1 << 32)),
        (ROOT, rng.randbytes(32)),
        (HEADS, rng.choice((True, False)), [head] * rng.choice((0, 1, 3, 256, 257))),
        (HAVE, [head] * rng.choice((0, 1, 3))),
        (GET, [feed] * rng.choice((0, 1, 16, 17))),
        (rng.choice((RUN, REC)), feed, [random_value(rng)]),
        (rng.choice((RUN, REC)), feed, []),
        (BUSY, rng.randrange(1 << 32), "wait"),
        (ERR, "DENIED", "no"),
        (rng.randrange(14, 60), random_value(rng)),
        (rng.randrange(0, 14), *[random_value(rng) for _ in range(rng.randrange(4))]),
    ))


def test_peers_that_send_random_frames(place):
    rng = dice()
    convenor, members, rogues, network = rogues_of(place, 8)
    authors = [identity_of(member) for member in (convenor, *members)]
    for rogue in rogues:
        rogue.call().hello(network)
        expect(rogue.hears(WELCOME), "it is greeted")
        for _ in range(300):
            rogue.say(*random_frame(rng, authors))
        for _ in range(60):
            rogue.raw(rng.choice((
                rng.randbytes(rng.choice((0, 1, 10, 1000, 60000))), b"\xdd\xff\xff\xff\xff",
                b"\x91" * 60000, b"\xc6\xff\xff\xff\xff",
                b"\xdf\x7f\xff\xff\xff" + bytes(100))))
            frames = [rng.randbytes(9) for _ in range(rng.randrange(1, 30))]
            rogue.caller.socket.send_multipart(frames)
        alive(convenor)
    still_works(convenor, members, 10)


def test_a_peer_that_sends_frames_beyond_all_size(place):
    convenor, members, rogue, network = rogue_of(place)
    for size in ((1 << 20) + (64 << 10), (1 << 20) + (64 << 10) + 1, 8 << 20):
        rogue.call().hello(network)
        rogue.raw(bytes(size))
    still_works(convenor, members, 11)


def test_a_peer_that_asks_without_end(place):
    convenor, members, rogue, network = rogue_of(place)
    feed = [bytes.fromhex("00" * 32), 0, 1]
    rogue.call().hello(network)
    expect(rogue.hears(WELCOME), "it is greeted")
    for _ in range(3000):
        rogue.say(GET, [feed] * 16)
    expect(rogue.hears(BUSY), "it is told to wait")
    for number in range(3000):
        rogue.say(PING, bytes(32), number)
    still_works(convenor, members, 12)


def memory_of(member):
    """MiB that it holds."""
    with open(f"/proc/{member.process.pid}/status", encoding="utf-8") as lines:
        return int(next(x for x in lines if x.startswith("VmRSS:")).split()[1]) / 1024


def sockets_of(member):
    """Connections that it has open, and whatever else is a socket."""
    folder = f"/proc/{member.process.pid}/fd"
    count = 0
    for fd in os.listdir(folder):
        try:
            count += os.readlink(os.path.join(folder, fd)).startswith("socket:")
        except FileNotFoundError:  # closed just now
            pass
    return count


def test_a_peer_that_asks_and_does_not_read(place):
    """What waits for it is bounded, on one connection and on many, and goes with the connection."""
    convenor, members, rogue, network = rogue_of(place)
    for count in range(200):
        publish(convenor, 1000 + count)
    feed = [identity_of(convenor), 0, 1]
    rogue.call().hello(network)
    rogue.say(GET, [feed])
    run = len(msgpack.packb(rogue.hears(RUN), use_bin_type=True))
    expect(run > 30000, f"a run is {run} bytes: too short to show anything")
    before, open_before = memory_of(convenor), sockets_of(convenor)
    deaf = []
    for _ in range(6):
        rogue.caller = None  # the connection before stays
        rogue.call(deaf=True).hello(network)
        deaf.append(rogue.caller)
        for _ in range(200):
            rogue.say(GET, [feed])
            time.sleep(0.002)  # less than its credit allows
        grown = memory_of(convenor) - before
        print(f"# {len(deaf)} deaf connections: {grown:.1f} MiB", flush=True)
        expect(grown < DEAF_MIB, f"{len(deaf)} deaf connections: {grown:.0f} MiB more are held")
    wait(lambda: sockets_of(convenor) <= open_before + 1, "it is cut off")
    for caller in deaf:
        caller.close()
    still_works(convenor, members, 17)


def test_a_peer_that_tells_tales(place):
    """Of heads that nobody has, of forks that were none, of more than we hold of our own feed."""
    rng = dice()
    convenor, members, rogue, network = rogue_of(place)
    authors = [identity_of(member) for member in (convenor, *members)]
    rogue.call().hello(network, yours=[1 << 40, rng.randbytes(32)])
    expect(rogue.hears(WELCOME), "it is greeted")
    tales = [[author, 0, 1 << 40, rng.randbytes(32), False] for author in authors]
    rogue.say(HEADS, False, tales)
    rogue.say(HAVE, [[author, 0, 1 << 41, rng.randbytes(32), True] for author in authors])
    rogue.say(FORK, rng.randbytes(400))
    still_works(convenor, members, 13)
    wait(lambda: stands(convenor, "active"), "the convenor is not frozen by a tale")
    publish(convenor, 14)
    for member in members:
        equal(member.status()["state"], "active", f"state of {member.name}")


def test_a_peer_that_gives_us_back_our_own_records(place):
    """It tells of another head in the place of ours, and then serves what we said ourselves."""
    convenor, members, rogue, network = rogue_of(place)
    feed = [identity_of(convenor), 0, 1]
    rogue.call().hello(network)
    expect(rogue.hears(WELCOME), "it is greeted")
    rogue.say(GET, [feed])
    _, asked, records = rogue.hears(RUN)
    expect(len(records) >= 4, f"its feed: {len(records)} records")
    rogue.say(HAVE, [[feed[0], 0, len(records), b"\1" * 32, False]])
    expect(rogue.hears(GET), "the convenor looks into it")
    rogue.say(RUN, asked, records)
    rogue.say(PING, bytes(32), 77)
    while rogue.hears(PONG)[2] != 77:
        pass
    equal(convenor.status()["state"], "active", "state of the convenor")
    publish(convenor, 15)
    still_works(convenor, members, 16)


def identity_of(member):
    with open(member.home + "/identity", encoding="utf-8") as lines:
        seed = bytes.fromhex(next(x for x in lines if x.startswith("sign = "))[7:])
    return bytes(SigningKey(seed).verify_key)


if __name__ == "__main__":
    run(globals())
