/* indicator import: a table of observations, the whole file or nothing. */
#include "core/catalogue.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/imported.h"
#include "daemon/own_observation.h"
#include "daemon/rows.h"
#include "protocol/doc_observation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 200000, NAMED_MAX = 3, DEFINITIONS_MAX = 1000 };

/* An indicator that stands in the table. */
struct met {
	char code[KL_METRIC_CODE_MAX];
	bool defined;
	struct kl_id definition;
};

struct taking {
	struct kl_node *node;
	char file[256];
	size_t rows, already, conflicts;
	struct met *met;
	size_t n_met;
	char named[512]; /* the first rows that were recorded otherwise by hand */
};

static void destroy(void *data)
{
	struct taking *t = data;

	kl_imported_begin(t->node); /* of what just became visible, if nothing went wrong */
	free(t->met);
	free(t);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static int meet(struct taking *t, const struct kl_observation *o)
{
	struct met *met;

	for (size_t i = t->n_met; i > 0; i--)
		if (!strcmp(t->met[i - 1].code, o->code) &&
			kl_id_equal(&t->met[i - 1].definition, &o->definition))
			return KL_OK;
	if (t->n_met == DEFINITIONS_MAX)
		return KL_E_TOO_BIG;
	met = realloc(t->met, (t->n_met + 1) * sizeof *met);
	if (!met)
		return KL_E_NOMEM;
	t->met = met;
	met[t->n_met] = (struct met){.defined = o->defined, .definition = o->definition};
	(void)kl_copy_text(met[t->n_met].code, sizeof met->code, o->code);
	t->n_met++;
	return KL_OK;
}

static bool says_the_same(const struct kl_observation *a, const struct kl_observation *b)
{
	return a->has_number == b->has_number && a->number == b->number &&
	       !strcmp(a->text, b->text) && !strcmp(a->method, b->method);
}

/* What it is called; of one that a member defined, by the definition that was recorded under. */
static void name_of(struct kl_node *node, const struct kl_observation *by_hand,
	char out[KL_DEFINITION_NAME_MAX])
{
	const struct kl_indicator *indicator = kl_indicator_by_code(by_hand->code);
	struct kl_definition definition;
	size_t metric;

	(void)kl_copy_text(out, KL_DEFINITION_NAME_MAX, by_hand->code);
	if (indicator)
		(void)kl_copy_text(out, KL_DEFINITION_NAME_MAX, indicator->name);
	else if (!kl_metric_index(by_hand->code, &metric))
		(void)kl_copy_text(out, KL_DEFINITION_NAME_MAX, kl_metric_name(metric));
	else if (by_hand->defined &&
		 !kl_definition_kept(node, by_hand->code, &by_hand->definition, &definition, NULL))
		(void)kl_copy_text(out, KL_DEFINITION_NAME_MAX, definition.name);
}

/* What was recorded by hand stays: a row that says something else is not passed over in silence. */
static int compare_by_hand(struct taking *t, const struct kl_observation *o, struct kl_fault *fault)
{
	struct kl_observation by_hand;
	char period[KL_PERIOD_TEXT_MAX], name[KL_DEFINITION_NAME_MAX];
	size_t used = strlen(t->named);
	int rc = kl_own_observation_by_hand(t->node, o, &by_hand, NULL, fault);

	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return rc;
	if (says_the_same(o, &by_hand)) {
		t->already++;
		return KL_OK;
	}
	name_of(t->node, &by_hand, name);
	if (t->conflicts++ < NAMED_MAX)
		(void)snprintf(t->named + used, sizeof t->named - used, "%s%s (%s%s%s)",
			used ? "; " : "", name, kl_period_format(o->period, period),
			o->place[0] ? ", " : "", o->place);
	return KL_OK;
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct taking *t = data;
	struct kl_observation o;
	int rc = kl_doc_observation_decode(row->raw, &o, fault);

	if (rc)
		return rc;
	if (t->rows++ == ROWS_MAX)
		return kl_fault(
			fault, KL_E_TOO_BIG, "more than %d observations in one file", ROWS_MAX);
	rc = meet(t, &o);
	if (rc)
		return kl_fault(fault, rc, "too many different indicators in one file");
	return compare_by_hand(t, &o, fault);
}

/* ---- the end ------------------------------------------------------------------------------- */

/* What the rows were recorded under is kept with them, whatever becomes of the import. */
static int keep_definitions(struct taking *t, struct kl_fault *fault)
{
	struct kl_known_list known;
	struct kl_batch *batch;
	bool any = false;
	int rc = kl_known_all(t->node, &known, fault);

	if (rc)
		return rc;
	batch = kl_batch_new();
	for (size_t i = 0; i < t->n_met && batch && !rc; i++) {
		size_t k = 0;

		if (!t->met[i].defined)
			continue;
		while (k < known.n && !kl_id_equal(&known.items[k].id, &t->met[i].definition))
			k++;
		if (k == known.n)
			rc = kl_fault(fault, KL_E_CONFLICT,
				"%s was defined anew meanwhile: import the file again",
				t->met[i].code);
		else
			kl_known_keep(batch, &known.items[k]);
		any = true;
	}
	kl_known_free(&known);
	if (rc || (batch && !any)) {
		kl_batch_destroy(batch);
		return rc;
	}
	return kl_node_commit(t->node, batch, fault);
}

static int end(void *data, struct kl_ask *ask)
{
	struct taking *t = data;
	int rc;

	if (t->conflicts) {
		kl_fault(&ask->fault, KL_E_CONFLICT,
			"%zu row%s say%s something else than was recorded by hand: %s%s",
			t->conflicts, t->conflicts == 1 ? "" : "s", t->conflicts == 1 ? "s" : "",
			t->named, t->conflicts > NAMED_MAX ? "; ..." : "");
		return kl_fault_hint(&ask->fault,
			"nothing was imported: take these rows out of the file, or record them "
			"again by hand (keeplocal indicator history shows what stands)");
	}
	rc = keep_definitions(t, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 4);
	kl_put_text(&ask->out, "file", t->file);
	kl_put_uint(&ask->out, "observations", t->rows);
	kl_put_uint(&ask->out, "already", t->already);
	kl_put_uint(&ask->out, "indicators", t->n_met);
	return KL_OK;
}

static const struct kl_rows_sink sink = {.row = take_row, .end = end, .destroy = destroy};

int kl_cmd_indicator_import(void *data, struct kl_ask *ask)
{
	struct taking *t = calloc(1, sizeof *t);

	if (!t)
		return kl_fault(&ask->fault, KL_E_NOMEM, "no memory for an import");
	t->node = data;
	if (kl_get_text(&ask->args, "file", t->file, sizeof t->file) || !t->file[0]) {
		free(t);
		return kl_fault(&ask->fault, KL_E_USAGE, "what is the file called?");
	}
	return kl_rows_upload(
		data, ask, KL_OBSERVATIONS_IMPORT, t->file, kl_bytes_str(t->file), &sink, t);
}
