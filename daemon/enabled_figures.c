#include "daemon/enabled_figures.h"
#include "protocol/doc_enabled.h"
#include "protocol/doc_factors.h"
#include "store/documents.h"

#include <stdlib.h>

#define RECORD_KIND  "enabled record"
#define FACTORS_KIND "enabled factors"

int kl_tenants_take_row(
	struct kl_tenants_sum *sum, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_tenant tenant;
	struct kl_estimate estimate;
	int rc = kl_doc_tenant_decode(row, &tenant);

	if (rc)
		return kl_fault(
			fault, rc, "a row of tenants cannot be read: %s", kl_error_text(rc));
	if (sum->total.tenants == KL_TENANTS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "more than %d tenants", KL_TENANTS_MAX);
	kl_enabled_estimate(&tenant, &sum->factors, &estimate);
	rc = kl_enabled_total_add(&sum->total, &estimate);
	if (rc)
		return kl_fault(fault, rc, "the sum of all tenants is too large");
	if (sum->missing && kl_missing_add(sum->missing, &tenant, &estimate, &sum->factors))
		return kl_fault(fault, KL_E_NOMEM, "no memory for tenants");
	if (!estimate.fte_out && !estimate.gva_out)
		return KL_OK;
	if (sum->left_out < KL_ENABLED_LEFT_OUT_TOLD)
		kl_enabled_left_out_text(&tenant, &estimate, sum->told[sum->left_out]);
	sum->left_out++;
	return KL_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

static int get(struct kl_node *node, const char *kind, struct kl_period period,
	struct kl_fault *fault, uint8_t **ret_bytes, size_t *ret_len)
{
	char name[KL_PERIOD_TEXT_MAX];
	int rc = kl_document_get(
		node->store, kind, kl_period_format(period, name), 0, ret_bytes, ret_len, NULL);

	if (rc && rc != KL_E_NOT_FOUND)
		kl_fault(fault, rc, "what is kept of %s cannot be read", name);
	return rc;
}

int kl_enabled_get_record(struct kl_node *node, struct kl_period period,
	struct kl_enabled_record *ret_record, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = get(node, RECORD_KIND, period, fault, &bytes, &len);

	if (rc)
		return rc;
	rc = kl_doc_enabled_record_decode(kl_bytes(bytes, len), ret_record);
	free(bytes);
	return rc ? kl_fault(fault, rc, "a recorded total cannot be read: %s", kl_error_text(rc))
		  : KL_OK;
}

int kl_enabled_get_factors(struct kl_node *node, struct kl_period period,
	struct kl_factors *ret_factors, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = get(node, FACTORS_KIND, period, fault, &bytes, &len);

	if (rc)
		return rc;
	rc = kl_doc_factors_decode(kl_bytes(bytes, len), ret_factors);
	free(bytes);
	return rc ? kl_fault(fault, rc, "the factor tables cannot be read: %s", kl_error_text(rc))
		  : KL_OK;
}

bool kl_enabled_has_tenants(struct kl_node *node, struct kl_period period)
{
	char name[KL_PERIOD_TEXT_MAX];
	struct kl_import import;

	return !kl_import_latest(
		node->store, KL_ENABLED_TENANTS, kl_period_format(period, name), &import);
}

struct latest {
	struct kl_period period;
	bool any;
};

static void note(struct latest *latest, const char *name)
{
	struct kl_period period;

	if (kl_period_parse(name, &period))
		return;
	if (!latest->any || kl_period_compare(period, latest->period) > 0)
		latest->period = period;
	latest->any = true;
}

static int note_import(void *arg, const struct kl_import *import)
{
	note(arg, import->name);
	return KL_VISIT_ON;
}

static int note_document(void *arg, const struct kl_document *document)
{
	note(arg, document->name);
	return KL_VISIT_ON;
}

int kl_enabled_latest(struct kl_node *node, struct kl_period *ret_period, struct kl_fault *fault)
{
	struct latest latest = {.any = false};
	int rc = kl_import_visit(node->store, KL_ENABLED_TENANTS, note_import, &latest);

	if (!rc)
		rc = kl_document_visit(node->store, RECORD_KIND, "", false, note_document, &latest);
	if (rc)
		return kl_fault(fault, rc, "the enabled contribution cannot be read");
	if (!latest.any) {
		kl_fault(fault, KL_E_NOT_FOUND, "no tenants and no totals are known yet");
		return kl_fault_hint(fault,
			"keeplocal template tenants shows the table; keeplocal enabled import FILE "
			"brings it in");
	}
	*ret_period = latest.period;
	return KL_OK;
}

/* Periods of which factors are kept: those that have tenants, and those that had some. */
struct periods {
	struct kl_node *node;
	kl_enabled_period_fn *visit;
	void *arg;
	struct kl_factors factors; /* too large for the stack of a visit */
};

static int visit_period(void *arg, const struct kl_document *document)
{
	struct periods *p = arg;
	struct kl_period period;
	int rc = kl_period_parse(document->name, &period);

	if (rc)
		return KL_E_DAMAGED;
	if (!kl_enabled_has_tenants(p->node, period))
		return KL_OK;
	rc = kl_doc_factors_decode(document->bytes, &p->factors);
	return rc ? rc : p->visit(p->arg, period, &p->factors);
}

int kl_enabled_periods(
	struct kl_node *node, kl_enabled_period_fn *visit, void *arg, struct kl_fault *fault)
{
	struct periods *p = calloc(1, sizeof *p);
	int rc = KL_E_NOMEM;

	if (p) {
		p->node = node;
		p->visit = visit;
		p->arg = arg;
		rc = kl_document_visit(node->store, FACTORS_KIND, "", false, visit_period, p);
	}
	free(p);
	return rc < 0 ? kl_fault(fault, rc, "the periods of tenants cannot be read: %s",
				kl_error_text(rc))
		      : KL_OK;
}

/* ---- keeping ------------------------------------------------------------------------------- */

int kl_enabled_put_factors(struct kl_changes *changes, struct kl_period period,
	const struct kl_factors *factors, struct kl_fault *fault)
{
	char name[KL_PERIOD_TEXT_MAX];
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	kl_doc_factors_encode(&w, factors);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		kl_changes_put(changes, FACTORS_KIND, kl_period_format(period, name), bytes);
	kl_writer_deinit(&w);
	return rc ? kl_fault(fault, rc, "the factor tables cannot be kept: %s", kl_error_text(rc))
		  : KL_OK;
}

void kl_enabled_drop_record(struct kl_changes *changes, struct kl_period period)
{
	char name[KL_PERIOD_TEXT_MAX];

	kl_changes_delete(changes, RECORD_KIND, kl_period_format(period, name));
}

int kl_enabled_keep_record(
	struct kl_node *node, const struct kl_enabled_record *record, struct kl_fault *fault)
{
	char name[KL_PERIOD_TEXT_MAX];
	struct kl_batch *batch = kl_batch_new();
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_period_format(record->period, name);
	kl_writer_init(&w);
	kl_doc_enabled_record_encode(&w, record);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc && batch)
		rc = kl_rows_undo(node, batch, KL_ENABLED_TENANTS, name, NULL);
	if (!rc && batch)
		rc = kl_document_put(batch, RECORD_KIND, name, bytes);
	kl_writer_deinit(&w);
	if (rc) {
		kl_batch_destroy(batch);
		return kl_fault(fault, rc, "the totals cannot be kept: %s", kl_error_text(rc));
	}
	return kl_node_commit(node, batch, fault);
}
