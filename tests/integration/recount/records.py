"""The records of a dump: every id, chain, payload hash and signature is checked by reader.py.

Records of some kinds must carry their author's own signature, so that each of them counts by itself.
"""

from collections import namedtuple

import msgpack

from reader import Feed, Wrong, blake2b, check_header, check_signature, record_id

OWN = {64, 65, 68, 69, 70, 71, 72, 73, 74, 75, 76}  # kinds with a signature of their own

Record = namedtuple("Record", "author epoch seq id kind time payload payload_hash")


def read(data, network):
    """All records of a dump, feed after feed."""
    feeds, records = {}, []
    unpacker = msgpack.Unpacker(raw=False, max_buffer_size=1 << 30)
    unpacker.feed(data)
    for header, signature, payload in unpacker:
        _, author, epoch, _, seq, _, kind, time, _, payload_hash = check_header(header)
        feed = feeds.setdefault((author, epoch), Feed(network, author, epoch))
        feed.take(header, signature, payload)
        if kind in OWN and signature is None:
            raise Wrong(f"record {seq} is of kind {kind} and carries no signature")
        records.append(Record(author, epoch, seq, feed.last, kind, time, payload, payload_hash))
    if any(feed.certified != feed.seq for feed in feeds.values()):
        raise Wrong("records that nobody signed")
    return records


def read_alone(data, network):
    """A record that counts by its own signature, whatever became of the feed in which it stood."""
    header, signature, payload = msgpack.unpackb(data)
    _, author, epoch, key, seq, _, kind, time, _, payload_hash = check_header(header)
    if kind not in OWN or payload is None or blake2b(payload) != payload_hash:
        raise Wrong(f"a record of kind {kind} that does not count alone")
    identity = record_id(header)
    check_signature(network, author, key, identity, signature)
    return Record(author, epoch, seq, identity, kind, time, payload, payload_hash)
