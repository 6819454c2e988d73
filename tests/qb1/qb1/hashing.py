"""Hashes with a tag, and keys that expand to as many elements as somebody needs.

H(tag, parts): BLAKE2b with 32 bytes of output over the length of the tag in one byte, the tag, and
each part behind its length in four bytes, little endian. No key and no salt. Since every length goes
in, no two lists of parts are hashed as the same bytes.

expand(key, count): ChaCha20 from counter 0 with a nonce of zeros, read eight bytes at a time as
little-endian words. Of each word the lower 61 bits are taken; one that equals p is passed over.
"""

import hashlib
import struct

from .field import P

WORD = 0xffffffff
SIGMA = struct.unpack("<4I", b"expand 32-byte k")
COLUMNS = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]
DIAGONALS = [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]


def blake2b(data, size=32):
    return hashlib.blake2b(data, digest_size=size).digest()


def tagged(tag, *parts):
    tag = tag.encode("ascii")
    return blake2b(bytes([len(tag)]) + tag +
                   b"".join(struct.pack("<I", len(part)) + part for part in parts))


def chacha20(key, blocks):
    """That many blocks of 64 bytes. All blocks are made at once: one large integer holds the same
    word of every block, 64 bits apart, so that no carry and no shift reaches a neighbour."""
    ones = sum(1 << 64 * b for b in range(blocks))
    mask = WORD * ones
    counters = sum(b << 64 * b for b in range(blocks))
    start = [word * ones for word in SIGMA + struct.unpack("<8I", key)] + [counters, 0, 0, 0]
    s = list(start)

    def turned(value, bits):
        return (value << bits | value >> 32 - bits) & mask

    for _ in range(10):
        for a, b, c, d in COLUMNS + DIAGONALS:
            s[a] = s[a] + s[b] & mask
            s[d] = turned(s[d] ^ s[a], 16)
            s[c] = s[c] + s[d] & mask
            s[b] = turned(s[b] ^ s[c], 12)
            s[a] = s[a] + s[b] & mask
            s[d] = turned(s[d] ^ s[a], 8)
            s[c] = s[c] + s[d] & mask
            s[b] = turned(s[b] ^ s[c], 7)
    lanes = [(x + y & mask).to_bytes(8 * blocks, "little") for x, y in zip(s, start)]
    return b"".join(lane[8 * b:8 * b + 4] for b in range(blocks) for lane in lanes)


def expand(key, count):
    elements = []
    blocks = -(-count // 8)
    while len(elements) < count:  # a second time only if a word was passed over
        stream = chacha20(key, blocks)
        words = (w & P for (w,) in struct.iter_unpack("<Q", stream))
        elements = [w for w in words if w != P]
        blocks += 1
    return elements[:count]
