"""Whether a contribution is one answer: what seats reply about their shares, and the verdict.

Challenge. For each of three repetitions the hash of everything that a contribution fixes (tally,
author, number, presence, hashes of all sealed shares) expands to a random r for every cell and, for
every metric, a lambda and a mu. The dealer had to fix its shares before it could know them.

Reply. For each metric with share values x of its cells let
    z = sum of r x,   s = sum of r^2 x,   u = sum of x.
On an honest answer x is one 1 among zeros, so z^2 = s, and u is 1 if it was answered, else 0. Then
    e = w + sum over metrics of lambda (z^2 - s) + mu (u - present)
lies on a polynomial of degree 2t - 2 that is 0 at 0 (w hides everything else), and
    c = mask + sum over all cells of r x
on one of degree t - 1, if the shares themselves do. A reply is e_1 e_2 e_3 c_1 c_2 c_3.

Verdict. From seven seats on nobody's reply about its own contribution is looked at. At least 2t - 1
replies must remain and all of them fit in every repetition. If they do not, and at least 2t + 1
remain, the lowest seat without which all fit is set aside: that seat lied, not the contributor. If
there is none, the contribution is refused.
"""

import struct

from .field import P, encode, interpolate
from .hashing import expand, tagged
from .sharing import REPETITIONS


def challenge_key(tally, author, number, presence, blob_hashes, repetition):
    return tagged("QB1/chal", tally, author, struct.pack("<I", number), presence,
                  b"".join(blob_hashes), bytes([repetition]))


def challenge(key, schema):
    """(r, lambda, mu)"""
    metrics = len(schema.metrics)
    e = expand(key, schema.cells + 2 * metrics)
    return e[:schema.cells], e[schema.cells:schema.cells + metrics], e[schema.cells + metrics:]


def challenges(schema, tally, author, number, presence, blob_hashes):
    return [challenge(challenge_key(tally, author, number, presence, blob_hashes, rep), schema)
            for rep in range(REPETITIONS)]


def reply(schema, answered, questions, vector):
    """Six elements of a seat that holds `vector`; `answered` is a truth for each metric."""
    x = vector[:schema.cells]
    w = vector[schema.cells:schema.cells + REPETITIONS]
    mask = vector[schema.cells + REPETITIONS:]
    es, cs = [], []
    for rep, (r, lam, mu) in enumerate(questions):
        e, c = w[rep], mask[rep]
        for m in range(len(schema.metrics)):
            rm, xm = schema.of_metric(m, r), schema.of_metric(m, x)
            z = sum(a * b for a, b in zip(rm, xm))
            s = sum(a * a * b for a, b in zip(rm, xm))
            e += lam[m] * (z * z - s) + mu[m] * (sum(xm) - answered[m])
            c += z
        es.append(e % P)
        cs.append(c % P)
    return es + cs


def reply_bytes(elements):
    return encode(elements)


def on_one_polynomial(values, degree):
    """True if all of {point: value} lie on one polynomial of that degree."""
    points = sorted(values)
    base = {x: values[x] for x in points[:degree + 1]}
    return all(interpolate(base, x) == values[x] for x in points[degree + 1:])


def all_fit(replies, t):
    for rep in range(REPETITIONS):
        e = {0: 0, **{seat: reply[rep] for seat, reply in replies.items()}}
        c = {seat: reply[REPETITIONS + rep] for seat, reply in replies.items()}
        if not on_one_polynomial(e, 2 * t - 2) or not on_one_polynomial(c, t - 1):
            return False
    return True


def verdict(committee, replies, own_seat=None):
    """Seats that stand for a contribution, or None if it is refused. `replies`: {seat: six}."""
    left_out = own_seat if committee.n >= 7 else None
    heard = {seat: reply for seat, reply in replies.items() if seat != left_out}
    if len(heard) < committee.qa:
        return None
    if all_fit(heard, committee.t):
        return sorted(replies)
    if len(heard) >= 2 * committee.t + 1:
        for liar in sorted(heard):
            if all_fit({s: r for s, r in heard.items() if s != liar}, committee.t):
                return [seat for seat in sorted(replies) if seat != liar]
    return None
