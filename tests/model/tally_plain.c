#include "tests/model/tally_plain.h"
#include "tests/model/tally_node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PLACES = PLAIN_SEATS,
	SEAT_BITS = 21,
	SEATS_MAX = 1 << SEAT_BITS,
	DEPTH_MAX = 64,
	UNKNOWN = -1
};

/* What a seat can meet with. */
enum meeting {
	MEET_PROPOSAL, /* P of a leader that cheats */
	MEET_OTHER,    /* P' */
	MEET_VOTES,    /* of all cheats for P, for P' */
	MEET_OTHER_VOTES,
	MEET_QUITS, /* of all cheats */
	MEET_LONG,
	MEET_END,
	MEET_COMMIT,
	MEET_HONEST, /* + KINDS * place + what: the next record of another feed */
	KINDS = 7,
	MEETINGS = MEET_HONEST + KINDS * PLACES
};

/* One seat: all that makes a difference to it, and a way to come there. */
struct state {
	struct {
		uint8_t place, said, met, order; /* met: bits of the meetings before MEET_COMMIT */
		uint8_t heard[PLACES];           /* what it holds of the others */
		uint8_t wants[2]; /* 1 + kind, proposal of the first that is pending */
		uint8_t more;     /* pending */
	} is;
	uint8_t meeting;
	int32_t parent;
	int32_t after[MEETINGS];
};

static const struct parties *parties;
static const struct graph *graph;
static struct state *seats;
static int32_t *seat_index;
static int32_t seat_count;
static uint64_t *wholes; /* one after the other: three seats each */
static uint32_t *whole_index;
static size_t whole_count, whole_capacity;

static _Noreturn void fail(int32_t seat, const char *what)
{
	char text[SAID_TEXT_MAX];

	printf("not ok - all orders of messages, committee of %u: %s\n", parties->n, what);
	printf("#   seat %u said:%s\n", parties_seat(parties, seats[seat].is.place),
		said_text(said_unpack(seats[seat].is.said), text));
	for (; seats[seat].parent >= 0; seat = seats[seat].parent)
		printf("#   after meeting %u\n", seats[seat].meeting);
	fflush(stdout);
	_Exit(1);
}

/* ---- one seat ------------------------------------------------------------------------------- */

static struct say say_of(unsigned what)
{
	static const struct say says[KINDS] = {{SAY_PROPOSE, 0, 0}, {SAY_VOTE, 0, 0},
		{SAY_VOTE, 0, 1}, {SAY_SKIP, 0, 0}, {SAY_QUIT, 0, 0}, {SAY_OPEN, 0, 0},
		{SAY_OPEN, 0, 1}};

	return says[what];
}

static unsigned what_of(struct say say)
{
	for (unsigned what = 0; what < KINDS; what++) {
		struct say other = say_of(what);

		if (other.kind == say.kind && other.proposal == say.proposal)
			return what;
	}
	world_fail("something is said that belongs to no first attempt");
}

static void hear_cheats(struct node *n, struct say say)
{
	for (unsigned i = 0; i < parties->f; i++) {
		unsigned seat = parties_cheat(parties, i);
		struct said nothing = {0};

		node_hear(n, (struct heard){machine_record(seat, nothing, say, 0), seat, say});
	}
}

static void hear_honest(struct node *n, const struct state *s, unsigned meeting)
{
	unsigned place = (meeting - MEET_HONEST) / KINDS, seat = parties_seat(parties, place);
	struct say say = say_of((meeting - MEET_HONEST) % KINDS);
	struct said said = said_unpack(s->is.heard[place]);

	node_hear(n, (struct heard){machine_record(seat, said, say, 0), seat, say});
}

static void hear_parts(struct node *n, unsigned variant)
{
	struct say say = {SAY_PROPOSE, 0, (uint8_t)variant};

	for (unsigned part = 0; part < world_parts(0, variant); part++)
		node_hear(
			n, (struct heard){world_proposal(0, variant, part), world_leader(0), say});
}

static void wait_for(struct node *n, enum moment moment)
{
	n->now_ms += moment_now(moment) - WORLD_NOW_MS;
	n->wall_ms = moment_wall(moment) > n->wall_ms ? moment_wall(moment) : n->wall_ms;
	node_event(n, KL_TALLY_TICK);
}

/* `s`: the seat before. */
static void meet(struct node *n, const struct state *s, unsigned meeting)
{
	switch (meeting) {
	case MEET_PROPOSAL:
	case MEET_OTHER:
		hear_parts(n, meeting - MEET_PROPOSAL);
		break;
	case MEET_VOTES:
	case MEET_OTHER_VOTES:
		hear_cheats(n, (struct say){SAY_VOTE, 0, (uint8_t)(meeting - MEET_VOTES)});
		break;
	case MEET_QUITS:
		hear_cheats(n, (struct say){SAY_QUIT, 0, 0});
		break;
	case MEET_LONG:
		wait_for(n, MOMENT_LONG);
		break;
	case MEET_END:
		wait_for(n, MOMENT_END);
		break;
	case MEET_COMMIT:
		node_feed_back(n, node_commit(n));
		break;
	default:
		hear_honest(n, s, meeting);
		break;
	}
}

static void live(struct node *n, int32_t seat)
{
	const struct state *s = &seats[seat];

	if (s->parent < 0) {
		node_begin(n, parties_seat(parties, s->is.place));
		return;
	}
	live(n, s->parent);
	meet(n, &seats[s->parent], s->meeting);
}

static uint8_t order_after(uint8_t order, bool other)
{
	if (order == KNOWN_NONE)
		return other ? KNOWN_OTHER : KNOWN_FIRST;
	return other ? KNOWN_FIRST_OTHER : KNOWN_OTHER_FIRST;
}

static void note_meeting(struct state *s, unsigned meeting)
{
	if (meeting < MEET_COMMIT)
		s->is.met = (uint8_t)(s->is.met | 1U << meeting);
	if (meeting <= MEET_OTHER)
		s->is.order = order_after(s->is.order, meeting == MEET_OTHER);
	if (meeting >= MEET_HONEST) {
		uint8_t *heard = &s->is.heard[(meeting - MEET_HONEST) / KINDS];

		*heard = said_pack(
			said_with(said_unpack(*heard), say_of((meeting - MEET_HONEST) % KINDS)));
	}
}

static void note_node(struct state *s, const struct node *n)
{
	s->is.said = said_pack(n->said);
	s->is.more = (uint8_t)n->pending_count;
	memset(s->is.wants, 0, sizeof(s->is.wants));
	if (n->pending_count > 0) {
		s->is.wants[0] = (uint8_t)(1 + n->pending[0].say.kind);
		s->is.wants[1] = n->pending[0].say.proposal;
	}
}

static size_t seat_slot(const struct state *s)
{
	const uint8_t *bytes = (const uint8_t *)&s->is;
	uint64_t hash = 14695981039346656037U;
	size_t slot;

	for (size_t i = 0; i < sizeof(s->is); i++)
		hash = (hash ^ bytes[i]) * 1099511628211U;
	slot = (hash ^ hash >> 29) & (2 * SEATS_MAX - 1);
	while (seat_index[slot] && memcmp(&seats[seat_index[slot] - 1].is, &s->is, sizeof(s->is)))
		slot = (slot + 1) & (2 * SEATS_MAX - 1);
	return slot;
}

static int32_t seat_add(const struct state *s, struct node *n)
{
	size_t slot = seat_slot(s);

	if (seat_index[slot])
		return seat_index[slot] - 1;
	if (seat_count == SEATS_MAX)
		world_fail("more than %d states of one seat", SEATS_MAX);
	seats[seat_count] = *s;
	memset(seats[seat_count].after, UNKNOWN, sizeof(seats->after));
	seat_index[slot] = ++seat_count;
	if (!node_is_as_rebuilt(n))
		fail(seat_count - 1, "a seat that comes back wants something else than before");
	return seat_count - 1;
}

static int32_t seat_after(int32_t seat, unsigned meeting)
{
	struct state s = seats[seat];
	struct node n;

	if (s.after[meeting] != UNKNOWN)
		return s.after[meeting];
	live(&n, seat);
	meet(&n, &seats[seat], meeting);
	note_meeting(&s, meeting);
	note_node(&s, &n);
	s.parent = seat;
	s.meeting = (uint8_t)meeting;
	seats[seat].after[meeting] = seat_add(&s, &n);
	node_end(&n);
	return seats[seat].after[meeting];
}

/* ---- all of them ---------------------------------------------------------------------------- */

static int32_t seat_in(uint64_t whole, unsigned place)
{
	return (int32_t)(whole >> SEAT_BITS * place & (SEATS_MAX - 1));
}

static uint64_t with_seat(uint64_t whole, unsigned place, int32_t seat)
{
	whole &= ~((uint64_t)(SEATS_MAX - 1) << SEAT_BITS * place);
	return whole | (uint64_t)seat << SEAT_BITS * place;
}

static size_t whole_slot(uint64_t whole)
{
	size_t mask = 4 * whole_capacity - 1;
	size_t slot = whole * UINT64_C(0x9e3779b97f4a7c15) >> 24 & mask;

	while (whole_index[slot] && wholes[whole_index[slot] - 1] != whole)
		slot = (slot + 1) & mask;
	return slot;
}

static void whole_grow(void)
{
	whole_capacity = whole_capacity ? 2 * whole_capacity : 65536;
	wholes = realloc(wholes, whole_capacity * sizeof(*wholes));
	free(whole_index);
	whole_index = calloc(4 * whole_capacity, sizeof(*whole_index));
	KL_ASSERT(wholes && whole_index);
	for (size_t i = 0; i < whole_count; i++)
		whole_index[whole_slot(wholes[i])] = (uint32_t)(i + 1);
}

static void whole_add(uint64_t whole)
{
	size_t slot;

	if (whole_count == whole_capacity)
		whole_grow();
	slot = whole_slot(whole);
	if (whole_index[slot])
		return;
	wholes[whole_count] = whole;
	whole_index[slot] = (uint32_t)++whole_count;
}

static void said_in(uint64_t whole, struct said ret_honest[SAID_HONEST_MAX])
{
	for (unsigned i = 0; i < PLACES; i++)
		ret_honest[i] = said_unpack(seats[seat_in(whole, i)].is.said);
}

static void check_commit(uint64_t whole, unsigned place, uint8_t *met)
{
	int32_t seat = seat_in(whole, place);
	const struct state *s = &seats[seat];
	struct say say = {(uint8_t)(s->is.wants[0] - 1), 0, s->is.wants[1]};
	struct said honest[SAID_HONEST_MAX];
	struct tallying tallying;
	const char *wrong;
	size_t index;

	said_in(whole, honest);
	tallying_of(parties, honest, &tallying);
	wrong = rules_say(parties, &tallying, honest[place], say);
	if (wrong)
		fail(seat, wrong);
	honest[place] = said_with(honest[place], say);
	tallying_of(parties, honest, &tallying);
	wrong = rules_all(parties, &tallying);
	if (wrong)
		fail(seat, wrong);
	if (!graph_find(graph, honest, &index))
		fail(seat, "the exploration has not come to what was said");
	met[index] = 1;
}

/* The next record of another seat's feed that this one lacks; false if it has all. */
static bool next_of(uint64_t whole, unsigned place, unsigned other, unsigned *ret_meeting)
{
	const struct state *s = &seats[seat_in(whole, place)];
	struct said there = said_unpack(seats[seat_in(whole, other)].is.said);
	struct say says[MACHINE_SAYS_MAX];
	unsigned seat = parties_seat(parties, other);
	unsigned held = machine_says(seat, said_unpack(s->is.heard[other]), says);

	if (other == place || machine_says(seat, there, says) == held)
		return false;
	*ret_meeting = MEET_HONEST + KINDS * other + what_of(says[held]);
	return true;
}

static bool can_meet(const struct state *s, unsigned meeting)
{
	if (meeting == MEET_COMMIT)
		return s->is.more > 0;
	if (s->is.met >> meeting & 1)
		return false;
	return meeting > MEET_OTHER || parties->leader_cheats[0];
}

static void step_all(uint64_t whole, uint8_t *met)
{
	for (unsigned place = 0; place < PLACES; place++) {
		int32_t seat = seat_in(whole, place);

		for (unsigned m = 0; m <= MEET_COMMIT; m++) {
			if (!can_meet(&seats[seat], m))
				continue;
			if (m == MEET_COMMIT)
				check_commit(whole, place, met);
			whole_add(with_seat(whole, place, seat_after(seat, m)));
		}
		for (unsigned other = 0; other < PLACES; other++) {
			unsigned m;

			if (next_of(whole, place, other, &m))
				whole_add(with_seat(whole, place, seat_after(seat, m)));
		}
	}
}

static void begin(void)
{
	uint64_t whole = 0;

	for (unsigned place = 0; place < PLACES; place++) {
		struct state s;
		struct node n;

		memset(&s, 0, sizeof(s));
		s.is.place = (uint8_t)place;
		s.parent = -1;
		node_begin(&n, parties_seat(parties, place));
		note_node(&s, &n);
		whole = with_seat(whole, place, seat_add(&s, &n));
		node_end(&n);
	}
	whole_add(whole);
}

struct plain plain_explore(
	const struct graph *of_graph, const struct parties *of_parties, unsigned depth)
{
	uint8_t *met = calloc(graph_states(of_graph), 1);
	struct plain plain = {0};
	size_t done = 0;

	graph = of_graph;
	parties = of_parties;
	KL_ASSERT(parties->honest == PLACES);
	seats = malloc(SEATS_MAX * sizeof(*seats));
	seat_index = calloc(2 * SEATS_MAX, sizeof(*seat_index));
	KL_ASSERT(met && seats && seat_index);
	begin();
	for (; depth > 0 && done < whole_count; depth--) {
		for (size_t level = whole_count; done < level; done++)
			step_all(wholes[done], met);
	}
	plain.seats = (size_t)seat_count;
	plain.states = whole_count;
	for (size_t i = 0; i < graph_states(graph); i++)
		plain.said += met[i];
	free(met);
	free(seats);
	free(seat_index);
	free(wholes);
	free(whole_index);
	wholes = NULL;
	whole_index = NULL;
	seat_count = 0;
	whole_count = whole_capacity = 0;
	return plain;
}
