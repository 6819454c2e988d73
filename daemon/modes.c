#include "daemon/modes.h"
#include "core/money.h"
#include "daemon/home.h"
#include "daemon/indexer.h"
#include "daemon/log.h"
#include "daemon/marks.h"
#include "daemon/node.h"
#include "protocol/memberid.h"
#include "protocol/ticket.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { FILES_WANTED = 4096, FILES_NEEDED = 1024 };

/* ---- without serving ----------------------------------------------------------------------- */

static void print_member_id(const struct kl_identity *identity)
{
	struct kl_memberid id = {.identity = identity->sign.public_key, .kind = identity->kind};
	char text[KL_MEMBERID_TEXT_MAX];

	memcpy(id.curve_key, identity->curve.public_key.b, sizeof id.curve_key);
	kl_memberid_format(&id, text);
	printf("%s\n", text);
}

int kl_mode_init(const struct kl_start *start, struct kl_fault *fault)
{
	struct kl_identity identity = {.kind = KL_MEMBER_COUNCIL};
	struct kl_home home;
	int rc;

	if (!start->name || !start->kind)
		return kl_fault(
			fault, KL_E_USAGE, "--name and --kind council|anchor|convenor are needed");
	if (kl_member_kind_parse(start->kind, &identity.kind))
		return kl_fault(fault, KL_E_USAGE,
			"--kind is council, anchor or convenor, not \"%s\"; health bodies, police "
			"commissioners and LEPs cannot be members yet",
			start->kind);
	if (!kl_copy_text(identity.name, sizeof identity.name, start->name))
		return kl_fault(fault, KL_E_USAGE, "the name is too long");
	if (start->gss && !kl_gss_typed(start->gss, identity.gss))
		return kl_fault(fault, KL_E_USAGE,
			"--gss: '%.40s' is no GSS code; they look like E08000032", start->gss);
	if ((rc = kl_home_create(start->home, &identity, fault)) ||
		(rc = kl_home_open(&home, start->home, fault)))
		return rc;
	print_member_id(&home.identity);
	kl_home_close(&home);
	return KL_OK;
}

int kl_mode_join(const struct kl_start *start, struct kl_fault *fault)
{
	struct kl_home home;
	int rc = kl_home_open(&home, start->home, fault);

	if (rc)
		return rc;
	rc = kl_home_keep_ticket(&home, start->ticket, fault);
	kl_home_close(&home);
	return rc;
}

/* Whether the search index says what the posts say; of how many is in *ret_documents. */
static int verify_index(const char *data, uint64_t *ret_documents, struct kl_fault *fault)
{
	struct kl_store *store;
	int rc = kl_store_open_read_only(data, fault, &store);

	if (rc)
		return rc;
	rc = kl_indexer_check(store, ret_documents, fault);
	kl_store_close(store);
	if (rc == KL_E_CONFLICT)
		kl_fault_hint(fault,
			"make it anew: keeplocald --home DIR --reindex; nothing else is wrong");
	return rc;
}

int kl_mode_verify(const struct kl_start *start, struct kl_fault *fault)
{
	struct kl_home home;
	struct kl_verify_report report;
	char data[PATH_MAX], entries[KL_MONEY_TEXT_MAX], bytes[KL_MONEY_TEXT_MAX];
	uint64_t documents = 0;
	int rc = kl_home_open(&home, start->home, fault);

	if (rc)
		return rc;
	rc = kl_home_path(&home, "data", data);
	if (!rc)
		rc = kl_store_verify(data, fault, &report);
	if (!rc && !start->quick)
		rc = verify_index(data, &documents, fault);
	if (rc == KL_E_NOT_FOUND) {
		printf("sound: there is no database yet\n");
		rc = KL_OK;
	} else if (!rc) {
		printf("sound: %s entr%s, %s bytes\n",
			kl_count_format((int64_t)report.entries, entries),
			report.entries == 1 ? "y" : "ies",
			kl_count_format((int64_t)report.bytes, bytes));
		if (!start->quick)
			printf("the search index says what posts and corrections say: %s of them\n",
				kl_count_format((int64_t)documents, entries));
	}
	kl_home_close(&home);
	return rc;
}

int kl_mode_reindex(const struct kl_start *start, struct kl_fault *fault)
{
	char data[PATH_MAX], text[KL_MONEY_TEXT_MAX];
	struct kl_store *store = NULL;
	struct kl_home home;
	uint64_t documents;
	int rc = kl_home_open(&home, start->home, fault);

	if (rc)
		return rc;
	if (!(rc = kl_home_lock(&home, fault)) && !(rc = kl_home_path(&home, "data", data)) &&
		!(rc = kl_store_open(data, NULL, fault, &store)))
		rc = kl_indexer_remake(store, &documents, fault);
	if (!rc)
		printf("the search index was made anew from posts and corrections: %s of them\n",
			kl_count_format((int64_t)documents, text));
	kl_store_close(store);
	kl_home_close(&home);
	return rc;
}

/* In this order: an end in between leaves a home that has to be chosen again. */
static int choose(const struct kl_home *home, struct kl_fault *fault)
{
	bool superseded, twin = kl_mark_twin(home, &superseded);
	struct kl_choice choice = kl_mark_choice(home);
	uint64_t now = kl_node_wall();
	int rc;

	choice.chosen = now > choice.chosen ? now : choice.chosen + 1;
	choice.go_on = !twin;
	rc = kl_mark_choose(home, choice, fault);
	if (!rc && twin)
		rc = kl_mark_put(home, KL_HOME_RESTORED, "chosen among two\n");
	if (!rc && twin)
		rc = kl_mark_take(home, "twin");
	if (rc)
		return kl_fault(fault, rc, "the choice could not be kept");
	printf(twin ? "this home is the one. Start keeplocald: it takes what the other machine "
		      "has published, then it goes on. Remove the home of the other machine\n"
		    : "this home goes on as it is, from the next start of keeplocald\n");
	return KL_OK;
}

int kl_mode_this_one(const struct kl_start *start, struct kl_fault *fault)
{
	struct kl_home home;
	int rc = kl_home_open(&home, start->home, fault);

	if (rc)
		return rc;
	rc = kl_home_lock(&home, fault);
	if (!rc)
		rc = choose(&home, fault);
	kl_home_close(&home);
	return rc;
}

int kl_mode_compact(const struct kl_start *start, struct kl_fault *fault)
{
	struct kl_home home;
	uint64_t before, after;
	char data[PATH_MAX], from[KL_MONEY_TEXT_MAX], to[KL_MONEY_TEXT_MAX];
	int rc = kl_home_open(&home, start->home, fault);

	if (rc)
		return rc;
	if (!(rc = kl_home_lock(&home, fault)) && !(rc = kl_home_path(&home, "data", data)))
		rc = kl_store_compact(data, fault, &before, &after);
	if (!rc)
		printf("compacted: %s bytes before, %s after\n",
			kl_count_format((int64_t)before, from),
			kl_count_format((int64_t)after, to));
	kl_home_close(&home);
	return rc;
}

/* ---- serving ------------------------------------------------------------------------------- */

/* Every connection is a file: at 256, two thousand silent connections lock honest members out. */
static int raise_files(struct kl_fault *fault)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return KL_OK;
	if (limit.rlim_cur < FILES_WANTED) {
		limit.rlim_cur = limit.rlim_max < FILES_WANTED ? limit.rlim_max : FILES_WANTED;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES_NEEDED)
		return KL_OK;
	kl_fault(fault, KL_E_CONFIG, "only %llu files may be open, %d are needed",
		(unsigned long long)limit.rlim_cur, FILES_NEEDED);
	kl_fault_hint(
		fault, "raise it: ulimit -n %d, or LimitNOFILE= of the service", FILES_WANTED);
	return KL_E_CONFIG;
}

static int check_libraries(struct kl_fault *fault)
{
	int major, minor, patch;

	zmq_version(&major, &minor, &patch);
	if (ZMQ_MAKE_VERSION(major, minor, patch) < ZMQ_MAKE_VERSION(4, 3, 3))
		return kl_fault(fault, KL_E_CONFIG, "libzmq %d.%d.%d is too old: 4.3.3 is needed",
			major, minor, patch);
	if (!zmq_has("curve"))
		return kl_fault(fault, KL_E_CONFIG, "this libzmq was built without CURVE");
	return KL_OK;
}

/* What the child said: a message, and what to do. */
static void take_words(FILE *from, struct kl_fault *ret_said)
{
	static const char front[] = "keeplocald: ";
	const size_t skip = sizeof front - 1;
	char line[KL_FAULT_MESSAGE_MAX + 64];

	while (fgets(line, sizeof line, from)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, front, skip) && !ret_said->message[0])
			kl_fault(ret_said, KL_E_DAMAGED, "%s", line + skip);
		else if (ret_said->message[0] && !strncmp(line, "  ", 2) && !ret_said->hint[0])
			kl_fault_hint(ret_said, "%s", line + 2);
	}
}

static int start_child(const struct kl_home *home, pid_t *ret_child, FILE **ret_said)
{
	char self[] = "/proc/self/exe", verify[] = "--verify", quick[] = "--quick";
	char flag[] = "--home", path[PATH_MAX];
	char *argv[] = {self, verify, quick, flag, path, NULL};
	posix_spawn_file_actions_t actions;
	int ends[2], rc;

	memcpy(path, home->path, sizeof path);
	if (pipe2(ends, O_CLOEXEC))
		return errno;
	*ret_said = fdopen(ends[0], "r");
	if (!*ret_said) {
		close(ends[0]);
		close(ends[1]);
		return ENOMEM;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
	rc = posix_spawn(ret_child, self, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (rc)
		fclose(*ret_said);
	return rc;
}

static int code_of(int status)
{
	static const int others[] = {KL_E_BUSY, KL_E_IO, KL_E_NOMEM};

	for (size_t i = 0; WIFEXITED(status) && i < sizeof others / sizeof *others; i++)
		if (WEXITSTATUS(status) == kl_error_exit(others[i]))
			return others[i];
	return KL_E_DAMAGED;
}

/* The database is walked in a child, since damaged files crash the process that reads them. */
static int verify_in_child(const struct kl_home *home, struct kl_fault *fault)
{
	struct kl_fault said = {0};
	int status, rc;
	FILE *from = NULL;
	pid_t child;

	kl_log(KL_LOG_WARNING, "the last run did not end cleanly: verifying the database");
	rc = start_child(home, &child, &from);
	if (rc)
		return kl_fault(fault, KL_E_IO, "cannot start the verification: %s", strerror(rc));
	take_words(from, &said);
	fclose(from);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return kl_fault(fault, KL_E_IO, "the verification was lost");
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return KL_OK;
	if (!WIFEXITED(status) || !said.message[0] || !said.hint[0]) {
		kl_fault(&said, KL_E_DAMAGED, "the database in %s/data is damaged%s", home->path,
			WIFSIGNALED(status) ? " (reading it crashed)" : "");
		kl_fault_hint(&said,
			"nothing was changed; restore the last backup, or move data/ away and "
			"start afresh: what the network knows comes back by itself");
	}
	said.code = code_of(status);
	*fault = said;
	return said.code;
}

/* `running` stands in the home while the daemon does: found at start, the last run died. */
static int mark_running(const struct kl_home *home, struct kl_fault *fault)
{
	int rc = KL_OK;

	if (!faccessat(home->dir, "running", F_OK, 0))
		rc = verify_in_child(home, fault);
	return rc ? rc : kl_home_write(home, "running", kl_bytes("", 0), fault);
}

/* A database that was damaged after a clean end is read without having been verified, and LMDB does
 * not expect that. Whoever reads the message is told what happened, and `running` stays: so the next
 * start verifies, in words. Only what async-signal-safe functions can do. */
static void on_crash(int number)
{
	static const char said[] =
		"keeplocald: the database cannot be read: it is damaged (reading it crashed)\n"
		"  start again to have it verified; or restore the last backup\n";

	(void)number;
	if (write(STDERR_FILENO, said, sizeof said - 1) < 0)
		_exit(kl_error_exit(KL_E_IO));
	_exit(kl_error_exit(KL_E_DAMAGED));
}

static const int crashes[] = {SIGBUS, SIGSEGV, SIGABRT}; /* LMDB asserts, too */
enum { CRASHES = sizeof crashes / sizeof *crashes };
static struct sigaction before[CRASHES];

/* Later it may be a mistake of this program as well: words, and then it crashes as it would have. */
static void on_late_crash(int number)
{
	static const char said[] =
		"keeplocald: it ends in the middle: the database is damaged, or this program has a "
		"mistake\n  start it again: the database is verified first; what was confirmed is "
		"kept\n";

	if (write(STDERR_FILENO, said, sizeof said - 1) < 0)
		_exit(kl_error_exit(KL_E_IO));
	for (size_t i = 0; i < CRASHES; i++)
		if (crashes[i] == number)
			sigaction(number, &before[i], NULL);
}

static void catch_crashes(void (*handler)(int number), bool first)
{
	const struct sigaction ours = {.sa_handler = handler};

	for (size_t i = 0; i < CRASHES; i++)
		sigaction(crashes[i], &ours, first ? &before[i] : NULL);
}

static int serve(struct kl_node *node, struct kl_fault *fault)
{
	int rc;

	if ((rc = raise_files(fault)) || (rc = check_libraries(fault)) ||
		(rc = kl_home_lock(&node->home, fault)) || (rc = mark_running(&node->home, fault)))
		return rc;
	catch_crashes(on_crash, true);
	rc = kl_node_start(node, fault);
	catch_crashes(on_late_crash, false);
	if (rc == KL_E_DAMAGED && !fault->hint[0])
		kl_fault_hint(fault,
			"start again to have the database verified, or restore the last backup");
	if (!rc)
		kl_node_run(node);
	if (!rc || rc != KL_E_DAMAGED)
		unlinkat(node->home.dir, "running", 0);
	return rc;
}

int kl_mode_serve(struct kl_start *start, struct kl_fault *fault)
{
	static struct kl_node node; /* large, and there is one */
	int rc;

	kl_log_level((enum kl_log_level)start->config.log);
	node.config = start->config;
	node.settings = &start->settings;
	rc = kl_home_open(&node.home, start->home, fault);
	if (rc)
		return rc;
	if (!geteuid())
		kl_log(KL_LOG_WARNING, "running as root: a user of its own would be safer");
	rc = serve(&node, fault);
	kl_home_close(&node.home);
	return rc;
}
