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

/* Whether something is said in a word that is not in the list of the field. */
static bool has_unknown_word(const struct kl_value *v, const struct kl_form_field *field)
{
	struct kl_value item;
	struct kl_cursor c;

	if (v->type != KL_WIRE_ARRAY)
		return !is_known(field->words, v);
	for (c = kl_cursor(v); kl_cursor_next(&c, &item);)
		if (!is_known(field->words, &item))
			return true;
	return false;
}

static int read_field(
	const struct kl_value *v, size_t index, struct kl_policy *policy, struct kl_fault *fault)
{
	const struct kl_form_field *field = &kl_policy_form.fields[index];
	int rc;

	if (field->sort == KL_FORM_SET && v->type == KL_WIRE_ARRAY &&
		v->count > KL_POLICY_WORDS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s: more than %d words", field->name,
			KL_POLICY_WORDS_MAX);
	rc = kl_form_read_value(v, field, policy, fault);
	if (rc || !field->words || !has_unknown_word(v, field))
		return rc;
	policy->unknown |= 1u << index;
	if (field->sort == KL_FORM_SLUG)
		*((char *)policy + field->offset) = '\0';
	return KL_OK;
}

/* The number of fields for a key that is not known here. */
static size_t field_of(const struct kl_value *key)
{
	size_t i = 0;

	while (i < kl_policy_form.n &&
		!kl_bytes_equal(key->u.bytes, kl_bytes_str(kl_policy_form.fields[i].name)))
		i++;
	return i;
}

/* Many small things under a key that is not known take long to pass over. */
static int pass_over(const struct kl_value *v, size_t *strange, struct kl_fault *fault)
{
	if (v->type == KL_WIRE_ARRAY || v->type == KL_WIRE_MAP)
		*strange += v->raw.len;
	return *strange <= KL_POLICY_STRANGE_MAX
		       ? KL_OK
		       : kl_fault(fault, KL_E_TOO_BIG,
				 "more than %d bytes of lists under keys that are not known here",
				 KL_POLICY_STRANGE_MAX);
}

/* In one go: what is long and unknown is passed over once, not once for each field. */
static int read_fields(const struct kl_value *map, struct kl_policy *policy, struct kl_fault *fault)
{
	struct kl_cursor cursor = kl_cursor(map);
	struct kl_value key, v;
	size_t strange = 0;
	uint32_t seen = 0;
	int rc = KL_OK;

	while (!rc && kl_cursor_next(&cursor, &key) && kl_cursor_next(&cursor, &v)) {
		size_t i = key.type == KL_WIRE_TEXT ? field_of(&key) : kl_policy_form.n;

		if (key.type != KL_WIRE_TEXT || (i < kl_policy_form.n && seen >> i & 1))
			return kl_fault(fault, KL_E_MALFORMED,
				"keys of a policy are texts, each of them once");
		if (i == kl_policy_form.n) {
			rc = pass_over(&v, &strange, fault);
			continue;
		}
		seen |= 1u << i;
		rc = read_field(&v, i, policy, fault);
	}
	return rc;
}

int kl_payload_policy_read(
	struct kl_bytes payload, struct kl_policy *ret_policy, struct kl_fault *fault)
{
	struct kl_policy policy;
	struct kl_value map;
	int rc;

	if (payload.len > KL_POLICY_PAYLOAD_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a policy has at most %d bytes",
			KL_POLICY_PAYLOAD_MAX);
	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP)
		return kl_fault(fault, KL_E_MALFORMED, "this is no policy");
	if (map.count > KL_POLICY_KEYS_MAX)
		return kl_fault(
			fault, KL_E_TOO_BIG, "a policy has at most %d fields", KL_POLICY_KEYS_MAX);
	kl_policy_init(&policy);
	rc = read_fields(&map, &policy, fault);
	if (!rc)
		rc = kl_policy_check(&policy, fault);
	if (rc) {
		kl_policy_deinit(&policy);
		return rc;
	}
	*ret_policy = policy;
	return KL_OK;
}
