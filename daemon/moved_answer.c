#include "daemon/moved_answer.h"
#include "core/cells.h"
#include "daemon/own_values.h"

/* The bin that was counted, or KL_ABSENT. */
static int counted_bin(
	const struct kl_network *network, const struct kl_tally_view *view, uint16_t metric)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	const int own = kl_tally_roster_find(view->roster, &network->own.author);
	struct kl_tally_member_view said;
	const int16_t *bins;

	if (own < 0 || !view->certified || view->state == KL_TALLY_ENDED_FAILED ||
		kl_tallies_member(book, &view->id, (uint16_t)own, &said) || !said.counted ||
		kl_tallies_own_answers(book, &view->id, &bins))
		return KL_ABSENT;
	return bins[metric];
}

bool kl_moved_answer(struct kl_node *node, const struct kl_tally_view *view, uint16_t metric,
	struct kl_moved_answer *ret_moved)
{
	const struct kl_metric *asked = &view->call->metrics[metric];
	const int was = counted_bin(node->network, view, metric);
	struct kl_own_value own;
	struct kl_bins bins;
	uint8_t today;

	kl_metric_bins(asked, KL_LEVEL_FINE, &bins);
	if (was == KL_ABSENT || was >= bins.count ||
		kl_own_value(node, asked, view->call->period, &own, NULL) ||
		kl_metric_bin(asked, own.value, &today) || today == was)
		return false;
	kl_bin_words(asked, &bins, (uint8_t)was, ret_moved->contributed);
	kl_bin_words(asked, &bins, today, ret_moved->today);
	return true;
}
