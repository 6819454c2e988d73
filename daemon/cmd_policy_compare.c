/* policy compare: policies of several members side by side. */
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/network.h"
#include "daemon/policy_answer.h"
#include "daemon/policy_filter.h"

#include <string.h>

enum { LEAST = 2, MOST = 8 };

struct side {
	const struct kl_roster_member *member;
	const struct kl_policy *policy; /* in force, or NULL */
};

struct comparison {
	struct side sides[MOST];
	size_t n;
};

static int add_side(struct comparison *c, struct kl_node *node, const struct kl_value *item,
	struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	char name[256];
	int rc = kl_value_text(item, name, sizeof name);

	rc = rc ? kl_fault(fault, KL_E_USAGE, "a member is named by too long a text")
		: kl_find_policy_member(node, name, &member, fault);
	if (rc)
		return rc;
	for (size_t i = 0; i < c->n; i++)
		if (c->sides[i].member == member)
			return kl_fault(fault, KL_E_USAGE, "%s is named twice", member->name);
	c->sides[c->n++] = (struct side){
		member, kl_policy_in_force(&node->network->policies, &member->identity)};
	return KL_OK;
}

static int read_sides(struct comparison *c, struct kl_node *node, struct kl_ask *ask)
{
	struct kl_value list, item;
	struct kl_cursor cursor;
	bool any = false;
	int rc = KL_OK;

	if (kl_get_array(&ask->args, "members", &list) || list.count < LEAST || list.count > MOST)
		return kl_fault(
			&ask->fault, KL_E_USAGE, "which members? %d to %d of them", LEAST, MOST);
	for (cursor = kl_cursor(&list); !rc && kl_cursor_next(&cursor, &item);)
		rc = add_side(c, node, &item, &ask->fault);
	for (size_t i = 0; i < c->n; i++)
		any |= c->sides[i].policy != NULL;
	if (rc || any)
		return rc;
	kl_fault(&ask->fault, KL_E_NOT_FOUND, "none of them has published a policy");
	(void)kl_fault_hint(&ask->fault, "keeplocal policy list names those that have");
	return KL_E_NOT_FOUND;
}

static bool differs(const struct comparison *c, size_t field)
{
	static const struct kl_policy nothing;
	const struct kl_policy *first = c->sides[0].policy ? c->sides[0].policy : &nothing;

	for (size_t i = 1; i < c->n; i++) {
		const struct kl_policy *other = c->sides[i].policy;

		if (!kl_policy_same(field, first, other ? other : &nothing))
			return true;
	}
	return false;
}

static void put_field(struct kl_writer *w, const struct comparison *c, size_t field)
{
	char key[KL_POLICY_KEY_MAX];

	kl_write_map(w, 5);
	kl_put_text(w, "field", kl_policy_key(field, key));
	kl_put_array(w, "values", c->n);
	for (size_t i = 0; i < c->n; i++)
		kl_write_policy_value(w, field, c->sides[i].policy);
	kl_put_bool(w, "differs", differs(c, field));
	kl_put_text(w, "label", kl_policy_form.fields[field].label);
	kl_put_array(w, "shown", c->n);
	for (size_t i = 0; i < c->n; i++)
		kl_write_policy_words(w, field, c->sides[i].policy);
}

static void put_fields(struct kl_writer *w, const struct comparison *c, bool only)
{
	size_t n = 0;

	for (size_t i = 0; i < kl_policy_form.n; i++)
		n += !only || differs(c, i);
	kl_put_array(w, "fields", n);
	for (size_t i = 0; i < kl_policy_form.n; i++)
		if (!only || differs(c, i))
			put_field(w, c, i);
}

static void put_classes(struct kl_writer *w, const struct comparison *c)
{
	char why[MOST][KL_POLICY_WHY_MAX];
	enum kl_policy_class classes[MOST];

	for (size_t i = 0; i < c->n; i++) {
		const struct side *s = &c->sides[i];

		classes[i] = KL_POLICY_UNCLASSIFIED;
		(void)kl_copy_text(why[i], KL_POLICY_WHY_MAX, "it has published no policy");
		if (s->policy)
			classes[i] =
				kl_policy_classify(s->policy, s->member->attributes.kind, why[i]);
	}
	kl_put_array(w, "class", c->n);
	for (size_t i = 0; i < c->n; i++)
		kl_write_text(w, kl_policy_class_name(classes[i]));
	kl_put_array(w, "why", c->n);
	for (size_t i = 0; i < c->n; i++)
		kl_write_text(w, why[i]);
}

int kl_cmd_policy_compare(void *data, struct kl_ask *ask)
{
	struct comparison c = {.n = 0};
	struct kl_network *network;
	bool only = false;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc && kl_get_bool_or(&ask->args, "only_differences", false, &only))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "only_differences is yes or no");
	if (!rc)
		rc = read_sides(&c, data, ask);
	if (rc)
		return rc;
	kl_write_map(&ask->out, 4);
	kl_put_array(&ask->out, "members", c.n);
	for (size_t i = 0; i < c.n; i++)
		kl_write_text(&ask->out, c.sides[i].member->name);
	put_fields(&ask->out, &c, only);
	put_classes(&ask->out, &c);
	return kl_ask_answer(ask);
}
