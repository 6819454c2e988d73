/* Help, drawn from the table of commands. */
#ifndef KL_CLIENT_HELP_H
#define KL_CLIENT_HELP_H

#include "client/command.h"

#include <stdio.h>

/* All commands, or those whose first word is `group`, one line each. */
int kl_help_list(const char *group, FILE *out);

/* One command: example, synopsis, options. */
int kl_help_command(const struct kl_command *command, FILE *out);

/* `keeplocal` alone, in verb_status.c: where I stand, or how to begin. */
int kl_verb_outlook(struct kl_cli *cli);

#endif
