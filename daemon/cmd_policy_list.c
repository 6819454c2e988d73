/* policy list: which members have a policy, or use a route. */
#include "core/commissioning.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/find.h"
#include "daemon/policy_answer.h"
#include "daemon/policy_filter.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 300 }; /* in one answer */

struct row {
	const struct kl_roster_member *member;
	const struct kl_member_policy *said;
};

static int by_name(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->member->name, y->member->name);
}

/* Members whose policy is in force and that the filter takes, by name; to be freed. */
static int gather(const struct kl_network *network, const struct kl_policy_filter *filter,
	struct row **ret_rows, size_t *ret_n)
{
	const struct kl_roster *roster = &network->roster;
	struct row *rows = calloc(roster->n_members + 1, sizeof *rows);
	size_t n = 0;

	if (!rows)
		return KL_E_NOMEM;
	for (size_t i = 0; i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];
		const struct kl_member_policy *said =
			kl_policies_find(&network->policies, &m->identity);

		if (said && said->policy && kl_policy_filter_takes(filter, m, said->policy))
			rows[n++] = (struct row){m, said};
	}
	qsort(rows, n, sizeof *rows, by_name);
	*ret_rows = rows;
	*ret_n = n;
	return KL_OK;
}

static size_t field_number(const char *name)
{
	size_t i = 0;

	while (strcmp(kl_policy_form.fields[i].name, name) != 0)
		i++;
	return i;
}

static void put_value(struct kl_writer *w, const char *name, const struct kl_policy *policy)
{
	kl_write_text(w, name);
	kl_write_policy_value(w, field_number(name), policy);
}

static void put_row(struct kl_writer *w, const struct row *row)
{
	static const char *const fields[] = {
		"status", "applied", "weight_percent", "date", "routes"};
	const struct kl_policy *policy = row->said->policy;
	char why[KL_POLICY_WHY_MAX];

	kl_write_map(w, 10);
	kl_put_text(w, "member", row->member->name);
	kl_put_text(w, "kind", kl_member_kind_name(row->member->attributes.kind));
	kl_put_said(w, "type", row->member->attributes.type);
	kl_put_text(w, "class",
		kl_policy_class_name(
			kl_policy_classify(policy, row->member->attributes.kind, why)));
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		put_value(w, fields[i], policy);
	kl_put_day_of(w, "published", kl_policy_newest(row->said)->time_ms);
}

int kl_cmd_policy_list(void *data, struct kl_ask *ask)
{
	struct kl_network *network;
	struct kl_policy_filter filter;
	struct row *rows;
	size_t n, shown;
	int rc = kl_need_network(data, &network, &ask->fault);

	if (!rc)
		rc = kl_policy_filter_read(data, ask, &filter);
	if (!rc)
		rc = gather(network, &filter, &rows, &n);
	if (rc)
		return rc;
	shown = n < ROWS_MAX ? n : ROWS_MAX;
	kl_write_map(&ask->out, 4);
	kl_put_policy_filter(&ask->out, &filter);
	kl_put_uint(&ask->out, "count", n);
	kl_put_uint(&ask->out, "left_out", n - shown);
	kl_put_array(&ask->out, "policies", shown);
	for (size_t i = 0; i < shown; i++)
		put_row(&ask->out, &rows[i]);
	free(rows);
	return kl_ask_answer(ask);
}
