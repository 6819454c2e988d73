/* The frozen roster of a tally, and who stands in a cohort. */
#include "protocol/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kl_tally_roster_deinit(struct kl_tally_roster *roster)
{
	if (!roster)
		return;
	free(roster->members);
	roster->members = NULL;
	roster->count = 0;
}

int kl_tally_roster_find(const struct kl_tally_roster *roster, const struct kl_id *member)
{
	int low = 0, high = roster->count - 1;

	while (low <= high) {
		int middle = (low + high) / 2;
		int order = kl_id_compare(member, &roster->members[middle].id);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}

bool kl_cohort_has(const struct kl_cohort *cohort, const struct kl_tally_member *member)
{
	char quintile[8];

	switch (cohort->kind) {
	case KL_COHORT_EVERYBODY:
		return true;
	case KL_COHORT_COUNCILS:
		return member->council;
	case KL_COHORT_ANCHORS:
		return !member->council;
	case KL_COHORT_TYPE:
		return strcmp(member->type, cohort->value) == 0;
	case KL_COHORT_REGION:
		return strcmp(member->region, cohort->value) == 0;
	case KL_COHORT_DEPRIVATION:
		snprintf(quintile, sizeof(quintile), "%u", member->deprivation);
		return member->deprivation != 0 && strcmp(quintile, cohort->value) == 0;
	case KL_COHORT_RURAL:
		return strcmp(member->rural, cohort->value) == 0;
	case KL_COHORT_INCOME:
		return strcmp(member->income, cohort->value) == 0;
	}
	return false;
}

void kl_cohort_members(const struct kl_tally_roster *roster, const struct kl_cohort *cohort,
	const struct kl_set *from, struct kl_set *ret_set)
{
	struct kl_set set = {{0}};

	for (unsigned i = 0; i < roster->count; i++)
		if ((!from || kl_set_has(from, i)) && kl_cohort_has(cohort, &roster->members[i]))
			kl_set_add(&set, i);
	*ret_set = set;
}
