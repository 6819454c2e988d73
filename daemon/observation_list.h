/* All observations of one indicator or metric, sorted: by component, place, period, then as they were
 * recorded. They are held as they are kept, and decoded one at a time.
 *
 * A long list is made in steps, none of which takes long: one part of a table is read, or two sorted
 * runs become one. */
#ifndef KL_DAEMON_OBSERVATION_LIST_H
#define KL_DAEMON_OBSERVATION_LIST_H

#include "daemon/own_observation.h"

struct kl_listed_observation {
	struct kl_observation observation;
	uint64_t revision; /* 1, 2, ... by hand; 0: it came in with a table */
	bool superseded;   /* by a later revision */
	bool begins;       /* the first of its component and place */
};

struct kl_observation_list;

/* Begins a list. KL_E_NOMEM, KL_E_DAMAGED. */
int kl_observation_list_begin(struct kl_node *node, const char *code,
	struct kl_observation_list **ret_list, struct kl_fault *fault);

/* One step: 1 while there are more, 0 when the list is there; KL_E_NOMEM, KL_E_DAMAGED, KL_E_BUSY if a
 * table was taken back meanwhile. */
int kl_observation_list_step(struct kl_observation_list *list, struct kl_fault *fault);

/* All steps at once. */
int kl_observation_list_new(struct kl_node *node, const char *code,
	struct kl_observation_list **ret_list, struct kl_fault *fault);
void kl_observation_list_destroy(struct kl_observation_list *list); /* NULL is accepted */

/* Of a list that is there: */
size_t kl_observation_list_count(const struct kl_observation_list *list);
int kl_observation_list_at(const struct kl_observation_list *list, size_t index,
	struct kl_listed_observation *ret_listed, struct kl_fault *fault);

#endif
