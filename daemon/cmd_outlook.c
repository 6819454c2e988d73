/* outlook: which figures this member has, what is open, and what to do next. */
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/enabled_answer.h"
#include "daemon/next_steps.h"
#include "daemon/spend_answer.h"

static void put_assessment(struct kl_writer *w, const struct kl_outlook *s)
{
	if (!s->assessment.any) {
		kl_put_nil(w, "assessment");
		return;
	}
	kl_put_map(w, "assessment", 4);
	kl_put_period(w, "period", s->assessment.period);
	kl_put_uint(w, "scored", s->assessment.scored);
	kl_put_uint(w, "of", KL_CHARACTERISTICS);
	kl_put_uint(w, "assessors", s->assessment.assessors);
}

static void put_score(struct kl_writer *w, const struct kl_outlook *s)
{
	if (!s->lm3.any) {
		kl_put_nil(w, "lm3");
		return;
	}
	kl_put_map(w, "lm3", 3);
	kl_put_double(w, "low", s->lm3.low);
	if (s->lm3.has_central)
		kl_put_double(w, "central", s->lm3.central);
	else
		kl_put_nil(w, "central");
	kl_put_double(w, "high", s->lm3.high);
}

static void put_lm3(struct kl_writer *w, const struct kl_outlook *s)
{
	if (!s->lm3.projects) {
		kl_put_nil(w, "lm3");
		return;
	}
	kl_put_map(w, "lm3", 7);
	kl_put_text(w, "project", s->lm3.name);
	kl_put_uint(w, "projects", s->lm3.projects);
	kl_put_period(w, "period", s->lm3.period);
	kl_put_bool(w, "recorded", s->lm3.recorded);
	put_score(w, s);
	kl_put_text(w, "rating", s->lm3.any ? kl_lm3_rating_name(s->lm3.rating) : NULL);
	kl_put_text(w, "caveat", s->lm3.caveat);
}

static void put_spend(struct kl_writer *w, const struct kl_outlook *s)
{
	if (!s->spend.files) {
		kl_put_nil(w, "spend");
		return;
	}
	kl_put_map(w, "spend", 5);
	kl_put_uint(w, "files", s->spend.files);
	kl_put_uint(w, "payments", s->spend.payments);
	kl_put_int(w, "total_pence", s->spend.pence);
	kl_put_day(w, "first_day", s->spend.has_days, s->spend.first);
	kl_put_day(w, "last_day", s->spend.has_days, s->spend.last);
}

static void put_enabled(struct kl_writer *w, const struct kl_outlook *s)
{
	if (!s->enabled.any) {
		kl_put_nil(w, "enabled");
		return;
	}
	kl_put_map(w, "enabled", 6);
	kl_put_period(w, "period", s->enabled.period);
	kl_put_bool(w, "recorded", s->enabled.recorded);
	if (s->enabled.recorded)
		kl_put_nil(w, "tenants");
	else
		kl_put_uint(w, "tenants", s->enabled.total.tenants);
	if (s->enabled.recorded)
		kl_put_enabled_record(w, &s->enabled.record);
	else
		kl_put_enabled_total(w, &s->enabled.total);
	kl_put_uint(w, "missing", s->enabled.missing);
}

static void put_next(struct kl_writer *w, const struct kl_outlook *s)
{
	struct kl_next_step steps[KL_NEXT_SHOWN];
	size_t n = kl_next_steps(s, steps);

	kl_put_array(w, "next", n);
	for (size_t i = 0; i < n; i++) {
		kl_write_map(w, 2);
		kl_put_text(w, "command", steps[i].command);
		kl_put_text(w, "why", steps[i].why);
	}
}

int kl_cmd_outlook(void *data, struct kl_ask *ask)
{
	struct kl_node *node = data;
	const struct kl_network *network = node->network;
	struct kl_writer *w = &ask->out;
	struct kl_outlook s;
	int rc = kl_outlook_look(node, true, &s, &ask->fault);

	if (rc)
		return rc;
	kl_write_map(w, 14);
	kl_put_text(w, "name", node->home.identity.name);
	kl_put_text(w, "kind", kl_member_kind_name(s.kind));
	kl_put_text(w, "network", network && network->roster.name[0] ? network->roster.name : NULL);
	kl_put_text(w, "state", kl_outlook_state(network));
	kl_put_uint(w, "members", s.members);
	put_assessment(w, &s);
	put_lm3(w, &s);
	put_spend(w, &s);
	put_enabled(w, &s);
	kl_put_uint(w, "indicators", s.observations);
	kl_put_map(w, "tallies", 3);
	kl_put_uint(w, "open", s.tallies_open);
	kl_put_uint(w, "deciding", s.tallies_deciding);
	kl_put_uint(w, "waiting", s.tallies_waiting);
	kl_put_duty(w, &s);
	kl_put_map(w, "inbox", 2);
	kl_put_uint(w, "answers", s.inbox_answers);
	kl_put_uint(w, "others", s.inbox_others);
	put_next(w, &s);
	return kl_ask_answer(ask);
}
