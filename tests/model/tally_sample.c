#include "tests/model/tally_sample.h"
#include "tests/model/tally_machine.h"

#include <stdio.h>
#include <string.h>

enum { FED_MAX = 256, PARTS = 2 };

struct fed {
	const struct world_record *records[PARTS]; /* one after the other, but not at once */
	unsigned seat;
	struct say say;
	bool own;
	unsigned order; /* in which it was put down */
};

/* One question: who sits where, and what the asked seat holds. */
struct question {
	const struct parties *parties;
	struct said honest[SAID_HONEST_MAX];
	unsigned place, seat;
	unsigned seats[SAID_HONEST_MAX]; /* of the honest places */
	unsigned cheats;                 /* bits: seats */
	struct fed fed[FED_MAX];
	unsigned count;
	enum moment moment;
};

static bool chance(unsigned of_eight)
{
	return world_random(8) < of_eight;
}

/* ---- making a question ---------------------------------------------------------------------- */

/* Leaders sit where leaders sit; all the others anywhere. */
static void seat_all(struct question *q)
{
	unsigned free = (2U << q->parties->n) - 2;

	for (unsigned i = 0; i < q->parties->honest; i++)
		q->seats[i] = 0;
	for (unsigned a = 0; a < SAID_ATTEMPTS; a++) {
		free &= ~(1U << world_leader(a));
		if (q->parties->leader_cheats[a])
			q->cheats |= 1U << world_leader(a);
		else
			q->seats[q->parties->leader_place[a]] = world_leader(a);
	}
	for (unsigned i = 0; i < q->parties->honest; i++) {
		while (q->seats[i] == 0) {
			unsigned seat = 1 + (unsigned)world_random(q->parties->n);

			if (free >> seat & 1) {
				q->seats[i] = seat;
				free &= ~(1U << seat);
			}
		}
	}
	q->cheats |= free;
	q->seat = q->seats[q->place];
}

static void hold(struct question *q, unsigned seat, struct said said, struct say say)
{
	struct fed *fed = &q->fed[q->count];

	KL_ASSERT(q->count < FED_MAX);
	memset(fed, 0, sizeof(*fed));
	fed->seat = seat;
	fed->say = say;
	fed->own = seat == q->seat;
	fed->order = q->count;
	for (unsigned part = 0; part < PARTS; part++) {
		fed->records[part] = machine_record(seat, said, say, part);
		if (!fed->records[part])
			break;
	}
	q->count++;
}

/* All of its own, and what came of the others: a feed up to some record. */
static void hold_honest(struct question *q)
{
	for (unsigned i = 0; i < q->parties->honest; i++) {
		struct say says[MACHINE_SAYS_MAX];
		unsigned count = machine_says(q->seats[i], q->honest[i], says);

		if (i != q->place && count > 0 && chance(4))
			count = (unsigned)world_random(count + 1);
		for (unsigned k = 0; k < count; k++)
			hold(q, q->seats[i], q->honest[i], says[k]);
	}
}

/* A proposal of a cheat, which has another first record. */
static void hold_other_proposal(struct question *q, unsigned attempt)
{
	struct fed *fed = &q->fed[q->count++];

	memset(fed, 0, sizeof(*fed));
	fed->seat = world_leader(attempt);
	fed->say = (struct say){SAY_PROPOSE, (uint8_t)attempt, (uint8_t)(2 * attempt + 1)};
	for (unsigned part = 0; part < world_parts(attempt, 1); part++)
		fed->records[part] = world_proposal(attempt, 1, part);
}

/* As if it were another seat, or another leader. */
static void hold_forged(struct question *q, unsigned seat)
{
	unsigned other = 1 + (unsigned)world_random(q->parties->n);
	uint8_t p = (uint8_t)world_random(SAID_PROPOSALS), a = p / 2;
	struct say say = {(uint8_t)world_random(SAY_OPEN), a, p};
	struct said said = {0};
	struct fed *fed;

	if (say.kind == SAY_PROPOSE)
		other = world_leader(a);
	if (other == seat)
		return;
	hold(q, other, said, say);
	fed = &q->fed[q->count - 1];
	*fed = (struct fed){.records = {world_forged(seat, fed->records[0])},
		.seat = seat,
		.say = {SAY_STRANGE, 0, 0}};
}

static void hold_cheat(struct question *q, unsigned seat, unsigned eagerness)
{
	struct said said = {0};

	for (uint8_t a = 0; a < SAID_ATTEMPTS; a++) {
		if (world_leader(a) == seat && chance(6))
			hold(q, seat, said, (struct say){SAY_PROPOSE, a, (uint8_t)(2 * a)});
		if (world_leader(a) == seat && chance(4))
			hold_other_proposal(q, a);
		if (chance(eagerness))
			hold(q, seat, said, (struct say){SAY_SKIP, a, 0});
	}
	for (uint8_t p = 0; p < SAID_PROPOSALS; p++) {
		if (chance(eagerness))
			hold(q, seat, said, (struct say){SAY_VOTE, p / 2, p});
	}
	for (unsigned i = 0; i < 4; i++)
		hold_forged(q, seat);
	said.choice[0] = (uint8_t)world_random(4);
	said.choice[1] = (uint8_t)world_random(4);
	if (chance(1))
		hold(q, seat, said, (struct say){SAY_QUIT, 0, 0});
	if (chance(1))
		hold(q, seat, said, (struct say){SAY_OPEN, 0, (uint8_t)world_random(2)});
}

/* Its own records stay in the order in which it said them. */
static void put_own_in_order(struct question *q)
{
	for (unsigned i = 0; i < q->count; i++) {
		for (unsigned k = i + 1; k < q->count; k++) {
			struct fed kept = q->fed[i];

			if (!q->fed[i].own || !q->fed[k].own || q->fed[k].order > kept.order)
				continue;
			q->fed[i] = q->fed[k];
			q->fed[k] = kept;
		}
	}
}

static void shuffle(struct question *q)
{
	for (unsigned i = q->count; i > 1; i--) {
		unsigned k = (unsigned)world_random(i);
		struct fed kept = q->fed[i - 1];

		q->fed[i - 1] = q->fed[k];
		q->fed[k] = kept;
	}
}

static void make_question(
	struct question *q, const struct graph *graph, const struct parties *parties)
{
	unsigned eagerness = 2 + (unsigned)world_random(6);

	memset(q, 0, sizeof(*q));
	q->parties = parties;
	graph_at(graph, (size_t)world_random(graph_states(graph)), q->honest);
	q->place = (unsigned)world_random(parties->honest);
	q->moment = (enum moment)world_random(MOMENTS);
	seat_all(q);
	hold_honest(q);
	for (unsigned seat = 1; seat <= parties->n; seat++) {
		if (q->cheats >> seat & 1)
			hold_cheat(q, seat, eagerness);
	}
	shuffle(q);
	put_own_in_order(q);
}

/* ---- what it comes to ----------------------------------------------------------------------- */

/* What the machine is asked for in the terms of the oracle. */
struct terms {
	struct known known;
	bool ended; /* QUITs, OPENs or SKIPs of the last attempt: it may say less */
	unsigned certified;
};

static unsigned sayers(const struct question *q, enum say_kind kind, unsigned attempt, int proposal)
{
	unsigned seats = 0;

	for (unsigned i = 0; i < q->count; i++) {
		const struct fed *fed = &q->fed[i];

		if (fed->say.kind == kind && fed->say.attempt == attempt &&
			(proposal < 0 || fed->say.proposal == proposal))
			seats |= 1U << fed->seat;
	}
	return (unsigned)__builtin_popcount(seats);
}

static void add_proposal(struct known *known, struct say say)
{
	uint8_t *order = &known->order[say.attempt];

	if (say.proposal % 2 == 0)
		*order = *order == KNOWN_NONE ? KNOWN_FIRST : KNOWN_OTHER_FIRST;
	else
		*order = *order == KNOWN_NONE ? KNOWN_OTHER : KNOWN_FIRST_OTHER;
}

static struct terms terms_of(const struct question *q)
{
	const struct measured *m = oracle_measured();
	struct terms terms = {0};

	for (unsigned i = 0; i < q->count; i++) {
		const struct fed *fed = &q->fed[i];

		if (fed->say.kind == SAY_PROPOSE && !fed->own)
			add_proposal(&terms.known, fed->say);
		terms.ended |= fed->say.kind == SAY_OPEN && !fed->own;
	}
	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		if (sayers(q, SAY_VOTE, p / 2, (int)p) < m->votes[p])
			continue;
		terms.known.voted = (uint8_t)(terms.known.voted | 1U << p);
	}
	terms.known.skipped = sayers(q, SAY_SKIP, 0, -1) >= m->skips;
	terms.ended |= sayers(q, SAY_SKIP, 1, -1) >= m->skips;
	terms.ended |= sayers(q, SAY_QUIT, 0, -1) >= m->quits;
	return terms;
}

static void read_all(const struct question *q, const struct kl_tally_update *update,
	struct said *said, struct answer *answer)
{
	for (size_t i = 0; i < update->count; i++) {
		struct say say;

		if (!machine_reads(q->seat, *said, &update->effects[i], &say))
			continue;
		KL_ASSERT(answer->count < ANSWER_MAX);
		answer->says[answer->count++] = say;
		*said = said_with(*said, say);
	}
}

static void ask_fresh(const struct question *q, struct answer *ret_answer)
{
	struct kl_tallies *book = machine_new(q->seat, q->moment != MOMENT_KEY_LOST);
	struct said said = q->honest[q->place];
	struct kl_tally_update update;

	ret_answer->count = 0;
	for (unsigned part = 0; part < PARTS; part++) {
		for (unsigned i = 0; i < q->count; i++) {
			if (q->fed[i].records[part])
				machine_feed(book, q->fed[i].records[part]);
		}
	}
	update = world_tell(book, KL_TALLY_READY, moment_now(q->moment), moment_wall(q->moment));
	read_all(q, &update, &said, ret_answer);
	if (ret_answer->count > 0) {
		update = world_tell(
			book, KL_TALLY_TICK, moment_now(MOMENT_END), moment_wall(MOMENT_END));
		read_all(q, &update, &said, ret_answer);
	}
	kl_tallies_destroy(book);
}

/* ---- comparing ------------------------------------------------------------------------------ */

static bool has(const struct answer *answer, struct say say)
{
	for (unsigned i = 0; i < answer->count; i++) {
		if (!memcmp(&answer->says[i], &say, sizeof(say)))
			return true;
	}
	return false;
}

static bool agrees(const struct answer *real, const struct answer *expected, bool less)
{
	if (!less && real->count != expected->count)
		return false;
	for (unsigned i = 0; i < real->count; i++) {
		if (!has(expected, real->says[i]))
			return false;
	}
	return true;
}

static void print_answer(const char *who, const struct answer *answer)
{
	char text[SAID_TEXT_MAX];

	printf("# %s:%s\n", who, answer->count ? "" : " nothing");
	for (unsigned i = 0; i < answer->count; i++)
		printf("#     %s\n", say_text(answer->says[i], text));
}

static _Noreturn void fail(const struct question *q, const struct terms *terms,
	const struct answer *real, const struct answer *expected)
{
	char text[SAID_TEXT_MAX];

	printf("not ok - committee of %u: the machine answers otherwise than the exploration "
	       "supposes\n",
		q->parties->n);
	printf("# seat %u of %u said:%s\n", q->seat, q->parties->n,
		said_text(q->honest[q->place], text));
	printf("# asked %s; that is taken for: %s%s\n", moment_text(q->moment),
		known_text(terms->known, text), terms->ended ? "; the tally may have ended" : "");
	for (unsigned i = 0; i < q->count; i++)
		printf("#   holds, of seat %u: %s\n", q->fed[i].seat,
			say_text(q->fed[i].say, text));
	print_answer("it wants", real);
	print_answer("supposed", expected);
	fflush(stdout);
	_Exit(1);
}

void sample_answers(const struct graph *graph, const struct parties *parties, size_t count)
{
	struct question q;

	while (count-- > 0) {
		const struct answer *expected;
		struct answer real;
		struct terms terms;
		unsigned seat;

		make_question(&q, graph, parties);
		terms = terms_of(&q);
		ask_fresh(&q, &real);
		seat = q.seat == world_leader(0) || q.seat == world_leader(1) ? q.seat
									      : REPRESENTATIVE;
		expected = oracle_ask(seat, q.honest[q.place], terms.known, q.moment);
		if (!agrees(&real, expected, terms.ended))
			fail(&q, &terms, &real, expected);
	}
}
