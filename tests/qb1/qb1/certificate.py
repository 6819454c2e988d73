"""When a proposal counts, and when a tally has failed.

A proposal is certified in an attempt if qv different seats voted for it in that attempt and, for each
attempt before, qv different seats said that they skip it. A tally has failed if qv seats have quit.
Any two groups of qv seats share an honest one, which does not vote for two proposals in an attempt,
does not both skip and vote, and says nothing after it quit.
"""


def seats_among(committee, seats):
    return len({s for s in seats if 1 <= s <= committee.n})


def certified(committee, votes, skips, attempt, proposal):
    """`votes`: (seat, attempt, proposal); `skips`: {attempt: seats}."""
    for_it = seats_among(committee, (s for s, a, p in votes if (a, p) == (attempt, proposal)))
    return for_it >= committee.qv and all(
        seats_among(committee, skips.get(earlier, ())) >= committee.qv
        for earlier in range(attempt))


def failed(committee, quits):
    return seats_among(committee, quits) >= committee.qv
