/* Adding payments up to answer a question: the places and all files that are asked for are read, a
 * part a turn, and then somebody answers.
 *
 * asked    "year" (2016, 2016/17, any period), "from" and "to" (days), "file" (number or part of a
 *          name), "area" (for this answer alone) of the request; nothing asks for everything */
#ifndef KL_DAEMON_SPEND_WORK_H
#define KL_DAEMON_SPEND_WORK_H

#include "core/period.h"
#include "core/spend_sum.h"
#include "daemon/control.h"
#include "daemon/node.h"
#include "daemon/spend_files.h"

struct kl_spend_work {
	struct kl_node *node;
	struct kl_spend_files files; /* those that are asked for */
	struct kl_spend_query query;
	enum kl_spend_area_from area_from;
	struct kl_spend_sum *sum;
	bool whole;    /* everything is asked for, and nothing but the area that is remembered */
	size_t places; /* rows of the table of places */
	uint64_t n;    /* of the command: how many are wanted */

	/* The rest is private. */
	bool has_places, in_places;
	int (*answer)(struct kl_spend_work *work, struct kl_ask *ask);
};

/* What the request asks for. KL_E_NOT_FOUND if there are no such files, and words for what cannot be
 * understood. */
int kl_spend_work_new(struct kl_node *node, struct kl_ask *ask, struct kl_spend_work **ret_work);

/* Asks for one period instead of everything, or for what is local to another area than the remembered
 * one; before anything is added up. KL_E_NOMEM. */
int kl_spend_work_within(struct kl_spend_work *work, struct kl_period period);
int kl_spend_work_around(struct kl_spend_work *work, const struct kl_area *area);

void kl_spend_work_destroy(struct kl_spend_work *work);

/* Adds everything up; then `answer` writes the answer's map into ask->out, or refuses, or returns
 * KL_ROWS_GO_ON (daemon/rows.h). The work is destroyed in the end. */
int kl_spend_work_answer(struct kl_spend_work *work, struct kl_ask *ask,
	int (*answer)(struct kl_spend_work *work, struct kl_ask *ask));

/* The same within one call, for one period and the area that is remembered: for values that are asked
 * for in the middle of something else. The caller destroys the work. KL_E_NOT_FOUND with words if no
 * file has payments of that time. */
int kl_spend_work_now(struct kl_node *node, struct kl_period period,
	struct kl_spend_work **ret_work, struct kl_fault *fault);

#endif
