/* What a home remembers beside its database, so that a database or a home that was put back as it was
 * some time ago, or that a second machine has as well, is noticed before anything is signed.
 *
 *     highwater   the last record of the own feed, as far as this home knows
 *     restored    there is one: this home was put back from a backup (or found out that it knew less
 *                 of its own feed than others), and recovers at its next start. The content is for
 *                 people. Whoever puts a home back writes it: KL_HOME_RESTORED
 *     twin        another machine has the same key, for certain
 *     this-one    a person said that this home is the one
 *
 * `highwater` is one line of a fixed length that is written over in place after each commit, before the
 * record leaves the machine: network, epoch, number and id, a checksum, and the number of the file
 * itself. In a copy of the home the file is another one, and so it shows that it was copied.
 *
 * It is not synced each time. It is there for a database that goes back while the home does not, and
 * no crash and no power cut alone makes a database go back, since every commit of it is synced. After a
 * power cut the file may be older than the database, which means nothing, or unreadable, which means
 * that nothing is known; both are put right at the next start. */
#ifndef KL_DAEMON_MARKS_H
#define KL_DAEMON_MARKS_H

#include "daemon/home.h"
#include "protocol/record.h"

#define KL_HOME_RESTORED "restored"

struct kl_highwater {
	struct kl_id network;
	uint32_t epoch;
	struct kl_head head;
};

enum kl_highwater_found {
	KL_HIGHWATER_NONE,   /* no file, or one that cannot be read */
	KL_HIGHWATER_HERE,   /* as this home left it */
	KL_HIGHWATER_COPIED, /* the home was copied since, or moved to another disk */
};

/* Reads it; *ret is zeroed if there is none. */
enum kl_highwater_found kl_highwater_read(const struct kl_home *home, struct kl_highwater *ret);

/* Makes the file anew, synced; *ret_fd stays open for kl_highwater_write(). */
int kl_highwater_open(const struct kl_home *home, const struct kl_highwater *highwater, int *ret_fd,
	struct kl_fault *fault);

/* Opens the one that is there and writes over it, synced. */
int kl_highwater_go_on(const struct kl_home *home, const struct kl_highwater *highwater,
	int *ret_fd, struct kl_fault *fault);

/* Writes over it in place. KL_E_FULL, KL_E_IO. */
int kl_highwater_write(int fd, const struct kl_highwater *highwater);

bool kl_mark_is(const struct kl_home *home, const char *name);
int kl_mark_put(const struct kl_home *home, const char *name, const char *text);
int kl_mark_take(const struct kl_home *home, const char *name);

/* `twin`: whether it is there, and whether a person has chosen the other home. */
bool kl_mark_twin(const struct kl_home *home, bool *ret_superseded);
int kl_mark_pair(const struct kl_home *home, bool superseded);

/* `this-one`: when a person chose this home, and whether it is to go on at once with what is here.
 * Zeros if nobody did. */
struct kl_choice {
	uint64_t chosen;
	bool go_on;
};
struct kl_choice kl_mark_choice(const struct kl_home *home);
int kl_mark_choose(const struct kl_home *home, struct kl_choice choice, struct kl_fault *fault);

#endif
