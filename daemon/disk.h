/* What the disk lets this daemon do: nothing is lost when it is full or fails, and nobody has to start
 * anything again.
 *
 * ballast    a file of zeros in the home that really takes its space. It is given up when the disk is
 *            full, so that news of the roster and what else must not be lost (kl_batch_urge) still fit
 * full       the disk has no space: the owner's words are refused, in words, and records of others stay
 *            where they are; everything is served. It ends by itself, once there is room for the ballast
 *            and as much again
 * at limit   the same when the database has reached `max_store`; its last part is the ballast then
 * failing    a write failed: nothing at all is written until the database could be opened again
 *
 * One line in the log when any of these begins, changes or ends. Who has free space for small commits
 * goes on when a big one did not fit: that one alone is refused. */
#ifndef KL_DAEMON_DISK_H
#define KL_DAEMON_DISK_H

#include "core/error.h"
#include "store/batch.h"

#include <uv.h>

struct kl_node;

enum kl_disk_state { KL_DISK_FINE, KL_DISK_FULL, KL_DISK_AT_LIMIT, KL_DISK_FAILING };

struct kl_disk {
	enum kl_disk_state state;
	uint64_t ballast;  /* bytes that it has, or would have */
	bool has_ballast;  /* it is there */
	uint64_t ended_ms; /* when there was trouble last */
	uint64_t wait_ms;  /* between two looks whether it is over */
	uv_timer_t timer;
};

/* Bytes of ballast on a disk of that size. */
uint64_t kl_disk_ballast(uint64_t disk_size);

/* Of `max_store`, for urgent batches. */
uint64_t kl_disk_reserve(uint64_t max_store);

/* Before the database is opened: makes the ballast, if there is room for it and as much again. */
void kl_disk_prepare(struct kl_node *node);

/* Gives the ballast up; false if there was none. */
bool kl_disk_give_up(struct kl_node *node);

/* Once the loop is there and the database is open. Without ballast the disk counts as full. */
void kl_disk_start(struct kl_node *node);
void kl_disk_stop(struct kl_node *node);

/* For kl_store_options; `arg` is the node. */
bool kl_disk_lacks(void *arg, enum kl_lack lack, const struct kl_batch *batch);

/* `max_store` in the settings of the node has changed. */
void kl_disk_reload(struct kl_node *node);

/* Whether there is trouble; what it is and what to do is in *ret_why (may be NULL). */
bool kl_disk_trouble(const struct kl_node *node, struct kl_fault *ret_why);

#endif
