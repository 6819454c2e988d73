/* network reset: what the convenor does when something of a member's went wrong. */
#include "daemon/commands.h"
#include "daemon/enact.h"
#include "daemon/find.h"
#include "daemon/network.h"

#include <string.h>

static int take_dry(struct kl_ask *ask, bool *ret_dry)
{
	if (kl_get_bool_or(&ask->args, "dry_run", false, ret_dry))
		return kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	return KL_OK;
}

static int take_reason(struct kl_ask *ask, char reason[KL_REASON_MAX])
{
	if (kl_get_text_or(&ask->args, "reason", "", reason, KL_REASON_MAX))
		return kl_fault(&ask->fault, KL_E_USAGE, "the reason is too long");
	return KL_OK;
}

/* Enacts what stands in the writer, which it frees. */
static int enact(struct kl_network *network, uint32_t kind, struct kl_writer *w, bool dry,
	struct kl_fault *fault)
{
	int rc = kl_enact(network, kind, w, dry, fault);

	kl_writer_deinit(w);
	return rc;
}

static int take_member(
	struct kl_node *node, struct kl_ask *ask, const struct kl_roster_member **ret_member)
{
	char text[256];

	if (kl_get_text(&ask->args, "member", text, sizeof text))
		return kl_fault(&ask->fault, KL_E_USAGE, "which member?");
	return kl_find_member(node, text, ret_member, &ask->fault);
}

/* ---- reset ---------------------------------------------------------------------------------- */

/* Where a forked feed ends for everybody: at its last common record, which has to be here, for it is
 * from here that everybody gets what leads to it. */
static int find_end(struct kl_network *network, const struct kl_roster_member *m,
	struct kl_head *ret_end, struct kl_fault *fault)
{
	const struct kl_feed_key key = {m->identity, m->epoch};
	const struct kl_feed_id feed = kl_feed_id_of(&key);
	struct kl_feed_state state;
	struct kl_feed_head head;

	if (kl_sync_feed(network->sync, &key, &state) ||
		kl_feed_head(network->node->store, &feed, &head))
		return kl_fault(
			fault, KL_E_DAMAGED, "what is stored of %s cannot be read", m->name);
	if (!state.forked) {
		kl_fault(fault, KL_E_INVALID,
			"the feed of %s is not forked: there is nothing to reset", m->name);
		return kl_fault_hint(fault, "keeplocal network members shows whose feed is");
	}
	if (state.head.seq + 1 < head.contested)
		return kl_fault(fault, KL_E_BUSY,
			"what %s said before the fork is not all here yet: try again when it is",
			m->name);
	*ret_end = state.head;
	return KL_OK;
}

int kl_cmd_network_reset(void *data, struct kl_ask *ask)
{
	const struct kl_roster_member *member;
	struct kl_network *network;
	struct kl_reset reset;
	char name[KL_MEMBER_NAME_MAX];
	struct kl_writer w;
	bool dry;
	int rc = kl_need_convenor(data, &network, &ask->fault);

	if (rc || (rc = take_dry(ask, &dry)) || (rc = take_reason(ask, reset.reason)) ||
		(rc = take_member(data, ask, &member)) ||
		(rc = find_end(network, member, &reset.end, &ask->fault)))
		return rc;
	reset.identity = member->identity;
	reset.epoch = member->epoch + 1;
	(void)kl_copy_text(name, sizeof name, member->name);
	kl_writer_init(&w);
	kl_reset_write(&w, &reset);
	rc = enact(network, KL_KIND_RESET, &w, dry, &ask->fault);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 4);
	kl_put_text(&ask->out, "member", name);
	kl_put_uint(&ask->out, "kept", reset.end.seq);
	kl_put_text(&ask->out, "reason", reset.reason[0] ? reset.reason : NULL);
	kl_put_bool(&ask->out, "published", !dry);
	return kl_ask_answer(ask);
}
