#include "protocol/doc_inbox.h"
#include "protocol/doc.h"

#include <string.h>

enum { VERSION = 1 };

/* Opens a document of "v" and the list `key` of at most `max` items, and `more` other keys. */
static int open_list(struct kl_bytes bytes, const char *key, size_t max, uint32_t more,
	struct kl_value *ret_map, struct kl_value *ret_list)
{
	int rc = kl_doc_open(bytes, VERSION, 2 + more, ret_map);

	if (!rc)
		rc = kl_doc_strict(kl_get_array(ret_map, key, ret_list));
	return rc ? rc : ret_list->count > max ? KL_E_MALFORMED : KL_OK;
}

/* The items of a row of exactly `n`. */
static int open_row(const struct kl_value *row, size_t n, struct kl_value *ret_items)
{
	struct kl_cursor c = kl_cursor(row);

	if (row->type != KL_WIRE_ARRAY || row->count != n)
		return KL_E_MALFORMED;
	for (size_t i = 0; i < n; i++)
		if (!kl_cursor_next(&c, &ret_items[i]))
			return KL_E_MALFORMED;
	return KL_OK;
}

/* Everything only fills the structs within their bounds: that the form is right is shown by writing
 * it again. */
#define SAME_OR_FAULT(rc, bytes, encode, what, fault)                                              \
	do {                                                                                       \
		struct kl_writer again;                                                            \
                                                                                                   \
		if (rc)                                                                            \
			return kl_doc_fault(fault, rc, what);                                      \
		kl_writer_init(&again);                                                            \
		encode;                                                                            \
		rc = kl_doc_same(bytes, &again, what, fault);                                      \
		kl_writer_deinit(&again);                                                          \
		return rc;                                                                         \
	} while (0)

/* ---- topics ---------------------------------------------------------------------------------- */

void kl_doc_following_encode(struct kl_writer *w, const struct kl_following *following)
{
	kl_write_map(w, 2);
	kl_put_uint(w, "v", VERSION);
	kl_put_array(w, "topics", following->n);
	for (size_t i = 0; i < following->n; i++) {
		kl_write_array(w, 3);
		kl_write_text(w, kl_topic_kind_name(following->topics[i].kind));
		kl_write_text(w, following->topics[i].text);
		kl_write_uint(w, following->topics[i].since);
	}
}

static int read_topic(const struct kl_value *row, struct kl_topic *topic)
{
	struct kl_value items[3];
	char kind[32];
	int rc = open_row(row, 3, items);

	memset(topic, 0, sizeof *topic);
	if (!rc)
		rc = kl_value_text(&items[0], kind, sizeof kind);
	if (!rc)
		rc = kl_value_text(&items[1], topic->text, sizeof topic->text);
	if (!rc)
		rc = kl_value_uint(&items[2], UINT64_MAX, &topic->since);
	if (rc)
		return KL_E_MALFORMED;
	topic->kind = kl_topic_kind_from_name(kind);
	return kl_topic_check(topic);
}

int kl_doc_following_decode(
	struct kl_bytes bytes, struct kl_following *ret_following, struct kl_fault *fault)
{
	struct kl_value map, list, row;
	struct kl_cursor c;
	int rc = open_list(bytes, "topics", KL_TOPICS_MAX, 0, &map, &list);

	ret_following->n = 0;
	if (!rc)
		for (c = kl_cursor(&list); !rc && kl_cursor_next(&c, &row);)
			rc = read_topic(&row, &ret_following->topics[ret_following->n++]);
	SAME_OR_FAULT(rc, bytes, kl_doc_following_encode(&again, ret_following),
		"the list of what is followed", fault);
}

/* ---- how far it was read --------------------------------------------------------------------- */

void kl_doc_read_mark_encode(struct kl_writer *w, const struct kl_read_mark *mark)
{
	kl_write_map(w, 3);
	kl_put_uint(w, "v", VERSION);
	kl_put_uint(w, "mark", mark->mark);
	kl_put_array(w, "told", mark->n);
	for (size_t i = 0; i < mark->n; i++)
		kl_write_bin(w, kl_id_bytes(&mark->told[i]));
}

int kl_doc_read_mark_decode(
	struct kl_bytes bytes, struct kl_read_mark *ret_mark, struct kl_fault *fault)
{
	struct kl_value map, list, item;
	struct kl_cursor c;
	int rc = open_list(bytes, "told", KL_INBOX_TOLD_MAX, 1, &map, &list);

	ret_mark->n = 0;
	if (!rc)
		rc = kl_doc_strict(kl_get_uint(&map, "mark", UINT64_MAX, &ret_mark->mark));
	if (!rc)
		for (c = kl_cursor(&list); !rc && kl_cursor_next(&c, &item);)
			rc = kl_value_id(&item, &ret_mark->told[ret_mark->n++]);
	SAME_OR_FAULT(rc, bytes, kl_doc_read_mark_encode(&again, ret_mark),
		"the note of what was read", fault);
}

/* ---- days ------------------------------------------------------------------------------------ */

void kl_doc_arrival_days_encode(struct kl_writer *w, const struct kl_arrival_days *days)
{
	kl_write_map(w, 2);
	kl_put_uint(w, "v", VERSION);
	kl_put_array(w, "days", days->n);
	for (size_t i = 0; i < days->n; i++) {
		kl_write_array(w, 2);
		kl_write_int(w, days->days[i].day);
		kl_write_uint(w, days->days[i].arrival);
	}
}

static int read_day(const struct kl_value *row, struct kl_arrival_days *days)
{
	struct kl_value items[2];
	int64_t day;
	size_t i = days->n;

	if (open_row(row, 2, items) || kl_value_int(&items[0], &day) ||
		kl_value_uint(&items[1], UINT64_MAX, &days->days[i].arrival) || day < INT32_MIN ||
		day > INT32_MAX)
		return KL_E_MALFORMED;
	days->days[i].day = (int32_t)day;
	if (i && (days->days[i - 1].day >= days->days[i].day ||
			 days->days[i - 1].arrival > days->days[i].arrival))
		return KL_E_MALFORMED;
	days->n++;
	return KL_OK;
}

int kl_doc_arrival_days_decode(
	struct kl_bytes bytes, struct kl_arrival_days *ret_days, struct kl_fault *fault)
{
	struct kl_value map, list, row;
	struct kl_cursor c;
	int rc = open_list(bytes, "days", KL_ARRIVAL_DAYS_MAX, 0, &map, &list);

	ret_days->n = 0;
	if (!rc)
		for (c = kl_cursor(&list); !rc && kl_cursor_next(&c, &row);)
			rc = read_day(&row, ret_days);
	SAME_OR_FAULT(rc, bytes, kl_doc_arrival_days_encode(&again, ret_days),
		"the note of when things arrived", fault);
}
