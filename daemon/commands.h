/* The commands that the socket takes, one function each: the list is commands.def. */
#ifndef KL_DAEMON_COMMANDS_H
#define KL_DAEMON_COMMANDS_H

#include "daemon/control.h"

#define KL_HANDLER(words, function) int function(void *node, struct kl_ask *ask);
#include "daemon/commands.def"
#undef KL_HANDLER

#endif
