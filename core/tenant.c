#include "core/bytes.h"
#include "core/enabled.h"

#include <string.h>

static const char *const section_words[] = {"farming", "mining", "manufacturing", "energy",
	"water and waste", "construction", "trade", "transport", "accommodation and food",
	"information and communication", "finance", "real estate", "professional services",
	"administrative services", "public administration", "education", "health and care",
	"arts and recreation", "other services", "households as employers", "international bodies"};

const char *kl_section_name(char section)
{
	KL_ASSERT(section >= 'A' && section <= 'U');
	return section_words[section - 'A'];
}

bool kl_tenant_judge(struct kl_tenant *tenant, const struct kl_activity_word *words, size_t count)
{
	const struct kl_activity_word *word;

	if (tenant->section && tenant->use_class[0])
		return false;
	word = kl_activity_judge(words, count, tenant->activity);
	if (!word)
		return false;
	if (!tenant->section && word->section) {
		tenant->section = word->section;
		tenant->section_judged = true;
	}
	if (!tenant->use_class[0] && word->use_class[0]) {
		(void)kl_copy_text(tenant->use_class, sizeof tenant->use_class, word->use_class);
		tenant->use_class_judged = true;
	}
	return tenant->section_judged || tenant->use_class_judged;
}

static void take(bool told_has, int64_t told, bool *has, int64_t *value)
{
	if (!told_has)
		return;
	*has = true;
	*value = told;
}

/* A judgement rests on the activity: a new activity without one takes the old judgement away. */
static void merge_codes(struct kl_tenant *known, const struct kl_tenant *told)
{
	bool new_activity = told->activity[0] != '\0';

	if (told->section ? !told->section_judged || !known->section || known->section_judged
			  : new_activity && known->section_judged) {
		known->section = told->section;
		known->section_judged = told->section_judged;
	}
	if (told->use_class[0]
			? !told->use_class_judged || !known->use_class[0] || known->use_class_judged
			: new_activity && known->use_class_judged) {
		memcpy(known->use_class, told->use_class, sizeof known->use_class);
		known->use_class_judged = told->use_class_judged;
	}
}

void kl_tenant_merge(struct kl_tenant *known, const struct kl_tenant *told)
{
	merge_codes(known, told);
	if (told->activity[0])
		memcpy(known->activity, told->activity, sizeof known->activity);
	take(told->has_floor, told->floor, &known->has_floor, &known->floor);
	take(told->has_turnover, told->turnover, &known->has_turnover, &known->turnover);
	take(told->has_fte, told->fte, &known->has_fte, &known->fte);
	take(told->has_gva, told->gva, &known->has_gva, &known->gva);
	if (told->basis != KL_BASIS_UNKNOWN)
		known->basis = told->basis;
}
