"""Lessons: published, found, corrected, withdrawn, and gone then from every home that is reached.

The words that are looked for in databases occur nowhere else. Bytes in free pages of a database are a
stated limit, so homes are compacted before they are searched as files; what a running daemon serves is
asked of it.
"""

import json
import os
import subprocess

from harness import DAEMON, equal, expect, run, wait

SECRET = "marmalade-zeppelin"


def network(place, *names):
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "Lessons")
    members = [place.member(name).init("anchor") for name in names]
    for member in members:
        convenor.run("network", "admit", member.member_id, "--name", member.name)
    ticket = convenor.json("network", "ticket")["ticket"]
    for member in members:
        member.start().run("join", ticket)
    for member in members:
        wait(lambda m=member: m.peek("status")["state"] == "active", f"{member.name} is active")
    return convenor, members


def titles(member, *filters):
    return [row["title"] for row in member.json("lesson", "list", *filters)["lessons"]]


def add(member, title, *args):
    return member.json("lesson", "add", "--title", title, "--yes", *args)["id"]


def arrives(member, title):
    wait(lambda: title in titles(member), f"{title} is known to {member.name}")


def test_a_lesson_is_published_listed_and_shown(place):
    _, (one, two) = network(place, "One Trust", "Two Trust")
    words = ("lesson", "add", "--title", "Begin with the caretaker", "--text",
             "The keys matter.\nSo does the boiler: ask Mr Example, 01632 960123.",
             "--characteristic", "4", "--characteristic", "7", "--route", "asset transfer",
             "--stage", "plan", "--service", "Halls", "--barrier", "letting go",
             "--outcome", "worked", "--place", "e08000033", "--period", "2016-17",
             "--link", "https://hall.example/")

    preview = one.json(*words, "--dry-run")
    equal((preview["published"], preview["id"]), (False, None), "a preview")
    equal(preview["warnings"], ["Mr Example looks like the name of a person",
                                "01632 960123 looks like a telephone number"], "warnings")
    equal(titles(one), [], "nothing left")
    expect("nobody is there to be asked" in one.run(*words, code=64).err, "it has to be asked")
    said = one.typed("n\n", *words, code=1)
    expect("Is this meant to be public?" in said.out and "under your name" in said.out, said)
    equal(titles(one), [], "nothing left")
    done = one.typed("y\n", *words)
    expect("Published." in done.out, done)
    (row,) = one.json("lesson", "list")["lessons"]
    expect(row["id"] in done.out, "its id is told")
    arrives(two, "Begin with the caretaker")
    shown = two.json("lesson", "show", row["id"][:6])
    for key, value in (("member", "One Trust"), ("own", False), ("kind", "lesson"),
                       ("place", "E08000033"), ("period", "2016/17"), ("outcome", "worked"),
                       ("routes", ["community asset transfer"]), ("services", ["Halls"]),
                       ("links", ["https://hall.example/"]), ("corrected", None),
                       ("barriers", ["difficulty in letting go"]),
                       ("text", "The keys matter.\nSo does the boiler: ask Mr Example, 01632 960123.")):
        equal(shown[key], value, key)
    equal(len(shown["characteristics"]), 2, "characteristics")
    expect("by One Trust" in two.run("lesson", "show", row["id"]).out, "drawn")


def test_filters_narrow_the_list(place):
    convenor, (one, two) = network(place, "One Trust", "Two Trust")
    expect("keeplocal lesson add" in one.run("lesson", "list").out, "nothing yet: what to do")
    expect("keeplocal lesson add" in one.run("lesson", "search", "halls").out, "the same of a search")
    add(one, "A", "--characteristic", "1", "--outcome", "worked", "--period", "2016-04",
        "--place", "Ripon", "--route", "grants")
    add(one, "B", "--characteristic", "2", "--outcome", "did-not", "--stage", "review",
        "--service", "Child care", "--place", "E08000033")
    add(two, "C", "--characteristic", "1", "--characteristic", "3")
    for title in "ABC":
        arrives(one, title)
    equal(titles(one), ["C", "B", "A"], "newest first")
    for filters, wanted in ((("--characteristic", "1"), ["C", "A"]),
                            (("--characteristic", "2", "--characteristic", "3"), ["C", "B"]),
                            (("--outcome", "worked"), ["A"]), (("--outcome", "did not"), ["B"]),
                            (("--period", "2016"), ["A"]), (("--period", "2016/17"), ["A"]),
                            (("--period", "2017"), []), (("--place", "ripon"), ["A"]),
                            (("--place", "E08000033"), ["B"]), (("--service", "child"), ["B"]),
                            (("--route", "grant"), ["A"]), (("--stage", "review"), ["B"]),
                            (("--member", "Two"), ["C"]),
                            (("--member", "One", "--characteristic", "1"), ["A"])):
        equal(titles(one, *filters), wanted, filters)
    expect("No lesson fits" in one.run("lesson", "list", "--period", 1999).out, "none of three")
    # A part of a council's name means its area, though an anchor has it in its name, too.
    for name, kind, gss in (("Exampledale Council", "council", "E08000033"),
                            ("Exampledale Trust", "anchor", "E08000032")):
        member = place.member(name).init(kind)
        convenor.run("network", "admit", member.member_id, "--name", name, "--kind", kind,
                     "--gss", gss)
    wait(lambda: one.peek("status")["members"] == 4, "two more on the roster")
    equal(titles(one, "--place", "exampledale"), ["B"], "by a part of the name")
    answer = one.json("lesson", "list", "--n", 2)
    equal((len(answer["lessons"]), answer["found"]), (2, 3), "two of three")
    expect("did you mean" in one.run("lesson", "list", "--outcome", "workd", code=1).err.lower(),
           "a word that is none")


def test_what_is_refused_says_why(place):
    alone = place.member("Nobody").init("anchor").start(bind=False)
    expect("in no network" in alone.run("lesson", "add", "--title", "A", "--yes", code=1).err, "alone")
    _, (one, two) = network(place, "One Trust", "Two Trust")
    lesson = add(one, "A")
    arrives(two, "A")
    for words, code, part in (
            (("lesson", "add", "--text", "no title", "--yes"), 64, "title"),
            (("lesson", "add", "--title", "A", "--route", "teleport", "--yes"), 1,
             "no route fits \"teleport\"\n  there are: innovation partnership, "),
            (("lesson", "add", "--title", "A", "--stage", "buy", "--yes"), 1,
             "there are: analyse, plan, deliver, review"),
            (("lesson", "add", "--title", "A", "--link", "hall.example", "--yes"), 64, "https://"),
            (("lesson", "add", "--title", "A", "--text-file", "/nowhere", "--yes"), 1, "/nowhere"),
            (("lesson", "correct", lesson, "--title", "Mine now", "--yes"), 1, "One Trust"),
            (("lesson", "withdraw", lesson, "--yes"), 1, "only its author"),
            (("lesson", "show", "ffffffff"), 1, "ffffffff"), (("lesson", "show", "x"), 64, "is no id"),
            (("lesson", "withdraw", "ffff", "--yes"), 1, "no lesson")):
        err = two.run(*words, code=code).err
        expect(part in err, f"{words}: {err}")
    for name, content, part in (("cp1252.txt", b"caf\xe9", "UTF-8"), ("empty.txt", b"\n \n", "empty"),
                                ("long.txt", b"x" * 20000, "longer")):
        err = two.run("lesson", "add", "--title", "A", "--yes", "--text-file",
                      place.file(name, content), code=65).err
        expect(part in err and name in err, err)
    done = two.json("lesson", "add", "--title", "B", "--yes", "--text-file",
                    place.file("text.txt", b"\xef\xbb\xbf\r\nFirst line.\r\nSecond.\r\n\r\n"))
    equal(done["text"], "First line.\nSecond.", "a text out of a file")
    piped = two.run("lesson", "add", "--title", "C", "--yes", "--json", "--text-file", "-",
                    stdin="From a pipe.\n")
    equal(json.loads(piped.out)["text"], "From a pipe.", "a text that comes in")
    again = two.json("lesson", "add", "--title", "b", "--dry-run")
    equal(again["same_title"], done["id"], "the same title again is told")


def test_a_correction_takes_the_place_of_the_text(place):
    _, (one, two) = network(place, "One Trust", "Two Trust")
    lesson = add(one, "A lesson", "--text", f"We used {SECRET}.", "--outcome", "worked")
    arrives(two, "A lesson")
    same = one.json("lesson", "correct", lesson, "--outcome", "worked", "--yes")
    equal(same["unchanged"], True, "nothing to correct")
    one.run("lesson", "correct", lesson, "--text", "We used string.", "--title", "Another", "--yes")
    arrives(two, "Another")
    for member in (one, two):
        shown = member.json("lesson", "show", lesson)
        equal((shown["text"], shown["outcome"], shown["title"]),
              ("We used string.", "worked", "Another"), "what it says now")
        expect(shown["corrected"], "that it was corrected is told")
        equal(titles(member), ["Another"], "one lesson, not two")
    one.run("lesson", "correct", lesson, "--outcome", "", "--yes")
    wait(lambda: two.json("lesson", "show", lesson)["outcome"] is None, "corrected once more")
    one.stop()
    one.start()
    equal(one.json("lesson", "show", lesson)["text"], "We used string.", "after a restart")


HEADER = "title,text,place,period,characteristics,stages,routes,services,barriers,outcome,links\n"
TABLE = HEADER + ("First,\"Two lines,\nwith a comma.\",Ripon,2016,4; 7,plan,asset transfer,halls; cafes,"
                  "letting go,worked,https://hall.example/\n"
                  "Second,Ask Dr Example.,,,,,,,,,\n")


def test_a_table_of_lessons_comes_in_whole_or_not_at_all(place):
    _, (one, two) = network(place, "One Trust", "Two Trust")
    path = place.file("lessons.csv", TABLE)
    preview = one.json("lesson", "import", path, "--dry-run")
    equal((preview["new"], preview["published"], titles(one)), (2, False, []), "a preview")
    equal(preview["lessons"][1]["warnings"], ["Dr Example looks like the name of a person"], "warned")
    said = one.run("lesson", "import", path, "--dry-run").out
    expect("Is this meant to be public? Dr Example" in said.replace("is this", "Is this"), said)
    one.run("import", path, "--yes")
    equal(sorted(titles(one)), ["First", "Second"], "recognised, and published")
    arrives(two, "First")
    first = next(row for row in two.json("lesson", "list")["lessons"] if row["title"] == "First")
    shown = two.json("lesson", "show", first["id"])
    equal((shown["text"], shown["services"], len(shown["characteristics"])),
          ("Two lines,\nwith a comma.", ["halls", "cafes"], 2), "cell by cell")
    more = place.file("more.csv", TABLE + "Third,Another,,,,,,,,,\n")
    equal(one.json("lesson", "import", more, "--yes")["already"], 2, "those that are there")
    again = one.json("lesson", "import", more, "--yes")
    equal((again["new"], again["unchanged"]), (0, True), "nothing is published twice")
    for row, part in (("Fourth,x,,2016,,,teleport,,,,\n", "lessons.csv, line 3: "),
                      ("Fourth,x,,last year,,,,,,,\n", "line 3: period"), (",x,,,,,,,,,\n", "title"),
                      ("fifth,x,,,,,,,,,\n", "stands in line 2 already")):
        bad = place.file("lessons.csv", HEADER + "Fifth,x,,,,,,,,,\n" + row)
        err = one.run("lesson", "import", bad, "--yes", code=65).err
        expect(part in err, err)
    equal(sorted(titles(one)), ["First", "Second", "Third"], "nothing of a bad table came in")


def test_a_member_that_writes_too_much_is_told_to_wait(place):
    _, (one,) = network(place, "One Trust")
    for batch in range(3):
        rows = "".join(f"Lesson {batch}-{i},Text {i}.,,,,,,,,,\n" for i in range(200))
        done = one.run("lesson", "import", place.file(f"many{batch}.csv", HEADER + rows), "--yes",
                       code=75 if batch == 2 else 0)
    expect("more than 500 posts and corrections in an hour" in done.err, done)
    equal(one.json("lesson", "list", "--n", 1)["found"], 400, "what was published stays")
    add(one, "One more")
    too_many = place.file("x.csv", HEADER + "".join(f"L {i},t,,,,,,,,,\n" for i in range(201)))
    expect("make two files" in one.run("lesson", "import", too_many, "--yes", code=65).err, "too many")


def test_the_template_is_what_the_import_reads(place):
    one = place.member("One Trust").init("anchor").start(bind=False)
    for name in ("lessons.csv", "lessons.xlsx"):
        path = os.path.join(place.path, name)
        one.run("template", "lessons", "--out", path)
        expect("no lessons below its header" in one.run("lesson", "import", path, "--yes", code=65).err,
               "an empty form")


def searched(member, *words):
    return [row["title"] for row in member.json("lesson", "search", *words)]


def test_words_find_lessons_in_all_their_forms(place):
    _, (one, two) = network(place, "One Trust", "Two Trust")
    lesson = add(one, "Transferring a hall", "--text", "The council transferred the hall in 2016. "
                 "Before that, we asked what the roof would cost.", "--outcome", "worked",
                 "--place", "Ripon")
    add(two, "Grants before contracts", "--text", "A small grant came first.")
    add(one, "Halls and grants", "--text", "Nothing more.", "--outcome", "did not")
    arrives(one, "Grants before contracts")
    for title in ("Transferring a hall", "Halls and grants"):
        arrives(two, title)
    equal(searched(two, "transfer"), ["Transferring a hall"], "stemmed")
    equal(sorted(searched(two, "grants")), ["Grants before contracts", "Halls and grants"], "both")
    equal(searched(two, "hall", "granted")[0], "Halls and grants", "who has all words comes first")
    equal(searched(two, "hall", "--outcome", "worked"), ["Transferring a hall"], "narrowed")
    equal(searched(two, "hall", "--member", "Two"), [], "narrowed to none")
    equal(len(searched(two)), 3, "without words: the newest")
    (row,) = two.json("lesson", "search", "roof")
    equal({key: row[key] for key in ("id", "member", "title")},
          {"id": lesson, "member": "One Trust", "title": "Transferring a hall"}, "keys for scripts")
    expect(row["score"] > 0 and "roof" in row["snippet"], row)
    words = two.run("lesson", "search", "roof", "quokka").out
    expect("Transferring a hall" in words and "No lesson has: quokka" in words, words)
    expect("No lesson fits" in two.run("lesson", "search", "quokka").out, "none")
    expect("word" in two.run("lesson", "search", "the", "of", code=64).err, "such words stand everywhere")
    one.run("lesson", "correct", lesson, "--text", "The council gave it.", "--yes")
    wait(lambda: searched(two, "roof") == [], "the old text is not found")
    equal((searched(two, "gave"), searched(one, "gave")), (["Transferring a hall"],) * 2, "the new one is")
    path = os.path.join(place.path, "found.csv")
    two.run("lesson", "search", "hall", "--out", path)
    with open(path, encoding="utf-8-sig") as file:
        expect("Snippet" in file.readline(), "a table of what was found")


def test_the_name_of_a_council_is_its_area(place):
    convenor, (one,) = network(place, "One Trust")
    council = place.member("Example Council").init("council", "--gss", "E08000033")
    convenor.run("network", "admit", council.member_id, "--name", council.name, "--kind", "council",
                 "--gss", "E08000033")
    wait(lambda: "Example Council" in one.run("network", "members").out, "the council is known")
    for number, written in enumerate(("Example", "EXAMPLE council", "e08000033", "Elsewhere", "Exampleton")):
        add(one, f"Lesson {number}", "--place", written)
    for asked in ("Example Council", "example", "E08000033"):
        found = [title for title in titles(one, "--place", asked) if title != "Lesson 4"]
        equal(found, ["Lesson 2", "Lesson 1", "Lesson 0"], asked)
    equal(titles(one, "--place", "Elsewhere"), ["Lesson 3"], "any other place is what people call it")


def live_bytes(member):
    """What is left of a home when its free pages are gone."""
    member.stop()
    subprocess.run([DAEMON, "--home", member.home, "--compact"], check=True, capture_output=True)
    found = b""
    for folder, _, names in os.walk(member.home):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                found += file.read()
    return found


def test_a_withdrawn_lesson_is_gone_from_every_home(place):
    convenor, (one, two, three) = network(place, "One Trust", "Two Trust", "Three Trust")
    stays = add(one, "It stays", "--text", "Nothing to hide.")
    lesson = add(one, f"About {SECRET}", "--text", "The first text.")
    arrives(three, f"About {SECRET}")
    one.run("lesson", "correct", lesson, "--text", f"The second text: {SECRET}.", "--yes")
    for member in (two, three):
        wait(lambda m=member: SECRET in m.json("lesson", "show", lesson)["text"], "corrected")
        wait(lambda m=member: searched(m, "zeppelin"), "found by its words")
    three.stop()
    preview = one.json("lesson", "withdraw", lesson, "--dry-run")
    equal(preview["withdrawn"], False, "a preview")
    one.run("lesson", "withdraw", lesson, "--yes")
    wait(lambda: titles(two) == ["It stays"], "withdrawn at a peer")
    expect(SECRET in live_bytes(three).decode("latin-1"), "who is away still has it")
    three.start()
    everybody = (convenor, one, two, three)
    for member in everybody:
        wait(lambda m=member: titles(m) == ["It stays"], f"withdrawn at {member.name}")
        member.run("lesson", "show", lesson, code=1)
        equal(searched(member, "zeppelin"), [], f"not found at {member.name}")
    fourth = place.member("Four Trust").init("anchor")
    convenor.run("network", "admit", fourth.member_id, "--name", fourth.name)
    fourth.start().run("join", convenor.json("network", "ticket")["ticket"])
    wait(lambda: titles(fourth) == ["It stays"], "who comes later gets the header alone")
    fourth.run("lesson", "show", lesson, code=1)
    one.run("lesson", "withdraw", lesson, "--yes", code=1)
    for member in everybody + (fourth,):
        expect(SECRET.encode() not in live_bytes(member), f"gone from the home of {member.name}")
    one.start()
    equal(one.json("lesson", "show", stays)["title"], "It stays", "what was not withdrawn stays")


if __name__ == "__main__":
    run(globals())
