"""Metrics and their bins, and an answer as cells.

The cells of a tally are the bins of all its metrics, one metric after the other, low bins first. An
answered metric has a 1 in one of its cells and 0 in the others; one that was not answered has zeros.
Which metrics were answered is told openly, one bit for each, the first in the lowest bit of the first
byte; bits behind the last metric must be 0.

A level says how bins are joined before anything is opened: 0 coarse, 1 middle, 2 fine. It is a list
of run lengths; each run of neighbouring bins becomes one.
"""

from .field import P, Refused

LEVELS = 3


class Metric:
    """edges: one more than bins, None where there is no end; mids: one for each bin."""

    def __init__(self, code, edges, mids, levels):
        self.code, self.edges, self.mids, self.levels = code, edges, mids, levels
        self.bins = len(mids)
        if any(sum(runs) != self.bins for runs in levels) or len(edges) != self.bins + 1:
            raise Refused(f"{code}: levels or edges that do not fit its bins")

    def joined(self, values, level):
        """Runs of a level, each as a list of the values of its bins."""
        at = 0
        for run in self.levels[level]:
            yield values[at:at + run]
            at += run

    def coarsened(self, cells, level):
        return [sum(run) % P for run in self.joined(cells, level)]

    def level_edges(self, level):
        lows = [run[0] for run in self.joined(self.edges[:-1], level)]
        return lows + self.edges[-1:]

    def level_mids(self, level):
        return [sum(run) // len(run) for run in self.joined(self.mids, level)]


class Schema:
    """Metrics in their order, and where each has its cells."""

    def __init__(self, metrics):
        self.metrics, self.offsets, at = metrics, [], 0
        for metric in metrics:
            self.offsets.append(at)
            at += metric.bins
        self.cells = at

    def of_metric(self, m, vector):
        return vector[self.offsets[m]:self.offsets[m] + self.metrics[m].bins]

    def one_hot(self, answers):
        """`answers`: the bin of each metric, None where there is no answer."""
        x = [0] * self.cells
        for offset, own in zip(self.offsets, answers):
            if own is not None:
                x[offset + own] = 1
        return x


def presence(answered):
    """Bits from a list of truths, one for each metric."""
    bits = sum(1 << m for m, yes in enumerate(answered) if yes)
    return bits.to_bytes(-(-len(answered) // 8), "little")


def answered(bits, metrics):
    """The list of truths behind such bits."""
    number = int.from_bytes(bits, "little")
    if len(bits) != -(-metrics // 8) or number >> metrics:
        raise Refused("presence of another number of metrics")
    return [bool(number >> m & 1) for m in range(metrics)]
