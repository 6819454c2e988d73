/* What a post says: its text is in the store, and is read when somebody asks for it. */
#ifndef KL_DAEMON_POST_TEXT_H
#define KL_DAEMON_POST_TEXT_H

#include "daemon/network.h"

/* Reads what a post says now. The caller calls kl_post_deinit(). KL_E_NOT_FOUND if it was withdrawn or
 * its text is not here; what the store says of damage. */
int kl_post_read(struct kl_node *node, const struct kl_posted *posted, struct kl_post *ret_post,
	struct kl_fault *fault);

/* Pairs of a post in an answer; the map is the caller's. */
enum {
	KL_POST_HEAD_KEYS = 9,
	KL_POST_FIELD_KEYS = 11,
	KL_POST_KEYS = KL_POST_HEAD_KEYS + KL_POST_FIELD_KEYS,
};

/* What is known without its text: id, record, kind, member, member_state (as in `network members`; nil of
 * the convenor), own, about, published, corrected. What somebody said stays when the member is suspended
 * or gone; readers are told. */
void kl_put_post_head(
	struct kl_writer *w, const struct kl_network *network, const struct kl_posted *posted);

/* The fields of kl_post_form as people read them: texts, or nil; a place with the name of its area; lists
 * of services and links; words of sets as lists of their names. All, or the one of that name. */
void kl_put_post_fields(struct kl_writer *w, struct kl_node *node, const struct kl_post *post);
void kl_put_post_field(
	struct kl_writer *w, struct kl_node *node, const struct kl_post *post, const char *field);

/* Both. */
void kl_put_post(struct kl_writer *w, const struct kl_network *network,
	const struct kl_posted *posted, const struct kl_post *post);

#endif
