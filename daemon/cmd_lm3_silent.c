/* lm3 silent: who has not answered, and what their answers would add. lm3 survey: those who are to be
 * asked, as a download, for letters. */
#include "core/lm3_silent.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"
#include "protocol/part.h"

#include <stdlib.h>
#include <time.h>

enum { SHOWN = 20, SHOWN_MAX = 200, LETTERS_MAX = 5000 };

struct wishes {
	bool again; /* letters also to those who were asked before */
};

static void put_day(struct kl_writer *w, const char *key, uint64_t at)
{
	time_t seconds = (time_t)(at / 1000);
	char day[16];
	struct tm tm;

	if (at && gmtime_r(&seconds, &tm) && strftime(day, sizeof day, "%Y-%m-%d", &tm))
		kl_put_text(w, key, day);
	else
		kl_put_nil(w, key);
}

static void put_silence(struct kl_writer *w, const struct kl_lm3_silence *s)
{
	kl_write_map(w, KL_LM3_SUPPLIER_KEYS + 5);
	kl_put_lm3_supplier(w, &s->line);
	kl_put_said(w, "contact", s->line.contact);
	kl_put_said(w, "email", s->line.email);
	kl_put_double(w, "adds_share", s->share);
	kl_put_double(w, "answered_share", s->answered_share);
	put_day(w, "asked", s->line.asked_at);
}

static void put_sums(struct kl_writer *w, const struct kl_lm3_silent *s)
{
	bool green = s->result.rating == KL_LM3_GREEN;

	kl_put_lm3_confidence(w, &s->result);
	kl_put_int(w, "supply_chain_pence", s->result.supply_value);
	kl_put_uint(w, "silent", s->silent);
	kl_put_int(w, "silent_pence", s->silent_value);
	kl_put_uint(w, "asked", s->asked);
	if (green || s->to_green)
		kl_put_uint(w, "answers_to_green", s->to_green);
	else
		kl_put_nil(w, "answers_to_green");
}

static int answer(const struct kl_lm3_work *work, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	struct kl_lm3_silent *s;
	int rc = kl_lm3_find_silent(work->sum, work->most, false, &ask->fault, &s);

	if (rc)
		return rc;
	kl_write_map(w, KL_LM3_HEAD_KEYS + 7);
	kl_put_lm3_head(w, work->node, &work->project, work->in_use);
	put_sums(w, s);
	kl_put_array(w, "suppliers", s->count);
	for (size_t i = 0; i < s->count; i++)
		put_silence(w, &s->list[i]);
	free(s);
	return KL_OK;
}

int kl_cmd_lm3_silent(void *data, struct kl_ask *ask)
{
	return kl_lm3_work_list(data, ask, SHOWN_MAX, SHOWN, answer);
}

/* ---- the survey ---------------------------------------------------------------------------- */

struct sending {
	struct kl_lm3_work *work;
	struct kl_lm3_silent *silent;
	struct kl_part part;
	size_t next;
};

static void end_sending(struct sending *s)
{
	kl_lm3_work_destroy(s->work);
	free(s->silent);
	kl_part_deinit(&s->part);
	free(s);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	end_sending(data);
}

static void write_row(struct kl_writer *w, const struct kl_lm3_line *line)
{
	kl_write_array(w, 4);
	kl_write_text(w, line->name);
	kl_write_maybe_text(w, line->contact);
	kl_write_maybe_text(w, line->email);
	kl_write_int(w, line->net);
}

static int answer_survey(const struct sending *s, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;

	kl_write_map(w, KL_LM3_HEAD_KEYS + 8);
	kl_put_lm3_head(w, s->work->node, &s->work->project, s->work->in_use);
	kl_put_text(w, "member", s->work->node->home.identity.name);
	kl_put_uint(w, "listed", s->silent->count);
	put_sums(w, s->silent);
	return kl_ask_answer(ask);
}

static int send_part(struct kl_ask *ask, struct sending *s)
{
	struct kl_bytes bytes;
	int rc = kl_part_bytes(&s->part, &bytes);

	if (rc)
		return rc;
	kl_write_raw(&ask->out, bytes);
	rc = kl_part_next(&s->part);
	return rc ? rc : kl_ask_part(ask);
}

/* The next part, or after the last one the answer. */
static int send_on(struct kl_ask *ask, void *data)
{
	struct sending *s = data;
	bool full = false;
	int rc = KL_OK;

	while (s->next < s->silent->count) {
		write_row(kl_part_row(&s->part), &s->silent->list[s->next++].line);
		rc = kl_part_end_row(&s->part, &full);
		if (rc)
			return rc;
		if (full)
			return send_part(ask, s);
	}
	if (s->part.count)
		return send_part(ask, s);
	rc = answer_survey(s, ask);
	end_sending(s);
	return rc;
}

static int too_many(const struct kl_lm3_silent *silent, uint64_t most, struct kl_ask *ask)
{
	if (silent->count < LETTERS_MAX || most < LETTERS_MAX || silent->silent <= LETTERS_MAX)
		return KL_OK;
	kl_fault(&ask->fault, KL_E_TOO_BIG,
		"%zu suppliers are silent; %d letters are the most at once", silent->silent,
		LETTERS_MAX);
	return kl_fault_hint(&ask->fault,
		"--top 200 writes to the largest; lm3 silent says how many "
		"answers make the score green");
}

static int start_sending(struct kl_lm3_work *work, struct kl_ask *ask)
{
	static const struct kl_ask_hooks hooks = {.more = send_on, .abort = aborted};
	const struct wishes *wishes = work->wishes;
	struct sending *s = calloc(1, sizeof *s);
	int rc;

	if (!s) {
		kl_lm3_work_destroy(work);
		return KL_E_NOMEM;
	}
	s->work = work;
	kl_part_init(&s->part);
	rc = kl_lm3_find_silent(work->sum, work->most, !wishes->again, &ask->fault, &s->silent);
	if (!rc)
		rc = too_many(s->silent, work->most, ask);
	if (rc) {
		end_sending(s);
		return rc;
	}
	(void)kl_ask_later(ask, &hooks, s);
	rc = send_on(ask, s);
	return rc ? rc : KL_ROWS_GO_ON;
}

static int read_wishes(struct kl_ask *ask, struct kl_lm3_work *work)
{
	struct wishes *wishes = calloc(1, sizeof *wishes);
	int rc = wishes ? kl_ask_number(ask, "top", LETTERS_MAX, LETTERS_MAX, &work->most)
			: KL_E_NOMEM;

	work->wishes = wishes;
	if (!rc && kl_get_bool_or(&ask->args, "again", false, &wishes->again))
		rc = kl_fault(&ask->fault, KL_E_USAGE, "again: expected yes or no");
	return rc;
}

int kl_cmd_lm3_survey(void *data, struct kl_ask *ask)
{
	struct kl_lm3_work *work;
	int rc = kl_lm3_work_new(data, ask, KL_LM3_LEDGER_ONLY, &work);

	if (rc)
		return rc;
	rc = read_wishes(ask, work);
	if (!rc)
		return kl_lm3_work_then(work, ask, start_sending);
	kl_lm3_work_destroy(work);
	return rc;
}
