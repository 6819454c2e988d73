#!/usr/bin/python3
"""Records that C wrote are read by a reader that shares no code with it; altered ones are refused.

    test_reader.py RECORD_DUMP READER
"""

import os
import random
import subprocess
import sys
import tempfile


def read(reader, path, network):
    return subprocess.run(
        [sys.executable, reader, path, network], capture_output=True, text=True, check=False
    )


def altered(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def main(dump, reader):
    results = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "dump")
        made = subprocess.run([dump, path], capture_output=True, text=True, check=True)
        network = made.stdout.strip()
        answer = read(reader, path, network)
        print(f"# {answer.stdout.strip()}{answer.stderr.strip()}")
        wanted = "120 records of 3 feeds, 96 signatures\n"
        results.append((answer.stdout == wanted, "every id, chain, payload and signature holds"))

        other = "00" * 32
        results.append((read(reader, path, other).returncode == 1, "not in another network"))

        with open(path, "rb") as file:
            data = file.read()
        missed = []
        places = random.Random(1).sample(range(len(data)), 20)
        for place in places:
            with open(path, "wb") as file:
                file.write(altered(data, place))
            if read(reader, path, network).returncode != 1:
                missed.append(place)
        results.append((not missed, f"one bit altered is noticed (missed: {missed})"))
    print(f"1..{len(results)}")
    for number, (good, what) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {what}")
    return 0 if all(good for good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
