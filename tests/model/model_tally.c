/* Model check of the committee's part of a tally, over the real machine: what f = t - 1 cheats can
 * make of it in two attempts, whatever order messages arrive in, with crashes anywhere.
 *
 *     model_tally [--n N] [--soak] [--seeds N] [--from S]
 *
 * Without --n: committees of 5, 6 and 7; --soak: 10 as well, and much more of everything that is
 * done by samples. --seeds: random walks for each case; --from: seed of the first. How it works
 * stands in tally_explore.h. A failure prints the records that lead to it. */
#include "tests/model/tally_again.h"
#include "tests/model/tally_end.h"
#include "tests/model/tally_plain.h"
#include "tests/model/tally_replay.h"
#include "tests/model/tally_sample.h"
#include "tests/model/tally_walk.h"
#include "tests/model/tally_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 4, CHECKS = 2 * CASES };

struct effort {
	size_t samples, walks, replays; /* of each case */
	unsigned depth;                 /* of all orders, one by one */
	uint64_t from;
};

static const char *const who_leads[CASES] = {"the first two leaders cheat",
	"the second leader cheats", "the first leader cheats", "both leaders are honest"};
static unsigned number; /* of the check */

/* ---- one committee -------------------------------------------------------------------------- */

static void check_case(unsigned which, const struct effort *effort)
{
	const struct kl_committee *c = world_committee();
	struct parties parties = parties_of(c->n, c->t, !(which & 1), !(which & 2));
	size_t tried, come, states;
	struct graph *graph;
	struct walked walked;

	graph = graph_explore(&parties, who_leads[which]);
	states = graph_states(graph);
	printf("ok %u - committee of %u, %s: %zu states, %zu steps\n", ++number, c->n,
		who_leads[which], states, graph_steps(graph));
	sample_answers(graph, &parties, effort->samples);
	come = replay(graph, &parties, 1 + (states - 1) / effort->replays, &tried);
	WORLD_CHECK(10 * come >= 9 * tried,
		"running machines come to %zu of %zu states: too much is supposed", come, tried);
	walked = walk(graph, &parties, effort->from, effort->walks);
	printf("ok %u - committee of %u, %s: %zu answers compared; %zu of %zu states come to by "
	       "running machines; %zu walks of %zu steps, %zu records, %zu states\n",
		++number, c->n, who_leads[which], effort->samples, come, tried, effort->walks,
		walked.steps, walked.records, walked.states);
	if (parties.honest == PLAIN_SEATS && parties.leader_cheats[1]) {
		struct plain plain = plain_explore(graph, &parties, effort->depth);

		printf("# all orders of up to %u steps: %zu states of %zu of one seat, %zu "
		       "different things said\n",
			effort->depth, plain.states, plain.seats, plain.said);
	}
	fflush(stdout);
	graph_free(graph);
}

/* With so many silent seats as a tally must end with. */
static void check_ends(void)
{
	const struct kl_committee *c = world_committee();
	size_t states = 0;
	struct ends all = {0};

	for (unsigned which = 0; which < CASES; which++) {
		struct parties parties = parties_silent(c->n, c->t, !(which & 1), !(which & 2));
		struct graph *graph;
		struct ends ends;

		if (2 - (which & 1) - (which >> 1) > c->n - parties.qv)
			continue;
		graph = graph_explore(&parties, "silent seats");
		ends = ends_check(graph, &parties);
		states += graph_states(graph);
		all.certified += ends.certified;
		all.failed += ends.failed;
		all.both += ends.both;
		graph_free(graph);
	}
	printf("ok %u - committee of %u, %u of them silent: from each of %zu states it ends: "
	       "certified "
	       "%zu, failed %zu, both %zu\n",
		++number, c->n, c->n - c->qv, states, all.certified, all.failed, all.both);
}

static void check_next(void)
{
	again_check();
	printf("ok %u - committee of %u: after a tally that failed, what was voted for counts as "
	       "released, "
	       "also where it is not known yet\n",
		++number, world_committee()->n);
}

static void check_committee(unsigned n, const struct effort *effort)
{
	const struct measured *measured;
	size_t asked, machines;

	world_begin(n);
	oracle_begin();
	measured = oracle_measured();
	printf("# committee of %u: measured on the machine: %u VOTEs certify, %u SKIPs open the "
	       "next "
	       "attempt, %u QUITs fail\n",
		n, measured->votes[0], measured->skips, measured->quits);
	for (unsigned which = 0; which < CASES; which++)
		check_case(which, effort);
	check_ends();
	if (n == 6 || n == 7)
		check_next();
	oracle_count(&asked, &machines);
	printf("# %zu questions, put to %zu machines\n", asked, machines);
	oracle_end();
	world_end();
}

/* ---- arguments ------------------------------------------------------------------------------ */

static unsigned checks(unsigned only, unsigned count)
{
	if (only)
		return CHECKS + 1 + (only == 6 || only == 7);
	return (CHECKS + 1) * count + 2;
}

static void use(void)
{
	fprintf(stderr, "model_tally [--n N] [--soak] [--seeds N] [--from S]\n");
	exit(64);
}

static uint64_t number_of(int argc, char **argv, int *place)
{
	char *end;
	uint64_t value;

	if (++*place >= argc)
		use();
	value = strtoull(argv[*place], &end, 10);
	if (*end || end == argv[*place])
		use();
	return value;
}

int main(int argc, char **argv)
{
	static const unsigned sizes[] = {5, 6, 7, 10};
	struct effort effort = {.samples = 250, .walks = 50, .replays = 100, .depth = 5, .from = 1};
	unsigned only = 0, count = 3;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--n")) {
			only = (unsigned)number_of(argc, argv, &i);
		} else if (!strcmp(argv[i], "--soak")) {
			effort = (struct effort){20000, 2000, 20000, 8, effort.from};
			count = 4;
		} else if (!strcmp(argv[i], "--seeds")) {
			effort.walks = (size_t)number_of(argc, argv, &i);
		} else if (!strcmp(argv[i], "--from")) {
			effort.from = number_of(argc, argv, &i);
		} else {
			use();
		}
	}
	printf("1..%u\n", checks(only, count));
	for (unsigned i = 0; i < (only ? 1 : count); i++) {
		unsigned n = only ? only : sizes[i];

		if (n == 10) /* of 40 members, so that all takes ten times as long */
			effort.replays /= 10;
		check_committee(n, &effort);
	}
	return 0;
}
