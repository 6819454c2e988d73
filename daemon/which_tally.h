/* People name a tally by the beginning of its id, or by its period, or not at all. */
#ifndef KL_DAEMON_WHICH_TALLY_H
#define KL_DAEMON_WHICH_TALLY_H

#include "daemon/network.h"

/* The tally that `text` means; empty: the latest one. Of several that a period has it is the one that goes on,
 * if that is one only. KL_E_NOT_FOUND, KL_E_AMBIGUOUS with their ids. The view lives until the next step of
 * the book. */
int kl_which_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault);

/* The same for somebody who wants to answer: empty means the one that takes this member's answer, or the latest
 * if none does: kl_tally_may_answer() says why. KL_E_AMBIGUOUS if several do. */
int kl_which_open_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault);

/* KL_OK if this member may say yes or no; else which tally it is, and why not. KL_E_DENIED, KL_E_EXISTS,
 * KL_E_TIMEOUT. */
int kl_tally_may_answer(
	const struct kl_network *network, const struct kl_tally_view *view, struct kl_fault *fault);

/* Why this member takes no part in a tally whatever it says, or NULL. */
const char *kl_tally_why_apart(const struct kl_network *network, const struct kl_tally_view *view);

/* True while this member may still say yes or no; also after it took its yes back. */
bool kl_tally_takes_answers(const struct kl_tally_view *view);

/* The same, if it has not said anything yet. */
bool kl_tally_waits_for_us(const struct kl_tally_view *view);

/* Whether this member was counted in earlier tallies of the period for all that is asked for: a late batch
 * takes nothing more of it. */
bool kl_tally_counted_before(const struct kl_network *network, const struct kl_tally_view *view);

/* Whether a word of this member is waited for, and would be taken. */
bool kl_tally_asks_us(const struct kl_network *network, const struct kl_tally_view *view);

/* The same for somebody who wants to take an answer back: empty means the one from which something can
 * be taken back. */
int kl_which_answered_tally(const struct kl_network *network, const char *text,
	struct kl_tally_view *ret_view, struct kl_fault *fault);

/* Fills in who offers a seat, as members publish it. */
void kl_tally_seat_offers(const struct kl_network *network, struct kl_tally_roster *roster);

/* Index of the metric of that code in a call, or -1. */
int kl_tally_metric(const struct kl_tally_call *call, const char *code);

/* "open", "deciding", "closed", "failing" (too few seats were taken), "failed", "stuck", or "refused" for a
 * call that breaks a rule. */
const char *kl_tally_state_word(const struct kl_tally_view *view);

#endif
