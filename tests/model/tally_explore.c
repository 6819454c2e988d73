#include "tests/model/tally_explore.h"
#include "tests/model/tally_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a state was come to first. */
struct origin {
	uint32_t parent;
	uint8_t place;
	struct say say;
	struct known known;
	uint8_t moment;
	bool under_way;
};

struct graph {
	struct parties parties;
	const char *cases;
	uint64_t *keys;
	struct origin *origins;
	size_t count, capacity;
	uint32_t *index; /* open addressing: 1 + place in keys */
	size_t index_size;
	size_t steps;
};

unsigned parties_seat(const struct parties *parties, unsigned place)
{
	unsigned others = 0;

	for (unsigned a = 0; a < SAID_ATTEMPTS; a++) {
		if (parties->leader_place[a] == (int)place)
			return world_leader(a);
		others += !parties->leader_cheats[a];
	}
	return REPRESENTATIVE + place - others;
}

unsigned parties_cheat(const struct parties *parties, unsigned number)
{
	for (unsigned a = 0; a < SAID_ATTEMPTS; a++) {
		if (parties->leader_cheats[a] && number-- == 0)
			return world_leader(a);
	}
	return parties->n - number;
}

static unsigned leaders(const struct parties *parties)
{
	return 2U - parties->leader_cheats[0] - parties->leader_cheats[1];
}

/* ---- what can be said next ------------------------------------------------------------------ */

/* What others hold or could be given. */
struct there {
	uint8_t proposed, voted; /* bits: proposals */
	uint8_t skipped;
};

struct nexts {
	struct next *items;
	size_t count;
	bool known;
};

static struct nexts cache[4][256][16][16][2]; /* by seat, said and there */

static bool reaches(uint8_t needed, unsigned seats)
{
	return needed != ORACLE_NEVER && seats >= needed;
}

static struct there there_of(const struct parties *parties, const struct tallying *tallying)
{
	const struct measured *measured = oracle_measured();
	struct there there = {0};

	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		if (rules_proposed(parties, tallying, p))
			there.proposed = (uint8_t)(there.proposed | 1U << p);
		if (reaches(measured->votes[p], tallying->votes[p] + parties->f))
			there.voted = (uint8_t)(there.voted | 1U << p);
	}
	there.skipped = reaches(measured->skips, tallying->skips[0] + parties->f);
	return there;
}

static bool order_can_be(uint8_t order, unsigned proposed)
{
	if (order == KNOWN_NONE)
		return true;
	if (order == KNOWN_FIRST)
		return proposed & 1;
	if (order == KNOWN_OTHER)
		return proposed & 2;
	return (proposed & 3) == 3;
}

static void add_next(
	struct nexts *nexts, const struct answer *answer, struct known known, enum moment moment)
{
	struct next *next;

	for (size_t i = 0; i < nexts->count; i++) {
		if (nexts->items[i].count == answer->count &&
			!memcmp(nexts->items[i].says, answer->says, sizeof(answer->says)))
			return;
	}
	nexts->items = realloc(nexts->items, (nexts->count + 1) * sizeof(*nexts->items));
	KL_ASSERT(nexts->items);
	next = &nexts->items[nexts->count++];
	memset(next, 0, sizeof(*next));
	next->count = answer->count;
	next->at_once = answer->at_once;
	memcpy(next->says, answer->says, sizeof(next->says));
	next->known = known;
	next->moment = moment;
}

static void ask_known(struct nexts *nexts, unsigned seat, struct said said, struct known known)
{
	for (unsigned m = 0; m < MOMENTS; m++) {
		const struct answer *answer = oracle_ask(seat, said, known, (enum moment)m);

		if (answer->count > 0)
			add_next(nexts, answer, known, (enum moment)m);
	}
}

static void ask_orders(struct nexts *nexts, unsigned seat, struct said said, struct there there,
	struct known known)
{
	for (unsigned i = 0; i < KNOWN_ORDERS; i++) {
		for (unsigned k = 0; k < KNOWN_ORDERS; k++) {
			known.order[0] = (uint8_t)k;
			known.order[1] = (uint8_t)i;
			if (order_can_be(known.order[0], there.proposed & 3) &&
				order_can_be(known.order[1], there.proposed >> 2))
				ask_known(nexts, seat, said, known);
		}
	}
}

/* In an order in which what is known mostly grows: then the oracle can go on with the same
 * machine. */
static void ask_all(struct nexts *nexts, unsigned seat, struct said said, struct there there)
{
	struct known known = {0};

	for (known.voted = 0; known.voted < 16; known.voted++) {
		if (known.voted & ~there.voted)
			continue;
		for (known.skipped = 0; known.skipped <= there.skipped; known.skipped++)
			ask_orders(nexts, seat, said, there, known);
	}
}

size_t graph_next(const struct parties *parties, const struct said *honest, unsigned place,
	const struct next **ret_next)
{
	unsigned seat = place < leaders(parties) ? parties_seat(parties, place) : REPRESENTATIVE;
	struct tallying tallying;
	struct there there;
	struct nexts *nexts;

	tallying_of(parties, honest, &tallying);
	there = there_of(parties, &tallying);
	nexts = &cache[seat][said_pack(honest[place])][there.proposed][there.voted][there.skipped];
	if (!nexts->known) {
		ask_all(nexts, seat, honest[place], there);
		nexts->known = true;
	}
	*ret_next = nexts->items;
	return nexts->count;
}

static void forget_nexts(void)
{
	struct nexts *all = &cache[0][0][0][0][0];

	for (size_t i = 0; i < sizeof(cache) / sizeof(*all); i++)
		free(all[i].items);
	memset(cache, 0, sizeof(cache));
}

/* ---- states --------------------------------------------------------------------------------- */

static void sort_others(const struct parties *parties, struct said *honest, unsigned *labels)
{
	for (unsigned i = leaders(parties) + 1; i < parties->honest; i++) {
		for (unsigned k = i;
			k > leaders(parties) && said_pack(honest[k]) < said_pack(honest[k - 1]);
			k--) {
			struct said kept = honest[k];
			unsigned label = labels ? labels[k] : 0;

			honest[k] = honest[k - 1];
			honest[k - 1] = kept;
			if (labels) {
				labels[k] = labels[k - 1];
				labels[k - 1] = label;
			}
		}
	}
}

static uint64_t key_of(const struct parties *parties, const struct said *honest)
{
	uint64_t key = 0;

	for (unsigned i = 0; i < parties->honest; i++)
		key |= (uint64_t)said_pack(honest[i]) << 8 * i;
	return key;
}

static size_t slot_of(const struct graph *g, uint64_t key)
{
	size_t slot = (key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (g->index_size - 1);

	while (g->index[slot] && g->keys[g->index[slot] - 1] != key)
		slot = (slot + 1) & (g->index_size - 1);
	return slot;
}

static void grow(struct graph *g)
{
	g->capacity = g->capacity ? 2 * g->capacity : 4096;
	g->keys = realloc(g->keys, g->capacity * sizeof(*g->keys));
	g->origins = realloc(g->origins, g->capacity * sizeof(*g->origins));
	free(g->index);
	g->index_size = 4 * g->capacity;
	g->index = calloc(g->index_size, sizeof(*g->index));
	KL_ASSERT(g->keys && g->origins && g->index);
	for (size_t i = 0; i < g->count; i++)
		g->index[slot_of(g, g->keys[i])] = (uint32_t)(i + 1);
}

/* Index of the state; a new one is added. */
static size_t state_of(struct graph *g, uint64_t key, const struct origin *origin)
{
	size_t slot;

	if (g->count == g->capacity)
		grow(g);
	slot = slot_of(g, key);
	if (g->index[slot])
		return g->index[slot] - 1;
	g->keys[g->count] = key;
	g->origins[g->count] = *origin;
	g->index[slot] = (uint32_t)++g->count;
	return g->count - 1;
}

void graph_at(const struct graph *g, size_t index, struct said ret_honest[SAID_HONEST_MAX])
{
	for (unsigned i = 0; i < g->parties.honest; i++)
		ret_honest[i] = said_unpack((uint8_t)(g->keys[index] >> 8 * i));
}

bool graph_find(const struct graph *g, const struct said *honest, size_t *ret_index)
{
	struct said sorted[SAID_HONEST_MAX];
	uint32_t found;

	memcpy(sorted, honest, g->parties.honest * sizeof(*sorted));
	sort_others(&g->parties, sorted, NULL);
	found = g->index[slot_of(g, key_of(&g->parties, sorted))];
	*ret_index = found ? found - 1 : 0;
	return found != 0;
}

size_t graph_states(const struct graph *g)
{
	return g->count;
}

size_t graph_steps(const struct graph *g)
{
	return g->steps;
}

/* ---- ways ----------------------------------------------------------------------------------- */

/* labels[i] is the seat in place i; states keep their places sorted. */
static unsigned way_to(const struct graph *g, size_t index, unsigned labels[SAID_HONEST_MAX],
	struct graph_step ret_way[GRAPH_WAY_MAX])
{
	struct said honest[SAID_HONEST_MAX];
	const struct origin *origin = &g->origins[index];
	unsigned count;

	if (index == 0) {
		for (unsigned i = 0; i < g->parties.honest; i++)
			labels[i] = parties_seat(&g->parties, i);
		return 0;
	}
	count = way_to(g, origin->parent, labels, ret_way);
	KL_ASSERT(count < GRAPH_WAY_MAX);
	ret_way[count] = (struct graph_step){labels[origin->place], origin->say, origin->known,
		(enum moment)origin->moment, origin->under_way};
	graph_at(g, origin->parent, honest);
	honest[origin->place] = said_with(honest[origin->place], origin->say);
	sort_others(&g->parties, honest, labels);
	return count + 1;
}

unsigned graph_way(const struct graph *g, size_t index, struct graph_step ret_way[GRAPH_WAY_MAX])
{
	unsigned labels[SAID_HONEST_MAX];

	return way_to(g, index, labels, ret_way);
}

static void print_step(const struct graph_step *step)
{
	char what[SAID_TEXT_MAX], known[SAID_TEXT_MAX];

	printf("#   seat %u: %s\n#       (%s; holds %s)\n", step->seat, say_text(step->say, what),
		step->under_way ? "the window ends while that is being committed"
				: moment_text(step->moment),
		known_text(step->known, known));
}

static _Noreturn void fail_at(
	const struct graph *g, size_t parent, const struct origin *last, const char *what)
{
	unsigned labels[SAID_HONEST_MAX], count;
	struct graph_step way[GRAPH_WAY_MAX];

	printf("not ok - committee of %u, %s: %s\n# the other %u seats %s\n", g->parties.n,
		g->cases, what, g->parties.n - g->parties.honest,
		g->parties.silent ? "say nothing" : "cheat and say whatever is needed");
	count = way_to(g, parent, labels, way);
	way[count++] = (struct graph_step){labels[last->place], last->say, last->known,
		(enum moment)last->moment, last->under_way};
	for (unsigned i = 0; i < count; i++)
		print_step(&way[i]);
	printf("# then: %s\n", what);
	fflush(stdout);
	_Exit(1);
}

/* ---- exploring ------------------------------------------------------------------------------ */

/* Says one after the other, each a state of its own. */
static void say_all(struct graph *g, size_t parent, unsigned place, const struct next *next)
{
	struct said honest[SAID_HONEST_MAX];
	struct said said;

	for (unsigned i = 0; i < next->count; i++) {
		struct origin origin = {.parent = (uint32_t)parent,
			.place = (uint8_t)place,
			.say = next->says[i],
			.known = next->known,
			.moment = (uint8_t)next->moment,
			.under_way = i >= next->at_once};
		struct tallying tallying;
		const char *wrong;

		graph_at(g, parent, honest);
		tallying_of(&g->parties, honest, &tallying);
		wrong = rules_say(&g->parties, &tallying, honest[place], next->says[i]);
		if (wrong)
			fail_at(g, parent, &origin, wrong);
		said = honest[place] = said_with(honest[place], next->says[i]);
		tallying_of(&g->parties, honest, &tallying);
		wrong = rules_all(&g->parties, &tallying);
		if (wrong)
			fail_at(g, parent, &origin, wrong);
		sort_others(&g->parties, honest, NULL);
		parent = state_of(g, key_of(&g->parties, honest), &origin);
		g->steps++;
		for (place = leaders(&g->parties) > place ? place : leaders(&g->parties);
			said_pack(honest[place]) != said_pack(said);)
			place++;
	}
}

struct graph *graph_explore(const struct parties *parties, const char *cases)
{
	struct graph *g = calloc(1, sizeof(*g));
	const struct origin none = {0};

	KL_ASSERT(g);
	g->parties = *parties;
	g->cases = cases;
	(void)state_of(g, 0, &none);
	for (size_t i = 0; i < g->count; i++) {
		struct said honest[SAID_HONEST_MAX];

		graph_at(g, i, honest);
		for (unsigned place = 0; place < parties->honest; place++) {
			const struct next *next;
			size_t count;

			if (place > leaders(parties) &&
				said_pack(honest[place]) == said_pack(honest[place - 1]))
				continue; /* the same seat once more */
			count = graph_next(parties, honest, place, &next);
			for (size_t k = 0; k < count; k++)
				say_all(g, i, place, &next[k]);
		}
	}
	return g;
}

void graph_free(struct graph *g)
{
	if (!g)
		return;
	free(g->keys);
	free(g->origins);
	free(g->index);
	free(g);
	forget_nexts();
}
