/* What the observer knows that nobody else knows, and what it asks at the end: between tally_watch.c,
 * tally_dealt.c, tally_opened.c, tally_isolate.c, tally_unread.c, tally_counted.c and tally_end.c. */
#ifndef KL_TESTS_SIM_TALLY_END_H
#define KL_TESTS_SIM_TALLY_END_H

#include "core/judge.h"
#include "tests/sim/tally_said.h"

void net_end_begin(void);
void net_end_end(void);

/* ---- tally_watch.c -------------------------------------------------------------------------- */

/* Whether qv VOTEs for something, and qv SKIPs of all earlier attempts, were ever written. */
bool net_certificate(int tally, struct kl_id *ret_proposal);
/* Whether a node holds QUITs of qv seats. */
bool net_has_failed(int node, int tally);

/* ---- tally_dealt.c: what contributors dealt ------------------------------------------------- */

/* A contribution with the vectors of all seats, as nobody but the observer can see them. */
struct net_dealt {
	int tally, node;
	struct kl_tally_contrib contrib;
	struct kl_id id;                 /* of the CONTRIB */
	uint64_t *vectors[KL_SEATS_MAX]; /* NULL: that seat cannot open it */
	bool legal;                /* what the honest seats hold is one answer to each question.. */
	int16_t bins[NET_METRICS]; /* .. this one */
};

/* Values at some points, and the polynomials of a degree through the first of them. */
struct net_line {
	unsigned count, degree;
	uint64_t weights[KL_SEATS_MAX + 2]
			[KL_SEATS_MAX + 1]; /* for each further point; then for 0 */
};

void net_line_init(struct net_line *line, const uint64_t *points, unsigned count, unsigned degree);
/* Whether all values lie on one such polynomial. */
bool net_line_fits(const struct net_line *line, const uint64_t *values);
/* Its value at 0; count must be above the degree. */
uint64_t net_line_at_zero(const struct net_line *line, const uint64_t *values);

/* The contribution whose CONTRIB has that id; NULL if there is none for its tally. */
const struct net_dealt *net_dealt(const struct kl_id *contribution);
/* The contributions of a node to a tally, in the order in which it wrote them: how many. */
unsigned net_contributions(
	int tally, int node, const struct net_record *ret_records[2 * KL_SHARE_NUMBER_MAX]);
struct kl_cells net_cells(int tally);
void net_dealt_end(void);

/* ---- tally_opened.c: what seats opened ------------------------------------------------------ */

/* A set of members whose sum an honest seat has opened: with t - 1 others, that is read. */
struct net_opened {
	int tally;
	struct kl_id proposal;
	unsigned metric, cohort, level;
	uint64_t nodes; /* who stands in it */
};

enum { NET_OPENED_MAX = 512 };

void net_watch_opened(int node, const struct net_said *said, struct kl_bytes payload);
const struct net_opened *net_opened(unsigned *ret_count);
void net_opened_begin(void);

/* ---- tally_counted.c: who is in, and who should be ------------------------------------------ */

void net_watch_intake(int node, const struct net_said *said, struct kl_bytes payload);
/* The entries of a whole INTAKE, by the id of its last part: how many, and of which seat; the caller
 * frees them. */
struct kl_intake_entry *net_intake_entries(const struct kl_id *id, size_t *ret_count);
void net_counted_begin(void);
void net_check_counted(int tally, int witness);

/* ---- tally_isolate.c, tally_unread.c -------------------------------------------------------- */

/* No combination of what was opened shows fewer members than its level allows. */
void net_check_isolation(void);
/* How many of these count towards the minimum: control groups of members of whom that was confirmed, and whose
 * figure is not published by name. */
unsigned net_counted(int tally, unsigned metric, uint64_t nodes);
/* What t - 1 seats hold, with everything that is public, fits other answers too; and no record shows
 * what only its owner may hold. */
void net_check_unread(int tally);
/* What an honest seat replies to the tests of a contribution; false if it cannot open its share. */
bool net_reply_of(const struct net_dealt *d, unsigned seat, struct kl_reply *ret_reply);

extern unsigned net_worlds;      /* how many other worlds were written down */
extern unsigned net_passed_over; /* families that were too large to look through */

#endif
