/* How a profile stands in an answer: what is said beside what the roster confirms, in words, with the
 * line of councils before it. */
#ifndef KL_DAEMON_PROFILE_ANSWER_H
#define KL_DAEMON_PROFILE_ANSWER_H

#include "core/profile.h"
#include "daemon/network.h"
#include "protocol/roster.h"

/* Under "fields" an array of {field, label, value, words, confirmed, differs} of all fields that are
 * said or confirmed. `confirmed` may be NULL. */
void kl_put_profile_fields(struct kl_writer *w, struct kl_node *node,
	const struct kl_profile *profile, const struct kl_roster_member *confirmed);

/* Under "missing" the labels of fields that members of this kind say and this one does not. */
void kl_put_profile_missing(struct kl_writer *w, const struct kl_profile *profile);

/* Under "history" an array of {year, text, source}: what a council was made of, and what became of it
 * if its code is an old one. */
void kl_put_council_history(struct kl_writer *w, const char *gss);

enum { KL_PROFILE_WARNING_MAX = 400 };

/* What is odd about a code: it is an old one, or the table of councils does not know it. False if
 * nothing is. */
bool kl_gss_warning(struct kl_node *node, const char *gss, char out[KL_PROFILE_WARNING_MAX]);

/* A value of field number `i` as people read it: "Yorkshire and The Humber", "Calderdale (E08000033)",
 * "211,439". Returns `out`. */
const char *kl_profile_words(
	struct kl_node *node, size_t i, const char *value, char *out, size_t size);

#endif
