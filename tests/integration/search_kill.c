/* A process that takes in lessons, indexes them and withdraws some is killed at any moment.
 *
 * The writer stores lessons of its own (one a commit) and of a peer (runs of many), erases earlier
 * ones, and between those takes turns of the indexer, as the daemon does; now and then it makes the
 * whole index anew, in every fourth round nothing but that. When it was killed, the store is verified;
 * then
 *
 *   - the index says exactly what the posts say, up to where it has got: all are taken apart again and
 *     compared, term by term
 *   - no word of a text that is erased is found, and every other text by its own
 *   - after going on from there to the end, it says what all posts say
 *   - arrivals have no gaps, and those that were seen before are as they were
 *
 *     search_kill [ROUNDS] [SEED] */
#include "daemon/indexer.h"
#include "daemon/search.h"
#include "protocol/header.h"
#include "protocol/payload_post.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_US = 120000, RUN_MAX = 60, LESSONS_MAX = 6000, ANEW_EVERY = 15 };

static char dir[256];

static _Noreturn void bail_out(const char *what, const struct kl_fault *fault)
{
	printf("Bail out! %s: %s\n", what, fault ? fault->message : "");
	exit(1);
}

/* ---- the writer ------------------------------------------------------------------------------ */

/* Each lesson has words of its own place (so that it can be asked for) and some that many have. */
static void write_lesson(struct kl_writer *w, unsigned author, uint64_t seq)
{
	static const char *const common[] = {"asset", "transfer", "hall", "grant", "trust",
		"market", "garden", "tenant", "council", "survey"};
	struct kl_post post;
	size_t len;

	kl_post_init(&post, KL_LESSON);
	snprintf(post.title, sizeof post.title, "Lesson %s a%uq%llu", common[random() % 10], author,
		(unsigned long long)seq);
	len = (size_t)snprintf(
		post.text, sizeof post.text, "only a%uq%llu says", author, (unsigned long long)seq);
	for (long n = random() % 80; n > 0; n--)
		len += (size_t)snprintf(post.text + len, sizeof post.text - len, " %s%ld",
			common[random() % 10], random() % 3 ? 0 : random() % 500);
	kl_payload_post_write(w, &post);
}

static struct kl_id id_of(unsigned author, uint64_t seq)
{
	struct kl_id id = {{(uint8_t)author, 1}};

	kl_put_u64(id.b + 8, seq);
	return id;
}

static struct kl_feed_id feed_of(unsigned author)
{
	return (struct kl_feed_id){.author = {{(uint8_t)author}}, .epoch = 0};
}

static void put_lesson(struct kl_batch *batch, unsigned author, uint64_t seq)
{
	static const uint8_t signature[KL_STORE_SIGNATURE_BYTES];
	struct kl_feed_id feed = feed_of(author);
	struct kl_header header = {.author = feed.author, .kind = KL_KIND_LESSON, .seq = seq};
	struct kl_id prev = id_of(author, seq - 1);
	struct kl_stored_record record = {
		.seq = seq, .id = id_of(author, seq), .signature = signature};
	uint8_t bytes[KL_HEADER_MAX];
	struct kl_writer w;

	kl_writer_init(&w);
	write_lesson(&w, author, seq);
	if (kl_writer_bytes(&w, &record.payload))
		_exit(2);
	header.payload_len = (uint32_t)record.payload.len;
	record.header = kl_bytes(bytes, kl_header_encode(&header, bytes));
	kl_feed_append(batch, &feed, &prev, &record, 1);
	kl_arrival_give(batch, &feed, seq);
	kl_writer_deinit(&w);
}

struct writer {
	struct kl_node node;
	struct kl_indexer indexer;
	struct kl_batch *batch;
	uint64_t heads[2]; /* of this member and of a peer */
};

static void commit(struct writer *w)
{
	if (kl_store_commit(w->node.store, w->batch, NULL))
		_exit(3);
	kl_batch_reset(w->batch);
}

static void take_in(struct writer *w)
{
	unsigned author = (unsigned)random() % 2;
	long n = author ? 1 + random() % RUN_MAX : 1;

	for (; n > 0 && w->heads[author] < LESSONS_MAX; n--)
		put_lesson(w->batch, author, ++w->heads[author]);
	commit(w);
}

/* As a withdrawal does it. */
static void take_out(struct writer *w)
{
	unsigned author = (unsigned)random() % 2;
	struct kl_feed_id feed = feed_of(author);

	if (!w->heads[author])
		return;
	kl_indexer_erasing(&w->indexer); /* what kl_search_erase() does for the daemon's own */
	for (long n = 1 + random() % 4; n > 0; n--)
		if (kl_search_erase(
			    &w->node, w->batch, &feed, 1 + (uint64_t)random() % w->heads[author]))
			_exit(4);
	commit(w);
}

static void turn(struct writer *w)
{
	bool done;

	for (long n = random() % 5; n > 0; n--)
		if (kl_indexer_turn(&w->indexer, &done, NULL))
			_exit(5);
}

static void anew(struct writer *w)
{
	kl_indexer_close(&w->indexer);
	kl_index_reset(w->batch, KL_TERMS_RULES);
	commit(w);
	if (kl_indexer_open(&w->indexer, w->node.store, NULL))
		_exit(6);
}

/* Runs until it is killed. */
static _Noreturn void write_on(bool only_anew)
{
	static struct writer w;
	struct kl_feed_head head;

	w.batch = kl_batch_new();
	if (!w.batch || kl_store_open(dir, NULL, NULL, &w.node.store) ||
		kl_indexer_open(&w.indexer, w.node.store, NULL))
		_exit(7);
	for (unsigned author = 0; author < 2; author++) {
		struct kl_feed_id feed = feed_of(author);

		if (kl_feed_head(w.node.store, &feed, &head))
			_exit(8);
		w.heads[author] = head.seq;
	}
	while (only_anew) {
		anew(&w);
		for (int i = 0; i < 20; i++)
			turn(&w);
	}
	for (;;) {
		take_in(&w);
		turn(&w);
		take_out(&w);
		turn(&w);
		if (random() % ANEW_EVERY == 0)
			anew(&w);
	}
}

/* ---- the one who kills and looks --------------------------------------------------------------- */

static bool run_writer(unsigned after_us, unsigned seed)
{
	struct timespec pause = {.tv_nsec = (long)after_us * 1000};
	int status;
	pid_t writer;

	fflush(stdout);
	writer = fork();
	if (writer < 0)
		bail_out("no process", NULL);
	if (!writer) {
		srandom(seed);
		write_on(seed % 4 == 0);
	}
	nanosleep(&pause, NULL);
	kill(writer, SIGKILL);
	waitpid(writer, &status, 0);
	if (!WIFSIGNALED(status))
		printf("# the writer ended by itself, code %d\n", WEXITSTATUS(status));
	return WIFSIGNALED(status);
}

struct seen {
	uint64_t n; /* arrivals that were looked at in earlier rounds */
	struct {
		uint8_t author;
		uint64_t seq;
	} items[2 * LESSONS_MAX + 1];
};

static int see(void *arg, uint64_t arrival, const struct kl_feed_id *feed, uint64_t seq)
{
	struct seen *seen = arg;

	if (arrival <= seen->n)
		return seen->items[arrival].author == feed->author.b[0] &&
				       seen->items[arrival].seq == seq
			       ? KL_VISIT_ON
			       : KL_E_CONFLICT;
	if (arrival != seen->n + 1)
		return KL_E_CONFLICT;
	seen->n = arrival;
	seen->items[arrival].author = feed->author.b[0];
	seen->items[arrival].seq = seq;
	return KL_VISIT_ON;
}

struct looking {
	struct kl_store *store;
	uint64_t indexed;
	char word[40]; /* of the text that is asked for */
	uint64_t here, erased;
	const char *wrong;
};

static int look_at(void *arg, uint64_t arrival, const struct kl_feed_id *feed,
	const struct kl_stored_record *record)
{
	struct looking *l = arg;
	bool here = record->state == KL_STORED_HERE;
	struct kl_hit_counts counts;
	struct kl_query query;
	struct kl_hit hit;

	if (arrival > l->indexed)
		return KL_VISIT_STOP;
	l->here += here;
	l->erased += !here;
	if (arrival % 37) /* each would take long */
		return KL_VISIT_ON;
	snprintf(l->word, sizeof l->word, "a%uq%llu", (unsigned)feed->author.b[0],
		(unsigned long long)record->seq);
	if (kl_query_read(l->word, &query, NULL) ||
		kl_index_find(l->store, &query, NULL, NULL, 1, &hit, &counts))
		return KL_E_DAMAGED;
	/* a word that stands nowhere is taken for the beginning of a longer number */
	if (!here && !(counts.begun & 1) && counts.any)
		l->wrong = "a text that was withdrawn is found";
	if (here && (counts.begun || counts.n != 1 || hit.arrival != arrival))
		l->wrong = "a text is not found by its own word";
	return KL_VISIT_ON;
}

/* Goes on to the end; then the whole index is compared. */
static const char *go_on(struct kl_store *store)
{
	static struct kl_fault fault;
	struct kl_indexer indexer;
	uint64_t documents;
	bool done = false;

	if (kl_indexer_open(&indexer, store, &fault))
		return fault.message;
	while (!done)
		if (kl_indexer_turn(&indexer, &done, &fault))
			return fault.message;
	kl_indexer_close(&indexer);
	if (kl_indexer_check(store, &documents, &fault))
		return fault.message;
	return NULL;
}

static const char *look(struct kl_store *store, struct seen *seen, struct looking *l)
{
	static struct kl_fault fault;
	struct kl_index_state index;
	uint64_t documents;

	if (kl_arrival_visit(store, 1, see, seen))
		return "the order of arrivals is another";
	if (kl_index_state(store, &index))
		return "how far the index goes is not known";
	if (kl_indexer_check(store, &documents, &fault))
		return fault.message;
	*l = (struct looking){.store = store, .indexed = index.indexed};
	if (kl_arrival_read(store, 1, look_at, l))
		return "the index cannot be asked";
	return l->wrong ? l->wrong : go_on(store);
}

static const char *check(struct seen *seen, struct looking *l)
{
	static struct kl_fault fault;
	struct kl_verify_report report;
	struct kl_store *store;
	const char *wrong;

	/* killed before there was anything: a folder, or a file without tables */
	if (kl_store_verify(dir, &fault, &report) && seen->n)
		return fault.message;
	if (kl_store_open(dir, NULL, &fault, &store))
		return fault.message;
	wrong = look(store, seen, l);
	kl_store_close(store);
	return wrong;
}

static void remove_files(void)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	char path[300];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 25;
	unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)time(NULL);
	const char *tmp = getenv("TMPDIR");
	static struct seen seen;
	int failed = 0;

	snprintf(dir, sizeof dir, "%s/keeplocal-kill-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		bail_out("no folder", NULL);
	srandom(seed);
	printf("TAP version 13\n1..%u\n# seed %u\n", rounds, seed);
	for (unsigned i = 1; i <= rounds; i++) {
		unsigned after = (unsigned)random() % LONGEST_US;
		bool killed = run_writer(after, seed + i);
		struct looking l = {.indexed = 0};
		const char *wrong = killed ? check(&seen, &l) : "the writer failed";

		printf("%sok %u - killed after %u us, at %llu of %llu arrivals, %llu erased\n",
			wrong ? "not " : "", i, after, (unsigned long long)l.indexed,
			(unsigned long long)seen.n, (unsigned long long)l.erased);
		if (wrong)
			printf("# %s (seed %u, word %s)\n", wrong, seed, l.word);
		failed += wrong != NULL;
	}
	if (failed)
		printf("# the files are kept in %s\n", dir);
	else
		remove_files();
	return failed ? 1 : 0;
}
