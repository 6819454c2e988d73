#include "daemon/own_definition.h"
#include "core/words.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "definition"

enum { DOCUMENT_NAME_MAX = KL_METRIC_CODE_MAX + KL_ID_HEX_MAX };

static void document_name(const char *code, const struct kl_id *id, char out[DOCUMENT_NAME_MAX])
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(id->b, KL_ID_BYTES, hex);
	(void)snprintf(out, DOCUMENT_NAME_MAX, "%s|%s", code, hex);
}

/* ---- one of them --------------------------------------------------------------------------- */

static void name_author(const struct kl_node *node, struct kl_known *k)
{
	const struct kl_roster_member *member = NULL;
	const char *name = "no longer a member";

	if (node->network)
		member = kl_roster_find(&node->network->roster, &k->author);
	if (member) {
		(void)kl_copy_text(k->author_name, sizeof k->author_name, member->name);
		name = member->name;
	}
	if (k->own)
		name = "your own";
	(void)snprintf(k->qualified, sizeof k->qualified, "%s (%s)", k->definition.name, name);
}

static void fill(const struct kl_node *node, const struct kl_id *author, const struct kl_id *id,
	const struct kl_definition *definition, struct kl_bytes payload, struct kl_known *k)
{
	*k = (struct kl_known){.author = *author, .id = *id, .definition = *definition};
	KL_ASSERT(payload.len <= sizeof k->payload);
	memcpy(k->payload, payload.data, payload.len);
	k->len = payload.len;
	k->own = kl_id_equal(author, &node->home.identity.sign.public_key);
	kl_definition_code(author, definition->slug, k->code);
	name_author(node, k);
}

static struct kl_known *add(struct kl_known_list *list)
{
	if (list->n == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 16;
		struct kl_known *items = realloc(list->items, capacity * sizeof *items);

		if (!items)
			return NULL;
		list->items = items;
		list->capacity = capacity;
	}
	return &list->items[list->n++];
}

/* The one of that code among the first `n`. */
static struct kl_known *listed(struct kl_known_list *list, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list->items[i].code, code))
			return &list->items[i];
	return NULL;
}

/* ---- documents ----------------------------------------------------------------------------- */

void kl_known_keep(struct kl_batch *batch, const struct kl_known *known)
{
	char name[DOCUMENT_NAME_MAX];

	document_name(known->code, &known->id, name);
	(void)kl_document_put(batch, KIND, name, kl_bytes(known->payload, known->len));
}

int kl_definition_kept(struct kl_node *node, const char *code, const struct kl_id *id,
	struct kl_definition *ret_definition, struct kl_fault *fault)
{
	char name[DOCUMENT_NAME_MAX];
	uint8_t *bytes;
	size_t len;
	int rc;

	document_name(code, id, name);
	rc = kl_document_get(node->store, KIND, name, KL_LATEST, &bytes, &len, NULL);
	if (rc)
		return kl_fault(fault, rc, "the definition of %s is not here", code);
	rc = kl_payload_definition_read(kl_bytes(bytes, len), ret_definition, fault);
	free(bytes);
	return rc;
}

static int forget_one(void *arg, const struct kl_document *document)
{
	return kl_document_delete(arg, KIND, document->name, KL_LATEST);
}

int kl_definition_forget(struct kl_node *node, const char *code, struct kl_fault *fault)
{
	struct kl_batch *batch = kl_batch_new();
	char prefix[KL_METRIC_CODE_MAX + 1];
	int rc = batch ? KL_OK : KL_E_NOMEM;

	(void)snprintf(prefix, sizeof prefix, "%s|", code);
	if (!rc)
		rc = kl_document_visit(node->store, KIND, prefix, false, forget_one, batch);
	if (rc) {
		kl_batch_destroy(batch);
		return kl_fault(fault, rc, "the definitions cannot be read: %s", kl_error_text(rc));
	}
	return kl_node_commit(node, batch, fault);
}

struct gathering {
	struct kl_node *node;
	struct kl_known_list *list;
	bool own; /* only this member's */
};

/* The id of the author stands in full only in records; a document tells the beginning of it. */
static bool author_of(const struct kl_node *node, const char *code, struct kl_id *ret_author)
{
	const struct kl_id *self = &node->home.identity.sign.public_key;
	const struct kl_roster *roster = node->network ? &node->network->roster : NULL;
	char wanted[17], hex[17];

	(void)snprintf(wanted, sizeof wanted, "%.16s", code + 2);
	kl_hex(self->b, 8, hex);
	if (!strcmp(hex, wanted)) {
		*ret_author = *self;
		return true;
	}
	for (size_t i = 0; roster && i < roster->n_members; i++) {
		kl_hex(roster->members[i].identity.b, 8, hex);
		if (!strcmp(hex, wanted)) {
			*ret_author = roster->members[i].identity;
			return true;
		}
	}
	return !kl_hex_parse(wanted, ret_author->b, 8);
}

/* Of one code the highest version, if nothing better is listed. */
static int gather(void *arg, const struct kl_document *document)
{
	struct gathering *g = arg;
	const char *bar = strchr(document->name, '|');
	struct kl_known found, *place;
	struct kl_definition definition;
	struct kl_id author = {{0}}, id;
	char code[KL_METRIC_CODE_MAX];

	if (!bar || kl_hex_parse(bar + 1, id.b, KL_ID_BYTES) ||
		kl_payload_definition_read(document->bytes, &definition, NULL))
		return KL_E_DAMAGED;
	(void)snprintf(code, sizeof code, "%.*s", (int)(bar - document->name), document->name);
	if (!kl_definition_is_code(code) || !author_of(g->node, code, &author))
		return KL_E_DAMAGED;
	fill(g->node, &author, &id, &definition, document->bytes, &found);
	(void)kl_copy_text(found.code, sizeof found.code, code);
	if (found.own != g->own)
		return 0;
	place = listed(g->list, g->list->n, code);
	if (place && (!place->kept || place->definition.version >= definition.version))
		return 0;
	place = place ? place : add(g->list);
	if (!place)
		return KL_E_NOMEM;
	*place = found;
	place->kept = true;
	place->withdrawn = !found.own;
	return 0;
}

static int gather_kept(
	struct kl_node *node, struct kl_known_list *list, bool own, struct kl_fault *fault)
{
	struct gathering g = {node, list, own};
	int rc = kl_document_visit(node->store, KIND, "", false, gather, &g);

	if (rc < 0)
		return kl_fault(fault, rc, "the definitions cannot be read: %s", kl_error_text(rc));
	return KL_OK;
}

/* ---- all of them --------------------------------------------------------------------------- */

/* `before`: how many of the list may be of the same code. */
static int add_public(struct kl_node *node, struct kl_known_list *list, size_t before,
	const struct kl_public_definition *d, bool adopted)
{
	const struct kl_public_definition *now = d;
	char code[KL_METRIC_CODE_MAX];
	struct kl_known *k;

	kl_definition_code(&d->author, d->definition.slug, code);
	if (listed(list, before, code))
		return KL_OK;
	if (!adopted && (d->withdrawn || !kl_network_knows(node->network, &d->author)))
		return KL_OK; /* taken back, or of somebody who is no active member */
	k = add(list);
	if (!k)
		return KL_E_NOMEM;
	fill(node, &d->author, &d->id, &d->definition, kl_bytes(d->payload, d->len), k);
	k->adopted = adopted;
	if (adopted)
		now = kl_definitions_find(
			&node->network->definitions, &d->author, d->definition.slug);
	k->published = now && !now->withdrawn && kl_id_equal(&now->id, &k->id);
	k->withdrawn = now && now->withdrawn;
	return KL_OK;
}

/* These are of different codes among themselves: only those before them are looked through, since there
 * may be thousands. */
static int add_publics(struct kl_node *node, struct kl_known_list *list,
	const struct kl_public_definition *items, size_t n, bool adopted)
{
	size_t before = list->n;
	int rc = KL_OK;

	for (size_t i = 0; i < n && !rc; i++)
		rc = add_public(node, list, before, &items[i], adopted);
	return rc;
}

/* Whether this member's own ones stand in its feed as they are. */
static void note_published(const struct kl_node *node, struct kl_known_list *list)
{
	for (size_t i = 0; node->network && i < list->n; i++) {
		struct kl_known *k = &list->items[i];
		const struct kl_public_definition *now = kl_definitions_find(
			&node->network->definitions, &k->author, k->definition.slug);

		if (k->own && now) {
			k->published = !now->withdrawn && kl_id_equal(&now->id, &k->id);
			k->withdrawn = now->withdrawn;
		}
	}
}

int kl_known_all(struct kl_node *node, struct kl_known_list *ret_list, struct kl_fault *fault)
{
	const struct kl_definitions *d = node->network ? &node->network->definitions : NULL;
	struct kl_known_list list = {0};
	int rc = KL_OK;

	if (d)
		rc = add_publics(node, &list, d->adopted, d->n_adopted, true);
	if (!rc)
		rc = gather_kept(node, &list, true, fault);
	if (!rc)
		note_published(node, &list);
	if (!rc && d)
		rc = add_publics(node, &list, d->published, d->n_published, false);
	if (!rc)
		rc = gather_kept(node, &list, false, fault);
	if (rc) {
		kl_known_free(&list);
		return rc == KL_E_NOMEM ? kl_fault(fault, rc, "no memory for definitions") : rc;
	}
	*ret_list = list;
	return KL_OK;
}

void kl_known_free(struct kl_known_list *list)
{
	free(list->items);
	*list = (struct kl_known_list){0};
}

int kl_own_definition(
	struct kl_node *node, const char *slug, struct kl_known *ret_known, struct kl_fault *fault)
{
	struct kl_known_list list = {0};
	char code[KL_METRIC_CODE_MAX];
	const struct kl_known *found;
	int rc = gather_kept(node, &list, true, fault);

	if (rc)
		return rc;
	note_published(node, &list);
	kl_definition_code(&node->home.identity.sign.public_key, slug, code);
	found = listed(&list, list.n, code);
	if (found)
		*ret_known = *found;
	kl_known_free(&list);
	return found ? KL_OK : KL_E_NOT_FOUND;
}

/* ---- names --------------------------------------------------------------------------------- */

/* The catalogue, the metrics (unless only others are asked for), then these definitions. */
struct names {
	const struct kl_known **known;
	size_t n, catalogue, metrics;
};

static const char *known_spelling(const struct kl_known *k, size_t which)
{
	const char *const spellings[] = {k->qualified, k->qualified, k->definition.name, k->code};

	return which < sizeof spellings / sizeof *spellings ? spellings[which] : NULL;
}

static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct names *names = context;

	if (index < names->catalogue)
		return which == 0   ? kl_indicator_at(index)->code
		       : which == 1 ? kl_indicator_at(index)->name
				    : NULL;
	index -= names->catalogue;
	if (index < names->metrics)
		return which == 0   ? kl_metric_code(index)
		       : which == 1 ? kl_metric_name(index)
				    : NULL;
	return known_spelling(names->known[index - names->metrics], which);
}

static int choose(const struct names *names, size_t index, struct kl_observable *ret)
{
	*ret = (struct kl_observable){0};
	(void)kl_copy_text(ret->code, sizeof ret->code, spelling(names, index, 0));
	if (index < names->catalogue)
		ret->indicator = kl_indicator_at(index);
	if (index < names->catalogue + names->metrics)
		return KL_OK;
	ret->known = malloc(sizeof *ret->known);
	if (!ret->known)
		return KL_E_NOMEM;
	*ret->known = *names->known[index - names->catalogue - names->metrics];
	(void)kl_copy_text(ret->code, sizeof ret->code, ret->known->code);
	kl_definition_view(&ret->known->definition, ret->known->code, &ret->view);
	ret->indicator = &ret->view;
	return KL_OK;
}

static int find_among(const struct kl_known_list *list, bool near, const char *name,
	struct kl_observable *ret, struct kl_fault *fault)
{
	struct names names = {.catalogue = near ? kl_indicator_count() : 0,
		.metrics = near ? kl_metric_count() : 0};
	struct kl_words words = {.spelling = spelling, .context = &names};
	size_t index;
	int rc;

	names.known = calloc(list->n + 1, sizeof *names.known);
	if (!names.known)
		return kl_fault(fault, KL_E_NOMEM, "no memory for names");
	for (size_t i = 0; i < list->n; i++)
		if ((list->items[i].own || list->items[i].adopted) == near)
			names.known[names.n++] = &list->items[i];
	words.count = names.catalogue + names.metrics + names.n;
	rc = kl_words_find(&words, "indicator or metric", name, &index, fault);
	if (!rc && choose(&names, index, ret))
		rc = kl_fault(fault, KL_E_NOMEM, "no memory for a definition");
	free(names.known);
	return rc;
}

int kl_observable_find(struct kl_node *node, const char *name, struct kl_observable *ret_observable,
	struct kl_fault *fault)
{
	struct kl_known_list list;
	struct kl_fault other = {0};
	int rc = kl_known_all(node, &list, fault), far;

	if (rc)
		return rc;
	rc = find_among(&list, true, name, ret_observable, fault);
	if (rc == KL_E_NOT_FOUND) {
		far = find_among(&list, false, name, ret_observable, &other);
		if (far != KL_E_NOT_FOUND) {
			rc = far;
			*fault = other;
		}
	}
	kl_known_free(&list);
	return rc;
}

void kl_observable_free(struct kl_observable *observable)
{
	free(observable->known);
	observable->known = NULL;
}
