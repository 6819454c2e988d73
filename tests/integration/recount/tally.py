"""One tally: what its records say together.

Sets are used throughout, so that no order of arrival matters: a seat's record counts if its author holds
that seat. A long INTAKE, PROPOSE or OPEN comes in parts that name the one before; the id of the last part
is the id of the whole.
"""

from collections import namedtuple

from qb1 import certificate, committee, selection
from qb1.audit import plan
from qb1.cells import answered
from qb1.field import Refused, decode
from qb1.hashing import tagged
from qb1.opening import opened

from . import payloads, periods
from .payloads import (ACCEPT, CLOSE, CONTRIB, DECLINE, INTAKE, OPEN, PROPOSE, QUIT, SKIP, VOTE,
                       WITHDRAW)
from .roster import in_cohort

OK, WITHDRAWN = 0, 5  # status of an entry of an INTAKE
FAILED = 2  # outcome of a CLOSE

Outcome = namedtuple("Outcome", "selection cells rows")  # cells: {(metric, cohort): Cell}
Proposal = namedtuple("Proposal", "attempt citing earlier rows")
Cell = namedtuple("Cell", "members level why counted")
Earlier = namedtuple("Earlier", "tally rows")  # rows: [(code of the metric, members, level)]


def result_hash(proposal):
    return tagged("QB1/result", proposal)


def whole(parts):
    """{id of the whole: its parts in order} from {id: part}."""
    found = {}
    for last, part in parts.items():
        chain = [part]
        while chain[0].number > 1 and chain[0].before in parts:
            before = parts[chain[0].before]
            if before.number != chain[0].number - 1 or not before.more:
                break
            chain.insert(0, before)
        if not part.more and chain[0].number == 1:
            found[last] = chain
    return found


class Tally:
    def __init__(self, record, call, frozen, draw):
        self.id, self.call, self.frozen = record.id, call, frozen
        self.committee, self.seats = draw
        self.schema = payloads.schema(call)
        self.column = {m.id: i for i, m in enumerate(frozen.members)}
        self.accepts, self.contribs, self.withdrawals = {}, {}, {}
        self.declined, self.votes, self.skips, self.quits = set(), {}, {}, {}
        self.intake_parts, self.propose_parts, self.open_parts = {}, {}, {}
        self.closes = []

    # ---- records --------------------------------------------------------------------------------

    def seat_of(self, member):
        return self.seats.index(member) + 1 if member in self.seats else None

    def take(self, record, said):
        seat = self.seat_of(record.author)
        if record.kind == CLOSE and record.author == self.frozen.convenor:
            self.closes.append(said)
        elif record.kind in (CONTRIB, WITHDRAW, DECLINE):
            if record.author in self.column:
                self.take_from_member(record, said)
        elif record.kind == PROPOSE:
            if seat == committee.leader(said.attempt, self.committee.n):
                self.propose_parts[record.id] = said
        elif seat is not None and getattr(said, "seat", None) == seat:
            self.take_from_seat(record, said)

    def take_from_member(self, record, said):
        if record.kind == CONTRIB:
            if self.fits(said):
                numbers = self.contribs.setdefault(record.author, {})
                numbers.setdefault(said.number, (record.id, said))
        elif record.kind == WITHDRAW:
            self.withdrawals[record.id] = (record.author, said.number)
        else:
            self.declined.add(record.author)

    def take_from_seat(self, record, said):
        if record.kind == ACCEPT:
            self.accepts.setdefault(said.seat, said.key)
        elif record.kind == INTAKE:
            self.intake_parts[record.id] = said
        elif record.kind == VOTE:
            self.votes[record.id] = said
        elif record.kind == SKIP:
            self.skips[record.id] = said
        elif record.kind == OPEN:
            self.open_parts[record.id] = said
        elif record.kind == QUIT:
            self.quits[record.id] = said

    def fits(self, contrib):
        try:
            return any(answered(contrib.presence, len(self.schema.metrics))) and (
                1 <= contrib.number <= 3 and len(contrib.blobs) == 32 * self.committee.n)
        except Refused:
            return False

    # ---- who is in ------------------------------------------------------------------------------

    def intakes(self):
        """{id of a whole INTAKE: (seat, entries)}"""
        return {last: (parts[0].seat, [payloads.replies(e) for p in parts for e in p.entries])
                for last, parts in whole(self.intake_parts).items()}

    def contribution(self, identity):
        """(author, Contrib) of the id of a CONTRIB."""
        return next((author, said) for author, numbers in self.contribs.items()
                    for found, said in numbers.values() if found == identity)

    def cited(self, citing):
        """What the INTAKEs that a proposal cites acknowledge: {seat: {author: (id, replies)}}."""
        intakes = self.intakes()
        entries = {seat: intakes[identity][1] for seat, identity in citing}
        withdrawn = {}
        for seat, _ in citing:
            for _, identity, status, _ in entries[seat]:
                if status == WITHDRAWN:
                    author, number = self.withdrawals[identity]
                    withdrawn[author] = max(number, withdrawn.get(author, 0))
        found = {seat: {} for seat in entries}
        for seat, listed in entries.items():
            for _, identity, status, reply in listed:
                if status != OK:
                    continue
                author, said = self.contribution(identity)
                if said.number > withdrawn.get(author, 0):
                    found[seat][author] = (identity, reply)
        return found

    def select(self, citing):
        seat_of_author = {m: seat for seat, m in enumerate(self.seats, 1)}
        return selection.select(self.committee, self.cited(citing), seat_of_author)

    def has_answered(self, identity, metric):
        _, said = self.contribution(identity)
        return answered(said.presence, len(self.schema.metrics))[metric]

    # ---- what is released -----------------------------------------------------------------------

    def standing(self, chosen, m, late):
        """Authors whose answer to a metric is counted: not of those that an earlier tally for the
        same question and period counted."""
        return {a for a, k in chosen.contributors.items()
                if self.has_answered(k, m) and a not in late[m]}

    def outcome(self, citing, earlier, late):
        """`earlier`: what was released before and counts, in the order in which it is named. `late`:
        for each metric the members that were counted already."""
        chosen = self.select(citing)
        most = selection.acknowledged(self.cited(citing))
        cells, rows = {}, []
        for m, metric in enumerate(self.schema.metrics):
            stands = self.standing(chosen, m, late)
            should = {a for a in chosen.base if self.has_answered(most[a][0], m)} - late[m]
            planned, cohorts = self.plan(m, stands, should, earlier)
            for c, (out, members, counted) in enumerate(zip(planned, *cohorts)):
                cells[m, c] = Cell(members, out.level, out.why, counted)
                if out.level is not None:
                    rows.append([m, c, out.level, self.set_hash(chosen, members)])
        return Outcome(chosen, cells, rows)

    def set_hash(self, chosen, members):
        return tagged("QB1/set", *(chosen.contributors[a] for a in members))

    def named(self, code):
        """Members whose answer to a metric is published under their name: they hide nobody."""
        codes = [m.code for m in self.schema.metrics]
        if code not in codes:
            return set()
        named = payloads.columns(self.call.named[codes.index(code)])
        return {f.id for i, f in enumerate(self.frozen.members) if i in named}

    def plan(self, m, stands, should, earlier):
        """Planned rows of one metric; members of each cohort; how many of these count. Columns are the
        members of this roster and of those of all earlier tallies that are named."""
        code = self.schema.metrics[m].code
        members = {f.id: f for f in self.frozen.members}
        for before in earlier:
            for f in before.tally.frozen.members:
                members.setdefault(f.id, f)
        near = [before for before in earlier
                if periods.near(code, before.tally.call.period, self.call.period)]
        public = self.named(code).union(*(before.tally.named(code) for before in near))
        order = sorted(members)
        place = {member: i for i, member in enumerate(order)}
        control = [None if member in public else members[member].control for member in order]
        cohorts, bases = [], {}
        for rule in self.call.cohorts:
            inside = [f.id for f in self.frozen.members if in_cohort(rule, f)]
            cohorts.append([a for a in inside if a in stands])
            bases[rule] = [place[a] for a in inside if a in should]
        out = plan([(rule, [place[a] for a in found])
                    for rule, found in zip(self.call.cohorts, cohorts)],
                   control, self.call.minimum, tagged("QB1/plan", self.id),
                   [([place[f.id] for f in shown], level) for before in near
                    for other, shown, level in before.rows if other == code], bases)
        counted = [len({control[place[a]] for a in found} - {None}) for found in cohorts]
        return out, (cohorts, counted)

    # ---- certificate and openings ---------------------------------------------------------------

    def proposals(self):
        """{id of a whole PROPOSE: Proposal}; `citing`: (seat, id of its INTAKE)."""
        return {last: Proposal(parts[0].attempt, [tuple(c) for c in parts[0].cited],
                               parts[0].earlier, [row for p in parts for row in p.rows])
                for last, parts in whole(self.propose_parts).items()}

    def certified(self):
        """The proposal that counts, or None."""
        votes = [(v.seat, v.attempt, v.proposal) for v in self.votes.values()]
        skips = {}
        for s in self.skips.values():
            skips.setdefault(s.attempt, []).append(s.seat)
        found = {p for _, a, p in votes
                 if certificate.certified(self.committee, votes, skips, a, p)}
        if len(found) > 1:
            raise AssertionError("two certificates")
        return found.pop() if found else None

    def failed(self):
        return certificate.failed(self.committee, [q.seat for q in self.quits.values()])

    def sums(self, proposal):
        """{seat: [vector or None for each row]} of the seats that opened this proposal."""
        found = {}
        for parts in whole(self.open_parts).values():
            if parts[0].proposal == proposal:
                found[parts[0].seat] = [decode(s) if s is not None else None
                                        for p in parts for s in p.sums]
        return found

    def openings(self, proposal, outcome):
        """What comes out of each row of a certified proposal."""
        given = self.sums(proposal)
        return [opened(self.committee,
                       {seat: sums[i] for seat, sums in given.items() if sums[i] is not None},
                       len(outcome.cells[m, c].members))
                for i, (m, c, _, _) in enumerate(outcome.rows)]

    def state(self, openings):
        """The word for how it stands, once both windows have passed or everybody has spoken."""
        if openings and all(o.state == "final" for o in openings):
            return "closed"
        if self.failed():
            return "failed"
        spoken = {q.seat for q in self.quits.values()} | {o.seat for o in self.open_parts.values()}
        if openings is not None:
            return "closed" if not openings or spoken.issuperset(self.accepts) else "certified"
        return "deciding" if self.intakes() else "open"

    def opening_cites_certificate(self, proposal):
        """True if every OPEN names qv VOTEs for the proposal, and the SKIPs before its attempt."""
        return all(self.names_certificate(said) for said in self.open_parts.values()
                   if said.proposal == proposal)

    def names_certificate(self, said):
        votes = [self.votes[v] for v in said.votes if v in self.votes]
        seats = {v.seat for v in votes if (v.attempt, v.proposal) == (said.attempt, said.proposal)}
        if len(seats) < self.committee.qv or len(said.skips) != said.attempt * self.committee.qv:
            return False
        return all(len({self.skips[k].seat for k in said.skips if k in self.skips and
                        self.skips[k].attempt == earlier}) >= self.committee.qv
                   for earlier in range(said.attempt))
