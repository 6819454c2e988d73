#include "daemon/posts.h"
#include "core/commissioning.h"
#include "core/words.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_post.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 1024, DROPPED_MIN = 1024 };

struct kl_post_author {
	struct kl_id id;
	uint32_t kept, withdrawn, passed_over;
	size_t from; /* none of its items before this one is withdrawn */
};

void kl_posts_deinit(struct kl_posts *posts)
{
	free(posts->items);
	free(posts->slots);
	free(posts->by_arrival);
	free(posts->authors);
	kl_names_destroy(posts->places);
	kl_names_destroy(posts->services);
	*posts = (struct kl_posts){0};
}

/* ---- by id ----------------------------------------------------------------------------------- */

/* A slot holds the place of an item, counted from 1, under its own id or under that of the record with
 * its text: a withdrawal may name either. A slot of a text that was replaced fits nothing any more. */
static size_t first_slot(const struct kl_posts *posts, const struct kl_id *id)
{
	return (size_t)kl_get_u64(id->b) & (posts->slot_count - 1);
}

static void put_slot(struct kl_posts *posts, const struct kl_id *id, size_t item)
{
	size_t at = first_slot(posts, id);

	while (posts->slots[at])
		at = (at + 1) & (posts->slot_count - 1);
	posts->slots[at] = (uint32_t)(item + 1);
	posts->slots_used++;
}

static int index_again(struct kl_posts *posts)
{
	size_t count = SLOTS_MIN;
	uint32_t *slots;

	while (count < 4 * posts->n)
		count *= 2;
	slots = calloc(count, sizeof *slots);
	if (!slots)
		return KL_E_NOMEM;
	free(posts->slots);
	posts->slots = slots;
	posts->slot_count = count;
	posts->slots_used = 0;
	for (size_t i = 0; i < posts->n; i++) {
		if (!posts->items[i].kind)
			continue;
		put_slot(posts, &posts->items[i].id, i);
		if (!kl_id_equal(&posts->items[i].id, &posts->items[i].text))
			put_slot(posts, &posts->items[i].text, i);
	}
	return KL_OK;
}

static int index_id(struct kl_posts *posts, const struct kl_id *id, size_t item)
{
	if (2 * (posts->slots_used + 1) > posts->slot_count && index_again(posts))
		return KL_E_NOMEM;
	put_slot(posts, id, item);
	return KL_OK;
}

static struct kl_posted *find(const struct kl_posts *posts, const struct kl_id *id, bool by_text)
{
	if (!posts->slot_count)
		return NULL;
	for (size_t at = first_slot(posts, id); posts->slots[at];
		at = (at + 1) & (posts->slot_count - 1)) {
		struct kl_posted *post = &posts->items[posts->slots[at] - 1];

		if (post->kind && kl_id_equal(by_text ? &post->text : &post->id, id))
			return post;
	}
	return NULL;
}

const struct kl_posted *kl_posts_find(const struct kl_posts *posts, const struct kl_id *id)
{
	return find(posts, id, false);
}

/* ---- by arrival ------------------------------------------------------------------------------ */

static int note_arrival(struct kl_posts *posts, uint64_t arrival, size_t item)
{
	if (!arrival || arrival >= UINT32_MAX)
		return KL_OK;
	if (arrival >= posts->arrivals_capacity) {
		size_t capacity = posts->arrivals_capacity ? posts->arrivals_capacity : SLOTS_MIN;
		uint32_t *more;

		while (capacity <= arrival)
			capacity *= 2;
		more = realloc(posts->by_arrival, capacity * sizeof *more);
		if (!more)
			return KL_E_NOMEM;
		memset(more + posts->arrivals_capacity, 0,
			(capacity - posts->arrivals_capacity) * sizeof *more);
		posts->by_arrival = more;
		posts->arrivals_capacity = capacity;
	}
	posts->by_arrival[arrival] = (uint32_t)(item + 1);
	return KL_OK;
}

/* Items have moved. Corrections before the last of each are forgotten. */
static int note_arrivals_again(struct kl_posts *posts)
{
	int rc = KL_OK;

	for (size_t i = 0; i < posts->n_authors; i++)
		posts->authors[i].from = 0;
	if (posts->by_arrival)
		memset(posts->by_arrival, 0, posts->arrivals_capacity * sizeof *posts->by_arrival);
	for (size_t i = 0; !rc && i < posts->n; i++) {
		if (!posts->items[i].kind)
			continue;
		rc = note_arrival(posts, posts->items[i].arrival, i);
		if (!rc)
			rc = note_arrival(posts, posts->items[i].text_arrival, i);
	}
	return rc;
}

const struct kl_posted *kl_posts_at(const struct kl_posts *posts, uint64_t arrival)
{
	uint32_t item = arrival < posts->arrivals_capacity ? posts->by_arrival[arrival] : 0;

	return item && posts->items[item - 1].kind ? &posts->items[item - 1] : NULL;
}

/* ---- by what people type --------------------------------------------------------------------- */

int kl_posts_named(const struct kl_posts *posts, const char *text,
	const struct kl_posted **ret_post, struct kl_fault *fault)
{
	const struct kl_posted *found = NULL, *withdrawn = NULL;
	char hex[KL_ID_HEX_MAX];
	size_t len = strlen(text), many = 0;

	*ret_post = NULL;
	if (len < 4 || len >= KL_ID_HEX_MAX || strspn(text, "0123456789abcdefABCDEF") != len) {
		kl_fault(fault, KL_E_USAGE, "'%.80s' is no id", text);
		return kl_fault_hint(fault, "ids stand in lists, such as 3f09ab12; four characters "
					    "of one are enough if no other begins so");
	}
	for (size_t i = 0; i < posts->n; i++) {
		const struct kl_posted *post = &posts->items[i];

		if (!post->kind || (!post->withdrawn && !kl_post_stands(post)))
			continue;
		kl_hex(post->id.b, (len + 1) / 2, hex);
		if (strncasecmp(hex, text, len) != 0)
			continue;
		if (post->withdrawn) {
			withdrawn = post;
			continue;
		}
		found = post;
		many++;
	}
	*ret_post = found ? found : withdrawn;
	if (!found && withdrawn)
		return kl_fault(fault, KL_E_NOT_FOUND, "the %s %s was withdrawn by its author",
			kl_post_kind_name(withdrawn->kind), text);
	if (!found)
		return kl_fault(fault, KL_E_NOT_FOUND,
			"no lesson, question or answer with the id %s is here", text);
	if (many > 1) {
		kl_fault(fault, KL_E_AMBIGUOUS, "%zu ids begin with %s", many, text);
		return kl_fault_hint(fault, "type a few more characters of it");
	}
	return KL_OK;
}

/* ---- authors --------------------------------------------------------------------------------- */

static size_t author_place(const struct kl_posts *posts, const struct kl_id *id)
{
	size_t low = 0, high = posts->n_authors;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kl_id_compare(&posts->authors[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct kl_post_author *author_of(const struct kl_posts *posts, const struct kl_id *id)
{
	size_t i = author_place(posts, id);

	return i < posts->n_authors && kl_id_equal(&posts->authors[i].id, id) ? &posts->authors[i]
									      : NULL;
}

static struct kl_post_author *obtain_author(struct kl_posts *posts, const struct kl_id *id)
{
	size_t i = author_place(posts, id);

	if (i < posts->n_authors && kl_id_equal(&posts->authors[i].id, id))
		return &posts->authors[i];
	if (posts->n_authors == posts->authors_capacity) {
		size_t capacity = posts->authors_capacity ? 2 * posts->authors_capacity : 32;
		struct kl_post_author *more =
			realloc(posts->authors, capacity * sizeof *posts->authors);

		if (!more)
			return NULL;
		posts->authors = more;
		posts->authors_capacity = capacity;
	}
	memmove(&posts->authors[i + 1], &posts->authors[i],
		(posts->n_authors - i) * sizeof *posts->authors);
	posts->n_authors++;
	posts->authors[i] = (struct kl_post_author){.id = *id, .from = posts->n};
	return &posts->authors[i];
}

void kl_posts_of(const struct kl_posts *posts, const struct kl_id *author, size_t *ret_kept,
	size_t *ret_passed_over)
{
	const struct kl_post_author *a = author_of(posts, author);

	*ret_kept = a ? a->kept : 0;
	*ret_passed_over = a ? a->passed_over : 0;
}

static bool has_room(const struct kl_posts *posts, const struct kl_post_author *author)
{
	if (author && author->withdrawn)
		return true;
	return (!author || author->kept < KL_MEMBER_POSTS_MAX) &&
	       posts->n - posts->dropped < KL_POSTS_MAX;
}

bool kl_posts_room(const struct kl_posts *posts, const struct kl_id *author)
{
	return has_room(posts, author_of(posts, author));
}

size_t kl_posts_standing(const struct kl_posts *posts, enum kl_post_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < posts->n; i++)
		n += posts->items[i].kind == kind && kl_post_stands(&posts->items[i]);
	return n;
}

/* ---- room ------------------------------------------------------------------------------------ */

static int close_gaps(struct kl_posts *posts)
{
	size_t n = 0;

	for (size_t i = 0; i < posts->n; i++)
		if (posts->items[i].kind)
			posts->items[n++] = posts->items[i];
	posts->n = n;
	posts->dropped = 0;
	return index_again(posts) || note_arrivals_again(posts) ? KL_E_NOMEM : KL_OK;
}

/* Forgets the oldest post that this author withdrew. */
static void drop_one(struct kl_posts *posts, struct kl_post_author *author)
{
	for (size_t i = author->from; i < posts->n; i++) {
		struct kl_posted *post = &posts->items[i];

		if (!post->kind || !post->withdrawn || !kl_id_equal(&post->author, &author->id))
			continue;
		post->kind = 0;
		posts->dropped++;
		author->withdrawn--;
		author->kept--;
		author->from = i + 1;
		return;
	}
}

static int make_room(struct kl_posts *posts, struct kl_post_author *author)
{
	struct kl_posted *more;
	size_t capacity;

	if (author->kept == KL_MEMBER_POSTS_MAX || posts->n - posts->dropped == KL_POSTS_MAX)
		drop_one(posts, author);
	if (posts->dropped >= DROPPED_MIN && posts->dropped > posts->n / 4 && close_gaps(posts))
		return KL_E_NOMEM;
	if (posts->n < posts->capacity)
		return KL_OK;
	capacity = posts->capacity ? 2 * posts->capacity : 256;
	more = realloc(posts->items, capacity * sizeof *more);
	if (!more)
		return KL_E_NOMEM;
	posts->items = more;
	posts->capacity = capacity;
	return KL_OK;
}

/* ---- facets ---------------------------------------------------------------------------------- */

/* The number of a word in a table that is made when it is first needed. A table that is full has no
 * number for a new word: the post is kept, and not found by it. */
static int number_of(struct kl_names **table, const char *text, uint32_t *ret_number)
{
	char folded[KL_WORDS_TEXT_MAX + 1];
	struct kl_names_found found;
	int rc;

	*ret_number = KL_POST_NO_WORD;
	if (!kl_words_fold(text, folded))
		return KL_OK;
	if (!*table)
		*table = kl_names_new_of_keys();
	if (!*table)
		return KL_E_NOMEM;
	rc = kl_names_add(*table, folded, &found);
	if (!rc)
		*ret_number = found.number;
	return rc == KL_E_TOO_BIG ? KL_OK : rc;
}

uint64_t kl_post_title_hash(const char *title)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	bool any = false, blank = false;

	for (; *title; title++) {
		uint8_t c = (uint8_t)*title;

		if (c == ' ') {
			blank = any;
			continue;
		}
		if (blank)
			hash = (hash ^ ' ') * UINT64_C(1099511628211);
		blank = false;
		any = true;
		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)) *
		       UINT64_C(1099511628211);
	}
	return any && !hash ? 1 : any ? hash : 0;
}

const char *kl_posts_place(const struct kl_posts *posts, uint32_t number)
{
	return number == KL_POST_NO_WORD ? "" : kl_names_at(posts->places, number);
}

const char *kl_posts_service(const struct kl_posts *posts, uint32_t number)
{
	return number == KL_POST_NO_WORD ? "" : kl_names_at(posts->services, number);
}

static int take_words(struct kl_posts *posts, struct kl_posted *post, const struct kl_post *said)
{
	int rc = number_of(&posts->places, said->place, &post->place);

	for (size_t i = 0; !rc && i < KL_POST_SERVICES_KEPT; i++)
		rc = number_of(&posts->services,
			i < said->services.n ? said->services.items[i] : "", &post->services[i]);
	return rc;
}

static int take_facets(struct kl_posts *posts, struct kl_posted *post, const struct kl_post *said)
{
	size_t outcome;

	post->about = said->about;
	post->title_hash = kl_post_title_hash(said->title);
	post->characteristics = said->characteristics;
	post->stages = said->stages;
	post->routes = said->routes;
	post->barriers = said->barriers;
	post->outcome = 0;
	if (said->outcome[0] &&
		!kl_slug_place(kl_lesson_outcomes, kl_bytes_str(said->outcome), &outcome))
		post->outcome = (uint8_t)(outcome + 1);
	post->has_period = said->period[0] && !kl_period_parse(said->period, &post->period);
	return take_words(posts, post, said);
}

/* What a payload says; a malformed one leaves the post without a text. */
static int read_text(struct kl_posts *posts, struct kl_posted *post, struct kl_bytes payload)
{
	struct kl_post said;
	int rc = kl_payload_post_read(payload, post->kind, &said, NULL);

	post->readable = !rc;
	if (rc)
		return rc == KL_E_NOMEM ? rc : KL_OK;
	rc = take_facets(posts, post, &said);
	kl_post_deinit(&said);
	return rc;
}

/* ---- records --------------------------------------------------------------------------------- */

static int take_post(struct kl_posts *posts, const struct kl_record *record, enum kl_post_kind kind,
	uint64_t arrival)
{
	struct kl_post_author *author;
	struct kl_posted *post;

	if (find(posts, &record->id, false))
		return KL_OK; /* it came a second time */
	author = obtain_author(posts, &record->h.author);
	if (!author)
		return KL_E_NOMEM;
	if (!has_room(posts, author)) {
		author->passed_over++;
		posts->passed_over++;
		return KL_OK;
	}
	if (make_room(posts, author) || index_id(posts, &record->id, posts->n) ||
		note_arrival(posts, arrival, posts->n))
		return KL_E_NOMEM;
	author->kept++;
	post = &posts->items[posts->n++];
	*post = (struct kl_posted){.arrival = arrival,
		.time_ms = record->h.time_ms,
		.id = record->id,
		.author = record->h.author,
		.text = record->id,
		.text_arrival = arrival,
		.seq = record->h.seq,
		.text_seq = record->h.seq,
		.epoch = record->h.epoch,
		.text_epoch = record->h.epoch,
		.kind = kind,
		.place = KL_POST_NO_WORD};
	memset(post->services, 0xff, sizeof post->services);
	return record->erased ? KL_OK : read_text(posts, post, record->payload);
}

/* Records may come a second time, also such as were corrected since. */
static bool is_later(const struct kl_record *record, const struct kl_posted *post)
{
	return record->h.epoch != post->text_epoch ? record->h.epoch > post->text_epoch
						   : record->h.seq > post->text_seq;
}

static int take_correction(struct kl_posts *posts, const struct kl_record *record, uint64_t arrival)
{
	struct kl_posted *post;
	struct kl_bytes text;
	struct kl_id which;
	size_t item;

	if (kl_payload_correction_read(record->payload, &which, &text, NULL))
		return KL_OK;
	post = find(posts, &which, false);
	if (!post || post->withdrawn || !kl_id_equal(&post->author, &record->h.author) ||
		!is_later(record, post))
		return KL_OK;
	item = (size_t)(post - posts->items);
	post->text = record->id;
	post->text_arrival = arrival;
	post->text_seq = record->h.seq;
	post->text_epoch = record->h.epoch;
	post->corrected_ms = record->h.time_ms;
	if (index_id(posts, &record->id, item) || note_arrival(posts, arrival, item))
		return KL_E_NOMEM;
	return read_text(posts, post, text);
}

static void take_withdrawal(struct kl_posts *posts, const struct kl_record *record)
{
	struct kl_post_author *author;
	struct kl_posted *post;
	struct kl_id which;
	bool whole = true;
	size_t item;

	if (kl_payload_taken_back_read(record->payload, &which, NULL))
		return;
	post = find(posts, &which, false);
	if (!post) {
		post = find(posts, &which, true);
		whole = false;
	}
	if (!post || post->withdrawn || !kl_id_equal(&post->author, &record->h.author))
		return;
	post->readable = false;
	if (!whole)
		return; /* its correction alone */
	post->withdrawn = true;
	author = author_of(posts, &post->author);
	author->withdrawn++;
	item = (size_t)(post - posts->items);
	if (item < author->from)
		author->from = item;
}

int kl_posts_take(struct kl_posts *posts, const struct kl_record *record, uint64_t arrival)
{
	enum kl_post_kind kind;

	if (!kl_post_kind_of(record->h.kind, &kind))
		return take_post(posts, record, kind, arrival);
	if (record->erased)
		return KL_OK;
	if (record->h.kind == KL_KIND_CORRECT)
		return take_correction(posts, record, arrival);
	if (record->h.kind == KL_KIND_WITHDRAW)
		take_withdrawal(posts, record);
	return KL_OK;
}

/* ---- order ----------------------------------------------------------------------------------- */

static int by_arrival(const void *a, const void *b)
{
	const struct kl_posted *x = a, *y = b;

	return x->arrival < y->arrival ? -1 : x->arrival > y->arrival;
}

static int ask_arrivals(struct kl_posted *post, kl_posts_arrival_fn *arrival_of, void *arg)
{
	struct kl_feed_key feed = {post->author, post->epoch},
			   text_feed = {post->author, post->text_epoch};
	int rc = arrival_of(arg, &feed, post->seq, &post->arrival);

	if (!rc || rc == KL_E_NOT_FOUND)
		rc = arrival_of(arg, &text_feed, post->text_seq, &post->text_arrival);
	return rc == KL_E_NOT_FOUND ? KL_OK : rc;
}

int kl_posts_order(struct kl_posts *posts, kl_posts_arrival_fn *arrival_of, void *arg)
{
	int rc = KL_OK;

	for (size_t i = 0; !rc && i < posts->n; i++)
		if (posts->items[i].kind)
			rc = ask_arrivals(&posts->items[i], arrival_of, arg);
	if (rc || !posts->n)
		return rc;
	qsort(posts->items, posts->n, sizeof *posts->items, by_arrival);
	return index_again(posts) || note_arrivals_again(posts) ? KL_E_NOMEM : KL_OK;
}
