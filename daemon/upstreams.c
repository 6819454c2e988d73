/* Whom this member calls: the convenor, who it is told to call, and a few more of its own choice. */
#include "core/hash.h"
#include "daemon/network.h"

#include <string.h>

enum {
	UPSTREAMS = 3,       /* peers that a member calls, if there are so many */
	PATIENCE_MS = 60000, /* a peer that was not reached for so long, or for PATIENCE_BEATS, */
	PATIENCE_BEATS = 4,  /* does not count as one of them */
};

static bool is_called(const struct kl_network *network, const struct kl_id *member)
{
	struct kl_out_view view;

	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		if (kl_links_out(network->node->links, i, &view) &&
			kl_id_equal(&view.member, member))
			return true;
	return false;
}

static bool is_lost(const struct kl_network *network, const struct kl_out_view *view)
{
	const uint64_t beats = (uint64_t)PATIENCE_BEATS * network->node->config.beat_ms;

	return view->down_ms > (beats < PATIENCE_MS ? beats : PATIENCE_MS);
}

/* Makes room among the calls by giving up the peer that was out of reach for longest. */
static bool make_room(struct kl_network *network)
{
	struct kl_out_view view;
	size_t worst = KL_LINKS_OUT;
	uint64_t longest = 0;

	for (size_t i = 0; i < KL_LINKS_OUT; i++) {
		if (!kl_links_out(network->node->links, i, &view))
			return true;
		if (is_lost(network, &view) && view.down_ms > longest) {
			worst = i;
			longest = view.down_ms;
		}
	}
	if (worst == KL_LINKS_OUT)
		return false;
	kl_links_hang_up(network->node->links, worst);
	return true;
}

static void call(
	struct kl_network *network, const struct kl_endpoint *endpoint, const struct kl_id *member)
{
	/* KL_E_RANGE: nine are wanted, and eight answer. That is enough. */
	if (!kl_id_equal(member, &network->own.author) && kl_network_knows(network, member))
		(void)kl_links_call(network->node->links, endpoint, member);
}

/* Who answers at a CURVE key, as far as the roster tells; else the convenor, whose ticket it is. */
static struct kl_id owner_of(const struct kl_network *network, const uint8_t curve_key[32])
{
	const struct kl_roster_member *m = kl_roster_find_curve(&network->roster, curve_key);

	return m ? m->identity : network->ticket.convenor;
}

static void call_ticket(struct kl_network *network, const char *address)
{
	for (size_t i = 0; i < network->ticket.n_endpoints; i++) {
		const struct kl_endpoint *endpoint = &network->ticket.endpoints[i];
		struct kl_id owner = owner_of(network, endpoint->curve_key);

		if (!address || !strcmp(endpoint->address, address))
			call(network, endpoint, &owner);
	}
}

/* An address from the settings, once somebody has published it. */
static void call_configured(struct kl_network *network, const char *address)
{
	for (size_t i = 0; i < network->members.n; i++) {
		const struct kl_member *m = network->members.items[i];

		for (size_t k = 0; k < m->endpoints.n; k++)
			if (!strcmp(m->endpoints.items[k].address, address) &&
				kl_network_knows(network, &m->id))
				call(network, &m->endpoints.items[k], &m->id);
	}
	call_ticket(network, address);
}

static uint64_t closeness(const struct kl_id *a, const struct kl_id *b)
{
	const struct kl_bytes parts[] = {kl_id_bytes(a), kl_id_bytes(b)};
	struct kl_id hash;

	kl_hash_of("KL1/upstream", parts, 2, &hash);
	return kl_get_u64(hash.b);
}

/* Rendezvous hashing: everybody ranks the reachable members anew for itself, so that calls spread
 * over all of them and change little when one comes or goes. */
static const struct kl_member *next_upstream(struct kl_network *network)
{
	const struct kl_member *best = NULL;
	uint64_t most = 0;

	for (size_t i = 0; i < network->members.n; i++) {
		const struct kl_member *m = network->members.items[i];
		uint64_t rank;

		if (!m->endpoints.n || !kl_network_knows(network, &m->id) ||
			kl_id_equal(&m->id, &network->own.author))
			continue;
		rank = closeness(&network->own.author, &m->id);
		if (rank >= network->below)
			continue;
		if (!best || rank > most) {
			best = m;
			most = rank;
		}
	}
	network->below = best ? most : UINT64_MAX; /* after the last: from the first again */
	return best;
}

/* Those whom we call and reach, or began to call just now. */
static size_t calls(const struct kl_network *network)
{
	struct kl_out_view view;
	size_t n = 0;

	for (size_t i = 0; i < KL_LINKS_OUT; i++)
		n += kl_links_out(network->node->links, i, &view) && !is_lost(network, &view);
	return n;
}

void kl_network_call_peers(struct kl_network *network)
{
	const struct kl_member *m;

	network->looked_ms = kl_node_now(network->node);
	if (!kl_network_is_convenor(network))
		call_ticket(network, NULL);
	for (size_t i = 0; i < network->node->config.connects; i++)
		call_configured(network, network->node->config.connect[i]);
	while (calls(network) < UPSTREAMS && (m = next_upstream(network)))
		if (!kl_links_with(network->node->links, &m->id) && !is_called(network, &m->id) &&
			make_room(network))
			call(network, &m->endpoints.items[0], &m->id);
}

static bool stands_in_ticket(const struct kl_network *network, const struct kl_endpoint *endpoint)
{
	for (size_t i = 0; i < network->ticket.n_endpoints; i++)
		if (!strcmp(network->ticket.endpoints[i].address, endpoint->address))
			return true;
	return false;
}

/* Before the roster came, whoever answers at an address of the ticket was taken for the convenor that it
 * names. */
static bool is_taken_for_another(const struct kl_network *network, const struct kl_out_view *view)
{
	const struct kl_roster_member *m =
		kl_roster_find_curve(&network->roster, view->endpoint->curve_key);

	return m && !kl_id_equal(&m->identity, &view->member);
}

/* A peer whose address is not published any more is not called there any more. */
void kl_network_hang_up_stale(struct kl_network *network)
{
	for (size_t i = 0; i < KL_LINKS_OUT; i++) {
		struct kl_out_view view;
		const struct kl_member *m;
		bool stands;

		if (!kl_links_out(network->node->links, i, &view))
			continue;
		if (is_taken_for_another(network, &view)) {
			kl_links_hang_up(network->node->links, i);
			continue;
		}
		if (view.up)
			continue;
		stands = stands_in_ticket(network, view.endpoint);
		m = kl_members_find(&network->members, &view.member);
		for (size_t k = 0; m && k < m->endpoints.n; k++)
			stands |= !strcmp(m->endpoints.items[k].address, view.endpoint->address);
		if (!stands)
			kl_links_hang_up(network->node->links, i);
	}
}

void kl_network_readdress(struct kl_network *network, const struct kl_ticket *ticket)
{
	network->ticket = *ticket;
	kl_network_hang_up_stale(network);
	kl_network_call_peers(network);
}

/* Everywhere is no address that anybody could dial. */
static bool is_everywhere(const char *address)
{
	return !strncmp(address, "tcp://0.0.0.0:", 14) || !strncmp(address, "tcp://[::]:", 11) ||
	       !strncmp(address, "tcp://*:", 8);
}

const char *kl_network_address(const struct kl_node *node)
{
	const char *bound = kl_links_endpoint(node->links);

	if (node->config.advertise[0])
		return node->config.advertise;
	return is_everywhere(bound) ? "" : bound;
}
