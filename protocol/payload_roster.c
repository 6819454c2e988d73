#include "protocol/payload_roster.h"
#include "protocol/payload_figure.h"
#include "protocol/payload_form.h"

#include <inttypes.h>
#include <string.h>

/* Strictness in one place: what was read is written again and must be the same bytes, so that a
 * roster record has one encoding, no unknown key and no key twice. */
typedef void write_fn(struct kl_writer *w, const void *what);

static int check_canonical(
	struct kl_bytes payload, write_fn *write, const void *what, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes again;
	int rc;

	kl_writer_init(&w);
	write(&w, what);
	rc = kl_writer_bytes(&w, &again);
	if (!rc && !kl_bytes_equal(again, payload))
		rc = kl_fault(fault, KL_E_MALFORMED, "not in the one form that this record has");
	kl_writer_deinit(&w);
	return rc;
}

static int open_map(struct kl_bytes payload, struct kl_value *map, struct kl_fault *fault)
{
	if (kl_value_open(payload, map) || map->type != KL_WIRE_MAP)
		return kl_fault(fault, KL_E_MALFORMED, "the payload is no map");
	return KL_OK;
}

static int get_fixed(const struct kl_value *map, const char *key, uint8_t *out, size_t len)
{
	struct kl_bytes bin;

	if (kl_get_bin(map, key, &bin) || bin.len != len)
		return KL_E_MALFORMED;
	memcpy(out, bin.data, len);
	return KL_OK;
}

static int get_name(const struct kl_value *map, char out[KL_MEMBER_NAME_MAX])
{
	if (kl_get_text(map, "name", out, KL_MEMBER_NAME_MAX) || !out[0] ||
		!kl_text_is_plain(kl_bytes_str(out), false))
		return KL_E_MALFORMED;
	return KL_OK;
}

static int incomplete(struct kl_fault *fault, const char *what)
{
	return kl_fault(fault, KL_E_MALFORMED, "%s: a part is missing or malformed", what);
}

/* ---- network create ------------------------------------------------------------------------ */

void kl_network_create_write(struct kl_writer *w, const struct kl_network_create *create)
{
	kl_write_map(w, 4);
	kl_put_text(w, "name", create->name);
	kl_put_bin(w, "nonce", kl_bytes(create->nonce, sizeof create->nonce));
	kl_put_id(w, "network", &create->network);
	kl_put_bin(w, "curve", kl_bytes(create->curve_key, sizeof create->curve_key));
}

static void write_create(struct kl_writer *w, const void *what)
{
	kl_network_create_write(w, what);
}

int kl_network_create_read(
	struct kl_bytes payload, struct kl_network_create *ret_create, struct kl_fault *fault)
{
	struct kl_network_create create = {.name = ""};
	struct kl_value map;
	int rc = open_map(payload, &map, fault);

	if (rc)
		return rc;
	if (get_name(&map, create.name) ||
		get_fixed(&map, "nonce", create.nonce, sizeof create.nonce) ||
		kl_get_id(&map, "network", &create.network) ||
		get_fixed(&map, "curve", create.curve_key, sizeof create.curve_key))
		return incomplete(fault, "network create");
	rc = check_canonical(payload, write_create, &create, fault);
	if (!rc)
		*ret_create = create;
	return rc;
}

/* ---- charter ------------------------------------------------------------------------------- */

void kl_charter_default(struct kl_charter *charter)
{
	memset(charter, 0, sizeof *charter);
	charter->minimum = KL_CHARTER_MINIMUM_DEFAULT;
	charter->contribute_ms = KL_CHARTER_CONTRIBUTE_MS_DEFAULT;
	charter->decide_ms = KL_CHARTER_DECIDE_MS_DEFAULT;
}

static bool is_window(uint64_t ms)
{
	return ms >= KL_CHARTER_WINDOW_MS_MIN && ms <= KL_CHARTER_WINDOW_MS_MAX;
}

int kl_charter_check(const struct kl_charter *charter, struct kl_fault *fault)
{
	char text[KL_COHORT_TEXT_MAX];

	if (charter->minimum < KL_CHARTER_MINIMUM_LOWEST ||
		charter->minimum > KL_CHARTER_MINIMUM_HIGHEST) {
		kl_fault(fault, KL_E_RANGE, "minimum: %d to %d members, not %" PRIu32,
			KL_CHARTER_MINIMUM_LOWEST, KL_CHARTER_MINIMUM_HIGHEST, charter->minimum);
		kl_fault_hint(fault,
			"below five a figure would point at its owners; the usual minimum is ten");
		return KL_E_RANGE;
	}
	if (!is_window(charter->contribute_ms) || !is_window(charter->decide_ms))
		return kl_fault(
			fault, KL_E_RANGE, "the windows of a tally last from one second to a year");
	if (charter->n_cohorts > KL_COHORTS_MAX)
		return kl_fault(fault, KL_E_RANGE, "more than %d cohorts", KL_COHORTS_MAX);
	for (size_t i = 0; i < charter->n_cohorts; i++)
		for (size_t k = 0; k < i; k++)
			if (kl_cohort_equal(&charter->cohorts[k], &charter->cohorts[i]))
				return kl_fault(fault, KL_E_INVALID,
					"cohort %s stands twice in the charter",
					kl_cohort_format(&charter->cohorts[i], text));
	if (charter->n_metrics > KL_CHARTER_METRICS_MAX)
		return kl_fault(fault, KL_E_RANGE, "more than %d metrics", KL_CHARTER_METRICS_MAX);
	for (size_t i = 0; i < charter->n_metrics; i++) {
		if (!kl_metric_code_is_valid(charter->metrics[i]))
			return kl_fault(fault, KL_E_INVALID,
				"metric %zu of the charter is no code of a metric", i + 1);
		for (size_t k = 0; k < i; k++)
			if (!strcmp(charter->metrics[k], charter->metrics[i]))
				return kl_fault(fault, KL_E_INVALID,
					"metric %s stands twice in the charter",
					charter->metrics[i]);
	}
	return KL_OK;
}

void kl_charter_write(struct kl_writer *w, const struct kl_charter *charter)
{
	char text[KL_COHORT_TEXT_MAX];

	kl_write_map(w, charter->n_cohorts ? 5 : 4);
	kl_put_uint(w, "minimum", charter->minimum);
	kl_put_uint(w, "contribute_ms", charter->contribute_ms);
	kl_put_uint(w, "decide_ms", charter->decide_ms);
	kl_put_array(w, "metrics", charter->n_metrics);
	for (size_t i = 0; i < charter->n_metrics; i++)
		kl_write_text(w, charter->metrics[i]);
	if (!charter->n_cohorts)
		return;
	kl_put_array(w, "cohorts", charter->n_cohorts);
	for (size_t i = 0; i < charter->n_cohorts; i++)
		kl_write_text(w, kl_cohort_format(&charter->cohorts[i], text));
}

static void write_charter(struct kl_writer *w, const void *what)
{
	kl_charter_write(w, what);
}

static int read_metrics(const struct kl_value *map, struct kl_charter *charter)
{
	struct kl_value list, item;
	struct kl_cursor c;

	if (kl_get_array(map, "metrics", &list) || list.count > KL_CHARTER_METRICS_MAX)
		return KL_E_MALFORMED;
	for (c = kl_cursor(&list); kl_cursor_next(&c, &item); charter->n_metrics++)
		if (kl_value_text(&item, charter->metrics[charter->n_metrics], KL_PAYLOAD_CODE_MAX))
			return KL_E_MALFORMED;
	return KL_OK;
}

/* They may be left out. */
static int read_cohorts(const struct kl_value *map, struct kl_charter *charter)
{
	struct kl_value list, item;
	struct kl_bytes text;
	struct kl_cursor c;

	if (kl_get_array(map, "cohorts", &list))
		return KL_OK;
	if (list.count > KL_COHORTS_MAX)
		return KL_E_MALFORMED;
	for (c = kl_cursor(&list); kl_cursor_next(&c, &item); charter->n_cohorts++)
		if (kl_value_text_n(&item, &text) ||
			kl_cohort_parse(text, &charter->cohorts[charter->n_cohorts]))
			return KL_E_MALFORMED;
	return KL_OK;
}

int kl_charter_read(struct kl_bytes payload, struct kl_charter *ret_charter, struct kl_fault *fault)
{
	struct kl_charter charter = {.minimum = 0};
	struct kl_value map;
	uint64_t minimum;
	int rc = open_map(payload, &map, fault);

	if (rc)
		return rc;
	if (kl_get_uint(&map, "minimum", UINT32_MAX, &minimum) ||
		kl_get_uint(&map, "contribute_ms", UINT64_MAX, &charter.contribute_ms) ||
		kl_get_uint(&map, "decide_ms", UINT64_MAX, &charter.decide_ms) ||
		read_metrics(&map, &charter) || read_cohorts(&map, &charter))
		return incomplete(fault, "charter");
	charter.minimum = (uint32_t)minimum;
	rc = check_canonical(payload, write_charter, &charter, fault);
	if (!rc)
		rc = kl_charter_check(&charter, fault);
	if (!rc)
		*ret_charter = charter;
	return rc;
}

/* ---- attributes and admit ------------------------------------------------------------------ */

void kl_attributes_write(struct kl_writer *w, const struct kl_attributes *attributes)
{
	const struct kl_form_field *field;
	size_t n = 0;

	for (size_t i = 0; (field = kl_attributes_form(i)) != NULL; i++)
		n += !kl_form_is_absent(field, attributes);
	kl_write_map(w, n);
	for (size_t i = 0; (field = kl_attributes_form(i)) != NULL; i++)
		if (!kl_form_is_absent(field, attributes))
			kl_form_write(w, field, attributes);
}

int kl_attributes_read(
	const struct kl_value *map, struct kl_attributes *ret_attributes, struct kl_fault *fault)
{
	struct kl_attributes attributes = {.type = ""};
	const struct kl_form_field *field;
	int rc = KL_OK;

	if (map->type != KL_WIRE_MAP)
		return incomplete(fault, "attributes");
	for (size_t i = 0; !rc && (field = kl_attributes_form(i)) != NULL; i++)
		rc = kl_form_read(map, field, &attributes, fault);
	if (!rc)
		rc = kl_attributes_check(&attributes, fault);
	if (!rc)
		*ret_attributes = attributes;
	return rc;
}

void kl_admit_write(struct kl_writer *w, const struct kl_admit *admit)
{
	kl_write_map(w, 4);
	kl_put_id(w, "identity", &admit->identity);
	kl_put_bin(w, "curve", kl_bytes(admit->curve_key, sizeof admit->curve_key));
	kl_put_text(w, "name", admit->name);
	kl_write_text(w, "attributes");
	kl_attributes_write(w, &admit->attributes);
}

static void write_admit(struct kl_writer *w, const void *what)
{
	kl_admit_write(w, what);
}

int kl_admit_read(struct kl_bytes payload, struct kl_admit *ret_admit, struct kl_fault *fault)
{
	struct kl_admit admit = {.name = ""};
	struct kl_value map, attributes;
	int rc = open_map(payload, &map, fault);

	if (rc)
		return rc;
	if (kl_get_id(&map, "identity", &admit.identity) ||
		get_fixed(&map, "curve", admit.curve_key, sizeof admit.curve_key) ||
		get_name(&map, admit.name) || kl_get_map(&map, "attributes", &attributes))
		return incomplete(fault, "admit");
	rc = kl_attributes_read(&attributes, &admit.attributes, fault);
	if (!rc)
		rc = check_canonical(payload, write_admit, &admit, fault);
	if (!rc && admit.attributes.kind == KL_MEMBER_CONVENOR)
		rc = kl_fault(fault, KL_E_INVALID,
			"members are admitted as council or anchor; a network has one convenor");
	if (!rc)
		*ret_admit = admit;
	return rc;
}

/* ---- retire, suspend, remove --------------------------------------------------------------- */

/* A place in a feed, as [number, id]. */
static void put_head(struct kl_writer *w, const char *key, const struct kl_head *head)
{
	kl_put_array(w, key, 2);
	kl_write_uint(w, head->seq);
	kl_write_id(w, &head->id);
}

static int read_head(const struct kl_value *v, struct kl_head *ret_head)
{
	struct kl_value seq, id;
	struct kl_cursor c = kl_cursor(v);

	if (v->type != KL_WIRE_ARRAY || v->count != 2 || !kl_cursor_next(&c, &seq) ||
		!kl_cursor_next(&c, &id))
		return KL_E_MALFORMED;
	if (kl_value_uint(&seq, UINT64_MAX, &ret_head->seq) || kl_value_id(&id, &ret_head->id))
		return KL_E_MALFORMED;
	return KL_OK;
}

static int get_head(const struct kl_value *map, const char *key, struct kl_head *ret_head)
{
	struct kl_value v;

	return kl_map_get(map, key, &v) ? KL_E_MALFORMED : read_head(&v, ret_head);
}

void kl_standing_write(struct kl_writer *w, const struct kl_standing *standing)
{
	kl_write_map(w, 3);
	kl_put_id(w, "identity", &standing->identity);
	if (standing->ends)
		put_head(w, "end", &standing->end);
	else
		kl_put_nil(w, "end");
	kl_put_text(w, "reason", standing->reason);
}

static void write_standing(struct kl_writer *w, const void *what)
{
	kl_standing_write(w, what);
}

static int read_end(const struct kl_value *map, struct kl_standing *standing)
{
	struct kl_value v;

	if (kl_map_get(map, "end", &v))
		return KL_E_MALFORMED;
	standing->ends = v.type != KL_WIRE_NIL;
	return standing->ends ? read_head(&v, &standing->end) : KL_OK;
}

int kl_standing_read(
	struct kl_bytes payload, struct kl_standing *ret_standing, struct kl_fault *fault)
{
	struct kl_standing standing = {.ends = false};
	struct kl_value map;
	int rc = open_map(payload, &map, fault);

	if (rc)
		return rc;
	if (kl_get_id(&map, "identity", &standing.identity) || read_end(&map, &standing) ||
		kl_get_text(&map, "reason", standing.reason, sizeof standing.reason))
		return incomplete(fault, "a member's standing");
	rc = check_canonical(payload, write_standing, &standing, fault);
	if (!rc)
		*ret_standing = standing;
	return rc;
}

/* ---- reset --------------------------------------------------------------------------------- */

void kl_reset_write(struct kl_writer *w, const struct kl_reset *reset)
{
	kl_write_map(w, 4);
	kl_put_id(w, "identity", &reset->identity);
	kl_put_uint(w, "epoch", reset->epoch);
	put_head(w, "end", &reset->end);
	kl_put_text(w, "reason", reset->reason);
}

static void write_reset(struct kl_writer *w, const void *what)
{
	kl_reset_write(w, what);
}

int kl_reset_read(struct kl_bytes payload, struct kl_reset *ret_reset, struct kl_fault *fault)
{
	struct kl_reset reset = {.epoch = 0};
	struct kl_value map;
	uint64_t epoch;
	int rc = open_map(payload, &map, fault);

	if (rc)
		return rc;
	if (kl_get_id(&map, "identity", &reset.identity) ||
		kl_get_uint(&map, "epoch", UINT32_MAX, &epoch) ||
		get_head(&map, "end", &reset.end) ||
		kl_get_text(&map, "reason", reset.reason, sizeof reset.reason))
		return incomplete(fault, "a reset");
	reset.epoch = (uint32_t)epoch;
	rc = check_canonical(payload, write_reset, &reset, fault);
	if (!rc)
		*ret_reset = reset;
	return rc;
}

/* ---- erase --------------------------------------------------------------------------------- */

void kl_erase_write(struct kl_writer *w, const struct kl_erase *erase)
{
	kl_write_map(w, 4);
	kl_put_id(w, "author", &erase->feed.author);
	kl_put_uint(w, "epoch", erase->feed.epoch);
	put_head(w, "record", &erase->record);
	kl_put_text(w, "reason", erase->reason);
}

static void write_erase(struct kl_writer *w, const void *what)
{
	kl_erase_write(w, what);
}

int kl_erase_read(struct kl_bytes payload, struct kl_erase *ret_erase, struct kl_fault *fault)
{
	struct kl_erase erase = {.reason = ""};
	struct kl_value map;
	uint64_t epoch;
	int rc = open_map(payload, &map, fault);

	if (rc)
		return rc;
	if (kl_get_id(&map, "author", &erase.feed.author) ||
		kl_get_uint(&map, "epoch", UINT32_MAX, &epoch) ||
		get_head(&map, "record", &erase.record) ||
		kl_get_text(&map, "reason", erase.reason, sizeof erase.reason))
		return incomplete(fault, "erase");
	erase.feed.epoch = (uint32_t)epoch;
	rc = check_canonical(payload, write_erase, &erase, fault);
	if (!rc)
		*ret_erase = erase;
	return rc;
}

/* ---- next convenor ------------------------------------------------------------------------- */

void kl_next_convenor_write(struct kl_writer *w, const struct kl_next_convenor *next)
{
	kl_write_map(w, 4);
	kl_put_id(w, "identity", &next->feed.author);
	kl_put_bin(w, "curve", kl_bytes(next->curve_key, sizeof next->curve_key));
	kl_put_uint(w, "epoch", next->feed.epoch);
	put_head(w, "head", &next->head);
}

static void write_next(struct kl_writer *w, const void *what)
{
	kl_next_convenor_write(w, what);
}

int kl_next_convenor_read(
	struct kl_bytes payload, struct kl_next_convenor *ret_next, struct kl_fault *fault)
{
	struct kl_next_convenor next = {.feed = {{{0}}, 0}};
	struct kl_value map;
	uint64_t epoch;
	int rc = open_map(payload, &map, fault);

	if (rc)
		return rc;
	if (kl_get_id(&map, "identity", &next.feed.author) ||
		get_fixed(&map, "curve", next.curve_key, sizeof next.curve_key) ||
		kl_get_uint(&map, "epoch", UINT32_MAX, &epoch) ||
		get_head(&map, "head", &next.head))
		return incomplete(fault, "next convenor");
	next.feed.epoch = (uint32_t)epoch;
	rc = check_canonical(payload, write_next, &next, fault);
	if (!rc)
		*ret_next = next;
	return rc;
}
