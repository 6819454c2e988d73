/* status: where this member stands. peers: with whom it is linked. */
#include "core/period.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/network.h"
#include "protocol/memberid.h"

#include <string.h>

static void put_member_id(struct kl_writer *w, const struct kl_identity *identity)
{
	struct kl_memberid id = {.identity = identity->sign.public_key, .kind = identity->kind};
	char text[KL_MEMBERID_TEXT_MAX];

	memcpy(id.curve_key, identity->curve.public_key.b, sizeof id.curve_key);
	kl_memberid_format(&id, text);
	kl_put_text(w, "member", text);
}

static const char *state_of(const struct kl_network *network)
{
	static const char *const states[] = {[KL_MEMBER_ACTIVE] = "active",
		[KL_MEMBER_SUSPENDED] = "suspended",
		[KL_MEMBER_RETIRED] = "retired",
		[KL_MEMBER_REMOVED] = "removed"};
	const struct kl_roster_member *self;

	if (!network)
		return "alone";
	if (network->behind)
		return "frozen";
	if (kl_network_is_convenor(network))
		return "active";
	self = kl_network_self(network);
	return self ? states[self->state] : "waiting for the convenor";
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

/* Who was removed or suspended is cut off before it could hear of it. */
static bool is_shut_out(const struct kl_network *network)
{
	struct kl_out_view view;

	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		if (kl_links_out(network->node->links, i, &view) && view.refused &&
			kl_roster_is_convenor(&network->roster, &view.member))
			return kl_network_self(network) != NULL;
	return false;
}

/* The next useful steps, most urgent first. */
static void put_next(struct kl_writer *w, const struct kl_node *node)
{
	const struct kl_network *network = node->network;
	const char *steps[3];
	size_t n = 0;

	if (!network && node->home.identity.kind == KL_MEMBER_CONVENOR)
		steps[n++] = "found a network: keeplocal network create NAME";
	else if (!network)
		steps[n++] =
			"send the member id above to your convenor, then: keeplocal join TICKET";
	else if (kl_network_is_convenor(network) && !network->roster.n_members)
		steps[n++] = "admit the first member: keeplocal network admit MEMBER-ID";
	else if (!kl_network_is_convenor(network) && !kl_network_self(network))
		steps[n++] = "wait until the convenor has admitted this member";
	else if (is_shut_out(network))
		steps[n++] = "ask the convenor why it does not let this member in any more";
	if (node->home.identity.kind == KL_MEMBER_ANCHOR)
		steps[n++] = "your tenants' jobs and value added: keeplocal template tenants";
	if (node->home.identity.kind != KL_MEMBER_CONVENOR && n < 3)
		steps[n++] = "how much of each pound stays local: keeplocal lm3 new NAME, "
			     "keeplocal template suppliers";
	kl_put_array(w, "next", n);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, steps[i]);
}

int kl_cmd_status(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	struct kl_network *network = node->network;
	struct kl_store_info info = {0};
	struct peers peers = {0};
	struct kl_writer *w = &ask->out;

	if (kl_store_info(node->store, &info))
		return kl_fault(&ask->fault, KL_E_DAMAGED, "the database cannot be read");
	if (network)
		peers = count_peers(network);
	kl_write_map(w, 10);
	put_member_id(w, &node->home.identity);
	kl_put_text(w, "name", node->home.identity.name);
	kl_put_text(w, "kind", kl_member_kind_name(node->home.identity.kind));
	kl_put_text(w, "network", network && network->roster.name[0] ? network->roster.name : NULL);
	kl_put_text(w, "state", state_of(network));
	kl_put_uint(w, "records", info.entries[KL_TABLE_RECORDS]);
	kl_put_uint(w, "members", network ? network->roster.n_members : 0);
	kl_put_map(w, "peers", 2);
	kl_put_uint(w, "connected", peers.connected);
	kl_put_uint(w, "in_sync", peers.in_sync);
	kl_put_uint(w, "disk_bytes", info.used_bytes);
	put_next(w, node);
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
