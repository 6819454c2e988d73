/* digest: a week of the network on one screen, or as a page to be passed on. */
#include "client/draw.h"
#include "client/html.h"
#include "client/new_file.h"
#include "client/pack.h"
#include "client/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

/* What the digest says goes to a terminal or to a page, line by line. */
struct sheet {
	FILE *out;            /* plain text, or NULL */
	struct kl_html *html; /* a page */
};

static void heading(struct sheet *sheet, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void line(struct sheet *sheet, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void heading(struct sheet *sheet, const char *format, ...)
{
	char text[KL_DRAW_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	if (sheet->out)
		fprintf(sheet->out, "\n%s\n", text);
	else
		kl_html_put(sheet->html, "h2", NULL, "%s", text);
}

static void line(struct sheet *sheet, const char *format, ...)
{
	char text[2 * KL_DRAW_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	if (sheet->out)
		fprintf(sheet->out, "  %s\n", text);
	else
		kl_html_put(sheet->html, "p", NULL, "%s", text);
}

/* ---- sections -------------------------------------------------------------------------------- */

typedef void line_fn(struct sheet *sheet, const struct kl_value *item);

static void member_line(struct sheet *sheet, const struct kl_value *item)
{
	char member[256], kind[32], day[32];
	bool anchor = !strcmp(kl_cli_text(item, "kind", "?", kind, sizeof kind), "anchor");

	line(sheet, "%s, %s, since %s", kl_cli_text(item, "member", "?", member, sizeof member),
		anchor ? "community anchor" : kind,
		kl_cli_text(item, "admitted", "?", day, sizeof day));
}

static void post_line(struct sheet *sheet, const struct kl_value *item)
{
	char title[KL_DRAW_TEXT_MAX], member[256], id[80], day[32], answers[48] = "",
								    dated[80] = "";
	uint64_t n = 0;

	if (!kl_get_uint(item, "answers", UINT64_MAX, &n))
		(void)snprintf(answers, sizeof answers,
			n ? ", %" PRIu64 " answer%s" : ", no answer yet", n, n == 1 ? "" : "s");
	if (kl_draw_flag(item, "dated_otherwise"))
		(void)snprintf(dated, sizeof dated, " (its author says: %s)",
			kl_cli_text(item, "published", "?", day, sizeof day));
	line(sheet, "%s \u2013 %s%s%s [%s]",
		kl_cli_text(item, "title", "(not here any more)", title, sizeof title),
		kl_cli_text(item, "member", "?", member, sizeof member), answers, dated,
		kl_cli_text(item, "id", "", id, sizeof id));
}

static void policy_line(struct sheet *sheet, const struct kl_value *item)
{
	char member[256];

	line(sheet, "%s: %s", kl_cli_text(item, "member", "?", member, sizeof member),
		kl_draw_flag(item, "changed") ? "changed" : "new");
}

static void figure_line(struct sheet *sheet, const struct kl_value *item)
{
	char member[256], name[256], period[32];

	line(sheet, "%s: %s, %s", kl_cli_text(item, "member", "?", member, sizeof member),
		kl_cli_text(item, "name", "?", name, sizeof name),
		kl_cli_text(item, "period", "?", period, sizeof period));
}

static void tally_line(struct sheet *sheet, const struct kl_value *item)
{
	char period[32], state[32], day[32], id[80];

	line(sheet, "for %s: %s, called on %s [%s]",
		kl_cli_text(item, "period", "?", period, sizeof period),
		kl_cli_text(item, "state", "?", state, sizeof state),
		kl_cli_text(item, "called", "?", day, sizeof day),
		kl_cli_text(item, "tally", "", id, sizeof id));
}

/* True if there is anything in it. */
static bool section(struct sheet *sheet, const struct kl_value *answer, const char *key,
	const char *what, line_fn *draw_line)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	uint64_t count, listed = 0;

	if (kl_get_map(answer, key, &list) || !kl_draw_uint(&list, "count"))
		return false;
	count = kl_draw_uint(&list, "count");
	heading(sheet, "%s: %" PRIu64, what, count);
	cursor = kl_draw_items(&list, "listed");
	for (; kl_cursor_next(&cursor, &item); listed++)
		draw_line(sheet, &item);
	if (listed < count)
		line(sheet, "and %" PRIu64 " more", count - listed);
	return true;
}

static void draw_sections(struct sheet *sheet, const struct kl_value *answer)
{
	bool any = section(sheet, answer, "members", "New members", member_line);

	any |= section(sheet, answer, "questions", "Questions", post_line);
	any |= section(sheet, answer, "lessons", "Lessons", post_line);
	any |= section(sheet, answer, "policies", "Policies", policy_line);
	any |= section(sheet, answer, "figures", "Figures by name", figure_line);
	any |= section(sheet, answer, "tallies", "Tallies", tally_line);
	if (kl_draw_uint(answer, "answers")) {
		heading(sheet, "Answers: %" PRIu64, kl_draw_uint(answer, "answers"));
		any = true;
	}
	if (!any)
		line(sheet, "Nothing happened that would have reached this member.");
	heading(sheet, "How this was put together (our rules)");
	line(sheet, "%s",
		kl_draw_flag(answer, "by_arrival")
			? "Lessons, questions and answers by when they arrived here; all else by "
			  "the day that its author gives, which nobody checks."
			: "All by the day that its author gives, which nobody checks: when things "
			  "arrived has not been noted for so long.");
	line(sheet, "Of one member at most three lessons and three questions are listed.");
}

/* "Example network since 2026-11-23" */
static void title_of(const struct kl_value *answer, char out[KL_DRAW_TEXT_MAX])
{
	char network[256], since[32];

	(void)snprintf(out, KL_DRAW_TEXT_MAX, "%s since %s",
		kl_cli_text(answer, "network", "The network", network, sizeof network),
		kl_cli_text(answer, "since", "?", since, sizeof since));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct sheet sheet = {.out = cli->out};
	char title[KL_DRAW_TEXT_MAX];

	title_of(answer, title);
	fprintf(cli->out, "%s\n", title);
	draw_sections(&sheet, answer);
	return KL_OK;
}

/* ---- the page -------------------------------------------------------------------------------- */

static int write_page(struct kl_cli *cli, const struct kl_value *answer, const char *path)
{
	struct kl_new_file file = {.out = NULL};
	char title[KL_DRAW_TEXT_MAX];
	struct kl_bytes page;
	struct kl_html html;
	struct sheet sheet = {.html = &html};
	int rc;

	title_of(answer, title);
	kl_html_init(&html, title, kl_report_css);
	kl_html_open(&html, "main");
	kl_html_put(&html, "h1", NULL, "%s", title);
	draw_sections(&sheet, answer);
	kl_html_close(&html);
	rc = kl_html_end(&html, &page);
	rc = rc ? kl_fault(&cli->fault, rc, "no memory for the page")
		: kl_new_file_begin(&file, path, &cli->fault);
	if (!rc && fwrite(page.data, 1, page.len, file.out) != page.len)
		rc = kl_fault(&cli->fault, KL_E_IO, "%s: cannot be written whole", path);
	if (!rc)
		rc = kl_new_file_keep(&file, &cli->fault);
	kl_new_file_drop(&file);
	kl_html_deinit(&html);
	if (!rc && !cli->json)
		fprintf(cli->out, "%s\n", path);
	return rc;
}

static bool is_page(const char *path)
{
	size_t len = path ? strlen(path) : 0;

	return len > 5 && !strcasecmp(path + len - 5, ".html");
}

static int run(struct kl_cli *cli)
{
	const char *out = kl_args_option(&cli->args, "out");
	const char *since = kl_args_option(&cli->args, "since");
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	if (since && kl_args_flag(&cli->args, "week"))
		return kl_fault(&cli->fault, KL_E_USAGE, "--week or --since DATE, not both");
	kl_pack_init(&pack);
	kl_pack_text(&pack, "since", since);
	rc = kl_cli_ask(cli, "digest", &pack, &answer);
	kl_pack_deinit(&pack);
	if (rc)
		return rc;
	if (!is_page(out))
		return kl_cli_give(cli, &answer, draw);
	rc = write_page(cli, &answer, out);
	return rc || !cli->json ? rc : kl_cli_json(cli, &answer);
}

static const struct kl_option options[] = {
	{"since", "DATE", "from that day on, such as 2026-11-23"},
	{"week", NULL, "from this day a week ago; that is what is shown anyway"},
	{NULL},
};

const struct kl_command kl_verb_digest = {
	.words = "digest",
	.example = "keeplocal digest --since 2026-11-23 --out digest.html",
	.help = "what happened in the network in the last week",
	.more = "New members, questions with the number of their answers, lessons, policies, "
		"figures by name\nand tallies. What is printed is plain text, fit for a mail; "
		"--out "
		"with a name that ends with\n.html writes a page. What posts say of their day is "
		"their authors' word; they are listed by\nwhen they arrived here, as far as that "
		"was noted.",
	.options = options,
	.tables = true,
	.run = run,
};
