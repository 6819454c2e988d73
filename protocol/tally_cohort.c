/* Who stands in a cohort, and which cohorts a call asks for when nobody says. */
#include "core/audit.h"
#include "protocol/tally_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- the usual cohorts ---------------------------------------------------------------------- */

/* What a member stands for in a kind of cohort; "" for nothing. */
static const char *value_of(
	enum kl_cohort_kind kind, const struct kl_tally_member *member, char number[8])
{
	switch (kind) {
	case KL_COHORT_TYPE:
		return member->council ? member->type : "";
	case KL_COHORT_REGION:
		return member->region;
	case KL_COHORT_DEPRIVATION:
		snprintf(number, 8, "%u", member->deprivation);
		return member->deprivation ? number : "";
	case KL_COHORT_RURAL:
		return member->rural;
	case KL_COHORT_INCOME:
		return member->council ? "" : member->income;
	default:
		return "";
	}
}

struct sized {
	struct kl_cohort cohort;
	size_t support;
};

static int largest_first(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	if (x->support != y->support)
		return x->support > y->support ? -1 : 1;
	return strcmp(x->cohort.value, y->cohort.value);
}

struct search {
	const struct kl_tally_roster *roster;
	struct kl_population population;
	struct sized *found; /* of one kind; room for each member */
	size_t count;
};

static void add_value(struct search *search, enum kl_cohort_kind kind, const char *value)
{
	struct sized *sized = &search->found[search->count];
	char text[KL_COHORT_TEXT_MAX];
	struct kl_cohort same;
	struct kl_set set;

	*sized = (struct sized){.cohort = {.kind = kind}};
	/* Whatever could not be told from another one, or be read back, is no cohort. */
	if (!*value || !kl_copy_text(sized->cohort.value, sizeof(sized->cohort.value), value) ||
		kl_cohort_parse(kl_bytes_str(kl_cohort_format(&sized->cohort, text)), &same))
		return;
	for (size_t i = 0; i < search->count; i++)
		if (kl_cohort_equal(&search->found[i].cohort, &sized->cohort))
			return;
	kl_cohort_members(search->roster, &sized->cohort, NULL, &set);
	sized->support = kl_audit_support(&search->population, &set);
	search->count++;
}

static void find_kind(struct search *search, enum kl_cohort_kind kind)
{
	search->count = 0;
	for (unsigned i = 0; i < search->roster->count; i++) {
		char number[8];

		add_value(search, kind, value_of(kind, &search->roster->members[i], number));
	}
	qsort(search->found, search->count, sizeof(*search->found), largest_first);
}

static int find_usual(struct search *search, size_t least,
	struct kl_cohort ret_cohorts[KL_COHORTS_MAX], uint8_t *ret_count)
{
	unsigned count = 0;

	for (int kind = KL_COHORT_EVERYBODY; kind <= KL_COHORT_ANCHORS; kind++)
		ret_cohorts[count++] = (struct kl_cohort){.kind = (enum kl_cohort_kind)kind};
	for (int kind = KL_COHORT_TYPE; kind <= KL_COHORT_INCOME; kind++) {
		find_kind(search, (enum kl_cohort_kind)kind);
		for (size_t i = 0; i < search->count && count < KL_COHORTS_MAX; i++)
			if (search->found[i].support >= least)
				ret_cohorts[count++] = search->found[i].cohort;
	}
	*ret_count = (uint8_t)count;
	return KL_OK;
}

int kl_cohorts_usual(const struct kl_tally_roster *roster, uint16_t minimum,
	struct kl_cohort ret_cohorts[KL_COHORTS_MAX], uint8_t *ret_count)
{
	uint16_t *controls = calloc(KL_SET_MEMBERS_MAX, sizeof(*controls));
	struct search search = {.roster = roster, .population = {controls, roster->count}};
	int rc = KL_E_NOMEM;

	search.found = calloc(roster->count + 1U, sizeof(*search.found));
	if (controls && search.found) {
		kl_tally_controls(roster, controls);
		rc = find_usual(
			&search, kl_audit_floor(minimum, KL_LEVEL_COARSE), ret_cohorts, ret_count);
	}
	free(controls);
	free(search.found);
	return rc;
}
