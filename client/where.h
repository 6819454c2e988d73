/* Which daemon to ask.
 *
 * `--control PATH` or `--home DIR` win; else the service's socket, if somebody answers there; else
 * the person's own home, $XDG_DATA_HOME/keeplocal or ~/.local/share/keeplocal. */
#ifndef KL_CLIENT_WHERE_H
#define KL_CLIENT_WHERE_H

#include "client/args.h"
#include "core/error.h"

#include <limits.h>

#define KL_SERVICE_CONTROL "/run/keeplocal/control"

struct kl_whereabouts {
	char control[PATH_MAX];
	char home[PATH_MAX]; /* empty when only a socket is known */
};

/* KL_E_USAGE for an empty path, KL_E_CONFIG when there is no place to look at, KL_E_TOO_BIG for a path beyond PATH_MAX. */
int kl_where_find(
	const struct kl_args *args, struct kl_fault *fault, struct kl_whereabouts *ret_where);

#endif
