"""Partial sums of seats, and what several of them say together.

A seat adds up its shares of exactly the members of a set, metric by metric, and joins bins to the
certified level before anything leaves it. Sums of shares are shares of the sum.

Opening. t sums always lie on some polynomial, so t alone prove nothing. Groups of t seats are tried in
lexicographic order; the first whose polynomial at least min(qa, number of seats) whole vectors lie on
is taken. With qa of them or more the result is final, with fewer unconfirmed; the seats that are off
it lied. If there is no such group, or a cell exceeds the number of members, or the cells do not add
up to it, the result is void: nothing is ever guessed. With fewer than t seats it waits.
"""

from collections import namedtuple
from itertools import combinations

from .field import P, interpolate_vectors

Opening = namedtuple("Opening", "state histogram liars")


def partial_sum(schema, metric, level, vectors):
    """What a seat opens for a set whose share vectors it holds."""
    total = [sum(cells) % P for cells in zip(*(schema.of_metric(metric, v) for v in vectors))]
    return schema.metrics[metric].coarsened(total, level)


def opened(committee, partials, size):
    """`partials`: {seat: vector}; `size`: number of members of the set."""
    seats = sorted(partials)
    if len(seats) < committee.t:
        return Opening("waiting", None, [])
    enough = min(committee.qa, len(seats))
    for group in combinations(seats, committee.t):
        base = {s: partials[s] for s in group}
        on = [s for s in seats if s in group or interpolate_vectors(base, s) == partials[s]]
        if len(on) >= enough:
            break
    else:
        return Opening("void", None, [])
    histogram = interpolate_vectors(base, 0)
    if any(cell > size for cell in histogram) or sum(histogram) != size:
        return Opening("void", None, [])
    state = "final" if len(on) >= committee.qa else "unconfirmed"
    return Opening(state, histogram, [s for s in seats if s not in on])
