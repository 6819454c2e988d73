"""How many seats a tally has, who sits on them, and who leads.

Any t seats together can read an answer, fewer learn nothing. From n and t follow two numbers: `qa`
= 2t - 1, so many INTAKEs, test replies or partial sums must agree; `qv`, more than half of n + t - 1,
so many VOTEs, SKIPs or QUITs: two groups of qv seats share at least t, hence an honest one.

The draw puts all who offered in an order that only a hash decides, and takes the first n of them,
one for each control group.
"""

from collections import namedtuple

from .hashing import tagged

Committee = namedtuple("Committee", "n t qa qv")


def of(n, t):
    return Committee(n, t, 2 * t - 1, (n + t - 1) // 2 + 1)


def by_eligible(groups):
    """For so many control groups that offer a seat; None: too few for any tally."""
    for least, n, t in ((40, 10, 4), (7, 7, 3), (6, 6, 3), (5, 5, 3)):
        if groups >= least:
            return of(n, t)
    return None


def by_seats(n):
    return of(n, 4 if n == 10 else 3)


def draw_seed(previous_result, roster, tries):
    return tagged("QB1/committee", previous_result, roster, bytes([tries]))


def draw(seed, eligible, n):
    """Keys of seats 1..n; `eligible` is a list of (key, control group)."""
    seats, groups = [], set()
    for _, key, group in sorted((tagged("QB1/seat", seed, k), k, g) for k, g in eligible):
        if group not in groups:
            groups.add(group)
            seats.append(key)
    return seats[:n]


def leader(attempt, n):
    return 1 + attempt % n
