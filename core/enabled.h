/* Enabled contribution: the jobs and the value that tenants of a community anchor add (Locality,
 * Powerful Communities, Strong Economies, 2017, appendix 2; the method is NEF Consulting's).
 *
 * tenant     an organisation that works in the anchor's buildings. It is asked four things:
 *            activity, floor space, turnover, staff
 * FTE        full-time equivalent employees, in tenths
 * GVA        gross value added, in pence
 * method     primary: as given; estimated: from a factor table; partly: made of both
 * confidence high: all primary and nobody left out; moderate: something was estimated or left out;
 *            low (ours): more than half of the figure rests on floor space, or more than half of
 *            the tenants are left out, or nothing could be counted
 * left out   a tenant that gave too little even for an estimate; it is said, with the reason
 *
 *     missing FTE = floor space / employment density of the use class (middle of its range)
 *     missing GVA = turnover * ratio, if a ratio is stated; else FTE * GVA per job of the section
 *
 * FTE and GVA have methods and confidence of their own. All arithmetic is in whole numbers: each
 * tenant's estimate is rounded once (FTE to a tenth, GVA to a penny, halves up), so that the
 * figures of the tenants add up to the total. Totals are exact, and also told as the report
 * asks for estimates: "about", and two significant figures. */
#ifndef KL_CORE_ENABLED_H
#define KL_CORE_ENABLED_H

#include "core/confidence.h"
#include "core/error.h"
#include "core/factors.h"
#include "core/names.h"
#include "core/period.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_ACTIVITY_MAX = 201,
	KL_ENABLED_SOURCE_MAX = 301,
	KL_ENABLED_TEXT_MAX = 400,
	KL_TENANTS_MAX = 20000,
	KL_FTE_TEXT_MAX = 40,
};

#define KL_FTE_MAX   INT64_C(10000000)  /* tenths: a million people */
#define KL_FLOOR_MAX INT64_C(100000000) /* tenths of a square metre */

enum kl_method { KL_METHOD_PRIMARY, KL_METHOD_PARTLY, KL_METHOD_ESTIMATED, KL_METHOD_COUNT };

const char *kl_method_name(enum kl_method method); /* "primary", "partly", "estimated" */
int kl_method_parse(const char *name, enum kl_method *ret_method);

/* One row of a tenant table; absent is absent, never 0. */
struct kl_tenant {
	char name[KL_NAME_MAX];
	char activity[KL_ACTIVITY_MAX]; /* in the tenant's words; empty: not said */
	bool has_floor, has_turnover, has_fte, has_gva;
	int64_t floor;    /* tenths of a square metre */
	int64_t turnover; /* pence a year */
	int64_t fte;      /* tenths */
	int64_t gva;      /* pence a year */
	char section;     /* SIC 2007, 'A' .. 'U'; 0: not known */
	char use_class[KL_USE_CLASS_MAX];
	bool section_judged, use_class_judged; /* by the word table, not given */
	enum kl_area_basis basis;
};

/* A name; figures within their limits and none negative. KL_E_INVALID, KL_E_RANGE. */
int kl_tenant_check(const struct kl_tenant *tenant, struct kl_fault *fault);

/* Fills section and use class from the words of the activity, where they are not given. True if
 * anything was judged. `words` may be NULL with a count of 0. */
bool kl_tenant_judge(struct kl_tenant *tenant, const struct kl_activity_word *words, size_t count);

/* What a tenant tells later takes the place of what was known; what it leaves out stays. A section
 * or use class that somebody gave is not overruled by a judgement of ours. */
void kl_tenant_merge(struct kl_tenant *known, const struct kl_tenant *told);

/* A section of the Standard Industrial Classification 2007 in few words, for 'A' to 'U'. */
const char *kl_section_name(char section);

enum kl_left_out {
	KL_LEFT_OUT_NOT, /* it counts */
	KL_LEFT_OUT_NO_STAFF_NO_FLOOR,
	KL_LEFT_OUT_NO_USE_CLASS,
	KL_LEFT_OUT_NO_DENSITY,
	KL_LEFT_OUT_NO_FTE,
	KL_LEFT_OUT_NO_SECTION,
	KL_LEFT_OUT_NO_GVA_PER_JOB,
};

/* What one tenant adds. */
struct kl_estimate {
	enum kl_left_out fte_out, gva_out; /* NOT: the figure stands */
	int64_t fte, gva;
	enum kl_method fte_method, gva_method;
	bool fte_on_floor, gva_on_floor; /* rests on floor space */
	unsigned cautions;               /* of enum kl_caution */
};

void kl_enabled_estimate(const struct kl_tenant *tenant, const struct kl_factors *factors,
	struct kl_estimate *ret_estimate);

/* One total: of tenants of an anchor, or of the recorded totals of several anchors. */
struct kl_enabled_figure {
	int64_t exact;
	int64_t by_method[KL_METHOD_COUNT];      /* parts of `exact` */
	size_t count_by_method[KL_METHOD_COUNT]; /* how many were added */
	int64_t on_floor;                        /* part of `exact` that rests on floor space */
	size_t count, left_out;
};

/* KL_E_RANGE if the sum leaves int64_t; then nothing changed. */
int kl_enabled_figure_add(
	struct kl_enabled_figure *figure, int64_t value, enum kl_method method, bool on_floor);

/* Method of a total: of all its parts, or partly if they differ or somebody is left out. A total of
 * nothing is estimated. */
enum kl_method kl_enabled_figure_method(const struct kl_enabled_figure *figure);
enum kl_confidence kl_enabled_figure_confidence(const struct kl_enabled_figure *figure);

struct kl_enabled_total {
	size_t tenants;
	struct kl_enabled_figure fte, gva;
	size_t cautions[6]; /* tenants by caution, bit 0 first */
};

int kl_enabled_total_add(struct kl_enabled_total *total, const struct kl_estimate *estimate);

/* GVA for each FTE, in pence, over tenants that count for both is not known: total over total.
 * KL_E_NOT_FOUND if there are no FTE or some tenant counts for one figure only. */
int kl_enabled_gva_per_fte(const struct kl_enabled_total *total, int64_t *ret_pence);

/* "Jubilee Café: employees and GVA, because ...", or an empty string if it counts for both. */
const char *kl_enabled_left_out_text(const struct kl_tenant *tenant,
	const struct kl_estimate *estimate, char out[KL_ENABLED_TEXT_MAX]);

/* Warning number `index` of a total, or NULL behind the last; written into `out`. */
const char *kl_enabled_warning(const struct kl_enabled_total *total,
	const struct kl_factors *factors, size_t index, char out[KL_ENABLED_TEXT_MAX]);

/* "about 1,400", "about 4.5": two significant figures of tenths. Returns `out`. */
const char *kl_fte_about(int64_t tenths, char out[KL_FTE_TEXT_MAX]);

/* "1,401", "4.5": exact. Returns `out`. */
const char *kl_fte_format(int64_t tenths, char out[KL_FTE_TEXT_MAX]);

/* Reads "12", "4.5", "1,401": at most one decimal that is not 0. KL_E_INVALID, KL_E_RANGE. */
int kl_fte_parse(const char *text, int64_t *ret_tenths);

/* The same for square metres, "1,250.5", "120 m2", "120 sqm". */
int kl_floor_parse(const char *text, int64_t *ret_tenths);

/* ---- totals that are recorded without their tenants ------------------------------------------ */

/* What an anchor knows of itself when the tenants' figures are elsewhere, as in table 1 of the
 * report. */
struct kl_enabled_record {
	struct kl_period period;
	bool has_fte, has_gva;
	int64_t fte, gva;
	enum kl_method fte_method, gva_method;
	enum kl_confidence fte_confidence, gva_confidence;
	char source[KL_ENABLED_SOURCE_MAX];
};

/* At least one figure, within the limits, and a source. KL_E_INVALID, KL_E_RANGE. */
int kl_enabled_record_check(const struct kl_enabled_record *record, struct kl_fault *fault);

/* What the report says of comparing such figures; to be shown with every benchmark of them. */
#define KL_ENABLED_COMPARING                                                                       \
	"These figures are hard to compare: they have gaps that were filled with estimates, and "  \
	"not all members have the same confidence (Locality 2017, appendix 2)."

#endif
