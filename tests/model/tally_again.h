/* The tally after one that failed: what was voted for in that counts as released. */
#ifndef KL_TESTS_MODEL_TALLY_AGAIN_H
#define KL_TESTS_MODEL_TALLY_AGAIN_H

/* For committees of 6 or 7, that is as many members: all contributed to a tally that failed, and in which a
 * set of all of them may have been opened. In the next one a member declines: the sum of the others
 * would show its answer. Nothing of that may be released, whoever lacks what was voted for then must wait
 * until it comes, and a lie in a QUIT must not hold it up for ever. Ends the program otherwise. */
void again_check(void);

#endif
