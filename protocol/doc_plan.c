#include "protocol/doc_plan.h"
#include "protocol/doc.h"

#include <string.h>

enum { KEYS = 4 };

static const char what[] = "the plan";

void kl_doc_plan_encode(struct kl_writer *w, const struct kl_plan *plan)
{
	size_t said = 0;

	for (int f = 0; f < KL_PLAN_FIELDS; f++)
		said += *plan->texts[f] != '\0';
	kl_write_map(w, KEYS);
	kl_put_uint(w, "v", KL_DOC_PLAN_VERSION);
	kl_put_text(w, "name", plan->name);
	kl_put_map(w, "texts", said);
	for (int f = 0; f < KL_PLAN_FIELDS; f++)
		if (*plan->texts[f])
			kl_put_text(w, kl_plan_field_name(f), plan->texts[f]);
	kl_put_array(w, "indicators", plan->indicator_count);
	for (uint8_t i = 0; i < plan->indicator_count; i++)
		kl_write_text(w, plan->indicators[i]);
}

/* Everything here only fills the struct within its bounds: that the form is right is shown by
 * writing it again. */

static int read_texts(const struct kl_value *map, struct kl_plan *plan)
{
	struct kl_value texts;
	int rc = kl_get_map(map, "texts", &texts);

	for (int f = 0; f < KL_PLAN_FIELDS && !rc; f++)
		rc = kl_get_text_or(
			&texts, kl_plan_field_name(f), "", plan->texts[f], sizeof plan->texts[f]);
	return rc;
}

static int read_indicators(const struct kl_value *map, struct kl_plan *plan)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = kl_get_array(map, "indicators", &list);

	if (rc || list.count > KL_PLAN_INDICATORS_MAX)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item))
		rc = kl_value_text(&item, plan->indicators[plan->indicator_count++],
			sizeof plan->indicators[0]);
	return rc;
}

int kl_doc_plan_decode(struct kl_bytes bytes, struct kl_plan *ret_plan, struct kl_fault *fault)
{
	struct kl_plan plan = {.indicator_count = 0};
	struct kl_writer again;
	struct kl_value map;
	int rc = kl_doc_open(bytes, KL_DOC_PLAN_VERSION, KEYS, &map);

	if (rc)
		return kl_doc_fault(fault, rc, what);
	rc = kl_get_text(&map, "name", plan.name, sizeof plan.name);
	if (!rc)
		rc = read_texts(&map, &plan);
	if (!rc)
		rc = read_indicators(&map, &plan);
	if (rc)
		return kl_doc_fault(fault, KL_E_MALFORMED, what);
	rc = kl_plan_check(&plan, fault);
	if (rc)
		return rc;
	kl_writer_init(&again);
	kl_doc_plan_encode(&again, &plan);
	rc = kl_doc_same(bytes, &again, what, fault);
	kl_writer_deinit(&again);
	if (!rc)
		*ret_plan = plan;
	return rc;
}
