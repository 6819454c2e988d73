#include "daemon/figures.h"
#include "daemon/ask_args.h"
#include "daemon/metric_words.h"

#include <string.h>

int kl_figure_metric(struct kl_ask *ask, struct kl_metric *ret_metric)
{
	char text[KL_METRIC_NAME_MAX];
	int rc = kl_ask_needed(ask, "metric", "which metric?", text, sizeof text);

	return rc ? rc : kl_metric_find(text, ret_metric, &ask->fault);
}

int kl_figure_period(
	struct kl_ask *ask, const struct kl_metric *metric, struct kl_period *ret_period)
{
	return kl_ask_metric_period(ask, metric, ret_period);
}

const struct kl_member_figure *kl_figure_of(const struct kl_network *network,
	const struct kl_id *member, const char *metric, struct kl_period period)
{
	const struct kl_member *m = kl_members_find(&network->members, member);

	for (size_t i = 0; m && i < m->n_figures; i++)
		if (!m->figures[i].withdrawn && !strcmp(m->figures[i].figure.metric, metric) &&
			kl_period_equal(m->figures[i].figure.period, period))
			return &m->figures[i];
	return NULL;
}

void kl_put_figure(struct kl_writer *w, const char *member, const struct kl_metric *metric,
	const struct kl_figure *f)
{
	char text[KL_BIN_WORDS_MAX];

	kl_write_map(w, 10);
	kl_put_text(w, "member", member);
	kl_put_text(w, "metric", metric->code);
	kl_put_text(w, "name", metric->name);
	kl_put_text(w, "unit", kl_unit_name(metric->unit));
	kl_put_text(w, "period", kl_period_format(f->period, text));
	kl_put_scaled(w, "value", f->value, metric->scale);
	kl_put_text(w, "shown", kl_value_words(metric, f->value, text));
	kl_put_said(w, "method", f->method);
	kl_put_said(w, "confidence", f->confidence);
	kl_put_said(w, "source", f->source);
}
