"""What a histogram says: quartiles with bounds that hold, a mean, and where one's own bin stands.

All in whole units of the metric; every division rounds towards minus infinity. An edge of None is an
open end. Quartile a of n values: if 4 divides a n, it lies between value number a n / 4 and the next
in order; otherwise it is the value above. `low` is the lower edge of the bin of the first of these,
`high` the upper edge of the bin of the second. `point` spreads the values of one bin evenly.
"""

from collections import namedtuple
from itertools import accumulate

Quartile = namedtuple("Quartile", "low high point")


def bin_of(histogram, number):
    """Bin of the value with that number in ascending order, from 1."""
    return next(b for b, below in enumerate(accumulate(histogram)) if below >= number)


def quartile(histogram, edges, a):
    n = sum(histogram)
    first, rest = divmod(a * n, 4)
    numbers = (first, first + 1) if rest == 0 else (first + 1, first + 1)
    low = edges[bin_of(histogram, numbers[0])]
    high = edges[bin_of(histogram, numbers[1]) + 1]
    return Quartile(low, high, point(histogram, edges, a))


def point(histogram, edges, a):
    n, below = sum(histogram), 0
    for b, count in enumerate(histogram):
        if count and 4 * (below + count) >= a * n:
            lower, upper = edges[b], edges[b + 1]
            if lower is None or upper is None:
                return upper if lower is None else lower
            return lower + (upper - lower) * (a * n - 4 * below) // (4 * count)
        below += count
    return None


def mean(histogram, mids):
    return sum(count * mid for count, mid in zip(histogram, mids)) // sum(histogram)


def rank(histogram, own):
    """Of 10,000: values in lower bins, and values in lower bins and the own one."""
    n = sum(histogram)
    return 10000 * sum(histogram[:own]) // n, 10000 * sum(histogram[:own + 1]) // n
