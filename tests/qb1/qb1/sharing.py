"""From an answer to what each seat is sent, and back.

What a seat holds of one contribution is a vector: its shares of the cells x, then of three blinding
values w and of three masks, for three repetitions of the tests (see proving). x and the masks lie on
polynomials of degree t - 1, a w on one of degree 2t - 2 that is 0 at 0.

There are t seeds. Seat j below t is sent seed j; its whole vector is what that seed expands to. Seed
0 stays at home: it gives the three masks at 0, and then each w at the points t .. 2t-2. By that every
polynomial is fixed, and the vectors of the seats from t on follow by interpolation.

Before it is sealed, a share says what it belongs to: 144 bytes that name tally, author, number of the
contribution, seat, kind (1 a seed, 2 a whole vector), policy and schema, then the body. So a blob that
somebody copies under another name does not open as a share of that name.
"""

import struct
from collections import namedtuple

from nacl.bindings import crypto_box_seal_open, crypto_scalarmult_base
from nacl.exceptions import CryptoError

from .field import Refused, decode, encode, interpolate, interpolate_vectors
from .hashing import blake2b, expand

REPETITIONS = 3
EXTRA = 2 * REPETITIONS  # elements of a vector behind the cells
SEED, FULL = 1, 2
HEAD = struct.Struct("<8s32s32sIBB32s32s2s")
MAGIC = b"QB1SHARE"

Binding = namedtuple("Binding", "tally author number seat policy schema")


def kind_of(committee, seat):
    return SEED if seat < committee.t else FULL


def deal(committee, x, seeds):
    """Vectors of all seats: {seat: x | w | mask}."""
    n, t = committee.n, committee.t
    cells = len(x)
    own = expand(seeds[0], REPETITIONS + REPETITIONS * (t - 1))
    masks, high = own[:REPETITIONS], own[REPETITIONS:]
    vectors = {j: expand(seeds[j], cells + EXTRA) for j in range(1, t)}
    below_t = {0: x + masks}
    for j in range(1, t):
        below_t[j] = vectors[j][:cells] + vectors[j][cells + REPETITIONS:]
    blinds = []
    for r in range(REPETITIONS):
        points = {0: 0, **{j: vectors[j][cells + r] for j in range(1, t)}}
        points |= {t + i: high[r * (t - 1) + i] for i in range(t - 1)}
        blinds.append(points)
    for j in range(t, n + 1):
        x_and_mask = interpolate_vectors(below_t, j)
        w = [interpolate(points, j) for points in blinds]
        vectors[j] = x_and_mask[:cells] + w + x_and_mask[cells:]
    return vectors


def plaintext(committee, binding, seeds, vectors):
    kind = kind_of(committee, binding.seat)
    body = seeds[binding.seat] if kind == SEED else encode(vectors[binding.seat])
    return HEAD.pack(MAGIC, binding.tally, binding.author, binding.number, binding.seat, kind,
                     binding.policy, binding.schema, b"\0\0") + body


def read(committee, binding, cells, plain):
    """Vector of the seat that `binding` names; Refused if the share belongs to anything else."""
    kind = kind_of(committee, binding.seat)
    wanted = HEAD.size + (32 if kind == SEED else 8 * (cells + EXTRA))
    if len(plain) != wanted:
        raise Refused(f"a share of {len(plain)} bytes, not {wanted}")
    head = HEAD.pack(MAGIC, binding.tally, binding.author, binding.number, binding.seat, kind,
                     binding.policy, binding.schema, b"\0\0")
    if plain[:HEAD.size] != head:
        raise Refused("a share that is bound to something else")
    body = plain[HEAD.size:]
    return expand(body, cells + EXTRA) if kind == SEED else decode(body)


def open_blob(secret, blob):
    try:
        return crypto_box_seal_open(blob, crypto_scalarmult_base(secret), secret)
    except (CryptoError, TypeError, ValueError) as error:
        raise Refused("a blob that does not open") from error


def blob_hash(blob):
    return blake2b(blob)
