/* The CALL, its schema and its policy. */
#include "core/hash.h"
#include "protocol/tally_wire.h"

#include <stdlib.h>
#include <string.h>

enum { CALL_FIELDS = 18, METRIC_FIELDS = 9 };

/* ---- schema --------------------------------------------------------------------------------- */

static void edges_write(struct kl_writer *w, const struct kl_metric *metric)
{
	kl_write_array(w, metric->bins + 1U);
	for (unsigned i = 0; i <= metric->bins; i++) {
		if ((i == 0 && metric->open_low) || (i == metric->bins && metric->open_high))
			kl_write_nil(w);
		else
			kl_write_int(w, metric->edges[i]);
	}
}

static void metric_write(struct kl_writer *w, const struct kl_metric *metric)
{
	kl_write_array(w, METRIC_FIELDS);
	kl_write_text(w, metric->code);
	kl_write_text(w, metric->name);
	kl_write_text(w, kl_unit_name(metric->unit));
	kl_write_uint(w, metric->scale);
	kl_write_uint(w, metric->periods);
	kl_write_bool(w, metric->discrete);
	edges_write(w, metric);
	kl_write_array(w, metric->bins);
	for (unsigned i = 0; i < metric->bins; i++)
		kl_write_int(w, metric->mids[i]);
	kl_write_array(w, KL_METRIC_LEVELS);
	for (unsigned level = 0; level < KL_METRIC_LEVELS; level++) {
		kl_write_array(w, metric->level_bins[level]);
		for (unsigned i = 0; i < metric->level_bins[level]; i++)
			kl_write_uint(w, metric->runs[level][i]);
	}
}

static void edges_read(struct kl_list *list, struct kl_metric *metric)
{
	struct kl_list edges = kl_list_array(list, KL_METRIC_BINS_MAX + 1);

	if (!edges.rc && edges.count < 2)
		edges.rc = KL_E_MALFORMED;
	metric->bins = (uint8_t)(edges.rc ? 0 : edges.count - 1);
	for (uint32_t i = 0; i < edges.count; i++) {
		struct kl_value value;

		kl_list_value(&edges, &value);
		if (edges.rc)
			break;
		if (value.type == KL_WIRE_NIL && i == 0)
			metric->open_low = true;
		else if (value.type == KL_WIRE_NIL && i + 1 == edges.count)
			metric->open_high = true;
		else
			edges.rc = kl_value_int(&value, &metric->edges[i]);
	}
	kl_list_end(list, &edges);
}

static void levels_read(struct kl_list *list, struct kl_metric *metric)
{
	struct kl_list levels = kl_list_tuple(list, KL_METRIC_LEVELS);

	for (unsigned level = 0; level < KL_METRIC_LEVELS && !levels.rc; level++) {
		struct kl_list runs = kl_list_array(&levels, KL_METRIC_BINS_MAX);

		metric->level_bins[level] = (uint8_t)runs.count;
		for (uint32_t i = 0; i < runs.count; i++)
			metric->runs[level][i] = (uint8_t)kl_list_uint(&runs, KL_METRIC_BINS_MAX);
		kl_list_end(&levels, &runs);
	}
	kl_list_end(list, &levels);
}

static void metric_read(struct kl_list *list, struct kl_metric *metric)
{
	struct kl_list fields = kl_list_tuple(list, METRIC_FIELDS);
	struct kl_list mids;
	char unit[32] = "";

	kl_list_text(&fields, metric->code, sizeof(metric->code));
	kl_list_text(&fields, metric->name, sizeof(metric->name));
	kl_list_text(&fields, unit, sizeof(unit));
	if (!fields.rc && kl_unit_from_name(unit, &metric->unit) != KL_OK)
		fields.rc = KL_E_MALFORMED;
	metric->scale = (uint32_t)kl_list_uint(&fields, UINT32_MAX);
	metric->periods = (uint8_t)kl_list_uint(&fields, UINT8_MAX);
	metric->discrete = kl_list_bool(&fields);
	edges_read(&fields, metric);
	mids = kl_list_tuple(&fields, metric->bins);
	for (unsigned i = 0; i < metric->bins; i++)
		metric->mids[i] = kl_list_int(&mids);
	kl_list_end(&fields, &mids);
	levels_read(&fields, metric);
	if (!fields.rc)
		fields.rc = kl_metric_check(metric, NULL);
	kl_list_end(list, &fields);
}

static void schema_write(struct kl_writer *w, const struct kl_tally_call *call)
{
	kl_write_array(w, call->metric_count);
	for (unsigned m = 0; m < call->metric_count; m++)
		metric_write(w, &call->metrics[m]);
}

static void schema_read(struct kl_list *list, struct kl_tally_call *call)
{
	struct kl_list metrics = kl_list_array(list, KL_TALLY_METRICS_MAX);

	call->metrics = kl_list_alloc(&metrics, metrics.count, sizeof(*call->metrics));
	call->metric_count = (uint16_t)(call->metrics ? metrics.count : 0);
	for (unsigned m = 0; m < call->metric_count && !metrics.rc; m++) {
		metric_read(&metrics, &call->metrics[m]);
		for (unsigned other = 0; other < m; other++) {
			if (strcmp(call->metrics[m].code, call->metrics[other].code) == 0)
				metrics.rc = KL_E_MALFORMED;
		}
	}
	if (!metrics.rc && metrics.count == 0)
		metrics.rc = KL_E_MALFORMED;
	kl_list_end(list, &metrics);
}

/* ---- policy --------------------------------------------------------------------------------- */

static void cohorts_write(struct kl_writer *w, const struct kl_tally_call *call)
{
	char text[KL_COHORT_TEXT_MAX];

	kl_write_array(w, call->cohort_count);
	for (unsigned c = 0; c < call->cohort_count; c++)
		kl_write_text(w, kl_cohort_format(&call->cohorts[c], text));
}

static void cohorts_read(struct kl_list *list, struct kl_tally_call *call)
{
	struct kl_list cohorts = kl_list_array(list, KL_TALLY_COHORTS_MAX);

	for (uint32_t c = 0; c < cohorts.count && !cohorts.rc; c++) {
		struct kl_value value;
		struct kl_bytes text = {0};

		kl_list_value(&cohorts, &value);
		if (!cohorts.rc)
			cohorts.rc = kl_value_text_n(&value, &text);
		if (!cohorts.rc)
			cohorts.rc = kl_cohort_parse(text, &call->cohorts[c]);
		for (unsigned other = 0; other < c && !cohorts.rc; other++) {
			if (memcmp(&call->cohorts[c], &call->cohorts[other],
				    sizeof(call->cohorts[c])) == 0)
				cohorts.rc = KL_E_MALFORMED;
		}
	}
	if (!cohorts.rc && cohorts.count == 0)
		cohorts.rc = KL_E_MALFORMED;
	call->cohort_count = (uint8_t)cohorts.count;
	kl_list_end(list, &cohorts);
}

static void policy_write(struct kl_writer *w, const struct kl_tally_call *call)
{
	kl_write_array(w, 4);
	kl_write_uint(w, call->minimum);
	kl_write_uint(w, call->contribute_ms);
	kl_write_uint(w, call->decide_ms);
	cohorts_write(w, call);
}

static int hash_written(const char *tag, const struct kl_writer *w, struct kl_id *ret_hash)
{
	struct kl_bytes bytes;
	int rc = kl_writer_bytes(w, &bytes);

	if (!rc)
		kl_hash_of(tag, &bytes, 1, ret_hash);
	return rc;
}

int kl_tally_call_hashes(
	const struct kl_tally_call *call, struct kl_id *ret_schema, struct kl_id *ret_policy)
{
	struct kl_id schema, policy;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	schema_write(&w, call);
	rc = hash_written("QB1/schema", &w, &schema);
	kl_writer_reset(&w);
	policy_write(&w, call);
	if (!rc)
		rc = hash_written("QB1/policy", &w, &policy);
	kl_writer_deinit(&w);
	if (!rc) {
		*ret_schema = schema;
		*ret_policy = policy;
	}
	return rc;
}

int kl_tally_call_cells(const struct kl_tally_call *call, struct kl_cells *ret_cells)
{
	uint8_t bins[KL_TALLY_METRICS_MAX];

	for (unsigned m = 0; m < call->metric_count; m++)
		bins[m] = call->metrics[m].bins;
	return kl_cells_init(bins, call->metric_count, ret_cells);
}

/* ---- the record ----------------------------------------------------------------------------- */

static void bitmap_write(struct kl_writer *w, const struct kl_set *set, unsigned members)
{
	uint8_t bytes[KL_SET_MEMBERS_MAX / 8] = {0};

	for (unsigned i = 0; i < members; i++) {
		if (kl_set_has(set, i))
			bytes[i / 8] = (uint8_t)(bytes[i / 8] | 1U << (i % 8));
	}
	kl_write_bin(w, kl_bytes(bytes, (members + 7) / 8));
}

static int bitmap_set(struct kl_bytes bytes, unsigned members, struct kl_set *ret_set)
{
	if (bytes.len != (members + 7) / 8)
		return KL_E_MALFORMED;
	for (unsigned i = 0; i < members; i++) {
		if (bytes.data[i / 8] >> (i % 8) & 1)
			kl_set_add(ret_set, i);
	}
	return KL_OK;
}

static void named_write(struct kl_writer *w, const struct kl_tally_call *call)
{
	kl_write_array(w, call->metric_count);
	for (unsigned m = 0; m < call->metric_count; m++) {
		if (call->named && kl_set_count(&call->named[m]) > 0)
			bitmap_write(w, &call->named[m], call->member_count);
		else
			kl_write_nil(w);
	}
}

static void named_read(struct kl_list *list, struct kl_tally_call *call)
{
	struct kl_list named = kl_list_tuple(list, call->metric_count);

	call->named = kl_list_alloc(&named, call->metric_count, sizeof(*call->named));
	for (unsigned m = 0; m < call->metric_count && !named.rc; m++) {
		struct kl_value value;
		struct kl_bytes bytes = {0};

		kl_list_value(&named, &value);
		if (named.rc || value.type == KL_WIRE_NIL)
			continue;
		named.rc = kl_value_bin(&value, &bytes);
		if (!named.rc)
			named.rc = bitmap_set(bytes, call->member_count, &call->named[m]);
	}
	kl_list_end(list, &named);
}

void kl_tally_call_write(struct kl_writer *w, const struct kl_tally_call *call)
{
	char period[KL_PERIOD_TEXT_MAX];

	kl_write_array(w, CALL_FIELDS);
	kl_write_uint(w, KL_TALLY_VERSION);
	kl_write_text(w, kl_period_format(call->period, period));
	schema_write(w, call);
	kl_write_uint(w, call->contribute_ms);
	kl_write_uint(w, call->decide_ms);
	cohorts_write(w, call);
	kl_write_uint(w, call->minimum);
	kl_write_id(w, &call->schema);
	kl_write_id(w, &call->policy);
	kl_write_id(w, &call->roster);
	kl_write_uint(w, call->member_count);
	if (call->has_previous)
		kl_write_id(w, &call->previous_call);
	else
		kl_write_nil(w);
	kl_write_id(w, &call->previous_result);
	kl_write_uint(w, call->tries);
	bitmap_write(w, &call->offers, call->member_count);
	named_write(w, call);
	kl_write_array(w, call->earlier_count);
	for (unsigned i = 0; i < call->earlier_count; i++)
		kl_write_id(w, &call->earlier[i]);
	kl_write_array(w, call->evidence_count);
	for (unsigned i = 0; i < call->evidence_count; i++)
		kl_write_id(w, &call->evidence[i]);
}

static void offers_read(struct kl_list *list, struct kl_tally_call *call)
{
	struct kl_bytes bytes = kl_list_bin(list);

	if (!list->rc)
		list->rc = bitmap_set(bytes, call->member_count, &call->offers);
}

static void evidence_read(struct kl_list *list, struct kl_tally_call *call)
{
	struct kl_list evidence = kl_list_array(list, KL_TALLY_CITED_MAX);

	for (uint32_t i = 0; i < evidence.count && !evidence.rc; i++) {
		kl_list_id(&evidence, &call->evidence[i]);
		if (!evidence.rc && i > 0 &&
			kl_id_compare(&call->evidence[i - 1], &call->evidence[i]) >= 0)
			evidence.rc = KL_E_MALFORMED;
	}
	call->evidence_count = (uint8_t)evidence.count;
	kl_list_end(list, &evidence);
}

static void call_read(struct kl_list *list, struct kl_tally_call *call)
{
	char period[KL_PERIOD_TEXT_MAX] = "";
	struct kl_list inner;

	kl_list_text(list, period, sizeof(period));
	if (!list->rc && kl_period_parse(period, &call->period) != KL_OK)
		list->rc = KL_E_MALFORMED;
	schema_read(list, call);
	call->contribute_ms = kl_list_uint(list, KL_TALLY_WINDOW_MS_MAX);
	call->decide_ms = kl_list_uint(list, KL_TALLY_WINDOW_MS_MAX);
	cohorts_read(list, call);
	call->minimum = (uint16_t)kl_list_uint(list, UINT16_MAX);
	kl_list_id(list, &call->schema);
	kl_list_id(list, &call->policy);
	kl_list_id(list, &call->roster);
	call->member_count = (uint16_t)kl_list_uint(list, KL_TALLY_MEMBERS_MAX);
	call->has_previous = kl_list_id_or_nil(list, &call->previous_call);
	kl_list_id(list, &call->previous_result);
	call->tries = (uint8_t)kl_list_uint(list, UINT8_MAX);
	offers_read(list, call);
	named_read(list, call);
	inner = kl_list_array(list, KL_TALLY_EARLIER_MAX);
	for (; call->earlier_count < inner.count && !inner.rc; call->earlier_count++)
		kl_list_id(&inner, &call->earlier[call->earlier_count]);
	kl_list_end(list, &inner);
	evidence_read(list, call);
}

int kl_tally_call_read(struct kl_bytes payload, struct kl_tally_call *ret_call)
{
	struct kl_list list = kl_list_payload(payload, CALL_FIELDS);
	struct kl_tally_call call = {0};
	struct kl_id schema, policy;
	struct kl_cells cells;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	call_read(&list, &call);
	if (!list.rc)
		kl_tally_call_write(&w, &call);
	rc = kl_list_canonical(&list, &w, payload);
	if (!rc)
		rc = kl_tally_call_cells(&call, &cells);
	if (!rc)
		rc = kl_tally_call_hashes(&call, &schema, &policy);
	if (!rc && (!kl_id_equal(&schema, &call.schema) || !kl_id_equal(&policy, &call.policy)))
		rc = KL_E_MALFORMED;
	kl_writer_deinit(&w);
	if (rc)
		kl_tally_call_deinit(&call);
	else
		*ret_call = call;
	return rc;
}

void kl_tally_call_deinit(struct kl_tally_call *call)
{
	if (!call)
		return;
	free(call->metrics);
	free(call->named);
	call->metrics = NULL;
	call->named = NULL;
}
