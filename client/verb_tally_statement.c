/* tally statement: what happens to a member's figures, to be read or to be handed on. */
#include "client/cli.h"
#include "client/new_file.h"
#include "client/statement.h"

#include <string.h>
#include <strings.h>
#include <time.h>

static void set_date(char out[32])
{
	const time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm) || !strftime(out, 32, "%d %B %Y", &tm))
		out[0] = '\0';
	if (out[0] == '0')
		memmove(out, out + 1, strlen(out));
}

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

static int write_page(struct kl_cli *cli, const struct kl_value *facts, const char *date, FILE *out)
{
	struct kl_html html;
	struct kl_bytes page;
	int rc = kl_statement_page(&html, facts, date, &page);

	if (rc)
		kl_fault(&cli->fault, rc, "no memory for the page");
	else
		(void)fwrite(page.data, 1, page.len, out); /* told when the file is kept */
	kl_html_deinit(&html);
	return rc;
}

static int write_file(
	struct kl_cli *cli, const char *path, const struct kl_value *facts, const char *date)
{
	struct kl_new_file file;
	int rc = begin_file(cli, path, &file);

	if (!rc)
		rc = write_page(cli, facts, date, file.out);
	if (!rc)
		rc = kl_new_file_keep(&file, &cli->fault);
	kl_new_file_drop(&file);
	return rc;
}

/* A page that is called otherwise would be opened by the wrong program. */
static int check_name(struct kl_cli *cli, const char *path)
{
	const char *dot = path ? strrchr(path, '.') : NULL;

	if (!path || (dot && (!strcasecmp(dot, ".html") || !strcasecmp(dot, ".htm"))))
		return KL_OK;
	kl_fault(&cli->fault, KL_E_USAGE, "--out writes a page: its name ends in .html");
	return kl_fault_hint(&cli->fault, "a browser opens it, and prints it as PDF");
}

static int run(struct kl_cli *cli)
{
	const char *path = kl_args_option(&cli->args, "out");
	struct kl_value facts;
	struct kl_pack pack;
	char date[32];
	int rc = check_name(cli, path);

	if (rc)
		return rc;
	kl_pack_init(&pack);
	if (cli->args.operand_count)
		kl_pack_text(&pack, "tally", cli->args.operands[0]);
	rc = kl_cli_ask(cli, "tally statement", &pack, &facts);
	kl_pack_deinit(&pack);
	set_date(date);
	if (!rc && path)
		rc = write_file(cli, path, &facts, date);
	if (rc)
		return rc;
	if (cli->json)
		return kl_cli_json(cli, &facts);
	if (path)
		fprintf(cli->out, "%s\n", path);
	else
		kl_statement_print(cli->out, &facts, date);
	return KL_OK;
}

static const struct kl_option options[] = {
	{"out", "FILE.html",
		"write it as a page, to print or to send; never over a file that is there"},
	{"force", NULL, "write it over a file that is there"},
	{NULL},
};

const struct kl_command kl_verb_tally_statement = {
	.words = "tally statement",
	.operands = "[TALLY]",
	.example = "keeplocal tally statement 2026 --out statement.html",
	.help = "what happens to your figures in a tally, for a data-protection officer",
	.more = "TALLY is the beginning of its id, or its period; without it, the latest. The "
		"page loads\n"
		"nothing from anywhere and prints on A4. It says what is promised and what is "
		"not, with the\n"
		"facts of this network.",
	.options = options,
	.operands_max = 1,
	.run = run,
};
