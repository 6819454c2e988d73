"""All tallies of a dump, in the order of their CALLs: draws, gates, and what one owes to another."""

from qb1 import committee
from reader import Wrong

from . import payloads, periods
from .payloads import CALL, CLOSE, EVIDENCE, SHARE
from .records import read_alone
from .roster import Roster, in_cohort
from .tally import FAILED, Earlier, Tally, result_hash

NONE = bytes(32)


class Book:
    """`tallies`: by the id of their CALL, those that count. `evidence`: what the convenor published of
    seats that contradicted themselves."""

    def __init__(self, records, convenor, network):
        self.records, self.convenor, self.network = records, convenor, network
        self.tallies, self.refused, self.shares, self.evidence = {}, {}, {}, {}
        self.roster, self.last_result = Roster(convenor), NONE
        for record in records:
            if record.author == convenor:
                self.take_from_convenor(record)
        for record in records:
            self.take(record)

    # ---- records --------------------------------------------------------------------------------

    def take_from_convenor(self, record):
        """In the order of its feed: what a CALL freezes is the roster up to there."""
        self.roster.take(record)
        if record.kind == CALL:
            call = payloads.read(record)
            why = self.breach(call)
            if why:
                self.refused[record.id] = why
            else:
                self.tallies[record.id] = Tally(record, call, self.roster.frozen(),
                                                self.draw(call))
        elif record.kind == EVIDENCE:
            self.evidence[record.id] = payloads.read(record)
        elif record.kind == CLOSE:
            said = payloads.read(record)
            if said.tally in self.tallies and said.outcome != FAILED:
                self.last_result = said.result

    def take(self, record):
        if record.kind == SHARE:
            self.shares.setdefault(record.author, {})[record.payload_hash] = record.payload
        said = payloads.read(record)
        if said is None or getattr(said, "tally", None) not in self.tallies:
            return
        if record.kind != EVIDENCE:
            self.tallies[said.tally].take(record, said)
            return
        for data in said.records:
            shown = read_alone(data, self.network)
            if shown.author == self.tallies[said.tally].seats[said.seat - 1]:
                self.take(shown)

    # ---- the gate -------------------------------------------------------------------------------

    def latest(self):
        return list(self.tallies.values())[-1] if self.tallies else None

    def breach(self, call):
        """Which rule a CALL breaks, or None."""
        frozen, before = self.roster.frozen(), self.latest()
        payloads.check_hashes(call)
        if call.roster != frozen.hash or call.count != len(frozen.members):
            return "another roster"
        if call.previous != (before.id if before else None):
            return "another call before it"
        if call.previous_result != self.last_result:
            return "another result before it"
        if call.minimum < max(5, frozen.minimum):
            return "a minimum too low"
        if frozen.cohorts and call.cohorts != frozen.cohorts:
            return "other cohorts than the charter's"
        for m in range(len(call.schema_list)):
            named = payloads.columns(call.named[m])
            groups = {f.control for i, f in enumerate(frozen.members) if i not in named}
            if len(groups) < call.minimum:
                return "too few could count"
        if self.draw(call)[0] is None:
            return "no committee"
        return None

    def draw(self, call):
        """(committee, members of seats 1..n)"""
        frozen, last = self.roster.frozen(), self.latest()
        before = last.frozen if last else frozen
        offers = payloads.columns(call.offers)
        there = {m.id for m in before.members}
        eligible = [(m.id, m.control) for i, m in enumerate(frozen.members)
                    if i in offers and m.id in there and m.id != self.convenor
                    and m.id not in self.barred(call)]
        size = committee.by_eligible(len({control for _, control in eligible}))
        if size is None:
            return None, []
        seed = committee.draw_seed(call.previous_result, before.hash, call.tries)
        return size, committee.draw(seed, eligible, size.n)

    def barred(self, call):
        """Members whose seat contradicted itself in an earlier tally: two records show it."""
        shown = [self.evidence[e] for e in call.evidence]
        if any(len(said.records) != 2 for said in shown):
            raise Wrong("a CALL that bars a member for nothing")
        return {self.tallies[said.tally].seats[said.seat - 1] for said in shown}

    # ---- what came before -----------------------------------------------------------------------

    def tally_of(self, proposal):
        for tally in self.tallies.values():
            if proposal in tally.proposals():
                return tally
        raise Wrong("a proposal of which no record is here")

    def proposal(self, identity):
        return self.tally_of(identity).proposals()[identity]

    def earlier(self, identities):
        """Releases of earlier proposals, in their order."""
        found = []
        for identity in identities:
            tally, said, rows = self.tally_of(identity), self.proposal(identity), []
            chosen, late = tally.select(said.citing), self.late_of(tally)
            for m, c, level, _ in said.rows:
                standing = tally.standing(chosen, m, late)
                rows.append((tally.schema.metrics[m].code,
                             [f for f in tally.frozen.members if f.id in standing and
                              in_cohort(tally.call.cohorts[c], f)], level))
            found.append(Earlier(tally, rows))
        return found

    def before(self, tally, near=False):
        """Tallies called before it for a question and period that it has too; with `near` also for
        periods of which the answers would be much the same."""
        for other in self.tallies.values():
            if other is tally:
                return
            common = {m.code for m in tally.schema.metrics} & {m.code for m in other.schema.metrics}
            if any(other.call.period == tally.call.period or
                   (near and periods.near(code, other.call.period, tally.call.period))
                   for code in common):
                yield other

    def late(self, tally, code):
        """Members that earlier tallies for a metric and the period counted, if they released it."""
        found = set()
        for other in self.before(tally):
            proposal = other.certified()
            if proposal is None or other.failed():
                continue
            said, codes = self.proposal(proposal), [m.code for m in other.schema.metrics]
            if code in codes and any(codes[m] == code for m, _, _, _ in said.rows):
                m = codes.index(code)
                found |= other.standing(other.select(said.citing), m, self.late_of(other))
        return found

    def late_of(self, tally):
        return [self.late(tally, m.code) for m in tally.schema.metrics]

    def outcome(self, identity):
        """What everybody works out from the INTAKEs that a proposal cites."""
        tally, said = self.tally_of(identity), self.proposal(identity)
        return tally.outcome(said.citing, self.earlier(said.earlier), self.late_of(tally))

    def required(self, tally):
        """Proposals that one of this tally has to count: certified ones, and those that a QUIT names."""
        found = set()
        for other in self.before(tally, near=True):
            named = {p for q in other.quits.values() for _, p, _ in q.votes}
            found |= {p for p, said in other.proposals().items()
                      if said.rows and (p == other.certified() or p in named)}
        return found

    def tries(self, tally):
        return sum(other.failed() for other in self.before(tally))

    @staticmethod
    def result_of(tally):
        """What the draw of the next tally rests on."""
        return result_hash(tally.certified())
