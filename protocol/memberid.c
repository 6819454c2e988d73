#include "protocol/memberid.h"
#include "core/hash.h"

#include <string.h>

enum { CHECK_AT = KL_MEMBERID_BYTES - 2, KIND_AT = CHECK_AT - 1, GROUP = 6 };

static void check_bytes(const uint8_t *bytes, uint8_t out[2])
{
	struct kl_bytes part = kl_bytes(bytes, CHECK_AT);
	struct kl_id hash;

	kl_hash_of("KL1/member", &part, 1, &hash);
	memcpy(out, hash.b, 2);
}

void kl_memberid_format(const struct kl_memberid *member, char out[KL_MEMBERID_TEXT_MAX])
{
	uint8_t bytes[KL_MEMBERID_BYTES];
	char chars[KL_MEMBERID_CHARS + 1];

	memcpy(bytes, member->identity.b, KL_ID_BYTES);
	memcpy(bytes + KL_ID_BYTES, member->curve_key, sizeof member->curve_key);
	bytes[KIND_AT] = (uint8_t)member->kind;
	check_bytes(bytes, bytes + CHECK_AT);
	kl_base32(bytes, sizeof bytes, chars);
	for (size_t i = 0; i < KL_MEMBERID_CHARS; i++) {
		if (i && i % GROUP == 0)
			*out++ = '-';
		*out++ = chars[i];
	}
	*out = '\0';
}

int kl_memberid_parse(const char *text, struct kl_memberid *ret_member, struct kl_fault *fault)
{
	uint8_t bytes[KL_MEMBERID_BYTES], check[2];

	if (kl_base32_parse(text, bytes, sizeof bytes)) {
		kl_fault(fault, KL_E_MALFORMED,
			"this is no member id: %d letters A to Z and digits 2 to 7 were expected",
			KL_MEMBERID_CHARS);
		return kl_fault_hint(
			fault, "copy the whole last line that `keeplocal init` printed");
	}
	check_bytes(bytes, check);
	if (memcmp(check, bytes + CHECK_AT, sizeof check)) {
		kl_fault(fault, KL_E_MALFORMED,
			"this member id was mistyped: its check does not fit");
		return kl_fault_hint(fault, "copy it again rather than typing it");
	}
	if (bytes[KIND_AT] < KL_MEMBER_COUNCIL || bytes[KIND_AT] > KL_MEMBER_CONVENOR)
		return kl_fault(fault, KL_E_MALFORMED,
			"this member id names a kind of member that is not known here: %u",
			bytes[KIND_AT]);
	memcpy(ret_member->identity.b, bytes, KL_ID_BYTES);
	memcpy(ret_member->curve_key, bytes + KL_ID_BYTES, sizeof ret_member->curve_key);
	ret_member->kind = (enum kl_member_kind)bytes[KIND_AT];
	return KL_OK;
}
