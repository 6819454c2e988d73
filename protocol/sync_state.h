/* What the sync machine remembers, for its own files only (sync*.c).
 *
 * wanted ranges that a link has asked for and that wait for their turn
 * probe  a ping whose echo shows that all before it was read
 * slot   one get frame that a link has not wholly answered yet
 * news   feeds whose head moved, of which other links have not been told yet
 * look   the search, backwards and then forwards, for the place where a peer's branch of a feed
 *        leaves ours */
#ifndef KL_PROTOCOL_SYNC_STATE_H
#define KL_PROTOCOL_SYNC_STATE_H

#include "protocol/sync.h"

enum {
	KL_SYNC_LINK_WORDS = (KL_SYNC_LINKS_MAX + 63) / 64,
	KL_SYNC_CREDIT_MAX = 512, /* requests that a member may make at once */
	KL_SYNC_WANTED_MAX = KL_SYNC_GETS_MAX * KL_FRAME_RANGES_MAX,
};

struct kl_link_set {
	uint64_t words[KL_SYNC_LINK_WORDS];
};

enum kl_feed_step { KL_FEED_IDLE, KL_FEED_ASKED, KL_FEED_PUTTING };

struct kl_sync_feed {
	struct kl_feed_key key;
	struct kl_head head; /* never beyond the end */
	uint64_t bytes;
	bool forked, ended; /* by proof, by roster */
	struct kl_head common, end;

	enum kl_feed_step step;
	uint32_t link; /* asked there, or being put from there */
	uint8_t slot;
	uint64_t from;     /* ASKED: from where; PUTTING: first record of the run */
	uint64_t put_last; /* PUTTING: last record of the run */
	uint32_t put_n, put_bytes;
	uint64_t retry_ms; /* after a failed commit */

	uint64_t known;           /* highest number that anybody told */
	struct kl_link_set ahead; /* who told of more than is here */
	uint64_t look;            /* 0, or the number from which a search goes on */
	uint32_t look_link;

	bool news;
	uint32_t news_from; /* whom the news came from, who need not hear it */
	uint64_t live_ms;   /* start of the hour that is counted */
	uint32_t live_records, live_bytes;
};

struct kl_sync_slot {
	uint32_t n; /* ranges without answer; 0: free */
	uint64_t heard_ms;
};

struct kl_sync_link {
	bool up, called, ready, in_sync;
	struct kl_id member;
	struct kl_sync_limits limits; /* the lower of both sides */
	struct kl_sync_slot slots[KL_SYNC_GETS_MAX];
	uint32_t strikes;
	uint64_t heard_ms, beat_ms, busy_ms; /* last frame; next beat; not asked before */
	uint64_t heads_ms;                   /* when our heads went out last */
	bool owes_heads, owes_root;
	uint64_t greet_ms;  /* no greeting is asked for again before */
	uint64_t credit_ms; /* requests that it may still make: a bucket that fills with time */
	uint32_t credit;
	struct kl_range wanted[KL_SYNC_WANTED_MAX]; /* the oldest first; one of a feed */
	size_t n_wanted;
	uint64_t probe;         /* 0: none is under way */
	uint64_t flying, since; /* bytes sent before and since the probe; unread, both together */
};

struct kl_sync_word {
	bool used;
	uint64_t said_ms;
	struct kl_here here;
};

struct kl_sync {
	struct kl_sync_config config;
	uint64_t now_ms;

	struct kl_sync_feed **feeds; /* sorted by key */
	size_t n_feeds, feeds_capacity;
	struct kl_sync_feed *roster, *own; /* NULL until given */
	bool held;                         /* nothing but the roster is asked for */
	struct kl_sync_link links[KL_SYNC_LINKS_MAX];
	uint64_t turn; /* moves on, so that nobody is always first */

	struct kl_id root;
	bool root_stale;
	uint64_t news_ms;     /* when news go out; 0: none */
	uint64_t probes;      /* drawn so far */
	uint64_t served_ms;   /* when a run was served last */
	uint32_t served_link; /* to whom */

	/* the last word of members about themselves, for another machine with their key */
	struct kl_sync_word words[KL_SYNC_LINKS_MAX];

	/* the update under way */
	struct kl_sync_effect *effects;
	size_t *starts; /* where in `out` the bytes of an effect begin */
	size_t n_effects, effects_capacity;
	struct kl_writer out;
	uint32_t offer_links[KL_SYNC_LINKS_MAX];
	struct kl_sync_update update;

	/* scratch */
	struct kl_frame frame;
	struct kl_record records[KL_RUN_RECORDS_MAX];
	struct kl_feed_state states[KL_FRAME_HEADS_MAX];
};

/* ---- sync_table.c: feeds, sets of links, digest ---- */

void kl_link_set_add(struct kl_link_set *set, uint32_t link);
void kl_link_set_remove(struct kl_link_set *set, uint32_t link);
bool kl_link_set_has(const struct kl_link_set *set, uint32_t link);
bool kl_link_set_any(const struct kl_link_set *set);

struct kl_sync_feed *kl_sync_find(const struct kl_sync *s, const struct kl_feed_key *key);
struct kl_sync_feed *kl_sync_find_author(const struct kl_sync *s, const struct kl_id *author);
int kl_sync_add(struct kl_sync *s, const struct kl_feed_key *key, struct kl_sync_feed **ret_feed);
void kl_sync_drop(struct kl_sync *s, struct kl_sync_feed *f);

/* Where the feed stops, or NULL; and whether that is because of a fork. */
const struct kl_head *kl_sync_end(const struct kl_sync_feed *f);
bool kl_sync_is_forked(const struct kl_sync_feed *f);
/* Whether the epoch before is not all here yet. */
bool kl_sync_waits(const struct kl_sync *s, const struct kl_sync_feed *f);
/* Takes the head back to the end if it stands beyond. */
void kl_sync_clip(struct kl_sync *s, struct kl_sync_feed *f);
struct kl_feed_state kl_sync_state(const struct kl_sync_feed *f);
/* Whether others hear of the feed: something is here, or that it was forked. */
bool kl_sync_is_told(const struct kl_sync_feed *f);

/* ---- sync_out.c: effects ---- */

struct kl_sync_effect *kl_sync_effect(
	struct kl_sync *s, enum kl_sync_effect_kind kind, uint32_t link);
/* Between these two the caller writes one frame to s->out. */
size_t kl_sync_send_begin(struct kl_sync *s);
void kl_sync_send_end(struct kl_sync *s, uint32_t link, size_t start);
void kl_sync_send_root(struct kl_sync *s, uint32_t link, enum kl_frame_kind kind, uint64_t nonce);
void kl_sync_send_heads(struct kl_sync *s, uint32_t link);
void kl_sync_send_hello(struct kl_sync *s, uint32_t link, bool welcome);
void kl_sync_prove(struct kl_sync *s, const struct kl_sync_feed *f, uint32_t link);
void kl_sync_remark(struct kl_sync *s, uint32_t link, int code, const char *text);
/* Says why, closes, and forgets the link. */
void kl_sync_close(struct kl_sync *s, uint32_t link, int code, const char *text);
void kl_sync_strike(struct kl_sync *s, uint32_t link, int code, const char *text);
/* Tells all ready links but `from` that the head moved: a small single record goes out itself. */
void kl_sync_tell(struct kl_sync *s, struct kl_sync_feed *f, uint32_t from, bool small_single);
void kl_sync_freeze(struct kl_sync *s, struct kl_sync_feed *f, const struct kl_fork *fork,
	struct kl_bytes proof, uint32_t from);

/* ---- sync_pull.c: asking, waiting, beats ---- */

/* No longer asked: frees its place in the slot. */
void kl_sync_release(struct kl_sync *s, struct kl_sync_feed *f);
void kl_sync_release_link(struct kl_sync *s, uint32_t link);
void kl_sync_forget_link(struct kl_sync *s, uint32_t link);
/* A link told of head `state`. */
void kl_sync_note(struct kl_sync *s, uint32_t link, const struct kl_feed_state *state);
void kl_sync_look_back(struct kl_sync_feed *f, uint32_t link, uint64_t place);
void kl_sync_pull(struct kl_sync *s);
void kl_sync_due(struct kl_sync *s); /* everything whose time has come */
uint64_t kl_sync_deadline(const struct kl_sync *s);

/* ---- sync_serve.c: what others ask for, and whether they read it ---- */

/* Takes `cost` from what the member may ask for; false if there is not so much. */
bool kl_sync_spend(struct kl_sync *s, uint32_t link, uint32_t cost);
/* The same, and tells it to wait. */
bool kl_sync_pay(struct kl_sync *s, uint32_t link, uint32_t cost);
/* What a member that comes back may ask for: what it had left. */
void kl_sync_refill(const struct kl_sync *s, struct kl_sync_link *l);
void kl_sync_want(struct kl_sync *s, uint32_t link, const struct kl_range *range);
void kl_sync_serve(struct kl_sync *s);                    /* the next run, if it is time for one */
uint64_t kl_sync_serve_deadline(const struct kl_sync *s); /* UINT64_MAX: nothing to serve */
bool kl_sync_has_room(const struct kl_sync_link *l);
/* Sends a ping: the one that is under way again, or else a new one. */
void kl_sync_probe(struct kl_sync *s, uint32_t link);
bool kl_sync_probe_is_due(const struct kl_sync_link *l);
void kl_sync_echo(struct kl_sync *s, uint32_t link, uint64_t nonce);

/* ---- sync_here.c: two machines with one key, and what our own feed is said to be ---- */

/* Tells the daemon how far a peer holds our own feed. */
void kl_sync_told(struct kl_sync *s, uint32_t link, const struct kl_head *head);
void kl_sync_greeted(struct kl_sync *s, uint32_t link);
void kl_sync_here_in(struct kl_sync *s, uint32_t link, const struct kl_here *here);

/* ---- sync_in.c: frames of peers ---- */

void kl_sync_frame_in(struct kl_sync *s, uint32_t link, struct kl_bytes bytes);

#endif
