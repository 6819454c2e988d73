#!/usr/bin/python3
"""The report: a page of a member with all figures, looked at in a browser, and one of a member with
none. What was seen stays in the build folder, under report/, for people to look at."""

import os
import xml.etree.ElementTree as tree

from browser import Browser
from harness import BUILD, equal, expect, run, wait
from report_home import together

SHOWN = os.path.join(BUILD, "report")
RESOURCES = ("src", "href", "xlink:href", "data", "poster", "action", "background")


def words_of(element):
    return " ".join("".join(element.itertext()).split())


def check_page(path):
    """Well-formed, in one file, silent, and made for those who do not see it; gives its root."""
    root = tree.parse(path).getroot()
    equal(root.get("lang"), "en-GB", "language")
    equal(len(root.findall(".//h1")), 1, "one heading of the first order")
    for element in root.iter():
        expect(element.tag not in ("script", "iframe", "img", "link", "object", "embed", "form"),
               f"no <{element.tag}>")
        for name, value in element.attrib.items():
            expect(not name.startswith("on"), f"no {name}=")
            expect(name not in RESOURCES or value.startswith("#"), f"no {name}={value}")
            expect("url(" not in value, f"nothing is loaded by {name}")
    css = root.find("head/style").text
    expect("@import" not in css and css.count("url(") == css.count("url(#hatch)"), "nothing loaded")
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    equal(len(ids), len(set(ids)), "ids are given once")
    for svg in root.iter("svg"):
        if svg.get("class") == "patterns":
            continue
        equal(svg.get("role"), "img", "role of a picture")
        for named in svg.get("aria-labelledby").split():
            found = svg.find(f".//*[@id='{named}']")
            expect(found is not None and found.text, f"words for {named}")
    return root


def charts(root, kind):
    return [svg for svg in root.iter("svg") if any(kind in (e.get("class") or "") for e in svg.iter())]


def check_looks(place, path, name, least_texts, widths=(360, 1280)):
    """No word leaves its picture, and nothing the page, at every width that people have."""
    browser = Browser(place)
    os.makedirs(SHOWN, exist_ok=True)
    measured = browser.measure(path, widths)
    equal(sorted(measured), sorted(widths), "widths")
    for width, seen in measured.items():
        equal((seen["scroll"], seen["over"]), (width, []), f"{name} at {width} pixels")
        expect(seen["texts"] >= least_texts, f"only {seen['texts']} words of pictures are seen")
    if least_texts:
        size = browser.shot(path, os.path.join(SHOWN, f"{name}.png"), widths, 2400)
        equal(size[:2], (sum(widths), 2400), "size of the picture")
        expect(size[2] > 20000, "the picture is not empty")
    return browser.paper(path, os.path.join(SHOWN, f"{name}.pdf"))


def test_a_member_with_everything(place):
    member = together(place)
    path = os.path.join(place.path, "report.html")
    told = member.json("report", "--out", path)
    equal((told["file"], told["bytes"]), (path, os.path.getsize(path)), "what is said about it")
    equal(told["missing"], [], "nothing is missing")
    root = check_page(path)
    summary = words_of(root.find(".//section[@id='summary']"))
    for part in ("All seven characteristics of a local economy that holds were scored for 2016",
                 "33% by value went to local suppliers", "Each £1 of Neighbourhood house makes £",
                 "tenants employed about 34 people", "14% in 2012, 28% in 2016",
                 "LM3 score: we stand at 2.0", "Most like us: Member",
                 "2 of 2 councils of the network have published a social value policy.",
                 "The newest lesson of members like us: \u201cA long one\u201d (Member F)."):
        expect(part in summary, f"'{part}' in {summary}")

    # What the pictures show is what the commands say.
    lm3 = member.json("lm3", "result", "house")
    flow = words_of(charts(root, "band-local")[0].find("desc"))
    for part in (f"Round 2, stays: £{lm3['round2_pence']['low'] // 100:,}.",
                 f"Round 3, stays: £{(lm3['round3_pence']['low'] + 50) // 100:,}."):
        expect(part in flow, f"'{part}' in {flow}")
    spend = member.json("spend", "result")
    whole = words_of(next(s for s in charts(root, "local") if s.find("title").text.startswith(
        "Spending: ")).find("desc"))
    equal(whole, f"Local £{spend['local']['pence'] // 100:,}, not known £"
          f"{(spend['unknown']['pence'] + spend['redacted']['pence']) // 100:,}, elsewhere £"
          f"{spend['elsewhere']['pence'] // 100:,}.", "spending")
    expect("Not in the picture: £41,000 with suppliers whose place" in words_of(root.find(
        ".//section[@id='lm3']")), "what a picture of leaks leaves out")
    fte = member.json("benchmark", "enabled.fte")
    own = words_of(root.find(".//section[@id='benchmarks']"))
    expect(f"We stand at {fte['own']['value']} FTE" in own, own)
    expect("hard to compare" in own, "the report's own warning")
    withheld = [b for b in member.json("benchmark", "--list") if b["withheld"]]
    expect(withheld and f"{len(withheld)} more sums were withheld" in own, own)
    expect("are never shown" in words_of(root.find(".//section[@id='tables']")), "and why")
    expect("Enabled employees (FTE), 2016: 33.7 FTE" in own, "what is published under its name")

    # What others say, as they said it and no more of it than there is room for.
    nearest = member.json("similar", "--n", 10)
    drawn = words_of(next(s for s in root.iter("svg") if s.find("title") is not None and
                          s.find("title").text == "How near others are to us").find("desc"))
    equal(drawn, " ".join(f"{row['name']}: {row['distance']:.2f}." for row in nearest), "distances")
    landscape = member.json("policy", "landscape")
    policies = words_of(root.find(".//section[@id='policy']"))
    counted = " ".join(f"{row['class']}: {row['n']}." for row in landscape["classes"])
    equal([row["n"] for row in landscape["classes"]], [1, 0, 1, 0], "an embracer and a complier")
    for part in (counted, "in 2016: embracer 14%, adopter 19%, complier 45%, bystander 22%.", "Routes that they use grants: 1"):
        expect(part in policies, f"'{part}' in {policies}")
    learnt = words_of(root.find(".//section[@id='lessons']"))
    for part in ("Begin with the caretaker", "no survey had told us. <b>Ask them first</b> & early.",
                 "Member B; worked", "Much to tell. \u2026 keeplocal lesson show",
                 "Who has let a park run itself? (Member C, keeplocal answer"):
        expect(part in learnt, f"'{part}' in {learnt}")

    words, sheets, size = check_looks(place, path, "full", 100)
    expect(5 <= sheets <= 15, f"{sheets} sheets")
    expect(abs(size[0] - 595) < 2 and abs(size[1] - 842) < 2, f"A4: {size}")
    for part in ("Our local economy: Member A", "Annex A", "Annex B", "Example Software Ltd"):
        expect(part in words, f"'{part}' on paper")
    expect(f"2 / {sheets}" in words.split("\f")[1], "sheets are numbered")
    # A heading stands on one sheet with the picture that it is over.
    for heading, inside in (("Where we stand", "established"), ("What a pound does here", "1. Comes in"),
                            ("Over time", "28%"), ("Compared with others", "members, 2016")):
        sheet = next(s for s in words.split("\f") if heading in s and "Annex" not in s)
        expect(inside in sheet, f"'{inside}' on the sheet of '{heading}': {sheet}")


def test_a_member_with_nothing(place):
    member = place.member("Bare & <b>Trust</b> (made up)").init("council").start(bind=False)
    path = os.path.join(place.path, "report.html")
    told = member.json("report", "--out", path, "--title", "Donaudampfschiff" * 20)
    equal(told["sections"], [], "no sections")
    root = check_page(path)
    expect("Bare & <b>Trust</b> (made up), council" in words_of(root), "a name is a name")
    missing = words_of(root.find(".//section[@id='missing']"))
    for item in told["missing"]:
        expect(item["how"] in missing, f"{item} in {missing}")
    words, sheets, _ = check_looks(place, path, "empty", 0, (360,))
    equal(sheets, 1, "sheets")
    expect("keeplocal assess record" not in words, "paper has no use for commands")


def test_the_only_council_of_its_type(place):
    convenor = place.member("Convenor").init("convenor").start()
    convenor.run("network", "create", "A network of tests")
    members = [place.member(name).init("council") for name in ("County", "Borough")]
    for member, kind, gss in zip(members, ("county", "unitary"), ("E10000009", "E06000023")):
        convenor.run("network", "admit", member.member_id, "--name", member.name, "--kind",
                     "council", "--type", kind, "--gss", gss)
        member.start().run("join", convenor.json("network", "ticket")["ticket"])
        member.run("profile", "set", "population=300000", "life_expectancy_women=83",
                   "life_expectancy_men=79")
    county = members[0]
    wait(lambda: county.json("similar", "--all-types"), "the other council")
    equal(county.json("similar"), [], "nobody of the same type")
    path = os.path.join(place.path, "county.html")
    county.run("assess", "record", "--period", "2016", "--assessor", "board", "C1=2")
    county.run("ask", "Nobody asks oneself", "--yes")
    members[1].run("ask", "Who has let a park run itself?", "--yes")
    wait(lambda: county.json("questions")["found"] == 2, "two questions")
    told = county.json("report", "--out", path)
    why = {item["section"]: item["why"] for item in told["missing"]}
    expect("no community anchor of the network works there" in why["coverage"], why)
    page = check_page(path)
    asked = words_of(page.find(".//section[@id='lessons']"))
    expect("Who has let a park run itself? (Borough" in asked and "oneself" not in asked and
           "lessons of" not in asked, f"a question where there is no lesson: {asked}")
    similar = words_of(page.find(".//section[@id='similar']"))
    for part in ("No other council of our type", "Only this one could be compared", "Borough"):
        expect(part in similar, f"'{part}' in {similar}")


def test_where_it_is_written(place):
    member = place.member("Made-up Trust").init("anchor").start(bind=False)
    path = place.file("mine.html", "somebody's own")
    refused = member.run("report", "--out", path, code=73)
    expect("already there" in refused.err and "--force" in refused.err, refused.err)
    with open(path, encoding="utf-8") as file:
        equal(file.read(), "somebody's own", "untouched")
    member.run("report", "--out", path, "--force")
    check_page(path)
    before = set(os.listdir(place.path))
    for args, code, part in (
            (("--out", place.path, "--force"), 73, "cannot be written"),
            (("--out", place.path + "/none/x.html"), 73, "cannot be written"),
            ((), 64, "--out"),
            (("--out", place.path + "/y.html", "--period", "soon"), 64, "--period"),
            (("--out", place.path + "/y.html", "--lm3", "nowhere"), 1, "nowhere")):
        refused = member.run("report", *args, code=code)
        expect(part in refused.err, f"{args}: {refused.err}")
    member.stop()
    member.run("report", "--out", place.path + "/y.html", code=69)
    equal(set(os.listdir(place.path)), before, "nothing half written is left")


def test_a_period_of_its_own(place):
    member = place.member("Made-up Trust").init("anchor").start(bind=False)
    for year, score in (("2015", 1), ("2016", 4)):
        member.run("assess", "record", "--period", year, "--assessor", "board", f"C1={score}",
                   "--strategy", f"Local plan=silent in {year}")
    path = os.path.join(place.path, "r.html")
    for year, word, more in (("2015", "(1)", ("--period", "2015")), ("2016", "at 4", ())):
        member.run("report", "--out", path, "--force", *more)
        summary = words_of(check_page(path).find(".//section[@id='summary']"))
        expect(f"scored for {year}" in summary, summary)
        expect(word.strip("()") in summary, summary)
        expect(f"Strategy, Local plan: silent in {year}" in words_of(tree.parse(path).getroot()),
               "what is said of strategies")
    told = member.json("report", "--out", path, "--force", "--period", "2014")
    equal(told["sections"], [], "no figures of that year")
    for year, value in (("2014", 2.1), ("2015", 2.2), ("2016", 2.3)):
        member.run("indicator", "record", "c1.lm3", value, "--period", year, "--method", "LM3")
    for period, shown in (("2015", ("2.1 in 2014, 2.2 in 2015", "2.2", "2.3")),
                          ("2016", ("2.1 in 2014, 2.3 in 2016", "2.3", "2.4"))):
        member.run("report", "--out", path, "--force", "--period", period)
        seen = words_of(check_page(path))
        expect(shown[0] in seen and shown[1] in seen and shown[2] not in seen, seen)
    told = member.json("report", "--out", path, "--force", "--period", "2015-Q4")
    equal(told["sections"], [], "no figures of that quarter")

    # Several projects and none marked: no guess, but a word about it.
    for name in ("One", "Two"):
        member.run("lm3", "new", name, "--area", "E08000033", "--period", "2016",
                   "--payroll-local", 1000)
    said = member.run("report", "--out", path, "--force").out
    expect("lm3 use NAME" in said, said)
    told = member.json("report", "--out", path, "--force")
    why = {item["section"]: item["why"] for item in told["missing"]}
    expect("lm3 use NAME" in why["lm3"] and why["spend"] is None, f"the reason, where there is one: {why}")
    expect("lm3 use NAME" in words_of(tree.parse(path).getroot()), "and in the page")
    refused = member.run("report", "--out", path, "--force", "--lm3", "o", code=64)
    expect("One" in refused.err and "Two" in refused.err, refused.err)
    member.run("report", "--out", path, "--force", "--lm3", "two")
    expect("Each £1 of Two makes £2.66" in words_of(tree.parse(path).getroot()), "the one named")
    member.run("lm3", "use", "One")
    member.run("report", "--out", path, "--force")
    expect("Each £1 of One makes £2.66" in words_of(tree.parse(path).getroot()), "the one that counts")


if __name__ == "__main__":
    run(globals())
