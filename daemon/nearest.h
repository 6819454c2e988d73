/* Who is like whom, among the members of the network and the councils of the reference table.
 *
 * table     all councils, or all anchors, as core/similar.h compares them: active members of the
 *           roster, this member itself (also before it has joined), and those councils of the
 *           reference table that are no members
 * left out  members that say that another council took their place, and all councils that are no more
 *           (core/succession.h); and of the rows of the reference table those of members, by the code
 *           that the convenor confirmed. What a member says of others (`replaces`, a code of its own
 *           choice) hides nobody, except that of this member itself on its own machine
 *
 * What counts (ours). Of a council that stands in the reference table, the table's figures: they are of
 * one year and found in one way for all. What the table lacks is completed by what the convenor
 * confirmed, then by what the member publishes. Without a row in the table it is the convenor, then
 * the member. Of an anchor only its region is completed by the table: that of the council area in which
 * it works; how rural or deprived the whole area is says little about its neighbourhood. A council's type
 * is the one that the convenor confirmed, before all others. Of itself this member knows its own profile,
 * published or not.
 *
 * The tables are made anew when somebody asks after profiles, roster or reference table have changed:
 * with 5,000 members and 5,000 councils that takes ten to fifteen milliseconds; a question then takes
 * one by a council's code, and up to ten by name and for a hundred anchors with long lists. */
#ifndef KL_DAEMON_NEAREST_H
#define KL_DAEMON_NEAREST_H

#include "core/bytes.h"
#include "core/council.h"
#include "core/similar.h"
#include "daemon/node.h"

struct kl_nearest {
	struct kl_id id;
	double distance; /* as core/similar.h measures it: not rebased */
};

/* The `n` members most like this one (at most KL_SIMILAR_SHOWN_MAX), nearest first, councils among
 * those of its type. None is no error. KL_E_NOT_FOUND if this member says too little of itself to be
 * compared, or is only the convenor: with what to do. KL_E_DENIED outside of a network. */
int kl_nearest_members(struct kl_node *node, size_t n, struct kl_nearest *ret, size_t *ret_n,
	struct kl_fault *fault);

/* ---- for those who tell why ---------------------------------------------------------------- */

/* One row of a table. */
struct kl_nearest_row {
	bool member; /* on the roster, as `id` */
	bool self;
	struct kl_id id;      /* zero if neither */
	char gss[KL_GSS_MAX]; /* councils, where it is known */
	bool claimed;         /* the code is its own word: the convenor confirmed none */
	const struct kl_council *council; /* its row of the reference table, or NULL */
	const char *name;                 /* roster's, or else the table's; as long as the table */
	struct kl_likeness likeness;      /* completed */
	struct kl_likeness said;          /* what convenor and member say, without the table */
	uint32_t differ; /* features of which the table says something else than these */
};

struct kl_nearest_rows {
	struct kl_similar similar; /* row i tells of items[i] */
	struct kl_nearest_row *items;
	size_t capacity;
};

/* The table of a kind. Valid until the command that asked has ended. */
int kl_nearest_table(struct kl_node *node, enum kl_member_kind kind,
	const struct kl_nearest_rows **ret_table, struct kl_fault *fault);

/* The table of this member's kind, and its own row. KL_E_NOT_FOUND for a convenor that is neither council
 * nor anchor. */
int kl_nearest_self(struct kl_node *node, const struct kl_nearest_rows **ret_table, size_t *ret_row,
	struct kl_fault *fault);

/* The row of a member, or of a council's code (one that is only claimed comes last); -1 if there is
 * none. */
long kl_nearest_member(const struct kl_nearest_rows *table, const struct kl_id *id);
long kl_nearest_gss(const struct kl_nearest_rows *table, const char *gss);

/* KL_E_NOT_FOUND with what to do if too little is known of a row to compare it with anybody. */
int kl_nearest_enough(const struct kl_nearest_rows *table, size_t row, struct kl_fault *fault);

/* Profiles, the roster or the reference table have changed. */
void kl_nearest_forget(struct kl_node *node);

struct kl_nearest_tables;
void kl_nearest_destroy(struct kl_nearest_tables *tables); /* NULL is accepted */

#endif
