#!/usr/bin/python3
"""A network of real daemons: who gets in, who does not, and that everybody gets everything."""

import signal

import zmq

from asking import (Refused, admit, equal, expect, found, peer, stands, ticket, wait,
                    wait_known, wait_level)
from curve import curve_key_of, curve_keys, shakes_hands
from harness import run

BEAT = ("--beat", "200ms")


def test_six_members_converge(place):
    convenor, members = found(place, 6, *BEAT)
    for count, member in enumerate(members):
        member.publish(1000 + count)
    for reader in members:
        for count, member in enumerate(members):
            wait_known(reader, member, 1000 + count)
    wait_level([convenor, *members])
    for member in members:
        equal(member.stop(), 0, "exit of a daemon")


def test_a_member_that_was_away_catches_up(place):
    convenor, members = found(place, 3, *BEAT)
    away, busy = members[0], members[1]
    wait_level([convenor, *members])
    equal(away.stop(), 0, "exit of a daemon")
    for count in range(300):
        busy.publish(5000 + count)
    members[2].publish(7)
    away.start(*BEAT)
    wait_known(away, busy, 5299)
    wait_known(away, members[2], 7)
    wait_level([convenor, *members])
    verified = away.peers()["signatures_verified"]
    expect(verified < 30, f"300 records took {verified} signatures: one a run is enough")


def test_an_outgoing_only_member_takes_full_part(place):
    convenor, members = found(place, 2, *BEAT)
    quiet = peer(place, "Behind a Wall").start(*BEAT, bind=False)
    equal(quiet.endpoint[:6], "ipc://", "where it is reached")
    admit(convenor, quiet)
    quiet.ask("join", ticket=ticket(convenor))
    quiet_says = 4711
    wait(lambda: stands(quiet, "active"), "the roster arrives")
    quiet.publish(quiet_says)
    members[0].publish(4712)
    for member in (convenor, *members):
        wait_known(member, quiet, quiet_says)
    wait_known(quiet, members[0], 4712)
    equal(quiet.peers()["endpoint"], "", "endpoint of a member that nobody can call")


def test_records_of_a_member_that_is_offline_are_relayed(place):
    convenor, (author, bridge) = found(place, 2, *BEAT)
    author.publish(11)
    wait_known(bridge, author, 11)
    wait_level([convenor, author, bridge])
    author.stop()
    late = peer(place, "Late").start(*BEAT)
    admit(convenor, late)
    late.ask("join", ticket=ticket(convenor))
    wait_known(late, author, 11)


def test_two_members_get_each_others_records_through_a_chain(place):
    """Both can only call out, and only the convenor: it is the chain between them."""
    convenor = peer(place, "The Convenor", "convenor").start(*BEAT)
    convenor.ask("network create", name="Keep it Local")
    ends = [peer(place, f"End {i}").start(*BEAT, bind=False) for i in (1, 2)]
    for end in ends:
        admit(convenor, end)
        end.ask("join", ticket=ticket(convenor))
    for count, end in enumerate(ends):
        wait(lambda end=end: stands(end, "active"), "the roster arrives")
        end.publish(20 + count)
    wait_known(ends[0], ends[1], 21)
    wait_known(ends[1], ends[0], 20)
    wait_level([convenor, *ends])
    for end in ends:
        linked = [p["name"] for p in end.peers()["peers"]]
        equal(linked, ["the convenor"], "with whom an end is linked")


def test_a_chain_of_members_carries_on_without_the_convenor(place):
    convenor, members = found(place, 3, *BEAT)
    wait_level([convenor, *members])
    wait(lambda: len(members[0].peers()["peers"]) >= 2, "members are linked with each other")
    convenor.stop()
    members[0].publish(31)
    wait_known(members[1], members[0], 31)
    wait_known(members[2], members[0], 31)
    convenor.start(*BEAT)


def test_who_called_before_being_admitted_gets_in_by_itself(place):
    convenor, members = found(place, 1, *BEAT)
    early = peer(place, "Early").start(*BEAT)
    early.ask("join", ticket=ticket(convenor))
    wait(lambda: any(c["refused"] for c in early.peers()["calling"]), "it is refused at first")
    equal(early.status()["state"], "waiting for the convenor", "state meanwhile")
    equal(early.status()["records"], 0, "records that a stranger has got")
    expect(convenor.peers()["refused"] > 0, "the convenor has counted no refusal")
    admit(convenor, early)
    wait(lambda: stands(early, "active"), "it gets in after it was admitted", limit=10)
    early.publish(5)
    wait_known(members[0], early, 5)


def test_strangers_are_refused(place):
    """A home that was never admitted, and a right server key in the hand of a wrong own one."""
    convenor, members = found(place, 1, *BEAT)
    server = curve_key_of(convenor)
    stranger = peer(place, "Stranger").start(*BEAT)
    stranger.ask("join", ticket=ticket(convenor))
    wait(lambda: any(c["refused"] for c in stranger.peers()["calling"]), "the stranger is refused")
    own = zmq.curve_keypair()
    before = convenor.peers()["refused"]
    expect(not shakes_hands(convenor.endpoint, server, own), "a stranger's key shook hands")
    expect(convenor.peers()["refused"] > before, "that was not counted")
    wrong_server = zmq.curve_keypair()[0]
    expect(not shakes_hands(convenor.endpoint, wrong_server, own), "a wrong server key did")
    expect(not shakes_hands(convenor.endpoint, None, None), "a plain connection did")
    expect(shakes_hands(convenor.endpoint, server, curve_keys(members[0])),
           "a member's own key is let in: so the strangers were told apart by their keys")
    equal(stranger.status()["records"], 0, "records that a stranger has got")
    equal(convenor.ask("network members")["members"][0]["name"], members[0].name, "on the roster")


def cut_off(place, how):
    """Removes, suspends or retires one of three members, of whom all are linked."""
    convenor, members = found(place, 3, *BEAT)
    wait_level([convenor, *members])
    out, rest = members[0], members[1:]
    out.publish(1)
    wait_known(convenor, out, 1)
    convenor.ask("network " + how, member=out.name, reason="a test")

    def linked():
        return [m["name"] for c in (convenor, *rest) for m in c.ask("network members")["members"]
                if m["linked"] and m["name"] == out.name]

    wait(lambda: not linked(), "the links with it are cut", limit=5)
    for member in rest:
        member.publish(90)
    wait_known(rest[0], rest[1], 90)
    wait_known(convenor, rest[0], 90)
    wait_level([convenor, *rest])
    refused = convenor.peers()["refused"]
    wait(lambda: convenor.peers()["refused"] > refused, "it tries again and is refused")
    wait(lambda: any("ask the convenor" in step for step in out.status()["next"]), "it is told")
    equal(linked(), [], "links with it")
    before = convenor.status()["records"]
    try:
        out.publish(2)
    except Refused as said:
        equal(said.code, "DENIED", "why it cannot publish")
    rest[1].publish(91)
    wait_known(rest[0], rest[1], 91)
    wait_level([convenor, *rest])
    equal(convenor.status()["records"], before + 1, "records after it was cut off")
    out.stop()
    out.start(*BEAT)
    wait(lambda: any(c["refused"] for c in out.peers()["calling"]), "refused after a restart, too")
    equal(linked(), [], "links with it after a restart")


def test_a_removed_member_is_cut_off_at_once(place):
    cut_off(place, "remove")


def test_a_suspended_member_is_cut_off_at_once(place):
    cut_off(place, "suspend")


def test_everybody_restarts(place):
    convenor, members = found(place, 3, *BEAT)
    everybody = [convenor, *members]
    for count, member in enumerate(members):
        member.publish(100 + count)
    wait_level(everybody)
    before = convenor.status()["records"]
    for member in everybody:
        equal(member.stop(), 0, "exit of a daemon")
    convenor.start(*BEAT, bind=convenor.endpoint)
    for member in members:
        member.start(*BEAT)
    members[0].publish(200)
    for member in members[1:]:
        wait_known(member, members[0], 200)
    wait_level(everybody)
    expect(convenor.status()["records"] > before, "new endpoints and a profile were published")


def test_a_member_that_stood_still_comes_back(place):
    """Stopped for longer than four beats, as a laptop is that sleeps: its links are given up."""
    convenor, (sleeper, other) = found(place, 2, *BEAT)
    wait_level([convenor, sleeper, other])
    sleeper.process.send_signal(signal.SIGSTOP)

    def linked():
        return [p["name"] for p in convenor.peers()["peers"] if p["name"] == sleeper.name]

    other.publish(1)
    wait(lambda: not linked(), "the convenor gives its link up")
    other.publish(2)
    sleeper.process.send_signal(signal.SIGCONT)
    wait_known(sleeper, other, 2)
    sleeper.publish(3)
    wait_known(other, sleeper, 3)
    wait_level([convenor, sleeper, other])


def test_other_peers_are_called_when_those_called_first_are_gone(place):
    """Eight of nine members go for good; the two that are left find each other."""
    convenor, members = found(place, 9, *BEAT)
    wait_level([convenor, *members])
    left = [members[0], members[8]]
    for member in (convenor, *members[1:8]):
        member.stop(signal.SIGKILL)
    left[0].publish(61)
    wait_known(left[1], left[0], 61)
    left[1].publish(62)
    wait_known(left[0], left[1], 62)


def test_a_member_that_listens_everywhere_says_where_it_is_reached(place):
    convenor = peer(place, "The Convenor", "convenor").start(*BEAT, bind="tcp://0.0.0.0:*")
    said = convenor.refused("network create", "CONFIG", name="Keep it Local")
    expect("--advertise" in said.hint, f"what to do: {said.hint}")
    port = convenor.endpoint.rsplit(":", 1)[1]
    convenor.stop()
    advertise = ("--advertise", f"tcp://127.0.0.1:{port}")
    convenor.start(*BEAT, *advertise, bind=f"tcp://0.0.0.0:{port}")
    convenor.ask("network create", name="Keep it Local")
    member = peer(place, "Member").start(*BEAT, bind="tcp://*:*")
    admit(convenor, member)
    member.ask("join", ticket=ticket(convenor))
    wait(lambda: stands(member, "active"), "the member gets in")
    member.publish(1)
    wait_known(convenor, member, 1)


def test_a_new_ticket_brings_new_addresses(place):
    convenor, (member,) = found(place, 1, *BEAT)
    wait_level([convenor, member])
    member.stop()
    convenor.stop()
    convenor.start(*BEAT)  # on another port
    member.start(*BEAT, bind=False)
    member.ask("join", ticket=ticket(convenor))
    member.publish(9)
    wait_known(convenor, member, 9)


if __name__ == "__main__":
    run(globals())
