/* Long records of seats: their parts, as they come. Parts of one story name each other. A seat that tells
 * several has them side by side, and in whatever order they come, the same ones are chained in the end. */
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

static struct kl_part_said *find(const struct kl_parts *parts, const struct kl_id *id)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (kl_id_equal(&parts->of[i].id, id))
			return &parts->of[i];
	}
	return NULL;
}

bool kl_parts_has(const struct kl_parts *parts, const struct kl_id *id)
{
	return find(parts, id);
}

/* True if a part goes on behind another one. */
static bool goes_on(const struct kl_parts *parts, const struct kl_part_said *before,
	const struct kl_part_said *p)
{
	return before->part.more && before->part.number + 1 == p->part.number &&
	       before->attempt == p->attempt && kl_id_equal(&before->proposal, &p->proposal) &&
	       (parts->sums ? p->first == before->end : p->count == 0 || p->first >= before->end);
}

/* Chains a part if all before it are here. */
static bool chain(const struct kl_parts *parts, struct kl_part_said *p)
{
	const struct kl_part_said *before = NULL;

	if (p->part.number == 1) {
		p->chained = !parts->sums || p->first == 0;
	} else {
		before = find(parts, &p->part.before);
		p->chained = before && before->chained && goes_on(parts, before, p);
	}
	if (p->chained && before && p->end < before->end) /* it is empty */
		p->end = before->end;
	p->fresh = p->chained;
	return p->chained;
}

/* A part that is chained now may be what others waited for. */
static void chain_from(struct kl_parts *parts, size_t at)
{
	struct kl_part_said *p = &parts->of[at];

	if (p->chained || !chain(parts, p))
		return;
	for (size_t i = 0; i < parts->count; i++) {
		if (!parts->of[i].chained && parts->of[i].part.number == p->part.number + 1 &&
			kl_id_equal(&parts->of[i].part.before, &p->id))
			chain_from(parts, i); /* no deeper than KL_TALLY_PARTS_MAX */
	}
}

const struct kl_part_said *kl_parts_add(struct kl_tallies *book, struct kl_parts *parts,
	const struct kl_part_said *part, size_t size)
{
	size_t bytes = sizeof(*part) + part->count * size + (part->head ? sizeof(*part->head) : 0);
	size_t at = parts->count;
	struct kl_part_said *p;
	void *items;

	if (find(parts, &part->id) || parts->bytes + bytes > KL_PARTS_BYTES_MAX)
		return NULL;
	items = malloc(part->count ? part->count * size : 1);
	p = items ? kl_grow(book, (void **)&parts->of, &parts->count, &parts->capacity, sizeof(*p))
		  : NULL;
	if (!p) {
		book->rc = KL_E_NOMEM;
		free(items);
		return NULL;
	}
	if (part->count)
		memcpy(items, part->items, part->count * size);
	*p = *part;
	p->items = items;
	parts->bytes += bytes;
	chain_from(parts, at);
	return &parts->of[at];
}

void kl_parts_path(
	const struct kl_parts *parts, const struct kl_part_said *last, struct kl_path *ret_path)
{
	const struct kl_part_said *p = last;

	KL_ASSERT(last->chained);
	ret_path->count = last->part.number;
	for (unsigned i = ret_path->count; i-- > 0;) {
		ret_path->of[i] = p;
		p = i > 0 ? find(parts, &p->part.before) : NULL;
	}
}

const struct kl_part_said *kl_parts_whole(const struct kl_parts *parts, const struct kl_id *id)
{
	const struct kl_part_said *p = find(parts, id);

	return p && p->chained && !p->part.more ? p : NULL;
}

const struct kl_part_said *kl_parts_furthest(
	const struct kl_parts *parts, uint32_t attempt, const struct kl_id *proposal)
{
	const struct kl_part_said *furthest = NULL;

	for (size_t i = 0; i < parts->count; i++) {
		const struct kl_part_said *p = &parts->of[i];

		if (p->chained && p->attempt == attempt &&
			(!proposal || kl_id_equal(&p->proposal, proposal)) &&
			(!furthest || furthest->part.number < p->part.number))
			furthest = p;
	}
	return furthest;
}

size_t kl_path_items(const struct kl_path *path)
{
	size_t count = 0;

	for (unsigned i = 0; i < path->count; i++)
		count += path->of[i]->count;
	return count;
}

void *kl_path_join(struct kl_tallies *book, const struct kl_path *path, size_t size)
{
	size_t count = kl_path_items(path), done = 0;
	uint8_t *joined = malloc(count ? count * size : 1);

	if (!joined) {
		book->rc = KL_E_NOMEM;
		return NULL;
	}
	for (unsigned i = 0; i < path->count; i++) {
		if (path->of[i]->count)
			memcpy(joined + done * size, path->of[i]->items, path->of[i]->count * size);
		done += path->of[i]->count;
	}
	return joined;
}

void kl_parts_free(struct kl_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->of[i].items);
		free(parts->of[i].head);
	}
	free(parts->of);
	memset(parts, 0, sizeof(*parts));
}
