/* network reset, erase, next-convenor: what the convenor does when something of a member's went wrong. */
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

/* ---- erase ---------------------------------------------------------------------------------- */

struct named {
	struct kl_erase erase;
	uint32_t kind;
	bool erased;
};

static int name_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct named *named = arg;
	struct kl_record record;

	if (kl_record_from_store(stored, &record))
		return KL_E_DAMAGED;
	named->erase.feed = (struct kl_feed_key){feed->author, feed->epoch};
	named->erase.record = (struct kl_head){stored->seq, stored->id};
	named->kind = record.h.kind;
	named->erased = record.erased;
	return KL_OK;
}

static int name_profile(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct named found;
	int rc = name_record(&found, feed, stored);

	if (!rc && found.kind == KL_KIND_PROFILE && !found.erased)
		*(struct named *)arg = found;
	return rc;
}

/* The last profile of a member, in the epoch that goes on or the one before. */
static int find_profile(
	struct kl_node *node, const char *text, struct named *ret_named, struct kl_fault *fault)
{
	const struct kl_roster_member *m;
	int rc = kl_find_member(node, text, &m, fault);

	*ret_named = (struct named){.kind = 0};
	for (uint32_t epoch = 0; !rc && epoch <= m->epoch; epoch++) {
		const struct kl_feed_id feed = {m->identity, epoch};

		if (kl_feed_visit(node->store, &feed, 1, name_profile, ret_named) < 0)
			rc = kl_fault(fault, KL_E_DAMAGED, "what is stored cannot be read");
	}
	if (!rc && !ret_named->kind)
		rc = kl_fault(fault, KL_E_NOT_FOUND, "%s has said nothing in a profile", m->name);
	return rc;
}

/* A post by what lists call it: what holds its text now; any record by its whole id. */
static int find_record(
	struct kl_node *node, const char *text, struct named *ret_named, struct kl_fault *fault)
{
	const struct kl_posted *post;
	struct kl_id id;
	int rc = KL_OK;

	if (strlen(text) != 2 * KL_ID_BYTES || kl_hex_parse(text, id.b, KL_ID_BYTES)) {
		rc = kl_posts_named(&node->network->posts, text, &post, fault);
		if (!rc)
			id = post->text;
	}
	if (rc)
		return rc;
	rc = kl_feed_get_by_id(node->store, &id, name_record, ret_named);
	return rc ? kl_fault(fault, rc, "no record with this id is here") : KL_OK;
}

static int take_record(struct kl_node *node, struct kl_ask *ask, struct named *ret_named)
{
	char record[2 * KL_ID_BYTES + 1], member[256];
	int rc;

	if (kl_get_text_or(&ask->args, "record", "", record, sizeof record) ||
		kl_get_text_or(&ask->args, "profile_of", "", member, sizeof member) ||
		!record[0] == !member[0])
		return kl_fault(&ask->fault, KL_E_USAGE,
			"which record? Either an id, or --profile-of MEMBER");
	rc = member[0] ? find_profile(node, member, ret_named, &ask->fault)
		       : find_record(node, record, ret_named, &ask->fault);
	if (rc)
		return rc;
	if (!kl_kind_may_be_erased(ret_named->kind)) {
		kl_fault(&ask->fault, KL_E_DENIED, "this is a %s, and nobody erases it",
			kl_kind_name(ret_named->kind));
		return kl_fault_hint(&ask->fault,
			"the roster, keys and tallies rest on such records; tallies erase the "
			"shares that they counted by themselves");
	}
	if (ret_named->erased)
		return kl_fault(&ask->fault, KL_E_EXISTS, "this record is erased already");
	return KL_OK;
}

int kl_cmd_network_erase(void *data, struct kl_ask *ask)
{
	char id[KL_ID_HEX_MAX];
	struct kl_network *network;
	struct named named;
	struct kl_writer w;
	bool dry;
	int rc = kl_need_convenor(data, &network, &ask->fault);

	if (rc || (rc = take_dry(ask, &dry)) || (rc = take_record(data, ask, &named)) ||
		(rc = take_reason(ask, named.erase.reason)))
		return rc;
	kl_writer_init(&w);
	kl_erase_write(&w, &named.erase);
	rc = enact(network, KL_KIND_ERASE, &w, dry, &ask->fault);
	if (rc)
		return rc;
	kl_hex(named.erase.record.id.b, KL_ID_BYTES, id);
	kl_write_map(&ask->out, 5);
	kl_put_text(&ask->out, "member", kl_member_name(network, &named.erase.feed.author));
	kl_put_text(&ask->out, "kind", kl_kind_name(named.kind));
	kl_put_text(&ask->out, "record", id);
	kl_put_text(&ask->out, "reason", named.erase.reason[0] ? named.erase.reason : NULL);
	kl_put_bool(&ask->out, "published", !dry);
	return kl_ask_answer(ask);
}

/* ---- next convenor -------------------------------------------------------------------------- */

static int check_tallies(const struct kl_network *network, struct kl_fault *fault)
{
	const struct kl_tallies *book = kl_network_tallies(network);
	struct kl_tally_view view;

	for (size_t i = 0; i < kl_tallies_count(book); i++) {
		if (kl_tallies_view(book, kl_tallies_at(book, i), &view) ||
			view.gate == KL_GATE_INVALID ||
			(view.state != KL_TALLY_OPEN && view.state != KL_TALLY_DECIDING &&
				view.state != KL_TALLY_CERTIFIED))
			continue;
		kl_fault(fault, KL_E_BUSY, "a tally is open, and who called it closes it");
		return kl_fault_hint(fault, "keeplocal tally show says what it waits for");
	}
	return KL_OK;
}

/* Who follows has to be reached by everybody, and stands behind its own head as it is known here. */
static int take_next(struct kl_network *network, const struct kl_roster_member *m,
	struct kl_next_convenor *ret_next, struct kl_fault *fault)
{
	const struct kl_member *said = kl_members_find(&network->members, &m->identity);
	struct kl_feed_state state;

	*ret_next = (struct kl_next_convenor){.feed = {m->identity, m->epoch}};
	memcpy(ret_next->curve_key, m->curve_key, sizeof ret_next->curve_key);
	if (kl_sync_feed(network->sync, &ret_next->feed, &state) || state.forked || !state.head.seq)
		return kl_fault(fault, KL_E_INVALID,
			"%s has published nothing yet, or its feed is forked", m->name);
	if (!said || !said->endpoints.n) {
		kl_fault(fault, KL_E_INVALID, "nobody could reach %s: it listens nowhere", m->name);
		return kl_fault_hint(fault,
			"its daemon needs an address that others reach: keeplocald --bind "
			"tcp://ADDRESS:7700");
	}
	ret_next->head = state.head;
	return KL_OK;
}

int kl_cmd_network_next_convenor(void *data, struct kl_ask *ask)
{
	const struct kl_roster_member *member;
	struct kl_next_convenor next;
	struct kl_network *network;
	char name[KL_MEMBER_NAME_MAX];
	struct kl_writer w;
	bool dry;
	int rc = kl_need_convenor(data, &network, &ask->fault);

	if (rc || (rc = take_dry(ask, &dry)) || (rc = take_member(data, ask, &member)) ||
		(rc = check_tallies(network, &ask->fault)) ||
		(rc = take_next(network, member, &next, &ask->fault)))
		return rc;
	(void)kl_copy_text(name, sizeof name, member->name);
	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "member", name);
	kl_put_bool(&ask->out, "stays", kl_network_self(network) != NULL);
	kl_put_bool(&ask->out, "published", !dry);
	kl_writer_init(&w);
	kl_next_convenor_write(&w, &next);
	rc = enact(network, KL_KIND_NEXT_CONVENOR, &w, dry, &ask->fault);
	return rc ? rc : kl_ask_answer(ask);
}
