/* keeplocald: the daemon of one member. What stands here is the way in: flags, home, settings. What
 * it does is in node.c. */
#include "core/error.h"
#include "daemon/config.h"
#include "daemon/home.h"
#include "daemon/log.h"
#include "daemon/modes.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

static const char usage[] =
	"keeplocald [--home DIR] [--bind tcp://127.0.0.1:7700] [--connect ENDPOINT]...\n"
	"\n"
	"Serves one member: keeps its figures, stays level with its peers, answers keeplocal.\n"
	"Runs in the foreground; the first line on standard output is `ready ENDPOINT`.\n"
	"\n"
	"  --home DIR           where everything of this member is kept; who serves and does not "
	"say\n"
	"                       it means $XDG_DATA_HOME/keeplocal or ~/.local/share/keeplocal\n"
	"  --bind ENDPOINT      listen there for peers (without it: outgoing connections only)\n"
	"  --connect ENDPOINT   dial this peer too, beside those of the ticket; up to 8\n"
	"  --advertise ENDPOINT what others shall dial, if it differs from --bind\n"
	"  --control PATH       command socket, if not DIR/control\n"
	"  --beat 15s           heartbeat of links\n"
	"  --log LEVEL          error, warning, info or debug\n"
	"  --config FILE        settings, if not DIR/keeplocald.conf (flags win)\n"
	"  --max-store SIZE, --veto NAME, --consent ask|always, --seat yes|no   as in the "
	"settings\n"
	"\n"
	"and without serving, with --home DIR:\n"
	"  --init --name NAME --kind council|anchor|convenor [--gss CODE]   make a home; prints "
	"the id\n"
	"  --join TICKET        keep a ticket for the next start\n"
	"  --verify [--quick]   walk the whole database and say whether it is sound, and whether "
	"the\n"
	"                       search index says what the posts say (quick: without that)\n"
	"  --reindex            make the search index anew\n"
	"  --compact            rewrite the database without its free pages\n"
	"  --this-one           of two machines with one identity, this home is the one that goes "
	"on; "
	"or:\n"
	"                       nobody is left who could tell what it published, and it goes on as "
	"it "
	"is\n"
	"  --version, --help\n";

/* A flag and where its value goes. */
struct flags {
	struct kl_start start;
	const char *mode; /* "--init" and the like; NULL: serve */
	const char *config_file;
	char usual_home[PATH_MAX];
};

static bool is_setting(const char *flag, char key[32])
{
	static const char *const settings[] = {"bind", "connect", "advertise", "control", "beat",
		"log", "max_store", "veto", "consent", "seat"};

	if (strlen(flag) >= 32 + 2)
		return false;
	strcpy(key, flag + 2);
	for (char *c = key; *c; c++)
		if (*c == '-')
			*c = '_';
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (!strcmp(key, settings[i]))
			return true;
	return false;
}

static int take_value(struct flags *f, const char *flag, const char *value, struct kl_fault *fault)
{
	char key[32];

	if (!strcmp(flag, "--home") && !*value)
		return kl_fault(fault, KL_E_USAGE, "--home is empty: expected a folder");
	if (!strcmp(flag, "--home"))
		f->start.home = value;
	else if (!strcmp(flag, "--config"))
		f->config_file = value;
	else if (!strcmp(flag, "--name"))
		f->start.name = value;
	else if (!strcmp(flag, "--kind"))
		f->start.kind = value;
	else if (!strcmp(flag, "--gss"))
		f->start.gss = value;
	else if (!strcmp(flag, "--join"))
		f->mode = "--join", f->start.ticket = value;
	else if (is_setting(flag, key))
		return kl_config_set(&f->start.config, key, value, fault) ? KL_E_USAGE : KL_OK;
	else
		return kl_fault(fault, KL_E_USAGE, "unknown option %s", flag);
	return KL_OK;
}

static bool is_mode(const char *flag)
{
	return !strcmp(flag, "--init") || !strcmp(flag, "--verify") || !strcmp(flag, "--compact") ||
	       !strcmp(flag, "--reindex") || !strcmp(flag, "--this-one") ||
	       !strcmp(flag, "--version") || !strcmp(flag, "--help") || !strcmp(flag, "-h");
}

/* `--flag value` and `--flag=value`; `argv` stays as it is, because it is read again. */
static int parse_one(int argc, char *const *argv, int *at, struct flags *f, struct kl_fault *fault)
{
	const char *word = argv[*at], *equals = strchr(word, '=');
	char flag[64];
	size_t len = equals ? (size_t)(equals - word) : strlen(word);

	if (is_mode(word)) {
		f->mode = word;
		return KL_OK;
	}
	if (!strcmp(word, "--quick")) {
		f->start.quick = true;
		return KL_OK;
	}
	if (strncmp(word, "--", 2) != 0)
		return kl_fault(fault, KL_E_USAGE, "\"%s\" is no option of keeplocald", word);
	if (len >= sizeof flag)
		return kl_fault(fault, KL_E_USAGE, "unknown option %s", word);
	memcpy(flag, word, len);
	flag[len] = '\0';
	if (equals)
		return take_value(f, flag, equals + 1, fault);
	if (*at + 1 == argc)
		return kl_fault(fault, KL_E_USAGE, "%s needs a value", flag);
	return take_value(f, flag, argv[++*at], fault);
}

static int parse(int argc, char *const *argv, struct flags *f, struct kl_fault *fault)
{
	int rc = KL_OK;

	for (int i = 1; i < argc && !rc; i++)
		rc = parse_one(argc, argv, &i, f, fault);
	return rc;
}

/* Where keeplocal looks, too, if nobody says where: NULL if the environment does not tell. */
static const char *usual_home(char out[PATH_MAX])
{
	const char *data = getenv("XDG_DATA_HOME"), *own = getenv("HOME");
	int n = 0;

	if (data && data[0] == '/')
		n = snprintf(out, PATH_MAX, "%s/keeplocal", data);
	else if (own && own[0] == '/')
		n = snprintf(out, PATH_MAX, "%s/.local/share/keeplocal", own);
	return n > 0 && n < PATH_MAX ? out : NULL;
}

/* Flags win over the file: the file is read first, so the flags are taken twice. */
static int settle(int argc, char *const *argv, struct flags *f, struct kl_fault *fault)
{
	char path[PATH_MAX];
	int rc;

	rc = parse(argc, argv, f, fault);
	if (rc || (f->mode && strcmp(f->mode, "--join") != 0))
		return rc;
	if (!f->start.home && !f->mode)
		f->start.home = usual_home(f->usual_home);
	if (!f->start.home)
		return kl_fault(fault, KL_E_USAGE, "--home DIR is needed");
	if (snprintf(path, sizeof path, "%s/keeplocald.conf", f->start.home) >= (int)sizeof path)
		return kl_fault(fault, KL_E_CONFIG, "the path of the home is too long");
	kl_config_init(&f->start.config);
	rc = kl_config_read(&f->start.config, f->config_file ? f->config_file : path, fault);
	return rc ? rc : parse(argc, argv, f, fault);
}

/* The words that the daemon was started with. */
struct words {
	int argc;
	char *const *argv;
};

static int read_again(void *context, struct kl_config *ret_config, struct kl_fault *fault)
{
	const struct words *words = context;
	struct flags f = {0};
	int rc = settle(words->argc, words->argv, &f, fault);

	if (!rc)
		*ret_config = f.start.config;
	return rc;
}

static int run(struct flags *f, struct kl_fault *fault)
{
	if (!f->mode)
		return kl_mode_serve(&f->start, fault);
	if (!f->start.home)
		return kl_fault(fault, KL_E_USAGE, "--home DIR is needed");
	if (!strcmp(f->mode, "--init"))
		return kl_mode_init(&f->start, fault);
	if (!strcmp(f->mode, "--join"))
		return kl_mode_join(&f->start, fault);
	if (!strcmp(f->mode, "--verify"))
		return kl_mode_verify(&f->start, fault);
	if (!strcmp(f->mode, "--reindex"))
		return kl_mode_reindex(&f->start, fault);
	if (!strcmp(f->mode, "--this-one"))
		return kl_mode_this_one(&f->start, fault);
	return kl_mode_compact(&f->start, fault);
}

/* No copy of this program's memory is ever written to a disk: keys and figures stand in it. A file of
 * no length is enough where the kernel writes it, and not where it hands it to a program. The tools that
 * look for leaks have to look into the memory. */
static void leave_no_dumps(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

int main(int argc, char **argv)
{
	struct words words = {argc, argv};
	struct flags f = {.start.settings = {read_again, &words}};
	struct kl_fault fault = {0};
	int rc;

	umask(0077);
	leave_no_dumps();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk */
	if (sodium_init() < 0)
		return kl_error_exit(KL_E_BUG);
	kl_config_init(&f.start.config);
	f.start.program = argv[0];
	rc = settle(argc, argv, &f, &fault);
	if (!rc && f.mode && (!strcmp(f.mode, "--help") || !strcmp(f.mode, "-h")))
		return fputs(usage, stdout) < 0 ? 70 : 0;
	if (!rc && f.mode && !strcmp(f.mode, "--version"))
		return printf("keeplocald %s\n", KL_VERSION) < 0 ? 70 : 0;
	if (!rc)
		rc = run(&f, &fault);
	if (!rc)
		return 0;
	fprintf(stderr, "keeplocald: %s\n", fault.message[0] ? fault.message : kl_error_text(rc));
	if (fault.hint[0])
		fprintf(stderr, "  %s\n", fault.hint);
	return kl_error_exit(rc);
}
