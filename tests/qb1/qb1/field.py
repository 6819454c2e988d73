"""Arithmetic modulo p = 2^61 - 1, and polynomials known by points.

An element on a wire is eight bytes, little endian. A number of p or more is refused, never reduced:
each element has exactly one form.
"""

P = (1 << 61) - 1


class Refused(ValueError):
    """Bytes that nobody honest writes."""


def inverse(a):
    if a % P == 0:
        raise ZeroDivisionError("0 has no inverse")
    return pow(a, -1, P)


def encode(elements):
    return b"".join(e.to_bytes(8, "little") for e in elements)


def decode(data):
    if len(data) % 8:
        raise Refused(f"{len(data)} bytes are no whole number of elements")
    elements = [int.from_bytes(data[i:i + 8], "little") for i in range(0, len(data), 8)]
    if any(e >= P for e in elements):
        raise Refused("an element of p or more")
    return elements


def weights(points, at):
    """Lagrange: by what the value at each of `points` is multiplied to give the value `at`."""
    found = []
    for i in points:
        above = below = 1
        for j in points:
            if j != i:
                above = above * (at - j) % P
                below = below * (i - j) % P
        found.append(above * inverse(below) % P)
    return found


def interpolate(values, at):
    """Value `at` of the polynomial of lowest degree through {point: value}."""
    points = sorted(values)
    return sum(w * values[x] for w, x in zip(weights(points, at), points)) % P


def interpolate_vectors(vectors, at):
    """The same for every place of {point: vector}."""
    points = sorted(vectors)
    w = weights(points, at)
    return [sum(map(int.__mul__, w, place)) % P for place in zip(*(vectors[x] for x in points))]
