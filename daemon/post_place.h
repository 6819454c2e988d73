/* Places of posts: codes, the names of councils, and whatever people call a place. */
#ifndef KL_DAEMON_POST_PLACE_H
#define KL_DAEMON_POST_PLACE_H

#include "daemon/network.h"

/* The council area that a place is: its code, or the name of a council, whole, in the reference table or on
 * the roster ("Example" for "Example Council"). False for anything else, such as the name of a town. */
bool kl_post_place_code(struct kl_node *node, const char *place, char ret_gss[KL_GSS_MAX]);

/* Writes a code in capitals, and a code for the name of a council; leaves other places as they are. */
void kl_post_place_settle(struct kl_node *node, char place[KL_POST_PLACE_MAX]);

/* A place for people: "Calderdale (E08000033)", or as it was written. Returns `out`. */
const char *kl_post_place_name(
	struct kl_node *node, const char *place, char out[KL_POST_PLACE_MAX]);

#endif
