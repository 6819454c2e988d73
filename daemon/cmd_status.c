/* status: where this member stands. peers: with whom it is linked. */
#include "core/period.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/network.h"
#include "daemon/next_steps.h"
#include "protocol/memberid.h"

#include <stdio.h>
#include <string.h>

static void put_member_id(struct kl_writer *w, const struct kl_identity *identity)
{
	struct kl_memberid id = {.identity = identity->sign.public_key, .kind = identity->kind};
	char text[KL_MEMBERID_TEXT_MAX];

	memcpy(id.curve_key, identity->curve.public_key.b, sizeof id.curve_key);
	kl_memberid_format(&id, text);
	kl_put_text(w, "member", text);
}

struct peers {
	uint64_t connected, in_sync;
};

/* Two members that call each other have two links, and are one peer. */
static bool counted_before(
	const struct kl_network *network, uint32_t link, const struct kl_id *member)
{
	struct kl_sync_peer peer;

	for (uint32_t i = 0; i < link; i++)
		if (!kl_sync_peer(network->sync, i, &peer) && peer.ready &&
			kl_id_equal(&peer.member, member))
			return true;
	return false;
}

static struct peers count_peers(const struct kl_network *network)
{
	struct peers peers = {0};
	struct kl_sync_peer peer;

	for (uint32_t link = 0; link < KL_LINKS_MAX; link++)
		if (!kl_sync_peer(network->sync, link, &peer) && peer.ready &&
			!counted_before(network, link, &peer.member)) {
			peers.connected++;
			peers.in_sync += peer.in_sync;
		}
	return peers;
}

/* "why: command", as one line each. A figure that cannot be read is no reason not to tell the rest. */
/* What this machine has to run for, and what is worth doing next. */
static void put_outlook(struct kl_writer *w, struct kl_node *node)
{
	struct kl_next_step steps[KL_NEXT_SHOWN];
	char line[KL_NEXT_COMMAND_MAX + 256];
	struct kl_fault unreadable = {0};
	struct kl_outlook outlook;
	size_t n = 0;

	if (kl_outlook_look(node, false, &outlook, &unreadable))
		memset(&outlook, 0, sizeof outlook);
	else
		n = kl_next_steps(&outlook, steps);
	kl_put_duty(w, &outlook);
	kl_put_array(w, "next", n);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(line, sizeof line, "%.200s: %.300s", steps[i].why, steps[i].command);
		kl_write_text(w, line);
	}
}

int kl_cmd_status(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_network *network = node->network;
	struct kl_store_info info = {0};
	struct peers peers = {0};
	char own_feed[KL_RECOVERING_TEXT] = "";
	struct kl_writer *w = &ask->out;

	if (kl_store_info(node->store, &info))
		return kl_fault(&ask->fault, KL_E_DAMAGED, "the database cannot be read");
	if (network)
		peers = count_peers(network);
	if (network)
		kl_recovering_words(network, own_feed);
	kl_write_map(w, 12 + KL_TRUST_KEYS);
	put_member_id(w, &node->home.identity);
	kl_put_text(w, "name", node->home.identity.name);
	kl_put_text(w, "kind", kl_member_kind_name(node->home.identity.kind));
	kl_put_text(w, "network", network && network->roster.name[0] ? network->roster.name : NULL);
	kl_put_trust(w, network);
	kl_put_text(w, "state", kl_outlook_state(network));
	kl_put_text(w, "own_feed", own_feed[0] ? own_feed : NULL);
	kl_put_uint(w, "records", info.entries[KL_TABLE_RECORDS]);
	kl_put_uint(w, "members", network ? network->roster.n_members : 0);
	kl_put_map(w, "peers", 2);
	kl_put_uint(w, "connected", peers.connected);
	kl_put_uint(w, "in_sync", peers.in_sync);
	kl_put_uint(w, "disk_bytes", info.used_bytes);
	put_outlook(w, node);
	return kl_ask_answer(ask);
}

static void put_peer(struct kl_network *network, struct kl_writer *w, uint32_t link,
	const struct kl_sync_peer *peer)
{
	kl_write_map(w, 5);
	kl_put_text(w, "name", kl_member_name(network, &peer->member));
	kl_put_text(w, "direction", link < KL_LINKS_IN ? "in" : "out");
	kl_put_bool(w, "ready", peer->ready);
	kl_put_bool(w, "in_sync", peer->in_sync);
	kl_put_uint(w, "silent_ms", kl_node_now(network->node) - peer->heard_ms);
}

/* Peers that we call and do not reach. */
static size_t put_calls(struct kl_network *network, struct kl_writer *w)
{
	struct kl_out_view view;
	size_t n = 0;

	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		n += kl_links_out(network->node->links, i, &view) && !view.up;
	kl_put_array(w, "calling", n);
	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		if (kl_links_out(network->node->links, i, &view) && !view.up) {
			kl_write_map(w, 3);
			kl_put_text(w, "name", kl_member_name(network, &view.member));
			kl_put_text(w, "endpoint", view.endpoint->address);
			kl_put_bool(w, "refused", view.refused);
		}
	return n;
}

int kl_cmd_peers(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_writer *w = &ask->out;
	struct kl_sync_peer peer;
	struct kl_id root;
	char digest[KL_ID_HEX_MAX];
	size_t n = 0;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (rc)
		return rc;
	for (uint32_t link = 0; link < KL_LINKS_MAX; link++)
		n += !kl_sync_peer(network->sync, link, &peer);
	kl_sync_root(network->sync, &root);
	kl_hex(root.b, KL_ID_BYTES, digest);
	kl_write_map(w, 6);
	kl_put_text(w, "root", digest);
	kl_put_uint(w, "signatures_verified", network->verifier.count);
	kl_put_text(w, "endpoint", kl_links_endpoint(network->node->links));
	kl_put_uint(w, "refused", kl_links_refused(network->node->links));
	kl_put_array(w, "peers", n);
	for (uint32_t link = 0; link < KL_LINKS_MAX; link++)
		if (!kl_sync_peer(network->sync, link, &peer))
			put_peer(network, w, link, &peer);
	put_calls(network, w);
	return kl_ask_answer(ask);
}
