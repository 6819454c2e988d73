#include "protocol/doc_shared.h"
#include "core/hash.h"
#include "protocol/doc.h"
#include "protocol/doc_assessment.h"

#include <string.h>

enum { KEYS = 11 };

static const char what[] = "the assessment that was passed on";
static const char mark[] = "assessment";

/* ---- writing ------------------------------------------------------------------------------- */

static void write_signed(struct kl_writer *w, const struct kl_shared *shared)
{
	char member[KL_MEMBERID_TEXT_MAX];

	kl_memberid_format(&shared->member, member);
	kl_put_text(w, "keeplocal", mark);
	kl_put_uint(w, "v", KL_DOC_SHARED_VERSION);
	kl_put_text(w, "from", shared->from);
	kl_put_text(w, "member", member);
	kl_put_array(w, "for", shared->for_count);
	for (uint8_t i = 0; i < shared->for_count; i++)
		kl_write_text(w, shared->for_whom[i]);
	kl_put_text(w, "date", shared->date);
	kl_put_uint(w, "revision", shared->revision);
	kl_put_bool(w, "words", shared->words);
	kl_put_bool(w, "names", shared->names);
	kl_write_text(w, "assessment");
	kl_doc_assessment_encode(w, shared->assessment);
}

int kl_shared_hash(const struct kl_shared *shared, struct kl_id *ret_hash)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	kl_write_map(&w, KEYS - 1);
	write_signed(&w, shared);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		kl_hash_of("KL1/shared", &bytes, 1, ret_hash);
	kl_writer_deinit(&w);
	return rc;
}

void kl_doc_shared_encode(struct kl_writer *w, const struct kl_shared *shared)
{
	char hex[2 * KL_SIGNATURE_BYTES + 1];

	kl_hex(shared->signature, KL_SIGNATURE_BYTES, hex);
	kl_write_map(w, KEYS);
	write_signed(w, shared);
	kl_put_text(w, "signature", hex);
}

/* ---- reading ------------------------------------------------------------------------------- */

static int read_for(const struct kl_value *map, struct kl_shared *s)
{
	struct kl_value list, item;
	struct kl_cursor c;
	int rc = kl_get_array(map, "for", &list);

	if (rc || !list.count || list.count > KL_SHARED_FOR_MAX)
		return KL_E_MALFORMED;
	c = kl_cursor(&list);
	while (!rc && kl_cursor_next(&c, &item)) {
		char *name = s->for_whom[s->for_count++];

		rc = kl_value_text(&item, name, KL_MEMBER_NAME_MAX);
		if (!rc && (!*name || strchr(name, '\n')))
			rc = KL_E_MALFORMED;
	}
	return rc;
}

static int read_member(const struct kl_value *map, struct kl_shared *s, struct kl_fault *fault)
{
	char text[KL_MEMBERID_TEXT_MAX];
	int rc = kl_doc_line(map, "from", s->from, sizeof s->from);

	if (!rc)
		rc = kl_get_text(map, "member", text, sizeof text);
	return rc ? rc : kl_memberid_parse(text, &s->member, fault);
}

static int read_rest(const struct kl_value *map, struct kl_shared *s)
{
	char hex[2 * KL_SIGNATURE_BYTES + 1], text[sizeof mark];
	int rc = kl_get_text(map, "keeplocal", text, sizeof text);

	if (!rc && strcmp(text, mark) != 0)
		rc = KL_E_MALFORMED;
	if (!rc)
		rc = read_for(map, s);
	if (!rc)
		rc = kl_doc_line(map, "date", s->date, sizeof s->date);
	if (!rc)
		rc = kl_date_check(s->date, NULL);
	if (!rc)
		rc = kl_get_uint(map, "revision", UINT32_MAX, &s->revision);
	if (!rc)
		rc = kl_get_bool_or(map, "words", false, &s->words);
	if (!rc)
		rc = kl_get_bool_or(map, "names", false, &s->names);
	if (!rc)
		rc = kl_get_text(map, "signature", hex, sizeof hex);
	return rc ? rc : kl_hex_parse(hex, s->signature, sizeof s->signature);
}

static int verify(const struct kl_shared *s, struct kl_fault *fault)
{
	struct kl_id hash;
	int rc = kl_shared_hash(s, &hash);

	if (rc)
		return kl_doc_fault(fault, rc, what);
	if (!kl_verify(&s->member.identity, kl_id_bytes(&hash), s->signature))
		return KL_OK;
	(void)kl_fault(fault, KL_E_SIGNATURE,
		"it was changed after %s exported it: the signature does not fit", s->from);
	(void)kl_fault_hint(
		fault, "ask %s for a fresh one, and open it with nothing in between", s->from);
	return KL_E_SIGNATURE;
}

static int same(struct kl_bytes bytes, const struct kl_shared *s, struct kl_fault *fault)
{
	struct kl_writer again;
	int rc;

	kl_writer_init(&again);
	kl_doc_shared_encode(&again, s);
	rc = kl_doc_same(bytes, &again, what, fault);
	kl_writer_deinit(&again);
	return rc;
}

int kl_doc_shared_decode(
	struct kl_bytes bytes, struct kl_shared *ret_shared, struct kl_fault *fault)
{
	struct kl_shared s = {.for_count = 0};
	struct kl_value map, inside;
	int rc = kl_doc_open(bytes, KL_DOC_SHARED_VERSION, KEYS, &map);

	if (rc)
		return kl_doc_fault(fault, rc, what);
	rc = read_member(&map, &s, NULL);
	if (!rc)
		rc = read_rest(&map, &s);
	if (!rc)
		rc = kl_get_map(&map, "assessment", &inside);
	if (rc)
		return kl_doc_fault(fault, KL_E_MALFORMED, what);
	rc = kl_doc_assessment_decode(inside.raw, &s.assessment, fault);
	if (rc)
		return rc;
	rc = same(bytes, &s, fault);
	if (!rc)
		rc = verify(&s, fault);
	if (rc)
		kl_assessment_destroy(s.assessment);
	else
		*ret_shared = s;
	return rc;
}
