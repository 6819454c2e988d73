/* similar: which members and councils are most like one, and why. */
#include "daemon/ask_args.h"
#include "daemon/beside.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/nearest.h"
#include "daemon/reference.h"

#include <stdio.h>
#include <string.h>

enum {
	USUAL = 15,       /* as CIPFA's model shows */
	MOST = 100,       /* what one answer has room for, */
	MOST_BESIDE = 30, /* and with lessons or policies beside each */
};

struct question {
	const struct kl_nearest_rows *table;
	size_t row;
	uint64_t most;
	bool all_types, members, lessons, policies;
};

/* ---- whose ----------------------------------------------------------------------------------- */

static int member_row(struct kl_node *node, const struct kl_roster_member *member,
	struct question *q, struct kl_fault *fault)
{
	long row;
	int rc = kl_nearest_table(node, member->attributes.kind, &q->table, fault);

	if (rc)
		return rc;
	row = kl_nearest_member(q->table, &member->identity);
	if (row < 0)
		return kl_fault(fault, KL_E_NOT_FOUND,
			"%s takes no part any more, or another council took its place",
			member->name);
	q->row = (size_t)row;
	return KL_OK;
}

static int council_row(
	struct kl_node *node, const char *text, struct question *q, struct kl_fault *fault)
{
	const struct kl_council *council;
	long row;
	int rc = kl_reference_find(node, text, &council, fault);

	if (rc || (rc = kl_nearest_table(node, KL_MEMBER_COUNCIL, &q->table, fault)))
		return rc;
	row = kl_nearest_gss(q->table, council->gss);
	if (row < 0)
		return kl_fault(fault, KL_E_NOT_FOUND, "another council took the place of %s",
			council->name);
	q->row = (size_t)row;
	return KL_OK;
}

/* A code is a council's, though anchors name the area in which they work by it. */
static bool coded_row(struct kl_node *node, const char *text, struct question *q)
{
	long row = -1;

	if (kl_gss_is_council(text) && !kl_nearest_table(node, KL_MEMBER_COUNCIL, &q->table, NULL))
		row = kl_nearest_gss(q->table, text);
	q->row = row < 0 ? 0 : (size_t)row;
	return row >= 0;
}

/* A council by its code, a member by any part of its name, or else a council of the reference table. */
static int named_row(
	struct kl_node *node, const char *text, struct question *q, struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	const struct kl_reference *reference;
	int rc;

	if (coded_row(node, text, q))
		return KL_OK;
	rc = node->network ? kl_find_member(node, text, &member, fault) : KL_E_NOT_FOUND;
	if (!rc)
		return member_row(node, member, q, fault);
	if (rc != KL_E_NOT_FOUND)
		return rc;
	/* Without a table the answer about members is the better one. */
	if (node->network && (kl_reference_get(node, &reference, NULL) || !reference->n))
		return rc;
	return council_row(node, text, q, fault);
}

static int read_flags(struct kl_node *node, struct kl_ask *ask, struct question *q)
{
	struct kl_network *network;

	if (kl_get_bool_or(&ask->args, "all_types", false, &q->all_types) ||
		kl_get_bool_or(&ask->args, "members", false, &q->members) ||
		kl_get_bool_or(&ask->args, "lessons", false, &q->lessons) ||
		kl_get_bool_or(&ask->args, "policies", false, &q->policies))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"all_types, members, lessons, policies: yes or no");
	return q->lessons || q->policies ? kl_need_network(node, &network, &ask->fault) : KL_OK;
}

static int read_question(struct kl_node *node, struct kl_ask *ask, struct question *q)
{
	char text[256];
	int rc = kl_ask_text(ask, "member", text, sizeof text);

	if (rc || (rc = read_flags(node, ask, q)) ||
		(rc = kl_ask_number(ask, "n", q->lessons || q->policies ? MOST_BESIDE : MOST, USUAL,
			 &q->most)))
		return rc;
	rc = text[0] ? named_row(node, text, q, &ask->fault)
		     : kl_nearest_self(node, &q->table, &q->row, &ask->fault);
	return rc ? rc : kl_nearest_enough(q->table, q->row, &ask->fault);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void put_words(struct kl_writer *w, const char *key, const enum kl_feature *features,
	size_t n, const struct kl_likeness *a, const struct kl_likeness *b)
{
	char text[KL_FEATURE_TEXT_MAX];

	kl_put_array(w, key, n);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, kl_feature_words(features[i], a, b, key[0] == 't', text));
}

static void put_features(struct kl_writer *w, const char *key, uint32_t features)
{
	kl_put_array(w, key, (size_t)__builtin_popcount(features));
	for (unsigned f = 0; f < KL_FEATURES; f++)
		if (features >> f & 1)
			kl_write_text(w, kl_feature_info(f)->name);
}

/* Where the table of councils says something else than roster and profile. */
static void put_differ(struct kl_writer *w, const struct kl_nearest_row *one)
{
	char used[KL_FEATURE_VALUE_MAX], said[KL_FEATURE_VALUE_MAX], text[KL_FEATURE_TEXT_MAX];

	kl_put_array(w, "differ", (size_t)__builtin_popcount(one->differ));
	for (unsigned f = 0; f < KL_FEATURES; f++) {
		if (!(one->differ >> f & 1))
			continue;
		snprintf(text, sizeof text,
			"%s %s in the table of councils, which counts; %s in its profile or on the "
			"roster",
			kl_feature_info(f)->name, kl_feature_value(f, &one->likeness, used),
			kl_feature_value(f, &one->said, said));
		kl_write_text(w, text);
	}
}

enum { WHO_KEYS = 6 };

static void put_who(struct kl_writer *w, const struct kl_nearest_row *one)
{
	char hex[KL_ID_HEX_MAX];

	kl_hex(one->id.b, KL_ID_BYTES, hex);
	kl_put_text(w, "member", one->member || one->self ? hex : NULL);
	kl_put_bool(w, "is_member", one->member);
	kl_put_text(w, "name", one->name);
	kl_put_text(w, "kind", kl_member_kind_name(one->likeness.kind));
	kl_put_said(w, "type", one->likeness.type);
	kl_put_said(w, "gss", one->gss);
}

/* What there is to tell of one answer. */
struct telling {
	const struct kl_network *network; /* NULL outside of one */
	const struct question *q;
	struct kl_vantage vantage;
	struct kl_near near[MOST];
	struct kl_found found;
	struct kl_beside beside[MOST_BESIDE];
	size_t n_beside;
};

static void find_lessons(struct telling *t)
{
	for (size_t i = 0; i < t->found.n; i++) {
		const struct kl_nearest_row *it = &t->q->table->items[t->near[i].row];

		if (it->member)
			t->beside[t->n_beside++] = (struct kl_beside){.member = it->id};
	}
	kl_beside_lessons(t->network, t->beside, t->n_beside);
}

static void put_beside(
	struct kl_writer *w, const struct telling *t, const struct kl_nearest_row *it)
{
	if (t->q->lessons)
		kl_put_lessons_beside(
			t->network, w, kl_beside_find(t->beside, t->n_beside, &it->id));
	if (t->q->policies)
		kl_put_policy_beside(t->network, w, &it->id, it->likeness.kind);
}

static void put_near(struct kl_writer *w, const struct telling *t, const struct kl_near *near)
{
	const struct question *q = t->q;
	const struct kl_nearest_row *me = &q->table->items[q->row],
				    *it = &q->table->items[near->row];
	struct kl_reasons reasons;

	kl_similar_why(&t->vantage, near->row, &reasons);
	kl_write_map(w, WHO_KEYS + 7 + (q->lessons ? KL_BESIDE_LESSONS_KEYS : 0) +
				(q->policies ? KL_BESIDE_POLICY_KEYS : 0));
	put_who(w, it);
	kl_put_double(w, "distance", near->rebased);
	kl_put_double(w, "raw_distance", near->distance);
	put_words(
		w, "together", reasons.together, reasons.n_together, &me->likeness, &it->likeness);
	put_words(w, "apart", reasons.apart, reasons.n_apart, &me->likeness, &it->likeness);
	kl_put_uint(w, "features", near->features);
	put_features(w, "missing", reasons.missing);
	put_differ(w, it);
	put_beside(w, t, it);
}

static void put_all(struct kl_writer *w, const struct telling *t)
{
	const struct question *q = t->q;
	uint32_t features = kl_features_of(q->table->similar.kind);
	const struct kl_nearest_row *me = &q->table->items[q->row];

	kl_write_map(w, 7);
	kl_put_map(w, "of", WHO_KEYS + 3);
	put_who(w, me);
	kl_put_bool(w, "self", me->self);
	put_features(w, "missing", kl_features_missing(me->likeness.kind, me->likeness.known));
	put_differ(w, me);
	kl_put_bool(w, "all_types", t->vantage.all_types);
	kl_put_bool(w, "members", q->members);
	kl_put_uint(w, "compared", t->found.compared);
	kl_put_uint(w, "unknown", t->found.unknown);
	kl_put_uint(w, "features", kl_features_count(features));
	kl_put_array(w, "similar", t->found.n);
	for (size_t i = 0; i < t->found.n; i++)
		put_near(w, t, &t->near[i]);
}

int kl_cmd_similar(void *data, struct kl_ask *ask)
{
	const struct kl_node *node = data;
	struct question q = {0};
	struct telling t = {.network = node->network, .q = &q};
	int rc = read_question(data, ask, &q);

	if (rc)
		return rc;
	kl_similar_look(&q.table->similar, q.row, q.all_types, &t.vantage);
	kl_similar_nearest(&t.vantage, q.members, q.most, t.near, &t.found);
	if (q.lessons)
		find_lessons(&t);
	put_all(&ask->out, &t);
	return kl_ask_answer(ask);
}
