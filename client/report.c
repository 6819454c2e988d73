/* The page of the report: head, summary, sections, annexes. */
#include "client/report.h"
#include "client/draw.h"

#include <string.h>

extern const struct kl_report_section kl_report_standing, kl_report_spend, kl_report_lm3,
	kl_report_enabled, kl_report_indicators, kl_report_benchmarks, kl_report_similar,
	kl_report_coverage, kl_report_policy, kl_report_lessons;

const struct kl_report_section *const kl_report_sections[] = {&kl_report_standing, &kl_report_spend,
	&kl_report_lm3, &kl_report_enabled, &kl_report_indicators, &kl_report_benchmarks,
	&kl_report_similar, &kl_report_coverage, &kl_report_policy, &kl_report_lessons, NULL};

typedef void part_fn(struct kl_html *html, const struct kl_report *report);

/* ---- head ---------------------------------------------------------------------------------- */

static const char *kind_words(const char *kind)
{
	return !strcmp(kind, "anchor")     ? "community anchor"
	       : !strcmp(kind, "council")  ? "council"
	       : !strcmp(kind, "convenor") ? "convenor of the network"
					   : kind;
}

static void title_of(const struct kl_report *report, char out[KL_REPORT_TEXT_MAX])
{
	char name[KL_REPORT_TEXT_MAX];

	if (report->title[0])
		(void)kl_copy_text(out, KL_REPORT_TEXT_MAX, report->title);
	else
		(void)snprintf(out, KL_REPORT_TEXT_MAX, "Our local economy: %s",
			kl_report_text(&report->status.value, "name", "this member", name));
}

/* What the member says of itself, as far as one line holds it. */
static void draw_who(struct kl_html *html, const struct kl_report *report)
{
	static const char *const shown[][3] = {{"type", "", ""}, {"gss", "area ", ""},
		{"region", "", ""}, {"population", "", " people"},
		{"deprivation_quintile", "deprivation quintile ", " of 5"}, {"rural_urban", "", ""},
		{"income_band", "income ", ""}, {"stage", "", ""}};
	struct kl_cursor cursor;
	struct kl_value field;
	bool any = false;

	if (!report->profile.known)
		return;
	cursor = kl_draw_items(&report->profile.value, "fields");
	while (kl_cursor_next(&cursor, &field)) {
		char name[KL_REPORT_TEXT_MAX], words[KL_REPORT_TEXT_MAX];

		kl_report_text(&field, "field", "", name);
		for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
			if (strcmp(shown[i][0], name) != 0 ||
				!kl_report_text(&field, "words", "", words)[0])
				continue;
			if (!any)
				kl_html_open_class(html, "p", "about");
			kl_html_print(html, "%s%s%s%s",
				any ? "; " : "In its own words: ", shown[i][1], words, shown[i][2]);
			any = true;
		}
	}
	if (any) {
		kl_html_text(html, ".");
		kl_html_close(html);
	}
}

static void draw_head(struct kl_html *html, const struct kl_report *report)
{
	char text[KL_REPORT_TEXT_MAX];

	kl_html_open(html, "header");
	title_of(report, text);
	kl_html_put(html, "h1", NULL, "%s", text);
	kl_html_open_class(html, "p", "about");
	kl_html_text(html, kl_report_text(&report->status.value, "name", "This member", text));
	kl_html_print(html, ", %s",
		kind_words(kl_report_text(&report->status.value, "kind", "member", text)));
	if (kl_report_text(&report->status.value, "network", "", text)[0])
		kl_html_print(html, " in the network \u201c%s\u201d", text);
	kl_html_print(html, ". %s.", report->date);
	if (report->period[0])
		kl_html_print(html, " Figures of %s.", report->period);
	kl_html_close(html);
	draw_who(html, report);
	kl_html_close(html);
}

/* ---- summary ------------------------------------------------------------------------------- */

static size_t count_known(const struct kl_report *report)
{
	size_t n = 0;

	for (size_t i = 0; kl_report_sections[i]; i++)
		n += kl_report_sections[i]->known(report);
	return n;
}

/* The figures that one remembers, in large type. */
static void draw_headlines(struct kl_html *html, const struct kl_report *report)
{
	kl_html_open_class(html, "dl", "tiles headlines");
	for (size_t i = 0; kl_report_sections[i]; i++)
		if (kl_report_sections[i]->headline && kl_report_sections[i]->known(report))
			kl_report_sections[i]->headline(html, report);
	kl_html_close(html);
}

static void draw_summary(struct kl_html *html, const struct kl_report *report)
{
	kl_html_open_class(html, "section", "summary");
	kl_html_attr(html, "id", "summary");
	kl_html_put(html, "h2", NULL, "In short");
	if (!count_known(report)) {
		kl_html_put(html, "p", NULL,
			"There are no figures yet. What follows is how to get them.");
		kl_html_close(html);
		return;
	}
	kl_html_open(html, "ul");
	for (size_t i = 0; kl_report_sections[i]; i++)
		if (kl_report_sections[i]->summary && kl_report_sections[i]->known(report))
			kl_report_sections[i]->summary(html, report);
	kl_html_close(html);
	kl_html_close(html);
}

/* ---- sections ------------------------------------------------------------------------------ */

static void draw_section(struct kl_html *html, const struct kl_report *report,
	const struct kl_report_section *section)
{
	kl_html_open(html, "section");
	kl_html_attr(html, "id", "%s", section->id);
	kl_html_put(html, "h2", NULL, "%s", section->title);
	section->draw(html, report);
	kl_html_close(html);
}

/* "A, then B" as two commands. */
static void draw_commands(struct kl_html *html, const char *commands)
{
	static const char between[] = ", then ";
	const char *next = strstr(commands, between);
	const size_t len = next ? (size_t)(next - commands) : strlen(commands);

	kl_html_put(html, "code", NULL, "%.*s", (int)len, commands);
	if (!next)
		return;
	kl_html_text(html, between);
	draw_commands(html, next + strlen(between));
}

const char *kl_report_why(const struct kl_report *report, const struct kl_report_section *section)
{
	return section->why && !section->known(report) ? section->why(report) : "";
}

/* What the report lacks, and how to get it: on the screen only, paper has no use for it. */
static void draw_missing(struct kl_html *html, const struct kl_report *report)
{
	size_t n = 0;

	for (size_t i = 0; kl_report_sections[i]; i++)
		n++;
	if (count_known(report) == n)
		return;
	kl_html_open_class(html, "section", "missing");
	kl_html_attr(html, "id", "missing");
	kl_html_put(html, "h2", NULL, "Not in this report yet");
	kl_html_open(html, "ul");
	for (size_t i = 0; kl_report_sections[i]; i++) {
		const struct kl_report_section *section = kl_report_sections[i];

		if (section->known(report))
			continue;
		kl_html_open(html, "li");
		kl_html_print(html, "%s: ", section->without);
		draw_commands(html, section->command);
		if (kl_report_why(report, section)[0])
			kl_html_print(html, " (%s)", kl_report_why(report, section));
		kl_html_close(html);
	}
	kl_html_close(html);
	kl_html_close(html);
}

/* ---- annexes ------------------------------------------------------------------------------- */

static part_fn *tables_of(const struct kl_report_section *section)
{
	return section->tables;
}

static part_fn *methods_of(const struct kl_report_section *section)
{
	return section->methods;
}

static void draw_annex(struct kl_html *html, const struct kl_report *report, const char *id,
	const char *title, part_fn *(*part_of)(const struct kl_report_section *section))
{
	kl_html_open_class(html, "section", "annex");
	kl_html_attr(html, "id", "%s", id);
	kl_html_put(html, "h2", NULL, "%s", title);
	for (size_t i = 0; kl_report_sections[i]; i++) {
		const struct kl_report_section *section = kl_report_sections[i];

		if (!part_of(section) || !section->known(report))
			continue;
		kl_html_put(html, "h3", NULL, "%s", section->title);
		part_of(section)(html, report);
	}
	kl_html_close(html);
}

static void draw_foot(struct kl_html *html, const struct kl_report *report)
{
	char name[KL_REPORT_TEXT_MAX];

	kl_html_open(html, "footer");
	kl_html_open(html, "p");
	kl_html_print(html,
		"This page holds private figures of %s: it is theirs to share or to keep. It was "
		"made on their own machine by keeplocal %s, loads nothing from anywhere, and tells "
		"nobody that it is read. Figures of other members stand here only as sums over "
		"many, or where a member has published them under its own name.",
		kl_report_text(&report->status.value, "name", "this member", name), KL_VERSION);
	kl_html_close(html);
	kl_html_close(html);
}

int kl_report_write(
	struct kl_html *html, const struct kl_report *report, struct kl_bytes *ret_bytes)
{
	char title[KL_REPORT_TEXT_MAX];

	title_of(report, title);
	kl_html_init(html, title, kl_report_css);
	kl_svg_patterns(html);
	draw_head(html, report);
	kl_html_open(html, "main");
	if (count_known(report))
		draw_headlines(html, report);
	draw_summary(html, report);
	for (size_t i = 0; kl_report_sections[i]; i++)
		if (kl_report_sections[i]->known(report))
			draw_section(html, report, kl_report_sections[i]);
	draw_missing(html, report);
	if (count_known(report)) {
		draw_annex(html, report, "tables", "Annex A: the figures behind the pictures",
			tables_of);
		draw_annex(
			html, report, "methods", "Annex B: how each figure was found", methods_of);
	}
	kl_html_close(html);
	draw_foot(html, report);
	return kl_html_end(html, ret_bytes);
}
