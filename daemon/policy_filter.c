#include "daemon/policy_filter.h"
#include "daemon/find.h"
#include "core/commissioning.h"
#include "daemon/ask_args.h"

#include <string.h>

/* Region and type, by the words that the roster has. */
static int read_attributes(struct kl_ask *ask, struct kl_policy_filter *f)
{
	struct kl_attributes words = {.kind = KL_MEMBER_COUNCIL};
	char text[128];
	int rc = kl_ask_text(ask, "region", text, sizeof text);

	if (!rc && text[0])
		rc = kl_attributes_set(&words, "region", text, &ask->fault);
	if (!rc)
		rc = kl_ask_text(ask, "type", text, sizeof text);
	if (!rc && text[0])
		rc = kl_attributes_set(&words, "type", text, &ask->fault);
	(void)kl_copy_text(f->region, sizeof f->region, words.region);
	(void)kl_copy_text(f->type, sizeof f->type, words.type);
	return rc;
}

/* Status and route, by the words that policies have. */
static int read_words(struct kl_ask *ask, struct kl_policy_filter *f)
{
	struct kl_policy words;
	char text[256];
	int rc = kl_ask_text(ask, "status", text, sizeof text);

	kl_policy_init(&words);
	if (!rc && text[0])
		rc = kl_policy_set(&words, "status", text, &ask->fault);
	if (!rc)
		rc = kl_ask_text(ask, "route", text, sizeof text);
	if (!rc && text[0])
		rc = kl_policy_set(&words, "routes", text, &ask->fault);
	if (!rc && words.routes & (words.routes - 1))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "one route at a time");
	(void)kl_copy_text(f->status, sizeof f->status, words.status);
	f->routes = words.routes;
	return rc;
}

int kl_policy_filter_read(
	struct kl_node *node, struct kl_ask *ask, struct kl_policy_filter *ret_filter)
{
	struct kl_policy_filter f = {.self = node->network->own.author};
	int rc = read_attributes(ask, &f);

	if (!rc)
		rc = read_words(ask, &f);
	if (!rc && kl_get_bool_or(&ask->args, "like_me", false, &f.like_me))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "like_me is yes or no");
	if (!rc && f.like_me)
		rc = kl_nearest_members(
			node, KL_POLICY_LIKE_ME, f.nearest, &f.n_nearest, &ask->fault);
	if (!rc)
		*ret_filter = f;
	return rc;
}

static bool is_near(const struct kl_policy_filter *f, const struct kl_id *member)
{
	if (kl_id_equal(&f->self, member))
		return true;
	for (size_t i = 0; i < f->n_nearest; i++)
		if (kl_id_equal(&f->nearest[i].id, member))
			return true;
	return false;
}

bool kl_policy_filter_takes(const struct kl_policy_filter *filter,
	const struct kl_roster_member *member, const struct kl_policy *policy)
{
	const struct kl_policy_filter *f = filter;

	if (member->state != KL_MEMBER_ACTIVE)
		return false;
	if (f->region[0] && strcmp(f->region, member->attributes.region) != 0)
		return false;
	if (f->type[0] && strcmp(f->type, member->attributes.type) != 0)
		return false;
	if (f->status[0] && (!policy || strcmp(f->status, policy->status) != 0))
		return false;
	if (f->routes && (!policy || !(policy->routes & f->routes)))
		return false;
	return !f->like_me || is_near(f, &member->identity);
}

static const char *route_of(uint32_t bit)
{
	for (size_t i = 0; kl_routes[i].slug; i++)
		if (bit == 1u << i)
			return kl_routes[i].slug;
	return NULL;
}

void kl_put_policy_filter(struct kl_writer *w, const struct kl_policy_filter *filter)
{
	kl_put_map(w, "filters", 5);
	kl_put_said(w, "region", filter->region);
	kl_put_said(w, "type", filter->type);
	kl_put_said(w, "status", filter->status);
	kl_put_text(w, "route", route_of(filter->routes));
	kl_put_bool(w, "like_me", filter->like_me);
}

static bool has_policy(const struct kl_network *network, const struct kl_roster_member *member)
{
	return kl_policy_in_force(&network->policies, &member->identity) != NULL;
}

int kl_find_policy_member(const struct kl_node *node, const char *text,
	const struct kl_roster_member **ret_member, struct kl_fault *fault)
{
	return kl_find_member_who(node, text, has_policy, ret_member, fault);
}
