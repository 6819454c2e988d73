/* Assessments of others that this member keeps, because somebody asked for it: private documents,
 * one for each member, period and place; a newer file of the same takes the older one's place. */
#ifndef KL_DAEMON_KEPT_SHARED_H
#define KL_DAEMON_KEPT_SHARED_H

#include "daemon/node.h"
#include "protocol/doc_shared.h"

/* Puts one into the batch. KL_E_CONFLICT if a later revision of it is kept already. */
int kl_kept_shared_put(struct kl_node *node, struct kl_batch *batch, const struct kl_shared *shared,
	struct kl_fault *fault);

/* Calls for each that is kept, by member, period and place; the callee owns the assessment. Ends when
 * `visit` returns non-zero; negative is returned, with words in `fault`. */
typedef int kl_kept_shared_fn(void *arg, struct kl_shared *shared, struct kl_fault *fault);
int kl_kept_shared_visit(
	struct kl_node *node, kl_kept_shared_fn *visit, void *arg, struct kl_fault *fault);

/* Deletes all of the member that calls itself so, or is called so in the network (a part of the name
 * is enough if only one fits).
 * KL_E_NOT_FOUND, KL_E_AMBIGUOUS. ret_name gets the name, *ret_count how many there were. */
int kl_kept_shared_forget(struct kl_node *node, const char *text, char ret_name[KL_MEMBER_NAME_MAX],
	size_t *ret_count, struct kl_fault *fault);

#endif
