#include "client/cli.h"
#include "client/answer.h"
#include "client/help.h"
#include "client/json.h"
#include "client/sheet.h"
#include "client/new_file.h"
#include "client/screen.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Ctrl-C -------------------------------------------------------------------------------- */

enum { INTERRUPTED = 128 + SIGINT }; /* exit code, as shells give it */

static volatile sig_atomic_t uploading;

/* Only what may be called in a signal handler. The daemon drops a table whose end does not come. */
static void interrupted(int signal)
{
	static const char clear[] = "\r\033[K", words[] = "keeplocal: interrupted\n",
			  hint[] = "  the table did not come in, unless it was whole already\n";
	ssize_t ignored = 0;

	(void)signal;
	if (kl_progress_stands())
		ignored |= write(STDERR_FILENO, clear, sizeof clear - 1);
	ignored |= write(STDERR_FILENO, words, sizeof words - 1);
	if (uploading)
		ignored |= write(STDERR_FILENO, hint, sizeof hint - 1);
	kl_new_file_interrupted();
	(void)ignored; /* a terminal that is gone needs no words */
	_exit(INTERRUPTED);
}

/* Whoever started this program may have it ignored: then that stands. */
static void watch_for_interrupts(void)
{
	struct sigaction action = {.sa_handler = interrupted}, before;

	if (!sigaction(SIGINT, NULL, &before) && before.sa_handler == SIG_DFL)
		(void)sigaction(SIGINT, &action, NULL);
}

/* ---- asking -------------------------------------------------------------------------------- */

int kl_cli_where(struct kl_cli *cli)
{
	return cli->where.control[0] ? KL_OK : kl_where_find(&cli->args, &cli->fault, &cli->where);
}

/* An upload whose parts nobody has counted is as far as its file is read. */
static void show_progress(void *data, uint64_t done, uint64_t total, const char *what)
{
	struct kl_cli *cli = data;

	if (!total && cli->reading)
		kl_sheet_progress(cli->reading, &done, &total);
	kl_progress_show(&cli->progress, done, total, what);
}

static int connect_link(struct kl_cli *cli)
{
	struct kl_link_options options = {.progress = show_progress, .data = cli};
	int rc = kl_cli_where(cli);

	if (rc || cli->link)
		return rc;
	return kl_link_new(cli->where.control, &options, &cli->fault, &cli->link);
}

/* Connects and encodes the arguments: what all requests begin with. */
static int prepare(struct kl_cli *cli, struct kl_pack *pack, struct kl_bytes *ret_args)
{
	static const uint8_t empty_map[] = {0x80};
	int rc = connect_link(cli);

	if (rc)
		return rc;
	kl_progress_init(&cli->progress, cli->err);
	*ret_args = kl_bytes(empty_map, sizeof empty_map);
	if (pack && kl_pack_bytes(pack, ret_args))
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for the request");
	return KL_OK;
}

int kl_cli_ask(
	struct kl_cli *cli, const char *command, struct kl_pack *pack, struct kl_value *ret_answer)
{
	struct kl_bytes args;
	int rc = prepare(cli, pack, &args);

	if (!rc)
		rc = kl_link_ask(cli->link, command, args, &cli->fault, ret_answer);
	kl_progress_clear(&cli->progress);
	return rc;
}

int kl_cli_upload(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	kl_link_next_fn *next, void *data, uint64_t parts, const char *what,
	struct kl_value *ret_answer)
{
	struct kl_bytes args;
	int rc = prepare(cli, pack, &args);

	uploading = !rc;
	if (!rc)
		rc = kl_link_upload(
			cli->link, command, args, next, data, parts, what, &cli->fault, ret_answer);
	uploading = 0;
	cli->reading = NULL;
	kl_progress_clear(&cli->progress);
	return rc;
}

int kl_cli_download(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	kl_link_part_fn *part, void *data, struct kl_value *ret_answer)
{
	struct kl_bytes args;
	int rc = prepare(cli, pack, &args);

	if (!rc)
		rc = kl_link_download(
			cli->link, command, args, part, data, &cli->fault, ret_answer);
	kl_progress_clear(&cli->progress);
	return rc;
}

/* ---- drawing ------------------------------------------------------------------------------- */

int kl_cli_json(struct kl_cli *cli, const struct kl_value *answer)
{
	return kl_json_print(answer, cli->out, &cli->fault);
}

int kl_cli_json_written(struct kl_cli *cli, const struct kl_writer *writer)
{
	struct kl_bytes bytes;
	struct kl_value value;
	int rc = kl_writer_bytes(writer, &bytes);

	if (!rc)
		rc = kl_value_open(bytes, &value);
	return rc ? rc : kl_cli_json(cli, &value);
}

int kl_cli_put(struct kl_cli *cli, const struct kl_value *answer)
{
	const struct kl_command *command = cli->args.command;
	const char *path = command && command->tables ? kl_args_option(&cli->args, "out") : NULL;
	int rc = path ? kl_answer_write(cli, answer, path) : KL_OK;

	if (!rc && cli->json)
		rc = kl_cli_json(cli, answer);
	return rc ? rc : path || cli->json;
}

int kl_cli_give(struct kl_cli *cli, const struct kl_value *answer,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	int rc = kl_cli_put(cli, answer);

	return rc == 0 ? draw(cli, answer) : rc == 1 ? KL_OK : rc;
}

int kl_cli_show(struct kl_cli *cli, const char *command, struct kl_pack *pack,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	struct kl_value answer;
	int rc = kl_cli_ask(cli, command, pack, &answer);

	return rc ? rc : kl_cli_give(cli, &answer, draw);
}

const char *kl_cli_text(
	const struct kl_value *map, const char *key, const char *otherwise, char *out, size_t size)
{
	if (kl_get_text_or(map, key, otherwise, out, size) != KL_OK)
		kl_copy_text(out, size, otherwise);
	return out;
}

/* ---- the program --------------------------------------------------------------------------- */

static int complain(FILE *err, const struct kl_fault *fault, int code)
{
	fprintf(err, "keeplocal: %s\n",
		fault->code && fault->message[0] ? fault->message : kl_error_text(code));
	if (fault->code && fault->hint[0])
		fprintf(err, "  %s\n", fault->hint);
	return kl_error_exit(code);
}

static int run(struct kl_cli *cli)
{
	const struct kl_args *args = &cli->args;

	if (kl_args_flag(args, "version")) {
		fprintf(cli->out, "keeplocal %s\n", KL_VERSION);
		return KL_OK;
	}
	if (kl_args_flag(args, "help")) {
		if (args->command)
			return kl_help_command(args->command, cli->out);
		return kl_help_list(args->group, cli->out);
	}
	return args->command ? args->command->run(cli) : kl_verb_outlook(cli);
}

static int on_screens(int argc, char *const *argv, FILE *out, FILE *err)
{
	struct kl_cli cli = {.out = out, .err = err};
	const char *no_colour = getenv("NO_COLOR");
	int rc = kl_args_parse(argc, argv, &cli.fault, &cli.args), exit_code = 0;

	if (rc)
		return complain(err, &cli.fault, rc);
	watch_for_interrupts();
	cli.json = kl_args_flag(&cli.args, "json");
	cli.colour = !(no_colour && no_colour[0]) && kl_screen_is_terminal(out);
	rc = run(&cli);
	/* A result that could not be written was not given. */
	if (!rc && (fflush(out) != 0 || ferror(out)))
		rc = kl_fault(&cli.fault, KL_E_IO, "cannot write the result: %s", strerror(errno));
	if (rc)
		exit_code = complain(err, &cli.fault, rc);
	kl_link_destroy(cli.link);
	kl_args_deinit(&cli.args);
	return exit_code;
}

int kl_cli_main(int argc, char *const *argv, FILE *out, FILE *err)
{
	FILE *results = kl_screen_open(out, false), *messages = kl_screen_open(err, true);
	int exit_code = results && messages ? on_screens(argc, argv, results, messages)
					    : kl_error_exit(KL_E_NOMEM);

	if (results)
		kl_screen_close(results); /* flushed, and what went wrong is told */
	if (messages)
		kl_screen_close(messages);
	return exit_code;
}
