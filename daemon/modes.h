/* What keeplocald can be started for: to serve a member, or one of the small tasks that need no
 * running daemon. */
#ifndef KL_DAEMON_MODES_H
#define KL_DAEMON_MODES_H

#include "core/error.h"
#include "daemon/config.h"
#include "daemon/node.h"

struct kl_start {
	const char *program; /* argv[0], to start ourselves again for --verify */
	const char *home;
	const char *name, *kind, *gss; /* --init */
	const char *ticket;            /* --join */
	bool quick;                    /* --verify: the database alone, not what the index says */
	struct kl_config config;
	struct kl_settings settings; /* where `config` came from, to read it again */
};

/* Serves until SIGTERM or SIGINT. */
int kl_mode_serve(struct kl_start *start, struct kl_fault *fault);

/* Makes a home with a new identity and prints the member id as the last line. */
int kl_mode_init(const struct kl_start *start, struct kl_fault *fault);

/* Checks a ticket and keeps it in the home. KL_E_EXISTS if the home is in another network. */
int kl_mode_join(const struct kl_start *start, struct kl_fault *fault);

/* Walks the whole database; then whether the search index agrees with it, unless that is not asked for:
 * an index that does not is KL_E_CONFLICT, not damage. In a process of its own, because a damaged file can kill its reader. */
int kl_mode_verify(const struct kl_start *start, struct kl_fault *fault);

/* Makes the search index anew. Interrupted, it goes on at the next start. */
int kl_mode_reindex(const struct kl_start *start, struct kl_fault *fault);

/* A person says that this home is the one that goes on: among two machines with one key; or, if there
 * is no other, with what is here, though nobody could say whether that is all. */
int kl_mode_this_one(const struct kl_start *start, struct kl_fault *fault);

/* Rewrites the database without free pages, so that what was erased is gone from the file. */
int kl_mode_compact(const struct kl_start *start, struct kl_fault *fault);

#endif
