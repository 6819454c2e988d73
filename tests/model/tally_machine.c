#include "tests/model/tally_machine.h"

#include <string.h>

struct kl_tallies *machine_new(unsigned seat, bool key)
{
	return world_book(seat, key, false);
}

static struct world_votes votes_of(struct said said)
{
	struct world_votes votes = {0};

	for (unsigned a = 0; a < SAID_ATTEMPTS; a++) {
		if (said.choice[a] == SAID_VOTE || said.choice[a] == SAID_VOTE_OTHER)
			votes.in[a] = (uint8_t)(1 + said.choice[a] - SAID_VOTE);
	}
	return votes;
}

const struct world_record *machine_record(
	unsigned seat, struct said said, struct say say, unsigned part)
{
	if (say.kind == SAY_PROPOSE)
		return part < world_parts(say.attempt, 0) ? world_proposal(say.attempt, 0, part)
							  : NULL;
	if (part > 0)
		return NULL;
	switch (say.kind) {
	case SAY_VOTE:
		return world_vote(seat, say.attempt, say.proposal % 2U);
	case SAY_SKIP:
		return world_skip(seat, say.attempt);
	case SAY_OPEN:
		return world_open(seat, say.attempt, say.proposal % 2U);
	default:
		return world_quit(seat, votes_of(said));
	}
}

unsigned machine_says(unsigned seat, struct said said, struct say ret_says[MACHINE_SAYS_MAX])
{
	unsigned count = 0;

	for (uint8_t a = 0; a < SAID_ATTEMPTS; a++) {
		if (said.proposed && world_leader(a) == seat)
			ret_says[count++] = (struct say){SAY_PROPOSE, a, (uint8_t)(2 * a)};
		if (said.choice[a] == SAID_SKIP)
			ret_says[count++] = (struct say){SAY_SKIP, a, 0};
		else if (said.choice[a] != SAID_NO_CHOICE)
			ret_says[count++] = (struct say){
				SAY_VOTE, a, (uint8_t)(2 * a + said.choice[a] - SAID_VOTE)};
	}
	if (said.end == SAID_QUIT)
		ret_says[count++] = (struct say){SAY_QUIT, 0, 0};
	else if (said.end != SAID_NO_END)
		ret_says[count++] = (struct say){SAY_OPEN, (uint8_t)((said.end - SAID_OPEN) / 2),
			(uint8_t)(said.end - SAID_OPEN)};
	return count;
}

void machine_feed(struct kl_tallies *book, const struct world_record *record)
{
	(void)world_feed(book, record, WORLD_NOW_MS, WORLD_EARLY_MS);
}

void machine_feed_said(struct kl_tallies *book, unsigned seat, struct said said)
{
	struct say says[MACHINE_SAYS_MAX];
	unsigned count = machine_says(seat, said, says);
	const struct world_record *record;

	for (unsigned i = 0; i < count; i++) {
		for (unsigned part = 0; (record = machine_record(seat, said, says[i], part));
			part++)
			machine_feed(book, record);
	}
}

void machine_feed_proposal(struct kl_tallies *book, unsigned proposal)
{
	for (unsigned part = 0; part < world_parts(proposal / 2, proposal % 2); part++)
		machine_feed(book, world_proposal(proposal / 2, proposal % 2, part));
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Whether some seat's record of that kind has the id; each seat only once. */
static bool cites(
	const struct kl_id *id, uint32_t kind, unsigned attempt, unsigned variant, unsigned *seats)
{
	for (unsigned seat = 1; seat <= world_committee()->n; seat++) {
		const struct world_record *record = kind == KL_KIND_TALLY_VOTE
							    ? world_vote(seat, attempt, variant)
							    : world_skip(seat, attempt);

		if (!kl_id_equal(&record->id, id))
			continue;
		if (*seats >> seat & 1)
			return false;
		*seats |= 1U << seat;
		return true;
	}
	return false;
}

static bool cites_certificate(const struct kl_tally_open *open, unsigned variant)
{
	unsigned qv = (world_committee()->n + world_committee()->t - 1U) / 2 + 1, seats = 0;

	if (open->vote_count != qv || open->skip_count != qv * open->attempt)
		return false;
	for (unsigned i = 0; i < open->vote_count; i++) {
		if (!cites(&open->votes[i], KL_KIND_TALLY_VOTE, open->attempt, variant, &seats))
			return false;
	}
	for (unsigned i = 0; i < open->skip_count; i++) {
		if (i % qv == 0)
			seats = 0;
		if (!cites(&open->skips[i], KL_KIND_TALLY_SKIP, i / qv, 0, &seats))
			return false;
	}
	return true;
}

static bool find_proposal(unsigned attempt, const struct kl_id *id, struct say *ret_say)
{
	for (unsigned variant = 0; variant < WORLD_VARIANTS; variant++) {
		if (!kl_id_equal(world_proposal_id(attempt, variant), id))
			continue;
		ret_say->attempt = (uint8_t)attempt;
		ret_say->proposal = (uint8_t)(2 * attempt + variant);
		return true;
	}
	return false;
}

/* The readers give false for what lies in a later attempt. */

static bool read_vote(struct kl_bytes payload, struct say *ret_say)
{
	struct kl_tally_vote vote;

	if (kl_tally_vote_read(payload, &vote))
		return true;
	if (vote.attempt >= SAID_ATTEMPTS)
		return false;
	if (find_proposal(vote.attempt, &vote.proposal, ret_say))
		ret_say->kind = SAY_VOTE;
	return true;
}

static bool read_skip(struct kl_bytes payload, struct say *ret_say)
{
	struct kl_tally_skip skip;

	if (kl_tally_skip_read(payload, &skip))
		return true;
	if (skip.attempt >= SAID_ATTEMPTS)
		return false;
	ret_say->kind = SAY_SKIP;
	ret_say->attempt = (uint8_t)skip.attempt;
	return true;
}

static bool read_open(struct kl_bytes payload, struct say *ret_say)
{
	struct kl_tally_open open;

	if (kl_tally_open_read(payload, &open))
		return true;
	ret_say->kind = SAY_OPEN_WRONG;
	if (open.attempt < SAID_ATTEMPTS && find_proposal(open.attempt, &open.proposal, ret_say) &&
		cites_certificate(&open, ret_say->proposal % 2U))
		ret_say->kind = SAY_OPEN;
	kl_tally_open_deinit(&open);
	return true;
}

/* Honest leaders know all INTAKEs here, so they propose what was proposed when the world began. */
static bool read_propose(struct kl_bytes payload, struct say *ret_say)
{
	struct kl_tally_propose propose;
	bool within = true;

	if (kl_tally_propose_read(payload, &propose))
		return true;
	if (propose.attempt >= SAID_ATTEMPTS)
		within = false;
	else if (kl_bytes_equal(payload, world_proposal(propose.attempt, 0, 0)->payload))
		*ret_say = (struct say){
			SAY_PROPOSE, (uint8_t)propose.attempt, (uint8_t)(2 * propose.attempt)};
	kl_tally_propose_deinit(&propose);
	return within;
}

bool machine_reads(
	unsigned seat, struct said said, const struct kl_tally_effect *effect, struct say *ret_say)
{
	struct kl_bytes payload = effect->u.append.payload;
	struct say say = {.kind = SAY_STRANGE};
	bool within = true;

	if (effect->kind != KL_TALLY_APPEND)
		return false;
	switch (effect->u.append.kind) {
	case KL_KIND_TALLY_PROPOSE:
		within = read_propose(payload, &say);
		break;
	case KL_KIND_TALLY_VOTE:
		within = read_vote(payload, &say);
		break;
	case KL_KIND_TALLY_SKIP:
		within = read_skip(payload, &say);
		break;
	case KL_KIND_TALLY_OPEN:
		within = read_open(payload, &say);
		break;
	case KL_KIND_TALLY_QUIT:
		say.kind = kl_bytes_equal(payload, world_quit(seat, votes_of(said))->payload)
				   ? SAY_QUIT
				   : SAY_QUIT_WRONG;
		break;
	case KL_KIND_TALLY_EVIDENCE: /* shows what a cheat said; nothing here rests on it */
		within = false;
		break;
	default:
		break;
	}
	*ret_say = say;
	return within;
}
