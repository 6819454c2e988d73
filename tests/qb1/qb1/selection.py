"""Who is in a tally: computed from the INTAKEs that a proposal cites, chosen by nobody.

1. Of each author the contribution counts that most cited seats acknowledge; of two with equally many
   the one with the lower id.
2. `base`: authors whose contribution at least t cited seats acknowledge.
3. The verdict over the replies says which seats stand for a contribution, or that it is out.
4. Every set of qa cited seats accepts the authors for whom all of them stand. The set that accepts
   most is taken, and of equals the first in lexicographic order.
5. Every other cited seat that stands for all of these joins.
"""

from collections import Counter, namedtuple
from itertools import combinations

from .proving import verdict

Selection = namedtuple("Selection", "contributors base seats")


def acknowledged(cited):
    """{author: (contribution, number of seats)} from {seat: {author: (contribution, reply)}}."""
    counts = {}
    for intake in cited.values():
        for author, (contribution, _) in intake.items():
            counts.setdefault(author, Counter())[contribution] += 1
    return {author: min(((c, k) for c, k in found.items()), key=lambda ck: (-ck[1], ck[0]))
            for author, found in counts.items()}


def select(committee, cited, seat_of_author):
    """`contributors`: {author: contribution}; `base`: authors; `seats`: those that stand."""
    most = acknowledged(cited)
    base = sorted(a for a, (_, seats) in most.items() if seats >= committee.t)
    standing = {}
    for author in base:
        chosen = most[author][0]
        replies = {seat: intake[author][1] for seat, intake in cited.items()
                   if author in intake and intake[author][0] == chosen}
        seats = verdict(committee, replies, seat_of_author.get(author))
        if seats is not None:
            standing[author] = set(seats)
    best, accepted = None, []
    for seats in combinations(sorted(cited), committee.qa):
        authors = [a for a in standing if standing[a].issuperset(seats)]
        if best is None or len(authors) > len(accepted):
            best, accepted = seats, authors
    if best is None:
        return Selection({}, base, [])
    joined = [seat for seat in sorted(cited)
              if seat in best or all(seat in standing[a] for a in accepted)]
    return Selection({a: most[a][0] for a in sorted(accepted)}, base, joined)
