/* lm3 duplicates: suppliers of a project that are probably one. */
#include "core/lm3_duplicates.h"
#include "daemon/commands.h"
#include "daemon/lm3_answer.h"
#include "daemon/lm3_work.h"

#include <stdlib.h>

enum { SHOWN = 50, SHOWN_MAX = 200 };

static void put_one(struct kl_writer *w, const struct kl_lm3_duplicate *d)
{
	kl_write_map(w, 5);
	kl_put_text(w, "supplier", d->line.name);
	kl_put_text(w, "other", d->other);
	kl_put_bool(w, "counted_apart", d->apart);
	kl_put_int(w, "spend_pence", d->line.net);
	if (d->apart)
		kl_put_int(w, "other_spend_pence", d->other_line.net);
	else
		kl_put_nil(w, "other_spend_pence");
}

static int answer(const struct kl_lm3_work *work, struct kl_ask *ask)
{
	struct kl_writer *w = &ask->out;
	struct kl_lm3_duplicates *d;
	int rc = kl_lm3_find_duplicates(work->sum, work->most, &d);

	if (rc)
		return rc;
	kl_write_map(w, KL_LM3_HEAD_KEYS + 3);
	kl_put_lm3_head(w, work->node, &work->project, work->in_use);
	kl_put_uint(w, "counted_apart", d->apart);
	kl_put_uint(w, "counted_as_one", d->merged);
	kl_put_array(w, "duplicates", d->count);
	for (size_t i = 0; i < d->count; i++)
		put_one(w, &d->list[i]);
	free(d);
	return KL_OK;
}

int kl_cmd_lm3_duplicates(void *data, struct kl_ask *ask)
{
	return kl_lm3_work_list(data, ask, SHOWN_MAX, SHOWN, answer);
}
