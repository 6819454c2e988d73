/* One run of `keeplocal`: what a command finds ready, and what it may call.
 *
 * A command returns 0, or a negative code with words in cli->fault; the words go to standard error
 * and the code becomes the exit code, both in one place (cli.c). */
#ifndef KL_CLIENT_CLI_H
#define KL_CLIENT_CLI_H

#include "client/args.h"
#include "client/link.h"
#include "client/pack.h"
#include "client/progress.h"
#include "client/where.h"
#include "core/error.h"
#include "protocol/wire.h"

#include <stdbool.h>
#include <stdio.h>

struct kl_sheet;

struct kl_cli {
	struct kl_args args;
	struct kl_fault fault;
	FILE *out, *err; /* results; messages */
	bool json;       /* --json was given */
	bool colour;     /* results may be coloured: a terminal, and no NO_COLOR */

	/* Filled when the daemon is first needed. */
	struct kl_whereabouts where;
	struct kl_link *link;
	struct kl_progress progress;
	const void *carried; /* what the command that runs needs besides what was typed, or NULL */
	const struct kl_sheet *reading; /* what an upload comes from: it tells how far it is */
};

/* The whole program: exit code. */
int kl_cli_main(int argc, char *const *argv, FILE *out, FILE *err);

/* Asks the daemon; `pack` may be NULL. The answer lives until the next request. */
int kl_cli_ask(
	struct kl_cli *cli, const char *command, struct kl_pack *pack, struct kl_value *ret_answer);

/* As kl_link_upload, with the bar. */
int kl_cli_upload(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	kl_link_next_fn *next, void *data, uint64_t parts, const char *what,
	struct kl_value *ret_answer);

/* As kl_link_download, with the bar. */
int kl_cli_download(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	kl_link_part_fn *part, void *data, struct kl_value *ret_answer);

/* Finds out which home and socket are meant, without asking anybody; for commands that start a
 * daemon themselves. */
int kl_cli_where(struct kl_cli *cli);

/* Prints an answer as JSON: `if (cli->json) return kl_cli_json(cli, &answer);` */
int kl_cli_json(struct kl_cli *cli, const struct kl_value *answer);

/* The same with a map that was written here, of several answers. */
int kl_cli_json_written(struct kl_cli *cli, const struct kl_writer *writer);

/* Writes an answer as a table (--out, if the command has `tables`) and prints it as JSON, as it was
 * asked for: 1 if so, 0 if it is still to be drawn. */
int kl_cli_put(struct kl_cli *cli, const struct kl_value *answer);

/* The same, and draws it with `draw` if it is to be drawn. */
int kl_cli_give(struct kl_cli *cli, const struct kl_value *answer,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer));

/* Asks, then gives the answer: what most commands are. */
int kl_cli_show(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer));

/* For drawing: a text of the answer, or `otherwise` when it is absent or nil. Too long ones are
 * shown as `otherwise`, too. Returns `out`. */
const char *kl_cli_text(
	const struct kl_value *map, const char *key, const char *otherwise, char *out, size_t size);

#endif
