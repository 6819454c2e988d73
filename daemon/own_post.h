/* This member's own posts: filled from what somebody typed, looked at before they go out, published,
 * corrected, withdrawn. The same for lessons, questions and answers. */
#ifndef KL_DAEMON_OWN_POST_H
#define KL_DAEMON_OWN_POST_H

#include "daemon/control.h"
#include "daemon/network.h"

/* Posts of its own that a member publishes, or corrects for the last time, in an hour. Ours: far above what
 * people write, far below what would crowd others out. */
enum { KL_OWN_POSTS_AN_HOUR = 500 };

/* Sets the fields that stand in `args` under the names that options have: title, text, place, period,
 * outcome, and characteristic, stage, route, service, barrier, link, each a text or an array of texts. An
 * empty text clears the field. A place that is the name of a council becomes its code. What kl_post_set()
 * says. */
int kl_own_post_fill(struct kl_node *node, const struct kl_value *args, struct kl_post *post,
	struct kl_fault *fault);

/* Whether this member may publish `n` posts now, or correct one (`n` 0): it is an active member or the convenor, its feed takes
 * records, and it has published no more than it should. KL_E_DENIED, KL_E_BUSY, KL_E_TOO_BIG with what to
 * do. */
int kl_own_post_may(const struct kl_network *network, size_t n, struct kl_fault *fault);

/* Checks and publishes. */
int kl_own_post_publish(struct kl_network *network, const struct kl_post *post,
	struct kl_id *ret_id, struct kl_fault *fault);

/* A standing post of this member of that kind, by the first characters of its id. KL_E_DENIED for one of
 * somebody else; what kl_posts_named() says. */
int kl_own_post_named(const struct kl_network *network, enum kl_post_kind kind, const char *text,
	const struct kl_posted **ret_posted, struct kl_fault *fault);

/* Puts `post` in the place of what it said, or takes it back: the old text is erased here at once, and on
 * other machines as soon as they hear of it. */
int kl_own_post_correct(struct kl_network *network, const struct kl_posted *posted,
	const struct kl_post *post, struct kl_fault *fault);
int kl_own_post_withdraw(
	struct kl_network *network, const struct kl_posted *posted, struct kl_fault *fault);

/* A standing post of this member of the same kind and title, or NULL. */
const struct kl_posted *kl_own_post_twin(
	const struct kl_network *network, const struct kl_post *post);

/* The hashes of the titles of all of them (kl_post_title_hash()); how many. */
size_t kl_own_post_titles(const struct kl_network *network, enum kl_post_kind kind,
	uint64_t ret_hashes[KL_MEMBER_POSTS_MAX]);

/* The pair "warnings": sentences about what should perhaps not be published (core/personal.h). */
void kl_put_post_warnings(struct kl_writer *w, const struct kl_post *post);

#endif
