/* init, join: what can be done before a daemon runs. */
#include "client/json.h"
#include "client/request.h"
#include "client/spawn.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char hosting[] =
	"Whoever runs this member's daemon on a machine of theirs can read its figures.";

/* The home, which a socket alone does not tell. */
static int need_home(struct kl_cli *cli)
{
	int rc = kl_cli_where(cli);

	if (rc || cli->where.home[0])
		return rc;
	kl_fault(&cli->fault, KL_E_USAGE, "which home? A daemon of this machine answers already");
	return kl_fault_hint(&cli->fault, "say which with --home DIR");
}

/* Another identity of this person: the service's, or the one in the usual place. */
static bool has_another(const struct kl_cli *cli, char *out, size_t size)
{
	const char *data = getenv("XDG_DATA_HOME"), *own = getenv("HOME");
	char path[PATH_MAX];
	int n;

	if (!kl_link_probe(KL_SERVICE_CONTROL)) {
		(void)kl_copy_text(out, size, "the service of this machine");
		return true;
	}
	n = data && data[0] == '/'
		    ? snprintf(out, size, "%s/keeplocal", data)
		    : snprintf(out, size, "%s/.local/share/keeplocal", own ? own : "");
	if (n < 0 || (size_t)n >= size || !strcmp(out, cli->where.home))
		return false;
	n = snprintf(path, sizeof path, "%s/identity", out);
	return n > 0 && (size_t)n < sizeof path && !access(path, F_OK);
}

static const char *last_line(char *text)
{
	size_t len = strlen(text);
	char *newline;

	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	newline = strrchr(text, '\n');
	return newline ? newline + 1 : text;
}

/* What the daemon would have answered, as a value to print. */
static int print_json(struct kl_cli *cli, const char *key, const char *text, const char *warning)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_value value;
	int rc;

	kl_writer_init(&w);
	kl_write_map(&w, 2);
	kl_put_text(&w, key, text);
	kl_put_array(&w, "warnings", warning ? 1 : 0);
	if (warning)
		kl_write_text(&w, warning);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &value);
	rc = rc ? kl_fault(&cli->fault, rc, "no memory for the answer") : kl_cli_json(cli, &value);
	kl_writer_deinit(&w);
	return rc;
}

/* ---- init ---------------------------------------------------------------------------------- */

/* The profile of whoever is a council, or said in which one it works. */
static const char *profile_step(const char *kind, const char *gss)
{
	if (!strcmp(kind, "convenor"))
		return "";
	if (!gss && strcmp(kind, "council") != 0)
		return "  keeplocal profile set gss=CODE\n"
		       "      says in which council area you are\n";
	return "  keeplocal reference import FILE, then keeplocal profile fill\n"
	       "      fill in your profile from a table of councils, if you have one\n";
}

static int run_init(struct kl_cli *cli)
{
	const char *name = kl_args_option(&cli->args, "name");
	const char *kind = kl_args_option(&cli->args, "kind");
	const char *gss = kl_args_option(&cli->args, "gss");
	char out[KL_SPAWN_OUT_MAX], other[PATH_MAX], warning[PATH_MAX + 64];
	const char *id;
	bool another;
	int rc;

	if (!name || !kind) {
		kl_fault(&cli->fault, KL_E_USAGE,
			"--name and --kind council|anchor|convenor are needed");
		return kl_fault_hint(&cli->fault, "for example: %s", cli->args.command->example);
	}
	rc = need_home(cli);
	if (rc)
		return rc;
	another = has_another(cli, other, sizeof other);
	(void)snprintf(warning, sizeof warning, "there is another identity at hand: %s", other);
	const char *const args[] = {"--home", cli->where.home, "--init", "--name", name, "--kind",
		kind, gss ? "--gss" : NULL, gss, NULL};
	rc = kl_spawn_daemon(args, out, sizeof out, &cli->fault);
	if (rc)
		return rc;
	id = last_line(out);
	if (cli->json)
		return print_json(cli, "member_id", id, another ? warning : NULL);
	if (another)
		fprintf(cli->out, "Mind: %s.\n", warning);
	fprintf(cli->out,
		"%s has a home in %s.\n%s\n\n"
		"Next:\n"
		"  keeplocald --home %s\n"
		"      starts its daemon; leave it running\n"
		"  keeplocal --home %s\n"
		"      in another window: where you stand, and what to do next\n"
		"%s\n"
		"%s\n%s\n",
		name, cli->where.home, hosting, cli->where.home, cli->where.home,
		profile_step(kind, gss),
		strcmp(kind, "convenor")
			? "Your member id, which your convenor needs to admit you:"
			: "Your member id; nobody needs it, for you found the network yourself:",
		id);
	return KL_OK;
}

static const struct kl_option init_options[] = {
	{"name", "NAME", "of the council, community anchor or network"},
	{"kind", "KIND", "council, anchor or convenor"},
	{"gss", "CODE",
		"of a council, or of the council area an anchor works in, such as E08000032"},
	{NULL},
};

const struct kl_command kl_verb_init = {
	.words = "init",
	.example = "keeplocal init --name \"Halifax Opportunities Trust\" --kind anchor",
	.help = "make an identity and a home for it; the last line is the member id",
	.more = "Nobody else ever has the keys in it. Whoever runs a member's daemon for it, on a "
		"machine of\n"
		"theirs, can read that member's figures: keep it on your own, or know whom you "
		"trust.",
	.options = init_options,
	.run = run_init,
};

/* ---- join ---------------------------------------------------------------------------------- */

static int draw_join(struct kl_cli *cli, const struct kl_value *answer)
{
	char state[64];

	fprintf(cli->out, "The ticket is kept: %s.\n",
		kl_cli_text(answer, "state", "?", state, sizeof state));
	return KL_OK;
}

static int keep_ticket(struct kl_cli *cli)
{
	static const char state[] = "kept for the next start of the daemon";
	char out[KL_SPAWN_OUT_MAX];
	int rc = need_home(cli);
	const char *const args[] = {
		"--home", cli->where.home, "--join", cli->args.operands[0], NULL};

	if (!rc)
		rc = kl_spawn_daemon(args, out, sizeof out, &cli->fault);
	if (rc)
		return rc;
	if (cli->json)
		return print_json(cli, "state", state, NULL);
	fprintf(cli->out, "The ticket is %s: keeplocald --home %s\n", state, cli->where.home);
	return KL_OK;
}

static int run_join(struct kl_cli *cli)
{
	static const char *const keys[] = {"ticket", NULL};
	int rc = kl_cli_where(cli);

	if (rc)
		return rc;
	if (kl_link_probe(cli->where.control) == KL_E_UNREACHABLE)
		return keep_ticket(cli);
	return kl_request_show(cli, "join", keys, draw_join);
}

const struct kl_command kl_verb_join = {
	.words = "join",
	.operands = "TICKET",
	.example = "keeplocal join TICKET",
	.help = "join the network that a ticket of its convenor names",
	.operands_min = 1,
	.operands_max = 1,
	.run = run_join,
};
