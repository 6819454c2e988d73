/* Seats that contradict themselves: what they say is shown to everybody, comes to the same state
 * everywhere, and keeps them off the next committees. */
#include "tests/sim/tally_story.h"

#include <string.h>

static void forge_skip(int node, int tally, uint32_t attempt)
{
	struct kl_tally_skip skip = {.tally = *net_tally(tally),
		.attempt = attempt,
		.seat = (uint8_t)story_seat_of(tally, node)};
	struct kl_bytes payload;
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_skip_write(&w, &skip);
	NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
	net_forge(node, KL_KIND_TALLY_SKIP, payload.data, payload.len);
	kl_writer_deinit(&w);
}

/* One for each year, so that each may be called whatever became of the others. */
static int call_for_year(uint16_t year, bool bar_nobody, struct kl_tally_call *ret_terms)
{
	struct kl_fault fault = {0};
	int tally;

	story_terms(ret_terms, 1, story_everybody);
	ret_terms->period.year = year;
	NET_CHECK(!kl_tallies_prepare(net_book(0), &net_roster, ret_terms, &fault), "refused: %s",
		fault.message);
	if (bar_nobody)
		ret_terms->evidence_count = 0;
	tally = net_call_anyway(ret_terms);
	net_run(net_now() + 2000);
	return tally;
}

static bool sits(int tally, int node)
{
	return story_seat_of(tally, node) > 0;
}

/* Whether node 1 says that a call bars somebody, or passes somebody over. */
static size_t barred(int tally, const struct kl_id *member)
{
	struct kl_tally_barred who[4];
	size_t count = kl_tallies_barred(net_book(1), net_tally(tally), who, 4);

	NET_CHECK(count == 0 || kl_id_equal(&who[0].member, member), "somebody else is barred");
	return count;
}

static size_t passed_over(int tally, const struct kl_id *member)
{
	struct kl_tally_barred who[4];
	size_t count = kl_tallies_passed_over(net_book(1), net_tally(tally), who, 4);

	NET_CHECK(count == 0 || kl_id_equal(&who[0].member, member), "somebody else is named");
	return count;
}

/* A seat votes and skips: it is proven once, and sits in none of the next four committees. */
void tell_barred(void)
{
	struct net_options options = {.councils = 0, .anchors = 9, .minimum = 5};
	struct kl_tally_call terms;
	int tally, cheat, next;

	net_begin("a seat that votes and skips is barred from four committees", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	cheat = story_seat_node(tally, 5);
	story_answers(tally, true, true);
	while (net_count(cheat, KL_KIND_TALLY_VOTE) == 0 && net_now() < 1040000)
		net_run(net_now() + 1);
	net_set_lying(tally, 1U << 4);
	forge_skip(cheat, tally, 0);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_count(-1, KL_KIND_TALLY_EVIDENCE) == 1, "%zu proofs",
		net_count(-1, KL_KIND_TALLY_EVIDENCE));
	NET_CHECK(net_count(0, KL_KIND_TALLY_EVIDENCE) == 1, "the convenor has not shown it");
	for (int i = 0; i < net_nodes(); i++)
		NET_CHECK(net_view(i, tally).seats[4].proven && !net_view(i, tally).seats[3].proven,
			"node %d does not know who cheats", i);
	for (uint16_t year = 2001; year <= 2004; year++) {
		next = call_for_year(year, false, &terms);
		NET_CHECK(
			terms.evidence_count == 1, "call %u lists %u", year, terms.evidence_count);
		kl_tally_call_deinit(&terms);
		NET_CHECK(net_check(next) == KL_TALLY_OPEN, "call %u is not open", year);
		NET_CHECK(!sits(next, cheat), "it sits in %u", year);
		NET_CHECK(barred(next, net_id(cheat)) == 1 && passed_over(next, net_id(cheat)) == 0,
			"nobody is told");
	}
	next = call_for_year(2005, false, &terms);
	NET_CHECK(terms.evidence_count == 0, "it is barred for ever");
	kl_tally_call_deinit(&terms);
	NET_CHECK(net_check(next) == KL_TALLY_OPEN, "it is not open");
	NET_CHECK(barred(next, net_id(cheat)) == 0 && passed_over(next, net_id(cheat)) == 0,
		"it is still named");
	net_end();
}

/* A convenor may not know of it at once; but who was barred once is barred again. */
void tell_let_off(void)
{
	struct net_options options = {.councils = 0, .anchors = 9, .minimum = 5};
	struct kl_tally_call terms;
	int tally, cheat, next;

	net_begin("nobody follows a call that lets off who was barred before", 2, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	cheat = story_seat_node(tally, 2);
	story_answers(tally, true, true);
	while (net_count(cheat, KL_KIND_TALLY_VOTE) == 0 && net_now() < 1040000)
		net_run(net_now() + 1);
	net_set_lying(tally, 1U << 1);
	forge_skip(cheat, tally, 0);
	net_settle();
	next = call_for_year(2001, true, &terms);
	kl_tally_call_deinit(&terms);
	NET_CHECK(net_check(next) == KL_TALLY_OPEN, "not yet barred, and refused");
	NET_CHECK(passed_over(next, net_id(cheat)) == 1, "nobody is told who is passed over");
	next = call_for_year(2002, false, &terms);
	kl_tally_call_deinit(&terms);
	NET_CHECK(net_check(next) == KL_TALLY_OPEN && !sits(next, cheat), "barred, and it sits");
	next = call_for_year(2003, true, &terms);
	kl_tally_call_deinit(&terms);
	NET_CHECK(net_check(next) == KL_TALLY_INVALID, "it is let off");
	net_end();
}

/* ---- feeds in two branches ------------------------------------------------------------------ */

/* Half of the nodes, without the convenor. */
static uint64_t one_side(void)
{
	uint64_t side = 0;

	for (int i = 2; i < net_nodes(); i += 2)
		side |= NET_BIT(i);
	return side;
}

static void forge_other_proposal(int leader)
{
	struct kl_tally_propose other;
	struct kl_bytes payload;
	struct kl_writer w;
	size_t at = 0;

	while (net_feeds[leader].records[at].kind != KL_KIND_TALLY_PROPOSE)
		at++;
	payload =
		kl_bytes(net_feeds[leader].records[at].payload, net_feeds[leader].records[at].len);
	NET_CHECK(!kl_tally_propose_read(payload, &other), "a proposal");
	other.cited_count--; /* one INTAKE fewer: still enough, and just as right */
	kl_writer_init(&w);
	kl_tally_propose_write(&w, &other);
	NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
	net_forge_on(leader, 1, KL_KIND_TALLY_PROPOSE, payload.data, payload.len);
	kl_writer_deinit(&w);
	kl_tally_propose_deinit(&other);
}

/* Whether anybody else holds the second branch of a feed from that place on. */
static bool is_heard(int author, size_t from)
{
	for (int i = 0; i < net_nodes(); i++) {
		if (i != author && net_have(i, author) > from &&
			net_held(i, author, from) == net_record_at(author, 1, from))
			return true;
	}
	return false;
}

/* The leader tells each half another proposal, on two branches of its feed. Whoever holds one branch
 * never takes the other; both come to everybody as EVIDENCE. */
void tell_forked_leader(void)
{
	unsigned shown = 0;

	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct net_options options = {.councils = 4, .anchors = 10, .minimum = 5};
		struct kl_tally_call terms;
		enum kl_tally_state state;
		int tally, leader, next;
		size_t from;

		net_begin("a leader that forks is shown to everybody", seed, &options);
		tally = story_call(1, story_everybody);
		net_run(net_now() + 2000);
		leader = story_seat_node(tally, 1);
		net_set_lying(tally, 1);
		story_answers(tally, true, true);
		while (net_count(leader, KL_KIND_TALLY_INTAKE) == 0)
			net_run(net_now() + 1);
		if (net_count(leader, KL_KIND_TALLY_PROPOSE) > 0) { /* too late to fork */
			net_end();
			continue;
		}
		from = net_feeds[leader].count;
		net_fork(leader, one_side());
		while (net_count(leader, KL_KIND_TALLY_PROPOSE) == 0)
			net_run(net_now() + 1);
		forge_other_proposal(leader);
		net_run(net_now() + 3000);
		for (int i = 1; i < net_nodes(); i++) {
			if (i != leader && net_random(2) == 0)
				net_restart(i);
		}
		net_settle();
		state = net_check(tally);
		NET_CHECK(state == KL_TALLY_CLOSED || state == KL_TALLY_ENDED_FAILED, "it is %s",
			kl_tally_state_name(state));
		for (int i = 0; i < net_nodes() && is_heard(leader, from); i++)
			NET_CHECK(i == leader || net_view(i, tally).seats[0].proven,
				"node %d does not know that the leader cheats", i);
		shown += net_view(0, tally).seats[0].proven;
		next = call_for_year(2001, false, &terms);
		NET_CHECK(terms.evidence_count == net_view(0, tally).seats[0].proven,
			"the call lists %u", terms.evidence_count);
		NET_CHECK(terms.evidence_count == 0 || !sits(next, leader), "it sits");
		kl_tally_call_deinit(&terms);
		net_end();
	}
	if (shown < 3)
		net_fail("only %u of six leaders were shown", shown);
}

/* Five seats of seven are left, and one of them forks before it opens: some never see its OPEN in its
 * feed, and without it nothing is final. */
void tell_forked_seat(void)
{
	struct net_options options = {.councils = 4, .anchors = 10, .minimum = 5};
	struct kl_tally_decline decline;
	struct kl_bytes payload;
	struct kl_writer w;
	int tally, cheat;

	net_begin("what a seat said before its feed was frozen counts for all", 1, &options);
	tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	cheat = story_seat_node(tally, 3);
	net_set_lying(tally, 1U << 2);
	story_answers(tally, true, true);
	while (net_count(-1, KL_KIND_TALLY_INTAKE) < 7)
		net_run(net_now() + 1);
	net_down(story_seat_node(tally, 6));
	net_down(story_seat_node(tally, 7));
	while (net_count(cheat, KL_KIND_TALLY_VOTE) == 0)
		net_run(net_now() + 1);
	NET_CHECK(net_count(cheat, KL_KIND_TALLY_OPEN) == 0, "too late to fork");
	net_fork(cheat, one_side());
	decline.tally = *net_tally(tally);
	kl_writer_init(&w);
	kl_tally_decline_write(&w, &decline);
	NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
	net_forge_on(cheat, 1, KL_KIND_TALLY_DECLINE, payload.data, payload.len);
	kl_writer_deinit(&w);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed: %s",
		kl_tally_state_name(net_view(0, tally).state));
	for (int i = 0; i < net_nodes(); i++) {
		if (net_is_up(i))
			NET_CHECK(net_result(i, tally, NET_SCORE, 0).opening.state ==
					  KL_OPENING_FINAL,
				"it is not final at node %d", i);
	}
	NET_CHECK(net_count(-1, KL_KIND_TALLY_EVIDENCE) >= 1, "nothing was shown");
	net_end();
}
