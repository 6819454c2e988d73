#include "protocol/doc_observation.h"
#include "protocol/doc.h"

enum { KEYS = 12, KEYS_DEFINED = KEYS + 2 };

static const char what[] = "the observation";

void kl_doc_observation_encode(struct kl_writer *w, const struct kl_observation *observation)
{
	const struct kl_observation *o = observation;

	kl_write_map(w, o->defined ? KEYS_DEFINED : KEYS);
	kl_put_uint(w, "v", o->defined ? KL_DOC_OBSERVATION_DEFINED : KL_DOC_OBSERVATION_VERSION);
	kl_put_text(w, "code", o->code);
	kl_doc_put_optional(w, "component", o->component);
	kl_doc_put_period(w, o->period);
	kl_doc_put_optional(w, "place", o->place);
	if (o->has_number)
		kl_put_int(w, "number", o->number);
	else
		kl_put_nil(w, "number");
	kl_doc_put_optional(w, "text", o->text);
	kl_doc_put_optional(w, "method", o->method);
	kl_doc_put_optional(w, "method_version", o->method_version);
	kl_doc_put_optional(w, "confidence", kl_confidence_name(o->confidence));
	kl_doc_put_optional(w, "source", o->source);
	kl_doc_put_optional(w, "challenger", o->challenger);
	if (!o->defined)
		return;
	kl_put_id(w, "definition", &o->definition);
	kl_put_text(w, "unit", kl_unit_name(o->unit));
}

#define TEXT(map, o, field) kl_doc_optional(map, #field, (o)->field, sizeof(o)->field)

static int read_texts(const struct kl_value *map, struct kl_observation *o)
{
	int rc = kl_get_text(map, "code", o->code, sizeof o->code);

	if (!rc)
		rc = TEXT(map, o, component);
	if (!rc)
		rc = TEXT(map, o, place);
	if (!rc)
		rc = TEXT(map, o, text);
	if (!rc)
		rc = TEXT(map, o, method);
	if (!rc)
		rc = TEXT(map, o, method_version);
	if (!rc)
		rc = TEXT(map, o, source);
	return rc ? rc : TEXT(map, o, challenger);
}

static int read_number(const struct kl_value *map, struct kl_observation *o)
{
	struct kl_value number;
	int rc = kl_map_get(map, "number", &number);

	if (rc || number.type == KL_WIRE_NIL)
		return rc;
	o->has_number = true;
	return kl_value_int(&number, &o->number);
}

static int read_confidence(const struct kl_value *map, struct kl_observation *o)
{
	char text[16];
	int rc = kl_doc_optional(map, "confidence", text, sizeof text);

	if (rc || !*text)
		return rc;
	return kl_confidence_parse(text, &o->confidence);
}

static int read_definition(const struct kl_value *map, struct kl_observation *o)
{
	char unit[16];
	int rc = kl_get_id(map, "definition", &o->definition);

	if (!rc)
		rc = kl_get_text(map, "unit", unit, sizeof unit);
	return rc ? rc : kl_unit_from_name(unit, &o->unit);
}

static int read_fields(const struct kl_value *map, struct kl_observation *o, struct kl_fault *fault)
{
	int rc = read_texts(map, o);

	if (!rc)
		rc = read_number(map, o);
	if (!rc)
		rc = read_confidence(map, o);
	if (!rc)
		rc = kl_doc_period(map, &o->period);
	if (!rc && o->defined)
		rc = read_definition(map, o);
	if (rc)
		return kl_doc_fault(fault, KL_E_MALFORMED, what);
	return KL_OK;
}

int kl_doc_observation_decode(
	struct kl_bytes bytes, struct kl_observation *ret_observation, struct kl_fault *fault)
{
	struct kl_observation o = {0};
	struct kl_writer again;
	struct kl_value map;
	int rc;

	rc = kl_doc_open(bytes, KL_DOC_OBSERVATION_VERSION, KEYS, &map);
	if (rc == KL_E_VERSION) {
		rc = kl_doc_open(bytes, KL_DOC_OBSERVATION_DEFINED, KEYS_DEFINED, &map);
		o.defined = true;
	}
	if (rc)
		return kl_doc_fault(fault, rc, what);
	rc = read_fields(&map, &o, fault);
	if (!rc)
		rc = kl_observation_check(&o, fault);
	if (rc)
		return rc;
	kl_writer_init(&again);
	kl_doc_observation_encode(&again, &o);
	rc = kl_doc_same(bytes, &again, what, fault);
	kl_writer_deinit(&again);
	if (!rc)
		*ret_observation = o;
	return rc;
}
