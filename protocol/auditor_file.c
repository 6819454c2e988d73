#include "protocol/auditor_file.h"
#include "core/error.h"
#include "core/metric_words.h"
#include "protocol/auditor_in.h"

#include <string.h>

#define MAGIC "keeplocal audit"
enum { VERSION = 1 };

/* ---- the answer -------------------------------------------------------------------------------- */

static void put_findings(
	struct kl_writer *w, const struct kl_auditor *auditor, enum kl_audit_step step)
{
	size_t count = kl_auditor_findings(auditor, NULL), n = 0;

	for (size_t i = 0; i < count; i++)
		n += kl_auditor_finding(auditor, i)->step == step;
	kl_put_array(w, "findings", n);
	for (size_t i = 0; i < count; i++) {
		const struct kl_finding *finding = kl_auditor_finding(auditor, i);

		if (finding->step != step)
			continue;
		kl_write_map(w, 2);
		kl_put_text(w, "mark", kl_audit_mark_name(finding->mark));
		kl_put_text(w, "words", finding->text);
	}
}

static bool was_reached(const struct kl_auditor *auditor, unsigned step)
{
	return kl_auditor_summary(auditor, (enum kl_audit_step)step)[0] != '\0';
}

static void put_steps(struct kl_writer *w, const struct kl_auditor *auditor)
{
	size_t n = 0;

	for (unsigned i = 0; i < KL_AUDIT_STEP_COUNT; i++)
		n += was_reached(auditor, i);
	kl_put_array(w, "steps", n);
	for (unsigned i = 0; i < KL_AUDIT_STEP_COUNT; i++) {
		enum kl_audit_step step = (enum kl_audit_step)i;

		if (!was_reached(auditor, i))
			continue;
		kl_write_map(w, 4);
		kl_put_text(w, "step", kl_audit_step_name(step));
		kl_put_text(w, "mark", kl_audit_mark_name(kl_auditor_mark(auditor, step)));
		kl_put_text(w, "words", kl_auditor_summary(auditor, step));
		put_findings(w, auditor, step);
	}
}

static void put_hex(struct kl_writer *w, const char *key, const struct kl_id *id)
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(id->b, KL_ID_BYTES, hex);
	kl_put_text(w, key, hex);
}

/* Only where a sum is known is there something in the bins. */
static void put_bins(struct kl_writer *w, const struct kl_audited_sum *sum)
{
	const struct kl_opening *opening = sum->opening;
	bool known = opening->state == KL_OPENING_FINAL || opening->state == KL_OPENING_UNCONFIRMED;
	char words[KL_BIN_WORDS_MAX];
	struct kl_bins bins;

	kl_metric_bins(sum->metric, sum->level, &bins);
	kl_put_array(w, "bins", known ? opening->bins : 0);
	for (unsigned i = 0; known && i < opening->bins; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "bin", kl_bin_words(sum->metric, &bins, (uint8_t)i, words));
		kl_put_uint(w, "members", opening->histogram[i]);
	}
}

static void put_sums(struct kl_writer *w, const struct kl_auditor *auditor)
{
	static const char *const levels[] = {"coarse", "middle", "fine"};
	size_t count = kl_auditor_sums(auditor);
	char text[KL_COHORT_TEXT_MAX];

	kl_put_array(w, "sums", count);
	for (size_t i = 0; i < count; i++) {
		struct kl_audited_sum sum;

		kl_auditor_sum(auditor, i, &sum);
		kl_write_map(w, 7);
		kl_put_text(w, "metric", sum.metric->code);
		kl_put_text(w, "name", sum.metric->name);
		kl_put_text(w, "cohort", kl_cohort_format(sum.cohort, text));
		kl_put_text(w, "level", levels[sum.level]);
		kl_put_uint(w, "members", sum.members);
		kl_put_text(w, "state", kl_opening_state_name(sum.opening->state));
		put_bins(w, &sum);
	}
}

void kl_auditor_write(struct kl_writer *w, const struct kl_auditor *auditor, bool sums)
{
	enum kl_audit_mark worst = kl_auditor_worst(auditor);
	char period[KL_PERIOD_TEXT_MAX], text[KL_FINGERPRINT_MAX];
	struct kl_tally_view view;
	size_t more;
	bool known = !kl_tallies_view(auditor->fold, &auditor->options.tally, &view);

	(void)kl_auditor_findings(auditor, &more);
	kl_write_map(w, 11 + sums);
	put_hex(w, "tally", &auditor->options.tally);
	put_hex(w, "network", &auditor->options.network);
	kl_put_text(w, "network_short", kl_fingerprint(&auditor->options.network, text));
	put_hex(w, "convenor", &auditor->options.convenor);
	kl_put_text(w, "convenor_short", kl_fingerprint(&auditor->options.convenor, text));
	kl_put_text(w, "period", known ? kl_period_format(view.call->period, period) : NULL);
	kl_put_text(w, "state", known ? kl_tally_state_name(view.state) : NULL);
	kl_put_text(w, "mark", kl_audit_mark_name(worst));
	kl_put_bool(w, "fits", worst != KL_MARK_WRONG);
	put_steps(w, auditor);
	if (sums)
		put_sums(w, auditor);
	kl_put_uint(w, "left_out", more);
}

/* ---- writing a file ---------------------------------------------------------------------------- */

void kl_auditor_file_head(struct kl_writer *w, const struct kl_auditor_options *options)
{
	kl_write_array(w, 6);
	kl_write_text(w, MAGIC);
	kl_write_uint(w, VERSION);
	kl_write_id(w, &options->network);
	kl_write_id(w, &options->convenor);
	kl_write_id(w, &options->tally);
	kl_write_uint(w, options->wall_ms);
}

/* Whether a tally may rest on what the record says. */
static bool matters(struct kl_bytes header)
{
	struct kl_header h;

	if (kl_header_decode(header, &h))
		return false;
	return kl_kind_is_roster(h.kind) || h.kind == KL_KIND_NETWORK_CREATE ||
	       h.kind == KL_KIND_ADOPT ||
	       (h.kind >= KL_KIND_TALLY_CALL && h.kind != KL_KIND_TALLY_SHARE);
}

void kl_auditor_file_record(struct kl_writer *w, const struct kl_audited *record)
{
	kl_write_array(w, 4);
	kl_write_bin(w, record->header);
	if (record->signature)
		kl_write_bin(w, kl_bytes(record->signature, KL_SIGNATURE_BYTES));
	else
		kl_write_nil(w);
	if (record->here && matters(record->header))
		kl_write_bin(w, record->payload);
	else
		kl_write_nil(w);
	kl_write_bool(w, record->contested);
}

/* ---- reading one ------------------------------------------------------------------------------- */

/* The next value of the file; KL_E_NOT_FOUND at its end. */
static int next_value(struct kl_bytes *rest, struct kl_value *ret_value)
{
	size_t len;
	int rc;

	if (rest->len == 0)
		return KL_E_NOT_FOUND;
	rc = kl_wire_scan(*rest, &len);
	if (!rc)
		rc = kl_value_open(kl_bytes(rest->data, len), ret_value);
	if (rc)
		return rc;
	*rest = kl_bytes(rest->data + len, rest->len - len);
	return KL_OK;
}

static int read_head(struct kl_bytes *rest, struct kl_auditor_options *ret_options)
{
	struct kl_value head, items[6];
	struct kl_cursor cursor;
	char magic[sizeof MAGIC];
	uint64_t version;

	if (next_value(rest, &head) || head.type != KL_WIRE_ARRAY || head.count != 6)
		return KL_E_MALFORMED;
	cursor = kl_cursor(&head);
	for (unsigned i = 0; i < 6; i++)
		(void)kl_cursor_next(&cursor, &items[i]);
	if (kl_value_text(&items[0], magic, sizeof magic) || strcmp(magic, MAGIC) != 0 ||
		kl_value_uint(&items[1], UINT32_MAX, &version))
		return KL_E_MALFORMED;
	if (version != VERSION)
		return KL_E_VERSION;
	if (kl_value_id(&items[2], &ret_options->network) ||
		kl_value_id(&items[3], &ret_options->convenor) ||
		kl_value_id(&items[4], &ret_options->tally) ||
		kl_value_uint(&items[5], UINT64_MAX, &ret_options->wall_ms))
		return KL_E_MALFORMED;
	return KL_OK;
}

static int read_record(const struct kl_value *value, struct kl_audited *ret_record)
{
	struct kl_audited record = {0};
	struct kl_value items[4];
	struct kl_bytes signature;
	struct kl_cursor cursor;

	if (value->type != KL_WIRE_ARRAY || value->count != 4)
		return KL_E_MALFORMED;
	cursor = kl_cursor(value);
	for (unsigned i = 0; i < 4; i++)
		(void)kl_cursor_next(&cursor, &items[i]);
	if (kl_value_bin(&items[0], &record.header) || kl_value_bool(&items[3], &record.contested))
		return KL_E_MALFORMED;
	if (items[1].type != KL_WIRE_NIL) {
		if (kl_value_bin(&items[1], &signature) || signature.len != KL_SIGNATURE_BYTES)
			return KL_E_MALFORMED;
		record.signature = signature.data;
	}
	record.here = items[2].type != KL_WIRE_NIL;
	if (record.here && kl_value_bin(&items[2], &record.payload))
		return KL_E_MALFORMED;
	kl_record_id(record.header, &record.id);
	*ret_record = record;
	return KL_OK;
}

/* What the file says of places is in the headers: a gap is a record that was lost. */
static int give(struct kl_auditor *a, struct kl_audited *record)
{
	struct kl_header h;
	struct kl_feed_key key;
	int rc = KL_OK;

	if (kl_header_decode(record->header, &h))
		return KL_E_MALFORMED;
	key = (struct kl_feed_key){h.author, h.epoch};
	record->seq = h.seq;
	if (!a->feed.begun || !kl_feed_key_equal(&key, &a->feed.key))
		rc = kl_auditor_feed(a, &key);
	while (!rc && a->feed.next < h.seq && a->counts.lost < KL_FINDINGS_MAX)
		rc = kl_auditor_lost(a, a->feed.next);
	return rc ? rc : kl_auditor_record(a, record);
}

static int give_all(struct kl_auditor *a, struct kl_bytes rest)
{
	struct kl_audited record;
	struct kl_value value;
	bool done = false;
	int rc;

	while (!(rc = next_value(&rest, &value))) {
		rc = read_record(&value, &record);
		if (!rc)
			rc = give(a, &record);
		if (rc)
			return rc;
	}
	if (rc != KL_E_NOT_FOUND)
		return rc;
	for (rc = KL_OK; !rc && !done;)
		rc = kl_auditor_work(a, &done);
	return rc;
}

int kl_auditor_file_check(
	struct kl_bytes file, struct kl_fault *fault, struct kl_auditor **ret_auditor)
{
	struct kl_auditor_options options = {0};
	struct kl_auditor *auditor = NULL;
	int rc = read_head(&file, &options);

	if (rc == KL_E_VERSION)
		return kl_fault(fault, rc, "this file was written by another version");
	if (rc)
		return kl_fault(fault, KL_E_MALFORMED,
			"this is no file of records that `tally audit --out` has written");
	rc = kl_auditor_new(&options, &auditor);
	if (!rc)
		rc = give_all(auditor, file);
	if (!rc) {
		*ret_auditor = auditor;
		return KL_OK;
	}
	kl_auditor_destroy(auditor);
	if (rc == KL_E_NOMEM)
		return kl_fault(fault, rc, "out of memory");
	return kl_fault(fault, KL_E_MALFORMED, "the file is damaged, or was cut short");
}
