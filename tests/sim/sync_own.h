/* Accidents with one's own feed, in the world of sync_world.h: databases and homes that are put back as
 * they were, and one identity on two machines. Each node has the real machine of protocol/recover.h.
 *
 * loser    a member of whose records the last ones may be lost in a crash; what its home knows of them
 *          (the high-water file) stays, or goes as well (the whole home was put back: then it shows that
 *          it was copied, or nothing shows)
 * twin     a second machine that starts in the middle from a copy of another's home
 *
 * Records of these are made when they are signed, each with a time of its own: two for one place are a
 * real fork, and the machines of sync.h find it. */
#ifndef KL_TESTS_SIM_SYNC_OWN_H
#define KL_TESTS_SIM_SYNC_OWN_H

#include "tests/sim/sync_world.h"

bool own_is_loser(int author);
bool own_is_made(int author); /* its records are made as they are signed */

/* Before the first event of a story. */
void own_set_up(void);
/* A machine starts: what its home remembers. */
void own_start(int node);
/* Carries out what concerns the own feed; false for other effects. */
bool own_act(int node, const struct kl_sync_effect *e);
void own_turn(int node);
void own_pulled(int node);
/* Whether it signs now; and the record that it then signs, at the end of its store. */
bool own_may(int node);
const struct made *own_sign(int node);
/* A crash with a loss. */
void own_lose(int node);
/* The second machine comes to be. */
void own_clone(void);

const struct made *own_find(int author, const struct kl_record *r);

/* When feeds are equal for the first time all losers are asked for one more record; true once it is
 * there, and every honest member is open, both twins read only. */
bool own_settled(char why[160]);
void own_tear_down(void);

#endif
