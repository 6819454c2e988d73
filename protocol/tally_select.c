/* From what cited seats say to who is in (core/judge.h, core/selection.h): everybody computes it, and
 * remembers it, since it is asked for again and again. */
#include "core/selection.h"
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- what this seat says -------------------------------------------------------------------- */

static void entry_of(const struct kl_tally_column *column, struct kl_intake_entry *entry)
{
	unsigned last = kl_column_last(column), withdrawn = kl_column_withdrawn(column);
	const struct kl_contribution *contribution = &column->contributions[last - 1];

	if (withdrawn >= last) {
		entry->contribution = column->withdrawals[withdrawn - 1];
		entry->status = KL_INTAKE_WITHDRAWN;
		return;
	}
	entry->contribution = contribution->id;
	entry->status = contribution->status;
	if (contribution->status == KL_INTAKE_OK)
		entry->reply = contribution->reply;
}

bool kl_tally_next_entries(
	const struct kl_tally *t, unsigned from, size_t most, struct kl_tally_intake *intake)
{
	for (unsigned i = from; i < t->roster.count; i++) {
		struct kl_intake_entry *entry = &intake->entries[intake->count];

		if (!kl_column_last(&t->columns[i]))
			continue;
		if (intake->count == most)
			return true;
		memset(entry, 0, sizeof(*entry));
		entry->member = (uint16_t)i;
		entry_of(&t->columns[i], entry);
		intake->count++;
	}
	return false;
}

/* ---- what others say ------------------------------------------------------------------------ */

static const struct kl_intake_entry *find_entry(const struct kl_intake_said *said, unsigned member)
{
	size_t low = 0, high = said->entry_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (said->entries[middle].member < member)
			low = middle + 1;
		else
			high = middle;
	}
	return low < said->entry_count && said->entries[low].member == member ? &said->entries[low]
									      : NULL;
}

/* Number of the contribution or WITHDRAW with that id; 0: it is not here. */
static uint8_t number_held(const struct kl_tally_column *column, const struct kl_id *id)
{
	for (unsigned k = 0; k < KL_SHARE_NUMBER_MAX; k++) {
		const struct kl_contribution *contribution = &column->contributions[k];

		if (contribution->here && kl_id_equal(&contribution->id, id))
			return (uint8_t)(k + 1);
	}
	return 0;
}

static uint8_t number_withdrawn(const struct kl_tally_column *column, const struct kl_id *id)
{
	for (unsigned k = 0; k < KL_SHARE_NUMBER_MAX; k++) {
		if (kl_id_equal(&column->withdrawals[k], id))
			return (uint8_t)(k + 1);
	}
	return 0;
}

bool kl_tally_resolved(const struct kl_tally *t, const struct kl_intake_said *said)
{
	for (size_t i = 0; i < said->entry_count; i++) {
		const struct kl_intake_entry *entry = &said->entries[i];

		if (entry->status == KL_INTAKE_WITHDRAWN && entry->member < t->roster.count &&
			!number_withdrawn(&t->columns[entry->member], &entry->contribution))
			return false;
	}
	return true;
}

/* What all cited seats say of one author. */
struct hearing {
	struct kl_said said[KL_SEATS_MAX];
	const struct kl_reply *replies[KL_SEATS_MAX];
	unsigned own_seat;
};

static void hear(const struct kl_tally *t, const struct kl_cited *cited, unsigned member,
	struct hearing *ret_hearing)
{
	struct hearing hearing = {.own_seat = 0};

	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_intake_entry *entry =
			cited->of[j] ? find_entry(cited->of[j], member) : NULL;
		struct kl_said *said = &hearing.said[j];

		if (t->seats[j].column == (int)member)
			hearing.own_seat = j + 1;
		if (!entry)
			continue;
		said->contribution = entry->contribution;
		if (entry->status == KL_INTAKE_OK) {
			said->kind = KL_SAID_HOLDS;
			said->number = number_held(&t->columns[member], &entry->contribution);
			hearing.replies[j] = &entry->reply;
		} else if (entry->status == KL_INTAKE_WITHDRAWN) {
			said->kind = KL_SAID_WITHDRAWN;
			said->number = number_withdrawn(&t->columns[member], &entry->contribution);
		}
	}
	*ret_hearing = hearing;
}

/* ---- who is in ------------------------------------------------------------------------------ */

/* Whether the contribution of an author that counts is here, if there is one. At least one honest seat
 * holds it, so it will come. */
static bool is_here(const struct kl_tally *t, const struct kl_cited *cited, unsigned member)
{
	struct kl_chosen chosen;
	struct hearing hearing;

	hear(t, cited, member, &hearing);
	return !kl_choose(&t->committee, hearing.said, &chosen) || chosen.number > 0;
}

/* Looks at one author: whether it is in `base`, and which seats stand for it. */
static void judge_author(const struct kl_tally *t, const struct kl_cited *cited, unsigned member,
	struct kl_selected *who)
{
	struct kl_chosen chosen;
	struct hearing hearing;
	uint16_t heard;

	hear(t, cited, member, &hearing);
	if (!kl_choose(&t->committee, hearing.said, &chosen))
		return;
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (!(chosen.seats >> j & 1))
			hearing.replies[j] = NULL;
	}
	kl_set_add(&who->base, member);
	who->numbers[member] = chosen.number;
	who->stand[member] = kl_verdict(&t->committee, hearing.replies, hearing.own_seat);
	heard = kl_replies_heard(&t->committee, chosen.seats, hearing.own_seat);
	if (!who->stand[member] && __builtin_popcount(heard) >= t->committee.qa)
		kl_set_add(&who->refused, member);
}

static int select_among(
	const struct kl_tally *t, const struct kl_cited *cited, struct kl_selected *who)
{
	uint16_t seats = 0;

	for (unsigned j = 0; j < t->committee.n; j++) {
		if (!cited->of[j])
			continue;
		if (!kl_tally_resolved(t, cited->of[j]))
			return KL_E_BUSY;
		seats = (uint16_t)(seats | 1U << j);
	}
	/* Verdicts are what takes long: there are none before everything is here. */
	for (unsigned i = 0; i < t->roster.count; i++) {
		if (!is_here(t, cited, i))
			return KL_E_BUSY;
	}
	for (unsigned i = 0; i < t->roster.count; i++)
		judge_author(t, cited, i, who);
	return kl_select(&t->committee, seats, who->stand, t->roster.count, &who->accepted, NULL);
}

uint16_t kl_selected_seats(const struct kl_selected *who)
{
	uint16_t seats = 0;

	for (unsigned j = 0; j < KL_SEATS_MAX; j++) {
		if (!kl_id_is_zero(&who->intakes[j]))
			seats = (uint16_t)(seats | 1U << j);
	}
	return seats;
}

bool kl_selected_holds(const struct kl_selected *who, unsigned seat, size_t member)
{
	return kl_id_is_zero(&who->intakes[seat - 1]) || (who->stand[member] >> (seat - 1) & 1);
}

static const struct kl_selected *remembered(
	const struct kl_tallies *book, const struct kl_selected *who)
{
	for (size_t i = 0; i < book->selected_count; i++) {
		const struct kl_selected *known = &book->selected[i];

		if (kl_id_equal(&known->tally, &who->tally) &&
			memcmp(known->intakes, who->intakes, sizeof(who->intakes)) == 0)
			return known;
	}
	return NULL;
}

static int remember(struct kl_tallies *book, const struct kl_selected *who)
{
	if (!book->selected)
		book->selected = calloc(KL_TALLY_SELECTED_MAX, sizeof(*book->selected));
	if (!book->selected)
		return KL_E_NOMEM;
	book->selected[book->selected_next] = *who;
	book->selected_next = (book->selected_next + 1) % KL_TALLY_SELECTED_MAX;
	if (book->selected_count < KL_TALLY_SELECTED_MAX)
		book->selected_count++;
	return KL_OK;
}

int kl_tally_select(struct kl_tallies *book, const struct kl_tally *t, const struct kl_cited *cited,
	struct kl_selected *ret_who)
{
	const struct kl_selected *known;
	int rc;

	memset(ret_who, 0, sizeof(*ret_who));
	ret_who->tally = t->id;
	for (unsigned j = 0; j < t->committee.n; j++) {
		if (cited->of[j])
			ret_who->intakes[j] = cited->of[j]->id;
	}
	known = remembered(book, ret_who);
	if (known) {
		*ret_who = *known;
		return KL_OK;
	}
	rc = select_among(t, cited, ret_who);
	return rc ? rc : remember(book, ret_who);
}
