#include "tests/model/tally_walk.h"
#include "tests/model/tally_node.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 90, STORY_MAX = 256 };

static const struct parties *parties;
static const struct graph *graph;
static struct node nodes[SAID_HONEST_MAX];
static unsigned have[SAID_HONEST_MAX][SAID_HONEST_MAX]; /* records that one has of another */
static struct walked walked;
static uint8_t *met; /* states of the graph that were walked through */
static uint64_t walk_seed;
static unsigned endings; /* of a walk: bit 0: cheats say QUIT and OPEN, bit 1: windows end */
static char story[STORY_MAX][SAID_TEXT_MAX];
static unsigned story_count;

/* ---- words ---------------------------------------------------------------------------------- */

static void tell(const struct node *n, const char *what)
{
	if (story_count < STORY_MAX)
		snprintf(story[story_count++], SAID_TEXT_MAX, "seat %u %s", n->seat, what);
}

static void tell_record(const struct node *n, const char *what, struct heard heard)
{
	char text[SAID_TEXT_MAX];

	if (story_count < STORY_MAX)
		snprintf(story[story_count++], SAID_TEXT_MAX, "seat %u %s seat %u: %.90s", n->seat,
			what, heard.seat, say_text(heard.say, text));
}

static _Noreturn void fail(const char *what)
{
	printf("not ok - a walk of a committee of %u with seed %" PRIu64 ": %s\n", parties->n,
		walk_seed, what);
	for (unsigned i = 0; i < story_count; i++)
		printf("#   %s\n", story[i]);
	fflush(stdout);
	_Exit(1);
}

/* ---- steps ---------------------------------------------------------------------------------- */

static void check_all(const struct node *n, struct say say)
{
	struct said honest[SAID_HONEST_MAX];
	struct tallying tallying;
	const char *wrong;
	size_t index;

	for (unsigned i = 0; i < parties->honest; i++)
		honest[i] = nodes[i].said;
	tallying_of(parties, honest, &tallying);
	wrong = rules_say(parties, &tallying, n->said, say);
	honest[n - nodes] = said_with(n->said, say);
	tallying_of(parties, honest, &tallying);
	if (!wrong)
		wrong = rules_all(parties, &tallying);
	if (wrong)
		fail(wrong);
	if (!graph_find(graph, honest, &index))
		fail("the exploration has not come to what was said");
	walked.states += !met[index];
	met[index] = 1;
}

static void commit(struct node *n)
{
	struct heard done;

	if (n->pending_count == 0)
		return;
	tell_record(n, "commits, as", n->pending[0]);
	check_all(n, n->pending[0].say);
	done = node_commit(n);
	walked.records++;
	if (world_random(8) == 0) {
		tell(n, "crashes before it sends that, and comes back");
		node_restart(n);
		return;
	}
	node_feed_back(n, done);
}

static void deliver(struct node *n)
{
	unsigned from = (unsigned)world_random(parties->honest);
	unsigned *count = &have[n - nodes][from];

	if (&nodes[from] == n || *count == nodes[from].feed_count)
		return;
	tell_record(n, "hears of", nodes[from].feed[*count]);
	node_hear(n, nodes[from].feed[(*count)++]);
}

static void hear_proposal(struct node *n, struct say say)
{
	unsigned variant = say.proposal % 2U;

	if (!parties->leader_cheats[say.attempt])
		return;
	for (unsigned part = 0; part < world_parts(say.attempt, variant); part++) {
		struct heard heard = {
			world_proposal(say.attempt, variant, part), world_leader(say.attempt), say};

		if (world_random(16) == 0)
			continue;
		tell_record(n, part ? "hears the second part of" : "hears of", heard);
		node_hear(n, heard);
	}
}

/* A cheat speaks as somebody else. */
static void hear_forged(struct node *n, struct say say)
{
	unsigned other = say.kind == SAY_PROPOSE ? world_leader(say.attempt)
						 : 1 + (unsigned)world_random(parties->n);
	struct heard heard = {
		NULL, parties_cheat(parties, (unsigned)world_random(parties->f)), say};
	struct said nothing = {0};

	if (other == heard.seat)
		return;
	heard.record = world_forged(heard.seat, machine_record(other, nothing, say, 0));
	tell_record(n, "hears, as of somebody else, of the cheat in", heard);
	node_hear(n, heard);
}

/* Anything that a cheat could say. What ends a tally is said in some walks only, or all would be
 * short. */
static void cheat(struct node *n)
{
	static const uint8_t kinds[] = {SAY_PROPOSE, SAY_PROPOSE, SAY_PROPOSE, SAY_SKIP, SAY_SKIP,
		SAY_VOTE, SAY_VOTE, SAY_VOTE, SAY_VOTE, SAY_VOTE, SAY_QUIT, SAY_OPEN};
	unsigned most = sizeof(kinds) - (endings & 1 ? 0 : 2);
	struct said said = {.choice = {(uint8_t)world_random(4), (uint8_t)world_random(4)}};
	struct say say = {
		.kind = kinds[world_random(most)], .attempt = (uint8_t)world_random(SAID_ATTEMPTS)};
	struct heard heard = {.say = say};

	say.proposal = (uint8_t)(2U * say.attempt + world_random(2));
	if (world_random(8) == 0) {
		hear_forged(n, say);
		return;
	}
	if (say.kind == SAY_PROPOSE) {
		hear_proposal(n, say);
		return;
	}
	heard.say = say;
	heard.seat = parties_cheat(parties, (unsigned)world_random(parties->f));
	heard.record = machine_record(heard.seat, said, say, 0);
	tell_record(n, "hears of the cheat in", heard);
	node_hear(n, heard);
}

static void tick(struct node *n)
{
	n->now_ms += (1 + world_random(4)) * WORLD_DECIDE_MS / 8;
	if ((endings & 2) && world_random(8) == 0)
		n->wall_ms = WORLD_LATE_MS;
	tell(n, n->wall_ms == WORLD_LATE_MS ? "sees the window end" : "waits");
	node_event(n, KL_TALLY_TICK);
}

static void crash(struct node *n)
{
	if ((endings & 2) && world_random(10) == 0)
		n->key = false;
	tell(n, n->key ? "crashes and comes back" : "is restored without its key");
	node_restart(n);
}

static void step(struct node *n)
{
	unsigned what = (unsigned)world_random(64);

	walked.steps++;
	if (what < 20) {
		deliver(n);
	} else if (what < 40) {
		cheat(n);
	} else if (what < 56) {
		commit(n);
	} else if (what < 60) {
		tick(n);
	} else if (what < 61) {
		tell(n, "cannot commit");
		node_fail(n);
	} else if (what < 63) {
		crash(n);
	} else if (!node_is_as_rebuilt(n)) {
		tell(n, "would come back as another one");
		fail("a seat that comes back wants something else than before");
	}
}

/* ---- walks ---------------------------------------------------------------------------------- */

static void walk_once(void)
{
	story_count = 0;
	endings = (unsigned)world_random(4);
	memset(have, 0, sizeof(have));
	for (unsigned i = 0; i < parties->honest; i++)
		node_begin(&nodes[i], parties_seat(parties, i));
	for (unsigned i = 0; i < STEPS; i++)
		step(&nodes[world_random(parties->honest)]);
	for (unsigned i = 0; i < parties->honest; i++)
		node_end(&nodes[i]);
}

struct walked walk(
	const struct graph *of_graph, const struct parties *of_parties, uint64_t seed, size_t count)
{
	graph = of_graph;
	parties = of_parties;
	memset(&walked, 0, sizeof(walked));
	met = calloc(graph_states(graph), 1);
	KL_ASSERT(met);
	for (; count > 0; count--) {
		walk_seed = seed++;
		world_seed(walk_seed);
		walk_once();
	}
	free(met);
	return walked;
}
