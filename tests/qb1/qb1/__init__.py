"""Protocol "QB1" a second time, in Python: what the C code does is held against it.

Written from the definitions of the protocol and from nothing else: no line here was derived from the
C sources, and no line calls them. It is slow and plain on purpose. A reader who knows no C can check
here what the network promises.

    field        numbers modulo 2^61 - 1, polynomials through points
    hashing      tagged hashes, and the stream of elements that a key expands to
    committee    how many seats, who sits, who leads
    cells        metrics, bins, levels, presence
    sharing      from an answer to what each seat is sent, and back
    proving      the tests of whether a share belongs to one honest answer, and their verdict
    selection    who is in, computed from the INTAKEs that a proposal cites
    opening      partial sums, and what several of them say together
    audit        what could be isolated by subtracting, and the plan of what is released
    certificate  when a proposal counts, when a tally failed
    figures      quartiles, mean and rank of a histogram

Everywhere: a seat is a number from 1 to n and also the point at which its shares are evaluated; an
element is an int below p; ids, hashes and keys are bytes.
"""
