#include "tests/model/tally_said.h"

#include <stdio.h>
#include <string.h>

/* ---- one seat ------------------------------------------------------------------------------- */

uint8_t said_pack(struct said said)
{
	return (uint8_t)(said.choice[0] | said.choice[1] << 2 | said.end << 4 | said.proposed << 7);
}

struct said said_unpack(uint8_t byte)
{
	return (struct said){.choice = {byte & 3, byte >> 2 & 3},
		.end = byte >> 4 & 7,
		.proposed = (byte >> 7) != 0};
}

bool said_votes(struct said said, unsigned proposal)
{
	return said.choice[proposal / 2] == SAID_VOTE + proposal % 2;
}

struct said said_with(struct said said, struct say say)
{
	switch (say.kind) {
	case SAY_PROPOSE:
		said.proposed = true;
		break;
	case SAY_VOTE:
		said.choice[say.attempt] = (uint8_t)(SAID_VOTE + say.proposal % 2);
		break;
	case SAY_SKIP:
		said.choice[say.attempt] = SAID_SKIP;
		break;
	case SAY_QUIT:
	case SAY_QUIT_WRONG:
		said.end = SAID_QUIT;
		break;
	case SAY_OPEN:
	case SAY_OPEN_WRONG:
		said.end = (uint8_t)(SAID_OPEN + say.proposal);
		break;
	}
	return said;
}

/* ---- words ---------------------------------------------------------------------------------- */

const char *said_proposal_name(unsigned proposal)
{
	static const char *const names[] = {"P", "P'", "Q", "Q'"};

	return names[proposal];
}

const char *say_text(struct say say, char out[SAID_TEXT_MAX])
{
	const char *name = said_proposal_name(say.proposal);

	switch (say.kind) {
	case SAY_PROPOSE:
		snprintf(out, SAID_TEXT_MAX, "PROPOSE %s in attempt %u",
			said_proposal_name(2U * say.attempt), say.attempt);
		break;
	case SAY_VOTE:
		snprintf(out, SAID_TEXT_MAX, "VOTE for %s in attempt %u", name, say.attempt);
		break;
	case SAY_SKIP:
		snprintf(out, SAID_TEXT_MAX, "SKIP attempt %u", say.attempt);
		break;
	case SAY_QUIT:
	case SAY_QUIT_WRONG:
		snprintf(out, SAID_TEXT_MAX, "QUIT");
		break;
	case SAY_OPEN:
	case SAY_OPEN_WRONG:
		snprintf(out, SAID_TEXT_MAX, "OPEN %s", name);
		break;
	default:
		snprintf(out, SAID_TEXT_MAX, "a record that nobody expects");
		break;
	}
	return out;
}

const char *said_text(struct said said, char out[SAID_TEXT_MAX])
{
	int len = snprintf(out, SAID_TEXT_MAX, "%s", said.proposed ? " PROPOSE" : "");

	for (unsigned a = 0; a < SAID_ATTEMPTS; a++) {
		if (said.choice[a] == SAID_SKIP)
			len += snprintf(
				out + len, SAID_TEXT_MAX - (size_t)len, " SKIP attempt %u,", a);
		else if (said.choice[a] != SAID_NO_CHOICE)
			len += snprintf(out + len, SAID_TEXT_MAX - (size_t)len, " VOTE for %s,",
				said_proposal_name(2 * a + said.choice[a] - SAID_VOTE));
	}
	if (said.end == SAID_QUIT)
		snprintf(out + len, SAID_TEXT_MAX - (size_t)len, " QUIT");
	else if (said.end != SAID_NO_END)
		snprintf(out + len, SAID_TEXT_MAX - (size_t)len, " OPEN %s",
			said_proposal_name(said.end - SAID_OPEN));
	return out;
}

/* ---- all of them ---------------------------------------------------------------------------- */

struct parties parties_of(unsigned n, unsigned t, bool first_cheats, bool second_cheats)
{
	return (struct parties){.n = n,
		.t = t,
		.f = t - 1,
		.qa = 2 * t - 1,
		.qv = (n + t - 1) / 2 + 1,
		.honest = n - (t - 1),
		.leader_cheats = {first_cheats, second_cheats},
		.leader_place = {first_cheats ? -1 : 0, second_cheats ? -1 : !first_cheats}};
}

struct parties parties_silent(unsigned n, unsigned t, bool first_silent, bool second_silent)
{
	struct parties parties = parties_of(n, t, first_silent, second_silent);

	parties.honest = parties.qv;
	parties.f = 0;
	parties.silent = true;
	return parties;
}

void tallying_of(
	const struct parties *parties, const struct said *honest, struct tallying *ret_tallying)
{
	memset(ret_tallying, 0, sizeof(*ret_tallying));
	for (unsigned i = 0; i < parties->honest; i++) {
		struct said said = honest[i];

		for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
			ret_tallying->votes[p] += said_votes(said, p);
			ret_tallying->opens[p] += said.end == SAID_OPEN + p;
			ret_tallying->silent_quits[p] +=
				said.end == SAID_QUIT && !said_votes(said, p);
		}
		for (unsigned a = 0; a < SAID_ATTEMPTS; a++)
			ret_tallying->skips[a] += said.choice[a] == SAID_SKIP;
		ret_tallying->quits += said.end == SAID_QUIT;
	}
	for (unsigned a = 0; a < SAID_ATTEMPTS; a++) {
		if (!parties->leader_cheats[a])
			ret_tallying->proposed[a] = honest[parties->leader_place[a]].proposed;
	}
}

bool rules_proposed(
	const struct parties *parties, const struct tallying *tallying, unsigned proposal)
{
	if (parties->leader_cheats[proposal / 2])
		return !parties->silent;
	return proposal % 2 == 0 && tallying->proposed[proposal / 2];
}

bool rules_opened(const struct parties *parties, const struct tallying *tallying, unsigned attempt)
{
	for (unsigned a = 0; a < attempt; a++) {
		if (tallying->skips[a] + parties->f < parties->qv)
			return false;
	}
	return true;
}

bool rules_certified(
	const struct parties *parties, const struct tallying *tallying, unsigned proposal)
{
	return tallying->votes[proposal] + parties->f >= parties->qv &&
	       rules_opened(parties, tallying, proposal / 2);
}

bool rules_failed(const struct parties *parties, const struct tallying *tallying)
{
	return tallying->quits + parties->f >= parties->qv;
}

/* ---- rules ---------------------------------------------------------------------------------- */

static const char *rules_vote(const struct parties *parties, const struct tallying *tallying,
	struct said said, struct say say)
{
	if (said.choice[say.attempt] == SAID_SKIP)
		return "a VOTE in an attempt that the seat skipped";
	if (said.choice[say.attempt] != SAID_NO_CHOICE)
		return "a second VOTE in one attempt";
	if (!rules_proposed(parties, tallying, say.proposal))
		return "a VOTE for what nobody proposed";
	if (!rules_opened(parties, tallying, say.attempt))
		return "a VOTE in an attempt that is not open: there are not qv SKIPs of those "
		       "before";
	return NULL;
}

static const char *rules_skip(const struct parties *parties, const struct tallying *tallying,
	struct said said, struct say say)
{
	if (said.choice[say.attempt] == SAID_SKIP)
		return "a second SKIP of one attempt";
	if (said.choice[say.attempt] != SAID_NO_CHOICE)
		return "a SKIP of an attempt in which the seat voted";
	if (!rules_opened(parties, tallying, say.attempt))
		return "a SKIP of an attempt that is not open";
	return NULL;
}

static const char *rules_propose(const struct parties *parties, const struct tallying *tallying,
	struct said said, struct say say)
{
	if (said.proposed)
		return "a leader proposes twice";
	if (said.choice[say.attempt] == SAID_SKIP)
		return "a PROPOSE in an attempt that the leader skipped";
	if (!rules_opened(parties, tallying, say.attempt))
		return "a PROPOSE in an attempt that is not open";
	return NULL;
}

static const char *rules_open(const struct parties *parties, const struct tallying *tallying,
	struct said said, struct say say)
{
	if (said.end != SAID_NO_END)
		return "a second OPEN";
	if (!rules_certified(parties, tallying, say.proposal))
		return "an OPEN without certificate";
	return say.kind == SAY_OPEN ? NULL : "an OPEN that does not cite its certificate";
}

const char *rules_say(const struct parties *parties, const struct tallying *tallying,
	struct said said, struct say say)
{
	if (said.end == SAID_QUIT)
		return "something is said after QUIT";
	switch (say.kind) {
	case SAY_VOTE:
		return rules_vote(parties, tallying, said, say);
	case SAY_SKIP:
		return rules_skip(parties, tallying, said, say);
	case SAY_PROPOSE:
		return rules_propose(parties, tallying, said, say);
	case SAY_QUIT:
		return said.end == SAID_NO_END ? NULL : "a QUIT after OPEN";
	case SAY_QUIT_WRONG:
		return "a QUIT that does not name exactly the votes of its seat";
	case SAY_OPEN:
	case SAY_OPEN_WRONG:
		return rules_open(parties, tallying, said, say);
	default:
		return "a record of another kind, form or proposal";
	}
}

const char *rules_all(const struct parties *parties, const struct tallying *tallying)
{
	unsigned certified = 0, final = 0;

	for (unsigned p = 0; p < SAID_PROPOSALS; p++) {
		certified += rules_certified(parties, tallying, p);
		final += tallying->opens[p] + parties->f >= parties->qa;
		/* One honest OPEN and the f = t - 1 of the cheats are t sums: the set is open.
		 * Whoever holds qv QUITs must see it named in one of them that is honest,
		 * whichever qv. */
		if (tallying->opens[p] > 0 && tallying->silent_quits[p] + parties->f >= parties->qv)
			return "a failed tally in which a set is open that no honest QUIT names";
	}
	if (certified > 1)
		return "two certificates";
	if (final > 0 && rules_failed(parties, tallying))
		return "final openings of a tally that failed";
	return NULL;
}
