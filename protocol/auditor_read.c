/* Reading feeds: headers, hashes, chains and signatures are checked, and what is certified is taken. */
#include "core/hash.h"
#include "protocol/auditor_in.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	ENTRIES_MAX = 256, /* then they are taken, if one is certified */
	KINDS_FIRST = 64,  /* of tallies: header.h */
	KINDS_LAST = 95,
	UNCERTIFIED_MAX = 1 << 16 /* records of one feed without any signature */
};

static bool is_of_tallies(uint32_t kind)
{
	return kind >= KINDS_FIRST && kind <= KINDS_LAST;
}

/* Whether the content of a record is looked at. That of a SHARE is sealed: its hash is enough. */
static bool matters(const struct kl_auditor *a, const struct kl_header *h)
{
	return is_of_tallies(h->kind) ||
	       (a->feed.convenors && (kl_kind_is_roster(h->kind) || h->kind == KL_KIND_ADOPT ||
					     h->kind == KL_KIND_NETWORK_CREATE));
}

static void wrong(struct kl_auditor *a, uint64_t seq, uint32_t kind, const char *what)
{
	char name[KL_AUDIT_NAME_MAX];

	kl_auditor_say(a, KL_AUDIT_SIGNATURES, KL_MARK_WRONG, "record %" PRIu64 " of %s%s%s%s: %s",
		seq, kl_auditor_name(a, &a->feed.key.author, name), kind ? " (" : "",
		kind ? kl_kind_name(kind) : "", kind ? ")" : "", what);
}

void *kl_auditor_grow(
	struct kl_auditor *a, void **items, size_t *count, size_t *capacity, size_t size)
{
	uint8_t *memory = *items;

	if (*count == *capacity) {
		size_t more = *capacity ? 2 * *capacity : 64;

		memory = realloc(*items, more * size);
		if (!memory) {
			a->rc = KL_E_NOMEM;
			return NULL;
		}
		*items = memory;
		*capacity = more;
	}
	memory += (*count)++ * size;
	memset(memory, 0, size);
	return memory;
}

/* ---- what is certified is taken ---------------------------------------------------------------- */

static struct kl_record record_of(const struct kl_audit_entry *e)
{
	return (struct kl_record){.payload = kl_bytes(e->payload, e->len),
		.erased = !e->here,
		.h = e->h,
		.id = e->id};
}

/* Whether a record stands where the roster goes on, and not before it came to this feed or behind the
 * record that names the next convenor. */
static bool is_roster_at(const struct kl_auditor *a, uint64_t seq)
{
	return a->feed.convenors && kl_feed_key_equal(&a->feed.key, &a->roster.feed) &&
	       seq >= a->roster.seq;
}

/* A CALL is judged by what stands before it in the convenor's feed. */
static void take_call(struct kl_auditor *a, const struct kl_audit_entry *e)
{
	bool ours = kl_id_equal(&e->id, &a->options.tally);
	struct kl_tally_roster roster;
	struct kl_tally_view view;
	int rc;

	if (ours) {
		a->call_seen = true;
		a->convenors_call = is_roster_at(a, e->h.seq);
		a->previous = a->last_call;
		a->previous_result = a->last_result;
	}
	if (!is_roster_at(a, e->h.seq) || a->roster_ends)
		return;
	rc = kl_tally_roster_freeze(&a->roster, &roster);
	if (rc == KL_E_NOMEM)
		a->rc = rc;
	if (rc)
		return;
	kl_auditor_fold(a, e, &roster);
	kl_tally_roster_deinit(&roster);
	if (a->rc || kl_tallies_view(a->fold, &e->id, &view))
		return;
	a->call_folded |= ours;
	if (view.gate != KL_GATE_INVALID)
		a->last_call = e->id;
}

/* The last result that the convenor closed in its own feed, of a tally that counts. */
static void take_close(struct kl_auditor *a, const struct kl_audit_entry *e)
{
	struct kl_tally_close close;
	const struct kl_tally *t;

	if (!is_roster_at(a, e->h.seq) || !e->here ||
		kl_tally_close_read(kl_bytes(e->payload, e->len), &close) ||
		close.outcome != KL_CLOSE_RESULT)
		return;
	t = kl_tallies_find(a->fold, &close.tally);
	if (t && t->gate != KL_GATE_INVALID && !t->close_seen)
		a->last_result = close.result;
}

static void keep_share(struct kl_auditor *a, const struct kl_audit_entry *e)
{
	struct kl_audit_share *share = kl_auditor_grow(
		a, (void **)&a->shares, &a->share_count, &a->share_capacity, sizeof *a->shares);

	if (!share)
		return;
	share->author = e->h.author;
	share->blob = e->h.payload_hash;
	share->seq = e->h.seq;
	share->len = e->h.payload_len;
	share->here = e->here;
}

static bool speaks_of_it(const struct kl_auditor *a, const struct kl_audit_entry *e)
{
	struct kl_id tally;

	if (e->h.kind == KL_KIND_TALLY_CALL)
		return kl_id_equal(&e->id, &a->options.tally);
	return e->here && !kl_tally_payload_tally(kl_bytes(e->payload, e->len), &tally) &&
	       kl_id_equal(&tally, &a->options.tally);
}

void kl_auditor_keep(struct kl_auditor *a, const struct kl_header *h, const struct kl_id *id,
	uint8_t *payload, size_t len, bool here)
{
	struct kl_audit_said *said = kl_auditor_grow(
		a, (void **)&a->said, &a->said_count, &a->said_capacity, sizeof *a->said);

	if (!said) {
		free(payload);
		return;
	}
	said->id = *id;
	said->author = h->author;
	said->seq = h->seq;
	said->time_ms = h->time_ms;
	said->kind = h->kind;
	said->here = here;
	said->payload = payload;
	said->len = len;
}

/* Nobody erases what was said of a tally, but for the shares. */
static void tell_absent(struct kl_auditor *a, const struct kl_audit_entry *e)
{
	char name[KL_AUDIT_NAME_MAX];

	kl_auditor_say(a, KL_AUDIT_RECORDS, KL_MARK_NOT_HERE,
		"record %" PRIu64 " of %s (%s): the content is not here, so nobody can say which "
		"tally it is about",
		e->h.seq, kl_auditor_name(a, &e->h.author, name), kl_kind_name(e->h.kind));
}

static void take_tally(struct kl_auditor *a, struct kl_audit_entry *e)
{
	if (e->h.kind == KL_KIND_TALLY_SHARE) {
		keep_share(a, e);
		return;
	}
	if (!e->here)
		tell_absent(a, e);
	if (e->h.kind == KL_KIND_TALLY_CLOSE)
		take_close(a, e); /* as it stood before */
	if (e->h.kind == KL_KIND_TALLY_CALL)
		take_call(a, e);
	else
		kl_auditor_fold(a, e, NULL);
	if ((e->h.kind == KL_KIND_TALLY_PROPOSE || e->h.kind == KL_KIND_TALLY_VOTE) && e->here &&
		!a->rc)
		kl_auditor_keep_asked(a, e);
	if (a->rc || !speaks_of_it(a, e))
		return;
	kl_auditor_keep(a, &e->h, &e->id, e->payload, e->len, e->here);
	e->payload = NULL;
}

static void fold_roster(struct kl_auditor *a, const struct kl_audit_entry *e)
{
	const struct kl_feed_key before = a->roster.feed;
	struct kl_record record = record_of(e);
	int rc;

	if (a->roster_ends || e->h.seq <= a->roster.seq || !is_roster_at(a, e->h.seq))
		return;
	if (e->spoilt || e->h.seq != a->roster.seq + 1 || (matters(a, &e->h) && !e->here)) {
		a->roster_ends = e->h.seq;
		return;
	}
	rc = kl_roster_apply(&a->roster, &record, NULL); /* what breaks a rule is not in force */
	if (rc == KL_E_NOMEM)
		a->rc = rc;
	if (!kl_feed_key_equal(&a->roster.feed, &before))
		kl_tallies_hand_over(a->fold, &a->roster.feed.author);
}

/* Behind a fork a record counts by its own signature, if at all; nothing is called or closed there. */
static bool counts_alone(const struct kl_audit_entry *e)
{
	return e->own && kl_kind_signs_itself(e->h.kind) && e->h.kind != KL_KIND_TALLY_CALL &&
	       e->h.kind != KL_KIND_TALLY_CLOSE;
}

static void take(struct kl_auditor *a, struct kl_audit_entry *e)
{
	a->counts.chained += !e->spoilt;
	a->counts.left += e->spoilt;
	if (a->feed.convenors && !e->contested)
		fold_roster(a, e);
	if (is_of_tallies(e->h.kind) && !e->spoilt && (!e->contested || counts_alone(e)))
		take_tally(a, e);
}

/* ---- signatures -------------------------------------------------------------------------------- */

static bool verify(struct kl_auditor *a, const struct kl_audit_entry *e)
{
	struct kl_record record = record_of(e);

	record.signature = kl_bytes(e->signature, KL_SIGNATURE_BYTES);
	return kl_record_verify(&record, &a->options.network, &a->verifier) == KL_OK;
}

/* Each signature that is here is verified, also where another would certify the record as well: whatever
 * was changed has to be seen. */
static void look_at_signature(struct kl_auditor *a, struct kl_audit_entry *e)
{
	e->own = e->is_signed && verify(a, e);
	a->counts.verified += e->own;
	if (!e->is_signed || e->own)
		return;
	a->counts.unfit++;
	wrong(a, e->h.seq, e->h.kind, "its signature does not fit");
}

static void drop_front(struct kl_audit_feed *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(f->entries[i].payload);
	f->count -= n;
	if (f->count)
		memmove(f->entries, f->entries + n, f->count * sizeof *f->entries);
}

/* Takes all entries up to the last one that a signature certifies. */
static void flush(struct kl_auditor *a)
{
	struct kl_audit_feed *f = &a->feed;
	size_t n = f->count;

	while (n > 0 && !f->entries[n - 1].own)
		n--;
	for (size_t i = 0; i < n && !a->rc; i++)
		take(a, &f->entries[i]);
	drop_front(f, n);
}

/* No signature will follow in the same chain: what is left is certified by nothing. */
static void break_off(struct kl_auditor *a)
{
	struct kl_audit_feed *f = &a->feed;
	char name[KL_AUDIT_NAME_MAX];
	size_t of_tallies = 0;

	flush(a);
	for (size_t i = 0; i < f->count; i++)
		of_tallies += is_of_tallies(f->entries[i].h.kind);
	if (f->count > 0 && is_roster_at(a, f->entries[f->count - 1].h.seq) && !a->roster_ends)
		a->roster_ends = f->entries[0].h.seq;
	if (of_tallies > 0)
		kl_auditor_say(a, KL_AUDIT_SIGNATURES, KL_MARK_NOT_HERE,
			"%zu record%s of tallies of %s, from number %" PRIu64
			" on: no signature that is here certifies them, so nothing is taken from "
			"them",
			of_tallies, kl_plural(of_tallies), kl_auditor_name(a, &f->key.author, name),
			f->entries[0].h.seq);
	a->counts.left += f->count;
	drop_front(f, f->count);
	f->linked = false;
}

/* ---- records ----------------------------------------------------------------------------------- */

/* Whether it stands where the record before it says. */
static bool is_linked(struct kl_auditor *a, const struct kl_header *h)
{
	struct kl_id genesis;

	if (h->seq > 1)
		return !a->feed.linked || kl_id_equal(&h->prev, &a->feed.last);
	kl_genesis(&a->options.network, &a->feed.key, &genesis);
	return kl_id_equal(&h->prev, &genesis);
}

static bool is_in_place(const struct kl_auditor *a, const struct kl_header *h, uint64_t seq)
{
	return h->seq == seq && h->epoch == a->feed.key.epoch &&
	       kl_id_equal(&h->author, &a->feed.key.author);
}

static bool fits_its_hash(const struct kl_audited *record, const struct kl_header *h)
{
	struct kl_id hash;

	if (record->payload.len != h->payload_len)
		return false;
	kl_blake2b(record->payload, &hash);
	return kl_id_equal(&hash, &h->payload_hash);
}

static void take_content(
	struct kl_auditor *a, struct kl_audit_entry *e, const struct kl_audited *record)
{
	if (!record->here || !matters(a, &e->h))
		return;
	if (!fits_its_hash(record, &e->h)) {
		e->spoilt = true;
		wrong(a, e->h.seq, e->h.kind,
			"its content was changed: it does not fit the hash in its header");
		return;
	}
	if (e->h.kind == KL_KIND_TALLY_SHARE)
		return;
	e->payload = malloc(record->payload.len + 1);
	if (!e->payload) {
		a->rc = KL_E_NOMEM;
		return;
	}
	if (record->payload.len)
		memcpy(e->payload, record->payload.data, record->payload.len);
	e->len = record->payload.len;
}

static void enter(struct kl_auditor *a, const struct kl_header *h, const struct kl_audited *record)
{
	struct kl_audit_feed *f = &a->feed;
	struct kl_audit_entry *e = kl_auditor_grow(
		a, (void **)&f->entries, &f->count, &f->capacity, sizeof *f->entries);

	if (!e)
		return;
	e->h = *h;
	e->here = record->here;
	e->contested = record->contested;
	e->is_signed = record->signature != NULL;
	if (e->is_signed)
		memcpy(e->signature, record->signature, KL_SIGNATURE_BYTES);
	kl_record_id(record->header, &e->id);
	f->last = e->id;
	f->linked = true;
	if (!kl_id_equal(&e->id, &record->id))
		wrong(a, h->seq, h->kind,
			"it is kept under another name than the hash of its header");
	take_content(a, e, record);
	look_at_signature(a, e);
	if (!kl_kind_signs_itself(h->kind)) {
		if (f->count >= ENTRIES_MAX && (e->own || f->count >= UNCERTIFIED_MAX))
			flush(a);
		return;
	}
	if (!e->own) {
		e->spoilt = true;
		if (!record->signature)
			wrong(a, h->seq, h->kind,
				"it lacks the signature of its own that it must carry");
		return;
	}
	flush(a);
}

int kl_auditor_record(struct kl_auditor *a, const struct kl_audited *record)
{
	struct kl_header h;

	if (a->rc)
		return a->rc;
	if (kl_header_decode(record->header, &h)) {
		wrong(a, record->seq, 0, "its header is damaged");
		return kl_auditor_lost(a, record->seq);
	}
	if (record->seq != a->feed.next || !is_in_place(a, &h, record->seq)) {
		wrong(a, record->seq, h.kind, "it stands in a place that is not its own");
		return kl_auditor_lost(a, record->seq);
	}
	if (!is_linked(a, &h)) {
		wrong(a, record->seq, h.kind,
			"it does not follow the record before it: the chain is broken");
		break_off(a);
	}
	a->counts.records++;
	a->feed.next++;
	enter(a, &h, record);
	return a->rc;
}

int kl_auditor_lost(struct kl_auditor *a, uint64_t seq)
{
	char name[KL_AUDIT_NAME_MAX];

	if (a->rc)
		return a->rc;
	break_off(a);
	if (is_roster_at(a, seq) && !a->roster_ends)
		a->roster_ends = seq;
	a->counts.lost++;
	a->feed.next = seq + 1;
	kl_auditor_say(a, KL_AUDIT_RECORDS, KL_MARK_NOT_HERE,
		"record %" PRIu64 " of %s cannot be read here", seq,
		kl_auditor_name(a, &a->feed.key.author, name));
	return a->rc;
}

/* ---- feeds ------------------------------------------------------------------------------------- */

int kl_auditor_feed(struct kl_auditor *a, const struct kl_feed_key *feed)
{
	struct kl_audit_feed *f = &a->feed;

	kl_auditor_end_feed(a);
	f->key = *feed;
	f->begun = true;
	f->convenors = kl_feed_key_equal(feed, &a->roster.feed);
	f->next = 1;
	f->linked = false;
	a->counts.feeds++;
	return a->rc;
}

void kl_auditor_end_feed(struct kl_auditor *a)
{
	if (a->feed.begun && !a->rc)
		break_off(a);
	a->feed.begun = false;
}

static int by_id(const void *a, const void *b)
{
	return kl_id_compare(
		&(*(struct kl_audit_said *const *)a)->id, &(*(struct kl_audit_said *const *)b)->id);
}

void kl_auditor_end_reading(struct kl_auditor *a)
{
	kl_auditor_end_feed(a);
	if (!a->rc)
		kl_auditor_open_evidence(a);
	a->by_id = malloc((a->said_count + 1) * sizeof(struct kl_audit_said *));
	if (!a->by_id) {
		a->rc = KL_E_NOMEM;
		return;
	}
	for (size_t i = 0; i < a->said_count; i++)
		a->by_id[i] = &a->said[i];
	qsort(a->by_id, a->said_count, sizeof(struct kl_audit_said *), by_id);
}

const struct kl_audit_said *kl_auditor_find(const struct kl_auditor *a, const struct kl_id *id)
{
	const struct kl_audit_said key = {.id = *id}, *pointer = &key;
	struct kl_audit_said *const *found =
		bsearch(&pointer, a->by_id, a->said_count, sizeof(struct kl_audit_said *), by_id);

	return found ? *found : NULL;
}
