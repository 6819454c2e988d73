/* policy landscape: the councils of the network by class, beside what SE:UK found in England. */
#include "core/commissioning.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/own_policy.h"
#include "daemon/policy_answer.h"
#include "daemon/policy_filter.h"

#include <stdlib.h>
#include <string.h>

/* Ours: below that many classified councils no shares are given, as one council would move them by more
 * than five points. */
enum { SHARES_FROM = 20, STATUSES = 3, BANDS = 5, ROUTES_MAX = 32 };

/* Weights as they are put together, in tenths of a per cent: the edges of policy.h, then tens (ours). */
static const struct {
	int64_t below;
	const char *name;
} bands[BANDS] = {
	{51, "5% and less"},
	{100, "more than 5%, below 10%"},
	{200, "10% up to 20%"},
	{300, "20% up to 30%"},
	{INT64_MAX, "30% and more"},
};

struct landscape {
	size_t councils, none, others; /* others: community anchors that have a policy */
	size_t classes[KL_POLICY_CLASSES + 1], statuses[STATUSES], bands[BANDS], routes[ROUTES_MAX];
	int64_t *weights;
	size_t n_weights;
	size_t yes[KL_POLICY_FIELDS_MAX], no[KL_POLICY_FIELDS_MAX]; /* of yes-or-no fields */
	const struct kl_policy *own; /* this member's, if it is among them */
	enum kl_policy_class own_class;
	char own_why[KL_POLICY_WHY_MAX];
};

/* ---- counting ------------------------------------------------------------------------------ */

static size_t band_of(int64_t weight)
{
	size_t i = 0;

	while (weight >= bands[i].below)
		i++;
	return i;
}

static uint8_t said(const struct kl_policy *policy, size_t field)
{
	const struct kl_form_field *f = &kl_policy_form.fields[field];

	return f->sort == KL_FORM_YESNO ? *((const uint8_t *)policy + f->offset) : KL_UNSAID;
}

static void count_policy(struct landscape *l, const struct kl_policy *policy)
{
	size_t status;

	if (!kl_slug_place(kl_policy_statuses, kl_bytes_str(policy->status), &status))
		l->statuses[status]++;
	for (size_t i = 0; kl_routes[i].slug; i++)
		l->routes[i] += policy->routes >> i & 1;
	for (size_t i = 0; i < kl_policy_form.n; i++) {
		l->yes[i] += said(policy, i) == KL_YES;
		l->no[i] += said(policy, i) == KL_NO;
	}
	if (!policy->weight_percent.known)
		return;
	l->weights[l->n_weights++] = policy->weight_percent.value;
	l->bands[band_of(policy->weight_percent.value)]++;
}

static void count_member(struct landscape *l, const struct kl_network *network,
	const struct kl_roster_member *member, const struct kl_policy *policy)
{
	char why[KL_POLICY_WHY_MAX];
	enum kl_policy_class class;

	if (member->attributes.kind != KL_MEMBER_COUNCIL) {
		l->others += policy != NULL;
		return;
	}
	l->councils++;
	if (!policy) {
		l->none++;
		return;
	}
	class = kl_policy_classify(policy, member->attributes.kind, why);
	l->classes[class]++;
	count_policy(l, policy);
	if (!kl_id_equal(&member->identity, &network->own.author))
		return;
	l->own = policy;
	l->own_class = class;
	(void)kl_copy_text(l->own_why, sizeof l->own_why, why);
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int count(struct landscape *l, const struct kl_network *network,
	const struct kl_policy_filter *filter)
{
	const struct kl_roster *roster = &network->roster;

	l->weights = calloc(roster->n_members + 1, sizeof *l->weights);
	if (!l->weights)
		return KL_E_NOMEM;
	for (size_t i = 0; i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];
		const struct kl_policy *policy =
			kl_policy_in_force(&network->policies, &m->identity);

		if (kl_policy_filter_takes(filter, m, policy))
			count_member(l, network, m, policy);
	}
	qsort(l->weights, l->n_weights, sizeof *l->weights, by_size);
	return KL_OK;
}

/* ---- the answer ---------------------------------------------------------------------------- */

static size_t classified(const struct landscape *l)
{
	size_t n = 0;

	for (int c = 0; c < KL_POLICY_CLASSES; c++)
		n += l->classes[c];
	return n;
}

static void put_classes(struct kl_writer *w, const struct landscape *l)
{
	size_t n = classified(l);

	kl_put_array(w, "classes", KL_POLICY_CLASSES);
	for (int c = 0; c < KL_POLICY_CLASSES; c++) {
		enum kl_policy_class class = (enum kl_policy_class)c;

		kl_write_map(w, 5);
		kl_put_text(w, "class", kl_policy_class_name(class));
		kl_put_uint(w, "n", l->classes[c]);
		if (n < SHARES_FROM)
			kl_put_nil(w, "share");
		else
			kl_put_double(w, "share", (double)l->classes[c] / (double)n);
		kl_put_double(w, "published_share", kl_policy_class_percent(class) / 100.0);
		kl_put_bool(w, "own", l->own && l->own_class == class);
	}
}

static void put_statuses(struct kl_writer *w, const struct landscape *l)
{
	kl_put_array(w, "statuses", STATUSES);
	for (size_t i = 0; i < STATUSES; i++) {
		kl_write_map(w, 3);
		kl_put_text(w, "status", kl_policy_statuses[i].slug);
		kl_put_text(w, "name", kl_policy_statuses[i].name);
		kl_put_uint(w, "n", l->statuses[i]);
	}
}

static void put_weight(struct kl_writer *w, const char *key, const struct landscape *l, size_t i)
{
	kl_put_double(w, key, (double)l->weights[i] / 10);
}

static void put_weights(struct kl_writer *w, const struct landscape *l)
{
	bool own = l->own && l->own->weight_percent.known;
	size_t n = l->n_weights;
	int64_t middle = n ? l->weights[(n - 1) / 2] + l->weights[n / 2] : 0; /* twice, in tenths */

	kl_put_map(w, "weights", 5);
	kl_put_uint(w, "n", n);
	if (n) {
		put_weight(w, "lowest", l, 0);
		kl_put_double(w, "median", (double)middle / 20);
		put_weight(w, "highest", l, n - 1);
	} else {
		kl_put_nil(w, "lowest");
		kl_put_nil(w, "median");
		kl_put_nil(w, "highest");
	}
	kl_put_array(w, "bands", BANDS);
	for (size_t i = 0; i < BANDS; i++) {
		kl_write_map(w, 3);
		kl_put_text(w, "band", bands[i].name);
		kl_put_uint(w, "n", l->bands[i]);
		kl_put_bool(w, "own", own && band_of(l->own->weight_percent.value) == i);
	}
}

static void put_routes(struct kl_writer *w, const struct landscape *l)
{
	size_t n = kl_slug_count(kl_routes);

	kl_put_array(w, "routes", n);
	for (size_t i = 0; i < n; i++) {
		kl_write_map(w, 4);
		kl_put_text(w, "route", kl_routes[i].slug);
		kl_put_text(w, "name", kl_routes[i].name);
		kl_put_uint(w, "n", l->routes[i]);
		kl_put_bool(w, "own", l->own && l->own->routes >> i & 1);
	}
}

/* What is answered with yes or no. */
static void put_answers(struct kl_writer *w, const struct landscape *l)
{
	size_t n = 0;

	for (size_t i = 0; i < kl_policy_form.n; i++)
		n += kl_policy_form.fields[i].sort == KL_FORM_YESNO;
	kl_put_array(w, "answers", n);
	for (size_t i = 0; i < kl_policy_form.n; i++) {
		if (kl_policy_form.fields[i].sort != KL_FORM_YESNO)
			continue;
		kl_write_map(w, 5);
		kl_put_text(w, "field", kl_policy_form.fields[i].name);
		kl_put_text(w, "label", kl_policy_form.fields[i].label);
		kl_put_uint(w, "yes", l->yes[i]);
		kl_put_uint(w, "no", l->no[i]);
		kl_write_text(w, "own");
		if (l->own && said(l->own, i))
			kl_write_bool(w, said(l->own, i) == KL_YES);
		else
			kl_write_nil(w);
	}
}

static void put_own(struct kl_writer *w, const struct landscape *l)
{
	if (!l->own) {
		kl_put_nil(w, "own");
		return;
	}
	kl_put_map(w, "own", 3);
	kl_put_text(w, "class", kl_policy_class_name(l->own_class));
	kl_put_text(w, "why", l->own_why);
	if (l->own->weight_percent.known)
		kl_put_double(w, "weight_percent", (double)l->own->weight_percent.value / 10);
	else
		kl_put_nil(w, "weight_percent");
}

static void put_landscape(
	struct kl_writer *w, const struct landscape *l, const struct kl_policy_filter *filter)
{
	kl_write_map(w, 13);
	kl_put_policy_filter(w, filter);
	kl_put_uint(w, "councils", l->councils);
	kl_put_uint(w, "none", l->none);
	kl_put_uint(w, "classified", classified(l));
	kl_put_uint(w, "unclassified", l->classes[KL_POLICY_UNCLASSIFIED]);
	kl_put_uint(w, "others", l->others);
	kl_put_text(w, "source", kl_policy_class_source);
	put_classes(w, l);
	put_statuses(w, l);
	put_weights(w, l);
	put_routes(w, l);
	put_answers(w, l);
	put_own(w, l);
}

int kl_cmd_policy_landscape(void *data, struct kl_ask *ask)
{
	struct landscape l = {.weights = NULL};
	struct kl_policy_filter filter;
	struct kl_network *network;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc)
		rc = kl_policy_filter_read(data, ask, &filter);
	if (!rc)
		rc = count(&l, network, &filter);
	if (!rc && !l.councils && !l.others)
		rc = kl_fault(&ask->fault, KL_E_NOT_FOUND,
			"there is no council of that description in the network");
	if (!rc)
		put_landscape(&ask->out, &l, &filter);
	free(l.weights);
	return rc ? rc : kl_ask_answer(ask);
}
