#include "client/parts.h"
#include "client/draw.h"
#include "client/request.h"

#include <stdlib.h>
#include <string.h>

/* What the next part is asked for with: a value of the last answer, as it came. */
struct mark {
	uint8_t bytes[128];
	size_t len; /* 0: nothing more */
};

static int take_mark(struct kl_cli *cli, const struct kl_value *answer, struct mark *mark)
{
	struct kl_value next;

	mark->len = 0;
	if (kl_map_get(answer, "next", &next) || next.type == KL_WIRE_NIL)
		return KL_OK;
	if (next.raw.len > sizeof mark->bytes)
		return kl_fault(
			&cli->fault, KL_E_MALFORMED, "the daemon's mark for the rest is too long");
	memcpy(mark->bytes, next.raw.data, next.raw.len);
	mark->len = next.raw.len;
	return KL_OK;
}

static int ask(struct kl_cli *cli, const char *command, const char *const *keys,
	const struct mark *mark, struct kl_value *ret_answer)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	for (size_t i = 0; keys && keys[i] && i < cli->args.operand_count; i++)
		kl_pack_text(&pack, keys[i], cli->args.operands[i]);
	kl_request_options(cli, &pack);
	if (mark->len)
		kl_write_raw(kl_pack_value(&pack, "after"), kl_bytes(mark->bytes, mark->len));
	rc = kl_cli_ask(cli, command, &pack, ret_answer);
	kl_pack_deinit(&pack);
	return rc;
}

static int keep_first(struct kl_cli *cli, const struct kl_value *answer, struct kl_parts *parts)
{
	parts->bytes = malloc(answer->raw.len);
	if (!parts->bytes)
		return kl_fault(&cli->fault, KL_E_NOMEM, "out of memory");
	memcpy(parts->bytes, answer->raw.data, answer->raw.len);
	return kl_value_open(kl_bytes(parts->bytes, answer->raw.len), &parts->first);
}

int kl_parts_fetch(struct kl_cli *cli, const char *command, const char *const *keys,
	const char *key, size_t parts, struct kl_parts *ret_parts)
{
	struct mark mark = {.len = 0};
	int rc = KL_OK;

	*ret_parts = (struct kl_parts){.key = key};
	kl_writer_init(&ret_parts->rows);
	for (size_t i = 0; !rc && i < parts && (i == 0 || mark.len); i++) {
		struct kl_value answer, row;
		struct kl_cursor cursor;

		rc = ask(cli, command, keys, &mark, &answer);
		if (!rc && !i)
			rc = keep_first(cli, &answer, ret_parts);
		if (!rc)
			rc = take_mark(cli, &answer, &mark);
		if (rc)
			break;
		cursor = kl_draw_items(&answer, key);
		while (kl_cursor_next(&cursor, &row)) {
			kl_write_raw(&ret_parts->rows, row.raw);
			ret_parts->count++;
		}
		if (ret_parts->count >= KL_PARTS_ROWS_MAX)
			break;
	}
	ret_parts->more = mark.len > 0;
	return rc;
}

void kl_parts_deinit(struct kl_parts *parts)
{
	kl_writer_deinit(&parts->rows);
	free(parts->bytes);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool is_own(const struct kl_parts *parts, const struct kl_value *key)
{
	char text[64];

	return !kl_value_text(key, text, sizeof text) &&
	       (!strcmp(text, parts->key) || !strcmp(text, "next"));
}

size_t kl_parts_pairs(const struct kl_parts *parts)
{
	struct kl_cursor cursor = kl_cursor(&parts->first);
	struct kl_value key, value;
	size_t n = 0;

	while (kl_cursor_next(&cursor, &key) && kl_cursor_next(&cursor, &value))
		n += !is_own(parts, &key);
	return n;
}

void kl_parts_put(const struct kl_parts *parts, struct kl_writer *w)
{
	struct kl_cursor cursor = kl_cursor(&parts->first);
	struct kl_value key, value;

	while (kl_cursor_next(&cursor, &key) && kl_cursor_next(&cursor, &value)) {
		if (is_own(parts, &key))
			continue;
		kl_write_raw(w, key.raw);
		kl_write_raw(w, value.raw);
	}
}

void kl_parts_put_list(const struct kl_parts *parts, struct kl_writer *w)
{
	struct kl_bytes bytes;

	kl_put_array(w, parts->key, parts->count);
	if (kl_writer_bytes(&parts->rows, &bytes))
		w->failed = true;
	else if (bytes.len)
		kl_write_raw(w, bytes);
}

int kl_parts_give(struct kl_cli *cli, const struct kl_parts *parts,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	struct kl_value whole;
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	kl_writer_init(&w);
	kl_write_map(&w, kl_parts_pairs(parts) + 2);
	kl_parts_put(parts, &w);
	kl_put_bool(&w, "more", parts->more);
	kl_parts_put_list(parts, &w);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_value_open(bytes, &whole);
	rc = rc ? kl_fault(&cli->fault, rc, "the whole list: %s", kl_error_text(rc))
		: kl_cli_give(cli, &whole, draw);
	kl_writer_deinit(&w);
	return rc;
}
