/* The next useful steps, by the rules of next_steps.def. */
#ifndef KL_DAEMON_NEXT_STEPS_H
#define KL_DAEMON_NEXT_STEPS_H

#include "daemon/outlook.h"

#include <stddef.h>

enum { KL_NEXT_SHOWN = 3, KL_NEXT_COMMAND_MAX = 320 };

struct kl_next_step {
	char command[KL_NEXT_COMMAND_MAX];
	const char *why;
};

/* The most useful first; returns how many. */
size_t kl_next_steps(
	const struct kl_outlook *outlook, struct kl_next_step ret_steps[KL_NEXT_SHOWN]);

#endif
