#include "core/selection.h"
#include "core/error.h"

#include <string.h>

static uint8_t withdrawn_up_to(
	const struct kl_committee *committee, const struct kl_said said[KL_SEATS_MAX])
{
	uint8_t number = 0;

	for (unsigned j = 0; j < committee->n; j++)
		if (said[j].kind == KL_SAID_WITHDRAWN && said[j].number > number)
			number = said[j].number;
	return number;
}

static bool holds(const struct kl_said *said, uint8_t withdrawn)
{
	return said->kind == KL_SAID_HOLDS && (!said->number || said->number > withdrawn);
}

bool kl_choose(const struct kl_committee *committee, const struct kl_said said[KL_SEATS_MAX],
	struct kl_chosen *ret_chosen)
{
	struct kl_chosen best = {.withdrawn = withdrawn_up_to(committee, said)};
	int most = 0;

	for (unsigned j = 0; j < committee->n; j++) {
		const struct kl_id *id = &said[j].contribution;
		uint16_t seats = 0;
		int count;

		if (!holds(&said[j], best.withdrawn))
			continue;
		for (unsigned k = 0; k < committee->n; k++)
			if (holds(&said[k], best.withdrawn) &&
				kl_id_equal(&said[k].contribution, id))
				seats = (uint16_t)(seats | 1u << k);
		count = __builtin_popcount(seats);
		if (count < most || (count == most && kl_id_compare(id, &best.contribution) >= 0))
			continue;
		most = count;
		best.contribution = *id;
		best.number = said[j].number;
		best.seats = seats;
	}
	*ret_chosen = best;
	return most >= committee->t;
}

static size_t accepted_by(uint16_t seats, const uint16_t *stand, size_t authors)
{
	size_t count = 0;

	for (size_t i = 0; i < authors; i++)
		count += (stand[i] & seats) == seats;
	return count;
}

static uint16_t best_subset(
	const struct kl_committee *committee, uint16_t cited, const uint16_t *stand, size_t authors)
{
	uint8_t places[KL_SEATS_MAX], subset[KL_SEATS_MAX];
	unsigned count = 0;
	uint16_t best = 0;
	size_t most = 0;

	for (uint8_t j = 0; j < committee->n; j++)
		if (cited >> j & 1)
			places[count++] = j;
	for (uint8_t i = 0; i < committee->qa; i++)
		subset[i] = i;
	do {
		uint16_t seats = 0;
		size_t accepted;

		for (unsigned i = 0; i < committee->qa; i++)
			seats = (uint16_t)(seats | 1u << places[subset[i]]);
		accepted = accepted_by(seats, stand, authors);
		if (!best || accepted > most) {
			best = seats;
			most = accepted;
		}
	} while (kl_next_subset(subset, committee->qa, count));
	return best;
}

int kl_select(const struct kl_committee *committee, uint16_t cited, const uint16_t *stand,
	size_t authors, struct kl_set *ret_accepted, uint16_t *ret_seats)
{
	uint16_t best, seats = cited;

	if (authors > KL_SET_MEMBERS_MAX)
		return KL_E_TOO_BIG;
	if (cited >> committee->n || __builtin_popcount(cited) < committee->qa)
		return KL_E_INVALID;
	best = best_subset(committee, cited, stand, authors);
	memset(ret_accepted, 0, sizeof *ret_accepted);
	for (size_t i = 0; i < authors; i++) {
		if ((stand[i] & best) != best)
			continue;
		kl_set_add(ret_accepted, i);
		seats &= stand[i];
	}
	if (ret_seats)
		*ret_seats = (uint16_t)(best | seats);
	return KL_OK;
}
