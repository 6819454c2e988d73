/* The class of a policy: the rules stand in policy.h, each with its line. */
#include "core/policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char kl_policy_class_source[] =
	"SE:UK, Procuring for Good (2016), councils in England; as told by Locality (2017), Box 2";

static const struct {
	const char *name;
	unsigned percent;
} classes[] = {
	[KL_POLICY_EMBRACER] = {"embracer", 14},
	[KL_POLICY_ADOPTER] = {"adopter", 19},
	[KL_POLICY_COMPLIER] = {"complier", 45},
	[KL_POLICY_BYSTANDER] = {"bystander", 22},
	[KL_POLICY_UNCLASSIFIED] = {"unclassified", 0},
};

const char *kl_policy_class_name(enum kl_policy_class class)
{
	return class <= KL_POLICY_UNCLASSIFIED ? classes[class].name : "unclassified";
}

unsigned kl_policy_class_percent(enum kl_policy_class class)
{
	return class <= KL_POLICY_UNCLASSIFIED ? classes[class].percent : 0;
}

/* Edges of SE:UK's words, in tenths of a per cent (ours), and the threshold in pence. */
enum { MOST = 500, NOT_MANY = 250, SIGNIFICANT = 100, CONSERVATIVE = 50, THRESHOLD = 16417600 };

/* Bits of kl_policy_forms: policy, framework, charter, toolkit; and a mention in a strategy. */
enum { POLICY = 1, DOCUMENTS = POLICY | 2 | 4 | 16, MENTION = 8 };

struct judging {
	const struct kl_policy *p;
	char *why;
};

static enum kl_policy_class settled(struct judging *j, enum kl_policy_class class, const char *why)
{
	(void)kl_copy_text(j->why, KL_POLICY_WHY_MAX, why);
	return class;
}

static void add_reason(struct judging *j, const char *why)
{
	size_t len = strlen(j->why);

	(void)snprintf(j->why + len, KL_POLICY_WHY_MAX - len, "%s%s", len ? "; " : "", why);
}

/* One more thing that is missing or left open. */
static enum kl_policy_class open_question(struct judging *j, const char *why)
{
	add_reason(j, why);
	return KL_POLICY_UNCLASSIFIED;
}

static bool is(const char *word, const char *other)
{
	return !strcmp(word, other);
}

/* A class of those that apply it more widely: with the readings of ours that it hangs on. */
static enum kl_policy_class settled_more_widely(
	struct judging *j, enum kl_policy_class class, const char *why)
{
	(void)settled(j, class, why);
	if (is(j->p->applied, "above_figure"))
		add_reason(j,
			"a figure below £164,176, the services threshold when the classes were "
			"published, is taken for more widely than the law asks (ours)");
	if (!(j->p->forms & (POLICY | MENTION)))
		add_reason(j, "a framework, charter or toolkit is taken for a policy (ours)");
	return class;
}

/* ---- nothing in force ---------------------------------------------------------------------- */

static enum kl_policy_class without(struct judging *j)
{
	if (is(j->p->applied, "never"))
		return settled(j, KL_POLICY_BYSTANDER,
			"no policy or similar document, no mention in a strategy, and never "
			"applied");
	if (!j->p->applied[0])
		return open_question(j, "where it is applied is not said (applied)");
	return open_question(j,
		"it is applied without a policy or a mention in a strategy, which is in "
		"none of the published classes");
}

/* ---- as the law asks ----------------------------------------------------------------------- */

static enum kl_policy_class above_threshold(struct judging *j)
{
	const struct kl_optional_int *share = &j->p->tender_percent;

	if (!(j->p->forms & MENTION))
		return open_question(j,
			"a policy of its own that is applied only above the services "
			"threshold is in none of the published classes: compliers mention "
			"social value in their procurement strategy, adopters apply it more "
			"widely");
	if (!share->known)
		return open_question(
			j, "in what share of tenders it is applied is not said (tender_percent)");
	if (share->value > NOT_MANY)
		return open_question(j,
			"it is applied only above the services threshold, as compliers "
			"would, but to more tenders than \"not many, if any\" (ours: up to a "
			"quarter)");
	return settled(j, KL_POLICY_COMPLIER,
		"mentioned in a strategy, applied only above the services threshold, and not to "
		"many "
		"tenders (ours: up to a quarter)");
}

/* ---- more widely --------------------------------------------------------------------------- */

static enum kl_policy_class scored_highly(struct judging *j)
{
	const struct kl_optional_int *share = &j->p->tender_percent;

	if (!share->known)
		return open_question(
			j, "in what share of tenders it is applied is not said (tender_percent)");
	if (share->value <= MOST)
		return open_question(j,
			"its weight is that of embracers, but it is not applied to most "
			"tenders (ours: more than half)");
	return settled_more_widely(j, KL_POLICY_EMBRACER,
		"applied more widely than the law asks, to most tenders (ours: more than half), "
		"with a "
		"significant weight (ours: 10% and more)");
}

static enum kl_policy_class more_widely(struct judging *j)
{
	const struct kl_optional_int *weight = &j->p->weight_percent;

	if (!weight->known) {
		open_question(j, "its weight in scoring is not said (weight_percent), which tells "
				 "embracers from adopters");
		return j->p->tender_percent.known ? KL_POLICY_UNCLASSIFIED : scored_highly(j);
	}
	if (weight->value <= CONSERVATIVE)
		return settled_more_widely(j, KL_POLICY_ADOPTER,
			"in force and applied more widely than the law asks, but scored "
			"conservatively "
			"(typically 5%; ours: 5% and less)");
	if (weight->value < SIGNIFICANT)
		return open_question(j,
			"its weight lies between the 5% that is typical of adopters and a "
			"significant one (ours: from 10%): the published classes draw no "
			"line there");
	return scored_highly(j);
}

/* A figure of the council's own may also lie where the threshold was. */
static enum kl_policy_class above_figure(struct judging *j)
{
	const struct kl_optional_int *figure = &j->p->applied_pence;

	if (!figure->known)
		return open_question(
			j, "above which figure it is applied is not said (applied_above)");
	if (figure->value >= THRESHOLD)
		return open_question(j,
			"its figure is not below £164,176, the services threshold when the "
			"classes were published: whether that is wider than the law asks is "
			"open");
	return more_widely(j);
}

static enum kl_policy_class in_force(struct judging *j)
{
	if (!(j->p->forms & (DOCUMENTS | MENTION)))
		open_question(
			j, "whether it is a policy or a mention in a strategy is not said (forms)");
	if (!j->p->applied[0])
		open_question(j, "where it is applied is not said (applied)");
	if (j->why[0])
		return KL_POLICY_UNCLASSIFIED;
	if (is(j->p->applied, "never"))
		return open_question(j,
			"it is in force and never applied: bystanders have nothing in "
			"force, and compliers would apply it above the services threshold");
	if (is(j->p->applied, "threshold"))
		return above_threshold(j);
	return is(j->p->applied, "all") ? more_widely(j) : above_figure(j);
}

/* Fields that decide, and that say something for which there is no word here. */
static bool in_newer_words(struct judging *j)
{
	static const size_t deciding[] = {0, 1, 6};
	char why[128];

	for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++) {
		if (!(j->p->unknown >> deciding[i] & 1))
			continue;
		(void)snprintf(why, sizeof why,
			"%s is said in words of a newer version of keeplocal than this one",
			kl_policy_form.fields[deciding[i]].name);
		add_reason(j, why);
	}
	return j->why[0];
}

enum kl_policy_class kl_policy_classify(
	const struct kl_policy *policy, enum kl_member_kind kind, char ret_why[KL_POLICY_WHY_MAX])
{
	struct judging j = {policy, ret_why};

	ret_why[0] = '\0';
	if (kind != KL_MEMBER_COUNCIL)
		return open_question(&j, "the published classes are of councils");
	if (in_newer_words(&j))
		return KL_POLICY_UNCLASSIFIED;
	if (!policy->status[0])
		return open_question(&j, "whether there is a policy is not said (status)");
	if (is(policy->status, "none"))
		return without(&j);
	if (is(policy->status, "in_development"))
		return open_question(&j,
			"it is in development: the published classes are of what is in "
			"force, and whether a strategy mentions social value meanwhile is "
			"not said");
	return in_force(&j);
}
