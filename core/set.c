#include "core/set.h"

#include <string.h>

size_t kl_set_count(const struct kl_set *set)
{
	size_t count = 0;

	for (size_t i = 0; i < KL_SET_WORDS; i++)
		count += (size_t)__builtin_popcountll(set->words[i]);
	return count;
}

bool kl_set_equal(const struct kl_set *a, const struct kl_set *b)
{
	return !memcmp(a->words, b->words, sizeof a->words);
}

bool kl_set_within(const struct kl_set *a, const struct kl_set *b)
{
	for (size_t i = 0; i < KL_SET_WORDS; i++)
		if (a->words[i] & ~b->words[i])
			return false;
	return true;
}

void kl_set_meet(const struct kl_set *a, const struct kl_set *b, struct kl_set *ret_set)
{
	for (size_t i = 0; i < KL_SET_WORDS; i++)
		ret_set->words[i] = a->words[i] & b->words[i];
}

size_t kl_set_next(const struct kl_set *set, size_t from)
{
	for (size_t i = from / 64; i < KL_SET_WORDS; i++) {
		uint64_t word = set->words[i];

		if (i == from / 64)
			word &= ~UINT64_C(0) << (from % 64);
		if (word)
			return i * 64 + (size_t)__builtin_ctzll(word);
	}
	return KL_SET_MEMBERS_MAX;
}
