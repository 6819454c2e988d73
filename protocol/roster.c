#include "protocol/roster.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *kl_member_state_name(enum kl_member_state state)
{
	static const char *const names[] = {[KL_MEMBER_ACTIVE] = "active",
		[KL_MEMBER_SUSPENDED] = "suspended",
		[KL_MEMBER_RETIRED] = "retired",
		[KL_MEMBER_REMOVED] = "removed"};

	return names[state];
}

void kl_roster_init(
	struct kl_roster *roster, const struct kl_id *network, const struct kl_id *convenor)
{
	memset(roster, 0, sizeof *roster);
	if (network)
		roster->network = *network;
	roster->feed.author = *convenor;
	kl_charter_default(&roster->charter);
}

void kl_roster_deinit(struct kl_roster *roster)
{
	if (!roster)
		return;
	free(roster->members);
	free(roster->past);
	free(roster->erased);
	free(roster->adopted);
	memset(roster, 0, sizeof *roster);
}

/* NULL of nothing, or when out of memory. */
static void *copy_of(const void *items, size_t n, size_t size)
{
	void *copy = n ? malloc(n * size) : NULL;

	return copy ? memcpy(copy, items, n * size) : NULL;
}

int kl_roster_copy(const struct kl_roster *roster, struct kl_roster *ret_roster)
{
	struct kl_roster copy = *roster;

	copy.capacity = roster->n_members;
	copy.members = copy_of(roster->members, roster->n_members, sizeof *copy.members);
	copy.past = copy_of(roster->past, roster->n_past, sizeof *copy.past);
	copy.erased_capacity = roster->n_erased;
	copy.erased = copy_of(roster->erased, roster->n_erased, sizeof *copy.erased);
	copy.adopted = copy_of(roster->adopted, roster->n_adopted, sizeof *copy.adopted);
	if ((roster->n_members && !copy.members) || (roster->n_past && !copy.past) ||
		(roster->n_erased && !copy.erased) || (roster->n_adopted && !copy.adopted)) {
		free(copy.members);
		free(copy.past);
		free(copy.erased);
		free(copy.adopted);
		return KL_E_NOMEM;
	}
	*ret_roster = copy;
	return KL_OK;
}

/* ---- members ------------------------------------------------------------------------------- */

/* Index of the first member that is not before the identity. */
static size_t place(const struct kl_roster *roster, const struct kl_id *identity)
{
	size_t low = 0, high = roster->n_members;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (kl_id_compare(&roster->members[mid].identity, identity) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct kl_roster_member *find(const struct kl_roster *roster, const struct kl_id *identity)
{
	size_t i = place(roster, identity);

	if (i == roster->n_members || !kl_id_equal(&roster->members[i].identity, identity))
		return NULL;
	return &roster->members[i];
}

const struct kl_roster_member *kl_roster_find(
	const struct kl_roster *roster, const struct kl_id *identity)
{
	return find(roster, identity);
}

const struct kl_roster_member *kl_roster_find_curve(
	const struct kl_roster *roster, const uint8_t curve_key[32])
{
	for (size_t i = 0; i < roster->n_members; i++)
		if (!memcmp(roster->members[i].curve_key, curve_key, 32))
			return &roster->members[i];
	return NULL;
}

static bool exists(const struct kl_roster *roster)
{
	return roster->version > 0;
}

bool kl_roster_admits(
	const struct kl_roster *roster, const uint8_t curve_key[32], struct kl_id *ret_identity)
{
	const struct kl_roster_member *m = kl_roster_find_curve(roster, curve_key);

	if (exists(roster) && !memcmp(roster->curve_key, curve_key, 32)) {
		*ret_identity = roster->feed.author;
		return true;
	}
	if (!m || m->state != KL_MEMBER_ACTIVE)
		return false;
	*ret_identity = m->identity;
	return true;
}

bool kl_roster_contributes(const struct kl_roster_member *member)
{
	return member && member->state == KL_MEMBER_ACTIVE;
}

size_t kl_roster_contributors(const struct kl_roster *roster)
{
	size_t n = 0;

	for (size_t i = 0; i < roster->n_members; i++)
		n += kl_roster_contributes(&roster->members[i]);
	return n;
}

bool kl_roster_is_convenor(const struct kl_roster *roster, const struct kl_id *identity)
{
	return kl_id_equal(&roster->feed.author, identity);
}

static int make_room(struct kl_roster *roster)
{
	size_t capacity = roster->capacity ? 2 * roster->capacity : 32;
	struct kl_roster_member *members;

	if (roster->n_members < roster->capacity)
		return KL_OK;
	members = realloc(roster->members, capacity * sizeof *members);
	if (!members)
		return KL_E_NOMEM;
	roster->members = members;
	roster->capacity = capacity;
	return KL_OK;
}

/* ---- the records --------------------------------------------------------------------------- */

static int fold_create(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	struct kl_network_create create;
	struct kl_id network;
	int rc = kl_network_create_read(record->payload, &create, fault);

	if (rc)
		return rc;
	if (record->h.seq != 1)
		return kl_fault(
			fault, KL_E_INVALID, "only the first record can create the network");
	kl_network_id(&roster->feed.author, create.name, create.nonce, &network);
	if (!kl_id_equal(&network, &create.network))
		return kl_fault(fault, KL_E_INVALID, "the network's id does not follow from it");
	if (!kl_id_is_zero(&roster->network) && !kl_id_equal(&network, &roster->network))
		return kl_fault(fault, KL_E_CONFLICT, "this creates another network");
	roster->network = network;
	memcpy(roster->name, create.name, sizeof roster->name);
	memcpy(roster->curve_key, create.curve_key, sizeof roster->curve_key);
	return KL_OK;
}

static int fold_charter(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	return kl_charter_read(record->payload, &roster->charter, fault);
}

static int check_keys(
	const struct kl_roster *roster, const struct kl_admit *admit, struct kl_fault *fault)
{
	static const uint8_t none[32];
	const struct kl_roster_member *other = kl_roster_find_curve(roster, admit->curve_key);
	bool convenor = kl_roster_is_convenor(roster, &admit->identity);
	bool convenors = !memcmp(admit->curve_key, roster->curve_key, 32);

	if (kl_id_is_zero(&admit->identity) || !memcmp(admit->curve_key, none, 32))
		return kl_fault(fault, KL_E_INVALID, "a key of nothing but zeros is no key");
	if (other && !kl_id_equal(&other->identity, &admit->identity))
		return kl_fault(
			fault, KL_E_EXISTS, "the CURVE key belongs to %s already", other->name);
	if (convenor != convenors)
		return kl_fault(fault, KL_E_EXISTS,
			"the convenor is admitted with its own CURVE key, and nobody else is");
	return KL_OK;
}

static bool is_former(const struct kl_roster *roster, const struct kl_id *identity)
{
	for (size_t i = 0; i < roster->n_convenors; i++)
		if (kl_id_equal(&roster->convenors[i].feed.author, identity))
			return true;
	return false;
}

static int check_admit(
	const struct kl_roster *roster, const struct kl_admit *admit, struct kl_fault *fault)
{
	const struct kl_roster_member *known = find(roster, &admit->identity);

	if (!known && is_former(roster, &admit->identity)) {
		kl_fault(fault, KL_E_EXISTS, "a former convenor has left, and its feed has ended");
		kl_fault_hint(fault, "it can come back with a new identity");
		return KL_E_EXISTS;
	}
	if (known && known->state != KL_MEMBER_ACTIVE && known->state != KL_MEMBER_SUSPENDED) {
		kl_fault(fault, KL_E_EXISTS, "%s has left, and its feed has ended", known->name);
		kl_fault_hint(fault, "it can come back with a new identity");
		return KL_E_EXISTS;
	}
	for (size_t i = 0; i < roster->n_members; i++)
		if (&roster->members[i] != known && !strcmp(roster->members[i].name, admit->name))
			return kl_fault(fault, KL_E_EXISTS, "another member is called %s already",
				admit->name);
	if (!known && roster->n_members == KL_ROSTER_MEMBERS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a roster has at most %d members",
			KL_ROSTER_MEMBERS_MAX);
	return check_keys(roster, admit, fault);
}

/* To admit a member again confirms new attributes, a new name or CURVE key, and lifts a suspension. */
static int fold_admit(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	struct kl_roster_member *m;
	struct kl_admit admit;
	size_t at;
	int rc = kl_admit_read(record->payload, &admit, fault);

	if (!rc)
		rc = check_admit(roster, &admit, fault);
	if (rc)
		return rc;
	m = find(roster, &admit.identity);
	if (!m) {
		if (make_room(roster))
			return KL_E_NOMEM;
		at = place(roster, &admit.identity);
		m = &roster->members[at];
		memmove(m + 1, m, (roster->n_members - at) * sizeof *m);
		roster->n_members++;
		*m = (struct kl_roster_member){.identity = admit.identity,
			.since_feed = roster->feed,
			.since_seq = record->h.seq,
			.since = roster->version};
	}
	memcpy(m->curve_key, admit.curve_key, sizeof m->curve_key);
	memcpy(m->name, admit.name, sizeof m->name);
	m->attributes = admit.attributes;
	m->state = KL_MEMBER_ACTIVE;
	return KL_OK;
}

static int fold_standing(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	struct kl_standing standing;
	struct kl_roster_member *m;
	int rc = kl_standing_read(record->payload, &standing, fault);

	if (rc)
		return rc;
	m = find(roster, &standing.identity);
	if (!m)
		return kl_fault(fault, KL_E_NOT_FOUND, "this member is not on the roster");
	if (m->state == KL_MEMBER_REMOVED ||
		(m->state == KL_MEMBER_RETIRED && record->h.kind != KL_KIND_REMOVE))
		return kl_fault(fault, KL_E_INVALID, "%s has left already", m->name);
	if (record->h.kind == KL_KIND_SUSPEND) {
		if (standing.ends)
			return kl_fault(fault, KL_E_INVALID, "a suspension does not end a feed");
		m->state = KL_MEMBER_SUSPENDED;
		return KL_OK;
	}
	m->state = record->h.kind == KL_KIND_RETIRE ? KL_MEMBER_RETIRED : KL_MEMBER_REMOVED;
	/* the convenor's own feed carries the roster and goes on, whatever it contributes */
	if (standing.ends && !m->ended && !kl_roster_is_convenor(roster, &m->identity)) {
		m->ended = true;
		m->end = standing.end;
	}
	return KL_OK;
}

/* ---- epochs -------------------------------------------------------------------------------- */

/* Index of the first past epoch that is not before the feed. */
static size_t past_place(const struct kl_roster *roster, const struct kl_feed_key *feed)
{
	size_t low = 0, high = roster->n_past;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (kl_feed_key_compare(&roster->past[mid].feed, feed) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool was_convenor(
	const struct kl_roster *roster, const struct kl_feed_key *feed, struct kl_head *ret_end)
{
	for (size_t i = 0; i < roster->n_convenors; i++)
		if (kl_feed_key_equal(&roster->convenors[i].feed, feed)) {
			*ret_end = roster->convenors[i].end;
			return true;
		}
	return false;
}

bool kl_roster_stood_in(const struct kl_roster *roster, const struct kl_feed_key *feed)
{
	struct kl_head end;

	return kl_feed_key_equal(&roster->feed, feed) || was_convenor(roster, feed, &end);
}

bool kl_roster_ends(
	const struct kl_roster *roster, const struct kl_feed_key *feed, struct kl_head *ret_end)
{
	const struct kl_roster_member *m = kl_roster_find(roster, &feed->author);
	size_t i = past_place(roster, feed);

	if (i < roster->n_past && kl_feed_key_equal(&roster->past[i].feed, feed))
		*ret_end = roster->past[i].end;
	else if (m && m->ended && m->epoch == feed->epoch)
		*ret_end = m->end;
	else
		return !m && was_convenor(roster, feed, ret_end);
	return true;
}

static int check_reset(const struct kl_roster *roster, const struct kl_roster_member *m,
	const struct kl_reset *reset, struct kl_fault *fault)
{
	if (kl_roster_is_convenor(roster, &reset->identity))
		return kl_fault(fault, KL_E_DENIED,
			"the convenor's own feed carries the roster and cannot be reset");
	if (!m)
		return kl_fault(fault, KL_E_NOT_FOUND, "this member is not on the roster");
	if (m->state == KL_MEMBER_REMOVED || m->state == KL_MEMBER_RETIRED)
		return kl_fault(
			fault, KL_E_INVALID, "%s has left, and its feed has ended", m->name);
	if (m->epoch == UINT32_MAX || reset->epoch != m->epoch + 1)
		return kl_fault(fault, KL_E_INVALID,
			"epoch %" PRIu32 " of the feed of %s is followed by the next number, not "
			"by %" PRIu32,
			m->epoch, m->name, reset->epoch);
	if (roster->n_past == KL_ROSTER_PAST_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a network resets feeds at most %d times",
			KL_ROSTER_PAST_MAX);
	return KL_OK;
}

static int fold_reset(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	struct kl_past_epoch *past;
	struct kl_roster_member *m;
	struct kl_reset reset;
	size_t at;
	int rc = kl_reset_read(record->payload, &reset, fault);

	if (rc)
		return rc;
	m = find(roster, &reset.identity);
	rc = check_reset(roster, m, &reset, fault);
	if (rc)
		return rc;
	past = realloc(roster->past, (roster->n_past + 1) * sizeof *past);
	if (!past)
		return KL_E_NOMEM;
	roster->past = past;
	at = past_place(roster, &(struct kl_feed_key){m->identity, m->epoch});
	memmove(past + at + 1, past + at, (roster->n_past - at) * sizeof *past);
	past[at] = (struct kl_past_epoch){{m->identity, m->epoch}, reset.end};
	roster->n_past++;
	m->epoch = reset.epoch;
	return KL_OK;
}

/* ---- the next convenor --------------------------------------------------------------------- */

static int check_next(
	const struct kl_roster *roster, const struct kl_next_convenor *next, struct kl_fault *fault)
{
	const struct kl_roster_member *m = kl_roster_find(roster, &next->feed.author);

	if (!m || m->state != KL_MEMBER_ACTIVE)
		return kl_fault(fault, KL_E_NOT_FOUND,
			"the next convenor has to be an active member of the roster");
	if (kl_roster_is_convenor(roster, &m->identity))
		return kl_fault(fault, KL_E_EXISTS, "%s is the convenor already", m->name);
	if (is_former(roster, &m->identity)) {
		kl_fault(fault, KL_E_INVALID,
			"%s was the convenor once, and a roster comes back to no feed", m->name);
		kl_fault_hint(fault, "it can come back with a new identity");
		return KL_E_INVALID;
	}
	if (m->epoch != next->feed.epoch || memcmp(m->curve_key, next->curve_key, 32) != 0)
		return kl_fault(fault, KL_E_INVALID,
			"epoch or CURVE key of %s are others than on the roster", m->name);
	if (!next->head.seq || next->head.seq > UINT64_MAX / 2)
		return kl_fault(fault, KL_E_INVALID, "the feed of %s has no such place", m->name);
	if (roster->n_convenors == KL_ROSTER_CONVENORS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a network has at most %d convenors",
			KL_ROSTER_CONVENORS_MAX + 1);
	return KL_OK;
}

static int fold_next(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	struct kl_next_convenor next;
	int rc = kl_next_convenor_read(record->payload, &next, fault);

	if (!rc)
		rc = check_next(roster, &next, fault);
	if (rc)
		return rc;
	roster->convenors[roster->n_convenors++] =
		(struct kl_past_convenor){roster->feed, {record->h.seq, record->id}};
	roster->feed = next.feed;
	memcpy(roster->curve_key, next.curve_key, sizeof roster->curve_key);
	roster->seq = next.head.seq;
	return KL_OK;
}

/* ---- erased -------------------------------------------------------------------------------- */

/* Index of the first erased record that is not before the id. */
static size_t erased_place(const struct kl_roster *roster, const struct kl_id *id)
{
	size_t low = 0, high = roster->n_erased;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (kl_id_compare(&roster->erased[mid], id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_erased(const struct kl_roster *roster, const struct kl_id *id)
{
	size_t at = erased_place(roster, id);

	return at < roster->n_erased && kl_id_equal(&roster->erased[at], id);
}

bool kl_roster_erases(const struct kl_roster *roster, const struct kl_record *record)
{
	return is_erased(roster, &record->id) && kl_kind_may_be_erased(record->h.kind);
}

static int fold_erase(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	struct kl_erase erase;
	size_t at, capacity;
	struct kl_id *more;
	int rc = kl_erase_read(record->payload, &erase, fault);

	if (rc)
		return rc;
	if (is_erased(roster, &erase.record.id))
		return kl_fault(fault, KL_E_EXISTS, "this record is erased already");
	if (roster->n_erased == roster->erased_capacity) {
		capacity = roster->n_erased ? 2 * roster->n_erased : 16;
		more = realloc(roster->erased, capacity * sizeof *more);
		if (!more)
			return KL_E_NOMEM;
		roster->erased = more;
		roster->erased_capacity = capacity;
	}
	at = erased_place(roster, &erase.record.id);
	memmove(roster->erased + at + 1, roster->erased + at,
		(roster->n_erased - at) * sizeof *roster->erased);
	roster->erased[at] = erase.record.id;
	roster->n_erased++;
	return KL_OK;
}

/* ---- adoptions ----------------------------------------------------------------------------- */

static struct kl_adopted *find_adopted(
	const struct kl_roster *roster, const struct kl_id *author, const char *code)
{
	for (size_t i = 0; i < roster->n_adopted; i++)
		if (kl_id_equal(&roster->adopted[i].author, author) &&
			!strcmp(roster->adopted[i].code, code))
			return &roster->adopted[i];
	return NULL;
}

const struct kl_adopted *kl_roster_adopted(
	const struct kl_roster *roster, const struct kl_id *author, const char *code)
{
	return find_adopted(roster, author, code);
}

static int end_adoption(
	struct kl_roster *roster, struct kl_adopted *adopted, struct kl_fault *fault)
{
	size_t behind;

	if (!adopted)
		return kl_fault(fault, KL_E_NOT_FOUND, "this definition is not adopted");
	behind = (size_t)(roster->adopted + roster->n_adopted - adopted) - 1;
	memmove(adopted, adopted + 1, behind * sizeof *adopted);
	roster->n_adopted--;
	return KL_OK;
}

/* A later version of what is adopted already takes its place. */
static int fold_adopt(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	struct kl_adopted *adopted, *items;
	struct kl_adopt adopt;
	int rc = kl_adopt_read(record->payload, &adopt, fault);

	if (rc)
		return rc;
	adopted = find_adopted(roster, &adopt.author, adopt.code);
	if (adopt.ends)
		return end_adoption(roster, adopted, fault);
	if (!adopted) {
		if (roster->n_adopted == KL_ROSTER_ADOPTED_MAX)
			return kl_fault(fault, KL_E_TOO_BIG,
				"a network adopts at most %d definitions", KL_ROSTER_ADOPTED_MAX);
		items = realloc(roster->adopted, (roster->n_adopted + 1) * sizeof *items);
		if (!items)
			return KL_E_NOMEM;
		roster->adopted = items;
		adopted = &items[roster->n_adopted++];
	}
	*adopted = (struct kl_adopted){.author = adopt.author};
	memcpy(adopted->code, adopt.code, sizeof adopted->code);
	kl_definition_id(&adopt.author, adopt.definition, &adopted->definition);
	return KL_OK;
}

static int fold_roster_record(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	if (record->erased)
		return kl_fault(fault, KL_E_MALFORMED, "the payload of a roster record is missing");
	if (record->h.kind == KL_KIND_NETWORK_CREATE)
		return fold_create(roster, record, fault);
	if (!exists(roster))
		return kl_fault(fault, KL_E_INVALID, "the network has not been created yet");
	switch (record->h.kind) {
	case KL_KIND_ADOPT:
		return fold_adopt(roster, record, fault);
	case KL_KIND_CHARTER:
		return fold_charter(roster, record, fault);
	case KL_KIND_ADMIT:
		return fold_admit(roster, record, fault);
	case KL_KIND_RETIRE:
	case KL_KIND_SUSPEND:
	case KL_KIND_REMOVE:
		return fold_standing(roster, record, fault);
	case KL_KIND_RESET:
		return fold_reset(roster, record, fault);
	case KL_KIND_ERASE:
		return fold_erase(roster, record, fault);
	case KL_KIND_NEXT_CONVENOR:
		return fold_next(roster, record, fault);
	default:
		return kl_fault(fault, KL_E_VERSION,
			"\"%s\" in a roster is not understood by this version",
			kl_kind_name(record->h.kind));
	}
}

bool kl_roster_awaits(const struct kl_roster *roster, const struct kl_record *record)
{
	return kl_id_equal(&record->h.author, &roster->feed.author) &&
	       record->h.epoch == roster->feed.epoch && record->h.seq == roster->seq + 1;
}

int kl_roster_apply(
	struct kl_roster *roster, const struct kl_record *record, struct kl_fault *fault)
{
	const struct kl_feed_key before = roster->feed;
	int rc = KL_OK;

	if (!kl_roster_awaits(roster, record))
		return kl_fault(fault, KL_E_BUG,
			"record %" PRIu64 " of this feed does not follow roster record %" PRIu64,
			record->h.seq, roster->seq);
	if (kl_kind_is_roster(record->h.kind) || record->h.kind == KL_KIND_ADOPT)
		rc = fold_roster_record(roster, record, fault);
	if (rc == KL_E_NOMEM)
		return rc;
	if (kl_feed_key_equal(&roster->feed, &before))
		roster->seq = record->h.seq;
	if (!rc && kl_kind_is_roster(record->h.kind)) {
		roster->version++;
		roster->hash = record->id;
	}
	return rc;
}
