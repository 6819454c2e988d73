/* Late-comers: a question that was released for a period is asked again of those who were not in it. */
#include "tests/sim/tally_story.h"

#include <string.h>

static bool was_in[NET_NODES_MAX];

/* The nodes from first to last answer, the others of the tally decline or hear that they were counted. */
static int ask(int first, int last)
{
	int tally = story_call(1, story_everybody);

	net_run(net_now() + 2000);
	for (int i = 1; i < net_nodes(); i++) {
		bool answers = i >= first && i <= last;

		if (answers || was_in[i])
			NET_CHECK(net_answer(i, tally, (int16_t)(i % 16), 1) ==
					  (was_in[i] ? KL_E_EXISTS : KL_OK),
				"node %d is asked otherwise", i);
		if (!answers)
			NET_CHECK(!net_decline(i, tally), "node %d may not decline", i);
	}
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	return tally;
}

void tell_late_batch(void)
{
	struct net_options options = {.councils = 8, .anchors = 16, .minimum = 5};
	struct story_dealing twice = {.x = {1}, .number = 1};
	struct kl_tally_result result;
	struct kl_tally_forecast forecast;
	struct kl_tally_call terms;
	struct kl_fault fault;
	int tally;

	memset(was_in, 0, sizeof(was_in));
	net_begin("late-comers are counted as a batch of their own, or not at all", 1, &options);
	tally = ask(1, 13);
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 13 && result.why == KL_PLAN_RELEASED, "n = %u", result.n);
	for (int i = 1; i <= 13; i++)
		was_in[i] = true;

	/* Four are too few, whatever else is known of the period. */
	story_terms(&terms, 1, story_everybody);
	NET_CHECK(kl_tallies_counted(net_book(0), &terms, 0), "it was not counted");
	NET_CHECK(!kl_tallies_forecast(net_book(0), &terms, &net_roster, 0, NULL, &forecast) &&
			  forecast.could == 11,
		"%u could", forecast.could);
	kl_tally_call_deinit(&terms);
	tally = ask(14, 17);
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 4 && result.why != KL_PLAN_RELEASED, "n = %u: %s", result.n,
		kl_plan_why_text(result.why));

	/* Nothing was shown of these four, so they may come again, with the others. One that was in the
	 * first is not counted twice, whatever it deals. */
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	story_deal(3, tally, &twice);
	for (int i = 14; i < net_nodes(); i++)
		NET_CHECK(!net_answer(i, tally, (int16_t)(i % 16), 1), "node %d may not", i);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 0; i < net_nodes(); i++) {
		uint32_t sum = 0;

		result = net_result(i, tally, NET_SCORE, 0);
		NET_CHECK(result.n == 11 && result.why == KL_PLAN_RELEASED &&
				  result.opening.state == KL_OPENING_FINAL,
			"node %d: n = %u: %s", i, result.n, kl_plan_why_text(result.why));
		for (unsigned b = 0; b < result.opening.bins; b++)
			sum += result.opening.histogram[b];
		NET_CHECK(sum == 11, "%u in the bins", sum);
	}

	/* Nobody is left, and whoever wants to call hears it. */
	NET_CHECK(story_refused(1, story_everybody, &fault) == KL_E_DENIED, "called again");
	NET_CHECK(strstr(fault.message, "only 0 members"), "%s", fault.message);
	net_end();
}

enum { FIRST_SEAT = 24, LAST_SEAT = 30, SECOND_FIRST_SEAT = 10, SECOND_LAST_SEAT = 16 };

static void offer_seats(int first, int last)
{
	for (unsigned i = 0; i < net_roster.count; i++) {
		int node = net_node_of(&net_roster.members[i].id);

		net_roster.members[i].offers_seat = node >= first && node <= last;
	}
}

/* Five of seven seats vote for a proposal, and none of them hears of the others before it has quit. */
static int certified_and_failed(void)
{
	int tally, down = 0;

	offer_seats(FIRST_SEAT, LAST_SEAT);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	for (int i = FIRST_SEAT; i < LAST_SEAT && down < 2; i++)
		if (i != story_seat_node(tally, 1)) {
			net_down(i);
			down++;
		}
	for (int i = 1; i < net_nodes(); i++)
		if (net_is_up(i))
			NET_CHECK(!(i <= 15 ? net_answer(i, tally, (int16_t)(i % 16), 1)
					    : net_decline(i, tally)),
				"node %d may not", i);
	while (net_count(-1, KL_KIND_TALLY_VOTE) == 0 && net_now() < 1080000)
		net_run(net_now() + 1);
	net_cut(~NET_BIT(story_seat_node(tally, 1)), ~UINT64_C(0)); /* the leader alone is heard */
	net_settle();
	net_heal();
	net_settle();
	NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) == 5 && net_count(-1, KL_KIND_TALLY_QUIT) == 5,
		"%zu votes, %zu quit", net_count(-1, KL_KIND_TALLY_VOTE),
		net_count(-1, KL_KIND_TALLY_QUIT));
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED && net_view(1, tally).certified,
		"state %s", kl_tally_state_name(net_view(1, tally).state));
	return tally;
}

/* Who reads everything again comes to the last vote, which certifies, after it has read all of the next
 * tally, and before the last QUIT. What was counted in a tally that failed is counted again all the same. */
void tell_failure_heard_last(void)
{
	struct net_options options = {.councils = 0, .anchors = LAST_SEAT, .minimum = 5};
	struct kl_tally_result result;
	int again;

	net_begin("whoever hears of a failure last comes to the same", 1, &options);
	(void)certified_and_failed();
	offer_seats(SECOND_FIRST_SEAT, SECOND_LAST_SEAT);
	again = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	for (int i = 1; i < net_nodes(); i++)
		if (net_is_up(i))
			NET_CHECK(!(i < FIRST_SEAT ? net_answer(i, again, (int16_t)(i % 16), 1)
						   : net_decline(i, again)),
				"node %d may not", i);
	net_settle();
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 0; i < net_nodes(); i += 7) {
		net_restart(i);
		net_run(net_now() + 1000);
		NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "node %d: it has not closed", i);
		result = net_result(i, again, NET_SCORE, 0);
		NET_CHECK(result.n == 23 && result.why == KL_PLAN_RELEASED &&
				  result.opening.state == KL_OPENING_FINAL,
			"node %d: n = %u: %s", i, result.n, kl_plan_why_text(result.why));
	}
	net_end();
}
