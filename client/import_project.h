/* Which LM3 project the files of `import` are for. */
#ifndef KL_CLIENT_IMPORT_PROJECT_H
#define KL_CLIENT_IMPORT_PROJECT_H

#include "client/cli.h"

#include <stddef.h>

/* The project that --project says, or the only one that takes suppliers, or of several the one that is
 * chosen at a terminal. `path` is the file that needs it, for messages. KL_E_NOT_FOUND if there is
 * none, KL_E_USAGE if several are there and nobody to ask. */
int kl_import_project(struct kl_cli *cli, const char *path, char *ret_project, size_t size);

#endif
