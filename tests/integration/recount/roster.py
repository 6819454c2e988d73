"""Who belongs to the network: a fold over the convenor's own feed.

Only what tallies rest on: the charter's minimum and cohorts, and the active members with the attributes
that the convenor confirmed. The roster's hash is the id of the last roster record in force.
"""

from collections import namedtuple

import msgpack

from qb1.hashing import tagged

CREATE, CHARTER, ADMIT, RETIRE, SUSPEND, REMOVE = 1, 16, 17, 18, 19, 20
COUNCIL = 1  # kind of a member; 2: anchor

Member = namedtuple("Member", "id name control council attributes")
Frozen = namedtuple("Frozen", "hash convenor minimum cohorts members")  # members ascending by id


def control_of(identity, attributes):
    """Members of one control group know each other's figures."""
    group = attributes.get("control_group")
    return tagged("QB1/control", group.encode()) if group else identity


class Roster:
    def __init__(self, convenor):
        self.convenor, self.hash, self.minimum, self.cohorts = convenor, None, 10, []
        self.members, self.gone = {}, set()

    def take(self, record):
        """The next record of the convenor's feed."""
        if record.kind not in (CREATE, CHARTER, ADMIT, RETIRE, SUSPEND, REMOVE):
            return
        said = msgpack.unpackb(record.payload)
        if record.kind == CHARTER:
            self.minimum, self.cohorts = said["minimum"], said.get("cohorts", [])
        elif record.kind == ADMIT:
            attributes = said["attributes"]
            self.gone.discard(said["identity"])
            self.members[said["identity"]] = Member(
                said["identity"], said["name"], control_of(said["identity"], attributes),
                attributes["kind"] == COUNCIL, attributes)
        elif record.kind != CREATE:
            self.gone.add(said["identity"])
        self.hash = record.id

    def frozen(self):
        active = [m for key, m in sorted(self.members.items()) if key not in self.gone]
        return Frozen(self.hash, self.convenor, self.minimum, self.cohorts, active)


ATTRIBUTE = {"type": "type", "region": "region", "deprivation": "deprivation_quintile",
             "rural": "rural_urban", "income": "income_band"}


def in_cohort(rule, member):
    """Whether a member stands in the cohort that a rule such as `region=wales` describes."""
    if rule == "everybody":
        return True
    if rule in ("councils", "anchors"):
        return member.council == (rule == "councils")
    name, value = rule.split("=", 1)
    return str(member.attributes.get(ATTRIBUTE[name], "")) == value
