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

#endif
