#include "daemon/lm3_answer.h"
#include "daemon/ask_args.h"
#include "daemon/reference.h"

void kl_put_lm3_amounts(struct kl_writer *w, const char *key, const struct kl_lm3_amounts *a)
{
	kl_put_map(w, key, 3);
	kl_put_int(w, "low", a->low);
	if (a->has_central)
		kl_put_int(w, "central", a->central);
	else
		kl_put_nil(w, "central");
	kl_put_int(w, "high", a->high);
}

void kl_put_lm3_shares(struct kl_writer *w, const char *key, const struct kl_lm3_shares *s)
{
	kl_put_map(w, key, 3);
	kl_put_double(w, "low", s->low);
	if (s->has_central)
		kl_put_double(w, "central", s->central);
	else
		kl_put_nil(w, "central");
	kl_put_double(w, "high", s->high);
}

void kl_put_lm3_thousandths(struct kl_writer *w, const char *key, const struct kl_lm3_amounts *a)
{
	const struct kl_lm3_shares s = {(double)a->low / 1000, (double)a->central / 1000,
		(double)a->high / 1000, a->has_central};

	kl_put_lm3_shares(w, key, &s);
}

void kl_put_lm3_head(
	struct kl_writer *w, struct kl_node *node, const struct kl_lm3_project *p, bool in_use)
{
	kl_put_text(w, "project", kl_lm3_project_name(p));
	kl_put_text(w, "basis", kl_lm3_basis_name(kl_lm3_project_basis(p)));
	kl_put_area(w, node, kl_lm3_project_area(p));
	kl_put_period(w, "period", kl_lm3_project_period(p));
	kl_put_bool(w, "in_use", in_use);
	kl_put_bool(w, "recorded", p->is_record);
}

void kl_put_lm3_supplier(struct kl_writer *w, const struct kl_lm3_line *line)
{
	kl_put_text(w, "supplier", line->name);
	kl_put_int(w, "spend_pence", line->net);
	kl_put_text(w, "where", kl_where_name(line->where));
	kl_put_text(w, "sector", kl_sector_name(line->sector));
	if (line->answered)
		kl_put_double(w, "respent", line->respent);
	else
		kl_put_nil(w, "respent");
}

void kl_put_lm3_local(struct kl_writer *w, const struct kl_lm3_result *r)
{
	if (r->has_suppliers)
		kl_put_lm3_shares(w, "local_supplier_share", &r->local_supplier);
	else
		kl_put_nil(w, "local_supplier_share");
	if (r->has_payroll)
		kl_put_double(w, "local_payroll_share", r->local_payroll);
	else
		kl_put_nil(w, "local_payroll_share");
}

void kl_put_lm3_confidence(struct kl_writer *w, const struct kl_lm3_result *r)
{
	kl_put_map(w, "confidence", KL_LM3_CONFIDENCE_KEYS);
	kl_put_double(w, "answered_share", r->answered_share);
	kl_put_text(w, "rating", kl_lm3_rating_name(r->rating));
	kl_put_text(w, "caveat", kl_lm3_caveat(r));
}

void kl_put_lm3_recorded_confidence(struct kl_writer *w, const struct kl_lm3_record *record)
{
	kl_put_map(w, "confidence", KL_LM3_CONFIDENCE_KEYS);
	kl_put_nil(w, "answered_share");
	kl_put_text(w, "rating", kl_lm3_rating_name(record->rating));
	kl_put_nil(w, "caveat");
}

void kl_put_lm3_proxies(struct kl_writer *w, double local, double elsewhere)
{
	kl_put_map(w, "proxies", 2);
	kl_put_double(w, "local", local);
	kl_put_double(w, "elsewhere", elsewhere);
}

void kl_put_lm3_warnings(struct kl_writer *w, const struct kl_lm3_result *r)
{
	kl_put_array(w, "warnings", r->warning_count);
	for (unsigned i = 0; i < r->warning_count; i++)
		kl_write_text(w, r->warnings[i]);
}

/* Rules that no publication states; shown with every range that rests on them. */
static const char *const our_rules[] = {
	"low: suppliers who did not answer spend nothing again locally, and suppliers of unknown "
	"place "
	"are elsewhere",
	"central: suppliers who did not answer do as those who did, local and elsewhere apart; "
	"unknown "
	"places split as the known ones",
	"high: suppliers who did not answer spend everything again locally, and suppliers of "
	"unknown "
	"place are local",
	"green from half of the supply chain's value answered, amber from a quarter, red below",
};

static const char caveat_rule[] =
	"a caveat beside the colour if more than half of the income stands in no line: the colour "
	"tells of suppliers only";

void kl_put_lm3_rules(struct kl_writer *w, const struct kl_lm3_result *r)
{
	size_t count = r->has_suppliers ? sizeof our_rules / sizeof *our_rules : 0;
	bool caveat = kl_lm3_caveat(r);

	kl_put_array(w, "our_rules", count + caveat);
	for (size_t i = 0; i < count; i++)
		kl_write_text(w, our_rules[i]);
	if (caveat)
		kl_write_text(w, caveat_rule);
}

void kl_put_lm3_barred(struct kl_writer *w, const struct kl_lm3_project *p,
	enum kl_lm3_rating rating, const struct kl_lm3_shares *lm3)
{
	const char *why = kl_lm3_barred(rating, lm3->has_central, kl_lm3_project_area(p),
		kl_lm3_project_basis(p), kl_lm3_project_period(p));

	if (!why && lm3->central * 1000 > KL_LM3_THOUSANDTHS_MAX + 0.5)
		why = "a score above 3.00 cannot be: more was spent than the income studied";
	kl_put_text(w, "barred", why);
}
