#include "tests/integration/store_writer.h"
#include "store/documents.h"
#include "store/feeds.h"
#include "store/imports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCUMENTS = 4, PARTS = 3, PART_BYTES = 9000, IMPORTS = 3 };

/* ---- writing --------------------------------------------------------------------------------- */

static void put_documents(struct kl_batch *batch, uint64_t counter)
{
	uint8_t bytes[500] = {0};
	char name[16];

	kl_put_u64(bytes, counter);
	for (int i = 0; i < DOCUMENTS; i++) {
		snprintf(name, sizeof name, "%d", i);
		kl_document_put(batch, "count", name,
			kl_bytes(bytes, 100 + (counter * 37 + (uint64_t)i * 11) % 400));
	}
}

static struct kl_id id_of(uint64_t seq)
{
	struct kl_id id = {{1}};

	kl_put_u64(id.b + 8, seq);
	return id;
}

static const struct kl_feed_id feed = {.author = {{7}}, .epoch = 1};

static void put_record(struct kl_batch *batch, uint64_t seq)
{
	static const uint8_t signature[KL_STORE_SIGNATURE_BYTES];
	static const uint8_t payload[3000];
	struct kl_id prev = id_of(seq - 1);
	struct kl_stored_record record = {
		.seq = seq,
		.id = id_of(seq),
		.header = kl_bytes_str("a header"),
		.signature = signature,
		.payload = kl_bytes(payload, seq * 131 % sizeof payload),
	};

	kl_feed_append(batch, &feed, &prev, &record, 1);
}

static int stage_import(
	struct kl_store *store, struct kl_batch *batch, uint64_t *ret_id, struct kl_fault *fault)
{
	static const uint8_t rows[PART_BYTES];
	int rc = kl_import_begin(store, ret_id);

	for (uint32_t i = 0; i < PARTS && rc == KL_OK; i++) {
		kl_import_part(batch, *ret_id, i, kl_bytes(rows, sizeof rows));
		if (i == 0)
			continue;
		rc = kl_store_commit(store, batch, fault);
		kl_batch_reset(batch);
	}
	return rc;
}

int writer_round(
	struct kl_store *store, struct kl_batch *batch, uint64_t counter, struct kl_fault *fault)
{
	uint64_t id = 0;
	int rc;

	kl_batch_reset(batch);
	rc = stage_import(store, batch, &id, fault);
	if (rc != KL_OK)
		return rc;
	put_documents(batch, counter);
	put_record(batch, counter);
	kl_import_publish(batch, id, "table", "t", PARTS, kl_bytes(NULL, 0));
	if (counter > IMPORTS)
		kl_import_undo(batch, counter - IMPORTS);
	return kl_store_commit(store, batch, fault);
}

/* ---- looking --------------------------------------------------------------------------------- */

static int counter_of(struct kl_store *store, const char *name, uint64_t *ret_counter)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(store, "count", name, 0, &bytes, &len, NULL);

	*ret_counter = 0;
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc < 0)
		return rc;
	if (len >= 8)
		*ret_counter = kl_get_u64(bytes);
	free(bytes);
	return len >= 8 ? KL_OK : KL_E_DAMAGED;
}

int writer_counter(struct kl_store *store, uint64_t *ret_counter)
{
	return counter_of(store, "0", ret_counter);
}

static int sum_imports(void *arg, const struct kl_import *import)
{
	uint64_t *imports = arg;

	if (import->parts != PARTS || import->bytes != (uint64_t)PARTS * PART_BYTES)
		return KL_E_DAMAGED;
	imports[0]++;
	imports[1] = import->order;
	return KL_VISIT_ON;
}

const char *writer_look(struct kl_store *store, uint64_t counter)
{
	uint64_t imports[2] = {0}, parts, found;
	struct kl_store_info info;
	struct kl_feed_head head;
	char name[16];

	for (int i = 0; i < DOCUMENTS; i++) {
		snprintf(name, sizeof name, "%d", i);
		if (counter_of(store, name, &found) || found != counter)
			return i ? "half of the documents of a round"
				 : "another round than expected";
	}
	if (kl_feed_head(store, &feed, &head) < 0 || head.seq != counter)
		return "a round without its record";
	if (kl_import_visit(store, NULL, sum_imports, imports) < 0)
		return "half of an import is visible";
	if (imports[1] != counter || imports[0] != (counter < IMPORTS ? counter : IMPORTS))
		return "a round without its import";
	if (kl_imports_sweep(store, NULL, &parts) < 0 || kl_store_info(store, &info) < 0 ||
		info.entries[KL_TABLE_PARTS] != PARTS * imports[0])
		return "parts are left over";
	return NULL;
}

void writer_remove(const char *dir)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	char path[300];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}
