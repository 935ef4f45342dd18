"""The references in numpy: whole columns at a time. Reads orders from stdin, one a line.

Started as: reference.py DIR, where DIR holds raw little-endian columns. Answers: milliseconds, then numbers.
"""

import sys
import time
from functools import cache

import numpy as np

folder = sys.argv[1]
TYPES = {"u16": "<u2", "f64": "<f8"}


@cache
def column(name):
    return np.fromfile(f"{folder}/{name}", dtype=TYPES[name.rsplit(".", 1)[1]])


def sweep(passes):
    slot, amount, values = column("slot.u16"), column("amount.f64"), column("values.f64")

    def once():
        worth = amount * values[slot]
        return np.flatnonzero(worth[0::2] + worth[1::2] < 0)

    best, out = float("inf"), None
    for _ in range(int(passes)):
        before = time.perf_counter()
        out = once()
        best = min(best, time.perf_counter() - before)
    return best, len(out), int(out.sum())


def blocks(_):
    """A full scan at each of the recorded rows of values."""
    slot, amount = column("slot.u16"), column("amount.f64")
    values = column("values.f64").reshape(int(column("rows.f64")[0]), -1)
    found, total = 0, 0
    before = time.perf_counter()
    for row in values:
        worth = amount * row[slot]
        out = np.flatnonzero(worth[0::2] + worth[1::2] < 0)
        found += len(out)
        total += int(out.sum()) + len(out)
    return time.perf_counter() - before, found, total


prepared = {}


def prepare(_):
    """Sort, prefix sums and both edge arrays."""
    trigger, units, k = column("trigger.f64"), column("units.f64"), column("pool.f64")[0]
    before = time.perf_counter()
    order = np.argsort(-trigger, kind="stable")
    t, q = trigger[order], units[order]
    sold = np.concatenate(([0.0], np.cumsum(q)))
    least = np.minimum.accumulate(edge(k, t, sold[:-1]))
    greatest = np.maximum.accumulate(edge(k, t, sold[1:])[::-1])[::-1]
    took = time.perf_counter() - before
    prepared.update(falling=-t, sold=sold, k=k)
    return took, len(least), float(sold[-1]), float(least[-1]), float(greatest[0])


def edge(k, trigger, sold):
    left = np.sqrt(k / trigger) - sold
    with np.errstate(divide="ignore"):
        start = np.where(left > 0, k / (left * left), np.inf)
    return np.where(sold == 0, trigger, np.maximum(trigger, start))


def shocks(_):
    """Rounds of every recorded shock at once, on sorted prefix sums, until nothing moves."""
    falling, sold, k = prepared["falling"], prepared["sold"], prepared["k"]
    outside = column("outside.f64")
    before = time.perf_counter()
    price, taken = outside, None
    while True:
        now = np.searchsorted(falling, -price, side="left")
        if taken is not None and np.array_equal(now, taken):
            break
        taken = now
        at = np.sqrt(k / outside) + sold[taken]
        price = np.where(taken == 0, outside, np.minimum(outside, k / (at * at)))
    took = time.perf_counter() - before
    return took, int(taken.sum()), float(np.cumsum(price)[-1])


orders = {"sweep": sweep, "blocks": blocks, "prepare": prepare, "shocks": shocks}
for line in sys.stdin:
    name, argument = line.split()
    seconds, *answer = orders[name](float(argument))
    print(seconds * 1e3, *map(repr, answer), flush=True)
