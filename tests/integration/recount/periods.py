"""Periods as a CALL writes them, 2016, 2016/17, 2016-Q3 or 2016-04, and which are near each other.

A member's answer to some metrics hardly changes from one period to the next. Sums of neighbouring periods
can be subtracted from each other almost like those of one, so what was released for them counts too.
"""

import re

SLOW = ("maturity.", "practice.", "policy.")


def months(text):
    """(kind, first month, month after the last), counted from year 0."""
    year, rest = int(text[:4]), text[4:]
    if not rest:
        return "year", 12 * year, 12 * year + 12
    if rest[0] == "/":
        return "financial", 12 * year + 3, 12 * year + 15
    if rest[1] == "Q":
        first = 12 * year + 3 * (int(rest[2:]) - 1)
        return "quarter", first, first + 3
    if not re.fullmatch(r"-\d\d", rest):
        raise ValueError(f"{text} is no period")
    return "month", 12 * year + int(rest[1:]) - 1, 12 * year + int(rest[1:])


def near(code, a, b):
    """Whether releases of a metric for two periods have to be looked at together."""
    if a == b:
        return True
    (kind_a, from_a, to_a), (kind_b, from_b, to_b) = months(a), months(b)
    neighbours = kind_a == kind_b and (to_a == from_b or to_b == from_a)
    return code.startswith(SLOW) and (neighbours or (from_a < to_b and from_b < to_a))
