/* Where results and messages go: nothing that somebody else wrote can drive a terminal.
 *
 * Whatever is printed to such a stream leaves it harmless (core/harmless.h): what could move the
 * cursor, hide or turn round what stands in a line is shown as U+FFFD. So no command needs to think of
 * it. The program's own sequences (colours, the line of the bar) go by kl_screen_own(). */
#ifndef KL_CLIENT_SCREEN_H
#define KL_CLIENT_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

enum { KL_SCREENS_MAX = 4 }; /* open at one time */

/* A stream in front of `under`, which stays its owner's and is flushed with it. Not buffered if
 * `at_once`. NULL without memory, or beyond KL_SCREENS_MAX. */
FILE *kl_screen_open(FILE *under, bool at_once);

/* Gives out what is left. KL_OK or KL_E_IO; errno says why. */
int kl_screen_close(FILE *screen);

/* A sequence of this program, past the filter and in its place. `out` may be any stream. */
void kl_screen_own(FILE *out, const char *sequence);

/* Does it end at a terminal? `out` may be any stream. */
bool kl_screen_is_terminal(FILE *out);

#endif
