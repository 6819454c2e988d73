"""Own figures of one member: assessments by several assessors, indicators, and the one value that
feeds a metric. The daemon is real, and so is the command.
"""

from asking import Asker
from harness import equal, expect, run


def member(place):
    return place.member("Test Council").init("council", "--gss", "E08000032").start()


def assess(m, assessor, *rest, **how):
    return m.run("assess", "record", "--period", "2026", "--assessor", assessor, *rest, **how)


def subject(answer, code):
    return next(s for s in answer["subjects"] if s["subject"] == code)


def test_init_prints_the_member_id_last(place):
    m = place.member("Halifax Example Trust")
    answer = m.run("init", "--name", m.name, "--kind", "anchor")
    id_line = answer.out.strip().splitlines()[-1]
    equal(len(id_line.replace("-", "")), 108, "characters of the member id")
    expect("can read its figures" in answer.out, "who hosts a daemon can read: not said")
    equal(m.start().json("status")["member"], id_line, "member id")
    again = m.run("init", "--name", m.name, "--kind", "anchor", code=1)
    expect("already" in again.err, again.err)
    m.run("init", "--name", "Somebody", code=64)
    m.run("init", "--name", "Somebody", "--kind", "bank", code=64)


def test_three_assessors_and_their_disagreement(place):
    m = member(place)
    assess(m, "finance", "C1=2", "C2=3", "--note", "C1=two thirds of spending leaves")
    assess(m, "residents", "C1=4", "C1.1=1", "C1.2=1", "leadership=1")
    assess(m, "Planning", "C1=3", "C7.1=2", "C7.2=partial", "C7.3=4",
           "--gap", "C1=no list of local suppliers", "--evidence", "C2=a survey of 2025",
           "--principle", "dynamic=not yet", "--strategy", "Procurement 2024=silent")
    answer = m.json("assess", "show", "--period", "2026")
    equal(answer["assessors"], ["finance", "residents", "Planning"], "assessors")
    equal(answer["revision"], 3, "revision")

    c1 = subject(answer, "c1")
    equal((c1["median"], c1["low"], c1["high"], c1["assessors"]), (3.0, 2, 4, 3), "C1")
    equal(c1["unsupported"], 1, "Planning's 3 rests on nothing")
    equal(c1["contradicted"], 1, "residents' 4 against statements that say 1")
    equal([a["rests_on"] for a in c1["answers"]], [["note"], ["statements"], []], "rests on")
    equal([a["follows"] for a in c1["answers"]], [None, 1, None], "follows")
    equal(c1["gaps"], "no list of local suppliers", "gaps")

    c7 = subject(answer, "c7")
    equal((c7["median"], c7["answers"][0]["given"]), (2.0, None), "C7 follows from its statements")
    equal(subject(answer, "c2")["unsupported"], 0, "evidence supports C2")
    c3 = subject(answer, "c3")
    equal((c3["median"], c3["low"], c3["assessors"]), (None, None, 0), "nobody scored C3")
    equal(subject(answer, "practice.1")["median"], 1.0, "practice by name")
    equal(answer["principles"], [{"principle": "Dynamic", "note": "not yet"}], "principles")
    equal(answer["strategies"], [{"title": "Procurement 2024", "note": "silent"}], "strategies")

    shown = m.run("assess", "show").out
    for words in ("they disagree", "2 points apart or more (our rule)", "1 rests on nothing", "1 differ from their statements",
                  "1 follows from the statements", "two thirds of spending leaves"):
        expect(words in shown, f"assess show does not say {words!r}:\n{shown}")


def test_revisions_are_never_overwritten(place):
    m = member(place)
    assess(m, "finance", "C1=2")
    assess(m, "FINANCE", "C1=4", "C2=0")
    assess(m, "finance", "C2=none", "--place", "Holme Wood")
    rows = m.json("assess", "history")["revisions"]
    equal([(r["place"], r["revision"]) for r in rows],
          [(None, 1), (None, 2), ("Holme Wood", 1)], "revisions")
    equal([r["medians"]["c1"] for r in rows], [2.0, 4.0, None], "medians")
    first = m.json("assess", "show", "--revision", "1")
    equal(subject(first, "c1")["median"], 2.0, "as it stood")
    assess(m, "finance", "C3=1", "--place", "HOLME WOOD")
    equal(m.json("assess", "show", "--place", "holme wood")["revision"], 2, "the same place")
    equal(len(m.json("assess", "history", "--place", "Holme Wood")["revisions"]), 2, "of a place")
    before = m.json("assess", "show")
    m.stop()
    m.start()
    equal(m.json("assess", "show"), before, "after a restart")


FORM = """Our assessment
code,question,score,in words,score 2,in words 2
period,,,2026,,
assessor,,,finance,,residents
C1,,3,two thirds leaves,,
C1.1,,1 starting,,absent,
C1.2,,1,,1,
C2,,,,4,
C1 gaps,,,no list of suppliers,,
C1 evidence,,,c1.lm3 2025,,
P1,,2,,,
principle 3,,,slowly,,
strategy 1,,,Procurement 2024 = silent,,
"""


def test_a_form_comes_in_whole_and_can_be_taken_back(place):
    m = member(place)
    assess(m, "planning", "C1=4", "--gap", "C1=nobody asks", "--strength", "C1=a mill")
    answer = m.json("assess", "import", place.file("form.csv", FORM))
    equal((answer["assessors"], answer["revision"], answer["rows"]),
          (["planning", "finance", "residents"], 2, 12), "what came of it")
    equal(answer["replaced"], ["Money flows: gaps"], "told, not hidden")
    c1 = subject(answer, "c1")
    equal([(a["score"], a["given"], a["follows"]) for a in c1["answers"]],
          [(4, 4, None), (3, 3, 1), (0, None, 0)], "statements, and a score")
    equal((c1["gaps"], c1["strengths"], c1["evidence"]),
          ("no list of suppliers", "a mill", ["c1.lm3 2025"]), "words")
    equal((subject(answer, "practice.1")["median"], answer["principles"][0]["principle"],
           answer["strategies"]), (2.0, "Dynamic", [{"title": "Procurement 2024", "note": "silent"}]), "practice and the rest")
    shown = m.run("assess", "import", place.file("again.csv", FORM)).out
    expect("keeplocal undo takes them back" in shown and "again.csv" in shown, shown)
    equal([i["file"] for i in m.json("imports")["imports"]], ["again.csv", "form.csv"], "imports")
    m.run("undo", "--yes")
    m.run("undo", "--yes")
    shown = m.json("assess", "show")
    equal((shown["revision"], shown["assessors"], subject(shown, "c1")["gaps"]),
          (1, ["planning"], "nobody asks"), "as before")


def test_forms_of_several_assessors(place):
    m = member(place)
    for name, score in (("a", 1), ("b", 4)):
        path = place.file(f"{name}.csv", f"code,score,in words\nC1,{score},\nC1.2,{score},\n")
        m.run("assess", "import", path, "--period", "2026", "--assessor", name, "--place", "Mill")
    answer = m.json("assess", "show", "--place", "mill")
    equal((answer["assessors"], subject(answer, "c1")["median"]), (["a", "b"], 2.5), "both")
    empty = place.path + "/empty.xlsx"
    m.run("template", "assessment", "--out", empty)
    answer = m.run("assess", "import", empty, code=65)
    expect("nothing is filled in" in answer.err, answer.err)
    filled = place.path + "/example.xlsx"
    m.run("template", "assessment", "--out", filled)
    answer = m.json("assess", "import", filled, "--sheet", "Example")
    equal((answer["period"], answer["assessors"], subject(answer, "c1")["median"]),
          ("2026", ["Example board", "Example residents"], 2.0), "a spreadsheet")
    m.run("template", "assessment", "--out", filled, code=73)


def test_a_form_as_a_spreadsheet_saves_it(place):
    m = member(place)
    head = "code;score;in words\nperiod;;2026\nassessor;;board\n"
    answer = m.json("assess", "import", place.file(
        "form.csv", head + "C1;2,0;\nC2;3.0;\nC1 date;;31/03/2027\nprinciple 1;;a panel\n"
                           "strategy 1;;Local plan = silent\n"))
    equal([subject(answer, c)["median"] for c in ("c1", "c2")], [2.0, 3.0], "scores")
    equal((subject(answer, "c1")["due"], answer["replaced"]), ("2027-03-31", []), "a date")
    answer = m.json("assess", "import", place.file(
        "later.csv", head + "principle 1;;a jury\nstrategy 1;;Local plan = better\n"))
    equal(answer["replaced"], ["Citizen-centric", "Local plan"], "what others had written")
    answer = m.run("assess", "import", place.file(
        "more.csv", "Score;Code;Colour\n2027;period;\npanel;assessor;\n1;C2.1;red\n"))
    expect("Colour" in answer.err, f"a column that nobody reads: {answer.err}")
    expect("1 answered too few statements" in answer.out, answer.out)
    expect("since 1 of 6 statements are answered and half are needed (our rule)" in
           m.run("assess", "show", "--period", "2027").out, "why there is no score")


def test_a_bad_form_changes_nothing(place):
    m = member(place)

    def refused(text, code, *words, args=()):
        answer = m.run("assess", "import", place.file("bad.csv", text), *args, code=None)
        expect(answer.code == code and all(w in answer.err for w in ("bad.csv", *words)),
               f"{words}: {answer}")

    head = "code,score,in words,score 2,in words 2\nperiod,,2026,,\nassessor,,a,,b\n"
    refused(head + "C1,2,,,\nC2,5,,,\n", 65, "line 5, column 'score'", "0 absent")
    refused(head + "C1,2,,2.5,\nC1.9,5,,,\nC3,x,,,\n", 65, "line 4, column 'score 2'", "half points",
            "2 more to put right: line 5, column 'score'; line 6, column 'score'")
    refused(head + "C1,2,,,\nC2,1,,,\nC1,3,,,\n", 65, "line 6, column 'score'", "before, in line 4")
    refused(head + "C1.9,2,,,\n", 65, "line 4, column 'score'", "4 statements")
    refused(head + "strategy 1,,Local plan,,\n", 65, "line 4", "Procurement 2026 = silent")
    refused(head + "C1 date,,03/31/2027,,\n", 65, "line 4, column 'in words'", "the day stands first")
    refused(head + "C1 date,,soon,,\n", 65, "line 4, column 'in words'", "date")
    refused(head + "C1,," + "x" * 600 + ",,\n", 65, "line 4", "too long")
    refused(head + "C9,2,,,\n", 65, "line 4, column 'code'", "C9")
    refused(head.replace(",b", ",A") + "C1,2,,,\n", 65, "two columns are of one assessor")
    refused(head.replace("2026", "soon") + "C1,2,,,\n", 65, "line 2, column 'in words'", "a year such as 2026")
    refused(head.replace("2026", "2026-Q1") + "C1,2,,,\n", 65, "line 2")
    refused("code,score\nC1,2\n", 65, "which year", "--period")
    refused("code,score\nC1,2\n", 65, "line 2", "nobody is named", args=("--period", "2026"))
    refused(head.replace(",b", ",") + "C1,2,,3,\n", 65, "column 'score 2'", "nobody is named")
    refused("code;colour\nC1;red\n", 65, "score")
    m.run("assess", "import", place.path, code=65)
    m.run("assess", "import", place.path + "/none.csv", code=1)
    m.run("assess", "show", code=1)
    equal(m.json("imports")["imports"], [], "nothing came in")


def test_a_long_history_comes_whole(place):
    m = member(place)
    asker = Asker(m.home + "/control")
    names = [f"assessor with a long name, number {i:02}" for i in range(1, 16)]
    for name in names:
        asker.ask("assess record", period="2026", assessor=name, score=["C1=2"])
    for i in range(900):
        asker.ask("assess record", period="2026", assessor="last", score=[f"C2={i % 5}"])
    asker.close()
    answer = m.run("assess", "history", "--json")
    rows = answer.json["revisions"]
    equal([r["revision"] for r in rows], list(range(1, 916)), "all of them, in order")
    expect(len(answer.out) > 400_000, f"not beyond one answer: {len(answer.out)}")
    equal(rows[-1]["medians"]["c2"], float(899 % 5), "the last one")
    equal(len(m.run("assess", "history").out.splitlines()), 916, "lines")


def test_versions_side_by_side(place):
    m = member(place)
    for period, scores in (("2016", {"finance": 1, "residents": 1, "planning": 2}),
                           ("2017", {"finance": 3, "residents": 0, "planning": 3})):
        for name, score in scores.items():
            m.run("assess", "record", "--period", period, "--assessor", name, f"C1={score}",
                  "C2=2", *(["C3=1"] if name == "finance" or period == "2017" else []))
    answer = m.json("assess", "compare", "--period", "2016", "--period", "2017")
    equal([(v["period"], v["revision"], v["assessors"]) for v in answer["versions"]],
          [("2016", 3, 3), ("2017", 3, 3)], "versions")
    c1 = subject(answer, "c1")
    equal([(s["median"], s["low"], s["high"]) for s in c1["scores"]], [(1.0, 1, 2), (3.0, 0, 3)],
          "medians and spread")
    equal((c1["direction"], c1["moved"], c1["scored_both"], c1["went_up"], c1["went_down"]),
          ("up", 2.0, 3, 2, 1), "C1")
    equal(len(c1["doubts"]), 2, "opposite ways, and less than they are apart")
    equal(c1["assessors"][1], {"assessor": "residents", "scores": [1, 0]}, "who")
    equal([subject(answer, c)["direction"] for c in ("c2", "c3", "c4")],
          ["same", "same", "unknown"], "directions")
    shown = m.run("assess", "compare", "--period", "2016", "--period", "2017").out
    for words in ("3 (0-3)", "+2", "opposite ways", "Who disagreed", "residents:  A 1  B 0"):
        expect(words in shown, f"not said: {words!r}\n{shown}")
    answer = m.json("assess", "compare", "--period", "2017", "--revision", "1", "--revision", "2",
                    "--revision", "3")
    equal([s["median"] for s in subject(answer, "c1")["scores"]], [3.0, 1.5, 3.0], "revisions")
    equal(subject(answer, "c1")["assessors"][2]["scores"], [None, None, 3], "came last")
    for args, code in ((["--period", "2016"], 64), ([], 64), (["--revision", "1"], 64),
                       (["--period", "2016", "--period", "2019"], 1),
                       (["--period", "soon", "--period", "2017"], 64),
                       (["--revision", "1", "--revision", "9"], 1),
                       (["--revision", "1", "--revision", "x"], 64),
                       (["--revision", "1"] * 7, 64)):
        m.run("assess", "compare", *args, code=code)


def test_gaps_name_what_would_show_an_improvement(place):
    m = member(place)
    assess(m, "finance", "C1=3", "C2=1", "C3=2", "C4=4", "C2.3=0",
           "--action", "C2=map the shops", "--owner", "C2=Jo", "--due", "C2=2026-12-01")
    m.run("indicator", "record", "c2.living_wage_jobs", "40", "--period", "2026")
    gaps = m.json("assess", "gaps")
    equal([g["subject"] for g in gaps["gaps"]], ["c2", "c3", "c1"], "the weakest first")
    c2 = gaps["gaps"][0]
    equal([s["statement"] for s in c2["statements"]], [3], "what is lacking")
    equal((c2["action"], c2["owner"], c2["due"]), ("map the shops", "Jo", "2026-12-01"), "next")
    recorded = {i["code"]: i["recorded"] for i in c2["indicators"]}
    equal(recorded["c2.living_wage_jobs"], True, "recorded")
    equal(recorded["c2.job_quality"], False, "not recorded")
    latest = {i["code"]: i["latest"] for i in c2["indicators"]}
    equal((latest["c2.living_wage_jobs"], latest["c2.job_quality"]), ("2026", None), "latest")
    equal([len(g["activities"]) for g in gaps["gaps"]], [8, 9, 13], "activities of the bank")
    equal(c2["activities"][3]["shown_by"], ["c2.enabled", "c2.workspace_subsidy"], "shown by")
    expect("Environment" in gaps["unscored"], gaps["unscored"])
    m.run("profile", "set", "activities=workspace; running shops")
    c2 = m.json("assess", "gaps", "business")["gaps"][0]
    equal([a["code"] for a in c2["activities"] if a["in_profile"]], ["a2.workspace", "a2.shops"],
          "what the profile says")
    shown = m.run("assess", "gaps").out
    for words in ("lacking (0)", "recorded, last of 2026", "more: keeplocal indicator list",
                  "would help", "you do, says your profile"):
        expect(words in shown, f"not said: {words!r}\n{shown}")
    expect(len(m.run("assess", "gaps", "--all").out) > len(shown), "all indicators")
    m.run("assess", "gaps", "nothing", code=1)
    m.run("assess", "gaps", "--period", "2020", code=1)


def test_statements_can_be_read(place):
    m = member(place)
    answer = m.json("assess", "statements")
    equal(sum(len(s["statements"]) for s in answer["subjects"]), 42, "statements in all")
    equal([s["name"] for s in m.json("assess", "statements", "finance")["subjects"]],
          ["Inclusive finance"], "by part of a name")
    expect("c1.4" in m.run("assess", "statements", "1").out, "numbers of statements")


def test_a_bad_assessment_changes_nothing(place):
    m = member(place)
    assess(m, "finance", "C1=2")
    for args, code, words in [
            (["C9=2"], 1, "no characteristic or practice fits"),
            (["C1=3", "C2=5"], 64, "0 absent"),
            (["C1=2.5"], 64, "half points"),
            (["C1.9=2"], 1, "4 statements"),
            (["C1"], 64, "NAME=VALUE"),
            (["C1=1", "c1=2"], 64, "twice"),
            ([], 64, "nothing to record"),
            (["--due", "C1=soon"], 64, "date"),
            (["--note", "C1=" + "x" * 600], 64, "too long"),
            (["C1=2", "--place", "x" * 80], 64, "place"),
    ]:
        answer = assess(m, "finance", *args, code=code)
        expect(words in answer.err, f"{args}: {answer.err}")
    answer = m.run("assess", "record", "--period", "soon", "--assessor", "a", "C1=1", code=64)
    expect("financial year" in answer.err, answer.err)
    m.run("assess", "record", "--period", "2026/27", "--assessor", "a", "C1=1", code=64)
    m.run("assess", "record", "--period", "2026", "C1=1", code=64)
    m.run("assess", "record", "--assessor", "a", "C1=1", code=64)
    m.run("assess", "show", "--revision", "7", code=1)
    m.run("assess", "show", "--revision", "one", code=64)
    equal(len(m.json("assess", "history")["revisions"]), 1, "revisions")


def test_indicators_are_recorded_with_how_they_were_found(place):
    m = member(place)
    m.run("indicator", "record", "local multiplier", "2.43", "--period", "2016", "--method", "LM3",
          "--method-version", "2012", "--confidence", "high", "--source", "own ledger",
          "--challenger", "Jo")
    m.run("indicator", "record", "c1.lm3", "2.51", "--period", "2017", "--method", "lm3",
          "--method-version", "2012")
    m.run("indicator", "record", "c1.lm3", "2.6", "--period", "2018", "--method", "a guess")
    again = m.json("indicator", "record", "c1.lm3", "2.55", "--period", "2018", "--method",
                   "a guess")
    equal(again["revision"], 2, "revision")
    rows = m.json("indicator", "history", "local multiplier")["observations"]
    equal([r["value"] for r in rows], [2.43, 2.51, 2.6, 2.55], "values")
    equal([r["comparable"] for r in rows], [None, True, None, False], "comparable")
    equal([r["superseded"] for r in rows], [False, False, True, False], "superseded")
    expect("different methods" in rows[3]["why"], rows[3])
    equal((rows[0]["method_version"], rows[0]["challenger"]), ("2012", "Jo"), "how")

    story = m.json("indicator", "record", "c5.trust", "neighbours keep keys", "--period", "2026-Q3")
    equal((story["value"], story["text"]), (None, "neighbours keep keys"), "a story")
    part = m.json("indicator", "record", "enabled contribution of tenants", "£617,010",
                  "--component", "gva", "--period", "2017")
    equal((part["value"], part["unit"], part["component"]), (617010.0, "GBP", "gva"), "component")
    listed = m.json("indicator", "list", "--characteristic", "1")["indicators"]
    equal({i["code"]: i["recorded"] for i in listed}["c1.lm3"], 3, "recorded")
    expect(m.json("indicator", "show", "lm3.score")["caution"], "what to bear in mind")


def test_bad_observations_are_refused_in_words(place):
    m = member(place)
    for args, code, words in [
            (["lm4.score", "2", "--period", "2016"], 1, "did you mean lm3.score"),
            (["c1.lm3", "much", "--period", "2016"], 64, "is not a score"),
            (["c1.lm3", "2.4"], 64, "--period"),
            (["c1.lm3", "2.4", "--period", "16"], 64, "not a period"),
            (["c2.enabled", "2", "--period", "2016"], 64, "gva and jobs"),
            (["c1.lm3", "2", "--period", "2016", "--confidence", "sure"], 64, "moderate"),
            (["lm3.score", "3.5", "--period", "2016"], 64, ""),
            (["lm3.score", "2.5", "--period", "2016-Q1"], 64, "financial year"),
            (["lm3.score", "2.5", "--period", "16"], 64, "lm3.score is given for a year such as"),
            (["c1.lm3", "7", "--period", "2016"], 64, "between 1 and 3"),
            (["c1.lm3"], 64, "missing"),
    ]:
        answer = m.run("indicator", "record", *args, code=code)
        expect(words in answer.err, f"{args}: {answer.err}")
    equal(m.json("indicator", "history", "c1.lm3")["observations"], [], "nothing was kept")


def test_two_values_of_one_metric_want_a_choice(place):
    m = member(place)
    assess(m, "finance", "C1=3")
    assess(m, "residents", "C1=2")
    agreed = m.json("indicator", "record", "maturity.c1", "2", "--period", "2026")
    equal(agreed["warnings"], [], "the median of 2 and 3, rounded down, is 2")
    typed = m.json("indicator", "record", "maturity.c1", "1", "--period", "2026")
    expect("1 was typed, 2 follows" in typed["warnings"][0], typed["warnings"])
    expect("indicator choose maturity.c1" in typed["warnings"][1], typed["warnings"])
    chosen = m.json("indicator", "choose", "maturity.c1", "computed", "--period", "2026")
    equal((chosen["value"], chosen["chosen"]), (2.0, "computed"), "chosen")
    later = m.json("indicator", "record", "maturity.c1", "0", "--period", "2026")
    equal(later["warnings"], [], "chosen already")
    answer = m.run("indicator", "choose", "maturity.c3", "typed", "--period", "2026", code=1)
    expect("no typed value" in answer.err, answer.err)
    answer = m.run("indicator", "choose", "lm3.score", "typed", "--period", "26", code=64)
    expect("2016/17" in answer.err and "Q3" not in answer.err, f"what it takes: {answer.err}")
    m.run("indicator", "choose", "maturity.c1", "guessed", "--period", "2026", code=64)
    answer = m.run("indicator", "choose", "maturity.c2", "computed", "--period", "2026", code=1)
    expect("scored by nobody" in answer.err, answer.err)
    answer = m.run("indicator", "choose", "spend.local_share", "computed", "--period", "2026",
                   code=1)
    expect("spend.local_share" in answer.err, answer.err)


def test_places_do_not_stand_for_the_whole_area(place):
    m = member(place)
    assess(m, "finance", "C1=3", "--place", "Keighley")
    equal(m.json("indicator", "choose", "maturity.c1", "computed", "--period", "2026")["value"],
          3.0, "the only place")
    assess(m, "finance", "C1=1", "--place", "Shipley")
    answer = m.run("assess", "show", code=64)
    expect("Keighley, Shipley" in answer.err, answer.err)
    m.run("indicator", "choose", "maturity.c1", "computed", "--period", "2026", code=1)
    assess(m, "finance", "C1=2")
    equal(m.json("indicator", "choose", "maturity.c1", "computed", "--period", "2026")["value"],
          2.0, "the whole area")


def test_without_a_daemon(place):
    m = place.member("Alone").init("council")
    answer = m.run("assess", "show", code=69)
    expect("keeplocald --home" in answer.err, answer.err)
    m.run("join", "no ticket", code=65)


if __name__ == "__main__":
    run(globals())
