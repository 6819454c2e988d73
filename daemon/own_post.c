#include "daemon/own_post.h"
#include "core/personal.h"
#include "daemon/ask_args.h"
#include "daemon/find.h"
#include "daemon/post_place.h"
#include "protocol/payload_definition.h"
#include "protocol/payload_post.h"

#include <stdio.h>
#include <string.h>

enum { HOUR_MS = 3600000, WARNINGS_MAX = 8, WARNING_MAX = 200 };

/* ---- filling --------------------------------------------------------------------------------- */

static const struct {
	const char *key, *field;
} fields[] = {
	{"title", "title"},
	{"text", "text"},
	{"place", "place"},
	{"period", "period"},
	{"characteristic", "characteristics"},
	{"stage", "stages"},
	{"route", "routes"},
	{"service", "services"},
	{"barrier", "barriers"},
	{"outcome", "outcome"},
	{"link", "links"},
};

/* Items one behind the other, as a form takes them. */
static int join(const struct kl_value *list, char *out, size_t size)
{
	struct kl_cursor cursor = kl_cursor(list);
	struct kl_value item;
	size_t at = 0;

	out[0] = '\0';
	while (kl_cursor_next(&cursor, &item)) {
		if (at && at + 2 < size)
			at += (size_t)snprintf(out + at, size - at, "; ");
		if (kl_value_text(&item, out + at, size - at))
			return KL_E_TOO_BIG;
		at += strlen(out + at);
	}
	return KL_OK;
}

static int text_of(const struct kl_value *v, char *out, size_t size)
{
	return v->type == KL_WIRE_ARRAY ? join(v, out, size) : kl_value_text(v, out, size);
}

int kl_own_post_fill(struct kl_node *node, const struct kl_value *args, struct kl_post *post,
	struct kl_fault *fault)
{
	char text[KL_POST_TEXT_MAX];
	int rc = KL_OK;

	for (size_t i = 0; !rc && i < sizeof fields / sizeof *fields; i++) {
		struct kl_value v;

		if (kl_map_get(args, fields[i].key, &v) || v.type == KL_WIRE_NIL)
			continue;
		rc = text_of(&v, text, sizeof text);
		if (rc)
			return kl_refuse_typed(&v, fields[i].key, KL_POST_TEXT_MAX - 1, fault);
		rc = kl_post_set(post, fields[i].field, text, fault);
	}
	if (!rc && post->place[0])
		kl_post_place_settle(node, post->place);
	return rc;
}

/* ---- limits ---------------------------------------------------------------------------------- */

/* What was published while this clock stood in the future does not count. */
static bool is_of_this_hour(uint64_t time_ms, uint64_t now)
{
	return time_ms <= now && now - time_ms < HOUR_MS;
}

/* A post and its latest correction; not its corrections before. */
static size_t published_lately(const struct kl_network *network)
{
	const struct kl_posts *posts = &network->posts;
	uint64_t now = kl_node_wall();
	size_t n = 0;

	for (size_t i = 0; i < posts->n; i++) {
		const struct kl_posted *p = &posts->items[i];

		if (p->kind && kl_id_equal(&p->author, &network->own.author))
			n += (size_t)is_of_this_hour(p->time_ms, now) +
			     (p->corrected_ms && is_of_this_hour(p->corrected_ms, now));
	}
	return n;
}

static int check_limits(const struct kl_network *network, size_t n, struct kl_fault *fault)
{
	size_t kept, passed_over;

	kl_posts_of(&network->posts, &network->own.author, &kept, &passed_over);
	if (kept + n > KL_MEMBER_POSTS_MAX &&
		!kl_posts_room(&network->posts, &network->own.author)) {
		kl_fault(fault, KL_E_TOO_BIG,
			"this member has %zu posts, and others keep no more than %d of one member",
			kept, KL_MEMBER_POSTS_MAX);
		return kl_fault_hint(fault, "withdraw some that are out of date first");
	}
	if (published_lately(network) + (n ? n : 1) > KL_OWN_POSTS_AN_HOUR) {
		kl_fault(fault, KL_E_BUSY,
			"more than %d posts and corrections in an hour would crowd others out",
			KL_OWN_POSTS_AN_HOUR);
		return kl_fault_hint(fault, "go on in an hour; what is published already stays");
	}
	return KL_OK;
}

int kl_own_post_may(const struct kl_network *network, size_t n, struct kl_fault *fault)
{
	const struct kl_roster_member *self = kl_network_self(network);
	int rc;

	if (!kl_network_is_convenor(network) && (!self || self->state != KL_MEMBER_ACTIVE))
		return kl_fault(fault, KL_E_DENIED,
			"only active members of the network, and its convenor, write to the "
			"others");
	rc = kl_network_may_append(network, fault);
	return rc ? rc : check_limits(network, n, fault);
}

/* ---- saying ---------------------------------------------------------------------------------- */

static int say(struct kl_network *network, uint32_t kind, struct kl_writer *w, struct kl_id *ret_id,
	struct kl_fault *fault)
{
	struct kl_bytes payload;
	int rc = kl_writer_bytes(w, &payload);

	rc = rc ? kl_fault(fault, rc, "out of memory")
		: kl_network_append(network, kind, payload, ret_id, fault);
	kl_writer_deinit(w);
	return rc;
}

int kl_own_post_publish(struct kl_network *network, const struct kl_post *post,
	struct kl_id *ret_id, struct kl_fault *fault)
{
	struct kl_writer w;
	int rc = kl_post_check(post, fault);

	if (!rc)
		rc = kl_own_post_may(network, 1, fault);
	if (rc)
		return rc;
	kl_writer_init(&w);
	kl_payload_post_write(&w, post);
	return say(network, kl_post_record_kind(post->kind), &w, ret_id, fault);
}

int kl_own_post_named(const struct kl_network *network, enum kl_post_kind kind, const char *text,
	const struct kl_posted **ret_posted, struct kl_fault *fault)
{
	int rc = kl_posts_named(&network->posts, text, ret_posted, fault);

	if (rc)
		return rc;
	if ((*ret_posted)->kind != kind)
		return kl_fault(fault, KL_E_NOT_FOUND, "%s is no %s, but %s %s", text,
			kl_post_kind_name(kind), (*ret_posted)->kind == KL_ANSWER ? "an" : "a",
			kl_post_kind_name((*ret_posted)->kind));
	if (!kl_id_equal(&(*ret_posted)->author, &network->own.author))
		return kl_fault(fault, KL_E_DENIED, "this %s is by %s: only its author can do that",
			kl_post_kind_name(kind), kl_member_name(network, &(*ret_posted)->author));
	return KL_OK;
}

int kl_own_post_correct(struct kl_network *network, const struct kl_posted *posted,
	const struct kl_post *post, struct kl_fault *fault)
{
	struct kl_writer w;
	int rc = kl_post_check(post, fault);

	if (!rc)
		rc = kl_network_may_append(network, fault);
	if (rc)
		return rc;
	kl_writer_init(&w);
	kl_payload_correction_write(&w, &posted->id, post);
	return say(network, KL_KIND_CORRECT, &w, NULL, fault);
}

int kl_own_post_withdraw(
	struct kl_network *network, const struct kl_posted *posted, struct kl_fault *fault)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_payload_taken_back_write(&w, &posted->id);
	return say(network, KL_KIND_WITHDRAW, &w, NULL, fault);
}

size_t kl_own_post_titles(const struct kl_network *network, enum kl_post_kind kind,
	uint64_t ret_hashes[KL_MEMBER_POSTS_MAX])
{
	const struct kl_posts *posts = &network->posts;
	size_t n = 0;

	for (size_t i = 0; i < posts->n && n < KL_MEMBER_POSTS_MAX; i++)
		if (kl_post_stands(&posts->items[i]) && posts->items[i].kind == kind &&
			kl_id_equal(&posts->items[i].author, &network->own.author))
			ret_hashes[n++] = posts->items[i].title_hash;
	return n;
}

const struct kl_posted *kl_own_post_twin(
	const struct kl_network *network, const struct kl_post *post)
{
	uint64_t hash = kl_post_title_hash(post->title);

	for (size_t i = 0; hash && i < network->posts.n; i++) {
		const struct kl_posted *p = &network->posts.items[i];

		if (kl_post_stands(p) && p->kind == post->kind && p->title_hash == hash &&
			kl_id_equal(&p->author, &network->own.author))
			return p;
	}
	return NULL;
}

/* ---- warnings -------------------------------------------------------------------------------- */

struct warnings {
	char items[WARNINGS_MAX][WARNING_MAX];
	size_t n;
};

static void look_at(struct warnings *warnings, const char *text)
{
	struct kl_personal p = {0};

	for (size_t at = 0; warnings->n < WARNINGS_MAX && kl_personal_find(text, at, &p);
		at = p.begin + p.len)
		(void)snprintf(warnings->items[warnings->n++], WARNING_MAX, "%.*s looks like %s",
			p.len > 120 ? 120 : (int)p.len, text + p.begin, kl_personal_name(p.kind));
}

void kl_put_post_warnings(struct kl_writer *w, const struct kl_post *post)
{
	struct warnings warnings = {.n = 0};

	look_at(&warnings, post->title);
	look_at(&warnings, post->text);
	look_at(&warnings, post->place);
	kl_put_array(w, "warnings", warnings.n);
	for (size_t i = 0; i < warnings.n; i++)
		kl_write_text(w, warnings.items[i]);
}
