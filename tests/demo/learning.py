"""The part of the story in which members learn from each other: who is like whom.

What they publish is in pilots/. Every answer that is shown is held against it.
"""

from daemons import Trouble

WEM, CLEOBURY = "Wem Town Hall", "Cleobury Country Centre"


def check(condition, words, member=None):
    if not condition:
        raise Trouble(words, member)


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


def tell(story, by_name):
    alike(story, by_name)
