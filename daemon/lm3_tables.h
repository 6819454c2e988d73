/* The tables of an LM3 project, and how their rows become a sum: the newest table of suppliers, then
 * all answers to its survey, later ones in the place of earlier ones, then who was asked.
 *
 * Each table is an import that can be taken back (changes.h), so that nothing here has to know of
 * undo. */
#ifndef KL_DAEMON_LM3_TABLES_H
#define KL_DAEMON_LM3_TABLES_H

#include "core/lm3_classes.h"
#include "daemon/node.h"
#include "daemon/rows.h"

#define KL_LM3_SUPPLIERS "suppliers" /* kinds of the tables; their name is the project's key */
#define KL_LM3_ANSWERS   "lm3 answers"
#define KL_LM3_ASKED     "lm3 asked"

enum { KL_LM3_TABLES_MAX = 1000 }; /* of one project */

enum kl_lm3_table { KL_LM3_TABLE_SUPPLIERS, KL_LM3_TABLE_ANSWERS, KL_LM3_TABLE_ASKED };

struct kl_lm3_tables {
	size_t count, room;
	struct kl_import *imports;
	struct kl_lm3_table_about {
		enum kl_lm3_table table;
		uint64_t at; /* when it came in, ms since 1970 */
	} * about;
	size_t current; /* whose rows are being taken */
	uint32_t part;  /* kl_lm3_tables_join(): the next of it */
};

/* Fills `tables`, which begin as {0}; free them in any case. KL_E_NOMEM or what the store says, in
 * words. */
int kl_lm3_tables_find(struct kl_node *node, const char *key, struct kl_lm3_tables *tables,
	struct kl_fault *fault);
void kl_lm3_tables_free(struct kl_lm3_tables *tables);

/* Takes a row of the current table into the sum. */
int kl_lm3_tables_row(const struct kl_lm3_tables *tables, struct kl_lm3_sum *sum,
	const struct kl_value *row, struct kl_fault *fault);

/* Takes a row of a table of suppliers. */
int kl_lm3_take_supplier(
	struct kl_lm3_sum *sum, const struct kl_value *row, struct kl_fault *fault);

bool kl_lm3_tables_have_answers(const struct kl_lm3_tables *tables);

/* Takes the next part of the answers into a sum that has its suppliers: KL_ROWS_GO_ON, or 0 once
 * there is none left. */
int kl_lm3_tables_join(struct kl_node *node, struct kl_lm3_tables *tables, struct kl_lm3_sum *sum,
	struct kl_fault *fault);

/* Whether `now` are the tables that make the sums of `then`, and `more` besides. Who was asked makes no
 * sums. */
bool kl_lm3_tables_are(
	const struct kl_lm3_tables *then, const struct kl_lm3_tables *now, size_t more);

/* ---- sums that are kept ---------------------------------------------------------------------- */

/* Keeps the sums of these tables beside the project, unless they are there; a failure is of no
 * consequence but that they will be added up again. */
void kl_lm3_tables_keep(struct kl_node *node, const char *key, const struct kl_lm3_tables *tables,
	const struct kl_area *area, const struct kl_lm3_sum *sum);

/* What was kept of these tables. KL_E_NOT_FOUND if that were others, or nothing is there. */
int kl_lm3_tables_kept(struct kl_node *node, const char *key, const struct kl_lm3_tables *tables,
	const struct kl_area *area, struct kl_lm3_classes *ret_classes);

/* The result of a ledger, from what was kept if that is there, else from all rows within one call; in
 * that case with the warnings that name suppliers. */
int kl_lm3_tables_result(struct kl_node *node, const char *key, const struct kl_lm3_ledger *ledger,
	struct kl_fault *fault, struct kl_lm3_result *ret_result);

/* Everything added up within one call. KL_E_NOMEM and what else goes wrong, in words. */
int kl_lm3_tables_sum(struct kl_node *node, const char *key, const struct kl_lm3_ledger *ledger,
	struct kl_fault *fault, struct kl_lm3_sum **ret_sum);

#endif
