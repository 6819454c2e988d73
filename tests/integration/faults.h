/* What a program that was started with LD_PRELOAD=libfaults.so finds with dlsym(), to arm it by itself: see
 * faults.c. */
#ifndef KL_TESTS_INTEGRATION_FAULTS_H
#define KL_TESTS_INTEGRATION_FAULTS_H

enum fault_kind { FAULT_NONE, FAULT_EIO, FAULT_ENOSPC, FAULT_SHORT };

/* From now on call number `at` fails, counted from 1, and the `count` - 1 behind it. */
void faults_arm(enum fault_kind kind, unsigned at, unsigned count);

/* How many calls have failed since then. */
unsigned faults_failed(void);

#endif
