"""Real tallies of real daemons, worked out a second time in Python from signed records alone.

What the program says of a tally (`tally show`, `benchmark`) must follow from the records that a member
holds: who sits, who is in, which cohorts are shown how finely, the certificate, every histogram. While a
tally runs the test does what nobody else can: it looks into all homes, takes the keys of the seats, opens
every share, and works out what each seat has to reply and to add up.
"""

import os

from harness import equal, expect, run, wait
from tallies import arrived, call, contribute, ended, network, record
from twice import book_of, check_everything, look_into, names_of, only_tally

from qb1 import opening, proving, sharing
from qb1.cells import answered
from qb1.field import interpolate_vectors

PERIOD = 2026
FTE = [12, 60.5, 61, 140, 640, 15, 9, 5000]
SCORES = [0, 1, 2, 3, 4, 4, 3, 2]
WELSH = range(3, 8)  # members in Wales; the first five are councils


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
    for member, score in zip(members, SCORES):
        record(member, "maturity.c1", score, PERIOD + 1)
    third = count("maturity.c1", PERIOD + 1, "everybody,councils")

    found = look_into(members[0])
    book = book_of(found)
    check_everything(members, book, first)
    tally, outcome, _ = check_everything(members[:1], book, second)
    equal(tally.call.previous_result, book.result_of(only_tally(book, first)),
          "the draw of the second rests on the first")
    equal([cell.why for cell in outcome.cells.values()], ["atoms", "rref"],
          "what lets them be shown")
    # Scores hardly change: without the councils of the year before, three would be left of everybody.
    _, outcome, _ = check_everything(members[:1], book, third)
    equal([cell.why for cell in outcome.cells.values()], ["could be subtracted", "rref"],
          "a year later")

    # Of the same records without three votes nothing follows.
    voters = {r for r, v in tally.votes.items() if v.seat <= 3}
    fewer = book_of(found, voters)
    equal(only_tally(fewer, second).certified(), None, "with four votes of seven")


if __name__ == "__main__":
    run(globals())
