#include "daemon/inbox.h"
#include "daemon/find.h"
#include "daemon/post_text.h"
#include "daemon/thread.h"
#include "store/arrivals.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

static const char doc_kind[] = "inbox", doc_name[] = "read";

/* ---- the mark -------------------------------------------------------------------------------- */

static int get_mark(struct kl_node *node, struct kl_read_mark *ret_mark, struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, doc_kind, doc_name, 0, &bytes, &len, NULL);

	ret_mark->mark = 0;
	ret_mark->n = 0;
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return kl_fault(fault, rc, "the read mark cannot be read: %s", kl_error_text(rc));
	rc = kl_doc_read_mark_decode(kl_bytes(bytes, len), ret_mark, fault);
	free(bytes);
	return rc;
}

static bool was_told(const struct kl_read_mark *mark, const struct kl_id *id)
{
	for (size_t i = mark->n; i-- > 0;)
		if (kl_id_equal(&mark->told[i], id))
			return true;
	return false;
}

/* ---- looking --------------------------------------------------------------------------------- */

/* What this member answered, and when that came here. */
struct answered {
	struct kl_id about;
	uint64_t arrival;
};

struct search {
	struct kl_node *node;
	struct kl_network *network;
	struct kl_inbox *inbox;
	struct answered *answered; /* ascending by what was answered, then by arrival */
	size_t n_answered;
	size_t effort;
	bool all; /* each post once, as it stands now */
	struct kl_post *post;
};

static int by_id(const void *a, const void *b)
{
	const struct answered *x = a, *y = b;
	int order = kl_id_compare(&x->about, &y->about);

	return order ? order : (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

/* Whether it had answered that before the given arrival. */
static bool had_answered(const struct search *s, const struct kl_id *about, uint64_t arrival)
{
	size_t low = 0, high = s->n_answered;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kl_id_compare(&s->answered[middle].about, about) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->n_answered && kl_id_equal(&s->answered[low].about, about) &&
	       s->answered[low].arrival < arrival;
}

static int find_answered(struct search *s)
{
	const struct kl_posts *posts = &s->network->posts;
	size_t kept, passed_over;

	kl_posts_of(posts, &s->network->own.author, &kept, &passed_over);
	s->answered = malloc((kept + 1) * sizeof *s->answered);
	if (!s->answered)
		return KL_E_NOMEM;
	for (size_t i = 0; i < posts->n && s->n_answered < kept; i++)
		if (posts->items[i].kind == KL_ANSWER && kl_post_stands(&posts->items[i]) &&
			kl_id_equal(&posts->items[i].author, &s->network->own.author))
			s->answered[s->n_answered++] = (struct answered){
				kl_thread_root(posts, &posts->items[i]), posts->items[i].arrival};
	qsort(s->answered, s->n_answered, sizeof *s->answered, by_id);
	return KL_OK;
}

static enum kl_inbox_why why_answer(const struct search *s, const struct kl_posted *posted)
{
	struct kl_id root = kl_thread_root(&s->network->posts, posted);
	const struct kl_posted *about = kl_posts_find(&s->network->posts, &root);

	if (about && kl_id_equal(&about->author, &s->network->own.author))
		return about->kind == KL_LESSON ? KL_INBOX_TO_LESSON : KL_INBOX_TO_QUESTION;
	return had_answered(s, &root, posted->arrival) ? KL_INBOX_TOO : (enum kl_inbox_why)0;
}

/* Each topic of words goes through the whole text. */
static size_t effort_of(const struct kl_following *following, const struct kl_post *post)
{
	size_t words = 0;

	for (size_t i = 0; i < following->n; i++)
		words += following->topics[i].kind == KL_TOPIC_WORDS;
	return words * (strlen(post->title) + strlen(post->text));
}

/* KL_E_BUSY: one look has done enough. The first post is always judged. */
static int find_topics(struct search *s, const struct kl_posted *posted, uint64_t *ret_topics)
{
	const struct kl_posts *posts = &s->network->posts;
	bool wants_text;

	enum { POST = 8, TOPIC = 32, TEXT = 1000 }; /* measured against a byte of text */

	if (s->effort >= KL_INBOX_EFFORT_MAX)
		return KL_E_BUSY;
	s->effort += POST + TOPIC * s->inbox->following.n;
	*ret_topics = kl_following_touched(&s->inbox->following, posts, posted, NULL, &wants_text);
	if (!wants_text)
		return KL_OK;
	s->effort += TEXT;
	if (kl_post_read(s->node, posted, s->post, NULL))
		return KL_OK; /* its text is not here: what it is marked with still counts */
	s->effort += effort_of(&s->inbox->following, s->post);
	*ret_topics = kl_following_touched(&s->inbox->following, posts, posted, s->post, NULL);
	kl_post_deinit(s->post);
	return KL_OK;
}

/* Why the record with that arrival is told; `why` 0 if it is not. */
static int judge(struct search *s, uint64_t arrival, struct kl_inbox_item *item)
{
	const struct kl_posted *posted = kl_posts_at(&s->network->posts, arrival);

	*item = (struct kl_inbox_item){.posted = posted};
	if (!posted || !kl_post_stands(posted) ||
		kl_id_equal(&posted->author, &s->network->own.author))
		return KL_OK;
	if (arrival != posted->arrival) {
		if (!s->all && arrival == posted->text_arrival &&
			was_told(&s->inbox->mark, &posted->id))
			item->why = KL_INBOX_CORRECTED;
		return KL_OK;
	}
	if (posted->kind == KL_ANSWER)
		item->why = why_answer(s, posted);
	if (item->why)
		return KL_OK;
	if (find_topics(s, posted, &item->topics))
		return KL_E_BUSY;
	if (item->topics)
		item->why = KL_INBOX_TOPIC;
	return KL_OK;
}

static size_t listed_of(const struct kl_inbox *inbox, const struct kl_id *member)
{
	size_t n = 0;

	for (size_t i = 0; i < inbox->n; i++)
		n += kl_id_equal(&inbox->items[i].posted->author, member);
	return n;
}

/* False if there is no room left to count it. */
static bool count_crowded(struct kl_inbox *inbox, const struct kl_id *member)
{
	size_t i = 0;

	while (i < inbox->n_crowded && !kl_id_equal(&inbox->crowded[i].member, member))
		i++;
	if (i == KL_INBOX_CROWDED_MAX)
		return false;
	if (i == inbox->n_crowded)
		inbox->crowded[inbox->n_crowded++].member = *member;
	inbox->crowded[i].posts++;
	return true;
}

/* False if the list is full. */
static bool add(struct kl_inbox *inbox, const struct kl_inbox_item *item)
{
	if (listed_of(inbox, &item->posted->author) >= KL_INBOX_OF_ONE_MAX) {
		if (!count_crowded(inbox, &item->posted->author))
			return false;
	} else {
		if (inbox->n == KL_INBOX_ITEMS_MAX)
			return false;
		inbox->items[inbox->n++] = *item;
	}
	if (item->why == KL_INBOX_TO_QUESTION || item->why == KL_INBOX_TO_LESSON)
		inbox->answers++;
	else
		inbox->others++;
	return true;
}

/* Arrivals behind the mark, rising; with all of it every one, falling. */
static void look_through(struct search *s, uint64_t last)
{
	struct kl_inbox *inbox = s->inbox;
	uint64_t first = s->all ? 1 : inbox->mark.mark + 1;
	struct kl_inbox_item item;

	inbox->upto = last > inbox->mark.mark ? last : inbox->mark.mark;
	for (uint64_t i = 0; first + i <= last; i++) {
		uint64_t arrival = s->all ? last - i : first + i;

		if (!judge(s, arrival, &item) && (!item.why || add(inbox, &item)))
			continue;
		inbox->goes_on = true;
		if (!s->all)
			inbox->upto = arrival - 1;
		return;
	}
}

static void find_withdrawn(struct search *s)
{
	struct kl_inbox *inbox = s->inbox;

	for (size_t i = 0; i < inbox->mark.n; i++) {
		const struct kl_posted *posted =
			kl_posts_find(&s->network->posts, &inbox->mark.told[i]);

		if (posted && !kl_post_stands(posted))
			inbox->withdrawn[inbox->n_withdrawn++] = posted->id;
	}
}

static int prepare(struct kl_node *node, struct kl_inbox *inbox, struct search *s,
	uint64_t *ret_last, struct kl_fault *fault)
{
	int rc = kl_need_network(node, &s->network, fault);

	memset(inbox, 0, sizeof *inbox);
	s->node = node;
	s->inbox = inbox;
	if (!rc)
		rc = get_mark(node, &inbox->mark, fault);
	if (!rc)
		rc = kl_following_get(node, &inbox->following, fault);
	if (rc)
		return rc;
	rc = kl_arrival_last(node->store, ret_last);
	if (!rc)
		rc = find_answered(s);
	s->post = malloc(sizeof *s->post);
	if (rc || !s->post)
		return kl_fault(fault, rc ? rc : KL_E_NOMEM, "the inbox: %s",
			kl_error_text(rc ? rc : KL_E_NOMEM));
	return KL_OK;
}

int kl_inbox_look(struct kl_node *node, bool all, uint64_t limit, struct kl_inbox *ret_inbox,
	struct kl_fault *fault)
{
	struct search s = {.node = NULL};
	uint64_t last;
	int rc = prepare(node, ret_inbox, &s, &last, fault);

	s.all = all;
	if (!rc) {
		look_through(&s, last < limit ? last : limit);
		find_withdrawn(&s);
	}
	free(s.answered);
	free(s.post);
	return rc;
}

/* ---- telling --------------------------------------------------------------------------------- */

/* Forgets the oldest where there is no room. */
static void remember(struct kl_read_mark *mark, const struct kl_id *id)
{
	if (was_told(mark, id))
		return;
	if (mark->n == KL_INBOX_TOLD_MAX)
		memmove(mark->told, mark->told + 1, --mark->n * sizeof *mark->told);
	mark->told[mark->n++] = *id;
}

static void forget(struct kl_read_mark *mark, const struct kl_id *id)
{
	size_t kept = 0;

	for (size_t i = 0; i < mark->n; i++)
		if (!kl_id_equal(&mark->told[i], id))
			mark->told[kept++] = mark->told[i];
	mark->n = kept;
}

int kl_inbox_told(struct kl_node *node, uint64_t upto, struct kl_fault *fault)
{
	struct kl_inbox *inbox = malloc(sizeof *inbox);
	struct kl_read_mark *mark;
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	if (!inbox)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = kl_inbox_look(node, false, upto, inbox, fault);
	if (rc) {
		free(inbox);
		return rc;
	}
	mark = &inbox->mark;
	mark->mark = inbox->upto;
	for (size_t i = 0; i < inbox->n_withdrawn; i++)
		forget(mark, &inbox->withdrawn[i]);
	for (size_t i = 0; i < inbox->n; i++)
		remember(mark, &inbox->items[i].posted->id);
	kl_writer_init(&w);
	kl_doc_read_mark_encode(&w, mark);
	rc = kl_writer_bytes(&w, &bytes);
	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_node_keep(node, doc_kind, doc_name, bytes, fault);
	kl_writer_deinit(&w);
	free(inbox);
	return rc;
}
