/* Commands that publish something: a preview, one question, then the deed.
 *
 * `--dry-run` ends with the preview; `--yes` skips the question and is for scripts. Nobody is asked
 * unless standard input is a terminal: without one and without `--yes` nothing is published. A preview
 * that says "private": true publishes nothing, and is done without a question. */
#ifndef KL_CLIENT_CONFIRM_H
#define KL_CLIENT_CONFIRM_H

#include "client/cli.h"

struct kl_deed {
	const char *command;
	/* Adds the arguments. The second time `preview` is the answer that the person saw: what it
	 * named is asked for exactly, so that nothing else can slip in between. NULL before. */
	void (*fill)(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview);
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer);
	/* May be NULL: does something with the answer to the deed itself, before it is told. */
	int (*carry)(struct kl_cli *cli, const struct kl_value *answer);
	/* May be NULL: whether what the preview shows can be done at all; if not, nobody is asked. */
	int (*check)(struct kl_cli *cli, const struct kl_value *preview);
	const char *question; /* "Publish this?" */
	const char *done;     /* said when it was done: "Published." */
	/* All that leaves was typed with the command, and scripts rely on it: without a terminal it is done
	 * without a question. */
	bool typed;
	/* May be NULL: says what was done, instead of `done`, where that depends on the answer. */
	void (*tell)(struct kl_cli *cli, const struct kl_value *answer);
	/* May be NULL: writes the answer of a --json run, where it is not given as it is. */
	int (*json)(struct kl_cli *cli, const struct kl_value *answer);
	const char *kept; /* said instead where the answer is "private": nothing has left */
};

int kl_confirm_deed(struct kl_cli *cli, const struct kl_deed *deed);

/* The two options, for the tables of such commands. */
#define KL_DEED_OPTIONS                                                                            \
	{"dry-run", NULL, "only show what would leave"},                                           \
	{                                                                                          \
		"yes", NULL, "do not ask: for scripts"                                             \
	}

/* For `fill`: the tally that was typed, or the one that the person saw. */
void kl_deed_tally(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview);

/* Splits "a,b,c" into an array of texts under `key`; NULL adds nothing. */
void kl_pack_list(struct kl_pack *pack, const char *key, const char *commas);

#endif
