/* The daemon's end of the command socket: a ROUTER on `home/control` and a table of commands.
 *
 * ask        one request of one client, from its start until ANSWER or REFUSED was sent
 * hooks      what an ask that is not answered at once wants to hear of
 *
 * A command, from simple to long:
 *
 *     static int show(void *node, struct kl_ask *ask)
 *     {
 *             char name[64];
 *
 *             if (kl_get_text(&ask->args, "name", name, sizeof name))
 *                     return kl_fault(&ask->fault, KL_E_USAGE, "which project?");
 *             kl_write_map(&ask->out, 1);
 *             kl_put_text(&ask->out, "project", name);
 *             return kl_ask_answer(ask);
 *     }
 *
 * A negative return sends REFUSED with ask->fault (or with the general sentence of the code, if the
 * fault was not filled). A command that answers later calls kl_ask_later() and keeps the pointer;
 * it is valid until kl_ask_answer(), kl_ask_refuse() or hooks->abort. */
#ifndef KL_DAEMON_CONTROL_H
#define KL_DAEMON_CONTROL_H

#include "core/error.h"
#include "daemon/zloop.h"
#include "protocol/control.h"
#include "protocol/wire.h"

#include <uv.h>

struct kl_control;
struct kl_ask;

/* All are optional but those that the ask needs; a missing `abort` means nothing to free. A hook
 * that returns negative ends the ask: REFUSED with ask->fault is sent and `abort` called. */
struct kl_ask_hooks {
	/* Upload: one part arrived, as the client packed it (rows->raw to keep, valid during the
	 * call). Return 0 once it is taken: that gives the client its next credit. */
	int (*part)(struct kl_ask *ask, void *data, const struct kl_value *rows);
	/* Upload: everything arrived and the hash fits. Answer now or later. */
	int (*end)(struct kl_ask *ask, void *data);
	/* Download: the client took the last part. Send the next one, or the answer. */
	int (*more)(struct kl_ask *ask, void *data);
	/* The ask ended without kl_ask_answer(): the client left or fell silent, the daemon stops,
	 * a hook failed or kl_ask_refuse() was called. Free `data`; the ask is gone after it. */
	void (*abort)(struct kl_ask *ask, void *data);
};

struct kl_ask {
	char command[KL_CONTROL_COMMAND_MAX];
	struct kl_value
		args; /* a map, never absent; valid while the command's run() runs, no longer */
	struct kl_fault fault; /* fill it, then return its code */
	struct kl_writer out;  /* write the one map of the ANSWER, or the rows of a part, here */

	/* The rest is private. */
	struct kl_control *control;
	const struct kl_ask_hooks *hooks;
	void *data;
	uint64_t parts_sent, told_ms;
	unsigned place;
	bool open, lost, told;
};

struct kl_command_handler {
	const char *name; /* words of the command, single blanks: "lm3 result" */
	int (*run)(void *node, struct kl_ask *ask);
};

/* Sends ANSWER with the map in ask->out and ends the ask; `abort` is not called. Always 0, so that
 * a command can return it; an answer over 256 KiB goes out as REFUSED in words instead. The ask
 * must not be touched afterwards. */
int kl_ask_answer(struct kl_ask *ask);

/* Sends REFUSED with ask->fault and ends the ask, calling `abort`: for an ask that is answered
 * later. Inside run() and hooks, return the code instead. */
void kl_ask_refuse(struct kl_ask *ask);

/* The ask will be answered later; `hooks` is static, `data` comes back in its calls. Returns 0. */
int kl_ask_later(struct kl_ask *ask, const struct kl_ask_hooks *hooks, void *data);

/* The ask takes parts: gives the client its first credits. hooks->part and hooks->end must be
 * there. Returns 0. */
int kl_ask_upload(struct kl_ask *ask, const struct kl_ask_hooks *hooks, void *data);

/* Download: sends one value written to ask->out (at most 64 KiB) as a part and empties it; the next
 * one, or the answer, is due when hooks->more is called. Call kl_ask_later() first. KL_E_TOO_BIG. */
int kl_ask_part(struct kl_ask *ask);

/* Tells the client how far things are, at most ten times a second; total 0 means unknown. `what`
 * says in a few words what is being done. */
void kl_ask_progress(struct kl_ask *ask, uint64_t done, uint64_t total, const char *what);

struct kl_control_options {
	const char *path; /* of the socket, such as HOME/control; any length */
	const struct kl_command_handler *commands;
	size_t command_count;
	void *node;          /* handed to the commands */
	uint64_t silence_ms; /* 0: the protocol's 30 s */
};

/* Binds and serves. An old socket file at the path is replaced: whoever calls holds the lock of the
 * home. `zmq` is the ZeroMQ context. KL_E_IO or KL_E_PERMISSION with words in `fault`; on failure
 * nothing is left behind. The table and the strings in it are the caller's and stay. */
int kl_control_new(struct kl_zloop *loop, void *zmq, const struct kl_control_options *options,
	struct kl_fault *fault, struct kl_control **ret_control);

/* Aborts what is open (REFUSED BUSY, "is stopping"), unbinds, removes the socket file and frees
 * everything; calls `closed` (may be NULL) when that is done. Answers that were sent before still
 * go out: zmq_ctx_term() waits for them, a second at most. */
void kl_control_close(struct kl_control *control, void (*closed)(void *data), void *data);

#endif
