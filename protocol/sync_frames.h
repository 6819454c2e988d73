/* The frames between members: one ZeroMQ message is one msgpack array [number, ..].
 *
 * hello    first frame of who called; welcome answers it with the same content
 * root     digest over all heads: equal means in sync
 * heads    heads of feeds, at most 256 a frame; `more` says that another frame follows
 * get      ranges that the sender wants: each is answered by one run, which may be empty
 * have     heads that moved just now
 * rec      one small record, sent without being asked for
 * fork     proof that an author signed two records for one place
 * here     a daemon says that it is here, for another machine with the same key: see here.h
 *
 * Numbers 32 to 47 are kept free for digests of buckets and of ranges. Frames with an unknown number
 * are answered with an err and otherwise ignored. Decoders are functions of bytes alone and hand
 * out views into them. */
#ifndef KL_PROTOCOL_SYNC_FRAMES_H
#define KL_PROTOCOL_SYNC_FRAMES_H

#include "protocol/here.h"
#include "protocol/record.h"

enum kl_frame_kind {
	KL_FRAME_HELLO = 1,
	KL_FRAME_WELCOME = 2,
	KL_FRAME_ROOT = 3,
	KL_FRAME_HEADS = 4,
	KL_FRAME_GET = 5,
	KL_FRAME_RUN = 6,
	KL_FRAME_HAVE = 7,
	KL_FRAME_REC = 8,
	KL_FRAME_PING = 9,
	KL_FRAME_PONG = 10,
	KL_FRAME_BUSY = 11,
	KL_FRAME_ERR = 12,
	KL_FRAME_FORK = 13,
	KL_FRAME_HERE = 14,
};

enum {
	KL_PROTOCOL_VERSION = 1,
	KL_FRAME_HEADS_MAX = 256,              /* in one heads or have frame */
	KL_FRAME_RANGES_MAX = 16,              /* in one get frame */
	KL_FRAME_TEXT_MAX = 160,               /* of busy and err */
	KL_FRAME_MAX = (1 << 20) + (64 << 10), /* bytes of any frame: for ZMQ_MAXMSGSIZE */
};

/* Head of a feed as it is told to others. */
struct kl_feed_state {
	struct kl_feed_key feed;
	struct kl_head head;
	bool forked; /* frozen here: `head` is the last common record */
};

struct kl_sync_limits {
	uint32_t run_records, run_bytes, get_ranges, gets;
};

struct kl_hello {
	uint32_t version_min, version_max;
	struct kl_id network;
	uint64_t roster_seq;            /* how much of the convenor's feed is here */
	struct kl_id store_id;          /* drawn when the store was made */
	struct kl_head own;             /* of the sender's own feed */
	struct kl_head yours;           /* of the receiver's feed, as the sender holds it */
	uint32_t own_epoch, your_epoch; /* in which both stand */
	struct kl_sync_limits limits;
};

/* A range wanted: from `from` up to what one run holds. */
struct kl_range {
	struct kl_feed_key feed;
	uint64_t from;
};

struct kl_frame {
	uint32_t kind; /* enum kl_frame_kind, or a number that is unknown here */
	union {
		struct kl_hello hello; /* HELLO, WELCOME */
		struct {
			struct kl_id root;
			uint64_t nonce; /* PING and PONG */
		} root;                 /* ROOT, PING, PONG */
		struct {
			size_t n;
			bool more; /* HEADS only */
			struct kl_feed_state items[KL_FRAME_HEADS_MAX];
		} heads; /* HEADS, HAVE */
		struct {
			size_t n;
			struct kl_range items[KL_FRAME_RANGES_MAX];
		} get;
		struct {
			struct kl_range range;   /* as asked; the records begin there */
			struct kl_value records; /* for kl_frame_records() */
		} run;                           /* RUN, and REC with one record */
		struct {
			uint32_t retry_ms; /* BUSY */
			int code;          /* ERR: enum kl_error */
			char text[KL_FRAME_TEXT_MAX];
		} said;                /* BUSY, ERR */
		struct kl_bytes proof; /* FORK: for kl_fork_check() */
		struct kl_here here;   /* HERE: for kl_here_check() */
	} u;
};

/* KL_E_MALFORMED, KL_E_TOO_BIG for what breaks the limits above. An unknown number is no error. A
 * frame takes 25 KB: *ret_frame is filled in place, and holds nothing of use after a failure. */
int kl_frame_decode(struct kl_bytes bytes, struct kl_frame *ret_frame);

/* Opens the records of a run or rec frame into the caller's array (undefined after a failure), each as kl_record_open() does. KL_E_TOO_BIG if there are
 * more than KL_RUN_RECORDS_MAX. */
int kl_frame_records(const struct kl_value *records,
	struct kl_record ret_records[KL_RUN_RECORDS_MAX], size_t *ret_n);

void kl_frame_hello_write(struct kl_writer *w, bool welcome, const struct kl_hello *hello);
void kl_frame_root_write(
	struct kl_writer *w, enum kl_frame_kind kind, const struct kl_id *root, uint64_t nonce);
void kl_frame_heads_write(
	struct kl_writer *w, bool have, bool more, const struct kl_feed_state *items, size_t n);
void kl_frame_get_write(struct kl_writer *w, const struct kl_range *items, size_t n);
void kl_frame_busy_write(struct kl_writer *w, uint32_t retry_ms, const char *text);
void kl_frame_err_write(struct kl_writer *w, int code, const char *text);
void kl_frame_fork_write(struct kl_writer *w, struct kl_bytes proof);
void kl_frame_here_write(struct kl_writer *w, const struct kl_here *here);

/* For whoever reads the store: head of the frame, then `n` records with kl_record_write(). Writes
 * of n = 0 make the empty run that means "nothing from there here". */
void kl_frame_run_begin(struct kl_writer *w, const struct kl_range *range, size_t n);
void kl_frame_rec_begin(struct kl_writer *w, const struct kl_range *range);

#endif
