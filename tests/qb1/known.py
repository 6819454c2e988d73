"""The known answers in tests/vectors, each computed anew in Python.

A checker takes what a file holds, or a part of it in the same form, and raises Differs at the first
entry that comes out otherwise. ANSWERS names, for every file, what of it is an answer: a test alters
each of these and expects the checker to notice.
"""

import json
import os

from nacl.bindings import crypto_box, crypto_scalarmult_base

from qb1 import audit, cells, certificate, committee, field, figures, hashing
from qb1 import opening, proving, selection, sharing

FOLDER = os.environ.get(
    "KL_VECTORS", os.path.join(os.path.dirname(__file__), os.pardir, "vectors"))


class Differs(AssertionError):
    """An entry that comes out otherwise."""


def equal(got, wanted, what):
    if got != wanted:
        raise Differs(f"{what}: computed {got!r}, the file says {wanted!r}")


def load(name):
    with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def data_of(value):
    return bytes.fromhex(value)


def elements(value):
    return field.decode(data_of(value))


def by_seat(mapping, read=elements):
    return {int(seat): read(value) for seat, value in mapping.items()}


class World:
    """What all files share: the schema of four metrics, and the ids that shares are bound to."""

    def __init__(self):
        data = load("schema")
        self.schema = schema_of(data)
        self.tally = data_of(data["round_id"])
        self.policy = data_of(data["policy_hash"])
        self.schema_hash = data_of(data["schema_hash"])

    def binding(self, author, number, seat):
        return sharing.Binding(self.tally, author, number, seat, self.policy, self.schema_hash)


def schema_of(data):
    return cells.Schema([cells.Metric(m["code"], m["edges"], m["mids"], m["levels"])
                         for m in data["metrics"]])


def of(entry):
    return committee.of(entry["n"], entry["t"])


# ---- numbers and hashes -------------------------------------------------------------------------

def check_field(data, _):
    equal(int(data["p"]), field.P, "p")
    for c in data["cases"]:
        a, b = int(c["a"]), int(c["b"])
        equal(str((a + b) % field.P), c["add"], f"{a} + {b}")
        equal(str((a - b) % field.P), c["sub"], f"{a} - {b}")
        equal(str(a * b % field.P), c["mul"], f"{a} * {b}")
        equal(str(field.inverse(a)) if a else None, c["inv_a"], f"1 / {a}")
    for c in data["encode"]:
        equal(field.encode([int(c["value"])]).hex(), c["hex"], f"{c['value']} on the wire")
        equal(elements(c["hex"]), [int(c["value"])], f"{c['hex']} read")
    for text in data["refused"]:
        try:
            got = elements(text)
        except field.Refused:
            continue
        raise Differs(f"{text} was read as {got}")
    for c in data["interpolate"]:
        points = by_seat(c["points"], int)
        equal(str(field.interpolate(points, c["at"])), c["value"], f"value at {c['at']}")
        vectors = {x: [y, 0, 1] for x, y in points.items()}
        equal(field.interpolate_vectors(vectors, c["at"]), [int(c["value"]), 0, 1],
              f"vector at {c['at']}")


def check_hash(data, _):
    for c in data:
        equal(hashing.tagged(c["tag"], *map(data_of, c["parts"])).hex(), c["out"], c["tag"])


def check_expand(data, _):
    for c in data:
        got = hashing.expand(data_of(c["key"]), c["count"])
        equal([str(e) for e in got[:16]], c["first"], f"first elements of {c['key']}")
        equal(hashing.blake2b(field.encode(got)).hex(), c["elements_blake2b"], c["key"])
        equal(hashing.expand(data_of(c["key"]), 3), got[:3], "fewer elements of the same key")


# ---- who counts ---------------------------------------------------------------------------------

def check_committee(data, _):
    eligible = [(data_of(m["key"]), data_of(m["control"])) for m in data["eligible"]]
    previous, roster = data_of(data["previous_result"]), data_of(data["roster_hash"])
    for d in data["draws"]:
        seed = committee.draw_seed(previous, roster, d["tries"])
        equal(seed.hex(), d["seed"], "seed of a draw")
        for order in (eligible, eligible[::-1]):
            seats = committee.draw(seed, order, d["n"])
            equal([s.hex() for s in seats], d["seats"], f"seats of a committee of {d['n']}")
    for p in data["parameters"]:
        found = committee.by_eligible(p["eligible"]) or (None,) * 4
        equal(found, (p["n"], p["t"], p["acknowledgements"], p["votes"]),
              f"parameters for {p['eligible']}")
    for c in data["leaders"]:
        equal(committee.leader(c["attempt"], c["n"]), c["seat"], f"leader of {c['attempt']}")


def check_certificates(data, _):
    for c in data:
        equal(of(c).qv, c["votes_needed"], "votes needed")
        skips = by_seat(c["skips"], list)
        got = certificate.certified(of(c), [tuple(v) for v in c["votes"]], skips, c["attempt"],
                                    c["proposal"])
        equal(got, c["certified"], c["case"])


# ---- cells and shares ---------------------------------------------------------------------------

def check_schema(data, _):
    schema = schema_of(data)
    equal(schema.cells, data["cells"], "cells")
    equal(schema.offsets, data["offsets"], "offsets")
    for metric, m in zip(schema.metrics, data["metrics"]):
        equal(metric.bins, m["B"], f"bins of {m['code']}")
        equal(len(metric.levels), cells.LEVELS, f"levels of {m['code']}")
    for name in ("round_id", "policy_hash", "schema_hash"):
        equal(len(data_of(data[name])), 32, f"bytes of {name}")


def check_coarsen(data, world):
    for c in data:
        metric = world.schema.metrics[c["metric"]]
        got = metric.coarsened([int(v) for v in c["cells"]], c["level"])
        equal([str(v) for v in got], c["out"], f"{metric.code} at level {c['level']}")


def check_shares(data, world):
    for c in data:
        schema = world.schema
        answers = c["answers"]
        bits = cells.presence([a is not None for a in answers])
        equal(bits.hex(), c["presence"], "presence")
        equal(cells.answered(bits, len(answers)), [a is not None for a in answers], "answered")
        x = schema.one_hot(answers)
        equal(x, c["cells"], "cells")
        vectors = sharing.deal(of(c), x, [data_of(s) for s in c["seeds"]])
        equal({str(s): field.encode(v).hex() for s, v in vectors.items()}, c["shares"], "shares")
        for group in (range(1, c["t"] + 1), range(c["n"] - c["t"] + 1, c["n"] + 1)):
            sums = field.interpolate_vectors({s: vectors[s] for s in group}, 0)
            equal(sums[:schema.cells], x, f"what the seats {list(group)} hold together")


def shares_of(entry):
    return next(s for s in load("shares")
                if (s["n"], s["author"]) == (entry["n"], entry["author"]))


def check_seals(data, world):
    for c in data:
        shares = shares_of(c)
        seeds = [data_of(s) for s in shares["seeds"]]
        vectors = by_seat(shares["shares"])
        for seat, s in by_seat(c["seats"], dict).items():
            binding = world.binding(data_of(c["author"]), c["serial"], seat)
            plain = sharing.plaintext(of(c), binding, seeds, vectors)
            equal(plain.hex(), s["plaintext"], f"plaintext for seat {seat}")
            secret, blob = data_of(s["secret_key"]), data_of(s["blob"])
            equal(crypto_scalarmult_base(secret).hex(), s["public_key"], "public key")
            equal(sharing.open_blob(secret, blob), plain, f"blob of seat {seat}, opened")
            equal(sharing.blob_hash(blob).hex(), s["blob_hash"], "hash of a blob")
            equal(sealed(plain, data_of(s["one_time_key"]), data_of(s["public_key"])), blob,
                  f"blob of seat {seat}, sealed")
            equal(sharing.read(of(c), binding, world.schema.cells, plain), vectors[seat],
                  f"vector of seat {seat}")
            refuses_others(of(c), binding, world.schema.cells, plain)


def sealed(plain, one_time, recipient):
    """crypto_box_seal with a one-time key that is given."""
    public = crypto_scalarmult_base(one_time)
    return public + crypto_box(plain, hashing.blake2b(public + recipient, 24), recipient, one_time)


def refuses_others(seats, binding, count, plain):
    """A share that is right for `binding` is right for nothing else."""
    other = b"\x55" * 32
    changed = [binding._replace(**{name: other}) for name in
               ("tally", "author", "policy", "schema")]
    changed += [binding._replace(number=binding.number + 1),
                binding._replace(seat=binding.seat % seats.n + 1)]
    texts = [plain + b"\0", plain[:-1], b"", plain[:142] + b"\1" + plain[143:]]
    for b, text in [(b, plain) for b in changed] + [(binding, text) for text in texts]:
        try:
            sharing.read(seats, b, count, text)
        except field.Refused:
            continue
        raise Differs(f"a share for {binding} was read as one for {b}, {len(text)} bytes")


# ---- tests on shares ----------------------------------------------------------------------------

def questions_of(entry, schema, world):
    presence = data_of(entry["presence"])
    hashes = [data_of(h) for h in entry["blob_hashes"]]
    author = data_of(entry["author"])
    number = entry.get("serial", 1)
    return [proving.challenge_key(world.tally, author, number, presence, hashes, rep)
            for rep in range(sharing.REPETITIONS)]


def check_challenges(data, world):
    for c in data:
        keys = questions_of(c, world.schema, world)
        equal(len(c["repetitions"]), len(keys), "repetitions")
        for key, rep in zip(keys, c["repetitions"]):
            equal(key.hex(), rep["key"], "key of a challenge")
            parts = proving.challenge(key, world.schema)
            equal([field.encode(p).hex() for p in parts], [rep["r"], rep["lam"], rep["mu"]],
                  "challenge")


def check_replies(data, world):
    for c in data:
        shares = shares_of(c)
        asked = next(e for e in load("challenges")
                     if (e["n"], e["author"]) == (c["n"], c["author"]))
        questions = [tuple(elements(rep[k]) for k in ("r", "lam", "mu"))
                     for rep in asked["repetitions"]]
        answered = [a is not None for a in shares["answers"]]
        got = {seat: proving.reply(world.schema, answered, questions, elements(vector))
               for seat, vector in shares["shares"].items()}
        equal({s: field.encode(r).hex() for s, r in got.items()}, c["replies"], "replies")
        equal(proving.verdict(of(c), by_seat(c["replies"])), list(range(1, c["n"] + 1)),
              "verdict over an honest contribution")


def check_judged(data, _):
    for c in data:
        got = proving.verdict(of(c), by_seat(c["replies"]), c["own_seat"])
        equal(got, c["stand_together"], c["case"])


def check_selection(data, _):
    for c in data:
        cited = {int(seat): {data_of(author): (data_of(e["contribution"]), elements(e["replies"]))
                             for author, e in intake.items()}
                 for seat, intake in c["cited"].items()}
        own = {data_of(a): seat for a, seat in c["seat_of_author"].items()}
        got = selection.select(of(c), cited, own)
        equal([{"author": a.hex(), "contribution": k.hex()} for a, k in got.contributors.items()],
              c["contributors"], "contributors")
        equal([a.hex() for a in got.base], c["base"], "base")
        equal(got.seats, c["Q"], "seats that stand")


def check_full(data, world):
    metrics = [cells.Metric(f"m{i}", range(17), range(16), [[4] * 4, [2] * 8, [1] * 16])
               for i in range(120)]
    schema = cells.Schema(metrics)
    answers = [(7 * i + 3) % 16 for i in range(120)]
    for c in data:
        equal(cells.presence([True] * 120).hex(), c["presence"], "presence")
        vectors = sharing.deal(of(c), schema.one_hot(answers), [data_of(s) for s in c["seeds"]])
        equal({str(s): hashing.blake2b(field.encode(v)).hex() for s, v in vectors.items()},
              c["share_blake2b"], "digests of shares")
        questions = [proving.challenge(k, schema) for k in questions_of(c, schema, world)]
        got = {str(s): field.encode(proving.reply(schema, [True] * 120, questions, v)).hex()
               for s, v in vectors.items()}
        equal(got, c["replies"], "replies")


# ---- sums and figures ---------------------------------------------------------------------------

def check_partials(data, world):
    """The shares behind these sums are not in the files, but those of some members are: sums of them
    are made here, and must open to the plain count."""
    for c in data:
        got = opening.opened(of(c), by_seat(c["partials"]), len(c["members"]))
        equal(got, ("final", c["histogram"], []), "what all seats open")
        schema, m, level = world.schema, c["metric"], c["level"]
        known = [s for s in load("shares") if s["n"] == c["n"] and s["answers"][m] is not None]
        sums = {seat: opening.partial_sum(schema, m, level, [by_seat(s["shares"])[seat]
                                                             for s in known])
                for seat in range(1, c["n"] + 1)}
        plain = [sum(column) for column in
                 zip(*(schema.of_metric(m, schema.one_hot(s["answers"])) for s in known))]
        equal(opening.opened(of(c), sums, len(known)),
              ("final", schema.metrics[m].coarsened(plain, level), []), "sums made here")


def check_openings(data, _):
    for c in data:
        got = opening.opened(of(c), by_seat(c["partials"]), c["size"])
        equal(got, (c["state"], c["histogram"], c["liars"]), c["case"])


def check_figures(data, world):
    for c in data:
        metric, histogram = world.schema.metrics[c["metric"]], c["histogram"]
        edges = metric.level_edges(c["level"])
        equal(edges, c["edges"], "edges")
        equal(sum(histogram), c["n"], "n")
        equal([figures.quartile(histogram, edges, a)._asdict() for a in (1, 2, 3)],
              c["quartiles"], f"quartiles of {histogram}")
        equal(figures.mean(histogram, metric.level_mids(c["level"])), c["mean"],
              f"mean of {histogram}")
        equal([list(figures.rank(histogram, b)) for b in range(len(histogram))], c["rank"],
              f"ranks in {histogram}")


# ---- audit --------------------------------------------------------------------------------------

def check_audit(data, _):
    for f in data["families"]:
        sets, control, key = [set(s) for s in f["sets"]], f["control"], data_of(f["key"])
        equal(len(control), f["members"], "members")
        equal(audit.smallest_atom(sets, control), f["smallest_atom"], f"atoms of {f['name']}")
        equal(audit.smallest_row(sets, control, key), f["rref_minimum_40"],
              f"rows of {f['name']}")
        equal(audit.smallest_of_all(sets, control), f["exact_minimum"], f"{f['name']}, all ways")
        for k, wanted in f["verdicts"].items():
            got = audit.audit(sets, control, key, int(k))
            equal(list(got), wanted, f"{f['name']} at {k}")
    for o in data["orders"]:
        equal(list(audit.order(data_of(o["key"]), o["trial"], o["columns"])), o["order"],
              "order")
    for p in data["plans"]:
        candidates = [(c["cohort"], c["members"]) for c in p["candidates"]]
        earlier = [(e["members"], e["level"]) for e in p["earlier"]]
        got = audit.plan(candidates, list(range(p["members"])), p["k"], data_of(p["key"]),
                         earlier, p["base"])
        equal([{"cohort": name, **planned._asdict()} for (name, _), planned in
               zip(candidates, got)], p["out"], p["name"])


ANSWERS = {
    "field": ["p", "add", "sub", "mul", "inv_a", "hex", "value"],
    "hash": ["out"],
    "expand": ["first", "elements_blake2b"],
    "committee": ["seed", "seats", "n", "t", "acknowledgements", "votes", "seat"],
    "certificates": ["votes_needed", "certified"],
    "schema": ["cells", "offsets", "B", "levels"],
    "coarsen": ["out"],
    "shares": ["presence", "cells", "shares"],
    "seals": ["public_key", "plaintext", "blob", "blob_hash"],
    "challenges": ["key", "r", "lam", "mu"],
    "replies": ["replies"],
    "judged": ["stand_together"],
    "selection": ["contributors", "base", "Q"],
    "full": ["presence", "share_blake2b", "replies"],
    "partials": ["partials", "histogram"],
    "openings": ["state", "histogram", "liars"],
    "figures": ["edges", "n", "quartiles", "mean", "rank"],
    "audit": ["exact_minimum", "rref_minimum_40", "smallest_atom", "verdicts", "order", "out"],
}
CHECKERS = {name: globals()["check_" + name] for name in ANSWERS}
