/* To whom an answer would go, and what they could learn: what is shown before somebody agrees.
 *
 * newly seated  never drawn for a committee that is known here
 * new member    not on the roster that the call before froze
 * passed over   offers a seat, as far as is known here, but the call does not let it be drawn
 * barred        kept off the committee, since it was proven false on an earlier one; not barred: this member
 *               knows the same of somebody whom the call does not keep off
 * counted       towards the minimum, although its answer is public by name */
#ifndef KL_DAEMON_CONSENT_SCREEN_H
#define KL_DAEMON_CONSENT_SCREEN_H

#include "daemon/consent.h"

enum { KL_CONSENT_SCREEN_KEYS = 14 };

/* Keys "until", "until_words", "readers", "minimum", "committee", "vetoed", "stray_vetoes", "new_members",
 * "passed_over", "wrongly_counted", "barred", "not_barred", "learn" and "risks". */
void kl_put_consent_screen(struct kl_writer *w, const struct kl_network *network,
	const struct kl_tally_view *view, const struct kl_ballot *ballot);

#endif
