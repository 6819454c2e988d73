/* What was released before: the year next to this one, and leaders and convenors that pass over it. */
#include "core/hash.h"
#include "tests/sim/tally_story.h"

#include <string.h>

static void terms_of(uint16_t year, struct kl_tally_call *ret_terms)
{
	story_terms(ret_terms, NET_METRICS, story_everybody);
	ret_terms->period.year = year;
}

static void answer_all_but(int tally, int silent)
{
	net_run(net_now() + 1000);
	for (int i = 1; i < net_nodes(); i++) {
		int rc = i == silent ? net_decline(i, tally)
				     : net_answer(i, tally, (int16_t)(i % 16), (int16_t)(i % 5));

		NET_CHECK(rc == KL_OK, "node %d gives no answer", i);
	}
}

static int ask_all_but(uint16_t year, int silent)
{
	struct kl_tally_call terms;
	struct kl_fault fault = {0};
	int tally;

	terms_of(year, &terms);
	tally = net_call(&terms, &fault);
	NET_CHECK(tally >= 0, "the call is refused: %s", fault.message);
	kl_tally_call_deinit(&terms);
	answer_all_but(tally, silent);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	return tally;
}

/* Of a score that hardly changes, this year's sum less last year's is the one who joined. */
void tell_next_year(void)
{
	struct net_options options = {.councils = 0, .anchors = 13, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("what hardly changes is looked at together with the year before", 1, &options);
	tally = ask_all_but(2016, 7);
	NET_CHECK(net_result(1, tally, NET_MATURITY, 0).why == KL_PLAN_RELEASED, "the first year");
	tally = ask_all_but(2017, 0);
	result = net_result(1, tally, NET_MATURITY, 0);
	NET_CHECK(result.n == 13 && result.why == KL_PLAN_SUBTRACTABLE, "n = %u: %s", result.n,
		kl_plan_why_text(result.why));
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 13 && result.why == KL_PLAN_RELEASED, "n = %u: %s", result.n,
		kl_plan_why_text(result.why));
	net_end();

	net_begin("nor does it matter which of the two years is counted first", 2, &options);
	(void)ask_all_but(2017, 7);
	tally = ask_all_but(2016, 0);
	NET_CHECK(net_result(1, tally, NET_MATURITY, 0).why == KL_PLAN_SUBTRACTABLE, "backwards");
	tally = ask_all_but(2019, 0);
	NET_CHECK(net_result(1, tally, NET_MATURITY, 0).why == KL_PLAN_RELEASED, "two years on");
	net_end();
}

/* ---- passed over ---------------------------------------------------------------------------- */

static const struct kl_id *last_of(int node, uint32_t kind)
{
	for (size_t s = net_feeds[node].count; s-- > 0;) {
		if (net_feeds[node].records[s].kind == kind)
			return &net_feeds[node].records[s].id;
	}
	net_fail("node %d has said nothing of kind %u", node, kind);
}

/* The first leader releases everybody's answers to both questions, as if nothing had come before. */
static void forge_proposal(int tally)
{
	struct kl_proposal_row rows[NET_METRICS] = {{.metric = NET_SCORE, .level = KL_LEVEL_MIDDLE},
		{.metric = NET_MATURITY, .level = KL_LEVEL_MIDDLE}};
	struct kl_tally_propose propose = {.tally = *net_tally(tally),
		.part = {.number = 1},
		.rows = rows,
		.row_count = NET_METRICS};
	struct kl_bytes payload;
	struct kl_hash hash;
	struct kl_writer w;

	kl_hash_init(&hash, "QB1/set");
	for (unsigned i = 0; i < net_roster.count; i++)
		kl_hash_add_id(&hash,
			last_of(net_node_of(&net_roster.members[i].id), KL_KIND_TALLY_CONTRIB));
	kl_hash_final(&hash, &rows[0].set);
	rows[1].set = rows[0].set;
	for (unsigned seat = 1; seat <= 7; seat++) {
		propose.cited[propose.cited_count].seat = (uint8_t)seat;
		propose.cited[propose.cited_count++].intake =
			*last_of(story_seat_node(tally, seat), KL_KIND_TALLY_INTAKE);
	}
	kl_writer_init(&w);
	kl_tally_propose_write(&w, &propose);
	NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
	net_forge(story_seat_node(tally, 1), KL_KIND_TALLY_PROPOSE, payload.data, payload.len);
	kl_writer_deinit(&w);
}

/* A call for the next year that names `earlier`, and all INTAKEs, with a leader that is down before it
 * has proposed anything: seeds are tried until one gives it. Gives the votes that were cast before. */
static int next_year_of(const struct kl_id *earlier, size_t *ret_votes)
{
	struct net_options options = {.councils = 0, .anchors = 13, .minimum = 5};

	for (uint64_t seed = 1;; seed++) {
		struct kl_tally_call terms;
		struct kl_fault fault = {0};
		size_t intakes, proposals;
		int tally;

		net_begin("no vote for what passes over an earlier release", seed, &options);
		(void)ask_all_but(2016, 7);
		terms_of(2017, &terms);
		NET_CHECK(!kl_tallies_prepare(net_book(0), &net_roster, &terms, &fault), "%s",
			fault.message);
		NET_CHECK(terms.earlier_count == 1, "the call names what came before");
		terms.earlier_count = earlier ? 1 : 0;
		if (earlier)
			terms.earlier[0] = *earlier;
		tally = net_call_anyway(&terms);
		kl_tally_call_deinit(&terms);
		intakes = net_count(-1, KL_KIND_TALLY_INTAKE) + 7;
		proposals = net_count(-1, KL_KIND_TALLY_PROPOSE);
		*ret_votes = net_count(-1, KL_KIND_TALLY_VOTE);
		answer_all_but(tally, 0);
		while (net_count(-1, KL_KIND_TALLY_INTAKE) < intakes)
			net_run(net_now() + 1);
		if (net_count(-1, KL_KIND_TALLY_PROPOSE) == proposals) {
			net_down(story_seat_node(tally, 1));
			return tally;
		}
		net_end();
	}
}

/* Neither the convenor nor the leader says a word of the year before. Everybody else remembers. */
void tell_passed_over(void)
{
	struct kl_tally_result result;
	size_t votes;
	int tally = next_year_of(NULL, &votes);

	forge_proposal(tally);
	net_run(net_now() + NET_DECIDE_MS / 4);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) == votes, "it gets votes");
	net_up(story_seat_node(tally, 1));
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, tally, NET_MATURITY, 0);
	NET_CHECK(result.why == KL_PLAN_SUBTRACTABLE, "%s", kl_plan_why_text(result.why));
	net_end();
}

/* The call names a release that did not come to anybody: who knows what it would show? */
void tell_named_and_unknown(void)
{
	static const struct kl_id unknown = {{0x77}};
	size_t votes;
	int tally = next_year_of(&unknown, &votes);

	net_up(story_seat_node(tally, 1));
	net_settle();
	NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) == votes, "there are votes");
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	net_end();
}
