#include "core/certificate.h"

/* Different seats are gathered as bits of a word; seats that the committee lacks set none. */
static uint32_t seat_bit(const struct kl_committee *committee, unsigned seat)
{
	return seat >= 1 && seat <= committee->n ? UINT32_C(1) << seat : 0;
}

static bool is_quorum(const struct kl_committee *committee, uint32_t seats)
{
	return __builtin_popcount(seats) >= committee->qv;
}

bool kl_skipped(const struct kl_committee *committee, const struct kl_skip *skips, size_t count,
	uint32_t attempt)
{
	uint32_t seats = 0;

	for (size_t i = 0; i < count; i++)
		if (skips[i].attempt == attempt)
			seats |= seat_bit(committee, skips[i].seat);
	return is_quorum(committee, seats);
}

uint32_t kl_open_attempt(
	const struct kl_committee *committee, const struct kl_skip *skips, size_t count)
{
	uint32_t attempt = 0;

	/* Every attempt passed takes qv skips of its own, so this ends. */
	while (kl_skipped(committee, skips, count, attempt))
		attempt++;
	return attempt;
}

bool kl_certified(const struct kl_committee *committee, const struct kl_vote *votes,
	size_t vote_count, const struct kl_skip *skips, size_t skip_count, uint32_t attempt,
	const struct kl_id *proposal)
{
	uint32_t seats = 0;

	for (size_t i = 0; i < vote_count; i++)
		if (votes[i].attempt == attempt && kl_id_equal(&votes[i].proposal, proposal))
			seats |= seat_bit(committee, votes[i].seat);
	if (!is_quorum(committee, seats))
		return false;
	return kl_open_attempt(committee, skips, skip_count) >= attempt;
}

bool kl_failed(const struct kl_committee *committee, const uint8_t *quits, size_t count)
{
	uint32_t seats = 0;

	for (size_t i = 0; i < count; i++)
		seats |= seat_bit(committee, quits[i]);
	return is_quorum(committee, seats);
}
