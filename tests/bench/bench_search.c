/* What searching costs: a hundred thousand made-up lessons by five hundred authors, indexed as the daemon
 * does it and asked as it asks.
 *
 * Words are made up, too: as often as those of a language are (Zipf: the n-th word is n times rarer
 * than the first), a tenth of them with an ending that the stemmer takes off. Texts have 60 to 400
 * words. Prints "key value" lines; the texts and the questions go to FOLDER/lessons.tsv and
 * FOLDER/questions.tsv, so that others can be asked the same.
 *
 *     bench_search FOLDER [LESSONS] */
#include "daemon/indexer.h"
#include "daemon/search.h"
#include "protocol/header.h"
#include "protocol/payload_post.h"
#include "tests/bench/bench.h"

#include <math.h>
#include <string.h>

enum {
	VOCABULARY = 60000,
	AUTHORS = 500,
	RUN = 100, /* lessons stored in one commit */
	QUESTIONS = 200,
	HITS = 20,
	WITHDRAWN = 256,
};

static uint64_t state = 88172645463325252u;

static double chance(void) /* 0 to 1; always the same row */
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) / (double)(UINT64_C(1) << 53);
}

/* ---- words ----------------------------------------------------------------------------------- */

static char words[VOCABULARY][24];
static double until[VOCABULARY]; /* sum of the shares of all words up to this one */

static void make_words(void)
{
	static const char *const syllables[] = {"ba", "co", "du", "fen", "gar", "hil", "jo", "kem",
		"lor", "mun", "nap", "or", "pel", "ri", "sta", "tor", "ul", "vin", "wes", "zed"};
	double sum = 0;

	for (size_t i = 0; i < VOCABULARY; i++) {
		size_t rest = i + 20, len = 0;

		for (; rest; rest /= 20)
			len += (size_t)snprintf(
				words[i] + len, sizeof words[i] - len, "%s", syllables[rest % 20]);
		sum += 1.0 / (double)(i + 1);
		until[i] = sum;
	}
}

static size_t any_word(void)
{
	double at = chance() * until[VOCABULARY - 1];
	size_t low = 0, high = VOCABULARY - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (until[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void write_text(char *out, size_t size, size_t count)
{
	static const char *const endings[] = {"ing", "s", "ed"};
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < count && len + 40 < size; i++) {
		size_t word = any_word();
		const char *ending = chance() < 0.1 ? endings[(size_t)(chance() * 3)] : "";

		len += (size_t)snprintf(out + len, size - len, "%s%s%s%s", i ? " " : "",
			words[word], ending, i % 12 == 11 ? "." : "");
	}
}

/* ---- storing --------------------------------------------------------------------------------- */

struct bench {
	struct kl_node node;
	struct kl_batch *batch;
	FILE *lessons;
	size_t count;
};

static void say(struct bench *b, size_t number, struct kl_post *post, struct kl_writer *w)
{
	static const uint8_t signature[KL_STORE_SIGNATURE_BYTES];
	struct kl_feed_id feed = {.epoch = 0};
	struct kl_header header = {.kind = KL_KIND_LESSON, .seq = number / AUTHORS + 1};
	struct kl_stored_record record = {.seq = header.seq, .signature = signature};
	struct kl_id prev = {{0}};
	uint8_t bytes[KL_HEADER_MAX];

	kl_writer_reset(w);
	kl_payload_post_write(w, post);
	if (kl_writer_bytes(w, &record.payload))
		give_up("no memory");
	kl_put_u64(feed.author.b, number % AUTHORS + 1);
	kl_put_u64(record.id.b, number + 1);
	if (number >= AUTHORS)
		kl_put_u64(prev.b, number - AUTHORS + 1);
	header.author = feed.author;
	header.payload_len = (uint32_t)record.payload.len;
	record.header = kl_bytes(bytes, kl_header_encode(&header, bytes));
	kl_feed_append(b->batch, &feed, header.seq > 1 ? &prev : NULL, &record, 1);
	kl_arrival_give(b->batch, &feed, header.seq);
}

static void commit(struct bench *b)
{
	struct kl_fault fault = {0};

	if (kl_store_commit(b->node.store, b->batch, &fault))
		give_up(fault.message);
	kl_batch_reset(b->batch);
}

static void store_lessons(struct bench *b)
{
	static struct kl_post post;
	struct kl_writer w;

	kl_writer_init(&w);
	for (size_t i = 0; i < b->count; i++) {
		kl_post_init(&post, KL_LESSON);
		write_text(post.title, sizeof post.title, 4 + (size_t)(chance() * 7));
		write_text(post.text, sizeof post.text, 60 + (size_t)(chance() * chance() * 340));
		fprintf(b->lessons, "%zu\t%s\t%s\n", i + 1, post.title, post.text);
		say(b, i, &post, &w);
		if (i % RUN == RUN - 1 || i + 1 == b->count)
			commit(b);
	}
	kl_writer_deinit(&w);
}

/* ---- the index ------------------------------------------------------------------------------- */

static void build(struct bench *b)
{
	double *turns = calloc(b->count + 10000, sizeof *turns), began = now();
	struct kl_indexer indexer;
	struct kl_store_info info;
	struct kl_fault fault = {0};
	clock_t cpu = clock();
	bool done = false;
	size_t n = 0;

	if (!turns || kl_indexer_open(&indexer, b->node.store, &fault))
		give_up("the index does not open");
	while (!done) {
		double turn = now();

		if (kl_indexer_turn(&indexer, &done, &fault))
			give_up(fault.message);
		turns[n++] = now() - turn;
	}
	kl_indexer_close(&indexer);
	printf("build_s %.3f\nbuild_cpu_s %.3f\n", now() - began,
		(double)(clock() - cpu) / CLOCKS_PER_SEC);
	qsort(turns, n, sizeof *turns, by_size);
	printf("turn_p50_ms %.3f\nturn_p99_ms %.3f\nturn_max_ms %.3f\n", turns[n / 2] * 1e3,
		turns[n * 99 / 100] * 1e3, turns[n - 1] * 1e3);
	free(turns);
	if (!kl_store_info(b->node.store, &info))
		printf("entries %llu\nused_mb %.1f\n",
			(unsigned long long)info.entries[KL_TABLE_POSTINGS],
			(double)info.used_bytes / 1e6);
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* As a filter of the daemon's table of posts: one place in memory for each. */
struct filter {
	const uint8_t *by_arrival;
};

static bool every_third(void *arg, uint64_t arrival)
{
	const struct filter *filter = arg;

	return filter->by_arrival[arrival] == 0;
}

static size_t between(size_t first, size_t last)
{
	return first + (size_t)(chance() * (double)(last - first));
}

static void question(const char *sort, char *out, size_t size)
{
	if (!strcmp(sort, "rare"))
		snprintf(out, size, "%s", words[between(5000, VOCABULARY / 2)]);
	else if (!strcmp(sort, "common"))
		snprintf(out, size, "%s", words[between(0, 30)]);
	else if (!strcmp(sort, "two"))
		snprintf(out, size, "%s %s", words[between(10, 200)], words[between(200, 3000)]);
	else
		snprintf(out, size, "%s %s %s", words[between(0, 10)], words[between(0, 30)],
			words[between(0, 30)]);
}

static void ask(struct bench *b, const char *sort, bool filtered, FILE *questions)
{
	static double times[QUESTIONS];
	uint8_t *by_arrival = malloc(b->count + 1);
	struct filter filter = {by_arrival};
	struct kl_hit hits[HITS];
	struct kl_hit_counts counts;
	struct kl_query query;
	char text[200];
	double any = 0;

	for (size_t i = 0; by_arrival && i <= b->count; i++)
		by_arrival[i] = (uint8_t)(i * 7 % 3);
	for (size_t i = 0; i < QUESTIONS; i++) {
		double began;

		question(sort, text, sizeof text);
		if (!filtered)
			fprintf(questions, "%s\t%s\n", sort, text);
		began = now();
		if (kl_query_read(text, &query, NULL) ||
			kl_index_find(b->node.store, &query, filtered ? every_third : NULL, &filter,
				HITS, hits, &counts))
			give_up("no answer");
		times[i] = now() - began;
		any += (double)counts.any / QUESTIONS;
	}
	free(by_arrival);
	qsort(times, QUESTIONS, sizeof *times, by_size);
	printf("%s%s_p50_ms %.3f\n%s%s_p95_ms %.3f\n%s%s_found %.0f\n", sort,
		filtered ? "_filtered" : "", times[QUESTIONS / 2] * 1e3, sort,
		filtered ? "_filtered" : "", times[QUESTIONS * 95 / 100] * 1e3, sort,
		filtered ? "_filtered" : "", any);
}

/* Their words leave the index in the turns that follow. */
static void sweep(struct bench *b)
{
	double began = now(), longest = 0;
	struct kl_indexer indexer;
	struct kl_fault fault = {0};
	bool done = false;

	if (kl_indexer_open(&indexer, b->node.store, &fault))
		give_up(fault.message);
	while (!done) {
		double turn = now();

		if (kl_indexer_turn(&indexer, &done, &fault))
			give_up(fault.message);
		if (now() - turn > longest)
			longest = now() - turn;
	}
	kl_indexer_close(&indexer);
	printf("sweep_ms %.3f\nsweep_turn_ms %.3f\n", (now() - began) * 1e3, longest * 1e3);
}

/* Many withdrawals at once, as a run of a peer may bring them, from all over the index. */
static void withdraw(struct bench *b)
{
	double began = now();

	for (size_t i = 0; i < WITHDRAWN && i < b->count; i++) {
		struct kl_feed_id feed = {.epoch = 0};

		size_t number = i * (b->count / WITHDRAWN);

		kl_put_u64(feed.author.b, number % AUTHORS + 1);
		if (kl_search_erase(&b->node, b->batch, &feed, number / AUTHORS + 1))
			give_up("no withdrawal");
	}
	commit(b);
	printf("withdraw_ms %.3f\n", (now() - began) * 1e3);
	sweep(b);
}

static FILE *create(const char *folder, const char *name)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	if (!file)
		give_up("no file");
	return file;
}

int main(int argc, char **argv)
{
	static const char *const sorts[] = {"rare", "common", "two", "three"};
	static struct bench b;
	struct kl_fault fault = {0};
	FILE *questions;
	char dir[400];

	if (argc < 2)
		give_up("bench_search FOLDER [LESSONS]");
	b.count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000;
	snprintf(dir, sizeof dir, "%s/search", argv[1]);
	b.lessons = create(argv[1], "lessons.tsv");
	questions = create(argv[1], "questions.tsv");
	b.batch = kl_batch_new();
	if (!b.batch || kl_store_open(dir, NULL, &fault, &b.node.store))
		give_up(fault.message);
	make_words();
	store_lessons(&b);
	fclose(b.lessons);
	build(&b);
	for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
		ask(&b, sorts[i], false, questions);
		ask(&b, sorts[i], true, questions);
	}
	fclose(questions);
	withdraw(&b);
	kl_batch_destroy(b.batch);
	kl_store_close(b.node.store);
	return 0;
}
