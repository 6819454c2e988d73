#include "core/lm3_silent.h"
#include "core/biggest.h"
#include "core/lm3_inside.h"
#include "core/money.h"

#include <stdlib.h>

static bool is_silent(const struct kl_lm3_sum *sum, uint32_t number)
{
	const struct kl_lm3_entry *entry = &sum->entries[number];

	return !entry->answered && entry->net > 0 && !entry->redacted;
}

static size_t gather(const struct kl_lm3_sum *sum, struct kl_lm3_silent *out, struct kl_big *items)
{
	size_t count = 0;

	for (uint32_t i = 0; i < kl_names_count(sum->names); i++) {
		if (!is_silent(sum, i))
			continue;
		items[count++] = (struct kl_big){sum->entries[i].net, i};
		out->silent_value += sum->entries[i].net;
		out->asked += sum->entries[i].asked_at != 0;
	}
	out->silent = count;
	return count;
}

/* How the answered value grows as one after the other answers. */
struct climb {
	int64_t answered, supply;
	size_t steps, to_green; /* to_green: 0 until it is */
};

static void climb(struct climb *c, int64_t net)
{
	c->answered += net;
	c->steps++;
	if (!c->to_green && kl_lm3_rate(c->answered, c->supply) == KL_LM3_GREEN)
		c->to_green = c->steps;
}

static void list(const struct kl_lm3_sum *sum, struct kl_big *items, size_t count, size_t most,
	bool unasked_only, struct kl_lm3_silent *out)
{
	struct climb c = {
		.answered = out->result.answered_value, .supply = out->result.supply_value};
	bool green = out->result.rating == KL_LM3_GREEN;

	kl_biggest_begin(items, count);
	while (count && (out->count < most || (!green && !c.to_green))) {
		uint32_t number = kl_biggest_take(items, &count).number;
		struct kl_lm3_line line = kl_lm3_sum_line(sum, number);

		climb(&c, line.net);
		if (out->count == most || (unasked_only && line.asked_at))
			continue;
		out->list[out->count++] = (struct kl_lm3_silence){
			line, kl_share(line.net, c.supply), kl_share(c.answered, c.supply)};
	}
	out->to_green = green ? 0 : c.to_green;
}

int kl_lm3_find_silent(const struct kl_lm3_sum *sum, size_t most, bool unasked_only,
	struct kl_fault *fault, struct kl_lm3_silent **ret)
{
	size_t all = kl_lm3_sum_count(sum), count;
	struct kl_lm3_silent *out;
	struct kl_big *items;
	int rc;

	if (most > all)
		most = all;
	out = calloc(1, sizeof *out + most * sizeof *out->list);
	items = malloc((all ? all : 1) * sizeof *items);
	if (!out || !items) {
		kl_fault(fault, KL_E_NOMEM, "no memory to put suppliers in order");
		rc = KL_E_NOMEM;
		goto out;
	}
	rc = kl_lm3_sum_result(sum, fault, &out->result);
	if (!rc) {
		count = gather(sum, out, items);
		list(sum, items, count, most, unasked_only, out);
		*ret = out;
		out = NULL;
	}
out:
	free(out);
	free(items);
	return rc;
}
