/* What comes out, what is withheld, and what is not called at all. */
#include "tests/sim/tally_story.h"

#include "core/metric.h"

#include <stdlib.h>
#include <string.h>

static uint64_t took(uint64_t since)
{
	return net_now() - since;
}

void tell_plain(void)
{
	static const struct {
		int members;
		uint8_t n, t;
	} sizes[] = {{5, 5, 3}, {6, 6, 3}, {7, 7, 3}, {16, 7, 3}, {30, 7, 3}, {40, 10, 4}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct net_options options = {.councils = sizes[i].members / 2,
			.anchors = sizes[i].members - sizes[i].members / 2,
			.minimum = 5};
		struct kl_tally_result result;
		uint64_t begun;
		int tally;

		net_begin("a tally of members that all answer is the plain count", i, &options);
		tally = story_call(2, story_by_kind);
		begun = net_now();
		net_run(net_now() + 1000);
		NET_CHECK(net_view(0, tally).committee.n == sizes[i].n, "a committee of %u",
			net_view(0, tally).committee.n);
		NET_CHECK(net_view(0, tally).committee.t == sizes[i].t, "a threshold of %u",
			net_view(0, tally).committee.t);
		story_answers(tally, true, true);
		net_run(net_now() + 8000);
		NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
		NET_CHECK(took(begun) < NET_CONTRIBUTE_MS, "nobody had to wait");
		result = net_result(1, tally, NET_SCORE, 0);
		NET_CHECK(result.why == KL_PLAN_RELEASED && result.n == sizes[i].members,
			"n = %u of %d", result.n, sizes[i].members);
		NET_CHECK(result.opening.state == KL_OPENING_FINAL, "not final");
		NET_CHECK(net_count(-1, KL_KIND_TALLY_CLOSE) == 1, "the convenor closes once");
		net_end();
	}
}

/* Ten anchors and three councils: whoever gets all anchors and everybody gets the three. */
void tell_complement(void)
{
	struct net_options options = {.councils = 3, .anchors = 10, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("ten anchors are released if nobody else can be told from them", 1, &options);
	tally = story_call(1, story_anchors_first);
	net_run(net_now() + 1000);
	story_answers(tally, false, true);
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(3, tally, NET_SCORE, 0);
	NET_CHECK(result.why == KL_PLAN_RELEASED && result.n == 10, "anchors: %s, n = %u",
		kl_plan_why_text(result.why), result.n);
	NET_CHECK(result.level == KL_LEVEL_MIDDLE, "ten members allow eight bins, not level %u",
		result.level);
	NET_CHECK(net_result(3, tally, NET_SCORE, 1).why == KL_PLAN_RELEASED, "the same ten");
	NET_CHECK(net_result(3, tally, NET_SCORE, 2).why == KL_PLAN_TOO_SMALL, "no council");
	net_end();

	net_begin("a rest of three withholds the second of two cohorts", 2, &options);
	tally = story_call(1, story_anchors_first);
	net_run(net_now() + 1000);
	story_answers(tally, true, true);
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(3, tally, NET_SCORE, 0).why == KL_PLAN_RELEASED, "anchors");
	NET_CHECK(net_result(3, tally, NET_SCORE, 1).why == KL_PLAN_SUBTRACTABLE, "everybody: %s",
		kl_plan_why_text(net_result(3, tally, NET_SCORE, 1).why));
	NET_CHECK(net_result(3, tally, NET_SCORE, 2).why == KL_PLAN_TOO_SMALL, "councils");
	net_end();
}

void tell_too_few(void)
{
	struct net_options options = {.councils = 6, .anchors = 11, .minimum = 5};
	struct kl_tally_forecast forecast[3];
	struct kl_tally_call terms;
	struct kl_tally_result result;
	struct kl_set four = {0};
	int tally;

	net_begin("four answers are withheld, with the reason", 1, &options);
	story_terms(&terms, 1, story_by_kind);
	for (unsigned i = 0; i < 4; i++)
		kl_set_add(&four, i);
	NET_CHECK(
		kl_tallies_forecast(net_book(0), &terms, &net_roster, 0, &four, forecast) == KL_OK,
		"no forecast");
	NET_CHECK(forecast[0].why == KL_PLAN_TOO_SMALL && forecast[0].counted == 4 &&
			  forecast[0].needed == 5,
		"the forecast says %s", kl_plan_why_text(forecast[0].why));
	kl_tally_call_deinit(&terms);
	tally = story_call(1, story_by_kind);
	net_run(net_now() + 1000);
	for (int i = 1; i < net_nodes(); i++) {
		if (i <= 4)
			NET_CHECK(!net_answer(i, tally, (int16_t)i, KL_ABSENT), "no answer");
		else
			NET_CHECK(!net_decline(i, tally), "no decline");
	}
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(9, tally, NET_SCORE, 0);
	NET_CHECK(result.why == KL_PLAN_TOO_SMALL && result.n == 4 && result.counted == 4 &&
			  result.needed == 5,
		"n = %u: %s", result.n, kl_plan_why_text(result.why));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_OPEN) == 0, "something was opened");
	net_end();
}

/* The charter asks for ten, as the Office for National Statistics does. */
void tell_ten(void)
{
	struct net_options options = {.councils = 0, .anchors = 13, .minimum = 10};
	struct kl_tally_result result;
	int tally;

	net_begin("where ten are asked for, nine answers are withheld", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 1000);
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(!(i <= 9 ? net_answer(i, tally, (int16_t)i, KL_ABSENT)
				   : net_decline(i, tally)),
			"node %d may not", i);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(3, tally, NET_SCORE, 0);
	NET_CHECK(result.why == KL_PLAN_TOO_SMALL && result.counted == 9 && result.needed == 10,
		"%u of %u: %s", result.counted, result.needed, kl_plan_why_text(result.why));
	net_end();
}

/* A value published under its owner's name hides nobody; nor do two members under one control. */
void tell_not_counted(void)
{
	struct net_options options = {.councils = 0, .anchors = 9, .minimum = 5};
	struct kl_tally_call terms;
	struct kl_fault fault = {0};
	struct kl_tally_result result;
	int tally;

	net_begin("named figures and one control group do not count towards the minimum", 1,
		&options);
	net_roster.members[1].control = net_roster.members[0].control;
	net_roster.members[2].verified = false;
	story_terms(&terms, 1, story_everybody);
	terms.named = calloc(1, sizeof(*terms.named));
	kl_set_add(&terms.named[0], 3);
	tally = net_call(&terms, &fault);
	NET_CHECK(tally >= 0, "refused: %s", fault.message);
	kl_tally_call_deinit(&terms);
	net_run(net_now() + 1000);
	story_answers(tally, true, true);
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(3, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 9 && result.counted == 6, "n = %u, counted %u", result.n,
		result.counted);
	NET_CHECK(result.why == KL_PLAN_RELEASED && result.level == KL_LEVEL_COARSE, "level %u",
		result.level);
	net_end();

	options.anchors = 6;
	net_begin("a call is refused while too few could count", 1, &options);
	net_roster.members[1].control = net_roster.members[0].control;
	net_roster.members[2].control = net_roster.members[0].control;
	NET_CHECK(story_refused(1, story_everybody, &fault) == KL_E_DENIED, "it is not refused");
	NET_CHECK(strstr(fault.message, "only 4 members"), "it says: %s", fault.message);
	net_end();

	options.anchors = 8;
	net_begin("no tally with fewer than five that offer a seat", 1, &options);
	for (unsigned i = 0; i < 4; i++)
		net_roster.members[i].offers_seat = false;
	NET_CHECK(story_refused(1, story_everybody, &fault) == KL_E_DENIED, "it is not refused");
	NET_CHECK(strstr(fault.message, "offer a seat"), "it says: %s", fault.message);
	options.minimum = 4;
	net_end();

	net_begin("no minimum below five", 1, &options);
	NET_CHECK(story_refused(1, story_everybody, &fault) == KL_E_DENIED, "it is not refused");
	NET_CHECK(strstr(fault.message, "minimum of 4"), "it says: %s", fault.message);
	net_end();
}
