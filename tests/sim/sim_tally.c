/* Tallies of whole networks: what comes out is the plain count, and nothing else ever comes out.
 *
 *     sim_tally [--seeds N] [--from S] [--trace] [--story TEXT]
 *
 * --story tells only those whose title contains the text. Some stories have names: each shows one rule. The last one is told with many seeds: networks of
 * every size of committee, faults, crashes, seats that fall silent, a second call if the first one
 * failed. The observer in tally_watch.c checks each record as it is written. A failure prints its
 * seed; --from S --seeds 1 --trace tells that story with the named ones left out. */
#include "tests/sim/tally_story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- any story ------------------------------------------------------------------------------ */

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
	if (!net_is_up(story_seat_node(tale->tally, seat)))
		return;
	net_down(story_seat_node(tale->tally, seat));
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
	/* Enough seats for a certificate are enough for a failure: one of both must have come. */
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
	tale.tally = story_call(1 + (unsigned)(seed % 2), story_by_type);
	net_faults(options.drop, options.commit_fails, options.crash);
	committee = net_view(0, tale.tally).committee;
	tale.most = seed % 4 == 3 ? committee.t - 1U : 0;
	tell(&tale);
	check_tale(&tale);
	if (net_view(0, tale.tally).state == KL_TALLY_ENDED_FAILED && tale.silenced == 0) {
		net_faults(options.drop, options.commit_fails, options.crash);
		while (!net_is_up(0))
			net_run(net_now() + 100);
		tale.tally = story_call(1 + (unsigned)(seed % 2), story_by_type);
		tell(&tale);
		check_tale(&tale);
	}
	net_end();
}

/* ---- all of them ---------------------------------------------------------------------------- */

static const struct {
	void (*tell)(void);
	const char *title;
} stories[] = {
	{tell_plain, "what comes out is the plain count, with every size of committee"},
	{tell_complement, "ten anchors are released, unless a rest of three could be told apart"},
	{tell_too_few, "four answers are withheld, with the reason"},
	{tell_not_counted, "who does not count towards the minimum; calls that are refused"},
	{tell_no_certificate, "nothing is opened without a certificate"},
	{tell_quit_names, "proposals named in QUITs count as released"},
	{tell_cut_off, "a seat that hears from less than half waits"},
	{tell_leader_dead, "a dead leader costs an attempt, not the tally"},
	{tell_again, "a second call only after the first has ended, with the same answers"},
	{tell_equivocation, "two proposals of one leader never get two certificates"},
	{tell_restored, "a seat restored without its key quits"},
	{tell_absent_seats, "seats that do not accept"},
	{tell_early_answers, "who agrees early waits for the seats"},
	{tell_silent_seat, "a silent seat is waited for, but not for ever"},
	{tell_cheating_leader, "nobody votes for what a cheating leader proposes"},
	{tell_liar, "a seat that opens a wrong sum is found out"},
	{tell_bad_shares, "a contribution that cannot be opened is left out"},
	{tell_half_shares, "a contribution counts only if 2t - 1 seats hold it"},
	{tell_below_base, "a cohort that lost 30 % on the way is withheld"},
	{tell_impostor, "nobody speaks for a seat that is not its own"},
	{tell_not_the_leader, "only the leader of an attempt proposes in it"},
	{tell_skipped_for_good, "who skipped an attempt does not vote in it"},
	{tell_parts, "long records come in parts"},
	{tell_late_call, "records that came before their CALL"},
};

/* The stories whose title contains the text. */
static int tell_named(const char *text)
{
	size_t told = 0;

	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		if (!strstr(stories[i].title, text))
			continue;
		stories[i].tell();
		printf("ok %zu - %s\n", ++told, stories[i].title);
	}
	printf("1..%zu\n", told);
	return told ? 0 : 64;
}

int main(int argc, char **argv)
{
	size_t named = sizeof(stories) / sizeof(stories[0]);
	uint64_t seeds = 40, from = 0;
	bool any_only = false;
	const char *wanted = NULL;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--trace"))
			net_trace = true;
		else if (!strcmp(argv[i], "--seeds") && i + 1 < argc)
			seeds = strtoull(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--from") && i + 1 < argc)
			any_only = (from = strtoull(argv[++i], NULL, 10)) > 0;
		else if (!strcmp(argv[i], "--story") && i + 1 < argc)
			wanted = argv[++i];
		else
			return fprintf(stderr, "usage: sim_tally [--seeds N] [--from S] [--trace] "
					       "[--story TEXT]\n"),
			       64;
	}
	if (wanted)
		return tell_named(wanted);
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
