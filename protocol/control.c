#include "protocol/control.h"

#include <string.h>

/* ---- writing ------------------------------------------------------------------------------- */

void kl_control_frames(struct kl_control_head *head, enum kl_control_kind kind, uint32_t request,
	struct kl_bytes body, struct kl_bytes ret_frames[KL_CONTROL_FRAMES])
{
	head->kind[0] = (uint8_t)kind;
	kl_put_u32(head->request, request);
	ret_frames[0] = kl_bytes(head->kind, sizeof head->kind);
	ret_frames[1] = kl_bytes(head->request, sizeof head->request);
	ret_frames[2] = body;
}

void kl_control_write_ask(struct kl_writer *w, const char *command, struct kl_bytes args)
{
	kl_write_map(w, 3);
	kl_put_uint(w, "v", KL_CONTROL_VERSION);
	kl_put_text(w, "command", command);
	kl_write_text(w, "args");
	kl_write_raw(w, args);
}

void kl_control_write_progress(struct kl_writer *w, uint64_t done, uint64_t total, const char *what)
{
	kl_write_map(w, 3);
	kl_put_uint(w, "done", done);
	if (total)
		kl_put_uint(w, "total", total);
	else
		kl_put_nil(w, "total");
	kl_put_text(w, "what", what);
}

void kl_control_write_refused(struct kl_writer *w, const struct kl_fault *fault)
{
	kl_write_map(w, 3);
	kl_put_text(w, "code", kl_error_name(fault->code));
	kl_put_text(w, "message", fault->message);
	kl_put_text(w, "hint", fault->hint);
}

void kl_control_write_credit(struct kl_writer *w, uint64_t credit)
{
	kl_write_map(w, 1);
	kl_put_uint(w, "n", credit);
}

void kl_control_write_part(struct kl_writer *w, uint64_t number, struct kl_bytes rows)
{
	kl_write_map(w, 2);
	kl_put_uint(w, "part", number);
	kl_write_text(w, "rows");
	kl_write_raw(w, rows);
}

void kl_control_write_end(struct kl_writer *w, uint64_t parts, const struct kl_id *hash)
{
	kl_write_map(w, 2);
	kl_put_uint(w, "parts", parts);
	kl_put_id(w, "hash", hash);
}

void kl_control_write_empty(struct kl_writer *w)
{
	kl_write_map(w, 0);
}

/* ---- reading ------------------------------------------------------------------------------- */

static int read_ask(
	const struct kl_value *body, struct kl_fault *fault, struct kl_control_message *m)
{
	uint64_t version;

	if (kl_get_uint(body, "v", UINT32_MAX, &version))
		return kl_fault(fault, KL_E_MALFORMED, "a request without its version");
	if (version != KL_CONTROL_VERSION) {
		kl_fault(fault, KL_E_VERSION,
			"the command speaks version %llu of the command protocol, the daemon %d",
			(unsigned long long)version, KL_CONTROL_VERSION);
		return kl_fault_hint(fault, "install keeplocal and keeplocald of one version");
	}
	if (kl_get_text(body, "command", m->u.ask.command, sizeof m->u.ask.command))
		return kl_fault(fault, KL_E_MALFORMED, "a request without a command");
	if (kl_get_map(body, "args", &m->u.ask.args))
		return kl_fault(fault, KL_E_MALFORMED, "a request without arguments");
	return KL_OK;
}

static int read_progress(const struct kl_value *body, struct kl_control_message *m)
{
	int rc = kl_get_uint(body, "done", UINT64_MAX, &m->u.progress.done);

	if (!rc)
		rc = kl_get_uint_or(body, "total", UINT64_MAX, 0, &m->u.progress.total);
	if (!rc)
		rc = kl_get_text(body, "what", m->u.progress.what, sizeof m->u.progress.what);
	return rc;
}

static int read_refused(const struct kl_value *body, struct kl_control_message *m)
{
	struct kl_fault *refused = &m->u.refused;
	char code[32];
	int rc = kl_get_text(body, "code", code, sizeof code);

	if (!rc)
		rc = kl_get_text(body, "message", refused->message, sizeof refused->message);
	if (!rc)
		rc = kl_get_text_or(body, "hint", "", refused->hint, sizeof refused->hint);
	if (rc)
		return rc;
	refused->code = kl_error_from_name(code);
	/* A refusal is never good news, whatever its code says. */
	if (refused->code == KL_OK)
		refused->code = KL_E_BUG;
	return KL_OK;
}

static int read_part(
	const struct kl_value *body, struct kl_fault *fault, struct kl_control_message *m)
{
	if (kl_get_uint(body, "part", KL_CONTROL_PARTS_MAX, &m->u.part.number) ||
		kl_map_get(body, "rows", &m->u.part.rows))
		return kl_fault(fault, KL_E_MALFORMED, "a part without number or rows");
	if (m->u.part.rows.raw.len > KL_CONTROL_PART_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "a part of %zu bytes, at most %d are allowed",
			m->u.part.rows.raw.len, KL_CONTROL_PART_MAX);
	return KL_OK;
}

static int read_end(const struct kl_value *body, struct kl_control_message *m)
{
	int rc = kl_get_uint(body, "parts", KL_CONTROL_PARTS_MAX, &m->u.end.parts);

	return rc ? rc : kl_get_id(body, "hash", &m->u.end.hash);
}

static int read_body(
	const struct kl_value *body, struct kl_fault *fault, struct kl_control_message *m)
{
	switch (m->kind) {
	case KL_CONTROL_ASK:
		return read_ask(body, fault, m);
	case KL_CONTROL_PROGRESS:
		return read_progress(body, m);
	case KL_CONTROL_REFUSED:
		return read_refused(body, m);
	case KL_CONTROL_CREDIT:
		return kl_get_uint(body, "n", KL_CONTROL_CREDITS, &m->u.credit);
	case KL_CONTROL_PART:
		return read_part(body, fault, m);
	case KL_CONTROL_END:
		return read_end(body, m);
	case KL_CONTROL_ANSWER:
	case KL_CONTROL_MORE:
	case KL_CONTROL_ALIVE:
	case KL_CONTROL_CANCEL:
		return KL_OK;
	}
	return KL_E_MALFORMED;
}

/* Kind and request, and the body as a map. */
static int read_frames(const struct kl_bytes *frames, size_t count, struct kl_fault *fault,
	uint32_t *ret_request, struct kl_control_message *m)
{
	if (count != KL_CONTROL_FRAMES || frames[0].len != 1 || frames[1].len != 4)
		return kl_fault(fault, KL_E_MALFORMED, "not a message of the command protocol");
	*ret_request = m->request = kl_get_u32(frames[1].data);
	m->kind = frames[0].data[0];
	if (m->kind < KL_CONTROL_ASK || m->kind > KL_CONTROL_CANCEL)
		return kl_fault(
			fault, KL_E_MALFORMED, "a message of unknown kind %d", (int)m->kind);
	if (frames[2].len > KL_CONTROL_BODY_MAX)
		return kl_fault(fault, KL_E_TOO_BIG,
			"a message of %zu bytes, at most %d are allowed", frames[2].len,
			KL_CONTROL_BODY_MAX);
	if (kl_value_open(frames[2], &m->body) || m->body.type != KL_WIRE_MAP)
		return kl_fault(fault, KL_E_MALFORMED, "a message that is no map");
	return KL_OK;
}

int kl_control_decode(const struct kl_bytes *frames, size_t count, struct kl_fault *fault,
	uint32_t *ret_request, struct kl_control_message *ret_message)
{
	struct kl_control_message m;
	struct kl_fault inner = {0};
	int rc;

	memset(&m, 0, sizeof m);
	*ret_request = 0;
	rc = read_frames(frames, count, &inner, ret_request, &m);
	if (!rc)
		rc = read_body(&m.body, &inner, &m);
	if (!rc) {
		*ret_message = m;
		return KL_OK;
	}
	if (!inner.code)
		kl_fault(&inner, rc, "a message of kind %d that cannot be read", (int)m.kind);
	if (fault)
		*fault = inner;
	return inner.code;
}
