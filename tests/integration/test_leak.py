"""Nothing that a member keeps to itself is found anywhere else: not in another member's home, not
in a log, not on the wire, in whatever form a number may be written.

Every member is given figures and words of its own that occur nowhere else ("canaries"). While a
tally of them runs, fails, is called again and has ended, all that others hold is searched (one of them took
its contribution back meanwhile and gave it once more), and all that is written out: logs, answers of `tally audit`, pages of `report`. A tally knows of a figure only in
which bin it lies, so the bins of all answers together are a canary, too, as they are kept, as the
machine holds them and as the cells that are cut into shares; and no share may lie about unsealed. What
seats open is no finer than was certified, and no daemon leaves its memory behind when it crashes.
A form of four bytes can occur by
chance among some megabytes of random bytes, so such a finding alone only counts if it comes back, in
the same place, with other canaries.
"""

import collections
import os
import random
import signal
import struct
import subprocess
import sys
import time

import msgpack

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "qb1"))

import tallies  # noqa: E402
from harness import BUILD, Place, equal, expect, run, wait  # noqa: E402
from recount import payloads, records  # noqa: E402
from relay import Relay  # noqa: E402
from tallies import arrived, call, contribute, ended, entry  # noqa: E402

DUMP = os.path.join(BUILD, "tests/integration/dump_records")

METRICS = ["enabled.gva", "enabled.fte", "enabled.gva_per_fte"]
SCORES = [f"maturity.c{i}" for i in range(1, 8)] + [f"practice.{i}" for i in range(1, 5)]
OPENED = b"QB1SHARE"  # how the plaintext of a share begins
SCALES = {"enabled.gva": 1, "enabled.fte": 10, "enabled.gva_per_fte": 1}
MEMBERS = 7

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


class Dump:
    """All records that a member holds whose daemon is stopped, every signature checked."""

    def __init__(self, member):
        done = subprocess.run([DUMP, member.home], capture_output=True, check=True)
        self.records = records.read(done.stdout, bytes.fromhex(done.stderr.decode().strip()))
        self.shares = collections.defaultdict(list)  # author -> sizes, in their order
        unpacker = msgpack.Unpacker(max_buffer_size=1 << 30)
        unpacker.feed(done.stdout)
        for header, _, _ in unpacker:
            _, author, _, _, _, _, kind, _, size, _ = msgpack.unpackb(header)
            if kind == payloads.SHARE:
                self.shares[author].append(size)


def check_share_sizes(dumped):
    """Sizes of SHAREs depend on the schema only: those of a contribution are the same seven, whoever
    deals them, how much is answered and how often. Gives the number of contributions."""
    sizes = dumped.shares
    equal(len(sizes), MEMBERS, "authors of SHAREs")
    seven = sorted(next(iter(sizes.values()))[:7])
    for author, found in sizes.items():
        equal(len(found) % 7, 0, f"SHAREs of {author.hex()}")
        for at in range(0, len(found), 7):
            equal(sorted(found[at:at + 7]), seven, "sizes of the SHAREs of a contribution")
    return sum(len(found) // 7 for found in sizes.values())


def check_fineness(dumped):
    """Every sum that anybody published has as many cells as its certified level. Gives their number."""
    read = [(one, payloads.read(one)) for one in dumped.records]
    calls = {one.id: said for one, said in read if one.kind == payloads.CALL}
    rows = {}
    for one, said in read:
        if one.kind == payloads.PROPOSE:
            rows[one.id] = rows.get(said.before, []) + said.rows
    sums = 0
    for one, said in read:
        if one.kind != payloads.OPEN:
            continue
        schema = payloads.schema(calls[said.tally])
        for (metric, _, level, _), cells in zip(rows[said.proposal][said.first:], said.sums):
            expect(cells is None or len(cells) == 8 * len(schema.metrics[metric].levels[level]),
                   f"a sum of {len(cells or b'')} bytes at level {level} of {metric}")
            sums += 1
    return sums


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
        wait(lambda m=member: m.peek("status")["state"] == "active", f"{member.name} active")
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


def fail_after_contributing(convenor, members):
    """A tally that most have contributed to when too many seats fall silent."""
    begun = time.monotonic()
    tally = call(convenor, 2026, METRICS + SCORES, "10s", "2s")
    arrived(members, tally)
    contribute(members[:-1], tally)
    for member in members[:-1]:
        wait(lambda m=member: entry(m, tally)["contributed"], f"shares of {member.name}")
    silent = members[:3]
    for member in silent:
        read_out(member)
    return tally, silent, begun + 13


def hear_again(silent, relays, tally, at, everybody):
    """They come back after its time and give up as the others have."""
    time.sleep(max(0, at - time.monotonic()))
    for member in silent:
        start(member, relays[everybody.index(member)])
    ended(everybody, tally, "failed")


def contribute_again(member, tally):
    """Takes its contribution back, and gives the same answers in other shares."""
    wait(lambda: entry(member, tally)["contributed"], f"shares of {member.name}")
    member.run("tally", "withdraw", tally, "--yes")
    wait(lambda: not entry(member, tally)["contributed"], f"{member.name} takes it back")
    contribute([member], tally)
    wait(lambda: entry(member, tally)["contributed"], f"shares of {member.name} once more")


def written_out(member, place):
    """Whatever a member can hand on: the audit in both forms, and (with its own figures) a report."""
    audit = member.run("tally", "audit", code=0).out + member.run("tally", "audit", "--json").out
    page = os.path.join(place.path, member.name + ".html")
    member.run("report", "--out", page)
    with open(page, "rb") as file:
        return audit.encode(), file.read()


def check_bounds(member, canaries):
    """The certain bounds hold the true quartile: here we know all values. The last answers the first
    metric alone."""
    for metric in METRICS:
        shown = member.json("benchmark", metric)
        counted = canaries if metric == METRICS[0] else canaries[:-1]
        values = sorted(c.scaled[metric] / SCALES[metric] for c in counted)
        equal(shown["n"], len(values), f"members counted for {metric}")
        for name, a in (("q1", 1), ("median", 2), ("q3", 3)):
            true = values[(a * len(values) + 3) // 4 - 1]
            low, high = shown[name]["low"], shown[name]["high"]
            expect((low is None or low <= true) and (high is None or true <= high),
                   f"{name} of {metric}: {true} within {low} and {high}")


def no_dumps(member):
    with open(f"/proc/{member.process.pid}/limits", encoding="ascii") as lines:
        core, = [line.split()[4:6] for line in lines if line.startswith("Max core file size")]
    equal(core, ["0", "0"], f"bytes of memory that {member.name} leaves when it crashes")


def tally_under_watch(place, seed):
    """Runs tallies of canaries; gives what was found where it must not be."""
    rng = random.Random(seed)
    relays = [Relay() for _ in range(MEMBERS + 1)]
    convenor, members = network(place, relays)
    everybody = [convenor] + members
    canaries = [Canaries(rng, m.name) for m in members]
    for member, canary in zip(members, canaries):
        plant(member, canary)
    failed, silent, at = fail_after_contributing(convenor, members)
    findings, _ = search_homes(everybody, canaries)
    hear_again(silent, relays, failed, at, everybody)
    # What was agreed leaves again, in shares that have nothing to do with the first; answering less makes
    # no SHARE smaller, nobody could tell from its size.
    tally = call(convenor, 2026, METRICS + SCORES, "60s", "60s")
    contribute(members[:-1], tally)
    contribute_again(members[0], tally)
    contribute(members[-1:], tally, "--metrics", METRICS[0])
    ended(everybody, tally)
    check_bounds(convenor, canaries)
    for member in everybody:
        no_dumps(member)
    written = {m.name: written_out(m, place) for m in everybody}
    said = {m.name: read_out(m) for m in everybody}
    dumped = Dump(convenor)
    equal(check_share_sizes(dumped), 2 * MEMBERS, "contributions")
    expect(check_fineness(dumped) >= 7 * len(METRICS), "sums that seats opened")
    strange, own = search_homes(everybody, canaries)
    findings |= strange
    # The last answered one metric alone: its answers are not that canary.
    equal(own, {(c.name, what) for c in canaries for what in [*METRICS, "words", "answers"]
                if what != "answers" or c is not canaries[-1]},
          "what the search finds where it is kept")
    greetings = 0
    for member, relay in zip(everybody, relays):
        seen = Haystack(relay.seen())
        greetings += seen.data.count(b"CURVE")
        audit, page = map(Haystack, written[member.name])
        printed = Haystack(said[member.name] + member.read_log().encode())
        expect(OPENED not in seen and OPENED not in printed, f"a share unsealed at {member.name}")
        for canary in canaries:
            findings |= canary.found_in(seen, f"traffic of {member.name}")
            findings |= canary.found_in(printed, f"output and log of {member.name}")
            findings |= canary.found_in(audit, f"audit at {member.name}")
            if canary.name != member.name:
                findings |= canary.found_in(page, f"report of {member.name}")
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
