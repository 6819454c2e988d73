/* Catching up: frames of runs are decoded, hashed, checked with one signature each, and stored, 1,024
 * records a commit. The same runs are then taken with a signature checked for each record, turn by
 * turn, so that whatever else the machine does hits both.
 *
 *     bench_catchup [FOLDER]   (where the disk is that is meant; the current folder otherwise) */
#include "protocol/sync_frames.h"
#include "store/feeds.h"
#include "tests/bench/bench.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	RUN = 256,
	RUNS_A_COMMIT = 4,
	TURNS = 9,
	COMMITS_A_TURN = 4,
	RUNS = TURNS * COMMITS_A_TURN * RUNS_A_COMMIT,
	PAYLOAD = 150,
};

static const struct kl_id network = {{'b'}};

/* What a peer would send: 256 records a frame, each with its author's signature. */
struct feed {
	struct kl_feed_key key;
	struct kl_writer frames[RUNS];
};

static void write_run(struct feed *feed, const struct kl_author *author, struct kl_head *head,
	struct kl_writer *frame)
{
	struct kl_range range = {feed->key, head->seq + 1};
	uint8_t payload[PAYLOAD];

	kl_writer_init(frame);
	kl_frame_run_begin(frame, &range, RUN);
	for (int i = 0; i < RUN; i++) {
		struct kl_record_memory memory;
		struct kl_record record;

		memset(payload, (int)head->seq, sizeof payload);
		if (kl_record_make(author, head, KL_KIND_FIGURE_PUBLISH, 1000 + head->seq,
			    kl_bytes(payload, sizeof payload), &memory, &record))
			give_up("no record");
		kl_record_write(frame, &record);
		*head = (struct kl_head){record.h.seq, record.id};
	}
}

static void write_feed(struct feed *feed, uint8_t number)
{
	const uint8_t seed[KL_SEED_BYTES] = {number};
	struct kl_head head = {0};
	struct kl_sign_keys keys;

	kl_sign_keys_from_seed(seed, &keys);
	feed->key.author = keys.public_key;
	for (int i = 0; i < RUNS; i++) {
		const struct kl_author author = {network, feed->key, &keys};

		write_run(feed, &author, &head, &feed->frames[i]);
	}
}

static void put(struct kl_batch *batch, const struct kl_run *run)
{
	static struct kl_stored_record out[RUN];
	const struct kl_feed_id id = {run->feed.author, run->feed.epoch};

	for (size_t i = 0; i < run->n; i++) {
		const struct kl_record *r = &run->records[i];

		out[i] = (struct kl_stored_record){.seq = r->h.seq,
			.id = r->id,
			.header = r->header,
			.signature = r->signature.len ? r->signature.data : NULL,
			.payload = r->payload};
	}
	if (kl_feed_append(batch, &id, run->from > 1 ? &run->prev : NULL, out, run->n))
		give_up("the batch does not take the run");
}

/* Everything but storing if `batch` is NULL. */
static void take_run(struct feed *feed, int number, bool each, struct kl_batch *batch,
	struct kl_verifier *verifier)
{
	static struct kl_record records[RUN];
	static struct kl_frame frame;
	struct kl_bytes bytes;
	struct kl_run run;
	size_t n;

	if (kl_writer_bytes(&feed->frames[number], &bytes) || kl_frame_decode(bytes, &frame) ||
		kl_frame_records(&frame.u.run.records, records, &n))
		give_up("no frame");
	for (size_t i = 0; each && i + 1 < n; i++)
		if (kl_record_verify(&records[i], &network, verifier))
			give_up("a record's signature does not fit");
	if (kl_run_check(&network, &feed->key, NULL, records, n, verifier, &run))
		give_up("the run is refused");
	if (batch)
		put(batch, &run);
}

static double check_only(struct feed *feed, int number, struct kl_verifier *verifier)
{
	double start = now();

	for (int r = 0; r < COMMITS_A_TURN * RUNS_A_COMMIT; r++)
		take_run(feed, number * COMMITS_A_TURN * RUNS_A_COMMIT + r, false, NULL, verifier);
	return now() - start;
}

static double turn(struct kl_store *store, struct feed *feed, int number, bool each,
	struct kl_verifier *verifier)
{
	struct kl_batch *batch = kl_batch_new();
	double start = now();

	if (!batch)
		give_up("no memory");
	for (int c = 0; c < COMMITS_A_TURN; c++) {
		kl_batch_reset(batch);
		for (int r = 0; r < RUNS_A_COMMIT; r++)
			take_run(feed, (number * COMMITS_A_TURN + c) * RUNS_A_COMMIT + r, each,
				batch, verifier);
		if (kl_store_commit(store, batch, NULL))
			give_up("the store does not commit");
	}
	start = now() - start;
	kl_batch_destroy(batch);
	return start;
}

static void measure(struct kl_store *store)
{
	static struct feed feeds[2];
	struct kl_verifier once = {.verify = kl_verify_ed25519};
	struct kl_verifier each = once, alone = once;
	double of_once[TURNS], of_each[TURNS], of_check[TURNS],
		records = COMMITS_A_TURN * RUNS_A_COMMIT * RUN;

	write_feed(&feeds[0], 1);
	write_feed(&feeds[1], 2);
	for (int i = 0; i < TURNS; i++) {
		of_once[i] = turn(store, &feeds[0], i, false, &once);
		of_each[i] = turn(store, &feeds[1], i, true, &each);
		of_check[i] = check_only(&feeds[0], i, &alone);
	}
	printf("catchup_records_per_second %.0f\n", records / median(of_once, TURNS));
	printf("catchup_each_signed_records_per_second %.0f\n", records / median(of_each, TURNS));
	printf("catchup_checked_records_per_second %.0f\n", records / median(of_check, TURNS));
	printf("catchup_verifications_per_run %.3f\n", (double)once.count / RUNS);
	printf("catchup_verifications_per_run_each_signed %.3f\n", (double)each.count / RUNS);
	for (int i = 0; i < RUNS; i++) {
		kl_writer_deinit(&feeds[0].frames[i]);
		kl_writer_deinit(&feeds[1].frames[i]);
	}
}

int main(int argc, char **argv)
{
	char folder[256], path[300];
	struct kl_fault fault = {0};
	struct kl_store *store;

	snprintf(folder, sizeof folder, "%s/bench-catchup-XXXXXX", argc > 1 ? argv[1] : ".");
	if (!mkdtemp(folder))
		give_up("no folder");
	if (kl_store_open(folder, NULL, &fault, &store) < 0)
		give_up(fault.message);
	measure(store);
	kl_store_close(store);
	snprintf(path, sizeof path, "%s/data.mdb", folder);
	unlink(path);
	snprintf(path, sizeof path, "%s/lock.mdb", folder);
	unlink(path);
	rmdir(folder);
	return 0;
}
