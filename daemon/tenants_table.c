#include "daemon/tenants_table.h"
#include "core/names.h"
#include "core/words.h"
#include "daemon/enabled_figures.h"
#include "protocol/doc_enabled.h"
#include "protocol/part.h"

#include <stdlib.h>
#include <string.h>

void kl_tenants_table_free(struct kl_tenants_table *table)
{
	free(table->list);
	*table = (struct kl_tenants_table){0};
}

int kl_tenants_table_add(
	struct kl_tenants_table *table, const struct kl_tenant *tenant, struct kl_fault *fault)
{
	size_t room = table->room ? 2 * table->room : 32;
	struct kl_tenant *list;

	if (table->count == KL_TENANTS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "more than %d tenants", KL_TENANTS_MAX);
	if (table->count == table->room) {
		list = realloc(table->list, room * sizeof *list);
		if (!list)
			return kl_fault(fault, KL_E_NOMEM, "no memory for more tenants");
		table->list = list;
		table->room = room;
	}
	table->list[table->count++] = *tenant;
	return KL_OK;
}

void kl_tenants_table_remove(struct kl_tenants_table *table, struct kl_tenant *tenant)
{
	size_t at = (size_t)(tenant - table->list);

	memmove(tenant, tenant + 1, (table->count - at - 1) * sizeof *tenant);
	table->count--;
}

/* ---- finding ------------------------------------------------------------------------------- */

struct kl_tenant *kl_tenants_table_named(struct kl_tenants_table *table, const char *name)
{
	char wanted[KL_NAME_MAX], key[KL_NAME_MAX];

	kl_name_key(name, wanted);
	for (size_t i = 0; i < table->count; i++)
		if (!strcmp(kl_name_key(table->list[i].name, key), wanted))
			return &table->list[i];
	return NULL;
}

static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct kl_tenants_table *table = context;

	return which == 0 ? table->list[index].name : NULL;
}

struct kl_tenant *kl_tenants_table_alike(struct kl_tenants_table *table, const char *name)
{
	char wanted[KL_NAME_MAX], key[KL_NAME_MAX];
	struct kl_tenant *alike = NULL;

	kl_name_loose(name, wanted);
	for (size_t i = 0; i < table->count; i++) {
		if (strcmp(kl_name_loose(table->list[i].name, key), wanted) != 0)
			continue;
		if (alike)
			return NULL;
		alike = &table->list[i];
	}
	return alike;
}

int kl_tenants_table_find(struct kl_tenants_table *table, const char *text,
	struct kl_tenant **ret_tenant, struct kl_fault *fault)
{
	const struct kl_words words = {table->count, spelling, table};
	struct kl_tenant *named = kl_tenants_table_named(table, text);
	size_t index;
	int rc;

	if (named) {
		*ret_tenant = named;
		return KL_OK;
	}
	rc = kl_words_find(&words, "tenant", text, &index, fault);
	if (!rc)
		*ret_tenant = &table->list[index];
	return rc;
}

/* ---- reading and keeping ------------------------------------------------------------------- */

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_tenant tenant;
	int rc = kl_doc_tenant_decode(row, &tenant);

	if (rc)
		return kl_fault(
			fault, rc, "a row of tenants cannot be read: %s", kl_error_text(rc));
	return kl_tenants_table_add(data, &tenant, fault);
}

static const struct kl_rows_sink sink = {.row = take_row};

int kl_tenants_table_load(struct kl_node *node, struct kl_period period,
	struct kl_tenants_table *ret_table, struct kl_fault *fault)
{
	struct kl_tenants_table table = {0};
	char name[KL_PERIOD_TEXT_MAX];
	int rc = kl_rows_all(
		node, KL_ENABLED_TENANTS, kl_period_format(period, name), &sink, &table, fault);

	if (rc && rc != KL_E_NOT_FOUND) {
		kl_tenants_table_free(&table);
		return rc;
	}
	*ret_table = table;
	return KL_OK;
}

static int stage_part(struct kl_batch *batch, uint64_t id, struct kl_part *part, uint32_t *parts)
{
	struct kl_bytes bytes;
	int rc = kl_part_bytes(part, &bytes);

	if (!rc)
		rc = kl_import_part(batch, id, (*parts)++, bytes);
	return rc ? rc : kl_part_next(part);
}

static int stage(struct kl_batch *batch, uint64_t id, const struct kl_tenants_table *table,
	uint32_t *ret_parts)
{
	struct kl_part part;
	uint32_t parts = 0;
	bool full = false;
	int rc = KL_OK;

	kl_part_init(&part);
	for (size_t i = 0; !rc && i < table->count; i++) {
		kl_doc_tenant_encode(kl_part_row(&part), &table->list[i]);
		rc = kl_part_end_row(&part, &full);
		if (!rc && full)
			rc = stage_part(batch, id, &part, &parts);
	}
	if (!rc && part.count)
		rc = stage_part(batch, id, &part, &parts);
	kl_part_deinit(&part);
	*ret_parts = parts;
	return rc;
}

static int gather(struct kl_node *node, struct kl_batch *batch,
	const struct kl_tenants_table *table, const struct kl_tenants_keep *keep,
	struct kl_fault *fault)
{
	char name[KL_PERIOD_TEXT_MAX];
	const struct kl_import_about about = {
		KL_ENABLED_TENANTS, kl_period_format(keep->period, name), keep->file, keep->rows};
	struct kl_changes *changes = kl_changes_on(node, batch);
	uint32_t parts = 0;
	uint64_t id = 0;
	int rc = changes ? kl_import_begin(node->store, &id) : KL_E_NOMEM;

	if (!rc)
		rc = stage(batch, id, table, &parts);
	if (rc)
		kl_fault(fault, rc, "the tenants cannot be kept: %s", kl_error_text(rc));
	if (!rc && keep->drop_record)
		kl_enabled_drop_record(changes, keep->period);
	if (!rc && !kl_enabled_has_tenants(node, keep->period))
		rc = kl_enabled_put_factors(changes, keep->period, keep->factors, fault);
	if (!rc)
		rc = kl_changes_end(changes, id, parts, &about, fault);
	kl_changes_destroy(changes);
	return rc;
}

int kl_tenants_table_keep(struct kl_node *node, const struct kl_tenants_table *table,
	const struct kl_tenants_keep *keep, struct kl_fault *fault)
{
	struct kl_batch *batch = kl_batch_new();
	int rc = batch ? gather(node, batch, table, keep, fault)
		       : kl_fault(fault, KL_E_NOMEM, "no memory for tenants");

	if (rc) {
		kl_batch_destroy(batch);
		return rc;
	}
	return kl_node_commit(node, batch, fault);
}
