/* Taking a contribution back. What was dealt cannot be recalled from the seats: a WITHDRAW asks them
 * not to count it, and counts if one of them names it in time. */
#include "protocol/tally_book.h"

unsigned kl_column_last(const struct kl_tally_column *column)
{
	unsigned number = KL_SHARE_NUMBER_MAX;

	while (number > 0 && !column->contributions[number - 1].here)
		number--;
	return number;
}

unsigned kl_column_withdrawn(const struct kl_tally_column *column)
{
	unsigned number = KL_SHARE_NUMBER_MAX;

	while (number > 0 && kl_id_is_zero(&column->withdrawals[number - 1]))
		number--;
	return number;
}

bool kl_column_contributes(const struct kl_tally_column *column)
{
	return kl_column_last(column) > kl_column_withdrawn(column);
}

void kl_tally_take_withdraw(
	struct kl_tallies *book, struct kl_tally *t, const struct kl_seat_record *record)
{
	struct kl_tally_withdraw withdraw;
	struct kl_id *place;
	int column;

	(void)book;
	if (kl_tally_withdraw_read(record->payload, &withdraw))
		return;
	column = kl_tally_roster_find(&t->roster, &record->author);
	if (column < 0)
		return;
	if (record->own)
		t->asked &= ~(unsigned)KL_ASK_WITHDRAW;
	place = &t->columns[column].withdrawals[withdraw.number - 1];
	if (!kl_id_is_zero(place))
		return;
	*place = record->id;
	if (record->own)
		t->again = false;
}

/* True if some seat could still name a WITHDRAW. */
static bool may_be_named(const struct kl_tally *t)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];

		if (!seat->quit && !kl_seat_intake(seat))
			return true;
	}
	return false;
}

static int may_take_back(
	const struct kl_tallies *book, const struct kl_tally *t, struct kl_fault *fault)
{
	const struct kl_tally_column *own;

	if (t->own_column < 0)
		return kl_fault(fault, KL_E_DENIED,
			"only councils and anchors that were on the roster at the call take part");
	if (t->gate != KL_GATE_OPEN)
		return kl_fault(fault, KL_E_DENIED, "%s", t->why);
	own = &t->columns[t->own_column];
	if (t->asked & KL_ASK_WITHDRAW)
		return kl_fault(fault, KL_E_BUSY, "the withdrawal is under way");
	if (t->asked & (KL_DUTY_CONTRIBUTE | KL_ASK_ANSWERS))
		return kl_fault(
			fault, KL_E_BUSY, "the contribution is under way; withdraw it afterwards");
	if (!kl_column_contributes(own) && kl_column_withdrawn(own) && !t->again)
		return kl_fault(fault, KL_E_EXISTS, "the contribution was withdrawn already");
	if (!kl_column_contributes(own) && !t->answers)
		return kl_fault(fault, KL_E_NOT_FOUND, "there is no contribution to withdraw");
	if (t->has_certified || t->closed)
		return kl_fault(fault, KL_E_TIMEOUT,
			"the committee has agreed on who is in: it is too late to withdraw");
	if (t->failed)
		return kl_fault(fault, KL_E_TIMEOUT,
			"the tally has failed: nothing of it was opened, and there is nothing to "
			"withdraw");
	if (book->wall_ms >= kl_tally_contribute_until(t))
		return kl_fault(fault, KL_E_TIMEOUT,
			"the time to contribute has passed, and to withdraw with it");
	if (!may_be_named(t))
		return kl_fault(fault, KL_E_TIMEOUT,
			"every seat of the committee has listed what it holds: a withdrawal could "
			"not be named any more");
	return KL_OK;
}

int kl_tally_take_back(struct kl_tallies *book, struct kl_tally *t, struct kl_fault *fault)
{
	struct kl_tally_withdraw withdraw = {.tally = t->id};
	const struct kl_tally_column *own;
	struct kl_writer w;
	int rc = may_take_back(book, t, fault);

	if (rc)
		return rc;
	own = &t->columns[t->own_column];
	/* What was agreed to and not dealt yet has the next number. */
	withdraw.number = (uint8_t)(kl_column_contributes(own) ? kl_column_last(own)
							       : kl_column_withdrawn(own) + 1);
	kl_writer_init(&w);
	kl_tally_withdraw_write(&w, &withdraw);
	kl_tally_append(book, t, KL_KIND_TALLY_WITHDRAW, KL_ASK_WITHDRAW, &w);
	return KL_OK;
}

int kl_tallies_may_withdraw(
	const struct kl_tallies *book, const struct kl_id *tally, struct kl_fault *fault)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);

	if (!t)
		return kl_fault(fault, KL_E_NOT_FOUND, "no such tally");
	return may_take_back(book, t, fault);
}
