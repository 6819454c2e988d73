/* Leaders, seats and contributors that do not play by the rules. */
#include "tests/sim/tally_story.h"

#include "core/hash.h"
#include "core/metric.h"

#include <stdlib.h>
#include <string.h>

static int liar;

static const struct kl_id *contribution_of(int node)
{
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		if (net_feeds[node].records[s].kind == KL_KIND_TALLY_CONTRIB)
			return &net_feeds[node].records[s].id;
	}
	net_fail("node %d has not contributed", node);
}

static const struct kl_id *intake_of(int node)
{
	for (size_t s = 0; s < net_feeds[node].count; s++) {
		if (net_feeds[node].records[s].kind == KL_KIND_TALLY_INTAKE)
			return &net_feeds[node].records[s].id;
	}
	net_fail("node %d has closed no intake", node);
}

/* One cohort of everybody but `without` (0: nobody), citing seats 1 to `last_seat`. */
static void forge_proposal(int tally, int without, unsigned last_seat, uint8_t level)
{
	struct kl_proposal_row row = {.level = level};
	struct kl_tally_propose propose = {
		.tally = *net_tally(tally), .part = {.number = 1}, .rows = &row, .row_count = 1};
	struct kl_bytes payload;
	struct kl_hash hash;
	struct kl_writer w;

	kl_hash_init(&hash, "QB1/set");
	for (unsigned i = 0; i < net_roster.count; i++) {
		int node = net_node_of(&net_roster.members[i].id);

		if (node != without)
			kl_hash_add_id(&hash, contribution_of(node));
	}
	kl_hash_final(&hash, &row.set);
	for (unsigned seat = 1; seat <= last_seat; seat++) {
		propose.cited[propose.cited_count].seat = (uint8_t)seat;
		propose.cited[propose.cited_count++].intake =
			*intake_of(story_seat_node(tally, seat));
	}
	kl_writer_init(&w);
	kl_tally_propose_write(&w, &propose);
	NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
	net_forge(story_seat_node(tally, 1), KL_KIND_TALLY_PROPOSE, payload.data, payload.len);
	kl_writer_deinit(&w);
}

static unsigned victim_shares;

/* The shares that seats 1 and 2 get from the victim are damaged, so that five seats hold it. */
static void spoil_two(int node, uint32_t kind, uint8_t *payload, size_t len)
{
	if (node != liar || kind != KL_KIND_TALLY_SHARE)
		return;
	victim_shares++;
	if (victim_shares <= 2)
		payload[len - 1] ^= 1;
}

/* A tally in which all INTAKEs are written and no proposal is: that takes a leader which is not the
 * last to hear of them, so seeds are tried until one gives it. */
static int all_but_a_proposal(uint64_t try)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};

	for (uint64_t seed = 100 * try;; seed++) {
		int tally;

		net_begin("nobody votes for what a cheating leader proposes", seed, &options);
		tally = story_call(1, story_everybody);
		net_run(net_now() + 2000);
		for (liar = 1; story_seat_of(tally, liar);)
			liar++;
		victim_shares = 0;
		net_tamper = spoil_two;
		story_answers(tally, true, true);
		while (net_count(-1, KL_KIND_TALLY_INTAKE) < 7 && net_now() < 1040000)
			net_run(net_now() + 1);
		if (net_count(-1, KL_KIND_TALLY_PROPOSE) == 0)
			return tally;
		net_end();
	}
}

/* VOTEs for what the first leader proposed. */
static unsigned first_votes(void)
{
	unsigned count = 0;

	for (int a = 0; a < net_nodes(); a++) {
		for (size_t s = 0; s < net_feeds[a].count; s++) {
			const struct net_record *r = &net_feeds[a].records[s];
			struct kl_tally_vote vote;

			count += r->kind == KL_KIND_TALLY_VOTE &&
				 !kl_tally_vote_read(kl_bytes(r->payload, r->len), &vote) &&
				 vote.attempt == 0;
		}
	}
	return count;
}

void tell_cheating_leader(void)
{
	static const struct {
		bool leave_out;
		uint8_t level;
		bool good;
	} tries[] = {
		{false, KL_LEVEL_MIDDLE, true}, /* what an honest leader would say */
		{true, KL_LEVEL_MIDDLE, false}, /* leaves out one that five seats hold */
		{false, KL_LEVEL_FINE, false},  /* finer than thirteen members allow */
		{false, KL_LEVEL_COARSE, false},
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int tally = all_but_a_proposal(i), leader = story_seat_node(tally, 1);

		/* The leader is a machine that says nothing, and a person who writes records. */
		net_down(leader);
		net_run(net_now() + NET_DECIDE_MS / 4 + 1000);
		if (tries[i].leave_out)
			forge_proposal(tally, liar, 6, tries[i].level);
		else
			forge_proposal(tally, 0, 7, tries[i].level);
		net_run(net_now() + 2000);
		if (tries[i].good)
			NET_CHECK(first_votes() >= 5, "a good one is refused");
		else
			NET_CHECK(first_votes() == 0, "try %zu gets votes", i);
		net_up(leader);
		net_settle();
		NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "try %zu ends as %s", i,
			kl_tally_state_name(net_view(0, tally).state));
		NET_CHECK(net_result(0, tally, NET_SCORE, 0).n == 13, "somebody is left out");
		net_end();
	}
}

/* ---- seats that lie ------------------------------------------------------------------------- */

static void lie_in_open(int node, uint32_t kind, uint8_t *payload, size_t len)
{
	if (node == liar && kind == KL_KIND_TALLY_OPEN)
		payload[len - 8] ^= 1; /* the lowest bit of the last element */
}

void tell_liar(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("a seat that opens a wrong sum is found out", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	liar = story_seat_node(tally, 4);
	net_tamper = lie_in_open;
	story_answers(tally, true, true);
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.opening.state == KL_OPENING_FINAL, "not final");
	/* Who asks before the wrong vector is in finds five right ones, which is enough. */
	NET_CHECK((result.opening.seats & 1U << 3) == 0, "the wrong sum is believed");
	net_end();
}

static void lie_in_share(int node, uint32_t kind, uint8_t *payload, size_t len)
{
	if (node == liar && kind == KL_KIND_TALLY_SHARE)
		payload[len - 1] ^= 1;
}

void tell_bad_shares(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally;

	net_begin("a contribution that no seat can open is left out for everybody", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	liar = 7;
	net_tamper = lie_in_share;
	story_answers(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).n == 12, "n = %u",
		net_result(1, tally, NET_SCORE, 0).n);
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).opening.state == KL_OPENING_FINAL, "final");
	net_end();
}

static uint8_t shares_of_liar;

static void lie_to_three(int node, uint32_t kind, uint8_t *payload, size_t len)
{
	if (node == liar && kind == KL_KIND_TALLY_SHARE && ++shares_of_liar <= 3)
		payload[len - 1] ^= 1;
}

/* Four seats of seven hold it: enough to read it, too few to be sure of the sum. */
void tell_half_shares(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("a contribution counts only if 2t - 1 seats hold it", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	liar = 7;
	shares_of_liar = 0;
	net_tamper = lie_to_three;
	story_answers(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 12 && result.opening.state == KL_OPENING_FINAL, "n = %u, %s",
		result.n, kl_opening_state_name(result.opening.state));
	net_end();
}

static void lie_five_times(int node, uint32_t kind, uint8_t *payload, size_t len)
{
	static uint8_t shares[6];

	if (kind != KL_KIND_TALLY_SHARE || node > 5)
		return;
	shares[node] = (uint8_t)(shares[node] % 7 + 1);
	if (shares[node] <= 3)
		payload[len - 1] ^= 1;
}

/* Five of thirteen are held by some seats and not by enough: the rest is not "everybody". */
void tell_below_base(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("a cohort that lost 30 % on the way is withheld", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	net_tamper = lie_five_times;
	story_answers(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 8 && result.why == KL_PLAN_BELOW_BASE, "n = %u: %s", result.n,
		kl_plan_why_text(result.why));
	net_end();
}

/* Somebody without a seat says for each seat that it quits and that it votes. */
void tell_impostor(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally, impostor = 1;

	net_begin("nobody speaks for a seat that is not its own", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	while (story_seat_of(tally, impostor))
		impostor++;
	for (uint8_t seat = 1; seat <= 7; seat++) {
		struct kl_tally_quit quit = {.tally = *net_tally(tally), .seat = seat};
		struct kl_tally_vote vote = {
			.tally = *net_tally(tally), .seat = seat, .proposal = *net_id(0)};
		struct kl_bytes payload;
		struct kl_writer w;

		kl_writer_init(&w);
		kl_tally_quit_write(&w, &quit);
		NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
		net_forge(impostor, KL_KIND_TALLY_QUIT, payload.data, payload.len);
		kl_writer_reset(&w);
		kl_tally_vote_write(&w, &vote);
		NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
		net_forge(impostor, KL_KIND_TALLY_VOTE, payload.data, payload.len);
		kl_writer_deinit(&w);
	}
	net_run(net_now() + 5000);
	NET_CHECK(net_check(tally) == KL_TALLY_OPEN, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	story_answers(tally, true, true);
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).n == 13, "somebody is missing");
	net_end();
}
