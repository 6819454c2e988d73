#!/usr/bin/python3
"""Reads records without a line of keeplocal's code: ids, chains, payload hashes and signatures.

    reader.py DUMP NETWORK     checks a dump: arrays [header, signature | nil, payload | nil], one
                               behind the other; NETWORK is the network id in hex
    reader.py --golden         prints the known answers that stand in protocol/README.md

Written from protocol/README.md alone, over msgpack and PyNaCl. Exit status 1 and a sentence for the
first record that does not hold.
"""

import hashlib
import struct
import sys

import msgpack
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

HEADER_MAX = 256
PAYLOAD_MAX = 64 << 10


class Wrong(Exception):
    """What does not hold, in words."""


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def tagged(tag, *parts):
    """H(tag, parts): every part goes in behind its length."""
    tag = tag.encode("ascii")
    data = bytes([len(tag)]) + tag
    for part in parts:
        data += struct.pack("<I", len(part)) + part
    return blake2b(data)


def genesis(network, author, epoch):
    return tagged("KL1/genesis", network, author, struct.pack("<I", epoch))


def key_id(public):
    return tagged("KL1/key", public)[:8]


def record_id(header):
    return tagged("KL1/record", header)


def signed(network, identity):
    return b"KL1/signature" + network + identity


def check_header(header):
    """The ten fields of a canonical header."""
    if len(header) > HEADER_MAX:
        raise Wrong("a header of more than 256 bytes")
    fields = msgpack.unpackb(header, raw=False)
    if not isinstance(fields, list) or len(fields) != 10 or fields[0] != 1:
        raise Wrong("a header that is no array of ten, version 1")
    if msgpack.packb(fields, use_bin_type=True) != header:
        raise Wrong("a header that is not in its canonical form")
    return fields


def check_signature(network, author, key, identity, signature):
    """The author signed the record of that id with the key that its header names."""
    if key != key_id(author):
        raise Wrong(f"record {identity.hex()} names another key than its author's")
    try:
        VerifyKey(author).verify(signed(network, identity), signature)
    except (BadSignatureError, ValueError) as error:
        raise Wrong(f"the signature of record {identity.hex()} does not fit") from error


class Feed:
    """Follows one feed and knows up to where it is certified."""

    def __init__(self, network, author, epoch):
        self.network, self.author, self.epoch = network, author, epoch
        self.seq, self.last = 0, genesis(network, author, epoch)
        self.certified = 0

    def take(self, header, signature, payload):
        fields = check_header(header)
        _, author, epoch, key, seq, prev, _, _, size, payload_hash = fields
        if seq != self.seq + 1 or prev != self.last:
            raise Wrong(f"record {seq} does not follow record {self.seq}")
        if payload is not None and (len(payload) != size or blake2b(payload) != payload_hash):
            raise Wrong(f"the payload of record {seq} is another")
        if size > PAYLOAD_MAX:
            raise Wrong(f"the payload of record {seq} is too long")
        self.seq, self.last = seq, record_id(header)
        if signature is None:
            return
        check_signature(self.network, author, key, self.last, signature)
        self.certified = seq


def check_dump(data, network):
    feeds = {}
    unpacker = msgpack.Unpacker(raw=False, max_buffer_size=1 << 30)
    unpacker.feed(data)
    count = signatures = 0
    for header, signature, payload in unpacker:
        _, author, epoch = check_header(header)[:3]
        feed = feeds.setdefault((author, epoch), Feed(network, author, epoch))
        feed.take(header, signature, payload)
        count += 1
        signatures += signature is not None
    if unpacker.tell() != len(data):
        raise Wrong("bytes behind the last record")
    for feed in feeds.values():
        if feed.certified != feed.seq:
            raise Wrong(f"records after {feed.certified} of a feed are certified by nobody")
    if not count:
        raise Wrong("no record at all")
    return count, len(feeds), signatures


def reset(member, epoch, end, reason):
    """Payload of 21: the feed of a member goes on in a new epoch; the old one ends there."""
    return packed({"identity": member, "epoch": epoch, "end": end, "reason": reason})


def erase(author, epoch, record, reason):
    """Payload of 22: the payload of a record is erased wherever it is."""
    return packed({"author": author, "epoch": epoch, "record": record, "reason": reason})


def next_convenor(member, curve, epoch, head):
    """Payload of 23: the roster goes on in the feed of a member, behind that head."""
    return packed({"identity": member, "curve": curve, "epoch": epoch, "head": head})


def packed(value):
    return msgpack.packb(value, use_bin_type=True)


def golden():
    key = SigningKey(b"\x07" * 32)
    public = bytes(key.verify_key)
    network = tagged("KL1/network", public, b"Wem", b"0123456789abcdef")
    payload = b"\x81\xa4name\xa3Wem"
    start = genesis(network, public, 0)
    header = msgpack.packb(
        [1, public, 0, key_id(public), 1, start, 2, 1700000000000, len(payload), blake2b(payload)],
        use_bin_type=True,
    )
    identity = record_id(header)
    signature = key.sign(signed(network, identity)).signature
    return {
        "public": public,
        "network": network,
        "genesis": start,
        "key id": key_id(public),
        "header": header,
        "id": identity,
        "signature": signature,
        "reset": reset(public, 1, [1, identity], "a copy"),
        "erase": erase(public, 0, [1, identity], "a name"),
        "next": next_convenor(public, b"\x09" * 32, 0, [1, identity]),
    }


def main(arguments):
    if arguments == ["--golden"]:
        for name, value in golden().items():
            print(f"{name:10} {value.hex()}")
        return 0
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    with open(arguments[0], "rb") as file:
        data = file.read()
    try:
        count, feeds, signatures = check_dump(data, bytes.fromhex(arguments[1]))
    except (Wrong, ValueError, TypeError, msgpack.UnpackException) as error:
        print(f"reader: {error}", file=sys.stderr)
        return 1
    print(f"{count} records of {feeds} feeds, {signatures} signatures")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
