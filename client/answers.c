#include "client/answers.h"
#include "client/part_feed.h"
#include "client/share_column.h"
#include "client/words_in.h"
#include "protocol/doc_answer.h"

#include <stdlib.h>

enum { NAME, RESPENT, LOCAL, COLUMNS };

static const struct kl_column columns[COLUMNS] = {
	[NAME] = {"supplier",
		{"supplier name", "name", "vendor", "vendor name", "company", "organisation",
			"your organisation"},
		true},
	[RESPENT] = {"respent_locally",
		{"respent", "re-spent locally", "share respent locally", "local respend",
			"respent locally %", "share spent locally", "spent locally"},
		true},
	[LOCAL] = {"local",
		{"is local", "local supplier", "local (yes/no)", "where", "in the area",
			"are you in the area"},
		false},
};

struct kl_answers {
	const char *const *paths, *tab;
	size_t count, file; /* file: the one that is open */
	struct kl_sheet *sheet;
	struct kl_share_column shares; /* of that file */
	struct kl_part_feed feed;
	uint32_t rows, empty;
	bool ended;
	void (*tell)(void *data, const struct kl_sheet *sheet);
	void *tell_data;
};

const struct kl_column *kl_answers_columns(unsigned *ret_count)
{
	*ret_count = COLUMNS;
	return columns;
}

static int feed_row(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct kl_lm3_answer answer;
	int rc = kl_answers_next(data, fault, &answer);

	if (rc == 1)
		kl_doc_answer_encode(row, &answer);
	return rc;
}

int kl_answers_open(const char *const *paths, size_t count, const char *tab, struct kl_fault *fault,
	struct kl_answers **ret_answers)
{
	struct kl_answers *a = calloc(1, sizeof *a);
	int rc;

	if (!a)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", paths[0]);
	a->paths = paths;
	a->count = count;
	a->tab = tab;
	kl_part_feed_init(&a->feed, feed_row, a);
	rc = kl_sheet_open(paths[0], tab, columns, COLUMNS, fault, &a->sheet);
	if (rc) {
		kl_answers_close(a);
		return rc;
	}
	*ret_answers = a;
	return KL_OK;
}

void kl_answers_close(struct kl_answers *answers)
{
	if (!answers)
		return;
	kl_part_feed_deinit(&answers->feed);
	kl_sheet_close(answers->sheet);
	free(answers);
}

void kl_answers_tell(struct kl_answers *answers,
	void (*tell)(void *data, const struct kl_sheet *sheet), void *data)
{
	answers->tell = tell;
	answers->tell_data = data;
}

static int read_row(const struct kl_sheet *sheet, struct kl_share_column *shares,
	struct kl_lm3_answer *a, struct kl_fault *fault)
{
	int rc = kl_sheet_check_row(sheet, fault);

	if (rc)
		return rc;
	if (!kl_one_line(kl_sheet_cell(sheet, NAME), a->name, sizeof a->name))
		return kl_sheet_fault(
			sheet, fault, KL_E_TOO_BIG, NAME, "at most 200 bytes of text");
	if (!a->name[0])
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, NAME, "the name of a supplier");
	rc = kl_share_column_read(shares, sheet, RESPENT, fault, &a->respent);
	if (rc)
		return rc;
	if (kl_local_parse(kl_sheet_cell(sheet, LOCAL), &a->where))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, LOCAL, "yes, no or unknown");
	return KL_OK;
}

static bool is_empty(const struct kl_sheet *sheet)
{
	return !kl_sheet_cell(sheet, RESPENT)[0];
}

static int try_row(const struct kl_sheet *sheet, void *data)
{
	struct kl_lm3_answer answer = {.respent = 0};

	return is_empty(sheet) ? KL_OK : read_row(sheet, data, &answer, NULL);
}

/* The next row of any file, 0 behind the last. */
static int next_row(struct kl_answers *a, struct kl_fault *fault)
{
	for (;;) {
		int rc = kl_sheet_next(a->sheet, fault);

		if (rc)
			return rc;
		kl_share_column_tell(&a->shares, a->sheet, RESPENT);
		if (a->tell)
			a->tell(a->tell_data, a->sheet);
		if (a->file + 1 == a->count)
			return 0;
		kl_sheet_close(a->sheet);
		a->sheet = NULL;
		a->shares = (struct kl_share_column){0};
		rc = kl_sheet_open(a->paths[++a->file], a->tab, columns, COLUMNS, fault, &a->sheet);
		if (rc)
			return rc;
	}
}

static int at_end(struct kl_answers *a, struct kl_fault *fault)
{
	if (a->rows)
		return 0;
	kl_fault(fault, KL_E_MALFORMED, "%s%s: has no answers", a->paths[0],
		a->count > 1 ? " and the other files" : "");
	return kl_fault_hint(
		fault, "respent_locally is to be filled in: a share from 0 to 1, or 45%%");
}

int kl_answers_next(struct kl_answers *a, struct kl_fault *fault, struct kl_lm3_answer *ret_answer)
{
	struct kl_lm3_answer answer = {.respent = 0};
	struct kl_fault own = {0};
	int rc;

	fault = fault ? fault : &own;
	while (!a->ended) {
		rc = next_row(a, fault);
		if (rc != 1) {
			a->ended = true;
			return rc ? rc : at_end(a, fault);
		}
		if (is_empty(a->sheet)) {
			a->empty++;
			continue;
		}
		if (read_row(a->sheet, &a->shares, &answer, fault)) {
			a->ended = true;
			return kl_sheet_look_on(a->sheet, try_row, &a->shares, fault);
		}
		a->rows++;
		*ret_answer = answer;
		return 1;
	}
	return 0;
}

int kl_answers_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	struct kl_answers *answers = data;

	return kl_part_feed_next(&answers->feed, rows, fault);
}

uint32_t kl_answers_empty(const struct kl_answers *answers)
{
	return answers->empty;
}
