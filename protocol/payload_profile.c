#include "protocol/payload_profile.h"
#include "protocol/payload_form.h"

static size_t count_present(const struct kl_profile *profile)
{
	const struct kl_form_field *field;
	size_t n = 0, base;

	for (size_t i = 0; (field = kl_profile_form(i, &base)) != NULL; i++)
		n += !kl_form_is_absent(field, (const char *)profile + base);
	return n;
}

void kl_payload_profile_write(struct kl_writer *w, const struct kl_profile *profile)
{
	const struct kl_form_field *field;
	size_t base;

	kl_write_map(w, count_present(profile));
	for (size_t i = 0; (field = kl_profile_form(i, &base)) != NULL; i++)
		if (!kl_form_is_absent(field, (const char *)profile + base))
			kl_form_write(w, field, (const char *)profile + base);
}

/* Keys that are not known here belong to newer versions and are passed over. */
int kl_payload_profile_read(
	struct kl_bytes payload, struct kl_profile *ret_profile, struct kl_fault *fault)
{
	const struct kl_form_field *field;
	struct kl_profile profile;
	struct kl_value map;
	size_t base;
	int rc = KL_OK;

	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP)
		return kl_fault(fault, KL_E_MALFORMED, "this is no profile");
	kl_profile_init(&profile);
	for (size_t i = 0; !rc && (field = kl_profile_form(i, &base)) != NULL; i++)
		rc = kl_form_read(&map, field, (char *)&profile + base, fault);
	if (!rc)
		rc = kl_profile_check(&profile, fault);
	if (rc) {
		kl_profile_deinit(&profile);
		return rc;
	}
	*ret_profile = profile;
	return KL_OK;
}
