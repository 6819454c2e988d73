#include "daemon/commands.h"
#include "daemon/node.h"

const struct kl_command_handler kl_handlers[] = {
#define KL_HANDLER(words, function) {words, function},
#include "daemon/commands.def"
#undef KL_HANDLER
};

const size_t kl_handlers_count = sizeof kl_handlers / sizeof *kl_handlers;
