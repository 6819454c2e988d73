#include "daemon/beside.h"
#include "daemon/ask_args.h"
#include "daemon/policy_answer.h"
#include "daemon/post_list.h"
#include "daemon/post_text.h"

#include <stdlib.h>

/* ---- lessons --------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	return kl_id_compare(
		&((const struct kl_beside *)a)->member, &((const struct kl_beside *)b)->member);
}

static struct kl_beside *find(
	const struct kl_beside *members, size_t count, const struct kl_id *member)
{
	struct kl_beside key = {.member = *member};

	return bsearch(&key, members, count, sizeof key, by_id);
}

const struct kl_beside *kl_beside_find(
	const struct kl_beside *members, size_t count, const struct kl_id *member)
{
	return find(members, count, member);
}

void kl_beside_lessons(const struct kl_network *network, struct kl_beside *members, size_t count)
{
	const struct kl_posts *posts = &network->posts;

	qsort(members, count, sizeof *members, by_id);
	for (size_t i = 0; i < count; i++)
		members[i].total = members[i].n = 0;
	for (size_t i = posts->n; count && i-- > 0;) {
		const struct kl_posted *post = &posts->items[i];
		struct kl_beside *it;

		if (post->kind != KL_LESSON || !kl_post_stands(post))
			continue;
		it = find(members, count, &post->author);
		if (!it)
			continue;
		it->total++;
		if (it->n < KL_BESIDE_LESSONS)
			it->newest[it->n++] = post;
	}
}

/* Rows first: how many there are is known when their texts were read. */
static size_t write_rows(
	const struct kl_network *network, struct kl_writer *rows, const struct kl_beside *beside)
{
	size_t n = 0;

	for (size_t i = 0; i < beside->n; i++) {
		struct kl_post post;

		if (kl_post_read(network->node, beside->newest[i], &post, NULL))
			continue;
		kl_put_post_row(rows, network, beside->newest[i], &post, 0);
		kl_post_deinit(&post);
		n++;
	}
	return n;
}

void kl_put_lessons_beside(
	const struct kl_network *network, struct kl_writer *w, const struct kl_beside *beside)
{
	struct kl_writer rows;
	struct kl_bytes bytes;
	size_t n;

	if (!beside) {
		kl_put_nil(w, "lessons");
		kl_put_nil(w, "lessons_total");
		return;
	}
	kl_writer_init(&rows);
	n = write_rows(network, &rows, beside);
	if (kl_writer_bytes(&rows, &bytes))
		w->failed = true;
	kl_put_array(w, "lessons", n);
	if (n && !w->failed)
		kl_write_raw(w, bytes);
	kl_put_uint(w, "lessons_total", beside->total);
	kl_writer_deinit(&rows);
}

/* ---- policies -------------------------------------------------------------------------------- */

void kl_put_policy_beside(const struct kl_network *network, struct kl_writer *w,
	const struct kl_id *member, enum kl_member_kind kind)
{
	const struct kl_policy *policy = kl_policy_in_force(&network->policies, member);

	if (!policy) {
		kl_put_nil(w, "policy");
		return;
	}
	kl_put_map(w, "policy", 5);
	kl_put_said(w, "title", policy->title);
	kl_put_said(w, "web", policy->web);
	kl_put_said(w, "date", policy->date);
	kl_put_policy_class(w, policy, kind);
}
