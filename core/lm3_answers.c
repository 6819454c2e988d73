/* Answers to the survey, joined with the suppliers they come from. */
#include "core/bytes.h"
#include "core/lm3_inside.h"

int kl_lm3_answer_check(const struct kl_lm3_answer *answer, struct kl_fault *fault)
{
	if (!answer->name[0])
		return kl_fault(fault, KL_E_INVALID, "an answer names no supplier");
	if (!(answer->respent >= 0 && answer->respent <= 1))
		return kl_fault(fault, KL_E_RANGE,
			"supplier '%s': the share spent again locally lies between 0 and 1",
			answer->name);
	return KL_OK;
}

static enum kl_lm3_match find_loosely(
	const struct kl_lm3_sum *sum, const char *loose, size_t *ret_index)
{
	uint32_t number;

	if (!loose[0] || kl_names_find(sum->loose, loose, &number))
		return KL_LM3_NO_MATCH;
	*ret_index = sum->groups[number].first;
	return sum->groups[number].count == 1 ? KL_LM3_LOOSE : KL_LM3_SEVERAL;
}

enum kl_lm3_match kl_lm3_sum_find(const struct kl_lm3_sum *sum, const char *name, size_t *ret_index)
{
	char loose[KL_NAME_MAX];
	enum kl_lm3_match match;
	uint32_t number;

	if (!kl_names_find(sum->names, name, &number)) {
		*ret_index = number;
		return KL_LM3_SAME;
	}
	match = find_loosely(sum, kl_name_loose(name, loose), ret_index);
	if (match == KL_LM3_NO_MATCH && kl_name_trading(name)[0])
		match = find_loosely(sum, kl_name_loose(kl_name_trading(name), loose), ret_index);
	return match;
}

enum kl_lm3_match kl_lm3_sum_answer(
	struct kl_lm3_sum *sum, const struct kl_lm3_answer *answer, size_t *ret_index)
{
	enum kl_lm3_match match = kl_lm3_sum_find(sum, answer->name, ret_index);
	struct kl_lm3_entry *entry;

	if (match != KL_LM3_SAME && match != KL_LM3_LOOSE) {
		if (sum->strays++ == 0)
			(void)kl_copy_text(sum->first_stray, sizeof sum->first_stray, answer->name);
		return match;
	}
	entry = &sum->entries[*ret_index];
	entry->answered = true;
	entry->respent = answer->respent;
	if (answer->where != KL_WHERE_UNKNOWN)
		entry->where = (uint8_t)answer->where;
	return match;
}

void kl_lm3_sum_asked(struct kl_lm3_sum *sum, const char *name, uint64_t at)
{
	uint32_t number;

	if (!kl_names_find(sum->names, name, &number))
		sum->entries[number].asked_at = at;
}
