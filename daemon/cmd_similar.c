/* similar: which members and councils are most like one, and why. */
#include "daemon/ask_args.h"
#include "daemon/beside.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/nearest_find.h"

#include <stdio.h>
#include <string.h>

enum {
	USUAL = 15,       /* as CIPFA's model shows */
	MOST = 100,       /* what one answer has room for, */
	MOST_BESIDE = 30, /* and with lessons or policies beside each */
};

struct question {
	struct kl_nearest_named named;
	const struct kl_nearest_rows *table;
	size_t row;
	uint64_t most;
	bool all_types, members, lessons, policies;
};

/* ---- the question ---------------------------------------------------------------------------- */

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
	if (text[0]) {
		rc = kl_nearest_find(node, text, &q->named, &ask->fault);
		q->table = q->named.table;
		q->row = q->named.row;
	} else {
		rc = kl_nearest_self(node, &q->table, &q->row, &ask->fault);
	}
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

/* Where the table of councils says something else than roster and profile, and what is not confirmed. */
static void put_differ(struct kl_writer *w, const struct kl_nearest_row *one)
{
	char used[KL_FEATURE_VALUE_MAX], said[KL_FEATURE_VALUE_MAX], text[KL_FEATURE_TEXT_MAX];

	kl_put_array(w, "differ", (size_t)__builtin_popcount(one->differ) + one->claimed);
	if (one->claimed)
		kl_write_text(w,
			"its code is its own word, the convenor has confirmed none; so the "
			"council of this code may stand here, too");
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

	kl_similar_why(&t->vantage, near->row, &me->likeness, &it->likeness, &reasons);
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

/* Others to whom the words fit, too, though they are not their whole name. */
static void put_also(struct kl_writer *w, const struct kl_nearest_named *named)
{
	char more[48];
	size_t n = named->n_also, others = named->others;

	kl_put_array(w, "also", n + (others > n));
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, named->also[i]);
	if (others > n) {
		(void)snprintf(more, sizeof more, "%zu more", others - n);
		kl_write_text(w, more);
	}
}

static void put_all(struct kl_writer *w, const struct telling *t)
{
	const struct question *q = t->q;
	uint32_t features = kl_features_of(q->table->similar.kind);
	const struct kl_nearest_row *me = &q->table->items[q->row];

	kl_write_map(w, 8);
	kl_put_map(w, "of", WHO_KEYS + 3);
	put_who(w, me);
	kl_put_bool(w, "self", me->self);
	put_features(w, "missing", kl_features_missing(me->likeness.kind, me->likeness.known));
	put_differ(w, me);
	put_also(w, &q->named);
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
