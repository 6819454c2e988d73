"""Peers that are no keeplocald: CURVE connections made by hand, with keys from anywhere."""

import itertools
import os

import nacl.bindings
import zmq
from zmq.utils import z85
from zmq.utils.monitor import recv_monitor_message

from harness import Failure


NUMBERS = itertools.count()


def curve_keys(member):
    """The member's own keys (public, secret) for links, from the file that only it can read."""
    with open(os.path.join(member.home, "identity"), encoding="utf-8") as identity:
        lines = dict(line.rstrip("\n").split(" = ", 1) for line in identity if " = " in line)
    secret = bytes.fromhex(lines["curve"])
    return z85.encode(nacl.bindings.crypto_scalarmult_base(secret)), z85.encode(secret)


def curve_key_of(member):
    return curve_keys(member)[0]


class Caller:
    """One connection to a daemon's port; `server` None: without encryption. One that is deaf takes
    next to nothing off the wire until it is read from, and does not come back by itself."""

    def __init__(self, endpoint, server, own, deaf=False):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.handshake_ivl = 2000
        if deaf:
            self.socket.rcvhwm = 1
            self.socket.rcvbuf = 8192
            self.socket.reconnect_ivl = -1
        if server:
            self.socket.curve_serverkey = server
            self.socket.curve_publickey, self.socket.curve_secretkey = own
        name = f"inproc://caller-{next(NUMBERS)}"
        self.socket.monitor(name, zmq.EVENT_ALL)
        self.monitor = zmq.Context.instance().socket(zmq.PAIR)
        self.monitor.connect(name)
        self.socket.connect(endpoint)

    def outcome(self, limit=10):
        """True once the handshake went well, False when it failed. Asked once: events that nobody
        reads would in the end stop the thread that does the work of all sockets."""
        good = zmq.EVENT_HANDSHAKE_SUCCEEDED
        bad = (zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL |
               zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_DISCONNECTED)
        while self.monitor.poll(int(limit * 1000)):
            event = recv_monitor_message(self.monitor)["event"]
            if event & (good | bad):
                self.stop_watching()
                return bool(event & good)
        raise Failure(f"no handshake, and no refusal, within {limit} s")

    def send(self, frame):
        self.socket.send(frame)

    def stop_watching(self):
        if self.monitor:
            self.socket.monitor(None, 0)
            self.monitor.close(0)
            self.monitor = None

    def close(self):
        self.stop_watching()
        self.socket.close()


def shakes_hands(endpoint, server, own):
    caller = Caller(endpoint, server, own)
    try:
        return caller.outcome()
    finally:
        caller.close()


__all__ = ["Caller", "curve_key_of", "curve_keys", "shakes_hands"]
