/* What the stories of sim_tally.c share. Each story is a function; a failure ends the program. */
#ifndef KL_TESTS_SIM_TALLY_STORY_H
#define KL_TESTS_SIM_TALLY_STORY_H

#include "tests/sim/tally_net.h"

/* Cohorts by priority. */
extern const char *const story_everybody[], *const story_by_kind[], *const story_anchors_first[],
									    *const story_by_type[];

/* The terms of a call with one or both metrics and the cohorts given, to be prepared. */
void story_terms(struct kl_tally_call *ret_call, unsigned metrics, const char *const *cohorts);

/* Calls a tally of one or two metrics, which must be possible; gives its index. */
int story_call(unsigned metrics, const char *const *cohorts);
/* What the convenor is told that wants to call one. */
int story_refused(unsigned metrics, const char *const *cohorts, struct kl_fault *fault);

/* Everybody of the kinds named answers all, the others decline. */
void story_answers(int tally, bool councils, bool anchors);

int story_seat_node(int tally, unsigned seat);
unsigned story_seat_of(int tally, int node); /* 0: none */

/* What a contributor that does not play by the rules deals: cells of the one metric lm3.score as they
 * are, under a number of its choice, with an uneven share for the seats in `uneven` (bit j - 1). */
struct story_dealing {
	uint64_t x[NET_SCORE_BINS];
	uint8_t number;
	uint16_t uneven;
};
void story_deal(int node, int tally, const struct story_dealing *dealing);

void tell_plain(void);
void tell_complement(void);
void tell_too_few(void);
void tell_ten(void);
void tell_not_counted(void);
void tell_next_year(void);
void tell_passed_over(void);
void tell_named_and_unknown(void);
void tell_no_certificate(void);
void tell_quit_names(void);
void tell_cut_off(void);
void tell_ten_days(void);
void tell_ten_days_in_halves(void);
void tell_leader_dead(void);
void tell_again(void);
void tell_barred(void);
void tell_let_off(void);
void tell_forked_leader(void);
void tell_forked_seat(void);
void tell_equivocation(void);
void tell_restored(void);
void tell_absent_seats(void);
void tell_early_answers(void);
void tell_silent_seat(void);
void tell_cheating_leader(void);
void tell_liar(void);
void tell_bad_shares(void);
void tell_half_shares(void);
void tell_below_base(void);
void tell_impostor(void);
void tell_parts(void);
void tell_late_call(void);
void tell_not_the_leader(void);
void tell_skipped_for_good(void);
void tell_false_answers(void);
void tell_uneven_shares(void);
void tell_withdrawn(void);
void tell_too_late_to_withdraw(void);
void tell_second_number(void);
void tell_unknown_withdrawal(void);
void tell_late_batch(void);
void tell_failure_heard_last(void);
void tell_one_step(void);
void tell_rest_of_ten(void);
void tell_each_quarter(void);
void tell_cohort_by_year(void);
void tell_moved(void);
void tell_one_year_at_a_time(void);

#endif
