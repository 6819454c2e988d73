/* Factor tables: what stands in for an answer that a tenant did not give.
 *
 * A table is data with a year and a source, replaceable, never a constant of the program.
 *
 * employment density  square metres of floor space for each full-time equivalent, by use class
 * use class           of the planning system as it was in 2015: B1a is an office, A3 a café
 * area basis          how floor space was measured: net internal, gross internal, gross external
 * version             members keep tables of their own, each version of them; what tenants were
 *                     reckoned with stays with them, whatever comes later
 * GVA per job         gross value added of an industry over its employee jobs, by section of the
 *                     Standard Industrial Classification 2007 (A farming .. U embassies)
 * lumped              a figure that a table has only for several sections together */
#ifndef KL_CORE_FACTORS_H
#define KL_CORE_FACTORS_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_FACTOR_NAME_MAX = 121,
	KL_FACTOR_SOURCE_MAX = 401,
	KL_FACTOR_USE_MAX = 81,
	KL_USE_CLASS_MAX = 17,
	KL_GVA_ROWS_MAX = 32,
	KL_DENSITY_ROWS_MAX = 64,
	KL_SECTIONS_MAX = 22, /* A .. U and the final zero */
	KL_ACTIVITY_WORD_MAX = 49,
};

#define KL_GVA_PER_JOB_MAX INT64_C(1000000000) /* pence: ten million pounds a job */

enum kl_area_basis { KL_BASIS_UNKNOWN, KL_BASIS_NIA, KL_BASIS_GIA, KL_BASIS_GEA, KL_BASIS_COUNT };

/* What an estimate that rests on a row must be told with. */
enum kl_caution {
	KL_CAUTION_LUMPED = 1 << 0,
	KL_CAUTION_RENT = 1 << 1, /* imputed rent of home owners inflates real estate */
	KL_CAUTION_ROW = KL_CAUTION_LUMPED | KL_CAUTION_RENT, /* those that a row can bear */
	KL_CAUTION_RANGE = 1 << 2,    /* the middle of a range of densities was taken */
	KL_CAUTION_BASIS = 1 << 3,    /* floor space measured otherwise than the density */
	KL_CAUTION_NO_RATIO = 1 << 4, /* turnover was given, but no ratio to make GVA of it */
	KL_CAUTION_TURNOVER = 1 << 5, /* GVA is larger than turnover */
};

/* Where a table comes from. */
struct kl_factor_about {
	char name[KL_FACTOR_NAME_MAX];
	char source[KL_FACTOR_SOURCE_MAX];
	uint16_t year;    /* that the figures are about, or of the edition */
	uint32_t version; /* of a member's own table, 1, 2, ..; 0: it came with the program */
};

struct kl_gva_row {
	char sections
		[KL_SECTIONS_MAX]; /* "C", or "IKOQRS" if lumped; each section in one row only */
	int64_t per_job;           /* pence of GVA for each employee job */
	unsigned cautions;         /* of KL_CAUTION_ROW */
};

struct kl_gva_table {
	struct kl_factor_about about;
	unsigned count;
	struct kl_gva_row rows[KL_GVA_ROWS_MAX];
};

struct kl_density_row {
	char use_class[KL_USE_CLASS_MAX];
	char use[KL_FACTOR_USE_MAX]; /* in words; several rows may share a class */
	int64_t low, high;           /* tenths of a square metre for each FTE */
	enum kl_area_basis basis;
};

struct kl_density_table {
	struct kl_factor_about about;
	unsigned count;
	struct kl_density_row rows[KL_DENSITY_ROWS_MAX];
};

/* How much of each pound of turnover is value added, as the member states it. */
struct kl_gva_ratio {
	bool stated;
	double share; /* above 0, at most 1 */
	char source[KL_FACTOR_SOURCE_MAX];
	uint16_t year;
};

struct kl_factors {
	struct kl_gva_table gva;
	struct kl_density_table density;
	struct kl_gva_ratio ratio;
};

/* Holds tables against the rules: a name, a source and a year; positive figures; low <= high; each
 * section once. KL_E_INVALID, KL_E_RANGE with a sentence. */
int kl_gva_table_check(const struct kl_gva_table *table, struct kl_fault *fault);
int kl_density_table_check(const struct kl_density_table *table, struct kl_fault *fault);
int kl_gva_ratio_check(const struct kl_gva_ratio *ratio, struct kl_fault *fault);

/* The row of a section; NULL if the table has none. */
const struct kl_gva_row *kl_gva_find(const struct kl_gva_table *table, char section);

struct kl_density {
	int64_t low, high; /* over all rows of the class */
	enum kl_area_basis basis;
};

/* The density of a use class, in any case of letters: from the lowest to the highest figure of its
 * rows. KL_E_NOT_FOUND. */
int kl_density_find(const struct kl_density_table *table, const char *use_class,
	struct kl_density *ret_density);

const char *kl_area_basis_name(enum kl_area_basis basis); /* "NIA", .. , "unknown" */
int kl_area_basis_parse(const char *name, enum kl_area_basis *ret_basis);

/* Reads a section letter, or a code of two to five digits such as "87.90" (whose first two digits,
 * the division, say the section: Office for National Statistics, UK SIC 2007). KL_E_INVALID. */
int kl_sic_section_parse(const char *text, char *ret_section);

/* One entry of the table that turns plain words into section and use class: our judgement, not a
 * published fact; whoever uses it can change both. */
struct kl_activity_word {
	char word[KL_ACTIVITY_WORD_MAX];  /* one word or a few, small letters */
	char section;                     /* 0: says nothing of it */
	char use_class[KL_USE_CLASS_MAX]; /* empty: says nothing of it */
};

/* The entry with the longest word that occurs in `activity` as a whole word, plural s allowed; the
 * first of equals; NULL if there is none. */
const struct kl_activity_word *kl_activity_judge(
	const struct kl_activity_word *words, size_t count, const char *activity);

#endif
