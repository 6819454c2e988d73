#include "daemon/spend_there.h"

#include <stdlib.h>

enum { FREE = 0, TAKEN = 0x8000 };

struct kl_spend_there {
	uint64_t slots, left;
	uint64_t *prints;
	uint16_t *files; /* file + 1, with TAKEN once it was found; FREE */
};

struct kl_spend_there *kl_spend_there_new(uint64_t count)
{
	struct kl_spend_there *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->left = count;
	t->slots = count + count / 2 + 2;
	t->prints = calloc(t->slots, sizeof *t->prints);
	t->files = calloc(t->slots, sizeof *t->files);
	if (t->prints && t->files)
		return t;
	kl_spend_there_destroy(t);
	return NULL;
}

void kl_spend_there_destroy(struct kl_spend_there *t)
{
	if (!t)
		return;
	free(t->prints);
	free(t->files);
	free(t);
}

/* The print's share of the way through the slots. */
static uint64_t first_slot(const struct kl_spend_there *t, uint64_t print)
{
	return (print >> 32) * t->slots >> 32;
}

static uint64_t after(const struct kl_spend_there *t, uint64_t slot)
{
	return slot + 1 == t->slots ? 0 : slot + 1;
}

int kl_spend_there_add(struct kl_spend_there *t, uint64_t print, uint16_t file)
{
	uint64_t slot = first_slot(t, print);

	if (!t->left)
		return KL_E_TOO_BIG;
	t->left--;
	while (t->files[slot] != FREE)
		slot = after(t, slot);
	t->prints[slot] = print;
	t->files[slot] = (uint16_t)(file + 1);
	return KL_OK;
}

bool kl_spend_there_take(struct kl_spend_there *t, uint64_t print, uint16_t *ret_file)
{
	for (uint64_t slot = first_slot(t, print); t->files[slot] != FREE; slot = after(t, slot)) {
		if (t->prints[slot] != print || t->files[slot] & TAKEN)
			continue;
		*ret_file = (uint16_t)(t->files[slot] - 1);
		t->files[slot] |= TAKEN;
		return true;
	}
	return false;
}
