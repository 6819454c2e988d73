#include "daemon/public_answers.h"
#include "daemon/which_tally.h"

#include <stdlib.h>

static void add_figures(struct kl_set *sets, const struct kl_tally_call *call, unsigned place,
	const struct kl_member *m)
{
	for (size_t i = 0; m && i < m->n_figures; i++) {
		const struct kl_figure *figure = &m->figures[i].figure;
		int at = kl_period_equal(figure->period, call->period)
				 ? kl_tally_metric(call, figure->metric)
				 : -1;

		if (at >= 0)
			kl_set_add(&sets[at], place);
	}
}

static void add_weight(struct kl_set *sets, const struct kl_tally_call *call, unsigned place,
	const struct kl_member_policy *m)
{
	int at = m && m->told ? kl_tally_metric(call, "policy.weight") : -1;

	if (at >= 0)
		kl_set_add(&sets[at], place);
}

struct kl_set *kl_public_answers(const struct kl_network *network,
	const struct kl_tally_roster *roster, const struct kl_tally_call *call)
{
	struct kl_set *sets = calloc(call->metric_count + 1U, sizeof *sets);

	for (unsigned i = 0; sets && i < roster->count; i++) {
		const struct kl_id *id = &roster->members[i].id;

		add_figures(sets, call, i, kl_members_find(&network->members, id));
		add_weight(sets, call, i, kl_policies_find(&network->policies, id));
	}
	return sets;
}
