#include "protocol/payload_policy.h"
#include "protocol/payload_form.h"

void kl_payload_policy_write(struct kl_writer *w, const struct kl_policy *policy)
{
	const struct kl_form_table *form = &kl_policy_form;
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++)
		n += !kl_form_is_absent(&form->fields[i], policy);
	kl_write_map(w, n);
	for (size_t i = 0; i < form->n; i++)
		if (!kl_form_is_absent(&form->fields[i], policy))
			kl_form_write(w, &form->fields[i], policy);
}

static bool is_known(const struct kl_slug *words, const struct kl_value *word)
{
	size_t place;

	return word->type == KL_WIRE_TEXT && !kl_slug_place(words, word->u.bytes, &place);
}

/* Whether the field says something in a word that is not in its list. */
static bool has_unknown_word(const struct kl_value *map, const struct kl_form_field *field)
{
	struct kl_value v, item;
	struct kl_cursor c;

	if (kl_map_get(map, field->name, &v))
		return false;
	if (v.type != KL_WIRE_ARRAY)
		return !is_known(field->words, &v);
	for (c = kl_cursor(&v); kl_cursor_next(&c, &item);)
		if (!is_known(field->words, &item))
			return true;
	return false;
}

static int read_field(
	const struct kl_value *map, size_t index, struct kl_policy *policy, struct kl_fault *fault)
{
	const struct kl_form_field *field = &kl_policy_form.fields[index];
	struct kl_value v;
	int rc;

	if (field->sort == KL_FORM_SET && !kl_map_get(map, field->name, &v) &&
		v.type == KL_WIRE_ARRAY && v.count > KL_POLICY_WORDS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s: more than %d words", field->name,
			KL_POLICY_WORDS_MAX);
	rc = kl_form_read(map, field, policy, fault);
	if (rc || !field->words || !has_unknown_word(map, field))
		return rc;
	policy->unknown |= 1u << index;
	if (field->sort == KL_FORM_SLUG)
		*((char *)policy + field->offset) = '\0';
	return KL_OK;
}

int kl_payload_policy_read(
	struct kl_bytes payload, struct kl_policy *ret_policy, struct kl_fault *fault)
{
	struct kl_policy policy;
	struct kl_value map;
	int rc = KL_OK;

	if (payload.len > KL_POLICY_PAYLOAD_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a policy has at most %d bytes",
			KL_POLICY_PAYLOAD_MAX);
	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP)
		return kl_fault(fault, KL_E_MALFORMED, "this is no policy");
	if (map.count > KL_POLICY_KEYS_MAX)
		return kl_fault(
			fault, KL_E_TOO_BIG, "a policy has at most %d fields", KL_POLICY_KEYS_MAX);
	kl_policy_init(&policy);
	for (size_t i = 0; !rc && i < kl_policy_form.n; i++)
		rc = read_field(&map, i, &policy, fault);
	if (!rc)
		rc = kl_policy_check(&policy, fault);
	if (rc) {
		kl_policy_deinit(&policy);
		return rc;
	}
	*ret_policy = policy;
	return KL_OK;
}
