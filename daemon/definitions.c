#include "daemon/definitions.h"

#include <stdlib.h>
#include <string.h>

static struct kl_public_definition *find(
	struct kl_public_definition *items, size_t n, const struct kl_id *author, const char *slug)
{
	for (size_t i = 0; i < n; i++)
		if (kl_id_equal(&items[i].author, author) &&
			!strcmp(items[i].definition.slug, slug))
			return &items[i];
	return NULL;
}

const struct kl_public_definition *kl_definitions_find(
	const struct kl_definitions *definitions, const struct kl_id *author, const char *slug)
{
	return find(definitions->published, definitions->n_published, author, slug);
}

/* One definition as it came in a record. */
static int make(const struct kl_id *author, const struct kl_id *record, struct kl_bytes payload,
	struct kl_public_definition *ret)
{
	struct kl_public_definition made = {
		.author = *author, .record = *record, .len = payload.len};
	int rc = kl_payload_definition_read(payload, &made.definition, NULL);

	if (rc)
		return rc;
	made.payload = malloc(payload.len);
	if (!made.payload)
		return KL_E_NOMEM;
	memcpy(made.payload, payload.data, payload.len);
	kl_definition_id(author, payload, &made.id);
	*ret = made;
	return KL_OK;
}

/* In the given place, or behind the others. */
static int keep(struct kl_public_definition **items, size_t *n, struct kl_public_definition *place,
	struct kl_public_definition *made)
{
	struct kl_public_definition *more;

	if (place) {
		free(place->payload);
		*place = *made;
		return KL_OK;
	}
	more = realloc(*items, (*n + 1) * sizeof *more);
	if (!more) {
		free(made->payload);
		return KL_E_NOMEM;
	}
	*items = more;
	more[(*n)++] = *made;
	return KL_OK;
}

/* Where a definition of this author goes: in the place of an earlier version; behind the others; or, if
 * there is no more room, where one stands that its author took back. *ret_place: NULL for behind. */
static bool find_room(const struct kl_definitions *d, const struct kl_id *author, const char *slug,
	struct kl_public_definition **ret_place)
{
	struct kl_public_definition *taken_back = NULL;
	size_t held = 0;

	*ret_place = find(d->published, d->n_published, author, slug);
	if (*ret_place)
		return true;
	for (size_t i = 0; i < d->n_published; i++) {
		if (!kl_id_equal(&d->published[i].author, author))
			continue;
		held++;
		if (d->published[i].withdrawn && !taken_back)
			taken_back = &d->published[i];
	}
	if (held < KL_MEMBER_DEFINITIONS_MAX && d->n_published < KL_DEFINITIONS_MAX)
		return true;
	*ret_place = taken_back;
	return taken_back;
}

bool kl_definitions_room(
	const struct kl_definitions *definitions, const struct kl_id *author, const char *slug)
{
	struct kl_public_definition *place;

	return find_room(definitions, author, slug, &place);
}

static int take_definition(struct kl_definitions *d, const struct kl_record *record)
{
	struct kl_public_definition made, *place;
	int rc = make(&record->h.author, &record->id, record->payload, &made);

	if (rc)
		return rc == KL_E_NOMEM ? rc : KL_OK;
	if (!find_room(d, &made.author, made.definition.slug, &place)) {
		free(made.payload);
		return KL_OK;
	}
	return keep(&d->published, &d->n_published, place, &made);
}

static void take_back(struct kl_definitions *d, const struct kl_record *record)
{
	struct kl_id which;

	if (kl_payload_taken_back_read(record->payload, &which, NULL))
		return;
	for (size_t i = 0; i < d->n_published; i++)
		if (kl_id_equal(&d->published[i].author, &record->h.author) &&
			kl_id_equal(&d->published[i].record, &which))
			d->published[i].withdrawn = true;
}

int kl_definitions_take(struct kl_definitions *definitions, const struct kl_record *record)
{
	if (record->erased)
		return KL_OK;
	if (record->h.kind == KL_KIND_DEFINITION)
		return take_definition(definitions, record);
	if (record->h.kind == KL_KIND_WITHDRAW)
		take_back(definitions, record);
	return KL_OK;
}

static void drop(struct kl_definitions *d, const struct kl_id *author, const char *slug)
{
	struct kl_public_definition *place = find(d->adopted, d->n_adopted, author, slug);

	if (!place)
		return;
	free(place->payload);
	memmove(place, place + 1, (size_t)(d->adopted + d->n_adopted - place - 1) * sizeof *place);
	d->n_adopted--;
}

int kl_definitions_adopt(struct kl_definitions *definitions, const struct kl_record *record)
{
	struct kl_public_definition made;
	struct kl_adopt adopt;
	int rc = kl_adopt_read(record->payload, &adopt, NULL);

	if (rc)
		return rc;
	if (adopt.ends) {
		drop(definitions, &adopt.author, adopt.code);
		return KL_OK;
	}
	rc = make(&adopt.author, &record->id, adopt.definition, &made);
	if (rc)
		return rc;
	return keep(&definitions->adopted, &definitions->n_adopted,
		find(definitions->adopted, definitions->n_adopted, &made.author,
			made.definition.slug),
		&made);
}

static void free_all(struct kl_public_definition *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(items[i].payload);
	free(items);
}

void kl_definitions_deinit(struct kl_definitions *definitions)
{
	free_all(definitions->published, definitions->n_published);
	free_all(definitions->adopted, definitions->n_adopted);
	*definitions = (struct kl_definitions){0};
}
