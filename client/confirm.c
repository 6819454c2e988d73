#include "client/confirm.h"
#include "client/draw.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

void kl_pack_list(struct kl_pack *pack, const char *key, const char *commas)
{
	struct kl_writer *w;
	size_t n = 1;

	if (!commas)
		return;
	for (const char *c = commas; *c; c++)
		n += *c == ',';
	w = kl_pack_value(pack, key);
	kl_write_array(w, n);
	for (const char *item = commas; n-- > 0;) {
		size_t len = strcspn(item, ",");

		kl_write_text_n(w, kl_bytes(item, len));
		item += len + 1;
	}
}

void kl_deed_tally(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	char tally[80];

	if (preview)
		kl_pack_text(pack, "tally", kl_cli_text(preview, "tally", "", tally, sizeof tally));
	else if (cli->args.operand_count)
		kl_pack_text(pack, "tally", cli->args.operands[0]);
}

static int ask(struct kl_cli *cli, const struct kl_deed *deed, const struct kl_value *preview,
	bool dry, struct kl_value *ret_answer)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	deed->fill(cli, &pack, preview);
	kl_pack_bool(&pack, "dry_run", dry);
	rc = kl_cli_ask(cli, deed->command, &pack, ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

/* The preview of a --json run is a message: the result is the answer to the deed itself. */
static int show_preview(
	struct kl_cli *cli, const struct kl_deed *deed, const struct kl_value *preview)
{
	FILE *out = cli->out;
	int rc;

	if (cli->json)
		cli->out = cli->err;
	rc = deed->draw(cli, preview);
	fflush(cli->out);
	cli->out = out;
	return rc;
}

static int question(struct kl_cli *cli, const struct kl_deed *deed)
{
	char line[16] = "";

	fprintf(cli->err, "\n%s [y/N] ", deed->question);
	fflush(cli->err);
	if (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!strcasecmp(line, "y") || !strcasecmp(line, "yes"))
			return KL_OK;
	}
	return kl_fault(&cli->fault, KL_E_DENIED, "nothing was done, and nothing has left");
}

/* A copy of the preview: an answer lives until the next request only. */
static int keep(struct kl_cli *cli, const struct kl_value *answer, uint8_t **ret_copy,
	struct kl_value *ret_value)
{
	uint8_t *copy = malloc(answer->raw.len);

	if (!copy)
		return kl_fault(&cli->fault, KL_E_NOMEM, "out of memory");
	memcpy(copy, answer->raw.data, answer->raw.len);
	if (kl_value_open(kl_bytes(copy, answer->raw.len), ret_value)) {
		free(copy);
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer is damaged");
	}
	*ret_copy = copy;
	return KL_OK;
}

static int finish(
	struct kl_cli *cli, const struct kl_deed *deed, const struct kl_value *answer, bool seen)
{
	int rc = deed->carry ? deed->carry(cli, answer) : KL_OK;

	if (rc)
		return rc;
	if (cli->json)
		return deed->json ? deed->json(cli, answer) : kl_cli_json(cli, answer);
	if (!seen)
		rc = deed->draw(cli, answer);
	if (!rc && deed->tell)
		deed->tell(cli, answer);
	else if (!rc && !kl_draw_flag(answer, "unchanged"))
		fprintf(cli->out, "\n%s\n",
			deed->kept && kl_draw_flag(answer, "private") ? deed->kept : deed->done);
	return rc;
}

static int somebody_is_there(struct kl_cli *cli)
{
	if (isatty(STDIN_FILENO))
		return KL_OK;
	kl_fault(&cli->fault, KL_E_USAGE, "nobody is there to be asked");
	kl_fault_hint(&cli->fault, "--yes goes ahead without asking, --dry-run only shows");
	return KL_E_USAGE;
}

static int with_question(struct kl_cli *cli, const struct kl_deed *deed)
{
	struct kl_value answer, preview;
	uint8_t *copy = NULL;
	int rc;

	rc = ask(cli, deed, NULL, true, &answer);
	if (!rc && !kl_draw_flag(&answer, "private"))
		rc = somebody_is_there(cli);
	if (!rc)
		rc = keep(cli, &answer, &copy, &preview);
	if (!rc)
		rc = show_preview(cli, deed, &preview);
	if (!rc && deed->check)
		rc = deed->check(cli, &preview);
	if (!rc && !kl_draw_flag(&preview, "unchanged") && !kl_draw_flag(&preview, "private"))
		rc = question(cli, deed);
	if (!rc)
		rc = ask(cli, deed, &preview, false, &answer);
	if (!rc)
		rc = finish(cli, deed, &answer, true);
	free(copy);
	return rc;
}

int kl_confirm_deed(struct kl_cli *cli, const struct kl_deed *deed)
{
	struct kl_value answer;
	int rc;

	if (kl_args_flag(&cli->args, "dry-run")) {
		rc = ask(cli, deed, NULL, true, &answer);
		if (rc)
			return rc;
		if (!cli->json)
			return deed->draw(cli, &answer);
		return deed->json ? deed->json(cli, &answer) : kl_cli_json(cli, &answer);
	}
	if (!kl_args_flag(&cli->args, "yes") && !(deed->typed && !isatty(STDIN_FILENO)))
		return with_question(cli, deed);
	rc = ask(cli, deed, NULL, false, &answer);
	return rc ? rc : finish(cli, deed, &answer, false);
}
