/* Numbers texts of a file from 1 upwards in order of appearance, so that each crosses once. */
#ifndef KL_CLIENT_TEXT_NUMBERS_H
#define KL_CLIENT_TEXT_NUMBERS_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kl_text_numbers {
	/* All private. */
	char *bytes;
	size_t len, room, slot_count;
	struct kl_text_slot {
		uint32_t number, hash;
		size_t at;
	} * slots;
	uint32_t count;
};

/* KL_E_NOMEM. */
int kl_text_numbers_init(struct kl_text_numbers *numbers);
void kl_text_numbers_deinit(struct kl_text_numbers *numbers);

/* The number of a text that is there, or 0. */
uint32_t kl_text_number_there(const struct kl_text_numbers *numbers, const char *text);

/* The number of a text; *ret_new tells that it was not there before. KL_E_NOMEM, or KL_E_TOO_BIG
 * beyond `max`. */
int kl_text_number(struct kl_text_numbers *numbers, const char *text, uint32_t max,
	uint32_t *ret_number, bool *ret_new);

#endif
