/* What goes on in a tally, in sentences for the member that looks at it. A pure function: whatever it
 * says follows from what it is told.
 *
 * silent   a seat that still owes something, with which this member has no link, and of which it has not
 *          heard for a tenth of the window it stands in (ours), ten seconds at least
 * doomed   too few seats were taken in time: see kl_tally_view
 * duty     what this member's machine still has to do, and until when it has to run for it
 *
 * First what goes on, then who is waited for and what can go on without whom, then what this member has
 * said and what it still owes, then what went wrong and who is to blame. */
#ifndef KL_DAEMON_TALLY_WORDS_H
#define KL_DAEMON_TALLY_WORDS_H

#include "daemon/sentences.h"
#include "daemon/when_words.h"
#include "protocol/tally.h"

enum { KL_TOLD_NAMES_MAX = 3 };

/* What came out of the opened sums, all metrics and cohorts together. */
struct kl_told_openings {
	unsigned released; /* sums that were certified */
	unsigned withheld; /* of cohorts in which somebody answered */
	unsigned final, unconfirmed, spoilt, waiting;
	uint16_t unconfirmed_by; /* bit j - 1: seat j stands behind an unconfirmed sum */
};

struct kl_told {
	const struct kl_tally_view *view;
	struct kl_tally_progress progress;
	struct kl_clock clock;
	const char *names[KL_SEATS_MAX]; /* of those who sit */
	uint64_t linked_ms
		[KL_SEATS_MAX]; /* when a link last brought something of them; 0: no link */
	uint16_t vetoed;        /* seats that this member refuses: bit j - 1 for seat j */
	uint64_t
		declines_ms; /* when consent = always declines what it cannot answer; 0: a person answers */
	const char *
		apart; /* why this member, which is not the convenor, takes no part whatever it says; or NULL */
	bool counted_before; /* this member, for all that is asked for: nothing more is taken of it */
	unsigned not_counted;                  /* contributions, once it is certified */
	unsigned said_nothing;                 /* members that neither contributed nor declined */
	const char *waited[KL_TOLD_NAMES_MAX]; /* some of these by name */
	struct kl_told_openings openings;
	bool convenes;         /* this member is the convenor */
	bool counted, refused; /* of this member, once it is certified: see kl_tally_member_view */
};

void kl_tally_words(const struct kl_told *told, struct kl_sentences *ret_sentences);

/* Whether what this member contributed now could still be counted: a seat that has listed what it holds lists
 * nothing more. "it will not be counted: four of the seven seats have listed what they hold already"; ""
 * while none has. */
enum { KL_TALLY_LATE_WORDS_MAX = 160 };
const char *kl_tally_late_words(
	const struct kl_tally_view *view, char out[KL_TALLY_LATE_WORDS_MAX]);

/* What a tally that goes on waits for, and whose machine has to come back for it to end; no full stop. */
void kl_tally_end_words(const struct kl_told *told, char out[KL_SENTENCE_MAX]);

/* Whether a member sits, its own seat does not speak for it, and too few others have listed what they hold. */
bool kl_tally_lacks_others(const struct kl_tally_view *view, const struct kl_id *member);

/* Of these, what this member has said and what became of it (tally_own_words.c). */
void kl_tally_own_words(const struct kl_told *told, struct kl_sentences *sentences);

/* No more will come of it. */
bool kl_tally_has_ended(const struct kl_tally_view *view);

/* Until when this member's machine has to run for a tally: 0 if nothing of it waits. Since 1970. */
uint64_t kl_tally_duty_until(const struct kl_tally_view *view);

/* The same in a few words for a list: "seat 4", "shares leave", "your word"; "" if nothing waits. */
const char *kl_tally_duty_words(const struct kl_tally_view *view, char out[KL_WHEN_MAX]);

#endif
