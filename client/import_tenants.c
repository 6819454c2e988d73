#include "client/import_tenants.h"
#include "client/draw.h"
#include "client/factor_files.h"
#include "client/notes.h"
#include "client/part_feed.h"
#include "client/shipped.h"
#include "client/tenant_forms.h"
#include "client/tenants.h"
#include "protocol/doc_enabled.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* What both requests say. */
static int pack_request(struct kl_cli *cli, struct kl_pack *pack, const char *file)
{
	kl_pack_text(pack, "file", file);
	kl_pack_text(pack, "period", kl_args_option(&cli->args, "period"));
	if (kl_args_flag(&cli->args, "instead"))
		kl_pack_bool(pack, "instead", true);
	return kl_pack_factors(pack, &cli->fault);
}

static int read_words(struct kl_cli *cli, struct kl_activity_word **ret_words, size_t *ret_count)
{
	char path[KL_DATA_PATH_MAX];
	int rc = kl_data_path(KL_DATA_WORDS, &cli->fault, path);

	return rc ? rc : kl_activity_words_read(path, &cli->fault, ret_words, ret_count);
}

/* ---- a table ------------------------------------------------------------------------------- */

static int draw_table(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t tenants = kl_draw_uint(answer, "tenants");
	uint64_t left_out = kl_draw_uint(answer, "left_out");
	char period[32];

	fprintf(cli->out, "%" PRIu64 " tenant%s for %s", tenants, tenants == 1 ? "" : "s",
		kl_cli_text(answer, "period", "?", period, sizeof period));
	if (left_out)
		fprintf(cli->out,
			"; of %" PRIu64 " too little is known for employees, value added or both",
			left_out);
	fprintf(cli->out, "\n\nNext:\n  keeplocal enabled result --period %s\n", period);
	if (left_out)
		fprintf(cli->out, "  keeplocal enabled missing --period %s\n", period);
	return KL_OK;
}

static int upload_table(struct kl_cli *cli, const char *path, struct kl_tenants *tenants)
{
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	rc = pack_request(cli, &pack, base_name(path));
	if (!rc)
		rc = kl_cli_upload(cli, "enabled import", &pack, kl_tenants_part, tenants, 0,
			"tenants", &answer);
	if (!rc) {
		kl_tell_notes(cli, kl_tenants_sheet(tenants));
		rc = cli->json ? kl_cli_json(cli, &answer) : draw_table(cli, &answer);
	}
	kl_pack_deinit(&pack);
	return rc;
}

int kl_import_tenants(struct kl_cli *cli, const char *path)
{
	struct kl_activity_word *words = NULL;
	struct kl_tenants *tenants;
	size_t count = 0;
	int rc = read_words(cli, &words, &count);

	if (rc)
		return rc;
	rc = kl_tenants_open(
		path, kl_args_option(&cli->args, "sheet"), words, count, &cli->fault, &tenants);
	if (!rc) {
		rc = upload_table(cli, path, tenants);
		kl_tenants_close(tenants);
	}
	free(words);
	return rc;
}

/* ---- forms --------------------------------------------------------------------------------- */

struct forms {
	struct kl_tenant *list;
	size_t count, sent;
	struct kl_part_feed feed;
	FILE *notes; /* told when everything came in */
};

static int feed_form(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct forms *forms = data;

	(void)fault;
	if (forms->sent == forms->count)
		return 0;
	kl_doc_tenant_encode(row, &forms->list[forms->sent++]);
	return 1;
}

static int forms_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	struct forms *forms = data;

	return kl_part_feed_next(&forms->feed, rows, fault);
}

static int read_forms(struct kl_cli *cli, struct forms *forms, const char *const *paths,
	size_t count, const struct kl_activity_word *words, size_t word_count)
{
	struct kl_sheet *sheet;

	for (size_t i = 0; i < count; i++) {
		int rc = kl_tenant_form_read(paths[i], kl_args_option(&cli->args, "sheet"), words,
			word_count, &cli->fault, &forms->list[i], &sheet);

		if (rc)
			return rc;
		kl_print_notes(forms->notes, sheet);
		kl_sheet_close(sheet);
	}
	forms->count = count;
	return KL_OK;
}

/* Forms whose names are only alike to those of tenants. */
static void draw_loose(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "loosely");
	char form[KL_NAME_MAX], tenant[KL_NAME_MAX];
	struct kl_value pair;

	if (!kl_draw_count(answer, "loosely"))
		return;
	fputs("\nJoined by names that are only alike (please check):\n", cli->out);
	while (kl_cursor_next(&cursor, &pair))
		fprintf(cli->out, "  %s: taken for %s\n",
			kl_cli_text(&pair, "form", "?", form, sizeof form),
			kl_cli_text(&pair, "tenant", "?", tenant, sizeof tenant));
}

static int draw_forms(struct kl_cli *cli, const struct kl_value *answer)
{
	uint64_t added = kl_draw_uint(answer, "added"), changed = kl_draw_uint(answer, "changed");
	char period[32];

	fprintf(cli->out, "%s: ", kl_cli_text(answer, "period", "?", period, sizeof period));
	if (added)
		fprintf(cli->out, "%" PRIu64 " tenant%s added%s", added, added == 1 ? "" : "s",
			changed ? ", " : "");
	if (changed)
		fprintf(cli->out, "%" PRIu64 " brought up to date", changed);
	fprintf(cli->out, "; %" PRIu64 " in all\n", kl_draw_uint(answer, "tenants"));
	draw_loose(cli, answer);
	fprintf(cli->out,
		"\nNext:\n  keeplocal enabled missing --period %s\n"
		"  keeplocal enabled result --period %s\n",
		period, period);
	return KL_OK;
}

static int upload_forms(
	struct kl_cli *cli, struct forms *forms, const char *const *paths, size_t count)
{
	struct kl_value answer;
	struct kl_pack pack;
	char file[64];
	int rc;

	(void)snprintf(file, sizeof file, "%zu forms", count);
	kl_pack_init(&pack);
	rc = pack_request(cli, &pack, count == 1 ? base_name(paths[0]) : file);
	if (!rc)
		rc = kl_cli_upload(
			cli, "enabled add", &pack, forms_part, forms, 0, "forms", &answer);
	if (!rc)
		rc = cli->json ? kl_cli_json(cli, &answer) : draw_forms(cli, &answer);
	kl_pack_deinit(&pack);
	return rc;
}

int kl_import_forms(struct kl_cli *cli, const char *const *paths, size_t count)
{
	struct forms forms = {.list = calloc(count, sizeof *forms.list)};
	struct kl_activity_word *words = NULL;
	size_t word_count = 0, notes_len = 0;
	char *notes = NULL;
	int rc = read_words(cli, &words, &word_count);

	forms.notes = open_memstream(&notes, &notes_len);
	if (!rc && (!forms.list || !forms.notes))
		rc = kl_fault(&cli->fault, KL_E_NOMEM, "no memory to read forms");
	kl_part_feed_init(&forms.feed, feed_form, &forms);
	if (!rc)
		rc = read_forms(cli, &forms, paths, count, words, word_count);
	if (!rc)
		rc = upload_forms(cli, &forms, paths, count);
	if (forms.notes)
		(void)fclose(forms.notes);
	if (!rc)
		fputs(notes, cli->err);
	kl_part_feed_deinit(&forms.feed);
	free(notes);
	free(words);
	free(forms.list);
	return rc;
}
