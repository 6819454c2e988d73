#include "client/cli.h"
#include "client/help.h"

#include <stdio.h>
#include <string.h>

/* `keeplocal help lm3 result` is `keeplocal lm3 result --help`. */
static int run(struct kl_cli *cli)
{
	char command[] = "keeplocal", flag[] = "--help";
	char *argv[2 + KL_COMMAND_WORDS_MAX + 1] = {command};
	char words[KL_COMMAND_WORDS_MAX][64];
	struct kl_args args;
	int argc = 1, rc;

	for (size_t i = 0; i < cli->args.operand_count; i++) {
		kl_copy_text(words[i], sizeof words[i], cli->args.operands[i]);
		argv[argc++] = words[i];
	}
	argv[argc++] = flag;
	rc = kl_args_parse(argc, argv, &cli->fault, &args);
	if (rc)
		return rc;
	if (args.command)
		rc = kl_help_command(args.command, cli->out);
	else
		rc = kl_help_list(args.group, cli->out);
	kl_args_deinit(&args);
	return rc;
}

const struct kl_command kl_verb_help = {
	.words = "help",
	.operands = "[COMMAND]",
	.example = "keeplocal help status",
	.help = "explain a command, or list them all",
	.operands_max = KL_COMMAND_WORDS_MAX,
	.run = run,
};
