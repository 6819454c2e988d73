/* On which day what arrived: one note a day of the highest arrival, so that a week can be told by when
 * posts came here. When they were written is only what their authors claim. Private. */
#ifndef KL_DAEMON_ARRIVAL_DAYS_H
#define KL_DAEMON_ARRIVAL_DAYS_H

#include "daemon/node.h"

/* Notes the day that it is, if that was not done yet: at start, and each minute. Days before the last
 * one noted (a clock that was put back) are not. What fails is tried again in a minute. */
void kl_arrival_days_note(struct kl_node *node);

/* The highest arrival before a day began. KL_E_NOT_FOUND if that was not noted: the day lies before
 * the first note, and something had arrived until then (for the last KL_ARRIVAL_DAYS_MAX days on which this daemon ran, it was). */
int kl_arrivals_before(struct kl_node *node, int32_t day, uint64_t *ret_arrival);

#endif
