#include "daemon/observation_words.h"
#include "daemon/ask_args.h"

void kl_put_components(struct kl_writer *w, const struct kl_indicator *indicator)
{
	kl_put_array(w, "components", indicator->component_count);
	for (uint8_t i = 0; i < indicator->component_count; i++) {
		const struct kl_component *c = &indicator->components[i];

		kl_write_map(w, 4);
		kl_put_said(w, "component", c->code);
		kl_put_text(w, "name", c->name);
		kl_put_text(w, "unit", kl_unit_name(c->unit));
		kl_put_text(w, "better", kl_polarity_name(c->polarity));
	}
}

void kl_put_observation(
	struct kl_writer *w, const struct kl_observation *observation, uint64_t revision)
{
	const struct kl_observation *o = observation;
	char hex[KL_ID_HEX_MAX] = "";
	enum kl_unit unit = KL_UNIT_COUNT;
	uint32_t scale = 1;
	bool known = !kl_observation_unit(o, &unit, &scale);

	if (o->defined)
		kl_hex(o->definition.b, KL_ID_BYTES, hex);
	kl_put_text(w, "code", o->code);
	kl_put_said(w, "component", o->component);
	kl_put_period(w, "period", o->period);
	kl_put_said(w, "place", o->place);
	if (o->has_number)
		kl_put_double(w, "value", kl_number_value(o->number, scale));
	else
		kl_put_nil(w, "value");
	kl_put_text(w, "unit", known ? kl_unit_name(unit) : NULL);
	kl_put_said(w, "text", o->text);
	kl_put_said(w, "method", o->method);
	kl_put_said(w, "method_version", o->method_version);
	kl_put_said(w, "confidence", kl_confidence_name(o->confidence));
	kl_put_said(w, "source", o->source);
	kl_put_said(w, "challenger", o->challenger);
	kl_put_said(w, "definition", hex);
	if (revision)
		kl_put_uint(w, "revision", revision);
	else
		kl_put_nil(w, "revision");
}
