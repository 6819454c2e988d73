/* The command protocol: what `keeplocal` and `keeplocald` say to each other on `home/control`.
 *
 * message    three frames: [kind: 1 byte][request: 4 bytes, little endian][body: one msgpack map]
 * request    number that the client chose for what it asks; all that belongs to it carries it
 * client     whoever has a request open; one request at a time each
 * stray      a message about a request that is not open: REFUSED, which nobody reads if the request
 *            was answered meanwhile, and which tells whoever asked a daemon that was since replaced
 * silence    a client that says nothing for 30 s is dropped; one that waits says ALIVE every 5 s,
 *            and hears ALIVE back
 *
 *     ask        client ASK -> daemon PROGRESS* -> ANSWER | REFUSED
 *     upload     ASK -> CREDIT{8}, then PART for each credit, each answered by CREDIT{1} once it is
 *                kept, at last END{parts, hash} -> ANSWER | REFUSED (which may come at any time)
 *     download   ASK -> PART, and one more for each MORE of the client, at last ANSWER
 *     CANCEL     the client gives its request up; nothing follows that it need read
 *
 * Bodies
 *     ASK       {"v": 1, "command": "lm3 result", "args": {...}}
 *     PROGRESS  {"done": n, "total": n or nil, "what": text}
 *     ANSWER    the map that `--json` prints
 *     REFUSED   {"code": "NOT_FOUND", "message": text, "hint": text}
 *     CREDIT    {"n": n}
 *     PART      {"part": n from 0, "rows": one msgpack value of at most 64 KiB, kept as it came}
 *     END       {"parts": n, "hash": H("keeplocal/upload", rows of part 0, of part 1, ...)}
 *     MORE, ALIVE, CANCEL  {}
 * Unknown keys are ignored, so that later versions can add some. */
#ifndef KL_PROTOCOL_CONTROL_H
#define KL_PROTOCOL_CONTROL_H

#include "core/bytes.h"
#include "core/error.h"
#include "core/hash.h"
#include "protocol/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	KL_CONTROL_VERSION = 1,
	KL_CONTROL_FRAMES = 3,
	KL_CONTROL_BODY_MAX = 256 * 1024,
	KL_CONTROL_PART_MAX = 64 * 1024,
	KL_CONTROL_PARTS_MAX = 1 << 16, /* in one upload: 4 GiB */
	KL_CONTROL_CREDITS = 8,
	KL_CONTROL_CLIENTS = 16,
	KL_CONTROL_SILENCE_MS = 30000,
	KL_CONTROL_ALIVE_MS = 5000,
	KL_CONTROL_COMMAND_MAX = 64, /* with the final zero */
	KL_CONTROL_WHAT_MAX = 128,
	KL_CONTROL_ROUTE_MAX = 64 /* bytes of a routing id; libzmq gives 5 */
};

/* Tag of the hash in END. */
#define KL_CONTROL_HASH_TAG "keeplocal/upload"

enum kl_control_kind {
	KL_CONTROL_ASK = 1,
	KL_CONTROL_PROGRESS,
	KL_CONTROL_ANSWER,
	KL_CONTROL_REFUSED,
	KL_CONTROL_CREDIT,
	KL_CONTROL_PART,
	KL_CONTROL_END,
	KL_CONTROL_MORE,
	KL_CONTROL_ALIVE,
	KL_CONTROL_CANCEL,
};

/* ---- messages ------------------------------------------------------------------------------ */

/* Views live as long as the frames that were decoded. */
struct kl_control_message {
	enum kl_control_kind kind;
	uint32_t request;
	struct kl_value body; /* the whole map: an ANSWER is nothing more */
	union {
		struct {
			char command[KL_CONTROL_COMMAND_MAX];
			struct kl_value args; /* a map */
		} ask;
		struct {
			uint64_t done, total; /* total 0: unknown */
			char what[KL_CONTROL_WHAT_MAX];
		} progress;
		struct kl_fault refused;
		uint64_t credit;
		struct {
			uint64_t number;
			struct kl_value rows;
		} part;
		struct {
			uint64_t parts;
			struct kl_id hash;
		} end;
	} u;
};

/* Reads the frames of one message (without a routing id). KL_E_MALFORMED, KL_E_TOO_BIG or, for an
 * ASK of another version, KL_E_VERSION; *ret_request is set as soon as the number could be read,
 * so that the refusal can carry it (0 otherwise). `fault` says it in words. */
int kl_control_decode(const struct kl_bytes *frames, size_t count, struct kl_fault *fault,
	uint32_t *ret_request, struct kl_control_message *ret_message);

/* The first two frames of a message, in the memory of whoever sends it. */
struct kl_control_head {
	uint8_t kind[1], request[4];
};

/* Fills head and the three frames that belong to it. `body` is a view on one encoded map. */
void kl_control_frames(struct kl_control_head *head, enum kl_control_kind kind, uint32_t request,
	struct kl_bytes body, struct kl_bytes ret_frames[KL_CONTROL_FRAMES]);

/* Bodies; the writer is the caller's. `args` and `rows` are one msgpack value each. */
void kl_control_write_ask(struct kl_writer *w, const char *command, struct kl_bytes args);
void kl_control_write_progress(
	struct kl_writer *w, uint64_t done, uint64_t total, const char *what);
void kl_control_write_refused(struct kl_writer *w, const struct kl_fault *fault);
void kl_control_write_credit(struct kl_writer *w, uint64_t credit);
void kl_control_write_part(struct kl_writer *w, uint64_t number, struct kl_bytes rows);
void kl_control_write_end(struct kl_writer *w, uint64_t parts, const struct kl_id *hash);
void kl_control_write_empty(struct kl_writer *w); /* MORE, ALIVE, CANCEL */

/* ---- the daemon's side as a machine -------------------------------------------------------- */

/* What became of a request, for kl_control_reply(). */
enum kl_control_phase {
	KL_CONTROL_FREE,      /* nobody in this place */
	KL_CONTROL_ASKED,     /* the daemon is at work */
	KL_CONTROL_UPLOADING, /* the client owes PART or END */
	KL_CONTROL_PULLING,   /* the client owes MORE */
};

struct kl_control_client {
	enum kl_control_phase phase;
	uint8_t route[KL_CONTROL_ROUTE_MAX];
	size_t route_len;
	uint32_t request;
	uint64_t heard_ms;   /* when it last said something */
	uint64_t credits;    /* PARTs that it may still send */
	uint64_t parts;      /* PARTs that came */
	struct kl_hash hash; /* of their rows */
};

struct kl_control_server {
	struct kl_control_client clients[KL_CONTROL_CLIENTS];
	uint64_t silence_ms;
};

/* silence_ms: KL_CONTROL_SILENCE_MS, or less in tests. */
void kl_control_server_init(struct kl_control_server *server, uint64_t silence_ms);

/* What a frame asks of the daemon. */
enum kl_control_action {
	KL_CONTROL_DO_NOTHING,
	KL_CONTROL_DO_ASK,    /* a new request in `place`: start the command */
	KL_CONTROL_DO_PART,   /* give the part to the upload; then reply CREDIT or REFUSED */
	KL_CONTROL_DO_END,    /* all parts are there and the hash fits: finish, then reply */
	KL_CONTROL_DO_MORE,   /* the client took a part: the next one, or ANSWER */
	KL_CONTROL_DO_ALIVE,  /* say ALIVE back */
	KL_CONTROL_DO_REFUSE, /* send REFUSED with `fault` to `route`; nothing was begun */
	KL_CONTROL_DO_DROP,   /* abort what `place` does and send it REFUSED with `fault` */
};

struct kl_control_update {
	enum kl_control_action action;
	unsigned place;   /* index into clients, where the action names it */
	uint32_t request; /* to answer under */
	struct kl_fault fault;
};

/* One message came from `route`. `message` is NULL when it could not be decoded: then `fault` says
 * why. After DO_DROP and DO_REFUSE the place is free again already. */
void kl_control_received(struct kl_control_server *server, uint64_t now_ms, struct kl_bytes route,
	uint32_t request, const struct kl_control_message *message, const struct kl_fault *fault,
	struct kl_control_update *ret_update);

/* The daemon is about to send `kind` to the client in `place`: CREDIT opens or continues an upload
 * (`credit` counts), PART makes the client owe MORE, ANSWER and REFUSED free the place. */
void kl_control_reply(struct kl_control_server *server, unsigned place, enum kl_control_kind kind,
	uint64_t credit);

/* Frees the place of a client whose connection is gone. */
void kl_control_gone(struct kl_control_server *server, unsigned place);

/* Time passed: call until it returns false (each call drops at most one silent client). */
bool kl_control_tick(
	struct kl_control_server *server, uint64_t now_ms, struct kl_control_update *ret_update);

#endif
