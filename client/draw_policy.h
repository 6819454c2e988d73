/* Social value policies as they are drawn. */
#ifndef KL_CLIENT_DRAW_POLICY_H
#define KL_CLIENT_DRAW_POLICY_H

#include "client/cli.h"

/* Answers show at most 4,000 bytes of a field, and say where they cut. */
enum { KL_DRAW_POLICY_TEXT_MAX = 4200 };

/* "fields" below each other, wrapped; then "class" and "why". */
void kl_draw_policy(FILE *out, const struct kl_value *answer);

/* "changes": what was, and what is. */
void kl_draw_policy_changes(FILE *out, const struct kl_value *answer);

/* Prints a text in lines of at most `width` characters, broken at blanks where possible; lines behind the
 * first are indented. What could drive a terminal is shown as `?`. */
void kl_draw_wrapped(FILE *out, const char *text, size_t width, int indent);

/* The end of the next line of a text that is to be that wide; *ret_next is where the line behind it
 * begins. */
const char *kl_draw_line_end(const char *text, size_t width, const char **ret_next);

#endif
