"""Indicators through the command line: the bank, definitions that members share, adoptions, and the
history of what was recorded. Members and figures are made up."""

import os

from asking import found, wait_level
from harness import equal, expect, run, wait

MEALS = ("--characteristic", "6", "--unit", "count", "--polarity", "higher", "--how",
         "Count the plates at each shared meal.")


def alone(place, name="Example Trust"):
    """A member of no network: recording needs none."""
    return place.member(name).init("anchor").start(bind=False)


def defined(member, *words):
    return {d["name"]: d for d in member.json("indicator", "list", *words)["defined"]}


def wait_defined(member, name, **wanted):
    def fits():
        row = defined(member).get(name)
        return row is not None and all(row[key] == value for key, value in wanted.items())
    wait(fits, f"{member.name} sees {name} as {wanted}")


# ---- the bank --------------------------------------------------------------------------------


def test_the_bank_is_listed_and_filtered(place):
    m = alone(place)
    whole = m.json("indicator", "list")
    equal(len(whole["indicators"]), 107, "21 key, 7 example and 79 other indicators")
    equal([d["characteristic"] for d in whole["indicators"]],
          sorted(d["characteristic"] for d in whole["indicators"]), "by characteristic")
    expect(whole["metrics"], "metrics")
    equal(len(m.json("indicator", "list", "--kind", "key")["indicators"]), 21, "key")
    seven = m.json("indicator", "list", "--characteristic", "services", "--kind", "other")
    equal((len(seven["indicators"]), seven["metrics"]), (18, []), "others of services")
    found_by_words = m.json("indicator", "list", "empty")["indicators"]
    expect({"c4.empty_buildings", "c7.empty_homes"} <= {i["code"] for i in found_by_words},
           found_by_words)
    council = m.json("indicator", "list", "--level", "council")["indicators"]
    equal({i["level"] for i in council}, {"council"}, "level")
    equal(m.json("indicator", "list", "--recorded")["indicators"], [], "nothing was recorded")
    m.run("indicator", "record", "smoking", "18%", "--period", "2016")
    equal([i["code"] for i in m.json("indicator", "list", "--recorded")["indicators"]],
          ["c7.smoking"], "what was recorded")
    m.run("indicator", "list", "--kind", "nice", code=64)
    m.run("indicator", "list", "--level", "moon", code=64)
    expect("None is like that" in m.run("indicator", "list", "skydiving").out, "none")


def test_an_indicator_is_shown_whole(place):
    m = alone(place)
    shown = m.json("indicator", "show", "volunteers' hours in looking after")
    equal((shown["code"], shown["kind"]), ("c4.sweat_equity", "key"), "found by name")
    equal(set(shown["twins"]), {"Volunteering and grassroots action", "Hours of volunteers"},
          "twins")
    equal(shown["components"][0]["better"], "higher", "polarity")
    expect(m.json("indicator", "show", "c5.mirrors_area")["components"][2]["component"] == "users",
           "three numbers")
    said = m.run("indicator", "show", "c1.things_shared").out
    expect("Libraries of tools" in said and "our judgement" in said, said)
    said = m.run("activity", "list", "--characteristic", "6").out
    expect(said.startswith("Environment\n") and "our judgement" in said, said)
    activities = m.json("activity", "list")["activities"]
    equal(len(activities), 82, "activities")
    equal(len(m.json("activity", "list", "--characteristic", "6")["activities"]), 17, "of one")
    equal([a["code"] for a in m.json("activity", "list", "bees")["activities"]], ["a6.bees"], "word")


# ---- history ---------------------------------------------------------------------------------


def record(member, name, value, period, *more):
    member.run("indicator", "record", name, value, "--period", period, *more)


def test_history_tells_the_direction_and_never_mixes_methods(place):
    m = alone(place)
    for period, value, method in (("2014", "40%", "survey"), ("2015", "42%", "survey"),
                                  ("2016", "55%", "interviews"), ("2017", "45%", "survey")):
        record(m, "loneliness", value, period, "--method", method)
    record(m, "loneliness", "30%", "2015", "--method", "survey", "--place", "Keighley")
    record(m, "loneliness", "20%", "2016", "--method", "survey", "--place", "keighley")
    answer = m.json("indicator", "history", "loneliness")
    rows = answer["observations"]
    equal([(r["place"], r["period"]) for r in rows],
          [(None, "2014"), (None, "2015"), (None, "2016"), (None, "2017"), ("Keighley", "2015"),
           ("keighley", "2016")], "by place, then period")
    equal([r["direction"] for r in rows], [None, "worse", None, "worse", None, "better"],
          "loneliness is better when it is lower")
    equal([r["change"] for r in rows][1], "up by 2 points", "change")
    equal([r["since"] for r in rows], [None, "2014", None, "2015", None, "2015"],
          "what each was compared with")
    expect("different methods" in rows[2]["why"], rows[2])
    equal([(s["place"], s["from"], s["to"], s["periods"], s["direction"])
           for s in answer["series"]],
          [(None, "2014", "2017", 3, "worse"), ("keighley", "2015", "2016", 2, "better")], "series")
    equal(len(m.json("indicator", "history", "loneliness", "--place", "KEIGHLEY")["observations"]),
          2, "of one place")
    equal([r["period"] for r in m.json("indicator", "history", "loneliness", "--since", "2016")
           ["observations"]], ["2016", "2017", "2016"], "since")
    said = m.run("indicator", "history", "loneliness").out
    expect("not compared: they were found out by different methods" in said, said)
    expect("up by 3 points since 2015: worse" in said and "that rule is ours" in said, said)
    record(m, "loneliness", "41%", "2018", "--method", "survey")
    back = m.json("indicator", "history", "loneliness")["series"][0]
    equal((back["direction"], back["rises"], back["falls"]), ("no clear direction", 2, 1),
          "it went the other way in between")
    record(m, "house prices", "4%", "2016")
    record(m, "house prices", "6%", "2017")
    equal(m.json("indicator", "history", "house prices")["series"][0]["direction"],
          "no clear direction", "neither higher nor lower is better")
    said = m.run("indicator", "history", "house prices").out
    expect("up by 2 points since 2016" in said and "no clear direction" not in said, said)


def test_each_series_is_judged_by_its_own_definition(place):
    m = alone(place)
    m.run("indicator", "define", "Meals shared", *MEALS)
    record(m, "meals", "10", "2014")
    record(m, "meals", "20", "2016")
    m.run("indicator", "define", "Meals shared", "--polarity", "lower", "--how", "Count the waste.")
    record(m, "meals", "10", "2013")
    record(m, "meals", "30", "2017")
    answer = m.json("indicator", "history", "meals")
    equal([(s["version"], s["from"], s["to"], s["direction"]) for s in answer["series"]],
          [(2, "2013", "2017", "worse"), (1, "2014", "2016", "better")], "series")
    equal([(r["since"], r["direction"]) for r in answer["observations"]],
          [(None, None), (None, None), ("2014", "better"), ("2013", "worse")], "rows")
    said = m.run("indicator", "history", "meals").out
    expect("up by 20 since 2013: worse" in said and "as defined in version 1" in said, said)


def test_what_was_recorded_by_mistake_is_taken_out(place):
    m = alone(place)
    record(m, "smoking", "18%", "2106", "--place", "Keighley")
    record(m, "smoking", "17%", "2106", "--place", "keighley")
    record(m, "smoking", "18%", "2016")
    answer = m.run("indicator", "remove", "smoking", "--period", "2106", "--yes", code=1)
    expect("nothing was recorded by hand for 2106" in answer.err, answer.err)
    args = ("indicator", "remove", "smoking", "--period", "2106", "--place", "KEIGHLEY")
    m.run(*args, code=64)  # nobody can be asked
    shown = m.run(*args, "--dry-run").out
    expect("keighley, 2106: 17%" in shown and "All 2 revisions" in shown, shown)
    equal(len(m.json("indicator", "history", "smoking")["observations"]), 3, "a dry run")
    gone = m.json(*args, "--yes")
    equal((gone["removed"], gone["value"], gone["table_counts_again"]), (True, 0.17, False), "gone")
    equal([r["period"] for r in m.json("indicator", "history", "smoking")["observations"]],
          ["2016"], "what is left")
    m.run(*args, "--yes", code=1)

    path = place.file("table.csv", "indicator,period,value\nloneliness,2016,40%\n")
    m.run("indicator", "import", path)
    record(m, "loneliness", "30%", "2016")
    answer = m.run("indicator", "remove", "loneliness", "--period", "2016", "--yes").out
    expect("counts again" in answer, answer)
    equal([r["value"] for r in m.json("indicator", "history", "loneliness")["observations"]], [0.4],
          "the table's row")
    answer = m.run("indicator", "remove", "loneliness", "--period", "2016", "--yes", code=1)
    expect("keeplocal undo" in answer.err, answer.err)


def test_pounds_are_shown_to_the_penny(place):
    m = alone(place)
    cut = m.run("indicator", "record", "enabled.fte", "2.43", "--period", "1999").out
    expect("2.43 was typed, and 2.4 is kept: it has no more decimals" in cut, cut)
    whole = m.json("indicator", "record", "enabled.fte", "2.40", "--period", "1999")
    equal(whole["warnings"], [], "nothing was cut")
    m.run("indicator", "remove", "enabled.fte", "--period", "1999", "--yes")
    said = m.run("indicator", "record", "savings of residents", "£1,234.99", "--period", "2016").out
    expect("£1,234.99" in said, said)
    expect("£1,234.99" in m.run("indicator", "history", "savings of residents").out, "history")


def test_stories_stand_beside_numbers(place):
    m = alone(place)
    record(m, "c2.jobs_created", "5", "2016", "--text", "Two of them at the new café.")
    row = m.json("indicator", "history", "c2.jobs_created")["observations"][0]
    equal((row["value"], row["text"]), (5.0, "Two of them at the new café."), "both")
    expect("2016: Two of them" in m.run("indicator", "history", "c2.jobs_created").out, "drawn")
    record(m, "c5.trust", "neighbours keep keys", "2016")
    record(m, "c5.trust", "Two lines of it.\nThe second.", "2017")
    said = m.run("indicator", "history", "c5.trust").out
    expect("words, below" in said and "2017: Two lines of it.\n" in said, said)
    expect("2016: neighbours" not in said and "neighbours keep keys" in said, said)
    m.run("indicator", "record", "c5.trust", "words", "--text", "more words", "--period", "2018",
          code=64)


def test_long_histories_come_in_parts(place):
    m = alone(place)
    story = "A story of our street. " * 80
    for year in range(1900, 2060):
        record(m, "c5.trust", story, str(year))
    rows = m.json("indicator", "history", "trust that people express")["observations"]
    equal(len(rows), 160, "rows beyond what one message holds")
    equal(len(rows[-1]["text"].strip()), len(story.strip()), "the last is whole")


# ---- tables ----------------------------------------------------------------------------------


def test_a_table_comes_in_whole_or_not_at_all(place):
    m = alone(place)
    m.run("indicator", "define", "Meals shared", *MEALS)
    rows = ["indicator,component,period,place,value,text,method,confidence",
            "Smoking,,2016,,18%,,survey,high", "smok ing,,2017,,17%,,survey,high"]
    answer = m.run("indicator", "import", place.file("bad.csv", "\n".join(rows)), code=65)
    expect("bad.csv, line 3, column 'indicator'" in answer.err, answer.err)
    equal(m.json("indicator", "list", "--recorded")["indicators"], [], "nothing came in")
    rows[2:] = ["smoking,,2017,,17%,,survey,high", "smoking,,2017,Keighley,16%,,survey,",
                "enabled contribution of tenants,gva,2016,,£1.2m,,primary,",
                "meals shared,,2016,,120,,plates,",
                "trust that people express,,2016,,,neighbours keep keys,,"]
    good = place.file("good.csv", "\n".join(rows))
    came = m.json("indicator", "import", good)
    equal((came["observations"], came["indicators"]), (6, 4), "what came in")
    series = m.json("indicator", "history", "smoking")["series"]
    equal([(s["from"], s["to"], s["direction"]) for s in series], [("2016", "2017", "better")],
          "the history knows them")
    expect(m.json("indicator", "history", "meals")["observations"][0]["definition"], "definition")
    counts = {i["code"]: i["recorded"] for i in m.json("indicator", "list", "--recorded")
              ["indicators"]}
    equal(counts, {"c7.smoking": 3, "c2.enabled": 1, "c5.trust": 1}, "counted")

    # what is recorded by hand stands above the table, and no table passes over it
    record(m, "smoking", "15%", "2017", "--method", "survey")
    rows_now = m.json("indicator", "history", "smoking", "--since", "2017")["observations"]
    equal([(r["place"], r["value"], r["superseded"]) for r in rows_now],
          [(None, 0.17, True), (None, 0.15, False), ("Keighley", 0.16, False)], "by hand")
    equal(m.json("indicator", "list", "--recorded", "smoking")["indicators"][0]["recorded"], 3,
          "counted once")
    answer = m.run("indicator", "import", good, code=1)
    expect("Smoking (2017)" in answer.err, answer.err)
    rows[2] = "smoking,,2017,,15%,,survey,"
    again = m.json("indicator", "import", place.file("good.csv", "\n".join(rows)))
    equal(again["already"], 1, "the same by hand")
    m.run("undo", "--yes")
    m.run("undo", "--yes")
    equal([r["value"] for r in m.json("indicator", "history", "smoking")["observations"]], [0.15],
          "what was recorded by hand stays")


def test_templates_come_back_in(place):
    m = alone(place)
    for name, more in (("a.csv", ("--example",)), ("b.xlsx", ())):
        path = os.path.join(place.path, name)
        m.run("template", "indicators", "--out", path, *more)
        sheet = ("--sheet", "Example") if name.endswith("xlsx") else ()
        answer = m.run("indicator", "import", path, *sheet, code=None)
        equal(answer.code, 0, f"{name}: {answer.err}")
        expect("not read" not in answer.err, answer.err)
    equal(m.json("indicator", "history", "hours of volunteers")["observations"][0]["value"], 1250.0,
          "the example")


def test_many_rows(place):
    m = alone(place)
    names = ["Smoking", "Obesity", "Loneliness", "Suppliers that are local",
             "Pride in the area and its history"]
    rows = [f"{name},{2006 + n % 10},Example ward {n // 10},{n % 100}%,survey"
            for n in range(6000) for name in names]
    path = place.file("big.csv", "indicator,period,place,value,method\n" + "\n".join(rows))
    equal(m.json("indicator", "import", path)["observations"], 30000, "rows")
    whole = m.json("indicator", "history", "smoking")
    equal((whole["recorded"], whole["left_off"], len(whole["observations"])), (6000, 0, 6000),
          "all of one indicator")
    equal([(r["place"], r["period"]) for r in whole["observations"]],
          sorted((r["place"], r["period"]) for r in whole["observations"]), "in order")
    record(m, "smoking", "50%", "2010", "--place", "example ward 3")
    again = m.json("indicator", "history", "smoking")["observations"]
    equal([(r["place"], r["value"], r["revision"]) for r in again if r["superseded"]],
          [("Example ward 3", 0.34, None)], "what was recorded by hand stands above the table")
    equal(len(again), 6001, "nothing is lost between parts")
    equal(len(m.json("indicator", "history", "smoking", "--place", "example ward 7")
              ["observations"]), 10, "one place")
    equal({i["recorded"] for i in m.json("indicator", "list", "--recorded")["indicators"]}, {6000},
          "counted")


# ---- definitions -----------------------------------------------------------------------------


def test_a_definition_of_ones_own(place):
    m = alone(place)
    answer = m.run("indicator", "define", "Meals shared", code=64)
    for word in ("--characteristic", "--unit", "--polarity", "--how"):
        expect(word in answer.err, f"{word}: {answer.err}")
    base = ("--characteristic", "6", "--how", "Count the plates at each shared meal.")
    for args, words in [((*base, "--unit", "plates", "--polarity", "higher"), "units: score"),
                        ((*base, "--unit", "count", "--polarity", "up"), "higher, lower or neither"),
                        ((*base, "--component", "plates=count"), "2 to 3 numbers"),
                        ((*base, "--component", "plates", "--component", "x=count"), "its unit")]:
        answer = m.run("indicator", "define", "Meals shared", *args, code=64)
        expect(words in answer.err, f"{args}: {answer.err}")
    answer = m.run("indicator", "define", "smoking", *MEALS, code=1)
    expect("c7.smoking" in answer.err, answer.err)
    answer = m.run("indicator", "define", "Meals shared", *MEALS[:-1], "how " * 120, code=64)
    expect("how:" in answer.err and "at most 399 bytes" in answer.err, answer.err)
    answer = m.run("indicator", "define", "Meals\x1b[31m shared", *MEALS, code=64)
    expect("name: character 6 is a control character (U+001B)" in answer.err, answer.err)
    m.run("indicator", "define", "Meals shared", *MEALS, "--dry-run")
    equal(defined(m), {}, "a dry run keeps nothing")
    first = m.json("indicator", "define", "Meals shared", *MEALS)
    equal((first["version"], first["published"]), (1, False), "private")
    expect(m.json("indicator", "define", "meals SHARED", *MEALS)["unchanged"], "the same again")
    record(m, "meals", "120", "2015")
    record(m, "meals", "150", "2016")
    again = m.json("indicator", "define", "Meals shared", "--how", "Count plates and packed lunches.")
    equal((again["version"], again["replaces"]), (2, 1), "a change is a new version")
    record(m, "meals", "900", "2017")
    rows = m.json("indicator", "history", "meals")["observations"]
    equal([r["direction"] for r in rows], [None, "better", None], "directions")
    expect("defined anew" in rows[2]["why"], rows[2])
    expect(rows[1]["definition"] != rows[2]["definition"], "which definition it was is kept")
    answer = m.run("indicator", "record", "meals", "many", "--period", "2018", code=64)
    expect("Meals shared" in answer.err and "whole number" in answer.err, answer.err)
    answer = m.run("indicator", "record", "meals", "-3", "--period", "2018", code=64)
    expect("Meals shared: -3 is not a possible value" in answer.err, answer.err)
    answer = m.run("indicator", "define", "Meals shared", "--publish", "--yes", code=1)
    expect("network" in answer.err, answer.err)
    answer = m.run("indicator", "withdraw", "Meals shared", "--yes", code=1)
    expect("3 observations were recorded" in answer.err, answer.err)
    m.run("indicator", "define", "Mistyped", *MEALS)
    m.run("indicator", "define", "Mistyped", "--how", "Another version.")
    expect("would be deleted" in m.run("indicator", "withdraw", "mistyped", "--dry-run").out, "dry")
    gone = m.json("indicator", "withdraw", "mistyped", "--yes")
    equal((gone["private"], gone["withdrawn"], gone["version"]), (True, True, 2), "deleted")
    equal(list(defined(m)), ["Meals shared"], "what is left")
    equal(m.json("indicator", "define", "Mistyped", *MEALS)["version"], 1, "it begins anew")
    m.run("indicator", "withdraw", "mistyped", "--yes")
    m.run("indicator", "withdraw", "smoking", "--yes", code=1)
    parts = m.json("indicator", "define", "Street party", "--characteristic", "5", "--how", "Count.",
                   "--component", "people who came=people", "--component", "cost=£,lower")
    equal([(c["component"], c["unit"], c["better"]) for c in parts["components"]],
          [("people_who_came", "people", "higher"), ("cost", "GBP", "lower")], "components")
    answer = m.run("indicator", "record", "street party", "3", "--period", "2016", code=64)
    expect("people_who_came and cost" in answer.err, answer.err)
    record(m, "street party", "£350", "2016", "--component", "cost")


def test_definitions_are_published_adopted_and_used_by_others(place):
    convenor, (trust, council) = found(place, 2)
    trust.run("indicator", "define", "Meals shared", *MEALS)
    record(trust, "meals", "7777", "2016")
    trust.run("indicator", "define", "Meals shared", "--publish", code=64)  # nobody can be asked
    shown = trust.run("indicator", "define", "Meals shared", "--publish", "--dry-run").out
    expect("values" in shown or "What you record of it stays with you" in shown, shown)
    published = trust.json("indicator", "define", "Meals shared", "--publish", "--yes")
    equal((published["version"], published["published"]), (1, True), "published as it was")
    wait_defined(council, "Meals shared", own=False, author=trust.name, adopted=False, version=1)
    record(council, "meals", "120", "2016")
    equal(council.json("indicator", "history", "meals")["observations"][0]["definition"],
          published["definition"], "the same definition")

    # what others publish makes no name of the bank ambiguous
    council.run("indicator", "define", "Local multiplier of meals", *MEALS, "--publish", "--yes")
    wait_defined(trust, "Local multiplier of meals", own=False)
    record(trust, "local multiplier", "2.43", "2016")
    equal(trust.json("indicator", "show", "local multiplier of meals")["author"], council.name,
          "by its own name")

    # the convenor's word reaches everybody
    trust.run("network", "adopt", "meals shared", "--yes", code=1)
    answer = convenor.run("network", "adopt", "c1.lm3", "--yes", code=None)
    expect("for everybody already" in answer.err, answer.err)
    before = convenor.status()["records"]
    convenor.run("network", "adopt", "meals shared", "--dry-run")
    equal(convenor.status()["records"], before, "a dry run publishes nothing")
    convenor.run("network", "adopt", "meals shared", "--yes")
    wait_defined(council, "Meals shared", adopted=True)
    wait_defined(trust, "Meals shared", adopted=True, own=True)
    equal(list(defined(council))[0], "Meals shared", "adopted ones stand first")

    # a later version is another definition, and not adopted by itself
    later = trust.json("indicator", "define", "Meals shared", "--how", "Count lunches, too.",
                       "--publish", "--yes")
    expect(later["adopted_is_older"], "the adopted version goes on")
    wait_level([convenor, trust, council])
    equal(defined(council)["Meals shared"]["version"], 1, "the adopted one")
    convenor.run("network", "adopt", "meals shared", "--yes")
    wait_defined(council, "Meals shared", version=2)
    record(council, "meals shared", "300", "2017")
    rows = council.json("indicator", "history", "meals shared")["observations"]
    equal([r["comparable"] for r in rows], [None, False], "versions are not compared")

    # withdrawn by its author, it stays adopted until the convenor ends that; what was recorded stays
    trust.run("indicator", "withdraw", "meals shared", "--yes")
    wait_level([convenor, trust, council])
    equal(defined(council)["Meals shared"]["adopted"], True, "still adopted")
    council.run("assess", "record", "--period", "2018", "--assessor", "example", "C6=1")
    told = [i for gap in council.json("assess", "gaps")["gaps"] for i in gap["indicators"]
            if i["name"] == "Meals shared"]
    equal([(i["kind"], i["recorded"], i["latest"]) for i in told], [("adopted", True, "2017")],
          "gaps name it as long as it is adopted")
    convenor.run("network", "adopt", "meals shared", "--end", "--yes")
    wait_defined(council, "Meals shared", adopted=False, withdrawn=True)
    equal(len(council.json("indicator", "history", "meals shared")["observations"]), 2, "kept")
    warned = council.json("indicator", "record", "meals shared", "310", "--period", "2018")
    expect("taken this definition back" in warned["warnings"][0], warned)
    expect("Meals shared" not in defined(convenor), "who never used it does not see it any more")

    # a restart reads all of it again; values never left
    council.stop()
    council.start()
    equal(len(council.json("indicator", "history", "meals shared")["observations"]), 3, "after a restart")
    for member in (convenor, council):
        expect("7777" not in member.run("indicator", "history", "meals shared", code=None).out,
               "values are private")


def test_the_same_name_twice_is_told_apart_by_whose_it_is(place):
    convenor, (trust, council) = found(place, 2)
    trust.run("indicator", "define", "Meals shared", *MEALS, "--publish", "--yes")
    wait_defined(convenor, "Meals shared", own=False)
    council.run("indicator", "define", "Meals shared", *MEALS)
    record(council, "meals shared", "9", "2012")  # one's own goes before what others publish
    convenor.run("network", "adopt", "meals shared", "--yes")
    wait(lambda: any(d["adopted"] for d in council.json("indicator", "list")["defined"]), "adopted")
    answer = council.run("indicator", "record", "meals shared", "8", "--period", "2013", code=64)
    expect(f"Meals shared ({trust.name})" in answer.err and "Meals shared (your own)" in answer.err,
           answer.err)
    record(council, f"meals shared ({trust.name})", "8", "2013")
    for whose, value in (("your own", 9.0), (trust.name, 8.0)):
        rows = council.json("indicator", "history", f"meals shared ({whose})")["observations"]
        equal([r["value"] for r in rows], [value], f"the record of {whose}")
    council.run("indicator", "define", "Meals shared", "--publish", "--yes")
    wait_level([convenor, trust, council])
    record(trust, "meals shared", "7", "2012")  # not ambiguous: what is adopted goes first


if __name__ == "__main__":
    run(globals())
