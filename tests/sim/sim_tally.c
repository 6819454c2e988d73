/* Tallies of whole networks: what comes out is the plain count, and nothing else ever comes out.
 *
 *     sim_tally [--seeds N] [--from S] [--trace]
 *
 * Some stories have names: each shows one rule. The last one is told with many seeds: networks of
 * every size of committee, faults, crashes, seats that fall silent, a second call if the first one
 * failed. The observer in tally_net.c checks each record as it is written. A failure prints its seed;
 * --from S --seeds 1 --trace tells that story with the named ones left out. */
#include "tests/sim/tally_net.h"

#include "core/hash.h"
#include "core/metric.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const everybody[] = {"everybody", NULL};
static const char *const by_kind[] = {"everybody", "councils", "anchors", NULL};
static const char *const anchors_first[] = {"anchors", "everybody", "councils", NULL};
static const char *const by_type[] = {"everybody", "anchors", "councils",
	"type=metropolitan_district", "type=london_borough", NULL};

/* ---- what stories are made of -------------------------------------------------------------------- */

static int call(unsigned metrics, const char *const *cohorts)
{
	struct kl_tally_call terms;
	struct kl_fault fault = {0};
	int tally;

	net_terms(&terms, metrics, cohorts);
	tally = net_call(&terms, &fault);
	NET_CHECK(tally >= 0, "the call is refused: %s", fault.message);
	kl_tally_call_deinit(&terms);
	return tally;
}

static int refused(unsigned metrics, const char *const *cohorts, struct kl_fault *fault)
{
	struct kl_tally_call terms;
	int rc;

	memset(fault, 0, sizeof(*fault));
	net_terms(&terms, metrics, cohorts);
	rc = kl_tallies_prepare(net_book(0), &net_roster, &terms, fault);
	kl_tally_call_deinit(&terms);
	return rc;
}

static bool is_council(int node)
{
	int column = kl_tally_roster_find(&net_roster, net_id(node));

	return column >= 0 && net_roster.members[column].council;
}

/* Everybody of a kind answers both metrics. */
static void answer_all(int tally, bool councils, bool anchors)
{
	for (int i = 1; i < net_nodes(); i++) {
		if (is_council(i) ? councils : anchors)
			NET_CHECK(net_answer(i, tally, (int16_t)net_random(16),
					  (int16_t)net_random(5)) == KL_OK,
				"node %d may not answer", i);
		else
			NET_CHECK(net_decline(i, tally) == KL_OK, "node %d may not decline", i);
	}
}

static int seat_node(int tally, unsigned seat)
{
	struct kl_tally_view view = net_view(0, tally);

	return net_node_of(&view.seats[seat - 1].member);
}

/* The seat of a node, 0 if it has none. */
static unsigned seat_of(int tally, int node)
{
	struct kl_tally_view view = net_view(0, tally);

	for (unsigned seat = 1; seat <= view.committee.n; seat++) {
		if (net_node_of(&view.seats[seat - 1].member) == node)
			return seat;
	}
	return 0;
}

static uint64_t took(uint64_t since)
{
	return net_now() - since;
}

/* ---- stories with a name ------------------------------------------------------------------------ */

static void story_plain(void)
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
		tally = call(2, by_kind);
		begun = net_now();
		net_run(net_now() + 1000);
		NET_CHECK(net_view(0, tally).committee.n == sizes[i].n, "a committee of %u",
			net_view(0, tally).committee.n);
		NET_CHECK(net_view(0, tally).committee.t == sizes[i].t, "a threshold of %u",
			net_view(0, tally).committee.t);
		answer_all(tally, true, true);
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
static void story_complement(void)
{
	struct net_options options = {.councils = 3, .anchors = 10, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("ten anchors are released if nobody else can be told from them", 1, &options);
	tally = call(1, anchors_first);
	net_run(net_now() + 1000);
	answer_all(tally, false, true);
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
	tally = call(1, anchors_first);
	net_run(net_now() + 1000);
	answer_all(tally, true, true);
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(3, tally, NET_SCORE, 0).why == KL_PLAN_RELEASED, "anchors");
	NET_CHECK(net_result(3, tally, NET_SCORE, 1).why == KL_PLAN_SUBTRACTABLE, "everybody: %s",
		kl_plan_why_text(net_result(3, tally, NET_SCORE, 1).why));
	NET_CHECK(net_result(3, tally, NET_SCORE, 2).why == KL_PLAN_TOO_SMALL, "councils");
	net_end();
}

static void story_too_few(void)
{
	struct net_options options = {.councils = 6, .anchors = 11, .minimum = 5};
	struct kl_tally_forecast forecast[3];
	struct kl_tally_call terms;
	struct kl_tally_result result;
	struct kl_set four = {0};
	int tally;

	net_begin("four answers are withheld, with the reason", 1, &options);
	net_terms(&terms, 1, by_kind);
	for (unsigned i = 0; i < 4; i++)
		kl_set_add(&four, i);
	NET_CHECK(
		kl_tallies_forecast(net_book(0), &terms, &net_roster, 0, &four, forecast) == KL_OK,
		"no forecast");
	NET_CHECK(forecast[0].why == KL_PLAN_TOO_SMALL && forecast[0].counted == 4 &&
			  forecast[0].needed == 5,
		"the forecast says %s", kl_plan_why_text(forecast[0].why));
	kl_tally_call_deinit(&terms);
	tally = call(1, by_kind);
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

/* A value published under its owner's name hides nobody; nor do two members under one control. */
static void story_not_counted(void)
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
	net_terms(&terms, 1, everybody);
	terms.named = calloc(1, sizeof(*terms.named));
	kl_set_add(&terms.named[0], 3);
	tally = net_call(&terms, &fault);
	NET_CHECK(tally >= 0, "refused: %s", fault.message);
	kl_tally_call_deinit(&terms);
	net_run(net_now() + 1000);
	answer_all(tally, true, true);
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
	NET_CHECK(refused(1, everybody, &fault) == KL_E_DENIED, "it is not refused");
	NET_CHECK(strstr(fault.message, "only 4 members"), "it says: %s", fault.message);
	net_end();

	options.anchors = 8;
	net_begin("no tally with fewer than five that offer a seat", 1, &options);
	for (unsigned i = 0; i < 4; i++)
		net_roster.members[i].offers_seat = false;
	NET_CHECK(refused(1, everybody, &fault) == KL_E_DENIED, "it is not refused");
	NET_CHECK(strstr(fault.message, "offer a seat"), "it says: %s", fault.message);
	options.minimum = 4;
	net_end();

	net_begin("no minimum below five", 1, &options);
	NET_CHECK(refused(1, everybody, &fault) == KL_E_DENIED, "it is not refused");
	NET_CHECK(strstr(fault.message, "minimum of 4"), "it says: %s", fault.message);
	net_end();
}

/* Four of seven seats are too few for a certificate, and enough to read everything: they must not. */
static void story_no_certificate(void)
{
	struct net_options options = {.councils = 5, .anchors = 8, .minimum = 5};
	unsigned down = 0;
	int tally;

	net_begin("nothing is opened without a certificate", 1, &options);
	tally = call(2, by_kind);
	net_run(net_now() + 1000);
	answer_all(tally, true, true);
	while (net_count(-1, KL_KIND_TALLY_VOTE) < 4 && net_now() < 1040000)
		net_run(net_now() + 1);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) == 4, "%zu votes at once",
		net_count(-1, KL_KIND_TALLY_VOTE));
	for (unsigned seat = 1; seat <= 7; seat++) {
		if (net_count(seat_node(tally, seat), KL_KIND_TALLY_VOTE) == 0) {
			net_down(seat_node(tally, seat));
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
static void story_quit_names(void)
{
	struct net_options options = {.councils = 0, .anchors = 13, .minimum = 5};
	struct kl_tally_result result;
	int tally, again, late = 1;

	net_begin("proposals named in QUITs count as released", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 1000);
	while (seat_of(tally, late))
		late++;
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(!(i == late ? net_decline(i, tally) : net_answer(i, tally, 3, 1)),
			"no answer");
	while (net_count(-1, KL_KIND_TALLY_VOTE) < 4 && net_now() < 1040000)
		net_run(net_now() + 1);
	for (unsigned seat = 1; seat <= 7; seat++) {
		if (net_count(seat_node(tally, seat), KL_KIND_TALLY_VOTE) == 0)
			net_down(seat_node(tally, seat));
	}
	net_settle();
	for (int i = 1; i < net_nodes(); i++)
		net_up(i);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	again = call(1, everybody);
	net_run(net_now() + 2000);
	answer_all(again, true, true);
	net_settle();
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, again, NET_SCORE, 0);
	NET_CHECK(result.n == 13 && result.why == KL_PLAN_SUBTRACTABLE, "n = %u: %s", result.n,
		kl_plan_why_text(result.why));
	net_end();
}

/* A seat that is cut off does not take the few it hears for everybody. */
static void story_cut_off(void)
{
	struct net_options options = {.councils = 0, .anchors = 30, .minimum = 5};
	int tally;

	net_begin("no intake is closed by a seat that hears from less than half", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 100);
	for (int i = 1; i < net_nodes(); i++) {
		if (!seat_of(tally, i))
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

/* The leader is gone: the tally fails by QUITs, and only then may the question be asked again. The
 * answers are those of the first time. */
static void story_leader_dead(void)
{
	struct net_options options = {.councils = 4, .anchors = 8, .minimum = 5};
	struct kl_tally_call terms;
	struct kl_fault fault;
	int16_t first[NET_NODES_MAX][NET_METRICS], second[NET_METRICS];
	int leader, tally, again, forced;

	net_begin("without its leader a tally fails, and a second one may follow", 3, &options);
	tally = call(2, by_kind);
	net_run(net_now() + 3000);
	answer_all(tally, true, true);
	leader = seat_node(tally, 1);
	net_down(leader);
	net_run(net_now() + 2000);
	NET_CHECK(refused(2, by_kind, &fault) == KL_E_BUSY, "a second call while the first lives");
	NET_CHECK(strstr(fault.message, "has not ended"), "it says: %s", fault.message);

	/* A convenor that calls all the same is left alone. */
	net_terms(&terms, 1, everybody);
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
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "state %s",
		kl_tally_state_name(net_view(0, tally).state));
	NET_CHECK(
		net_count(-1, KL_KIND_TALLY_PROPOSE) == 0 && net_count(-1, KL_KIND_TALLY_OPEN) == 0,
		"something was opened");
	net_up(leader);
	net_settle();
	/* It said that the question had not failed before: whoever saw the failure sees that. */
	NET_CHECK(net_check(forced) == KL_TALLY_INVALID, "the forced one counts");

	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(net_answers_of(i, tally, first[i]) || i == leader, "nothing is kept");
	again = call(2, by_kind);
	net_run(net_now() + 2000);
	NET_CHECK(net_view(1, again).gate == KL_GATE_OPEN && net_view(1, again).call->tries == 1,
		"tries %u", net_view(1, again).call->tries);
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(net_answer(i, again, 15, 4) == KL_OK, "no answer");
	net_run(net_now() + 8000);
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 1; i < net_nodes(); i++) {
		NET_CHECK(net_answers_of(i, again, second), "nothing is kept");
		NET_CHECK(
			!memcmp(first[i], second, sizeof(second)), "node %d changed its answer", i);
	}
	NET_CHECK(refused(1, by_kind, &fault) == KL_E_DENIED, "a question is counted twice");
	NET_CHECK(strstr(fault.message, "counted"), "it says: %s", fault.message);
	net_end();
}

/* A leader that tells half of the seats another story gets no second certificate. */
static void story_equivocation(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct net_options options = {.councils = 6, .anchors = 10, .minimum = 5};
		struct kl_tally_propose other;
		struct kl_bytes payload;
		struct kl_writer w;
		int leader, tally;
		size_t at = 0;

		net_begin("two proposals of one leader never get two certificates", seed, &options);
		tally = call(1, by_kind);
		net_run(net_now() + 2000);
		answer_all(tally, true, true);
		leader = seat_node(tally, 1);
		while (net_count(leader, KL_KIND_TALLY_PROPOSE) == 0 && net_now() < 1040000)
			net_run(net_now() + 1);
		while (net_feeds[leader].records[at].kind != KL_KIND_TALLY_PROPOSE)
			at++;
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

static void story_restored(void)
{
	struct net_options options = {.councils = 4, .anchors = 8, .minimum = 5};
	int tally, seat;

	net_begin("a seat that was restored without its key quits, and the others go on", 1,
		&options);
	tally = call(1, by_kind);
	net_run(net_now() + 2000);
	seat = seat_node(tally, 3);
	net_lose_key(seat);
	net_restart(seat);
	net_run(net_now() + 500);
	NET_CHECK(net_count(seat, KL_KIND_TALLY_QUIT) == 1, "it goes on without a key");
	answer_all(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).opening.state == KL_OPENING_FINAL, "final");
	NET_CHECK(net_count(seat, KL_KIND_TALLY_INTAKE) == 0, "it said something after its QUIT");
	net_end();
}

static void story_absent_seats(void)
{
	struct net_options options = {.councils = 4, .anchors = 8, .minimum = 5};
	int tally, again;

	net_begin("seats that do not accept have no substitutes; too few of them end the tally", 1,
		&options);
	for (int i = 1; i < net_nodes(); i++)
		net_set_seat(i, false);
	tally = call(1, by_kind);
	net_run(net_now() + NET_CONTRIBUTE_MS / 3 + 2000);
	NET_CHECK(net_check(tally) == KL_TALLY_ENDED_FAILED, "it goes on without seats");
	NET_CHECK(net_count(-1, KL_KIND_TALLY_ACCEPT) == 0, "somebody sits");
	for (int i = 1; i < net_nodes(); i++)
		net_set_seat(i, true);
	net_run(net_now() + 1000);
	again = call(1, by_kind);
	net_run(net_now() + 2000);
	answer_all(again, true, true);
	net_settle();
	NET_CHECK(net_check(again) == KL_TALLY_CLOSED, "the next one works");
	net_end();

	net_begin("two absent seats of seven leave an unharmed result", 2, &options);
	for (int i = 1; i < net_nodes(); i++)
		net_set_seat(i, false);
	tally = call(1, by_kind);
	net_run(net_now() + 1000);
	for (unsigned seat = 1; seat <= 5; seat++)
		net_set_seat(seat_node(tally, seat), true);
	net_run(net_now() + 1000);
	answer_all(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).opening.state == KL_OPENING_FINAL, "final");
	net_end();
}

/* A contributor waits for the seats, and then no seat goes without its share. */
static void story_early_answers(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally;

	net_begin("who agrees before the seats have accepted waits for them", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 70);
	answer_all(tally, true, true);
	NET_CHECK(net_count(-1, KL_KIND_TALLY_SHARE) == 0, "shares for nobody");
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(net_count(i, KL_KIND_TALLY_SHARE) == 7, "node %d makes %zu shares", i,
			net_count(i, KL_KIND_TALLY_SHARE));
	net_end();
}

/* A seat that accepted and then fell silent costs a quarter of the time to decide. */
static void story_silent_seat(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally, last = 1;
	uint64_t begun;

	net_begin("a silent seat is waited for, but not for ever", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 2000);
	while (seat_of(tally, last))
		last++;
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(i == last || !net_answer(i, tally, 3, 1), "no answer");
	net_run(net_now() + 3000);
	net_down(seat_node(tally, 6));
	NET_CHECK(!net_answer(last, tally, 3, 1), "no answer");
	begun = net_now();
	while (net_view(0, tally).state != KL_TALLY_CLOSED && took(begun) < NET_CONTRIBUTE_MS)
		net_run(net_now() + 100);
	NET_CHECK(took(begun) > NET_DECIDE_MS / 4, "it was not waited for");
	NET_CHECK(took(begun) < NET_DECIDE_MS / 2, "it took %d ms", (int)took(begun));
	net_end();
}

/* ---- a leader that cheats ---------------------------------------------------------------------- */

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

/* One cohort of everybody but `without` (0: nobody), citing five seats from `first_seat` on. */
static void forge_proposal(int tally, int without, unsigned first_seat, uint8_t level)
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
	for (unsigned seat = first_seat; seat < first_seat + 5; seat++) {
		propose.cited[propose.cited_count].seat = (uint8_t)seat;
		propose.cited[propose.cited_count++].intake = *intake_of(seat_node(tally, seat));
	}
	kl_writer_init(&w);
	kl_tally_propose_write(&w, &propose);
	NET_CHECK(!kl_writer_bytes(&w, &payload), "memory");
	net_forge(seat_node(tally, 1), KL_KIND_TALLY_PROPOSE, payload.data, payload.len);
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

static void story_cheating_leader(void)
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
		struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
		int tally, leader;

		net_begin("nobody votes for what a cheating leader proposes", i, &options);
		tally = call(1, everybody);
		net_run(net_now() + 2000);
		leader = seat_node(tally, 1);
		for (liar = 1; seat_of(tally, liar);)
			liar++;
		victim_shares = 0;
		net_tamper = spoil_two;
		answer_all(tally, true, true);
		/* The leader is a machine that says nothing, and a person who writes records. */
		net_run(net_now() + 150);
		while (net_count(-1, KL_KIND_TALLY_INTAKE) < 7 && net_now() < 1040000)
			net_run(net_now() + 1);
		NET_CHECK(net_count(leader, KL_KIND_TALLY_PROPOSE) == 0, "too late for a forgery");
		net_down(leader);
		net_run(net_now() + NET_DECIDE_MS / 4 + 1000);
		if (tries[i].leave_out)
			forge_proposal(tally, liar, 2, tries[i].level);
		else
			forge_proposal(tally, 0, 3, tries[i].level);
		net_run(net_now() + 2000);
		if (tries[i].good)
			NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) >= 5, "a good one is refused");
		else
			NET_CHECK(net_count(-1, KL_KIND_TALLY_VOTE) == 0, "try %zu gets votes", i);
		net_up(leader);
		net_settle();
		NET_CHECK(net_check(tally) ==
				  (tries[i].good ? KL_TALLY_CLOSED : KL_TALLY_ENDED_FAILED),
			"try %zu ends as %s", i, kl_tally_state_name(net_view(0, tally).state));
		net_end();
	}
}

/* ---- seats that lie ------------------------------------------------------------------------------ */

static void lie_in_open(int node, uint32_t kind, uint8_t *payload, size_t len)
{
	if (node == liar && kind == KL_KIND_TALLY_OPEN)
		payload[len - 8] ^= 1; /* the lowest bit of the last element */
}

static void story_liar(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("a seat that opens a wrong sum is found out", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 2000);
	liar = seat_node(tally, 4);
	net_tamper = lie_in_open;
	answer_all(tally, true, true);
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

static void story_bad_shares(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally;

	net_begin("a contribution that no seat can open is left out for everybody", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 2000);
	liar = 7;
	net_tamper = lie_in_share;
	answer_all(tally, true, true);
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
static void story_half_shares(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("a contribution counts only if 2t - 1 seats hold it", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 2000);
	liar = 7;
	shares_of_liar = 0;
	net_tamper = lie_to_three;
	answer_all(tally, true, true);
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
static void story_below_base(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	struct kl_tally_result result;
	int tally;

	net_begin("a cohort that lost 30 % on the way is withheld", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 2000);
	net_tamper = lie_five_times;
	answer_all(tally, true, true);
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	result = net_result(1, tally, NET_SCORE, 0);
	NET_CHECK(result.n == 8 && result.why == KL_PLAN_BELOW_BASE, "n = %u: %s", result.n,
		kl_plan_why_text(result.why));
	net_end();
}

/* Somebody without a seat says for each seat that it quits and that it votes. */
static void story_impostor(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5};
	int tally, impostor = 1;

	net_begin("nobody speaks for a seat that is not its own", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 2000);
	while (seat_of(tally, impostor))
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
	answer_all(tally, true, true);
	net_run(net_now() + 8000);
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed");
	NET_CHECK(net_result(1, tally, NET_SCORE, 0).n == 13, "somebody is missing");
	net_end();
}

/* ---- formats and order --------------------------------------------------------------------------- */

static void story_parts(void)
{
	struct net_options options = {
		.councils = 8, .anchors = 10, .minimum = 5, .part_bytes = 300, .crash = 20};
	int tally;

	net_begin("long records come in parts, also across crashes", 1, &options);
	tally = call(2, by_type);
	net_run(net_now() + 2000);
	net_faults(0, 0, 0);
	net_run(net_now() + 4000);
	net_faults(0, 0, 20);
	for (int i = 1; i < net_nodes(); i++) {
		while (!net_is_up(i))
			net_run(net_now() + 100);
		(void)net_answer(i, tally, (int16_t)net_random(16), (int16_t)net_random(5));
	}
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed: %s",
		kl_tally_state_name(net_view(0, tally).state));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_INTAKE) > 7 * 4, "INTAKEs have %zu parts",
		net_count(-1, KL_KIND_TALLY_INTAKE));
	NET_CHECK(net_count(-1, KL_KIND_TALLY_PROPOSE) > 1, "PROPOSE has one part");
	NET_CHECK(net_count(-1, KL_KIND_TALLY_OPEN) > 7 * 2, "OPENs have one part");
	net_end();
}

/* The convenor's feed reaches one member last, after everything that speaks of its CALL. */
static void story_late_call(void)
{
	struct net_options options = {.councils = 4, .anchors = 9, .minimum = 5, .late_call = true};
	int tally;

	net_begin("records that came before their CALL are asked for again", 1, &options);
	tally = call(1, everybody);
	net_run(net_now() + 2000);
	answer_all(tally, true, true);
	for (int round = 0; round < 30; round++) {
		for (int i = 0; i < net_nodes(); i++)
			net_restart(i);
		net_run(net_now() + 300);
	}
	net_settle();
	NET_CHECK(net_check(tally) == KL_TALLY_CLOSED, "it has not closed: %s",
		kl_tally_state_name(net_view(0, tally).state));
	for (int i = 1; i < net_nodes(); i++)
		NET_CHECK(net_count(i, KL_KIND_TALLY_ACCEPT) <= 1, "node %d accepts twice", i);
	net_end();
}

/* ---- any story ----------------------------------------------------------------------------------- */

struct tale {
	int tally;
	unsigned silenced, most;
};

/* Seats fall silent at some point; up to t - 1 of them. */
static void maybe_silence(struct tale *tale)
{
	struct kl_tally_view view = net_view(0, tale->tally);
	unsigned seat;

	if (tale->silenced >= tale->most || net_random(25) != 0)
		return;
	seat = 1 + (unsigned)net_random(view.committee.n);
	if (!net_is_up(seat_node(tale->tally, seat)))
		return;
	net_down(seat_node(tale->tally, seat));
	tale->silenced++;
}

static void tell(struct tale *tale)
{
	int next = 1;

	for (int i = 0; i < 60; i++) {
		net_run(net_now() + 300);
		while (net_is_up(0) == false)
			net_run(net_now() + 100);
		maybe_silence(tale);
		while (next < net_nodes() && net_random(3) != 0) {
			uint64_t what = net_random(20);

			if (what == 0)
				(void)net_decline(next, tale->tally);
			else if (what > 1)
				(void)net_answer(next, tale->tally,
					(int16_t)((int)net_random(18) < 16 ? (int)net_random(16)
									   : KL_ABSENT),
					(int16_t)((int)net_random(6) - 1));
			next++;
		}
	}
	net_settle();
}

static unsigned ended[KL_TALLY_INVALID + 1];

static void check_tale(const struct tale *tale)
{
	enum kl_tally_state state = net_check(tale->tally);
	struct kl_tally_view view = net_view(0, tale->tally);

	ended[state]++;
	/* Enough seats for a certificate are enough for a failure, so one of both must have come. */
	if (view.committee.n - tale->silenced >= view.committee.qv)
		NET_CHECK(state == KL_TALLY_CLOSED || state == KL_TALLY_ENDED_FAILED ||
				  state == KL_TALLY_CERTIFIED,
			"%u of %u seats are there and the tally is %s",
			view.committee.n - tale->silenced, view.committee.n,
			kl_tally_state_name(state));
	if (tale->silenced == 0)
		NET_CHECK(state != KL_TALLY_CERTIFIED, "everybody is there and it is not closed");
}

static void story_any(uint64_t seed)
{
	static const int sizes[] = {5, 6, 7, 16, 30, 7, 16, 12, 40, 9};
	int members = sizes[seed % 10];
	struct net_options options = {.minimum = 5};
	struct tale tale = {0};
	struct kl_committee committee;

	options.councils = (int)((uint64_t)members * (seed % 4) / 4);
	options.anchors = members - options.councils;
	options.part_bytes = seed % 3 == 0 ? 400 : 0;
	options.late_call = seed % 5 == 0;
	options.drop = (unsigned)(seed % 7) * 50;
	options.commit_fails = seed % 2 ? 20 : 0;
	options.crash = seed % 3 ? (unsigned)(seed % 5) * 4 : 0;
	net_begin("any story", seed, &options);
	net_faults(options.drop, options.commit_fails, 0);
	tale.tally = call(1 + (unsigned)(seed % 2), by_type);
	net_faults(options.drop, options.commit_fails, options.crash);
	committee = net_view(0, tale.tally).committee;
	tale.most = seed % 4 == 3 ? committee.t - 1U : 0;
	tell(&tale);
	check_tale(&tale);
	if (net_view(0, tale.tally).state == KL_TALLY_ENDED_FAILED && tale.silenced == 0) {
		net_faults(options.drop, options.commit_fails, options.crash);
		while (!net_is_up(0))
			net_run(net_now() + 100);
		tale.tally = call(1 + (unsigned)(seed % 2), by_type);
		tell(&tale);
		check_tale(&tale);
	}
	net_end();
}

/* ---- all of them --------------------------------------------------------------------------------- */

static const struct {
	void (*tell)(void);
	const char *title;
} stories[] = {
	{story_plain, "what comes out is the plain count, with every size of committee"},
	{story_complement, "ten anchors are released, unless a rest of three could be told apart"},
	{story_too_few, "four answers are withheld, with the reason"},
	{story_not_counted, "who does not count towards the minimum; calls that are refused"},
	{story_no_certificate, "nothing is opened without a certificate"},
	{story_quit_names, "proposals named in QUITs count as released"},
	{story_cut_off, "a seat that hears from less than half waits"},
	{story_leader_dead, "a second call only after the first has ended, with the same answers"},
	{story_equivocation, "two proposals of one leader never get two certificates"},
	{story_restored, "a seat restored without its key quits"},
	{story_absent_seats, "seats that do not accept"},
	{story_early_answers, "who agrees early waits for the seats"},
	{story_silent_seat, "a silent seat is waited for, but not for ever"},
	{story_cheating_leader, "nobody votes for what a cheating leader proposes"},
	{story_liar, "a seat that opens a wrong sum is found out"},
	{story_bad_shares, "a contribution that cannot be opened is left out"},
	{story_half_shares, "a contribution counts only if 2t - 1 seats hold it"},
	{story_below_base, "a cohort that lost 30 % on the way is withheld"},
	{story_impostor, "nobody speaks for a seat that is not its own"},
	{story_parts, "long records come in parts"},
	{story_late_call, "records that came before their CALL"},
};

int main(int argc, char **argv)
{
	size_t named = sizeof(stories) / sizeof(stories[0]);
	uint64_t seeds = 40, from = 0;
	bool any_only = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--trace"))
			net_trace = true;
		else if (!strcmp(argv[i], "--seeds") && i + 1 < argc)
			seeds = strtoull(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--from") && i + 1 < argc)
			any_only = (from = strtoull(argv[++i], NULL, 10)) > 0;
		else
			return fprintf(stderr,
				       "usage: sim_tally [--seeds N] [--from S] [--trace]\n"),
			       64;
	}
	printf("1..%zu\n", any_only ? (size_t)1 : named + 1);
	for (size_t i = 0; i < named && !any_only; i++) {
		stories[i].tell();
		printf("ok %zu - %s\n", i + 1, stories[i].title);
		fflush(stdout);
	}
	for (uint64_t seed = from; seed < from + seeds; seed++)
		story_any(seed);
	printf("# %" PRIu64 " seeds from %" PRIu64 ":", seeds, from);
	for (int state = 0; state <= KL_TALLY_INVALID; state++)
		printf(" %u %s", ended[state], kl_tally_state_name((enum kl_tally_state)state));
	printf("\nok %zu - any network, any faults: the plain count or nothing\n",
		any_only ? (size_t)1 : named + 1);
	return 0;
}
