"""Asks daemons over their command socket, from within the test's own process.

The command `keeplocal` is tested elsewhere; here a question costs no process, so that tests can ask
as often as they like. The frames are those of protocol/control.h.
"""

import hashlib
import subprocess

import msgpack
import zmq

from harness import DAEMON, LIMIT, Failure, Member, equal, expect, wait

ASK, ANSWER, REFUSED, CREDIT, PART, END = 1, 3, 4, 5, 6, 7


class Refused(Exception):
    """What a daemon answers when it does not do what it was asked."""

    def __init__(self, said):
        super().__init__(f"{said['code']}: {said['message']} ({said['hint']})")
        self.code, self.message, self.hint = said["code"], said["message"], said["hint"]


class Asker:
    """One connection to a command socket; ask() waits for the answer."""

    def __init__(self, control):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect("ipc://" + control)
        self.number = 0

    def send(self, command, **args):
        self.number += 1
        body = msgpack.packb({"v": 1, "command": command, "args": args})
        self.socket.send_multipart([bytes([ASK]), self.number.to_bytes(4, "little"), body])

    def receive(self, limit):
        """The answer to what was sent last; None if there is none yet."""
        while self.socket.poll(int(limit * 1000)):
            kind, request, body = self.socket.recv_multipart()
            if request != self.number.to_bytes(4, "little") or kind[0] not in (ANSWER, REFUSED):
                continue
            answer = msgpack.unpackb(body)
            if kind[0] == REFUSED:
                raise Refused(answer)
            return answer
        return None

    def ask(self, command, limit=LIMIT, **args):
        self.send(command, **args)
        answer = self.receive(limit)
        if answer is None:
            raise Failure(f"no answer to \"{command}\" within {limit:.0f} s")
        return answer

    def close(self):
        self.socket.close()


class Upload(Asker):
    """An upload that ends when the test says so."""

    def frame(self, kind, body):
        self.socket.send_multipart([bytes([kind]), self.number.to_bytes(4, "little"), body])

    def begin(self, command, **args):
        """Returns once the daemon waits for parts."""
        self.send(command, **args)
        while self.socket.recv_multipart()[0][0] != CREDIT:
            pass

    def end(self, rows):
        """These rows, as one part; then the answer."""
        part = msgpack.packb(rows)
        tag = b"keeplocal/upload"
        digest = hashlib.blake2b(bytes([len(tag)]) + tag + len(part).to_bytes(4, "little") + part,
                                 digest_size=32).digest()
        self.frame(PART, msgpack.packb({"part": 0, "rows": rows}))
        self.frame(END, msgpack.packb({"parts": 1, "hash": digest}))
        answer = self.receive(LIMIT)
        if answer is None:
            raise Failure("no answer to an upload")
        return answer


class Peer(Member):
    """A member whose daemon is asked directly."""

    asker = None

    def make(self, kind="anchor"):
        done = daemon("--home", self.home, "--init", "--name", self.name, "--kind", kind)
        equal(done.returncode, 0, f"init of {self.name}: {done.stderr}")
        self.member_id = done.stdout.split()[-1]
        return self

    def start(self, *args, **how):
        super().start(*args, **how)
        self.asker = Asker(self.home + "/control")
        return self

    def stop(self, *how):
        if self.asker:
            self.asker.close()
            self.asker = None
        return super().stop(*how)

    def ask(self, command, **args):
        return self.asker.ask(command, **args)

    def refused(self, command, code, **args):
        try:
            answer = self.ask(command, **args)
        except Refused as refused:
            equal(refused.code, code, f"code of {refused}")
            return refused
        raise Failure(f"{self.name}: {command} was answered: {answer!r}")

    def status(self):
        return self.ask("status")

    def peers(self):
        return self.ask("peers")

    def publish(self, count):
        """One record of the own feed, whose content is `count`."""
        return self.ask("profile set", set=[f"population={count}"])

    def population(self, of):
        """What this member knows of the last record of another; None before the first."""
        try:
            fields = self.ask("profile show", member=of.name)["fields"]
        except Refused as refused:
            if refused.code != "NOT_FOUND":
                raise
            return None
        return next((f["value"] for f in fields if f["field"] == "population"), None)


def daemon(*args, **how):
    """Runs keeplocald to its end."""
    return subprocess.run([DAEMON, *map(str, args)], capture_output=True, text=True,
                          timeout=LIMIT, check=False, **how)


def peer(place, name, kind="anchor"):
    return Peer(place, name).make(kind)


def found(place, n, *args, **how):
    """A convenor with a network, and n members on its roster and in contact."""
    convenor = peer(place, "The Convenor", "convenor").start(*args, **how)
    convenor.ask("network create", name="Keep it Local")
    members = [peer(place, f"Member {i}").start(*args, **how) for i in range(1, n + 1)]
    for member in members:
        admit(convenor, member)
        member.ask("join", ticket=ticket(convenor))
    return convenor, members


def ticket(convenor):
    return convenor.ask("network ticket")["ticket"]


def admit(convenor, member):
    convenor.ask("network admit", member_id=member.member_id, name=member.name)


def stands(member, wanted):
    return member.status()["state"] == wanted


def level(members, records=None):
    """Whether all hold the same records (and how many, if that is known)."""
    roots = {member.peers()["root"] for member in members}
    counts = {member.status()["records"] for member in members}
    return len(roots) == 1 and len(counts) == 1 and (records is None or counts == {records})


def wait_level(members, what="everybody has the same records", limit=LIMIT):
    wait(lambda: level(members), what, limit)


def wait_known(member, of, count, limit=LIMIT):
    wait(lambda: member.population(of) is not None and
         int(member.population(of).replace(",", "")) == count,
         f"{member.name} hears {count} of {of.name}", limit)


__all__ = ["Asker", "Peer", "Refused", "admit", "daemon", "equal", "expect", "found", "level",
           "peer", "stands", "ticket", "wait", "wait_known", "wait_level"]
