/* Long records of seats, part by part. Parts of one story name each other; a seat that tells two
 * stories makes two chains, which may have their first parts in common. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

const struct kl_id *kl_chain_id(const struct kl_chain *chain)
{
	KL_ASSERT(chain->count > 0);
	return &chain->parts[chain->count - 1].id;
}

enum kl_chain_place kl_chain_place(
	const struct kl_chain *chain, const struct kl_tally_part *part, const struct kl_id *id)
{
	unsigned before = part->number - 1U;

	if (before > chain->count)
		return KL_CHAIN_NONE;
	if (before < chain->count && kl_id_equal(&chain->parts[before].id, id))
		return KL_CHAIN_KNOWN;
	if (before == 0 || !kl_id_equal(&chain->parts[before - 1].id, &part->before))
		return KL_CHAIN_NONE;
	if (before < chain->count)
		return KL_CHAIN_BRANCH;
	return chain->complete ? KL_CHAIN_NONE : KL_CHAIN_NEXT;
}

/* Makes room for more; false if there is no memory. */
static bool extend(struct kl_tallies *book, void **items, size_t count, const void *more,
	size_t more_count, size_t size)
{
	uint8_t *memory;

	if (more_count == 0)
		return true;
	memory = realloc(*items, (count + more_count) * size);
	if (!memory) {
		book->rc = KL_E_NOMEM;
		return false;
	}
	memcpy(memory + count * size, more, more_count * size);
	*items = memory;
	return true;
}

void kl_chain_add(struct kl_tallies *book, struct kl_chain *chain, const struct kl_tally_part *part,
	const struct kl_seat_record *record, void **items, size_t *count, const void *more,
	size_t more_count, size_t size)
{
	const struct kl_chain_part added = {record->id, record->payload_hash, *count + more_count};

	if (!extend(book, items, *count, more, more_count, size) ||
		!extend(book, (void **)&chain->parts, chain->count, &added, 1, sizeof(added)))
		return;
	*count = added.end;
	chain->count++;
	chain->complete = !part->more;
}

void kl_chain_branch(struct kl_tallies *book, const struct kl_chain *from, unsigned parts,
	const void *items, size_t size, struct kl_chain *ret_chain, void **ret_items,
	size_t *ret_count)
{
	size_t count = parts ? from->parts[parts - 1].end : 0;

	if (!extend(book, ret_items, 0, items, count, size) ||
		!extend(book, (void **)&ret_chain->parts, 0, from->parts, parts,
			sizeof(*from->parts)))
		return;
	ret_chain->count = (uint16_t)parts;
	*ret_count = count;
}
