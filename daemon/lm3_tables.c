#include "daemon/lm3_tables.h"
#include "protocol/doc_answer.h"
#include "protocol/doc_import.h"
#include "protocol/doc_supplier.h"

#include <stdlib.h>
#include <string.h>

static int add_table(struct kl_lm3_tables *t, const struct kl_import *import,
	enum kl_lm3_table table, uint64_t at)
{
	if (t->count == t->room) {
		size_t room = t->room ? 2 * t->room : 4;
		struct kl_import *imports = realloc(t->imports, room * sizeof *imports);
		struct kl_lm3_table_about *about;

		if (!imports)
			return KL_E_NOMEM;
		t->imports = imports;
		about = realloc(t->about, room * sizeof *about);
		if (!about)
			return KL_E_NOMEM;
		t->about = about;
		t->room = room;
	}
	t->imports[t->count] = *import;
	t->imports[t->count].note = kl_bytes(NULL, 0);
	t->about[t->count++] = (struct kl_lm3_table_about){table, at};
	return KL_OK;
}

struct finding {
	struct kl_lm3_tables *tables;
	const char *key;
	enum kl_lm3_table table;
};

static int find_one(void *arg, const struct kl_import *import)
{
	const struct finding *f = arg;
	struct kl_import_note note;
	int rc;

	if (strcmp(import->name, f->key) != 0)
		return KL_VISIT_ON;
	rc = kl_doc_import_note_decode(import->note, &note);
	if (!rc)
		rc = add_table(f->tables, import, f->table, note.at);
	return rc ? rc : KL_VISIT_ON;
}

int kl_lm3_tables_find(
	struct kl_node *node, const char *key, struct kl_lm3_tables *tables, struct kl_fault *fault)
{
	struct finding answers = {tables, key, KL_LM3_TABLE_ANSWERS};
	struct finding asked = {tables, key, KL_LM3_TABLE_ASKED};
	struct kl_import suppliers;
	int rc = kl_import_latest(node->store, KL_LM3_SUPPLIERS, key, &suppliers);

	if (!rc)
		rc = add_table(tables, &suppliers, KL_LM3_TABLE_SUPPLIERS, 0);
	else if (rc == KL_E_NOT_FOUND) /* payroll and other costs alone */
		rc = KL_OK;
	if (!rc)
		rc = kl_import_visit(node->store, KL_LM3_ANSWERS, find_one, &answers);
	if (!rc)
		rc = kl_import_visit(node->store, KL_LM3_ASKED, find_one, &asked);
	return rc ? kl_fault(fault, rc, "the tables of the project cannot be read: %s",
			    kl_error_text(rc))
		  : KL_OK;
}

void kl_lm3_tables_free(struct kl_lm3_tables *tables)
{
	free(tables->imports);
	free(tables->about);
	*tables = (struct kl_lm3_tables){0};
}

bool kl_lm3_tables_have_answers(const struct kl_lm3_tables *tables)
{
	for (size_t i = 0; i < tables->count; i++)
		if (tables->about[i].table == KL_LM3_TABLE_ANSWERS)
			return true;
	return false;
}

static size_t count_summed(const struct kl_lm3_tables *tables)
{
	size_t count = 0;

	for (size_t i = 0; i < tables->count; i++)
		count += tables->about[i].table != KL_LM3_TABLE_ASKED;
	return count;
}

static bool has_import(const struct kl_lm3_tables *tables, uint64_t id)
{
	for (size_t i = 0; i < tables->count; i++)
		if (tables->imports[i].id == id)
			return true;
	return false;
}

bool kl_lm3_tables_are(
	const struct kl_lm3_tables *then, const struct kl_lm3_tables *now, size_t more)
{
	for (size_t i = 0; i < then->count; i++)
		if (then->about[i].table != KL_LM3_TABLE_ASKED &&
			!has_import(now, then->imports[i].id))
			return false;
	return count_summed(now) == count_summed(then) + more;
}

static int unreadable(int rc, struct kl_fault *fault)
{
	return kl_fault(fault, rc, "a row of the project cannot be read: %s", kl_error_text(rc));
}

int kl_lm3_tables_row(const struct kl_lm3_tables *tables, struct kl_lm3_sum *sum,
	const struct kl_value *row, struct kl_fault *fault)
{
	const struct kl_lm3_table_about *about = &tables->about[tables->current];
	struct kl_lm3_answer answer;
	char asked[KL_NAME_MAX];
	size_t index;
	int rc;

	switch (about->table) {
	case KL_LM3_TABLE_ANSWERS:
		rc = kl_doc_answer_decode(row, &answer);
		if (rc)
			return unreadable(rc, fault);
		(void)kl_lm3_sum_answer(sum, &answer, &index);
		return KL_OK;
	case KL_LM3_TABLE_ASKED:
		rc = kl_doc_asked_decode(row, asked);
		if (rc)
			return unreadable(rc, fault);
		kl_lm3_sum_asked(sum, asked, about->at);
		return KL_OK;
	case KL_LM3_TABLE_SUPPLIERS:
		break;
	}
	return kl_lm3_take_supplier(sum, row, fault);
}

int kl_lm3_take_supplier(struct kl_lm3_sum *sum, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_supplier supplier;
	int rc = kl_doc_supplier_decode(row, &supplier);

	if (rc)
		return kl_fault(
			fault, rc, "a row of suppliers cannot be read: %s", kl_error_text(rc));
	return kl_lm3_sum_add(sum, &supplier, fault);
}

/* ---- within one call ----------------------------------------------------------------------- */

struct adding {
	struct kl_lm3_tables *tables;
	struct kl_lm3_sum *sum;
};

static int begin_table(void *data, size_t index, struct kl_fault *fault)
{
	struct adding *adding = data;

	(void)fault;
	adding->tables->current = index;
	return KL_OK;
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct adding *adding = data;

	return kl_lm3_tables_row(adding->tables, adding->sum, row, fault);
}

static const struct kl_rows_sink adding_sink = {.table = begin_table, .row = take_row};

int kl_lm3_tables_join(struct kl_node *node, struct kl_lm3_tables *t, struct kl_lm3_sum *sum,
	struct kl_fault *fault)
{
	struct adding adding = {.tables = t, .sum = sum};
	int rc;

	while (t->current < t->count && (t->about[t->current].table != KL_LM3_TABLE_ANSWERS ||
						t->part >= t->imports[t->current].parts)) {
		t->current++;
		t->part = 0;
	}
	if (t->current == t->count)
		return KL_OK;
	rc = kl_rows_part(node, &t->imports[t->current], t->part++, &adding_sink, &adding, fault);
	return rc ? rc : KL_ROWS_GO_ON;
}

int kl_lm3_tables_sum(struct kl_node *node, const char *key, const struct kl_lm3_ledger *ledger,
	struct kl_fault *fault, struct kl_lm3_sum **ret_sum)
{
	struct kl_lm3_tables tables = {.count = 0};
	struct adding adding = {.tables = &tables};
	int rc = kl_lm3_sum_new(ledger, fault, &adding.sum);

	if (!rc)
		rc = kl_lm3_tables_find(node, key, &tables, fault);
	if (!rc)
		rc = kl_rows_each(node, tables.imports, tables.count, &adding_sink, &adding, fault);
	kl_lm3_tables_free(&tables);
	if (rc) {
		kl_lm3_sum_destroy(adding.sum);
		return rc;
	}
	*ret_sum = adding.sum;
	return KL_OK;
}
