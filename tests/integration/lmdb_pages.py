"""Where things stand in a file of LMDB (0.9, 64 bit), for tests that damage one on purpose.

A page begins with its number, two unused bytes and its flags. Pages 0 and 1 are the two meta pages, of
which the one with the higher transaction is in force; from there two trees go down: the list of free
pages, and the names of the tables, each of which is a tree of its own.
"""

import struct

BRANCH, LEAF, OVERFLOW, META = 1, 2, 4, 8
BIG, TABLE = 1, 2  # of a node: the value stands in overflow pages, or is a table
MAGIC_AT, VERSION_AT, PAGE_SIZE_AT, LAST_AT, TRANSACTION_AT = 16, 20, 40, 136, 144
FREE_AT, MAIN_AT = 40, 88  # of the meta page: two tables
ROOT = 40                  # of a table


class Pages:
    """Numbers of pages in use, by what they are."""

    def __init__(self, content):
        self.content = content
        self.size = struct.unpack_from("<I", content, PAGE_SIZE_AT)[0]
        metas = [(struct.unpack_from("<Q", content, page * self.size + TRANSACTION_AT)[0], page)
                 for page in (0, 1)]
        self.meta = max(metas)[1]
        at = self.meta * self.size
        self.last = struct.unpack_from("<Q", content, at + LAST_AT)[0]
        self.free, self.branches, self.leaves, self.overflows = [], [], [], []
        self.walk(self.root(at + FREE_AT), self.free, self.free)
        self.top = self.root(at + MAIN_AT)
        self.walk(self.top, self.branches, self.leaves)

    def root(self, at):
        return struct.unpack_from("<Q", self.content, at + ROOT)[0]

    def walk(self, page, branches, leaves):
        if page > self.last:  # an empty table has no root
            return
        at = page * self.size
        flags, lower = struct.unpack_from("<HH", self.content, at + 10)
        (branches if flags & BRANCH else leaves).append(page)
        for i in range((lower - 16) // 2):
            node = at + struct.unpack_from("<H", self.content, at + 16 + 2 * i)[0]
            low, high, kind, key = struct.unpack_from("<HHHH", self.content, node)
            value = node + 8 + key
            if flags & BRANCH:
                self.walk(low | high << 16 | kind << 32, branches, leaves)
            elif kind & BIG:
                self.overflows.append(struct.unpack_from("<Q", self.content, value)[0])
            elif kind & TABLE:
                self.walk(self.root(value), branches, leaves)

    def changed(self, page, offset, data):
        """The file with other bytes in a page."""
        at = page * self.size + offset
        return self.content[:at] + data + self.content[at + len(data):]

    def zeroed(self, page):
        return self.changed(page, 0, bytes(self.size))

    def swapped(self, one, other):
        size = self.size
        first = self.content[one * size:(one + 1) * size]
        second = self.content[other * size:(other + 1) * size]
        return Pages.changed(self, one, 0, second)[:other * size] + first + \
            self.content[(other + 1) * size:] if one < other else self.swapped(other, one)

    def in_both_metas(self, offset, data):
        content = self.content
        for page in (0, 1):
            at = page * self.size + offset
            content = content[:at] + data + content[at + len(data):]
        return content
