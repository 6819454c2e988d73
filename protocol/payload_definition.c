#include "protocol/payload_definition.h"
#include "core/hash.h"

#include <string.h>

/* ---- definitions --------------------------------------------------------------------------- */

static void write_part(struct kl_writer *w, const struct kl_definition_part *part)
{
	kl_write_map(w, 4);
	kl_put_text(w, "code", part->code);
	kl_put_text(w, "name", part->name);
	kl_put_text(w, "unit", kl_unit_name(part->unit));
	kl_put_text(w, "better", kl_polarity_name(part->polarity));
}

void kl_payload_definition_write(struct kl_writer *w, const struct kl_definition *definition)
{
	const struct kl_definition *d = definition;

	kl_write_map(w, 9);
	kl_put_text(w, "code", d->slug);
	kl_put_text(w, "name", d->name);
	kl_put_uint(w, "version", d->version);
	kl_put_uint(w, "characteristic", d->characteristic + 1u);
	kl_put_text(w, "level", kl_indicator_level_name(d->level));
	kl_put_text(w, "form", kl_indicator_form_name(d->form));
	kl_put_text(w, "span", kl_indicator_span_name(d->span));
	kl_put_text(w, "how", d->how);
	kl_put_array(w, "components", d->part_count);
	for (uint8_t i = 0; i < d->part_count; i++)
		write_part(w, &d->parts[i]);
}

/* One of a few words under `key`. */
static int get_word(const struct kl_value *map, const char *key, char out[16])
{
	return kl_get_text(map, key, out, 16) ? KL_E_MALFORMED : KL_OK;
}

static int read_part(const struct kl_value *map, struct kl_definition_part *part)
{
	char unit[16], better[16];

	if (map->type != KL_WIRE_MAP || kl_get_text(map, "code", part->code, sizeof part->code) ||
		kl_get_text(map, "name", part->name, sizeof part->name) ||
		get_word(map, "unit", unit) || get_word(map, "better", better) ||
		kl_unit_from_name(unit, &part->unit) || kl_polarity_parse(better, &part->polarity))
		return KL_E_MALFORMED;
	return KL_OK;
}

static int read_parts(const struct kl_value *map, struct kl_definition *d)
{
	struct kl_value list, item;
	struct kl_cursor c;

	if (kl_get_array(map, "components", &list) || list.count > KL_COMPONENTS_MAX)
		return KL_E_MALFORMED;
	for (c = kl_cursor(&list); kl_cursor_next(&c, &item); d->part_count++)
		if (read_part(&item, &d->parts[d->part_count]))
			return KL_E_MALFORMED;
	return KL_OK;
}

static int read_words(const struct kl_value *map, struct kl_definition *d)
{
	char level[16], form[16], span[16];

	if (get_word(map, "level", level) || kl_indicator_level_parse(level, &d->level) ||
		get_word(map, "form", form) || kl_indicator_form_parse(form, &d->form) ||
		get_word(map, "span", span) || kl_indicator_span_parse(span, &d->span))
		return KL_E_MALFORMED;
	return KL_OK;
}

int kl_payload_definition_read(
	struct kl_bytes payload, struct kl_definition *ret_definition, struct kl_fault *fault)
{
	struct kl_definition d = {.version = 0};
	struct kl_value map;
	uint64_t version, characteristic;
	int rc;

	if (payload.len > KL_DEFINITION_PAYLOAD_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a definition has at most %d bytes",
			KL_DEFINITION_PAYLOAD_MAX);
	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP ||
		kl_get_text(&map, "code", d.slug, sizeof d.slug) ||
		kl_get_text(&map, "name", d.name, sizeof d.name) ||
		kl_get_text(&map, "how", d.how, sizeof d.how) ||
		kl_get_uint(&map, "version", KL_DEFINITION_VERSION_MAX, &version) ||
		kl_get_uint(&map, "characteristic", KL_CHARACTERISTICS, &characteristic) ||
		!characteristic || read_words(&map, &d) || read_parts(&map, &d))
		return kl_fault(fault, KL_E_MALFORMED, "this is no definition of an indicator");
	d.version = (uint32_t)version;
	d.characteristic = (uint8_t)(characteristic - 1);
	rc = kl_definition_check(&d, fault);
	if (!rc)
		*ret_definition = d;
	return rc;
}

void kl_definition_id(const struct kl_id *author, struct kl_bytes payload, struct kl_id *ret_id)
{
	const struct kl_bytes parts[] = {kl_id_bytes(author), payload};

	kl_hash_of(KL_TAG_DEFINITION, parts, 2, ret_id);
}

/* ---- taking back --------------------------------------------------------------------------- */

void kl_payload_taken_back_write(struct kl_writer *w, const struct kl_id *record)
{
	kl_write_map(w, 1);
	kl_put_id(w, "record", record);
}

int kl_payload_taken_back_read(
	struct kl_bytes payload, struct kl_id *ret_record, struct kl_fault *fault)
{
	struct kl_value map;
	struct kl_id record;

	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP ||
		kl_get_id(&map, "record", &record))
		return kl_fault(fault, KL_E_MALFORMED, "this takes no record back");
	*ret_record = record;
	return KL_OK;
}

/* ---- adoption ------------------------------------------------------------------------------ */

void kl_adopt_write(struct kl_writer *w, const struct kl_adopt *adopt)
{
	kl_write_map(w, 3);
	kl_put_id(w, "author", &adopt->author);
	kl_put_text(w, "code", adopt->code);
	if (adopt->ends)
		kl_put_nil(w, "definition");
	else
		kl_put_bin(w, "definition", adopt->definition);
}

/* The definition is whole, and of the code that the adoption names. */
static int check_adopted(const struct kl_adopt *adopt, struct kl_fault *fault)
{
	struct kl_definition definition;
	int rc = kl_payload_definition_read(adopt->definition, &definition, fault);

	if (!rc && strcmp(definition.slug, adopt->code) != 0)
		rc = kl_fault(fault, KL_E_INVALID, "the adoption is of %s, its definition of %s",
			adopt->code, definition.slug);
	return rc;
}

static int same_bytes(struct kl_bytes payload, const struct kl_adopt *adopt)
{
	struct kl_writer w;
	struct kl_bytes again;
	int rc;

	kl_writer_init(&w);
	kl_adopt_write(&w, adopt);
	rc = kl_writer_bytes(&w, &again);
	if (!rc && !kl_bytes_equal(again, payload))
		rc = KL_E_MALFORMED;
	kl_writer_deinit(&w);
	return rc;
}

int kl_adopt_read(struct kl_bytes payload, struct kl_adopt *ret_adopt, struct kl_fault *fault)
{
	struct kl_adopt adopt = {.ends = false};
	struct kl_value map, definition;
	int rc;

	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP ||
		kl_get_id(&map, "author", &adopt.author) ||
		kl_get_text(&map, "code", adopt.code, sizeof adopt.code) ||
		!kl_definition_slug_is_valid(adopt.code) ||
		kl_map_get(&map, "definition", &definition))
		return kl_fault(
			fault, KL_E_MALFORMED, "an adoption: a part is missing or malformed");
	adopt.ends = definition.type == KL_WIRE_NIL;
	if (!adopt.ends && kl_value_bin(&definition, &adopt.definition))
		return kl_fault(fault, KL_E_MALFORMED, "an adoption: its definition is malformed");
	rc = same_bytes(payload, &adopt);
	if (rc)
		return kl_fault(fault, rc, "not in the one form that this record has");
	if (!adopt.ends)
		rc = check_adopted(&adopt, fault);
	if (!rc)
		*ret_adopt = adopt;
	return rc;
}
