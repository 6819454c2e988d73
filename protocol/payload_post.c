#include "protocol/payload_post.h"
#include "core/commissioning.h"
#include "protocol/header.h"
#include "protocol/payload_form.h"

static const struct {
	uint32_t record;
	enum kl_post_kind post;
} kinds[] = {
	{KL_KIND_LESSON, KL_LESSON},
	{KL_KIND_QUESTION, KL_QUESTION},
	{KL_KIND_ANSWER, KL_ANSWER},
};

uint32_t kl_post_record_kind(enum kl_post_kind kind)
{
	return kinds[kind - KL_LESSON].record;
}

int kl_post_kind_of(uint32_t record_kind, enum kl_post_kind *ret_kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].record == record_kind) {
			*ret_kind = kinds[i].post;
			return KL_OK;
		}
	return KL_E_NOT_FOUND;
}

void kl_payload_post_write(struct kl_writer *w, const struct kl_post *post)
{
	size_t n = post->kind == KL_ANSWER;

	for (size_t i = 0; i < kl_post_form.n; i++)
		n += !kl_form_is_absent(&kl_post_form.fields[i], post);
	kl_write_map(w, n);
	if (post->kind == KL_ANSWER)
		kl_put_id(w, "about", &post->about);
	for (size_t i = 0; i < kl_post_form.n; i++)
		if (!kl_form_is_absent(&kl_post_form.fields[i], post))
			kl_form_write(w, &kl_post_form.fields[i], post);
}

/* Keys and words that are not known here belong to newer versions and are passed over. */
static int read_fields(const struct kl_value *map, struct kl_post *post, struct kl_fault *fault)
{
	size_t place;
	int rc = KL_OK;

	if (post->kind == KL_ANSWER && kl_get_id(map, "about", &post->about))
		return kl_fault(fault, KL_E_MALFORMED, "an answer says what it is an answer to");
	for (size_t i = 0; !rc && i < kl_post_form.n; i++)
		rc = kl_form_read(map, &kl_post_form.fields[i], post, fault);
	if (kl_slug_place(kl_lesson_outcomes, kl_bytes_str(post->outcome), &place))
		post->outcome[0] = '\0';
	return rc ? rc : kl_post_check(post, fault);
}

int kl_payload_post_read(struct kl_bytes payload, enum kl_post_kind kind, struct kl_post *ret_post,
	struct kl_fault *fault)
{
	struct kl_value map;
	int rc;

	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP)
		return kl_fault(fault, KL_E_MALFORMED, "this is no %s", kl_post_kind_name(kind));
	kl_post_init(ret_post, kind);
	rc = read_fields(&map, ret_post, fault);
	if (rc)
		kl_post_deinit(ret_post);
	return rc;
}

void kl_payload_correction_write(
	struct kl_writer *w, const struct kl_id *record, const struct kl_post *post)
{
	kl_write_array(w, 2);
	kl_write_id(w, record);
	kl_payload_post_write(w, post);
}

int kl_payload_correction_read(struct kl_bytes payload, struct kl_id *ret_record,
	struct kl_bytes *ret_payload, struct kl_fault *fault)
{
	struct kl_value pair, record, post;
	struct kl_cursor c;

	if (kl_value_open(payload, &pair) || pair.type != KL_WIRE_ARRAY || pair.count != 2)
		return kl_fault(fault, KL_E_MALFORMED, "this is no correction");
	c = kl_cursor(&pair);
	if (!kl_cursor_next(&c, &record) || !kl_cursor_next(&c, &post) ||
		post.type != KL_WIRE_MAP || kl_value_id(&record, ret_record))
		return kl_fault(fault, KL_E_MALFORMED, "this is no correction");
	*ret_payload = post.raw;
	return KL_OK;
}
