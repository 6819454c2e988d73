#!/usr/bin/python3
"""The second implementation of QB1 against all known answers; and altered answers are noticed."""

import os
import random
import sys
import traceback

from known import ANSWERS, CHECKERS, FOLDER, World, load


def small(data):
    """Parts of a file with one entry each, in the form of the whole."""
    if isinstance(data, list):
        return [[entry] for entry in data]
    lists = [k for k, v in data.items() if isinstance(v, list) and k not in ("eligible", "metrics")]
    if "metrics" in data:
        return [data]
    return [{**data, **{k: [] for k in lists}, part: [entry]}
            for part in lists for entry in data[part]]


def leaves(value, names=(), path=()):
    """(names of the keys on the way, path) of everything that is no list and no map."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*names, key), (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from leaves(inner, names, (*path, i))
    else:
        yield names, path


def other(value):
    """Something of the same kind that is not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value:
        return value[:-1] + ("1" if value[-1] != "1" else "2")
    return 1


def altered(value, path):
    """A copy in which the leaf at `path` is another."""
    if not path:
        return other(value)
    copy = value.copy()
    copy[path[0]] = altered(value[path[0]], path[1:])
    return copy


def passes(check, data, world):
    try:
        check(data, world)
    except Exception:  # whatever it was, it was noticed
        return False
    return True


def unnoticed(name, world, rng):
    """Answers of a file that could be altered without the checker noticing; and how many were."""
    found, tried = [], 0
    parts = small(load(name))
    for answer in ANSWERS[name]:
        places = [(part, path) for part in parts for names, path in leaves(part)
                  if answer in names]
        if not places:
            found.append(f"{name} has no {answer}")
        for part, path in rng.sample(places, min(2, len(places))):
            tried += 1
            if passes(CHECKERS[name], altered(part, path), world):
                found.append(f"{name}: {path}")
    return found, tried


def known_answers(name, world):
    data = load(name)
    CHECKERS[name](data, world)
    return f"{name}.json"


def alterations(world):
    rng, missed, tried = random.Random(1), [], 0
    for name in ANSWERS:
        found, count = unnoticed(name, world, rng)
        missed, tried = missed + found, tried + count
    if missed:
        raise AssertionError(f"altered, and nobody noticed: {missed}")
    return f"each of {tried} altered answers is noticed"


def every_file(_):
    files = sorted(f[:-5] for f in os.listdir(FOLDER) if f.endswith(".json"))
    missing = set(ANSWERS) ^ set(files)
    if missing:
        raise AssertionError(f"files without a checker, or checkers without a file: {missing}")
    return f"all {len(files)} files of known answers are read"


def main():
    world = World()
    tests = [(every_file,)] + [(known_answers, name) for name in ANSWERS] + [(alterations,)]
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, (test, *arguments) in enumerate(tests, 1):
        try:
            print(f"ok {number} - {test(*arguments, world)}", flush=True)
        except Exception:  # the next test still runs
            failed += 1
            print(f"not ok {number} - {' '.join([test.__name__, *arguments])}", flush=True)
            print("\n".join("# " + line[:500] for line in traceback.format_exc().splitlines()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
