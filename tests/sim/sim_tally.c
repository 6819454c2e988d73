/* Tallies of whole networks: what comes out is the plain count, and nothing else ever comes out.
 *
 *     sim_tally [--seeds N] [--from S] [--trace] [--jobs N] [--figures] [--story TEXT] [--beyond]
 *
 * Some stories have names: each shows one rule; --story tells those whose title contains the text. The
 * last one is told with many seeds (tally_tale.c): networks of every size of committee, in seconds or
 * in weeks, with faults, crashes, cut lines, members that come and go, and seats and contributors that
 * cheat. The observer (tally_watch.c and those that it names) looks at each record as it is written,
 * and at the end. --from leaves the named stories out.
 *
 * A failure prints its seed, and how to see it again: with --trace, in words. --jobs tells seeds in so
 * many processes. --figures says what happened how often. --beyond lets t seats cheat instead of
 * t - 1, which nothing of this kind survives: it shows that the observer sees it. */
#include "tests/sim/tally_cheat.h"
#include "tests/sim/tally_story.h"
#include "tests/sim/tally_tale.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 64 };

/* ---- stories with names --------------------------------------------------------------------- */

static const struct {
	void (*tell)(void);
	const char *title;
} stories[] = {
	{tell_plain, "what comes out is the plain count, with every size of committee"},
	{tell_complement, "ten anchors are released, unless a rest of three could be told apart"},
	{tell_too_few, "four answers are withheld, with the reason"},
	{tell_ten, "where ten are asked for, nine answers are withheld"},
	{tell_not_counted, "who does not count towards the minimum; calls that are refused"},
	{tell_next_year, "what hardly changes is looked at together with the year before"},
	{tell_passed_over, "nobody votes for what passes over an earlier release"},
	{tell_named_and_unknown, "a call that names an unknown release gets no votes"},
	{tell_no_certificate, "nothing is opened without a certificate"},
	{tell_quit_names, "proposals named in QUITs count as released"},
	{tell_cut_off, "a seat that hears from less than half waits"},
	{tell_ten_days, "ten days in which two seats hear nothing"},
	{tell_ten_days_in_halves, "ten days in which neither half hears the other"},
	{tell_leader_dead, "a dead leader costs an attempt, not the tally"},
	{tell_barred, "a seat that votes and skips is barred from four committees"},
	{tell_forked_leader, "a leader that forks is shown to everybody"},
	{tell_forked_seat, "what a seat said before its feed was frozen counts for all"},
	{tell_let_off, "nobody follows a call that lets off who was barred before"},
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
	{tell_false_answers, "whoever deals anything but one answer is left out"},
	{tell_uneven_shares, "a seat that was dealt another share than the rest is no liar"},
	{tell_withdrawn, "what was withdrawn in time is not counted"},
	{tell_too_late_to_withdraw, "what was withdrawn too late is counted"},
	{tell_second_number, "a second contribution carries the same answers"},
	{tell_unknown_withdrawal, "an INTAKE that names an unknown WITHDRAW is not cited"},
	{tell_late_batch, "late-comers are counted as a batch of their own, or not at all"},
	{tell_failure_heard_last, "whoever hears of a failure last comes to the same"},
	{tell_one_step, "one dishonest seat opens two sums, unless they need a certificate"},
	{tell_rest_of_ten, "45 members in sixteen bins leave eight bins for 35 of them"},
	{tell_each_quarter,
		"whoever joins in a year is counted with others that do, or not at all"},
	{tell_cohort_by_year, "cohorts that are spread over the years are no way round"},
	{tell_moved, "who moves from one cohort to another one is not told apart"},
	{tell_one_year_at_a_time, "a neighbouring year waits for the end of the first"},
};

static int tell_named(const char *text)
{
	size_t told = 0;

	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		if (!strstr(stories[i].title, text))
			continue;
		stories[i].tell();
		printf("ok %zu - %s\n", ++told, stories[i].title);
		fflush(stdout);
	}
	if (*text)
		printf("1..%zu\n", told);
	return told ? 0 : 64;
}

/* ---- many seeds ----------------------------------------------------------------------------- */

struct wanted {
	uint64_t seeds, from;
	unsigned jobs;
	bool only_seeds, figures, beyond;
	const char *story;
};

static void tell_seeds(const struct wanted *wanted, unsigned job)
{
	static char again[128];

	for (uint64_t i = job; i < wanted->seeds; i += wanted->jobs) {
		snprintf(again, sizeof(again),
			"# again: sim_tally --from %" PRIu64 " --seeds 1%s --trace\n",
			wanted->from + i, wanted->beyond ? " --beyond" : "");
		net_again = again;
		tale_tell(wanted->from + i, wanted->beyond);
	}
}

/* Figures of another process, added to those of this one. */
static void add_figures(const uint64_t *theirs)
{
	uint64_t *mine = (uint64_t *)&tale_figures;
	size_t count;

	for (size_t i = 0; i < sizeof(tale_figures) / sizeof(*mine); i++)
		mine[i] += *theirs++;
	mine = cheat_figures(&count);
	for (size_t i = 0; i < count; i++)
		mine[i] += *theirs++;
}

static void keep_figures(uint64_t *out)
{
	size_t count;
	const uint64_t *cheats = cheat_figures(&count);

	memcpy(out, &tale_figures, sizeof(tale_figures));
	memcpy(out + sizeof(tale_figures) / sizeof(*out), cheats, count * sizeof(*cheats));
}

/* Tells the seeds in several processes; false if one of them failed. */
static bool tell_in_jobs(const struct wanted *wanted)
{
	size_t cheats, words;
	uint64_t *shared;
	bool good = true;
	int status;

	(void)cheat_figures(&cheats);
	words = sizeof(tale_figures) / sizeof(uint64_t) + cheats;
	shared = mmap(NULL, wanted->jobs * words * sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	KL_ASSERT(shared != MAP_FAILED);
	fflush(stdout);
	for (unsigned job = 0; job < wanted->jobs; job++) {
		pid_t child = fork();

		KL_ASSERT(child >= 0);
		if (child > 0)
			continue;
		tell_seeds(wanted, job);
		keep_figures(shared + job * words);
		_exit(0);
	}
	while (wait(&status) > 0)
		good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
	for (unsigned job = 0; job < wanted->jobs; job++)
		add_figures(shared + job * words);
	munmap(shared, wanted->jobs * words * sizeof(*shared));
	return good;
}

static void tell_figures(const struct wanted *wanted)
{
	const struct tale_figures *f = &tale_figures;

	printf("# %" PRIu64 " seeds from %" PRIu64 ": %" PRIu64 " tallies,", f->tales, wanted->from,
		f->tallies);
	for (int state = 0; state <= KL_TALLY_INVALID; state++)
		printf(" %" PRIu64 " %s", f->states[state],
			kl_tally_state_name((enum kl_tally_state)state));
	printf("; %" PRIu64 " calls refused\n", f->refused);
	printf("# %" PRIu64 " seats and %" PRIu64 " contributors cheated, lines were cut %" PRIu64
	       " times, %" PRIu64 " changes of members, %" PRIu64 " withdrawals\n",
		f->lying_seats, f->false_contributors, f->cuts, f->people, f->withdrawn);
	printf("# %" PRIu64 " sums opened; %" PRIu64 " times two answers were exchanged and nobody "
	       "could tell; %" PRIu64 " families were too large to look through\n",
		f->opened, f->worlds, f->passed_over);
	if (wanted->figures)
		cheat_tell();
}

/* ---- all of it ------------------------------------------------------------------------------ */

static bool read_arguments(int argc, char **argv, struct wanted *wanted)
{
	for (int i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "--trace"))
			net_trace = true;
		else if (!strcmp(argv[i], "--figures"))
			wanted->figures = true;
		else if (!strcmp(argv[i], "--beyond"))
			wanted->beyond = true;
		else if (!next)
			return false;
		else if (!strcmp(argv[i], "--seeds"))
			wanted->seeds = strtoull(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--jobs"))
			wanted->jobs = (unsigned)strtoul(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--story"))
			wanted->story = argv[++i];
		else if (!strcmp(argv[i], "--from"))
			wanted->only_seeds = (wanted->from = strtoull(argv[++i], NULL, 10), true);
		else
			return false;
	}
	return wanted->jobs >= 1 && wanted->jobs <= JOBS_MAX;
}

int main(int argc, char **argv)
{
	struct wanted wanted = {.seeds = 200, .jobs = 1};
	size_t named = sizeof(stories) / sizeof(stories[0]);

	if (!read_arguments(argc, argv, &wanted)) {
		fprintf(stderr, "usage: sim_tally [--seeds N] [--from S] [--trace] [--jobs N] "
				"[--figures] [--story TEXT] [--beyond]\n");
		return 64;
	}
	if (wanted.story)
		return tell_named(wanted.story);
	printf("1..%zu\n", wanted.only_seeds ? (size_t)1 : named + 1);
	if (!wanted.only_seeds)
		(void)tell_named("");
	if (wanted.jobs == 1)
		tell_seeds(&wanted, 0);
	else if (!tell_in_jobs(&wanted))
		return 1;
	tell_figures(&wanted);
	printf("ok %zu - any network, any faults, any cheats: the plain count or nothing\n",
		wanted.only_seeds ? (size_t)1 : named + 1);
	return 0;
}
