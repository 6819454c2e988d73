/* Areas as people name them: codes as core/area.h reads them, or members by name (itself, those on the
 * roster), for the council area that the roster or the own profile has for them; councils by their name
 * in the table of councils (reference.h), and those that are no more by theirs. */
#ifndef KL_DAEMON_WHICH_AREA_H
#define KL_DAEMON_WHICH_AREA_H

#include "core/area.h"
#include "daemon/node.h"

/* The area that `text` means. What kl_area_parse() says for a text that is neither code nor name;
 * KL_E_AMBIGUOUS with the candidates. */
int kl_which_area(
	struct kl_node *node, const char *text, struct kl_area *ret_area, struct kl_fault *fault);

/* The council area of this member's own profile. KL_E_NOT_FOUND with what to do. */
int kl_own_area(struct kl_node *node, struct kl_area *ret_area, struct kl_fault *fault);

#endif
