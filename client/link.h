/* The way to the daemon: one request after the other over its command socket.
 *
 * Every wait is limited: a daemon that answers nothing for 30 s, or whose socket is closed while we
 * wait, is an error in words. While we wait, we say so every 5 s, so that the daemon knows that
 * somebody is still here; see protocol/control.h. */
#ifndef KL_CLIENT_LINK_H
#define KL_CLIENT_LINK_H

#include "core/bytes.h"
#include "core/error.h"
#include "protocol/control.h"
#include "protocol/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct kl_link;

struct kl_link_options {
	uint64_t silence_ms; /* 0: the protocol's 30 s */
	/* Told of each PROGRESS, and of parts sent in an upload; may be NULL. total 0: unknown. */
	void (*progress)(void *data, uint64_t done, uint64_t total, const char *what);
	void *data;
};

/* Does somebody listen at this socket? KL_OK, KL_E_UNREACHABLE (no socket, or nobody behind it),
 * KL_E_PERMISSION (may not be used by this user), KL_E_TOO_BIG. */
int kl_link_probe(const char *path);

/* Probes and connects. KL_E_UNREACHABLE or KL_E_PERMISSION with words and what to do. `options`
 * may be NULL. */
int kl_link_new(const char *path, const struct kl_link_options *options, struct kl_fault *fault,
	struct kl_link **ret_link);
void kl_link_destroy(struct kl_link *link);

/* Asks and waits. `args` is one encoded map (see pack.h). The answer, a map, lives until the next
 * call with this link. Negative: what the daemon refused with, or KL_E_UNREACHABLE, KL_E_TIMEOUT,
 * KL_E_MALFORMED for trouble on the way; words always stand in `fault`. */
int kl_link_ask(struct kl_link *link, const char *command, struct kl_bytes args,
	struct kl_fault *fault, struct kl_value *ret_answer);

/* Writes the next part, one msgpack value of at most KL_CONTROL_PART_MAX bytes, into the empty
 * `rows`, and returns 1; or returns 0 at the end, or a negative code with words in `fault`, which
 * gives the upload up. */
typedef int kl_link_next_fn(void *data, struct kl_writer *rows, struct kl_fault *fault);

/* Asks, then sends what `next` yields as the daemon gives credit, and waits for the answer. `parts`
 * is how many there will be, for the progress (0: unknown); `what` says what is being sent. */
int kl_link_upload(struct kl_link *link, const char *command, struct kl_bytes args,
	kl_link_next_fn *next, void *data, uint64_t parts, const char *what, struct kl_fault *fault,
	struct kl_value *ret_answer);

/* Takes one part of a long answer; a negative return gives the rest up. */
typedef int kl_link_part_fn(void *data, const struct kl_value *rows, struct kl_fault *fault);

/* Asks, hands each part to `part`, and returns with the answer that closes them. */
int kl_link_download(struct kl_link *link, const char *command, struct kl_bytes args,
	kl_link_part_fn *part, void *data, struct kl_fault *fault, struct kl_value *ret_answer);

#endif
