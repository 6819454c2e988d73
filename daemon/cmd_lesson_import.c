/* lesson import: the lessons of a table, all of them published in one commit or none. They are read in one
 * turn of the loop, published in the next, and told of in a third: together it would be too long. */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_post.h"
#include "daemon/post_text.h"
#include "protocol/payload_post.h"

#include <stdlib.h>

enum { ROWS_MAX = 200 };
_Static_assert((int)ROWS_MAX <= (int)KL_SAYINGS_MAX, "all of them are one commit");

struct row {
	struct kl_post post;
	struct kl_writer payload;
	bool already;
};

struct table {
	struct kl_node *node;
	struct kl_network *network;
	struct kl_ask *ask;
	uv_idle_t *idle; /* there while it is published */
	bool published;
	struct row *rows;
	size_t n, fresh;
	struct kl_id last;
	uint64_t titles[KL_MEMBER_POSTS_MAX]; /* of lessons published before, as hashes */
	size_t n_titles;
};

static bool is_published(const struct table *t, const char *title)
{
	uint64_t hash = kl_post_title_hash(title);

	for (size_t i = 0; hash && i < t->n_titles; i++)
		if (t->titles[i] == hash)
			return true;
	return false;
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

static void destroy(struct table *t)
{
	if (t->idle)
		uv_close((uv_handle_t *)t->idle, closed);
	for (size_t i = 0; i < t->n; i++) {
		kl_post_deinit(&t->rows[i].post);
		kl_writer_deinit(&t->rows[i].payload);
	}
	free(t->rows);
	free(t);
}

static int take_row(
	struct kl_node *node, struct table *t, const struct kl_value *item, struct kl_fault *fault)
{
	struct row *row = &t->rows[t->n++];
	char where[512];
	int rc;

	kl_post_init(&row->post, KL_LESSON);
	kl_writer_init(&row->payload);
	rc = kl_own_post_fill(node, item, &row->post, fault);
	if (!rc)
		rc = kl_post_check(&row->post, fault);
	if (rc) {
		if (!kl_get_text(item, "where", where, sizeof where))
			kl_fault_at(fault, "%s", where);
		if (rc != KL_E_NOMEM)
			fault->code = KL_E_MALFORMED; /* bad data of a file, whatever it was */
		return fault->code;
	}
	row->already = is_published(t, row->post.title);
	t->fresh += !row->already;
	kl_payload_post_write(&row->payload, &row->post);
	return KL_OK;
}

static int take_rows(struct kl_node *node, struct kl_ask *ask, struct table *t)
{
	struct kl_cursor cursor;
	struct kl_value list, item;
	int rc = KL_OK;

	if (kl_get_array(&ask->args, "lessons", &list) || !list.count)
		return kl_fault(&ask->fault, KL_E_USAGE, "which lessons?");
	if (list.count > ROWS_MAX)
		return kl_fault(&ask->fault, KL_E_TOO_BIG, "at most %d lessons at once", ROWS_MAX);
	t->rows = calloc(list.count, sizeof *t->rows);
	if (!t->rows)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	t->n_titles = kl_own_post_titles(t->network, KL_LESSON, t->titles);
	cursor = kl_cursor(&list);
	while (!rc && kl_cursor_next(&cursor, &item))
		rc = item.type == KL_WIRE_MAP ? take_row(node, t, &item, &ask->fault)
					      : kl_fault(&ask->fault, KL_E_USAGE, "which lessons?");
	return rc;
}

static int publish(struct table *t, struct kl_fault *fault)
{
	struct kl_saying *sayings = calloc(t->fresh, sizeof *sayings);
	size_t n = 0;
	int rc = sayings ? KL_OK : KL_E_NOMEM;

	for (size_t i = 0; !rc && i < t->n; i++) {
		if (t->rows[i].already)
			continue;
		sayings[n].kind = KL_KIND_LESSON;
		rc = kl_writer_bytes(&t->rows[i].payload, &sayings[n].payload);
		n++;
	}
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_network_append_all(t->network, sayings, n, &t->last, fault);
	free(sayings);
	return rc;
}

static void put_table(struct kl_writer *w, const struct table *t, bool done)
{
	kl_write_map(w, 5);
	kl_put_array(w, "lessons", t->n);
	for (size_t i = 0; i < t->n; i++) {
		kl_write_map(w, 4);
		kl_put_post_field(w, t->network->node, &t->rows[i].post, "title");
		kl_put_post_field(w, t->network->node, &t->rows[i].post, "place");
		kl_put_post_warnings(w, &t->rows[i].post);
		kl_put_bool(w, "already", t->rows[i].already);
	}
	kl_put_uint(w, "new", t->fresh);
	kl_put_uint(w, "already", t->n - t->fresh);
	kl_put_bool(w, "unchanged", !t->fresh);
	kl_put_bool(w, "published", done);
}

/* ---- one turn after the other ---------------------------------------------------------------- */

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

static void work_on(uv_idle_t *idle)
{
	struct table *t = idle->data;
	struct kl_ask *ask = t->ask;
	int rc = KL_OK;

	if (t->published) {
		put_table(&ask->out, t, true);
		destroy(t);
		kl_ask_answer(ask);
		return;
	}
	rc = kl_need_network(t->node, &t->network, &ask->fault);
	if (!rc)
		rc = kl_own_post_may(t->network, t->fresh, &ask->fault);
	if (!rc)
		rc = publish(t, &ask->fault);
	t->published = !rc;
	if (rc)
		kl_ask_refuse(ask); /* and through it aborted() */
}

static int start_work(struct table *t)
{
	static const struct kl_ask_hooks hooks = {.abort = aborted};

	t->idle = malloc(sizeof *t->idle);
	if (!t->idle)
		return kl_fault(&t->ask->fault, KL_E_NOMEM, "out of memory");
	uv_idle_init(&t->node->uv, t->idle);
	t->idle->data = t;
	uv_idle_start(t->idle, work_on); /* cannot fail with a callback */
	return kl_ask_later(t->ask, &hooks, t);
}

int kl_cmd_lesson_import(void *data, struct kl_ask *ask)
{
	struct table *t = calloc(1, sizeof *t);
	bool dry = false;
	int rc;

	if (!t)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	t->node = data;
	t->ask = ask;
	rc = kl_need_network(data, &t->network, &ask->fault);
	if (!rc && kl_get_bool_or(&ask->args, "dry_run", false, &dry))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "dry_run is yes or no");
	if (!rc)
		rc = take_rows(data, ask, t);
	if (!rc)
		rc = kl_own_post_may(t->network, t->fresh, &ask->fault);
	if (!rc && !dry && t->fresh) {
		rc = start_work(t);
		if (!rc)
			return KL_OK;
	}
	if (!rc)
		put_table(&ask->out, t, !dry);
	destroy(t);
	return rc ? rc : kl_ask_answer(ask);
}
