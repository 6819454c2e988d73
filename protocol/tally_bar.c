/* Members whose seat was proven false do not sit in the next tallies. A CALL lists the evidence, which
 * stands before it in the convenor's own feed, so that everybody who reads the CALL knows it. What one
 * CALL lists, the next ones list again, until it was listed KL_TALLY_BARRED times in a row. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

static bool lists(const struct kl_tally_call *call, const struct kl_id *evidence)
{
	for (unsigned i = 0; i < call->evidence_count; i++) {
		if (kl_id_equal(&call->evidence[i], evidence))
			return true;
	}
	return false;
}

/* The next of all seats of all tallies, which then is number `seat` of tally `tally`; both begin at 0.
 * NULL after the last. */
static struct kl_tally_seat *next_seat(const struct kl_tallies *book, size_t *tally, unsigned *seat)
{
	while (*tally < book->count) {
		struct kl_tally *t = book->tallies[*tally];

		if (*seat < t->committee.n)
			return &t->seats[(*seat)++];
		++*tally;
		*seat = 0;
	}
	return NULL;
}

int kl_tally_check_evidence(
	const struct kl_tallies *book, const struct kl_tally_call *call, struct kl_fault *fault)
{
	const struct kl_tally_seat *seat;
	size_t tally = 0;
	unsigned j = 0;

	for (unsigned i = 0; i < call->evidence_count; i++) {
		seat = kl_tallies_proved_by(book, &call->evidence[i], NULL);
		if (!seat)
			return kl_fault(fault, KL_E_DENIED,
				"it lists evidence that does not stand before it in the convenor's "
				"feed, or proves nothing");
		if (seat->proof.listed >= KL_TALLY_BARRED)
			return kl_fault(fault, KL_E_DENIED,
				"it bars a member that %d calls in a row have barred already",
				KL_TALLY_BARRED);
	}
	while ((seat = next_seat(book, &tally, &j))) {
		if (seat->proof.listed > 0 && seat->proof.listed < KL_TALLY_BARRED &&
			!lists(call, &seat->proof.convenors))
			return kl_fault(fault, KL_E_DENIED,
				"it does not bar a member whose seat was proven false, as %d calls "
				"in a row have to",
				KL_TALLY_BARRED);
	}
	return KL_OK;
}

static int by_id(const void *a, const void *b)
{
	return kl_id_compare(a, b);
}

int kl_tally_list_evidence(
	const struct kl_tallies *book, struct kl_tally_call *call, struct kl_fault *fault)
{
	const struct kl_tally_seat *seat;
	size_t tally = 0;
	unsigned j = 0;

	call->evidence_count = 0;
	while ((seat = next_seat(book, &tally, &j))) {
		if (!seat->proof.conflicts || seat->proof.listed >= KL_TALLY_BARRED)
			continue;
		if (!seat->proof.convenor_has && seat->proof.said)
			continue; /* it convinces nobody */
		if (!seat->proof.convenor_has)
			return kl_fault(fault, KL_E_BUSY,
				"a seat of an earlier tally was proven false; the proof is being "
				"published: try again in a moment");
		if (call->evidence_count == KL_TALLY_CITED_MAX)
			return kl_fault(fault, KL_E_DENIED,
				"more than %d seats of earlier tallies were proven false",
				KL_TALLY_CITED_MAX);
		call->evidence[call->evidence_count++] = seat->proof.convenors;
	}
	qsort(call->evidence, call->evidence_count, sizeof(call->evidence[0]), by_id);
	return KL_OK;
}

bool kl_tally_is_barred(
	const struct kl_tallies *book, const struct kl_tally_call *call, const struct kl_id *member)
{
	for (unsigned i = 0; i < call->evidence_count; i++) {
		const struct kl_tally_seat *seat =
			kl_tallies_proved_by(book, &call->evidence[i], NULL);

		if (seat && kl_id_equal(&seat->member, member))
			return true;
	}
	return false;
}

static void fill(const struct kl_tally *t, const struct kl_tally_seat *seat,
	const struct kl_id *evidence, struct kl_tally_barred *ret_barred)
{
	ret_barred->member = seat->member;
	ret_barred->tally = t->id;
	ret_barred->seat = (uint8_t)(seat - t->seats + 1);
	ret_barred->evidence = *evidence;
}

int kl_tally_bar(struct kl_tallies *book, struct kl_tally *t)
{
	if (t->call.evidence_count == 0)
		return KL_OK;
	t->barred = calloc(t->call.evidence_count, sizeof(*t->barred));
	if (!t->barred)
		return KL_E_NOMEM;
	for (unsigned i = 0; i < t->call.evidence_count; i++) {
		const struct kl_tally *sat = NULL;
		struct kl_tally_seat *seat = kl_tallies_proved_by(book, &t->call.evidence[i], &sat);

		fill(sat, seat, &t->call.evidence[i], &t->barred[i]);
		seat->proof.listed++;
	}
	return KL_OK;
}

/* ---- questions ------------------------------------------------------------------------------ */

size_t kl_tallies_barred(const struct kl_tallies *book, const struct kl_id *tally,
	struct kl_tally_barred *ret_members, size_t max)
{
	const struct kl_tally *t = kl_tallies_find(book, tally);
	size_t count = t && t->barred ? t->call.evidence_count : 0;

	for (size_t i = 0; i < count && i < max; i++)
		ret_members[i] = t->barred[i];
	return count;
}

/* How many calls before a tally barred what a seat of another one did. */
static unsigned listed_before(
	const struct kl_tallies *book, size_t end, const struct kl_id *tally, unsigned seat)
{
	unsigned count = 0;

	for (size_t i = 0; i < end; i++) {
		const struct kl_tally *t = book->tallies[i];

		for (unsigned k = 0; t->barred && k < t->call.evidence_count; k++)
			count += t->barred[k].seat == seat &&
				 kl_id_equal(&t->barred[k].tally, tally);
	}
	return count;
}

size_t kl_tallies_passed_over(const struct kl_tallies *book, const struct kl_id *tally,
	struct kl_tally_barred *ret_members, size_t max)
{
	const struct kl_tally_seat *seat;
	size_t end = 0, at = 0, count = 0;
	unsigned j = 0;

	while (end < book->count && !kl_id_equal(&book->tallies[end]->id, tally))
		end++;
	if (end == book->count)
		return 0;
	while ((seat = next_seat(book, &at, &j)) && at < end) {
		const struct kl_tally *sat = book->tallies[at];

		if (!seat->proof.proven ||
			kl_tally_is_barred(book, &book->tallies[end]->call, &seat->member) ||
			listed_before(book, end, &sat->id, j) >= KL_TALLY_BARRED)
			continue;
		if (count < max)
			fill(sat, seat, &seat->proof.evidence, &ret_members[count]);
		count++;
	}
	return count;
}
