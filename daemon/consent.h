/* This member's own answer to a tally: which of its figures would leave, to whom, and whether they
 * may.
 *
 * ballot     one bin or none for each metric of a call, with the reason where there is none
 * locked     agreed in an earlier tally that failed, or in this one before it was withdrawn: a later one
 *            gets the same answer
 * counted    in an earlier tally of the period that released something: not answered again
 * veto       names in the settings whose seat this member refuses, whatever else it agreed to
 * consent    `ask`: a person says yes or no to each tally; `always`: the daemon does, by the rules
 *            here: it contributes as soon as it has a figure and nobody on the veto list sits, and waits
 *            for that until the last tenth of the time to contribute (a minute at least, half of it at
 *            most); then it declines, and says why
 *
 * A metric is answered only if the call describes it exactly as this program's own catalogue does:
 * other bins under a known name could be drawn so that they say more. Nor is it answered if the call
 * counts members towards the minimum whose answer is public by name, and too few are left to hide this
 * one in one of its cohorts (kl_tally_exposes()). */
#ifndef KL_DAEMON_CONSENT_H
#define KL_DAEMON_CONSENT_H

#include "daemon/network.h"

enum { KL_BALLOT_WHY_MAX = 256 };

struct kl_ballot {
	size_t count;                       /* metrics of the call */
	size_t answered;                    /* of these, with a bin */
	size_t counted;                     /* of these, counted for the period already */
	int16_t bins[KL_TALLY_METRICS_MAX]; /* KL_ABSENT: no answer */
	int64_t values[KL_TALLY_METRICS_MAX];
	char (*why)[KL_BALLOT_WHY_MAX]; /* why there is no answer; "" where there is one; owned */
	struct kl_id *from; /* the earlier tally in which it was agreed, or zero; owned */
	struct kl_set
		*known; /* for each metric the columns that have answered it in public; owned */
};

/* What would leave in answer to a tally. `only` (may be NULL: all) says which metrics this member is
 * willing to answer. Where it agreed to an answer in an earlier tally for the same question and
 * period, that one leaves again (or none, if none was given or it was counted), whatever is willed or
 * known now; values[] then is not what it was agreed for. KL_E_NOMEM, KL_E_DAMAGED. The ballot is to be deinitialised after success. */
int kl_ballot_fill(struct kl_node *node, const struct kl_tally_view *view, const bool *only,
	struct kl_ballot *ret_ballot, struct kl_fault *fault);

/* Wipes it. */
void kl_ballot_deinit(struct kl_ballot *ballot);

/* KL_E_DENIED, with the name, if somebody on the veto list sits on the committee. */
int kl_consent_veto(
	const struct kl_node *node, const struct kl_tally_view *view, struct kl_fault *fault);

/* Until when consent = always waits for a figure, or for a name to be taken off the veto list. Since 1970. */
uint64_t kl_consent_waits_until(const struct kl_tally_view *view);

/* With consent = always: answers every tally that waits for this member, as soon as it can. In any case
 * what was agreed to and has not left is withdrawn where somebody on the veto list sits. In how many
 * milliseconds it wants to look again; UINT64_MAX: need not. */
uint64_t kl_consent_review(struct kl_network *network);

/* The second alone: before the machine may speak, at start and after the settings were read again. */
void kl_consent_hold_back(struct kl_network *network);

#endif
