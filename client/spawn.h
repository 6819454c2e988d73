/* Starting keeplocald for the few tasks that need no running daemon: making a home, keeping a
 * ticket. The client itself opens no key and no database. */
#ifndef KL_CLIENT_SPAWN_H
#define KL_CLIENT_SPAWN_H

#include "core/error.h"

#include <stddef.h>

enum { KL_SPAWN_OUT_MAX = 8192, KL_SPAWN_ARGS_MAX = 16 };

/* Runs keeplocald with `args` (ended by NULL, without the program's name), waits for its end and
 * gives what it printed on standard output, cut to `size`. It is looked for beside this program,
 * then in ../daemon of a build tree, then on PATH. If it fails, its own words and code stand in
 * `fault`; KL_E_CONFIG if it cannot be found. */
int kl_spawn_daemon(const char *const *args, char *ret_out, size_t size, struct kl_fault *fault);

#endif
