#include "client/text_numbers.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1 << 12, FIRST_BYTES = 1 << 16 };

int kl_text_numbers_init(struct kl_text_numbers *n)
{
	*n = (struct kl_text_numbers){.room = FIRST_BYTES, .slot_count = FIRST_SLOTS};
	n->bytes = malloc(FIRST_BYTES);
	n->slots = calloc(FIRST_SLOTS, sizeof *n->slots);
	return n->bytes && n->slots ? KL_OK : KL_E_NOMEM;
}

void kl_text_numbers_deinit(struct kl_text_numbers *n)
{
	free(n->bytes);
	free(n->slots);
}

/* Eight bytes at a time; *ret_len without the final zero. */
static uint32_t hash_of(const char *text, size_t *ret_len)
{
	size_t len = strlen(text);
	uint64_t h = len * UINT64_C(0x9e3779b97f4a7c15), word;
	const char *at = text, *end = text + len;

	for (; end - at >= 8; at += 8) {
		memcpy(&word, at, 8);
		h = (h ^ word) * UINT64_C(0xd6e8feb86659fd93);
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, at, (size_t)(end - at));
	h = (h ^ word) * UINT64_C(0xd6e8feb86659fd93);
	*ret_len = len;
	return (uint32_t)(h >> 32);
}

static int grow(struct kl_text_numbers *n)
{
	size_t count = n->slot_count * 2;
	struct kl_text_slot *slots = calloc(count, sizeof *slots);

	if (!slots)
		return KL_E_NOMEM;
	for (size_t i = 0; i < n->slot_count; i++) {
		size_t s = n->slots[i].hash & (count - 1);

		if (!n->slots[i].number)
			continue;
		while (slots[s].number)
			s = (s + 1) & (count - 1);
		slots[s] = n->slots[i];
	}
	free(n->slots);
	n->slots = slots;
	n->slot_count = count;
	return KL_OK;
}

static int keep(struct kl_text_numbers *n, const char *text, size_t len)
{
	size_t room = n->room;
	char *more;

	while (room - n->len < len)
		room *= 2;
	more = room == n->room ? n->bytes : realloc(n->bytes, room);
	if (!more)
		return KL_E_NOMEM;
	n->bytes = more;
	n->room = room;
	memcpy(more + n->len, text, len);
	n->len += len;
	return KL_OK;
}

/* The slot of a text, or the free one where the search for it ended. */
static struct kl_text_slot *look(const struct kl_text_numbers *n, const char *text, uint32_t hash)
{
	size_t slot = hash & (n->slot_count - 1);

	for (; n->slots[slot].number; slot = (slot + 1) & (n->slot_count - 1))
		if (n->slots[slot].hash == hash && !strcmp(n->bytes + n->slots[slot].at, text))
			break;
	return &n->slots[slot];
}

uint32_t kl_text_number_there(const struct kl_text_numbers *n, const char *text)
{
	size_t len;
	uint32_t hash = hash_of(text, &len);

	return look(n, text, hash)->number;
}

int kl_text_number(struct kl_text_numbers *n, const char *text, uint32_t max, uint32_t *ret_number,
	bool *ret_new)
{
	size_t len, at = n->len;
	uint32_t hash = hash_of(text, &len);
	struct kl_text_slot *slot;
	int rc = n->count >= n->slot_count / 2 ? grow(n) : KL_OK;

	if (rc)
		return rc;
	slot = look(n, text, hash);
	*ret_new = !slot->number;
	if (slot->number) {
		*ret_number = slot->number;
		return KL_OK;
	}
	if (n->count >= max)
		return KL_E_TOO_BIG;
	rc = keep(n, text, len + 1);
	if (rc)
		return rc;
	*slot = (struct kl_text_slot){++n->count, hash, at};
	*ret_number = n->count;
	return KL_OK;
}
