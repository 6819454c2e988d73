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
#include "daemon/lm3_tables.h"

struct kl_lm3_work;

/* Writes the answer's map into ask->out, or refuses. */
typedef int kl_lm3_answer_fn(const struct kl_lm3_work *work, struct kl_ask *ask);

/* The same, but the work belongs to this function from now on, also if it fails. It may also make the
 * ask something that is answered later and return KL_ROWS_GO_ON. */
typedef int kl_lm3_then_fn(struct kl_lm3_work *work, struct kl_ask *ask);

struct kl_lm3_work {
	struct kl_node *node;
	struct kl_lm3_project project;
	bool in_use;
	struct kl_lm3_sum *sum; /* NULL for a recorded score */
	uint64_t most;          /* kl_lm3_work_list(): how many are wanted */
	void *wishes;           /* of the command; freed with it */

	/* The rest is private. */
	struct kl_lm3_tables tables;
	kl_lm3_answer_fn *answer;
	kl_lm3_then_fn *then;
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

/* The same with a name that the caller has. */
int kl_lm3_work_on(struct kl_node *node, struct kl_ask *ask, const char *name,
	enum kl_lm3_wanted wanted, struct kl_lm3_work **ret_work);

void kl_lm3_work_destroy(struct kl_lm3_work *work);

/* Adds everything up, then answers; the work is destroyed in the end. */
int kl_lm3_work_answer(struct kl_lm3_work *work, struct kl_ask *ask, kl_lm3_answer_fn *answer);

/* What a command is that lists suppliers of a ledger: `work->most` of them, as "n" of the request says,
 * up to `max`, or as many as usual. */
int kl_lm3_work_list(struct kl_node *node, struct kl_ask *ask, uint64_t max, uint64_t usual,
	kl_lm3_answer_fn *answer);

/* Adds everything up, then goes on; the work is gone for the caller. */
int kl_lm3_work_then(struct kl_lm3_work *work, struct kl_ask *ask, kl_lm3_then_fn *then);

/* Sends what stands in ask->out, once the sums of a project are kept again: what changed makes others
 * of them, and whoever wants a value of them must not wait for all rows in one turn. At once if there
 * is no such ledger. */
int kl_lm3_work_afresh(struct kl_node *node, struct kl_ask *ask, const char *name);

/* A table of this project has just come in, and its sum holds all there is now: keeps that. */
void kl_lm3_work_kept(struct kl_lm3_work *work);

/* The same after an upload that took a while: nothing is kept if another table came in or was taken
 * back since the work was added up. */
void kl_lm3_work_grew(struct kl_lm3_work *work);

#endif
