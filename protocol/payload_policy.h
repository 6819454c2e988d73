/* Payload of a policy record (kind 37): one msgpack map of the fields of core/policy.h by their names;
 * what is unsaid is left out. Words are text, sets arrays of words, yes and no booleans, percentages
 * tenths of a per cent, money pence. A later policy of the same member takes the place of an earlier
 * one; a withdrawal (40) takes one back.
 *
 * A newer version may have keys and words that are not known here. Neither spoils the rest: the key is
 * passed over, the word is not taken, and `unknown` remembers the field. There is room for more of both
 * than this version has, and no more: whoever reads a record reads it in no time. */
#ifndef KL_PROTOCOL_PAYLOAD_POLICY_H
#define KL_PROTOCOL_PAYLOAD_POLICY_H

#include "core/policy.h"
#include "protocol/wire.h"

enum {
	KL_POLICY_PAYLOAD_MAX = 20 << 10, /* bytes; all that can be said takes less than 17 KiB */
	KL_POLICY_KEYS_MAX = 64,
	KL_POLICY_WORDS_MAX = 32, /* of one set */
	KL_POLICY_STRANGE_MAX =
		4 << 10, /* bytes of lists and maps under keys that are not known here */
};

void kl_payload_policy_write(struct kl_writer *w, const struct kl_policy *policy);

/* *ret_policy is initialised by this; the caller calls kl_policy_deinit(). KL_E_TOO_BIG, KL_E_MALFORMED, KL_E_INVALID
 * with a sentence, KL_E_NOMEM. */
int kl_payload_policy_read(
	struct kl_bytes payload, struct kl_policy *ret_policy, struct kl_fault *fault);

#endif
