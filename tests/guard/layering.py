"""Holds the house to its rules: who may include whom, and what pure code may call.

Usage: layering.py SOURCE_DIR core.a protocol.a
Prints TAP. The table is the one in README.md ("The house").
"""

import os
import re
import subprocess
import sys

OWN = {
    "core": {"core"},
    "protocol": {"core", "protocol"},
    "store": {"core", "store"},
    "daemon": {"core", "protocol", "store", "daemon"},
    "client": {"core", "protocol", "client"},
}
FOREIGN = {  # libraries a folder may include, beside the C library
    "core": {"sodium.h", "libstemmer.h"},
    "protocol": {"msgpack.h"},
    "store": {"lmdb.h", "sodium.h"},
    "daemon": {"zmq.h", "uv.h", "sodium.h"},
    "client": {"zmq.h", "jansson.h", "zip.h", "expat.h", "xlsxwriter.h", "iconv.h"},
}
LIBRARIES = set().union(*FOREIGN.values())
IMPURE = re.compile(
    r"^(zmq_|uv_|mdb_|randombytes|crypto_box_seal|crypto_\w+_keygen$|crypto_(box|sign|kx)_keypair$"
    r"|time$|clock_gettime$|gettimeofday$|fopen|open(64)?$|openat|socket$|connect$|getenv"
    r"|secure_getenv|(__)?(v?(f|d|s|as))?printf(_chk)?$|puts$|rand$|random$|srand)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
FILE_LINES_MAX = 800


def sources(top, folder):
    for where, _, names in os.walk(os.path.join(top, folder)):
        for name in sorted(names):
            if name.endswith((".c", ".h", ".def")):
                yield os.path.join(where, name)


def include_faults(top):
    for folder, own in OWN.items():
        for path in sources(top, folder):
            with open(path, encoding="utf-8") as f:
                text = f.read()
            shown = os.path.relpath(path, top)
            for mark, name in INCLUDE.findall(text):
                if mark == '"' and name.split("/")[0] not in own:
                    yield f'{shown} includes "{name}": {folder}/ may not'
                if mark == "<" and name in LIBRARIES and name not in FOREIGN[folder]:
                    yield f"{shown} includes <{name}>: {folder}/ may not"


def symbol_faults(library):
    text = subprocess.run(["nm", "-u", library], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[0] == "U":
            name = parts[1].split("@")[0]
            if IMPURE.match(name):
                yield f"{os.path.basename(library)} calls {name}"
            if "protocol" in library and name.startswith(("crypto_", "sodium_")):
                yield f"{os.path.basename(library)} calls {name}: core/ has hash, sign and seal"


def length_faults(top):
    for folder in list(OWN) + ["tests"]:
        for path in sources(top, folder):
            with open(path, encoding="utf-8") as f:
                lines = sum(1 for _ in f)
            if lines > FILE_LINES_MAX:
                yield f"{os.path.relpath(path, top)} has {lines} lines, more than {FILE_LINES_MAX}"


def readme_faults(top):
    for folder in [""] + list(OWN) + ["tests"]:
        if not os.path.exists(os.path.join(top, folder, "README.md")):
            yield f"{folder or 'the top'}/ has no README.md"


def main(top, core, protocol):
    checks = [
        ("folders include only what the house allows", include_faults(top)),
        ("core/ calls nothing impure", symbol_faults(core)),
        ("protocol/ calls nothing impure, and no cryptography but core's", symbol_faults(protocol)),
        ("no file is longer than its limit", length_faults(top)),
        ("every folder says what it is", readme_faults(top)),
    ]
    print(f"1..{len(checks)}")
    bad = 0
    for number, (title, faults) in enumerate(checks, 1):
        faults = list(faults)
        bad += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - {title}")
        for fault in faults:
            print(f"# {fault}")
    return 1 if bad else 0


sys.exit(main(*sys.argv[1:]))
