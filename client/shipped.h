/* The data files that come with the program, ready to travel to the daemon. */
#ifndef KL_CLIENT_SHIPPED_H
#define KL_CLIENT_SHIPPED_H

#include "client/pack.h"
#include "core/error.h"

/* Puts the factor tables into a request, under the key "factors". KL_E_NOT_FOUND and what reading
 * them says, with words. */
int kl_pack_factors(struct kl_pack *pack, struct kl_fault *fault);

#endif
