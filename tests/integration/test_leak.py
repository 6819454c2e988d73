"""Nothing that a member keeps to itself is found anywhere else: not in another member's home, not
in a log, not on the wire, in whatever form a number may be written.

Every member is given figures and words of its own that occur nowhere else ("canaries"). While a
tally of them runs and after it, all that others hold is searched. A tally knows of a figure only in
which bin it lies, so the bins of all answers together are a canary, too, as they are kept, as the
machine holds them and as the cells that are cut into shares; and no share may lie about unsealed.
A form of four bytes can occur by
chance among some megabytes of random bytes, so such a finding alone only counts if it comes back, in
the same place, with other canaries.
"""

import collections
import os
import random
import signal
import struct
import time

import msgpack

import tallies
from harness import Place, equal, expect, run, wait
from relay import Relay
from tallies import call, contribute, ended, entry

METRICS = ["enabled.gva", "enabled.fte", "enabled.gva_per_fte"]
SCORES = [f"maturity.c{i}" for i in range(1, 8)] + [f"practice.{i}" for i in range(1, 5)]
OPENED = b"QB1SHARE"  # how the plaintext of a share begins
SCALES = {"enabled.gva": 1, "enabled.fte": 10, "enabled.gva_per_fte": 1}
MEMBERS = 7
SHARE = 66  # kind of a record

Finding = collections.namedtuple("Finding", "owner what form place")


def forms_of_integer(number):
    yield "decimal", str(number).encode()
    yield "decimal with commas", f"{number:,}".encode()
    for order, name in (("<", "little"), (">", "big")):
        yield f"4 bytes, {name} endian", struct.pack(order + "I", number)
        yield f"8 bytes, {name} endian", struct.pack(order + "Q", number)
    yield "msgpack", msgpack.packb(number)


def forms_of_double(number):
    yield "double, little endian", struct.pack("<d", number)
    yield "double, big endian", struct.pack(">d", number)
    yield "msgpack double", msgpack.packb(float(number))


def forms_of_bins(bins):
    yield "bins, msgpack", msgpack.packb(bins)
    yield "bins, 2 bytes each", struct.pack(f"<{len(bins)}h", *bins)
    sizes = [16] * len(METRICS) + [5] * len(SCORES)
    yield "cells", b"".join(struct.pack("<Q", int(cell == own))
                            for own, size in zip(bins, sizes) for cell in range(size))


class Haystack:
    """Bytes to search for many patterns: only where all words of four bytes of a pattern occur
    somewhere is it looked for in earnest."""

    def __init__(self, data):
        self.data, self.words = data, set()
        for shift in range(4):
            end = shift + (len(data) - shift) // 4 * 4
            self.words.update(memoryview(data)[shift:end].cast("I"))

    def __contains__(self, pattern):
        return (all(struct.unpack_from("=I", pattern, i)[0] in self.words
                    for i in range(len(pattern) - 3)) and pattern in self.data)


class Canaries:
    """What one member was given, and every form that it could take."""

    def __init__(self, rng, name):
        self.name = name
        # Above 2^24, so that no form of four bytes has a zero byte; all digits count.
        self.scaled = {m: rng.randrange(20_000_001, 69_999_999) for m in METRICS}
        self.words = f"kept by {name} alone {rng.getrandbits(64):016x}"
        self.forms = [("words", "text", self.words.encode())]
        # The figures are all in the last bins, of 16; the scores tell members apart.
        self.scores = [rng.randrange(5) for _ in SCORES]
        gva = 13 if self.scaled["enabled.gva"] < 30_000_000 else 14
        bins = [gva, 15, 15] + self.scores
        self.forms += [("answers", form, pattern) for form, pattern in forms_of_bins(bins)]
        for metric, scaled in self.scaled.items():
            numbers = {scaled} | ({scaled // 10} if SCALES[metric] == 10 else set())
            for number in numbers:
                self.forms += [(metric, *form) for form in forms_of_integer(number)]
            self.forms += [(metric, *form) for value in (scaled, scaled / SCALES[metric])
                           for form in forms_of_double(value)]
            if SCALES[metric] == 10:
                self.forms.append((metric, "decimal", self.typed(metric).encode()))

    def typed(self, metric):
        scale, scaled = SCALES[metric], self.scaled[metric]
        return str(scaled) if scale == 1 else f"{scaled // scale}.{scaled % scale}"

    def found_in(self, haystack, place):
        return {Finding(self.name, what, form, place)
                for what, form, pattern in self.forms if pattern in haystack}


def files_of(home):
    for folder, _, names in os.walk(home):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    yield os.path.relpath(path, home), file.read()


def search_homes(everybody, canaries):
    """What is found of each in the homes of the others, and who is found in the own one."""
    strange, own = set(), set()
    for member in everybody:
        for name, data in files_of(member.home):
            haystack = Haystack(data)
            if OPENED in haystack:
                strange.add(Finding("somebody", "a share", "unsealed", f"{member.name}, {name}"))
            for canary in canaries:
                found = canary.found_in(haystack, f"home of {member.name}, {name}")
                if canary.name == member.name:
                    own |= {(f.owner, f.what) for f in found}
                else:
                    strange |= found
    return strange, own


def headers(data):
    """Headers of records in the pages of a database: (author, seq) -> (kind, bytes of payload)."""
    found = {}
    at = data.find(b"\x9a\x01\xc4\x20")
    while at >= 0:
        try:
            unpacker = msgpack.Unpacker(max_buffer_size=512)
            unpacker.feed(data[at:at + 300])
            _, author, _, _, seq, prev, kind, _, size, digest = unpacker.unpack()
            if len(author) == len(prev) == len(digest) == 32:
                found[author, seq] = kind, size
        except (ValueError, TypeError, msgpack.exceptions.UnpackException):
            pass
        at = data.find(b"\x9a\x01\xc4\x20", at + 1)
    return found


def share_sizes(member):
    """Payload sizes of all SHAREs that a member holds, by author."""
    sizes = collections.defaultdict(list)
    for name, data in files_of(member.home):
        if name.endswith("data.mdb"):
            for (author, _), (kind, size) in headers(data).items():
                if kind == SHARE:
                    sizes[author].append(size)
    return {author: sorted(s) for author, s in sizes.items()}


def start(member, relay, *args):
    member.start("--advertise", relay.endpoint, *args)
    relay.target = member.endpoint
    return member


def network(place, relays):
    """As in tallies.py, with a relay before everybody."""
    convenor = start(place.member("Convenor").init("convenor"), relays[0])
    convenor.run("network", "create", "Canaries")
    convenor.run("network", "charter", "set", "minimum=5")
    members = [place.member(f"Member {chr(ord('A') + i)}").init("anchor") for i in range(MEMBERS)]
    for member in members:
        convenor.run("network", "admit", member.member_id, "--name", member.name)
    ticket = convenor.json("network", "ticket")["ticket"]
    for member, relay in zip(members, relays[1:]):
        start(member, relay).run("join", ticket)
    for member in members:
        wait(lambda m=member: m.json("status")["state"] == "active", f"{member.name} active")
    return convenor, members


def plant(member, canary):
    for metric in METRICS:
        member.run("indicator", "record", metric, canary.typed(metric), "--period", 2026,
                   "--method", canary.words)
    for metric, score in zip(SCORES, canary.scores):
        member.run("indicator", "record", metric, score, "--period", 2026)


def read_out(member):
    """Ends a daemon; gives all that it printed."""
    process = member.process
    process.send_signal(signal.SIGTERM)
    said = process.stdout.read().encode()
    equal(member.stop(), 0, f"exit code of {member.name}")
    return said


def tally_under_watch(place, seed):
    """Runs a tally of canaries; gives what was found where it must not be."""
    rng = random.Random(seed)
    relays = [Relay() for _ in range(MEMBERS + 1)]
    convenor, members = network(place, relays)
    everybody = [convenor] + members
    canaries = [Canaries(rng, m.name) for m in members]
    for member, canary in zip(members, canaries):
        plant(member, canary)
    tally = call(convenor, 2026, METRICS + SCORES, "60s", "60s")
    contribute(members[:-2], tally)
    for member in members[:-2]:
        wait(lambda m=member: entry(m, tally)["contributed"], f"shares of {member.name}")
    findings, _ = search_homes(everybody, canaries)
    # Answering less makes no SHARE smaller; nobody could tell from its size.
    contribute(members[-2:-1], tally, "--metrics", "enabled.gva")
    contribute(members[-1:], tally)
    ended(everybody, tally)
    sizes = share_sizes(convenor)
    equal(len(sizes), MEMBERS, "authors of SHAREs")
    expect(all(len(s) == 7 and s == next(iter(sizes.values())) for s in sizes.values()),
           f"sizes of SHAREs depend on the schema only: {sizes}")
    for member in everybody:
        member.json("benchmark", "enabled.gva")
    said = {m.name: read_out(m) for m in everybody}
    strange, own = search_homes(everybody, canaries)
    findings |= strange
    # The last but one answered one metric alone: its answers are not that canary.
    equal(own, {(c.name, what) for c in canaries for what in [*METRICS, "words", "answers"]
                if what != "answers" or c is not canaries[-2]},
          "what the search finds where it is kept")
    greetings = 0
    for member, relay in zip(everybody, relays):
        seen = Haystack(relay.seen())
        greetings += seen.data.count(b"CURVE")
        printed = Haystack(said[member.name] + member.read_log().encode())
        expect(OPENED not in seen and OPENED not in printed, f"a share unsealed at {member.name}")
        for canary in canaries:
            findings |= canary.found_in(seen, f"traffic of {member.name}")
            findings |= canary.found_in(printed, f"output and log of {member.name}")
        relay.close()
    # Every link goes through the relay of the one who is called, and begins with the mechanism.
    expect(greetings >= 2 * MEMBERS, f"only {greetings} greetings passed the relays")
    return findings


def by_chance(finding):
    return finding.form.startswith("4 bytes")


def test_no_answer_is_found_with_anybody_else(place):
    seed = int(os.environ.get("KL_SEED", str(time.time_ns() & 0xffffffff)))
    print(f"# seed {seed}", flush=True)
    findings = tally_under_watch(place, seed)
    expect(all(by_chance(f) for f in findings), f"seed {seed}: {sorted(findings)}")
    if findings:
        print(f"# once more, because of {sorted(findings)}", flush=True)
        again = Place()
        try:
            findings &= tally_under_watch(again, seed + 1)
        finally:
            trouble = again.close()
        equal(trouble, [], "the second run")
    equal(findings, set(), f"seed {seed}: findings")


def test_the_search_finds_every_form(place):
    """So that the test above cannot pass because it looks for the wrong thing."""
    canary = Canaries(random.Random(7), "Member A")
    for what, form, pattern in canary.forms:
        noise = random.Random(3).randbytes(5000)
        haystack = Haystack(noise[:2501] + pattern + noise[2501:])
        found = canary.found_in(haystack, "noise")
        expect(Finding("Member A", what, form, "noise") in found, f"{what} as {form}")
    noise = Haystack(random.Random(3).randbytes(5000))
    equal(canary.found_in(noise, "noise"), set(), "nothing in noise")


def test_what_is_published_by_name_is_found(place):
    """The same search over the same files, once there is something to find."""
    convenor, (member,) = tallies.network(place, 1)
    canary = Canaries(random.Random(7), member.name)
    plant(member, canary)
    member.run("figure", "publish", "enabled.gva", "--period", 2026, "--yes")
    wait(lambda: convenor.json("figure", "list")["figures"], "the figure at the convenor")
    for one in (member, convenor):
        read_out(one)
    strange, _ = search_homes([convenor, member], [canary])
    equal({f.what for f in strange}, {"enabled.gva", "words"}, "what the convenor holds")


if __name__ == "__main__":
    run(globals())
