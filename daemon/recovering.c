#include "daemon/recovering.h"
#include "daemon/log.h"
#include "daemon/marks.h"
#include "daemon/network.h"
#include "store/documents.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STORE_KIND "home"
#define STORE_NAME "store"

static struct kl_recover *machine_of(struct kl_network *network)
{
	return &network->recovering.machine;
}

/* ---- what the home remembers --------------------------------------------------------------- */

static struct kl_highwater highwater_now(const struct kl_network *network)
{
	return (struct kl_highwater){network->ticket.network, network->own.epoch, network->head};
}

static void keep_highwater(struct kl_network *network)
{
	struct kl_highwater now = highwater_now(network);
	int fd = network->recovering.highwater;

	if (fd >= 0 && kl_highwater_write(fd, &now) &&
		kl_log_may(&network->put_failures, kl_node_now(network->node)))
		kl_log(KL_LOG_WARNING, "the high-water file could not be written");
}

/* A file of its own for this home; what it says is as far as the database goes. */
static void renew_highwater(struct kl_network *network, const struct kl_highwater *highwater)
{
	struct kl_recovering *r = &network->recovering;
	struct kl_fault fault = {0};

	if (r->highwater >= 0)
		close(r->highwater);
	r->highwater = -1;
	if (kl_highwater_open(&network->node->home, highwater, &r->highwater, &fault))
		kl_log(KL_LOG_WARNING, "%s", fault.message);
}

struct at_place {
	const struct kl_id *id;
	bool same;
};

static int look_at_place(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct at_place *place = arg;

	(void)feed;
	place->same = kl_id_equal(place->id, &stored->id);
	return KL_OK;
}

/* Whether the database has what this home has sent away. */
static bool agrees(const struct kl_network *network, const struct kl_highwater *h)
{
	struct kl_feed_id feed = kl_feed_id_of(&network->own);
	struct at_place place = {&h->head.id, false};

	if (!h->head.seq || h->epoch < network->own.epoch)
		return true;
	if (h->epoch > network->own.epoch || h->head.seq > network->head.seq)
		return false;
	return !kl_feed_get(network->node->store, &feed, h->head.seq, look_at_place, &place) &&
	       place.same;
}

enum store_found { STORE_OURS, STORE_NEW, STORE_OTHER };

static enum store_found look_at_store(const struct kl_network *network)
{
	const struct kl_id *id = &network->node->home.identity.store_id;
	enum store_found found = STORE_OTHER;
	uint8_t *bytes;
	size_t len;

	if (kl_document_get(network->node->store, STORE_KIND, STORE_NAME, 0, &bytes, &len, NULL))
		return STORE_NEW;
	if (kl_bytes_equal(kl_bytes(bytes, len), kl_id_bytes(id)))
		found = STORE_OURS;
	free(bytes);
	return found;
}

static int keep_store_id(struct kl_network *network)
{
	return kl_node_keep(network->node, STORE_KIND, STORE_NAME,
		kl_id_bytes(&network->node->home.identity.store_id), NULL);
}

static bool machine_changed(const struct kl_network *network)
{
	const struct kl_home *home = &network->node->home;
	struct kl_id now;

	kl_home_machine(home, &now);
	return !kl_id_is_zero(&now) && !kl_id_is_zero(&home->identity.machine) &&
	       !kl_id_equal(&now, &home->identity.machine);
}

static unsigned reasons_of(const struct kl_network *network, enum kl_highwater_found found,
	const struct kl_highwater *highwater)
{
	unsigned reasons = 0;

	if (kl_mark_is(&network->node->home, KL_HOME_RESTORED))
		reasons |= KL_RECOVER_RESTORED;
	if (look_at_store(network) == STORE_OTHER)
		reasons |= KL_RECOVER_STORE;
	if (machine_changed(network))
		reasons |= KL_RECOVER_MACHINE;
	if (found == KL_HIGHWATER_COPIED)
		reasons |= KL_RECOVER_COPIED;
	if (!agrees(network, highwater))
		reasons |= KL_RECOVER_HIGHWATER;
	return reasons;
}

/* While it recovers the file stays as it is: an end in between must not hide that. */
static void open_highwater(struct kl_network *network, enum kl_highwater_found found)
{
	struct kl_highwater now = highwater_now(network);
	struct kl_fault fault = {0};

	if (machine_of(network)->reasons)
		return;
	if (found != KL_HIGHWATER_HERE)
		renew_highwater(network, &now);
	else if (kl_highwater_go_on(
			 &network->node->home, &now, &network->recovering.highwater, &fault))
		kl_log(KL_LOG_WARNING, "%s", fault.message);
}

void kl_recovering_begin(struct kl_network *network, bool frozen)
{
	struct kl_node *node = network->node;
	struct kl_recovering *r = &network->recovering;
	struct kl_choice choice = kl_mark_choice(&node->home);
	struct kl_recover_start start = {.now_ms = kl_node_now(node),
		.beat_ms = node->config.beat_ms,
		.convenor = network->roster.feed.author,
		.is_convenor = kl_network_is_convenor(network),
		.head = network->head,
		.go_on = choice.go_on,
		.chosen = choice.chosen};
	struct kl_highwater highwater;
	enum kl_highwater_found found = kl_highwater_read(&node->home, &highwater);
	uint8_t entropy[32];

	if (!kl_id_equal(&highwater.network, &network->ticket.network))
		highwater = (struct kl_highwater){.epoch = 0};
	kl_node_entropy(entropy);
	memcpy(start.run.b, entropy, KL_RUN_ID_BYTES);
	start.highwater = highwater.epoch == network->own.epoch ? highwater.head.seq : 0;
	start.reasons = reasons_of(network, found, &highwater);
	start.twin = kl_mark_twin(&node->home, &start.superseded);
	r->highwater = -1;
	r->opened = true;
	kl_recover_begin(&r->machine, &start);
	kl_recover_froze(&r->machine, frozen);
	open_highwater(network, found);
	if (look_at_store(network) == STORE_NEW)
		(void)keep_store_id(network);
	if (choice.go_on) { /* said once */
		choice.go_on = false;
		(void)kl_mark_choose(&node->home, choice, NULL);
	}
	kl_recovering_roster(network);
}

void kl_recovering_end(struct kl_network *network)
{
	struct kl_recovering *r = &network->recovering;

	if (!r->opened || r->highwater < 0)
		return;
	(void)fdatasync(r->highwater);
	close(r->highwater);
	r->highwater = -1;
}

bool kl_recovering_knows_nobody(const struct kl_network *network)
{
	const struct kl_recover *r = &network->recovering.machine;

	return kl_network_is_convenor(network) && r->reasons && !network->head.seq &&
	       !network->roster.version;
}

/* ---- events -------------------------------------------------------------------------------- */

static void say_here(struct kl_network *network, uint32_t link)
{
	struct kl_here here;
	struct kl_writer w;
	struct kl_bytes frame;

	kl_recover_say(machine_of(network), &network->own, &here);
	kl_here_sign(&network->ticket.network, &network->node->home.identity.sign, &here);
	kl_writer_init(&w);
	kl_frame_here_write(&w, &here);
	if (!kl_writer_bytes(&w, &frame)) {
		kl_links_send(network->node->links, link, frame);
		kl_sync_sent(network->sync, link, frame.len);
	}
	kl_writer_deinit(&w);
}

static void say_everywhere(struct kl_network *network)
{
	struct kl_sync_peer peer;

	for (uint32_t link = 0; link < KL_SYNC_LINKS_MAX; link++)
		if (!kl_sync_peer(network->sync, link, &peer) && peer.ready)
			say_here(network, link);
}

void kl_recovering_greeted(struct kl_network *network, uint32_t link, const struct kl_id *member)
{
	kl_recover_greeted(machine_of(network), kl_node_now(network->node), member);
	say_here(network, link);
}

void kl_recovering_told(
	struct kl_network *network, const struct kl_id *member, const struct kl_head *head)
{
	struct kl_recover *r = machine_of(network);
	bool before = kl_recover_state(r) == KL_OWN_OPEN;

	kl_recover_told(r, kl_node_now(network->node), member, head);
	if (before && kl_recover_is_claim(r))
		kl_log(KL_LOG_WARNING,
			"a peer says that it holds record %llu of our own feed, we do not",
			(unsigned long long)head->seq);
}

void kl_recovering_pulled(struct kl_network *network)
{
	kl_recover_pulled(machine_of(network), kl_node_now(network->node), &network->head);
	keep_highwater(network);
}

void kl_recovering_appended(struct kl_network *network)
{
	kl_recover_appended(machine_of(network), &network->head);
	keep_highwater(network);
}

/* Everybody on the roster may hold our feed, also who is suspended; who was removed is not asked. */
static size_t others(const struct kl_network *network)
{
	const struct kl_roster *roster = &network->roster;
	size_t n = !kl_network_is_convenor(network) && roster->version;

	for (size_t i = 0; i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];

		n += m->state == KL_MEMBER_ACTIVE &&
		     !kl_id_equal(&m->identity, &network->own.author) &&
		     !kl_id_equal(&m->identity, &roster->feed.author);
	}
	return n;
}

void kl_recovering_roster(struct kl_network *network)
{
	struct kl_head end;

	if (network->recovering.opened)
		kl_recover_roster(machine_of(network), kl_node_now(network->node), others(network),
			kl_roster_ends(&network->roster, &network->own, &end));
}

void kl_recovering_froze(struct kl_network *network)
{
	kl_recover_froze(machine_of(network), true);
}

void kl_recovering_met(struct kl_network *network)
{
	kl_recover_met(machine_of(network));
}

void kl_recovering_here(struct kl_network *network, uint32_t link, const struct kl_here *here)
{
	if (!kl_feed_key_equal(&here->feed, &network->own) ||
		kl_here_check(&network->ticket.network,
			&network->node->home.identity.sign.public_key, here))
		return;
	if (kl_recover_here(machine_of(network), kl_node_now(network->node), here))
		say_here(network, link);
}

/* ---- wishes -------------------------------------------------------------------------------- */

/* The order matters: an end in between leaves a home that recovers once more. */
static void settle(struct kl_network *network)
{
	struct kl_home *home = &network->node->home;
	struct kl_highwater now = highwater_now(network);
	struct kl_fault fault = {0};

	if (kl_home_renew(home, &fault) || keep_store_id(network)) {
		kl_log(KL_LOG_WARNING,
			"this home will compare itself once more after a restart: %s",
			fault.message);
		return;
	}
	renew_highwater(network, &now);
	(void)kl_mark_take(home, KL_HOME_RESTORED);
}

static void mark(struct kl_network *network)
{
	if (kl_mark_put(&network->node->home, KL_HOME_RESTORED,
		    "records of the own feed came from other members\n"))
		kl_log(KL_LOG_WARNING, "%s cannot be written", KL_HOME_RESTORED);
}

static void speak(struct kl_network *network)
{
	kl_counting_ready(network);
	kl_network_introduce(network);
}

/* One line at each change. */
static void tell_log(struct kl_network *network)
{
	struct kl_recovering *r = &network->recovering;
	enum kl_own_state state = kl_recover_state(&r->machine);
	bool claim = kl_recover_is_claim(&r->machine);
	char words[KL_RECOVERING_TEXT];

	if (state == r->told && claim == r->claim && r->superseded == r->machine.superseded)
		return;
	if (state == KL_OWN_OPEN && !r->claim)
		kl_log(KL_LOG_INFO, "this home knows all of its own feed, up to record %llu",
			(unsigned long long)network->head.seq);
	if (state != KL_OWN_OPEN && !claim) {
		kl_recovering_words(network, words);
		kl_log(state == KL_OWN_RECOVERING ? KL_LOG_WARNING : KL_LOG_ERROR, "%s", words);
	}
	r->told = state;
	r->claim = claim;
	r->superseded = r->machine.superseded;
}

static void act(struct kl_network *network, unsigned wishes)
{
	bool superseded = machine_of(network)->superseded;

	if (wishes & KL_RECOVER_MARK)
		mark(network);
	if (wishes & KL_RECOVER_PAIR && kl_mark_pair(&network->node->home, superseded))
		kl_log(KL_LOG_WARNING, "that another machine has this key cannot be noted");
	if (wishes & KL_RECOVER_SETTLE)
		settle(network);
	if (wishes & KL_RECOVER_SAY)
		say_everywhere(network);
	tell_log(network);
	if (wishes & KL_RECOVER_SPEAK)
		speak(network);
}

void kl_recovering_turn(struct kl_network *network)
{
	struct kl_recovering *r = &network->recovering;

	if (!r->opened || r->acting || network->closing)
		return;
	kl_recover_tick(&r->machine, kl_node_now(network->node));
	r->acting = true;
	act(network, kl_recover_wishes(&r->machine));
	r->acting = false;
}

/* ---- words --------------------------------------------------------------------------------- */

static const char *why(unsigned reasons)
{
	if (reasons & KL_RECOVER_RESTORED)
		return "it was put back from a copy";
	if (reasons & KL_RECOVER_HIGHWATER)
		return "its database is older than what it has published";
	if (reasons & KL_RECOVER_STORE)
		return "its database comes from another home";
	if (reasons & KL_RECOVER_MACHINE)
		return "it runs on another machine than before";
	if (reasons & KL_RECOVER_COPIED)
		return "it was copied or moved";
	return "others held records of it that were not here";
}

static void recovering_words(const struct kl_recover *r, char out[KL_RECOVERING_TEXT])
{
	size_t greeted, told = kl_recover_count(r, &greeted);

	if (kl_recover_is_claim(r))
		(void)snprintf(out, KL_RECOVERING_TEXT,
			"a peer says that it holds more of this member's records than this home "
			"does: nothing is published until that is looked into, some seconds");
	else
		(void)snprintf(out, KL_RECOVERING_TEXT,
			"this home compares its own records with what other members hold, because "
			"%s; until then it publishes nothing (%zu of %zu that answered agree)",
			why(r->reasons), told, greeted);
}

void kl_recovering_words(const struct kl_network *network, char out[KL_RECOVERING_TEXT])
{
	const struct kl_recover *r = &network->recovering.machine;

	out[0] = '\0';
	switch (kl_recover_state(r)) {
	case KL_OWN_OPEN:
		return;
	case KL_OWN_RECOVERING:
		recovering_words(r, out);
		return;
	case KL_OWN_TWIN:
		(void)snprintf(out, KL_RECOVERING_TEXT, "%s",
			r->superseded ? "another home of this member was chosen in its place: this "
					"one only "
					"reads, and publishes nothing"
				      : "another machine has the same key as this member: both "
					"only read, "
					"and publish nothing, until one of them is chosen");
		return;
	case KL_OWN_FROZEN:
		(void)snprintf(out, KL_RECOVERING_TEXT,
			"two different records of this member stand at one place: its feed is "
			"frozen, and it publishes nothing");
		return;
	case KL_OWN_ENDED:
		(void)snprintf(out, KL_RECOVERING_TEXT, "this member has left the network");
	}
}

const char *kl_recovering_state(const struct kl_network *network)
{
	switch (kl_recover_state(&network->recovering.machine)) {
	case KL_OWN_RECOVERING:
		return "recovering";
	case KL_OWN_TWIN:
		return "on two machines";
	case KL_OWN_FROZEN:
		return "frozen";
	default:
		return NULL;
	}
}

static const char *hint(const struct kl_recover *r)
{
	switch (kl_recover_state(r)) {
	case KL_OWN_RECOVERING:
		return kl_recover_is_claim(r)
			       ? "try again in a few seconds"
			       : "it goes on by itself once enough members have answered; if "
				 "nobody can answer any more, and no second machine has this "
				 "home: keeplocald --home DIR --this-one";
	case KL_OWN_TWIN:
		return r->superseded ? "stop it, keep what you need of it, and remove this home; "
				       "or choose it after all: keeplocald --home DIR --this-one"
				     : "stop both; on the one that is to go on: keeplocald --home "
				       "DIR --this-one, then start it; remove the home of the "
				       "other";
	case KL_OWN_FROZEN:
		if (r->start.is_convenor)
			return "a roster that was forked cannot go on: found a new network, and "
			       "admit the members there";
		return "a second machine used the same home, or an old copy was put back: stop the "
		       "other one, then ask the convenor for: keeplocal network reset MEMBER";
	default:
		return NULL;
	}
}

int kl_recovering_may_append(const struct kl_network *network, struct kl_fault *fault)
{
	const struct kl_recover *r = &network->recovering.machine;
	enum kl_own_state state = kl_recover_state(r);
	char words[KL_RECOVERING_TEXT];
	const char *next = hint(r);
	int rc = state == KL_OWN_RECOVERING ? KL_E_BUSY : KL_E_DENIED;

	if (state == KL_OWN_OPEN)
		return KL_OK;
	kl_recovering_words(network, words);
	kl_fault(fault, rc, "%s", words);
	if (next)
		kl_fault_hint(fault, "%s", next);
	return rc;
}
