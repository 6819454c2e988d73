/* The sums of a project's suppliers, kept so that a tally does not have to add up all rows. */
#include "core/hash.h"
#include "daemon/lm3_tables.h"
#include "protocol/doc_lm3_sums.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

#define KIND "lm3 sums"

/* Of what makes the sums: what is local, and which suppliers and answers. */
static void stamp_of(
	const struct kl_lm3_tables *tables, const struct kl_area *area, struct kl_id *ret_stamp)
{
	char text[KL_AREA_TEXT_MAX];
	struct kl_hash hash;

	kl_hash_init(&hash, "keeplocal/lm3-sums");
	kl_hash_add(&hash, kl_bytes_str(kl_area_format(area, text)));
	for (size_t i = 0; i < tables->count; i++)
		if (tables->about[i].table != KL_LM3_TABLE_ASKED)
			kl_hash_add_u64(&hash, tables->imports[i].id);
	kl_hash_final(&hash, ret_stamp);
}

int kl_lm3_tables_kept(struct kl_node *node, const char *key, const struct kl_lm3_tables *tables,
	const struct kl_area *area, struct kl_lm3_classes *ret_classes)
{
	struct kl_lm3_classes classes;
	struct kl_id stamp, kept;
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, key, 0, &bytes, &len, NULL);

	if (rc)
		return KL_E_NOT_FOUND;
	rc = kl_doc_lm3_sums_decode(kl_bytes(bytes, len), &kept, &classes);
	free(bytes);
	stamp_of(tables, area, &stamp);
	if (rc || !kl_id_equal(&stamp, &kept))
		return KL_E_NOT_FOUND;
	*ret_classes = classes;
	return KL_OK;
}

void kl_lm3_tables_keep(struct kl_node *node, const char *key, const struct kl_lm3_tables *tables,
	const struct kl_area *area, const struct kl_lm3_sum *sum)
{
	struct kl_lm3_classes classes;
	struct kl_bytes bytes;
	struct kl_writer w;
	struct kl_id stamp;

	if (!kl_lm3_tables_kept(node, key, tables, area, &classes) ||
		kl_lm3_classify(sum, &classes))
		return;
	stamp_of(tables, area, &stamp);
	kl_writer_init(&w);
	kl_doc_lm3_sums_encode(&w, &stamp, &classes);
	if (!kl_writer_bytes(&w, &bytes))
		(void)kl_node_keep(node, KIND, key, bytes, NULL);
	kl_writer_deinit(&w);
}

static int from_all_rows(struct kl_node *node, const char *key, const struct kl_lm3_ledger *ledger,
	struct kl_fault *fault, struct kl_lm3_result *ret_result)
{
	struct kl_lm3_sum *sum = NULL;
	int rc = kl_lm3_tables_sum(node, key, ledger, fault, &sum);

	if (!rc)
		rc = kl_lm3_sum_result(sum, fault, ret_result);
	kl_lm3_sum_destroy(sum);
	return rc;
}

int kl_lm3_tables_result(struct kl_node *node, const char *key, const struct kl_lm3_ledger *ledger,
	struct kl_fault *fault, struct kl_lm3_result *ret_result)
{
	struct kl_lm3_tables tables = {.count = 0};
	struct kl_lm3_classes classes;
	int rc = kl_lm3_tables_find(node, key, &tables, fault);
	int kept = rc ? rc : kl_lm3_tables_kept(node, key, &tables, &ledger->area, &classes);

	kl_lm3_tables_free(&tables);
	if (rc)
		return rc;
	return kept ? from_all_rows(node, key, ledger, fault, ret_result)
		    : kl_lm3_classes_result(ledger, &classes, fault, ret_result);
}
