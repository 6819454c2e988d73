#include "tests/model/tally_end.h"
#include "tests/model/tally_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 64 };

static const struct parties *parties;

static _Noreturn void fail(const struct said *honest, const char *what)
{
	char text[SAID_TEXT_MAX];

	printf("not ok - how tallies end: %s\n", what);
	for (unsigned i = 0; i < parties->honest; i++)
		printf("#   seat %u said:%s\n", parties_seat(parties, i),
			said_text(honest[i], text));
	fflush(stdout);
	_Exit(1);
}

/* ---- going on ------------------------------------------------------------------------------- */

static struct known everything(const struct tallying *tallying)
{
	const struct measured *measured = oracle_measured();
	struct known known = {.skipped = tallying->skips[0] >= measured->skips};

	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		if (p % 2 == 0 && rules_proposed(parties, tallying, p))
			known.order[p / 2] = KNOWN_FIRST;
		if (tallying->votes[p] >= measured->votes[p])
			known.voted = (uint8_t)(known.voted | 1U << p);
	}
	return known;
}

/* Lets one seat after the other say what it wants until nobody wants anything. */
static void go_on(struct said *honest, enum moment moment)
{
	unsigned quiet = 0, rounds = 0;

	for (unsigned place = 0; quiet < parties->honest; place = (place + 1) % parties->honest) {
		unsigned seat = parties_seat(parties, place);
		const struct answer *answer;
		struct tallying tallying;

		tallying_of(parties, honest, &tallying);
		answer = oracle_ask(seat < REPRESENTATIVE ? seat : REPRESENTATIVE, honest[place],
			everything(&tallying), moment);
		quiet = answer->count ? 0 : quiet + 1;
		if (answer->count)
			honest[place] = said_with(honest[place], answer->says[0]);
		if (++rounds > ROUNDS_MAX)
			fail(honest, "it goes on for ever");
	}
}

/* ---- what everybody sees -------------------------------------------------------------------- */

struct said_record {
	const struct world_record *record;
	uint64_t order;
};

static int by_order(const void *a, const void *b)
{
	const struct said_record *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

static enum kl_tally_state seen(const struct said *honest)
{
	struct said_record all[SAID_HONEST_MAX * MACHINE_SAYS_MAX];
	struct kl_tallies *book = machine_new(parties_cheat(parties, 0), true);
	struct kl_tally_view view;
	size_t count = 0;

	for (unsigned i = 0; i < parties->honest; i++) {
		unsigned seat = parties_seat(parties, i);
		struct say says[MACHINE_SAYS_MAX];
		unsigned said = machine_says(seat, honest[i], says);

		for (unsigned k = 0; k < said; k++)
			all[count++] = (struct said_record){
				machine_record(seat, honest[i], says[k], 0), world_random(1 << 30)};
	}
	qsort(all, count, sizeof(*all), by_order);
	for (size_t i = 0; i < count; i++)
		machine_feed(book, all[i].record);
	KL_ASSERT(kl_tallies_view(book, world_tally(), &view) == KL_OK);
	kl_tallies_destroy(book);
	return view.state;
}

static bool is_open(const struct tallying *tallying)
{
	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		if (tallying->opens[p] >= parties->qa)
			return true;
	}
	return false;
}

static void check_seen(const struct said *honest, const struct tallying *tallying)
{
	enum kl_tally_state expected = rules_failed(parties, tallying) ? KL_TALLY_ENDED_FAILED
				       : is_open(tallying)             ? KL_TALLY_CLOSED
								       : KL_TALLY_CERTIFIED;

	for (int i = 0; i < 3; i++) {
		if (seen(honest) != expected)
			fail(honest, kl_tally_state_name(seen(honest)));
	}
}

/* ---- all states ----------------------------------------------------------------------------- */

static bool is_certified(const struct tallying *tallying)
{
	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		if (rules_certified(parties, tallying, p))
			return true;
	}
	return false;
}

static void check_beginning(void)
{
	struct said honest[SAID_HONEST_MAX] = {0};
	struct tallying tallying;

	go_on(honest, MOMENT_LONG);
	tallying_of(parties, honest, &tallying);
	if (!is_certified(&tallying))
		fail(honest, "a leader speaks, and nothing is certified");
	for (unsigned i = 0; i < parties->honest; i++) {
		if (honest[i].end < SAID_OPEN)
			fail(honest, "somebody does not open what was certified");
	}
}

struct ends ends_check(const struct graph *graph, const struct parties *of_parties)
{
	uint8_t *met = calloc(graph_states(graph), 1);
	struct ends ends = {0};

	KL_ASSERT(met);
	parties = of_parties;
	if (!parties->leader_cheats[0] || !parties->leader_cheats[1])
		check_beginning();
	for (size_t i = 0; i < graph_states(graph); i++) {
		struct said honest[SAID_HONEST_MAX];
		struct tallying tallying;
		bool certified, failed;
		size_t end;

		graph_at(graph, i, honest);
		go_on(honest, MOMENT_LONG);
		go_on(honest, MOMENT_END);
		tallying_of(parties, honest, &tallying);
		certified = is_certified(&tallying);
		failed = rules_failed(parties, &tallying);
		if (!certified && !failed)
			fail(honest, "it ends as neither certified nor failed");
		if (!graph_find(graph, honest, &end))
			fail(honest, "an end that the exploration has not come to");
		if (!met[end])
			check_seen(honest, &tallying);
		met[end] = 1;
		ends.states++;
		ends.certified += certified && !failed;
		ends.failed += failed && !certified;
		ends.both += certified && failed;
	}
	free(met);
	return ends;
}
