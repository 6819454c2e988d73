/* What a tally waits for, and who can still give it: for people. */
#include "protocol/tally_book.h"

#include <string.h>

static void count(struct kl_tally_need *need, unsigned seat, bool said, bool can)
{
	need->have = (uint8_t)(need->have + said);
	if (!said && can)
		need->can = (uint16_t)(need->can | 1U << (seat - 1));
}

static bool opened_certified(const struct kl_tally *t, const struct kl_tally_seat *seat)
{
	const struct kl_part_said *last =
		t->has_certified
			? kl_parts_furthest(&seat->open_parts, t->certified_attempt, &t->certified)
			: NULL;

	return last && !last->part.more;
}

static void count_seat(const struct kl_tallies *book, const struct kl_tally *t, unsigned number,
	struct kl_tally_progress *progress)
{
	const struct kl_tally_seat *seat = &t->seats[number - 1];
	bool sits = seat->accepted && !seat->quit;
	bool voted = kl_seat_vote(seat, t->attempt) != NULL;
	bool skipped = kl_seat_skipped(seat, t->attempt);

	count(&progress->accept, number, seat->accepted,
		!seat->quit && book->wall_ms < kl_tally_accept_until(t));
	count(&progress->intake, number, kl_seat_intake(seat) != NULL, sits);
	count(&progress->skip, number, skipped, sits && !voted);
	count(&progress->open, number, opened_certified(t, seat), sits);
	count(&progress->quit, number, seat->quit, seat->open_parts.count == 0);
	if (sits && !voted && !skipped)
		progress->vote.can = (uint16_t)(progress->vote.can | 1U << (number - 1));
}

/* Seats that voted for the proposal of the attempt that has most votes. */
static uint8_t most_votes(const struct kl_tally *t)
{
	unsigned most = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_vote_said *vote = kl_seat_vote(&t->seats[j], t->attempt);
		unsigned same = 0;

		for (unsigned k = 0; vote && k < t->committee.n; k++) {
			const struct kl_vote_said *other = kl_seat_vote(&t->seats[k], t->attempt);

			same += other && kl_id_equal(&other->proposal, &vote->proposal);
		}
		if (same > most)
			most = same;
	}
	return (uint8_t)most;
}

static bool is_proposed(const struct kl_tally *t)
{
	for (size_t i = 0; i < t->proposal_count; i++) {
		if (t->proposals[i]->attempt == t->attempt)
			return true;
	}
	return false;
}

static enum kl_tally_wait wait_of(
	const struct kl_tallies *book, const struct kl_tally *t, const struct kl_tally_progress *p)
{
	if (t->closed || t->failed || kl_tally_state_of(t, book->wall_ms) == KL_TALLY_INVALID)
		return KL_WAIT_NOTHING;
	if (t->gate != KL_GATE_OPEN)
		return KL_WAIT_GATE;
	if (t->has_certified)
		return KL_WAIT_OPENINGS;
	if (book->wall_ms >= kl_tally_decide_until(t))
		return KL_WAIT_QUITS;
	if (p->accept.have < t->committee.qa)
		return book->wall_ms < kl_tally_accept_until(t) ? KL_WAIT_ACCEPTS : KL_WAIT_QUITS;
	if (p->attempt_open)
		return p->proposed ? KL_WAIT_VOTES : KL_WAIT_PROPOSAL;
	if (book->wall_ms < kl_tally_contribute_until(t) && !kl_tally_everybody_spoke(t))
		return KL_WAIT_CONTRIBUTIONS;
	return KL_WAIT_INTAKES;
}

int kl_tallies_progress(const struct kl_tallies *book, const struct kl_id *tally,
	struct kl_tally_progress *ret_progress)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);
	struct kl_tally_progress progress = {0};
	const struct kl_tally *awaited;

	if (!t)
		return KL_E_NOT_FOUND;
	awaited = t->has_certified ? NULL : kl_tally_awaited(book, &t->call, t);
	progress.lacks_earlier = awaited != NULL;
	if (awaited)
		progress.lacks_of = awaited->id;
	for (unsigned seat = 1; seat <= t->committee.n; seat++)
		count_seat(book, t, seat, &progress);
	progress.accept.need = progress.intake.need = progress.open.need = t->committee.qa;
	progress.vote.need = progress.skip.need = progress.quit.need = t->committee.qv;
	progress.vote.have = most_votes(t);
	progress.attempt_open = t->attempt_since_ms > 0 && t->attempt < KL_TALLY_ATTEMPTS_MAX;
	progress.attempt = t->attempt;
	if (t->committee.n > 0)
		progress.leader = (uint8_t)kl_leader(t->attempt, t->committee.n);
	progress.proposed = is_proposed(t);
	if (!t->has_certified && progress.leader)
		progress.lists_out =
			(uint16_t)(kl_tally_lists_out(book, t, &progress.lists_left_ms) &
				   ~(1U << (progress.leader - 1)));
	progress.wait = wait_of(book, t, &progress);
	*ret_progress = progress;
	return KL_OK;
}

const char *kl_tally_wait_name(enum kl_tally_wait wait)
{
	switch (wait) {
	case KL_WAIT_NOTHING:
		return "nothing";
	case KL_WAIT_GATE:
		return "gate";
	case KL_WAIT_ACCEPTS:
		return "accepts";
	case KL_WAIT_CONTRIBUTIONS:
		return "contributions";
	case KL_WAIT_INTAKES:
		return "intakes";
	case KL_WAIT_PROPOSAL:
		return "proposal";
	case KL_WAIT_VOTES:
		return "votes";
	case KL_WAIT_OPENINGS:
		return "openings";
	case KL_WAIT_QUITS:
		return "quits";
	}
	return "unknown";
}
