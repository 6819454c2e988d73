"""The part of the story in which members learn from each other: who is like whom, how others write
their policy, and what they learnt.

What they publish is in pilots/. Every answer that is shown is held against it.
"""

import glob
import os

import facts
from daemons import Trouble, contents, wait

WEM, CLEOBURY = "Wem Town Hall", "Cleobury Country Centre"
DORSET = "Dorset County Council"

# Part of a file's name, and who publishes what is in it; and how many lessons close that case study.
PLACES = {
    "bradford": ("City of Bradford Metropolitan District Council", 8),
    "bristol": ("Bristol City Council", 6),
    "calderdale": ("Calderdale Metropolitan Borough Council", 6),
    "dorset": (DORSET, 4),
    "hackney": ("London Borough of Hackney", 4),
    "shropshire": ("Shropshire Council", 4),
}
ANCHORS = {
    "cleobury": CLEOBURY,
    "royds": "Royds Community Association",
    "manor-house": "Manor House Development Trust",
}

# A word that stands nowhere else, for a lesson that is taken back.
RARE, STEM = "quernstone", "quernston"  # and what the index holds of it


def check(condition, words, member=None):
    if not condition:
        raise Trouble(words, member)


# ---- what is published ------------------------------------------------------------------------


def path(name):
    return os.path.join(facts.PILOTS, name)


def found(member, *filters):
    """How many lessons fit."""
    return member.json("lesson", "list", *filters)["found"]


def everywhere(pool, everybody, condition, what):
    """Waits until it holds at every member."""
    list(pool.map(lambda m: wait(lambda: condition(m), what, m), everybody))


def publish(story, convenor, by_name, pool):
    story.heading("Six places say what they learnt, and what their policy is")
    story.say("""
Each of the report's six case studies closes with lessons, 32 in all; and each tells how the council
asks for social value when it buys. Both stand in tables that a person can read (tests/demo/pilots),
and were written for this demonstration: no council or anchor wrote them. They are the report's facts
in our own words, and what it does not say is left open.""")
    bristol = by_name[PLACES["bristol"][0]]
    story.shell(bristol, "lesson", "import", os.path.relpath(path("lessons-bristol.csv")), "--yes")
    story.shell(bristol, "policy", "import", os.path.relpath(path("policy-bristol.csv")), "--yes")

    def one(item):
        name, (owner, _) = item
        by_name[owner].run("lesson", "import", path(f"lessons-{name}.csv"), "--yes")
        by_name[owner].run("policy", "import", path(f"policy-{name}.csv"), "--yes")

    list(pool.map(one, [item for item in PLACES.items() if item[0] != "bristol"]))
    wait(lambda: found(convenor) == 32, "32 lessons", convenor)
    counts = {name: found(convenor, "--member", owner) for name, (owner, _) in PLACES.items()}
    check(counts == {name: n for name, (_, n) in PLACES.items()}, f"lessons by place: {counts}")
    story.say("32 lessons of six places are known to everybody: "
              + ", ".join(f"{name.capitalize()} {n}" for name, n in counts.items()) + ".")
    more = {**ANCHORS, **{f"{name}-more": owner for name, (owner, _) in PLACES.items()}}

    def other(item):
        if os.path.exists(path(f"lessons-{item[0]}.csv")):
            by_name[item[1]].run("lesson", "import", path(f"lessons-{item[0]}.csv"), "--yes")

    list(pool.map(other, more.items()))
    total = sum(len(facts.table(os.path.basename(name)))
                for name in glob.glob(path("lessons-*.csv")))
    everywhere(pool, [convenor, *by_name.values()], lambda m: found(m) == total, f"{total} lessons")
    story.say(f"With what the case studies tell besides, and three stories of anchors: {total}.")


# ---- the three questions ----------------------------------------------------------------------


def alike(story, by_name):
    story.heading("Who is like us?")
    story.say("""
Wem Town Hall asks whom it could learn from. Compared is what members publish of themselves and
what the convenor confirmed; what is not known is said, not guessed.""")
    wem = by_name[WEM]
    story.shell(wem, "similar", WEM, "--n", 3)
    nearest = wem.json("similar", WEM, "--n", 3)
    check([row["name"] for row in nearest][0] == CLEOBURY, f"the nearest to {WEM}: {nearest}", wem)
    for words in ("both rural", "both in West Midlands"):
        check(words in nearest[0]["together"], f"'{words}' in {nearest[0]}", wem)
    check(nearest[1]["distance"] > 2 * nearest[0]["distance"], f"far behind: {nearest}", wem)


def policies(story, by_name):
    story.heading("How do others write their policy?")
    story.say("""
Dorset has a policy in development, and looks at three that are in force. An asterisk marks where
they differ; a dash is what the report does not say, which is never taken for "no".""")
    dorset = by_name[DORSET]
    story.shell(dorset, "policy", "compare", "bristol", "shropshire", "hackney")
    answer = dorset.json("policy", "compare", "bristol", "shropshire", "hackney")
    fields = {row["field"]: row["values"] for row in answer["fields"]}
    for field, values in {"status": ["adopted"] * 3,
                          "co_produced": [True, None, None],
                          "small_providers": [True, None, None],
                          "corporate": [True, True, None],
                          "in_design": [None, True, None],
                          "weight_percent": [None, None, None]}.items():
        check(fields.get(field) == values, f"{field}: {fields.get(field)}, not {values}", dorset)
    check(answer["class"] == ["unclassified"] * 3 and all(answer["why"]), f"{answer['class']}",
          dorset)
    story.shell(dorset, "policy", "landscape")


def lessons(story, by_name):
    story.heading("What did they learn?")
    wem = by_name[WEM]
    story.say("""
Wem Town Hall asks what others know of asset transfer. Words count in all their forms, and the
lessons that fit best come first.""")
    story.shell(wem, "lesson", "search", "asset", "transfer")
    hits = wem.json("lesson", "search", "asset", "transfer")
    wanted = [row["title"] for name in glob.glob(path("lessons-*.csv"))
              for row in facts.table(os.path.basename(name))
              if "asset transfer" in row["title"].lower()]
    check(wanted and {row["title"] for row in hits[:len(wanted)]} == set(wanted),
          f"first the lessons {wanted}, not {hits}", wem)
    first = next(row for row in hits if "town hall" in row["title"])
    story.shell(wem, "lesson", "show", first["id"])
    story.say("""
And narrowed: what worked with grants?""")
    story.shell(wem, "lesson", "list", "--route", "grants", "--outcome", "worked")


# ---- a question -------------------------------------------------------------------------------


def question(story, convenor, by_name):
    story.heading("A question, and who knows")
    story.say("""
The report prints no conversation, so this one is MADE UP. What the two answers tell is not: it stands
in the report.""")
    story.shell(convenor, "ask", "Made up: does a library gain when its community runs it?", "--yes")
    asked = wait(lambda: by_name[CLEOBURY].json("questions")["questions"], "the question",
                 convenor)[0]["id"]
    answers = (
        (CLEOBURY, "Cleobury Country took its library over in 2016 rather than see it close. It is open "
         "six days a week, in one house with the parish council and a jobs board. (Locality, "
         "November 2017: Framework, characteristic 5.)"),
        (DORSET, "By March 2017 communities managed eight libraries in Dorset. Many of such buildings "
         "are used for more of the week, and for more things, than before. (Locality, November 2017: "
         "Dorset, why.)"),
    )
    for name, text in answers:
        wait(lambda m=by_name[name]: m.json("questions")["questions"], "the question",
             by_name[name])
        by_name[name].run("answer", asked, "--text", text, "--yes")
    wait(lambda: len(convenor.json("question", "show", asked)["answers"]) == 2, "two answers", convenor)
    story.shell(convenor, "question", "show", asked)
    story.say("""
Who asked does not have to look for answers: they wait in the inbox.""")
    story.shell(convenor, "inbox")


# ---- a lesson that is taken back --------------------------------------------------------------


def stands(member):
    return any(STEM.encode() in content.lower() for _, content in contents(member))


def withdraw(story, convenor, by_name, pool):
    story.heading("A lesson is taken back, and is gone")
    story.say("""
Who wrote a lesson can take it back: its text is erased on every machine that has it, and from the
words that are searched. This one is MADE UP, with a word that stands nowhere else.""")
    everybody = [convenor, *by_name.values()]
    reader, other = by_name[WEM], by_name["Knowle West Media Centre"]
    story.shell(convenor, "lesson", "add", "--title", "Made up for the demonstration", "--text",
                f"Nobody should read about the {RARE}.", "--yes")
    everywhere(pool, everybody, lambda m: m.json("lesson", "search", RARE), "the made-up lesson")
    check(all(map(stands, everybody)), "the word does not stand in every home")
    lesson = reader.json("lesson", "search", RARE)[0]["id"]
    story.shell(convenor, "lesson", "withdraw", lesson, "--yes")
    everywhere(pool, everybody, lambda m: not m.json("lesson", "search", RARE), "the lesson to be gone")
    story.shell(reader, "lesson", "search", RARE)
    reader.run("lesson", "show", lesson, code=1)
    other.compact()
    check(not stands(other), f"LEFT BEHIND: the word still stands in the home of {other.name}", other)
    other.serve()
    story.say(f"""
All {len(everybody)} daemons had it, and none gives it out any more. In a database file the bytes of what
was erased may lie unused until something is written over them; keeplocald --compact writes the
file anew. Done here for {other.name}: the word is not in its home any more.""")


def tell(story, convenor, by_name, pool):
    publish(story, convenor, by_name, pool)
    alike(story, by_name)
    policies(story, by_name)
    lessons(story, by_name)
    question(story, convenor, by_name)
    withdraw(story, convenor, by_name, pool)
