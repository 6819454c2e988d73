/* Seats that are missing, leaders that are gone, owners who are early. */
#include "tests/sim/tally_story.h"

#include <stdlib.h>
#include <string.h>

static uint64_t took(uint64_t since)
{
	return net_now() - since;
}

/* Four of seven seats are too few for a certificate, and enough to read everything. */
void tell_no_certificate(void)
{
	struct net_options options = {.councils = 5, .anchors = 8, .minimum = 5};
	unsigned down = 0;
	int tally;

	net_begin("nothing is opened without a certificate", 1, &options);
	tally = story_call(2, story_by_kind);
	net_run(net_now() + 1000);
	story_answers(tally, true, true);
	while (net_count(-1, KL_KIND_TALLY_VOTE) < 4 && net_now() < 1040000)
		net_run(net_now() + 1);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) == 4, "%zu votes at once",
		net_count(-1, KL_KIND_TALLY_VOTE));
	for (unsigned seat = 1; seat <= 7; seat++) {
		if (net_count(story_seat_node(tally, seat), KL_KIND_TALLY_VOTE) == 0) {
			net_down(story_seat_node(tally, seat));
			down++;
		}
	}
	NET_CHECK(down == 3, "%u seats are down", down);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_DECIDING, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_OPEN) == 0, "something was opened");
	NET_CHECK(net_count(-1, KL_KIND_TALLY_QUIT) == 4, "whoever is there quits");
	net_run(net_now() + NET_CONTRIBUTE_MS + 2 * NET_DECIDE_MS);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_OPEN) == 0, "something was opened");
	net_end();
}

/* What was proposed in a tally that failed may have been opened by whoever cheats. It counts as
 * released: the next tally must not make the one member visible that came later. */
void tell_quit_names(void)
{
	struct net_options options = {.councils = 0, .anchors = 13, .minimum = 5};
	struct kl_tally_result result;
	int tally, again, late = 1;

	net_begin("proposals named in QUITs count as released", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 1000);
	while (story_seat_of(tally, late))
		late++;
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(!(i == late ? net_decline(i, tally) : net_answer(i, tally, 3, 1)),
			"no answer");
	while (net_count(-1, KL_KIND_TALLY_VOTE) < 4 && net_now() < 1040000)
		net_run(net_now() + 1);
	for (unsigned seat = 1; seat <= 7; seat++) {
		if (net_count(story_seat_node(tally, seat), KL_KIND_TALLY_VOTE) == 0)
			net_down(story_seat_node(tally, seat));
	}
	net_settle();
	for (int i = 1; i < net_nodes(); i++)
		net_up(i);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	again = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	story_answers(again, true, true);
	net_settle();
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, again, NET_SCORE, 0);
	NET_CHECK(result.n == 13 && result.why == KL_PLAN_SUBTRACTABLE, "n = %u: %s", result.n,
		kl_plan_why_text(result.why));
	net_end();
}

/* A seat that is cut off does not take the few it hears for everybody. */
void tell_cut_off(void)
{
	struct net_options options = {.councils = 0, .anchors = 30, .minimum = 5};
	int tally;

	net_begin("no intake is closed by a seat that hears from less than half", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 100);
	for (int i = 1; i < net_nodes(); i++) {
		if (!story_seat_of(tally, i))
			net_down(i);
		else
			NET_CHECK(!net_answer(i, tally, 3, 1), "no answer");
	}
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_INTAKE) == 0, "an intake was closed");
	net_end();
}

/* Seats 1 to `seats` and every other member hear nothing of the rest for ten days, and the rest nothing of
 * them, from when the first seat lists what it holds. */
static int ten_days_without(const char *story, unsigned seats)
{
	struct net_options options = {.councils = 5,
		.anchors = 9,
		.minimum = 5,
		.contribute_ms = 21 * NET_DAY_MS,
		.decide_ms = 21 * NET_DAY_MS,
		.sync_ms = NET_DAY_MS / 24};
	uint64_t some = 0, begun;
	int tally;

	net_begin(story, 1, &options);
	tally = story_call(2, story_everybody);
	net_run(net_now() + NET_DAY_MS);
	story_answers(tally, true, true);
	begun = net_now();
	while (net_count(-1, KL_KIND_TALLY_INTAKE) == 0 && took(begun) < 21 * NET_DAY_MS)
		net_run(net_now() + NET_DAY_MS / 48);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_INTAKE) > 0, "nobody lists anything");
	for (unsigned seat = 1; seat <= seats; seat++)
		some |= NET_BIT(story_seat_node(tally, seat));
	for (int i = 1; i < net_nodes(); i += 2)
		some |= story_seat_of(tally, i) ? 0 : NET_BIT(i);
	net_cut(some, ~some);
	net_cut(~some, some);
	net_run(net_now() + 10 * NET_DAY_MS);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_QUIT) == 0, "somebody gives up");
	return tally;
}

static void everybody_counts_fourteen(int tally)
{
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it is %s",
		kl_tally_state_name(net_view(0, tally).state));
	for (int i = 0; i < net_nodes(); i++)
		NET_CHECK(net_result(i, tally, NET_SCORE, 0).n == 14, "node %d counts %u", i,
			net_result(i, tally, NET_SCORE, 0).n);
}

/* Five seats of seven go on without the other two, which hear of it afterwards. */
void tell_ten_days(void)
{
	int tally = ten_days_without("ten days in which two seats hear nothing", 2);

	net_heal();
	net_settle();
	everybody_counts_fourteen(tally);
	net_end();
}

/* Three vote and four skip, each half for itself: nothing is opened, and it is called again, with the
 * same answers. */
void tell_ten_days_in_halves(void)
{
	int tally = ten_days_without("ten days in which neither half hears the other", 3), again;

	NET_CHECK(net_count(-1, KL_KIND_TALLY_OPEN) == 0, "half of the seats open something");
	net_heal();
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "it is %s",
		kl_tally_state_name(net_view(0, tally).state));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_OPEN) == 0, "something was opened");
	again = story_call(2, story_everybody);
	net_run(net_now() + NET_DAY_MS);
	story_answers(again, true, true);
	net_settle();
	everybody_counts_fourteen(again);
	net_end();
}

/* Its leader is gone: who has not voted skips the attempt, and the second leader proposes. */
void tell_leader_dead(void)
{
	struct net_options options = {.councils = 4, .anchors = 8, .minimum = 5};
	uint64_t begun;
	int tally;

	net_begin("a dead leader costs an attempt, not the tally", 3, &options);
	tally = story_call(2, story_by_kind);
	net_run(net_now() + 3000);
	story_answers(tally, true, true);
	while (net_count(-1, KL_KIND_TALLY_INTAKE) < 7)
		net_run(net_now() + 1);
	net_down(story_seat_node(tally, 1));
	begun = net_now();
	while (net_view(0, tally).state != KL_TALLY_CLOSED && took(begun) < NET_DECIDE_MS)
		net_run(net_now() + 100);
	NET_CHECK(took(begun) > NET_DECIDE_MS * 3 / 8, "nobody waited for the leader");
	NET_CHECK(took(begun) < NET_DECIDE_MS / 2, "it took %d ms", (int)took(begun));
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_count(-1, KL_KIND_TALLY_SKIP) >= 5, "%zu skips",
		net_count(-1, KL_KIND_TALLY_SKIP));
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).n == 12, "somebody is missing");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).opening.state == KL_OPENING_FINAL, "final");
	net_end();

	net_begin("two leaders in a row that are gone", 4, &options);
	tally = story_call(2, story_by_kind);
	net_run(net_now() + 3000);
	story_answers(tally, true, true);
	while (net_count(-1, KL_KIND_TALLY_INTAKE) < 7)
		net_run(net_now() + 1);
	for (unsigned seat = 1; seat <= 2; seat++)
		net_down(story_seat_node(tally, seat));
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).opening.state == KL_OPENING_FINAL, "final");
	net_end();
}

/* Too few seats are there: the tally fails by QUITs, and only then may the question be asked again. The
 * answers are those of the first time. */
void tell_again(void)
{
	struct net_options options = {.councils = 4, .anchors = 8, .minimum = 5};
	struct kl_tally_call terms;
	struct kl_fault fault;
	int16_t first[NET_NODES_MAX][NET_METRICS], second[NET_METRICS];
	int tally, again, forced;
	int gone[3];

	net_begin(
		"a second call only after the first has ended, with the same answers", 3, &options);
	tally = story_call(2, story_by_kind);
	net_run(net_now() + 3000);
	story_answers(tally, true, true);
	for (unsigned i = 0; i < 3; i++) {
		gone[i] = story_seat_node(tally, i + 1);
		net_down(gone[i]);
	}
	net_run(net_now() + 2000);
	NET_CHECK(story_refused(2, story_by_kind, &fault) == KL_E_BUSY,
		"a second call while the first lives");
	NET_CHECK(strstr(fault.message, "has not ended"), "it says: %s", fault.message);

	/* A convenor that calls all the same is left alone. */
	story_terms(&terms, 1, story_everybody);
	(void)kl_tallies_prepare(net_book(0), &net_roster, &terms, &fault);
	terms.roster = net_roster.hash;
	terms.member_count = net_roster.count;
	terms.has_previous = true;
	terms.previous_call = *net_tally(tally);
	for (unsigned i = 0; i < net_roster.count; i++)
		kl_set_add(&terms.offers, i);
	NET_CHECK(!kl_tally_call_hashes(&terms, &terms.schema, &terms.policy), "no hashes");
	forced = net_call_anyway(&terms);
	kl_tally_call_deinit(&terms);
	net_run(net_now() + 2000);
	for (int i = 0; i < net_nodes(); i++) {
		if (!net_is_up(i))
			continue;
		NET_CHECK(net_view(i, forced).gate == KL_GATE_EARLIER, "node %d: gate %s", i,
			kl_tally_gate_name(net_view(i, forced).gate));
		if (i > 0)
			NET_CHECK(net_answer(i, forced, 1, 1) == KL_E_DENIED, "it may answer");
	}
	NET_CHECK(net_count(-1, KL_KIND_TALLY_ACCEPT) == 7, "somebody accepted the second call");

	net_settle();
	for (unsigned i = 0; i < 3; i++)
		net_up(gone[i]);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	NET_CHECK(
		net_count(-1, KL_KIND_TALLY_PROPOSE) == 0 && net_count(-1, KL_KIND_TALLY_OPEN) == 0,
		"something was opened");
	/* It said that the question had not failed before: whoever saw the failure sees that. */
	NET_CHECK(net_check(forced) == KL_TALLY_INVALID, "the forced one counts");

	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(net_answers_of(i, tally, first[i]), "nothing is kept");
	again = story_call(2, story_by_kind);
	net_run(net_now() + 2000);
	NET_CHECK(net_view(1, again).gate == KL_GATE_OPEN && net_view(1, again).call->tries == 1,
		"tries %u", net_view(1, again).call->tries);
	for (int i = 1; i < net_nodes(); i++) {
		int16_t shown[NET_METRICS] = {15, 4};
		struct kl_id from[NET_METRICS];

		NET_CHECK(!kl_tallies_locked(net_book(i), net_tally(again), shown, from),
			"nothing is shown");
		NET_CHECK(!net_answers_of(i, tally, first[i]) ||
				  !memcmp(first[i], shown, sizeof(shown)),
			"node %d is shown another answer than it agreed to", i);
		NET_CHECK(net_answer(i, again, 15, 4) == KL_OK, "no answer");
	}
	net_run(net_now() + 8000);
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 1; i < net_nodes(); i++) {
		NET_CHECK(net_answers_of(i, again, second), "nothing is kept");
		NET_CHECK(
			!memcmp(first[i], second, sizeof(second)), "node %d changed its answer", i);
	}
	NET_CHECK(story_refused(1, story_by_kind, &fault) == KL_E_DENIED,
		"a question is counted twice");
	NET_CHECK(strstr(fault.message, "counted"), "it says: %s", fault.message);
	net_end();
}

/* A leader that tells half of the seats another story gets no second certificate. */
void tell_equivocation(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct net_options options = {.councils = 6, .anchors = 10, .minimum = 5};
		struct kl_tally_propose other;
		struct kl_bytes payload;
		struct kl_writer w;
		int leader, tally;
		size_t at = 0;

		net_begin("two proposals of one leader never get two certificates", seed, &options);
		tally = story_call(1, story_by_kind);
		net_run(net_now() + 2000);
		story_answers(tally, true, true);
		leader = story_seat_node(tally, 1);
		while (net_count(leader, KL_KIND_TALLY_PROPOSE) == 0 && net_now() < 1040000)
			net_run(net_now() + 1);
		while (net_feeds[leader].records[at].kind != KL_KIND_TALLY_PROPOSE)
			at++;
		net_set_lying(tally, 1);
		payload = kl_bytes(
			net_feeds[leader].records[at].payload, net_feeds[leader].records[at].len);
		NET_CHECK(!kl_tally_propose_read(payload, &other), "a proposal");
		other.cited_count--; /* one INTAKE fewer: still enough, and just as right */
		kl_writer_init(&w);
		kl_tally_propose_write(&w, &other);
		NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
		net_forge(leader, KL_KIND_TALLY_PROPOSE, payload.data, payload.len);
		kl_writer_deinit(&w);
		kl_tally_propose_deinit(&other);
		for (int i = 1; i < net_nodes(); i++)
			net_restart(i);
		net_run(net_now() + 8000);
		NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
		net_end();
	}
}

void tell_restored(void)
{
	struct net_options options = {.councils = 4, .anchors = 8, .minimum = 5};
	int tally, seat;

	net_begin("a seat that was restored without its key quits, and the others go on", 1,
		&options);
	tally = story_call(1, story_by_kind);
	net_run(net_now() + 2000);
	seat = story_seat_node(tally, 3);
	net_lose_key(seat);
	net_restart(seat);
	net_run(net_now() + 500);
	NET_CHECK(net_count(seat, KL_KIND_TALLY_QUIT) == 1, "it goes on without a key");
	story_answers(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).opening.state == KL_OPENING_FINAL, "final");
	NET_CHECK(net_count(seat, KL_KIND_TALLY_INTAKE) == 0, "it said something after its QUIT");
	net_end();
}

void tell_absent_seats(void)
{
	struct net_options options = {.councils = 4, .anchors = 8, .minimum = 5};
	int tally, again;

	net_begin("seats that do not accept have no substitutes; too few of them end the tally", 1,
		&options);
	for (int i = 1; i < net_nodes(); i++)
		net_set_seat(i, false);
	tally = story_call(1, story_by_kind);
	net_run(net_now() + NET_CONTRIBUTE_MS / 3 + 2000);
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "it goes on without seats");
	NET_CHECK(net_count(-1, KL_KIND_TALLY_ACCEPT) == 0, "somebody sits");
	for (int i = 1; i < net_nodes(); i++)
		net_set_seat(i, true);
	net_run(net_now() + 1000);
	again = story_call(1, story_by_kind);
	net_run(net_now() + 2000);
	story_answers(again, true, true);
	net_settle();
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "the next one works");
	net_end();

	options.councils = 8;
	options.anchors = 16;
	net_begin("two absent seats of seven leave a result, without those who sit", 2, &options);
	for (int i = 1; i < net_nodes(); i++)
		net_set_seat(i, false);
	tally = story_call(1, story_by_kind);
	net_run(net_now() + 1000);
	for (unsigned seat = 1; seat <= 5; seat++)
		net_set_seat(story_seat_node(tally, seat), true);
	net_run(net_now() + 1000);
	story_answers(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).opening.state == KL_OPENING_FINAL, "final");
	/* Nobody's own reply speaks for it, and four others are too few to be sure. */
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).n == 19, "n = %u",
		net_result(1, tally, NET_SCORE, 0).n);
	net_end();
}

/* A contributor waits for the seats, and then no seat goes without its share. */
void tell_early_answers(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally;

	net_begin("who agrees before the seats have accepted waits for them", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 70);
	story_answers(tally, true, true);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_SHARE) == 0, "shares for nobody");
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(net_count(i, KL_KIND_TALLY_SHARE) == 7, "node %d makes %zu shares", i,
			net_count(i, KL_KIND_TALLY_SHARE));
	net_end();
}

/* A seat that accepted and then fell silent costs a quarter of the time to decide. */
void tell_silent_seat(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally, last = 1;
	uint64_t begun;

	net_begin("a silent seat is waited for, but not for ever", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	while (story_seat_of(tally, last))
		last++;
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(i == last || !net_answer(i, tally, 3, 1), "no answer");
	net_run(net_now() + 3000);
	net_down(story_seat_node(tally, 6));
	NET_CHECK(!net_answer(last, tally, 3, 1), "no answer");
	begun = net_now();
	while (net_view(0, tally).state != KL_TALLY_CLOSED && took(begun) < NET_CONTRIBUTE_MS)
		net_run(net_now() + 100);
	NET_CHECK(took(begun) > NET_DECIDE_MS / 4, "it was not waited for");
	NET_CHECK(took(begun) < NET_DECIDE_MS / 2, "it took %d ms", (int)took(begun));
	net_end();
}
