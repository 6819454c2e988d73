/* Work on one LM3 project: its suppliers and their answers are added up, a part a turn, and then
 * somebody answers.
 *
 *     int kl_cmd_lm3_explain(void *data, struct kl_ask *ask)
 *     {
 *             struct kl_lm3_work *work;
 *             int rc = kl_lm3_work_new(data, ask, KL_LM3_LEDGER_ONLY, &work);
 *
 *             return rc ? rc : kl_lm3_work_answer(work, ask, explain);
 *     } */
#ifndef KL_DAEMON_LM3_WORK_H
#define KL_DAEMON_LM3_WORK_H

#include "core/lm3.h"
#include "daemon/control.h"
#include "daemon/lm3_project.h"

struct kl_lm3_work {
	struct kl_node *node;
	struct kl_lm3_project project;
	bool in_use;
	struct kl_lm3_sum *sum; /* NULL for a recorded score */
	void *wishes;           /* of the command; freed with it */

	/* The rest is private. */
	int (*answer)(const struct kl_lm3_work *work, struct kl_ask *ask);
};

enum kl_lm3_wanted {
	KL_LM3_ANY,          /* also a score that was worked out elsewhere */
	KL_LM3_LEDGER_ONLY,  /* a ledger; any part of its name will do */
	KL_LM3_LEDGER_NAMED, /* a ledger by its whole name: something will change */
};

/* The project under "name" of the request, and a fresh sum for it. What is not wanted is refused in
 * words. */
int kl_lm3_work_new(struct kl_node *node, struct kl_ask *ask, enum kl_lm3_wanted wanted,
	struct kl_lm3_work **ret_work);
void kl_lm3_work_destroy(struct kl_lm3_work *work);

/* Adds everything up, then `answer` writes the answer's map into ask->out, or refuses. The work is
 * destroyed in the end. */
int kl_lm3_work_answer(struct kl_lm3_work *work, struct kl_ask *ask,
	int (*answer)(const struct kl_lm3_work *work, struct kl_ask *ask));

#endif
