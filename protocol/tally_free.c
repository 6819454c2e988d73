/* What goes with a tally, secrets first. */
#include "protocol/tally_book.h"

#include <stdlib.h>

void kl_tally_vectors_wipe(struct kl_tally *t)
{
	size_t len = kl_share_elements(t->cells.total) * sizeof(uint64_t);

	for (unsigned i = 0; i < t->roster.count; i++) {
		struct kl_tally_column *column = &t->columns[i];

		for (unsigned k = 0; k < KL_TALLY_OPENED_MAX; k++) {
			if (column->opened[k].vector)
				kl_wipe(column->opened[k].vector, len);
			free(column->opened[k].vector);
			column->opened[k].vector = NULL;
		}
		for (unsigned k = 0; k < KL_SHARE_NUMBER_MAX; k++) {
			struct kl_contribution *contribution = &column->contributions[k];

			if (contribution->vector)
				kl_wipe(contribution->vector, len);
			free(contribution->vector);
			contribution->vector = NULL;
		}
	}
}

static void proposal_free(struct kl_tally_proposal *p)
{
	kl_outcome_deinit(&p->outcome);
	free(p->rows);
	free(p);
}

static void seat_free(struct kl_tally_seat *seat)
{
	for (size_t i = 0; i < seat->intake_count; i++)
		free(seat->intakes[i].entries);
	free(seat->intakes);
	kl_parts_free(&seat->intake_parts);
	kl_parts_free(&seat->propose_parts);
	kl_parts_free(&seat->open_parts);
	free(seat->votes);
	free(seat->quits);
}

void kl_tally_free(struct kl_tally *t)
{
	if (!t)
		return;
	if (t->columns && t->roster.members)
		kl_tally_vectors_wipe(t);
	for (unsigned j = 0; j < KL_SEATS_MAX; j++)
		seat_free(&t->seats[j]);
	for (size_t i = 0; i < t->proposal_count; i++)
		proposal_free(t->proposals[i]);
	free(t->proposals);
	free(t->shown);
	free(t->frozen);
	free(t->barred);
	if (t->answers) {
		kl_wipe(t->answers, t->call.metric_count * sizeof(*t->answers));
		free(t->answers);
	}
	kl_tally_plan_free(t->plan);
	free(t->openings);
	free(t->cohorts);
	free(t->columns);
	kl_tally_roster_deinit(&t->roster);
	kl_tally_call_deinit(&t->call);
	kl_wipe(&t->keys, sizeof(t->keys));
	free(t);
}
