#include "core/committee.h"
#include "core/error.h"
#include "core/hash.h"

#include <stdlib.h>

static const struct kl_committee committees[] = {
	{.n = 5, .t = 3, .qa = 5, .qv = 4},
	{.n = 6, .t = 3, .qa = 5, .qv = 5},
	{.n = 7, .t = 3, .qa = 5, .qv = 5},
	{.n = 10, .t = 4, .qa = 7, .qv = 7},
};

/* One member with its place in the draw. */
struct ticket {
	struct kl_id place;
	const struct kl_candidate *candidate;
};

int kl_committee_of(unsigned n, struct kl_committee *ret_committee)
{
	for (size_t i = 0; i < sizeof committees / sizeof *committees; i++) {
		if (committees[i].n != n)
			continue;
		*ret_committee = committees[i];
		return KL_OK;
	}
	return KL_E_INVALID;
}

int kl_committee_for(size_t eligible, struct kl_committee *ret_committee)
{
	if (eligible < KL_ELIGIBLE_MIN)
		return KL_E_DENIED;
	return kl_committee_of(eligible >= 40  ? 10
			       : eligible >= 7 ? 7
					       : (unsigned)eligible,
		ret_committee);
}

void kl_draw_seed(const struct kl_id *previous, const struct kl_id *roster, uint8_t tries,
	struct kl_id *ret_seed)
{
	struct kl_hash hash;

	kl_hash_init(&hash, "QB1/committee");
	kl_hash_add_id(&hash, previous);
	kl_hash_add_id(&hash, roster);
	kl_hash_add_u8(&hash, tries);
	kl_hash_final(&hash, ret_seed);
}

static int by_id(const void *a, const void *b)
{
	return kl_id_compare(a, b);
}

int kl_control_groups(const struct kl_candidate *candidates, size_t count, size_t *ret_groups)
{
	struct kl_id *controls;
	size_t groups = 0;

	if (count > KL_CANDIDATES_MAX)
		return KL_E_TOO_BIG;
	controls = calloc(count + 1, sizeof *controls);
	if (!controls)
		return KL_E_NOMEM;
	for (size_t i = 0; i < count; i++)
		controls[i] = candidates[i].control;
	qsort(controls, count, sizeof *controls, by_id);
	for (size_t i = 0; i < count; i++)
		groups += !i || !kl_id_equal(&controls[i], &controls[i - 1]);
	free(controls);
	*ret_groups = groups;
	return KL_OK;
}

static int by_place(const void *a, const void *b)
{
	const struct ticket *x = a, *y = b;
	int order = kl_id_compare(&x->place, &y->place);

	return order ? order : kl_id_compare(&x->candidate->member, &y->candidate->member);
}

static bool control_sits(
	const struct ticket *const *seated, unsigned count, const struct kl_id *control)
{
	for (unsigned i = 0; i < count; i++)
		if (kl_id_equal(&seated[i]->candidate->control, control))
			return true;
	return false;
}

/* Takes the first ticket of each control group until n seats are filled; returns how many were. */
static unsigned take_seats(
	const struct ticket *tickets, size_t count, unsigned n, const struct ticket **ret_seated)
{
	unsigned seats = 0;

	for (size_t i = 0; i < count && seats < n; i++)
		if (!control_sits(ret_seated, seats, &tickets[i].candidate->control))
			ret_seated[seats++] = &tickets[i];
	return seats;
}

int kl_draw(const struct kl_id *seed, const struct kl_candidate *candidates, size_t count,
	unsigned n, struct kl_id *ret_seats)
{
	const struct ticket *seated[KL_SEATS_MAX];
	struct ticket *tickets;
	int r = KL_OK;

	if (!n || n > KL_SEATS_MAX)
		return KL_E_INVALID;
	if (count > KL_CANDIDATES_MAX)
		return KL_E_TOO_BIG;
	tickets = calloc(count + 1, sizeof *tickets);
	if (!tickets)
		return KL_E_NOMEM;
	for (size_t i = 0; i < count; i++) {
		struct kl_bytes parts[] = {kl_id_bytes(seed), kl_id_bytes(&candidates[i].member)};

		kl_hash_of("QB1/seat", parts, 2, &tickets[i].place);
		tickets[i].candidate = &candidates[i];
	}
	qsort(tickets, count, sizeof *tickets, by_place);
	if (take_seats(tickets, count, n, seated) < n)
		r = KL_E_DENIED;
	for (unsigned i = 0; !r && i < n; i++)
		ret_seats[i] = seated[i]->candidate->member;
	free(tickets);
	return r;
}

unsigned kl_leader(uint32_t attempt, unsigned n)
{
	KL_ASSERT(n);
	return 1 + attempt % n;
}

bool kl_next_subset(uint8_t *subset, unsigned size, unsigned count)
{
	unsigned i = size;

	while (i && subset[i - 1] == count - size + i - 1)
		i--;
	if (!i)
		return false;
	subset[i - 1]++;
	for (; i < size; i++)
		subset[i] = (uint8_t)(subset[i - 1] + 1);
	return true;
}
