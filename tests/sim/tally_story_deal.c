/* Contributors that deal what is no answer, and those that take theirs back. */
#include "tests/sim/tally_story.h"

#include "core/field.h"
#include "core/hash.h"

#include <string.h>

/* ---- dealing by hand ------------------------------------------------------------------------ */

/* The key that a seat promised. */
static struct kl_id key_of(int tally, unsigned seat)
{
	int node = story_seat_node(tally, seat);

	for (size_t s = 0; s < net_feeds[node].count; s++) {
		const struct net_record *r = &net_feeds[node].records[s];
		struct kl_tally_accept accept;

		if (r->kind == KL_KIND_TALLY_ACCEPT &&
			!kl_tally_accept_read(kl_bytes(r->payload, r->len), &accept) &&
			kl_id_equal(&accept.tally, net_tally(tally)))
			return accept.key;
	}
	net_fail("seat %u has not accepted", seat);
}

static void forge(int node, uint32_t kind, struct kl_writer *w)
{
	struct kl_bytes payload;

	NET_CHECK(!kl_writer_bytes(w, &payload), "memory");
	net_forge(node, kind, payload.data, payload.len);
	kl_writer_deinit(w);
}

static void forge_share(int node, int tally, const struct kl_dealing *dealing, unsigned number,
	unsigned seat, struct kl_id *ret_blob)
{
	static uint8_t blob[KL_SHARE_BLOB_MAX];
	const struct kl_tally_call *call = net_terms_of(tally);
	const struct kl_share_binding binding = {.tally = *net_tally(tally),
		.author = *net_id(node),
		.policy = call->policy,
		.schema = call->schema,
		.number = number,
		.seat = (uint8_t)seat};
	struct kl_id key = key_of(tally, seat);
	uint8_t one_time[KL_SEED_BYTES];
	size_t len = kl_share_blob_len(&dealing->committee, seat, dealing->cells);

	for (size_t i = 0; i < sizeof(one_time); i++)
		one_time[i] = (uint8_t)net_random(256);
	NET_CHECK(!kl_deal_blob(dealing, &binding, &key, one_time, blob), "no blob");
	kl_blake2b(kl_bytes(blob, len), ret_blob);
	net_forge(node, KL_KIND_TALLY_SHARE, blob, len);
}

void story_deal(int node, int tally, const struct story_dealing *what)
{
	struct kl_tally_contrib contrib = {.tally = *net_tally(tally),
		.number = what->number,
		.presence_len = 1,
		.presence = {1}};
	struct kl_tally_view view = net_view(0, tally);
	uint8_t seeds[KL_THRESHOLD_MAX][KL_SEED_BYTES];
	struct kl_dealing dealing;
	struct kl_writer w;

	net_set_false(node);
	for (size_t i = 0; i < sizeof(seeds); i++)
		seeds[i / KL_SEED_BYTES][i % KL_SEED_BYTES] = (uint8_t)net_random(256);
	NET_CHECK(!kl_deal_init(&view.committee, what->x, NET_SCORE_BINS,
			  (const uint8_t(*)[KL_SEED_BYTES])seeds, &dealing),
		"nothing is dealt");
	contrib.blob_count = view.committee.n;
	for (unsigned seat = 1; seat <= view.committee.n; seat++) {
		if (what->uneven >> (seat - 1) & 1) {
			dealing.rows[seat * kl_share_elements(NET_SCORE_BINS)] ^= 1;
			dealing.seeds[seat % KL_THRESHOLD_MAX][0] ^= 1;
		}
		forge_share(node, tally, &dealing, what->number, seat, &contrib.blobs[seat - 1]);
	}
	kl_deal_deinit(&dealing);
	kl_writer_init(&w);
	kl_tally_contrib_write(&w, &contrib);
	forge(node, KL_KIND_TALLY_CONTRIB, &w);
}

/* ---- what is no answer ---------------------------------------------------------------------- */

static int thirteen(const char *story, uint64_t seed)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally;

	net_begin(story, seed, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	return tally;
}

static int without_seat(int tally)
{
	int node = 1;

	while (story_seat_of(tally, node))
		node++;
	return node;
}

static int another_without_seat(int tally, int node)
{
	do {
		node++;
	} while (story_seat_of(tally, node));
	return node;
}

/* Everybody answers but `silent` (0: nobody). */
static void answer_all_but(int tally, int silent)
{
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(i == silent || !net_answer(i, tally, (int16_t)(i % 16), 1), "no answer");
}

/* Runs until so many contribute, as the convenor sees it. */
static void wait_for(int tally, unsigned contributors)
{
	uint64_t until = net_now() + 8000;

	while (net_view(0, tally).contributors != contributors && net_now() < until)
		net_run(net_now() + 10);
	NET_CHECK(net_view(0, tally).contributors == contributors, "%u contribute, not %u",
		net_view(0, tally).contributors, contributors);
}

static struct kl_tally_member_view member(int node, int tally, int of)
{
	int column = kl_tally_roster_find(net_roster_of(tally), net_id(of));
	struct kl_tally_member_view view;

	NET_CHECK(!kl_tallies_member(net_book(node), net_tally(tally), (uint16_t)column, &view),
		"no member");
	return view;
}

static void check_left_out(int tally, int node)
{
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 0; i < net_nodes(); i++) {
		struct kl_tally_result result = net_result(i, tally, NET_SCORE, 0);

		NET_CHECK(result.n == 12 && result.opening.state == KL_OPENING_FINAL,
			"node %d: n = %u, %s", i, result.n,
			kl_opening_state_name(result.opening.state));
		NET_CHECK(result.opening.liars == 0, "a seat is called a liar");
		NET_CHECK(member(i, tally, node).refused && !member(i, tally, node).counted,
			"node %d does not see why", i);
	}
}

void tell_false_answers(void)
{
	static const struct story_dealing tries[] = {
		{.x = {1, 1}, .number = 1},                  /* two answers */
		{.x = {2, KL_FIELD_P - 1}, .number = 1},     /* one is taken away from others */
		{.x = {[3] = 5}, .number = 1},               /* five times */
		{.x = {0}, .number = 1},                     /* nothing, and said to be something */
		{.x = {[15] = KL_FIELD_P - 1}, .number = 1}, /* one fewer */
		{.x = {1}, .number = 1, .uneven = 0x58}, /* an answer, but three uneven shares */
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int tally = thirteen("whoever deals anything but one answer is left out", i);
		int liar = without_seat(tally);

		answer_all_but(tally, liar);
		story_deal(liar, tally, &tries[i]);
		net_settle();
		check_left_out(tally, liar);
		net_end();
	}
}

/* One seat of seven got another share than the rest: six stand for the contribution, the seat gives no
 * sum of it, and nobody takes it for a liar. */
void tell_uneven_shares(void)
{
	for (unsigned seat = 1; seat <= 7; seat++) {
		int tally = thirteen("a seat that was dealt another share is no liar", seat);
		const struct story_dealing dealing = {
			.x = {[4] = 1}, .number = 1, .uneven = (uint16_t)(1U << (seat - 1))};
		int liar = without_seat(tally);
		struct kl_tally_result result;

		answer_all_but(tally, liar);
		story_deal(liar, tally, &dealing);
		net_settle();
		NET_CHECK(net_view(0, tally).state == KL_TALLY_CLOSED, "it has not closed");
		result = net_result(1, tally, NET_SCORE, 0);
		NET_CHECK(result.n == 13 && result.opening.state == KL_OPENING_FINAL, "n = %u, %s",
			result.n, kl_opening_state_name(result.opening.state));
		NET_CHECK(result.opening.liars == 0, "a seat is called a liar");
		NET_CHECK(!(result.opening.seats >> (seat - 1) & 1), "it gave a sum");
		NET_CHECK(member(1, tally, liar).counted && result.opening.histogram[1] > 0,
			"it is not counted");
		net_end();
	}
}

/* ---- taking it back ------------------------------------------------------------------------- */

void tell_withdrawn(void)
{
	int tally = thirteen("what was withdrawn in time is not counted", 1);
	int who = without_seat(tally), last = another_without_seat(tally, who);

	NET_CHECK(net_withdraw(who, tally) == KL_E_NOT_FOUND, "there is nothing to take back");
	answer_all_but(tally, last);
	wait_for(tally, 12);
	NET_CHECK(net_withdraw(who, tally) == KL_OK, "it cannot be taken back");
	NET_CHECK(net_withdraw(who, tally) == KL_E_EXISTS, "it is taken back twice");
	wait_for(tally, 11);
	NET_CHECK(net_view(who, tally).withdrawn && !net_view(who, tally).agreed, "not seen");
	NET_CHECK(net_view(0, tally).withdrawers == 1, "nobody took it back");
	NET_CHECK(!net_answer(last, tally, 3, 1), "no answer");
	net_run(net_now() + 5000);
	/* Whoever took it back may give it again: nobody is waited for who said no. */
	NET_CHECK(net_count(-1, KL_KIND_TALLY_INTAKE) == 0, "it is not waited for");
	NET_CHECK(net_decline(who, tally) == KL_OK, "it may not decline");
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 0; i < net_nodes(); i++) {
		struct kl_tally_result result = net_result(i, tally, NET_SCORE, 0);

		NET_CHECK(result.n == 12 && result.opening.state == KL_OPENING_FINAL, "n = %u",
			result.n);
		NET_CHECK(!member(i, tally, who).counted && member(i, tally, who).withdrawn &&
				  !member(i, tally, who).refused,
			"node %d counts it", i);
	}
	NET_CHECK(net_withdraw(last, tally) == KL_E_TIMEOUT, "after the certificate");
	net_end();
}

static void forge_withdrawal(int node, int tally, uint8_t number)
{
	const struct kl_tally_withdraw withdraw = {.tally = *net_tally(tally), .number = number};
	struct kl_writer w;

	net_set_false(node);
	kl_writer_init(&w);
	kl_tally_withdraw_write(&w, &withdraw);
	forge(node, KL_KIND_TALLY_WITHDRAW, &w);
}

/* After all seats have listed what they hold, nobody can name a WITHDRAW; if one still can, it counts. */
void tell_too_late_to_withdraw(void)
{
	for (int late = 0; late < 2; late++) {
		int tally = thirteen("a WITHDRAW counts if a cited seat names it", 2);
		int who = without_seat(tally), slow = story_seat_node(tally, 6);
		int last = another_without_seat(tally, who);
		struct kl_tally_result result;

		answer_all_but(tally, last);
		wait_for(tally, 12);
		net_run(net_now() + 1000);
		if (!late)
			net_down(slow);
		NET_CHECK(!net_answer(last, tally, 3, 1), "no answer");
		while (net_count(-1, KL_KIND_TALLY_INTAKE) < (late ? 7U : 6U))
			net_run(net_now() + 1);
		if (late) {
			net_run(net_now() + 70);
			NET_CHECK(net_withdraw(who, tally) == KL_E_TIMEOUT, "its daemon says it");
		}
		forge_withdrawal(who, tally, 1);
		net_run(net_now() + 500);
		if (!late)
			net_up(slow);
		net_settle();
		NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
		result = net_result(1, tally, NET_SCORE, 0);
		NET_CHECK(result.n == (late ? 13 : 12), "n = %u", result.n);
		NET_CHECK(member(1, tally, who).counted == late, "counted");
		NET_CHECK(member(1, tally, who).withdrawn, "not withdrawn");
		net_end();
	}
}

void tell_second_number(void)
{
	int tally = thirteen("a second contribution carries the same answers", 3);
	int who = without_seat(tally), last = another_without_seat(tally, who);
	int16_t bins[NET_METRICS];

	answer_all_but(tally, last);
	for (unsigned number = 1; number <= 3; number++) {
		wait_for(tally, 12);
		NET_CHECK(net_count(who, KL_KIND_TALLY_SHARE) == 7 * number, "%zu shares",
			net_count(who, KL_KIND_TALLY_SHARE));
		NET_CHECK(member(0, tally, who).number == number, "another number");
		if (number == 3)
			break;
		NET_CHECK(!net_withdraw(who, tally), "it cannot be taken back");
		wait_for(tally, 11);
		net_restart(who); /* what was taken back is not dealt again by itself */
		net_run(net_now() + 1000);
		NET_CHECK(net_view(who, tally).contributors == 11, "it is dealt by itself");
		NET_CHECK(!net_answer(who, tally, (int16_t)(15 - who), 1), "it may not again");
	}
	NET_CHECK(!net_answer(last, tally, 3, 1), "no answer");
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).n == 13, "somebody is missing");
	NET_CHECK(net_answers_of(who, tally, bins) && bins[NET_SCORE] == who % 16,
		"the answer has changed");
	net_end();

	/* Three numbers, and no more. */
	tally = thirteen("after three withdrawals nothing follows", 4);
	who = without_seat(tally);
	for (unsigned number = 1; number <= 3; number++) {
		NET_CHECK(!net_answer(who, tally, 5, 1), "contribution %u", number);
		wait_for(tally, 1);
		NET_CHECK(!net_withdraw(who, tally), "withdrawal %u", number);
		wait_for(tally, 0);
	}
	NET_CHECK(net_answer(who, tally, 5, 1) == KL_E_DENIED, "a fourth contribution");
	net_end();
}

/* ---- a seat that invents a WITHDRAW --------------------------------------------------------- */

static void forge_intake(int node, int tally, unsigned seat)
{
	struct kl_intake_entry entry = {.member = 2, .status = KL_INTAKE_WITHDRAWN};
	struct kl_tally_intake intake = {.tally = *net_tally(tally),
		.seat = (uint8_t)seat,
		.part = {.number = 1},
		.entries = &entry,
		.count = 1};
	struct kl_writer w;

	net_set_lying(tally, (uint16_t)(1U << (seat - 1)));
	memset(entry.contribution.b, 0x77, sizeof(entry.contribution.b));
	kl_writer_init(&w);
	kl_tally_intake_write(&w, &intake);
	forge(node, KL_KIND_TALLY_INTAKE, &w);
}

void tell_unknown_withdrawal(void)
{
	int tally = thirteen("an INTAKE that names an unknown WITHDRAW is not cited", 5);
	int liar = story_seat_node(tally, 5), leader = story_seat_node(tally, 1);
	struct kl_tally_result result;
	size_t proposals = 0;

	answer_all_but(tally, 0);
	net_run(net_now() + 80);
	NET_CHECK(net_count(liar, KL_KIND_TALLY_INTAKE) == 0, "too late for a forgery");
	net_down(liar);
	forge_intake(liar, tally, 5);
	net_settle();
	net_up(liar);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 13 && result.opening.state == KL_OPENING_FINAL, "n = %u", result.n);
	for (size_t s = 0; s < net_feeds[leader].count; s++) {
		const struct net_record *r = &net_feeds[leader].records[s];
		struct kl_tally_propose propose;

		if (r->kind != KL_KIND_TALLY_PROPOSE)
			continue;
		NET_CHECK(!kl_tally_propose_read(kl_bytes(r->payload, r->len), &propose), "form");
		for (unsigned i = 0; i < propose.cited_count; i++)
			NET_CHECK(propose.cited[i].seat != 5, "it is cited");
		proposals += propose.cited_count == 6;
		kl_tally_propose_deinit(&propose);
	}
	NET_CHECK(proposals == 1, "%zu proposals", proposals);
	net_end();
}
