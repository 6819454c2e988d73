/* The organisation whose like are asked for, as people name it. */
#ifndef KL_DAEMON_NEAREST_FIND_H
#define KL_DAEMON_NEAREST_FIND_H

#include "daemon/nearest.h"

enum { KL_NEAREST_ALSO_MAX = 3 };

struct kl_nearest_named {
	const struct kl_nearest_rows *table;
	size_t row;
	/* Others of whose names the words are a part, while they are the whole of this one's. */
	const char *also[KL_NEAREST_ALSO_MAX];
	size_t n_also; /* how many are told */
	size_t others; /* how many there are */
};

/* The row that a text names: a council's code, a member id, an identifier of a register, or a name of a member or of a council of
 * the reference table. A whole name comes before a part of one, whoever bears it: "Hackney" is the
 * council that the table calls so for short, not the first member with Hackney in its name; and what fits
 * several is asked back. KL_E_NOT_FOUND with what to do, also for a council that is no more (with what came of it) and for
 * a member that takes no part; KL_E_AMBIGUOUS with the candidates. */
int kl_nearest_find(struct kl_node *node, const char *text, struct kl_nearest_named *ret_named,
	struct kl_fault *fault);

#endif
