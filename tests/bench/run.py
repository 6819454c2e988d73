#!/usr/bin/python3
"""Figures of this build on this machine: tests/bench/run.py BUILD [NAME..]

Each figure is the median of at least seven runs that take turns with what it is compared to. Machines
are noisy, twice as slow from one minute to the next: what counts is the ratio to the raw parts in
the same minute. A limit that was passed over is marked; the exit code is 0 all the same, because a
benchmark is no test.
"""

import concurrent.futures
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7
IDLE_SECONDS = 10
SUPPLIERS = 140_000

build = ""  # set by main()
rows = []


def figure(what, value, unit, limit=None, note=""):
    """One line of the table; `limit` is the most that the figure should be."""
    mark = "" if limit is None else "ok" if value <= limit else "OVER"
    rows.append((what, f"{value:,.4g}" if value < 1000 else f"{value:,.0f}", unit,
                 "" if limit is None else f"≤ {limit:g}", mark, note))
    shown = rows[-1]
    print(f"{shown[0]:<46} {shown[1]:>10} {shown[2]:<10} {shown[3]:>8} {shown[4]:<5} {shown[5]}",
          flush=True)


def program(name, *args):
    """Standard output of a benchmark written in C."""
    done = subprocess.run([os.path.join(build, "tests/bench", name), *args], text=True, check=True,
                          stdout=subprocess.PIPE)
    return done.stdout


def pairs(text):
    return {key: float(value) for key, value in (line.split() for line in text.splitlines())}


# ---- the C benchmarks ----------------------------------------------------------------------------


def store(folder):
    pattern = r" *(\d+) a commit: LMDB +(\d+) us, .* store +(\d+) us, +(\d+) puts/s; x ([\d.]+)"
    for count, _, _, puts, ratio in re.findall(pattern, program("bench_store", folder)):
        figure(f"store: {count} values of 300 bytes a commit", float(puts), "puts/s",
               note=f"{ratio} x raw LMDB")


def catchup(folder):
    got = pairs(program("bench_catchup", folder))
    one = got["catchup_records_per_second"]
    ratio = one / got["catchup_each_signed_records_per_second"]
    figure("catch-up: decode, hash, check, store", one, "records/s",
           note=f"{ratio:.1f} x as fast as a signature checked for each record")
    figure("catch-up: decode, hash and check alone", got["catchup_checked_records_per_second"],
           "records/s")
    figure("catch-up: signatures checked in a run of 256", got["catchup_verifications_per_run"], "",
           limit=1)


def control(_):
    got = pairs(program("bench_control"))
    ours, raw = got["control_round_trip_us"], got["control_raw_round_trip_us"]
    figure("command socket: there and back", ours, "us", note=f"{ours / raw:.2f} x raw ZeroMQ ipc")


# ---- daemons -------------------------------------------------------------------------------------


class Daemon:
    """One daemon of its own, with the settings that everybody gets."""

    def __init__(self, folder, name):
        self.home = os.path.join(folder, name)
        self.process = None

    def command(self, *args):
        done = subprocess.run([os.path.join(build, "client/keeplocal"), "--home", self.home, *args],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise RuntimeError(f"keeplocal {' '.join(args)}: {done.stderr}")
        return done.stdout

    def start(self, *flags):
        """Seconds until it said that it is ready."""
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [os.path.join(build, "daemon/keeplocald"), "--home", self.home, *flags],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            raise RuntimeError(f"keeplocald said {line!r}")
        return time.monotonic() - begun

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process.stdout.close()
            self.process = None

    def resident_kb(self, what="VmRSS"):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(what + r":\s+(\d+) kB", status.read()).group(1))

    def worked_ms(self):
        """Processor time of the thread that runs all callbacks, since it was started."""
        with open(f"/proc/{self.process.pid}/schedstat", encoding="ascii") as stat:
            return int(stat.read().split()[0]) / 1e6

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle(folder):
    daemon = Daemon(folder, "idle")
    daemon.command("init", "--name", "Bench", "--kind", "council")
    starts = []
    try:
        for _ in range(RUNS + 1):
            daemon.stop()
            starts.append(daemon.start())
        figure("daemon: from start to ready", statistics.median(starts[1:]) * 1000, "ms", limit=50)
        before = daemon.cpu_seconds()
        time.sleep(IDLE_SECONDS)
        figure("daemon: memory while idle (VmRSS)", daemon.resident_kb() / 1000, "MB", limit=12)
        figure(f"daemon: processor time in {IDLE_SECONDS} s of idling",
               (daemon.cpu_seconds() - before) * 1000, "ms", limit=10,
               note="10 ms is the least that the clock shows")
    finally:
        daemon.stop()


def supplier_file(path):
    """Made-up suppliers of a made-up organisation; every third has answered."""
    chance = random.Random(1)
    with open(path, "w", encoding="utf-8") as out:
        out.write("supplier,contact,email,spend,place,local,sector,respent_locally\n")
        for number in range(SUPPLIERS):
            pounds = chance.paretovariate(1.2) * 100
            local = chance.choice(["yes", "no", "unknown"])
            share = f"{chance.random():.2f}" if number % 3 == 0 else ""
            out.write(f"Supplier {number} Ltd,,office@s{number}.example,{pounds:.2f},HX1,{local},"
                      f"small,{share}\n")


def answer_file(path):
    """Every second supplier has answered, and spells itself in its own way."""
    chance = random.Random(2)
    with open(path, "w", encoding="utf-8") as out:
        out.write("supplier,respent_locally,local\n")
        for number in range(0, SUPPLIERS, 2):
            name = f"Supplier {number} Limited" if number % 4 else f"The Supplier-{number}"
            out.write(f"{name},{chance.random():.2f},\n")


def answered_in(daemon, *command):
    """Seconds until the daemon has answered."""
    begun = time.monotonic()
    daemon.command(*command)
    return time.monotonic() - begun


def lm3_answered(daemon, folder):
    """With a survey that was answered: from stored data to the answer."""
    path = os.path.join(folder, "answers.csv")
    answer_file(path)
    figure(f"LM3: answers of {SUPPLIERS // 2:,} suppliers, import",
           answered_in(daemon, "lm3", "import", "bench", "answers", path), "s")
    for verb in ("result", "explain", "leaks", "silent"):
        seconds = statistics.median(
            answered_in(daemon, "lm3", verb, "bench") for _ in range(RUNS))
        figure(f"LM3: {verb}, with these answers", seconds, "s", limit=1)


def lm3(folder):
    daemon = Daemon(folder, "lm3")
    path = os.path.join(folder, "suppliers.csv")
    supplier_file(path)
    daemon.command("init", "--name", "Bench", "--kind", "council")
    imports, results, reads = [], [], []
    try:
        daemon.start()
        daemon.command("lm3", "new", "bench", "--area", "E08000033", "--period", "2016",
                       "--payroll-local", "80000", "--payroll-elsewhere", "20000")
        for _ in range(RUNS):
            begun = time.monotonic()
            daemon.command("lm3", "import", "bench", "suppliers", path)
            imported = time.monotonic()
            daemon.command("lm3", "result", "bench")
            done = time.monotonic()
            with open(path, "rb") as table:
                lines = sum(1 for _ in table)
            reads.append(time.monotonic() - done)
            imports.append(imported - begun)
            results.append(done - imported)
        whole = statistics.median(a + b for a, b in zip(imports, results))
        ratio = whole / statistics.median(reads)
        figure(f"LM3: {lines - 1:,} suppliers, file to answer", whole, "s", limit=1,
               note=f"{ratio:.0f} x a Python loop over the lines of the file")
        figure("LM3: of it, import", statistics.median(imports), "s")
        figure("LM3: of it, result", statistics.median(results), "s")
        lm3_answered(daemon, folder)
    finally:
        daemon.stop()


# ---- spending ------------------------------------------------------------------------------------

PAYMENTS = 1_000_000


def payments_file(path, count):
    """Made-up payments of a made-up council, as councils publish them."""
    chance = random.Random(1)
    kinds, forms = ("Care", "Building", "Foods", "Cleaning"), ("Ltd", "Limited", "plc", "CIC")
    suppliers = [f"Example {chance.choice(kinds)} {n} {chance.choice(forms)}" for n in range(20_000)]
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write("Body Name,Directorate,Expenditure Category,Date Paid,Transaction Number,"
                  "Net Amount,Supplier Name\r\n")
        for number in range(count):
            pence = chance.randrange(-50_000, 3_000_000)
            amount = f"{pence / 100:,.2f}"
            amount = f'"{amount}"' if "," in amount else amount
            out.write(f"Example Council,Example Department {chance.randrange(40)},"
                      f"Third Party Payments {chance.randrange(120)},{chance.randrange(1, 29):02}/"
                      f"{chance.randrange(1, 13):02}/2016,{number:08},{amount},"
                      f"{chance.choice(suppliers)}\r\n")


PYTHON_SUM = """
import csv, sys
total = 0
with open(sys.argv[1], newline="") as table:
    rows = csv.reader(table)
    column = next(rows).index("Net Amount")
    for row in rows:
        total += round(float(row[column].replace(",", "")) * 100)
print(total)
"""


def timed(*command):
    """Seconds, standard output and most memory in KB of one run of a program."""
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]}: exit {process.returncode}")
    return time.monotonic() - begun, out, usage.ru_maxrss


def our_sum(folder, name, path):
    """Payments into a fresh home, durably, and added up: seconds of both, the sum, memory in KB."""
    daemon = Daemon(folder, name)
    daemon.command("init", "--name", "Bench", "--kind", "council")
    client = (os.path.join(build, "client/keeplocal"), "--home", daemon.home)
    try:
        daemon.start()
        imported, _, memory = timed(*client, "spend", "import", path)
        added, out, _ = timed(*client, "spend", "result", "--json")
        with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
            most = int(re.search(r"VmHWM:\s+(\d+) kB", status.read()).group(1))
        return imported, added, json.loads(out)["total_pence"], memory, most
    finally:
        daemon.stop()
        shutil.rmtree(daemon.home, ignore_errors=True)


def sqlite_sum(folder, path):
    base = os.path.join(folder, "payments.db")
    took, out, _ = timed("sqlite3", base, ".mode csv", f".import {path} payments",
                         "SELECT sum(CAST(round(replace(\"Net Amount\", ',', '') * 100) AS INTEGER)) "
                         "FROM payments")
    os.remove(base)
    return took, int(out)


def spend(folder):
    path, quarter = os.path.join(folder, "payments.csv"), os.path.join(folder, "quarter.csv")
    payments_file(path, PAYMENTS)
    payments_file(quarter, PAYMENTS // 4)
    ours, imports, results, small, sqlite, python = [], [], [], [], [], []
    for number in range(RUNS):
        imported, added, total, client, daemon = our_sum(folder, f"spend{number}", path)
        theirs, sqlite_total = sqlite_sum(folder, path)
        reads, out, _ = timed("/usr/bin/python3", "-c", PYTHON_SUM, path)
        part = our_sum(folder, f"quarter{number}", quarter)
        if not total == sqlite_total == int(out):
            raise RuntimeError(f"sums differ: {total}, sqlite3 {sqlite_total}, Python {out}")
        ours.append(imported + added)
        imports.append(imported)
        results.append(added)
        small.append(part[0] + part[1])
        sqlite.append(theirs)
        python.append(reads)
    whole = statistics.median(ours)
    figure(f"spend: {PAYMENTS:,} payments, file to sum", whole, "s", limit=10,
           note="read, checked, stored durably and added up in every way")
    figure("spend: of it, import", statistics.median(imports), "s", limit=10)
    figure("spend: of it, result", statistics.median(results), "s", limit=1)
    figure("spend: time against sqlite3 .import and sum", whole / statistics.median(sqlite), "x", 1,
           f"{statistics.median(sqlite):.2f} s, stored too")
    figure("spend: time against Python's csv and a sum", whole / statistics.median(python), "x", 1,
           f"{statistics.median(python):.2f} s, nothing stored")
    figure("spend: time against a quarter of the rows", whole / statistics.median(small), "x", 5)
    figure("spend: most memory of the command", client / 1000, "MB", limit=200)
    figure("spend: most memory of the daemon", daemon / 1000, "MB", limit=200)


# ---- who is like whom ----------------------------------------------------------------------------

MEMBERS = 5_000  # as many as a roster takes


def made_up_members():
    chance = random.Random(5)
    classes = ("urban", "urban_with_rural", "rural", "sparse_rural")
    lines = []
    for number in range(MEMBERS):
        services = "; ".join(f"service {chance.randrange(200)}" for _ in range(12))
        lines.append(f"name=Made-up Trust {number:04}\tkind=anchor\tpopulation="
                     f"{chance.randrange(1000, 90000)}\trural_urban={chance.choice(classes)}\t"
                     f"deprivation_quintile={chance.randint(1, 5)}\tstaff={chance.randrange(90)}\t"
                     f"income_band={chance.choice(('small', 'medium', 'large'))}\t"
                     f"gss=E0699{number % 320:04}\tservices={services}; food; childcare\n")
    return "".join(lines)


def full_roster(folder, name):
    """A convenor at work, whose home holds as many made-up members as a roster takes."""
    daemon = Daemon(folder, name)
    daemon.command("init", "--name", "Bench", "--kind", "convenor")
    daemon.start("--bind", "tcp://127.0.0.1:*")
    daemon.command("network", "create", "Made-up network")
    daemon.stop()
    subprocess.run([os.path.join(build, "tests/integration/made_up_members"), daemon.home],
                   input=made_up_members(), text=True, check=True, stdout=subprocess.DEVNULL)
    daemon.start()
    return daemon


def find(folder):
    """The arithmetic alone, in processor time; then a daemon with a full roster, as it is felt."""
    got = pairs(program("bench_coverage"))
    for what, words in (("characteristics", "characteristics by area"),
                        ("activities", "activities by area"), ("one", "one activity")):
        figure(f"find: 20,000 members, {words}", got[f"coverage_{what}_ms"], "ms", limit=20,
               note=f"{got[f'coverage_{what}_least_ms']:.1f} to {got[f'coverage_{what}_most_ms']:.1f}")
    figure("find: what a profile does, when it comes", got["coverage_take_us"], "us")
    daemon = full_roster(folder, "find")
    try:
        asks = {"the list and the grid": ("find",), "by activity": ("find", "--by", "activity"),
                "gaps": ("find", "--gaps"), "one service": ("find", "--service", "service 7")}
        base = statistics.median(answered_in(daemon, "network", "charter")
                                 for _ in range(3 * RUNS))
        for words, command in asks.items():
            times = [answered_in(daemon, *command) for _ in range(3 * RUNS)]
            figure(f"find: {MEMBERS:,} anchors, {words}", 1000 * (statistics.median(times) - base),
                   "ms", note=f"beyond the {1000 * base:.0f} ms of a command that does nothing")
        daemon.stop()
        figure(f"daemon: from start to ready with {MEMBERS:,} members", 1000 * daemon.start(), "ms")
    finally:
        daemon.stop()


def similar(folder):
    """The arithmetic alone, in processor time; then a daemon with a full roster, as it is felt."""
    got = pairs(program("bench_similar"))
    for kind in ("councils", "anchors"):
        for what, words, limit in (("ask", "one question", 10), ("make", "table made anew", 20)):
            value, least, most, quarter = (got[f"similar_{kind}_{n}_{what}{spread}_ms"]
                                           for n, spread in ((20000, ""), (20000, "_least"),
                                                             (20000, "_most"), (5000, "")))
            figure(f"similar: 20,000 {kind}, {words}", value, "ms", limit=limit,
                   note=f"{least:.1f} to {most:.1f}; {value / quarter:.1f} x that of 5,000")
    figure("similar: an anchor's sets, when its profile comes", got["similar_anchor_taken_us"],
           "us")
    daemon = full_roster(folder, "similar")
    try:
        asked, anew, nothing = [], [], []
        for number in range(3 * RUNS):
            daemon.command("profile", "set", f"population={number}")
            anew.append(answered_in(daemon, "similar", "Made-up Trust 0007"))
            asked.append(answered_in(daemon, "similar", "Made-up Trust 0007"))
            nothing.append(answered_in(daemon, "network", "charter"))
        base = statistics.median(nothing)
        for words, times in (("a question", asked), ("the first after a profile changed", anew)):
            figure(f"similar: {MEMBERS:,} anchors, {words}",
                   1000 * (statistics.median(times) - base), "ms",
                   note=f"beyond the {1000 * base:.0f} ms of a command that does nothing")
    finally:
        daemon.stop()


# ---- searching -----------------------------------------------------------------------------------


def percentiles(seconds):
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2] * 1000, ordered[len(ordered) * 95 // 100] * 1000


def sqlite_search(folder):
    """SQLite's FTS5 with the same lessons and questions, as much as it can be made the same: Porter's
    stemmer, BM25 with the title three times, any of the words, the best twenty."""
    base = sqlite3.connect(os.path.join(folder, "fts5.db"))
    with open(os.path.join(folder, "lessons.tsv"), encoding="ascii") as table:
        rows = [line.rstrip("\n").split("\t") for line in table]
    begun = time.monotonic()
    base.execute("CREATE VIRTUAL TABLE lessons USING fts5(title, text, tokenize='porter unicode61')")
    base.executemany("INSERT INTO lessons(rowid, title, text) VALUES (?, ?, ?)", rows)
    base.commit()
    built = time.monotonic() - begun
    times = {}
    with open(os.path.join(folder, "questions.tsv"), encoding="ascii") as questions:
        for sort, words in (line.rstrip("\n").split("\t") for line in questions):
            begun = time.monotonic()
            base.execute("SELECT rowid FROM lessons WHERE lessons MATCH ? "
                         "ORDER BY bm25(lessons, 3.0, 1.0) LIMIT 20",
                         (" OR ".join(words.split()),)).fetchall()
            times.setdefault(sort, []).append(time.monotonic() - begun)
    base.close()
    return built, {sort: percentiles(seconds) for sort, seconds in times.items()}


SEARCHES = {"rare": "a rare word", "common": "a common word", "two": "two words",
            "three": "three of the commonest"}


def search(folder):
    """The index is made once, the questions are two hundred of each sort."""
    got = pairs(program("bench_search", folder))
    built, theirs = sqlite_search(folder)
    figure("search: index of 100,000 lessons, made anew", got["build_s"], "s", limit=30,
           note=f"{got['build_cpu_s']:.1f} s of the processor; {built:.1f} s in SQLite FTS5, with the texts and in one transaction")
    figure("search: longest turn of it", got["turn_max_ms"], "ms", limit=20,
           note=f"{got['turn_p50_ms']:.1f} ms usually, {got['turn_p99_ms']:.1f} ms in one of 100")
    for sort, what in SEARCHES.items():
        figure(f"search: {what}, 95 of 100 within", got[f"{sort}_p95_ms"], "ms", limit=10,
               note=f"half within {got[f'{sort}_p50_ms']:.2f} ms; FTS5 {theirs[sort][0]:.2f} and "
                    f"{theirs[sort][1]:.2f} ms; {got[f'{sort}_found']:,.0f} found")
        figure(f"search: {what}, with a filter", got[f"{sort}_filtered_p95_ms"], "ms", limit=10)
    figure("search: 256 withdrawals in one run", got["withdraw_ms"], "ms", limit=20,
           note=f"their words are swept out in {got['sweep_ms']:.0f} ms")
    figure("search: longest turn of that", got["sweep_turn_ms"], "ms", limit=20)


# ---- learning from each other, all of it in one home ---------------------------------------------

LESSONS_EACH = 20  # of MEMBERS: 100,000
ENDED = 15_000     # profiles beyond what the roster takes
REGIONS = ("london", "wales", "yorkshire_and_the_humber", "south_east")


def made_up_words():
    """Words, and the sums of their shares: the n-th is n times rarer than the first."""
    syllables = "ba co du fen gar hil jo kem lor mun nap or pel ri sta tor ul vin wes zed".split()
    words, sums, total = [], [], 0.0
    for number in range(60_000):
        word, rest = "", number + 20
        while rest:
            word += syllables[rest % 20]
            rest //= 20
        total += 1 / (number + 1)
        words.append(word)
        sums.append(total)
    return words, sums


def made_up_learning(to):
    """Lines for made_up_members: councils and anchors with policies and lessons, then profiles alone."""
    chance = random.Random(6)
    words, sums = made_up_words()
    policy = ("status=adopted", "forms=policy", "applied=all", "tender_percent=80",
              "routes=grants; alliance", "measures=Local jobs; Paid hours of training",
              "summary=" + "Buys nearby. " * 40)

    def text(count):
        return " ".join(chance.choices(words, cum_weights=sums, k=count))

    for number in range(1, MEMBERS + ENDED):  # number 0 is the member that is asked
        council = number % 4 == 0
        row = [f"name=Made-up {'Council' if council else 'Trust'} {number:05}",
               f"kind={'council' if council else 'anchor'}", "rural_urban=urban", f"region={REGIONS[number % 16 // 4]}",
               f"population={chance.randrange(20_000, 900_000)}",
               f"deprivation_quintile={chance.randint(1, 5)}", f"staff={chance.randrange(90)}",
               "services=" + "; ".join(f"service {chance.randrange(200)}" for _ in range(12))]
        if number < MEMBERS:
            row += [f"policy={field}" for field in policy]
            row.append(f"policy=weight_percent={chance.choice((5, 10, 20, 30))}")
            row += [f"lesson=title={text(8)}|text={text(chance.randrange(60, 200))}|outcome=worked|"
                    f"routes={chance.choice(('grants', 'asset transfer', 'alliance'))}|"
                    f"place={chance.choice(('Ripon', 'Wem', 'E08000033'))}|services=halls; cafes"
                    for _ in range(LESSONS_EACH)]
        to.write("\t".join(row) + "\n")
    return words


def ask_often(daemon, what, commands, limit=None):
    """What the daemon works for one command, in its own processor time, and how long people wait."""
    waits, before = [], daemon.worked_ms()
    for command in commands:
        waits.append(answered_in(daemon, *command))
    figure(f"learning: {what}", (daemon.worked_ms() - before) / len(commands), "ms", limit=limit,
           note=f"of the processor; answered after {statistics.median(waits) * 1000:.0f} ms")


def learning_catches_up(daemon, words):
    """Until the index is whole; meanwhile the daemon is asked, and the longest wait is told."""
    begun, worked, waits, said = time.monotonic(), daemon.worked_ms(), [], "not looked through yet"
    while "not looked through yet" in said:
        asked = time.monotonic()
        said = daemon.command("lesson", "search", words[0])
        waits.append(time.monotonic() - asked)
        time.sleep(0.25)
    figure("learning: index caught up while it served", (daemon.worked_ms() - worked) / 1000, "s",
           limit=30, note=f"of the processor; after {time.monotonic() - begun:.0f} s; "
                f"{len(waits)} searches meanwhile, half within "
                f"{statistics.median(waits) * 1000:.0f} ms, all within {max(waits) * 1000:.0f} ms")


def learning_homes(folder):
    """A member's home with everything in it: written into that of the convenor, and copied."""
    convenor, member = Daemon(folder, "convenor"), Daemon(folder, "learning")
    convenor.command("init", "--name", "Bench", "--kind", "convenor")
    said = member.command("init", "--name", "Our Made-up Trust", "--kind", "anchor", "--json")
    try:
        convenor.start("--bind", "tcp://127.0.0.1:*")
        convenor.command("network", "create", "Made-up network")
        convenor.command("network", "admit", json.loads(said)["member_id"],
                         "--name", "Our Made-up Trust")
        ticket = json.loads(convenor.command("network", "ticket", "--json"))["ticket"]
    finally:
        convenor.stop()
    with subprocess.Popen([os.path.join(build, "tests/integration/made_up_members"), convenor.home],
                          stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as members:
        words = made_up_learning(members.stdin)
    if members.returncode:
        raise RuntimeError("made_up_members failed")
    subprocess.run([os.path.join(build, "daemon/keeplocald"), "--home", member.home, "--join",
                    ticket], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.copytree(os.path.join(convenor.home, "data"), os.path.join(member.home, "data"),
                    dirs_exist_ok=True)
    return member, words


def learning(folder):
    """20,000 profiles, of which the roster takes 5,000, with 5,000 policies and 100,000 lessons."""
    daemon, words = learning_homes(folder)
    try:
        figure("learning: start to ready, the first", daemon.start(), "s",
               note=f"{daemon.worked_ms() / 1000:.1f} s of the processor")
        time.sleep(1)  # the first words are in the index
        learning_catches_up(daemon, words)
        daemon.command("profile", "set", "population=50000", "staff=20", "region=wales",
                       "deprivation_quintile=3", "services=service 1; service 2; service 3")
        daemon.stop()
        figure("learning: start to ready", daemon.start(), "s",
               note=f"{daemon.worked_ms() / 1000:.1f} s of the processor")
        chance = random.Random(7)
        few, many = words[5_000:30_000], words[:30]
        ask_often(daemon, "a command that does nothing", [("network", "charter")] * 3 * RUNS)
        for what, searches in (
                ("lesson search, a rare word", [(w,) for w in chance.sample(few, 3 * RUNS)]),
                ("lesson search, a common word", [(w,) for w in chance.sample(many, 3 * RUNS)]),
                ("lesson search, filtered",
                 [(w, "--route", "grants", "--region", "wales") for w in chance.sample(many, 21)]),
                ("lesson search --like-me", [(w, "--like-me") for w in chance.sample(many, 21)])):
            ask_often(daemon, what, [("lesson", "search", *s) for s in searches], limit=10)
        for what, limit, command in (
                ("lesson list", 20, ("lesson", "list")),
                ("similar, an anchor", 10, ("similar", "Made-up Trust 00007")),
                ("similar, a council", 10, ("similar", "Made-up Council 00008", "--all-types")),
                ("policy landscape", None, ("policy", "landscape")),
                ("policy list", None, ("policy", "list")),
                ("find", None, ("find", "--service", "service 7")),
                ("find --gaps", None, ("find", "--place", "wales", "--gaps")),
                ("inbox", None, ("inbox",)),
                ("digest", None, ("digest",)),
                ("network members", None, ("network", "members"))):
            ask_often(daemon, what, [(*command, "--json")] * RUNS, limit=limit)
        figure("learning: memory (VmRSS)", daemon.resident_kb() / 1000, "MB")
        figure("learning: of it, anonymous", daemon.resident_kb("RssAnon") / 1000, "MB",
               note="the rest is the file of the database, mapped")
    finally:
        daemon.stop()


# ---- a whole network -----------------------------------------------------------------------------


def posts(_):
    got = pairs(program("bench_posts"))
    note = f"{got['lessons']:,.0f} lessons, {got['bytes']:.0f} bytes each"
    figure("posts: the table made at start, all of them", got["take_s"], "s", limit=3, note=note)
    figure("posts: filters over all of them", got["filter_ms"], "ms", limit=10,
           note=f"{got['fit']:,.0f} fit")
    figure("posts: one found by its id as typed", got["name_ms"], "ms", limit=10)


def tally_arithmetic(folder):
    """120 metrics of 16 bins, 30 cohorts, 7 seats of which 3 can read: for 400 contributors and for a
    quarter of them."""
    got = pairs(program("bench_tally", folder))

    figure("tally: one member's answers dealt and sealed", got["tally_deal_us"] / 1000, "ms", 2,
           f"{got['tally_deal_us'] / got['tally_seal_raw_us']:.1f} x libsodium's seals of the same bytes")
    figure("tally: a seat opens one share", got["tally_open_us"] / 1000, "ms",
           note=f"{got['tally_open_us'] / got['tally_open_raw_us']:.2f} x libsodium alone")
    figure("tally: its replies to the tests of one", got["tally_reply_us"] / 1000, "ms", 0.11,
           f"{got['tally_reply_us'] / got['tally_reply_raw_us']:.1f} x the products alone")
    figure("tally: a seat's sums, 400 contributors", got["tally_sums_400_ms"], "ms", 100,
           f"{got['tally_sums_400_ms'] / got['tally_sums_raw_400_ms']:.1f} x the additions alone; "
           f"{got['tally_sums_400_ms'] / got['tally_sums_100_ms']:.1f} x those of 100")
    figure("tally: one audit, 30 cohorts of 317 councils", got["tally_audit_317_ms"], "ms", 69,
           f"{got['tally_audit_317_ms'] / got['tally_audit_100_ms']:.1f} x that of 100")
    figure("tally: all 30 planned, three levels each", got["tally_plan_317_ms"], "ms",
           note=f"{got['tally_plan_317_ms'] / got['tally_plan_100_ms']:.1f} x those of 100")
    for how, words in (("all", "all questions alike"), ("gaps", "24 of 120 not alike")):
        whole, small = got[f"tally_judge_400_{how}_ms"], got[f"tally_judge_100_{how}_ms"]
        figure(f"tally: a proposal of 400 judged, {words}", whole, "ms",
               note=f"{whole / small:.1f} x that of 100")
        figure("tally: of it, the longest turn of the machine", got[f"tally_turn_400_{how}_ms"], "ms")
    figure("tally: records of 400 in each store until the close",
           got["tally_records_400_bytes"] / 1e6, "MB", 33,
           f"{got['tally_records_400_bytes'] / got['tally_records_100_bytes']:.1f} x those of 100")
    figure("tally: the database grows by", got["tally_store_400_bytes"] / 1e6, "MB")


def tally(folder):
    """The arithmetic; then the demonstration's network: from the call until every one of its members
    has the result."""
    tally_arithmetic(folder)
    os.environ["KL_DEMO"] = os.path.join(folder, "tally")
    os.mkdir(os.environ["KL_DEMO"], 0o700)
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../demo"))
    import demo
    import facts
    seconds = []
    try:
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            convenor, members = demo.found(build, pool)
            by_name = {m.name: m for m in members}
            for period in range(2001, 2001 + RUNS):
                list(pool.map(lambda row, p=period: by_name[row[0]].run(
                    "indicator", "record", "enabled.fte", row[2], "--period", p), facts.ENABLED))
                demo.in_step(convenor, members, pool)
                begun = time.monotonic()
                convenor.run("tally", "call", "--period", period, "--metrics", "enabled.fte",
                             "--contribute-for", "5s", "--decide-for", "5s")
                for member in [convenor] + members:
                    demo.wait(lambda m=member: m.json("tally", "list")[0]["state"] == "closed" and
                              len(m.json("tally", "list")) == period - 2000, "the result", member)
                seconds.append(time.monotonic() - begun)
    finally:
        demo.note_pids()
        demo.stop_all()
    figure("tally of 17 members: call to result everywhere", statistics.median(seconds), "s", 10,
           f"{min(seconds):.1f} to {max(seconds):.1f}")


def audit(_):
    """400 contributors, 120 questions, 30 cohorts at 7/3: the tally checked anew."""
    got = pairs(program("bench_audit"))
    figure("tally audit: all records read", got["audit_read_s"], "s", limit=1,
           note=f"{got['audit_records']:,.0f} records; the longest took {got['audit_read_worst_ms']:.1f} ms")
    figure("tally audit: everything worked out again", got["audit_work_s"], "s", limit=5,
           note=f"{got['audit_rows']:,.0f} sums; the longest turn {got['audit_work_worst_ms']:.0f} ms: "
                "what may be released of a proposal is worked out in one")


BENCHMARKS = [store, catchup, control, idle, lm3, spend, similar, find, posts, search, learning,
              tally, audit]


def main(arguments):
    global build
    if not arguments:
        sys.exit("tests/bench/run.py BUILD [NAME..]; names: "
                 + " ".join(b.__name__ for b in BENCHMARKS))
    build, wanted = os.path.abspath(arguments[0]), arguments[1:]
    # Beside the build, where the disk is; /tmp may be memory.
    folder = tempfile.mkdtemp(prefix="bench-", dir=build)
    print(f"{os.cpu_count()} processors, {os.getloadavg()[0]:.1f} busy before we began; figures vary"
          " twofold between runs, ratios less.\n")
    print(f"{'what':<46} {'median':>10} {'':<10} {'limit':>8}")
    try:
        for benchmark in BENCHMARKS:
            if wanted and benchmark.__name__ not in wanted:
                continue
            try:
                benchmark(folder)
            except (OSError, RuntimeError, subprocess.SubprocessError) as trouble:
                print(f"{benchmark.__name__}: could not be measured: {trouble}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    over = [row[0] for row in rows if row[4] == "OVER"]
    print("\n" + (f"over their limit: {'; '.join(over)}" if over else "no limit was passed over"))


if __name__ == "__main__":
    main(sys.argv[1:])
