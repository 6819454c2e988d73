#include "tests/model/tally_oracle.h"
#include "tests/model/tally_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 1 << 23, ROWS_START = 1024 };

/* A machine that is used again as long as what it has to know only grows: after FAILED it stands
 * as one that was asked nothing. */
struct session {
	struct kl_tallies *book;
	unsigned seat;
	bool key;
	struct said said;
	struct known known;
};

struct row {
	struct answer answers[MOMENTS];
};

static uint32_t *places; /* by question: 1 + index of the row */
static struct row *rows;
static size_t row_count, row_capacity, asked, machines;
static struct measured measured;
static struct session sessions[2]; /* without and with key */

/* ---- moments -------------------------------------------------------------------------------- */

uint64_t moment_now(enum moment moment)
{
	static const unsigned eighths[MOMENTS] = {0, 1, 2, 7, 8, 0};

	return WORLD_NOW_MS + eighths[moment] * UINT64_C(1) * WORLD_DECIDE_MS / 8;
}

uint64_t moment_wall(enum moment moment)
{
	return moment == MOMENT_END ? WORLD_LATE_MS : WORLD_EARLY_MS;
}

const char *moment_text(enum moment moment)
{
	static const char *const texts[MOMENTS] = {"at once", "after 1/8 of the window",
		"after 1/4 of the window", "after 7/8 of the window", "after the window",
		"restored without key"};

	return texts[moment];
}

const char *known_text(struct known known, char out[SAID_TEXT_MAX])
{
	static const char *const orders[SAID_ATTEMPTS][KNOWN_ORDERS] = {
		{"", " P", " P, P'", " P'", " P', P"}, {"", " Q", " Q, Q'", " Q'", " Q', Q"}};
	int len = snprintf(out, SAID_TEXT_MAX, "proposals:%s%s", orders[0][known.order[0]],
		orders[1][known.order[1]]);

	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		if (known.voted >> p & 1)
			len += snprintf(out + len, SAID_TEXT_MAX - (size_t)len, "; qv VOTEs for %s",
				said_proposal_name(p));
	}
	if (known.skipped)
		snprintf(out + len, SAID_TEXT_MAX - (size_t)len, "; qv SKIPs of attempt 0");
	return out;
}

/* ---- feeding -------------------------------------------------------------------------------- */

/* VOTEs or SKIPs of so many others. */
static void feed_votes(struct session *s, unsigned proposal, unsigned count)
{
	unsigned n = world_committee()->n;

	for (unsigned i = 0; i < count; i++)
		machine_feed(
			s->book, world_vote(1 + (s->seat + i) % n, proposal / 2, proposal % 2));
}

static void feed_skips(struct session *s, unsigned count)
{
	unsigned n = world_committee()->n;

	for (unsigned i = 0; i < count; i++) /* from the other side: seldom the same as voted */
		machine_feed(s->book, world_skip(1 + (s->seat + 2 * n - 2 - i) % n, 0));
}

static unsigned others(uint8_t needed, bool own)
{
	unsigned most = world_committee()->n - 1U;

	if (needed == ORACLE_NEVER)
		return most;
	return needed > own ? needed - own : 0;
}

static void feed_order(struct session *s, unsigned attempt, uint8_t order)
{
	unsigned first = 2 * attempt, other = first + 1;

	if (order == KNOWN_FIRST || order == KNOWN_FIRST_OTHER)
		machine_feed_proposal(s->book, first);
	if (order == KNOWN_OTHER || order == KNOWN_OTHER_FIRST)
		machine_feed_proposal(s->book, other);
	if (order == KNOWN_FIRST_OTHER)
		machine_feed_proposal(s->book, other);
	if (order == KNOWN_OTHER_FIRST)
		machine_feed_proposal(s->book, first);
}

/* ---- sessions ------------------------------------------------------------------------------- */

static bool order_grows(uint8_t from, uint8_t to)
{
	return from == to || from == KNOWN_NONE ||
	       (from == KNOWN_FIRST && to == KNOWN_FIRST_OTHER) ||
	       (from == KNOWN_OTHER && to == KNOWN_OTHER_FIRST);
}

static bool grows(const struct known *from, const struct known *to)
{
	return order_grows(from->order[0], to->order[0]) &&
	       order_grows(from->order[1], to->order[1]) && !(from->voted & ~to->voted) &&
	       from->skipped <= to->skipped;
}

static void session_end(struct session *s)
{
	kl_tallies_destroy(s->book);
	s->book = NULL;
}

static void session_begin(struct session *s, unsigned seat, bool key, struct said said)
{
	session_end(s);
	*s = (struct session){.seat = seat, .key = key, .said = said};
	s->book = machine_new(seat, key);
	machine_feed_said(s->book, seat, said);
	(void)world_tell(s->book, KL_TALLY_READY, WORLD_NOW_MS, WORLD_EARLY_MS);
	machines++;
}

static void session_know(struct session *s, struct known known)
{
	for (unsigned a = 0; a < SAID_ATTEMPTS; a++) {
		if (s->known.order[a] != known.order[a])
			feed_order(s, a, known.order[a]);
	}
	if (known.skipped > s->known.skipped)
		feed_skips(s, others(measured.skips, s->said.choice[0] == SAID_SKIP));
	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		if ((known.voted & ~s->known.voted) >> p & 1)
			feed_votes(s, p, others(measured.votes[p], said_votes(s->said, p)));
	}
	s->known = known;
}

/* ---- answers -------------------------------------------------------------------------------- */

static void take_effects(
	const struct session *s, const struct kl_tally_update *update, struct answer *answer)
{
	struct said said = s->said;

	for (unsigned i = 0; i < answer->count; i++)
		said = said_with(said, answer->says[i]);
	for (size_t i = 0; i < update->count; i++) {
		struct say say;

		if (!machine_reads(s->seat, said, &update->effects[i], &say))
			continue;
		KL_ASSERT(answer->count < ANSWER_MAX);
		answer->says[answer->count++] = say;
		said = said_with(said, say);
	}
}

/* What it wants, and what it wants beyond that if the window ends while the first is under way. */
static void session_ask(struct session *s, enum moment moment, struct answer *ret_answer)
{
	struct kl_tally_update update;

	memset(ret_answer, 0, sizeof(*ret_answer));
	(void)world_tell(s->book, KL_TALLY_FAILED, WORLD_NOW_MS, WORLD_EARLY_MS);
	update = world_tell(s->book, KL_TALLY_TICK, moment_now(moment), moment_wall(moment));
	take_effects(s, &update, ret_answer);
	ret_answer->at_once = ret_answer->count;
	if (ret_answer->count == 0)
		return;
	update = world_tell(s->book, KL_TALLY_TICK, moment_now(MOMENT_END), WORLD_LATE_MS);
	take_effects(s, &update, ret_answer);
}

static void ask_machine(unsigned seat, struct said said, struct known known, struct row *ret_row)
{
	for (unsigned key = 0; key < 2; key++) {
		struct session *s = &sessions[key];

		if (!s->book || s->seat != seat || said_pack(s->said) != said_pack(said) ||
			!grows(&s->known, &known))
			session_begin(s, seat, key, said);
		session_know(s, known);
		if (!key)
			session_ask(s, MOMENT_KEY_LOST, &ret_row->answers[MOMENT_KEY_LOST]);
		for (unsigned m = 0; key && m < MOMENT_KEY_LOST; m++)
			session_ask(s, (enum moment)m, &ret_row->answers[m]);
	}
}

static size_t place_of(unsigned seat, struct said said, struct known known)
{
	size_t place = seat;

	place = place << 8 | said_pack(said);
	place = place << 3 | known.order[0];
	place = place << 3 | known.order[1];
	place = place << 4 | known.voted;
	return place << 1 | known.skipped;
}

const struct answer *oracle_ask(
	unsigned seat, struct said said, struct known known, enum moment moment)
{
	uint32_t *place = &places[place_of(seat, said, known)];

	asked++;
	if (*place == 0) {
		if (row_count == row_capacity) {
			row_capacity = row_capacity ? 2 * row_capacity : ROWS_START;
			rows = realloc(rows, row_capacity * sizeof(*rows));
			KL_ASSERT(rows);
		}
		memset(&rows[row_count], 0, sizeof(*rows));
		ask_machine(seat, said, known, &rows[row_count]);
		*place = (uint32_t)++row_count;
	}
	return &rows[*place - 1].answers[moment];
}

void oracle_count(size_t *ret_asked, size_t *ret_machines)
{
	*ret_asked = asked;
	*ret_machines = machines;
}

/* ---- measuring ------------------------------------------------------------------------------ */

/* The least number of seats, with the own one if it is among them, that changes the answer. */
static uint8_t needed(struct said said, struct known known, bool own,
	void (*feed)(struct session *s, unsigned proposal, unsigned count), unsigned proposal)
{
	struct session s = {0};
	struct answer none, answer;
	unsigned count;

	for (count = 0; count < world_committee()->n; count++) {
		session_begin(&s, world_committee()->n, true, said);
		session_know(&s, known);
		feed(&s, proposal, count);
		session_ask(&s, MOMENT_NOW, &answer);
		if (count == 0)
			none = answer;
		if (memcmp(&answer, &none, sizeof(answer)) != 0)
			break;
	}
	session_end(&s);
	return count < world_committee()->n ? (uint8_t)(count + own) : ORACLE_NEVER;
}

static void some_skips(struct session *s, unsigned proposal, unsigned count)
{
	(void)proposal;
	feed_skips(s, count);
}

static void some_quits(struct session *s, unsigned proposal, unsigned count)
{
	(void)proposal;
	for (unsigned i = 0; i < count; i++)
		machine_feed(s->book, world_quit(1 + (s->seat + i) % world_committee()->n,
					      (struct world_votes){0}));
}

static void measure(void)
{
	struct known known = {.order = {KNOWN_FIRST, KNOWN_NONE}};
	struct said said = {0};

	memset(&measured, ORACLE_NEVER, sizeof(measured));
	measured.quits = needed(said, known, false, some_quits, 0);
	for (unsigned p = 0; p < 2; p++) {
		known.order[0] = p == 0 ? KNOWN_FIRST : KNOWN_OTHER;
		said.choice[0] = (uint8_t)(SAID_VOTE + p);
		measured.votes[p] = needed(said, known, true, feed_votes, p);
	}
	known = (struct known){.order = {KNOWN_NONE, KNOWN_FIRST}};
	said = (struct said){.choice = {SAID_SKIP, SAID_NO_CHOICE}};
	measured.skips = needed(said, known, true, some_skips, 0);
	known.skipped = 1;
	for (unsigned p = 2; p < SAID_PROPOSALS; p++) {
		known.order[1] = p == 2 ? KNOWN_FIRST : KNOWN_OTHER;
		said.choice[1] = (uint8_t)(SAID_VOTE + p - 2);
		measured.votes[p] = needed(said, known, true, feed_votes, p);
	}
}

const struct measured *oracle_measured(void)
{
	return &measured;
}

/* ---- life ----------------------------------------------------------------------------------- */

void oracle_begin(void)
{
	places = calloc(ROWS, sizeof(*places));
	KL_ASSERT(places);
	measure();
}

void oracle_end(void)
{
	session_end(&sessions[0]);
	session_end(&sessions[1]);
	free(places);
	free(rows);
	places = NULL;
	rows = NULL;
	row_count = row_capacity = asked = machines = 0;
}
