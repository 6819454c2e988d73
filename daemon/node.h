/* One member at work: the loop, the database, the command socket and, once it has joined one, its
 * network. Commands (cmd_*.c) get the node as their `void *node`. */
#ifndef KL_DAEMON_NODE_H
#define KL_DAEMON_NODE_H

#include "core/error.h"
#include "daemon/config.h"
#include "daemon/control.h"
#include "daemon/disk.h"
#include "daemon/home.h"
#include "daemon/log.h"
#include "daemon/zloop.h"
#include "store/batch.h"
#include "store/env.h"

#include <uv.h>

struct kl_links;
struct kl_network;

/* Where the settings come from: the file, and the flags that win. */
struct kl_settings {
	int (*read)(void *context, struct kl_config *ret_config, struct kl_fault *fault);
	void *context;
};

struct kl_imported;
struct kl_search;
struct kl_reference;
struct kl_nearest_tables;

struct kl_node {
	struct kl_home home;
	struct kl_config config;
	const struct kl_settings *settings; /* to read `config` again */
	uv_loop_t uv;
	struct kl_zloop loop;
	void *zmq;
	struct kl_store *store;
	struct kl_disk disk;
	struct kl_control *control;
	struct kl_links
		*links; /* bound from the start; nobody is let in before there is a roster */
	struct kl_network *network;        /* NULL until the member has joined or founded one */
	struct kl_imported *imported;      /* index of imported observations, or NULL */
	struct kl_reference *reference;    /* table of councils once it was asked for, or NULL */
	struct kl_nearest_tables *nearest; /* who is like whom, once it was asked for, or NULL */
	uv_idle_t indexing;                /* while it is made */
	struct kl_search *search;          /* full text of posts */
	uv_signal_t term, interrupt, hangup;
	uv_timer_t minute;
	int32_t arrival_day;          /* the last day that was noted (arrival_days.h) */
	struct kl_log_quota failures; /* of commits */
	bool stopping;
};

/* Opens everything in a home that is already open and locked, and prints `ready ENDPOINT`. */
int kl_node_start(struct kl_node *node, struct kl_fault *fault);

/* Serves until SIGTERM or SIGINT; then everything is closed. */
void kl_node_run(struct kl_node *node);

/* Reads the settings again and takes over those that can change now: log, veto, consent, seat and
 * max_store. The log tells what waits for a restart. With an error in them everything stays as it was. */
void kl_node_reload(struct kl_node *node);

/* Fresh randomness for one step of a machine, and the clocks. Nothing else in the daemon asks the
 * system for either, but for home.c when an identity is made. */
void kl_node_entropy(uint8_t out[32]);
uint64_t kl_node_now(const struct kl_node *node); /* monotonic, ms */
uint64_t kl_node_wall(void);                      /* since 1970, ms */

/* Commits and destroys the batch (NULL: out of memory). */
int kl_node_commit(struct kl_node *node, struct kl_batch *batch, struct kl_fault *fault);

/* One document, written in a commit of its own. */
int kl_node_keep(struct kl_node *node, const char *kind, const char *name, struct kl_bytes bytes,
	struct kl_fault *fault);

/* All commands that the socket takes (commands.def). */
extern const struct kl_command_handler kl_handlers[];
extern const size_t kl_handlers_count;

#endif
