/* Member ids as people pass them on: identity (32 bytes), CURVE key (32), kind (1), check (2), as
 * base32 in groups of six joined by `-`. The check bytes are the first of
 * H("KL1/member", the 65 bytes before them), so that a slip of the hand is noticed. */
#ifndef KL_PROTOCOL_MEMBERID_H
#define KL_PROTOCOL_MEMBERID_H

#include "core/bytes.h"
#include "core/error.h"
#include "core/profile.h"

enum {
	KL_MEMBERID_BYTES = 67,
	KL_MEMBERID_CHARS = KL_BASE32_LEN(KL_MEMBERID_BYTES), /* 108 */
	KL_MEMBERID_TEXT_MAX = KL_MEMBERID_CHARS + (KL_MEMBERID_CHARS - 1) / 6 + 1,
};

struct kl_memberid {
	struct kl_id identity;
	uint8_t curve_key[32];
	enum kl_member_kind kind;
};

void kl_memberid_format(const struct kl_memberid *member, char out[KL_MEMBERID_TEXT_MAX]);

/* Either case; `-` and blanks are skipped. KL_E_MALFORMED with a sentence. */
int kl_memberid_parse(const char *text, struct kl_memberid *ret_member, struct kl_fault *fault);

#endif
