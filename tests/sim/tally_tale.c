#include "tests/sim/tally_tale.h"

#include "core/metric.h"
#include "tests/sim/tally_cheat.h"
#include "tests/sim/tally_story.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 60, CALLS_MAX = 4 };

struct tale_figures tale_figures;

/* One tale, and the tally that is going on in it. */
struct tale {
	struct net_options options;
	bool cheats, people, cuts, beyond;
	unsigned silence; /* out of 1000, at each step */
	int tally;
	unsigned gone;  /* seats that fell silent or lost their keys, beside those that lie */
	bool disturbed; /* lines were cut or members left: who is there may not be enough */
	uint64_t cut_until;
	bool spoke[NET_NODES_MAX];
};

/* ---- what it is about ----------------------------------------------------------------------- */

static void choose_size(struct tale *tale)
{
	static const int sizes[] = {5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 16, 16, 20, 30};
	int members = net_random(25) == 0 ? 40 : sizes[net_random(16)];

	tale->options.councils = (int)net_random((uint64_t)members + 1);
	tale->options.anchors = members - tale->options.councils;
	tale->options.strangers = tale->people ? 1 + (int)net_random(3) : 0;
	tale->options.minimum = 5;
	if (net_random(4) == 0)
		tale->options.minimum +=
			(uint16_t)net_random((uint64_t)(members < 10 ? members : 10) - 4);
}

/* Half of the tales take seconds, as a demonstration does, and half of them weeks. */
static void choose_pace(struct tale *tale)
{
	if (net_random(2) == 0)
		return;
	tale->options.contribute_ms = (12 + net_random(10)) * NET_DAY_MS;
	tale->options.decide_ms = (10 + net_random(6)) * NET_DAY_MS;
	tale->options.sync_ms = 8 * NET_DAY_MS / 24;
}

static void choose_faults(struct tale *tale)
{
	tale->options.drop = net_random(3) ? (unsigned)net_random(300) : 0;
	tale->options.commit_fails = net_random(3) ? 0 : 20;
	tale->options.crash = net_random(3) ? 0 : 1 + (unsigned)net_random(15);
	tale->options.part_bytes = net_random(3) ? 0 : 400;
	tale->options.effort = net_random(4) ? 0 : 1; /* one cohort of a plan in each step */
	tale->options.late_call = net_random(5) == 0;
	tale->options.real_seals = net_random(64) == 0;
	tale->silence = net_random(4) ? 0 : 40;
}

static void add_cohort(struct kl_tally_call *call, const char *text)
{
	KL_ASSERT(!kl_cohort_parse(kl_bytes_str(text), &call->cohorts[call->cohort_count++]));
}

static void choose_cohorts(struct kl_tally_call *call)
{
	static const char *const orders[][6] = {
		{"everybody", "anchors", "councils", "type=metropolitan_district",
			"type=london_borough"},
		{"everybody", "councils", "anchors"},
		{"anchors", "everybody", "councils"},
		{"everybody", "region=london", "region=north_west", "region=south_west"},
		{"type=london_borough", "region=london", "anchors", "everybody"},
		{"everybody"},
	};
	const char *const *order = orders[net_random(sizeof(orders) / sizeof(orders[0]))];

	for (; *order; order++)
		add_cohort(call, *order);
}

/* Of some members nothing is confirmed, and some have one owner. */
static void choose_members(void)
{
	for (unsigned i = 1; i < net_roster.count; i++) {
		struct kl_tally_member *member = &net_roster.members[i];

		if (net_random(8) == 0)
			member->verified = false;
		else if (net_random(8) == 0)
			member->control = net_roster.members[i - 1].control;
	}
}

/* Some figures are public under their owners' names. */
static void choose_named(struct kl_tally_call *call)
{
	call->named = calloc(call->metric_count, sizeof(*call->named));
	KL_ASSERT(call->named);
	for (unsigned m = 0; m < call->metric_count; m++) {
		for (unsigned i = 0; i < net_roster.count; i++) {
			if (net_random(10) == 0)
				kl_set_add(&call->named[m], i);
		}
	}
}

/* The score alone, maturity alone, or both; of one of three years in a row. */
static void choose_terms(const struct tale *tale, struct kl_tally_call *call)
{
	static const char *const codes[NET_METRICS] = {"lm3.score", "maturity.c1"};
	unsigned first = (unsigned)net_random(3), count = first == 2 ? 2 : 1;

	memset(call, 0, sizeof(*call));
	call->period.kind = KL_PERIOD_YEAR;
	call->period.year = 2015 + (int)net_random(3) * (int)net_random(2);
	call->metrics = calloc(count, sizeof(*call->metrics));
	KL_ASSERT(call->metrics);
	for (unsigned m = 0; m < count; m++) {
		size_t index;

		KL_ASSERT(!kl_metric_index(codes[count == 2 ? m : first], &index));
		kl_metric_at(index, &call->metrics[m]);
	}
	call->metric_count = (uint16_t)count;
	choose_cohorts(call);
	call->contribute_ms = net_windows()->contribute_ms;
	call->decide_ms = net_windows()->decide_ms;
	call->minimum = tale->options.minimum;
	if (net_random(4) == 0)
		choose_named(call);
}

/* ---- what happens meanwhile ----------------------------------------------------------------- */

static int any_node(void)
{
	return 1 + (int)net_random((uint64_t)net_nodes() - 1);
}

/* Someone who agrees, answers some or all of what is asked; one in ten never says anything. */
static void speak(struct tale *tale, int node)
{
	uint64_t what = net_random(20);
	int16_t bins[NET_METRICS];

	tale->spoke[node] = true;
	if (what == 0)
		(void)net_decline(node, tale->tally);
	if (what <= 2)
		return;
	for (unsigned m = 0; m < net_terms_of(tale->tally)->metric_count; m++) {
		unsigned n = net_terms_of(tale->tally)->metrics[m].bins;

		bins[m] = net_random(9) ? (int16_t)net_random(n) : KL_ABSENT;
	}
	(void)net_answer(node, tale->tally, bins[0], bins[1]);
}

/* Someone takes back what it said; perhaps it contributes again. */
static void take_back(struct tale *tale, int node)
{
	if (!net_is_up(node) || net_withdraw(node, tale->tally))
		return;
	tale_figures.withdrawn++;
	if (net_random(2))
		tale->spoke[node] = false;
}

static void fall_silent(struct tale *tale)
{
	const struct kl_committee *c = net_committee(tale->tally);
	unsigned seat = 1 + (unsigned)net_random(c->n);
	int node = net_seat_node(tale->tally, seat);

	if (!c->n || net_is_lying(tale->tally, seat) || !net_is_up(node) || tale->gone + 1 >= c->t)
		return;
	tale->gone++;
	if (net_random(3)) {
		net_down(node);
	} else {
		net_say(node, "is put back from a copy, without its keys");
		net_lose_key(node);
		net_restart(node);
	}
}

/* Some hear nothing of the others, or the others nothing of them, for up to ten days. */
static void cut_lines(struct tale *tale)
{
	uint64_t windows = net_windows()->contribute_ms + net_windows()->decide_ms;
	uint64_t some = net_bits() & (NET_BIT(net_nodes()) - 1), rest;

	if (tale->cut_until > net_now())
		return;
	rest = (NET_BIT(net_nodes()) - 1) & ~some;
	tale->cut_until = net_now() + windows / 10 + net_random(windows / 3);
	tale->disturbed = true;
	tale_figures.cuts++;
	net_say(0, "lines are cut: nodes %llx hear nothing of the others%s",
		(unsigned long long)some, net_random(3) ? "" : ", but are heard");
	net_cut(rest, some);
	if (net_random(2))
		net_cut(some, rest);
}

static void change_people(struct tale *tale)
{
	static const char *const types[] = {"metropolitan_district", "london_borough"};
	static const char *const regions[] = {"north_west", "london", "south_west"};
	int node = any_node();

	tale_figures.people++;
	switch (net_random(6)) {
	case 0:
		net_join(node, net_random(2));
		break;
	case 1:
		if (net_roster.count <= 5)
			break;
		tale->disturbed = true;
		net_leave(node);
		break;
	case 2:
		if (net_roster.count <= 5)
			break;
		tale->disturbed = true;
		net_suspend(node);
		break;
	case 3:
		net_take_back(node);
		break;
	default:
		net_confirm(node, net_random(2), types[net_random(2)], regions[net_random(3)]);
		break;
	}
}

static void step(struct tale *tale)
{
	uint64_t windows = net_windows()->contribute_ms;

	net_run(net_now() + windows * 6 / 10 / STEPS);
	if (tale->cut_until && net_now() > tale->cut_until) {
		net_say(0, "lines are mended");
		net_heal();
		tale->cut_until = 0;
	}
	if (tale->cheats)
		cheat_now(tale->tally);
	if (net_random(1000) < tale->silence)
		fall_silent(tale);
	if (tale->cuts && net_random(40) == 0)
		cut_lines(tale);
	if (tale->people && net_random(15) == 0)
		change_people(tale);
	if (net_random(40) == 0)
		take_back(tale, any_node());
	for (uint64_t i = 0; i < 1 + net_random((uint64_t)net_nodes() / 6 + 2); i++) {
		int node = any_node();

		if (net_is_up(node) && !tale->spoke[node])
			speak(tale, node);
	}
}

/* ---- one tally ------------------------------------------------------------------------------ */

static void until_the_convenor_is_up(void)
{
	while (!net_is_up(0))
		net_run(net_now() + 100);
}

static bool call_one(struct tale *tale)
{
	struct kl_tally_call terms;
	struct kl_fault fault = {0};

	until_the_convenor_is_up();
	choose_terms(tale, &terms);
	tale->tally = net_call(&terms, &fault);
	kl_tally_call_deinit(&terms);
	tale_figures.refused += tale->tally < 0;
	if (tale->tally < 0)
		net_say(0, "may not call: %s", fault.message);
	else
		tale_figures.tallies++;
	return tale->tally >= 0;
}

static bool is_calm(const struct tale *tale)
{
	const struct net_options *o = &tale->options;

	return !tale->cheats && !tale->people && !tale->cuts && !tale->silence && !o->drop &&
	       !o->commit_fails && !o->crash;
}

/* Enough seats for a certificate are enough for a failure: one of both must have come. */
static void check_liveness(const struct tale *tale, enum kl_tally_state state)
{
	const struct kl_committee *c = net_committee(tale->tally);
	unsigned lying = (unsigned)__builtin_popcount(net_lying(tale->tally));

	for (int i = 0; i < net_nodes(); i++) {
		if (net_has_forked(i))
			return;
	}
	if (tale->disturbed || state == KL_TALLY_INVALID)
		return;
	if (is_calm(tale))
		NET_CHECK(state == KL_TALLY_CLOSED, "nothing disturbs tally %d, and it is %s",
			tale->tally, kl_tally_state_name(state));
	if (c->n - lying - tale->gone >= c->qv)
		NET_CHECK(state == KL_TALLY_CLOSED || state == KL_TALLY_ENDED_FAILED ||
				  state == KL_TALLY_CERTIFIED,
			"%u of %u seats are there and do not lie, and tally %d is %s",
			c->n - lying - tale->gone, c->n, tale->tally, kl_tally_state_name(state));
	if (lying == 0 && tale->gone == 0)
		NET_CHECK(state != KL_TALLY_CERTIFIED,
			"everybody is there and tally %d is not closed", tale->tally);
}

static void tell_tally(struct tale *tale)
{
	enum kl_tally_state state = KL_TALLY_OPEN;

	memset(tale->spoke, 0, sizeof(tale->spoke));
	tale->gone = 0;
	tale->disturbed = tale->cut_until > net_now();
	if (!call_one(tale))
		return;
	if (tale->cheats)
		cheat_seats(tale->tally, net_committee(tale->tally)->t - !tale->beyond);
	tale_figures.lying_seats += (unsigned)__builtin_popcount(net_lying(tale->tally));
	net_faults(tale->options.drop, tale->options.commit_fails, tale->options.crash);
	for (int i = 0; i < STEPS; i++)
		step(tale);
	net_settle();
	cheat_release();
	net_run(net_now() + 75 * net_windows()->sync_ms);
	for (int i = 0; i <= tale->tally; i++) {
		state = net_check(i);
		if (i == tale->tally)
			check_liveness(tale, state);
	}
	tale_figures.states[state]++;
	net_say(0, "tally %d ends as %s", tale->tally, kl_tally_state_name(state));
}

void tale_tell(uint64_t seed, bool beyond)
{
	struct tale tale = {.beyond = beyond};
	unsigned count, worlds = net_worlds, passed_over = net_passed_over;
	uint64_t calls;

	net_seed(seed);
	tale.cheats = beyond || net_random(3);
	tale.people = net_random(3) == 0;
	tale.cuts = net_random(3) == 0;
	choose_size(&tale);
	choose_pace(&tale);
	choose_faults(&tale);
	cheat_begin();
	net_begin("any network, any faults, any cheats", seed, &tale.options);
	net_faults(tale.options.drop, tale.options.commit_fails, 0);
	if (net_random(4) == 0)
		choose_members();
	if (tale.cheats && net_random(2))
		cheat_contributors(50 + (unsigned)net_random(300));
	calls = 1 + net_random(CALLS_MAX);
	for (uint64_t i = 0; i < calls; i++) {
		if (tale.people && i)
			change_people(&tale);
		tell_tally(&tale);
		for (int n = 1; n < net_nodes(); n++)
			net_up(n);
	}
	(void)net_opened(&count);
	tale_figures.opened += count;
	tale_figures.worlds += net_worlds - worlds;
	tale_figures.passed_over += net_passed_over - passed_over;
	for (int i = 0; i < net_nodes(); i++)
		tale_figures.false_contributors += net_is_false(i);
	tale_figures.tales++;
	net_end();
}
