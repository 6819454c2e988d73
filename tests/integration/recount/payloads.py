"""What the records of a tally say: one canonical msgpack array each (protocol/README.md, "Tallies").

Canonical is checked as in the rest of the reader: what was read is written again and must be the same
bytes. The payload of a SHARE is the sealed blob itself and is not read here.
"""

from collections import namedtuple

import msgpack

from qb1.cells import Metric, Schema
from qb1.field import decode
from qb1.hashing import tagged
from reader import Wrong

CALL, ACCEPT, SHARE, CONTRIB, WITHDRAW, INTAKE, PROPOSE, VOTE = 64, 65, 66, 67, 68, 69, 70, 71
SKIP, OPEN, QUIT, CLOSE, EVIDENCE, DECLINE = 72, 73, 74, 75, 76, 77

Call = namedtuple("Call", "period schema_list contribute_ms decide_ms cohorts minimum schema_hash "
                          "policy_hash roster count previous previous_result tries offers named "
                          "earlier evidence")
Accept = namedtuple("Accept", "tally seat key")
Contrib = namedtuple("Contrib", "tally number presence blobs")
Withdraw = namedtuple("Withdraw", "tally number")
Intake = namedtuple("Intake", "tally seat number before more entries")
Propose = namedtuple("Propose", "tally attempt number before more cited earlier rows")
Vote = namedtuple("Vote", "tally attempt seat proposal")
Skip = namedtuple("Skip", "tally attempt seat")
Open = namedtuple("Open", "tally seat attempt proposal votes skips number before more first sums")
Quit = namedtuple("Quit", "tally seat votes")
Close = namedtuple("Close", "tally outcome result")
Evidence = namedtuple("Evidence", "tally seat records")
Decline = namedtuple("Decline", "tally")

FORMS = {CALL: Call, ACCEPT: Accept, CONTRIB: Contrib, WITHDRAW: Withdraw, INTAKE: Intake,
         PROPOSE: Propose, VOTE: Vote, SKIP: Skip, OPEN: Open, QUIT: Quit, CLOSE: Close,
         EVIDENCE: Evidence, DECLINE: Decline}


def read(record):
    """What a record says, or None for a SHARE and for what was erased."""
    form = FORMS.get(record.kind)
    if form is None or record.payload is None:
        return None
    fields = msgpack.unpackb(record.payload, strict_map_key=False)
    if not isinstance(fields, list) or len(fields) != len(form._fields) + 1 or fields[0] != 1:
        raise Wrong(f"a payload of kind {record.kind} with other fields")
    if msgpack.packb(fields, use_bin_type=True) != record.payload:
        raise Wrong(f"a payload of kind {record.kind} that is not canonical")
    return form(*fields[1:])


def columns(bitmap):
    """Places of the members that a bitmap names."""
    bits = int.from_bytes(bitmap or b"", "little")
    return {i for i in range(8 * len(bitmap or b"")) if bits >> i & 1}


def schema(call):
    """Metrics and cells of a CALL; a metric is [code, name, unit, scale, periods, discrete, edges,
    mids, levels]."""
    return Schema([Metric(m[0], m[6], m[7], m[8]) for m in call.schema_list])


def check_hashes(call):
    """The hashes that shares are bound to are those of what the CALL says."""
    policy = [call.minimum, call.contribute_ms, call.decide_ms, call.cohorts]
    for tag, said, wanted in (("QB1/schema", call.schema_list, call.schema_hash),
                              ("QB1/policy", policy, call.policy_hash)):
        if tagged(tag, msgpack.packb(said, use_bin_type=True)) != wanted:
            raise Wrong(f"a CALL whose hash {tag} is another")


def replies(entry):
    """(column, id, status, reply elements or None) of an entry of an INTAKE."""
    column, identity, status, bytes_ = entry
    return column, identity, status, decode(bytes_) if bytes_ is not None else None
