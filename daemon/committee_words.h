/* What so many members learn who tell each other all they see in a tally, in sentences. Pure; true of a
 * committee of the rules of core/committee.h.
 *
 * It is what consent rests on, so nothing is left out to please. */
#ifndef KL_DAEMON_COMMITTEE_WORDS_H
#define KL_DAEMON_COMMITTEE_WORDS_H

#include "core/committee.h"
#include "daemon/sentences.h"

enum { KL_AWAY_WORDS_MAX = 320 };

/* `minimum`: smallest sum that is shown. Adds to the sentences. */
void kl_learn_words(
	const struct kl_committee *committee, unsigned minimum, struct kl_sentences *sentences);

/* What it costs if seats stay away: a sentence without a full stop at its end. */
const char *kl_away_words(const struct kl_committee *committee, char out[KL_AWAY_WORDS_MAX]);

#endif
