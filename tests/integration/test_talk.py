"""Questions, answers, the inbox, topics that one follows, the digest; and nasty text on its way through
real daemons. All texts are made up."""

import json
import os
import re

from harness import equal, expect, run, wait
from test_posts import say

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def network(place, *names):
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "Talk")
    members = [place.member(name).init("anchor") for name in names]
    for member in members:
        convenor.run("network", "admit", member.member_id, "--name", member.name)
    ticket = convenor.json("network", "ticket")["ticket"]
    for member in members:
        member.start().run("join", ticket)
    for member in members:
        wait(lambda m=member: m.peek("status")["state"] == "active", f"{member.name} is active")
    return convenor, members


def ask(member, title, *args):
    return member.json("ask", title, "--yes", *args)["id"]


def answer(member, question, text):
    return member.json("answer", question, "--text", text, "--yes")["id"]


def knows(member, post):
    wait(lambda: member.run("question", "show", post, code=None).code == 0,
         f"{post} is known to {member.name}")


def thread(member, post):
    return [a["text"] for a in member.json("question", "show", post)["answers"]]


def waiting(member):
    box = member.json("inbox")
    return [(i["why"], i["excerpt"]) for i in box["items"]]


def test_a_question_its_answers_and_the_inbox(place):
    _, (a, b, c) = network(place, "A Trust", "B Trust", "C Trust")

    preview = a.json("ask", "Who has let a park run itself?", "--text", "We think of a trust.",
                     "--route", "asset transfer", "--dry-run")
    equal((preview["published"], preview["id"]), (False, None), "a preview")
    equal(a.json("questions")["questions"], [], "nothing left")
    expect("nobody is there to be asked" in a.run("ask", "Who?", code=64).err, "it has to be asked")
    said = a.typed("n\n", "ask", "Who?", code=1)
    expect("under your name" in said.out, said)

    question = ask(a, "Who has let a park run itself?", "--text", "We think of a trust.",
                   "--route", "asset transfer")
    knows(b, question)
    knows(c, question)
    equal([q["answers"] for q in b.json("questions", "--open")["questions"]], [0], "open")
    equal(b.json("questions", "--mine")["questions"], [], "not B's")

    equal([q["id"] for q in b.json("questions", "parks")["questions"]], [question], "by its words")
    equal(b.json("questions", "zeppelin")["questions"], [], "no such words")
    equal(b.json("questions", "park", "--mine")["questions"], [], "words and filters")

    shown = b.run("answer", question[:8], "--text", "We did.", "--dry-run").out
    expect('An answer to "Who has let a park run itself?", of A Trust:' in shown, shown)
    first = answer(b, question, "We did, with neighbours.")
    knows(c, first)
    second = answer(c, first, "So did we.")  # of an answer, its question is meant
    knows(a, second)
    knows(a, first)
    equal(thread(a, question), ["We did, with neighbours.", "So did we."], "the thread, in order")
    equal(thread(a, second), thread(a, question), "an answer's id will do")
    shown = a.run("question", "show", question).out
    expect("2 answers:" in shown and "B Trust" in shown and "asset transfer" in shown, shown)
    equal(a.json("questions", "--open")["questions"], [], "answered")
    equal([q["answers"] for q in a.json("questions", "--mine")["questions"]], [2], "counted")

    # A hears of both, B of the one that follows its own; each once, also after a restart.
    equal(waiting(a), [("answers your question", "We did, with neighbours."),
                       ("answers your question", "So did we.")], "A's inbox")
    wait(lambda: waiting(b) == [("answers a question that you answered, too", "So did we.")],
         "B's inbox")
    equal(waiting(c), [], "C's inbox")
    expect("keeplocal inbox" in [s["command"] for s in a.json()["next"]], a.json()["next"])
    expect("keeplocal inbox" in a.run().out, a.run().out)
    equal(waiting(a), waiting(a), "looking alone marks nothing")
    out = a.run("inbox", "--mark-read").out
    expect("2 answers to you" in out and "So did we." in out, out)
    equal(waiting(a), [], "told")
    expect("keeplocal inbox" not in [s["command"] for s in a.json()["next"]], "nothing waits")
    a.stop()
    a.start()
    equal(waiting(a), [], "told once, also after a restart")
    expect("Nothing new." in a.run("inbox").out, a.run("inbox").out)
    equal([i["excerpt"] for i in a.json("inbox", "--all")["items"]],
          ["So did we.", "We did, with neighbours."], "all of it, latest first")

    # What is corrected is told again, what is withdrawn is gone and told to be.
    b.run("answer", "correct", first, "--text", "We did, and it failed.", "--yes")
    wait(lambda: waiting(a) == [("was corrected", "We did, and it failed.")], "the correction")
    expect("corrected" in a.run("question", "show", question).out, "told in the thread")
    a.run("inbox", "--mark-read")
    c.run("answer", "withdraw", second, "--yes")
    wait(lambda: thread(a, question) == ["We did, and it failed."], "gone from the thread")
    box = a.json("inbox")
    equal(([w["member"] for w in box["withdrawn"]], box["items"]), (["C Trust"], []), "told")
    a.run("inbox", "--mark-read")
    equal(a.json("inbox")["withdrawn"], [], "told once")
    equal(len(a.json("inbox", "--all")["items"]), 1, "and gone from the inbox")

    # Withdrawn before it was seen: never told at all. Withdrawn question: its answers stay.
    third = answer(c, question, "Forget this.")
    knows(a, third)
    c.run("answer", "withdraw", third, "--yes")
    wait(lambda: waiting(a) == [] and not a.json("inbox")["withdrawn"], "never told")
    a.run("question", "withdraw", question, "--yes")
    wait(lambda: b.json("question", "show", first)["root"]["withdrawn"], "the question is gone")
    expect("withdrawn; its answers stay" in b.run("question", "show", first).out, "said")
    expect("was withdrawn" in b.run("answer", first, "--text", "More.", "--yes", code=1).err, "no")
    expect("was withdrawn" in b.run("answer", question, "--text", "More.", "--yes", code=1).err, "no")
    equal(thread(b, question), ["We did, and it failed."], "its own id still finds the answers")


def test_following(place):
    convenor, (a, b) = network(place, "A Trust", "B Trust")
    equal(a.json("following")["topics"], [], "nothing yet")
    equal((t := a.json("follow", "asset transfer"))["kind"], "route", t)
    equal(a.json("follow", "b trust")["kind"], "member", "a member by part of its name")
    equal(a.json("follow", "community shares")["kind"], "words", "what has no other name")
    equal(a.json("follow", "asset transfer")["unchanged"], True, "already")
    a.run("follow", "service=Libraries")
    a.run("follow", "place=Calderdale")
    expect("there is no kind of topic" in a.run("follow", "colour=red", code=64).err, "kind")
    expect("say which" in a.run("follow", "a", code=None).err, "several have that name")
    got = a.run("follow", "stage=building", code=1)
    expect("analyse" in got.err and "review" in got.err, "what stages there are")
    equal(a.json("follow", "characteristic=3")["kind"], "characteristic", "by its number")
    a.run("unfollow", "characteristic=3")
    expect("own posts are not told" in a.run("follow", "A Trust", code=64).err, "itself")
    expect("is not followed" in a.run("unfollow", "consortium", code=1).err, "not followed")
    a.run("unfollow", "member=B Trust")
    equal([t["topic"] for t in a.json("following")["topics"]],
          ["community asset transfer", "community shares", "Libraries", "Calderdale"], "the list")

    def lesson(title, *args):
        return b.json("lesson", "add", "--title", title, "--yes", *args)["id"]

    lesson("On routes", "--route", "asset transfer")
    lesson("On money", "--text", "We sold Community SHARES to 200 people.")
    lesson("On books", "--service", "Public libraries")
    lesson("On a place", "--place", "Calderdale")
    last = lesson("On nothing of this", "--text", "No community, and no sharing.")
    knows(a, last)
    wait(lambda: [(i["title"], i["topics"]) for i in a.json("inbox")["items"]] ==
         [("On routes", ["community asset transfer"]), ("On money", ["community shares"]),
          ("On books", ["Libraries"]), ("On a place", ["Calderdale"])], "by topics")
    equal(b.json("inbox")["items"], [], "B follows nothing")
    a.run("inbox", "--mark-read")

    # One that writes very much is counted, and buries nobody's answer.
    question = ask(a, "Who has done it?")
    knows(b, question)
    for i in range(9):
        last = lesson(f"Flood {i}", "--route", "asset transfer")
    equal(convenor.json("answer", question, "--text", "I know one.", "--yes")["published"], True,
          "the convenor answers, too")
    knows(a, last)
    wait(lambda: a.json("inbox")["answers"] == 1, "the answer")
    box = a.json("inbox")
    equal((len(box["items"]), box["others"], box["crowded"]),
          (6, 9, [{"member": "B Trust", "posts": 4}]), "five, and the answer")
    expect("and 4 more from B Trust" in a.run("inbox", "--mark-read").out, "said")
    equal(a.json("inbox")["items"], [], "all of it was told")


def test_a_digest(place):
    _, (a, b) = network(place, "A Trust", "B <b>Trust</b>")
    question = ask(a, "Who knows <script>?")
    knows(b, question)
    answer(b, question, "Nobody.")
    for i in range(4):
        last = b.json("lesson", "add", "--title", f"Lesson {i}", "--yes")["id"]
    knows(a, last)
    wait(lambda: a.json("digest")["questions"]["listed"][0]["answers"] == 1, "the answer")
    digest = a.json("digest")
    equal((digest["members"]["count"], digest["lessons"]["count"], digest["answers"]), (2, 4, 1),
          "what happened")
    equal(len(digest["lessons"]["listed"]), 3, "of one member at most three")
    equal([m["kind"] for m in digest["members"]["listed"]], ["anchor", "anchor"], "members")
    out = a.run("digest", "--week").out
    expect("Lessons: 4" in out and "and 1 more" in out and "which nobody checks" in out, out)

    page = os.path.join(place.path, "digest.html")
    a.run("digest", "--out", page)
    with open(page, encoding="utf-8") as file:
        text = file.read()
    expect("<script>?" not in text and "&lt;script&gt;" in text and "<b>Trust" not in text, text)
    expect(a.run("digest", "--out", page, code=73).code == 73, "a file that is there is kept")
    a.run("digest", "--out", os.path.join(place.path, "digest.xlsx"))
    expect("not a date" in a.run("digest", "--since", "2026-31-31", code=64).err, "a date")
    expect("not both" in a.run("digest", "--since", "2026-01-01", "--week", code=64).err, "one")
    expect("up to today" in a.run("digest", "--since", "1990-01-01", code=64).err, "too long ago")


NASTY = {
    "a zero-width space": "Exam\u200bple",
    "an escape": "\x1b[31mred",
    "an override": "exe.\u202efdp",
    "a mark of direction": "a\u200fb",
    "a byte order mark": "\ufeffName",
    "a soft hyphen": "coun\u00adcil",
    "a line separator": "a\u2028b",
    "a tag": "a\U000e0061b",
    "a heap of marks": "a" + "\u0301" * 9,
}
FINE = ["Tŷ Gwyn ar Ynys Môn", "Ty\u0302 Gwyn", "Àird nam Murchan", "اردو", "עברית", "👩‍👧 ❤️ 1️⃣",
        "می‌خواهم", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"]


def test_nasty_text_is_refused_where_it_is_typed_and_harmless_where_it_is_shown(place):
    _, (a, b) = network(place, "A Trust", "B Trust")
    for what, text in NASTY.items():
        for words in (("ask", text), ("ask", "Title", "--text", text), ("follow", text),
                      ("profile", "set", "name=" + text)):
            got = a.run(*words, *(["--yes"] if words[0] == "ask" else []), code=None)
            expect(got.code in (64, 65), f"{what} in {words[0]}: {got!r}")
            expect(re.search(r"character \d+ is|no(t)? plain text", got.err), f"{what}: {got!r}")
            expect(not UNSAFE.search(got.err.replace("\ufffd", "")), f"{what}: {got.err!r}")
    for text in FINE:
        post = ask(a, text, "--text", text)
        knows(b, post)
        equal(b.json("question", "show", post)["root"]["title"], text, "arrives as it was written")
        expect(text in b.run("question", "show", post).out, f"{text!r} is shown as it is")

    # A preview meets what publishing would.
    convenor = place.member("Second convenor").init("convenor").start()
    for dry in ([], ["--dry-run"]):
        got = convenor.run("network", "create", "Exam\u200bple", *dry, code=None)
        expect(got.code and "zero-width space" in got.err, f"network create {dry}: {got!r}")

    # A file's name, a cell and a typed operand come back in messages.
    for what, text in NASTY.items():
        got = a.run("import", os.path.join(place.path, text + ".csv"), code=None)
        expect(got.code and not UNSAFE.search(got.err), f"{what}: {got!r}")
    cells = place.file("spend.csv", "Date,Supplier,Amount\n2016-04-01,Exam\u200bple Ltd,10.00\n"
                                    "2016-04-02,\u202dExample\u202c Ltd,20.00\n")
    got = a.json("spend", "import", cells)
    rows = a.json("spend", "suppliers")
    text = json.dumps(rows, ensure_ascii=False)
    expect("Example Ltd" in text and not UNSAFE.search(text), f"{got!r} {text}")


def test_nasty_text_of_another_program_is_shown_harmlessly(place):
    """say_records publishes what our own commands refuse."""
    _, (a, b) = network(place, "A Trust", "B Trust")
    a.run("follow", "member=B Trust")
    b.stop()
    kept = {k: t for k, t in NASTY.items() if k not in ("an escape", "an override")}
    say(b, *[(34, {"title": f"{what}: {text}", "text": f"{text}\n<script>alert(1)</script>"})
             for what, text in kept.items()],
        *[(34, {"title": f"{what}: {NASTY[what]}"}) for what in ("an escape", "an override")],
        (34, {"title": b"bytes: \xff\xfe"}), (35, {"title": "The last, and a plain one"}))
    b.start()
    wait(lambda: [q["title"] for q in a.json("questions")["questions"]] ==
         ["The last, and a plain one"], "what B said arrives")

    # Controls and overrides no version has ever written: such posts do not count. The others do.
    lessons = a.json("lesson", "list", "--n", "50")["lessons"]
    equal(sorted(r["title"] for r in lessons), sorted(f"{w}: {t}" for w, t in kept.items()),
          "JSON is exact")
    table, page = os.path.join(place.path, "x.csv"), os.path.join(place.path, "x.html")
    expect("(its author says: 2026-05-28)" in a.run("digest").out, "told by arrival, not by claim")
    outs = [a.run("lesson", "list", "--n", "50"), a.run("lesson", "list", "--json"),
            a.run("inbox"), a.run("inbox", "--json"), a.run("digest"),
            *[a.run("lesson", "show", row["id"]) for row in lessons]]
    for out in outs:
        expect(not UNSAFE.search(out.out), f"{out!r}")
    expect("Exam\ufffdple" in outs[0].out, "seen that something was there")
    expect("Exam\\u200bple" in a.run("lesson", "list", "--n", "50", "--json").out, "an escape")
    a.run("lesson", "list", "--n", "50", "--out", table)
    a.run("digest", "--out", page)
    for path in (table, page):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        expect("\ufffd" in text, f"{path}: {text}")
        expect(not (bad := UNSAFE.search(text.replace("\r\n", "\n"))), f"{path}: {bad}")
        expect("<script>" not in text or path == table, "no markup")


if __name__ == "__main__":
    run(globals())
