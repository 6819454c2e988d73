#include "protocol/sync_frames.h"
#include "core/error.h"

#include <string.h>

/* ---- writing ------------------------------------------------------------------------------- */

static void write_head(struct kl_writer *w, const struct kl_head *head)
{
	kl_write_array(w, 2);
	kl_write_uint(w, head->seq);
	kl_write_id(w, &head->id);
}

void kl_frame_hello_write(struct kl_writer *w, bool welcome, const struct kl_hello *hello)
{
	kl_write_array(w, 2);
	kl_write_uint(w, welcome ? KL_FRAME_WELCOME : KL_FRAME_HELLO);
	kl_write_map(w, 8);
	kl_put_array(w, "v", 2);
	kl_write_uint(w, hello->version_min);
	kl_write_uint(w, hello->version_max);
	kl_put_id(w, "network", &hello->network);
	kl_put_uint(w, "roster", hello->roster_seq);
	kl_put_id(w, "store", &hello->store_id);
	kl_write_text(w, "own");
	write_head(w, &hello->own);
	kl_write_text(w, "yours");
	write_head(w, &hello->yours);
	kl_put_array(w, "epochs", 2);
	kl_write_uint(w, hello->own_epoch);
	kl_write_uint(w, hello->your_epoch);
	kl_put_array(w, "limits", 4);
	kl_write_uint(w, hello->limits.run_records);
	kl_write_uint(w, hello->limits.run_bytes);
	kl_write_uint(w, hello->limits.get_ranges);
	kl_write_uint(w, hello->limits.gets);
}

void kl_frame_root_write(
	struct kl_writer *w, enum kl_frame_kind kind, const struct kl_id *root, uint64_t nonce)
{
	kl_write_array(w, kind == KL_FRAME_ROOT ? 2 : 3);
	kl_write_uint(w, kind);
	kl_write_id(w, root);
	if (kind != KL_FRAME_ROOT)
		kl_write_uint(w, nonce);
}

void kl_frame_heads_write(
	struct kl_writer *w, bool have, bool more, const struct kl_feed_state *items, size_t n)
{
	kl_write_array(w, have ? 2 : 3);
	kl_write_uint(w, have ? KL_FRAME_HAVE : KL_FRAME_HEADS);
	if (!have)
		kl_write_bool(w, more);
	kl_write_array(w, n);
	for (size_t i = 0; i < n; i++) {
		kl_write_array(w, 5);
		kl_write_id(w, &items[i].feed.author);
		kl_write_uint(w, items[i].feed.epoch);
		kl_write_uint(w, items[i].head.seq);
		kl_write_id(w, &items[i].head.id);
		kl_write_bool(w, items[i].forked);
	}
}

static void write_range(struct kl_writer *w, const struct kl_range *range)
{
	kl_write_array(w, 3);
	kl_write_id(w, &range->feed.author);
	kl_write_uint(w, range->feed.epoch);
	kl_write_uint(w, range->from);
}

void kl_frame_get_write(struct kl_writer *w, const struct kl_range *items, size_t n)
{
	kl_write_array(w, 2);
	kl_write_uint(w, KL_FRAME_GET);
	kl_write_array(w, n);
	for (size_t i = 0; i < n; i++)
		write_range(w, &items[i]);
}

void kl_frame_busy_write(struct kl_writer *w, uint32_t retry_ms, const char *text)
{
	kl_write_array(w, 3);
	kl_write_uint(w, KL_FRAME_BUSY);
	kl_write_uint(w, retry_ms);
	kl_write_text(w, text);
}

void kl_frame_err_write(struct kl_writer *w, int code, const char *text)
{
	kl_write_array(w, 3);
	kl_write_uint(w, KL_FRAME_ERR);
	kl_write_text(w, kl_error_name(code));
	kl_write_text(w, text);
}

void kl_frame_fork_write(struct kl_writer *w, struct kl_bytes proof)
{
	kl_write_array(w, 2);
	kl_write_uint(w, KL_FRAME_FORK);
	kl_write_bin(w, proof);
}

void kl_frame_here_write(struct kl_writer *w, const struct kl_here *here)
{
	kl_write_array(w, 7);
	kl_write_uint(w, KL_FRAME_HERE);
	kl_write_id(w, &here->feed.author);
	kl_write_uint(w, here->feed.epoch);
	kl_write_bin(w, kl_bytes(here->run.b, KL_RUN_ID_BYTES));
	kl_write_bin(w, kl_bytes(here->echo.b, KL_RUN_ID_BYTES));
	kl_write_uint(w, here->chosen);
	kl_write_bin(w, kl_bytes(here->signature, KL_SIGNATURE_BYTES));
}

void kl_frame_run_begin(struct kl_writer *w, const struct kl_range *range, size_t n)
{
	kl_write_array(w, 3);
	kl_write_uint(w, KL_FRAME_RUN);
	write_range(w, range);
	kl_write_array(w, n);
}

void kl_frame_rec_begin(struct kl_writer *w, const struct kl_range *range)
{
	kl_write_array(w, 3);
	kl_write_uint(w, KL_FRAME_REC);
	write_range(w, range);
	kl_write_array(w, 1);
}

/* ---- reading ------------------------------------------------------------------------------- */

static int next_uint(struct kl_cursor *c, uint64_t max, uint64_t *ret_value)
{
	struct kl_value v;

	return kl_cursor_next(c, &v) ? kl_value_uint(&v, max, ret_value) : KL_E_MALFORMED;
}

static int next_id(struct kl_cursor *c, struct kl_id *ret_id)
{
	struct kl_value v;

	return kl_cursor_next(c, &v) ? kl_value_id(&v, ret_id) : KL_E_MALFORMED;
}

static int next_array(struct kl_cursor *c, struct kl_value *ret_array)
{
	return kl_cursor_next(c, ret_array) && ret_array->type == KL_WIRE_ARRAY ? KL_OK
										: KL_E_MALFORMED;
}

static int next_u32(struct kl_cursor *c, uint32_t *ret_value)
{
	uint64_t wide;

	if (next_uint(c, UINT32_MAX, &wide))
		return KL_E_MALFORMED;
	*ret_value = (uint32_t)wide;
	return KL_OK;
}

static int read_head(const struct kl_value *map, const char *key, struct kl_head *head)
{
	struct kl_value pair;
	struct kl_cursor c;

	if (kl_get_array(map, key, &pair) || pair.count != 2)
		return KL_E_MALFORMED;
	c = kl_cursor(&pair);
	if (next_uint(&c, UINT64_MAX, &head->seq) || next_id(&c, &head->id))
		return KL_E_MALFORMED;
	return KL_OK;
}

static int read_limits(const struct kl_value *map, struct kl_sync_limits *limits)
{
	struct kl_value array;
	struct kl_cursor c;

	if (kl_get_array(map, "limits", &array) || array.count < 4)
		return KL_E_MALFORMED;
	c = kl_cursor(&array);
	if (next_u32(&c, &limits->run_records) || next_u32(&c, &limits->run_bytes) ||
		next_u32(&c, &limits->get_ranges) || next_u32(&c, &limits->gets))
		return KL_E_MALFORMED;
	return KL_OK;
}

/* Keys beyond these are left for newer versions. */
/* Who does not name them means the first. */
static int read_epochs(const struct kl_value *map, struct kl_hello *hello)
{
	struct kl_value epochs;
	struct kl_cursor c;
	int rc = kl_get_array(map, "epochs", &epochs);

	hello->own_epoch = hello->your_epoch = 0;
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc || epochs.count != 2)
		return KL_E_MALFORMED;
	c = kl_cursor(&epochs);
	return next_u32(&c, &hello->own_epoch) || next_u32(&c, &hello->your_epoch) ? KL_E_MALFORMED
										   : KL_OK;
}

static int read_hello(struct kl_cursor *c, struct kl_hello *hello)
{
	struct kl_value map, versions;
	struct kl_cursor v;

	if (!kl_cursor_next(c, &map) || kl_get_array(&map, "v", &versions) || versions.count != 2)
		return KL_E_MALFORMED;
	v = kl_cursor(&versions);
	if (next_u32(&v, &hello->version_min) || next_u32(&v, &hello->version_max) ||
		hello->version_min > hello->version_max)
		return KL_E_MALFORMED;
	if (kl_get_id(&map, "network", &hello->network) ||
		kl_get_uint(&map, "roster", UINT64_MAX, &hello->roster_seq) ||
		kl_get_id(&map, "store", &hello->store_id))
		return KL_E_MALFORMED;
	if (read_head(&map, "own", &hello->own) || read_head(&map, "yours", &hello->yours) ||
		read_epochs(&map, hello))
		return KL_E_MALFORMED;
	return read_limits(&map, &hello->limits);
}

static int read_root(struct kl_cursor *c, struct kl_frame *frame)
{
	if (next_id(c, &frame->u.root.root))
		return KL_E_MALFORMED;
	if (frame->kind == KL_FRAME_ROOT)
		return KL_OK;
	return next_uint(c, UINT64_MAX, &frame->u.root.nonce);
}

static int read_state(const struct kl_value *item, struct kl_feed_state *state)
{
	struct kl_cursor c = kl_cursor(item);
	struct kl_value forked;

	if (item->type != KL_WIRE_ARRAY || item->count != 5)
		return KL_E_MALFORMED;
	if (next_id(&c, &state->feed.author) || next_u32(&c, &state->feed.epoch) ||
		next_uint(&c, UINT64_MAX, &state->head.seq) || next_id(&c, &state->head.id) ||
		!kl_cursor_next(&c, &forked))
		return KL_E_MALFORMED;
	return kl_value_bool(&forked, &state->forked);
}

static int read_heads(struct kl_cursor *c, struct kl_frame *frame)
{
	struct kl_value list, item;
	size_t n = 0;

	frame->u.heads.more = false;
	if (frame->kind == KL_FRAME_HEADS)
		if (!kl_cursor_next(c, &item) || kl_value_bool(&item, &frame->u.heads.more))
			return KL_E_MALFORMED;
	if (next_array(c, &list))
		return KL_E_MALFORMED;
	if (list.count > KL_FRAME_HEADS_MAX)
		return KL_E_TOO_BIG;
	for (struct kl_cursor l = kl_cursor(&list); kl_cursor_next(&l, &item); n++)
		if (read_state(&item, &frame->u.heads.items[n]))
			return KL_E_MALFORMED;
	frame->u.heads.n = n;
	return KL_OK;
}

static int read_range(const struct kl_value *item, struct kl_range *range)
{
	struct kl_cursor c = kl_cursor(item);

	if (item->type != KL_WIRE_ARRAY || item->count != 3)
		return KL_E_MALFORMED;
	if (next_id(&c, &range->feed.author) || next_u32(&c, &range->feed.epoch) ||
		next_uint(&c, UINT64_MAX, &range->from) || !range->from)
		return KL_E_MALFORMED;
	return KL_OK;
}

static int read_get(struct kl_cursor *c, struct kl_frame *frame)
{
	struct kl_value list, item;
	size_t n = 0;

	if (next_array(c, &list))
		return KL_E_MALFORMED;
	if (list.count > KL_FRAME_RANGES_MAX)
		return KL_E_TOO_BIG;
	for (struct kl_cursor l = kl_cursor(&list); kl_cursor_next(&l, &item); n++)
		if (read_range(&item, &frame->u.get.items[n]))
			return KL_E_MALFORMED;
	frame->u.get.n = n;
	return KL_OK;
}

static int read_run(struct kl_cursor *c, struct kl_frame *frame)
{
	struct kl_value range;

	if (!kl_cursor_next(c, &range) || read_range(&range, &frame->u.run.range) ||
		next_array(c, &frame->u.run.records))
		return KL_E_MALFORMED;
	if (frame->u.run.records.count > KL_RUN_RECORDS_MAX)
		return KL_E_TOO_BIG;
	if (frame->kind == KL_FRAME_REC && frame->u.run.records.count != 1)
		return KL_E_MALFORMED;
	return KL_OK;
}

/* A longer text of another version is cut, not refused. */
static int read_text(struct kl_cursor *c, char out[KL_FRAME_TEXT_MAX])
{
	struct kl_value v;
	struct kl_bytes text;
	size_t n;

	if (!kl_cursor_next(c, &v) || kl_value_text_n(&v, &text))
		return KL_E_MALFORMED;
	n = text.len < KL_FRAME_TEXT_MAX ? text.len : KL_FRAME_TEXT_MAX - 1;
	while (n && n < text.len && (text.data[n] & 0xc0) == 0x80)
		n--;
	memcpy(out, text.data, n);
	out[n] = '\0';
	return KL_OK;
}

static int read_busy(struct kl_cursor *c, struct kl_frame *frame)
{
	frame->u.said.code = KL_E_BUSY;
	if (next_u32(c, &frame->u.said.retry_ms))
		return KL_E_MALFORMED;
	return read_text(c, frame->u.said.text);
}

static int read_err(struct kl_cursor *c, struct kl_frame *frame)
{
	char name[KL_FRAME_TEXT_MAX];

	if (read_text(c, name))
		return KL_E_MALFORMED;
	frame->u.said.code = kl_error_from_name(name);
	frame->u.said.retry_ms = 0;
	return read_text(c, frame->u.said.text);
}

static int read_fork(struct kl_cursor *c, struct kl_frame *frame)
{
	struct kl_value v;

	return kl_cursor_next(c, &v) ? kl_value_bin(&v, &frame->u.proof) : KL_E_MALFORMED;
}

static int next_bin(struct kl_cursor *c, uint8_t *out, size_t len)
{
	struct kl_value v;
	struct kl_bytes bytes;

	if (!kl_cursor_next(c, &v) || kl_value_bin(&v, &bytes) || bytes.len != len)
		return KL_E_MALFORMED;
	memcpy(out, bytes.data, len);
	return KL_OK;
}

static int read_here(struct kl_cursor *c, struct kl_here *here)
{
	if (next_id(c, &here->feed.author) || next_u32(c, &here->feed.epoch) ||
		next_bin(c, here->run.b, KL_RUN_ID_BYTES) ||
		next_bin(c, here->echo.b, KL_RUN_ID_BYTES) ||
		next_uint(c, UINT64_MAX, &here->chosen))
		return KL_E_MALFORMED;
	return next_bin(c, here->signature, KL_SIGNATURE_BYTES);
}

static int read_body(struct kl_cursor *c, struct kl_frame *frame)
{
	switch (frame->kind) {
	case KL_FRAME_HELLO:
	case KL_FRAME_WELCOME:
		return read_hello(c, &frame->u.hello);
	case KL_FRAME_ROOT:
	case KL_FRAME_PING:
	case KL_FRAME_PONG:
		return read_root(c, frame);
	case KL_FRAME_HEADS:
	case KL_FRAME_HAVE:
		return read_heads(c, frame);
	case KL_FRAME_GET:
		return read_get(c, frame);
	case KL_FRAME_RUN:
	case KL_FRAME_REC:
		return read_run(c, frame);
	case KL_FRAME_BUSY:
		return read_busy(c, frame);
	case KL_FRAME_ERR:
		return read_err(c, frame);
	case KL_FRAME_FORK:
		return read_fork(c, frame);
	case KL_FRAME_HERE:
		return read_here(c, &frame->u.here);
	default:
		return KL_OK;
	}
}

int kl_frame_decode(struct kl_bytes bytes, struct kl_frame *ret_frame)
{
	struct kl_value array;
	struct kl_cursor c;
	int rc;

	if (bytes.len > KL_FRAME_MAX)
		return KL_E_TOO_BIG;
	rc = kl_value_open(bytes, &array);
	if (rc)
		return rc;
	c = kl_cursor(&array);
	if (array.type != KL_WIRE_ARRAY || next_u32(&c, &ret_frame->kind))
		return KL_E_MALFORMED;
	return read_body(&c, ret_frame);
}

int kl_frame_records(const struct kl_value *records,
	struct kl_record ret_records[KL_RUN_RECORDS_MAX], size_t *ret_n)
{
	struct kl_cursor c = kl_cursor(records);
	struct kl_value item;
	size_t n = 0;

	if (records->type != KL_WIRE_ARRAY)
		return KL_E_MALFORMED;
	if (records->count > KL_RUN_RECORDS_MAX)
		return KL_E_TOO_BIG;
	for (; kl_cursor_next(&c, &item); n++) {
		int rc = kl_record_open(&item, &ret_records[n]);

		if (rc)
			return rc;
	}
	*ret_n = n;
	return KL_OK;
}
