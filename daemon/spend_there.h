/* The payments that are there already, so that one which comes in a second time is noticed.
 *
 * print   64 bits that tell a payment (core/spend.h)
 *
 * A file may hold the same payment twice by right: each that is there is found once, by one that
 * comes in. */
#ifndef KL_DAEMON_SPEND_THERE_H
#define KL_DAEMON_SPEND_THERE_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kl_spend_there;

/* Room for `count` payments. NULL if there is no memory. */
struct kl_spend_there *kl_spend_there_new(uint64_t count);
void kl_spend_there_destroy(struct kl_spend_there *there);

/* Puts one in, of file `file` (less than 0x7fff). KL_E_TOO_BIG beyond `count`. */
int kl_spend_there_add(struct kl_spend_there *there, uint64_t print, uint16_t file);

/* Finds one that was not found before, and says of which file it is. */
bool kl_spend_there_take(struct kl_spend_there *there, uint64_t print, uint16_t *ret_file);

#endif
