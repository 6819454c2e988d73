/* Keeping feeds equal between members: the machine, without sockets, disk or clock.
 *
 * step       kl_sync_step(event) -> update: events come in, effects come out, in their order
 * head       how far a feed is stored here. The machine holds heads, never records: they enter by
 *            FEED, and move only when the store has said STORED or APPENDED
 * pull       records move only because their receiver asked (get) or are few and small (rec); no
 *            side queues for the other
 * ahead      a link that told of more than we hold of a feed: asked again until somebody's run fits
 * ended      a feed that stops for everybody at a place that is certain: the last common record of
 *            a fork, or where the roster says that a former member's feed ends; the earlier counts
 * epoch      a member's feed that was reset goes on in another; it is taken in when the one before is
 *            here to its end, so that everybody hears a member in its own order
 * unread     bytes that were sent to a link and that it has not shown to have read: it shows that by
 *            echoing a ping that was sent behind them. Beyond a window nothing more is sent but
 *            short answers, so a peer that asks and does not read holds little memory here
 * strike     a link broke the protocol: after KL_SYNC_STRIKES_MAX it is closed. Silence and lost
 *            frames are none: the feed is asked for elsewhere and asked again later.
 *
 * Effects are carried out in order. What they point to is the machine's until it is
 * stepped again. An event is the caller's, and may go after the step; but a PUT points into the
 * frame of the event that caused it: carry out all effects before letting it go.
 * Events that result (STORED) are queued and given afterwards, never from within.
 *
 * What it promises and how it is proved: tests/sim/sim_sync.c. */
#ifndef KL_PROTOCOL_SYNC_H
#define KL_PROTOCOL_SYNC_H

#include "protocol/roster.h"
#include "protocol/sync_frames.h"

enum {
	KL_SYNC_LINKS_MAX = 72, /* 64 in, 8 out; links are numbers below this */
	/* All members', with their past epochs, the convenors', and one's own, which may not be on the
	 * roster yet. */
	KL_SYNC_FEEDS_MAX =
		KL_ROSTER_MEMBERS_MAX + KL_ROSTER_PAST_MAX + KL_ROSTER_CONVENORS_MAX + 2,
	KL_SYNC_PULLED_LINKS_MAX = 4, /* peers pulled from in parallel */
	KL_SYNC_GETS_MAX = 2,         /* get frames outstanding at a peer */
	KL_SYNC_STRIKES_MAX = 3,
	KL_SYNC_BEAT_MS = 15000,    /* default of the heartbeat */
	KL_SYNC_HAVE_DELAY_MS = 20, /* news of this long travel in one frame */
	KL_SYNC_GET_TIMEOUT_MS = 10000,
	KL_SYNC_RETRY_MS = 1000, /* after a failed commit */
	KL_SYNC_WINDOW_BYTES =
		1 << 20, /* unread by a link: then it is sent nothing until it reads */
	KL_SYNC_PROBE_BYTES = 64 << 10, /* after so many it is asked whether it reads */
	KL_SYNC_REC_BYTES = 4096, /* records up to here are sent live without being asked for */
	KL_SYNC_LIVE_RECORDS_MAX = 2000,    /* rec frames taken of a feed in an hour */
	KL_SYNC_LIVE_BYTES_MAX = 20 << 20,  /* and their bytes; the rest is pulled later */
	KL_SYNC_FEED_BYTES_MAX = 512 << 20, /* no more of one feed is pulled than this */
};

#define KL_SYNC_NO_LINK UINT32_MAX

struct kl_sync_config {
	struct kl_id network;
	struct kl_feed_key own;    /* this member's feed */
	struct kl_feed_key roster; /* the convenor's: pulled before all others */
	struct kl_id store_id;
	struct kl_verifier *verifier; /* borrowed */
	uint32_t beat_ms;
	/* Any number, and a secret: spreads the choice of peers, so that they are not all asked
	 * alike, and makes pings that nobody can echo without having read them. */
	uint64_t salt;
};

enum kl_sync_event_kind {
	KL_SYNC_FEED, /* a feed is to be kept: at start, and when the roster adds or ends one */
	KL_SYNC_FEED_GONE, /* no longer kept */
	KL_SYNC_LINK_UP,   /* ZAP let the peer in, or our call was taken */
	KL_SYNC_LINK_DOWN,
	KL_SYNC_FRAME,    /* a frame of a peer, as it came */
	KL_SYNC_STORED,   /* outcome of a PUT: exactly one for each */
	KL_SYNC_APPENDED, /* the daemon has committed a record of its own feed */
	KL_SYNC_HOLD,     /* whether only the roster's records are taken from now on: no space */
	KL_SYNC_TICK,     /* the deadline of the last update has come */
};

enum kl_sync_stored {
	KL_SYNC_STORED_OK,       /* committed; `head` is where the feed now stands */
	KL_SYNC_STORED_CONFLICT, /* another id stands at one of these places; nothing was stored */
	KL_SYNC_STORED_FAILED, /* disk full, gap, ...: nothing was stored, the head has not moved */
};

struct kl_sync_event {
	enum kl_sync_event_kind kind;
	uint64_t now_ms; /* never goes back */
	uint32_t link;   /* LINK_UP, LINK_DOWN, FRAME */
	union {
		struct {
			struct kl_feed_key key;
			/* For a feed that is new to the machine: what the store holds of it. */
			struct kl_head head; /* seq 0: nothing yet, the id is ignored */
			uint64_t bytes;
			bool forked; /* a proof is stored, and `common` is its last common record */
			struct kl_head common;
			/* For new and known ones: where the feed ends by the roster. */
			bool ended;
			struct kl_head end;
		} feed;                       /* FEED */
		struct kl_feed_key feed_gone; /* FEED_GONE */
		struct {
			struct kl_id member; /* who ZAP says it is */
			bool called;         /* we called: we say hello first */
		} up;                        /* LINK_UP */
		struct kl_bytes frame;       /* FRAME */
		struct {
			struct kl_feed_key key;
			enum kl_sync_stored result;
			struct kl_head head; /* OK */
			/* CONFLICT: `place` is the first place where ids differ. The proof is what
			 * kl_fork_write() makes of the run put and of our records, both from `place`;
			 * empty if the difference stands before the first record of the run. */
			uint64_t place;
			struct kl_bytes proof;
		} stored; /* STORED */
		struct {
			struct kl_head head;
			uint32_t bytes; /* of the record, encoded */
		} appended;             /* APPENDED */
		bool hold;              /* HOLD */
	} u;
};

enum kl_sync_effect_kind {
	KL_SYNC_SEND, /* send `bytes` to `link`; if the socket does not take it, drop it */
	/* read a run from the store and send it to `link` (kl_frame_run_begin); one at most in a
	 * millisecond, for all links together */
	KL_SYNC_SERVE,
	KL_SYNC_OFFER, /* read record `range.from` and send it to each of `links` (kl_frame_rec_begin) */
	KL_SYNC_PUT,    /* store the run; answer with STORED */
	KL_SYNC_FREEZE, /* keep `bytes` as proof of a fork: the feed ends at `head` */
	KL_SYNC_PROVE,  /* read the proof of the feed and send it to `link` (kl_frame_fork_write) */
	KL_SYNC_CLOSE,  /* close `link`, for the reason in `text`; LINK_DOWN need not be given */
	KL_SYNC_GREETED, /* greetings were exchanged with `member` on `link` */
	KL_SYNC_TOLD,    /* `member` says that it holds our own feed up to `head` */
	/* a daemon with our key says something about itself: `here`, to be checked (here.h) */
	KL_SYNC_HERE,
	/* another machine greeted us with our own keys: no peer can make that up */
	KL_SYNC_TWIN,
	KL_SYNC_REMARK, /* worth a line in the log: `text` about `link` */
};

struct kl_sync_effect {
	enum kl_sync_effect_kind kind;
	uint32_t link;
	struct kl_bytes bytes;      /* SEND, FREEZE */
	struct kl_range range;      /* SERVE, OFFER, FREEZE, PROVE: the feed */
	struct kl_head head;        /* FREEZE: last common record; TOLD */
	struct kl_id member;        /* GREETED, TOLD */
	const struct kl_here *here; /* HERE */
	/* SERVE: at most these; the run ends at a signed record, or at `end` if the feed has ended. An
	 * empty run is sent if there is none. */
	uint32_t max_records, max_bytes;
	bool ended;
	struct kl_head end;
	const uint32_t *links; /* OFFER */
	size_t n_links;
	struct kl_run run; /* PUT */
	int code;          /* CLOSE, REMARK */
	const char *text;  /* CLOSE, REMARK: static */
};

struct kl_sync_update {
	const struct kl_sync_effect *effects;
	size_t n;
	uint64_t deadline_ms; /* give TICK then at the latest */
};

struct kl_sync;

/* NULL without memory. */
struct kl_sync *kl_sync_new(const struct kl_sync_config *config);
void kl_sync_destroy(struct kl_sync *sync);

/* KL_E_RANGE for a link beyond the limit, KL_E_TOO_BIG beyond 5,000 feeds, KL_E_NOT_FOUND for a
 * feed that is not kept, KL_E_NOMEM for a feed without memory; then there is no update. Nothing that
 * a peer sends is an error here. */
int kl_sync_step(struct kl_sync *sync, const struct kl_sync_event *event,
	const struct kl_sync_update **ret_update);

/* What the carrying out of a SERVE, OFFER or PROVE has sent to a link, in bytes: to be told at once,
 * before the next step. */
void kl_sync_sent(struct kl_sync *sync, uint32_t link, size_t bytes);

/* ---- looking in ---------------------------------------------------------------------------- */

/* KL_E_NOT_FOUND if the feed is not kept. */
int kl_sync_feed(
	const struct kl_sync *sync, const struct kl_feed_key *key, struct kl_feed_state *ret_state);
void kl_sync_root(struct kl_sync *sync, struct kl_id *ret_root);
size_t kl_sync_feeds(const struct kl_sync *sync);

struct kl_sync_peer {
	struct kl_id member;
	bool ready;   /* hello and welcome were exchanged */
	bool in_sync; /* its last digest was ours */
	uint32_t strikes;
	uint64_t heard_ms; /* when its last frame came */
	uint64_t unread;   /* bytes; never much beyond a window and a run */
};

/* KL_E_NOT_FOUND if there is no such link. */
int kl_sync_peer(const struct kl_sync *sync, uint32_t link, struct kl_sync_peer *ret_peer);

#endif
