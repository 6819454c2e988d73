/* Whether this member may add to its own feed now (protocol/recover.h decides), and what people are
 * told about it. The daemon's side: what the home and the database remember, events to the machine,
 * and what it wishes. */
#ifndef KL_DAEMON_RECOVERING_H
#define KL_DAEMON_RECOVERING_H

#include "core/error.h"
#include "protocol/recover.h"

struct kl_network;

struct kl_recovering {
	struct kl_recover machine;
	int highwater;          /* descriptor, or -1 */
	enum kl_own_state told; /* what the log said last */
	bool claim, superseded; /* the same */
	bool opened, acting;
};

/* With everything folded and before anybody is called: looks at what home and database remember, and
 * begins. Whatever is wrong there keeps nobody from being served. */
void kl_recovering_begin(struct kl_network *network, bool frozen);
void kl_recovering_end(struct kl_network *network);

/* KL_OK, or why nothing is published now and what to do about it: KL_E_BUSY if it ends by itself,
 * else KL_E_DENIED. */
int kl_recovering_may_append(const struct kl_network *network, struct kl_fault *fault);

/* One sentence for `status`, with what to do; empty while everything is as it should be. */
enum { KL_RECOVERING_TEXT = 512 };
void kl_recovering_words(const struct kl_network *network, char out[KL_RECOVERING_TEXT]);

/* "active" and the like are the roster's words; this is NULL while the feed is open. */
const char *kl_recovering_state(const struct kl_network *network);

/* A convenor that has lost its whole feed, and the roster with it, can tell nobody from anybody: its own
 * members would be refused, who alone could give it back. So it lets in whoever calls, under a name made
 * of his key. There is nothing here that he could take, and what he gives has our signature or is
 * nothing. With the first records these links are cut, and members come back under their names. */
bool kl_recovering_knows_nobody(const struct kl_network *network);

/* Events. */
void kl_recovering_greeted(struct kl_network *network, uint32_t link, const struct kl_id *member);
void kl_recovering_told(
	struct kl_network *network, const struct kl_id *member, const struct kl_head *head);
void kl_recovering_pulled(struct kl_network *network);
/* Records that we signed are committed, and have not been sent yet. */
void kl_recovering_appended(struct kl_network *network);
void kl_recovering_roster(struct kl_network *network);
void kl_recovering_froze(struct kl_network *network);
void kl_recovering_met(struct kl_network *network);
void kl_recovering_here(struct kl_network *network, uint32_t link, const struct kl_here *here);

/* Time, and what the machine wishes: never from within the effects of another machine. */
void kl_recovering_turn(struct kl_network *network);

#endif
