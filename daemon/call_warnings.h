/* What a convenor should look at again before it calls: a call cannot be taken back. */
#ifndef KL_DAEMON_CALL_WARNINGS_H
#define KL_DAEMON_CALL_WARNINGS_H

#include "daemon/sentences.h"
#include "protocol/tally.h"

/* Adds a sentence for each: cohorts in which nobody stands, a period that has not begun at `now_ms` (since
 * 1970), windows of less than a minute. */
void kl_call_warnings(const struct kl_tally_call *call, const struct kl_tally_roster *roster,
	uint64_t now_ms, struct kl_sentences *sentences);

#endif
