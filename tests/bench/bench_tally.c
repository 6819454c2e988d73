/* What counting unseen costs, for 400 contributors and for a quarter of them. Each figure is the median of
 * seven turns or more, in processor time, that change places with what it is compared to: libsodium's own seals,
 * additions and nothing else.
 *
 *     bench_tally FOLDER   (for a store, on the disk that is meant) */
#include "core/echelon.h"
#include "core/field.h"
#include "core/sums.h"
#include "protocol/record.h"
#include "store/feeds.h"
#include "tests/bench/bench_tally.h"

#include <sodium.h>
#include <string.h>

enum { COUNCILS_OF_ENGLAND = 317, TURNS = 9, LONG_TURNS = 7 };

/* ---- one contribution ----------------------------------------------------------------------- */

static void open_share(struct contribution *c, unsigned seat, uint64_t *ret_vector)
{
	c->binding.seat = (uint8_t)seat;
	must(kl_share_open(&committee, &c->binding, CELLS, &seats[seat - 1],
		     kl_bytes(c->blobs[seat - 1], blob_len(seat)), ret_vector),
		"a share does not open");
}

/* The same bytes, sealed and opened by libsodium alone. */
static double seal_raw(uint8_t *plain, uint8_t *blob)
{
	double begun = cpu();

	for (unsigned j = 1; j <= SEATS; j++)
		if (crypto_box_seal(
			    blob, plain, blob_len(j) - KL_SEAL_EXTRA, seats[j - 1].public_key.b))
			give_up("libsodium does not seal");
	return cpu() - begun;
}

static double open_raw(const struct contribution *c, uint8_t *plain)
{
	const struct kl_box_keys *keys = &seats[SEATS - 1];
	double begun = cpu();

	if (crypto_box_seal_open(
		    plain, c->blobs[SEATS - 1], blob_len(SEATS), keys->public_key.b, keys->secret))
		give_up("libsodium does not open");
	return cpu() - begun;
}

/* As many products as a reply takes, and nothing else. */
static double reply_raw(const uint64_t *vector, uint64_t *ret_sum)
{
	double begun = cpu();

	for (unsigned rep = 0; rep < 3 * KL_SHARE_TESTS; rep++)
		for (unsigned i = 0; i < CELLS; i++)
			*ret_sum = kl_field_add(
				*ret_sum, kl_field_mul(vector[i], vector[(i + rep) % CELLS]));
	return cpu() - begun;
}

enum { DEAL, SEAL_RAW, OPEN, OPEN_RAW, REPLY, REPLY_RAW, ONE_KINDS };

static void one_turn(struct contribution *c, double *ret_times)
{
	static uint64_t vector[KL_SHARE_VECTOR_MAX];
	static uint8_t plain[KL_SHARE_PLAIN_MAX], blob[KL_SHARE_BLOB_MAX];
	struct kl_reply reply;
	double begun = cpu();

	deal(7, c);
	ret_times[DEAL] = cpu() - begun;
	ret_times[SEAL_RAW] = seal_raw(plain, blob);
	begun = cpu();
	open_share(c, SEATS, vector);
	ret_times[OPEN] = cpu() - begun;
	ret_times[OPEN_RAW] = open_raw(c, plain);
	begun = cpu();
	challenge_of(c);
	kl_reply(&cells, c->presence, &c->challenge, vector, &reply);
	ret_times[REPLY] = cpu() - begun;
	ret_times[REPLY_RAW] = reply_raw(vector, &reply.e[0]);
	if (reply.e[0] >= KL_FIELD_P)
		give_up("no element");
}

static void measure_one(void)
{
	static const char *const names[ONE_KINDS] = {
		"deal", "seal_raw", "open", "open_raw", "reply", "reply_raw"};
	double times[ONE_KINDS][TURNS], turn[ONE_KINDS];
	struct contribution c;

	contribution_init(&c);
	for (int i = 0; i < TURNS; i++) {
		one_turn(&c, turn);
		for (int k = 0; k < ONE_KINDS; k++)
			times[k][i] = turn[k];
	}
	for (int k = 0; k < ONE_KINDS; k++)
		printf("tally_%s_us %.2f\n", names[k], 1e6 * median(times[k], TURNS));
	contribution_deinit(&c);
}

/* ---- what a seat adds up -------------------------------------------------------------------- */

static struct kl_set sets[COHORTS];

static void make_sets(unsigned count)
{
	const struct kl_tally_roster roster = {.members = members, .count = (uint16_t)count};

	for (unsigned c = 0; c < COHORTS; c++)
		kl_cohort_members(&roster, &cohorts[c], NULL, &sets[c]);
}

static double add_sums(const uint64_t *const *rows, unsigned count)
{
	static const uint8_t each[BINS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	const struct kl_runs runs = {each, BINS};
	uint64_t sum[BINS];
	double begun = cpu();

	for (unsigned m = 0; m < METRICS; m++)
		for (unsigned c = 0; c < COHORTS; c++)
			must(kl_partial_sum(&cells, m, &runs, rows, count, &sets[c], sum),
				"a set has no sum");
	return cpu() - begun;
}

/* The same additions, and nothing else. */
static double add_raw(const uint64_t *const *rows, unsigned count, uint64_t *ret_sum)
{
	double begun = cpu();

	for (unsigned m = 0; m < METRICS; m++)
		for (unsigned c = 0; c < COHORTS; c++)
			for (size_t i = kl_set_next(&sets[c], 0); i < count;
				i = kl_set_next(&sets[c], i + 1))
				for (unsigned b = 0; b < BINS; b++)
					ret_sum[b] = kl_field_add(
						ret_sum[b], rows[i][cells.offset[m] + b]);
	return cpu() - begun;
}

static void measure_sums(unsigned count)
{
	const uint64_t *rows[MANY];
	double ours[TURNS], raw[TURNS];
	uint64_t sum[BINS] = {0};
	uint8_t key[KL_ENTROPY_BYTES] = {0};

	for (unsigned i = 0; i < count; i++) {
		uint64_t *row = malloc(kl_share_elements(CELLS) * sizeof *row);

		if (!row)
			give_up("no memory");
		key[0] = (uint8_t)i;
		kl_expand(key, kl_share_elements(CELLS), row);
		rows[i] = row;
	}
	make_sets(count);
	for (int i = 0; i < TURNS; i++) {
		ours[i] = add_sums(rows, count);
		raw[i] = add_raw(rows, count, sum);
	}
	printf("tally_sums_%u_ms %.3f\n", count, 1e3 * median(ours, TURNS));
	printf("tally_sums_raw_%u_ms %.3f\n", count, 1e3 * median(raw, TURNS));
	for (unsigned i = 0; i < count; i++)
		free((void *)(uintptr_t)rows[i]);
	if (sum[0] == UINT64_MAX)
		give_up("no element");
}

/* ---- what may be released ------------------------------------------------------------------- */

static void measure_audit(unsigned count)
{
	static struct kl_plan_candidate candidates[COHORTS];
	static struct kl_plan_row rows[COHORTS];
	static uint16_t controls[MANY];
	const struct kl_population population = {controls, count};
	const struct kl_set *family[COHORTS];
	const struct kl_id key = {{1}};
	double audits[TURNS], plans[TURNS];
	size_t smallest;

	make_sets(count);
	for (unsigned i = 0; i < count; i++)
		controls[i] = (uint16_t)i;
	for (unsigned c = 0; c < COHORTS; c++) {
		family[c] = &sets[c];
		candidates[c].set = sets[c];
	}
	for (int i = 0; i < TURNS; i++) {
		double begun = cpu();

		must(kl_echelon_smallest(&population, family, COHORTS, &key, 0, &smallest),
			"no audit");
		audits[i] = cpu() - begun;
		begun = cpu();
		must(kl_audit_plan(
			     &population, KL_AUDIT_K_MIN, &key, NULL, 0, candidates, COHORTS, rows),
			"no plan");
		plans[i] = cpu() - begun;
	}
	printf("tally_audit_%u_ms %.3f\n", count, 1e3 * median(audits, TURNS));
	printf("tally_plan_%u_ms %.3f\n", count, 1e3 * median(plans, TURNS));
}

/* ---- a whole proposal ----------------------------------------------------------------------- */

/* From the proposal's last part to the verdict: all of it, and the longest turn of the machine. */
static void judge(const struct story *s, double *ret_all, double *ret_longest)
{
	struct kl_tallies *book = story_follow(s, s->said_count - 1);
	const struct kl_tally_proposal *p;
	double took = story_step(book, s, KL_TALLY_RECORD, s->said_count - 1);

	*ret_all = *ret_longest = took;
	p = kl_tallies_proposal(book, &s->ids[s->said_count - 1], NULL);
	while (p && p->verdict == KL_VERDICT_WAIT) {
		took = story_step(book, s, KL_TALLY_TICK, 0);
		*ret_all += took;
		*ret_longest = took > *ret_longest ? took : *ret_longest;
	}
	if (!p || p->verdict != KL_VERDICT_GOOD)
		give_up("the proposal is refused");
	kl_tallies_destroy(book);
}

static void measure_judging(unsigned count, bool gaps)
{
	struct story *s = story_tell(count, gaps);
	double all[LONG_TURNS], longest[LONG_TURNS];

	for (int i = 0; i < LONG_TURNS; i++)
		judge(s, &all[i], &longest[i]);
	printf("tally_judge_%u_%s_ms %.3f\n", count, gaps ? "gaps" : "all",
		1e3 * median(all, LONG_TURNS));
	printf("tally_turn_%u_%s_ms %.3f\n", count, gaps ? "gaps" : "all",
		1e3 * median(longest, LONG_TURNS));
	story_free(s);
}

/* ---- what lies in everybody's store --------------------------------------------------------- */

static void keep(struct kl_batch *batch, const struct kl_feed_id *feed, const struct kl_head *head,
	const struct kl_record *r)
{
	const struct kl_stored_record stored = {.seq = r->h.seq,
		.id = r->id,
		.header = r->header,
		.signature = r->signature.len ? r->signature.data : NULL,
		.payload = r->payload};

	must(kl_feed_append(batch, feed, head->seq ? &head->id : NULL, &stored, 1),
		"the batch does not take a record");
}

/* Shares and CONTRIB of one member, signed, in a feed of its own; gives their bytes. */
static size_t keep_contribution(struct kl_store *store, unsigned member, struct contribution *c)
{
	const uint8_t seed[KL_SEED_BYTES] = {(uint8_t)(member >> 8), (uint8_t)member};
	struct kl_tally_contrib contrib = {.number = 1, .blob_count = SEATS};
	struct kl_batch *batch = kl_batch_new();
	struct kl_head head = {0};
	struct kl_sign_keys keys;
	struct kl_writer w;
	struct kl_bytes payload;
	size_t bytes = 0;

	kl_sign_keys_from_seed(seed, &keys);
	kl_writer_init(&w);
	memcpy(contrib.blobs, c->hashes, sizeof c->hashes);
	contrib.presence_len = (uint8_t)kl_presence_len(METRICS);
	kl_tally_contrib_write(&w, &contrib);
	must(kl_writer_bytes(&w, &payload), "no memory");
	for (unsigned j = 1; j <= SEATS + 1; j++) {
		const struct kl_author author = {{{'n'}}, {keys.public_key, 0}, &keys};
		const struct kl_feed_id feed = {keys.public_key, 0};
		struct kl_record_memory memory;
		struct kl_record record;

		must(kl_record_make(&author, &head,
			     j <= SEATS ? KL_KIND_TALLY_SHARE : KL_KIND_TALLY_CONTRIB, 1000,
			     j <= SEATS ? kl_bytes(c->blobs[j - 1], blob_len(j)) : payload, &memory,
			     &record),
			"no record");
		keep(batch, &feed, &head, &record);
		bytes += record.header.len + record.signature.len + record.payload.len;
		head = (struct kl_head){record.h.seq, record.id};
		if (kl_store_commit(store, batch, NULL))
			give_up("the store does not commit");
		kl_batch_reset(batch);
	}
	kl_batch_destroy(batch);
	kl_writer_deinit(&w);
	return bytes;
}

static void measure_store(const char *folder, unsigned count)
{
	char place[4096];
	struct kl_store_info before, after;
	struct kl_fault fault;
	struct kl_store *store;
	struct contribution c;
	size_t bytes = 0;

	snprintf(place, sizeof place, "%s/tally%u", folder, count);
	if (kl_store_open(place, NULL, &fault, &store))
		give_up(fault.message);
	must(kl_store_info(store, &before), "the store says nothing");
	contribution_init(&c);
	for (unsigned i = 0; i < count; i++) {
		deal(i, &c);
		bytes += keep_contribution(store, i, &c);
	}
	must(kl_store_info(store, &after), "the store says nothing");
	printf("tally_records_%u_bytes %zu\n", count, bytes);
	printf("tally_store_%u_bytes %.0f\n", count,
		(double)(after.used_bytes - before.used_bytes));
	contribution_deinit(&c);
	kl_store_close(store);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : ".";

	setvbuf(stdout, NULL, _IOLBF, 0);
	made_begin();
	measure_one();
	measure_sums(FEW);
	measure_sums(MANY);
	measure_audit(FEW);
	measure_audit(COUNCILS_OF_ENGLAND);
	for (int gaps = 0; gaps < 2; gaps++) {
		measure_judging(FEW, gaps);
		measure_judging(MANY, gaps);
	}
	measure_store(folder, FEW);
	measure_store(folder, MANY);
	return 0;
}
