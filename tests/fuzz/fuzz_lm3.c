/* LM3: answers to the survey as they are kept, and all that is made of suppliers and answers that
 * nobody meant to write. */
#include "core/error.h"
#include "core/lm3_duplicates.h"
#include "core/lm3_explain.h"
#include "core/lm3_leaks.h"
#include "core/lm3_silent.h"
#include "core/lm3_whatif.h"
#include "protocol/doc_answer.h"
#include "protocol/doc_supplier.h"
#include "protocol/part.h"
#include "tests/fuzz/codec.h"

#include <stdlib.h>
#include <string.h>

static void sample(struct fuzz_corpus *corpus, struct kl_writer *w)
{
	fuzz_sample_written(corpus, w);
	kl_writer_deinit(w);
}

static void write_answers(struct kl_writer *w, size_t count)
{
	struct kl_lm3_answer x = {.name = "Wem Bakery Ltd", .respent = 0.45};

	for (size_t i = 0; i < count; i++) {
		x.where = (enum kl_where)(i % 3);
		x.name[0] = (char)('A' + i);
		kl_doc_answer_encode(w, &x);
	}
}

/* ---- rows ---------------------------------------------------------------------------------- */

void kl_fuzz_samples_answers_part(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_write_array(&w, 3);
	write_answers(&w, 3);
	sample(corpus, &w);
}

void kl_fuzz_samples_asked_part(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	kl_write_array(&w, 2);
	kl_doc_asked_encode(&w, "Wem Bakery Ltd");
	kl_doc_asked_encode(&w, "Café");
	sample(corpus, &w);
}

typedef int row_fn(const struct kl_value *row, struct kl_writer *w);

static int answer_again(const struct kl_value *row, struct kl_writer *w)
{
	struct kl_lm3_answer x;
	int rc = kl_doc_answer_decode(row, &x);

	if (rc)
		return rc;
	FUZZ_CHECK(!kl_lm3_answer_check(&x, NULL));
	kl_doc_answer_encode(w, &x);
	return KL_OK;
}

static int asked_again(const struct kl_value *row, struct kl_writer *w)
{
	char name[KL_NAME_MAX];
	int rc = kl_doc_asked_decode(row, name);

	if (rc)
		return rc;
	FUZZ_CHECK(name[0] && kl_text_is_plain(kl_bytes_str(name), false));
	kl_doc_asked_encode(w, name);
	return KL_OK;
}

static int rows_again(struct kl_bytes bytes, row_fn *again, struct kl_writer *w)
{
	struct kl_cursor rows;
	struct kl_value row;
	int rc = kl_part_open(bytes, &rows);

	if (rc)
		return rc;
	kl_write_array(w, rows.left);
	while (!rc && kl_cursor_next(&rows, &row))
		rc = again(&row, w);
	return rc;
}

static int answers_again(struct kl_bytes bytes, struct kl_writer *w)
{
	return rows_again(bytes, answer_again, w);
}

static int all_asked_again(struct kl_bytes bytes, struct kl_writer *w)
{
	return rows_again(bytes, asked_again, w);
}

int kl_fuzz_answers_part(const uint8_t *data, size_t len)
{
	return fuzz_stable(data, len, answers_again);
}

int kl_fuzz_asked_part(const uint8_t *data, size_t len)
{
	return fuzz_stable(data, len, all_asked_again);
}

/* ---- what is made of a sum ----------------------------------------------------------------- */

/* An array of suppliers and answers, mixed. */
void kl_fuzz_samples_lm3_made(struct fuzz_corpus *corpus)
{
	struct kl_supplier x = {.name = "Wem Bakery Ltd", .contact = "Ann", .spend = 123456};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_write_array(&w, 10);
	for (int i = 0; i < 7; i++) {
		x.name[0] = (char)('A' + i % 5);
		x.spend = 7919 * (i + 1) - (i == 6 ? 100000 : 0);
		x.where = (enum kl_where)(i % 3);
		x.answered = i % 2;
		x.respent = i / 7.0;
		strcpy(x.name + 10, i % 2 ? " Ltd" : "-plc");
		kl_doc_supplier_encode(&w, &x);
	}
	write_answers(&w, 3);
	sample(corpus, &w);
}

static void add_case(int64_t to[3], const struct kl_lm3_amounts *a)
{
	to[0] += a->low;
	to[1] += a->central;
	to[2] += a->high;
}

static void check_case(const int64_t sum[3], const struct kl_lm3_amounts *a)
{
	FUZZ_CHECK(sum[0] == a->low && sum[2] == a->high);
	FUZZ_CHECK(!a->has_central || sum[1] == a->central);
}

static void check_explained(const struct kl_lm3_sum *sum, size_t named)
{
	int64_t one = 0, two[3] = {0}, three[3] = {0}, score[3] = {0};
	struct kl_lm3_amounts total;
	struct kl_lm3_explained *e;

	if (kl_lm3_explain(sum, named, NULL, &e))
		return;
	for (size_t i = 0; i < e->count; i++) {
		one += e->parts[i].round1;
		add_case(two, &e->parts[i].round2);
		add_case(three, &e->parts[i].round3);
		add_case(score, &e->parts[i].score);
	}
	total = kl_lm3_score_thousandths(&e->result);
	FUZZ_CHECK(one == e->result.round1);
	check_case(two, &e->result.round2);
	check_case(three, &e->result.round3);
	check_case(score, &total);
	for (unsigned i = 0; i < e->result.warning_count; i++)
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(e->result.warnings[i]), true));
	free(e);
}

static void check_lists(const struct kl_lm3_sum *sum, size_t most)
{
	struct kl_lm3_duplicates *duplicates;
	struct kl_lm3_silent *silent;
	struct kl_lm3_leaks *leaks;

	if (!kl_lm3_find_leaks(sum, most, NULL, &leaks)) {
		FUZZ_CHECK(leaks->count <= most && leaks->unknowns <= most);
		for (size_t i = 0; i < leaks->count; i++)
			FUZZ_CHECK(leaks->leaks[i].leaves.low >= 0 &&
				   leaks->leaks[i].leaves.high <= leaks->leaks[i].line.net);
		free(leaks);
	}
	if (!kl_lm3_find_silent(sum, most, false, NULL, &silent)) {
		FUZZ_CHECK(silent->count <= most && silent->to_green <= silent->silent);
		for (size_t i = 1; i < silent->count; i++)
			FUZZ_CHECK(silent->list[i].line.net <= silent->list[i - 1].line.net);
		free(silent);
	}
	FUZZ_CHECK(!kl_lm3_find_duplicates(sum, most, &duplicates));
	FUZZ_CHECK(duplicates->count <= 2 * most);
	free(duplicates);
}

static void check_what_if(const struct kl_lm3_sum *sum)
{
	const struct kl_lm3_change change = {.spend = 100, .payroll_points = 1};
	struct kl_lm3_what_if w;

	if (kl_lm3_ask_what_if(sum, &change, NULL, &w))
		return;
	FUZZ_CHECK(w.round2.low - w.before.round2.low == w.spend + w.payroll);
	FUZZ_CHECK(w.lm3.low <= w.lm3.high + 1e-6);
}

int kl_fuzz_lm3_made(const uint8_t *data, size_t len)
{
	struct kl_lm3_ledger ledger;
	struct kl_lm3_answer answer;
	struct kl_supplier supplier;
	struct kl_lm3_sum *sum;
	struct kl_cursor rows;
	struct kl_value row;
	size_t index, added = 0;

	if (kl_part_open(kl_bytes(data, len), &rows))
		return 0;
	kl_lm3_ledger_init(&ledger);
	strcpy(ledger.name, "jubilee");
	ledger.payroll_local = 12345;
	ledger.payroll_elsewhere = 6789;
	FUZZ_CHECK(!kl_area_parse("HX1 HX2", NULL, &ledger.area));
	FUZZ_CHECK(!kl_lm3_sum_new(&ledger, NULL, &sum));
	while (kl_cursor_next(&rows, &row)) {
		if (!kl_doc_supplier_decode(&row, &supplier))
			added += !kl_lm3_sum_add(sum, &supplier, NULL);
		else if (!kl_doc_answer_decode(&row, &answer))
			(void)kl_lm3_sum_answer(sum, &answer, &index);
	}
	check_explained(sum, added % 4);
	check_lists(sum, added % 5 + 1);
	check_what_if(sum);
	kl_lm3_sum_destroy(sum);
	return added > 0;
}
