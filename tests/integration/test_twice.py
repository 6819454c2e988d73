"""Real tallies of real daemons, worked out a second time in Python from signed records alone.

What the program says of a tally (`tally show`, `benchmark`) must follow from the records that a member
holds: who sits, who is in, which cohorts are shown how finely, the certificate, every histogram. While a
tally runs the test does what nobody else can: it looks into all homes, takes the keys of the seats, opens
every share, and works out what each seat has to reply and to add up.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "qb1"))

from harness import BUILD, Failure, equal, expect, run, wait  # noqa: E402
from qb1 import figures, opening, proving, sharing  # noqa: E402
from qb1.cells import answered  # noqa: E402
from qb1.field import interpolate_vectors  # noqa: E402
from recount import records  # noqa: E402
from recount.book import Book  # noqa: E402
from tallies import arrived, bins_of, call, contribute, ended, network, record  # noqa: E402

DUMP = os.path.join(BUILD, "tests/integration/dump_records")
PERIOD = 2026
FTE = [12, 60.5, 61, 140, 640, 15, 9, 5000]
SCORES = [0, 1, 2, 3, 4, 4, 3, 2]
WELSH = range(3, 8)  # members in Wales; the first five are councils


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


# ---- shares, opened -----------------------------------------------------------------------------

def keys_of(members, tally):
    """Secret keys of the seats by the names of their members, as they lie in the homes."""
    found = {}
    for member in members:
        path = os.path.join(member.home, "tally", tally + ".key")
        if os.path.exists(path):
            with open(path, "rb") as file:
                found[member.name] = file.read()
    return found


def vectors_of(book, tally, keys):
    """What every seat holds of every contribution: {author: {seat: vector}}."""
    seats = names_of(tally, tally.seats)
    found = {}
    for author, numbers in tally.contribs.items():
        for number, (_, said) in numbers.items():
            vectors = {}
            for seat, name in enumerate(seats, 1):
                blob = book.shares[author][said.blobs[32 * (seat - 1):32 * seat]]
                binding = sharing.Binding(tally.id, author, number, seat, tally.call.policy_hash,
                                          tally.call.schema_hash)
                vectors[seat] = sharing.read(tally.committee, binding, tally.schema.cells,
                                             sharing.open_blob(keys[name], blob))
            found[author] = vectors
    return found


def check_answers(tally, vectors, answers):
    """Any t seats hold exactly what a member answered; one fewer would not."""
    for author, held in vectors.items():
        (name,) = names_of(tally, [author])
        x = tally.schema.one_hot(answers[name])
        t = tally.committee.t
        for group in (range(1, t + 1), range(tally.committee.n - t + 1, tally.committee.n + 1)):
            together = interpolate_vectors({s: held[s] for s in group}, 0)
            equal(together[:tally.schema.cells], x, f"answer of {name}")


def check_intakes(tally, vectors):
    """Each seat acknowledges what it can open, with the right replies to the tests."""
    for seat, entries in tally.intakes().values():
        equal([column for column, *_ in entries], sorted(tally.column[a] for a in vectors),
              f"columns in the INTAKE of seat {seat}")
        for _, identity, status, reply in entries:
            equal(status, 0, f"status at seat {seat}")
            author, said = tally.contribution(identity)
            blobs = [said.blobs[i:i + 32] for i in range(0, len(said.blobs), 32)]
            questions = proving.challenges(tally.schema, tally.id, author, said.number,
                                           said.presence, blobs)
            truths = answered(said.presence, len(tally.schema.metrics))
            equal(reply, proving.reply(tally.schema, truths, questions, vectors[author][seat]),
                  f"replies of seat {seat}")


def check_sums(tally, outcome, vectors):
    """Each seat opened the sums of exactly the certified sets, joined to the certified level."""
    opened = tally.sums(tally.certified())
    expect(len(opened) >= tally.committee.qa, f"seats that opened: {sorted(opened)}")
    for seat, sums in opened.items():
        for (m, c, level, _), given in zip(outcome.rows, sums, strict=True):
            members = outcome.cells[m, c].members
            equal(given, opening.partial_sum(tally.schema, m, level,
                                             [vectors[a][seat] for a in members]),
                  f"sum of seat {seat} for metric {m}, cohort {c}")


# ---- the tests ----------------------------------------------------------------------------------

def bin_of(member, tally, metric):
    return next(m["bin"] for m in member.json("tally", "contribute", tally, "--dry-run")["metrics"]
                if m["metric"] == metric)


def settled(place):
    """A network of eight, five of them councils and five in Wales, with two figures each."""
    convenor, members = network(place, 8, kinds=["council"] * 5 + ["anchor"] * 3)
    for i in WELSH:
        convenor.run("network", "admit", members[i].name, "--region", "wales")
    for member, fte, score in zip(members, FTE, SCORES):
        record(member, "enabled.fte", fte, PERIOD)
        record(member, "maturity.c1", score, PERIOD)
    return convenor, members


def test_everything_follows_from_signed_records(place):
    convenor, members = settled(place)
    tally = call(convenor, PERIOD, ["enabled.fte"])
    contribute(members[:-1], tally)
    # Three seats are away while the last answer comes: nothing can be decided, and all shares lie
    # about, sealed.
    arrived([members[-1]], tally)
    seated = [s["member"] for s in convenor.json("tally", "show", tally)["seats"]]
    away = [m for m in members[:-1] if m.name in seated][:3]
    for member in away:
        member.stop()
    contribute(members[-1:], tally)
    wait(lambda: len(convenor.json("tally", "show", tally)["contributors"]) == len(members),
         "all contributions at the convenor")
    keys = keys_of(members, tally)
    sealed = look_into(convenor)
    for member in away:
        member.start()
    ended([*members, convenor], tally)

    witness = next(m for m in members if m.name not in seated)
    book = book_of(look_into(witness))
    found, outcome, _ = check_everything(members, book, tally)
    expect(outcome.cells[0, 0].level is not None and outcome.cells[0, 2].level is None,
           f"everybody is shown, the anchors are not: {outcome.cells}")
    equal({p for blobs in book.shares.values() for p in blobs.values()}, {None},
          "payloads of SHAREs after the end")

    vectors = vectors_of(book_of(sealed), only_tally(book_of(sealed), tally), keys)
    edges = found.schema.metrics[0].edges
    answers = {m.name: [max(i for i, e in enumerate(edges[:-1]) if e <= 10 * v)]
               for m, v in zip(members, FTE)}
    check_answers(found, vectors, answers)
    check_intakes(found, vectors)
    check_sums(found, outcome, vectors)


def test_one_tally_after_another(place):
    convenor, members = settled(place)

    def count(metric, period, cohorts):
        tally = call(convenor, period, [metric], "30s", "30s", "--cohorts", cohorts)
        contribute(members, tally)
        ended([*members, convenor], tally)
        return tally

    first = count("enabled.fte", PERIOD, "everybody")
    second = count("maturity.c1", PERIOD, "councils,region=wales")

    found = look_into(members[0])
    book = book_of(found)
    check_everything(members, book, first)
    tally, outcome, _ = check_everything(members[:1], book, second)
    equal(tally.call.previous_result, book.result_of(only_tally(book, first)),
          "the draw of the second rests on the first")
    equal([cell.why for cell in outcome.cells.values()], ["atoms", "rref"],
          "what lets them be shown")

    # Of the same records without three votes nothing follows.
    voters = {r for r, v in tally.votes.items() if v.seat <= 3}
    fewer = book_of(found, voters)
    equal(only_tally(fewer, second).certified(), None, "with four votes of seven")


def test_a_dead_leader_costs_an_attempt(place):
    convenor, members = network(place, 6)
    for member, score in zip(members, SCORES):
        record(member, "maturity.c1", score, PERIOD)
    tally = call(convenor, PERIOD, ["maturity.c1"], "30s", "8s")
    arrived(members, tally)
    leader = convenor.json("tally", "show", tally)["seats"][0]["member"]
    (dead,) = [m for m in members if m.name == leader]
    alive = [m for m in members if m is not dead]
    contribute([dead, *alive[:-1]], tally)
    wait(lambda: len(alive[-1].json("tally", "show", tally)["contributors"]) == 5, "contributions")
    dead.stop()
    contribute(alive[-1:], tally)
    ended([*alive, convenor], tally)

    book = book_of(look_into(alive[0]))
    found, _, _ = check_everything(alive, book, tally)
    said = book.proposal(found.certified())
    equal((said.attempt, len(said.citing)), (1, 5), "attempt, and INTAKEs that are cited")
    skipped = {s.seat for s in found.skips.values() if s.attempt == 0}
    expect(len(skipped) >= found.committee.qv and 1 not in skipped, f"SKIPs of seats {skipped}")


if __name__ == "__main__":
    run(globals())
