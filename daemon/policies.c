#include "daemon/policies.h"
#include "protocol/payload_definition.h"

#include <stdlib.h>
#include <string.h>

/* ---- the table ----------------------------------------------------------------------------- */

static size_t place_of(const struct kl_policies *p, const struct kl_id *id)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kl_id_compare(&p->items[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct kl_member_policy *find(const struct kl_policies *p, const struct kl_id *id)
{
	size_t i = place_of(p, id);

	return i < p->n && kl_id_equal(&p->items[i]->id, id) ? p->items[i] : NULL;
}

const struct kl_member_policy *kl_policies_find(
	const struct kl_policies *policies, const struct kl_id *member)
{
	return find(policies, member);
}

const struct kl_policy *kl_policy_in_force(
	const struct kl_policies *policies, const struct kl_id *member)
{
	const struct kl_member_policy *m = find(policies, member);

	return m ? m->policy : NULL;
}

const struct kl_policy_version *kl_policy_newest(const struct kl_member_policy *member)
{
	return &member->versions[member->n - 1];
}

static struct kl_member_policy *obtain(struct kl_policies *p, const struct kl_id *id)
{
	struct kl_member_policy *member = find(p, id);
	size_t i = place_of(p, id);

	if (member)
		return member;
	if (p->n == p->capacity) {
		size_t capacity = p->capacity ? 2 * p->capacity : 32;
		struct kl_member_policy **items =
			realloc(p->items, capacity * sizeof(struct kl_member_policy *));

		if (!items)
			return NULL;
		p->items = items;
		p->capacity = capacity;
	}
	member = calloc(1, sizeof *member);
	if (!member)
		return NULL;
	member->id = *id;
	memmove(&p->items[i + 1], &p->items[i], (p->n - i) * sizeof(struct kl_member_policy *));
	p->items[i] = member;
	p->n++;
	return member;
}

/* ---- what is said -------------------------------------------------------------------------- */

static void forget(struct kl_member_policy *member)
{
	kl_policy_deinit(member->policy);
	free(member->policy);
	member->policy = NULL;
}

/* Records may come a second time. */
static bool is_later(const struct kl_member_policy *member, const struct kl_record *record)
{
	const struct kl_policy_version *newest = member->n ? kl_policy_newest(member) : NULL;

	if (!newest)
		return true;
	return record->h.epoch != newest->epoch ? record->h.epoch > newest->epoch
						: record->h.seq > newest->seq;
}

/* Room for one more version: the oldest makes it when there are too many. */
static bool make_room(struct kl_member_policy *member)
{
	size_t capacity = member->capacity ? 2 * member->capacity : 2;
	struct kl_policy_version *more;

	if (member->n == KL_POLICY_VERSIONS_MAX) {
		memmove(&member->versions[0], &member->versions[1],
			(KL_POLICY_VERSIONS_MAX - 1) * sizeof *member->versions);
		member->n--;
	}
	if (member->n < member->capacity)
		return true;
	more = realloc(member->versions, capacity * sizeof *more);
	if (!more)
		return false;
	member->versions = more;
	member->capacity = capacity;
	return true;
}

/* There is room. */
static void add_version(struct kl_member_policy *member, const struct kl_record *record)
{
	member->total++;
	member->versions[member->n++] = (struct kl_policy_version){
		record->id, record->h.seq, record->h.epoch, record->h.time_ms, record->erased};
}

/* Takes the policy over. */
static int put_in_force(struct kl_member_policy *member, struct kl_policy *policy)
{
	struct kl_policy *copy = malloc(sizeof *copy);

	if (!copy)
		return KL_E_NOMEM;
	*copy = *policy;
	forget(member);
	member->policy = copy;
	member->told |= policy->weight_percent.known;
	return KL_OK;
}

/* Of what is gone, or cannot be read here, nobody can say that it named no weight. */
static int take_unreadable(struct kl_member_policy *member, const struct kl_record *record)
{
	member->told = true;
	if (!record->erased)
		return KL_OK;
	if (!make_room(member))
		return KL_E_NOMEM;
	forget(member);
	add_version(member, record);
	return KL_OK;
}

static int take_policy(struct kl_policies *policies, const struct kl_record *record)
{
	struct kl_member_policy *member = obtain(policies, &record->h.author);
	struct kl_policy policy;
	int rc;

	if (!member)
		return KL_E_NOMEM;
	if (!is_later(member, record))
		return KL_OK;
	rc = record->erased ? KL_E_NOT_FOUND
			    : kl_payload_policy_read(record->payload, &policy, NULL);
	if (rc)
		return rc == KL_E_NOMEM ? rc : take_unreadable(member, record);
	rc = make_room(member) ? put_in_force(member, &policy) : KL_E_NOMEM;
	if (rc)
		kl_policy_deinit(&policy);
	else
		add_version(member, record);
	return rc;
}

static struct kl_policy_version *version_of(
	struct kl_member_policy *member, const struct kl_id *record)
{
	for (size_t i = 0; i < member->n; i++)
		if (kl_id_equal(&member->versions[i].record, record))
			return &member->versions[i];
	return NULL;
}

static void take_withdrawal(struct kl_policies *policies, const struct kl_record *record)
{
	struct kl_member_policy *member = find(policies, &record->h.author);
	struct kl_policy_version *version;
	struct kl_id which;

	if (!member || kl_payload_taken_back_read(record->payload, &which, NULL))
		return;
	version = version_of(member, &which);
	if (!version)
		return;
	version->withdrawn = true;
	if (version == &member->versions[member->n - 1])
		forget(member);
}

int kl_policies_take(struct kl_policies *policies, const struct kl_record *record)
{
	if (record->h.kind == KL_KIND_POLICY)
		return take_policy(policies, record);
	if (record->h.kind == KL_KIND_WITHDRAW && !record->erased)
		take_withdrawal(policies, record);
	return KL_OK;
}

void kl_policies_deinit(struct kl_policies *policies)
{
	for (size_t i = 0; i < policies->n; i++) {
		forget(policies->items[i]);
		free(policies->items[i]->versions);
		free(policies->items[i]);
	}
	free(policies->items);
	*policies = (struct kl_policies){0};
}
