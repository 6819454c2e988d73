/* Social value policies: what a council says in public about how it asks for social value when it buys,
 * and the class that SE:UK's typology gives to that.
 *
 * in force    status "adopted": what `forms` names is there. With "in_development" it is in the making,
 *             and with "none" there is neither a policy nor a mention of social value in a strategy
 *             (people may have been charged with it all the same: a lead officer, a steering group)
 * unsaid      an empty text, an unknown number, an empty set, KL_UNSAID: nobody said, which is never
 *             taken for "no"
 * class       SE:UK, Procuring for Good (2016), as the report tells it (Box 2, L982-L997): embracer,
 *             adopter, complier, bystander. What its rules leave open is unclassified, with the reason
 *
 * The rules, and where each comes from:
 *
 *   embracer   in force; applied more widely than the law asks (L986), to most tenders (L986), with a
 *              weight that is "quite significant, as much as 30%" (L986)
 *   adopter    in force, or mentioned in a strategy (L987); applied more widely than the law asks
 *              (L988); scored conservatively, "typically 5%" (L990)
 *   complier   mentioned in a strategy (L993); applied only above the services threshold (L994); not to
 *              many tenders, if any (L995)
 *   bystander  no policy or similar document, no mention in a strategy, never applied (L997)
 *
 * SE:UK gives no edges for its words. Ours: "most" tenders are more than half, "not many" a quarter at
 * most, "significant" is 10 per cent and more, "conservative" 5 and less; whatever lies between is
 * unclassified. A framework, a charter and a toolkit are taken for "similar documents". "More widely
 * than the law asks" is all spend, or a figure of the council's own below £164,176: the services
 * threshold of local authorities in 2016 and 2017 (Commission Delegated Regulation (EU) 2015/2170, in
 * pounds), when SE:UK asked. */
#ifndef KL_CORE_POLICY_H
#define KL_CORE_POLICY_H

#include "core/form.h"

enum {
	KL_POLICY_SUMMARY_MAX = 1501, /* bytes with the final zero */
	KL_POLICY_FIELDS_MAX = 32,    /* room for the bits of `unknown` */
	KL_POLICY_WHY_MAX = 512,
};

struct kl_policy {
	char status[KL_SLUG_MAX]; /* kl_policy_statuses */
	uint32_t forms;           /* bits of kl_policy_forms */
	char title[KL_PROFILE_TEXT_MAX];
	char web[KL_WEB_MAX];
	char date[KL_DATE_MAX]; /* adopted, or last changed: its weight holds from that year on */
	char summary[KL_POLICY_SUMMARY_MAX];
	char applied[KL_SLUG_MAX];             /* kl_policy_scopes */
	struct kl_optional_int applied_pence;  /* with "above_figure" */
	struct kl_optional_int tender_percent; /* tenths: tenders in which it is applied */
	struct kl_optional_int weight_percent; /* tenths: of the score of a tender */
	char outputs[KL_SLUG_MAX];             /* kl_policy_specifiers */
	uint8_t in_design, in_specification, in_monitoring; /* enum kl_yes_no, as all below */
	uint32_t measured;                                  /* bits of kl_policy_yardsticks */
	uint32_t asks;                                      /* bits of kl_policy_questions */
	uint8_t reported, corporate, co_produced, small_providers;
	struct kl_text_list measures;
	char pathway[KL_SLUG_MAX]; /* kl_pathways */
	uint32_t routes;           /* bits of kl_routes */

	/* Fields in which a newer version of the program said something that this one has no word for: bits,
	 * 1 << place in kl_policy_form. Such a field is unsaid, or lacks some of its words. */
	uint32_t unknown;
};

/* Lists of words, each ended by a NULL slug. */
extern const struct kl_slug kl_policy_statuses[], kl_policy_forms[], kl_policy_scopes[],
	kl_policy_specifiers[], kl_policy_yardsticks[], kl_policy_questions[];

/* The fields that people fill, in the order in which they are shown; and what to write into one, for
 * people. Never NULL. */
extern const struct kl_form_table kl_policy_form;
const char *kl_policy_note(size_t field);

void kl_policy_init(struct kl_policy *policy);
void kl_policy_deinit(struct kl_policy *policy); /* NULL is accepted */
int kl_policy_copy(const struct kl_policy *policy, struct kl_policy *ret_policy);

/* The number of a field, by its name or label. As kl_form_find(). */
int kl_policy_field(const char *name, size_t *ret_field, struct kl_fault *fault);

/* Sets one field by name. As kl_form_table_set(); percentages are taken with or without their sign, and
 * KL_E_INVALID for one between 0 and 1 without it, which may be a share. */
int kl_policy_set(
	struct kl_policy *policy, const char *field, const char *value, struct kl_fault *fault);

/* The same from "FIELD=VALUE". KL_E_USAGE if it is none. */
int kl_policy_assign(struct kl_policy *policy, const char *assignment, struct kl_fault *fault);

/* The form of every field, and that they do not contradict each other: documents although there is no
 * policy, a figure although it is applied otherwise, tenders although it is never applied.
 * KL_E_INVALID, KL_E_RANGE with a sentence. */
int kl_policy_check(const struct kl_policy *policy, struct kl_fault *fault);

/* Whether nothing at all is said. */
bool kl_policy_is_empty(const struct kl_policy *policy);

/* Whether a field says the same in both. */
bool kl_policy_same(size_t field, const struct kl_policy *a, const struct kl_policy *b);

/* A field as people read it: "20%", "£100,000", words by their names; "" if it is unsaid. Cut to size. */
void kl_policy_words(size_t field, const struct kl_policy *policy, char *out, size_t size);

/* ---- the class ----------------------------------------------------------------------------- */

enum kl_policy_class {
	KL_POLICY_EMBRACER,
	KL_POLICY_ADOPTER,
	KL_POLICY_COMPLIER,
	KL_POLICY_BYSTANDER,
	KL_POLICY_CLASSES, /* how many there are */
	KL_POLICY_UNCLASSIFIED = KL_POLICY_CLASSES,
};

const char *kl_policy_class_name(enum kl_policy_class class); /* "embracer"; "unclassified" */

/* Per cent of the councils in England that SE:UK found in a class: 14, 19, 45, 22; 0 for none. */
unsigned kl_policy_class_percent(enum kl_policy_class class);

/* Where classes and percentages come from, with its year, for people. */
extern const char kl_policy_class_source[];

/* The class of a policy of a member of that kind, and why: a sentence for people, without a full stop,
 * that names what decided; of an unclassified one, all that is missing or left open ("; " between
 * them). */
enum kl_policy_class kl_policy_classify(
	const struct kl_policy *policy, enum kl_member_kind kind, char ret_why[KL_POLICY_WHY_MAX]);

#endif
