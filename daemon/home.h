/* The home: one directory that holds everything of one member, and who may touch it.
 *
 *     identity        who this member is, with its two secret keys; also which database is its own
 *                     and on which machine it was last used             (these change, the keys never)
 *     ticket          the way into a network, once joined
 *     keeplocald.conf settings, written by people
 *     data/           the database
 *     tally/ID.key    key of a seat in one tally, while it runs; never in the database or a backup
 *     highwater, restored, twin, this-one                                see marks.h
 *     control         the command socket                                 (while running)
 *     endpoints       the addresses that the daemon really listens on    (while running)
 *     lock            held by the one daemon that serves this home
 *
 * The directory is 0700, files are 0600, and all belong to the user who runs the daemon; network
 * file systems are refused, since neither locks nor the database are safe there. Files are replaced
 * whole: written beside, synced, renamed. */
#ifndef KL_DAEMON_HOME_H
#define KL_DAEMON_HOME_H

#include "core/bytes.h"
#include "core/error.h"
#include "core/profile.h"
#include "core/sign.h"

#include <limits.h>

enum {
	KL_SMALL_FILE_MAX = 64 * 1024,
};

struct kl_identity {
	char name[KL_MEMBER_NAME_MAX];
	enum kl_member_kind kind;
	char gss[KL_GSS_MAX];     /* empty: none given */
	struct kl_sign_keys sign; /* the public half is who this member is */
	struct kl_box_keys curve; /* for links */
	struct kl_id store_id;    /* random; stands in the database, too */
	struct kl_id machine;     /* where it was last used, hashed; zeros: not known */
};

struct kl_home {
	char path[PATH_MAX];
	int dir;  /* descriptor of the directory */
	int lock; /* descriptor of the lock, or -1 */
	struct kl_identity identity;
};

/* Makes a new home with a new identity. `identity` brings name, kind and gss; keys are drawn here.
 * KL_E_EXISTS if one is there already, KL_E_CONFIG for a place that cannot be a home. */
int kl_home_create(const char *path, const struct kl_identity *identity, struct kl_fault *fault);

/* Opens an existing home: checks place, owner, permissions and identity. Does not lock. */
int kl_home_open(struct kl_home *home, const char *path, struct kl_fault *fault);

/* The machine that this runs on, hashed with the identity so that nobody can look it up; zeros if the
 * system does not say (/etc/machine-id). */
void kl_home_machine(const struct kl_home *home, struct kl_id *ret_machine);

/* Draws a new store id, notes the machine, and writes the identity. */
int kl_home_renew(struct kl_home *home, struct kl_fault *fault);

/* Takes the lock, or KL_E_BUSY when another daemon serves this home. Whoever gets it removes what
 * a crash left half written beside the files that this program writes. */
int kl_home_lock(struct kl_home *home, struct kl_fault *fault);

/* Wipes secrets and closes; accepts a zeroed or half-opened home. */
void kl_home_close(struct kl_home *home);

/* Path of a file in the home. KL_E_RANGE if it is longer than the system allows. */
int kl_home_path(const struct kl_home *home, const char *name, char out[PATH_MAX]);

/* Replaces a small file, durably: 0600, synced before it takes its name. */
int kl_home_write(const struct kl_home *home, const char *name, struct kl_bytes content,
	struct kl_fault *fault);

/* Reads a small file into `out`. KL_E_NOT_FOUND without a fault if there is none. */
int kl_home_read(const struct kl_home *home, const char *name, uint8_t *out, size_t size,
	size_t *ret_len, struct kl_fault *fault);

/* Checks a ticket and keeps it. KL_E_EXISTS if the home already holds another network's. */
int kl_home_keep_ticket(const struct kl_home *home, const char *ticket, struct kl_fault *fault);

/* Overwrites a file with zeros, syncs and unlinks it: for keys whose time is over. A missing file is
 * no error. What a solid-state disk or a snapshot keeps below the file system is out of reach. */
int kl_home_destroy(const struct kl_home *home, const char *name, struct kl_fault *fault);

#endif
