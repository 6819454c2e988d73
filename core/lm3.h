/* Local Multiplier 3: how much local income one pound of a project makes in three rounds of
 * spending (Locality, Powerful Communities, Strong Economies, 2017, appendix 1; the method is
 * NEF's).
 *
 * round 1   the income studied: payroll and non-payroll budget, without VAT, tax and National
 *           Insurance
 * round 2   what of it goes to local staff, local suppliers and other local costs
 * round 3   what staff and suppliers, local or not, spend again locally
 * proxy     share of their pay that staff spend locally: 0.66 for those who live in the area, 0.33
 *           for the others (LM3 Online's, from its past results); settable, shown with the result
 * other     direct costs that are neither payroll nor supplier: utilities, phones, finance charges,
 *           business rates
 * answer    the share of its income that a supplier says it spends locally; no answer is silence
 * net       a supplier's invoices less its credit notes, over all its rows
 *
 *     R1 = income
 *     R2 = payroll_local + sum(net of local suppliers) + other_local
 *     R3 = proxy_local * payroll_local + proxy_elsewhere * payroll_elsewhere
 *          + sum over all suppliers(net * share spent again locally)
 *     LM3 = (R1 + R2 + R3) / R1
 *
 * Nobody publishes how silent suppliers are to be counted, so the result is a range. These rules
 * are ours, not the report's:
 *     low      silent suppliers spend nothing again; suppliers of unknown place are elsewhere
 *     central  silent suppliers do as those who answered, value-weighted, local and elsewhere
 *              apart; a class without an answer takes the mean of the other, or of those of unknown
 *              place if only they answered; suppliers of unknown place split as the known ones, by
 *              value. Missing if there is nothing to go by
 *     high     silent suppliers spend everything again; suppliers of unknown place are local
 * A supplier whose net is negative counts as nothing and is warned about. Spending above the income
 * is warned about, never cut off. Where more than half of the income stands in no line, that is
 * warned about too, and whoever shows the rating shows the caveat with it (ours): the score takes
 * such income for money that left.
 *
 * Arithmetic: pence stay whole numbers through all sums; shares make doubles of them, and each
 * round is rounded to the penny once, at the end. The multiplier is made of the unrounded
 * rounds. */
#ifndef KL_CORE_LM3_H
#define KL_CORE_LM3_H

#include "core/area.h"
#include "core/error.h"
#include "core/names.h"
#include "core/period.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KL_LM3_PROXY_LOCAL     0.66
#define KL_LM3_PROXY_ELSEWHERE 0.33

enum {
	KL_LM3_CONTACT_MAX = 121,
	KL_LM3_EMAIL_MAX = 255,
	KL_LM3_PLACE_MAX = 121,
	KL_LM3_SOURCE_MAX = 301,
	KL_LM3_WARNINGS_MAX = 11,
	KL_LM3_WARNING_MAX = 320,
	KL_LM3_THOUSANDTHS_MIN = 1000, /* of a score: 1.000 .. 3.000 */
	KL_LM3_THOUSANDTHS_MAX = 3000,
};

enum kl_lm3_basis { KL_LM3_TURNOVER, KL_LM3_CONTRACT, KL_LM3_BASIS_UNKNOWN };

enum kl_lm3_rating { KL_LM3_GREEN, KL_LM3_AMBER, KL_LM3_RED, KL_LM3_UNRATED };

enum kl_sector {
	KL_SECTOR_UNKNOWN,
	KL_SECTOR_VOLUNTARY, /* voluntary or community organisation */
	KL_SECTOR_SOCIAL,    /* social enterprise */
	KL_SECTOR_SMALL,     /* small business */
	KL_SECTOR_LARGE,
	KL_SECTOR_PUBLIC,
	KL_SECTOR_COUNT,
};

const char *kl_lm3_basis_name(enum kl_lm3_basis basis);    /* "turnover", "contract", "unknown" */
const char *kl_lm3_rating_name(enum kl_lm3_rating rating); /* "green" .. "red", "unrated" */
const char *kl_sector_name(enum kl_sector sector); /* "voluntary", "social enterprise", .. */
const char *kl_where_name(enum kl_where where);    /* "local", "elsewhere", "unknown" */

/* The names above, in any case; KL_E_INVALID otherwise. */
int kl_lm3_basis_parse(const char *name, enum kl_lm3_basis *ret_basis);
int kl_lm3_rating_parse(const char *name, enum kl_lm3_rating *ret_rating);

/* Everything of one project but its suppliers. Pence, none negative. */
struct kl_lm3_ledger {
	char name[KL_NAME_MAX];
	enum kl_lm3_basis basis;
	struct kl_area area;
	struct kl_period period;
	bool has_income; /* else the income is payroll + other + suppliers */
	int64_t income;
	int64_t payroll_local, payroll_elsewhere;
	int64_t other_local, other_elsewhere;
	double proxy_local, proxy_elsewhere;
};

/* One row of a supplier table. Empty text is not known. */
struct kl_supplier {
	char name[KL_NAME_MAX];
	char contact[KL_LM3_CONTACT_MAX];
	char email[KL_LM3_EMAIL_MAX];
	char place[KL_LM3_PLACE_MAX];
	int64_t spend; /* pence; a credit note is negative */
	enum kl_sector sector;
	enum kl_where where; /* as its owner said; unknown: see kl_area_holds() */
	bool answered;
	double respent; /* 0..1, when answered */
};

/* A fresh ledger with the usual proxies and nothing in it. */
void kl_lm3_ledger_init(struct kl_lm3_ledger *ledger);

/* Holds a ledger against the rules: a name, amounts within 0..KL_MONEY_MAX, proxies within 0..1, a
 * basis, an area. KL_E_INVALID or KL_E_RANGE with a sentence. */
int kl_lm3_ledger_check(const struct kl_lm3_ledger *ledger, struct kl_fault *fault);

/* The same for a row: a name, spend within KL_MONEY_MAX either way, share within 0..1. */
int kl_supplier_check(const struct kl_supplier *supplier, struct kl_fault *fault);

/* ---- adding suppliers up, a row at a time ---------------------------------------------------- */

struct kl_lm3_sum;

/* A sum over the suppliers of one ledger, of which it keeps a copy. KL_E_NOMEM, or what
 * kl_lm3_ledger_check() says. */
int kl_lm3_sum_new(
	const struct kl_lm3_ledger *ledger, struct kl_fault *fault, struct kl_lm3_sum **ret_sum);
void kl_lm3_sum_destroy(struct kl_lm3_sum *sum);

/* From now on names are not compared loosely (names.h), which takes a third of the time of adding a
 * row: for who looks neither for probable duplicates nor for suppliers by name. */
void kl_lm3_sum_strictly(struct kl_lm3_sum *sum);

/* Adds one row. Rows of one name (see names.h) are one supplier: spend is netted, the first known
 * place, sector and answer count, and contradictions are warned about. KL_E_TOO_BIG beyond
 * KL_NAMES_MAX suppliers, KL_E_RANGE if the spend leaves int64_t, or what kl_supplier_check() says.
 * After a failure the sum is as before. */
int kl_lm3_sum_add(
	struct kl_lm3_sum *sum, const struct kl_supplier *supplier, struct kl_fault *fault);

/* One supplier after netting. */
struct kl_lm3_line {
	const char *name; /* as spelled first; this and what follows live until the next row */
	const char *contact, *email; /* the first that were named; "" if none was */
	int64_t net;
	enum kl_where where;
	enum kl_sector sector;
	bool answered;
	double respent;
	uint64_t asked_at; /* ms since 1970; 0: not asked, as far as is known */
};

size_t kl_lm3_sum_count(const struct kl_lm3_sum *sum); /* suppliers so far */
struct kl_lm3_line kl_lm3_sum_line(const struct kl_lm3_sum *sum, size_t index);

/* ---- answers to the survey ------------------------------------------------------------------- */

/* What a supplier said when it was asked. */
struct kl_lm3_answer {
	char name[KL_NAME_MAX];
	double respent;      /* 0..1 */
	enum kl_where where; /* where it says to be; unknown: it did not say */
};

/* A name, a share within 0..1. */
int kl_lm3_answer_check(const struct kl_lm3_answer *answer, struct kl_fault *fault);

/* How a name was found among the suppliers of a sum. */
enum kl_lm3_match {
	KL_LM3_NO_MATCH,
	KL_LM3_SAME,    /* one organisation by names.h */
	KL_LM3_LOOSE,   /* by its loose key, and only one fits */
	KL_LM3_SEVERAL, /* several fit loosely: none is taken */
};

/* *ret_index is the supplier, or the first of several; untouched without a match. */
enum kl_lm3_match kl_lm3_sum_find(
	const struct kl_lm3_sum *sum, const char *name, size_t *ret_index);

/* Takes an answer, in the place of whatever that supplier or its table said before, if it is SAME or
 * LOOSE; else it is counted as one that belongs to nobody, which the result warns about. All rows
 * have been added before. */
enum kl_lm3_match kl_lm3_sum_answer(
	struct kl_lm3_sum *sum, const struct kl_lm3_answer *answer, size_t *ret_index);

/* Notes that a supplier was asked; the last time counts. Unknown names are passed over. */
void kl_lm3_sum_asked(struct kl_lm3_sum *sum, const char *name, uint64_t at);

/* ---- the result ------------------------------------------------------------------------------ */

struct kl_lm3_amounts {
	int64_t low, central, high; /* pence; central only if has_central */
	bool has_central;
};

struct kl_lm3_shares {
	double low, central, high;
	bool has_central;
};

struct kl_lm3_result {
	int64_t income, round1;
	int64_t unaccounted; /* pence of the income that stand in no line; 0 if more was spent */
	struct kl_lm3_amounts round2, round3;
	struct kl_lm3_shares lm3;            /* 1.00 .. 3.00 unless warned about */
	struct kl_lm3_shares local_supplier; /* share of the supply chain's value that is local */
	bool has_suppliers; /* any value in the supply chain; else local_supplier is 0 */
	bool has_payroll;
	double local_payroll; /* share, when has_payroll */
	double proxy_local, proxy_elsewhere;
	size_t suppliers;
	int64_t supply_value;   /* pence, net, without negative suppliers */
	int64_t answered_value; /* of it, of suppliers who answered */
	double answered_share;  /* 1 if there is no supply chain */
	enum kl_lm3_rating rating;
	unsigned warning_count;
	char warnings[KL_LM3_WARNINGS_MAX][KL_LM3_WARNING_MAX];
};

/* KL_E_INVALID if there is no income to divide by, or if all suppliers together are negative;
 * KL_E_RANGE if sums leave int64_t. */
int kl_lm3_sum_result(
	const struct kl_lm3_sum *sum, struct kl_fault *fault, struct kl_lm3_result *ret_result);

/* The rating of a supply chain: green from one half of its value answered (the report's "typically
 * around the 50% mark"), amber from a quarter, red below (ours). An empty one is green. */
enum kl_lm3_rating kl_lm3_rate(int64_t answered_value, int64_t supply_value);

/* What has to be said beside the rating, since that knows of suppliers only: NULL, or words that
 * follow "green, but ". */
const char *kl_lm3_caveat(const struct kl_lm3_result *result);

/* Round a score to thousandths, half up. */
int kl_lm3_thousandths(double score);

/* ---- scores worked out elsewhere ------------------------------------------------------------- */

/* A published or otherwise finished score: kept as it was said, never computed again. */
struct kl_lm3_record {
	char name[KL_NAME_MAX];
	int thousandths; /* 2430 is 2.43 */
	enum kl_lm3_basis basis;
	struct kl_area area;
	struct kl_period period;
	char source[KL_LM3_SOURCE_MAX];
	enum kl_lm3_rating rating; /* as its source says; KL_LM3_UNRATED if it says nothing */
};

/* How such a score is labelled wherever it is shown. */
#define KL_LM3_RECORD_LABEL "as published by its source, not computed here"

/* A name, a source, a score within 1..3. KL_E_INVALID or KL_E_RANGE with a sentence. */
int kl_lm3_record_check(const struct kl_lm3_record *record, struct kl_fault *fault);

/* Reads "2.43" or "£2.43": one to three pounds with at most three decimals. KL_E_INVALID,
 * KL_E_RANGE. */
int kl_lm3_score_parse(const char *text, int *ret_thousandths);

/* NULL if the score of this project may be counted as the metric lm3.score, else the reason in
 * words: it takes a green rating, a central value, one council area as boundary, turnover or
 * contract as basis, and a year or financial year. */
const char *kl_lm3_barred(enum kl_lm3_rating rating, bool has_central, const struct kl_area *area,
	enum kl_lm3_basis basis, struct kl_period period);

#endif
