#include "daemon/network.h"
#include "daemon/arrival_days.h"
#include "core/hash.h"
#include "daemon/arrivals.h"
#include "daemon/find.h"
#include "daemon/log.h"
#include "daemon/nearest.h"
#include "daemon/own_policy.h"
#include "daemon/own_profile.h"
#include "daemon/search.h"
#include "protocol/payload_post.h"
#include "protocol/payload_profile.h"
#include "protocol/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool kl_network_is_convenor(const struct kl_network *network)
{
	return kl_id_equal(&network->own.author, &network->roster.feed.author);
}

const struct kl_roster_member *kl_network_self(const struct kl_network *network)
{
	return kl_roster_find(&network->roster, &network->own.author);
}

/* ---- hooks of the links -------------------------------------------------------------------- */

static bool admits(void *context, const uint8_t curve_key[32], struct kl_id *ret_member)
{
	const struct kl_network *network = ((struct kl_node *)context)->network;
	const struct kl_bytes key = kl_bytes(curve_key, KL_CURVE_KEY_BYTES);

	if (!network)
		return false;
	if (!kl_recovering_knows_nobody(network))
		return kl_roster_admits(&network->roster, curve_key, ret_member);
	kl_hash_of("KL1/somebody", &key, 1, ret_member);
	return true;
}

bool kl_network_knows(const struct kl_network *network, const struct kl_id *member)
{
	const struct kl_roster_member *m;

	if (kl_roster_is_convenor(&network->roster, member) || kl_recovering_knows_nobody(network))
		return true;
	m = kl_roster_find(&network->roster, member);
	return m && m->state == KL_MEMBER_ACTIVE;
}

static bool knows(void *context, const struct kl_id *member)
{
	const struct kl_network *network = ((struct kl_node *)context)->network;

	return network && kl_network_knows(network, member);
}

static void link_up(void *context, uint32_t link, const struct kl_id *member, bool called)
{
	struct kl_network *network = ((struct kl_node *)context)->network;
	struct kl_sync_event event = {.kind = KL_SYNC_LINK_UP, .link = link};

	if (!network)
		return;
	event.u.up.member = *member;
	event.u.up.called = called;
	kl_replicate(network, &event);
	kl_counting_heard(network, member);
}

static void link_down(void *context, uint32_t link)
{
	struct kl_network *network = ((struct kl_node *)context)->network;
	struct kl_sync_event event = {.kind = KL_SYNC_LINK_DOWN, .link = link};

	if (network)
		kl_replicate(network, &event);
}

static void link_frame(void *context, uint32_t link, struct kl_bytes bytes)
{
	struct kl_network *network = ((struct kl_node *)context)->network;
	struct kl_sync_event event = {.kind = KL_SYNC_FRAME, .link = link};

	if (!network)
		return;
	event.u.frame = bytes;
	kl_replicate(network, &event);
}

/* The context is filled in by whoever opens the links. */
const struct kl_links_hooks kl_network_hooks = {
	.admits = admits,
	.knows = knows,
	.up = link_up,
	.down = link_down,
	.frame = link_frame,
};

/* ---- feeds that are kept ------------------------------------------------------------------- */

/* A frozen feed ends at the last common record, whose id stands in the proof that the store keeps. */
static bool forked_after(
	struct kl_network *network, const struct kl_feed_id *feed, struct kl_head *ret_common)
{
	struct kl_verifier verifier = {kl_verify_ed25519, NULL, 0};
	struct kl_fork fork;
	uint8_t *proof;
	uint64_t seq;
	size_t len;
	int rc;

	if (kl_feed_fork(network->node->store, feed, &seq, &proof, &len))
		return false;
	rc = kl_fork_check(kl_bytes(proof, len), &network->ticket.network, &verifier, &fork);
	free(proof);
	if (rc)
		return false;
	*ret_common = fork.common;
	return true;
}

static void keep_feed(struct kl_network *network, const struct kl_feed_key *key)
{
	struct kl_sync_event event = {.kind = KL_SYNC_FEED};
	struct kl_feed_id feed = kl_feed_id_of(key);
	struct kl_feed_head head;

	if (kl_feed_head(network->node->store, &feed, &head))
		return;
	event.u.feed.key = *key;
	event.u.feed.head = (struct kl_head){head.seq, head.id};
	event.u.feed.bytes = head.bytes;
	event.u.feed.ended = kl_roster_ends(&network->roster, key, &event.u.feed.end);
	if (head.contested)
		event.u.feed.forked = forked_after(network, &feed, &event.u.feed.common);
	kl_network_queue_sync(network, &event);
}

static void keep_all_feeds(struct kl_network *network)
{
	keep_feed(network, &network->roster.feed);
	if (!kl_network_is_convenor(network))
		keep_feed(network, &network->own);
	for (size_t i = 0; i < network->roster.n_convenors; i++)
		if (!kl_feed_key_equal(&network->roster.convenors[i].feed, &network->own))
			keep_feed(network, &network->roster.convenors[i].feed);
	for (size_t i = 0; i < network->roster.n_past; i++)
		if (!kl_feed_key_equal(&network->roster.past[i].feed, &network->own))
			keep_feed(network, &network->roster.past[i].feed);
	for (size_t i = 0; i < network->roster.n_members; i++) {
		const struct kl_roster_member *m = &network->roster.members[i];
		struct kl_feed_key key = {m->identity, m->epoch};

		if (!kl_feed_key_equal(&key, &network->own))
			keep_feed(network, &key);
	}
}

/* ---- what was committed -------------------------------------------------------------------- */

void kl_network_settle(struct kl_network *network)
{
	if (!network->moved)
		return;
	network->moved = false;
	kl_recovering_roster(network);
	keep_all_feeds(network);
	kl_links_review(network->node->links);
	kl_network_hang_up_stale(network);
	kl_network_call_peers(network);
}

/* The epoch in which the own feed goes on, by the roster. */
static uint32_t own_epoch(const struct kl_network *network)
{
	const struct kl_roster_member *self = kl_network_self(network);

	return self ? self->epoch : 0;
}

static void handed_over(struct kl_network *network)
{
	kl_log(KL_LOG_INFO, "the network has another convenor: %s",
		kl_member_name(network, &network->roster.feed.author));
	kl_counting_handed_over(network);
	kl_network_reopen(network);
}

static void fold_roster(struct kl_network *network, const struct kl_record *record)
{
	struct kl_fault fault = {0};
	const struct kl_feed_key before = network->roster.feed;
	uint64_t version = network->roster.version;
	int rc = kl_roster_apply(&network->roster, record, &fault);

	if (rc)
		kl_log(KL_LOG_WARNING, "roster record %llu is not in force: %s",
			(unsigned long long)record->h.seq, kl_error_text(rc));
	else if (record->h.kind == KL_KIND_ADOPT &&
		 kl_definitions_adopt(&network->definitions, record))
		kl_log(KL_LOG_ERROR, "out of memory: what the convenor adopts is incomplete");
	if (network->roster.version != version) {
		network->moved = true;
		kl_nearest_forget(network->node);
	}
	if (!kl_feed_key_equal(&network->roster.feed, &before))
		handed_over(network);
	if (own_epoch(network) != network->own.epoch)
		kl_network_reopen(network);
}

/* 0 for what is no post, and no correction of one. */
static uint64_t arrival_of(struct kl_network *network, const struct kl_record *record)
{
	struct kl_feed_id feed = {record->h.author, record->h.epoch};
	uint64_t arrival;
	enum kl_post_kind kind;

	if (record->h.kind != KL_KIND_CORRECT && kl_post_kind_of(record->h.kind, &kind))
		return 0;
	return kl_arrival_of(network->node->store, &feed, record->h.seq, &arrival) ? 0 : arrival;
}

/* The roster ends feeds where the convenor holds them: somebody may hold more, and has to show it. */
static void show_ended(struct kl_network *network)
{
	for (size_t i = 0; i < network->roster.n_past; i++) {
		const struct kl_feed_id feed = kl_feed_id_of(&network->roster.past[i].feed);

		(void)kl_counting_frozen(network, &feed);
	}
	for (size_t i = 0; i < network->roster.n_members; i++) {
		const struct kl_roster_member *m = &network->roster.members[i];
		const struct kl_feed_id feed = {m->identity, m->epoch};

		if (m->ended)
			(void)kl_counting_frozen(network, &feed);
	}
}

/* What is erased leaves everything that was made of it, when all is folded anew. */
static void forget_erased(struct kl_network *network, const struct kl_record *record)
{
	struct kl_feed_id feed;
	struct kl_erase erase;
	uint64_t seq;

	if (!kl_erase_read(record->payload, &erase, NULL) &&
		!kl_feed_find(network->node->store, &erase.record.id, &feed, &seq))
		kl_network_reopen(network);
}

void kl_network_committed(struct kl_network *network, const struct kl_record *record)
{
	bool convenors = kl_roster_awaits(&network->roster, record);

	if (convenors)
		fold_roster(network, record);
	if (convenors && (record->h.kind == KL_KIND_RETIRE || record->h.kind == KL_KIND_REMOVE ||
				 record->h.kind == KL_KIND_RESET))
		show_ended(network);
	if (convenors && record->h.kind == KL_KIND_ERASE)
		forget_erased(network, record);
	if (kl_members_take(&network->members, record) ||
		kl_definitions_take(&network->definitions, record) ||
		kl_policies_take(&network->policies, record) ||
		kl_posts_take(&network->posts, record, arrival_of(network, record)))
		kl_log(KL_LOG_ERROR, "out of memory: what members publish is incomplete");
	if (record->h.kind == KL_KIND_PROFILE)
		kl_nearest_forget(network->node);
	if (record->h.kind == KL_KIND_ENDPOINTS) {
		kl_network_hang_up_stale(network);
		kl_network_call_peers(network);
	}
	kl_search_arrived(network->node);
	kl_counting_record(network, record);
	kl_counting_heard(network, &record->h.author);
	if (convenors)
		kl_network_introduce(network);
}

/* ---- the own feed -------------------------------------------------------------------------- */

/* Whether all is here of the epochs before the one in which the own feed goes on. */
static bool is_whole(const struct kl_network *network)
{
	struct kl_feed_key before = network->own;
	struct kl_feed_state state;
	struct kl_head end;

	if (!before.epoch--)
		return true;
	return kl_roster_ends(&network->roster, &before, &end) &&
	       !kl_sync_feed(network->sync, &before, &state) && state.head.seq >= end.seq;
}

int kl_network_may_append(const struct kl_network *network, struct kl_fault *fault)
{
	if (network->own.epoch == own_epoch(network) && is_whole(network))
		return kl_recovering_may_append(network, fault);
	kl_fault(fault, KL_E_BUSY,
		"the convenor has reset this member's feed, and what it said before is not all "
		"here "
		"yet");
	kl_fault_hint(fault, "it goes on by itself when it is: try again in a few seconds");
	return KL_E_BUSY;
}

/* One record on its way: the views of `record` point into `memory` and to the payload. */
struct drafted {
	struct kl_record_memory memory;
	struct kl_record record;
};

static int draft(struct kl_network *network, const struct kl_saying *sayings, size_t n,
	struct drafted *drafts, struct kl_fault *fault)
{
	const struct kl_author author = {
		network->ticket.network, network->own, &network->node->home.identity.sign};
	struct kl_head head = network->head;

	for (size_t i = 0; i < n; i++) {
		int rc = kl_record_make(&author, &head, sayings[i].kind, kl_node_wall(),
			sayings[i].payload, &drafts[i].memory, &drafts[i].record);

		if (rc)
			return kl_fault(fault, rc, "a %s of %zu bytes cannot be published",
				kl_kind_name(sayings[i].kind), sayings[i].payload.len);
		head = (struct kl_head){drafts[i].record.h.seq, drafts[i].record.id};
	}
	return KL_OK;
}

/* Adds the records to the batch and commits it. */
static int commit_own(struct kl_network *network, const struct drafted *drafts, size_t n,
	struct kl_batch *batch, struct kl_fault *fault)
{
	struct kl_feed_id feed = kl_feed_id_of(&network->own);
	struct kl_stored_record stored[KL_SAYINGS_MAX];
	struct kl_record records[KL_SAYINGS_MAX];
	int rc;

	for (size_t i = 0; i < n; i++) {
		records[i] = drafts[i].record;
		kl_record_to_store(&records[i], &stored[i]);
	}
	if (batch)
		kl_feed_append(
			batch, &feed, network->head.seq ? &network->head.id : NULL, stored, n);
	if (batch)
		kl_arrivals_note(batch, &feed, records, n);
	if (batch && kl_kind_is_roster(records->h.kind))
		kl_batch_urge(batch); /* who has to be removed cannot wait for a disk */
	if (batch && (rc = kl_erasures_add(network->node, batch, records, n))) {
		kl_batch_destroy(batch);
		return kl_fault(fault, rc, "what is to be erased cannot be read");
	}
	return kl_node_commit(network->node, batch, fault);
}

static void tell(struct kl_network *network, const struct kl_record *record)
{
	struct kl_sync_event event = {.kind = KL_SYNC_APPENDED};

	event.u.appended.head = (struct kl_head){record->h.seq, record->id};
	event.u.appended.bytes = (uint32_t)(record->header.len + record->payload.len + 96);
	kl_network_queue_sync(network, &event);
}

static void committed_own(struct kl_network *network, const struct drafted *drafts, size_t n)
{
	network->head = (struct kl_head){drafts[n - 1].record.h.seq, drafts[n - 1].record.id};
	kl_recovering_appended(network); /* before anything leaves the machine */
	for (size_t i = 0; i < n; i++)
		tell(network, &drafts[i].record);
	for (size_t i = 0; i < n; i++)
		kl_network_committed(network, &drafts[i].record);
	kl_network_settle(network);
	kl_network_deliver(network);
}

int kl_network_append_with(struct kl_network *network, const struct kl_saying *sayings, size_t n,
	struct kl_batch *batch, struct kl_id *ret_id, struct kl_fault *fault)
{
	struct drafted *drafts = NULL;
	int rc = kl_network_may_append(network, fault);

	KL_ASSERT(n >= 1 && n <= KL_SAYINGS_MAX);
	for (size_t i = 0; !rc && i < n; i++)
		if (sayings[i].kind < KL_KIND_TALLY_CALL) /* tallies have no texts of people */
			rc = kl_texts_refuse_harmful(sayings[i].payload, fault);
	if (!rc && !(drafts = calloc(n, sizeof *drafts))) {
		rc = KL_E_NOMEM;
		kl_fault(fault, rc, "out of memory");
	}
	if (!rc)
		rc = draft(network, sayings, n, drafts, fault);
	if (rc) {
		kl_batch_destroy(batch);
		goto out;
	}
	rc = commit_own(network, drafts, n, batch, fault);
	if (rc)
		goto out;
	if (ret_id)
		*ret_id = drafts[n - 1].record.id;
	committed_own(network, drafts, n);
out:
	free(drafts);
	return rc;
}

int kl_network_append_all(struct kl_network *network, const struct kl_saying *sayings, size_t n,
	struct kl_id *ret_id, struct kl_fault *fault)
{
	return kl_network_append_with(network, sayings, n, kl_batch_new(), ret_id, fault);
}

int kl_network_append(struct kl_network *network, uint32_t kind, struct kl_bytes payload,
	struct kl_id *ret_id, struct kl_fault *fault)
{
	const struct kl_saying saying = {kind, payload};

	return kl_network_append_all(network, &saying, 1, ret_id, fault);
}

static bool stands_already(const struct kl_endpoints *said, const struct kl_endpoints *now)
{
	return said->n == now->n && said->no_seat == now->no_seat &&
	       (!now->n || !strcmp(said->items[0].address, now->items[0].address));
}

static void publish_endpoints(struct kl_network *network)
{
	static const struct kl_endpoints nothing;
	const struct kl_member *self = kl_members_find(&network->members, &network->own.author);
	const struct kl_node *node = network->node;
	const char *address = kl_network_address(node);
	struct kl_endpoints endpoints = {.no_seat = !node->config.seat};
	struct kl_writer w;
	struct kl_bytes payload;

	if (address[0]) {
		endpoints.n = 1;
		(void)kl_copy_text(endpoints.items[0].address, KL_ENDPOINT_MAX, address);
		memcpy(endpoints.items[0].curve_key, node->home.identity.curve.public_key.b,
			KL_CURVE_KEY_BYTES);
	}
	if (stands_already(self ? &self->endpoints : &nothing, &endpoints))
		return;
	kl_writer_init(&w);
	kl_payload_endpoints_write(&w, &endpoints);
	if (!kl_writer_bytes(&w, &payload))
		(void)kl_network_append(network, KL_KIND_ENDPOINTS, payload, NULL, NULL);
	kl_writer_deinit(&w);
}

/* Before joining, the profile is a private document; once on the roster it becomes a record. In a new
 * epoch it is said again: what was said last may stand behind the fork. */
static void publish_profile(struct kl_network *network)
{
	const struct kl_member *self = kl_members_find(&network->members, &network->own.author);
	struct kl_profile profile;
	struct kl_writer w;
	struct kl_bytes payload;

	if ((self && self->profile_gone) ||
		(self && self->has_profile && (!network->own.epoch || network->head.seq)) ||
		kl_own_profile(network->node, &profile, NULL))
		return;
	kl_writer_init(&w);
	kl_payload_profile_write(&w, &profile);
	if (!kl_writer_bytes(&w, &payload))
		(void)kl_network_append(network, KL_KIND_PROFILE, payload, NULL, NULL);
	kl_writer_deinit(&w);
	kl_profile_deinit(&profile);
}

void kl_network_introduce(struct kl_network *network)
{
	const struct kl_roster_member *self = kl_network_self(network);

	if (kl_network_may_append(network, NULL) || !network->roster.version ||
		(!kl_network_is_convenor(network) && (!self || self->state != KL_MEMBER_ACTIVE)))
		return;
	publish_profile(network);
	kl_own_policy_introduce(network);
	publish_endpoints(network);
}

/* Before it was greeted the daemon says nothing by itself (protocol/recover.h), and then it introduces
 * itself anyway. */
void kl_network_resettle(struct kl_network *network)
{
	if (kl_recover_speaks(&network->recovering.machine) || kl_network_is_convenor(network))
		kl_network_introduce(network);
	kl_counting_resettle(network);
}

/* ---- start --------------------------------------------------------------------------------- */

static int load_ticket(
	const struct kl_node *node, struct kl_ticket *ret_ticket, struct kl_fault *fault)
{
	char text[KL_TICKET_TEXT_MAX + 1];
	size_t len;
	int rc = kl_home_read(&node->home, "ticket", (uint8_t *)text, sizeof text - 1, &len, fault);

	if (rc)
		return rc;
	text[len] = '\0';
	rc = kl_ticket_parse(text, ret_ticket, fault);
	if (rc)
		kl_fault_at(fault, "%s/ticket", node->home.path);
	return rc;
}

static int note_erasure(struct kl_network *network, const struct kl_record *record, bool of_roster)
{
	if (record->h.kind == KL_KIND_ERASE && !of_roster)
		return KL_OK;
	return kl_erasures_note(&network->erasures, record);
}

/* What stands behind the place where the roster ends a feed is for the tallies alone, and told them
 * when the feed is through. */
static int fold_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	const struct kl_feed_key key = {feed->author, feed->epoch};
	struct kl_network *network = arg;
	struct kl_record record;
	struct kl_head end;
	bool of_roster;

	if (kl_roster_ends(&network->roster, &key, &end) && stored->seq > end.seq)
		return KL_VISIT_STOP;
	if (kl_record_from_store(stored, &record))
		return KL_E_DAMAGED;
	of_roster = kl_roster_awaits(&network->roster, &record);
	if (of_roster)
		fold_roster(network, &record);
	kl_counting_record(network, &record);
	if (kl_definitions_take(&network->definitions, &record) ||
		kl_policies_take(&network->policies, &record) ||
		kl_posts_take(&network->posts, &record, 0) ||
		note_erasure(network, &record, of_roster))
		return KL_E_NOMEM;
	return kl_members_take(&network->members, &record);
}

static int fold_feed(void *arg, const struct kl_feed_head *head)
{
	struct kl_network *network = arg;
	int rc;

	/* the convenors' were folded first: what is a member's place is in the roster */
	if (kl_roster_stood_in(
		    &network->roster, &(struct kl_feed_key){head->feed.author, head->feed.epoch}))
		return KL_VISIT_ON;
	rc = kl_feed_visit(network->node->store, &head->feed, 1, fold_record, network);
	return rc < 0 ? rc : kl_counting_frozen(network, &head->feed);
}

/* Feeds are visited one by one after their heads are known: no transaction inside another. */
struct head_list {
	struct kl_feed_head *items;
	size_t n;
};

static int collect_head(void *arg, const struct kl_feed_head *head)
{
	struct head_list *list = arg;
	struct kl_feed_head *items = realloc(list->items, (list->n + 1) * sizeof *items);

	if (!items)
		return KL_E_NOMEM;
	list->items = items;
	list->items[list->n++] = *head;
	return KL_VISIT_ON;
}

static int arrived(void *store, const struct kl_feed_key *key, uint64_t seq, uint64_t *ret_arrival)
{
	struct kl_feed_id feed = kl_feed_id_of(key);

	return kl_arrival_of(store, &feed, seq, ret_arrival);
}

/* A full disk keeps nobody from being served: it is tried again at the next start. */
static void erase_what_is_left(struct kl_network *network)
{
	struct kl_fault fault = {0};

	if (kl_erasures_finish(network->node, &network->erasures, &fault))
		kl_log(KL_LOG_ERROR, "texts that were withdrawn are not erased yet: %s",
			fault.message);
}

/* The feeds that carried the roster, one behind the other, as each names the next. */
static int fold_convenors(struct kl_network *network)
{
	struct kl_feed_key key;
	struct kl_feed_id feed;
	int rc;

	do {
		key = network->roster.feed;
		feed = kl_feed_id_of(&key);
		rc = kl_feed_visit(network->node->store, &feed, 1, fold_record, network);
	} while (rc >= 0 && !kl_feed_key_equal(&key, &network->roster.feed));
	for (size_t i = 0; rc >= 0 && i < network->roster.n_convenors; i++) {
		feed = kl_feed_id_of(&network->roster.convenors[i].feed);
		rc = kl_counting_frozen(network, &feed);
	}
	return rc;
}

static int fold_all(struct kl_network *network, bool *ret_frozen, struct kl_fault *fault)
{
	struct kl_store *store = network->node->store;
	struct head_list heads = {0};
	struct kl_feed_id own;
	struct kl_feed_head head;
	int rc = fold_convenors(network);

	if (rc >= 0)
		rc = kl_feed_visit_heads(store, collect_head, &heads);
	for (size_t i = 0; rc >= 0 && i < heads.n; i++)
		rc = fold_feed(network, &heads.items[i]);
	free(heads.items);
	network->own.epoch = own_epoch(network);
	own = kl_feed_id_of(&network->own);
	if (rc >= 0)
		rc = kl_feed_head(store, &own, &head);
	if (rc < 0)
		return kl_fault(fault, rc, "what is stored of the network cannot be read");
	network->head = (struct kl_head){head.seq, head.id};
	*ret_frozen = head.contested != 0;
	erase_what_is_left(network);
	if (kl_posts_order(&network->posts, arrived, store))
		return kl_fault(fault, KL_E_DAMAGED, "the order of posts cannot be read");
	return KL_OK;
}

static int new_sync(struct kl_network *network, struct kl_fault *fault)
{
	struct kl_sync_config config = {.network = network->ticket.network,
		.own = network->own,
		.roster = network->roster.feed,
		.store_id = network->node->home.identity.store_id,
		.verifier = &network->verifier,
		.beat_ms = network->node->config.beat_ms};
	uint8_t entropy[32];

	kl_node_entropy(entropy);
	config.salt = kl_get_u64(entropy);
	network->sync = kl_sync_new(&config);
	return network->sync ? KL_OK : kl_fault(fault, KL_E_NOMEM, "out of memory");
}

static void init(struct kl_network *network, struct kl_node *node)
{
	network->node = node;
	network->own = (struct kl_feed_key){node->home.identity.sign.public_key, 0};
	network->verifier = (struct kl_verifier){.verify = kl_verify_ed25519};
	network->recovering.highwater = -1;
	network->news_end = &network->news;
	network->below = UINT64_MAX;
	kl_roster_init(&network->roster, &network->ticket.network, &network->ticket.convenor);
	uv_timer_init(&node->uv, &network->sync_timer);
	uv_timer_init(&node->uv, &network->tally_timer);
	uv_timer_init(&node->uv, &network->tell_timer);
	uv_timer_init(&node->uv, &network->reopen_timer);
	network->sync_timer.data = network->tally_timer.data = network->tell_timer.data = network;
	network->reopen_timer.data = network;
	network->open = 4;
}

int kl_network_start(struct kl_node *node, struct kl_fault *fault)
{
	struct kl_network *network = calloc(1, sizeof *network);
	bool frozen = false;
	int rc;

	if (!network)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = load_ticket(node, &network->ticket, fault);
	if (rc) {
		free(network);
		return rc == KL_E_NOT_FOUND ? KL_OK : rc;
	}
	init(network, node);
	if ((rc = kl_counting_open(network, fault)) || (rc = fold_all(network, &frozen, fault)) ||
		(rc = new_sync(network, fault))) {
		kl_network_stop(network);
		return rc;
	}
	node->network = network;
	if (kl_disk_trouble(node, NULL))
		kl_network_hold(network, true);
	kl_arrival_days_note(node);
	network->moved = false;
	kl_nearest_forget(node);
	kl_recovering_begin(network, frozen);
	keep_all_feeds(network);
	kl_network_deliver(network);
	kl_recovering_turn(network);
	kl_network_call_peers(network);
	return KL_OK;
}

/* ---- stop ---------------------------------------------------------------------------------- */

static void timer_closed(uv_handle_t *handle)
{
	struct kl_network *network = handle->data;

	if (--network->open)
		return;
	kl_sync_destroy(network->sync);
	kl_counting_close(network);
	kl_members_deinit(&network->members);
	kl_definitions_deinit(&network->definitions);
	kl_posts_deinit(&network->posts);
	kl_erasures_deinit(&network->erasures);
	kl_policies_deinit(&network->policies);
	kl_roster_deinit(&network->roster);
	kl_roster_order_deinit(&network->order);
	kl_network_drop_news(network);
	free(network);
}

void kl_network_stop(struct kl_network *network)
{
	if (!network)
		return;
	network->closing = true;
	network->node->network = NULL;
	kl_recovering_end(network);
	uv_close((uv_handle_t *)&network->sync_timer, timer_closed);
	uv_close((uv_handle_t *)&network->tally_timer, timer_closed);
	uv_close((uv_handle_t *)&network->tell_timer, timer_closed);
	uv_close((uv_handle_t *)&network->reopen_timer, timer_closed);
}

/* ---- anew ---------------------------------------------------------------------------------- */

static void on_reopen(uv_timer_t *timer)
{
	struct kl_network *network = timer->data;
	struct kl_node *node = network->node;
	struct kl_fault fault = {0};

	kl_network_stop(network);
	if (kl_network_start(node, &fault)) {
		kl_log(KL_LOG_ERROR, "the network could not be opened anew: %s; restart the daemon",
			fault.message);
		return;
	}
	kl_links_again(node->links);
}

void kl_network_reopen(struct kl_network *network)
{
	if (network->node->network == network) /* not while it is being opened */
		uv_timer_start(&network->reopen_timer, on_reopen, 0, 0);
}
