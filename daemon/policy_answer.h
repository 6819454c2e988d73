/* What answers about social value policies share. */
#ifndef KL_DAEMON_POLICY_ANSWER_H
#define KL_DAEMON_POLICY_ANSWER_H

#include "core/policy.h"
#include "protocol/wire.h"

enum { KL_POLICY_KEY_MAX = KL_SLUG_MAX + 8 };

/* The field's name in answers: money says its unit. Returns `out`. */
const char *kl_policy_key(size_t field, char out[KL_POLICY_KEY_MAX]);

/* What a field says, nil if nothing: numbers (per cent, pence), true and false, words, lists of them;
 * and the same as people read it, the first 4,000 bytes. `policy` may be NULL: a member that has none. */
void kl_write_policy_value(struct kl_writer *w, size_t field, const struct kl_policy *policy);
void kl_write_policy_words(struct kl_writer *w, size_t field, const struct kl_policy *policy);

/* Whether a newer version of the program said something there that has no word here. */
bool kl_policy_is_unknown(size_t field, const struct kl_policy *policy);

/* "fields": [{"field", "label", "value", "shown"}], those that say something. */
void kl_put_policy_fields(struct kl_writer *w, const struct kl_policy *policy);

/* "changes": [{"field", "label", "before", "after"}] in words, nil for nothing. `before` may be NULL. */
void kl_put_policy_changes(
	struct kl_writer *w, const struct kl_policy *before, const struct kl_policy *after);

/* Two pairs: "class" and "why". */
void kl_put_policy_class(
	struct kl_writer *w, const struct kl_policy *policy, enum kl_member_kind kind);

#endif
