#include "daemon/tally_home.h"
#include "core/cells.h"
#include "daemon/log.h"
#include "protocol/tally_payload.h"
#include "store/documents.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define ANSWERS "answers" /* kind of the private documents */

/* ---- keys ---------------------------------------------------------------------------------- */

static void key_name(const struct kl_id *tally, char out[80])
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(tally->b, KL_ID_BYTES, hex);
	snprintf(out, 80, "tally/%s.key", hex);
}

int kl_tally_home_write_key(
	struct kl_node *node, const struct kl_id *tally, const uint8_t key[KL_SEED_BYTES])
{
	char name[80];

	key_name(tally, name);
	return kl_home_write(&node->home, name, kl_bytes(key, KL_SEED_BYTES), NULL);
}

int kl_tally_home_destroy_key(struct kl_node *node, const struct kl_id *tally)
{
	char name[80];

	key_name(tally, name);
	return kl_home_destroy(&node->home, name, NULL);
}

/* The tally that a file in the folder is the key of. */
static bool is_key(const char *file, struct kl_id *ret_tally)
{
	size_t len = strlen(file);
	char hex[KL_ID_HEX_MAX];

	if (len != 2 * KL_ID_BYTES + 4 || strcmp(file + len - 4, ".key") != 0)
		return false;
	(void)kl_copy_text(hex, sizeof hex, file);
	return !kl_hex_parse(hex, ret_tally->b, KL_ID_BYTES);
}

static void visit_key(
	struct kl_node *node, const struct kl_id *tally, kl_tally_key_fn *visit, void *arg)
{
	uint8_t key[KL_SEED_BYTES + 1];
	char name[80];
	size_t len;

	key_name(tally, name);
	if (kl_home_read(&node->home, name, key, sizeof key, &len, NULL) || len != KL_SEED_BYTES)
		kl_log(KL_LOG_ERROR, "a seat's key cannot be read; that seat has to quit");
	else
		visit(arg, tally, key);
	kl_wipe(key, sizeof key);
}

int kl_tally_home_keys(
	struct kl_node *node, kl_tally_key_fn *visit, void *arg, struct kl_fault *fault)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	struct kl_id tally;
	DIR *dir;

	if (kl_home_path(&node->home, "tally", folder) || !(dir = opendir(folder)))
		return kl_fault(fault, KL_E_CONFIG, "%s/tally cannot be read", node->home.path);
	while ((entry = readdir(dir))) {
		if (is_key(entry->d_name, &tally))
			visit_key(node, &tally, visit, arg);
	}
	closedir(dir);
	return KL_OK;
}

/* ---- answers ------------------------------------------------------------------------------- */

int kl_tally_home_keep(
	struct kl_node *node, const struct kl_id *tally, const int16_t *bins, size_t count)
{
	char name[KL_ID_HEX_MAX];
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_hex(tally->b, KL_ID_BYTES, name);
	kl_writer_init(&w);
	kl_write_array(&w, count);
	for (size_t i = 0; i < count; i++)
		kl_write_int(&w, bins[i]);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_node_keep(node, ANSWERS, name, bytes, NULL);
	kl_writer_deinit(&w);
	return rc;
}

struct visiting {
	kl_tally_answers_fn *visit;
	void *arg;
};

static int visit_answers(void *arg, const struct kl_document *document)
{
	const struct visiting *visiting = arg;
	int16_t bins[KL_TALLY_METRICS_MAX];
	struct kl_value list, item;
	struct kl_cursor cursor;
	struct kl_id tally;
	size_t count = 0;
	int64_t bin;

	if (kl_hex_parse(document->name, tally.b, KL_ID_BYTES) ||
		kl_value_open(document->bytes, &list) || list.type != KL_WIRE_ARRAY ||
		list.count > KL_TALLY_METRICS_MAX)
		return KL_E_DAMAGED;
	cursor = kl_cursor(&list);
	while (kl_cursor_next(&cursor, &item)) {
		if (kl_value_int(&item, &bin) || bin < INT16_MIN || bin > INT16_MAX)
			return KL_E_DAMAGED;
		bins[count++] = (int16_t)bin;
	}
	visiting->visit(visiting->arg, &tally, bins, count);
	kl_wipe(bins, sizeof bins);
	return KL_VISIT_ON;
}

int kl_tally_home_answers(struct kl_node *node, kl_tally_answers_fn *visit, void *arg)
{
	struct visiting visiting = {visit, arg};

	return kl_document_visit(node->store, ANSWERS, "", false, visit_answers, &visiting);
}
