"""What the program says of a tally against what follows from signed records alone (recount)."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "qb1"))

from harness import BUILD, Failure, equal, expect  # noqa: E402
from qb1 import figures  # noqa: E402
from recount import records  # noqa: E402
from recount.book import Book  # noqa: E402
from tallies import bins_of  # noqa: E402

DUMP = os.path.join(BUILD, "tests/integration/dump_records")


def dump(member):
    """All records of a member whose daemon is stopped, and the id of its network."""
    done = subprocess.run([DUMP, member.home], capture_output=True, check=False)
    if done.returncode:
        raise Failure(f"dump of {member.name}: {done.stderr.decode()}")
    network_id = bytes.fromhex(done.stderr.decode().strip())
    return records.read(done.stdout, network_id), network_id


def book_of(found, without=()):
    """Of a dump; `without`: ids of records that are left out."""
    all_of_them, network_id = found
    creation = next(r for r in all_of_them if r.kind == 1)
    return Book([r for r in all_of_them if r.id not in without], creation.author, network_id)


def look_into(member):
    """Stops a daemon, takes all records that it holds, and starts it again."""
    member.stop()
    found = dump(member)
    member.start()
    return found


def only_tally(book, identity):
    expect(bytes.fromhex(identity) in book.tallies, f"the call counts: {book.refused}")
    return book.tallies[bytes.fromhex(identity)]


# ---- what the program says, and what follows from the records -----------------------------------

def names_of(tally, members):
    name = {m.id: m.name for m in tally.frozen.members}
    return [name[m] for m in members]


def check_show(member, book, tally, openings):
    """`tally show`: seats, who contributed, the result."""
    shown = member.json("tally", "show", tally.id.hex())
    equal([s["member"] for s in shown["seats"]], names_of(tally, tally.seats), "the draw")
    equal(shown["state"], tally.state(openings), "state")
    equal(shown["result"], book.result_of(tally).hex(), "hash of the result")
    equal(sorted(shown["contributors"]), sorted(names_of(tally, tally.contribs)), "contributors")
    equal(sorted(shown["decliners"]), sorted(names_of(tally, tally.declined)), "decliners")
    seats = {v.seat for v in tally.votes.values()}
    equal({s["seat"] for s in shown["seats"] if s["voted"]}, seats, "who voted")
    answered_by = [sum(tally.has_answered(k, m) for numbers in tally.contribs.values()
                       for k, _ in [numbers[max(numbers)]]) for m in range(len(shown["metrics"]))]
    equal([m["answered"] for m in shown["metrics"]], answered_by, "answers to each metric")


def check_proposal(book, tally):
    """The certified proposal is what everybody works out; gives the outcome."""
    proposal = tally.certified()
    expect(proposal, "a proposal is certified")
    equal(tally.call.tries, book.tries(tally), "how often the question failed before")
    expect(book.required(tally) <= set(book.proposal(proposal).earlier),
           "the proposal counts what was released before")
    outcome = book.outcome(proposal)
    equal(book.proposal(proposal).rows, outcome.rows, "rows of the certified proposal")
    expect(tally.opening_cites_certificate(proposal), "every OPEN names its certificate")
    return outcome


class Shown:
    """How values of a metric are shown: in its unit, and whole scores by the last one in a bin."""

    def __init__(self, tally, m):
        self.metric, said = tally.schema.metrics[m], tally.call.schema_list[m]
        self.scale, self.discrete = said[3], said[5]

    def value(self, scaled):
        return scaled if scaled is None else scaled / self.scale

    def upper(self, edge):
        return edge - 1 if self.discrete and edge is not None else edge

    def mean(self, histogram, level):
        mids = self.metric.level_mids(level)
        if not self.discrete:
            return self.value(figures.mean(histogram, mids))
        return 100 * sum(c * m for c, m in zip(histogram, mids)) // sum(histogram) / 100


def check_figures(answer, shown, histogram, level, what):
    edges = shown.metric.level_edges(level)
    equal([(b["from"], b["to"]) for b in answer["histogram"]],
          [(shown.value(low), shown.value(shown.upper(high)))
           for low, high in zip(edges, edges[1:])], f"edges of {what}")
    for a, name in enumerate(("q1", "median", "q3"), 1):
        low, high, point = figures.quartile(histogram, edges, a)
        high = shown.upper(high)
        if shown.discrete and high is not None:
            point = min(point, high)
        equal(answer[name], {"value": shown.value(point), "low": shown.value(low),
                             "high": shown.value(high)}, f"{name} of {what}")
    equal(answer["mean"], shown.mean(histogram, level), f"mean of {what}")
    own = answer["own"]["value"] * shown.scale
    own = max(i for i, low in enumerate(edges[:-1]) if low is None or low <= own)
    low, high = figures.rank(histogram, own)
    equal(answer["own"]["rank"], {"low": low / 10000, "high": high / 10000}, f"rank in {what}")


def check_benchmark(member, tally, outcome, openings, m, c):
    """One metric of one cohort as a member sees it."""
    cell, cohort, shown = outcome.cells[m, c], tally.call.cohorts[c], Shown(tally, m)
    what = f"{shown.metric.code} of {cohort}"
    answer = member.run("benchmark", shown.metric.code, "--cohort", cohort, "--period",
                        tally.call.period, "--json", code=None).json
    if cell.level is None:
        expect(answer["withheld"] and not answer["histogram"], f"{what} is withheld: {answer}")
        return
    opened = openings[[(m_, c_) for m_, c_, _, _ in outcome.rows].index((m, c))]
    equal(answer["state"], opened.state, f"state of {what}")
    equal(bins_of(answer["histogram"]), opened.histogram, f"histogram of {what}")
    equal(answer["n"], len(cell.members), f"n of {what}")
    check_figures(answer, shown, opened.histogram, cell.level, what)


def check_everything(members, book, identity):
    tally = only_tally(book, identity)
    outcome = check_proposal(book, tally)
    openings = tally.openings(tally.certified(), outcome)
    check_show(members[0], book, tally, openings)
    for m in range(len(tally.schema.metrics)):
        for c in range(len(tally.call.cohorts)):
            check_benchmark(members[m], tally, outcome, openings, m, c)
    return tally, outcome, openings
