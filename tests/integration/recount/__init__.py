"""A tally worked out again from signed records alone, without a line of the program that made them.

What a member's home holds is dumped (dump_records.c); from there on everything is Python: signatures,
the roster, the draw, who is in, what may be released, the certificate, the sums. The rules are those of
protocol/README.md, section "Tallies"; the arithmetic is tests/qb1.

    records   a dump, verified record by record
    roster    who belongs to the network, up to some record of the convenor
    periods   which periods are near each other
    payloads  what the records of a tally say
    tally     one tally: seats, contributions, proposals, certificate, openings
    book      all tallies of a dump, in the order of their CALLs
"""
