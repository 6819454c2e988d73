/* One dishonest seat against a rule that looks good enough: "t of n open a sum, and everybody answers
 * once". It asks one half for everybody, the other half for everybody but one, and helps both: two sums
 * open, and their difference is one member's answer. Here the same seat, with the same shares, meets
 * both rules. */
#include "tests/sim/tally_end.h"
#include "tests/sim/tally_story.h"

#include "core/hash.h"
#include "core/metric.h"
#include "core/sums.h"

#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 13, LEADER = 1 }; /* the dishonest seat leads the first attempt */

struct attack {
	int tally, leader, victim; /* nodes */
	struct kl_committee committee;
	uint64_t second_half; /* nodes that are told the second story */
};

static const struct kl_id *last_of(int node, uint32_t kind)
{
	for (size_t s = net_feeds[node].count; s-- > 0;) {
		if (net_feeds[node].records[s].kind == kind)
			return &net_feeds[node].records[s].id;
	}
	net_fail("node %d has not said kind %u", node, kind);
}

static struct kl_set everybody_but(const struct attack *a, int node)
{
	struct kl_set set = {{0}};

	for (unsigned i = 0; i < net_roster_of(a->tally)->count; i++) {
		if (net_node_of(&net_roster_of(a->tally)->members[i].id) != node)
			kl_set_add(&set, i);
	}
	return set;
}

static int mute;

static bool say_nothing(int node, uint32_t kind, struct kl_bytes payload)
{
	(void)kind;
	(void)payload;
	return node == mute;
}

/* A tally in which everybody has contributed and all honest seats have closed their intake. What the
 * leader's machine wants to say is not said: somebody writes its records by hand. Of the members, as many
 * as there are to be seats offer one. */
static void prepare(struct attack *a, unsigned seats)
{
	struct net_options options = {.councils = 4, .anchors = MEMBERS - 4, .minimum = 5};

	net_begin("one dishonest seat opens two sums, unless they need a certificate", seats,
		&options);
	for (unsigned i = seats; i < net_roster.count; i++)
		net_roster.members[i].offers_seat = false;
	a->tally = story_call(1, story_everybody);
	net_run(net_now() + 2000);
	a->committee = net_view(0, a->tally).committee;
	a->leader = story_seat_node(a->tally, LEADER);
	for (a->victim = 1; story_seat_of(a->tally, a->victim);)
		a->victim++;
	for (int i = 1; i < net_nodes(); i++)
		if (i != a->victim)
			NET_CHECK(!net_answer(i, a->tally, (int16_t)(i % NET_SCORE_BINS), 0), "?");
	net_run(net_now() + 3000);
	mute = a->leader;
	net_lie = say_nothing;
	NET_CHECK(!net_answer(a->victim, a->tally, 5, 0), "the victim may not answer");
	net_run(net_now() + 3000);
	net_set_lying(a->tally, 1U << (LEADER - 1));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_CONTRIB) == MEMBERS &&
			  net_count(-1, KL_KIND_TALLY_INTAKE) == a->committee.n - 1U &&
			  net_count(-1, KL_KIND_TALLY_PROPOSE) == 0,
		"%zu intakes", net_count(-1, KL_KIND_TALLY_INTAKE));
	a->second_half = 0;
	for (unsigned seat = 2; seat <= a->committee.n; seat += 2)
		a->second_half |= NET_BIT(story_seat_node(a->tally, seat));
}

/* ---- the old rule --------------------------------------------------------------------------- */

/* The sum that a seat gives, from what it was dealt. */
static void sum_of(
	const struct attack *a, unsigned seat, const struct kl_set *set, uint64_t *ret_sum)
{
	const struct kl_tally_roster *roster = net_roster_of(a->tally);
	const struct kl_metric *metric = &net_terms_of(a->tally)->metrics[NET_SCORE];
	const struct kl_runs runs = {
		metric->runs[KL_LEVEL_MIDDLE], metric->level_bins[KL_LEVEL_MIDDLE]};
	const struct kl_cells cells = net_cells(a->tally);
	const uint64_t *rows[MEMBERS];

	for (unsigned i = 0; i < roster->count; i++) {
		int node = net_node_of(&roster->members[i].id);

		rows[i] = net_dealt(last_of(node, KL_KIND_TALLY_CONTRIB))->vectors[seat - 1];
	}
	NET_CHECK(!kl_partial_sum(&cells, NET_SCORE, &runs, rows, roster->count, set, ret_sum),
		"seat %u has no sum", seat);
}

/* What opens if one half of the honest seats, each asked once, gives its sum, and so does the one that is
 * not honest. */
static void open_half(const struct attack *a, bool second, const struct kl_set *set,
	struct kl_opening *ret_opening)
{
	uint64_t sums[KL_SEATS_MAX][NET_SCORE_BINS];
	struct kl_partial partials[KL_SEATS_MAX];
	size_t count = 0;

	for (unsigned seat = 1; seat <= a->committee.n; seat++) {
		bool in_second = a->second_half & NET_BIT(story_seat_node(a->tally, seat));

		if (seat != LEADER && in_second != second)
			continue;
		sum_of(a, seat, set, sums[count]);
		partials[count] = (struct kl_partial){(uint8_t)seat, sums[count]};
		count++;
	}
	memset(ret_opening, 0, sizeof(*ret_opening));
	NET_CHECK(count >= a->committee.t, "%zu of %u sums", count, a->committee.t);
	NET_CHECK(!kl_open_partials(&a->committee, partials, count, NET_SCORE_BINS / 2,
			  (uint32_t)kl_set_count(set), ret_opening),
		"nothing opens");
}

/* Both open, and between them stands one answer. */
static void meet_the_old_rule(const struct attack *a)
{
	const struct kl_set all = everybody_but(a, -1), rest = everybody_but(a, a->victim);
	struct kl_opening with, without;
	int16_t answer[NET_METRICS];

	open_half(a, false, &all, &with);
	open_half(a, true, &rest, &without);
	NET_CHECK(with.state != KL_OPENING_VOID && without.state != KL_OPENING_VOID &&
			  with.state != KL_OPENING_WAITING && without.state != KL_OPENING_WAITING,
		"the old rule does not open both: it is better than its name");
	NET_CHECK(net_answers_of(a->victim, a->tally, answer), "no answer");
	for (unsigned b = 0; b < NET_SCORE_BINS / 2; b++)
		NET_CHECK(with.histogram[b] - without.histogram[b] ==
				  (unsigned)(answer[NET_SCORE] / 2 == (int)b),
			"bin %u does not show it", b);
}

/* ---- ours ----------------------------------------------------------------------------------- */

static const struct kl_id *forge(
	const struct attack *a, bool second, uint32_t kind, struct kl_writer *w)
{
	unsigned branch = second ? 1 : 0;
	struct kl_bytes payload;

	NET_CHECK(!kl_writer_bytes(w, &payload), "memory");
	net_forge_on(a->leader, branch, kind, payload.data, payload.len);
	kl_writer_deinit(w);
	return &net_record_at(a->leader, branch, net_length(a->leader, branch) - 1)->id;
}

/* An INTAKE as an honest seat would write it, but for the victim. */
static const struct kl_id *forge_intake(const struct attack *a, bool second)
{
	const struct kl_tally_roster *roster = net_roster_of(a->tally);
	struct kl_intake_entry entries[MEMBERS];
	struct kl_tally_intake intake = {.tally = *net_tally(a->tally),
		.seat = LEADER,
		.part = {.number = 1},
		.entries = entries,
		.count = roster->count};
	struct kl_writer w;

	memset(entries, 0, sizeof(entries));
	for (unsigned i = 0; i < roster->count; i++) {
		int node = net_node_of(&roster->members[i].id);
		const struct kl_id *id = last_of(node, KL_KIND_TALLY_CONTRIB);

		entries[i].member = (uint16_t)i;
		entries[i].contribution = *id;
		entries[i].status = second && node == a->victim ? KL_INTAKE_MISSING : KL_INTAKE_OK;
		if (entries[i].status == KL_INTAKE_OK)
			NET_CHECK(net_reply_of(net_dealt(id), LEADER, &entries[i].reply),
				"the leader cannot open the share of node %d", node);
	}
	kl_writer_init(&w);
	kl_tally_intake_write(&w, &intake);
	return forge(a, second, KL_KIND_TALLY_INTAKE, &w);
}

/* The first one is right in everything. The second one cites as many INTAKEs as it takes and no more, so
 * that all that are cited must stand for whoever is in: the victim is out. With five or six seats that is
 * right as well. With seven and more it is not: then the own seat of an author is not heard, and those who
 * are cited are out themselves. */
static const struct kl_id *forge_proposal(
	const struct attack *a, bool second, const struct kl_id *own_intake)
{
	const struct kl_set set = everybody_but(a, second ? a->victim : -1);
	struct kl_proposal_row row = {.level = KL_LEVEL_MIDDLE};
	struct kl_tally_propose propose = {
		.tally = *net_tally(a->tally), .part = {.number = 1}, .rows = &row, .row_count = 1};
	struct kl_hash hash;
	struct kl_writer w;

	kl_hash_init(&hash, "QB1/set");
	for (size_t i = kl_set_next(&set, 0); i < MEMBERS; i = kl_set_next(&set, i + 1))
		kl_hash_add_id(&hash, last_of(net_node_of(&net_roster_of(a->tally)->members[i].id),
					      KL_KIND_TALLY_CONTRIB));
	kl_hash_final(&hash, &row.set);
	for (unsigned seat = 1; seat <= (second ? a->committee.qa : a->committee.n); seat++) {
		int node = story_seat_node(a->tally, seat);

		propose.cited[propose.cited_count].seat = (uint8_t)seat;
		propose.cited[propose.cited_count++].intake =
			seat == LEADER ? *own_intake : *last_of(node, KL_KIND_TALLY_INTAKE);
	}
	kl_writer_init(&w);
	kl_tally_propose_write(&w, &propose);
	return forge(a, second, KL_KIND_TALLY_PROPOSE, &w);
}

static void forge_vote(const struct attack *a, bool second, const struct kl_id *proposal)
{
	struct kl_tally_vote vote = {
		.tally = *net_tally(a->tally), .seat = LEADER, .proposal = *proposal};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_tally_vote_write(&w, &vote);
	(void)forge(a, second, KL_KIND_TALLY_VOTE, &w);
}

/* Honest seats that voted for a proposal. */
static unsigned honest_votes(const struct attack *a, const struct kl_id *proposal)
{
	unsigned count = 0;

	for (int node = 1; node < net_nodes(); node++) {
		for (size_t s = 0; node != a->leader && s < net_feeds[node].count; s++) {
			const struct net_record *r = &net_feeds[node].records[s];

			count += r->kind == KL_KIND_TALLY_VOTE &&
				 kl_id_equal(&r->said.about, proposal);
		}
	}
	return count;
}

/* Each half of the seats is told another story, and nothing is opened that differs. */
static void meet_ours(const struct attack *a)
{
	const uint64_t others = ~(a->second_half | NET_BIT(a->leader));
	struct kl_id proposals[2];
	const struct net_opened *opened;
	unsigned count;

	net_fork(a->leader, a->second_half);
	net_cut(a->second_half, others); /* until each half has heard its own story first */
	net_cut(others, a->second_half);
	for (unsigned second = 0; second < 2; second++) {
		const struct kl_id intake = *forge_intake(a, second);

		proposals[second] = *forge_proposal(a, second, &intake);
		forge_vote(a, second, &proposals[second]);
	}
	net_run(net_now() + 1500);
	net_heal();
	net_settle();
	NET_CHECK(honest_votes(a, &proposals[0]) > 0, "nobody votes for everybody");
	NET_CHECK((honest_votes(a, &proposals[1]) > 0) == (a->committee.n < 7),
		"%u seats vote for everybody but one", honest_votes(a, &proposals[1]));
	opened = net_opened(&count);
	for (unsigned i = 1; i < count; i++)
		NET_CHECK(opened[i].nodes == opened[0].nodes, "two different sums were opened");
	NET_CHECK(net_check(a->tally) ==
			  (a->committee.n < 7 ? KL_TALLY_ENDED_FAILED : KL_TALLY_CLOSED),
		"it is %s", kl_tally_state_name(net_view(0, a->tally).state));
}

/* Both proposals are named in QUITs and count as released: between them stands one member, so nothing of
 * this question and period is shown any more. */
static void ask_again(const struct attack *a)
{
	int again = story_call(1, story_everybody);

	net_run(net_now() + 2000);
	for (int i = 1; i < net_nodes(); i++)
		if (i != a->leader)
			NET_CHECK(!net_answer(i, again, 1, 0), "node %d may not answer", i);
	net_settle();
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, again, NET_SCORE, 0).why == KL_PLAN_SUBTRACTABLE, "%s",
		kl_plan_why_text(net_result(1, again, NET_SCORE, 0).why));
}

void tell_one_step(void)
{
	static const unsigned seats[] = {5, 6, 7};

	for (size_t i = 0; i < sizeof(seats) / sizeof(seats[0]); i++) {
		struct attack a = {0};

		prepare(&a, seats[i]);
		NET_CHECK(a.committee.n == seats[i], "a committee of %u", a.committee.n);
		meet_the_old_rule(&a);
		meet_ours(&a);
		if (seats[i] ==
			6) /* without the one that is barred, enough for another committee */
			ask_again(&a);
		net_end();
	}
}
