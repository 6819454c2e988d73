/* "I am here": how two machines with one key find out about each other, through a peer that both
 * call.
 *
 * run     16 random bytes, drawn at each start of a daemon: who says this
 * echo    the run of another daemon with the same key that was heard last, or zeros
 * chosen  when a person said that this home is the one (ms of its clock); 0: nobody did
 *
 * A daemon says it to each peer that it greets. The peer keeps the last word of each member, and
 * gives it to whoever comes next under the same name; so it reaches the other machine even if the
 * peer holds one link of a member at a time. Who hears a run that is not its own answers, and who
 * hears its own run in an echo knows: another machine that has our key has heard this very start of
 * ours. Old words, said again by whoever kept them, prove nothing; nor can a peer make them up.
 *
 * Signed is H("KL1/here", network, author, u32 epoch, run, echo, u64 chosen), with the key that is
 * in force for the author's feed. Only the author's own daemons ever check it. */
#ifndef KL_PROTOCOL_HERE_H
#define KL_PROTOCOL_HERE_H

#include "protocol/record.h"

enum { KL_RUN_ID_BYTES = 16 };

struct kl_run_id {
	uint8_t b[KL_RUN_ID_BYTES];
};

struct kl_here {
	struct kl_feed_key feed;
	struct kl_run_id run, echo;
	uint64_t chosen;
	uint8_t signature[KL_SIGNATURE_BYTES];
};

bool kl_run_id_equal(const struct kl_run_id *a, const struct kl_run_id *b);

/* Fills in the signature. */
void kl_here_sign(
	const struct kl_id *network, const struct kl_sign_keys *keys, struct kl_here *here);

/* KL_E_SIGNATURE unless the holder of `key` said exactly this. */
int kl_here_check(const struct kl_id *network, const struct kl_id *key, const struct kl_here *here);

#endif
