/* From parts to whole INTAKEs and proposals. Of what a liar says in the place of one thing, only what
 * somebody rests on is put together. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- INTAKE --------------------------------------------------------------------------------- */

static const struct kl_intake_said *known_intake(
	const struct kl_tally_seat *seat, const struct kl_id *id)
{
	for (size_t i = 0; i < seat->intake_count; i++) {
		if (kl_id_equal(&seat->intakes[i].id, id))
			return &seat->intakes[i];
	}
	return NULL;
}

static void join_intake(
	struct kl_tallies *book, struct kl_tally_seat *seat, const struct kl_part_said *last)
{
	struct kl_intake_said *said;
	struct kl_intake_entry *entries;
	struct kl_path path;

	kl_parts_path(&seat->intake_parts, last, &path);
	entries = kl_path_join(book, &path, sizeof(*entries));
	if (!entries)
		return;
	said = kl_grow(book, (void **)&seat->intakes, &seat->intake_count, &seat->intake_capacity,
		sizeof(*said));
	if (!said) {
		free(entries);
		return;
	}
	*said = (struct kl_intake_said){
		last->id, entries, kl_path_items(&path), book->event->now_ms};
}

void kl_whole_intake(struct kl_tallies *book, struct kl_tally_seat *seat)
{
	for (size_t i = 0; i < seat->intake_parts.count && seat->intake_count == 0; i++) {
		const struct kl_part_said *p = &seat->intake_parts.of[i];

		if (p->chained && !p->part.more)
			join_intake(book, seat, p);
	}
}

void kl_whole_cited(struct kl_tallies *book, struct kl_tally *t,
	const struct kl_proposal_cited *cited, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct kl_tally_seat *seat = &t->seats[cited[i].seat - 1];
		const struct kl_part_said *last;

		if (known_intake(seat, &cited[i].intake))
			continue;
		last = kl_parts_whole(&seat->intake_parts, &cited[i].intake);
		if (last)
			join_intake(book, seat, last);
	}
}

/* ---- PROPOSE -------------------------------------------------------------------------------- */

static bool is_known(const struct kl_tally *t, const struct kl_id *id)
{
	for (size_t i = 0; i < t->proposal_count; i++) {
		if (kl_id_equal(&t->proposals[i]->id, id))
			return true;
	}
	return false;
}

/* Proposals of an attempt stand in the order in which their first parts came. */
static void place(struct kl_tally *t, struct kl_tally_proposal *p)
{
	size_t at = t->proposal_count - 1;

	for (; at > 0; at--) {
		struct kl_tally_proposal *before = t->proposals[at - 1];

		if (before->attempt == p->attempt && before->begun < p->begun)
			break;
		t->proposals[at] = before;
	}
	t->proposals[at] = p;
}

static void join_proposal(struct kl_tallies *book, struct kl_tally *t, const struct kl_parts *parts,
	const struct kl_part_said *last)
{
	const struct kl_tally_propose *head;
	struct kl_tally_proposal *p = calloc(1, sizeof(*p));
	struct kl_proposal_row *rows;
	struct kl_path path;

	kl_parts_path(parts, last, &path);
	rows = kl_path_join(book, &path, sizeof(*rows));
	if (!p || !rows ||
		!kl_grow(book, (void **)&t->proposals, &t->proposal_count, &t->proposal_capacity,
			sizeof(struct kl_tally_proposal *))) {
		book->rc = KL_E_NOMEM;
		free(p);
		free(rows);
		return;
	}
	head = path.of[0]->head;
	p->id = last->id;
	p->attempt = last->attempt;
	p->begun = (size_t)(path.of[0] - parts->of);
	p->cited_count = head->cited_count;
	memcpy(p->cited, head->cited, sizeof(p->cited));
	p->earlier_count = head->earlier_count;
	memcpy(p->earlier, head->earlier, sizeof(p->earlier));
	p->rows = rows;
	p->row_count = kl_path_items(&path);
	place(t, p);
}

static unsigned proposals_of(const struct kl_tally *t, uint32_t attempt)
{
	unsigned count = 0;

	for (size_t i = 0; i < t->proposal_count; i++)
		count += t->proposals[i]->attempt == attempt;
	return count;
}

void kl_whole_proposals(struct kl_tallies *book, struct kl_tally *t, unsigned seat)
{
	const struct kl_parts *parts = &t->seats[seat - 1].propose_parts;

	for (size_t i = 0; i < parts->count && !book->rc; i++) {
		const struct kl_part_said *p = &parts->of[i];

		if (p->chained && !p->part.more && !is_known(t, &p->id) &&
			proposals_of(t, p->attempt) < KL_TALLY_PROPOSALS_MAX)
			join_proposal(book, t, parts, p);
	}
}

static void join_wanted(
	struct kl_tallies *book, struct kl_tally *t, uint32_t attempt, const struct kl_id *id)
{
	const struct kl_parts *parts =
		&t->seats[kl_leader(attempt, t->committee.n) - 1].propose_parts;
	const struct kl_part_said *last;

	if (parts->count == 0 || is_known(t, id))
		return;
	last = kl_parts_whole(parts, id);
	if (last)
		join_proposal(book, t, parts, last);
}

void kl_whole_wanted(struct kl_tallies *book, struct kl_tally *t)
{
	if (t->has_certified)
		join_wanted(book, t, t->certified_attempt, &t->certified);
	for (unsigned j = 0; j < t->committee.n; j++) {
		for (unsigned k = 0; k < t->seats[j].quit_count; k++) {
			const struct kl_quit_said *quit = &t->seats[j].quits[k];

			for (unsigned i = 0; i < quit->vote_count && !book->rc; i++)
				join_wanted(
					book, t, quit->votes[i].attempt, &quit->votes[i].proposal);
		}
	}
}
