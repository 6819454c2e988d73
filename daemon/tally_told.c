#include "daemon/tally_told.h"
#include "daemon/consent.h"
#include "daemon/find.h"
#include "daemon/moved_answer.h"
#include "daemon/veto.h"
#include "daemon/which_tally.h"

#include <string.h>

static void look_at_members(const struct kl_network *network, struct kl_told *told)
{
	const struct kl_tally_view *view = told->view;
	unsigned named = 0;

	for (uint16_t i = 0; i < view->roster->count; i++) {
		struct kl_tally_member_view member;

		if (kl_tallies_member(kl_network_tallies(network), &view->id, i, &member))
			continue;
		if (kl_id_equal(&view->roster->members[i].id, &network->own.author)) {
			told->counted = member.counted;
			told->refused = member.refused;
		}
		told->not_counted += view->certified && member.contributed && !member.counted;
		if (member.contributed || member.declined || member.withdrawn)
			continue;
		told->said_nothing++;
		if (named < KL_TOLD_NAMES_MAX)
			told->waited[named++] =
				kl_member_name(network, &view->roster->members[i].id);
	}
}

static void look_at_sum(const struct kl_tally_result *result, struct kl_told_openings *openings)
{
	if (result->why != KL_PLAN_RELEASED) {
		openings->withheld += result->n > 0;
		return;
	}
	openings->released++;
	switch (result->opening.state) {
	case KL_OPENING_WAITING:
		openings->waiting++;
		break;
	case KL_OPENING_FINAL:
		openings->final++;
		break;
	case KL_OPENING_UNCONFIRMED:
		openings->unconfirmed++;
		openings->unconfirmed_by |= result->opening.seats;
		break;
	case KL_OPENING_VOID:
		openings->spoilt++;
		break;
	}
}

static void look_at_openings(const struct kl_network *network, struct kl_told *told)
{
	const struct kl_tally_view *view = told->view;

	for (uint16_t m = 0; m < view->call->metric_count; m++)
		for (uint8_t c = 0; c < view->call->cohort_count; c++) {
			struct kl_tally_result result;

			if (!kl_tallies_result(
				    kl_network_tallies(network), &view->id, m, c, &result))
				look_at_sum(&result, &told->openings);
		}
}

/* A link that is alive says so with every heartbeat, even if its member has nothing to say. */
static void look_at_links(const struct kl_network *network, struct kl_told *told)
{
	const uint64_t now = kl_node_now(network->node);
	struct kl_sync_peer peer;

	for (uint32_t link = 0; link < KL_LINKS_MAX; link++) {
		if (kl_sync_peer(network->sync, link, &peer) || !peer.ready)
			continue;
		for (unsigned j = 0; j < told->view->committee.n; j++) {
			const uint64_t heard = told->clock.now_ms - (now - peer.heard_ms);

			if (kl_id_equal(&told->view->seats[j].member, &peer.member) &&
				heard > told->linked_ms[j])
				told->linked_ms[j] = heard;
		}
	}
}

void kl_tally_told(const struct kl_network *network, const struct kl_tally_view *view,
	struct kl_told *ret_told)
{
	struct kl_told told = {.view = view,
		.clock = {kl_node_wall(), kl_local_offset_ms},
		.convenes = kl_network_is_convenor(network)};

	(void)kl_tallies_progress(kl_network_tallies(network), &view->id, &told.progress);
	for (unsigned j = 0; j < view->committee.n; j++)
		told.names[j] = kl_member_name(network, &view->seats[j].member);
	look_at_links(network, &told);
	told.vetoed = kl_veto_seats(network, view);
	if (network->node->config.consent_always)
		told.declines_ms = kl_consent_waits_until(view);
	told.apart = told.convenes ? NULL : kl_tally_why_apart(network, view);
	told.counted_before = kl_tally_counted_before(network, view);
	look_at_members(network, &told);
	if (view->certified)
		look_at_openings(network, &told);
	*ret_told = told;
}

enum { MOVED_TOLD_MAX = 5 };

void kl_tally_tell_moved(
	struct kl_node *node, const struct kl_tally_view *view, struct kl_sentences *sentences)
{
	unsigned told = 0;

	for (uint16_t m = 0; m < view->call->metric_count && told < MOVED_TOLD_MAX; m++) {
		struct kl_moved_answer moved;

		if (!kl_moved_answer(node, view, m, &moved))
			continue;
		kl_sentence(sentences,
			"%s: you contributed %s; today it would be %s. What was shown is never "
			"changed.",
			view->call->metrics[m].name, moved.contributed, moved.today);
		told++;
	}
}
