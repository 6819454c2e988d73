/* report: a page with all of a member's figures, to be printed and handed on. */
#include "client/cli.h"
#include "client/json.h"
#include "client/new_file.h"
#include "client/report.h"
#include "core/period.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- what is asked for ---------------------------------------------------------------------- */

static int check_period(struct kl_cli *cli, const char *text, char out[KL_PERIOD_TEXT_MAX])
{
	struct kl_period period;

	if (kl_period_parse(text, &period)) {
		kl_fault(
			&cli->fault, KL_E_USAGE, "--period: found \"%s\", expected a period", text);
		return kl_fault_hint(&cli->fault, "a year such as 2026, or 2025/26");
	}
	kl_period_format(period, out);
	return KL_OK;
}

static void set_date(char out[32])
{
	const time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm) || !strftime(out, 32, "%d %B %Y", &tm))
		out[0] = '\0';
	if (out[0] == '0')
		memmove(out, out + 1, strlen(out));
}

/* A name that was typed and fits no project is a mistake, and no page without LM3. */
static int check_project(struct kl_cli *cli, const char *name, const struct kl_report *report)
{
	if (!name || report->lm3.known)
		return KL_OK;
	if (report->lm3.why[0])
		kl_fault(&cli->fault, KL_E_USAGE, "--lm3: %s", report->lm3.why);
	else
		kl_fault(&cli->fault, KL_E_NOT_FOUND, "--lm3: there is no LM3 project '%s'", name);
	return kl_fault_hint(&cli->fault, "keeplocal lm3 list shows what there is");
}

/* A page that holds no figure of one's own has reported nothing. */
static bool holds_any(const struct kl_report *report)
{
	for (size_t i = 0; kl_report_sections[i]; i++)
		if (!kl_report_sections[i]->others && kl_report_sections[i]->known(report))
			return true;
	return false;
}

/* ---- what is said about it ------------------------------------------------------------------- */

static void put_contents(
	struct kl_writer *w, const struct kl_report *report, const char *path, size_t bytes)
{
	size_t known = 0, all = 0;
	const char *why;

	for (; kl_report_sections[all]; all++)
		known += kl_report_sections[all]->known(report);
	kl_write_map(w, 4);
	kl_put_text(w, "file", path);
	kl_put_uint(w, "bytes", bytes);
	kl_put_array(w, "sections", known);
	for (size_t i = 0; i < all; i++)
		if (kl_report_sections[i]->known(report))
			kl_write_text(w, kl_report_sections[i]->id);
	kl_put_array(w, "missing", all - known);
	for (size_t i = 0; i < all; i++) {
		if (kl_report_sections[i]->known(report))
			continue;
		why = kl_report_why(report, kl_report_sections[i]);
		kl_write_map(w, 3);
		kl_put_text(w, "section", kl_report_sections[i]->id);
		kl_put_text(w, "how", kl_report_sections[i]->command);
		kl_put_text(w, "why", why[0] ? why : NULL);
	}
}

static int say_json(
	struct kl_cli *cli, const struct kl_report *report, const char *path, size_t bytes)
{
	struct kl_bytes packed;
	struct kl_value value;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	put_contents(&w, report, path, bytes);
	rc = kl_writer_bytes(&w, &packed);
	if (!rc)
		rc = kl_value_open(packed, &value);
	rc = rc ? kl_fault(&cli->fault, rc, "no memory for the answer") : kl_cli_json(cli, &value);
	kl_writer_deinit(&w);
	return rc;
}

static void say_words(struct kl_cli *cli, const struct kl_report *report, const char *path)
{
	fprintf(cli->out, "%s\n", path);
	for (size_t i = 0; kl_report_sections[i]; i++) {
		const struct kl_report_section *section = kl_report_sections[i];
		const char *why = kl_report_why(report, section);

		if (section->known(report))
			continue;
		fprintf(cli->out, "  without %s: %s\n", section->without, section->command);
		if (why[0])
			fprintf(cli->out, "    %s\n", why);
	}
}

/* ---- the file -------------------------------------------------------------------------------- */

static int begin_file(struct kl_cli *cli, const char *path, struct kl_new_file *file)
{
	if (kl_args_flag(&cli->args, "force"))
		return kl_new_file_begin_over(file, path, &cli->fault);
	if (kl_new_file_begin(file, path, &cli->fault)) {
		if (cli->fault.hint[0])
			kl_fault_hint(
				&cli->fault, "choose another name, or write over it: --force");
		return cli->fault.code;
	}
	return KL_OK;
}

static int write_page(
	struct kl_cli *cli, const struct kl_report *report, FILE *out, size_t *ret_bytes)
{
	struct kl_html html;
	struct kl_bytes page;
	int rc = kl_report_write(&html, report, &page);

	if (rc)
		kl_fault(&cli->fault, rc, "no memory for the page");
	else if (fwrite(page.data, 1, page.len, out) == page.len)
		*ret_bytes = page.len;
	kl_html_deinit(&html);
	return rc; /* what could not be written is told when the file is kept */
}

static int fetch(struct kl_cli *cli, const char *period, struct kl_report *report)
{
	const char *title = kl_args_option(&cli->args, "title");
	const struct kl_report_wanted wanted = {
		.period = period[0] ? period : NULL, .project = kl_args_option(&cli->args, "lm3")};
	int rc = kl_report_fetch(cli, &wanted, report);

	if (rc)
		return rc;
	(void)kl_copy_text(report->title, sizeof report->title, title ? title : "");
	set_date(report->date);
	return check_project(cli, wanted.project, report);
}

static int make(struct kl_cli *cli, const char *path, const char *period, struct kl_report *report)
{
	struct kl_new_file file;
	struct kl_value answer;
	size_t bytes = 0;
	int rc = begin_file(cli, path, &file);

	if (!rc)
		rc = fetch(cli, period, report);
	if (!rc)
		rc = write_page(cli, report, file.out, &bytes);
	if (!rc)
		rc = kl_new_file_keep(&file, &cli->fault);
	kl_new_file_drop(&file);
	if (!rc && holds_any(report)) /* a step of every plan is done with it */
		rc = kl_cli_ask(cli, "report written", NULL, &answer);
	if (rc)
		return rc;
	if (cli->json)
		return say_json(cli, report, path, bytes);
	say_words(cli, report, path);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	const char *path = kl_args_option(&cli->args, "out");
	const char *typed = kl_args_option(&cli->args, "period");
	char period[KL_PERIOD_TEXT_MAX] = "";
	struct kl_report *report;
	int rc;

	if (!path || !path[0]) {
		kl_fault(&cli->fault, KL_E_USAGE, "where to? --out FILE.html is needed");
		return kl_fault_hint(&cli->fault, "keeplocal report --out report.html");
	}
	rc = typed ? check_period(cli, typed, period) : KL_OK;
	if (rc)
		return rc;
	report = calloc(1, sizeof *report);
	if (!report)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for the report");
	rc = make(cli, path, period, report);
	kl_report_deinit(report);
	free(report);
	return rc;
}

static const struct kl_option options[] = {
	{"out", "FILE.html", "where to write it; never over a file that is there"},
	{"force", NULL, "write it over a file that is there"},
	{"period", "PERIOD", "figures of that period only; else the latest of each kind"},
	{"title", "TEXT", "its heading"},
	{"lm3", "NAME", "the LM3 project to show; else the one that counts (lm3 use)"},
	{NULL},
};

const struct kl_command kl_verb_report = {
	.words = "report",
	.example = "keeplocal report --out report.html",
	.help = "one page with pictures of all your figures, to print or to send",
	.more = "The page needs nothing but itself: it prints on A4, reads on a phone, and holds "
		"no script.\n"
		"It holds your private figures: it is yours to share. What there are no figures "
		"for is named,\n"
		"with the command that brings them.",
	.options = options,
	.run = run,
};
