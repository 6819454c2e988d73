#include "store/imports.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

static struct kl_bytes text(const char *string)
{
	return kl_bytes_str(string);
}

/* Stages parts "0", "1", ... of a fresh import. */
static uint64_t stage(struct home *home, uint32_t parts)
{
	uint64_t id;
	char part[16];

	assert_rc(kl_import_begin(home->store, &id), KL_OK);
	for (uint32_t i = 0; i < parts; i++) {
		snprintf(part, sizeof part, "part %u", (unsigned)i);
		kl_import_part(home->batch, id, i, text(part));
	}
	home_commit(home);
	return id;
}

static uint64_t publish(struct home *home, const char *kind, const char *name, uint32_t parts)
{
	uint64_t id = stage(home, parts);

	kl_import_publish(home->batch, id, kind, name, parts, text("from a file"));
	home_commit(home);
	return id;
}

static uint64_t parts_in(struct home *home)
{
	struct kl_store_info info;

	assert_rc(kl_store_info(home->store, &info), KL_OK);
	return info.entries[KL_TABLE_PARTS];
}

static uint64_t latest(struct home *home, const char *kind, const char *name)
{
	struct kl_import import;
	int rc = kl_import_latest(home->store, kind, name, &import);

	if (rc == KL_E_NOT_FOUND)
		return 0;
	assert_rc(rc, KL_OK);
	return import.id;
}

static void staged_parts_show_only_when_published(void **state)
{
	struct home *home = *state;
	struct kl_import import;
	uint64_t id = stage(home, 3);
	uint8_t *bytes;
	size_t len;

	assert_int_equal(latest(home, "suppliers", NULL), 0);
	kl_import_publish(home->batch, id, "suppliers", "2024", 3, text("from a file"));
	home_commit(home);
	assert_rc(kl_import_latest(home->store, "suppliers", "2024", &import), KL_OK);
	assert_int_equal(import.id, id);
	assert_int_equal(import.order, 1);
	assert_int_equal(import.parts, 3);
	assert_int_equal(import.bytes, 3 * strlen("part 0"));
	assert_string_equal(import.kind, "suppliers");
	assert_string_equal(import.name, "2024");
	assert_rc(kl_import_read_part(home->store, id, 2, &bytes, &len), KL_OK);
	assert_int_equal(len, 6);
	assert_memory_equal(bytes, "part 2", 6);
	free(bytes);
	assert_rc(kl_import_read_part(home->store, id, 3, &bytes, &len), KL_E_NOT_FOUND);
}

static void an_incomplete_upload_is_not_published(void **state)
{
	struct home *home = *state;
	uint64_t id = stage(home, 2);

	kl_import_publish(home->batch, id, "suppliers", "2024", 3, text(""));
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_INVALID);
	assert_non_null(strstr(home->fault.message, "2 of 3 parts"));
	kl_batch_reset(home->batch);
	kl_import_part(home->batch, id, 3, text("beyond a gap"));
	home_commit(home);
	kl_import_publish(home->batch, id, "suppliers", "2024", 3, text(""));
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_INVALID);
	kl_batch_reset(home->batch);
	kl_import_part(home->batch, id, 2, text("the gap"));
	kl_import_publish(home->batch, id, "suppliers", "2024", 4, text(""));
	home_commit(home);
	assert_int_equal(latest(home, "suppliers", NULL), id);

	kl_import_publish(home->batch, id, "suppliers", "2025", 4, text(""));
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_EXISTS);
}

static void leftovers_go_at_the_next_start(void **state)
{
	struct home *home = *state;
	uint64_t kept = publish(home, "suppliers", "2024", 300), parts = 77, fresh;

	stage(home, 700);
	publish(home, "tenants", "2024", 5);
	stage(home, 1);
	assert_int_equal(parts_in(home), 1006);
	home_close(home);
	home_open(home);
	assert_rc(kl_imports_sweep(home->store, &home->fault, &parts), KL_OK);
	assert_int_equal(parts, 701);
	assert_int_equal(parts_in(home), 305);
	assert_int_equal(latest(home, "suppliers", NULL), kept);
	assert_rc(kl_imports_sweep(home->store, &home->fault, &parts), KL_OK);
	assert_int_equal(parts, 0);
	assert_rc(kl_import_begin(home->store, &fresh), KL_OK);
	assert_true(fresh > kept);
}

static void undo_turns_back_the_last_one(void **state)
{
	struct home *home = *state;
	uint64_t first = publish(home, "suppliers", "2024", 2), second, third, other;
	struct kl_import import;

	second = publish(home, "suppliers", "2024", 3);
	other = publish(home, "tenants", "2024", 1);
	assert_int_equal(latest(home, "suppliers", "2024"), second);
	assert_rc(kl_import_discard(home->store, second, &home->fault), KL_E_EXISTS);

	assert_rc(kl_import_latest(home->store, "suppliers", NULL, &import), KL_OK);
	kl_import_undo(home->batch, import.order);
	home_commit(home);
	assert_int_equal(latest(home, "suppliers", "2024"), first);
	assert_int_equal(latest(home, "tenants", NULL), other);
	assert_rc(kl_import_discard(home->store, second, &home->fault), KL_OK);
	assert_int_equal(parts_in(home), 3);

	kl_import_undo(home->batch, import.order);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_NOT_FOUND);
	kl_batch_reset(home->batch);
	third = publish(home, "suppliers", "2024", 1);
	assert_true(third > second);
	assert_rc(kl_import_latest(home->store, "suppliers", NULL, &import), KL_OK);
	assert_int_equal(import.order, 4);
}

/* What undo took back does not come again under the same id, also after a restart. */
static void ids_and_orders_are_not_used_twice(void **state)
{
	struct home *home = *state;
	uint64_t id = publish(home, "suppliers", "2024", 1), parts, fresh;
	struct kl_import import;

	kl_import_undo(home->batch, 1);
	home_commit(home);
	home_close(home);
	home_open(home);
	assert_rc(kl_imports_sweep(home->store, &home->fault, &parts), KL_OK);
	assert_int_equal(parts_in(home), 0);
	fresh = publish(home, "suppliers", "2024", 1);
	assert_true(fresh > id);
	assert_rc(kl_import_latest(home->store, "suppliers", NULL, &import), KL_OK);
	assert_int_equal(import.order, 2);
}

static int list(void *arg, const struct kl_import *import)
{
	char *out = arg;

	sprintf(out + strlen(out), "%d:%s/%s:%d:%.*s ", (int)import->order, import->kind,
		import->name, (int)import->parts, (int)import->note.len,
		(const char *)import->note.data);
	return KL_VISIT_ON;
}

static void imports_are_listed(void **state)
{
	struct home *home = *state;
	char out[256] = "";

	publish(home, "tenants", "all", 1);
	publish(home, "suppliers", "2023", 2);
	publish(home, "suppliers", "2024", 0);
	assert_rc(kl_import_visit(home->store, "suppliers", list, out), KL_OK);
	assert_string_equal(out, "2:suppliers/2023:2:from a file 3:suppliers/2024:0:from a file ");
	out[0] = '\0';
	assert_rc(kl_import_visit(home->store, NULL, list, out), KL_OK);
	assert_non_null(strstr(out, "1:tenants/all:1"));
}

static void limits_of_uploads(void **state)
{
	struct home *home = *state;
	static uint8_t big[KL_STORE_PART_MAX + 1];

	assert_rc(kl_import_part(home->batch, 1, 0, kl_bytes(big, sizeof big)), KL_E_TOO_BIG);
	kl_batch_reset(home->batch);
	assert_rc(kl_import_part(home->batch, 1, KL_STORE_PARTS_MAX, text("x")), KL_E_TOO_BIG);
	kl_batch_reset(home->batch);
	assert_rc(kl_import_part(home->batch, 0, 0, text("x")), KL_E_INVALID);
	kl_batch_reset(home->batch);
	assert_rc(kl_import_publish(home->batch, 1, "k", "", 0, text("")), KL_E_INVALID);
	kl_batch_reset(home->batch);
	assert_rc(kl_import_publish(
			  home->batch, 1, "k", "n", 0, kl_bytes(big, KL_STORE_NOTE_MAX + 1)),
		KL_E_TOO_BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(staged_parts_show_only_when_published),
		home_test(an_incomplete_upload_is_not_published),
		home_test(leftovers_go_at_the_next_start),
		home_test(undo_turns_back_the_last_one),
		home_test(ids_and_orders_are_not_used_twice),
		home_test(imports_are_listed),
		home_test(limits_of_uploads),
	};

	return RUN(tests);
}
