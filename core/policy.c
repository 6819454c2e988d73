#include "core/policy.h"
#include "core/commissioning.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- words --------------------------------------------------------------------------------- */

const struct kl_slug kl_policy_statuses[] = {
	{"none", "none"},
	{"in_development", "in development"},
	{"adopted", "adopted"},
	{NULL, NULL},
};

const struct kl_slug kl_policy_forms[] = {
	{"policy", "policy"},
	{"framework", "framework"},
	{"charter", "charter"},
	{"strategy_mention", "mention in a strategy"},
	{"toolkit", "toolkit"},
	{"steering_group", "steering group"},
	{"lead_officer", "lead officer"},
	{"champion", "champion"},
	{NULL, NULL},
};

const struct kl_slug kl_policy_scopes[] = {
	{"all", "all spend"},
	{"above_figure", "above a figure of our own"},
	{"threshold", "only above the services threshold of the time"},
	{"never", "never"},
	{NULL, NULL},
};

const struct kl_slug kl_policy_specifiers[] = {
	{"council", "the council specifies what it expects"},
	{"provider", "providers say what they offer"},
	{"both", "both"},
	{NULL, NULL},
};

const struct kl_slug kl_policy_yardsticks[] = {
	{"own", "measures of our own"},
	{"toms", "National TOMs"},
	{"framework", "the economic resilience framework"},
	{NULL, NULL},
};

const struct kl_slug kl_policy_questions[] = {
	{"how_much", "how much was done"},
	{"how_well", "how well it was done"},
	{"better_off", "whether anyone is better off"},
	{NULL, NULL},
};

/* ---- fields -------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct kl_policy, member)

/* The numbers of fields that need more than their form. */
enum { TENDERS = 8, WEIGHT = 9 };

static const struct kl_form_field fields[] = {
	{"status", "Status", KL_FORM_SLUG, AT(status), KL_SLUG_MAX, kl_policy_statuses, 0, 0},
	{"forms", "Form", KL_FORM_SET, AT(forms), 0, kl_policy_forms, 0, 0},
	{"title", "Title", KL_FORM_TEXT, AT(title), KL_PROFILE_TEXT_MAX, NULL, 0, 0},
	{"web", "Web address", KL_FORM_WEB, AT(web), KL_WEB_MAX, NULL, 0, 0},
	{"date", "Date", KL_FORM_DATE, AT(date), KL_DATE_MAX, NULL, 0, 0},
	{"summary", "In a few words", KL_FORM_PROSE, AT(summary), KL_POLICY_SUMMARY_MAX, NULL, 0,
		0},
	{"applied", "Applied to", KL_FORM_SLUG, AT(applied), KL_SLUG_MAX, kl_policy_scopes, 0, 0},
	{"applied_above", "Applied above", KL_FORM_MONEY, AT(applied_pence), 0, NULL, 0,
		INT64_C(100000000000)},
	[TENDERS] = {"tender_percent", "Share of tenders", KL_FORM_TENTHS, AT(tender_percent), 0,
		NULL, 0, 1000},
	[WEIGHT] = {"weight_percent", "Weight in scoring", KL_FORM_TENTHS, AT(weight_percent), 0,
		NULL, 0, 1000},
	{"outputs", "Outputs specified by", KL_FORM_SLUG, AT(outputs), KL_SLUG_MAX,
		kl_policy_specifiers, 0, 0},
	{"in_design", "Considered in design", KL_FORM_YESNO, AT(in_design), 0, NULL, 0, 0},
	{"in_specification", "Considered in specification", KL_FORM_YESNO, AT(in_specification), 0,
		NULL, 0, 0},
	{"in_monitoring", "Considered in monitoring", KL_FORM_YESNO, AT(in_monitoring), 0, NULL, 0,
		0},
	{"measured", "Measured by", KL_FORM_SET, AT(measured), 0, kl_policy_yardsticks, 0, 0},
	{"asks", "Asks", KL_FORM_SET, AT(asks), 0, kl_policy_questions, 0, 0},
	{"reported", "Reported in public", KL_FORM_YESNO, AT(reported), 0, NULL, 0, 0},
	{"corporate", "Linked to corporate priorities", KL_FORM_YESNO, AT(corporate), 0, NULL, 0,
		0},
	{"co_produced", "Co-produced", KL_FORM_YESNO, AT(co_produced), 0, NULL, 0, 0},
	{"small_providers", "Targets small and community providers", KL_FORM_YESNO,
		AT(small_providers), 0, NULL, 0, 0},
	{"measures", "Measures adopted", KL_FORM_LIST, AT(measures), 0, NULL, 0, 0},
	{"pathway", "Pathway", KL_FORM_SLUG, AT(pathway), KL_SLUG_MAX, kl_pathways, 0, 0},
	{"routes", "Routes used", KL_FORM_SET, AT(routes), 0, kl_routes, 0, 0},
};

enum { FIELDS = sizeof fields / sizeof *fields };

_Static_assert((int)FIELDS <= (int)KL_POLICY_FIELDS_MAX, "a bit for each");

const struct kl_form_table kl_policy_form = {fields, FIELDS};

static const char *const notes[FIELDS] = {
	"Whether there is a policy: none, in development or adopted. A mention in a strategy is "
	"adopted, too: say so under forms.",
	"What there is (or is being made), apart by ';': policy, framework, charter, strategy "
	"mention, "
	"toolkit, steering group, lead officer, champion.",
	"What it is called.",
	"Where it can be read: an address that begins with https://",
	"When it was adopted or last changed, such as 31/03/2026. Its weight in scoring is taken "
	"to hold "
	"from that year on.",
	"What it says, in a few sentences of your own; and where that is from, if it is not yours "
	"to say.",
	"To which contracts: all, above figure (your own, next row), threshold (only above the "
	"services "
	"threshold of the time, as the law asks) or never.",
	"Pounds, where it is applied above a figure of your own: 100,000.",
	"Per cent of all tenders in which it is applied: 60. A whole number, or one decimal.",
	"Per cent of the score of a tender that it counts for: 20. Public by name once you publish "
	"it.",
	"Who says what is to be done: council (it specifies), provider (they offer) or both.",
	"yes or no: considered when a service is designed.",
	"yes or no: considered when a contract is specified.",
	"yes or no: considered when a contract is monitored.",
	"What it is measured by, apart by ';': own (measures of your own), TOMs (National TOMs), "
	"framework (the economic resilience framework).",
	"What is asked of providers, apart by ';': how much, how well, better off (is anyone "
	"better off).",
	"yes or no: what came of it is reported in public.",
	"yes or no: linked to the council's corporate priorities.",
	"yes or no: written together with the voluntary sector and businesses.",
	"yes or no: aims at small and community providers.",
	"The measures that were adopted, apart by ';', in your own words.",
	"How firmly it is asked for: core requirement, contract condition or voluntary (agreed "
	"after the "
	"award).",
	"Ways of buying and working together that you use, apart by ';': innovation partnership, "
	"reserved "
	"contract, light touch, single tender, alliance, grant, asset transfer, crowdfunding, "
	"micro-commissioning, pooled budget, consortium, locality commissioning.",
};

const char *kl_policy_note(size_t field)
{
	return field < FIELDS ? notes[field] : "";
}

/* ---- life ---------------------------------------------------------------------------------- */

void kl_policy_init(struct kl_policy *policy)
{
	memset(policy, 0, sizeof *policy);
}

void kl_policy_deinit(struct kl_policy *policy)
{
	if (policy)
		kl_form_clear_list(&policy->measures);
}

int kl_policy_copy(const struct kl_policy *policy, struct kl_policy *ret_policy)
{
	struct kl_policy copy = *policy;
	int rc = kl_form_copy_list(&policy->measures, &copy.measures);

	if (!rc)
		*ret_policy = copy;
	return rc;
}

/* ---- setting ------------------------------------------------------------------------------- */

/* "20%", "0.2%", "20 per cent": *ret_signed tells that it says so itself. */
static void strip_percent(const char *value, char out[KL_SLUG_MAX], bool *ret_signed)
{
	size_t len = strcspn(value, "%");

	*ret_signed = value[len] == '%' && !value[len + 1];
	if (!*ret_signed || len >= KL_SLUG_MAX)
		len = strlen(value) < KL_SLUG_MAX ? strlen(value) : KL_SLUG_MAX - 1;
	while (len && value[len - 1] == ' ')
		len--;
	memcpy(out, value, len);
	out[len] = '\0';
}

static int set_percent(
	struct kl_policy *policy, size_t index, const char *value, struct kl_fault *fault)
{
	const struct kl_form_field *field = &fields[index];
	struct kl_optional_int *at =
		index == TENDERS ? &policy->tender_percent : &policy->weight_percent;
	struct kl_optional_int before = *at;
	char text[KL_SLUG_MAX];
	bool is_signed;
	int rc;

	strip_percent(value, text, &is_signed);
	rc = kl_form_set(field, policy, text, fault);
	if (rc || is_signed || !at->known || !at->value || at->value >= 10)
		return rc;
	*at = before;
	kl_fault(fault, KL_E_INVALID, "%s: %s may be a share or per cent", field->name, text);
	(void)kl_fault_hint(fault, "write it with its sign: a fifth is 20%%");
	return KL_E_INVALID;
}

static const char *spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0 ? fields[index].name : which == 1 ? fields[index].label : NULL;
}

int kl_policy_field(const char *name, size_t *ret_field, struct kl_fault *fault)
{
	static const struct kl_words names = {FIELDS, spelling, NULL};

	return kl_form_find(&names, name, ret_field, fault);
}

int kl_policy_set(
	struct kl_policy *policy, const char *field, const char *value, struct kl_fault *fault)
{
	size_t index = 0;
	int rc = kl_policy_field(field, &index, fault);

	if (rc)
		return rc;
	rc = index == TENDERS || index == WEIGHT
		     ? set_percent(policy, index, value, fault)
		     : kl_form_set(&fields[index], policy, value, fault);
	if (!rc)
		policy->unknown &= ~(1u << index);
	return rc;
}

int kl_policy_assign(struct kl_policy *policy, const char *assignment, struct kl_fault *fault)
{
	char field[KL_SLUG_MAX];
	const char *value;
	int rc = kl_form_split(assignment, field, &value, "weight_percent=20", fault);

	return rc ? rc : kl_policy_set(policy, field, value, fault);
}

/* ---- checks -------------------------------------------------------------------------------- */

enum { POLICY = 1, FRAMEWORK = 2, CHARTER = 4, STRATEGY_MENTION = 8, TOOLKIT = 16 };

/* Nobody means these together. */
static int check_sense(const struct kl_policy *p, struct kl_fault *fault)
{
	const uint32_t papers = POLICY | FRAMEWORK | CHARTER | STRATEGY_MENTION | TOOLKIT;

	if (!strcmp(p->status, "none") && p->forms & papers)
		return kl_fault(fault, KL_E_INVALID,
			"status none says that there is neither a policy nor a mention in a "
			"strategy, "
			"but forms names one");
	if (p->applied_pence.known && p->applied[0] && strcmp(p->applied, "above_figure") != 0)
		return kl_fault(fault, KL_E_INVALID,
			"applied_above: a figure goes with applied=above_figure, not with %s",
			p->applied);
	if (!strcmp(p->applied, "never") && p->tender_percent.known && p->tender_percent.value)
		return kl_fault(fault, KL_E_INVALID,
			"applied never, but tender_percent says that it is in some tenders");
	return KL_OK;
}

int kl_policy_check(const struct kl_policy *policy, struct kl_fault *fault)
{
	int rc = kl_form_table_check(&kl_policy_form, policy, fault);

	return rc ? rc : check_sense(policy, fault);
}

/* ---- looking ------------------------------------------------------------------------------- */

enum { SHOWN_MAX = KL_PROFILE_LIST_MAX * (KL_PROFILE_TEXT_MAX + 2) + 1 };

bool kl_policy_same(size_t field, const struct kl_policy *a, const struct kl_policy *b)
{
	char one[SHOWN_MAX], other[SHOWN_MAX];

	if ((a->unknown | b->unknown) >> field & 1)
		return false;
	kl_form_show(&fields[field], a, one, sizeof one);
	kl_form_show(&fields[field], b, other, sizeof other);
	return !strcmp(one, other);
}

bool kl_policy_is_empty(const struct kl_policy *policy)
{
	struct kl_policy nothing;

	kl_policy_init(&nothing);
	for (size_t i = 0; i < FIELDS; i++)
		if (!kl_policy_same(i, policy, &nothing))
			return false;
	return true;
}

static void set_words(const struct kl_slug *words, uint32_t bits, char *out, size_t size)
{
	char all[1024];
	size_t at = 0;

	all[0] = '\0';
	for (size_t i = 0; words[i].slug && at < sizeof all; i++)
		if (bits >> i & 1)
			at += (size_t)snprintf(
				all + at, sizeof all - at, "%s%s", at ? "; " : "", words[i].name);
	(void)kl_copy_text(out, size, all);
}

static void percent_words(const struct kl_optional_int *n, char *out, size_t size)
{
	*out = '\0';
	if (n->known)
		(void)snprintf(out, size,
			n->value % 10 ? "%" PRId64 ".%" PRId64 "%%" : "%" PRId64 "%%",
			n->value / 10, n->value % 10);
}

void kl_policy_words(size_t field, const struct kl_policy *policy, char *out, size_t size)
{
	const struct kl_form_field *f = &fields[field];
	const void *at = (const char *)policy + f->offset;
	uint32_t bits;

	switch (f->sort) {
	case KL_FORM_SLUG:
		(void)kl_copy_text(out, size, kl_slug_name(f->words, at));
		break;
	case KL_FORM_SET:
		memcpy(&bits, at, sizeof bits);
		set_words(f->words, bits, out, size);
		break;
	case KL_FORM_TENTHS:
		percent_words(at, out, size);
		break;
	default:
		kl_form_show(f, policy, out, size);
	}
}
