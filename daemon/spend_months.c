#include "daemon/spend_months.h"
#include "core/hash.h"
#include "core/money.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

#define KIND "spend months"

/* ---- what was added up ----------------------------------------------------------------------- */

/* Of files, places and area as they are now. */
static int stamp_of(struct kl_node *node, const struct kl_spend_files *files,
	const struct kl_area *area, struct kl_id *ret_stamp)
{
	struct kl_import places = {.id = 0};
	char text[KL_AREA_TEXT_MAX] = "";
	struct kl_hash hash;
	int rc = kl_import_latest(node->store, KL_SPEND_PLACES, KL_SPEND_OWN, &places);

	if (rc && rc != KL_E_NOT_FOUND)
		return rc;
	if (area)
		kl_area_format(area, text);
	kl_hash_init(&hash, "KL/spend months 2");
	kl_hash_add_u64(&hash, rc ? 0 : places.id);
	kl_hash_add(&hash, kl_bytes_str(text));
	for (size_t i = 0; i < files->count; i++)
		kl_hash_add_u64(&hash, files->items[i].import.id);
	kl_hash_final(&hash, ret_stamp);
	return KL_OK;
}

/* The kept months, malloc'd, if they have this stamp; KL_E_NOT_FOUND. */
static int load(struct kl_node *node, const struct kl_id *stamp, uint8_t **ret_bytes,
	struct kl_cursor *ret_months)
{
	struct kl_id kept;
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, KL_SPEND_OWN, 0, &bytes, &len, NULL);

	if (rc)
		return rc;
	rc = kl_doc_spend_months_open(kl_bytes(bytes, len), &kept, ret_months);
	if (!rc && kl_id_equal(&kept, stamp)) {
		*ret_bytes = bytes;
		return KL_OK;
	}
	free(bytes);
	return rc ? rc : KL_E_NOT_FOUND;
}

int kl_spend_months_keep(const struct kl_spend_work *work, struct kl_fault *fault)
{
	const struct kl_area *area = work->query.has_area ? &work->query.area : NULL;
	struct kl_cursor months;
	struct kl_bytes bytes;
	struct kl_writer w;
	struct kl_id stamp;
	uint8_t *kept = NULL;
	int rc = stamp_of(work->node, &work->files, area, &stamp);

	if (!rc && !load(work->node, &stamp, &kept, &months)) {
		free(kept);
		return KL_OK;
	}
	kl_writer_init(&w);
	kl_doc_spend_months_encode(&w, &stamp, work->sum);
	if (!rc)
		rc = kl_writer_bytes(&w, &bytes);
	rc = rc ? kl_fault(fault, rc, "the months cannot be kept: %s", kl_error_text(rc))
		: kl_node_keep(work->node, KIND, KL_SPEND_OWN, bytes, fault);
	kl_writer_deinit(&w);
	return rc;
}

/* ---- a period of them ------------------------------------------------------------------------ */

static bool is_in(const struct kl_spend_in_month *m, struct kl_period period)
{
	uint32_t month = (uint32_t)m->year * 12 + (uint32_t)m->month - 1;
	uint32_t first = kl_period_first_month(period);

	return month >= first && month < first + kl_period_months(period);
}

/* KL_E_RANGE if a sum, or that of all classes, leaves int64_t. */
static int add(struct kl_spend_in_month *to, const struct kl_spend_in_month *m)
{
	int64_t whole = 0;
	int rc = KL_OK;

	to->month++; /* how many there are */
	for (int c = 0; !rc && c < KL_SPEND_CLASSES; c++) {
		rc = kl_money_add(to->pence[c], m->pence[c], &to->pence[c]);
		if (!rc)
			rc = kl_money_add(whole, to->pence[c], &whole);
	}
	if (!rc)
		rc = kl_money_add(to->voluntary, m->voluntary, &to->voluntary);
	return rc ? rc : kl_money_add(to->sector_known, m->sector_known, &to->sector_known);
}

static int add_kept(struct kl_node *node, const struct kl_id *stamp, struct kl_period period,
	struct kl_spend_in_month *sum)
{
	struct kl_spend_in_month m;
	struct kl_cursor months;
	uint8_t *bytes = NULL;
	int rc = load(node, stamp, &bytes, &months);

	while (!rc && (rc = kl_doc_spend_months_next(&months, &m)) == 1) {
		rc = is_in(&m, period) ? add(sum, &m) : KL_OK;
	}
	free(bytes);
	return rc;
}

static int add_read(struct kl_node *node, struct kl_period period, struct kl_spend_in_month *sum,
	struct kl_fault *fault)
{
	struct kl_spend_work *work;
	int rc = kl_spend_work_now(node, period, &work, fault);

	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < kl_spend_sum_months(work->sum); i++) {
		struct kl_spend_in_month m = kl_spend_in_month(kl_spend_sum_month(work->sum, i));

		rc = add(sum, &m);
	}
	kl_spend_work_destroy(work);
	return rc ? kl_fault(fault, rc, "the payments cannot be added up") : KL_OK;
}

static int current_stamp(struct kl_node *node, struct kl_id *ret_stamp, struct kl_fault *fault)
{
	struct kl_spend_files files;
	enum kl_spend_area_from from;
	struct kl_area area;
	int rc = kl_spend_area_get(node, &area, &from, fault);

	if (rc)
		return rc;
	rc = kl_spend_files_load(node, &files, fault);
	if (rc)
		return rc;
	rc = stamp_of(node, &files, from == KL_SPEND_AREA_NONE ? NULL : &area, ret_stamp);
	free(files.items);
	return rc ? kl_fault(fault, rc, "the table of places cannot be read") : KL_OK;
}

int kl_spend_months_current(struct kl_node *node, bool *ret_current, struct kl_fault *fault)
{
	struct kl_cursor months;
	struct kl_id stamp;
	uint8_t *bytes = NULL;
	int rc = current_stamp(node, &stamp, fault);

	if (rc)
		return rc;
	*ret_current = !load(node, &stamp, &bytes, &months);
	free(bytes);
	return KL_OK;
}

int kl_spend_months_get(struct kl_node *node, struct kl_period period,
	struct kl_spend_in_month *ret_sum, struct kl_fault *fault)
{
	struct kl_spend_in_month sum = {.month = 0};
	struct kl_id stamp;
	int rc = current_stamp(node, &stamp, fault);

	if (rc)
		return rc;
	/* Whatever is wrong with what was kept: the payments themselves still tell. */
	if (add_kept(node, &stamp, period, &sum) || !sum.month) {
		sum = (struct kl_spend_in_month){.month = 0};
		rc = add_read(node, period, &sum, fault);
	}
	if (!rc)
		*ret_sum = sum;
	return rc;
}
