"""A council and two anchors of its area pass their assessments on to each other, as files, by name.
Real daemons in one network, and the real command.
"""

import json
import os
import pty

from asking import Asker
from harness import COMMAND, equal, expect, run, wait


def record(m, *rest, period="2026", assessor="board"):
    return m.run("assess", "record", "--period", period, "--assessor", assessor, *rest)


def three(place):
    """A network of a convenor, a council and an anchor, and an anchor that is in none."""
    convenor = place.member("Example Convenor").init("convenor").start()
    convenor.run("network", "create", "Example Network")
    council = place.member("Example Council").init("council", "--gss", "E08000032").start()
    anchor = place.member("Example Trust").init("anchor").start()
    for m in (council, anchor):
        convenor.run("network", "admit", m.member_id, "--name", m.name)
    for m in (council, anchor):
        m.run("join", convenor.json("network", "ticket")["ticket"])
        wait(lambda m=m: anchor.name in m.run("network", "members", code=None).out, "the roster")
    stranger = place.member("Example Farm").init("anchor").start()
    return council, anchor, stranger


def export(m, place, name, *rest, code=0):
    path = os.path.join(place.path, name)
    m.run("assess", "export", "--out", path, "--yes", *rest, code=code)
    return path


def fill(council, anchor, stranger):
    record(council, "C1=3", "C1.1=1", "C2=2", "C3=1", "leadership=4", "--strength", "C1=a policy")
    record(council, "C1=4", "C2=2", assessor="finance")
    record(anchor, "C1=1", "C2=2", "C3=2", "--gap", "C1=we are never asked", "--note",
           "C1=no bid of ours was heard", "--evidence", "C1=minutes of May", "--action",
           "C1=ask", "--owner", "C1=Jo Example")
    record(stranger, "C1=2", "C2=3", "C3=4")


def test_side_by_side(place):
    council, anchor, stranger = three(place)
    fill(council, anchor, stranger)
    from_anchor = export(anchor, place, "a.json", "--for", "example council")
    from_stranger = export(stranger, place, "s.json", "--for", "Example Council",
                           "--for", "Example Trust")
    answer = council.json("assess", "joint", from_anchor, from_stranger)
    equal([(m["name"], m["verified"], m["own"], m["for_us"]) for m in answer["members"]],
          [("Example Council", "own", True, True), ("Example Trust", "roster", False, True),
           ("Example Farm", "signature", False, True)], "members")
    c1 = answer["subjects"][0]
    equal([(s["median"], s["low"], s["high"], s["assessors"]) for s in c1["scores"]],
          [(3.5, 3, 4, 2), (1.0, 1, 1, 1), (2.0, 2, 2, 1)], "C1 of each, with spread")
    equal((c1["view"], c1["distance"], c1["lowest"], c1["highest"]),
          ("differ", 2.5, "Example Trust", "Example Council"), "C1")
    equal([s["view"] for s in answer["subjects"][1:4]], ["differ", "differ", "nobody"], "views")
    equal(answer["subjects"][7]["view"], "one", "practice is scored by the council alone")
    equal([t["subject"] for t in answer["talk_about"]], ["c3", "c1", "c2"], "the farthest first")
    said = answer["talk_about"][1]["said"]
    equal([(s["name"], s["gaps"]) for s in said],
          [("Example Council", None), ("Example Trust", "we are never asked")], "own words")
    shown = council.run("assess", "joint", from_anchor, from_stranger).out
    for words in ("3.5 (3-4)", "they differ", f"begins with {stranger.member_id[:13]}",
                  "Talk first", "Nothing of the files was kept", "only one has scored it"):
        expect(words in shown, f"not said: {words!r}\n{shown}")
    council.run("assess", "joint", code=1)  # nothing was kept


def test_what_leaves_is_shown_and_can_be_less(place):
    council, anchor, stranger = three(place)
    fill(council, anchor, stranger)
    path = os.path.join(place.path, "preview.json")
    dry = anchor.json("assess", "export", "--for", "Example Council", "--dry-run", "--out", path)
    equal((dry["exported"], dry["file"]), (False, None), "a preview")
    equal(dry["content"], {"scores": 3, "statements": 0, "notes": 3, "evidence": 1,
                           "principles": 0, "strategies": 0}, "what is in it")
    equal((dry["assessors"], dry["owners"]), (["board"], ["Jo Example"]), "who is named")
    expect(not os.path.exists(path), "a preview wrote a file")
    shown = anchor.run("assess", "export", "--for", "Example Council", "--dry-run").out
    for words in ("For: Example Council", "Assessors: board", "3 scores", "3 notes",
                  "next actions: Jo Example", "may name people", "cannot be called back"):
        expect(words in shown, f"not said: {words!r}\n{shown}")
    anchor.run("assess", "export", "--for", "Example Council", "--out", path, code=64)
    expect(not os.path.exists(path), "without a question nothing is written")

    unnamed = export(anchor, place, "unnamed.json", "--for", "Example Council", "--without-names")
    text = open(unnamed, encoding="utf-8").read()
    expect("we are never asked" in text and "Jo Example" not in text and "board" not in text,
           "somebody is named")

    bare = export(anchor, place, "bare.json", "--for", "Example Council", "--without-notes",
                  "--without-names")
    text = open(bare, encoding="utf-8").read()
    for words in ("never asked", "no bid", "minutes of May", "board"):
        expect(words not in text, f"{words!r} left the house")
    equal(os.stat(bare).st_mode & 0o777, 0o600, "who may read the file")
    answer = council.json("assess", "joint", bare)
    equal((answer["members"][1]["words"], answer["subjects"][0]["scores"][1]["median"]),
          (False, 1.0), "scores stay")
    expect("without own words" in council.run("assess", "joint", bare).out, "not said")
    whole = export(anchor, place, "whole.json", "--for", "Example Council")
    expect("we are never asked" in open(whole, encoding="utf-8").read(), "readable by people")


def test_a_file_that_was_changed_is_refused(place):
    council, anchor, stranger = three(place)
    fill(council, anchor, stranger)
    path = export(anchor, place, "a.json", "--for", "Example Council")
    good = open(path, encoding="utf-8").read()
    other = export(stranger, place, "s.json", "--for", "Example Trust")

    def changed(name, text, words, code=65):
        answer = council.run("assess", "joint", place.file(name, text), code=code)
        expect(words in answer.err and name in answer.err, f"{name}: {answer.err}")

    changed("score.json", good.replace('"score": 1', '"score": 4'), "was changed after")
    changed("words.json", good.replace("never asked", "always asked"), "was changed after")
    changed("for.json", good.replace('"Example Council"', '"Somebody"'), "was changed after")
    changed("revision.json", good.replace('"revision": 1', '"revision": 2'), "was changed after")
    changed("key.json", good.replace('"period"', '"year"'), "cannot be read")
    changed("range.json", good.replace('"score": 1', '"score": 7'), "cannot be read")
    changed("more.json", good.replace('"v": 1', '"v": 1, "x": 2'), "cannot be read")
    changed("version.json", good.replace('"v": 1', '"v": 2'), "another version", 78)
    changed("cut.json", good[:-40], "no JSON")
    changed("list.json", "[]", "no exported assessment")
    changed("deep.json", '{"keeplocal": "assessment", "a": ' + "[" * 3000 + "]" * 3000 + "}", "no JSON")
    changed("big.json", '{"keeplocal": "' + "x" * 2000000 + '"}', "larger than any")
    changed("csv.json", "characteristic,score\nC1,2\n", "line 1")
    expect("folder" in council.run("assess", "joint", place.path, code=65).err, "a folder")
    council.run("assess", "joint", place.path + "/none.json", code=1)
    answer = council.run("assess", "joint", path, path, code=1)
    expect("two files are of Example Trust" in answer.err, answer.err)
    answer = anchor.run("assess", "joint", path, code=1)
    expect("your own" in answer.err, answer.err)
    answer = council.json("assess", "joint", other)
    equal(answer["members"][1]["for_us"], False, "made for somebody else")
    expect("not made for you" in council.run("assess", "joint", other).out, "not said")
    expect("keeplocal assess joint" in council.run("import", path, code=65).err, "where it belongs")


def test_the_network_may_know_a_member_by_another_name(place):
    convenor = place.member("Example Convenor").init("convenor").start()
    convenor.run("network", "create", "Example Network")
    council = place.member("Example Council").init("council", "--gss", "E08000032").start()
    convenor.run("network", "admit", council.member_id, "--name", "Borough of Example")
    council.run("join", convenor.json("network", "ticket")["ticket"])
    wait(lambda: "Borough" in council.run("network", "members", code=None).out, "the roster")
    anchor = place.member("Example Trust").init("anchor").start()
    record(anchor, "C1=2")
    for number, name in enumerate(("borough of example", "Example Council", "Example Bank")):
        path = export(anchor, place, f"{number}.json", "--for", name)
        equal(council.json("assess", "joint", path)["members"][0]["for_us"], number < 2, name)
    record(council, "C1=3")
    path = export(council, place, "c.json", "--for", "Example Trust")
    equal(anchor.json("assess", "joint", path)["members"][1]["name"], "Example Council",
          "what it calls itself")


def test_a_long_file_goes_up_in_parts(place):
    writer = place.member("Example Trust").init("anchor").start()
    reader = place.member("Example Council").init("council", "--gss", "E08000032").start()
    asker = Asker(writer.home + "/control")
    subjects = [f"C{i}" for i in range(1, 8)] + [f"P{i}" for i in range(1, 5)]
    for i in range(1, 17):
        asker.ask("assess record", period="2026", assessor=f"assessor {i}",
                  score=[f"{s}={i % 5}" for s in subjects],
                  note=[f"{s}={s} {i} " + "words " * 80 for s in subjects])
    asker.close()
    path = export(writer, place, "long.json", "--for", "Example Council")
    expect(os.path.getsize(path) > 80_000, "not longer than one part")
    answer = reader.json("assess", "joint", path)
    equal([(m["name"], m["assessors"]) for m in answer["members"]], [("Example Trust", 16)],
          "whole, and the council itself has assessed nothing")
    expect("You have assessed nothing yet" in reader.run("assess", "joint", path).out, "not said")


def test_kept_only_if_asked_and_forgotten(place):
    council, anchor, stranger = three(place)
    fill(council, anchor, stranger)
    first = export(anchor, place, "1.json", "--for", "Example Council")
    council.run("assess", "joint", first, "--keep")
    record(anchor, "C1=4")
    second = export(anchor, place, "2.json", "--for", "Example Council")
    other = export(stranger, place, "s.json", "--for", "Example Council")
    council.run("assess", "joint", second, other, "--keep")
    council.stop()
    council.start()
    answer = council.json("assess", "joint")
    equal(sorted((m["name"], m["revision"]) for m in answer["members"]),
          [("Example Council", 2), ("Example Farm", 1), ("Example Trust", 2)], "the newer one")
    late = council.run("assess", "joint", first, "--keep", code=1)
    expect("revision 2 is kept here" in late.err and "forget" in late.err, late.err)
    council.json("assess", "joint", first)
    equal(council.json("assess", "forget", "trust"),
          {"name": "Example Trust", "forgotten": 1}, "forgotten")
    equal(len(council.json("assess", "joint")["members"]), 2, "members left")
    council.run("assess", "forget", "trust", code=1)


def test_parts_of_the_area_are_kept_apart(place):
    council, anchor, stranger = three(place)
    record(council, "C1=3")
    record(council, "C1=1", "--place", "Old Town")
    record(anchor, "C1=2")
    record(anchor, "C1=4", "--place", "Old Town")
    whole = export(anchor, place, "whole.json", "--for", "Example Council")
    part = export(anchor, place, "part.json", "--for", "Example Council", "--place", "Old Town")
    for path in (whole, part):
        council.run("assess", "joint", path, "--keep")

    def medians(*args):
        return [s["median"] for s in council.json("assess", "joint", *args)["subjects"][0]["scores"]]

    equal(medians(), [3.0, 2.0], "the whole area, if anybody speaks of it")
    equal(medians("--place", "old town"), [1.0, 4.0], "the part that is asked for")
    equal(medians(part), [1.0, 4.0], "the part that the file is of")
    council.run("assess", "joint", "--place", "New Town", code=1)


def test_the_question_decides(place):
    m = place.member("Example Anchor").init("anchor").start()
    record(m, "C1=2")
    path = os.path.join(place.path, "out.json")
    for typed, code in ((b"n\n", 1), (b"y\n", 0)):
        pid, terminal = pty.fork()
        if not pid:
            os.execv(COMMAND, [COMMAND, "--home", m.home, "assess", "export", "--for", "X",
                               "--out", path])
        os.write(terminal, typed)
        said = b""
        try:
            while True:
                said += os.read(terminal, 4096) or b""
        except OSError:  # how a terminal ends
            pass
        os.close(terminal)
        equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), code, said.decode())
        equal(os.path.exists(path), not code, "written only after a yes")
        expect(b"For: X" in said and b"Write this file?" in said, said.decode())


def test_what_is_asked_in_vain(place):
    alone = place.member("Example Anchor").init("anchor").start()
    path = os.path.join(place.path, "out.json")
    for args, code, words in [
            (["--out", path, "--yes"], 64, "for whom"),
            (["--for", "X", "--yes"], 64, "--out FILE"),
            (["--for", "X", "--out", path, "--yes"], 1, "no assessment"),
            (["--for", "", "--out", path, "--yes"], 64, "empty"),
    ]:
        answer = alone.run("assess", "export", *args, code=code)
        expect(words in answer.err, f"{args}: {answer.err}")
    record(alone, "C1=2")
    place.file("there.json", "mine")
    answer = alone.run("assess", "export", "--for", "X", "--out", place.path + "/there.json",
                       "--yes", code=73)
    expect("already there" in answer.err, answer.err)
    equal(open(place.path + "/there.json", encoding="utf-8").read(), "mine", "what was there")
    alone.run("assess", "export", "--for", "X", "--out", place.path + "/no/where.json", "--yes",
              code=73)
    made = json.loads(open(export(alone, place, "x.json", "--for", "X"), encoding="utf-8").read())
    equal((made["keeplocal"], made["from"], made["member"], made["for"], made["revision"]),
          ("assessment", "Example Anchor", alone.member_id, ["X"], 1), "what the file says")


if __name__ == "__main__":
    run(globals())
