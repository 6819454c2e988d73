"""What somebody could isolate by adding and subtracting released sums, and what is released.

Sets of members are rows of zeros and ones over all members in ascending order; whoever holds the sums
of several sets can make every linear combination of their rows. The support of some members is the
number of different control groups among the confirmed ones: the others make no crowd.

Two tests of a family of sets, for a minimum k. An atom is all members that stand in exactly the same
sets (and in one at least). Everything that can be isolated is made of whole atoms, so if every atom
has a support of k, all is well. Otherwise the rows are brought to reduced echelon form modulo p with
the columns in forty orders that a key decides; the smallest support of any row counts.

Plan. Cohorts are taken by priority. Each gets the finest level such that at that level and at every
coarser one the family of everything shown there or finer keeps max(k, 5 | 10 | 30). One for which not
even the coarsest will do is withheld, and so is one that kept less than 70 % of those it should have.
"""

import struct
from collections import namedtuple
from functools import lru_cache
from itertools import combinations

from .field import P, inverse
from .hashing import expand, tagged

FLOORS = (5, 10, 30)
TRIALS = 40

Planned = namedtuple("Planned", "level why")


def support(members, control):
    """`control`: control group of each member, None where it is not confirmed."""
    return len({control[m] for m in members if control[m] is not None})


def atoms(sets):
    """Lists of members, one for each atom."""
    found = {}
    for member in sorted(set().union(*sets)):
        found.setdefault(tuple(member in s for s in sets), []).append(member)
    return list(found.values())


def smallest_atom(sets, control):
    """None if there is nothing at all to isolate."""
    return min((support(atom, control) for atom in atoms(sets)), default=None)


@lru_cache(maxsize=4096)
def order(key, trial, columns):
    """Order of the columns in one trial: Fisher and Yates, from the last place down."""
    places = list(range(columns))
    if columns > 1:
        e = expand(tagged("QB1/order", key, struct.pack("<H", trial)), columns - 1)
        for i in range(columns - 1, 0, -1):
            j = e[columns - 1 - i] % (i + 1)
            places[i], places[j] = places[j], places[i]
    return tuple(places)


def without_the_known(sets, control):
    """Members that hide nobody have no column: whoever knows their answers takes them off."""
    return [{m for m in s if control[m] is not None} for s in sets]


def in_groups(key, trial, control):
    """Members that count, in the order of one trial: control group after control group, which are
    numbered by their first members."""
    groups = {}
    for member, group in enumerate(control):
        if group is not None:
            groups.setdefault(group, []).append(member)
    groups = list(groups.values())
    return [m for place in order(key, trial, len(groups)) for m in groups[place]]


def echelon(rows, columns):
    """Reduced row echelon form modulo p; `columns` in the order in which pivots are sought."""
    rows, done = [list(r) for r in rows], 0
    for column in columns:
        found = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        scale = inverse(rows[done][column])
        rows[done] = [v * scale % P for v in rows[done]]
        for i, row in enumerate(rows):
            if i != done and row[column]:
                factor = row[column]
                rows[i] = [(v - factor * w) % P for v, w in zip(row, rows[done])]
        done += 1
        if done == len(rows):
            break
    return rows[:done]


def smallest_row(sets, control, key):
    """Smallest support of any row in forty echelon forms; None if there is no row.

    Members of one atom have equal columns, so one column stands for all of them: the first of them
    in the order of the trial is where a pivot could be, and the others never are."""
    sets = without_the_known(sets, control)
    classes = atoms(sets)
    rows = [[int(atom[0] in s) for atom in classes] for s in sets]
    atom_of = {m: i for i, atom in enumerate(classes) for m in atom}
    least = None
    for trial in range(TRIALS):
        columns = [atom_of[m] for m in in_groups(key, trial, control) if m in atom_of]
        for row in echelon(rows, dict.fromkeys(columns)):
            inside = [m for i, v in enumerate(row) if v for m in classes[i]]
            size = support(inside, control)
            least = size if least is None else min(least, size)
    return least


def smallest_of_all(sets, control):
    """Brute force: smallest support of any combination but zero. A combination of smallest support
    is fixed, up to a factor, by the atoms on which it is 0; so all choices of rank - 1 atoms are
    tried. For small families only."""
    sets = without_the_known(sets, control)
    classes = atoms(sets)
    basis = echelon([[int(atom[0] in s) for atom in classes] for s in sets], range(len(classes)))
    least = None
    for zeros in combinations(range(len(classes)), len(basis) - 1):
        # with these columns first, the last row of a full echelon form is 0 on all of them
        rows = echelon(basis, [*zeros, *range(len(classes))])
        last = rows[-1]
        if any(last[z] for z in zeros):
            continue
        inside = [m for i, v in enumerate(last) if v for m in classes[i]]
        size = support(inside, control)
        least = size if least is None else min(least, size)
    return least


def audit(sets, control, key, k):
    """(passes, by which test): "atoms" or "rref"."""
    atom = smallest_atom(sets, control)
    if atom is None or atom >= k:
        return True, "atoms"
    row = smallest_row(sets, control, key)
    return row is None or row >= k, "rref"


def plan(candidates, control, k, key, earlier=(), base=None):
    """`candidates`: [(name, members)] by priority; `earlier`: [(members, level)]; `base`: {name:
    members that should be in}. A list of Planned, level None where the cohort is withheld."""
    rows = [(set(members), level) for members, level in earlier]
    out = []
    for name, members in candidates:
        members = set(members)
        should = set((base or {}).get(name, ()))
        passed = []
        if support(members, control) < max(k, FLOORS[0]):
            out.append(Planned(None, "too small"))
            continue
        if 10 * len(members) < 7 * len(should):
            out.append(Planned(None, "below 70 %"))
            continue
        for level, floor in enumerate(FLOORS):
            family = [s for s, shown in rows if shown >= level] + [members]
            own_key = tagged("QB1/audit", key, bytes([level]), struct.pack("<H", len(rows)))
            good, test = audit(family, control, own_key, max(k, floor))
            if not good:
                break
            passed.append(test)
        if passed:
            rows.append((members, len(passed) - 1))
            out.append(Planned(len(passed) - 1, "/".join(passed)))
        else:
            out.append(Planned(None, "could be subtracted"))
    return out
