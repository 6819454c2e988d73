/* The table of commands: one entry drives parsing, `--help` and what runs.
 *
 * words      what people type to name it: "lm3 result"
 * operand    anything else that is no option: a name, a file, FIELD=VALUE, an amount
 * option     `--name value` or `--name=value`; a flag is an option without a value
 *
 * Each command is one file, verb_*.c, that defines `const struct kl_command kl_verb_NAME`, and one
 * line in commands.def. README.md shows a whole one. */
#ifndef KL_CLIENT_COMMAND_H
#define KL_CLIENT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

enum { KL_COMMAND_WORDS_MAX = 3, KL_COMMAND_OPERANDS_ANY = 1 << 20 };

struct kl_cli;

struct kl_option {
	const char *name;  /* without the dashes; NULL ends a list */
	const char *value; /* what help calls its value, such as "PENCE"; NULL: a flag */
	const char *help;  /* one line */
	bool many;         /* may stand more than once */
};

/* For every command that reads a table: kl_args_option(args, "sheet") goes to kl_sheet_open(). */
#define KL_OPTION_SHEET                                                                            \
	{                                                                                          \
		"sheet", "SHEET", "the sheet of an XLSX that is meant; the first if not said"      \
	}

struct kl_command {
	const char *words;
	const char *operands;            /* as help shows them: "NAME [FILE]..."; NULL: none */
	const char *example;             /* whole command line; help shows it first */
	const char *help;                /* one line */
	const char *more;                /* further paragraphs of help, or NULL */
	const struct kl_option *options; /* NULL: none but the global ones */
	size_t operands_min, operands_max;
	bool tables; /* its answer can be written as a table: it takes kl_table_options, too */
	/* 0, or negative with the words in cli->fault (see cli.h). */
	int (*run)(struct kl_cli *cli);
};

/* All commands, in the order of help. The list ends with NULL. */
extern const struct kl_command *const kl_commands[];

/* --out, for commands whose answer kl_cli_show() can write as a table; ended by a NULL name. */
extern const struct kl_option kl_table_options[];

/* Options that stand anywhere, ended by a NULL name: home, control, json, help, version. */
extern const struct kl_option kl_global_options[];

#endif
