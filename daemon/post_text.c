#include "daemon/post_text.h"
#include "core/commissioning.h"
#include "daemon/ask_args.h"
#include "daemon/find.h"
#include "daemon/post_place.h"
#include "protocol/payload_post.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
	enum kl_post_kind kind;
	struct kl_post *post;
	struct kl_fault *fault;
};

static int read_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct reading *r = arg;
	struct kl_record record;
	struct kl_bytes payload;
	struct kl_id which;
	int rc = kl_record_from_store(stored, &record);

	(void)feed;
	if (rc)
		return KL_E_DAMAGED;
	if (record.erased)
		return kl_fault(r->fault, KL_E_NOT_FOUND, "the text is not here");
	payload = record.payload;
	if (record.h.kind == KL_KIND_CORRECT)
		rc = kl_payload_correction_read(record.payload, &which, &payload, r->fault);
	return rc ? rc : kl_payload_post_read(payload, r->kind, r->post, r->fault);
}

int kl_post_read(struct kl_node *node, const struct kl_posted *posted, struct kl_post *ret_post,
	struct kl_fault *fault)
{
	struct reading r = {posted->kind, ret_post, fault};

	if (!kl_post_stands(posted))
		return kl_fault(fault, KL_E_NOT_FOUND, "this %s was withdrawn",
			kl_post_kind_name(posted->kind));
	return kl_feed_get_by_id(node->store, &posted->text, read_record, &r);
}

/* ---- answering ------------------------------------------------------------------------------- */

static void put_set(struct kl_writer *w, const struct kl_form_field *field, uint32_t bits)
{
	kl_put_array(w, field->name, (size_t)__builtin_popcount(bits));
	for (size_t i = 0; field->words[i].slug; i++)
		if (bits >> i & 1)
			kl_write_text(w, field->words[i].name);
}

static void put_list(
	struct kl_writer *w, const struct kl_form_field *field, const struct kl_text_list *list)
{
	kl_put_array(w, field->name, list->n);
	for (size_t i = 0; i < list->n; i++)
		kl_write_text(w, list->items[i]);
}

static void put_text(struct kl_writer *w, struct kl_node *node, const struct kl_form_field *field,
	const char *text)
{
	char place[KL_POST_PLACE_MAX];

	if (field->offset == offsetof(struct kl_post, place) && text[0])
		text = kl_post_place_name(node, text, place);
	kl_put_said(w, field->name, text);
}

static void put_field(struct kl_writer *w, struct kl_node *node, const struct kl_form_field *field,
	const struct kl_post *post)
{
	const void *at = (const char *)post + field->offset;
	uint32_t bits;

	switch (field->sort) {
	case KL_FORM_SET:
		memcpy(&bits, at, sizeof bits);
		put_set(w, field, bits);
		break;
	case KL_FORM_LIST:
		put_list(w, field, at);
		break;
	case KL_FORM_SLUG:
		kl_put_said(w, field->name, kl_slug_name(field->words, at));
		break;
	default:
		put_text(w, node, field, at);
	}
}

void kl_put_post_field(
	struct kl_writer *w, struct kl_node *node, const struct kl_post *post, const char *field)
{
	size_t i = 0;

	while (strcmp(kl_post_form.fields[i].name, field) != 0)
		i++;
	put_field(w, node, &kl_post_form.fields[i], post);
}

void kl_put_post_fields(struct kl_writer *w, struct kl_node *node, const struct kl_post *post)
{
	KL_ASSERT(kl_post_form.n == KL_POST_FIELD_KEYS);
	for (size_t i = 0; i < kl_post_form.n; i++)
		put_field(w, node, &kl_post_form.fields[i], post);
}

void kl_put_post_head(
	struct kl_writer *w, const struct kl_network *network, const struct kl_posted *posted)
{
	const struct kl_roster_member *author = kl_roster_find(&network->roster, &posted->author);
	char text[KL_ID_HEX_MAX];

	kl_put_text(w, "id", kl_short_id(&posted->id, text));
	kl_hex(posted->id.b, KL_ID_BYTES, text);
	kl_put_text(w, "record", text);
	kl_put_text(w, "kind", kl_post_kind_name(posted->kind));
	kl_put_text(w, "member", kl_member_name(network, &posted->author));
	kl_put_text(w, "member_state", author ? kl_member_state_name(author->state) : NULL);
	kl_put_bool(w, "own", kl_id_equal(&posted->author, &network->own.author));
	if (posted->kind == KL_ANSWER)
		kl_put_text(w, "about", kl_short_id(&posted->about, text));
	else
		kl_put_nil(w, "about");
	kl_put_day_of(w, "published", posted->time_ms);
	kl_put_day_of(w, "corrected", posted->corrected_ms);
}

void kl_put_post(struct kl_writer *w, const struct kl_network *network,
	const struct kl_posted *posted, const struct kl_post *post)
{
	kl_put_post_head(w, network, posted);
	kl_put_post_fields(w, network->node, post);
}
