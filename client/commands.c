#include "client/command.h"

#define KL_COMMAND(name) extern const struct kl_command kl_verb_##name;
#include "client/commands.def"
#undef KL_COMMAND

const struct kl_command *const kl_commands[] = {
#define KL_COMMAND(name) &kl_verb_##name,
#include "client/commands.def"
#undef KL_COMMAND
	NULL,
};

const struct kl_option kl_table_options[] = {
	{"out", "FILE", "write the answer there as a table: .csv, or .xlsx with all its parts"},
	{NULL},
};

const struct kl_option kl_global_options[] = {
	{"home", "DIR", "the home whose daemon to ask"},
	{"control", "PATH", "the socket of the daemon to ask"},
	{"json", NULL, "print the answer as JSON"},
	{"help", NULL, "explain, with an example first (-h)"},
	{"version", NULL, "print the version"},
	{NULL},
};
