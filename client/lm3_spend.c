#include "client/lm3_spend.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 4096 }; /* of 64 KiB: more suppliers than there are names in a table */

/* Parts as they came, to go out again. */
struct parts {
	struct kl_bytes *items; /* each on the heap */
	size_t count, next;
};

static int keep(void *data, const struct kl_value *rows, struct kl_fault *fault)
{
	struct parts *parts = data;
	uint8_t *copy = malloc(rows->raw.len);

	if (!copy || parts->count == PARTS_MAX) {
		free(copy);
		return kl_fault(fault, KL_E_TOO_BIG, "there are too many suppliers");
	}
	memcpy(copy, rows->raw.data, rows->raw.len);
	parts->items[parts->count++] = kl_bytes(copy, rows->raw.len);
	return KL_OK;
}

static int give(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	struct parts *parts = data;

	(void)fault;
	if (parts->next == parts->count)
		return 0;
	kl_write_raw(rows, parts->items[parts->next++]);
	return 1;
}

static int fetch(struct kl_cli *cli, struct parts *parts)
{
	struct kl_value answer;
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	kl_pack_text(&pack, "year", kl_args_option(&cli->args, "year"));
	rc = kl_cli_download(cli, "spend lm3", &pack, keep, parts, &answer);
	kl_pack_deinit(&pack);
	return rc;
}

static int bring_in(struct kl_cli *cli, struct parts *parts, struct kl_value *ret_answer)
{
	const char *year = kl_args_option(&cli->args, "year");
	char file[64];
	struct kl_pack pack;
	int rc;

	snprintf(file, sizeof file, "spending files%s%.30s", year ? " of " : "", year ? year : "");
	kl_pack_init(&pack);
	kl_pack_text(&pack, "name", cli->args.operands[0]);
	kl_pack_text(&pack, "file", file);
	rc = kl_cli_upload(
		cli, "lm3 import", &pack, give, parts, parts->count, "suppliers", ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

static void drop(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		union {
			const uint8_t *in;
			void *out;
		} data = {
			.in = parts->items[i].data}; /* a view has no other type for what is ours */

		free(data.out);
	}
	free(parts->items);
}

int kl_lm3_import_spend(
	struct kl_cli *cli, int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	struct parts parts = {.items = calloc(PARTS_MAX, sizeof *parts.items)};
	struct kl_value answer;
	int rc;

	if (!parts.items)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for the suppliers");
	rc = fetch(cli, &parts);
	if (!rc)
		rc = bring_in(cli, &parts, &answer);
	if (!rc)
		rc = cli->json ? kl_cli_json(cli, &answer) : draw(cli, &answer);
	drop(&parts);
	return rc;
}
