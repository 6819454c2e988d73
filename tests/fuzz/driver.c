/* Runs the fuzz targets: the samples as they are, then mutated ones, as many as the table says.
 *
 *     driver                                   all targets, TAP, one result for each
 *     driver --list                            names of the targets
 *     driver --target T [--seed S] [--rounds N]
 *     driver --target T --seed S --round R     one input again
 *     driver --target T --input FILE           the bytes of a file
 *     driver --samples FOLDER                  writes the samples, a folder for each target
 *
 * Each target runs in a process of its own, which may crash; the input that it was given stands in
 * memory that both see. What an input leaves on the heap is held against it. */
#include "tests/fuzz/mutate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	DEFAULT_SEED = 1,
	HANG_SECONDS = 240,
	DUMP_MAX = 2048,
};

#define NO_ROUND UINT64_MAX

static const struct fuzz_target targets[] = {
#define TARGET(name, rounds) {#name, rounds, kl_fuzz_samples_##name, kl_fuzz_##name},
#include "tests/fuzz/targets.def"
#undef TARGET
};

enum { TARGETS = sizeof targets / sizeof *targets };

/* What the parent sees of its child. */
struct seen {
	uint64_t round; /* NO_ROUND: a sample as it is */
	uint64_t done, accepted;
	size_t len;
	uint8_t data[FUZZ_INPUT_MAX];
};

struct options {
	const char *target, *input, *samples;
	uint64_t seed, rounds, round;
	bool list;
};

/* An input that makes a decoder ask for more than this in one piece has found a bug. What was freed is
 * kept from use for as long as any one input lasts, not for thousands: each page of that costs time. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "max_allocation_size_mb=64:allocator_may_return_null=0:detect_leaks=1:"
	       "quarantine_size_mb=16";
}

static _Noreturn void give_up(const char *what, const char *name)
{
	fprintf(stderr, "driver: %s%s%s\n", what, name ? ": " : "", name ? name : "");
	exit(64);
}

/* ---- one input ----------------------------------------------------------------------------- */

/* A copy of exactly the right size, so that reading behind its end is noticed. */
static int run_copy(const struct fuzz_target *target, const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len);
	int accepted;

	FUZZ_CHECK(copy || !len);
	if (len)
		memcpy(copy, data, len);
	accepted = target->one(copy, len);
	free(copy);
	return accepted;
}

/* What a library keeps after its first call is no leak; what grows again is one. */
static int run_one(const struct fuzz_target *target, struct seen *seen)
{
	size_t before = fuzz_allocated();
	int accepted = run_copy(target, seen->data, seen->len);

	for (int again = 0; fuzz_allocated() > before; again++) {
		FUZZ_CHECK(again < 3 && "nothing is left on the heap");
		before = fuzz_allocated();
		run_copy(target, seen->data, seen->len);
	}
	seen->done++;
	seen->accepted += accepted != 0;
	return accepted;
}

static void run_samples(
	const struct fuzz_target *target, const struct fuzz_corpus *corpus, struct seen *seen)
{
	seen->round = NO_ROUND;
	for (size_t i = 0; i < corpus->n; i++) {
		const struct fuzz_piece *piece = &corpus->pieces[i];

		seen->len = piece->len;
		memcpy(seen->data, piece->data, piece->len);
		if (!run_one(target, seen) && piece->valid)
			FUZZ_CHECK(!"a sample is accepted");
	}
}

static void run_mutated(const struct fuzz_target *target, const struct fuzz_corpus *corpus,
	const struct options *options, struct seen *seen)
{
	uint64_t rounds = options->rounds ? options->rounds : target->rounds;
	uint64_t from = options->round == NO_ROUND ? 0 : options->round;
	uint64_t to = options->round == NO_ROUND ? rounds : from + 1;

	for (uint64_t round = from; round < to; round++) {
		seen->round = round;
		seen->len = fuzz_mutate(corpus, options->seed, round, seen->data);
		run_one(target, seen);
	}
}

static void run_file(const struct fuzz_target *target, const char *path, struct seen *seen)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		give_up("cannot read", path);
	seen->round = NO_ROUND;
	seen->len = fread(seen->data, 1, sizeof seen->data, file);
	fclose(file);
	run_one(target, seen);
}

/* ---- one target ---------------------------------------------------------------------------- */

static _Noreturn void child(
	const struct fuzz_target *target, const struct options *options, struct seen *seen)
{
	static struct fuzz_corpus corpus;

	alarm(HANG_SECONDS);
	target->samples(&corpus);
	if (options->input) {
		run_file(target, options->input, seen);
	} else {
		run_samples(target, &corpus, seen);
		run_mutated(target, &corpus, options, seen);
	}
	fuzz_corpus_empty(&corpus);
	exit(0);
}

static void dump(const struct seen *seen)
{
	size_t shown = seen->len < DUMP_MAX ? seen->len : DUMP_MAX;

	printf("# input, %zu bytes:", seen->len);
	for (size_t i = 0; i < shown; i++)
		printf("%s%02x", i % 32 ? "" : "\n#   ", seen->data[i]);
	printf(shown < seen->len ? "\n#   ... and so on\n" : "\n");
}

static void explain(const struct fuzz_target *target, const struct options *options,
	const struct seen *seen, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		printf("# did not end within %d s\n", HANG_SECONDS);
	printf("# seed %llu\n", (unsigned long long)options->seed);
	dump(seen);
	if (options->input)
		return;
	if (seen->round == NO_ROUND)
		printf("# again: driver --target %s (it is a sample)\n", target->name);
	else
		printf("# again: driver --target %s --seed %llu --round %llu\n", target->name,
			(unsigned long long)options->seed, (unsigned long long)seen->round);
}

static bool run_target(const struct fuzz_target *target, const struct options *options,
	size_t number, struct seen *seen)
{
	int status = 0;
	bool fine;
	pid_t pid;

	memset(seen, 0, offsetof(struct seen, data));
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		give_up("no process", strerror(errno));
	if (!pid)
		child(target, options, seen);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	fine = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	printf("%s %zu - %s # %llu inputs, %llu of them accepted\n", fine ? "ok" : "not ok", number,
		target->name, (unsigned long long)seen->done, (unsigned long long)seen->accepted);
	if (!fine)
		explain(target, options, seen, status);
	return fine;
}

/* ---- samples for others -------------------------------------------------------------------- */

static void write_sample(const char *folder, size_t number, const struct fuzz_piece *piece)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/sample-%03zu", folder, number);
	file = fopen(path, "wb");
	if (!file || fwrite(piece->data, 1, piece->len, file) != piece->len || fclose(file))
		give_up("cannot write", path);
}

static void write_samples(const char *folder)
{
	static struct fuzz_corpus corpus;
	char path[4000];

	for (size_t t = 0; t < TARGETS; t++) {
		snprintf(path, sizeof path, "%s/%s", folder, targets[t].name);
		if (mkdir(path, 0777) && errno != EEXIST)
			give_up("cannot make the folder", path);
		targets[t].samples(&corpus);
		for (size_t i = 0; i < corpus.n; i++)
			write_sample(path, i, &corpus.pieces[i]);
		fuzz_corpus_empty(&corpus);
	}
}

/* ---- the program --------------------------------------------------------------------------- */

static uint64_t number_of(const char *text)
{
	char *end;
	uint64_t number = strtoull(text, &end, 0);

	if (!*text || *end)
		give_up("not a number", text);
	return number;
}

static void read_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(name, "--list")) {
			o->list = true;
			continue;
		}
		if (!value)
			give_up("not understood", name);
		i++;
		if (!strcmp(name, "--target"))
			o->target = value;
		else if (!strcmp(name, "--input"))
			o->input = value;
		else if (!strcmp(name, "--samples"))
			o->samples = value;
		else if (!strcmp(name, "--seed"))
			o->seed = number_of(value);
		else if (!strcmp(name, "--rounds"))
			o->rounds = number_of(value);
		else if (!strcmp(name, "--round"))
			o->round = number_of(value);
		else
			give_up("not understood", name);
	}
	if ((o->input || o->round != NO_ROUND) && !o->target)
		give_up("--input and --round want --target", NULL);
}

static int run_targets(const struct options *options)
{
	size_t number = 0, failed = 0;
	struct seen *seen =
		mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (seen == MAP_FAILED)
		give_up("no memory", NULL);
	printf("TAP version 13\n");
	for (size_t t = 0; t < TARGETS; t++)
		if (!options->target || !strcmp(options->target, targets[t].name))
			failed += !run_target(&targets[t], options, ++number, seen);
	if (!number)
		give_up("no such target", options->target);
	printf("1..%zu\n", number);
	munmap(seen, sizeof *seen);
	return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct options options = {.seed = DEFAULT_SEED, .round = NO_ROUND};

	read_options(argc, argv, &options);
	if (options.samples) {
		write_samples(options.samples);
		return 0;
	}
	if (!options.list)
		return run_targets(&options);
	for (size_t t = 0; t < TARGETS; t++)
		printf("%s\n", targets[t].name);
	return 0;
}
